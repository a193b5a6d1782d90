//! How a stack stands, from what differs in it, and why it is said to stand so.
//!
//! Invariant: a plan that failed is neither clean nor drift, and one that covers a part is not clean.

use crate::drift::change::{Change, Class, is_request};
use crate::drift::measured::{FailedCheck, OutputChange, Status};

/// What `n` changes of `class` are called.
fn words(class: Class, n: usize) -> String {
    let (one, many) = match class {
        Class::Noise => (
            "differs only in what providers stamp and reorder",
            "differ only in what providers stamp and reorder",
        ),
        Class::Read => (
            "is a data source that is read during apply",
            "are data sources that are read during apply",
        ),
        Class::OutputOnly => ("output differs", "outputs differ"),
        Class::Moved => ("moves to another address", "move to another address"),
        Class::Imported => ("is imported", "are imported"),
        Class::Forgotten => (
            "is taken out of the state and keeps running",
            "are taken out of the state and keep running",
        ),
        Class::Perpetual => ("is new on every run", "are new on every run"),
        Class::Unapplied => (
            "is written in the code and not applied, or newer than this checkout",
            "are written in the code and not applied, or newer than this checkout",
        ),
        Class::Deposed => (
            "is left over from a replacement that failed",
            "are left over from a replacement that failed",
        ),
        Class::Masked => (
            "was changed outside in what Terraform ignores",
            "were changed outside in what Terraform ignores",
        ),
        Class::OutOfBand => (
            "was changed outside, and an apply would put it back",
            "were changed outside, and an apply would put them back",
        ),
        Class::Conflict => (
            "was changed outside, and the code wants a third thing",
            "were changed outside, and the code wants a third thing",
        ),
        Class::DeletedOutside => ("was deleted outside", "were deleted outside"),
    };
    format!("{n} {}", if n == 1 { one } else { many })
}

/// The class of what is gravest about `change`: beside what Terraform ignores in it there may be what an apply would do.
fn gravest(change: &Change) -> Class {
    let values = change.attributes.iter().map(|it| it.class);
    let all = values.chain([change.class]);
    all.max_by_key(|class| (Status::of(*class), *class)).unwrap_or(change.class)
}

/// The status and its evidence.
pub(super) fn status(
    changes: &[Change],
    outputs: &[OutputChange],
    checks: &[FailedCheck],
) -> (Status, Vec<String>) {
    let mut evidence = Vec::new();
    let is_asked = |it: &&Change| it.attributes.is_empty() && is_request(it.reason.as_deref());
    let asked = changes.iter().filter(is_asked).count();
    let others = changes.iter().filter(|it| !is_asked(it));
    let mut classes: Vec<Class> = others.map(gravest).collect();
    classes.sort_unstable_by(|a, b| b.cmp(a));
    if asked > 0 {
        let verb = if asked == 1 { "is" } else { "are" };
        evidence.push(format!(
            "{asked} {verb} replaced or destroyed because of a taint, `-replace` or `-destroy`"
        ));
    }
    for group in classes.chunk_by(|a, b| a == b) {
        evidence.push(words(group[0], group.len()));
    }
    let all = changes.iter().map(|change| Status::of(gravest(change)));
    let mut status = all.max().unwrap_or(Status::Clean);
    if !outputs.is_empty() {
        evidence.push(words(Class::OutputOnly, outputs.len()));
        status = status.max(Status::Pending);
    }
    if !checks.is_empty() {
        let plural = if checks.len() == 1 { "check does" } else { "checks do" };
        evidence.push(format!("{} {plural} not hold", checks.len()));
    }
    (status, evidence)
}
