//! What plans measured, held against the code of the repo.

use std::collections::BTreeSet;

use super::examined::Examined;
use super::secrets;
use crate::config::{Settings, Spanned};
use crate::diagnostic::Failure;
use crate::drift::join::Joiner;
use crate::drift::naming::{self, Arrival, Named};
use crate::drift::{
    self, Action, Commit, DriftReport, Finding, Ground, Measured, Place, RunNote, RunNoteKind,
    Shards, Thresholds, Unread, assemble,
};
use crate::model::Repo;
use crate::rule::{Planned, RuleSet};
use crate::text::{FileId, Span, typed};
use crate::workspace::FileSet;

/// What measurements are held against.
#[derive(Clone, Copy, Debug)]
pub struct Against<'a> {
    /// The repo's settings.
    pub settings: &'a Settings,
    /// The rules, and who changes what behind Terraform's back.
    pub rules: &'a RuleSet,
    /// The commit that is checked out.
    pub head: Option<&'a Commit>,
}

/// What was measured, by whom ever.
#[derive(Debug, Default)]
pub struct Readings {
    /// What could be read, of whatever stack.
    pub arrivals: Vec<Arrival>,
    /// What could not.
    pub unread: Vec<Unread>,
    /// Which parts of a run it is, where that was divided.
    pub shards: Option<Shards>,
}

/// What `readings` show, without a repo: nothing has a place, and a stack is called as its file is.
pub fn drift_without_source(readings: Readings) -> Examined<DriftReport> {
    let named = naming::name(readings.arrivals, None, |_| None);
    let unread = [named.unread, readings.unread].concat();
    let mut report = assemble(named.measured, unread, &Ground::default());
    report.shards = readings.shards;
    report.notes.extend(naming::notes(&named.several, &report.stacks));
    Examined { report, ..Examined::default() }
}

/// What `readings` show of the repo that is made of `files`.
pub fn drift(files: FileSet, against: &Against<'_>, readings: Readings) -> Examined<DriftReport> {
    let cannot = "the report cannot be put together";
    let mut drifted = Examined::of(files, against.settings, cannot, |repo| {
        let named = named(repo, readings.arrivals);
        let unread = [named.unread, readings.unread].concat();
        let ground = Ground {
            head: against.head,
            thresholds: thresholds(against.settings),
            ..ground(repo, against.rules)
        };
        let others = of_others(repo, &named.measured);
        let mut report = assemble(named.measured, unread, &ground);
        report.shards = readings.shards;
        report.notes.extend(naming::notes(&named.several, &report.stacks));
        report.notes.extend(others);
        report
    });
    let redacted = secrets::in_files(&drifted.sources, &files_of(&drifted.report));
    let hidden = hidden(&drifted.report);
    drifted.redacted = secrets::with_hidden(&drifted.sources, redacted, hidden);
    drifted
}

/// What `readings` would change of `repo`, for rules; and what could not be read.
pub(super) fn planned(
    repo: &Repo<'_>,
    rules: &RuleSet,
    readings: &Readings,
) -> (Vec<Planned>, Vec<Failure>) {
    let named = named(repo, readings.arrivals.clone());
    let unread = named.unread.iter().chain(&readings.unread).filter(|it| it.is_missing);
    let failure = |it: &Unread| Failure {
        subject: Some(it.file.clone()),
        message: match &it.help {
            Some(help) => format!("{}: {help}", it.why),
            None => it.why.clone(),
        },
    };
    let failures = unread.map(failure).collect();
    (drift::planned(&ground(repo, rules), named.measured), failures)
}

/// What measurements of `repo` are held against.
fn ground<'a>(repo: &'a Repo<'a>, rules: &'a RuleSet) -> Ground<'a> {
    Ground {
        repo: Some(repo),
        mutators: &rules.mutators,
        managers: &rules.managers,
        ..Ground::default()
    }
}

fn thresholds(settings: &Settings) -> Thresholds {
    let (drift, usual) = (&settings.drift, Thresholds::default());
    let set = |number: &Option<Spanned<usize>>, usual| number.as_ref().map_or(usual, |it| it.value);
    Thresholds {
        stale: set(&drift.stale_from, usual.stale),
        aborted: set(&drift.aborted_from, usual.aborted),
        wave: set(&drift.wave_from, usual.wave),
    }
}

/// `arrivals`, each with its stack of `repo`.
fn named(repo: &Repo<'_>, arrivals: Vec<Arrival>) -> Named {
    let joiner = Joiner::new(repo);
    let by_content = |arrival: &Arrival| {
        let Measured { changes, modules, .. } = &arrival.measured;
        let changed = changes.iter().map(|it| &it.address);
        let addresses: Vec<_> = changed.chain(&arrival.instances).collect();
        joiner.stack_with(&addresses, modules)
    };
    naming::name(arrivals, Some(&repo.stacks), by_content)
}

/// That some of `measured` have nothing of the stack that they are named after, and most of another: somebody planned in
/// another directory than he thought. They are in the order of the report's stacks.
fn of_others(repo: &Repo<'_>, measured: &[Measured]) -> Vec<RunNote> {
    let joiner = Joiner::new(repo);
    let note = |(at, measured): (usize, &Measured)| {
        let own = joiner.stack(&measured.stack)?;
        // What is gone from the code may be in another stack now.
        let is_gone = |action| matches!(action, Action::Delete | Action::Forget);
        let changes = measured.changes.iter().filter(|it| !is_gone(it.action));
        let addresses: Vec<_> = changes.map(|it| &it.address).collect();
        if addresses.iter().any(|it| joiner.find(own, it).is_ok()) {
            return None;
        }
        let other = joiner.stack_with(&addresses, &measured.modules).filter(|it| *it != own)?;
        let (own, other) = (&measured.stack.name, joiner.stack_ref(other).name);
        Some(RunNote {
            kind: RunNoteKind::OtherStack,
            message: format!(
                "the plan of `{own}` has what `{other}` declares, and nothing of `{own}`"
            ),
            evidence: vec![format!("`{}` is taken for a plan of `{own}`", measured.file)],
            help: Some(format!(
                "plan `{own}` in its own directory; `--stack {}` if the file is about that",
                typed(&other)
            )),
            stacks: vec![at],
        })
    };
    measured.iter().enumerate().filter_map(note).collect()
}

/// Where the code says what the measurements hide.
fn hidden(report: &DriftReport) -> impl Iterator<Item = Span> + '_ {
    let hides = |it: &&Finding| [&it.base, &it.live, &it.want].iter().any(|side| side.hides());
    report.findings.iter().filter(hides).filter_map(|it| it.place.as_ref()).flat_map(Place::said)
}

/// The files that `report` points into.
fn files_of(report: &DriftReport) -> BTreeSet<FileId> {
    let mut files = BTreeSet::new();
    for finding in &report.findings {
        let places = finding.place.iter().flat_map(|it| [it.span, it.block]);
        let sources = finding.place.iter().filter_map(|it| it.source.as_ref()).map(|it| it.span);
        let related = finding.cause.related.iter().map(|it| it.span);
        let edits = finding.fix.iter().flat_map(|fix| &fix.edits).map(|it| it.span);
        files.extend(places.chain(sources).chain(related).chain(edits).map(|span| span.file));
    }
    files
}
