//! A run's result → text for people or bytes for programs, one file per format.
//!
//! Invariant: a renderer decides nothing and does no I/O. It gets a [`View`] and gives back a `String`; the same view
//! gives the same bytes.

mod comparison;
mod concise;
mod excerpt;
mod explained;
mod json;
mod summary;
mod text;

pub use concise::render as concise;
pub use explained::explained;
pub use json::render as json;
pub use summary::{files_line, plural, statistics};
pub use text::{Place, Problem, Style, render as text, render_problem as problem};

use std::borrow::Cow;

use crate::diagnostic::{Diagnostic, Report, Severity, UnknownSite};
use crate::syntax::SourceFile;
use crate::text::{FileId, Span, TextRange};

/// What a renderer sees.
#[derive(Clone, Copy)]
pub struct View<'a> {
    /// The result.
    pub report: &'a Report,
    /// The files it speaks of; a `FileId` is an index.
    pub sources: &'a [SourceFile],
    /// Bytes that must not be printed, sorted.
    pub redacted: &'a [Span],
    /// The mildest severity shown. Counts are never filtered.
    pub severity: Severity,
    /// Whether to list the sites that could not be judged.
    pub show_unknown: bool,
    /// Whether to add a table of what each rule did.
    pub statistics: bool,
}

impl<'a> View<'a> {
    /// The diagnostics to show.
    pub fn diagnostics(&self) -> impl Iterator<Item = &'a Diagnostic> + use<'a> {
        let least = self.severity;
        self.report.diagnostics.iter().filter(move |diagnostic| diagnostic.severity >= least)
    }

    /// The sites to list as not judged.
    pub fn unknown(&self) -> &'a [UnknownSite] {
        if self.show_unknown { &self.report.unknown } else { &[] }
    }

    /// The file that `span` lies in.
    pub fn source(&self, span: Span) -> &'a SourceFile {
        &self.sources[span.file.index()]
    }

    /// The parts of `file` that must not be printed.
    pub fn redacted_in(&self, file: FileId) -> Vec<TextRange> {
        let start = self.redacted.partition_point(|span| span.file < file);
        self.redacted[start..]
            .iter()
            .take_while(|span| span.file == file)
            .map(|span| span.range)
            .collect()
    }
}

/// `text` with everything taken out that could move the cursor, colour the terminal or reorder what is read.
pub fn harmless(text: &str) -> Cow<'_, str> {
    if text.chars().any(is_harmful) {
        Cow::Owned(text.chars().map(|c| if is_harmful(c) { '\u{fffd}' } else { c }).collect())
    } else {
        Cow::Borrowed(text)
    }
}

/// Control characters and the ones that change the direction of writing.
fn is_harmful(c: char) -> bool {
    c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}
