//! For AI agents: as few words as will do, nothing said twice, and what to type.
//!
//! One line for each thing to do: `path:line:column severity rule: what is wrong; do: what to type; fix: what the edit
//! does; also at: other places`. The same help is given once.

use std::collections::{HashMap, HashSet};
use std::fmt::Write;

use super::{View, harmless_lines, one_line, plural, shown, summary};
use crate::diagnostic::{Diagnostic, Severity};
use crate::syntax::Format;
use crate::text::Span;

/// Of the places of one finding, so many are named.
const MOST_PLACES: usize = 10;

/// Renders `view`.
pub fn render(view: &View<'_>) -> String {
    let mut out = String::new();
    for failure in &view.report.failures {
        let _ = writeln!(out, "failed: {}", one_line(&failure.to_string()));
    }
    let mut helped: HashSet<&str> = HashSet::new();
    for group in groups(view) {
        let first = group[0];
        let _ = write!(
            out,
            "{} {} {}: {}",
            place(view, first.span),
            first.severity,
            first.rule,
            one_line(&first.message)
        );
        if let Some(help) = &first.help
            && helped.insert(help)
        {
            let _ = write!(out, "; do: {}", escaped_lines(help));
        }
        if let Some(fix) = shown::offered(view.code, first.fix.as_ref()) {
            let _ = write!(out, "; fix: {}", one_line(&fix.title));
        }
        if group.len() > 1 {
            let more = group[1..].iter().take(MOST_PLACES);
            let places: Vec<String> = more.map(|other| place(view, other.span)).collect();
            let _ = write!(out, "; also at: {}", places.join(" "));
            if let Some(rest) = (group.len() - 1).checked_sub(MOST_PLACES).filter(|rest| *rest > 0)
            {
                let _ = write!(out, " and {rest} more: --rule {} --format concise", first.rule);
            }
        }
        out.push('\n');
    }
    for site in view.unknown() {
        let (place, reason) = (place(view, site.span), one_line(&site.reason));
        let _ = writeln!(out, "{place} unknown {}: {reason}", site.rule);
    }
    out.push_str(&closing(view));
    out
}

/// A help in one line: where it has several, what is to be typed keeps its layout.
fn escaped_lines(help: &str) -> String {
    harmless_lines(help.trim_end()).replace('\n', "\\n")
}

/// The diagnostics that say the same of different places, in order of the first place.
fn groups<'a>(view: &View<'a>) -> Vec<Vec<&'a Diagnostic>> {
    let mut groups: Vec<Vec<&Diagnostic>> = Vec::new();
    let mut known: HashMap<(&str, Severity, &str, Option<&str>), usize> = HashMap::new();
    for diagnostic in view.diagnostics() {
        let (rule, message) = (&*diagnostic.rule, diagnostic.message.as_str());
        let key = (rule, diagnostic.severity, message, diagnostic.help.as_deref());
        let at = *known.entry(key).or_insert(groups.len());
        match groups.get_mut(at) {
            Some(group) => group.push(diagnostic),
            None => groups.push(vec![diagnostic]),
        }
    }
    groups
}

fn closing(view: &View<'_>) -> String {
    let report = view.report;
    let mut out = summary::counts(report);
    let shown = view.diagnostics().count();
    if shown < report.diagnostics.len() {
        let _ = write!(out, " ({} not shown: --severity)", report.diagnostics.len() - shown);
    }
    let _ = write!(out, " in {}", summary::files_line(&report.summary));
    let unknown = report.summary.unknown();
    if unknown > 0 {
        let how = if view.show_unknown { "" } else { ": --show-unknown" };
        let _ = write!(out, "; {} not judged{how}", plural(unknown, "site"));
    }
    if !report.summary.not_run.is_empty() {
        let rules = plural(report.summary.not_run.len(), "rule");
        let is_compared = report.summary.comparison.is_some();
        let with =
            if is_compared { "--since or --range, in the whole repo" } else { "--facts repo" };
        let _ = write!(out, "; {rules} not run: {with}");
    }
    out.push('\n');
    if shown > 0 {
        let is_commit = |it: &Diagnostic| view.code.source(it.span).format == Format::Commit;
        let commits = view.diagnostics().filter(|it| is_commit(it)).count();
        out.push_str("why, and how to do it right: tautline explain RULE");
        if commits < shown {
            out.push_str("; an exception, on the line above: # tautline: ignore[RULE] -- REASON");
        }
        if commits > 0 {
            out.push_str(
                "; an exception for a commit, which no comment can stand in: a waiver in tautline.hcl whose paths name it",
            );
        }
        out.push_str("; then run the same check again\n");
    }
    out
}

fn place(view: &View<'_>, span: Span) -> String {
    one_line(&view.code.position(span))
}
