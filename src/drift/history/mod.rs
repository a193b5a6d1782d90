//! How long what differs has been so: what earlier runs saw, folded into first seen, last seen and how often.
//!
//! Invariant: only a measurement ends anything, and only a measurement makes it older. A stack that could not be
//! measured keeps what it had; time comes from measurements and commits, and never runs backwards.

mod acknowledge;
mod apply;
mod fold;
mod import;
mod log;
mod moment;
mod news;
mod run;
#[cfg(test)]
mod testing;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Class, Status};

pub use acknowledge::acknowledge;
pub use apply::apply;
pub use import::{Imported, pushgateway};
pub use log::{Decoded, LogError, Record, decode, encode, header};
pub use moment::Moment;
pub use news::{NotifyOn, is_news};
pub use run::Run;

/// What is known from earlier runs.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct History {
    /// The stacks, by name.
    pub stacks: BTreeMap<String, StackHistory>,
    /// What runs over all stacks counted, oldest first; the last year of nights.
    #[serde(default)]
    pub trend: Vec<PastRun>,
}

/// What is known of one stack.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct StackHistory {
    /// How it stood when it was last measured.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub standing: Option<Standing>,
    /// What has kept it from being measured since then.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub troubles: BTreeMap<Status, Spell>,
    /// What differed when it was last measured, by fingerprint.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub findings: BTreeMap<String, Kept>,
    /// The status in the last run about it, measured or not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub latest: Option<Status>,
    /// The status in the run before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Status>,
}

/// From when to when something was seen, and how often.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Spell {
    /// When it was seen first.
    pub first: Moment,
    /// When it was seen last.
    pub last: Moment,
    /// In how many measurements.
    pub times: u32,
}

/// How a stack stood when it was measured.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Standing {
    /// Its status: one of those that [`Status::is_measured`] holds for.
    pub status: Status,
    /// For how long.
    pub spell: Spell,
    /// How many differences ended with the last measurement.
    #[serde(default)]
    pub ended: u32,
    /// Whether another program said since when: it knew only that the stack differs, so that a change between pending
    /// and drift is none.
    #[serde(default)]
    pub is_imported: bool,
}

/// A difference that was there when its stack was last measured.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Kept {
    /// The instance.
    pub address: String,
    /// Where in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// What kind of difference.
    pub class: Class,
    /// Who did it, where that was known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<String>,
    /// When it was seen first. It was seen last when its stack was.
    pub first: Moment,
    /// In how many measurements.
    pub times: u32,
}

/// What one run over all stacks counted.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct PastRun {
    /// When its newest measurement was made.
    pub at: Moment,
    /// Stacks by status.
    pub stacks: BTreeMap<Status, usize>,
    /// How many differences.
    pub findings: usize,
}

impl Status {
    /// Whether the stack was planned, so that what it says of differences holds.
    pub fn is_measured(self) -> bool {
        matches!(self, Status::Clean | Status::Masked | Status::Pending | Status::Drift)
    }

    /// Whether an apply would change something.
    pub fn differs(self) -> bool {
        matches!(self, Status::Pending | Status::Drift)
    }
}
