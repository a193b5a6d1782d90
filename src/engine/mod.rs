//! Runs rules over a repo and turns what they find into diagnostics: judged, worded, suppressed, in order.
//!
//! Invariant: the result depends on the sources, the rules, the scope and the day alone: not on threads, and not on
//! what a panicking rule would have found.

mod baseline;
mod explain;
mod fix;
mod identity;
mod own;
mod ratchet;
mod run;
mod scope;
mod suppress;
mod upheld;
mod waive;
mod word;

pub use crate::rule::guarded;
pub use baseline::{Baseline, Entry};
pub use explain::{Explained, explain};
pub use fix::{
    Candidate, Left, Reach, Refusals, Said, Tally, Texts, Wish, breaks, breaks_rule, broken,
    choose, fixed_text, keeps_readable, texts,
};
pub use identity::identity;
pub use own::{
    EXPIRED_SUPPRESSION, LOCKED_RULE, OWN_RULES, Own, STALE_BASELINE, SYNTAX_ERROR, UNKNOWN_RULE,
    UNUSED_SUPPRESSION,
};
pub use ratchet::{Debt, Judged, Settled, settle};
pub use run::{Given, Verdicts, judge};
pub use scope::Scope;
pub use suppress::{Judge, Suppressed};
pub use upheld::upheld;
pub use waive::WaiverJudge;
pub use word::{compare, diagnostics, sort};
