//! A file with the texts of others behind its own, so that one tree can hold what is written in several files.
//!
//! Invariant: what is written in the file itself keeps its ranges; a range behind its end is one of another file, and
//! [`SourceFile::span`] says which.

use std::sync::Arc;

use super::hcl::{Body, Document};
use super::{Comments, Parsed, SourceFile};
use crate::text::{FileId, Span, TextRange};

/// Another file behind a file's own text.
#[derive(Clone, Copy, Debug)]
struct Part {
    file: FileId,
    /// Where its text begins.
    start: u32,
}

/// The files behind a file's own text, in order.
#[derive(Clone, Debug)]
pub(super) struct Parts(Arc<[Part]>);

impl Parts {
    /// Where `range` is written; `None` for the file's own text.
    pub(super) fn span(&self, range: TextRange) -> Option<Span> {
        let after = self.0.partition_point(|part| part.start <= range.start);
        let part = self.0[after.checked_sub(1)?];
        let end = range.end.max(range.start);
        let range = TextRange { start: range.start - part.start, end: end - part.start };
        Some(range.in_file(part.file))
    }

    /// Where `span` stands among them.
    pub(super) fn range(&self, span: Span) -> Option<TextRange> {
        let part = self.0.iter().find(|part| part.file == span.file)?;
        Some(behind(span.range, part.start))
    }

    /// The end of the file's own text.
    pub(super) fn end_of_own(&self) -> u32 {
        self.0.first().map_or(u32::MAX, |part| part.start - 1)
    }

    /// The files.
    pub(super) fn files(&self) -> impl Iterator<Item = FileId> + '_ {
        self.0.iter().map(|part| part.file)
    }
}

/// A file that others are put behind.
#[derive(Debug)]
pub struct Joining<'s> {
    own: &'s SourceFile,
    text: String,
    comments: Comments,
    parts: Vec<Part>,
}

impl<'s> Joining<'s> {
    /// Nothing is behind `own` yet.
    pub fn new(own: &'s SourceFile) -> Self {
        Joining {
            own,
            text: own.text.to_string(),
            comments: own.comments().clone(),
            parts: Vec::new(),
        }
    }

    /// `body`, which is a part of `other`, with the ranges that it has behind this file.
    pub fn part(&mut self, other: &SourceFile, mut body: Body) -> Body {
        let known = self.parts.iter().find(|part| part.file == other.id).map(|part| part.start);
        let start = known.unwrap_or_else(|| self.add(other));
        body.map_ranges(&|range| behind(range, start));
        body
    }

    fn add(&mut self, other: &SourceFile) -> u32 {
        // No comment of one file leads what stands in the next.
        self.text.push('\n');
        let start = self.text.len() as u32;
        self.text.push_str(&other.text);
        self.parts.push(Part { file: other.id, start });
        self.comments.append(other.comments().mapped(&|range| behind(range, start)));
        start
    }

    /// The file with all that was put behind it, and `body` for a tree.
    pub fn finish(self, body: Body) -> SourceFile {
        let Joining { own, text, comments, parts } = self;
        let errors = own.hcl.as_ref().map(|document| document.errors.clone()).unwrap_or_default();
        let tree = Document { body, comments, errors };
        let content = Parsed::with_tree(own.path.clone(), text.into(), own.format, Some(tree));
        let parts = (!parts.is_empty()).then(|| Parts(parts.into()));
        SourceFile { id: own.id, content: Arc::new(content), parts }
    }
}

fn behind(range: TextRange, start: u32) -> TextRange {
    TextRange { start: range.start + start, end: range.end + start }
}
