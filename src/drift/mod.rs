//! Where code, state and the running world have drifted apart: plans, states and inventories → what was measured → a
//! report with a cause, a place and an edit for each difference.
//!
//! Invariant: pure, and nothing of this layer holds a secret. What is read goes through the masks before it becomes a
//! value of any type here; I/O is the caller's, who hands in readers and gets values back.

mod address;
mod cause;
mod change;
mod code;
mod measured;
mod notes;
mod path;
mod report;
mod shown;

pub use address::{Address, Key, ModuleStep};
pub use cause::{Asked, Causes, Ignoring, World, advice, group};
pub use change::{Action, AttributeChange, Change, Class, Danger, Risk};
pub use measured::{
    Commit, FailedCheck, InputKind, Measured, ModuleCall, OutputChange, Problem, StackRef, Status,
};
pub use notes::{Surroundings, Thresholds, foreign, newest, notes};
pub use path::{Path, Step};
pub use report::{
    Acknowledged, Cause, Confidence, Counts, DriftReport, Finding, Group, Place, RunNote,
    RunNoteKind, StackReport, Unread,
};
pub use shown::{Json, Shown};
