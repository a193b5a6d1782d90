//! What GitHub Actions reads from a step's log: workflow commands, which it shows as annotations beside the lines, and
//! the summary of the step.
//!
//! Invariant: no text of the repo is taken for a command. GitHub shows ten annotations of a kind for each step, so what
//! is past that is printed as plain lines, and counted.

use std::fmt::Write;

use super::{View, harmless, harmless_lines, markdown, one_line, plural, summary};
use crate::diagnostic::{Diagnostic, Severity};

/// The annotations of one kind that GitHub takes from a step.
const MOST: usize = 10;
/// What a step's summary may hold: 1 MiB, less a margin for what other programs wrote there before.
const SUMMARY_LIMIT: usize = 900 << 10;

/// Renders `view`.
pub fn render(view: &View<'_>) -> String {
    let mut out = String::new();
    let failures = &view.report.failures;
    let mut rest = String::new();
    let mut left: [usize; 3] = [MOST; 3];
    // What the tool could not do comes first: what follows may be incomplete.
    for failure in failures {
        let text = failure.to_string();
        if let Some(less) = left[2].checked_sub(1) {
            left[2] = less;
            let _ = writeln!(out, "::error title=tautline::{}", data(&harmless_lines(&text)));
        } else {
            let _ = writeln!(rest, "failure {}", plain(&one_line(&text)));
        }
    }
    let mut more = [0; 3];
    for diagnostic in view.diagnostics() {
        let kind = diagnostic.severity as usize;
        if let Some(less) = left[kind].checked_sub(1) {
            left[kind] = less;
            annotation(&mut out, view, diagnostic);
        } else {
            more[kind] += 1;
            line(&mut rest, view, diagnostic);
        }
    }
    if !rest.is_empty() {
        let _ = writeln!(
            out,
            "and {}, without annotations: GitHub takes {MOST} of a kind from a step",
            counted(more)
        );
        out.push_str(&rest);
    }
    let hidden = view.report.diagnostics.len() - view.diagnostics().count();
    for line in summary::closing(view.report, hidden, false).lines() {
        let _ = writeln!(out, "{}", plain(line));
    }
    out
}

/// The summary of the step, in Markdown.
pub fn step_summary(view: &View<'_>) -> String {
    markdown::within(view, SUMMARY_LIMIT)
}

/// `2 errors, 1 info`, of `counts` by severity.
fn counted(counts: [usize; 3]) -> String {
    let pairs = Severity::ALL.into_iter().zip(counts).rev();
    let words: Vec<String> = pairs
        .filter(|(_, count)| *count > 0)
        .map(|(severity, count)| plural(count, &format!("more {}", severity.word())))
        .collect();
    if words.is_empty() { "more".to_owned() } else { words.join(", ") }
}

fn annotation(out: &mut String, view: &View<'_>, diagnostic: &Diagnostic) {
    let command = match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "notice",
    };
    let (start, _) = view.code.positions(diagnostic.span);
    let last = view.code.last(diagnostic.span);
    let path = view.code.path_from_top(diagnostic.span);
    let _ = write!(out, "::{command} file={}", property(&harmless(&path)));
    let _ = write!(out, ",line={},endLine={}", start.line, last.line);
    if start.line == last.line {
        // GitHub wants columns only within one line; the last one is part of the range.
        let _ = write!(out, ",col={},endColumn={}", start.column, last.column);
    }
    let mut title = diagnostic.rule.to_string();
    if let Some(convention) = &diagnostic.convention {
        let _ = write!(title, " {convention}");
    }
    let mut message = harmless(&diagnostic.message).into_owned();
    if let Some(help) = &diagnostic.help {
        let _ = write!(message, "\nhelp: {}", harmless_lines(help));
    }
    let _ = writeln!(out, ",title={}::{}", property(&title), data(&message));
}

/// One that gets no annotation, as a line of the log that is no command.
fn line(out: &mut String, view: &View<'_>, diagnostic: &Diagnostic) {
    let (start, _) = view.code.positions(diagnostic.span);
    let path = view.code.path_from_top(diagnostic.span);
    let (line, column) = (start.line, start.column);
    let text = format!("{path}:{line}:{column} {} {}", diagnostic.rule, diagnostic.message);
    let _ = writeln!(out, "{} {}", diagnostic.severity, plain(&harmless(&text)));
}

/// `text` in the place of a command's message.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// `text` in the place of a property of a command.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

/// `text` as part of a line that is no command: an older spelling of commands counts wherever it stands in a line.
fn plain(text: &str) -> String {
    text.replace("##[", "## [")
}
