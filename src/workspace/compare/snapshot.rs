//! The files of a commit or of the index, as the work tree would have them.
//!
//! Invariant: the same files as in a work tree without untracked ones: what a walk leaves out is left out here.

use std::collections::BTreeMap;
use std::ops::Bound;

use git2::{
    Index, IndexEntryExtendedFlag, ObjectType, Oid, Repository, TreeWalkMode, TreeWalkResult,
};
use rayon::prelude::*;

use super::{CompareError, open, short};
use crate::workspace::content::{Content, Skip};
use crate::workspace::disk::MAX_SIZE;
use crate::workspace::git::{FILE_TYPE, Git, REGULAR, SYMLINK};
use crate::workspace::walk::{Depth, is_cached};
use crate::workspace::{DIRECTORY, Link, paths};

/// The files of one state. Paths are relative to the root.
#[derive(Debug, Default)]
pub(in crate::workspace) struct Snapshot {
    files: BTreeMap<Box<str>, Content>,
    /// The symbolic links, sorted by path.
    links: Vec<Link>,
}

const A_LINK: &str = "a symbolic link";

impl Snapshot {
    /// The files of `commit` below the root.
    pub(super) fn of_commit(git: &Git, commit: Oid) -> Result<Snapshot, CompareError> {
        let repository = open(git.top())?;
        let entries = entries_of(&repository, commit, git)?;
        read(git, entries, &short(commit))
    }

    /// The files of `index` below the root.
    pub(super) fn of_index(git: &Git, index: &Index) -> Result<Snapshot, CompareError> {
        let mut entries = Vec::new();
        // `git add --intent-to-add` only says that the file will be added.
        let intended = IndexEntryExtendedFlag::INTENT_TO_ADD.bits();
        for entry in index.iter().filter(|entry| entry.flags_extended & intended == 0) {
            let path = String::from_utf8_lossy(&entry.path).into_owned();
            if let Some(path) = paths::below(&path, &git.prefix) {
                entries.push((path.into(), entry.mode, entry.id));
            }
        }
        read(git, entries, "that is staged")
    }

    /// The paths of the files in `directory`, sorted.
    pub(in crate::workspace) fn list(&self, directory: &str, depth: Depth) -> Vec<Box<str>> {
        let files = self.files.iter();
        let listed =
            files.filter(|(path, content)| !is_link(content) && is_in(path, directory, depth));
        listed.map(|(path, _)| path.clone()).collect()
    }

    /// The symbolic links in `directory`, sorted.
    pub(in crate::workspace) fn links(&self, directory: &str, depth: Depth) -> Vec<Link> {
        let is_wanted = |path: &str| is_in(path, directory, depth);
        self.links.iter().filter(|link| is_wanted(&link.path)).cloned().collect()
    }

    /// What is at `path`.
    pub(in crate::workspace) fn read(&self, path: &str) -> Option<Content> {
        if let Some(content) = self.files.get(path) {
            return Some(content.clone());
        }
        let below = format!("{path}/");
        let from = (Bound::Included(below.as_str()), Bound::Unbounded);
        let (first, _) = self.files.range::<str, _>(from).next()?;
        first.starts_with(&below).then_some(Content::Skipped(Skip::NotAFile(DIRECTORY)))
    }
}

fn is_in(path: &str, directory: &str, depth: Depth) -> bool {
    paths::below(path, directory).is_some_and(|rest| depth == Depth::Below || !rest.contains('/'))
}

fn is_link(content: &Content) -> bool {
    *content == Content::Skipped(Skip::NotAFile(A_LINK))
}

type Entry = (Box<str>, u32, Oid);

/// A path, what is there, and the link that it is.
type Found = (Box<str>, Content, Option<Link>);

/// The entries of `commit` below the root.
fn entries_of(repository: &Repository, commit: Oid, git: &Git) -> Result<Vec<Entry>, CompareError> {
    let wrong = |error: git2::Error| CompareError::git(&error);
    let tree = repository.find_commit(commit).and_then(|commit| commit.tree()).map_err(wrong)?;
    let mut entries = Vec::new();
    let walked = tree.walk(TreeWalkMode::PreOrder, |directory, entry| {
        if entry.kind() == Some(ObjectType::Blob) {
            let name = String::from_utf8_lossy(entry.name_bytes());
            let path = format!("{directory}{name}");
            if let Some(path) = paths::below(&path, &git.prefix) {
                entries.push((path.into(), entry.filemode().cast_unsigned(), entry.id()));
            }
        }
        TreeWalkResult::Ok
    });
    walked.map_err(wrong)?;
    Ok(entries)
}

/// Reads the objects of `entries`; every thread has a repository of its own, because one cannot be shared.
fn read(git: &Git, entries: Vec<Entry>, state: &str) -> Result<Snapshot, CompareError> {
    let read: Result<Vec<Found>, CompareError> = entries
        .into_par_iter()
        .filter(|(path, mode, _)| matches!(mode & FILE_TYPE, REGULAR | SYMLINK) && !is_cached(path))
        .map_init(
            || open(git.top()),
            |repository, (path, mode, id)| {
                let repository = repository.as_ref().map_err(Clone::clone)?;
                let content = blob(repository, &path, id, state)?;
                if mode & FILE_TYPE == SYMLINK {
                    let link = content.text().map(|target| Link::new(path.clone(), target));
                    return Ok((path, Content::Skipped(Skip::NotAFile(A_LINK)), link));
                }
                Ok((path, content, None))
            },
        )
        .collect();
    let mut snapshot = Snapshot::default();
    for (path, content, link) in read? {
        snapshot.files.insert(path, content);
        snapshot.links.extend(link);
    }
    snapshot.links.sort_unstable();
    Ok(snapshot)
}

/// The content of the object `id`, which is the file at `path` in a state that is called so.
pub(super) fn blob(
    repository: &Repository,
    path: &str,
    id: Oid,
    state: &str,
) -> Result<Content, CompareError> {
    let missing = |_| CompareError::Missing { path: path.to_owned(), commit: state.to_owned() };
    let blob = repository.find_blob(id).map_err(missing)?;
    if blob.size() as u64 > MAX_SIZE {
        return Ok(Content::Skipped(Skip::TooLarge));
    }
    Ok(Content::of(path, blob.content().to_vec()))
}
