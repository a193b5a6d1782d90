//! Whether anybody still wants what a run is finding.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// A run that others may stop. Its results are then of no use, and whoever started it throws them away.
#[derive(Clone, Debug, Default)]
pub struct Stop(Arc<AtomicBool>);

impl Stop {
    /// Says that nobody wants the result any more.
    pub fn stop(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether nobody wants it.
    pub fn is_stopped(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}
