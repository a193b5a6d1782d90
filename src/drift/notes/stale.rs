//! Plans that were made from an older commit than what was applied: the same change in many stacks, and nobody made it
//! outside.

use std::collections::{BTreeMap, BTreeSet};

use super::Surroundings;
use crate::drift::cause::STALE_CHECKOUT;
use crate::drift::change::{Class, is_request};
use crate::drift::measured::Measured;
use crate::drift::report::{Confidence, Finding, RunNote, RunNoteKind};
use crate::text::plural;

pub(super) fn stale(
    measured: &[Measured],
    findings: &[Finding],
    around: &Surroundings<'_>,
) -> Option<RunNote> {
    // The same address and value in several stacks: one edit made them all differ.
    let mut alike: BTreeMap<(String, String), Vec<&Finding>> = BTreeMap::new();
    let mut proven: BTreeSet<usize> = BTreeSet::new();
    for finding in findings.iter().filter(|it| it.class == Class::Unapplied) {
        // What somebody asked the plans for says nothing about their commit.
        let is_asked = finding.path.is_none() && is_request(finding.reason.as_deref());
        if is_explained(finding) || is_asked {
            continue;
        }
        let path = finding.path.as_ref().map(ToString::to_string).unwrap_or_default();
        alike.entry((finding.address.to_string(), path)).or_default().push(finding);
        if finding.cause.actor.as_deref() == Some(STALE_CHECKOUT) {
            proven.insert(finding.stack);
        }
    }
    let stacks_of = |all: &[&Finding]| all.iter().map(|it| it.stack).collect::<BTreeSet<_>>();
    alike.retain(|_, all| stacks_of(all).len() >= around.thresholds.stale);
    let mut stacks: BTreeSet<usize> = proven.clone();
    for all in alike.values() {
        stacks.extend(stacks_of(all));
    }
    if stacks.len() < around.thresholds.stale && proven.is_empty() {
        return None;
    }
    let mut evidence = Vec::new();
    let mut widest: Vec<_> = alike.iter().collect();
    widest.sort_by_key(|(key, all)| (std::cmp::Reverse(stacks_of(all).len()), *key));
    for ((address, path), all) in widest.iter().take(3) {
        let shown = if path.is_empty() { String::new() } else { format!("`{path}` of ") };
        let count = plural(stacks_of(all).len(), "stack");
        evidence
            .push(format!("{shown}`{address}` differs in {count}, and nobody changed it outside"));
    }
    if !proven.is_empty() {
        let count = plural(proven.len(), "stack");
        evidence.push(format!("in {count} the code of this checkout says what runs"));
    }
    let commits = planned_commits(measured, &stacks);
    let is_behind = around
        .head
        .is_some_and(|head| !commits.is_empty() && !commits.iter().any(|(id, _)| id == &head.id));
    for (id, time) in &commits {
        let when = time.map(|time| format!(" of {time}")).unwrap_or_default();
        evidence.push(format!("planned at commit {}{when}", short(id)));
    }
    if let Some(head) = around.head.filter(|_| is_behind) {
        evidence.push(format!("this checkout is at commit {}", short(&head.id)));
    }
    let count = plural(stacks.len(), "stack");
    let message = if !proven.is_empty() || is_behind {
        let verb = if stacks.len() == 1 { "was" } else { "were" };
        format!("{count} {verb} planned from an older checkout than what was applied")
    } else {
        format!(
            "{count} want the same change, which nobody made outside: an older checkout, or a shared change that was not applied"
        )
    };
    Some(RunNote {
        kind: RunNoteKind::StaleCheckout,
        message,
        evidence,
        help: Some(
            "plan these stacks again on the current revision before anything is applied".to_owned(),
        ),
        stacks: stacks.into_iter().collect(),
    })
}

/// Whether something other than an old checkout is known to be the cause.
fn is_explained(finding: &Finding) -> bool {
    let cause = &finding.cause;
    let is_other = cause.actor.as_deref().is_some_and(|actor| actor != STALE_CHECKOUT);
    is_other && cause.confidence == Confidence::Certain
}

/// The commits at which the stacks were planned, with their times, oldest first.
fn planned_commits<'m>(
    measured: &'m [Measured],
    stacks: &BTreeSet<usize>,
) -> Vec<(&'m str, Option<&'m str>)> {
    let commits = stacks.iter().filter_map(|at| measured.get(*at)?.commit.as_ref());
    let mut commits: Vec<_> = commits.map(|it| (it.id.as_str(), it.time.as_deref())).collect();
    commits.sort_by_key(|(id, time)| (*time, *id));
    commits.dedup();
    commits
}

fn short(commit: &str) -> &str {
    commit.get(..8).unwrap_or(commit)
}
