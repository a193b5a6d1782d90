//! The files of a repo as a session has them: each parsed once, and kept until its bytes change.

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;

use crate::analysis::load::Held;
use crate::text::dir_of;
use crate::workspace::{Ignores, Link, LoadedFile, UnreadableDirectory, Workspace, WorkspaceError};

/// So many files are read at a time: their texts are let go of where they say what is known.
const AT_A_TIME: usize = 32;

/// Files by path.
#[derive(Clone, Debug, Default)]
pub(super) struct FileMap {
    files: BTreeMap<Box<str>, Held>,
    /// The symbolic links between them.
    pub(super) links: Arc<[Link]>,
    /// What could not be looked into.
    pub(super) unreadable: Arc<[UnreadableDirectory]>,
    /// What ignore files say that are not among them.
    pub(super) ignores: Arc<Ignores>,
}

impl FileMap {
    /// All files of `workspace`; what says the same as in `known` is not parsed again.
    pub(super) fn read(workspace: &Workspace, known: &FileMap) -> Result<FileMap, WorkspaceError> {
        let listing = workspace.list()?;
        let read: Vec<Vec<(Box<str>, Held)>> = listing
            .files
            .par_chunks(AT_A_TIME)
            .map(|paths| {
                let files = workspace.read_listed(paths.to_vec()).files.into_iter();
                files.map(|file| known.renewed(file)).collect()
            })
            .collect();
        Ok(FileMap {
            files: read.into_iter().flatten().collect(),
            links: listing.links.into(),
            unreadable: listing.unreadable.into(),
            ignores: workspace.ignores().into(),
        })
    }

    /// `file`, parsed; not again where it is known.
    fn renewed(&self, LoadedFile { path, content }: LoadedFile) -> (Box<str>, Held) {
        let held = self.get(&path).filter(|held| held.says(&content)).cloned();
        let held = held.unwrap_or_else(|| Held::of(&path, content));
        (path, held)
    }

    pub(super) fn get(&self, path: &str) -> Option<&Held> {
        self.files.get(path)
    }

    pub(super) fn put(&mut self, path: &str, held: Held) {
        self.files.insert(path.into(), held);
    }

    pub(super) fn remove(&mut self, path: &str) {
        self.files.remove(path);
    }

    /// All of them, in order.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &Held)> {
        self.files.iter().map(|(path, held)| (&**path, held))
    }

    /// Path and text of those that have one.
    pub(super) fn texts(&self) -> impl Iterator<Item = (&str, &str)> {
        self.iter().filter_map(|(path, held)| Some((path, &*held.parsed()?.text)))
    }

    /// The paths of those in `dir` and below it.
    pub(super) fn below(&self, dir: &str) -> impl Iterator<Item = &str> {
        let start = if dir.is_empty() { String::new() } else { format!("{dir}/") };
        let from: Box<str> = start.as_str().into();
        let files = self.files.range(from..).map(|(path, _)| &**path);
        files.take_while(move |path| path.starts_with(&start))
    }

    /// The paths of those in `dir`, but not in its directories.
    pub(super) fn in_directory(&self, dir: &str) -> impl Iterator<Item = &str> {
        let length = dir.len();
        self.below(dir).filter(move |path| dir_of(path).len() == length)
    }
}
