//! The code that a report speaks of, and what of it must not be printed.
//!
//! Invariant: nothing here gives out text; [`shown`](super::shown) and the frames do, and take the secrets out.

use std::borrow::Cow;

use super::text::Place;
use crate::syntax::SourceFile;
use crate::text::{FileId, Position, Span, TextRange};

/// The files of a run, as renderers see them.
#[derive(Clone, Copy, Default)]
pub struct Code<'a> {
    /// The files; a `FileId` is an index.
    pub sources: &'a [SourceFile],
    /// Bytes that must not be printed, sorted.
    pub redacted: &'a [Span],
    /// The root as seen from the top of its git work tree, with `/`; empty where they are the same. The paths that CI
    /// systems read start at the top.
    pub prefix: &'a str,
}

impl<'a> Code<'a> {
    /// The file that `span` lies in.
    pub fn source(&self, span: Span) -> &'a SourceFile {
        &self.sources[span.file.index()]
    }

    /// The path of the file that `span` lies in, from the top of the work tree.
    pub fn path_from_top(&self, span: Span) -> Cow<'a, str> {
        let path = &*self.source(span).path;
        if self.prefix.is_empty() {
            Cow::Borrowed(path)
        } else {
            Cow::Owned(format!("{}/{path}", self.prefix))
        }
    }

    /// Where `span` starts, and where it ends: the first place after it.
    pub fn positions(&self, span: Span) -> (Position, Position) {
        let file = self.source(span);
        (file.position(span.range.start), file.position(span.range.end))
    }

    /// Where `span` starts, for people: `stacks/dns/main.tf:12:3`.
    pub(super) fn position(&self, span: Span) -> String {
        let file = self.source(span);
        let at = file.position(span.range.start);
        format!("{}:{}:{}", file.path, at.line, at.column)
    }

    /// Where the last character of `span` is; of an empty one, where it starts.
    pub fn last(&self, span: Span) -> Position {
        let last = span.range.end.saturating_sub(1).max(span.range.start);
        self.source(span).position(last)
    }

    /// `span` as a place in a frame, with `label`.
    pub(super) fn place(&self, span: Span, label: Option<&'a str>) -> Place<'a> {
        let file = self.source(span);
        Place {
            path: &file.path,
            text: &file.text,
            lines: file.lines(),
            range: span.range,
            label,
            redacted: self.redacted_in(span.file),
        }
    }

    /// The parts of `file` that must not be printed.
    pub(super) fn redacted_in(&self, file: FileId) -> Vec<TextRange> {
        let start = self.redacted.partition_point(|span| span.file < file);
        self.redacted[start..]
            .iter()
            .take_while(|span| span.file == file)
            .map(|span| span.range)
            .collect()
    }
}
