//! The report for people: what the run as a whole shows, then one part per cause, most dangerous first, then what could not
//! be measured or read, and an account at the end.
//!
//! Invariant: a night on which nothing happened fits a screen; every list that is cut says how much is left out.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::super::text::{Place, Problem, Style, render_problem};
use super::super::{harmless, one_line, plural};
use super::patch::shown_fix;
use super::value::{cut, difference, sides};
use super::words::{action_words, class_meaning, status_word};
use super::{DriftView, ShownGroup, severity, why};
use crate::diagnostic::Severity;
use crate::drift::{Finding, RunNote, Seen, Unread};
use crate::text::Span;

/// Differences that are listed of one cause.
const MOST_LISTED: usize = 5;
/// Dangers that are told of one cause.
const MOST_DANGERS: usize = 5;
/// Stacks that are named in one line.
const MOST_NAMED: usize = 8;
/// Causes that are told in full.
const MOST_TOLD: usize = 30;
/// Causes that have a line each: quiet ones, and those that come after the ones told in full.
const MOST_LINES_OF_CAUSES: usize = 12;
/// Stacks without a plan that are told with their errors.
const MOST_BROKEN: usize = 12;
/// Files that are listed as not read.
const MOST_UNREAD: usize = 20;
/// Lines of an edit.
const MOST_LINES: usize = 16;
/// Characters of a value.
const LONGEST: usize = 80;

/// Renders `view`.
pub fn render(view: &DriftView<'_>, style: Style) -> String {
    let mut out = String::new();
    for note in &view.report.notes {
        push_note(&mut out, view, note, style);
    }
    let groups = view.groups();
    let (quiet, loud): (Vec<&ShownGroup<'_>>, Vec<_>) =
        groups.iter().partition(|group| group.is_quiet());
    let (told, listed) = loud.split_at(loud.len().min(MOST_TOLD));
    let mut edits = BTreeSet::new();
    for group in told {
        // The one that can be shown in the code, and best the one with an edit.
        let all = group.findings.iter();
        let first = all.min_by_key(|it| (it.fix.is_none(), it.place.is_none()));
        let Some(first) = first else { continue };
        push_group(&mut out, view, group, first, style);
        push_edit(&mut out, view, group, first, &mut edits, style);
        out.push('\n');
    }
    push_lines(&mut out, view, listed, style);
    push_broken(&mut out, view, style);
    push_health(&mut out, view, style);
    push_lines(&mut out, view, &quiet, style);
    push_unread(&mut out, &view.report.unread, style);
    push_account(&mut out, view, style);
    out
}

fn push_note(out: &mut String, view: &DriftView<'_>, note: &RunNote, style: Style) {
    let _ = writeln!(out, "{}: {}", style.bold("note"), one_line(&note.message));
    for line in &note.evidence {
        let _ = writeln!(out, "  {}", one_line(line));
    }
    if !note.stacks.is_empty() {
        let _ = writeln!(out, "  stacks: {}", names(view, &note.stacks));
    }
    push_help(out, note.help.as_deref());
    out.push('\n');
}

fn push_help(out: &mut String, help: Option<&str>) {
    for (at, line) in help.unwrap_or_default().lines().enumerate() {
        let lead = if at == 0 { "help: " } else { "      " };
        let _ = writeln!(out, "  {lead}{}", harmless(line));
    }
}

/// A cause: the frame of the place of its `first` difference, what is dangerous about it, and its differences.
fn push_group(
    out: &mut String,
    view: &DriftView<'_>,
    shown: &ShownGroup<'_>,
    first: &Finding,
    style: Style,
) {
    let group = shown.group;
    let label = one_line(&format!("here: {}", difference(first, LONGEST)));
    let places = places(view, first, &label);
    let worst = shown.findings.iter().map(|it| severity(it)).max().unwrap_or(Severity::Info);
    let (stacks, differences) = (shown.stacks(), shown.findings.len());
    let message = one_line(&group.title);
    let help = help(shown, first);
    out.push_str(&render_problem(
        &Problem {
            code: code(shown),
            severity: worst,
            message: &message,
            help: Some(&help),
            places,
        },
        style,
    ));
    let dangers = shown.dangers();
    for danger in dangers.iter().take(MOST_DANGERS) {
        let _ = writeln!(out, "  {} {}", style.bad("danger:"), one_line(&danger.message));
    }
    push_rest(out, dangers.len(), MOST_DANGERS, "danger");
    push_who(out, shown);
    // Where the frame has the one difference, nothing more is to be said about it.
    if differences > 1 || first.place.is_none() || first.path.is_none() {
        push_findings(out, view, shown, &stacks);
    } else {
        push_subject(out, view, first);
    }
}

/// The edit that settles `first`, in full where it is the first time: what is ignored in a block is one edit for all causes.
fn push_edit(
    out: &mut String,
    view: &DriftView<'_>,
    shown: &ShownGroup<'_>,
    first: &Finding,
    told: &mut BTreeSet<Span>,
    style: Style,
) {
    let Some(fix) = shown_fix(view.code, first.fix.as_ref()) else { return };
    let title = one_line(fix.title);
    let place = first.fix.as_ref().and_then(|fix| Some(fix.edits.first()?.span));
    if place.is_some_and(|place| !told.insert(place)) {
        let _ = writeln!(out, "  {} {title}, the same as above", style.bold("edit:"));
    } else {
        let _ = writeln!(out, "  {} {title}", style.bold("edit:"));
        let lines: Vec<&str> = fix.hunks().collect();
        for line in lines.iter().take(MOST_LINES) {
            let line = harmless(line);
            let line = match line.as_bytes().first() {
                Some(b'+') => style.good(&line),
                Some(b'-') => style.bad(&line),
                _ => line.into_owned(),
            };
            let _ = writeln!(out, "    {line}");
        }
        push_rest(out, lines.len(), MOST_LINES, "line");
    }
    let others = shown.other_fixes(first);
    if others > 0 {
        let _ = writeln!(out, "    and {}: `--format sarif`", plural(others, "more such edit"));
    }
}

/// `drift[out-of-band] danger[reverts-live]`
fn code(shown: &ShownGroup<'_>) -> String {
    let mut code = format!("drift[{}]", shown.group.class.word());
    let mut risks: Vec<_> = shown.dangers().iter().map(|danger| danger.risk).collect();
    risks.sort_unstable();
    risks.dedup();
    for risk in risks {
        let _ = write!(code, " danger[{}]", risk.word());
    }
    code
}

/// Where the difference stands, and where its value is written.
fn places<'a>(view: &DriftView<'a>, finding: &'a Finding, label: &'a str) -> Vec<Place<'a>> {
    let at = |span: Span, label| view.code.place(span, label);
    let Some(place) = &finding.place else { return Vec::new() };
    let mut places = vec![at(place.span, finding.path.is_some().then_some(label))];
    places.extend(place.source.iter().map(|it| at(it.span, Some(it.message.as_str()))));
    places
}

/// What to do.
fn help(shown: &ShownGroup<'_>, first: &Finding) -> String {
    let advice = shown.group.cause.advice.as_deref().unwrap_or(&first.advice);
    if advice.is_empty() { class_meaning(shown.group.class).to_owned() } else { advice.to_owned() }
}

fn push_who(out: &mut String, shown: &ShownGroup<'_>) {
    match shown.who() {
        Some(who) => {
            let _ = writeln!(out, "  cause: {}", one_line(&who));
        }
        None if shown.group.cause.evidence.is_empty() => {}
        None => out.push_str("  evidence:\n"),
    }
    for line in &shown.group.cause.evidence {
        let _ = writeln!(out, "    {}", one_line(line));
    }
}

/// The first differences, and the stacks of all.
fn push_findings(out: &mut String, view: &DriftView<'_>, shown: &ShownGroup<'_>, stacks: &[usize]) {
    for finding in shown.findings.iter().take(MOST_LISTED) {
        push_subject(out, view, finding);
        let width = sides(finding).iter().map(|(name, _)| name.len()).max().unwrap_or(0);
        if finding.path.is_some() {
            for (name, value) in sides(finding) {
                let value = super::value::brief(value, LONGEST);
                let _ = writeln!(out, "    {name:width$}  {value}");
            }
        } else {
            let _ = writeln!(out, "    an apply would {}", action_words(finding.action));
        }
    }
    push_rest(out, shown.findings.len(), MOST_LISTED, "difference");
    if stacks.len() > 1 {
        let _ = writeln!(out, "  stacks: {}", names(view, stacks));
    }
}

/// Whose difference it is, and what is to be known about that.
fn push_subject(out: &mut String, view: &DriftView<'_>, finding: &Finding) {
    let stack = view.stack_name(finding.stack);
    let _ = writeln!(out, "  {}: {}{}", one_line(stack), subject(finding), age(finding));
    if finding.forces_replacement {
        let _ = writeln!(out, "    it is why the whole would be replaced");
    } else if finding.path.is_some() && finding.action.replaces() {
        let _ = writeln!(out, "    an apply would {} as a whole", action_words(finding.action));
    }
    if let Some(caveat) = finding.place.as_ref().and_then(|place| place.caveat.as_deref()) {
        let _ = writeln!(out, "    place: {}", one_line(caveat));
    }
}

/// `kubernetes_deployment.dns spec[0].replicas`
fn subject(finding: &Finding) -> String {
    let mut text = finding.address.to_string();
    if let Some(key) = &finding.deposed {
        let _ = write!(text, " (deposed {key})");
    }
    if let Some(path) = &finding.path {
        let _ = write!(text, " {path}");
    }
    one_line(&text)
}

/// ` (for 3 days)`
fn age(finding: &Finding) -> String {
    finding.seen.as_ref().map(|seen| format!(" ({})", since(seen))).unwrap_or_default()
}

/// `for 3 days`, and who knows of it.
fn since(seen: &Seen) -> String {
    let mut text = match seen.days {
        0 => "since today".to_owned(),
        days => format!("for {}", plural(days as usize, "day")),
    };
    if let Some(known) = &seen.acknowledged {
        let reason = one_line(&known.reason);
        let _ = write!(text, ", acknowledged until {}: {reason}", one_line(&known.until));
    }
    text
}

/// Whatever keeps a stack from being measured.
fn push_broken(out: &mut String, view: &DriftView<'_>, style: Style) {
    let broken = view.broken();
    for stack in broken.iter().take(MOST_BROKEN) {
        let age = stack.seen.as_ref().map(|seen| format!(" ({})", since(seen)));
        let status = style.bad(status_word(stack.status));
        let name = one_line(&stack.stack.name);
        let _ = writeln!(out, "{status}: {name}{}", age.unwrap_or_default());
        let is_said = |line: &&String| stack.problems.iter().any(|it| it.summary == **line);
        for line in stack.evidence.iter().filter(|line| !is_said(line)) {
            let _ = writeln!(out, "  {}", one_line(line));
        }
        if let Some(problem) = stack.problems.iter().find(|problem| problem.is_error) {
            let place = problem.place.as_ref().map(|(file, line)| format!("{file}:{line}: "));
            let summary = format!("{}{}", place.unwrap_or_default(), problem.summary);
            let _ = writeln!(out, "  {}", one_line(&summary));
            let detail = cut(&one_line(&problem.detail), 4 * LONGEST);
            if !detail.is_empty() {
                let _ = writeln!(out, "    {detail}");
            }
        }
    }
    push_rest(out, broken.len(), MOST_BROKEN, "stack");
    let left_out = view.left_out();
    for stack in left_out.iter().take(MOST_BROKEN) {
        let (status, name) = (style.bold(status_word(stack.status)), one_line(&stack.stack.name));
        let age = stack.seen.as_ref().map(|seen| format!(" ({})", since(seen)));
        let _ =
            writeln!(out, "{status}: {name}{}: {}", age.unwrap_or_default(), one_line(why(stack)));
    }
    push_rest(out, left_out.len(), MOST_BROKEN, "stack");
    if !broken.is_empty() || !left_out.is_empty() {
        out.push('\n');
    }
}

/// Checks that do not hold, and outputs that differ where nothing else does.
fn push_health(out: &mut String, view: &DriftView<'_>, style: Style) {
    let mut any = false;
    for stack in &view.report.stacks {
        let name = one_line(&stack.stack.name);
        for check in &stack.checks {
            any = true;
            let said =
                std::iter::once(&check.address).chain(&check.messages).map(|it| one_line(it));
            let said: Vec<String> = said.collect();
            let fails = style.wary("check fails");
            let _ = write!(out, "{fails}: {name}: {}", said[0]);
            let messages = said[1..].join("; ");
            let _ = if messages.is_empty() { writeln!(out) } else { writeln!(out, ": {messages}") };
        }
        if !stack.outputs.is_empty() && stack.findings.is_empty() {
            any = true;
            let outputs: Vec<String> = stack.outputs.iter().map(|it| one_line(&it.name)).collect();
            let outputs = cut(&outputs.join(", "), 2 * LONGEST);
            let only = style.wary("only outputs differ");
            let _ = writeln!(out, "{only}: {name}: {outputs}");
        }
    }
    if any {
        out.push('\n');
    }
}

/// A line for each cause.
fn push_lines(out: &mut String, view: &DriftView<'_>, groups: &[&ShownGroup<'_>], style: Style) {
    for shown in groups.iter().take(MOST_LINES_OF_CAUSES) {
        let (class, stacks) = (shown.group.class.word(), shown.stacks());
        let known = shown.findings.iter().find_map(|it| it.acknowledged());
        let until = known.map(|it| format!(", acknowledged until {}", one_line(&it.until)));
        let title = one_line(&shown.group.title);
        let _ = writeln!(out, "{}: {title}{}", style.bold(class), until.unwrap_or_default());
        let _ = writeln!(out, "  stacks: {}", names(view, &stacks));
    }
    push_rest(out, groups.len(), MOST_LINES_OF_CAUSES, "cause");
    if !groups.is_empty() {
        out.push('\n');
    }
}

fn push_unread(out: &mut String, unread: &[Unread], style: Style) {
    for unread in unread.iter().take(MOST_UNREAD) {
        let head = if unread.is_missing { style.bad("not read") } else { style.bold("left alone") };
        let _ = writeln!(out, "{head}: {}: {}", one_line(&unread.file), one_line(&unread.why));
        push_help(out, unread.help.as_deref());
    }
    push_rest(out, unread.len(), MOST_UNREAD, "file");
    if !unread.is_empty() {
        out.push('\n');
    }
}

/// `drift: 3 stacks drift, 1 error, 151 clean; 12 differences of 4 causes`
fn push_account(out: &mut String, view: &DriftView<'_>, style: Style) {
    let verdict = view.report.verdict();
    let word = match verdict {
        crate::drift::Verdict::Clean => style.good(verdict.word()),
        crate::drift::Verdict::Error => style.bad(verdict.word()),
        _ => style.wary(verdict.word()),
    };
    let counts = view.counted();
    let stacks = plural(view.report.stacks.len(), "stack");
    let _ = write!(out, "{word}: {stacks}");
    if !counts.is_empty() {
        let _ = write!(out, " ({})", counts.join(", "));
    }
    let (findings, causes) = (view.report.findings.len(), view.report.groups.len());
    if findings > 0 {
        let _ = write!(out, ", {} of {}", plural(findings, "difference"), plural(causes, "cause"));
    }
    let missing = view.report.unread.iter().filter(|it| it.is_missing).count();
    if missing > 0 {
        let _ = write!(out, ", {} not read", plural(missing, "file"));
    }
    out.push('\n');
    let hidden = findings - view.findings().count();
    if hidden > 0 {
        let _ = writeln!(out, "{} not shown", plural(hidden, "difference"));
    }
}

/// The names of `stacks`, and how many are left out.
fn names(view: &DriftView<'_>, stacks: &[usize]) -> String {
    view.names(stacks, MOST_NAMED, one_line)
}

/// Says how many of `all` are not among the first `most`.
fn push_rest(out: &mut String, all: usize, most: usize, noun: &str) {
    if all > most {
        let _ =
            writeln!(out, "  … and {} more: `--format html` or `json`", plural(all - most, noun));
    }
}
