//! Why two states of a repo cannot be compared.

use std::path::{Path, PathBuf};

use crate::text::typed_path;
use crate::workspace::WorkspaceError;

/// A comparison that cannot be made.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum CompareError {
    /// There is no git repository.
    #[error("there is no git work tree here, so there is nothing to compare with")]
    NotGit,
    /// The repository has no work tree.
    #[error("`{}` is a bare repository: it has no work tree to check", path.display())]
    Bare {
        /// Where it is.
        path: PathBuf,
    },
    /// Git's library refuses a repository that is somebody else's.
    #[error("the repository `{}` belongs to another user, and git does not trust it", path.display())]
    Owner {
        /// Its work tree.
        path: PathBuf,
    },
    /// There is nothing to compare with.
    #[error("there is no commit yet, so there is nothing to compare with")]
    NoCommits,
    /// No name.
    #[error("the commit to compare with has no name")]
    NoName,
    /// A name that means nothing.
    #[error("there is no branch, tag or commit `{name}` in this clone")]
    NoSuch {
        /// As it was typed.
        name: String,
        /// A name that was probably meant.
        near: Option<String>,
        /// Whether the clone is shallow.
        shallow: bool,
    },
    /// A name that means something else than a commit.
    #[error("`{name}` is a {kind}, not a commit")]
    NotACommit {
        /// As it was typed.
        name: String,
        /// What it is.
        kind: &'static str,
    },
    /// Two commits without a common one.
    #[error("`{one}` and `{other}` have no commit in common in this clone")]
    NoMergeBase {
        /// One side, as it was typed.
        one: String,
        /// The other.
        other: String,
        /// Whether the clone is shallow.
        shallow: bool,
    },
    /// The name that a push of a new branch gives to what was before.
    #[error(
        "`{range}` begins or ends with the all-zero commit, which stands for a branch that was not there"
    )]
    ZeroCommit {
        /// As it was typed.
        range: String,
    },
    /// A commit and itself.
    #[error("`{range}` compares commit {commit} with itself: there is nothing to compare")]
    SameCommit {
        /// As it was typed.
        range: String,
        /// The commit.
        commit: String,
    },
    /// A work tree and itself.
    #[error(
        "{name} is the commit that is checked out, and the work tree is the same: there is nothing to compare"
    )]
    NothingNew {
        /// The older side.
        name: String,
    },
    /// No range.
    #[error("`{range}` is no range")]
    NoRange {
        /// As it was typed.
        range: String,
    },
    /// A merge that is not done.
    #[error("`{path}` is in conflict in the index")]
    Conflict {
        /// The path.
        path: String,
    },
    /// An object that the clone lacks.
    #[error("this clone does not have what `{path}` said in commit {commit}")]
    Missing {
        /// The path.
        path: String,
        /// The commit.
        commit: String,
    },
    /// Git does not say which files there are.
    #[error(transparent)]
    Workspace(#[from] WorkspaceError),
    /// Anything else that git says.
    #[error("git cannot compare: {reason}")]
    Git {
        /// Its words.
        reason: String,
    },
}

/// Whether it may be the name of a branch, and no expression that git works out.
fn is_plain(name: &str) -> bool {
    !name.contains(['^', '~', ':', '{', '@', ' '])
}

/// Whether it is the whole name of a commit, as a CI system passes it.
fn is_whole_hash(name: &str) -> bool {
    [40, 64].contains(&name.len()) && name.bytes().all(|byte| byte.is_ascii_hexdigit())
}

const DEEPEN: &str = "this clone is shallow: `git fetch --unshallow`, or `git fetch --deepen=100` until it is there; a CI job \
     asks for the whole history (`fetch-depth: 0`, `GIT_DEPTH: 0`)";

impl CompareError {
    /// Why there is no git work tree around `root`.
    pub(in crate::workspace) fn no_work_tree(root: &Path) -> CompareError {
        match git2::Repository::open_bare(root) {
            Ok(repository) if repository.is_bare() => CompareError::Bare { path: root.to_owned() },
            _ => CompareError::NotGit,
        }
    }

    /// What git's library says, with no more to it.
    pub(super) fn git(error: &git2::Error) -> CompareError {
        CompareError::Git { reason: error.message().to_ascii_lowercase() }
    }

    /// What to type.
    pub fn help(&self) -> Option<String> {
        Some(match self {
            Self::Workspace(error) => return error.help(),
            Self::NotGit => "check a git checkout, or leave the option out".to_owned(),
            Self::Bare { .. } => {
                "check in a clone, or in a work tree of it: `git worktree add DIR`".to_owned()
            }
            Self::Owner { path } => {
                format!("`git config --global --add safe.directory {}`", typed_path(path))
            }
            Self::NoCommits => {
                "make one first; `tautline check --staged` checks what it will hold".to_owned()
            }
            Self::NoName => {
                "name a branch, a tag or a commit; if it is a variable, it is empty".to_owned()
            }
            Self::NoSuch { name, .. } if name.contains("..") => {
                format!("two commits are compared with `--range {name}`")
            }
            Self::NoSuch { near: Some(near), .. } => format!("did you mean `{near}`?"),
            Self::NoSuch { shallow: true, .. } | Self::NoMergeBase { shallow: true, .. } => {
                DEEPEN.to_owned()
            }
            Self::NoSuch { name, .. } if is_whole_hash(name) => {
                format!("the server may still have it, be it on no branch any more: `git fetch origin {name}`")
            }
            Self::NoSuch { name, .. } => match name.split_once('/').filter(|_| is_plain(name)) {
                Some((remote, branch)) => format!(
                    "if it was not fetched: `git fetch {remote} {branch}:refs/remotes/{remote}/{branch}`"
                ),
                None => "`git branch --all` and `git tag` list the names; a commit may have to be fetched"
                    .to_owned(),
            },
            Self::NotACommit { .. } => "name a branch, a tag of a commit, or a commit".to_owned(),
            Self::NoMergeBase { one, other, .. } => format!(
                "compare the two as they are: `--range {one}..{other}`"
            ),
            Self::ZeroCommit { .. } => {
                "of a new branch, check what it adds to the main one: `--since origin/main`".to_owned()
            }
            Self::SameCommit { .. } => {
                "after a push, compare what was there with what is there: `--range BEFORE..AFTER`".to_owned()
            }
            Self::NothingNew { .. } => {
                "after a push to that branch, compare what it changed: `--range BEFORE..AFTER`".to_owned()
            }
            Self::NoRange { range } if !range.is_empty() && !range.contains("..") => format!(
                "write two commits, `{range}..HEAD`; with all that is not committed yet: `--since {range}`"
            ),
            Self::NoRange { .. } => {
                "write two commits, `A..B`; if they are variables, one of them is empty".to_owned()
            }
            Self::Conflict { .. } => "resolve it, and `git add` it".to_owned(),
            Self::Missing { .. } => {
                "a partial clone lacks it: `git fetch --refetch --no-filter`".to_owned()
            }
            Self::Git { .. } => return None,
        })
    }
}
