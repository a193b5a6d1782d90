//! A subject and the names that a rule has given to things about it.

use std::borrow::Cow;
use std::sync::Arc;

use smol_str::SmolStr;

use super::node::{BodyNode, Node, Place};
use crate::model::{BlockRef, Data, InstanceId, Reason, Repo, Value};
use crate::rule::Template;

/// The names that every subject has.
pub(super) const IMPLICIT: &[&str] =
    &["address", "file", "kind", "live", "module", "name", "stack"];

/// The values of [`IMPLICIT`].
pub(super) type Implicit = [SmolStr; 7];

/// The names that only wording may use: what the evidence of a finding says.
pub(super) const EVIDENCE: &[&str] = &["near", "value"];

/// What a rule looks at, with everything that has a name.
#[derive(Clone, Debug)]
pub(super) struct Env<'s> {
    /// The subject.
    pub(super) subject: Place<'s>,
    /// The top-level block that the subject is or stands in.
    pub(super) block: Option<BlockRef<'s>>,
    /// The values of [`IMPLICIT`], in its order; empty where the subject has none.
    pub(super) implicit: Arc<Implicit>,
    /// Why it is not known whether the subject belongs here at all.
    pub(super) doubt: Option<Reason>,
    /// What `each` has named last.
    element: Option<Place<'s>>,
    /// What `let` and `each` have named, in order.
    names: Vec<(SmolStr, Bound<'s>)>,
}

/// What a name stands for.
#[derive(Clone, Debug)]
pub(super) enum Bound<'s> {
    /// A place.
    Place(Place<'s>),
    /// A text that is no place: a key, a position, a path from a table.
    Text(SmolStr),
    /// Nothing is there.
    Absent,
    /// It is not known.
    Unknown(Reason),
}

/// A template with its holes filled.
pub(super) enum Filled<'t> {
    /// All are known.
    Text(Cow<'t, str>),
    /// Something that is named is not there.
    Absent,
    /// Something is not known.
    Unknown(Reason),
}

impl<'s> Env<'s> {
    pub(super) fn new(subject: Place<'s>, block: Option<BlockRef<'s>>, implicit: Implicit) -> Self {
        Self::shared(subject, block, Arc::new(implicit))
    }

    /// The same as [`Env::new`], with names that other environments have too.
    pub(super) fn shared(
        subject: Place<'s>,
        block: Option<BlockRef<'s>>,
        implicit: Arc<Implicit>,
    ) -> Self {
        Self { subject, block, implicit, doubt: None, element: None, names: Vec::with_capacity(8) }
    }

    /// The same with `name` given to `bound`.
    #[must_use]
    pub(super) fn with(mut self, name: &SmolStr, bound: Bound<'s>) -> Self {
        self.names.push((name.clone(), bound));
        self
    }

    /// The same with `name` given to `place`, which is judged on its own from here on.
    #[must_use]
    pub(super) fn with_element(mut self, name: &SmolStr, place: Place<'s>) -> Self {
        self.element = Some(place.clone());
        self.with(name, Bound::Place(place))
    }

    /// What was named `name` last.
    pub(super) fn bound(&self, name: &str) -> Option<&Bound<'s>> {
        self.names.iter().rev().find(|(known, _)| known == name).map(|(_, bound)| bound)
    }

    /// The module instances that the subject is judged in: the one whose eyes it is seen with, where that is known.
    pub(super) fn instances(&self, repo: &Repo<'s>) -> Vec<InstanceId> {
        if let Node::Body(BodyNode { scope, .. }) = &self.subject.node
            && let Some(instance) = scope.instance_id()
        {
            return vec![instance];
        }
        self.block.map(|block| repo.module(block.module).instances.clone()).unwrap_or_default()
    }

    /// Whether the code is part of a stack, or of a module that one calls.
    pub(super) fn is_live(&self) -> bool {
        IMPLICIT.iter().zip(self.implicit.iter()).all(|(name, it)| *name != "live" || it == "true")
    }

    /// The innermost thing that `each` has named, or else the subject: what a site is.
    pub(super) fn innermost(&self) -> &Place<'s> {
        self.element.as_ref().unwrap_or(&self.subject)
    }

    /// The text of the name `name`.
    pub(super) fn text(&self, name: &str) -> Filled<'_> {
        if let Some(bound) = self.bound(name) {
            return match bound {
                Bound::Text(text) => Filled::Text(Cow::Borrowed(text)),
                Bound::Absent => Filled::Absent,
                Bound::Unknown(reason) => Filled::Unknown(reason.clone()),
                Bound::Place(place) => match place.value() {
                    Some(value) => text_of(value),
                    None => Filled::Unknown(super::node::is_block()),
                },
            };
        }
        match IMPLICIT.iter().position(|known| *known == name) {
            Some(at) => Filled::Text(Cow::Borrowed(&self.implicit[at])),
            None => Filled::Absent,
        }
    }

    /// `template` with the texts of its names.
    pub(super) fn fill<'t>(&self, template: &'t Template) -> Filled<'t> {
        if let Some(plain) = template.as_plain() {
            return Filled::Text(Cow::Borrowed(plain));
        }
        let mut args: Vec<(&str, String)> = Vec::new();
        for name in template.holes() {
            match self.text(name) {
                Filled::Text(text) => args.push((name, text.into_owned())),
                Filled::Absent => return Filled::Absent,
                Filled::Unknown(reason) => return Filled::Unknown(reason),
            }
        }
        Filled::Text(Cow::Owned(template.render(&args)))
    }

    /// What has a name, the last first.
    pub(super) fn names(&self) -> impl Iterator<Item = (&SmolStr, &Bound<'s>)> {
        self.names.iter().rev().map(|(name, bound)| (name, bound))
    }

    /// Every name with its text, for wording. What is not known is shown as `…`.
    pub(super) fn args(&self) -> Vec<(SmolStr, String)> {
        let shown = |name: &str| match self.text(name) {
            Filled::Text(text) => text.into_owned(),
            Filled::Absent => String::new(),
            Filled::Unknown(_) => "…".to_owned(),
        };
        let own = self.names.iter().rev().map(|(name, _)| (name.clone(), shown(name)));
        let implicit = IMPLICIT.iter().map(|name| (SmolStr::new_static(name), shown(name)));
        own.chain(implicit).collect()
    }
}

/// The text of a value, as it stands in a template.
pub(super) fn text_of(value: &Value) -> Filled<'_> {
    if let Some(text) = value.as_str() {
        return Filled::Text(text);
    }
    match (&value.data, value.first_unknown()) {
        (_, Some(reason)) => Filled::Unknown(reason),
        (Data::Null, None) => Filled::Absent,
        (Data::List(list), None) => {
            let items: Vec<String> =
                list.items.iter().filter_map(|item| item.as_str().map(Cow::into_owned)).collect();
            Filled::Text(Cow::Owned(items.join(", ")))
        }
        _ => Filled::Unknown(Reason::new("it is no single value")),
    }
}
