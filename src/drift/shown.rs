//! Values as they may be shown.

use serde::{Deserialize, Serialize};

/// A value as JSON, numbers with all their digits.
pub(super) type Json = serde_json::Value;

/// A value of one side of a difference, after the masks.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(tag = "is", content = "value", rename_all = "kebab-case")]
pub enum Shown {
    /// There is none on this side.
    #[default]
    Absent,
    /// Not known: known only after apply, or written in the code as something that a plan does not tell.
    Unknown,
    /// It is a secret, or may be one.
    Hidden,
    /// The value. What is secret inside of it has been replaced by the text [`Shown::MASK`].
    Value(Json),
}

impl Shown {
    /// What stands in the place of a secret inside a value.
    pub const MASK: &'static str = "(sensitive)";

    /// Whether anything of it is hidden.
    pub fn hides(&self) -> bool {
        match self {
            Shown::Hidden => true,
            Shown::Value(value) => has_mask(value),
            Shown::Absent | Shown::Unknown => false,
        }
    }
}

/// Whether something was taken out of `value`.
pub(super) fn has_mask(value: &Json) -> bool {
    match value {
        Json::String(text) => text.contains(Shown::MASK),
        Json::Array(items) => items.iter().any(has_mask),
        Json::Object(object) => object.values().any(has_mask),
        Json::Null | Json::Bool(_) | Json::Number(_) => false,
    }
}
