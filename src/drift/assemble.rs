//! Measurements of many stacks → the report: each difference with its dangers, its cause, its place and its fix.
//!
//! Invariant: nothing that was measured is lost. Every change of every stack is in the report as findings, but for noise.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use rayon::prelude::*;

use super::cause::{Asked, Causes, Ignoring, advice, group};
use super::change::{Action, AttributeChange, Change, Class};
use super::danger;
use super::ignores::Ignores;
use super::join::{Found, Joiner};
use super::measured::{Commit, Measured, StackRef, Status};
use super::notes::{Surroundings, Thresholds, notes};
use super::path::Path;
use super::report::{Counts, DriftReport, Finding, StackReport, Unread};
use super::shown::Shown;
use crate::model::{Repo, StackId};
use crate::rule::{Manager, Mutator};

/// What measurements are held against.
#[derive(Clone, Copy, Default)]
pub struct Ground<'a> {
    /// The code; without it nothing has a place or a fix, and causes rest on values alone.
    pub repo: Option<&'a Repo<'a>>,
    /// Who changes what behind Terraform's back.
    pub mutators: &'a [Mutator],
    /// Who writes under which name.
    pub managers: &'a [Manager],
    /// The commit of the code.
    pub head: Option<&'a Commit>,
    /// From how many stacks on something is no coincidence.
    pub thresholds: Thresholds,
}

/// The report of what was `measured`, and of what could not be read.
pub fn assemble(
    mut measured: Vec<Measured>,
    unread: Vec<Unread>,
    ground: &Ground<'_>,
) -> DriftReport {
    measured.sort_by(|a, b| (&a.stack, &a.file).cmp(&(&b.stack, &b.file)));
    let mut report = DriftReport { unread, ..DriftReport::default() };
    report.unread.sort();
    let joiner = ground.repo.map(Joiner::new);
    let causes = Causes::new(ground.mutators, ground.managers, ground.repo);
    let written = measured.par_iter_mut().enumerate().map(|(number, measured)| {
        let source = joiner.as_ref().and_then(|joiner| Source::of(joiner, &measured.stack));
        let mut written = Written::default();
        for change in &mut measured.changes {
            danger::judge(change);
            let writer = Writer { number, stack: &measured.stack, change, causes: &causes };
            writer.write(source.as_ref(), &mut written);
        }
        written
    });
    let mut ignores = Ignores::default();
    for written in written.collect::<Vec<_>>() {
        ignores.append(written.ignores, report.findings.len());
        report.findings.extend(written.findings);
    }
    if let Some(joiner) = &joiner {
        ignores.settle(joiner, &mut report.findings);
    }
    report.findings.sort_by(|a, b| {
        let order = |it: &Finding| (Reverse(gravity(it)), it.stack);
        order(a).cmp(&order(b)).then_with(|| (&a.address, &a.path).cmp(&(&b.address, &b.path)))
    });
    report.groups = group(&report.findings, ground.repo);
    let around = Surroundings { head: ground.head, thresholds: ground.thresholds };
    report.notes = notes(&measured, &report.findings, &around);
    report.stacks = measured.into_iter().map(stack).collect();
    for (number, finding) in report.findings.iter().enumerate() {
        report.stacks[finding.stack].findings.push(number);
    }
    report.counts = counts(&report);
    report
}

/// What is found in one stack.
#[derive(Default)]
struct Written<'s> {
    findings: Vec<Finding>,
    /// What would settle some of them, by their indices among these.
    ignores: Ignores<'s>,
}

/// The code of one stack.
struct Source<'j, 'r, 's> {
    joiner: &'j Joiner<'r, 's>,
    stack: StackId,
}

impl<'j, 'r, 's> Source<'j, 'r, 's> {
    fn of(joiner: &'j Joiner<'r, 's>, stack: &StackRef) -> Option<Self> {
        Some(Source { joiner, stack: joiner.stack(stack)? })
    }
}

/// Writes the findings of one change.
struct Writer<'m, 'r, 's> {
    /// The number of the stack.
    number: usize,
    stack: &'m StackRef,
    change: &'m Change,
    causes: &'m Causes<'r, 's>,
}

impl Writer<'_, '_, '_> {
    /// One for each value that differs, and one for the instance where there is something to say about all of it.
    fn write<'s>(&self, source: Option<&Source<'_, '_, 's>>, into: &mut Written<'s>) {
        let Written { findings, ignores } = into;
        let found = source.and_then(|it| it.joiner.find(it.stack, &self.change.address).ok());
        let code = source.zip(found.as_ref()).map(|(source, found)| (source.joiner, found));
        let first = findings.len();
        for value in self.change.attributes.iter().filter(|it| it.class != Class::Noise) {
            let (finding, ignoring) = self.finding(Some(value), code);
            if let (Ignoring::May { field, marker }, Some((_, found))) = (ignoring, code)
                && self.is_settled_by_code(&finding)
                && let Some(field) = Path::parse(&field)
            {
                ignores.add(findings.len(), found, field, marker.as_deref());
            }
            findings.push(finding);
        }
        let is_whole = findings.len() == first && self.change.class != Class::Noise;
        if is_whole || !self.change.dangers.is_empty() {
            let (mut whole, _) = self.finding(None, code);
            // What would happen to the instance comes of what happened to its values.
            let explained = findings[first..].iter().filter(|it| it.cause.actor.is_some());
            if let Some(value) = explained.max_by_key(|it| it.forces_replacement) {
                whole.cause.clone_from(&value.cause);
                whole.advice.clone_from(&value.advice);
            }
            findings.push(whole);
        }
    }

    /// Whether an edit may be what settles it.
    fn is_settled_by_code(&self, finding: &Finding) -> bool {
        matches!(finding.class, Class::OutOfBand | Class::Conflict | Class::Unapplied)
            && finding.path.is_some()
            && self.change.action != Action::Delete
    }

    fn finding(
        &self,
        attribute: Option<&AttributeChange>,
        code: Option<(&Joiner<'_, '_>, &Found<'_>)>,
    ) -> (Finding, Ignoring) {
        let change = self.change;
        let class = attribute.map_or(change.class, |it| it.class);
        let path = attribute.map(|it| it.path.clone());
        let sides = attribute.map(|it| (it.base.clone(), it.live.clone(), it.want.clone()));
        let (base, live, want) = sides.unwrap_or_default();
        let asked = Asked { stack: self.stack, change, attribute, live: None };
        let cause = self.causes.attribute(&asked);
        let ignoring = self.causes.ignoring(&asked, &cause);
        let mut finding = Finding {
            stack: self.number,
            address: change.address.clone(),
            deposed: change.deposed.as_deref().map(Into::into),
            action: change.action,
            reason: change.reason.as_deref().map(Into::into),
            class,
            path,
            base,
            live,
            want,
            forces_replacement: attribute.is_some_and(|it| it.forces_replacement),
            dangers: attribute.map_or(&change.dangers, |it| &it.dangers).clone(),
            advice: advice(class, &cause, &ignoring),
            cause,
            place: None,
            fix: None,
            fingerprint: String::new(),
            seen: None,
        };
        if let Some((joiner, found)) = code {
            let placed = match &finding.path {
                None => joiner.place(found, &Path::default()),
                Some(path) if finding.want == Shown::Absent => joiner.place_of_extra(found, path),
                Some(path) => joiner.place(found, path),
            };
            // A field with an owner is ignored, or stays as it is; one without follows the world.
            let is_owned = matches!(ignoring, Ignoring::May { .. });
            if finding.class == Class::OutOfBand && !is_owned && self.is_settled_by_code(&finding) {
                finding.fix = joiner.follow(found, &placed, &finding.want, &finding.live);
            }
            finding.path = finding.path.map(|_| placed.path);
            finding.place = Some(placed.place);
        }
        finding.fingerprint = fingerprint(&self.stack.name, &finding);
        (finding, ignoring)
    }
}

/// The same for the same difference in every run: what values it has does not matter, nor which of several leftovers.
fn fingerprint(stack: &str, finding: &Finding) -> String {
    let path = finding.path.as_ref().map(ToString::to_string).unwrap_or_default();
    let leftover = if finding.deposed.is_some() { " (deposed)" } else { "" };
    format!("{stack}: {}{leftover} {path} {}", finding.address, finding.class.word())
}

/// What comes first: what is dangerous, then what is grave, then what would be applied.
fn gravity(finding: &Finding) -> impl Ord + use<> {
    let risk = finding.dangers.iter().map(|it| it.risk).max();
    (risk, finding.class, finding.action)
}

fn stack(measured: Measured) -> StackReport {
    StackReport {
        stack: measured.stack,
        file: measured.file,
        kind: measured.kind,
        status: measured.status,
        evidence: measured.evidence,
        terraform: measured.terraform,
        commit: measured.commit,
        planned_at: measured.planned_at,
        instances: measured.instances,
        outputs: measured.outputs,
        checks: measured.checks,
        problems: measured.problems,
        findings: Vec::new(),
        seen: None,
    }
}

fn counts(report: &DriftReport) -> Counts {
    let mut stacks: BTreeMap<Status, usize> = BTreeMap::new();
    for stack in &report.stacks {
        *stacks.entry(stack.status).or_default() += 1;
    }
    let mut classes: BTreeMap<Class, usize> = BTreeMap::new();
    for finding in &report.findings {
        *classes.entry(finding.class).or_default() += 1;
    }
    Counts { stacks: stacks.into_iter().collect(), classes: classes.into_iter().rev().collect() }
}
