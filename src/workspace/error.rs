//! Why a workspace cannot be opened or listed.

use std::path::PathBuf;

use super::git::LONG_NAMES;
use crate::text::typed_path;

/// The surroundings are broken: nothing can be checked, whatever the files say.
///
/// A single file or directory that cannot be read is not one of these: it is counted and the run goes on.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum WorkspaceError {
    /// There is nothing at the path.
    #[error("`{}` does not exist", path.display())]
    NotFound {
        /// The path as it was given.
        path: PathBuf,
    },
    /// A root has to be a directory.
    #[error("`{}` is not a directory", path.display())]
    NotADirectory {
        /// The path as it was given.
        path: PathBuf,
    },
    /// The operating system does not let us reach the path.
    #[error("`{}` cannot be reached: {reason}", path.display())]
    Unreachable {
        /// The path as it was given.
        path: PathBuf,
        /// What the operating system says.
        reason: String,
    },
    /// Something is about a repository, and there is none.
    #[error("`{}` lies in no git repository", path.display())]
    NoRepository {
        /// The directory.
        path: PathBuf,
    },
    /// Git refuses to work in what somebody else owns.
    #[error("the repository `{}` belongs to another user, and git does not trust it", path.display())]
    Owner {
        /// The directory.
        path: PathBuf,
    },
    /// Without the index nobody knows which files are tracked.
    #[error("the git index `{}` cannot be read: {reason}", path.display())]
    GitIndex {
        /// The index file.
        path: PathBuf,
        /// What git's library says.
        reason: String,
    },
}

impl WorkspaceError {
    /// What to type, where that is clear.
    pub fn help(&self) -> Option<String> {
        let help = match self {
            Self::GitIndex { reason, .. } if reason.contains("extension") => {
                "`git update-index --no-split-index` and `git sparse-checkout reapply --no-sparse-index` \
                 write an index that can be read"
            }
            Self::GitIndex { reason, .. } if reason == LONG_NAMES => {
                "only repositories with SHA-1 names can be read; a copy without `.git` can be checked"
            }
            Self::GitIndex { .. } => {
                "`git status` says more; `git read-tree HEAD` writes the index anew"
            }
            Self::NoRepository { .. } => "go to a checkout, or make one with `git init`",
            Self::NotADirectory { .. } => "name the directory that holds the file",
            Self::Owner { path } => {
                return Some(format!(
                    "`git config --global --add safe.directory {}`",
                    typed_path(path)
                ));
            }
            Self::NotFound { .. } | Self::Unreachable { .. } => return None,
        };
        Some(help.to_owned())
    }
}
