//! Native checks: what to look at and how to judge it, for entries of rule packs to call by name.
//!
//! Invariant: a check knows Terraform and Kubernetes, never a repo. Kinds, paths, keys, markers, names and lists come
//! from its options.

mod claim_annotations;
mod comment_states_value;
mod condition;
mod ignored_path;
mod ignored_path_marker;
mod image_allowlist;
mod image_registry;
mod mention;
mod retired_host;
mod source;

use crate::rule::CheckDef;

/// Every check, sorted by name.
pub const ALL: &[CheckDef] = &[
    claim_annotations::CHECK,
    comment_states_value::CHECK,
    ignored_path::CHECK,
    ignored_path_marker::CHECK,
    ignored_path::UNLESS_DECLARED,
    image_allowlist::CHECK,
    image_registry::CHECK,
    retired_host::CHECK,
    retired_host::RESIDUE,
];
