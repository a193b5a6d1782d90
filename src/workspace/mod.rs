//! The outside world: disk, git and unsaved buffers. Nothing else reads files, or changes those of a repo.
//!
//! A workspace never follows a symbolic link, and what it lists is decided by the repository alone: a clone and an export
//! of the same commit have the same files, whoever looks.

mod compare;
mod content;
mod disk;
mod error;
mod git;
mod head;
mod hooks;
mod ignores;
mod message;
mod past;
mod paths;
mod replace;
mod root;
mod walk;
mod write;

use std::{
    collections::BTreeMap,
    io,
    path::{Component, Path, PathBuf},
    sync::OnceLock,
};

pub use compare::{Base, Commits, Compare, CompareError};
pub use content::{Content, SealKey, Skip};
pub use error::WorkspaceError;
use globset::GlobSet;
pub use hooks::{HooksDirectory, hooks_directory};
pub use ignores::{Ignores, leave_out};
pub use past::{Earlier, Past, Revision};
use rayon::prelude::*;
pub use replace::{replace, sync_directory};
pub use root::{RootBy, find_root, is_nowhere, root_and_reason};
pub use walk::{CACHES, Link, Listing, UnreadableDirectory, Unseen};
pub use write::WriteError;

use compare::{Sides, Snapshot};
use disk::Kind;
use git::Git;
use walk::{Depth, Walk, is_cached};

use crate::text::dir_of;

/// A root directory, what git says about it, and the buffers that lie over its files.
///
/// What git tracks is read once, when it is first asked for: whoever wants one file need not wait for it. The files are read
/// each time they are asked for.
#[derive(Debug)]
pub struct Workspace {
    root: PathBuf,
    git: OnceLock<Result<Option<Git>, WorkspaceError>>,
    overlays: BTreeMap<Box<str>, String>,
    excluded: GlobSet,
    sides: Option<Sides>,
    /// The files, where they are not those on the disk.
    snapshot: Option<Snapshot>,
}

/// Files that were read.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct FileSet {
    /// Sorted by path.
    pub files: Vec<LoadedFile>,
    /// The symbolic links, sorted by path: of every place that was listed, whichever files were read there.
    pub links: Vec<Link>,
    /// Directories that could not be looked into, sorted by path: files may be missing.
    pub unreadable: Vec<UnreadableDirectory>,
    /// What ignore files say that are not among the files; of a part of the root, nothing.
    pub ignores: Ignores,
}

/// A file and what was found in it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LoadedFile {
    /// Relative to the root, with `/`.
    pub path: Box<str>,
    /// Its text, or why there is none.
    pub content: Content,
}

impl FileSet {
    /// Whether a sparse checkout leaves files out: what they say is not known.
    pub fn is_sparse(&self) -> bool {
        self.files.iter().any(|file| file.content == Content::Skipped(Skip::LeftOut))
    }

    /// Each path with its text, which is empty for what is no text.
    pub fn texts(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files.iter().map(|file| (&*file.path, file.content.text().unwrap_or_default()))
    }

    /// Gives the file at `path` another text; one that was not read stays so.
    pub fn set_text(&mut self, path: &str, text: String) {
        if let Ok(at) = self.files.binary_search_by(|file| (*file.path).cmp(path)) {
            self.files[at].content = Content::Text(text.into());
        }
    }

    /// Lets the link at `path` lead to `target`, whether it is there or not.
    pub fn set_link(&mut self, path: &str, target: &str) {
        match self.links.binary_search_by(|link| (*link.path).cmp(path)) {
            Ok(at) => self.links[at].target = target.into(),
            Err(at) => self.links.insert(at, Link::new(path, target)),
        }
    }
}

/// What a directory is called where a file was asked for.
const DIRECTORY: &str = "a directory";

/// What something of `kind` is called there; `None` for a file.
fn not_a_file(kind: Kind) -> Option<&'static str> {
    match kind {
        Kind::File => None,
        Kind::Directory => Some(DIRECTORY),
        Kind::Symlink => Some("a symbolic link"),
        Kind::Special => Some("a pipe, socket or device"),
    }
}

/// What a comparison is about, as long as no reference is moved.
#[derive(Debug)]
pub struct Tips {
    /// The commits that it compares, or that say which it does.
    pub commits: Vec<String>,
    /// The directories in which something changes when a reference is moved.
    pub directories: Vec<PathBuf>,
}

impl Workspace {
    /// Opens the directory `root`.
    pub fn open(root: PathBuf) -> Result<Workspace, WorkspaceError> {
        let canonical = root::canonical(&root)?;
        if disk::kind(&canonical) != Some(Kind::Directory) {
            return Err(WorkspaceError::NotADirectory { path: root });
        }
        Ok(Workspace {
            root: canonical,
            git: OnceLock::new(),
            overlays: BTreeMap::new(),
            excluded: GlobSet::empty(),
            sides: None,
            snapshot: None,
        })
    }

    /// Opens both sides of a comparison: from now on the files are those of the newer one.
    pub fn compare(&mut self, compare: &Compare) -> Result<(), CompareError> {
        self.git()?;
        let Some(Ok(Some(git))) = self.git.get_mut() else {
            return Err(CompareError::no_work_tree(&self.root));
        };
        let sides = Sides::find(git, compare)?;
        self.snapshot = sides.snapshot(git)?;
        if let Some(commit) = sides.commit() {
            git.go_to(commit);
        }
        self.sides = Some(sides);
        Ok(())
    }

    /// What `compare` is about today; `None` outside git.
    pub fn tips(&self, compare: &Compare) -> Option<Tips> {
        let git = self.readable_git()?;
        // Where it cannot be compared, whoever compares says why.
        let commits = Sides::find(git, compare).map(|sides| sides.tips()).unwrap_or_default();
        let commits = commits.iter().map(ToString::to_string).collect();
        Some(Tips { commits, directories: git.reference_directories() })
    }

    /// What the older side of the comparison says where it differs from `files`, all files of the newer one; none where
    /// nothing is compared.
    pub fn base(&self, files: &FileSet) -> Result<Option<Base>, CompareError> {
        let (Some(git), Some(sides)) = (self.git()?, &self.sides) else { return Ok(None) };
        sides.base(git, files, &|path| !self.is_excluded(path)).map(Some)
    }

    /// The root, without symbolic links in it.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Whether a git repository says which files there are.
    pub fn is_in_git(&self) -> Result<bool, WorkspaceError> {
        Ok(self.git()?.is_some())
    }

    /// The repository around the root, if there is one.
    fn git(&self) -> Result<Option<&Git>, WorkspaceError> {
        let git = self.git.get_or_init(|| Git::around(&self.root));
        git.as_ref().map(Option::as_ref).map_err(Clone::clone)
    }

    /// The same where nothing is to be told of one whose index cannot be read: listing the files does.
    fn readable_git(&self) -> Option<&Git> {
        self.git().ok().flatten()
    }

    /// The root as seen from the top of its git work tree, with `/`; empty where they are the same, and outside git.
    pub fn prefix(&self) -> &str {
        self.readable_git().map_or("", |git| &git.prefix)
    }

    /// Why nothing is there, and what to do, where the root is a bare repository: it has no work tree.
    pub fn bare(&self) -> Option<CompareError> {
        let error = self.readable_git().is_none().then(|| CompareError::no_work_tree(&self.root));
        error.filter(|it| matches!(it, CompareError::Bare { .. }))
    }

    /// Whether the history is cut off: the repository is a shallow clone.
    pub fn is_shallow(&self) -> bool {
        self.readable_git().is_some_and(Git::is_shallow)
    }

    /// The hash of the commit that is checked out; `None` outside git and before the first commit.
    pub fn commit(&self) -> Option<String> {
        self.readable_git()?.commit()
    }

    /// When the commit that is checked out was made, in seconds since 1970; `None` outside git and before the first commit.
    pub fn commit_time(&self) -> Option<i64> {
        self.readable_git()?.commit_time()
    }

    /// What files said before the commit that is checked out: for each number of days, the files at some paths. What the
    /// history does not show is not in it.
    pub fn past(&self, wanted: &BTreeMap<u32, Vec<Box<str>>>) -> Past {
        let mut past = Past::default();
        if let Some(git) = self.readable_git() {
            for (days, paths) in wanted {
                // What is not shown stays unknown.
                let _ = git.add_past(*days, paths, &mut past);
            }
        }
        past
    }

    /// What the files at `paths` (relative to the root) said at the commit under check and before it, each newest first;
    /// `None` where the history is not there, or is cut off.
    pub fn revisions(&self, paths: &[String]) -> Option<BTreeMap<String, Vec<Revision>>> {
        self.readable_git()?.revisions(paths).ok()
    }

    /// Puts an unsaved buffer over the file at `path` (relative to the root, with `/`), or in the place of one that is not
    /// there yet.
    pub fn overlay(&mut self, path: &str, text: String) {
        self.overlays.insert(path.into(), text);
    }

    /// Leaves out the paths that match, and everything below a directory that does: they are not seen at all.
    pub fn exclude(&mut self, globs: GlobSet) {
        self.excluded = globs;
    }

    /// The paths of all files. Fails only where the root itself cannot be listed.
    pub fn list(&self) -> Result<Listing, WorkspaceError> {
        self.list_in("", Depth::Below)
    }

    /// Whether the file at `path` is among those that [`list`](Self::list) lists.
    pub fn lists(&self, path: &str) -> Result<bool, WorkspaceError> {
        let listing = self.list_in(dir_of(path), Depth::Here)?;
        Ok(listing.files.binary_search_by(|known| (**known).cmp(path)).is_ok())
    }

    /// Why nothing is seen at `path` (relative to the root) in the work tree; `None` where something would be.
    pub fn unseen(&self, path: &str) -> Option<Unseen> {
        self.walk(self.readable_git()).unseen(path)
    }

    /// Reads all files.
    pub fn load(&self) -> Result<FileSet, WorkspaceError> {
        self.load_only(&|_| true)
    }

    /// Reads the files whose path is `wanted`; the others are not in the set.
    pub fn load_only(
        &self,
        wanted: &(dyn Fn(&str) -> bool + Sync),
    ) -> Result<FileSet, WorkspaceError> {
        let ignores = self.ignores();
        Ok(FileSet { ignores, ..self.read_all(self.list()?, wanted) })
    }

    /// What ignore files say that are no files below the root.
    pub fn ignores(&self) -> Ignores {
        self.readable_git().map(|git| git.level.above()).unwrap_or_default()
    }

    /// Reads the files in `directory` and below it, without a look at the rest of the root.
    ///
    /// They are the files that [`load`](Self::load) has there: none in a directory that it does not look into.
    pub fn load_below(&self, directory: &str) -> Result<FileSet, WorkspaceError> {
        Ok(self.read_all(self.list_in(directory, Depth::Below)?, &|_| true))
    }

    /// Reads the files in `directory`, but not those in its directories.
    pub fn read_dir_files(&self, directory: &str) -> Result<FileSet, WorkspaceError> {
        Ok(self.read_all(self.list_in(directory, Depth::Here)?, &|_| true))
    }

    /// Reads files that [`list`](Self::list) has listed.
    pub fn read_listed(&self, files: Vec<Box<str>>) -> FileSet {
        self.read_all(Listing { files, ..Listing::default() }, &|_| true)
    }

    /// Reads one file, whether or not it is among those listed; `None` where there is nothing, outside the root, and where
    /// configuration excludes it.
    ///
    /// A symbolic link, at the path or on the way to it, is [`Skip::NotAFile`].
    pub fn read(&self, path: &str) -> Option<Content> {
        let inside = Path::new(path).components().all(|part| matches!(part, Component::Normal(_)));
        if !inside || path.is_empty() || self.is_excluded(path) {
            return None;
        }
        if let Some(text) = self.overlays.get(path) {
            return Some(Content::of(path, text.clone().into_bytes()));
        }
        if let Some(snapshot) = &self.snapshot {
            return snapshot.read(path);
        }
        let left_out = || self.is_left_out(path).then_some(Content::Skipped(Skip::LeftOut));
        for directory in paths::parents(path) {
            match disk::kind(&self.root.join(directory)) {
                Some(Kind::Directory) => {}
                Some(Kind::Symlink) => {
                    return Some(Content::Skipped(Skip::NotAFile("behind a symbolic link")));
                }
                Some(Kind::File | Kind::Special) => return None,
                None => return left_out(),
            }
        }
        let Some(kind) = disk::kind(&self.root.join(path)) else { return left_out() };
        Some(match not_a_file(kind) {
            None => self.content(path),
            Some(what) => Content::Skipped(Skip::NotAFile(what)),
        })
    }

    /// Whether `path` is a directory below the root, reached without a symbolic link.
    pub fn is_directory(&self, path: &str) -> bool {
        self.read(path) == Some(Content::Skipped(Skip::NotAFile(DIRECTORY)))
    }

    /// A path that a user gave, relative to the root and with `/`; `None` if it is outside. The root itself is empty.
    ///
    /// A relative path is meant from the working directory. The path need not exist.
    pub fn relative(&self, path: &Path) -> Option<String> {
        let absolute = paths::normalised(&std::path::absolute(path).ok()?);
        if let Ok(inside) = absolute.strip_prefix(&self.root) {
            return Some(paths::slashed(inside));
        }
        // The root has no symbolic links in it, the way to it that the user wrote may.
        let (existing, canonical) =
            absolute.ancestors().find_map(|path| Some((path, path.canonicalize().ok()?)))?;
        let canonical = canonical.join(absolute.strip_prefix(existing).ok()?);
        Some(paths::slashed(canonical.strip_prefix(&self.root).ok()?))
    }

    fn walk<'w>(&'w self, git: Option<&'w Git>) -> Walk<'w> {
        Walk { root: &self.root, git, excluded: &self.excluded }
    }

    fn list_in(&self, directory: &str, depth: Depth) -> Result<Listing, WorkspaceError> {
        if let Some(snapshot) = &self.snapshot {
            let mut files = snapshot.list(directory, depth);
            files.retain(|path| !self.is_excluded(path));
            let mut links = snapshot.links(directory, depth);
            links.retain(|link| !self.is_excluded(&link.path));
            return Ok(Listing { files, links, ..Listing::default() });
        }
        let mut listing = self.walk(self.git()?).list(directory, depth);
        if let Some(root) =
            listing.unreadable.first().filter(|unreadable| unreadable.path.is_empty())
        {
            return Err(WorkspaceError::Unreachable {
                path: self.root.clone(),
                reason: root.reason.clone(),
            });
        }
        let is_here = |path: &str| {
            !self.is_excluded(path)
                && paths::below(path, directory)
                    .is_some_and(|path| depth == Depth::Below || !path.contains('/'))
        };
        // What a sparse checkout leaves out is there, and cannot be read: nobody has taken it away.
        let left_out = self.left_out().iter().filter(|path| !is_cached(path));
        let more = self.overlays.keys().chain(left_out).filter(|path| is_here(path));
        listing.files.extend(more.cloned());
        listing.files.sort_unstable();
        listing.files.dedup();
        Ok(listing)
    }

    fn read_all(&self, listing: Listing, wanted: &(dyn Fn(&str) -> bool + Sync)) -> FileSet {
        let files = listing.files.into_par_iter().filter(|path| wanted(path)).map(|path| {
            let content = match self.overlays.get(&path) {
                Some(text) => Content::of(&path, text.clone().into_bytes()),
                None => self.content(&path),
            };
            LoadedFile { path, content }
        });
        let ignores = Ignores::default();
        FileSet {
            files: files.collect(),
            links: listing.links,
            unreadable: listing.unreadable,
            ignores,
        }
    }

    /// The files that a sparse checkout leaves out of the work tree, sorted.
    fn left_out(&self) -> &[Box<str>] {
        self.readable_git().map_or(&[], |git| git.tracked.left_out())
    }

    /// Whether one of them is at or below `path`.
    pub fn leaves_out(&self, path: &str) -> bool {
        self.left_out().iter().any(|it| **it == *path || paths::below(it, path).is_some())
    }

    /// Whether the file at `path`, which is not on the disk, is one of them.
    fn is_left_out(&self, path: &str) -> bool {
        // Before all else a run looks for settings, which are mostly not there: for that, the index need not be read.
        let may_be = self.git.get().is_some() || !git::leaves_nothing_out(&self.root);
        may_be && self.left_out().binary_search_by(|it| (**it).cmp(path)).is_ok()
    }

    /// The content of what was a regular file a moment ago.
    fn content(&self, path: &str) -> Content {
        if let Some(snapshot) = &self.snapshot {
            return snapshot.read(path).unwrap_or(Content::Skipped(Skip::Vanished));
        }
        let file = self.root.join(path);
        Content::Skipped(match disk::bytes(&file) {
            Ok(Some(bytes)) => return Content::of(path, bytes),
            Ok(None) => Skip::TooLarge,
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                match disk::kind(&file).and_then(not_a_file) {
                    Some(what) => Skip::NotAFile(what),
                    None => Skip::Unreadable(disk::reason(&error)),
                }
            }
            Err(_) if path.contains(char::REPLACEMENT_CHARACTER) => {
                Skip::Unreadable("its name is not UTF-8".to_owned())
            }
            Err(_) if self.is_left_out(path) => Skip::LeftOut,
            Err(_) => Skip::Vanished,
        })
    }

    fn is_excluded(&self, path: &str) -> bool {
        paths::way(path).any(|start| self.excluded.is_match(start))
    }
}
