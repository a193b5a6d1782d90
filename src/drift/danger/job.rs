//! Jobs that an apply runs again.

use super::kubernetes::Object;
use super::{Action, Change, Found, Risk, listed};
use crate::drift::change::{
    AttributeChange, Class, REPLACE_BY_REQUEST, REPLACE_BY_TRIGGERS, TAINTED,
};

/// The kind of object that does its work once, whenever it is created.
const RUNS_ONCE: &str = "Job";

/// Whether the change is about something that does its work once, whenever it is created.
pub(super) fn is_job(change: &Change) -> bool {
    Object::of(change).is_some_and(|object| object.kind == RUNS_ONCE)
}

/// Says so of the job, and of the attributes for which it would be replaced.
pub(super) fn find(change: &Change) -> Vec<Found> {
    let Some(job) = Object::of(change).filter(|object| object.kind == RUNS_ONCE) else {
        return Vec::new();
    };
    let forcing: Vec<(usize, &AttributeChange)> =
        change.attributes.iter().enumerate().filter(|(_, it)| it.forces_replacement).collect();
    let why = if change.action.replaces() {
        because(change, &forcing)
    } else if change.action == Action::Create && change.class == Class::DeletedOutside {
        "it was deleted outside, as finished jobs are".to_owned()
    } else {
        return Vec::new();
    };
    let message = format!("an apply would run the job {} again: {why}", job.shown());
    let places = std::iter::once(None).chain(forcing.iter().map(|(at, _)| Some(*at)));
    places.map(|at| Found::new(at, Risk::RunsJobAgain, message.clone())).collect()
}

fn because(change: &Change, forcing: &[(usize, &AttributeChange)]) -> String {
    let is_outside =
        |attribute: &AttributeChange| matches!(attribute.class, Class::OutOfBand | Class::Conflict);
    let paths = |wanted: bool| -> Vec<String> {
        let meant = forcing.iter().filter(|(_, attribute)| is_outside(attribute) == wanted);
        meant.map(|(_, attribute)| format!("`{}`", attribute.path)).collect()
    };
    let (outside, code) = (paths(true), paths(false));
    match (outside.as_slice(), code.as_slice()) {
        ([], []) => match change.reason.as_deref() {
            Some(TAINTED) => "it is tainted".to_owned(),
            Some(REPLACE_BY_REQUEST) => "the plan was asked to replace it".to_owned(),
            Some(REPLACE_BY_TRIGGERS) => "something that it depends on is replaced".to_owned(),
            _ => "it is replaced".to_owned(),
        },
        (outside, []) => format!("{} was changed outside", listed(outside)),
        ([], code) => format!("the code changes {}", listed(code)),
        (outside, code) => {
            format!(
                "{} was changed outside, and the code changes {}",
                listed(outside),
                listed(code)
            )
        }
    }
}
