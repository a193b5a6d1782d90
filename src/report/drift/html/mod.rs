//! One page for a browser, with nothing to load: stacks by class, causes with every difference, ages and the trend.
//!
//! Invariant: the page asks the network for nothing, and says so to the browser; without scripts it reads the same, and only
//! the filters are gone; it fits a narrow window, a dark room and a keyboard.

mod causes;
mod escape;
mod matrix;
mod trend;

use std::fmt::Write as _;

use super::super::json::TOOL;
use super::super::plural;
use super::words::{CLASSES, STATUSES, class_meaning, status_word};
use super::{DriftView, ShownGroup};
use crate::drift::{RunNote, Seen, Status, Verdict};
use escape::{esc, lines, sentence};

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");
/// By this the browser knows our script, and runs no other: `openssl dgst -sha256 -binary page.js | base64`. A test has a
/// browser look.
const SCRIPT_HASH: &str = "sha256-Hh9NXMDVQGuxyBJpFM+C+mSoT4qIRRnQ62UpRCJRKPY=";

/// Renders `view`.
pub fn render(view: &DriftView<'_>) -> String {
    let groups = view.groups();
    let mut out = String::new();
    head(&mut out, view);
    trend::push(&mut out, &view.report.trend);
    for note in &view.report.notes {
        push_note(&mut out, view, note);
    }
    if !groups.is_empty() {
        push_filters(&mut out, view, &groups);
    }
    matrix::push(&mut out, view);
    causes::push(&mut out, view, &groups);
    push_broken(&mut out, view);
    push_health(&mut out, view);
    push_unread(&mut out, view);
    push_calm(&mut out, view);
    let _ = write!(
        out,
        "</main>\n<footer>{}. Values that are or may be secret are masked; everything on this page is \
         in the page.</footer>\n<script>{SCRIPT}</script>\n</body>\n</html>\n",
        esc(TOOL)
    );
    out
}

fn head(out: &mut String, view: &DriftView<'_>) {
    let report = view.report;
    let verdict = report.verdict();
    let stacks = plural(report.stacks.len(), "stack");
    let _ = write!(
        out,
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; \
         style-src 'unsafe-inline'; script-src '{SCRIPT_HASH}'; base-uri 'none'; form-action 'none'\">\n\
         <meta name=\"referrer\" content=\"no-referrer\">\n<title>Drift: {}, {stacks}</title>\n\
         <style>\n{STYLE}</style>\n</head>\n<body>\n<main>\n<header>\n\
         <div class=\"top\"><h1>Drift in {stacks}</h1> <span class=\"tag {}\">{}</span></div>\n",
        verdict.word(),
        verdict_class(verdict),
        verdict.word()
    );
    push_source(out, view);
    out.push_str("<ul class=\"tiles\">\n");
    for status in STATUSES.into_iter().filter(|status| view.count(*status) > 0) {
        let (count, word) = (view.count(status), status_word(status));
        let _ = writeln!(out, "<li><b>{count}</b> {word}</li>");
    }
    let (findings, causes) = (report.findings.len(), report.groups.len());
    let _ = writeln!(
        out,
        "<li><b>{findings}</b> {}</li>\n<li><b>{causes}</b> {}</li>",
        if findings == 1 { "difference" } else { "differences" },
        if causes == 1 { "cause" } else { "causes" },
    );
    out.push_str("</ul>\n</header>\n");
}

/// Which commits were planned, and when.
fn push_source(out: &mut String, view: &DriftView<'_>) {
    let stacks = &view.report.stacks;
    let mut commits: Vec<&str> =
        stacks.iter().filter_map(|it| Some(&*it.commit.as_ref()?.id)).collect();
    commits.sort_unstable();
    commits.dedup();
    let mut times: Vec<&str> = stacks.iter().filter_map(|it| it.planned_at.as_deref()).collect();
    times.sort_unstable();
    let mut parts = Vec::new();
    match (times.first(), times.last()) {
        (Some(first), Some(last)) if first == last => parts.push(format!("planned {}", esc(first))),
        (Some(first), Some(last)) => parts.push(format!("planned {} to {}", esc(first), esc(last))),
        _ => {}
    }
    match commits.as_slice() {
        [] => {}
        [one] => parts.push(format!("commit <code>{}</code>", esc(one))),
        more => parts.push(plural(more.len(), "commit")),
    }
    if !parts.is_empty() {
        let _ = writeln!(out, "<p class=\"dim\">{}</p>", parts.join(", "));
    }
}

fn verdict_class(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Clean => "good",
        Verdict::Drift | Verdict::Incomplete => "warning",
        Verdict::Error => "error",
    }
}

/// The colour of a status.
fn status_class(status: Status) -> &'static str {
    match status {
        Status::Clean => "good",
        Status::Masked | Status::NotMeasured => "info",
        Status::Pending | Status::Locked | Status::Timeout | Status::BlockedByLint => "warning",
        Status::Drift | Status::Error => "error",
    }
}

fn push_note(out: &mut String, view: &DriftView<'_>, note: &RunNote) {
    let _ = write!(out, "<section class=\"note\"><p><b>{}</b></p>", sentence(&note.message));
    for line in &note.evidence {
        let _ = write!(out, "<p class=\"dim\">{}</p>", sentence(line));
    }
    if !note.stacks.is_empty() {
        let names: Vec<String> = note.stacks.iter().map(|&at| esc(view.stack_name(at))).collect();
        let _ = write!(out, "<p>Stacks: {}</p>", names.join(", "));
    }
    if let Some(help) = &note.help {
        let _ = write!(out, "<p>{}</p>", sentence(help));
    }
    out.push_str("</section>\n");
}

/// What filters the differences; hidden until the script shows it.
fn push_filters(out: &mut String, view: &DriftView<'_>, groups: &[ShownGroup<'_>]) {
    out.push_str(
        "<form id=\"filters\" aria-label=\"Filters\" hidden>\n\
         <label>Text <input type=\"search\" name=\"text\" autocomplete=\"off\"></label>\n\
         <label>Cause <select name=\"cause\"><option value=\"\">all</option>\n",
    );
    for (at, shown) in groups.iter().enumerate() {
        let _ = writeln!(out, "<option value=\"{at}\">{}</option>", esc(&shown.group.title));
    }
    out.push_str(
        "</select></label>\n<label>Stack <select name=\"stack\"><option value=\"\">all</option>\n",
    );
    for (at, stack) in view.report.stacks.iter().enumerate() {
        if !view.findings_of(stack).is_empty() {
            let _ = writeln!(out, "<option value=\"{at}\">{}</option>", esc(&stack.stack.name));
        }
    }
    out.push_str("</select></label>\n<fieldset><legend>Class</legend>\n");
    for class in CLASSES {
        if view.findings().any(|finding| finding.class == class) {
            let (word, meaning) = (class.word(), class_meaning(class));
            let _ = writeln!(
                out,
                "<label title=\"{}\"><input type=\"checkbox\" name=\"class\" value=\"{word}\">{word}</label>",
                esc(meaning)
            );
        }
    }
    out.push_str(
        "</fieldset>\n<button type=\"reset\">Show all</button>\n\
         <span id=\"shown\" class=\"dim\" role=\"status\" aria-live=\"polite\"></span>\n</form>\n",
    );
}

/// Stacks that could not be measured, with what Terraform said.
fn push_broken(out: &mut String, view: &DriftView<'_>) {
    let broken = [view.broken(), view.left_out()].concat();
    if broken.is_empty() {
        return;
    }
    out.push_str("<h2 id=\"not-measured\">Not measured</h2>\n<ul class=\"plain broken\">\n");
    for stack in broken {
        let _ = write!(
            out,
            "<li><b>{}</b> <span class=\"tag {}\">{}</span>{}",
            esc(&stack.stack.name),
            status_class(stack.status),
            status_word(stack.status),
            age(stack.seen.as_ref())
        );
        for line in &stack.evidence {
            let _ = write!(out, "<p>{}</p>", sentence(line));
        }
        for problem in stack.problems.iter().filter(|problem| problem.is_error) {
            let place = problem.place.as_ref().map(|(file, line)| format!("{file}:{line}"));
            let _ = write!(
                out,
                "<details><summary>{} <code>{}</code></summary><pre>{}</pre></details>",
                sentence(&problem.summary),
                esc(&place.unwrap_or_default()),
                lines(&problem.detail)
            );
        }
        out.push_str("</li>\n");
    }
    out.push_str("</ul>\n");
}

/// Checks that do not hold, and outputs that differ.
fn push_health(out: &mut String, view: &DriftView<'_>) {
    let stacks = &view.report.stacks;
    if stacks.iter().any(|stack| !stack.checks.is_empty()) {
        out.push_str("<h2>Checks that do not hold</h2>\n<ul>\n");
        for stack in stacks {
            for check in &stack.checks {
                let messages = check.messages.join("; ");
                let (name, address) = (esc(&stack.stack.name), esc(&check.address));
                let messages = match messages.as_str() {
                    "" => String::new(),
                    said => format!(": {}", sentence(said)),
                };
                let _ = writeln!(out, "<li><b>{name}</b> <code>{address}</code>{messages}</li>");
            }
        }
        out.push_str("</ul>\n");
    }
    if stacks.iter().any(|stack| !stack.outputs.is_empty()) {
        out.push_str("<h2>Outputs that differ</h2>\n<ul>\n");
        for stack in stacks {
            for output in &stack.outputs {
                let _ = writeln!(
                    out,
                    "<li><b>{}</b> <code>{}</code>: <code>{}</code> → <code>{}</code></li>",
                    esc(&stack.stack.name),
                    esc(&output.name),
                    esc(&super::value::brief(&output.before, 200)),
                    esc(&super::value::brief(&output.after, 200))
                );
            }
        }
        out.push_str("</ul>\n");
    }
}

fn push_unread(out: &mut String, view: &DriftView<'_>) {
    if view.report.unread.is_empty() {
        return;
    }
    out.push_str("<h2>Not read</h2>\n<ul class=\"plain unread\">\n");
    for unread in &view.report.unread {
        let class = if unread.is_missing { "" } else { " class=\"calm\"" };
        let _ =
            write!(out, "<li{class}><code>{}</code>: {}", esc(&unread.file), sentence(&unread.why));
        if let Some(help) = &unread.help {
            let _ = write!(out, "<p>{}</p>", sentence(help));
        }
        out.push_str("</li>\n");
    }
    out.push_str("</ul>\n");
}

/// Stacks in which nothing differs.
fn push_calm(out: &mut String, view: &DriftView<'_>) {
    let calm = view.report.stacks.iter().filter(|stack| stack.status == Status::Clean);
    let names: Vec<String> = calm.map(|stack| esc(&stack.stack.name)).collect();
    if !names.is_empty() {
        let _ = writeln!(
            out,
            "<h2>Clean</h2>\n<details><summary>{}</summary><p>{}</p></details>",
            plural(names.len(), "stack"),
            names.join(", ")
        );
    }
}

/// For how long, since when, and who knows of it; for behind a name.
fn age(seen: Option<&Seen>) -> String {
    let Some(seen) = seen else { return String::new() };
    let days = match seen.days {
        0 => "new".to_owned(),
        days => format!("for {}", plural(days as usize, "day")),
    };
    let mut out = format!(
        " <span class=\"dim\" title=\"first seen {}, in {}\">{days}</span>",
        esc(&seen.first),
        plural(seen.times as usize, "measurement")
    );
    if let Some(known) = &seen.acknowledged {
        let _ = write!(
            out,
            " <span class=\"tag info\" title=\"{}\">acknowledged until {}</span>",
            esc(&known.reason),
            esc(&known.until)
        );
    }
    out
}
