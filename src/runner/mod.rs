//! Plans stacks: starts the planner, reads what it says, keeps what was measured.
//!
//! Invariant: the only layer that starts programs and speaks to a network. What was measured is on the disk before anything is
//! reported of it, and how a stack stands is never told from a text or an exit code.

mod checkout;
mod clock;
pub mod deliver;
mod digest;
mod fault;
pub mod history;
mod inits;
mod measure;
mod merge;
mod planner;
mod process;
mod queue;
mod results;
mod said;
mod shard;
mod signals;
mod stacks;
mod work;

pub use checkout::{Renewed, checkout, renew};
pub use clock::{now, this_moment};
pub use fault::HOOK_REFUSES;
pub use inits::Inits;
pub use measure::{Recipe, shown};
pub use merge::merge;
pub use planner::{Planner, PlannerError, find, is_program};
pub use process::{Control, OnDrop};
pub use results::{
    Kept, LeftOut, Loaded, Manifest, Results, ResultsError, Wanted, is_results, load,
};
pub use shard::divide;
pub use signals::obey;
pub use stacks::{Unit, Unplanned, units};
pub use work::{Event, Job, Outcome, confirm, differing, save, short, work};
