//! A state, as a type: what Terraform believes to exist, after the masks.
//!
//! Invariant: attributes and outputs hold no secret; what stands in the place of one is [`Shown::MASK`](crate::drift::Shown). What is
//! kept as it is, to be compared, has a type that cannot be printed.

use std::fmt;

use smol_str::SmolStr;

use super::address::Address;
use super::shown::{Json, Shown};

/// A state, from a state file (version 4) or from `show -json`.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct StateFile {
    /// The path as the user gave it.
    pub file: String,
    /// The version of Terraform, or of `OpenTofu`, that wrote it.
    pub terraform: Option<String>,
    /// How often it has been written; `show -json` does not tell.
    pub serial: Option<u64>,
    /// Which state it is; `show -json` does not tell.
    pub lineage: Option<String>,
    /// The version of the format of a state file; none for `show -json`.
    pub version: Option<u64>,
    /// The outputs, sorted by name.
    pub outputs: Vec<StateOutput>,
    /// The instances, sorted by address; leftovers behind the instance itself.
    pub instances: Vec<StateInstance>,
    /// Addresses that could not be read: instances that are in the state and not in the list.
    pub strange: Vec<String>,
    /// Addresses that several instances have, which Terraform refuses.
    pub doubled: Vec<String>,
}

/// An output of a root module.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct StateOutput {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: Shown,
}

/// Attributes as they are, with their secrets. Nothing prints them.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Plain(pub(super) Json);

impl fmt::Debug for Plain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(Shown::MASK)
    }
}

/// One instance of a resource, or a leftover of one.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct StateInstance {
    /// Its address, with the keys of modules and instance.
    pub address: Address,
    /// The key of a leftover: a replacement created its successor, and could not destroy it.
    pub deposed: Option<SmolStr>,
    /// Whether it is to be replaced because its creation failed half-way, or somebody said so.
    pub is_tainted: bool,
    /// The source address of its provider: `registry.terraform.io/hashicorp/kubernetes`.
    pub provider: SmolStr,
    /// Its attributes.
    pub attributes: Json,
    /// The same with the secrets in them: to be compared with, and for nobody to see.
    pub(super) plain: Plain,
    /// The blocks it depends on: addresses without keys.
    pub dependencies: Vec<Address>,
}
