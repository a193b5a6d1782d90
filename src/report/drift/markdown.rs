//! Markdown, for comments, tickets and wikis: a table of causes, the differences of each to unfold, and what is missing.
//!
//! Invariant: text of the repo stays text. It may be cut off where there is much of it, and then says how much is not shown.

use std::fmt::Write as _;

use super::super::markdown::{COMMENT_LIMIT, code, text};
use super::super::plural;
use super::patch::shown_fix;
use super::value::difference;
use super::words::{action_words, status_word};
use super::{DriftView, ShownGroup, why};
use crate::drift::{Finding, RunNote};

/// Stacks that are named in one cell.
const MOST_NAMED: usize = 10;
/// Dangers that are told of one cause.
const MOST_DANGERS: usize = 5;
/// Differences that are listed of one cause.
const MOST_LISTED: usize = 50;
/// Characters of a value.
const LONGEST: usize = 200;

/// Renders `view`, as long as a comment may be.
pub fn render(view: &DriftView<'_>) -> String {
    let mut out = Page { out: head(view), left_out: 0 };
    for note in &view.report.notes {
        out.push(&self::note(view, note));
    }
    let groups = view.groups();
    if !groups.is_empty() {
        out.push("\n| | class | cause | stacks | what to do |\n|---|---|---|---|---|\n");
    }
    for shown in &groups {
        out.push(&row(view, shown));
    }
    for shown in &groups {
        out.push(&details(view, shown));
    }
    broken(view, &mut out);
    for unread in view.report.unread.iter().filter(|unread| unread.is_missing) {
        let help = unread.help.as_deref().map(|help| format!(": {}", text(help)));
        out.push(&format!(
            "\n- not read: {}: {}{}",
            code(&unread.file),
            text(&unread.why),
            help.unwrap_or_default()
        ));
    }
    let mut page = out.out;
    if out.left_out > 0 {
        let parts = plural(out.left_out, "part");
        let _ = write!(page, "\n… and {parts} more: `tautline drift report --format html`");
    }
    if !page.ends_with('\n') {
        page.push('\n');
    }
    page
}

/// A page that ends before it is too long.
struct Page {
    out: String,
    left_out: usize,
}

impl Page {
    fn push(&mut self, part: &str) {
        // Once something does not fit, nothing after it is shown: the order is that of importance.
        if self.left_out > 0 || self.out.len() + part.len() > COMMENT_LIMIT {
            self.left_out += 1;
        } else {
            self.out.push_str(part);
        }
    }
}

fn head(view: &DriftView<'_>) -> String {
    let report = view.report;
    let counts = view.counted();
    let mut head = format!("### Drift: {}\n\n", report.verdict().word());
    let _ = write!(head, "{}", plural(report.stacks.len(), "stack"));
    if !counts.is_empty() {
        let _ = write!(head, ": {}", counts.join(", "));
    }
    head.push('\n');
    head
}

fn note(view: &DriftView<'_>, note: &RunNote) -> String {
    let mut out = format!("\n> **{}**", text(&note.message));
    for line in note.evidence.iter().chain(&note.help) {
        let _ = write!(out, "<br>{}", text(line));
    }
    if !note.stacks.is_empty() {
        let _ = write!(out, "<br>stacks: {}", names(view, &note.stacks));
    }
    out.push('\n');
    out
}

fn row(view: &DriftView<'_>, shown: &ShownGroup<'_>) -> String {
    let group = shown.group;
    let mark = match (shown.dangers().is_empty(), shown.is_quiet()) {
        (false, _) => "danger",
        (true, true) => "quiet",
        (true, false) => "",
    };
    let mut what = text(&group.title);
    for danger in shown.dangers().iter().take(MOST_DANGERS) {
        let _ = write!(what, "<br>**{}**", text(&danger.message));
    }
    format!(
        "| {mark} | {} | {what} | {} | {} |\n",
        group.class.word(),
        names(view, &shown.stacks()),
        text(shown.advice())
    )
}

/// The differences of a cause, to unfold.
fn details(view: &DriftView<'_>, shown: &ShownGroup<'_>) -> String {
    let cause = &shown.group.cause;
    let mut out = format!("\n<details><summary>{}</summary>\n\n", text(&shown.group.title));
    if let Some(who) = shown.who() {
        let _ = write!(out, "{}\n\n", text(&who));
    }
    for line in &cause.evidence {
        let _ = writeln!(out, "- {}", text(line));
    }
    if !cause.evidence.is_empty() {
        out.push('\n');
    }
    out.push_str("| stack | what | difference | where |\n|---|---|---|---|\n");
    for finding in shown.findings.iter().take(MOST_LISTED) {
        out.push_str(&line(view, finding));
    }
    let rest = shown.findings.len().saturating_sub(MOST_LISTED);
    if rest > 0 {
        let _ = write!(out, "\n… and {rest} more\n");
    }
    let fix = shown.findings.iter().find_map(|it| shown_fix(view.code, it.fix.as_ref()));
    if let Some(fix) = fix {
        let fence = fence(&fix.patch);
        let _ = write!(out, "\n{}:\n\n{fence}diff\n{}{fence}\n", text(fix.title), fix.patch);
    }
    out.push_str("\n</details>\n");
    out
}

fn line(view: &DriftView<'_>, finding: &Finding) -> String {
    let mut subject = finding.address.to_string();
    if let Some(path) = &finding.path {
        let _ = write!(subject, " {path}");
    }
    let difference = match finding.path {
        Some(_) => code(&difference(finding, LONGEST)),
        None => format!("an apply would {}", action_words(finding.action)),
    };
    let place = finding.place.as_ref().map(|place| code(&view.code.position(place.span)));
    format!(
        "| {} | {} | {difference} | {} |\n",
        text(view.stack_name(finding.stack)),
        code(&subject),
        place.unwrap_or_default()
    )
}

/// More backticks than `text` has in a row.
fn fence(text: &str) -> String {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    "`".repeat(3.max(longest + 1))
}

fn broken(view: &DriftView<'_>, out: &mut Page) {
    for stack in view.broken() {
        let (status, name) = (status_word(stack.status), text(&stack.stack.name));
        out.push(&format!("\n- {status}: **{name}**: {}", text(why(stack))));
    }
}

/// The names of `stacks`, and how many are left out.
fn names(view: &DriftView<'_>, stacks: &[usize]) -> String {
    view.names(stacks, MOST_NAMED, text)
}
