//! Two states of a repo: which ones somebody means, the files of the newer one, and what those that differ said in the
//! older one.
//!
//! Invariant: a comparison that cannot be made is an error with what to type, never an empty difference: "nothing changed"
//! is only said where both sides were there and were not the same commit.

mod base;
mod commits;
mod error;
mod revision;
mod snapshot;

pub use base::Base;
pub use commits::Commits;
pub use error::CompareError;

pub(super) use snapshot::Snapshot;

use std::path::{Path, PathBuf};

use git2::{ErrorClass, ErrorCode, Index, Oid, Repository};

use super::git::Git;
use revision::Revisions;

/// What is to be compared with what.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Compare {
    /// The work tree, with the merge base of this revision and `HEAD`.
    Since(String),
    /// `A..B`: what B says, with what A says; `A...B`: with what their merge base says.
    Range(String),
    /// What the index says, with what `HEAD` says.
    Staged {
        /// The index, where it is not the repository's own: git makes another one for `git commit -a`.
        index: Option<PathBuf>,
    },
}

/// The two sides of a comparison.
#[derive(Clone, Debug)]
pub(super) struct Sides {
    /// How the older one is called.
    name: String,
    /// Its commit; none before the first one.
    base: Option<Oid>,
    /// The commit that was named: what leads to it is no part of the change, whichever way histories were merged.
    named: Option<Oid>,
    newer: Newer,
}

#[derive(Clone, PartialEq, Eq, Debug)]
enum Newer {
    WorkTree { head: Oid },
    Index(PathBuf),
    Commit(Oid),
}

impl Sides {
    /// Finds the sides of `compare`.
    pub(super) fn find(git: &Git, compare: &Compare) -> Result<Sides, CompareError> {
        let repository = open(git.top())?;
        let revisions = Revisions { repository: &repository };
        match compare {
            Compare::Since(name) => {
                let head = revisions.head()?.ok_or(CompareError::NoCommits)?;
                let named = revisions.commit(name)?;
                let base = revisions.merge_base(named, head, name, "HEAD")?;
                let found = if base == named { "" } else { "merge base " };
                let name = format!("`{name}` ({found}{})", short(base));
                let newer = Newer::WorkTree { head };
                Ok(Sides { name, base: Some(base), named: Some(named), newer })
            }
            Compare::Range(range) => revisions.range(range),
            Compare::Staged { index } => {
                let base = revisions.head()?;
                let name = match base {
                    Some(base) => format!("`HEAD` ({})", short(base)),
                    None => "nothing: there is no commit yet".to_owned(),
                };
                let index = index.clone().unwrap_or_else(|| git.index_file());
                Ok(Sides { name, base, named: base, newer: Newer::Index(index) })
            }
        }
    }

    /// The files of the newer side, where they are not those on the disk.
    pub(super) fn snapshot(&self, git: &Git) -> Result<Option<Snapshot>, CompareError> {
        match &self.newer {
            Newer::WorkTree { .. } => Ok(None),
            Newer::Index(path) => Snapshot::of_index(git, &index(path)?).map(Some),
            Newer::Commit(commit) => Snapshot::of_commit(git, *commit).map(Some),
        }
    }

    /// The commits that decide what is compared.
    pub(super) fn tips(&self) -> Vec<Oid> {
        let newer = match self.newer {
            Newer::WorkTree { head } => Some(head),
            Newer::Index(_) => None,
            Newer::Commit(commit) => Some(commit),
        };
        [self.base, self.named, newer].into_iter().flatten().collect()
    }

    /// The commit under check, where it is not the one that is checked out.
    pub(super) fn commit(&self) -> Option<Oid> {
        match self.newer {
            Newer::Commit(commit) => Some(commit),
            Newer::WorkTree { .. } | Newer::Index(_) => None,
        }
    }
}

/// Opens the repository with the work tree `top`.
fn open(top: &Path) -> Result<Repository, CompareError> {
    Repository::open(top).map_err(|error| {
        if error.code() == ErrorCode::Owner
            || (error.class() == ErrorClass::Config && error.message().contains("owned by"))
        {
            return CompareError::Owner { path: top.to_owned() };
        }
        CompareError::git(&error)
    })
}

fn index(path: &Path) -> Result<Index, CompareError> {
    let index = Index::open(path).map_err(|error| CompareError::git(&error))?;
    let conflict = index.iter().find(|entry| (entry.flags >> STAGE_SHIFT) & STAGE_MASK != 0);
    match conflict {
        Some(entry) => {
            Err(CompareError::Conflict { path: String::from_utf8_lossy(&entry.path).into_owned() })
        }
        None => Ok(index),
    }
}

/// The two bits of an entry's flags that say which side of a conflict it is.
const STAGE_SHIFT: u16 = 12;
const STAGE_MASK: u16 = 0b11;

/// The first characters of a commit's name.
fn short(commit: Oid) -> String {
    let mut name = commit.to_string();
    name.truncate(10);
    name
}
