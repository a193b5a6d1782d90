//! The report: what every renderer sees.

use std::sync::Arc;

use serde::Serialize;

use super::address::Address;
use super::change::{Action, Class, Danger};
use super::measured::{Commit, FailedCheck, InputKind, OutputChange, Problem, StackRef, Status};
use super::path::Path;
use super::shown::Shown;
use crate::diagnostic::{Fix, Label};
use crate::text::Span;

/// How sure a cause is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Confidence {
    /// Nothing matched.
    Unknown,
    /// The path alone fits.
    Possible,
    /// Path and condition, or path and live value fit.
    Likely,
    /// Path, condition and live value fit, or the object says so itself.
    Certain,
}

/// Who did it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Cause {
    /// The name of the mutator, or of one of our own verdicts (`stale-checkout`, `shared-module`); `None` where nothing
    /// matched.
    pub actor: Option<Arc<str>>,
    /// What it does, or what is known instead: one line.
    pub summary: String,
    /// How sure that is.
    pub confidence: Confidence,
    /// On what it rests: one line each.
    pub evidence: Vec<String>,
    /// Where the repo says so, as in its own policy.
    pub related: Vec<Label>,
    /// What to do about it, where the cause knows.
    pub advice: Option<String>,
}

impl Cause {
    /// Nothing is known.
    pub fn unknown() -> Cause {
        Cause {
            actor: None,
            summary: "nobody known".to_owned(),
            confidence: Confidence::Unknown,
            evidence: Vec::new(),
            related: Vec::new(),
            advice: None,
        }
    }
}

/// Where a finding stands in the code.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Place {
    /// The smallest thing that says it: the attribute, else the header of the block.
    pub span: Span,
    /// The header of its block.
    pub block: Span,
    /// Whether the block is in a module that several stacks call: one edit for all of them.
    pub is_shared: bool,
    /// How many stacks have the block.
    pub stacks: usize,
    /// Where the value is written, where that is not at `span`: the input of a module call, a local, a default. That is the
    /// line to edit, and what it is called.
    pub source: Option<Label>,
    /// What could not be placed exactly, and why.
    pub caveat: Option<String>,
}

impl Place {
    /// Where the code says the value: at its place, and where it comes from.
    pub fn said(&self) -> impl Iterator<Item = Span> + use<> {
        let source = self.source.as_ref().map(|label| label.span);
        std::iter::once(self.span).chain(source)
    }
}

/// How long something has been so, from the history.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Seen {
    /// When it was first measured so: RFC 3339.
    pub first: String,
    /// For how many whole days, up to the measurement of this report.
    pub days: u32,
    /// In how many measurements.
    pub times: u32,
    /// Who said that it may stay so for now.
    pub acknowledged: Option<Acknowledged>,
}

/// Somebody knows, and said until when.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Acknowledged {
    /// Why.
    pub reason: String,
    /// The last day on which it counts: `2027-01-31`.
    pub until: String,
}

/// What one earlier run counted.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TrendPoint {
    /// When it was measured: RFC 3339.
    pub at: String,
    /// Stacks by status.
    pub stacks: Vec<(Status, usize)>,
    /// How many differences.
    pub findings: usize,
}

/// One difference, with what is known about it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Finding {
    /// Whose: an index into [`DriftReport::stacks`].
    pub stack: usize,
    /// Which instance.
    pub address: Address,
    /// The key of a leftover.
    pub deposed: Option<Arc<str>>,
    /// What an apply would do to the instance.
    pub action: Action,
    /// Why, in Terraform's word.
    pub reason: Option<Arc<str>>,
    /// What kind of difference it is.
    pub class: Class,
    /// Where in the instance; `None` for the instance as a whole.
    pub path: Option<Path>,
    /// What was last applied.
    pub base: Shown,
    /// What runs.
    pub live: Shown,
    /// What the code says.
    pub want: Shown,
    /// Whether it is why the instance would be replaced.
    pub forces_replacement: bool,
    /// Special cases.
    pub dangers: Vec<Danger>,
    /// Who did it.
    pub cause: Cause,
    /// Where it stands in the code.
    pub place: Option<Place>,
    /// The edit that settles it: only where a known owner is the cause.
    pub fix: Option<Fix>,
    /// What to do.
    pub advice: String,
    /// The same difference has the same text in every run: stack, address, attribute and class.
    pub fingerprint: String,
    /// How long it has been so; only where there is a history.
    pub seen: Option<Seen>,
}

impl Finding {
    /// Who said that it may stay so for now.
    pub fn acknowledged(&self) -> Option<&Acknowledged> {
        self.seen.as_ref()?.acknowledged.as_ref()
    }

    /// Whether it keeps its stack from counting as clean: of what Terraform leaves alone, only a special case does.
    pub fn is_open(&self) -> bool {
        let is_left_alone = Status::of(self.class) <= Status::Masked && self.dangers.is_empty();
        self.acknowledged().is_none() && !is_left_alone
    }
}

/// Findings with one cause.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Group {
    /// One line.
    pub title: String,
    /// The cause.
    pub cause: Cause,
    /// The gravest class among them.
    pub class: Class,
    /// Indices into [`DriftReport::findings`], in order.
    pub findings: Vec<usize>,
    /// Indices into [`DriftReport::stacks`], in order.
    pub stacks: Vec<usize>,
}

/// What a run as a whole shows.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum RunNoteKind {
    /// The plans were made from an older commit than what was applied.
    StaleCheckout,
    /// The same error from one moment on: the run died, not the stacks.
    AbortedRun,
    /// The same attribute in many stacks the same night.
    Wave,
    /// Several plans for one stack: the newest counts.
    SeveralPlans,
    /// A file is about another stack than its name says.
    OtherStack,
    /// The history: a record that a killed writer left, a clock that went back, a file that cannot be used.
    History,
    /// An acknowledgement that is over, is for nothing, or does not reach what it names.
    Acknowledgement,
}

/// One such thing.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RunNote {
    /// What kind.
    pub kind: RunNoteKind,
    /// One line.
    pub message: String,
    /// On what it rests.
    pub evidence: Vec<String>,
    /// What to type or do.
    pub help: Option<String>,
    /// Indices into [`DriftReport::stacks`].
    pub stacks: Vec<usize>,
}

/// Something that could not be read, or was recognised and left alone.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize)]
pub struct Unread {
    /// The path as the user gave it.
    pub file: String,
    /// Why: one line.
    pub why: String,
    /// What to type.
    pub help: Option<String>,
    /// Whether that leaves the report incomplete; encrypted states do not.
    pub is_missing: bool,
}

/// A stack in the report.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct StackReport {
    /// Which.
    pub stack: StackRef,
    /// What it was read from.
    pub file: String,
    /// What kind of file that is.
    pub kind: InputKind,
    /// How it stands.
    pub status: Status,
    /// Why it is said to stand so.
    pub evidence: Vec<String>,
    /// The version of Terraform, or of `OpenTofu`.
    pub terraform: Option<String>,
    /// The commit that was planned.
    pub commit: Option<Commit>,
    /// When it was planned: RFC 3339.
    pub planned_at: Option<String>,
    /// How many instances it has.
    pub instances: usize,
    /// The outputs that differ.
    pub outputs: Vec<OutputChange>,
    /// The checks that do not hold.
    pub checks: Vec<FailedCheck>,
    /// What Terraform complained of.
    pub problems: Vec<Problem>,
    /// Indices into [`DriftReport::findings`].
    pub findings: Vec<usize>,
    /// How long it has had this status; only where there is a history.
    pub seen: Option<Seen>,
}

/// The numbers.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Counts {
    /// Stacks by status, in the order of [`Status`]; those without any are left out.
    pub stacks: Vec<(Status, usize)>,
    /// Findings by class, gravest first.
    pub classes: Vec<(Class, usize)>,
}

/// The report.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct DriftReport {
    /// The stacks, sorted by name.
    pub stacks: Vec<StackReport>,
    /// What differs, gravest first; noise is not listed.
    pub findings: Vec<Finding>,
    /// The same by cause, gravest first; each finding is in exactly one.
    pub groups: Vec<Group>,
    /// What the run as a whole shows.
    pub notes: Vec<RunNote>,
    /// What could not be read.
    pub unread: Vec<Unread>,
    /// The numbers.
    pub counts: Counts,
    /// Earlier runs, oldest first; only where there is a history.
    pub trend: Vec<TrendPoint>,
    /// Which parts of the run it is made of, where that was divided.
    pub shards: Option<Shards>,
}

/// The parts of a run that workers have divided among them.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct Shards {
    /// How many there are.
    pub of: u32,
    /// Those that are in the report, counted from 1.
    pub measured: Vec<u32>,
    /// Those that are not.
    pub missing: Vec<u32>,
}
