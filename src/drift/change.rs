//! One difference of one resource instance, and what kind of difference it is.

use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use super::address::Address;
use super::path::Path;
use super::shown::{Json, Shown};
use crate::rule::{ACTIONS, CLASSES};

/// What an apply of the plan would do to an instance.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    /// Nothing.
    NoOp,
    /// Read a data source.
    Read,
    /// Create it.
    Create,
    /// Change it in place.
    Update,
    /// Destroy it, then create it.
    DeleteThenCreate,
    /// Create its successor, then destroy it.
    CreateThenDelete,
    /// Destroy it.
    Delete,
    /// Take it out of the state and leave it running.
    Forget,
    /// Create its successor and leave it running.
    CreateThenForget,
    /// Something that this version does not know: never taken for harmless.
    Other,
}

/// What kind of difference it is, by the three-way rule: what was last applied (base), what runs (live), what the code says
/// (want). Ordered: the later, the more it matters.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Class {
    /// Providers count, stamp and reorder: of no consequence.
    Noise,
    /// A data source that is read during apply.
    Read,
    /// Only outputs differ: something upstream changed.
    OutputOnly,
    /// Only the address changes.
    Moved,
    /// It is taken into the state.
    Imported,
    /// It is taken out of the state and keeps running.
    Forgotten,
    /// The code asks for a new value on every run: `timestamp()`, `bcrypt()`.
    Perpetual,
    /// Live equals base, and the code wants something else: not applied yet, or the checkout is older than what was.
    Unapplied,
    /// A leftover of a replacement that failed.
    Deposed,
    /// Live moved and an apply would leave it so: it is ignored or computed.
    Masked,
    /// Somebody changed it outside; an apply would put it back.
    OutOfBand,
    /// Somebody changed it outside, and the code wants a third thing.
    Conflict,
    /// Somebody deleted it outside.
    DeletedOutside,
}

/// A special case that has cost outages.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Risk {
    /// An apply would undo a live change that was made outside.
    RevertsLive,
    /// An apply would put an older version in the place of a newer one.
    Downgrade,
    /// Two containers run each other's image.
    ImageSwap,
    /// An apply would run a job again.
    RunsJobAgain,
    /// An apply asks for what the storage cannot do: a smaller size, another class or access mode.
    StorageRefuses,
    /// An apply would destroy it.
    Destroys,
}

/// A special case, with what it is about.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Danger {
    /// Which.
    pub risk: Risk,
    /// What would happen: one line, lower case, no full stop.
    pub message: String,
}

/// One difference of one value inside an instance.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct AttributeChange {
    /// Where in the instance.
    pub path: Path,
    /// What kind of difference.
    pub class: Class,
    /// What was last applied.
    pub base: Shown,
    /// What runs.
    pub live: Shown,
    /// What the code says.
    pub want: Shown,
    /// Whether this is why the instance would be replaced.
    pub forces_replacement: bool,
    /// Special cases.
    pub dangers: Vec<Danger>,
}

/// Why something is replaced: its creation failed half-way, or somebody marked it.
pub(super) const TAINTED: &str = "replace_because_tainted";
/// Why something is replaced by a plan with `-replace`.
pub(super) const REPLACE_BY_REQUEST: &str = "replace_by_request";
/// Why something is replaced because of its `replace_triggered_by`.
pub(super) const REPLACE_BY_TRIGGERS: &str = "replace_by_triggers";
/// Why something is replaced that its provider cannot change in place.
pub(super) const CANNOT_UPDATE: &str = "replace_because_cannot_update";
/// Why something is destroyed whose resource the code has with keys of another kind.
pub(super) const WRONG_REPETITION: &str = "delete_because_wrong_repetition";
/// Why something is destroyed by a plan with `-destroy`, for which Terraform itself has no word.
pub(super) const DELETE_BY_REQUEST: &str = "delete_by_request";

/// The key of a leftover in the lines of `plan -json`, which do not tell it.
pub(super) const UNTOLD: &str = "?";

/// Why something is destroyed, by Terraform's word for it.
pub(super) fn why_deleted(reason: &str) -> Option<&'static str> {
    Some(match reason {
        "delete_because_no_resource_config" => "no code declares it",
        "delete_because_no_module" => "its module is not called, or not with this key",
        "delete_because_no_move_target" => "where it was moved to is not declared",
        WRONG_REPETITION => {
            "the code has it with keys of another kind (`count`, `for_each` or none)"
        }
        "delete_because_count_index" | "delete_because_each_key" => {
            "the code asks for no such instance"
        }
        DELETE_BY_REQUEST => "the plan was asked to",
        _ => return None,
    })
}

/// Why something is replaced, by Terraform's word for it, where its own values do not tell.
pub(super) fn why_replaced(reason: &str) -> Option<&'static str> {
    Some(match reason {
        TAINTED => "it is tainted",
        REPLACE_BY_REQUEST => "the plan was asked to replace it",
        REPLACE_BY_TRIGGERS => "something that it is to be replaced with changes",
        _ => return None,
    })
}

/// Whether `reason` is that somebody asked for it, and no code does.
pub(super) fn is_request(reason: Option<&str>) -> bool {
    reason.is_some_and(|it| matches!(it, TAINTED | REPLACE_BY_REQUEST | DELETE_BY_REQUEST))
}

/// One difference of one instance.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Change {
    /// Which instance.
    pub address: Address,
    /// The key of the leftover, where the change is about one and not about the instance itself.
    pub deposed: Option<SmolStr>,
    /// What an apply would do.
    pub action: Action,
    /// Why, in Terraform's word: `replace_because_tainted`. An open set. `delete_by_request` is our own.
    pub reason: Option<SmolStr>,
    /// What kind of difference it is as a whole: the gravest of its attributes, or what happened to the object.
    pub class: Class,
    /// The address it had before.
    pub previous: Option<Address>,
    /// The id by which it is imported, or its identity as JSON.
    pub import_id: Option<String>,
    /// The block whose perpetual difference it follows: it is made of something there that is new on every run.
    #[serde(default)]
    pub follows: Option<Address>,
    /// The values that differ, in the order of their paths.
    pub attributes: Vec<AttributeChange>,
    /// Special cases that concern the whole instance.
    pub dangers: Vec<Danger>,
    /// How many further values differ in what is only noise.
    pub noise: usize,
    /// What runs (or was last applied, or is wanted, where there is no better), after the masks. Causes depend on it:
    /// namespace, labels, annotations.
    pub object: Json,
}

impl Change {
    /// None at all, to begin with.
    pub(super) fn none(address: Address) -> Self {
        Change {
            address,
            deposed: None,
            action: Action::NoOp,
            reason: None,
            class: Class::Noise,
            previous: None,
            import_id: None,
            follows: None,
            attributes: Vec::new(),
            dangers: Vec::new(),
            noise: 0,
            object: Json::Null,
        }
    }
}

impl Action {
    /// The word for it, in rules and reports.
    pub fn word(self) -> &'static str {
        ACTIONS[self as usize]
    }
}

impl Class {
    /// The word for it, in rules and reports.
    pub fn word(self) -> &'static str {
        CLASSES[self as usize]
    }
}

impl Risk {
    /// The word for it, in rules and reports.
    pub fn word(self) -> &'static str {
        match self {
            Risk::RevertsLive => "reverts-live",
            Risk::Downgrade => "downgrade",
            Risk::ImageSwap => "image-swap",
            Risk::RunsJobAgain => "runs-job-again",
            Risk::StorageRefuses => "storage-refuses",
            Risk::Destroys => "destroys",
        }
    }

    /// Whether somebody may say that it can stay so for now. Every live change is told that an apply would undo it: who knows
    /// of the one knows of the other. Everything else is damage that the next apply does, whoever knows of it.
    pub fn can_be_acknowledged(self) -> bool {
        self == Risk::RevertsLive
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_the_same_in_rules_and_in_files() {
        for word in ACTIONS {
            let action: Action = serde_json::from_value(word.into()).unwrap();
            assert_eq!(action.word(), word);
        }
        for word in CLASSES {
            let class: Class = serde_json::from_value(word.into()).unwrap();
            assert_eq!(class.word(), word);
        }
    }
}
