//! What to do about a difference: bring the code to the truth, or the world to the code. Looking away is for fields with a
//! known owner, and for those only where the tables do not forbid it.

use super::{Confidence, Ignoring};
use crate::drift::change::Class;
use crate::drift::report::Cause;

/// What to do: one line.
pub(in crate::drift) fn advice(class: Class, cause: &Cause, ignoring: &Ignoring) -> String {
    let is_owned = cause.actor.is_some() && cause.confidence >= Confidence::Likely;
    if class == Class::Masked && is_owned {
        return "nothing: the code leaves the field to its owner".to_owned();
    }
    if let Some(advice) = &cause.advice {
        return advice.clone();
    }
    match (class, ignoring) {
        // What a mutator wrote may be in the state already.
        (Class::OutOfBand | Class::Unapplied, Ignoring::May { field, marker }) => {
            let marker = marker.as_ref().map(|word| format!(" # {word}")).unwrap_or_default();
            format!("leave the field to its owner: `ignore_changes = [{field}]{marker}`")
        }
        (Class::OutOfBand | Class::Unapplied, Ignoring::Never(reason)) => {
            format!("leave the field in the plan: {reason}")
        }
        _ => of_class(class).to_owned(),
    }
}

fn of_class(class: Class) -> &'static str {
    match class {
        Class::Noise | Class::Read => "nothing: it is of no consequence",
        Class::OutputOnly => "apply, so that the stacks that read the outputs see them",
        Class::Moved => "apply: the state takes the new address, and nothing else changes",
        Class::Imported => "apply, then take the `import` block out",
        Class::Forgotten => "apply, then see that something else looks after it",
        Class::Perpetual => "take the call out of the expression, or ignore the field and say why",
        Class::Deposed => "apply: it destroys the leftover",
        Class::Unapplied => {
            "apply, if this is the current revision of the code; else plan again on that"
        }
        Class::DeletedOutside => {
            "apply to have it again, or take it out of the code if it is meant to be gone"
        }
        Class::Masked => {
            "write the live value in the code, or take the entry out of `ignore_changes` and apply"
        }
        Class::Conflict => {
            "decide which value is right before anything is applied: an apply discards the live one"
        }
        Class::OutOfBand => {
            "write the live value in the code if it is right, else apply to put the code's back"
        }
    }
}
