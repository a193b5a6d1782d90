//! What plans measured, held against the code of the repo.

use std::collections::BTreeSet;

use super::load::Loaded;
use super::{secrets, stand_in};
use crate::config::{Settings, Spanned};
use crate::diagnostic::Failure;
use crate::drift::join::Joiner;
use crate::drift::naming::{self, Arrival, Known, Named};
use crate::drift::{
    self, Commit, DriftReport, Finding, Ground, Measured, Place, Thresholds, Unread, assemble,
};
use crate::engine::guarded;
use crate::model::Repo;
use crate::rule::{Planned, RuleSet};
use crate::syntax::SourceFile;
use crate::text::{FileId, Span};
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
}

/// A report, and what its places refer to.
#[derive(Debug, Default)]
pub struct Drifted {
    /// The files of the repo; a `FileId` is an index. None without a repo.
    pub sources: Vec<SourceFile>,
    /// What differs.
    pub report: DriftReport,
    /// The secrets in the files that the report speaks of, sorted: no renderer prints them.
    pub redacted: Vec<Span>,
    /// What went wrong inside of tautline: one line each.
    pub failures: Vec<String>,
}

/// What `readings` show, without a repo: nothing has a place, and a stack is called as its file is.
pub fn drift_without_source(readings: Readings) -> Drifted {
    let named = naming::name(readings.arrivals, None, |_| None);
    let several = named.several.clone();
    let unread = [named.unread, readings.unread].concat();
    let mut report = assemble(named.measured, unread, &Ground::default());
    report.notes.extend(naming::notes(&several, &report.stacks));
    Drifted { report, ..Drifted::default() }
}

/// What `readings` show of the repo that is made of `files`.
pub fn drift(mut files: FileSet, against: &Against<'_>, readings: Readings) -> Drifted {
    stand_in::leave_out(&mut files, against.settings);
    let loaded = Loaded::read(files);
    let failures = loaded.failures.iter().map(|it| it.message.clone()).collect();
    let report = guarded(|| {
        let repo = loaded.repo();
        let named = named(&repo, readings.arrivals);
        let several = named.several.clone();
        let unread = [named.unread, readings.unread].concat();
        let mut report = assemble(
            named.measured,
            unread,
            &Ground {
                head: against.head,
                thresholds: thresholds(against.settings),
                ..ground(&repo, against.rules)
            },
        );
        report.notes.extend(naming::notes(&several, &report.stacks));
        report
    });
    let mut drifted = Drifted { failures, ..Drifted::default() };
    match report {
        Ok(report) => {
            let redacted = secrets::in_files(&loaded.sources, &files_of(&report));
            let hidden = hidden(&report);
            drifted.redacted = secrets::with_hidden(&loaded.sources, redacted, hidden);
            drifted.report = report;
        }
        Err(panic) => drifted
            .failures
            .push(format!("the report cannot be put together: {panic}; this is a bug in tautline")),
    }
    drifted.sources = loaded.sources;
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
    let known: Vec<Known<'_>> =
        repo.stacks.iter().map(|it| Known { name: &it.name, dir: &it.dir }).collect();
    let by_content = |arrival: &Arrival| {
        let Measured { changes, modules, .. } = &arrival.measured;
        let changed = changes.iter().map(|it| &it.address);
        let addresses: Vec<_> = changed.chain(&arrival.instances).collect();
        joiner.stack_with(&addresses, modules).map(|stack| stack.0 as usize)
    };
    naming::name(arrivals, Some(&known), by_content)
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
