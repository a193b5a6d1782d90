//! How far conventions hold → a table for people, JSON and metrics for programs, a badge for a README.
//!
//! Invariant: tables leave out what says nothing new, and every sum counts it.

mod json;
mod metrics;
mod table;

pub use json::{badge, json};
pub use metrics::render as openmetrics;
pub use table::{markdown, text};

use crate::analysis::{Counts, Coverage, Covered};

/// What a renderer sees.
#[derive(Clone, Copy)]
pub struct CoverageView<'a> {
    /// The result.
    pub coverage: &'a Coverage,
    /// Whether tables also have rules that have nothing to tell: whose convention is kept everywhere, now and before.
    pub all: bool,
}

impl<'a> CoverageView<'a> {
    /// The rules that tables show: what is broken most first.
    fn shown(&self) -> Vec<&'a Covered> {
        let mut shown: Vec<&Covered> = self.looking().filter(|it| self.all || tells(it)).collect();
        shown.sort_by_key(|it| std::cmp::Reverse((it.now.open, it.now.broken(), it.now.unknown)));
        shown
    }

    /// The rules that look at anything, now or before.
    fn looking(&self) -> impl Iterator<Item = &'a Covered> + use<'a> {
        let looks = |it: &&Covered| it.now.sites + it.before.map_or(0, |before| before.sites) > 0;
        self.coverage.rules.iter().filter(looks)
    }

    /// All rules together.
    fn now(&self) -> Counts {
        self.coverage.rules.iter().map(|it| it.now).sum()
    }

    /// The same before, where there is something to compare with.
    fn before(&self) -> Option<Counts> {
        self.coverage.since.as_ref()?;
        Some(self.coverage.rules.iter().filter_map(|it| it.before).sum())
    }
}

/// Whether there is more to say of a rule than that its convention is kept.
fn tells(covered: &Covered) -> bool {
    let tells = |it: Counts| it.broken() + it.unknown > 0;
    tells(covered.now) || covered.before.is_some_and(tells)
}

/// `97.3 %`; nothing where nothing was judged.
fn percent(counts: Counts) -> String {
    let percent = |share| format!("{}.{} %", share / 10, share % 10);
    counts.per_mille().map_or_else(String::new, percent)
}
