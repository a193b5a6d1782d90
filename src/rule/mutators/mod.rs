//! Who changes which field behind Terraform's back: the tables, checked. Rules, hovers, drift and its prediction all read
//! this one form.
//!
//! Invariant: nothing in a table is ignored. What is unknown or of the wrong kind is an error with its place, so whoever
//! reads a mutator need not ask again.

mod field;
mod matches;
mod read;

use std::sync::Arc;

use smol_str::SmolStr;

pub use field::{FieldPath, FieldStep};
pub use matches::Matches;
pub(super) use read::read;

use super::language::covers;
use super::raw::Attributes;

/// Something that changes fields behind Terraform's back.
#[derive(Clone, Debug)]
pub struct Mutator {
    /// Its name.
    pub name: SmolStr,
    /// What it does: one line.
    pub summary: String,
    /// The word of the comments that say that it owns a field.
    pub marker: Option<String>,
    /// The fields, by type of resource.
    pub paths: Vec<(SmolStr, Vec<FieldPath>)>,
    /// When it changes them.
    pub condition: Condition,
    /// What its change looks like.
    pub signature: Signature,
    /// The field managers under which the API server records its writes.
    pub managers: Vec<SmolStr>,
    /// What an apply does to its change, where that is more than noise.
    pub reverts: Option<String>,
    /// The types of resource that such a change replaces.
    pub replaces: Vec<SmolStr>,
    /// Whether the provider leaves the field out of plans by itself.
    pub is_dropped: bool,
    /// Why the field must stay in the plan.
    pub never_ignore: Option<NeverIgnore>,
    /// What to write where `ignore_changes` is no way.
    pub instead: Option<String>,
    /// What to do about its change, where that is neither to ignore nor to revert it.
    pub advice: Option<String>,
    /// Since when nobody writes it.
    pub retired: Option<String>,
    /// The file it stands in, as shown to people.
    pub file: Arc<str>,
    /// The attributes as written, for checks that take them as options.
    pub(super) options: Attributes,
}

/// When a mutator acts: all of it must hold. Lists hold where one of their elements does, but for those that speak of
/// several keys: of each key, one.
#[derive(Clone, Debug, Default)]
pub struct Condition {
    /// An admission policy: the namespaces that it excludes are exempt.
    pub namespace_policy: Option<SmolStr>,
    /// Labels of the namespace.
    pub namespace_labels: Vec<Selector>,
    /// Labels of the object.
    pub labels: Vec<Selector>,
    /// Annotations of the object, or of its pods.
    pub annotations: Vec<Selector>,
    /// Fields of the object with their values.
    pub attributes: Vec<(FieldPath, SmolStr)>,
    /// Names of the object.
    pub names: Vec<SmolStr>,
    /// Kinds, for a resource that may be of any.
    pub kinds: Vec<SmolStr>,
    /// Stacks, by name.
    pub stacks: Vec<SmolStr>,
    /// Addresses in the stack, without the keys of instances.
    pub addresses: Vec<SmolStr>,
    /// A field that the code has.
    pub declares: Option<FieldPath>,
    /// Whether only a field that the code declares is changed.
    pub if_declared: bool,
    /// Functions that the code calls for the field.
    pub calls: Vec<SmolStr>,
    /// What must have happened before.
    pub after: Option<After>,
    /// Labels that exempt the object.
    pub unless_labels: Vec<Selector>,
    /// Annotations that exempt the object.
    pub unless_annotations: Vec<Selector>,
    /// Whether a field that the code declares is left alone.
    pub unless_declared: bool,
    /// What the code says below the field exempts it: a path from there, and a value.
    pub unless_values: Vec<(FieldPath, SmolStr)>,
    /// What the code says in the field exempts it.
    pub unless_matches: Option<Matches>,
}

/// What happens before a mutator acts.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum After {
    /// Another mutator acts: by its name.
    Mutator(SmolStr),
    /// Something that the code does not tell: nobody can predict it.
    Event(String),
}

/// A key of a map, and perhaps its value. `*` in a key stands for anything.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Selector {
    /// The key.
    pub key: SmolStr,
    /// Its value; `None` where any will do.
    pub value: Option<SmolStr>,
}

impl Selector {
    /// The `selectors`, those of one key together: of each key, one has to hold.
    pub fn by_key(selectors: &[Selector]) -> Vec<Vec<&Selector>> {
        let mut groups: Vec<Vec<&Selector>> = Vec::new();
        for selector in selectors {
            match groups.iter_mut().find(|group| group[0].key == selector.key) {
                Some(group) => group.push(selector),
                None => groups.push(vec![selector]),
            }
        }
        groups
    }

    /// Whether `key` is one of those that it selects.
    pub fn selects(&self, key: &str) -> bool {
        covers(&self.key, key)
    }
}

/// What a change looks like that a mutator made.
#[derive(Clone, Debug, Default)]
pub struct Signature {
    /// What it does to the field.
    pub action: Action,
    /// What the new value looks like; of a removal, the old one. Values that are no text are compared as JSON.
    pub matches: Option<Matches>,
    /// What stays the same.
    pub same: Option<Same>,
    /// Whether an image's tag becomes a later one.
    pub rises: bool,
    /// The new value is no smaller than the code's.
    pub at_least_code: bool,
    /// The new value is no larger than the largest of these.
    pub at_most: Vec<Bound>,
    /// The new value is that of this label of the namespace.
    pub namespace_label: Option<SmolStr>,
    /// The new value follows from what stands beside the field: the first that fits.
    pub cases: Vec<BesideCase>,
}

impl Signature {
    /// Whether it tells the new value by the old one, or by the code's, alone: anybody may write such a value.
    pub fn is_relative(&self) -> bool {
        self.same == Some(Same::Repository) || self.rises || self.at_least_code
    }

    /// Whether it says anything about the value.
    pub fn tells_values(&self) -> bool {
        self.matches.is_some()
            || self.same == Some(Same::Repository)
            || self.rises
            || self.at_least_code
            || self.namespace_label.is_some()
            || !self.cases.is_empty()
    }
}

/// What a mutator does to a field.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Action {
    /// It writes what was not there.
    Adds,
    /// It writes another value.
    #[default]
    Changes,
    /// It takes it away.
    Removes,
}

/// What a change leaves as it was.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Same {
    /// The repository of an image, however its registry is written.
    Repository,
    /// The day: everywhere on the same one.
    Day,
}

/// Where an upper bound of a value stands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Bound {
    /// The code says it for the field.
    Code,
    /// A label or annotation of the object says it.
    Key(SmolStr),
}

/// A value that depends on what stands beside it: `{ beside = "image", matches = ":latest$", value = "Always" }`.
#[derive(Clone, Debug)]
pub struct BesideCase {
    /// The name of the neighbour.
    pub beside: SmolStr,
    /// What it looks like.
    pub matches: Matches,
    /// What the mutator then writes.
    pub value: SmolStr,
}

/// A field that must stay in the plan.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NeverIgnore {
    /// Why.
    pub reason: String,
    /// Whether only where the code declares it.
    pub when_declared: bool,
}

/// Who writes under a name that the API server records.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Manager {
    /// The name; `*` in it stands for anything.
    pub name: Selector,
    /// Who that is: a few words.
    pub summary: String,
}

impl Manager {
    pub(super) fn new(name: SmolStr, summary: &str) -> Manager {
        Manager { name: Selector { key: name, value: None }, summary: summary.to_owned() }
    }
}

impl Mutator {
    /// The fields that it changes in resources of the type `kind`.
    pub fn fields(&self, kind: &str) -> &[FieldPath] {
        self.paths.iter().find(|(known, _)| known == kind).map_or(&[], |(_, fields)| fields)
    }

    /// Whether it only acts once something has happened that no code tells.
    pub fn event(&self) -> Option<&str> {
        match &self.condition.after {
            Some(After::Event(event)) => Some(event),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests;
