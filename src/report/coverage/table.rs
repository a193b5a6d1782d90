//! The table: a rule on each line, and all of them together on the last.

use std::fmt::Write as _;

use super::super::{harmless, one_line, plural};
use super::{Counts, CoverageView, percent};

/// The columns behind the rule's name. With something to compare with, what was open before stands beside what is open.
fn columns(since: bool) -> Vec<&'static str> {
    let before: &[&str] = if since { &["open before"] } else { &[] };
    [&["sites", "open"], before, &["known", "silenced", "unknown", "kept"]].concat()
}

/// A line about what `name` is of. A rule that did not run before has nothing there, which is something else than nothing open.
fn cells(name: &str, now: Counts, before: Option<Counts>, since: bool) -> Vec<String> {
    let mut cells = vec![name.to_owned(), now.sites.to_string(), now.open.to_string()];
    if since {
        cells.push(before.map_or_else(String::new, |it| it.open.to_string()));
    }
    cells.extend([now.known, now.silenced, now.unknown].map(|count| count.to_string()));
    cells.push(percent(now));
    cells
}

/// The table's lines: its head, its rules, and their sum.
fn lines(view: &CoverageView<'_>) -> Vec<Vec<String>> {
    let since = view.coverage.since.is_some();
    let mut head = vec!["rule".to_owned()];
    head.extend(columns(since).into_iter().map(str::to_owned));
    let mut lines = vec![head];
    for it in view.shown() {
        lines.push(cells(&it.run.rule, it.now, it.before, since));
    }
    let sum = format!("all {}", plural(view.looking().count(), "rule"));
    lines.push(cells(&sum, view.now(), view.before(), since));
    lines
}

/// What the table leaves out, and what it compares with.
fn notes(view: &CoverageView<'_>) -> Vec<String> {
    let quiet = view.looking().count() - view.shown().len();
    let mut notes = Vec::new();
    if let Some(since) = &view.coverage.since {
        notes.push(format!("before: {}, judged by today's rules and settings", one_line(since)));
    }
    if quiet > 0 {
        let (rules, are) = (plural(quiet, "rule"), if quiet == 1 { "is" } else { "are" });
        notes.push(format!("{rules} {are} kept everywhere; `--all` shows them too"));
    }
    notes
}

/// For people at a terminal.
pub fn text(view: &CoverageView<'_>) -> String {
    if view.looking().next().is_none() {
        let rules = plural(view.coverage.rules.len(), "rule");
        return format!("{rules} ran, and found nothing to look at\n");
    }
    let lines = lines(view);
    let widest = |at: usize| {
        let widths = lines.iter().map(|line| line[at].chars().count());
        widths.max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..lines[0].len()).map(widest).collect();
    let mut out = String::new();
    for line in &lines {
        let _ = write!(out, "{:width$}", harmless(&line[0]), width = widths[0]);
        for (cell, width) in line.iter().zip(&widths).skip(1) {
            let _ = write!(out, "  {cell:>width$}");
        }
        out.truncate(out.trim_end().len());
        out.push('\n');
    }
    for note in notes(view) {
        let _ = writeln!(out, "{note}");
    }
    out
}

/// For a page, or the summary of a job.
pub fn markdown(view: &CoverageView<'_>) -> String {
    let lines = lines(view);
    let mut out = String::new();
    for (at, line) in lines.iter().enumerate() {
        let _ = writeln!(out, "| {} |", line.join(" | "));
        if at == 0 {
            let _ = writeln!(out, "|---|{}", "---:|".repeat(line.len() - 1));
        }
    }
    for note in notes(view) {
        let _ = writeln!(out, "\n{note}");
    }
    out
}
