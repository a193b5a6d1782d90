//! Where a rule may find a subject and a gather rows, told from a file's path and text without the model: what
//! `--facts stack` need not load.
//!
//! Invariant: a file that gives a subject or a row is never ruled out.

use std::collections::BTreeSet;

use memchr::memmem;

use super::breadth::with_needs;
use super::gather::Gather;
use super::select::Select;
use crate::rule::{Check, Interest};
use crate::syntax::Format;

/// What some files hold, as far as subjects are told from it.
#[derive(Debug, Default)]
pub struct Holdings<'a> {
    /// Paths and texts of the files.
    pub files: Vec<(&'a str, &'a str)>,
    /// The types of the top-level blocks in them that are HCL, each with its first label.
    pub blocks: BTreeSet<(&'a str, Option<&'a str>)>,
}

impl Holdings<'_> {
    /// Whether they may hold a subject of `check`, which takes its rows from `gathers`.
    pub fn may_show(&self, check: &dyn Check, gathers: &[Gather]) -> bool {
        match check.rows_of() {
            _ if check.finds_elsewhere() => true,
            Some(gather) => self.may_give(gather, gathers),
            None => check.interests().iter().any(|interest| self.may_have(interest)),
        }
    }

    /// Whether they may give a row to the gather with the number `gather`.
    fn may_give(&self, gather: usize, gathers: &[Gather]) -> bool {
        gathers[gather].origins.iter().any(|origin| match origin.start.rows_of() {
            Some(before) => self.may_give(before, gathers),
            None => origin.start.interests().iter().any(|interest| self.may_have(interest)),
        })
    }

    fn may_have(&self, interest: &Interest) -> bool {
        match interest {
            Interest::Blocks { kind, labels } => self.blocks.iter().any(|(of_kind, label)| {
                let is_meant = |label: &str| labels.iter().any(|wanted| wanted == label);
                kind == of_kind && (labels.is_empty() || label.is_some_and(is_meant))
            }),
            Interest::Files(globs) => self.files.iter().any(|(path, _)| globs.is_match(path)),
            Interest::Text(words, globs) => self.files.iter().any(|(path, text)| {
                globs.as_ref().is_none_or(|globs| globs.is_match(path)) && has_one(words, text)
            }),
            // Changes come from plans, and commits from a comparison.
            Interest::Commits | Interest::Changes => false,
            Interest::Images | Interest::Objects(_) | Interest::Repo | Interest::Rows(_) => true,
        }
    }
}

impl Gather {
    /// Those of `gathers` with the numbers `needs`, and what they need.
    pub fn closed<'a>(gathers: &'a [Gather], needs: &[usize]) -> Vec<&'a Gather> {
        let wanted = with_needs(gathers, needs.iter().copied());
        wanted.into_iter().map(|number| &gathers[number]).collect()
    }

    /// Whether a file that is no HCL, at `path`, may give it rows, whatever it says.
    pub fn may_look_at(&self, path: &str) -> bool {
        self.origins.iter().any(|it| it.start.select().may_look_at(path))
    }

    /// Whether a file that is no HCL, at `path` and with `text`, may give it rows.
    pub fn may_read(&self, path: &str, text: &str) -> bool {
        self.origins.iter().any(|it| it.start.select().may_read(path, text))
    }
}

impl Select {
    fn may_look_at(&self, path: &str) -> bool {
        match self {
            // Calls stand in HCL, and rows come from the gather that has them.
            // So do changes, from plans, and commits, from a comparison.
            Select::Module { .. } | Select::Row { .. } | Select::Change(_) | Select::Commit => {
                false
            }
            Select::Block(block) => block.files.as_ref().is_some_and(|files| files.is_match(path)),
            Select::File { files, .. } => files.is_match(path),
            Select::Text(select) => select.files.as_ref().is_none_or(|files| files.is_match(path)),
            // Manifests may be read from files, but not from prose.
            Select::Object(_) => Format::of(path) != Format::Markdown,
            Select::Image { .. } | Select::Stack | Select::Repo => true,
        }
    }

    fn may_read(&self, path: &str, text: &str) -> bool {
        let words = match self {
            Select::File { words, .. } => words.as_slice(),
            Select::Text(select) => &select.words,
            _ => &[],
        };
        self.may_look_at(path) && (words.is_empty() || has_one(words, text))
    }
}

/// Whether one of `words` occurs in `text`.
fn has_one(words: &[String], text: &str) -> bool {
    words.iter().any(|word| memmem::find(text.as_bytes(), word.as_bytes()).is_some())
}
