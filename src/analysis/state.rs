//! States, held against the code of their stacks.

use std::collections::{BTreeMap, BTreeSet};

use super::examined::Examined;
use super::request::RequestError;
use super::secrets;
use crate::config::Settings;
use crate::drift::join::Joiner;
use crate::drift::naming::{self, Arrival};
use crate::drift::state::{ComparedState, StateDifference, StateReport, compare};
use crate::drift::{InputKind, Measured, Place, Shown, StateFile, Unread};
use crate::model::StackId;
use crate::text::{FileId, Span};
use crate::workspace::FileSet;

/// A state, and what is known of the file that it was read from.
#[derive(Clone, Debug)]
pub struct StateArrival {
    /// The state.
    pub state: StateFile,
    /// The path of the file below the directory that the user named, or as far as it is known; with `/`.
    pub below: String,
    /// Its path from the root of the repo, where it lies in it; with `/`.
    pub inside: Option<String>,
}

/// What `arrivals` have that the repo made of `files` has not, and the other way round; `unread` is what is no state. All are of
/// the stack that is `given`, if one is.
pub fn states(
    files: FileSet,
    settings: &Settings,
    given: Option<&str>,
    arrivals: &[StateArrival],
    unread: Vec<Unread>,
) -> Result<Examined<StateReport>, RequestError> {
    let mut unknown = None;
    let mut stated = Examined::of(files, settings, "the states cannot be compared", |repo| {
        let joiner = Joiner::new(repo);
        let mut report = StateReport { states: Vec::new(), unread };
        report.unread.extend(arrivals.iter().flat_map(|it| strange(&it.state)));
        let placed = match given.map(|name| repo.stack_called(name).ok_or(name)) {
            None => placed(&joiner, arrivals, &mut report.unread),
            Some(Ok(stack)) => arrivals.iter().map(|it| (stack, &it.state)).collect(),
            Some(Err(name)) => {
                unknown = Some(RequestError::unknown_stack(name, repo));
                return report;
            }
        };
        let chosen = newest(placed, &mut report.unread);
        report.states =
            chosen.into_iter().map(|(stack, state)| compare(&joiner, stack, state)).collect();
        report.states.sort_by(|a, b| (&a.stack, &a.file).cmp(&(&b.stack, &b.file)));
        report.unread.sort();
        report
    });
    if let Some(unknown) = unknown {
        return Err(unknown);
    }
    let redacted = secrets::in_files(&stated.sources, &files_of(&stated.report));
    let hidden = hidden(&stated.report);
    stated.redacted = secrets::with_hidden(&stated.sources, redacted, hidden);
    hide(&mut stated.report.states, &stated.redacted);
    Ok(stated)
}

/// What of a state could not be read, or cannot be so.
fn strange(state: &StateFile) -> impl Iterator<Item = Unread> {
    let told = |all: &[String], why: &str, help: Option<&str>| {
        let (first, others) = all.split_first()?;
        let more = match others.len() {
            0 => String::new(),
            others => format!(" and {others} more"),
        };
        Some(Unread {
            file: state.file.clone(),
            why: format!("{why}: `{first}`{more}"),
            help: help.map(str::to_owned),
            is_missing: true,
        })
    };
    let unread = told(&state.strange, "it has instances whose addresses cannot be read", None);
    let help = "Terraform refuses such a state: `terraform state pull` says what the backend has";
    let doubled = told(&state.doubled, "it has several instances of one address", Some(help));
    unread.into_iter().chain(doubled)
}

/// Which stack each state is of.
fn placed<'a>(
    joiner: &Joiner<'_, '_>,
    arrivals: &'a [StateArrival],
    unread: &mut Vec<Unread>,
) -> Vec<(StackId, &'a StateFile)> {
    let stacks = &joiner.repo().stacks;
    let mut placed = Vec::new();
    for arrival in arrivals {
        let state = &arrival.state;
        let by_content = |_: &Arrival| {
            let addresses: Vec<_> = state.instances.iter().map(|it| &it.address).collect();
            joiner.stack_with(&addresses, &[])
        };
        let file = Arrival {
            measured: Measured::new(&state.file, InputKind::Plan),
            given: None,
            below: arrival.below.clone(),
            inside: arrival.inside.clone(),
            modified: None,
            instances: Vec::new(),
        };
        let named = naming::name(vec![file], Some(stacks), by_content);
        match named.measured.first().and_then(|measured| joiner.stack(&measured.stack)) {
            Some(stack) => placed.push((stack, state)),
            None => unread.extend(named.unread.into_iter().map(|it| {
                let help = Some("`--stack NAME` says which stack it is of".to_owned());
                Unread { help, ..it }
            })),
        }
    }
    placed
}

/// Of several versions of one state, the one that was written last.
fn newest<'a>(
    placed: Vec<(StackId, &'a StateFile)>,
    unread: &mut Vec<Unread>,
) -> Vec<(StackId, &'a StateFile)> {
    let mut by_state: BTreeMap<(StackId, &str), Vec<&'a StateFile>> = BTreeMap::new();
    let mut chosen = Vec::new();
    for (stack, state) in placed {
        match &state.lineage {
            Some(lineage) => by_state.entry((stack, lineage)).or_default().push(state),
            None => chosen.push((stack, state)),
        }
    }
    for ((stack, _), mut versions) in by_state {
        versions.sort_by_key(|state| (state.serial, &state.file));
        let Some(newest) = versions.pop() else { continue };
        chosen.push((stack, newest));
        let why = format!("`{}` is the same state, and written later", newest.file);
        let older = |state: &StateFile| Unread {
            file: state.file.clone(),
            why: why.clone(),
            help: None,
            is_missing: false,
        };
        unread.extend(versions.into_iter().map(older));
    }
    chosen
}

/// Where the code says what the states hide.
fn hidden(report: &StateReport) -> impl Iterator<Item = Span> + '_ {
    let all = report.states.iter().flat_map(|it| &it.differences);
    let hides = |it: &&StateDifference| it.state.hides() || it.code.hides();
    all.filter(hides).filter_map(|it| it.place.as_ref()).flat_map(Place::said)
}

/// The files that `report` points into.
fn files_of(report: &StateReport) -> BTreeSet<FileId> {
    let places =
        report.states.iter().flat_map(|it| &it.differences).filter_map(|it| it.place.as_ref());
    let spans = places.flat_map(|it| {
        let source = it.source.as_ref().map(|label| label.span);
        [it.span, it.block].into_iter().chain(source)
    });
    spans.map(|span| span.file).collect()
}

/// Hides the values of what is written where a secret is.
fn hide(states: &mut [ComparedState], redacted: &[Span]) {
    for difference in states.iter_mut().flat_map(|it| &mut it.differences) {
        let Some(place) = &difference.place else { continue };
        let source = place.source.as_ref().map(|label| label.span);
        let mut spans = std::iter::once(place.span).chain(source);
        let is_secret = spans.any(|span| {
            redacted.iter().any(|it| it.file == span.file && it.range.overlaps(span.range))
        });
        if is_secret && difference.path.is_some() {
            for side in [&mut difference.state, &mut difference.code] {
                if *side != Shown::Absent {
                    *side = Shown::Hidden;
                }
            }
        }
    }
}
