//! What git knows about a directory: where the repository is, and which files it tracks.
//!
//! The index is opened as a file of its own, not through a repository: neither the user's configuration, nor the owner of
//! the directory, nor an extension that the library does not know can then change or prevent the answer.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::Arc,
};

use git2::{Index, IndexEntry, IndexEntryExtendedFlag, Oid};

use super::{
    WorkspaceError,
    disk::{self, Kind},
    head,
    ignores::Level,
    past::{self, NotShown, Past, Revision},
    paths,
};

/// The repository around a root, as far as the root's files are concerned.
#[derive(Debug)]
pub(super) struct Git {
    /// The root, relative to the top of the work tree, with `/`; empty where they are the same.
    pub(super) prefix: String,
    /// The ignore rules that apply in the root.
    pub(super) level: Arc<Level>,
    pub(super) tracked: Tracked,
    /// The top of the work tree.
    top: PathBuf,
    /// Where the repository keeps what belongs to this work tree alone.
    data: PathBuf,
    /// The commit under check, where it is not the one that is checked out.
    commit: Option<Oid>,
}

/// The paths in the index below the root: relative to it, sorted, symbolic links and submodules left out.
#[derive(Debug)]
pub(super) struct Tracked {
    all: Vec<Box<str>>,
    /// The files that a sparse checkout leaves out of the work tree.
    left_out: Vec<Box<str>>,
}

/// The modes of the index that stand for a regular file are `100644` and `100755`; for a symbolic link it is `120000`.
pub(super) const FILE_TYPE: u32 = 0o170_000;
pub(super) const REGULAR: u32 = 0o100_000;
pub(super) const SYMLINK: u32 = 0o120_000;

impl Git {
    /// The repository that `root` (canonical) belongs to.
    ///
    /// `None` outside git, and where the repository ignores the root and tracks nothing in it: a scratch directory below
    /// somebody's checkout is none of that checkout's business.
    pub(super) fn around(root: &Path) -> Result<Option<Git>, WorkspaceError> {
        let Some((top, git_dir)) = root.ancestors().find_map(|dir| Some((dir, git_dir(dir)?)))
        else {
            return Ok(None);
        };
        let prefix = paths::slashed(root.strip_prefix(top).unwrap_or(Path::new("")));
        let tracked = Tracked::read(&git_dir.join("index"), &prefix)?;
        let repository = Level::repository(common_dir(&git_dir).join("info/exclude"));
        let mut level = repository.enter("", top, false);
        for directory in paths::way(&prefix) {
            level = level.enter(directory, &top.join(directory), false);
        }
        if tracked.all.is_empty() && level.is_shut() {
            return Ok(None);
        }
        let top = top.to_owned();
        Ok(Some(Git { prefix, level, tracked, top, data: git_dir, commit: None }))
    }

    /// The top of the work tree.
    pub(super) fn top(&self) -> &Path {
        &self.top
    }

    /// The file of the index.
    pub(super) fn index_file(&self) -> PathBuf {
        self.data.join("index")
    }

    /// The directories in which something changes where a branch, a tag or `HEAD` comes to mean another commit.
    pub(super) fn reference_directories(&self) -> Vec<PathBuf> {
        let common = common_dir(&self.data);
        let mut waiting = vec![common.join("refs")];
        let mut found = vec![self.data.clone(), common];
        while let Some(directory) = waiting.pop() {
            for (name, kind) in disk::entries(&directory).unwrap_or_default() {
                if kind == Kind::Directory {
                    waiting.push(directory.join(name));
                }
            }
            found.push(directory);
        }
        found
    }

    /// Makes `commit` the one under check.
    pub(super) fn go_to(&mut self, commit: Oid) {
        self.commit = Some(commit);
    }

    /// Whether the history is cut off.
    pub(super) fn is_shallow(&self) -> bool {
        disk::kind(&common_dir(&self.data).join("shallow")).is_some()
    }

    /// The commit under check.
    pub(super) fn commit(&self) -> Option<String> {
        let commit = self.commit.or_else(|| head::resolve(&self.data, &common_dir(&self.data)))?;
        Some(commit.to_string())
    }

    /// When the commit under check was made; see [`head::commit_time`].
    pub(super) fn commit_time(&self) -> Option<i64> {
        let common = common_dir(&self.data);
        head::commit_time(&common, self.commit.or_else(|| head::resolve(&self.data, &common))?)
    }

    /// What the files at `paths` (relative to the root) said `days` before the commit under check. Those of which
    /// the history does not show it are left out.
    pub(super) fn add_past(
        &self,
        days: u32,
        paths: &[Box<str>],
        past: &mut Past,
    ) -> Result<(), NotShown> {
        let common = common_dir(&self.data);
        let objects = head::objects(&common).ok_or(NotShown)?;
        let head = || head::resolve(&self.data, &common);
        let commit = self.commit.or_else(head).ok_or(NotShown)?;
        let tree = past::tree_before(&objects, commit, days)?;
        for path in paths {
            let text = match tree {
                Some(tree) => past::text_in(&objects, tree, &self.path_from_top(path)),
                None => Ok(None),
            };
            if let Ok(text) = text {
                past.add(days, path, text);
            }
        }
        Ok(())
    }

    /// What the files at `paths` (relative to the root) said at the commit under check and before it; see
    /// [`past::revisions`].
    pub(super) fn revisions(
        &self,
        paths: &[String],
    ) -> Result<BTreeMap<String, Vec<Revision>>, NotShown> {
        let common = common_dir(&self.data);
        let objects = head::objects(&common).ok_or(NotShown)?;
        let head = || head::resolve(&self.data, &common);
        let commit = self.commit.or_else(head).ok_or(NotShown)?;
        let from_top: Vec<String> = paths.iter().map(|path| self.path_from_top(path)).collect();
        let mut found = past::revisions(&objects, commit, &from_top)?;
        let own = paths.iter().zip(from_top);
        Ok(own.filter_map(|(path, top)| Some((path.clone(), found.remove(&top)?))).collect())
    }

    /// `path` (relative to the root) relative to the top of the work tree.
    pub(super) fn path_from_top(&self, path: &str) -> String {
        match (self.prefix.as_str(), path) {
            ("", path) => path.to_owned(),
            (prefix, "") => prefix.to_owned(),
            (prefix, path) => format!("{prefix}/{path}"),
        }
    }
}

/// Why no index of such a repository can be read.
pub(super) const LONG_NAMES: &str = "the repository names its objects by SHA-256";

/// Whether the repository with the index at `path` names its objects by SHA-256: git's library knows only SHA-1.
fn has_long_names(path: &Path) -> bool {
    // Tools that keep many clones link it.
    let config = path.with_file_name("config").canonicalize();
    let text = config.and_then(|config| disk::bytes(&config)).ok().flatten().unwrap_or_default();
    let text = String::from_utf8_lossy(&text).to_ascii_lowercase();
    let mut settings = text.lines().filter_map(|line| line.split_once('='));
    settings.any(|(key, value)| key.trim() == "objectformat" && value.trim() == "sha256")
}

impl Tracked {
    fn read(path: &Path, prefix: &str) -> Result<Tracked, WorkspaceError> {
        let index = Index::open(path).map_err(|error| WorkspaceError::GitIndex {
            path: path.to_owned(),
            reason: if has_long_names(path) {
                LONG_NAMES.to_owned()
            } else {
                error.message().to_ascii_lowercase()
            },
        })?;
        let mut tracked = Tracked { all: Vec::new(), left_out: Vec::new() };
        for entry in index.iter() {
            let kind = entry.mode & FILE_TYPE;
            let path = String::from_utf8_lossy(&entry.path);
            if let (REGULAR | SYMLINK, Some(path)) = (kind, paths::below(&path, prefix)) {
                tracked.all.push(path.into());
                if kind == REGULAR && is_left_out(&entry) {
                    tracked.left_out.push(path.into());
                }
            }
        }
        // A path in conflict is there once for each side.
        for paths in [&mut tracked.all, &mut tracked.left_out] {
            paths.sort_unstable();
            paths.dedup();
        }
        Ok(tracked)
    }

    /// The files that a sparse checkout leaves out of the work tree, sorted.
    pub(super) fn left_out(&self) -> &[Box<str>] {
        &self.left_out
    }

    /// Whether the file at `path` is tracked.
    pub(super) fn contains(&self, path: &str) -> bool {
        self.all.binary_search_by(|tracked| (**tracked).cmp(path)).is_ok()
    }

    /// Whether anything in the directory at `path` is tracked.
    pub(super) fn any_below(&self, path: &str) -> bool {
        let directory = format!("{path}/");
        let first = self.all.partition_point(|tracked| **tracked < *directory);
        self.all.get(first).is_some_and(|tracked| tracked.starts_with(&directory))
    }
}

/// Whether a sparse checkout leaves `entry` out of the work tree: nobody has deleted it.
pub(super) fn is_left_out(entry: &IndexEntry) -> bool {
    entry.flags_extended & IndexEntryExtendedFlag::SKIP_WORKTREE.bits() != 0
}

/// Whether the index of the repository that `root` (canonical) belongs to leaves no file out of the work tree, as far as the
/// first bytes of it tell: what says so of a file came with its third version, and git writes the second where it can.
pub(super) fn leaves_nothing_out(root: &Path) -> bool {
    let git_dir = root.ancestors().find_map(git_dir);
    git_dir.is_none_or(|it| disk::first_bytes(&it.join("index")) == Some(*b"DIRC\0\0\0\x02"))
}

/// The nearest directory from `path` upwards that is the top of a git work tree.
pub(super) fn top(path: &Path) -> Option<&Path> {
    path.ancestors().find(|directory| git_dir(directory).is_some())
}

/// Whether `directory`, which has an entry `.git`, is a repository of its own.
pub(super) fn is_repository(directory: &Path) -> bool {
    git_dir(directory).is_some()
}

/// Where the repository of the work tree at `directory` keeps its data: `.git`, or what a file `.git` points to.
fn git_dir(directory: &Path) -> Option<PathBuf> {
    let dot_git = directory.join(".git");
    let git_dir = match disk::kind(&dot_git)? {
        Kind::File => directory.join(disk::git_text(&dot_git)?.strip_prefix("gitdir:")?.trim()),
        Kind::Directory | Kind::Symlink => dot_git,
        Kind::Special => return None,
    };
    disk::kind(&git_dir.join("HEAD")).map(|_| git_dir)
}

/// What the work trees of a repository share.
fn common_dir(git_dir: &Path) -> PathBuf {
    match disk::git_text(&git_dir.join("commondir")) {
        Some(path) => git_dir.join(path.trim()),
        None => git_dir.to_owned(),
    }
}
