//! What classes, states and actions are called, and what each asks of the reader.
//!
//! Invariant: one word for one thing in all formats, options and documents.

use crate::drift::{Action, Class, Confidence, InputKind, RunNoteKind, Status};

/// Every class, the gravest first.
pub const CLASSES: [Class; 13] = [
    Class::DeletedOutside,
    Class::Conflict,
    Class::OutOfBand,
    Class::Masked,
    Class::Deposed,
    Class::Unapplied,
    Class::Perpetual,
    Class::Forgotten,
    Class::Imported,
    Class::Moved,
    Class::OutputOnly,
    Class::Read,
    Class::Noise,
];

/// The class that `word` names.
pub fn class_of(word: &str) -> Option<Class> {
    CLASSES.into_iter().find(|class| class.word() == word)
}

/// What `class` means: a few words, lower case, no full stop.
pub fn class_meaning(class: Class) -> &'static str {
    match class {
        Class::Noise => "providers count, stamp and reorder it: of no consequence",
        Class::Read => "a data source that is read during apply",
        Class::OutputOnly => "only outputs differ: something upstream changed",
        Class::Moved => "only its address changes",
        Class::Imported => "an apply takes it into the state",
        Class::Forgotten => "an apply takes it out of the state and leaves it running",
        Class::Perpetual => "the code asks for a new value on every run",
        Class::Unapplied => "the code wants what was never applied, or the checkout is old",
        Class::Deposed => "left over from a replacement that failed",
        Class::Masked => {
            "it was changed outside, and an apply leaves it so: it is ignored or computed"
        }
        Class::OutOfBand => "it was changed outside, and an apply puts it back",
        Class::Conflict => "it was changed outside, and the code wants a third thing",
        Class::DeletedOutside => "it was deleted outside",
    }
}

/// Every status, the one that most wants a person first.
pub(super) const STATUSES: [Status; 9] = [
    Status::Error,
    Status::Timeout,
    Status::Locked,
    Status::BlockedByLint,
    Status::NotMeasured,
    Status::Drift,
    Status::Pending,
    Status::Masked,
    Status::Clean,
];

/// The word for `status`.
pub fn status_word(status: Status) -> &'static str {
    match status {
        Status::Clean => "clean",
        Status::Masked => "masked",
        Status::Pending => "pending",
        Status::Drift => "drift",
        Status::NotMeasured => "not-measured",
        Status::BlockedByLint => "blocked-by-lint",
        Status::Locked => "locked",
        Status::Timeout => "timeout",
        Status::Error => "error",
    }
}

/// What an apply would do, as the end of `an apply would …`.
pub(super) fn action_words(action: Action) -> &'static str {
    match action {
        Action::NoOp => "leave it",
        Action::Read => "read it",
        Action::Create => "create it",
        Action::Update => "change it in place",
        Action::DeleteThenCreate => "destroy it and create it again",
        Action::CreateThenDelete => "create its successor and destroy it",
        Action::Delete => "destroy it",
        Action::Forget => "forget it and leave it running",
        Action::CreateThenForget => "create its successor and leave it running",
        Action::Other => "do something that this version does not know",
    }
}

/// The word for `confidence`.
pub(in crate::report) fn confidence_word(confidence: Confidence) -> &'static str {
    match confidence {
        Confidence::Unknown => "unknown",
        Confidence::Possible => "possible",
        Confidence::Likely => "likely",
        Confidence::Certain => "certain",
    }
}

/// The word for `kind`.
pub(super) fn input_word(kind: InputKind) -> &'static str {
    match kind {
        InputKind::Plan => "plan",
        InputKind::BinaryPlan => "binary-plan",
        InputKind::UiStream => "ui-stream",
        InputKind::Run => "run",
        InputKind::State => "state",
    }
}

/// The word for `kind`.
pub(super) fn note_word(kind: RunNoteKind) -> &'static str {
    match kind {
        RunNoteKind::StaleCheckout => "stale-checkout",
        RunNoteKind::AbortedRun => "aborted-run",
        RunNoteKind::Wave => "wave",
        RunNoteKind::SeveralPlans => "several-plans",
        RunNoteKind::OtherStack => "other-stack",
        RunNoteKind::History => "history",
        RunNoteKind::Acknowledgement => "acknowledgement",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_come_gravest_first_and_are_read_back() {
        assert!(CLASSES.is_sorted_by(|a, b| a > b));
        for class in CLASSES {
            assert_eq!(class_of(class.word()), Some(class));
        }
        assert_eq!(class_of("nothing"), None);
    }

    #[test]
    fn statuses_come_in_their_order() {
        assert!(STATUSES.is_sorted_by(|a, b| a > b));
    }
}
