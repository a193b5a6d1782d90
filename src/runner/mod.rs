//! Drift measured for real: what starts programs, speaks to a network, and keeps what was measured.
//!
//! Invariant: results are on the disk before anything else is done with them.

pub mod deliver;
pub mod history;
