//! Which measurement of a stack counts, and which stacks are none of this repo's.

use super::counted;
use crate::drift::measured::Measured;
use crate::drift::report::{RunNote, RunNoteKind};
use crate::model::Repo;

/// The newest measurement of each stack, sorted by the stack's name, and a note where there were several. Of those without
/// a time, the last one given counts.
pub fn newest(mut all: Vec<Measured>) -> (Vec<Measured>, Option<RunNote>) {
    // Stable: of two from the same time, the last one given stays last.
    all.sort_by(|a, b| (&a.stack.name, &a.planned_at).cmp(&(&b.stack.name, &b.planned_at)));
    let mut kept: Vec<Measured> = Vec::with_capacity(all.len());
    let mut evidence: Vec<String> = Vec::new();
    let mut several: Vec<usize> = Vec::new();
    for measured in all {
        match kept.last_mut() {
            Some(last) if last.stack.name == measured.stack.name => {
                evidence.push(format!(
                    "`{}`: `{}` counts, `{}` is older",
                    measured.stack.name, measured.file, last.file
                ));
                *last = measured;
                several.push(kept.len() - 1);
            }
            _ => kept.push(measured),
        }
    }
    several.dedup();
    let note = (!several.is_empty()).then(|| RunNote {
        kind: RunNoteKind::SeveralPlans,
        message: format!(
            "several plans for {}: the newest counts",
            counted(several.len(), "stack")
        ),
        evidence,
        help: None,
        stacks: several,
    });
    (kept, note)
}

/// A note on the measurements of stacks that the repo does not have.
pub fn foreign(measured: &[Measured], repo: &Repo<'_>) -> Option<RunNote> {
    let is_here = |it: &Measured| {
        repo.stacks.iter().any(|stack| match &it.stack.dir {
            Some(dir) => *stack.dir == **dir,
            None => *stack.name == *it.stack.name,
        })
    };
    let foreign: Vec<usize> = (0..measured.len()).filter(|at| !is_here(&measured[*at])).collect();
    if foreign.is_empty() {
        return None;
    }
    let evidence = foreign.iter().map(|at| {
        let Measured { stack, file, .. } = &measured[*at];
        format!("`{}` (`{file}`)", stack.name)
    });
    let count = counted(foreign.len(), "plan");
    let verb = if foreign.len() == 1 { "belongs" } else { "belong" };
    Some(RunNote {
        kind: RunNoteKind::ForeignPlan,
        message: format!(
            "{count} {verb} to no stack of this repo: another repo's, or of a stack that is gone"
        ),
        evidence: evidence.collect(),
        help: Some(
            "`tautline stacks` lists the stacks; name a plan's file or directory after its stack"
                .to_owned(),
        ),
        stacks: foreign,
    })
}
