//! The files that are generated, on their way to the disk.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use git2::{Index, IndexEntry, IndexTime, Oid};

/// A directory to fill.
pub(super) struct Tree {
    root: PathBuf,
    paths: Vec<String>,
}

/// The mode of a regular file in git's index.
const REGULAR: u32 = 0o100_644;

impl Tree {
    /// An empty directory at `root`: what was there is removed.
    pub(super) fn new(root: &Path) -> io::Result<Tree> {
        if root.exists() {
            fs::remove_dir_all(root)?;
        }
        fs::create_dir_all(root)?;
        Ok(Tree { root: root.to_owned(), paths: Vec::new() })
    }

    /// Adds a file; `path` is relative and has slashes.
    pub(super) fn add(&mut self, path: String, content: impl AsRef<[u8]>) -> io::Result<()> {
        let at = self.root.join(&path);
        if let Some(directory) = at.parent() {
            fs::create_dir_all(directory)?;
        }
        fs::write(at, content)?;
        self.paths.push(path);
        Ok(())
    }

    /// Makes the directory a git work tree that tracks every file. Only the index is written: nobody asks for the objects.
    pub(super) fn track(self) -> io::Result<()> {
        let git = self.root.join(".git");
        fs::create_dir_all(git.join("info"))?;
        fs::write(git.join("HEAD"), "ref: refs/heads/main\n")?;
        let written = Index::open(&git.join("index")).and_then(|mut index| {
            for path in self.paths {
                index.add(&entry(path))?;
            }
            index.write()
        });
        written.map_err(io::Error::other)
    }
}

fn entry(path: String) -> IndexEntry {
    IndexEntry {
        ctime: IndexTime::new(0, 0),
        mtime: IndexTime::new(0, 0),
        dev: 0,
        ino: 0,
        mode: REGULAR,
        uid: 0,
        gid: 0,
        file_size: 0,
        id: Oid::ZERO_SHA1,
        flags: 0,
        flags_extended: 0,
        path: path.into_bytes(),
    }
}
