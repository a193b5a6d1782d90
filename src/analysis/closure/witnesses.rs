//! The files that show which packs are on, in a run that reads no more of the repo than it needs.
//!
//! Most packs show in the first few files that they may show in; one that a repo does not live by has all of them read.

use crate::rule::Condition;
use crate::workspace::{Content, LoadedFile, Workspace};

/// At most so many files are read at a time.
const MOST_AT_ONCE: usize = 64;

/// The files of a repo, each read once and not before somebody looks into it.
pub(super) struct Witnesses<'a> {
    workspace: &'a Workspace,
    /// Their paths.
    listing: &'a [Box<str>],
    /// What is in them, as far as they were read.
    contents: Vec<Option<Content>>,
}

impl<'a> Witnesses<'a> {
    /// Nothing is read yet of the files that are listed.
    pub(super) fn new(workspace: &'a Workspace, listing: &'a [Box<str>]) -> Self {
        Witnesses { workspace, listing, contents: vec![None; listing.len()] }
    }

    /// The first file that meets `condition`.
    pub(super) fn first(&mut self, condition: &Condition) -> Option<LoadedFile> {
        let is_candidate = |at: &usize| condition.is_about(&self.listing[*at]);
        let candidates: Vec<usize> = (0..self.listing.len()).filter(is_candidate).collect();
        let mut left = candidates.as_slice();
        let mut length = 1;
        while !left.is_empty() {
            let (next, others) = left.split_at(length.min(left.len()));
            self.read(next);
            let text = |at: usize| self.contents[at].as_ref().and_then(Content::text);
            let is_witness = |at: &&usize| condition.is_met_by(text(**at).unwrap_or_default());
            if let Some(&at) = next.iter().find(is_witness) {
                let content = self.contents[at].clone()?;
                return Some(LoadedFile { path: self.listing[at].clone(), content });
            }
            left = others;
            length = (length * 2).min(MOST_AT_ONCE);
        }
        None
    }

    /// Reads those of the files at `positions` that were not read before.
    fn read(&mut self, positions: &[usize]) {
        let unread = positions.iter().copied().filter(|&at| self.contents[at].is_none());
        let unread: Vec<usize> = unread.collect();
        let paths = unread.iter().map(|&at| self.listing[at].clone()).collect();
        let files = self.workspace.read_listed(paths).files;
        for (at, file) in unread.into_iter().zip(files) {
            self.contents[at] = Some(file.content);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Settings;

    /// Any file of Terraform with `word` in it.
    fn condition(word: &str) -> Condition {
        let file = format!("file {{\n    path     = \"*.tf\"\n    contains = \"{word}\"\n  }}");
        let pack = format!("summary = \"s\"\napplies_when {{\n  {file}\n}}\n");
        let set = crate::rule::load(&[("p/pack.hcl", pack)], &[], &Settings::default()).unwrap();
        set.packs[0].evidence[0].conditions()[0].clone()
    }

    #[test]
    fn each_file_is_read_once_and_none_far_behind_the_witness() {
        let directory = tempfile::tempdir().unwrap();
        let mut workspace = Workspace::open(directory.path().to_owned()).unwrap();
        let listing: Vec<Box<str>> = (0..9).map(|number| format!("{number}.tf").into()).collect();
        for path in &listing {
            workspace.overlay(path, format!("in {path}"));
        }
        let mut witnesses = Witnesses::new(&workspace, &listing);
        let found = witnesses.first(&condition("in 2")).unwrap();
        assert_eq!((&*found.path, found.content.text()), ("2.tf", Some("in 2.tf")));
        let read = |witnesses: &Witnesses<'_>| witnesses.contents.iter().flatten().count();
        assert_eq!(read(&witnesses), 3, "one, then two");
        // What was read is there.
        witnesses.contents[0] = Some(Content::Text("kept".into()));
        assert_eq!(&*witnesses.first(&condition("kept")).unwrap().path, "0.tf");
        assert!(witnesses.first(&condition("nowhere")).is_none());
        assert_eq!(read(&witnesses), 9);
    }
}
