//! What a report comes to, in one word.

use serde::{Deserialize, Serialize};

use super::measured::{InputKind, Status};
use super::report::{DriftReport, Finding, StackReport};

/// What a report comes to. The order is that of precedence: what is said about a whole must not be better than any part.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Everything was measured, and nothing calls for anybody.
    Clean,
    /// Something differs.
    Drift,
    /// Something was not measured, so that nobody knows whether it differs.
    Incomplete,
    /// Something could not be planned.
    Error,
}

impl Verdict {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Verdict::Clean => "clean",
            Verdict::Drift => "drift",
            Verdict::Incomplete => "incomplete",
            Verdict::Error => "error",
        }
    }
}

impl DriftReport {
    /// What it comes to: the worst of its stacks, and incomplete if anything is missing, or nothing was measured at all.
    pub fn verdict(&self) -> Verdict {
        let is_missing =
            self.stacks.is_empty() || self.unread.iter().any(|unread| unread.is_missing);
        let inputs = if is_missing { Verdict::Incomplete } else { Verdict::Clean };
        let stacks = self.stacks.iter().map(|stack| self.verdict_of(stack));
        stacks.fold(inputs, Verdict::max)
    }

    /// What `stack` comes to. What is acknowledged calls for nobody, and neither do outputs beside it: they mostly follow from it.
    pub fn verdict_of(&self, stack: &StackReport) -> Verdict {
        if stack.seen.as_ref().is_some_and(|seen| seen.acknowledged.is_some()) {
            return Verdict::Clean;
        }
        let findings = || stack.findings.iter().filter_map(|&at| self.findings.get(at));
        let is_open = findings().any(Finding::is_open);
        let is_clean = match stack.status {
            Status::Clean => true,
            // A run leaves out only what it was told to; a file leaves out what is not in it. What was planned in part is no
            // more measured in a run than in a file.
            Status::NotMeasured => {
                let has_part = !stack.findings.is_empty() || !stack.outputs.is_empty();
                stack.kind == InputKind::Run && !has_part
            }
            Status::Masked => !is_open,
            // Outputs and checks are no findings: without any, the status says it alone.
            Status::Pending | Status::Drift => {
                let is_known = findings().any(|finding| finding.acknowledged().is_some());
                is_known && !is_open
            }
            Status::BlockedByLint | Status::Locked | Status::Timeout | Status::Error => false,
        };
        match stack.status {
            _ if is_clean => Verdict::Clean,
            Status::Error => Verdict::Error,
            Status::Clean | Status::Masked | Status::Pending | Status::Drift => Verdict::Drift,
            _ => Verdict::Incomplete,
        }
    }
}
