//! Which files there are: one walk over the directories, which asks git about each entry.
//!
//! What is listed is a regular file that the walk has met: nothing tracked but deleted, nothing behind a symbolic link.
//! Links are listed for themselves, with what they say.

use std::{path::Path, sync::Arc};

use globset::GlobSet;
use rayon::prelude::*;

use super::{
    disk::{self, Kind},
    git::{self, Git},
    ignores::Level,
    paths,
};
use crate::text::{dir_of, name_of};

/// The files of a workspace.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Listing {
    /// Paths relative to the root, with `/`, sorted.
    pub files: Vec<Box<str>>,
    /// The symbolic links, sorted by path.
    pub links: Vec<Link>,
    /// Directories that could not be looked into, sorted by path: files may be missing.
    pub unreadable: Vec<UnreadableDirectory>,
}

/// A symbolic link. What it leads to is not read: that may be outside the root, or not there.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Link {
    /// Relative to the root, with `/`.
    pub path: Box<str>,
    /// What it says, as it is written.
    pub target: Box<str>,
    /// Whether it is known to lead to nothing: in the work tree, where it would lead to a place inside the root.
    pub is_dangling: bool,
}

impl Link {
    /// The link at `path` that says `target`, of which nobody knows whether it leads somewhere.
    pub fn new(path: impl Into<Box<str>>, target: impl Into<Box<str>>) -> Link {
        Link { path: path.into(), target: target.into(), is_dangling: false }
    }
}

/// What was found in one directory.
#[derive(Default)]
struct Look {
    files: Vec<Box<str>>,
    links: Vec<Link>,
    directories: Vec<Pending>,
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

/// A directory to look into.
struct Pending {
    /// Relative to the root.
    path: String,
    /// The ignore rules in the directory that holds it.
    above: Option<Arc<Level>>,
}

/// Why a walk from the root does not get somewhere.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Unseen {
    /// Configuration leaves it out.
    Excluded,
    /// Git ignores it, or it belongs to another repository; and nothing in it is tracked.
    Ignored,
    /// Tools put it there and nobody reviews it.
    Copy,
}

/// What tools put there and no one reviews. Left out everywhere, tracked or not, so that a clone and an export of a
/// commit have the same files.
pub const CACHES: [&str; 5] =
    [".git", ".terraform", ".terragrunt-cache", ".terragrunt-stack", "node_modules"];

/// Whether the file at `path` is in a directory that is left out.
pub(super) fn is_cached(path: &str) -> bool {
    paths::parents(path).any(|directory| CACHES.contains(&name_of(directory)))
        || name_of(path) == ".git"
}

/// A walk through a root.
#[derive(Clone, Copy)]
pub(super) struct Walk<'a> {
    pub(super) root: &'a Path,
    pub(super) git: Option<&'a Git>,
    pub(super) excluded: &'a GlobSet,
}

impl Walk<'_> {
    /// The files in `directory` (relative to the root; empty for the root itself).
    ///
    /// All directories of one depth are looked into at the same time; no recursion, however deep they go.
    pub(super) fn list(self, directory: &str, depth: Depth) -> Listing {
        let mut listing = Listing::default();
        let mut pending = match self.level_above(directory) {
            Ok(above) => vec![Pending { path: directory.to_owned(), above }],
            Err(_) => Vec::new(),
        };
        while !pending.is_empty() {
            let looks: Vec<_> =
                pending.into_par_iter().map(|pending| self.look_into(pending)).collect();
            pending = Vec::new();
            for look in looks {
                match look {
                    Ok(look) => {
                        listing.files.extend(look.files);
                        listing.links.extend(look.links);
                        pending.extend(look.directories);
                    }
                    Err(unreadable) => listing.unreadable.push(unreadable),
                }
            }
            if depth == Depth::Here {
                break;
            }
        }
        listing.files.sort_unstable();
        listing.links.sort_unstable();
        listing.unreadable.sort_unstable();
        listing
    }

    fn look_into(
        self,
        Pending { path: directory, above }: Pending,
    ) -> Result<Look, UnreadableDirectory> {
        let at = self.root.join(&directory);
        let entries = disk::entries(&at).map_err(|error| UnreadableDirectory {
            path: directory.as_str().into(),
            reason: if directory.contains(char::REPLACEMENT_CHARACTER) {
                "its name is not UTF-8; rename it, or leave it out with `exclude`".to_owned()
            } else {
                disk::reason(&error)
            },
        })?;
        let has_dot_git = entries.iter().any(|(name, _)| name == ".git");
        let level = self.enter(&directory, &at, above.as_ref(), has_dot_git);
        let mut look = Look::default();
        for (name, kind) in entries {
            let path = if directory.is_empty() { name } else { format!("{directory}/{name}") };
            match kind {
                Kind::File if self.sees_file(&path, level.as_deref()) => {
                    look.files.push(path.into());
                }
                Kind::Symlink if self.sees_file(&path, level.as_deref()) => {
                    look.links.extend(self.link(path));
                }
                Kind::Directory if self.hides_directory(&path, level.as_deref()).is_none() => {
                    look.directories.push(Pending { path, above: level.clone() });
                }
                _ => {}
            }
        }
        Ok(look)
    }

    fn link(self, path: String) -> Option<Link> {
        let at = self.root.join(&path);
        let target = disk::link_target(&at)?;
        let leads_to = paths::normalised(&at.parent()?.join(&target));
        let is_dangling = leads_to.starts_with(self.root) && disk::leads_nowhere(&at);
        Some(Link { is_dangling, ..Link::new(path, target) })
    }

    /// The ignore rules in the directory that holds `directory`; there are none outside git.
    fn level_above(self, directory: &str) -> Result<Option<Arc<Level>>, Option<Unseen>> {
        let mut level = None;
        let mut parent = "";
        for path in paths::way(directory) {
            let at = self.root.join(parent);
            level = self.enter(parent, &at, level.as_ref(), disk::kind(&at.join(".git")).is_some());
            if disk::kind(&self.root.join(path)) != Some(Kind::Directory) {
                return Err(None);
            }
            if let Some(why) = self.hides_directory(path, level.as_deref()) {
                return Err(Some(why));
            }
            parent = path;
        }
        Ok(level)
    }

    /// The ignore rules inside `directory`, which `at` is on disk.
    fn enter(
        self,
        directory: &str,
        at: &Path,
        above: Option<&Arc<Level>>,
        has_dot_git: bool,
    ) -> Option<Arc<Level>> {
        let git = self.git?;
        let Some(above) = above else { return Some(Arc::clone(&git.level)) };
        let foreign = has_dot_git && git::is_repository(at);
        Some(above.enter(&git.path_from_top(directory), at, foreign))
    }

    fn sees_file(self, path: &str, level: Option<&Level>) -> bool {
        !self.excluded.is_match(path)
            && name_of(path) != ".git"
            && self.git.zip(level).is_none_or(|(git, level)| {
                git.tracked.contains(path) || !level.ignores(&git.path_from_top(path), false)
            })
    }

    fn hides_directory(self, path: &str, level: Option<&Level>) -> Option<Unseen> {
        let is_ignored = || {
            self.git.zip(level).is_some_and(|(git, level)| {
                !git.tracked.any_below(path) && level.ignores(&git.path_from_top(path), true)
            })
        };
        if CACHES.contains(&name_of(path)) {
            Some(Unseen::Copy)
        } else if self.excluded.is_match(path) {
            Some(Unseen::Excluded)
        } else {
            is_ignored().then_some(Unseen::Ignored)
        }
    }

    /// Why the directory at `path` is not looked into, or the file there not seen; `None` where it is, or there is none.
    pub(super) fn unseen(self, path: &str) -> Option<Unseen> {
        let is_file = disk::kind(&self.root.join(path)) == Some(Kind::File);
        let directory = if is_file { dir_of(path) } else { path };
        let level = match self.level_above(directory) {
            Ok(level) => level,
            Err(why) => return why,
        };
        if !is_file {
            return None;
        }
        let at = self.root.join(directory);
        let level =
            self.enter(directory, &at, level.as_ref(), disk::kind(&at.join(".git")).is_some());
        if self.excluded.is_match(path) {
            return Some(Unseen::Excluded);
        }
        (!self.sees_file(path, level.as_deref())).then_some(Unseen::Ignored)
    }
}
