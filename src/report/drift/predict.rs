//! What will drift, for people and for programs.
//!
//! Invariant: no value of the code is printed, only names, paths and reasons.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::Serialize;
use smol_str::SmolStr;

use super::super::json::TOOL;
use super::super::{harmless, json_line, plural};
use crate::drift::Verdict;
use crate::drift::predict::{Entry, Flaw, Forecast, Predicted, Subject, Unsure};
use crate::syntax::SourceFile;
use crate::text::Span;

/// The version of the JSON.
const VERSION: u32 = 1;
/// Stacks that are named in one line.
const MOST_NAMED: usize = 4;
/// Places that are listed of what is harmless, or cannot be told.
const MOST_LISTED: usize = 5;

/// A forecast and the files that it speaks of.
#[derive(Clone, Copy, Debug)]
pub struct ForecastView<'a> {
    /// The forecast.
    pub forecast: &'a Forecast,
    /// The files; a `FileId` is an index.
    pub sources: &'a [SourceFile],
    /// Whether lists are printed as a whole.
    pub is_full: bool,
    /// Whether something went wrong inside of tautline, so that the forecast lacks something.
    pub has_failures: bool,
}

impl ForecastView<'_> {
    /// How it ends: what cannot be told does not count.
    pub fn verdict(&self) -> Verdict {
        match self.forecast.drifts.is_empty() {
            _ if self.has_failures => Verdict::Error,
            true => Verdict::Clean,
            false => Verdict::Drift,
        }
    }

    fn place(&self, span: Span) -> (&str, usize) {
        let source = &self.sources[span.file.index()];
        let line = source.lines().line_of(span.range.start) + 1;
        (&source.path, line)
    }

    fn subject<'v>(&'v self, it: &'v Subject) -> SubjectEntry<'v> {
        let (path, line) = self.place(it.span);
        SubjectEntry { address: &it.address, path, line, stacks: &it.stacks }
    }

    fn at(&self, span: Span) -> String {
        let (path, line) = self.place(span);
        format!("{}:{line}", harmless(path))
    }
}

/// The forecast as text: by mutator, then the entries by what is the matter with them.
pub fn text(view: &ForecastView<'_>) -> String {
    let Forecast { drifts, entries, unsure, idle, resources } = view.forecast;
    let mut out = String::new();
    let mut by_actor: BTreeMap<&str, Vec<&Predicted>> = BTreeMap::new();
    for drift in drifts {
        by_actor.entry(&drift.actor).or_default().push(drift);
    }
    let mut actors: Vec<_> = by_actor.into_iter().collect();
    actors.sort_by_key(|(actor, all)| (std::cmp::Reverse(all.len()), *actor));
    for (actor, all) in actors {
        let first = all[0];
        let _ = writeln!(out, "{}: {}", harmless(actor), harmless(&first.summary));
        if let Some(reverts) = &first.reverts {
            let _ = writeln!(out, "  {}", harmless(reverts));
        }
        for drift in &all {
            push_drift(&mut out, view, drift);
        }
        out.push('\n');
    }
    for flaw in Flaw::ALL {
        let of_flaw: Vec<&Entry> = entries.iter().filter(|it| it.flaw == flaw).collect();
        let Some(first) = of_flaw.first() else { continue };
        let _ = writeln!(out, "{}: {}", flaw.word(), heading(flaw, of_flaw.len(), &first.why));
        let most = if view.is_full || flaw < Flaw::Retired { usize::MAX } else { MOST_LISTED };
        for entry in of_flaw.iter().take(most) {
            let (at, path) = (view.at(entry.span), harmless(&entry.path));
            // Of the others, the heading has said it.
            let says_more = flaw < Flaw::Computed;
            let why = if says_more { format!(": {}", harmless(&entry.why)) } else { String::new() };
            let _ = writeln!(out, "  {at} `{path}`{why}");
        }
        push_rest(&mut out, of_flaw.len(), most);
        out.push('\n');
    }
    push_unsure(&mut out, view, unsure);
    push_idle(&mut out, view, idle);
    let _ = writeln!(
        out,
        "{} in {} will drift, {} of `ignore_changes` {} no good, {} cannot be told",
        plural(drifts.len(), "field"),
        plural(*resources, "resource"),
        if entries.len() == 1 {
            "1 entry".to_owned()
        } else {
            format!("{} entries", entries.len())
        },
        if entries.len() == 1 { "is" } else { "are" },
        unsure.len()
    );
    out
}

fn push_drift(out: &mut String, view: &ForecastView<'_>, drift: &Predicted) {
    let Subject { address, span, stacks } = &drift.subject;
    let replaces = if drift.replaces { ", which replaces it" } else { "" };
    let _ = writeln!(
        out,
        "  {} {} `{}`{replaces} ({})",
        view.at(*span),
        harmless(address),
        harmless(&drift.field),
        named(stacks)
    );
    if let Some(near) = drift.near {
        let _ =
            writeln!(out, "    {}: this entry was meant for it, and does nothing", view.at(near));
    }
    let _ = writeln!(out, "    help: {}", harmless(&drift.help));
}

/// Who does nothing here: one by one where all is asked for, and there is one line about a repo that has none of them.
fn push_idle(out: &mut String, view: &ForecastView<'_>, idle: &[(SmolStr, String)]) {
    if view.is_full {
        for (actor, why) in idle {
            let _ = writeln!(out, "not at work here: {} ({})", harmless(actor), harmless(why));
        }
    } else if !idle.is_empty() {
        let known = plural(idle.len(), "known mutator");
        let _ = writeln!(out, "not at work here: {known}, `--all` says which and why");
    }
    if !idle.is_empty() {
        out.push('\n');
    }
}

fn push_unsure(out: &mut String, view: &ForecastView<'_>, unsure: &[Unsure]) {
    if unsure.is_empty() {
        return;
    }
    let _ = writeln!(out, "cannot be told:");
    let most = if view.is_full { usize::MAX } else { MOST_LISTED };
    for it in unsure.iter().take(most) {
        let (at, address) = (view.at(it.subject.span), harmless(&it.subject.address));
        let (field, reason) = (harmless(&it.field), harmless(&it.reason));
        let _ = writeln!(out, "  {at} {address} `{field}` ({}): {reason}", harmless(&it.actor));
    }
    push_rest(out, unsure.len(), most);
    out.push('\n');
}

fn push_rest(out: &mut String, all: usize, most: usize) {
    if all > most {
        let _ = writeln!(out, "  and {} more (`--all` lists them)", all - most);
    }
}

fn heading(flaw: Flaw, count: usize, why: &str) -> String {
    let (entries, s) =
        if count == 1 { ("1 entry".to_owned(), "s") } else { (format!("{count} entries"), "") };
    match flaw {
        Flaw::Hides => format!("{entries} that hide{s} what the plan must show"),
        Flaw::DottedKey => format!("{entries} that write{s} a map's key as an attribute"),
        Flaw::NoSuchBlock => format!("{entries} that lead{s} into a block that is not there"),
        Flaw::Computed | Flaw::Retired | Flaw::Dropped => format!("{entries}: {}", harmless(why)),
    }
}

fn named(stacks: &[String]) -> String {
    let shown: Vec<_> = stacks.iter().take(MOST_NAMED).map(|it| harmless(it)).collect();
    match stacks.len() - shown.len() {
        0 => shown.join(", "),
        rest => format!("{} and {rest} more", shown.join(", ")),
    }
}

#[derive(Serialize)]
struct Document<'a> {
    version: u32,
    tool: &'static str,
    verdict: &'static str,
    resources: usize,
    drifts: Vec<DriftEntry<'a>>,
    entries: Vec<FlawEntry<'a>>,
    unknown: Vec<UnsureEntry<'a>>,
    idle: Vec<IdleEntry<'a>>,
}

#[derive(Serialize)]
struct SubjectEntry<'a> {
    address: &'a str,
    path: &'a str,
    line: usize,
    stacks: &'a [String],
}

#[derive(Serialize)]
struct DriftEntry<'a> {
    #[serde(flatten)]
    subject: SubjectEntry<'a>,
    field: &'a str,
    actor: &'a str,
    summary: &'a str,
    replaces: bool,
    reverts: Option<&'a str>,
    help: &'a str,
    ineffective_entry: Option<String>,
}

#[derive(Serialize)]
struct FlawEntry<'a> {
    #[serde(flatten)]
    subject: SubjectEntry<'a>,
    entry: &'a str,
    entry_line: usize,
    flaw: &'static str,
    why: &'a str,
}

#[derive(Serialize)]
struct UnsureEntry<'a> {
    #[serde(flatten)]
    subject: SubjectEntry<'a>,
    field: &'a str,
    actor: &'a str,
    reason: &'a str,
}

#[derive(Serialize)]
struct IdleEntry<'a> {
    actor: &'a str,
    reason: &'a str,
}

/// The forecast as JSON, one line.
pub fn json(view: &ForecastView<'_>) -> String {
    let Forecast { drifts, entries, unsure, idle, resources } = view.forecast;
    let drifts = drifts.iter().map(|it| DriftEntry {
        subject: view.subject(&it.subject),
        field: &it.field,
        actor: &it.actor,
        summary: &it.summary,
        replaces: it.replaces,
        reverts: it.reverts.as_deref(),
        help: &it.help,
        ineffective_entry: it.near.map(|near| view.at(near)),
    });
    let entries = entries.iter().map(|it| FlawEntry {
        subject: view.subject(&it.subject),
        entry: &it.path,
        entry_line: view.place(it.span).1,
        flaw: it.flaw.word(),
        why: &it.why,
    });
    let unknown = unsure.iter().map(|it| UnsureEntry {
        subject: view.subject(&it.subject),
        field: &it.field,
        actor: &it.actor,
        reason: &it.reason,
    });
    let document = Document {
        version: VERSION,
        tool: TOOL,
        verdict: view.verdict().word(),
        resources: *resources,
        drifts: drifts.collect(),
        entries: entries.collect(),
        unknown: unknown.collect(),
        idle: idle.iter().map(|(actor, reason)| IdleEntry { actor, reason }).collect(),
    };
    json_line(&document)
}
