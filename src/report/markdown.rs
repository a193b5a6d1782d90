//! A table in Markdown, for comments, wikis and the summary of a CI step.
//!
//! Invariant: text of the repo stays text: it makes no table, link, heading, mention or HTML. It may be cut off where
//! there is much of it, and then says how much is not shown.

use std::fmt::Write;

use super::{View, harmless, plural, summary};
use crate::diagnostic::Diagnostic;
use crate::text::Span;

/// What a comment on a pull request may hold, less a margin for what stands around it: 65536 characters on GitHub.
pub(super) const COMMENT_LIMIT: usize = 60_000;

/// Renders `view`, as long as a comment may be.
pub fn render(view: &View<'_>) -> String {
    within(view, COMMENT_LIMIT)
}

/// Renders `view` in about `limit` bytes.
pub(super) fn within(view: &View<'_>, limit: usize) -> String {
    let report = view.report;
    let mut out = format!("### tautline: {}\n", summary::counts(report));
    for failure in &report.failures {
        let _ = write!(out, "\n**Failed:** {}\n", text(&failure.to_string()));
    }
    let shown: Vec<&Diagnostic> = view.diagnostics().collect();
    if !shown.is_empty() {
        out.push_str("\n| | where | rule | what |\n|---|---|---|---|\n");
    }
    let mut rest = shown.len();
    for diagnostic in &shown {
        let row = row(view, diagnostic);
        if out.len() + row.len() > limit {
            break;
        }
        out.push_str(&row);
        rest -= 1;
    }
    if rest > 0 {
        let _ = write!(out, "\n… and {rest} more: `tautline check --format concise`\n");
    }
    if shown.len() < report.diagnostics.len() {
        let hidden = report.diagnostics.len() - shown.len();
        let _ = write!(out, "\n{hidden} not shown: `--severity`\n");
    }
    let _ = write!(out, "\n{}", text(&capitalised(&summary::files_line(&report.summary))));
    let suppressed = report.suppressed.len();
    if suppressed > 0 {
        let _ = write!(out, "; {suppressed} suppressed");
    }
    let unknown = report.summary.unknown();
    if unknown > 0 {
        let _ = write!(out, "; {} not judged", plural(unknown, "site"));
    }
    if !report.summary.not_run.is_empty() {
        let rules = plural(report.summary.not_run.len(), "rule");
        let _ = write!(out, "; {rules} not run");
    }
    out.push('\n');
    out
}

fn row(view: &View<'_>, diagnostic: &Diagnostic) -> String {
    let mut what = text(&diagnostic.message);
    if let Some(help) = &diagnostic.help {
        let _ = write!(what, "<br>help: {}", text(help));
    }
    for label in &diagnostic.related {
        let _ = write!(what, "<br>{}: {}", place(view, label.span), text(&label.message));
    }
    let convention = diagnostic.convention.as_deref().map(|code| format!(" {}", text(code)));
    format!(
        "| {} | {} | {}{} | {what} |\n",
        diagnostic.severity,
        place(view, diagnostic.span),
        code(&diagnostic.rule),
        convention.unwrap_or_default(),
    )
}

fn place(view: &View<'_>, span: Span) -> String {
    code(&view.code.position(span))
}

/// A message in one cell of a table: text, with code in backticks.
pub(super) fn text(message: &str) -> String {
    let mut out = String::new();
    let lines = message.lines().map(str::trim_end).filter(|line| !line.is_empty());
    for (at, line) in lines.enumerate() {
        let words = line.trim_start();
        if at > 0 {
            out.push_str("<br>");
            // What is to be typed keeps its layout.
            out.push_str(&"&nbsp;".repeat(line.len() - words.len()));
        }
        let line = words;
        // Every second part lies between backticks, if they come in pairs.
        let parts: Vec<&str> = line.split('`').collect();
        let in_pairs = parts.len() % 2 == 1;
        for (at, part) in parts.iter().enumerate() {
            match (in_pairs, at % 2) {
                (true, 1) => out.push_str(&code(part)),
                (true, _) => escape(&mut out, part),
                (false, _) => {
                    if at > 0 {
                        out.push_str("&#96;");
                    }
                    escape(&mut out, part);
                }
            }
        }
    }
    out
}

/// What is code.
pub(super) fn code(text: &str) -> String {
    let mut out = String::from("<code>");
    escape(&mut out, text);
    out.push_str("</code>");
    out
}

/// Writes every character that means something in Markdown as a reference; so too what would make an address a link. A
/// mention or a number of an issue is found after references were read, so an empty comment parts it.
fn escape(out: &mut String, text: &str) {
    let text = harmless(text);
    for (at, c) in text.char_indices() {
        let (before, after) = (&text[..at], &text[at + c.len_utf8()..]);
        match c {
            ':' if after.starts_with("//") => out.push_str("&#58;"),
            '.' if before.ends_with("www") => out.push_str("&#46;"),
            '&' | '<' | '>' | '|' | '`' | '*' | '_' | '[' | ']' | '\\' | '~' | '$' | '!' | '"' => {
                let _ = write!(out, "&#{};", u32::from(c));
            }
            '@' | '#' => {
                let _ = write!(out, "{c}<!-- -->");
            }
            c => out.push(c),
        }
    }
}

fn capitalised(text: &str) -> String {
    let mut characters = text.chars();
    let first = characters.next().map(|c| c.to_uppercase().to_string());
    first.unwrap_or_default() + characters.as_str()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_stays_text() {
        assert_eq!(
            text("`a|b` is *not* <b>"),
            "<code>a&#124;b</code> is &#42;not&#42; &#60;b&#62;"
        );
        assert_eq!(text("one ` tick"), "one &#96; tick");
        assert_eq!(text("ask @ops, #12"), "ask @<!-- -->ops, #<!-- -->12");
        assert_eq!(text("a\n\n b"), "a<br>&nbsp;b");
        assert_eq!(text("https://x www.x"), "https&#58;//x www&#46;x");
    }
}
