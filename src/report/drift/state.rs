//! States against code, for people and for programs.
//!
//! Invariant: as for every renderer: it decides nothing, and a list that is cut says how much is left out.

use std::fmt::Write as _;

use serde::Serialize;

use super::super::json::TOOL;
use super::super::text::Style;
use super::super::{Code, harmless, json_line, one_line, plural};
use super::value::brief;
use crate::drift::state::{ComparedState, StateDifference, StateKind, StateReport};
use crate::drift::{Shown, Unread};
use crate::text::Span;

/// The version of the JSON.
const VERSION: u32 = 1;
/// Differences that are listed of one kind.
const MOST_LISTED: usize = 40;
/// Instances that are listed of one difference.
const MOST_INSTANCES: usize = 6;
/// Characters of a value.
const LONGEST: usize = 80;

/// The kinds, the gravest first, each with its word and what it means.
const KINDS: [(StateKind, &str, &str); 14] = [
    (StateKind::Undeclared, "undeclared", "in the state and not in the code: an apply destroys it"),
    (StateKind::OtherType, "other-type", "of another type in the code: an apply destroys it"),
    (StateKind::Deposed, "deposed", "left over from a replacement that failed"),
    (StateKind::Tainted, "tainted", "tainted: an apply replaces it"),
    (StateKind::Missing, "missing", "in the code and not in the state: an apply creates it"),
    (StateKind::OtherProvider, "other-provider", "from another provider than the code says"),
    (StateKind::Literal, "literal", "a constant of the code that the state has otherwise"),
    (StateKind::Forgotten, "forgotten", "an apply takes it out of the state and leaves it running"),
    (StateKind::Moved, "moved", "an apply gives it another address"),
    (StateKind::Imported, "imported", "an apply takes it into the state"),
    (
        StateKind::Ignored,
        "ignored",
        "a constant that the state has otherwise, and Terraform ignores",
    ),
    (StateKind::FinishedRemoval, "finished-removed", "a `removed` block that has nothing to do"),
    (StateKind::FinishedMove, "finished-moved", "a `moved` block that has nothing to do"),
    (StateKind::FinishedImport, "finished-import", "an `import` block that has done its work"),
];

/// What a renderer sees.
#[derive(Clone, Copy)]
pub struct StateView<'a> {
    /// The result.
    pub report: &'a StateReport,
    /// The code that it speaks of.
    pub code: Code<'a>,
    /// Whether to list the constants that Terraform ignores.
    pub shows_ignored: bool,
}

/// Renders `view` for people.
pub fn text(view: &StateView<'_>, style: Style) -> String {
    let mut out = String::new();
    for state in &view.report.states {
        push_state(&mut out, view, state, style);
    }
    for Unread { file, why, help, is_missing } in &view.report.unread {
        let what = if *is_missing { "not read" } else { "left alone" };
        let _ = writeln!(out, "{what}: {}: {}", harmless(file), one_line(why));
        if let Some(help) = help {
            let _ = writeln!(out, "  help: {}", one_line(help));
        }
    }
    let states = view.report.states.iter();
    let counting = states.flat_map(|it| &it.differences).filter(|it| it.counts()).count();
    let verdict = view.report.verdict().word();
    let _ = writeln!(
        out,
        "{verdict}: {} in {}",
        plural(counting, "difference"),
        plural(view.report.states.len(), "state")
    );
    out
}

fn push_state(out: &mut String, view: &StateView<'_>, state: &ComparedState, style: Style) {
    let serial = state.serial.map(|serial| format!(", serial {serial}")).unwrap_or_default();
    let _ = writeln!(
        out,
        "{}: {}{serial}: {}, {} of them in the code",
        style.bold(&harmless(&state.stack.name)),
        harmless(&state.file),
        plural(state.instances, "instance"),
        state.matched
    );
    if state.unknown > 0 {
        let _ =
            writeln!(out, "  {} in modules that are not in this repo: not judged", state.unknown);
    }
    for (kind, _, meaning) in KINDS {
        let of_kind: Vec<&StateDifference> =
            state.differences.iter().filter(|it| it.kind == kind).collect();
        if of_kind.is_empty() {
            continue;
        }
        let _ = writeln!(out, "\n  {} ({})", style.bold(meaning), of_kind.len());
        if kind == StateKind::Ignored && !view.shows_ignored {
            let _ = writeln!(out, "    `--show-ignored` lists them");
            continue;
        }
        for difference in of_kind.iter().take(MOST_LISTED) {
            push_difference(out, view, difference);
        }
        if of_kind.len() > MOST_LISTED {
            let more = of_kind.len() - MOST_LISTED;
            let _ = writeln!(out, "    and {more} more: `--format json` has all of them");
        }
    }
    out.push('\n');
}

fn push_difference(out: &mut String, view: &StateView<'_>, difference: &StateDifference) {
    let perhaps = if difference.is_certain { "" } else { "perhaps: " };
    let address = harmless(&difference.address);
    if let Some(path) = &difference.path {
        let (state, code) = (brief(&difference.state, LONGEST), brief(&difference.code, LONGEST));
        let _ = writeln!(out, "    {address}");
        let _ = writeln!(out, "      {}: state {state}, code {code}", one_line(&path.to_string()));
    } else {
        let _ = writeln!(out, "    {address}: {perhaps}{}", one_line(&difference.message));
    }
    if !difference.instances.is_empty() {
        let listed = difference.instances.iter().take(MOST_INSTANCES);
        let mut names: Vec<String> = listed.map(|it| one_line(&it.to_string())).collect();
        if difference.instances.len() > MOST_INSTANCES {
            names.push(format!("{} more", difference.instances.len() - MOST_INSTANCES));
        }
        let _ = writeln!(out, "      {}", names.join(", "));
    }
    if let Some(place) = &difference.place {
        let shared = match place.stacks {
            0 | 1 => String::new(),
            stacks => format!(", shared by {}", plural(stacks, "stack")),
        };
        let _ = writeln!(out, "      at {}{shared}", view.code.position(place.span));
        if let Some(source) = &place.source {
            let message = one_line(&source.message);
            let _ = writeln!(out, "      {message}: {}", view.code.position(source.span));
        }
        if let Some(caveat) = &place.caveat {
            let _ = writeln!(out, "      {}", one_line(caveat));
        }
    }
    if let Some(help) = &difference.help {
        let _ = writeln!(out, "      help: {}", one_line(help));
    }
}

#[derive(Serialize)]
struct Document<'a> {
    version: u32,
    tool: &'static str,
    verdict: &'static str,
    states: Vec<StateEntry<'a>>,
    unread: &'a [Unread],
}

#[derive(Serialize)]
struct StateEntry<'a> {
    stack: &'a str,
    dir: Option<&'a str>,
    file: &'a str,
    terraform: Option<&'a str>,
    serial: Option<u64>,
    instances: usize,
    matched: usize,
    unknown: usize,
    differences: Vec<DifferenceEntry<'a>>,
}

#[derive(Serialize)]
struct DifferenceEntry<'a> {
    kind: &'static str,
    address: &'a str,
    message: &'a str,
    is_certain: bool,
    counts: bool,
    instances: Vec<String>,
    path: Option<String>,
    state: &'a Shown,
    code: &'a Shown,
    place: Option<PlaceEntry<'a>>,
    help: Option<&'a str>,
}

#[derive(Serialize)]
struct PlaceEntry<'a> {
    file: &'a str,
    line: u32,
    column: u32,
    stacks: usize,
    caveat: Option<&'a str>,
    source: Option<SourceEntry<'a>>,
}

#[derive(Serialize)]
struct SourceEntry<'a> {
    message: &'a str,
    file: &'a str,
    line: u32,
    column: u32,
}

/// Renders `view` as one line of JSON.
pub fn json(view: &StateView<'_>) -> String {
    let states = view.report.states.iter().map(|it| StateEntry {
        stack: &it.stack.name,
        dir: it.stack.dir.as_deref(),
        file: &it.file,
        terraform: it.terraform.as_deref(),
        serial: it.serial,
        instances: it.instances,
        matched: it.matched,
        unknown: it.unknown,
        differences: it.differences.iter().map(|it| entry(view, it)).collect(),
    });
    let document = Document {
        version: VERSION,
        tool: TOOL,
        verdict: view.report.verdict().word(),
        states: states.collect(),
        unread: &view.report.unread,
    };
    json_line(&document)
}

fn entry<'a>(view: &StateView<'a>, it: &'a StateDifference) -> DifferenceEntry<'a> {
    let place = it.place.as_ref().map(|place| {
        let (file, line, column) = start(view, place.span);
        let source = place.source.as_ref().map(|label| {
            let (file, line, column) = start(view, label.span);
            SourceEntry { message: &label.message, file, line, column }
        });
        PlaceEntry {
            file,
            line,
            column,
            stacks: place.stacks,
            caveat: place.caveat.as_deref(),
            source,
        }
    });
    let word = KINDS.iter().find(|(kind, ..)| *kind == it.kind).map_or("", |(_, word, _)| *word);
    DifferenceEntry {
        kind: word,
        address: &it.address,
        message: &it.message,
        is_certain: it.is_certain,
        counts: it.counts(),
        instances: it.instances.iter().map(ToString::to_string).collect(),
        path: it.path.as_ref().map(ToString::to_string),
        state: &it.state,
        code: &it.code,
        place,
        help: it.help.as_deref(),
    }
}

fn start<'a>(view: &StateView<'a>, span: Span) -> (&'a str, u32, u32) {
    let (start, _) = view.code.positions(span);
    (&view.code.source(span).path, start.line, start.column)
}
