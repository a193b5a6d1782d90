//! Reviewdog's diagnostic format (`rdjson`): comments and suggestions on a review.
//!
//! Its columns count bytes of UTF-8, from 1; the end is the first place after the range.

use std::borrow::Cow;

use serde::Serialize;

use super::{View, harmless, harmless_lines, json_line, shown};
use crate::diagnostic::{Applicability, Diagnostic, Edit, Label, Severity};
use crate::text::Span;

#[derive(Serialize)]
struct Document<'a> {
    source: Source,
    diagnostics: Vec<Entry<'a>>,
}

#[derive(Serialize)]
struct Source {
    name: &'static str,
}

#[derive(Serialize)]
struct Entry<'a> {
    message: String,
    location: Location<'a>,
    severity: &'static str,
    code: Code<'a>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    suggestions: Vec<Suggestion<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_locations: Vec<Related<'a>>,
}

#[derive(Serialize)]
struct Code<'a> {
    value: &'a str,
}

#[derive(Serialize)]
struct Location<'a> {
    path: Cow<'a, str>,
    range: Range,
}

#[derive(Serialize)]
struct Range {
    start: Place,
    end: Place,
}

#[derive(Serialize)]
struct Place {
    line: u32,
    column: u32,
}

#[derive(Serialize)]
struct Suggestion<'a> {
    range: Range,
    text: &'a str,
}

#[derive(Serialize)]
struct Related<'a> {
    message: Cow<'a, str>,
    location: Location<'a>,
}

/// Renders `view`.
pub fn render(view: &View<'_>) -> String {
    let document = Document {
        source: Source { name: env!("CARGO_PKG_NAME") },
        diagnostics: view.diagnostics().map(|diagnostic| entry(view, diagnostic)).collect(),
    };
    json_line(&document)
}

fn entry<'a>(view: &View<'a>, diagnostic: &'a Diagnostic) -> Entry<'a> {
    let message = harmless(&diagnostic.message);
    Entry {
        message: match &diagnostic.help {
            Some(help) => format!("{message}\n{}", harmless_lines(help)),
            None => message.into_owned(),
        },
        location: location(view, diagnostic.span),
        severity: match diagnostic.severity {
            Severity::Error => "ERROR",
            Severity::Warning => "WARNING",
            Severity::Info => "INFO",
        },
        code: Code { value: &diagnostic.rule },
        suggestions: suggestion(view, diagnostic)
            .map(|edit| Suggestion { range: range(view, edit.span), text: &edit.text })
            .into_iter()
            .collect(),
        related_locations: diagnostic.related.iter().map(|label| related(view, label)).collect(),
    }
}

/// The edit to suggest. A click commits it and nothing says what it may change, so only a safe one is; and several
/// suggestions are several ways, so only one of a single edit is.
fn suggestion<'a>(view: &View<'a>, diagnostic: &'a Diagnostic) -> Option<&'a Edit> {
    let fix = shown::fix(view.code, diagnostic.fix.as_ref())?;
    match fix.edits.as_slice() {
        [edit]
            if fix.applicability == Applicability::Safe
                && edit.span.file == diagnostic.span.file =>
        {
            Some(edit)
        }
        _ => None,
    }
}

fn related<'a>(view: &View<'a>, label: &'a Label) -> Related<'a> {
    Related { message: harmless(&label.message), location: location(view, label.span) }
}

fn location<'a>(view: &View<'a>, span: Span) -> Location<'a> {
    Location { path: view.code.path_from_top(span), range: range(view, span) }
}

fn range(view: &View<'_>, span: Span) -> Range {
    let file = view.code.source(span);
    let place = |offset: u32| {
        let line = file.lines().line_of(offset.min(file.text.len() as u32));
        Place { line: line as u32 + 1, column: offset - file.lines().start_of(line) + 1 }
    };
    Range { start: place(span.range.start), end: place(span.range.end) }
}
