//! `OpenMetrics` text about a run of plans.
//!
//! Invariant: every series that does not name a stack or an actor is there in every run, so that an alert on it never looks
//! at nothing; no series depends on the clock.

use std::collections::BTreeMap;

use super::super::metrics::Metrics;
use super::DriftView;
use super::words::{CLASSES, STATUSES, status_word};
use crate::drift::history::Moment;
use crate::drift::{Finding, Risk, StackReport, Verdict};

/// Every special case.
const RISKS: [Risk; 6] = [
    Risk::RevertsLive,
    Risk::Downgrade,
    Risk::ImageSwap,
    Risk::RunsJobAgain,
    Risk::StorageRefuses,
    Risk::Destroys,
];

/// Renders `view`. Metrics count everything, whatever is shown.
pub fn render(view: &DriftView<'_>) -> String {
    let report = view.report;
    let mut out = Metrics::default();
    let stacks = || report.stacks.iter().map(|stack| (stack, view.report.verdict_of(stack)));
    let named = |stack: &StackReport| vec![("stack", stack.stack.name.clone())];

    out.family("drift_stack_state", "How a stack stands: 0 clean, 1 drift, 2 error, 3 incomplete.");
    out.series(stacks().map(|(stack, verdict)| (named(stack), state(verdict))));
    let count = |verdict| stacks().filter(|(_, it)| *it == verdict).count();
    for (name, help, verdict) in [
        ("drift_stack_count", "Stacks that drift.", Verdict::Drift),
        ("drift_error_count", "Stacks that could not be planned.", Verdict::Error),
        ("drift_incomplete_count", "Stacks that were not measured.", Verdict::Incomplete),
        ("drift_clean_count", "Stacks that nobody need look at.", Verdict::Clean),
    ] {
        out.family(name, help);
        out.series([(Vec::new(), count(verdict))]);
    }
    out.family("drift_stacks", "Stacks by status.");
    out.series(
        STATUSES
            .into_iter()
            .rev()
            .map(|status| (vec![("status", status_word(status).to_owned())], view.count(status))),
    );
    out.family("drift_unread_files", "Files that could not be read and leave the run incomplete.");
    let missing = report.unread.iter().filter(|unread| unread.is_missing).count();
    out.series([(Vec::new(), missing)]);
    out.family("drift_findings", "Differences by class.");
    out.series(CLASSES.into_iter().map(|class| {
        let count = report.findings.iter().filter(|it| it.class == class).count();
        (vec![("class", class.word().to_owned())], count)
    }));
    out.family("drift_dangers", "Differences with a special case that has cost outages.");
    out.series(RISKS.into_iter().map(|risk| {
        let has = |it: &&Finding| it.dangers.iter().any(|danger| danger.risk == risk);
        let count = report.findings.iter().filter(has).count();
        (vec![("risk", risk.word().to_owned())], count)
    }));
    causes(view, &mut out);

    out.family_of_times(
        "drift_stack_first_seen_timestamp_seconds",
        "Since when a stack that is not clean stands as it does.",
    );
    out.series(stacks().filter_map(|(stack, verdict)| {
        let first = seconds(&stack.seen.as_ref()?.first)?;
        (verdict != Verdict::Clean).then(|| (named(stack), first))
    }));
    out.family_of_times("drift_stack_planned_timestamp_seconds", "When a stack was planned.");
    out.series(
        stacks()
            .filter_map(|(stack, _)| Some((named(stack), seconds(stack.planned_at.as_deref()?)?))),
    );
    out.family_of_times("drift_last_planned_timestamp_seconds", "When the newest plan was made.");
    let planned = report.stacks.iter().filter_map(|it| seconds(it.planned_at.as_deref()?));
    out.series(planned.max().map(|at| (Vec::new(), at)));
    out.finish()
}

/// How many differences and stacks each actor is the cause of.
fn causes(view: &DriftView<'_>, out: &mut Metrics) {
    let mut by_cause: BTreeMap<(&str, &str), (usize, std::collections::BTreeSet<usize>)> =
        BTreeMap::new();
    for finding in &view.report.findings {
        let actor = finding.cause.actor.as_deref().unwrap_or("unknown");
        let entry = by_cause.entry((actor, finding.class.word())).or_default();
        entry.0 += 1;
        entry.1.insert(finding.stack);
    }
    let labels = |(actor, class): &(&str, &str)| {
        vec![("cause", (*actor).to_owned()), ("class", (*class).to_owned())]
    };
    out.family("drift_cause_findings", "Differences by cause and class.");
    out.series(by_cause.iter().map(|(key, (findings, _))| (labels(key), *findings)));
    out.family("drift_cause_stacks", "Stacks by cause and class.");
    out.series(by_cause.iter().map(|(key, (_, stacks))| (labels(key), stacks.len())));
}

fn state(verdict: Verdict) -> u8 {
    match verdict {
        Verdict::Clean => 0,
        Verdict::Drift => 1,
        Verdict::Error => 2,
        Verdict::Incomplete => 3,
    }
}

/// `time`, in RFC 3339, in seconds since 1970; `None` where it is no such time.
fn seconds(time: &str) -> Option<u64> {
    Moment::parse(time).map(Moment::unix_seconds)
}
