//! A run's result → text for people or bytes for programs, one file per format.
//!
//! Invariant: a renderer decides nothing and does no I/O. It gets a [`View`] and gives back a `String`; the same view
//! gives the same bytes.

mod agent;
mod checkstyle;
mod code;
mod comparison;
mod concise;
pub mod coverage;
mod diff;
pub mod drift;
mod excerpt;
mod explained;
mod github;
mod gitlab;
pub mod host;
pub mod inventory;
mod json;
mod jsonl;
mod junit;
mod markdown;
mod metrics;
mod names;
mod rdjson;
mod sarif;
mod shown;
mod summary;
mod text;
mod uri;
mod xml;

pub use crate::text::plural;
pub use agent::render as agent;
pub use checkstyle::render as checkstyle;
pub use code::Code;
pub use comparison::AffectedEntry;
pub use concise::render as concise;
pub use diff::diff;
pub use explained::explained;
pub use github::{render as github, step_summary};
pub use gitlab::render as gitlab;
pub use json::render as json;
pub use jsonl::render as jsonl;
pub use junit::render as junit;
pub use markdown::render as markdown;
pub use rdjson::render as rdjson;
pub use sarif::render as sarif;
pub use summary::{fixes, fixes_of_patch, lack, statistics};
pub use text::{Place, Problem, Style, render as text, render_problem as problem};
pub use uri::uri;

use std::borrow::Cow;

use serde::Serialize;

use crate::diagnostic::{Diagnostic, Report, Severity, Silenced, UnknownSite};
use crate::rule::PackFile;
use crate::syntax::SourceFile;
use crate::text::Span;

/// What a renderer sees.
#[derive(Clone, Copy)]
pub struct View<'a> {
    /// The result.
    pub report: &'a Report,
    /// The code that it speaks of.
    pub code: Code<'a>,
    /// The mildest severity shown. Counts are never filtered.
    pub severity: Severity,
    /// The mildest severity that fails the run.
    pub fail_on: Severity,
    /// Whether to list the sites that could not be judged.
    pub show_unknown: bool,
    /// Whether to add a table of what each rule did.
    pub statistics: bool,
    /// The files of the packs, for the pages of rules.
    pub packs: &'a [PackFile],
}

impl<'a> View<'a> {
    /// The whole of `report`, as it is told if nobody asks for more or less.
    pub fn new(report: &'a Report, sources: &'a [SourceFile], redacted: &'a [Span]) -> View<'a> {
        View {
            report,
            code: Code { sources, redacted, prefix: "" },
            severity: Severity::Info,
            fail_on: Severity::Error,
            show_unknown: false,
            statistics: false,
            packs: &[],
        }
    }

    /// The diagnostics to show.
    pub fn diagnostics(&self) -> impl Iterator<Item = &'a Diagnostic> + use<'a> {
        let least = self.severity;
        self.report.diagnostics.iter().filter(move |diagnostic| diagnostic.severity >= least)
    }

    /// The silenced diagnostics to show, where a format shows them.
    pub fn silenced(&self) -> impl Iterator<Item = &'a Silenced> + use<'a> {
        let least = self.severity;
        let is_shown = move |silenced: &&Silenced| silenced.diagnostic.severity >= least;
        self.report.suppressed.iter().filter(is_shown)
    }

    /// The sites to list as not judged.
    pub fn unknown(&self) -> &'a [UnknownSite] {
        if self.show_unknown { &self.report.unknown } else { &[] }
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

/// `document` as JSON on one line. The documents here have texts for keys and plain values, so that serialising cannot fail.
pub fn json_line(document: &impl Serialize) -> String {
    json_line_of(document, 0)
}

/// The same of a document of some `length`: a text that grows is copied again and again, and each copy takes memory.
fn json_line_of(document: &impl Serialize, length: usize) -> String {
    let mut line = Vec::with_capacity(length);
    if serde_json::to_writer(&mut line, document).is_err() {
        line.clear();
    }
    line.push(b'\n');
    String::from_utf8(line).unwrap_or_default()
}

/// The same, laid out.
fn json_lines(document: &impl Serialize) -> String {
    serde_json::to_string_pretty(document).unwrap_or_default() + "\n"
}

/// What is wrong and what to type, on one line.
fn sentence(diagnostic: &Diagnostic) -> String {
    let message = one_line(&diagnostic.message);
    match &diagnostic.help {
        Some(help) => format!("{message}: {}", one_line(help)),
        None => message,
    }
}

/// [`harmless`], on one line.
fn one_line(text: &str) -> String {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.map(harmless).collect::<Vec<_>>().join(" ")
}

/// [`harmless`], line by line.
fn harmless_lines(text: &str) -> String {
    text.lines().map(harmless).collect::<Vec<_>>().join("\n")
}

/// Control characters and the ones that change the direction of writing.
fn is_harmful(c: char) -> bool {
    c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}
