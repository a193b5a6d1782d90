//! Where a gather may find rows, told from a file's path and text without the model: what `--facts stack` need not load.
//!
//! Invariant: a file that gives a row is never ruled out.

use memchr::memmem;

use super::gather::{Gather, with_needs};
use super::select::Select;
use crate::syntax::Format;

impl Gather {
    /// Those of `gathers` with the numbers `needs`, and what they need.
    pub fn closed<'a>(gathers: &'a [Gather], needs: &[usize]) -> Vec<&'a Gather> {
        let wanted = with_needs(gathers, needs.iter().copied());
        wanted.into_iter().map(|number| &gathers[number]).collect()
    }

    /// Whether a file that is no HCL, at `path` and with `text`, may give it rows.
    pub fn may_read(&self, path: &str, text: &str) -> bool {
        self.origins.iter().any(|it| it.start.select().may_read(path, text))
    }
}

impl Select {
    fn may_read(&self, path: &str, text: &str) -> bool {
        match self {
            // Calls stand in HCL, and rows come from the gather that has them.
            // So do changes, from plans, and commits, from a comparison.
            Select::Module { .. } | Select::Row { .. } | Select::Change(_) | Select::Commit => {
                false
            }
            Select::Block(block) => block.files.as_ref().is_some_and(|files| files.is_match(path)),
            Select::File { files, words, .. } => {
                files.is_match(path) && (words.is_empty() || has_one(words, text))
            }
            Select::Text(select) => {
                select.files.as_ref().is_none_or(|files| files.is_match(path))
                    && has_one(&select.words, text)
            }
            // Manifests may be read from files, but not from prose.
            Select::Object(_) => Format::of(path) != Format::Markdown,
            Select::Image { .. } | Select::Stack | Select::Repo => true,
        }
    }
}

/// Whether one of `words` occurs in `text`.
fn has_one(words: &[String], text: &str) -> bool {
    words.iter().any(|word| memmem::find(text.as_bytes(), word.as_bytes()).is_some())
}
