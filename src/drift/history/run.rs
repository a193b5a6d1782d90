//! What one run saw, as it is written to the log.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::moment::Moment;
use crate::drift::{Class, DriftReport, Finding, StackReport, Status};

/// One run.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Run {
    /// When its newest measurement was made.
    pub at: Moment,
    /// The commit that was planned, where there is one for all stacks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commit: Option<String>,
    /// Whether it was about every stack of the repo, and not about some that were asked for.
    #[serde(default)]
    pub is_whole: bool,
    /// The stacks that it was about, by name.
    pub stacks: BTreeMap<String, StackRun>,
}

/// One stack in a run.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct StackRun {
    /// How it stood.
    pub status: Status,
    /// When it was planned, where that is not [`Run::at`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Moment>,
    /// What differed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<Sighting>,
}

/// One difference in a run.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Sighting {
    /// What is the same in every run that sees it.
    pub fingerprint: String,
    /// The instance.
    pub address: String,
    /// Where in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// What kind of difference.
    pub class: Class,
    /// Who did it, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<String>,
}

impl Run {
    /// What `report` shows. `None` where it names no moment at all: what has no time cannot grow old.
    pub fn of(report: &DriftReport, is_whole: bool) -> Option<Run> {
        let at = newest(report)?;
        let stacks = report.stacks.iter().map(|stack| {
            let own = planned_at(stack).filter(|&own| own != at);
            let findings = stack.findings.iter().filter_map(|&at| report.findings.get(at));
            let findings = findings.map(Sighting::of).collect();
            (stack.stack.name.clone(), StackRun { status: stack.status, at: own, findings })
        });
        let mut commits = report.stacks.iter().filter_map(|stack| stack.commit.as_ref());
        let first = commits.next().map(|commit| &commit.id);
        let commit = first.filter(|id| commits.all(|other| other.id == **id)).cloned();
        Some(Run { at, commit, is_whole, stacks: stacks.collect() })
    }
}

impl Sighting {
    fn of(finding: &Finding) -> Sighting {
        Sighting {
            fingerprint: finding.fingerprint.clone(),
            address: finding.address.to_string(),
            path: finding.path.as_ref().map(ToString::to_string),
            class: finding.class,
            cause: finding.cause.actor.as_deref().map(str::to_owned),
        }
    }
}

/// When `stack` was planned. Nobody can plan a commit before it is made: a clock that says so is wrong, and the commit is
/// right.
pub(super) fn planned_at(stack: &StackReport) -> Option<Moment> {
    let planned = stack.planned_at.as_deref().and_then(Moment::parse)?;
    Some(committed_at(stack).map_or(planned, |committed| committed.max(planned)))
}

/// When the newest measurement of `report` was made; where no plan says when that was, when the newest commit was.
pub(super) fn newest(report: &DriftReport) -> Option<Moment> {
    let planned = report.stacks.iter().filter_map(planned_at).max();
    planned.or_else(|| report.stacks.iter().filter_map(committed_at).max())
}

fn committed_at(stack: &StackReport) -> Option<Moment> {
    stack.commit.as_ref()?.time.as_deref().and_then(Moment::parse)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{at, finding, report};
    use super::*;
    use crate::drift::{Action, Commit};

    #[test]
    fn a_report_becomes_a_run() {
        let mut report = report(2, Status::Drift, vec![finding("x", Action::Update)]);
        let mut other = report.stacks[0].clone();
        other.stack.name = "dns".to_owned();
        other.status = Status::NotMeasured;
        other.planned_at = None;
        other.findings.clear();
        report.stacks.push(other);
        for stack in &mut report.stacks {
            let time = Some("2026-11-01T00:00:00+00:00".to_owned());
            stack.commit = Some(Commit { id: "c0ffee".to_owned(), time });
        }
        let run = Run::of(&report, true).unwrap();
        assert_eq!((run.at, run.commit.as_deref()), (at(2), Some("c0ffee")));
        assert_eq!(run.stacks["blog"].findings[0].path.as_deref(), Some("spec[0].x"));
        // What was not planned was not planned then, and not when its commit was made.
        assert_eq!(run.stacks["dns"].at, None);
        assert_eq!(run.stacks["dns"].status, Status::NotMeasured);
    }

    #[test]
    fn a_commit_is_never_younger_than_its_plan() {
        let mut report = report(2, Status::Clean, Vec::new());
        let time = Some(at(9).to_string());
        report.stacks[0].commit = Some(Commit { id: "c0ffee".to_owned(), time });
        report.stacks[0].planned_at = Some("1970-01-01T00:00:07Z".to_owned());
        assert_eq!(Run::of(&report, true).unwrap().at, at(9));
        report.stacks[0].commit = None;
        report.stacks[0].planned_at = None;
        assert_eq!(Run::of(&report, true), None);
    }
}
