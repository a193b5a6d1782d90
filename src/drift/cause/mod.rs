//! Who did it: a difference → a cause, with how sure it is and on what it rests.
//!
//! Invariant: a mutator is only named where the path, the value and the condition fit. One whose condition excludes the
//! object, or which writes other values, is never the cause; it is said to have nearly fitted.

mod advice;
mod applied;
mod facts;
mod field;
mod group;
mod managers;
mod object;
mod patch;
mod policy;
mod request;
mod signature;
mod world;
mod written;

use std::sync::Arc;

pub(super) use advice::advice;
pub(super) use field::steps;
pub(super) use group::group;
pub(super) use patch::is_map;
pub(super) use policy::Exempt;
pub(super) use world::Label;
pub(super) use world::World;

use super::address::Address;
use super::change::{
    Action, AttributeChange, Change, Class, WRONG_REPETITION, why_deleted, why_replaced,
};
use super::code;
use super::measured::StackRef;
use super::path::Path;
use super::report::{Cause, Confidence};
use super::shown::{Json, Shown};
use crate::model::Repo;
use crate::rule::{FieldPath, Manager, Mutator};
use field::Leaf;
use written::{Asking, Found};

/// The actor where the plan was made from an older checkout than the one that is here.
pub const STALE_CHECKOUT: &str = "stale-checkout";

/// What is evidence of all that the code asks for and no apply has brought yet.
const UNTOUCHED: &str = "nobody changed it outside: what runs is what was applied last";

/// Everything that causes are looked for in.
#[derive(Debug)]
pub struct Causes<'r, 's> {
    mutators: &'r [Mutator],
    managers: &'r [Manager],
    world: Option<World<'r, 's>>,
}

/// The difference that a cause is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// The stack that it is in.
    pub stack: &'a StackRef,
    /// The instance that differs.
    pub change: &'a Change,
    /// The value in it; `None` for the instance as a whole.
    pub attribute: Option<&'a AttributeChange>,
    /// The live object as `kubectl get -o json --show-managed-fields` has it, where there is one.
    pub live: Option<&'a Json>,
}

/// What may be done in `ignore_changes` about a difference with a known cause.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Ignoring {
    /// The owner of the field is known: the entry, and the marker that it carries.
    May {
        /// The field that the owner writes, as Terraform writes paths.
        field: String,
        /// The word of the comment beside the entry.
        marker: Option<String>,
    },
    /// The field must stay in the plan: why.
    Never(String),
    /// Nobody is known to own it, or who wrote it does not keep it: it is to be settled.
    Unowned,
}

impl<'r, 's> Causes<'r, 's> {
    /// What the tables say, and `repo` where there is one.
    pub fn new(
        mutators: &'r [Mutator],
        managers: &'r [Manager],
        repo: Option<&'r Repo<'s>>,
    ) -> Self {
        Causes { mutators, managers, world: repo.map(World::of) }
    }

    /// Who did it.
    pub fn attribute(&self, asked: &Asked<'_>) -> Cause {
        let class = asked.attribute.map_or(asked.change.class, |it| it.class);
        match (class, asked.attribute) {
            (Class::Unapplied, Some(attribute)) => self.unapplied(asked, attribute),
            (Class::Perpetual, Some(attribute)) => {
                let found =
                    self.mutator(asked, &leaf_of(attribute, &attribute.live, &attribute.want));
                match found {
                    Found::By(cause) => cause,
                    Found::Nobody(_) => by_terraform(class, asked),
                }
            }
            (Class::OutOfBand | Class::Masked | Class::Conflict, Some(attribute)) => {
                self.changed_outside(asked, attribute)
            }
            (Class::OutOfBand | Class::Masked | Class::Conflict | Class::DeletedOutside, _) => {
                self.unknown(asked, &Path::default(), Vec::new())
            }
            (Class::Unapplied, None) => {
                request::cause(asked.change).unwrap_or_else(|| by_terraform(class, asked))
            }
            _ => by_terraform(class, asked),
        }
    }

    /// What may be done in `ignore_changes` about a difference of which `cause` is the cause.
    pub fn ignoring(&self, asked: &Asked<'_>, cause: &Cause) -> Ignoring {
        let actor = cause.actor.as_deref().filter(|_| cause.confidence >= Confidence::Likely);
        let mutator = actor.and_then(|actor| self.mutators.iter().find(|it| it.name == actor));
        let (Some(mutator), Some(attribute)) = (mutator, asked.attribute) else {
            return Ignoring::Unowned;
        };
        if let Some(never) = &mutator.never_ignore {
            let is_declared = !field::is_nothing(&attribute.want);
            if !never.when_declared || is_declared {
                return Ignoring::Never(never.reason.clone());
            }
        }
        if let Some(instead) = &mutator.instead {
            return Ignoring::Never(format!("write `{instead}` instead"));
        }
        // Advice is there where the change is to be settled; beside a marker, ignoring the field is one of its ways.
        if mutator.advice.is_some() && mutator.marker.is_none() {
            return Ignoring::Unowned;
        }
        let path = &attribute.path;
        let fields = mutator.fields(&asked.change.address.kind).iter();
        let own =
            fields.into_iter().find_map(|it| concrete(it, path)).unwrap_or_else(|| path.clone());
        Ignoring::May { field: own.to_string(), marker: mutator.marker.clone() }
    }

    /// Live is what was applied last: somebody wrote on the code, or a mutator wrote during the apply itself.
    fn unapplied(&self, asked: &Asked<'_>, attribute: &AttributeChange) -> Cause {
        let leaf = leaf_of(attribute, &attribute.want, &attribute.live);
        if let Found::By(mut cause) = self.mutator(asked, &leaf) {
            let said = "the state has it already: it was written during an apply, or read since";
            cause.evidence.push(said.to_owned());
            return cause;
        }
        match self.said_by_code(asked, attribute) {
            Some(said)
                if field::same(&said, &attribute.live) && self.may_be_set(asked, attribute) =>
            {
                let mut cause = by_terraform(Class::Unapplied, asked);
                cause.evidence.push(
                    "the default of a variable is what runs: the plan had another value for it, or another checkout"
                        .to_owned(),
                );
                cause
            }
            Some(said) if field::same(&said, &attribute.live) => Cause {
                actor: Some(STALE_CHECKOUT.into()),
                summary: "the plan was made from an older checkout: this code says what runs"
                    .to_owned(),
                confidence: Confidence::Certain,
                evidence: vec![
                    UNTOUCHED.to_owned(),
                    "the value in the code of this checkout is what runs".to_owned(),
                ],
                related: Vec::new(),
                advice: Some("plan again on this revision".to_owned()),
            },
            said => {
                let mut cause = by_terraform(Class::Unapplied, asked);
                if said.is_some_and(|said| field::same(&said, &attribute.want)) {
                    cause.evidence.push("this checkout asks for it".to_owned());
                    cause.confidence = Confidence::Certain;
                }
                cause
            }
        }
    }

    /// What the code says now, where that is one known value.
    fn said_by_code(&self, asked: &Asked<'_>, attribute: &AttributeChange) -> Option<Shown> {
        let world = self.world.as_ref()?;
        let declared = code::declared(world.repo, asked.stack, &asked.change.address)?;
        let value = declared.value(world.repo, &attribute.path.0)?;
        Some(Shown::Value(Json::String(value.as_str()?.into_owned())))
    }

    /// Whether whoever planned may have set another value than the code says by itself.
    fn may_be_set(&self, asked: &Asked<'_>, attribute: &AttributeChange) -> bool {
        let Some(world) = &self.world else { return true };
        let declared = code::declared(world.repo, asked.stack, &asked.change.address);
        declared.is_none_or(|it| it.may_be_set(world.repo, &attribute.path.0))
    }

    fn changed_outside(&self, asked: &Asked<'_>, attribute: &AttributeChange) -> Cause {
        let leaf = leaf_of(attribute, &attribute.base, &attribute.live);
        match self.mutator(asked, &leaf) {
            Found::By(cause) => cause,
            Found::Nobody(nearly) => self.unknown(asked, &attribute.path, nearly),
        }
    }

    fn mutator(&self, asked: &Asked<'_>, leaf: &Leaf) -> Found {
        let class = asked.attribute.map_or(asked.change.class, |it| it.class);
        let Causes { mutators, managers, world } = self;
        Asking { asked, class, mutators, managers, world: world.as_ref() }.who(leaf)
    }

    /// Nothing matched.
    fn unknown(&self, asked: &Asked<'_>, path: &Path, nearly: Vec<String>) -> Cause {
        let object = asked.live.unwrap_or(&asked.change.object);
        let writer = managers::writer(object, &path.0);
        let (summary, mut evidence) = match &writer {
            Some(writer) => {
                let when = writer.time.map(|time| format!(" at {time}")).unwrap_or_default();
                let known = self.managers.iter().find(|it| it.name.selects(writer.manager));
                let who = known.map(|it| format!(": {}", it.summary)).unwrap_or_default();
                let line = format!("the API server recorded `{}`{when}{who}", writer.manager);
                (
                    format!("unknown actor, changed{when} by manager `{}`", writer.manager),
                    vec![line],
                )
            }
            None => ("unknown actor".to_owned(), Vec::new()),
        };
        evidence.extend(nearly);
        Cause {
            actor: None,
            summary,
            confidence: Confidence::Unknown,
            evidence,
            related: Vec::new(),
            advice: None,
        }
    }
}

/// What differs in `attribute`, seen as a change from one of its sides to another.
fn leaf_of(attribute: &AttributeChange, from: &Shown, to: &Shown) -> Leaf {
    Leaf {
        path: attribute.path.clone(),
        from: from.clone(),
        to: to.clone(),
        code: attribute.want.clone(),
    }
}

/// `path` up to where `field` ends, if it leads to it.
fn concrete(field: &FieldPath, path: &Path) -> Option<Path> {
    match field::meets(field, &path.0) {
        field::Meets::Inside(used) => Some(Path(path.0[..used].to_vec())),
        field::Meets::Around | field::Meets::Apart => None,
    }
}

/// What is new on every run because `source` is.
fn following(source: &Address) -> Cause {
    Cause {
        actor: None,
        summary: format!("it follows `{source}`, which is new on every run"),
        confidence: Confidence::Likely,
        evidence: vec![format!(
            "all else that it is made of is known, and `{source}` is known only after apply"
        )],
        related: Vec::new(),
        advice: Some(format!("settle `{source}`: then this one rests too")),
    }
}

/// Nobody but Terraform and the code.
fn by_terraform(class: Class, asked: &Asked<'_>) -> Cause {
    if let (Class::Perpetual, Some(source)) = (class, &asked.change.follows) {
        return following(source);
    }
    let change = asked.change;
    let previous = change.previous.as_ref();
    let (summary, confidence, evidence) = match class {
        Class::Unapplied if change.import_id.is_some() => (
            "the code imports it, and says something else than what runs",
            Confidence::Certain,
            "the plan takes it into the state: nothing of it was applied from here",
        ),
        Class::Unapplied if change.action == Action::Delete => (
            "the code does not ask for it: not applied yet, or the checkout is older than what was",
            Confidence::Likely,
            UNTOUCHED,
        ),
        Class::Unapplied => (
            "the code asks for it: not applied yet, or the checkout is older than what was",
            Confidence::Likely,
            UNTOUCHED,
        ),
        Class::Perpetual => (
            "the code asks for a new value on every run",
            Confidence::Certain,
            "the expression calls a function that never gives the same twice",
        ),
        Class::Moved => ("the code moves it", Confidence::Certain, "only its address changes"),
        Class::Imported => {
            ("the code imports it", Confidence::Certain, "the plan takes it into the state")
        }
        Class::Forgotten => {
            ("the code lets go of it", Confidence::Certain, "the plan takes it out of the state")
        }
        Class::Deposed => (
            "a replacement failed half-way and left it behind",
            Confidence::Certain,
            "the state lists it as deposed",
        ),
        Class::OutputOnly => {
            ("something upstream changed", Confidence::Likely, "only outputs differ")
        }
        Class::Read => ("it is read during an apply", Confidence::Certain, "it is a data source"),
        _ => ("the provider counts and stamps", Confidence::Likely, "it is of no consequence"),
    };
    let mut evidence = vec![evidence.to_owned()];
    evidence.extend(previous.map(|address| format!("it was at `{address}`")));
    if class == Class::Unapplied && asked.attribute.is_none() {
        let why = change.reason.as_deref().and_then(match change.action {
            Action::Delete => why_deleted,
            _ => why_replaced,
        });
        evidence.extend(why.map(str::to_owned));
    }
    let advice = match class {
        Class::Unapplied if change.import_id.is_some() => Some(
            "write what runs into the code, if it is right: an apply that imports it changes it too",
        ),
        Class::Unapplied if change.reason.as_deref() == Some(WRONG_REPETITION) => Some(
            "a `moved` block keeps what is there, where it is one of the new instances; else apply",
        ),
        Class::Deposed if change.action == Action::Forget => {
            Some("apply, then see that something else looks after the leftover: it keeps running")
        }
        _ => None,
    };
    let actor: Option<Arc<str>> = None;
    let (summary, advice) = (summary.to_owned(), advice.map(str::to_owned));
    Cause { actor, summary, confidence, evidence, related: Vec::new(), advice }
}

#[cfg(test)]
mod tests;
