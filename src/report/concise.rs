//! One line per diagnostic: `path:line:column: severity rule message`. For `grep`, editors and logs.

use std::fmt::Write;

use super::{View, harmless, statistics};
use crate::text::Span;

/// Renders `view`.
pub fn render(view: &View<'_>) -> String {
    let mut out = String::new();
    for diagnostic in view.diagnostics() {
        let what = diagnostic.severity.word();
        line(&mut out, view, diagnostic.span, what, &diagnostic.rule, &diagnostic.message);
    }
    for site in view.unknown() {
        line(&mut out, view, site.span, "unknown", &site.rule, &site.reason);
    }
    if view.statistics {
        out.push_str(&statistics(&view.report.summary));
    }
    out
}

fn line(out: &mut String, view: &View<'_>, span: Span, what: &str, rule: &str, message: &str) {
    let file = view.code.source(span);
    let at = file.position(span.range.start);
    let path = harmless(&file.path);
    let message = harmless(message);
    // Writing to a string cannot fail.
    let _ = writeln!(out, "{path}:{}:{}: {what} {rule} {message}", at.line, at.column);
}
