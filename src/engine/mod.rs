//! Runs rules over a repo and turns what they find into diagnostics: judged, worded, suppressed, in order.
//!
//! Invariant: the result depends on the sources, the rules, the scope and the day alone: not on threads, and not on
//! what a panicking rule would have found.

mod explain;
mod guard;
mod own;
mod run;
mod scope;
mod suppress;
mod word;

pub use explain::{Explained, explain};
pub use guard::guarded;
pub use own::{OWN_RULES, Own, SYNTAX_ERROR};
pub use run::{Verdicts, judge};
pub use scope::Scope;
pub use suppress::{Judge, Suppressed};
pub use word::{diagnostics, sort};
