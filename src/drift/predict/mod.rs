//! What will drift, from the code alone: fields that a known mutator writes and that Terraform does not ignore; and entries
//! of `ignore_changes` that do nothing, or hide what must be seen.
//!
//! Invariant: what cannot be told is listed as such. Nothing is predicted on a guess, and nothing that only happens when
//! somebody does something.

mod entries;
mod object;
mod provider;
mod resource;
#[cfg(test)]
mod tests;

use smol_str::SmolStr;

use super::cause::World;
use super::condition::{self, Truth};
use crate::model::{AttributePath, BlockRef, IgnoreChanges, Repo};
use crate::rule::{FieldPath, Mutator};
use crate::text::Span;
use object::Ground;
use resource::Resource;

/// What the code lets one see ahead.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Forecast {
    /// The fields that will drift, in the order of path and place.
    pub drifts: Vec<Predicted>,
    /// The entries of `ignore_changes` that are not what they seem, in the order of path and place.
    pub entries: Vec<Entry>,
    /// The fields of which it cannot be told.
    pub unsure: Vec<Unsure>,
    /// The mutators that are not at work here, with the reason.
    pub idle: Vec<(SmolStr, String)>,
    /// How many resources were looked at.
    pub resources: usize,
}

/// A field that will drift.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Predicted {
    /// The block.
    pub subject: Subject,
    /// The field, as Terraform writes paths.
    pub field: String,
    /// The mutator.
    pub actor: SmolStr,
    /// What it does.
    pub summary: String,
    /// Whether an apply then replaces the resource.
    pub replaces: bool,
    /// What an apply does to its change, where that is more than noise.
    pub reverts: Option<String>,
    /// What to write.
    pub help: String,
    /// An entry that was meant for the field and does nothing.
    pub near: Option<Span>,
}

/// A field of which it cannot be told.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Unsure {
    /// The block.
    pub subject: Subject,
    /// The field.
    pub field: String,
    /// The mutator.
    pub actor: SmolStr,
    /// Why.
    pub reason: String,
}

/// The block that something is said about.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Subject {
    /// Its address in its module.
    pub address: String,
    /// Where it is declared.
    pub span: Span,
    /// The stacks in which it is so, by name.
    pub stacks: Vec<String>,
}

/// An entry of `ignore_changes` that is not what it seems.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Entry {
    /// The block.
    pub subject: Subject,
    /// The entry as Terraform reads it.
    pub path: String,
    /// Where it stands.
    pub span: Span,
    /// What is the matter with it.
    pub flaw: Flaw,
    /// More about that: one line.
    pub why: String,
}

/// What is the matter with an entry of `ignore_changes`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Flaw {
    /// It hides what must stay in the plan.
    Hides,
    /// It writes the key of a map as an attribute: Terraform ignores nothing.
    DottedKey,
    /// It leads into a block that the code does not have: Terraform ignores nothing.
    NoSuchBlock,
    /// The provider computes the field: there is nothing to ignore.
    Computed,
    /// Nobody writes the field any more.
    Retired,
    /// The provider leaves the field out of plans by itself.
    Dropped,
}

impl Flaw {
    /// All of them, gravest first.
    pub const ALL: [Flaw; 6] = [
        Flaw::Hides,
        Flaw::DottedKey,
        Flaw::NoSuchBlock,
        Flaw::Computed,
        Flaw::Retired,
        Flaw::Dropped,
    ];

    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Flaw::Hides => "hides",
            Flaw::DottedKey => "dotted-key",
            Flaw::NoSuchBlock => "no-such-block",
            Flaw::Computed => "computed",
            Flaw::Retired => "retired",
            Flaw::Dropped => "dropped-by-provider",
        }
    }
}

/// What `repo` lets one see ahead, of the stacks that `is_wanted` takes.
pub fn predict(
    repo: &Repo<'_>,
    mutators: &[Mutator],
    is_wanted: &dyn Fn(&str) -> bool,
) -> Forecast {
    let world = World::of(repo);
    let mut forecast = Forecast::default();
    let active = active(mutators, &world, &mut forecast);
    for block in repo.blocks().filter(|block| block.block.kind.name == "resource") {
        let all = resource::live(repo, block, is_wanted);
        if all.is_empty() {
            continue;
        }
        forecast.resources += 1;
        let looked = Looked { world: &world, mutators, block, all };
        for mutator in &active {
            looked.fields(mutator, &mut forecast);
        }
        forecast.entries.extend(entries::entries(&looked));
    }
    forecast
}

/// The mutators that write by themselves and are at work here. Those that wait for an event may write at any time, and
/// nobody can predict it.
fn active<'m>(
    mutators: &'m [Mutator],
    world: &World<'_, '_>,
    forecast: &mut Forecast,
) -> Vec<&'m Mutator> {
    let mut active = Vec::new();
    for mutator in mutators {
        if mutator.retired.is_some() || mutator.is_dropped || mutator.event().is_some() {
            continue;
        }
        let conditions = condition::chain(mutator, mutators);
        let mut policies = conditions.iter().filter_map(|it| it.namespace_policy.as_ref());
        match policies.find(|policy| world.policy(policy).is_none()) {
            Some(policy) => {
                let why = format!("no code declares the policy `{policy}`");
                forecast.idle.push((mutator.name.clone(), why));
            }
            None => active.push(mutator),
        }
    }
    active
}

/// A block that is looked at, with everything that it may be.
struct Looked<'a, 'r, 's> {
    world: &'a World<'r, 's>,
    mutators: &'a [Mutator],
    block: BlockRef<'s>,
    /// In each stack, instance and element.
    all: Vec<Resource<'s>>,
}

impl<'s> Looked<'_, '_, 's> {
    /// What becomes of the fields that `mutator` writes in it.
    fn fields(&self, mutator: &Mutator, forecast: &mut Forecast) {
        let kind = self.block.block.label(0).unwrap_or_default();
        for field in mutator.fields(kind) {
            match self.each(mutator, field) {
                Ok(fields) => {
                    for field in fields {
                        self.field(mutator, &field, forecast);
                    }
                }
                Err(reason) => {
                    if self.may_be(mutator) {
                        let subject = self.subject(self.all.iter());
                        let (field, actor) = (field.to_string(), mutator.name.clone());
                        forecast.unsure.push(Unsure { subject, field, actor, reason });
                    }
                }
            }
        }
    }

    /// The fields that `field` means here: one for each block of a list, and of a map whose values call functions one for
    /// each key.
    fn each(&self, mutator: &Mutator, field: &FieldPath) -> Result<Vec<FieldPath>, String> {
        if !mutator.condition.calls.is_empty() {
            return Ok(self.all[0].keys(field));
        }
        let Some((list, _)) = field.split_each() else { return Ok(vec![field.clone()]) };
        let count = self.all[0].count_blocks(&list)?;
        Ok((0..count).map(|index| field.of_element(index as u32)).collect())
    }

    /// Whether the mutator may be at work on it at all.
    fn may_be(&self, mutator: &Mutator) -> bool {
        let is_no = |it: &Resource<'s>| {
            let ground = Ground { world: self.world, mutators: self.mutators, resource: it };
            matches!(ground.object(mutator), Truth::No(_))
        };
        !self.all.iter().all(is_no)
    }

    fn field(&self, mutator: &Mutator, field: &FieldPath, forecast: &mut Forecast) {
        let mut yes: Vec<&Resource<'s>> = Vec::new();
        let mut unsure: Vec<(&Resource<'s>, String)> = Vec::new();
        for resource in &self.all {
            let ground = Ground { world: self.world, mutators: self.mutators, resource };
            match ground.holds(mutator, field) {
                Truth::Yes => yes.push(resource),
                Truth::Unknown(reason) => unsure.push((resource, reason)),
                Truth::No(_) => {}
            }
        }
        if yes.is_empty() && unsure.is_empty() {
            return;
        }
        let target = AttributePath::parse(&field.to_string());
        let ignored = IgnoreChanges::of(self.block.block);
        let effective = target.as_ref().map(|it| it.effective_in(self.block.block).path);
        let covered = effective.as_ref().zip(ignored.as_ref());
        if covered.is_some_and(|(path, ignored)| ignored.covering(path).is_some()) {
            return;
        }
        if provider::drops(self.world.repo, &self.all[0], field) {
            return;
        }
        if yes.is_empty() {
            let reason = unsure[0].1.clone();
            let subject = self.subject(unsure.iter().map(|(it, _)| *it));
            let (field, actor) = (field.to_string(), mutator.name.clone());
            forecast.unsure.push(Unsure { subject, field, actor, reason });
            return;
        }
        let near =
            target.as_ref().zip(ignored.as_ref()).and_then(|(it, ignored)| ignored.ineffective(it));
        let kind = self.block.block.label(0).unwrap_or_default();
        let shown = effective.map_or_else(|| field.to_string(), |path| path.to_string());
        forecast.drifts.push(Predicted {
            subject: self.subject(yes.into_iter()),
            field: field.to_string(),
            actor: mutator.name.clone(),
            summary: mutator.summary.clone(),
            replaces: mutator.replaces.iter().any(|it| it == kind),
            reverts: mutator.reverts.clone(),
            help: help(mutator, &shown),
            near: near.map(|range| self.block.file.span(range)),
        });
    }

    /// What is said about the block where it is one of `those`.
    fn subject<'a>(&'a self, those: impl Iterator<Item = &'a Resource<'s>>) -> Subject {
        let mut stacks: Vec<String> = those.map(|it| it.stack.to_string()).collect();
        stacks.sort();
        stacks.dedup();
        Subject { address: self.block.address(), span: self.block.header(), stacks }
    }
}

/// What to write about the field at `path`.
fn help(mutator: &Mutator, path: &str) -> String {
    if let Some(advice) = &mutator.advice {
        return advice.clone();
    }
    if let Some(instead) = &mutator.instead {
        return format!("write `{instead}`");
    }
    match (&mutator.never_ignore, &mutator.marker) {
        (Some(never), _) if !never.when_declared || mutator.condition.if_declared => {
            format!("leave the field in the plan: {}", never.reason)
        }
        (_, Some(marker)) => format!("add `{path}, # {marker}` to `ignore_changes`"),
        (_, None) => format!("add `{path}` to `ignore_changes`"),
    }
}
