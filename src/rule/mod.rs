//! What a rule is: an entry in a pack that selects, requires and says, on top of a named check.
//!
//! Invariant: Rust never declares a rule. A check knows how to judge; which kinds, keys, paths and names it judges, how
//! bad a finding is and what is said about it stand in the pack entry.

mod check;
mod options;

pub use check::{Check, CheckDef, Context, Facts, Finding, Findings, Interest, Outcome, Subject};
pub use options::{OptionError, Options};
