//! Runs and reports, for tests.

use std::collections::BTreeMap;

use super::moment::Moment;
use super::run::{Run, Sighting, StackRun};
use crate::drift::{
    Action, Address, Cause, Class, Confidence, DriftReport, Finding, InputKind, Path, Shown,
    StackRef, StackReport, Status, Step,
};

/// Four o'clock on the day with this number.
pub(super) fn at(day: u64) -> Moment {
    let first = Moment::parse("2026-11-01T04:00:00Z").unwrap();
    Moment::from_unix_seconds(first.unix_seconds() + day * 86_400)
}

/// A run about one stack.
pub(super) fn run(day: u64, stack: &str, status: Status, found: &[&str]) -> Run {
    let sighting = |fingerprint: &&str| Sighting {
        fingerprint: (*fingerprint).to_owned(),
        address: "kubernetes_deployment.app".to_owned(),
        path: Some(format!("spec[0].{fingerprint}")),
        class: Class::OutOfBand,
        cause: None,
    };
    let findings = found.iter().map(sighting).collect();
    let stack = (stack.to_owned(), StackRun { status, at: None, findings });
    Run { at: at(day), commit: None, is_whole: true, stacks: BTreeMap::from([stack]) }
}

/// A run that measured the stack `blog` and found these differences.
pub(super) fn night(day: u64, found: &[&str]) -> Run {
    run(day, "blog", if found.is_empty() { Status::Clean } else { Status::Drift }, found)
}

/// A run in which the stack `blog` could not be planned.
pub(super) fn errored(day: u64) -> Run {
    run(day, "blog", Status::Error, &[])
}

/// A difference called `name`, at `spec[0].NAME`.
pub(super) fn finding(name: &str, action: Action) -> Finding {
    Finding {
        stack: 0,
        address: Address::parse("kubernetes_deployment.app").unwrap(),
        deposed: None,
        action,
        reason: None,
        class: Class::OutOfBand,
        path: Some(path(&format!("spec[0].{name}"))),
        base: Shown::Absent,
        live: Shown::Absent,
        want: Shown::Absent,
        forces_replacement: false,
        dangers: Vec::new(),
        cause: Cause {
            actor: None,
            summary: String::new(),
            confidence: Confidence::Unknown,
            evidence: Vec::new(),
            related: Vec::new(),
            advice: None,
        },
        place: None,
        fix: None,
        advice: String::new(),
        fingerprint: name.to_owned(),
        seen: None,
    }
}

/// A path in brackets and dots; what stands in brackets is a position or a key.
pub(super) fn path(text: &str) -> Path {
    let mut steps = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        if let Some((inner, after)) = rest.strip_prefix('[').and_then(|it| it.split_once(']')) {
            steps.push(inner.parse().map_or_else(|_| Step::Key(inner.into()), Step::Index));
            rest = after;
            continue;
        }
        rest = rest.strip_prefix('.').unwrap_or(rest);
        let end = rest.find(['.', '[']).unwrap_or(rest.len());
        steps.push(Step::Name(rest[..end].into()));
        rest = &rest[end..];
    }
    Path(steps)
}

/// A report of the stack `blog`, planned on a day.
pub(super) fn report(day: u64, status: Status, findings: Vec<Finding>) -> DriftReport {
    let stack = StackReport {
        stack: StackRef { name: "blog".to_owned(), dir: None },
        file: "plan.json".to_owned(),
        kind: InputKind::Plan,
        status,
        evidence: Vec::new(),
        terraform: None,
        commit: None,
        planned_at: Some(at(day).to_string()),
        instances: 1,
        outputs: Vec::new(),
        checks: Vec::new(),
        problems: Vec::new(),
        findings: (0..findings.len()).collect(),
        seen: None,
    };
    DriftReport { stacks: vec![stack], findings, ..DriftReport::default() }
}
