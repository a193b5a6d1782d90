//! Why the rules said something about a line, as text.

use std::fmt::Write;

use smol_str::SmolStr;

use super::harmless;
use crate::analysis::{Explained, Finding, Told};
use crate::diagnostic::SilencedBy;
use crate::rule::{Answer, Explanation, Step};
use crate::text::{Span, typed};

/// Of the ways on which one of many rules said something, so many are shown.
const MOST_WAYS: usize = 6;
/// Of more rules that do not apply, only the names are told.
const MOST_IDLE: usize = 10;
/// So many packs are named; `doctor` lists more.
const MOST_PACKS: usize = 5;

/// What was found out about line `line` of the file at `path`.
pub fn explained(found: &Explained, path: &str, line: u32) -> String {
    let mut out = String::new();
    match &found.address {
        Some(address) => {
            let _ = writeln!(out, "{path}:{line} is in `{address}`");
        }
        None => {
            let _ = writeln!(out, "{path}:{line}");
        }
    }
    if is_broken(found, path) {
        let typed = typed(&harmless(path)).into_owned();
        let _ = writeln!(
            out,
            "\nthis file is not valid, so what stands here may not be judged: `tautline check {typed}` says where"
        );
    }
    let idle = idle(found);
    for told in found.told.iter().filter(|told| !idle.contains(&&*told.rule)) {
        out.push('\n');
        rule(&mut out, found, told);
    }
    if !idle.is_empty() {
        let _ = writeln!(out, "\n{} rules do not apply: {}", idle.len(), idle.join(", "));
    }
    if let Some(rule) = &found.about {
        if found.told.is_empty() {
            let _ = writeln!(out, "\n{rule} looks at nothing here");
        }
        return out;
    }
    let (whose, others) = if found.told.is_empty() { ("No", "") } else { ("No other", " others") };
    let packs = match found.packs.len() {
        0..=MOST_PACKS => format!("the packs that are on ({})", found.packs.join(", ")),
        many => format!("the {many} packs that are on"),
    };
    let _ = writeln!(
        out,
        "\n{whose} rule looks at anything here, of {}{others} in {packs}",
        found.silent
    );
    if !found.told.is_empty() {
        let at = harmless(&format!("{path}:{line}")).into_owned();
        let at = typed(&at);
        let _ =
            writeln!(out, "`tautline explain --at {at} RULE` shows all that one of them looked at");
    }
    out
}

/// The rules of which only the name is told: those that do not apply, where they are many.
fn idle(found: &Explained) -> Vec<&str> {
    if found.about.is_some() {
        return Vec::new();
    }
    let idle = found.told.iter().filter(|told| verdict(told) == DOES_NOT_APPLY);
    let idle: Vec<&str> = idle.map(|told| &*told.rule).collect();
    if idle.len() > MOST_IDLE { idle } else { Vec::new() }
}

/// Whether the file at `path` is HCL and not valid.
fn is_broken(found: &Explained, path: &str) -> bool {
    let file = found.sources.iter().find(|file| *file.path == *path);
    file.and_then(|file| file.hcl.as_ref()).is_some_and(|document| !document.errors.is_empty())
}

fn rule(out: &mut String, found: &Explained, told: &Told) {
    let code = told.convention.as_deref().map(|code| format!(" {code}")).unwrap_or_default();
    let off = if told.enabled { "" } else { ", which is off" };
    let _ = writeln!(out, "{}{code}{off}: {}", told.rule, verdict(told));
    for Finding { severity, span, message, silenced } in &told.reported {
        let _ = writeln!(out, "  {severity} at {}: {}", place(found, *span), harmless(message));
        if let Some((by, reason)) = silenced {
            let _ = writeln!(out, "  silenced by {}", silencer(found, *by, reason.as_deref()));
        }
    }
    let ways = ways(found, told);
    for (at, way) in ways.iter().enumerate() {
        if told.ways.len() > 1 {
            let callers = callers(&way.callers);
            let _ = writeln!(out, "  {}. {}{callers}", at + 1, place(found, way.subject));
        }
        // Where nothing was said, the clause that decided is what one wants to know of each of many rules.
        let from = if is_decisive(found, told) { 0 } else { way.steps.len().saturating_sub(1) };
        for one in &way.steps[from..] {
            step(out, found, one);
        }
    }
    match told.ways.len() - ways.len() {
        0 => {}
        1 => out.push_str("  … and 1 more way\n"),
        more => {
            let _ = writeln!(out, "  … and {more} more ways");
        }
    }
    if told.ways.is_empty() {
        for (span, reason) in &told.unknown {
            let _ = writeln!(out, "  not known at {}: {}", place(found, *span), harmless(reason));
        }
        if found.about.is_some() {
            let _ = writeln!(
                out,
                "  a native check judges this: it has no clauses to show; its options: `tautline rules show {}`",
                told.rule
            );
        }
    }
}

/// Whether all clauses of `told` are shown: it is the one rule that was asked about, or it said something.
fn is_decisive(found: &Explained, told: &Told) -> bool {
    found.about.is_some() || told.ways.iter().any(says_something)
}

/// Whether a rule came to report something on this way, or to not knowing.
fn says_something(way: &Explanation) -> bool {
    let says = |step: &Step| matches!(step.answer, Answer::Reported | Answer::Unknown(_));
    way.steps.iter().any(says)
}

/// The ways of `told` that are shown: of many rules, those that made it say something, or the first.
fn ways<'a>(found: &Explained, told: &'a Told) -> Vec<&'a Explanation> {
    if found.about.is_some() {
        return told.ways.iter().collect();
    }
    let saying: Vec<_> =
        told.ways.iter().filter(|way| says_something(way)).take(MOST_WAYS).collect();
    if saying.is_empty() { told.ways.first().into_iter().collect() } else { saying }
}

/// So many callers are named.
const MOST_CALLERS: usize = 3;

/// From where something in a shared module is called.
fn callers(stacks: &[SmolStr]) -> String {
    let named: Vec<&str> = stacks.iter().take(MOST_CALLERS).map(SmolStr::as_str).collect();
    match stacks.len().saturating_sub(MOST_CALLERS) {
        _ if stacks.is_empty() => String::new(),
        0 => format!(", called from `{}`", named.join("`, `")),
        more => format!(", called from `{}` and {more} more", named.join("`, `")),
    }
}

/// What keeps `check` from reporting a finding, and why.
fn silencer(found: &Explained, by: SilencedBy, reason: Option<&str>) -> String {
    let by = match by {
        SilencedBy::Comment(span) => format!("the comment at {}", place(found, span)),
        SilencedBy::Waiver => "a waiver in the settings".to_owned(),
        SilencedBy::Baseline => "the baseline, which knows it".to_owned(),
    };
    match reason {
        Some(reason) => format!("{by}: {}", harmless(reason)),
        None => by,
    }
}

const DOES_NOT_APPLY: &str = "does not apply";

fn verdict(told: &Told) -> &'static str {
    let last = |wanted: &dyn Fn(&Answer) -> bool| {
        told.ways.iter().any(|way| way.steps.iter().any(|step| wanted(&step.answer)))
    };
    if told.reported.iter().any(|finding| finding.silenced.is_none()) {
        "reported"
    } else if !told.reported.is_empty() {
        "found, and silenced"
    } else if !told.unknown.is_empty() || last(&|answer| matches!(answer, Answer::Unknown(_))) {
        "not judged, because something is not known"
    } else if told.ways.is_empty() || last(&|answer| *answer == Answer::Met) {
        "fine"
    } else {
        DOES_NOT_APPLY
    }
}

fn step(out: &mut String, found: &Explained, step: &Step) {
    let answer = match &step.answer {
        Answer::Holds => "holds".to_owned(),
        Answer::DoesNotApply => "does not hold: stops".to_owned(),
        Answer::NoException => "does not hold: goes on".to_owned(),
        Answer::Excepted => "holds: stops".to_owned(),
        Answer::Named(0) => "there is none: stops".to_owned(),
        Answer::Named(1) => "named".to_owned(),
        Answer::Named(count) => format!("one of {count}"),
        Answer::Met => "fine".to_owned(),
        Answer::Reported => "reported".to_owned(),
        Answer::Unknown(reason) => format!("not known: {}", harmless(reason)),
    };
    let _ = writeln!(out, "     {}", harmless(&step.clause));
    let _ = write!(out, "       {answer}");
    if let Some((span, text)) = &step.found {
        let is_secret = found.redacted.iter().any(|secret| {
            secret.file == span.file
                && (secret.range.overlaps(span.range) || secret.contains(*span))
        });
        let text = if is_secret { "(hidden)" } else { text.as_str() };
        let _ = write!(out, " (`{}` at {})", harmless(text), place(found, *span));
    }
    let _ = writeln!(out, "  [{}]", step.place);
}

fn place(found: &Explained, span: Span) -> String {
    match found.sources.get(span.file.index()) {
        Some(file) => {
            let position = file.position(span.range.start);
            format!("{}:{}:{}", file.path, position.line, position.column)
        }
        None => "?".to_owned(),
    }
}
