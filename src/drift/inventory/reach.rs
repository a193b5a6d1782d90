//! How far a list reaches: what would be in it if it were there.
//!
//! Invariant: what may lie beyond it is not covered.

use std::collections::{BTreeMap, BTreeSet};

use smol_str::SmolStr;

use super::declared::{Declared, plain_namespace};
use super::live::Live;

/// The kinds and namespaces of a list.
#[derive(Debug, Default)]
pub(super) struct Reach {
    /// With their groups; and whether objects of the kind are in namespaces.
    kinds: BTreeMap<(SmolStr, SmolStr), bool>,
    namespaces: BTreeSet<SmolStr>,
}

impl Reach {
    /// Takes in an object of the list.
    pub(super) fn add(&mut self, live: &Live) {
        let kind = (live.kind.clone(), live.group().into());
        *self.kinds.entry(kind).or_default() |= live.namespace.is_some();
        self.namespaces.extend(live.namespace.clone());
    }

    /// Whether it is a list of all namespaces.
    pub(super) fn is_of_all(&self) -> bool {
        self.namespaces.len() > 1
    }

    /// Whether objects of one of these kinds are in it.
    pub(super) fn has_one_of(&self, kinds: &[String]) -> bool {
        self.kinds.keys().any(|(kind, _)| kinds.iter().any(|it| it == kind))
    }

    /// Whether `object` would be in the list if it were in `namespace` (empty for none, and for `default`).
    pub(super) fn covers(&self, object: &Declared<'_>, namespace: &str) -> bool {
        let is_of_it = |name: &SmolStr| plain_namespace(Some(name)) == namespace;
        let is_in_reach = self.is_of_all() || self.namespaces.iter().any(is_of_it);
        self.kinds.iter().any(|((kind, group), is_namespaced)| {
            let is_kind =
                *kind == object.kind && object.group.as_ref().is_none_or(|it| it == group);
            is_kind && (is_in_reach || (!is_namespaced && namespace.is_empty()))
        })
    }
}
