//! The same live change in many stacks: one thing happened, not many.

use std::collections::{BTreeMap, BTreeSet};

use crate::drift::change::Class;
use crate::drift::measured::Measured;
use crate::drift::path::{Path, Step};
use crate::drift::report::{Finding, RunNote, RunNoteKind};
use crate::text::plural;

pub(super) fn waves(measured: &[Measured], findings: &[Finding], threshold: usize) -> Vec<RunNote> {
    let mut alike: BTreeMap<(String, String), Vec<&Finding>> = BTreeMap::new();
    for finding in findings.iter().filter(|it| is_live(it.class)) {
        let path = finding.path.as_ref().map(shape).unwrap_or_default();
        alike.entry((finding.address.kind.to_string(), path)).or_default().push(finding);
    }
    let mut notes = Vec::new();
    for ((kind, path), all) in alike {
        let stacks: BTreeSet<usize> = all.iter().map(|it| it.stack).collect();
        if stacks.len() < threshold {
            continue;
        }
        let mut actors: BTreeMap<&str, usize> = BTreeMap::new();
        for finding in &all {
            *actors.entry(finding.cause.actor.as_deref().unwrap_or("nobody known")).or_default() +=
                1;
        }
        let who = actors.iter().map(|(actor, count)| format!("{actor} ({count})"));
        let times = stacks.iter().filter_map(|at| measured.get(*at)?.planned_at.as_deref());
        let (first, last) = (times.clone().min(), times.max());
        let count = plural(stacks.len(), "stack");
        let what =
            if path.is_empty() { format!("`{kind}`") } else { format!("`{path}` of `{kind}`") };
        let mut evidence = vec![format!("by {}", who.collect::<Vec<_>>().join(", "))];
        if let (Some(first), Some(last)) = (first, last) {
            evidence.push(format!("measured from {first} to {last}"));
        }
        notes.push(RunNote {
            kind: RunNoteKind::Wave,
            message: format!("a wave: {what} changed in {count}"),
            evidence,
            help: Some("look for the one change behind it before looking at each stack".to_owned()),
            stacks: stacks.into_iter().collect(),
        });
    }
    notes.sort_by_key(|note| std::cmp::Reverse(note.stacks.len()));
    notes
}

fn is_live(class: Class) -> bool {
    matches!(class, Class::Masked | Class::OutOfBand | Class::Conflict | Class::DeletedOutside)
}

/// The path without positions: the same field of whichever container.
fn shape(path: &Path) -> String {
    let steps = path.0.iter().filter(|step| !matches!(step, Step::Index(_)));
    Path(steps.cloned().collect()).to_string()
}
