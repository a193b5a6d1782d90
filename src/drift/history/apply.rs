//! The history in a report: ages and the trend.

use super::moment::Moment;
use super::run::{newest, planned_at};
use super::{History, PastRun, Spell, StackHistory};
use crate::drift::{DriftReport, Seen, Status, TrendPoint};

/// Writes into `report` for how long its stacks and findings have been so, and what earlier runs counted. The history has
/// taken in what the report shows ([`History::observe`]); ages count up to the measurement of each stack.
pub fn apply(report: &mut DriftReport, history: &History) {
    let own = newest(report);
    for stack in &mut report.stacks {
        let Some(known) = history.stacks.get(&stack.stack.name) else { continue };
        let Some(at) = planned_at(stack).or(own).or(known.last()) else { continue };
        stack.seen = known.spell(stack.status).map(|spell| seen(spell.first, at, spell.times));
        for &finding in &stack.findings {
            let Some(finding) = report.findings.get_mut(finding) else { continue };
            let kept = known.findings.get(&finding.fingerprint);
            finding.seen = kept.map(|kept| seen(kept.first, at, kept.times));
        }
    }
    let earlier = history.trend.iter().filter(|past| own.is_none_or(|own| past.at < own));
    report.trend = earlier.map(point).collect();
}

fn seen(first: Moment, at: Moment, times: u32) -> Seen {
    Seen { first: first.to_string(), days: at.days_since(first), times, acknowledged: None }
}

fn point(past: &PastRun) -> TrendPoint {
    let stacks: Vec<(Status, usize)> =
        past.stacks.iter().map(|(&status, &n)| (status, n)).collect();
    TrendPoint { at: past.at.to_string(), stacks, findings: past.findings }
}

impl StackHistory {
    /// For how long it has stood so, if that is how it stands.
    pub fn spell(&self, status: Status) -> Option<Spell> {
        if !status.is_measured() {
            return self.troubles.get(&status).copied();
        }
        self.standing.filter(|standing| standing.status == status).map(|standing| standing.spell)
    }
}
