//! What one run saw, as it is written to the log.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::moment::Moment;
use crate::drift::{Class, Commit, DriftReport, Finding, StackReport, Status};

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
    /// When it was measured, where that is not when the run was.
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
        let at = report.stacks.iter().filter_map(measured_at).max()?;
        let stacks = report.stacks.iter().map(|stack| {
            let own = measured_at(stack).filter(|&own| own != at);
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

/// When `stack` was measured. Nobody can plan a commit before it is made: a clock that says so is wrong, and the commit
/// is right.
pub(super) fn measured_at(stack: &StackReport) -> Option<Moment> {
    let planned = stack.planned_at.as_deref().and_then(Moment::parse);
    let time = |commit: &Commit| commit.time.as_deref().and_then(Moment::parse);
    planned.max(stack.commit.as_ref().and_then(time))
}
