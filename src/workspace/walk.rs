//! Which files there are: one walk over the directories, which asks git about each entry.
//!
//! What is listed is a regular file that the walk has met: nothing tracked but deleted, nothing behind a symbolic link.

use std::{path::Path, sync::Arc};

use globset::GlobSet;
use rayon::prelude::*;

use super::{
    disk::{self, Kind},
    git::{self, Git},
    ignores::Level,
};

/// The files of a workspace.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Listing {
    /// Paths relative to the root, with `/`, sorted.
    pub files: Vec<Box<str>>,
    /// Directories that could not be looked into, sorted by path: files may be missing.
    pub unreadable: Vec<UnreadableDirectory>,
}

/// A directory that the operating system does not let us list.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct UnreadableDirectory {
    /// Relative to the root, with `/`; empty for the root.
    pub path: Box<str>,
    /// What the operating system says.
    pub reason: String,
}

/// How deep a walk goes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Depth {
    Here,
    Below,
}

/// A walk from the root does not get to the directory.
struct Unseen;

/// What tools put there and no one reviews. Left out everywhere, tracked or not, so that a clone and an export of a
/// commit have the same files.
const CACHES: [&str; 4] = [".git", ".terraform", ".terragrunt-cache", "node_modules"];

/// A walk through a root.
#[derive(Clone, Copy)]
pub(super) struct Walk<'a> {
    pub(super) root: &'a Path,
    pub(super) git: Option<&'a Git>,
    pub(super) excluded: &'a GlobSet,
}

impl Walk<'_> {
    /// The files in `directory` (relative to the root; empty for the root itself).
    pub(super) fn list(self, directory: &str, depth: Depth) -> Listing {
        let mut listing = match self.rules_above(directory) {
            Ok(above) => self.directory(directory, above.as_ref(), depth),
            Err(Unseen) => Listing::default(),
        };
        listing.files.par_sort_unstable();
        listing.unreadable.sort_unstable();
        listing
    }

    fn directory(self, directory: &str, above: Option<&Arc<Level>>, depth: Depth) -> Listing {
        let mut listing = Listing::default();
        let at = self.root.join(directory);
        let entries = match disk::entries(&at) {
            Ok(entries) => entries,
            Err(error) => {
                listing.unreadable.push(UnreadableDirectory {
                    path: directory.into(),
                    reason: disk::reason(&error),
                });
                return listing;
            }
        };
        let level =
            self.enter(directory, &at, above, entries.iter().any(|(name, _)| name == ".git"));
        let mut directories = Vec::new();
        for (name, kind) in entries {
            let path = if directory.is_empty() { name } else { format!("{directory}/{name}") };
            match kind {
                Kind::File if self.sees_file(&path, level.as_deref()) => {
                    listing.files.push(path.into());
                }
                Kind::Directory if self.sees_directory(&path, level.as_deref()) => {
                    directories.push(path);
                }
                _ => {}
            }
        }
        if depth == Depth::Here {
            return listing;
        }
        let below =
            directories.into_par_iter().map(|path| self.directory(&path, level.as_ref(), depth));
        below.collect::<Vec<_>>().into_iter().fold(listing, Listing::merge)
    }

    /// The ignore rules in the directory that holds `directory`; there are none outside git.
    fn rules_above(self, directory: &str) -> Result<Option<Arc<Level>>, Unseen> {
        let mut level = self.git.map(|git| Arc::clone(&git.above));
        if directory.is_empty() {
            return Ok(level);
        }
        let mut parent = "";
        for (end, _) in directory.match_indices('/').chain([(directory.len(), "")]) {
            let at = self.root.join(parent);
            level = self.enter(parent, &at, level.as_ref(), disk::kind(&at.join(".git")).is_some());
            let path = &directory[..end];
            let is_directory = disk::kind(&self.root.join(path)) == Some(Kind::Directory);
            if !is_directory || !self.sees_directory(path, level.as_deref()) {
                return Err(Unseen);
            }
            parent = path;
        }
        Ok(level)
    }

    /// The ignore rules inside `directory`.
    fn enter(
        self,
        directory: &str,
        at: &Path,
        above: Option<&Arc<Level>>,
        has_dot_git: bool,
    ) -> Option<Arc<Level>> {
        let foreign = has_dot_git && !directory.is_empty() && git::is_repository(at);
        Some(above?.enter(&self.git?.path_from_top(directory), at, foreign))
    }

    fn sees_file(self, path: &str, level: Option<&Level>) -> bool {
        !self.excluded.is_match(path)
            && name(path) != ".git"
            && self.git.zip(level).is_none_or(|(git, level)| {
                git.tracked.contains(path) || !level.ignores(&git.path_from_top(path), false)
            })
    }

    fn sees_directory(self, path: &str, level: Option<&Level>) -> bool {
        !CACHES.contains(&name(path))
            && !self.excluded.is_match(path)
            && self.git.zip(level).is_none_or(|(git, level)| {
                git.tracked.any_below(path) || !level.ignores(&git.path_from_top(path), true)
            })
    }
}

impl Listing {
    fn merge(mut self, other: Listing) -> Listing {
        self.files.extend(other.files);
        self.unreadable.extend(other.unreadable);
        self
    }
}

fn name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}
