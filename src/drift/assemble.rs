//! Measurements of many stacks → the report: each difference with its dangers, its cause, its place and its fix.
//!
//! Invariant: nothing that was measured is lost. Every change of every stack is in the report as findings, but for noise.

use std::collections::BTreeMap;

use super::change::{AttributeChange, Change, Class};
use super::danger;
use super::measured::{Measured, Status};
use super::report::{Cause, Counts, DriftReport, Finding, StackReport, Unread};
use crate::model::Repo;

/// The code that measurements are held against.
#[derive(Clone, Copy)]
pub struct Ground<'a> {
    /// The model.
    pub repo: &'a Repo<'a>,
}

/// The report of what was `measured`. Without `ground` nothing has a place or a fix, and causes rest on values alone.
pub fn assemble(
    mut measured: Vec<Measured>,
    unread: Vec<Unread>,
    ground: Option<&Ground<'_>>,
) -> DriftReport {
    measured.sort_by(|a, b| (&a.stack, &a.file).cmp(&(&b.stack, &b.file)));
    let mut report = DriftReport { unread, ..DriftReport::default() };
    report.unread.sort();
    for (number, it) in measured.iter_mut().enumerate() {
        for change in &mut it.changes {
            danger::judge(change);
            report.findings.extend(findings(number, &it.stack.name, change));
        }
    }
    report.findings.sort_by(|a, b| {
        let order = |it: &Finding| (std::cmp::Reverse(gravity(it)), it.stack);
        order(a).cmp(&order(b)).then_with(|| (&a.address, &a.path).cmp(&(&b.address, &b.path)))
    });
    report.stacks = measured.into_iter().map(stack).collect();
    for (number, finding) in report.findings.iter().enumerate() {
        report.stacks[finding.stack].findings.push(number);
    }
    report.counts = counts(&report);
    report
}

/// The findings of one change: one for each value that differs, or one for the instance where it is about all of it.
fn findings(stack: usize, name: &str, change: &Change) -> Vec<Finding> {
    let of_values = change.attributes.iter().filter(|it| it.class != Class::Noise);
    let mut findings: Vec<Finding> =
        of_values.map(|it| finding(stack, name, change, Some(it))).collect();
    let is_whole = findings.is_empty() && change.class != Class::Noise;
    if is_whole || !change.dangers.is_empty() {
        findings.push(finding(stack, name, change, None));
    }
    findings
}

fn finding(
    stack: usize,
    name: &str,
    change: &Change,
    attribute: Option<&AttributeChange>,
) -> Finding {
    let class = attribute.map_or(change.class, |it| it.class);
    let path = attribute.map(|it| it.path.clone());
    let sides = attribute.map(|it| (it.base.clone(), it.live.clone(), it.want.clone()));
    let (base, live, want) = sides.unwrap_or_default();
    let fingerprint = fingerprint(name, change, attribute, class);
    Finding {
        stack,
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
        cause: Cause::unknown(),
        place: None,
        fix: None,
        advice: String::new(),
        fingerprint,
        seen: None,
    }
}

/// The same for the same difference in every run: what values it has does not matter, nor which of several replacements.
fn fingerprint(
    stack: &str,
    change: &Change,
    attribute: Option<&AttributeChange>,
    class: Class,
) -> String {
    let path = attribute.map(|it| it.path.to_string()).unwrap_or_default();
    let leftover = if change.deposed.is_some() { " (deposed)" } else { "" };
    format!("{stack}: {}{leftover} {path} {}", change.address, class.word())
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
