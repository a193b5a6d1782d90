//! The causes, each with its differences.

use std::fmt::Write as _;

use super::super::super::{plural, shown as code_shown};
use super::super::patch::shown_fix;
use super::super::value::{APPLIED, RUNNING, WANTED, brief, cut, sides, whole};
use super::super::words::{action_words, class_meaning};
use super::super::{DriftView, ShownGroup, severity};
use super::age;
use super::escape::{esc, lines, sentence};
use crate::diagnostic::{Label, Severity};
use crate::drift::{Finding, Place, Shown};
use crate::text::{Span, TextRange, patch};

/// Differences that are listed of one cause.
const MOST_LISTED: usize = 300;
/// Differences that are shown with the code and both sides in full; further ones are a line each.
const MOST_IN_FULL: usize = 60;
/// Dangers that are told beside a title.
const MOST_DANGERS: usize = 5;
/// Lines of code around a place.
const AROUND: usize = 2;
/// The same, on the whole page: it has to fit the memory of a phone.
const MOST_IN_FULL_AT_ALL: usize = 600;
/// Characters of a value, in full.
const MOST_OF_VALUE: usize = 4000;
/// Characters of a value in a summary.
const LONGEST: usize = 60;

/// A side as text, and what it is called.
type NamedText = (&'static str, String);

/// How much of a difference is shown.
#[derive(Clone, Copy)]
struct Shows {
    /// The code, and both sides as long as they are.
    in_full: bool,
    /// Without a click.
    open: bool,
}

/// Adds the causes, in their order.
pub(super) fn push(out: &mut String, view: &DriftView<'_>, groups: &[ShownGroup<'_>]) {
    if groups.is_empty() {
        return;
    }
    out.push_str("<h2 id=\"causes\">Causes</h2>\n");
    let mut left = MOST_IN_FULL_AT_ALL;
    for (number, shown) in groups.iter().enumerate() {
        let in_full = left.min(MOST_IN_FULL);
        push_cause(out, view, (number, shown), in_full);
        left -= in_full.min(shown.findings.len());
    }
}

/// Adds one cause; its first `in_full` differences with everything about them.
fn push_cause(
    out: &mut String,
    view: &DriftView<'_>,
    (number, shown): (usize, &ShownGroup<'_>),
    in_full: usize,
) {
    let worst = shown.findings.iter().map(|it| severity(it)).max().unwrap_or(Severity::Info);
    let (group, cause) = (shown.group, &shown.group.cause);
    let _ = write!(
        out,
        "<article class=\"cause is-{}\"><details{}>\n<summary><h3>{}</h3> \
         <span class=\"tag {}\" title=\"{}\">{}</span>",
        worst.word(),
        if shown.is_quiet() { "" } else { " open" },
        sentence(&group.title),
        worst.word(),
        esc(class_meaning(group.class)),
        group.class.word()
    );
    let dangers = shown.dangers();
    for danger in dangers.iter().take(MOST_DANGERS) {
        let _ = write!(out, "<p class=\"danger\">{}</p>", sentence(&danger.message));
    }
    if dangers.len() > MOST_DANGERS {
        let more = plural(dangers.len() - MOST_DANGERS, "more danger");
        let _ = write!(out, "<p class=\"danger\">… and {more}, told below</p>");
    }
    out.push_str("</summary>\n<div class=\"body\">\n<dl class=\"facts\">");
    if let Some(who) = shown.who() {
        fact(out, "cause", &sentence(&who));
    }
    if !cause.evidence.is_empty() {
        let lines: Vec<String> = cause.evidence.iter().map(|line| sentence(line)).collect();
        fact(out, "evidence", &lines.join("<br>"));
    }
    for label in &cause.related {
        fact(out, "see", &related(view, label));
    }
    let advice = shown.advice();
    if !advice.is_empty() {
        fact(out, "what to do", &sentence(advice));
    }
    let stacks: Vec<String> = shown.stacks().iter().map(|&at| esc(view.stack_name(at))).collect();
    fact(out, "stacks", &stacks.join(", "));
    out.push_str("</dl>\n");
    let findings = shown.numbers.iter().zip(&shown.findings).take(MOST_LISTED);
    for (at, (&index, finding)) in findings.enumerate() {
        let shows = Shows { in_full: at < in_full, open: at == 0 && !shown.is_quiet() };
        push_finding(out, view, (number, index), finding, shows);
    }
    let rest = shown.findings.len().saturating_sub(MOST_LISTED);
    if rest > 0 {
        let _ = writeln!(
            out,
            "<p class=\"dim\">… and {}: <code>--format json</code> has them all</p>",
            plural(rest, "more difference")
        );
    }
    out.push_str("</div></details></article>\n");
}

/// `name` and `value`, which is markup.
fn fact(out: &mut String, name: &str, value: &str) {
    let _ = write!(out, "<dt>{name}</dt><dd>{value}</dd>");
}

fn related(view: &DriftView<'_>, label: &Label) -> String {
    format!("<code>{}</code>: {}", esc(&view.code.position(label.span)), sentence(&label.message))
}

fn push_finding(
    out: &mut String,
    view: &DriftView<'_>,
    (cause, number): (usize, usize),
    finding: &Finding,
    Shows { in_full, open }: Shows,
) {
    let class = finding.class.word();
    let _ = write!(
        out,
        "<div class=\"finding\" id=\"f-{number}\" data-stack=\"{}\" data-class=\"{class}\" \
         data-cause=\"{cause}\"><details{}><summary><b>{}</b> <code>{}</code> {}{}</summary>\n\
         <div class=\"inner\">",
        finding.stack,
        if open { " open" } else { "" },
        esc(view.stack_name(finding.stack)),
        esc(&subject(finding)),
        in_short(finding),
        age(finding.seen.as_ref())
    );
    let _ = write!(out, "<p class=\"dim\">{class}: {}", esc(class_meaning(finding.class)));
    if let Some(reason) = &finding.reason {
        let _ = write!(out, " (<code>{}</code>)", esc(reason));
    }
    out.push_str("</p>");
    for danger in &finding.dangers {
        let _ = write!(out, "<p class=\"danger\">{}</p>", sentence(&danger.message));
    }
    if finding.forces_replacement {
        out.push_str("<p class=\"danger\">It is why the whole would be replaced.</p>");
    }
    if in_full && (finding.path.is_some() || has_values(finding)) {
        push_values(out, finding);
    }
    if let Some(place) = &finding.place {
        push_place(out, view, place, in_full);
    }
    if let (true, Some(fix)) = (in_full, shown_fix(view.code, finding.fix.as_ref())) {
        let _ = write!(out, "<p><b>Edit:</b> {}</p>", sentence(fix.title));
        push_patch(out, fix.hunks());
    }
    if !finding.advice.is_empty() {
        let _ = write!(out, "<p>{}</p>", sentence(&finding.advice));
    }
    out.push_str("</div></details></div>\n");
}

fn subject(finding: &Finding) -> String {
    let deposed = finding.deposed.as_ref().map(|key| format!(" (deposed {key})"));
    let path = finding.path.as_ref().map(|path| format!(" {path}"));
    format!("{}{}{}", finding.address, deposed.unwrap_or_default(), path.unwrap_or_default())
}

/// What differs, in a few words of markup.
fn in_short(finding: &Finding) -> String {
    if finding.path.is_none() {
        return format!(
            "<span class=\"dim\">an apply would {}</span>",
            action_words(finding.action)
        );
    }
    let values = sides(finding).into_iter().map(|(name, shown)| {
        format!("<span class=\"dim\">{name}</span> <code>{}</code>", esc(&brief(shown, LONGEST)))
    });
    values.collect::<Vec<_>>().join(" ")
}

fn has_values(finding: &Finding) -> bool {
    [&finding.base, &finding.live, &finding.want].iter().any(|it| matches!(it, Shown::Value(_)))
}

/// The sides, one after the other where they are short, else as what leads from one to the next.
fn push_values(out: &mut String, finding: &Finding) {
    let sides = [(APPLIED, &finding.base), (RUNNING, &finding.live), (WANTED, &finding.want)];
    let whole = sides.map(|(name, shown)| (name, cut(&whole(shown), MOST_OF_VALUE)));
    if whole.iter().all(|(_, text)| !text.contains('\n')) {
        out.push_str("<dl class=\"facts\">");
        for (name, text) in &whole {
            fact(out, name, &format!("<code>{}</code>", esc(text)));
        }
        out.push_str("</dl>");
        return;
    }
    let [base, live, want] = &whole;
    if base.1 == want.1 {
        let _ = write!(out, "<p class=\"dim\">{} and {} agree</p>", base.0, want.0);
        push_difference(out, want, live);
    } else {
        push_difference(out, base, live);
        push_difference(out, live, want);
    }
}

/// What leads from one side to another, each with its name.
fn push_difference(out: &mut String, (from, before): &NamedText, (to, after): &NamedText) {
    if before == after {
        let _ = write!(out, "<p class=\"dim\">{from} and {to} agree</p>");
        return;
    }
    let _ = write!(out, "<p class=\"dim\">from {from} to {to}</p>");
    let text = patch("x", &format!("{before}\n"), &format!("{after}\n"));
    push_patch(out, text.lines().skip_while(|line| !line.starts_with("@@")));
}

fn push_patch<'l>(out: &mut String, patch: impl Iterator<Item = &'l str>) {
    out.push_str("<pre>");
    for line in patch {
        let class = match line.as_bytes().first() {
            Some(b'+') => "add",
            Some(b'-') => "del",
            _ => "same",
        };
        let _ = write!(out, "<span class=\"{class}\">{}</span>", lines(line));
    }
    out.push_str("</pre>");
}

/// The lines of code around a place, with its own marked.
fn push_place(out: &mut String, view: &DriftView<'_>, place: &Place, in_full: bool) {
    let shared = match place.stacks {
        stacks if place.is_shared => format!(", one place for {}", plural(stacks, "stack")),
        _ => String::new(),
    };
    let _ = write!(out, "<p><code>{}</code>{shared}</p>", esc(&view.code.position(place.span)));
    if let Some(source) = &place.source {
        let _ = write!(out, "<p>{}</p>", related(view, source));
    }
    if let Some(caveat) = &place.caveat {
        let _ = write!(out, "<p class=\"dim\">{}</p>", sentence(caveat));
    }
    if !in_full {
        return;
    }
    let file = view.code.source(place.span);
    let index = file.lines();
    let (first, last) =
        (index.line_of(place.span.range.start), index.line_of(place.span.range.end));
    let last = last.min(first + 2 * AROUND);
    out.push_str("<pre>");
    for line in first.saturating_sub(AROUND)..(last + AROUND + 1).min(index.count()) {
        let range: TextRange = index.range_of(&file.text, line);
        let span = Span { file: place.span.file, range };
        let text = code_shown::snippet(view.code, span).unwrap_or_else(|| "…".to_owned());
        let class = if (first..=last).contains(&line) { "at" } else { "same" };
        let _ = write!(out, "<span class=\"{class}\">{:4}  {}</span>", line + 1, lines(&text));
    }
    out.push_str("</pre>");
}
