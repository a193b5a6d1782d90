//! What a plan would change, as rules see it.

use crate::model::Value;
use crate::text::Span;

/// A difference that a plan shows, joined to the code. Rules select it as `change`.
#[derive(Clone, Debug)]
pub struct Planned {
    /// What is known of it: `address`, `type`, `action`, `class`, `path`, `live`, `want`, …
    pub value: Value,
    /// The smallest thing in the code that says it.
    pub site: Span,
    /// The block that it stands in, or the file where no block says it.
    pub bounds: Span,
    /// The address from the root module down.
    pub address: String,
    /// The name of the stack whose plan shows it.
    pub stack: String,
}

/// The words for what an apply would do. Those of `drift::Action`.
pub const ACTIONS: [&str; 10] = [
    "no-op",
    "read",
    "create",
    "update",
    "delete-then-create",
    "create-then-delete",
    "delete",
    "forget",
    "create-then-forget",
    "other",
];

/// The words for kinds of difference. Those of `drift::Class`.
pub const CLASSES: [&str; 13] = [
    "noise",
    "read",
    "output-only",
    "moved",
    "imported",
    "forgotten",
    "perpetual",
    "unapplied",
    "deposed",
    "masked",
    "out-of-band",
    "conflict",
    "deleted-outside",
];
