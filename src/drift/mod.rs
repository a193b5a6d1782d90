//! Where code, state and the running world have drifted apart: plans, states and inventories → what was measured → a
//! report with a cause, a place and an edit for each difference.
//!
//! Invariant: pure, and nothing of this layer holds a secret. What is read goes through the masks before it becomes a
//! value of any type here; I/O is the caller's, who hands in readers and gets values back.

mod address;
mod assemble;
mod cause;
mod change;
mod code;
mod condition;
mod danger;
pub mod history;
pub mod host;
mod ignores;
pub mod inventory;
pub mod join;
mod measured;
pub mod naming;
mod notes;
mod path;
mod planned;
pub mod predict;
pub mod read;
mod report;
mod shown;
pub mod state;
mod state_file;
mod verdict;

pub use address::Address;
pub use assemble::{Ground, assemble};
pub use cause::{Asked, Causes, Ignoring, STALE_CHECKOUT};
pub use change::{Action, Class, Danger, Risk};
pub use measured::{
    Commit, FailedCheck, InputKind, Measured, OutputChange, Problem, ProblemKind, StackRef, Status,
};
pub use notes::Thresholds;
pub use path::{Path, Step};
pub use planned::planned;
pub use report::{
    Acknowledged, Cause, Confidence, Counts, DriftReport, Finding, Group, Place, RunNote,
    RunNoteKind, Seen, Shards, StackReport, TrendPoint, Unread,
};
pub use shown::Shown;
pub use state_file::StateFile;
pub use verdict::Verdict;
