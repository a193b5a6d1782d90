//! The parts of the JSON report, one per line, for programs that read line by line: each says what it is in `type`, and
//! what follows is what [`super::json`] writes. The last line is the summary, so whoever has it has all.

use serde::Serialize;

use super::json::{
    self, DiagnosticEntry, FailureEntry, Summary, SuppressedEntry, TOOL, UnknownEntry,
};
use super::{View, json_line};

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
enum Line<'a> {
    Failure(FailureEntry<'a>),
    Diagnostic(DiagnosticEntry<'a>),
    Unknown(UnknownEntry<'a>),
    Suppressed(SuppressedEntry<'a>),
    Summary {
        version: u32,
        tool: &'static str,
        #[serde(flatten)]
        summary: Summary<'a>,
    },
}

/// Renders `view`.
pub fn render(view: &View<'_>) -> String {
    let mut out = String::new();
    let mut push = |line: &Line<'_>| out.push_str(&json_line(line));
    for failure in &view.report.failures {
        push(&Line::Failure(json::failure(failure)));
    }
    for diagnostic in view.diagnostics() {
        push(&Line::Diagnostic(json::diagnostic(view, diagnostic)));
    }
    for site in view.unknown() {
        push(&Line::Unknown(json::unknown(view, site)));
    }
    for silenced in view.silenced() {
        push(&Line::Suppressed(json::suppressed(view, silenced)));
    }
    push(&Line::Summary { version: json::VERSION, tool: TOOL, summary: json::summary(view) });
    out
}
