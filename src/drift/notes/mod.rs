//! What a run as a whole shows, and no stack alone can: an old checkout, a run that died, a wave over many stacks.
//!
//! Invariant: a note rests on what was measured together; it changes no finding.

mod aborted;
mod stale;
mod wave;

use super::measured::{Commit, Measured};
use super::report::{Finding, RunNote};

/// From how many stacks on something is no coincidence.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Thresholds {
    /// The same unapplied change in so many stacks: the checkout is old.
    pub stale: usize,
    /// The same error in so many stacks, one after the other: the run died.
    pub aborted: usize,
    /// The same live change in so many stacks: a wave.
    pub wave: usize,
}

impl Default for Thresholds {
    fn default() -> Self {
        Thresholds { stale: 3, aborted: 3, wave: 10 }
    }
}

/// What is known beside the measurements.
#[derive(Clone, Copy, Default, Debug)]
pub(super) struct Surroundings<'a> {
    /// The commit of the checkout that the report is made in.
    pub head: Option<&'a Commit>,
    /// From how many stacks on something is no coincidence.
    pub thresholds: Thresholds,
}

/// The notes on a run. A finding's stack is an index into `measured`, as it is one into the report's stacks.
pub(super) fn notes(
    measured: &[Measured],
    findings: &[Finding],
    around: &Surroundings<'_>,
) -> Vec<RunNote> {
    let mut notes = Vec::new();
    notes.extend(stale::stale(measured, findings, around));
    notes.extend(aborted::aborted(measured, around.thresholds.aborted));
    notes.extend(wave::waves(measured, findings, around.thresholds.wave));
    notes
}

#[cfg(test)]
mod tests;
