//! GitLab's Code Quality report: what merge requests show beside the changed lines.
//!
//! The format knows neither failures nor places not judged: they are on stderr, and in the exit code.

use std::borrow::Cow;

use serde::Serialize;

use super::names::Names;
use super::{View, json_lines, sentence};
use crate::diagnostic::{Diagnostic, Severity};

#[derive(Serialize)]
struct Entry<'a> {
    description: String,
    check_name: &'a str,
    fingerprint: &'a str,
    severity: &'static str,
    location: Location<'a>,
}

#[derive(Serialize)]
struct Location<'a> {
    path: Cow<'a, str>,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: u32,
    end: u32,
}

/// Renders `view`.
pub fn render(view: &View<'_>) -> String {
    let names = Names::of(view);
    let all = view.report.diagnostics.iter().zip(&names.reported);
    let shown = all.filter(|(diagnostic, _)| diagnostic.severity >= view.severity);
    let entries: Vec<Entry<'_>> =
        shown.map(|(diagnostic, name)| entry(view, diagnostic, name)).collect();
    json_lines(&entries)
}

fn entry<'a>(view: &View<'a>, diagnostic: &'a Diagnostic, fingerprint: &'a str) -> Entry<'a> {
    let (start, _) = view.code.positions(diagnostic.span);
    Entry {
        description: sentence(diagnostic),
        check_name: &diagnostic.rule,
        fingerprint,
        severity: match diagnostic.severity {
            Severity::Error => "critical",
            Severity::Warning => "minor",
            Severity::Info => "info",
        },
        location: Location {
            path: view.code.path_from_top(diagnostic.span),
            lines: Lines { begin: start.line, end: view.code.last(diagnostic.span).line },
        },
    }
}
