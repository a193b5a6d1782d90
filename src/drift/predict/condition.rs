//! Whether a mutator writes a field of a resource of the code: yes, no, or not known.

use super::resource::Resource;
use crate::drift::cause::{Exempt, Label, World};
use crate::drift::code::Said;
use crate::model::{Data, Lookup, Value};
use crate::rule::{
    Action, After, FieldPath, FieldStep, Mutator, MutatorCondition as Condition, Selector,
};

/// A three-valued answer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Truth {
    /// It is so.
    Yes,
    /// It is not.
    No,
    /// It cannot be told: why.
    Unknown(String),
}

impl Truth {
    fn of(is_so: bool) -> Truth {
        if is_so { Truth::Yes } else { Truth::No }
    }

    fn not(self) -> Truth {
        match self {
            Truth::Yes => Truth::No,
            Truth::No => Truth::Yes,
            unknown @ Truth::Unknown(_) => unknown,
        }
    }

    fn or(self, other: impl FnOnce() -> Truth) -> Truth {
        self.not().and(|| other().not()).not()
    }

    fn and(self, other: impl FnOnce() -> Truth) -> Truth {
        match self {
            Truth::No => Truth::No,
            Truth::Yes => other(),
            Truth::Unknown(reason) => match other() {
                Truth::No => Truth::No,
                _ => Truth::Unknown(reason),
            },
        }
    }
}

/// The condition of `mutator`, and those of what it comes after.
pub(super) fn chain<'m>(mutator: &'m Mutator, all: &'m [Mutator]) -> Vec<&'m Condition> {
    let mut chain = vec![&mutator.condition];
    // Those that wait for each other end here too.
    while let Some(After::Mutator(name)) = chain.last().and_then(|it| it.after.as_ref())
        && chain.len() <= all.len()
        && let Some(before) = all.iter().find(|it| it.name == *name)
    {
        chain.push(&before.condition);
    }
    chain
}

/// On what a condition is judged.
pub(super) struct Ground<'a, 'r, 's> {
    pub(super) world: &'a World<'r, 's>,
    pub(super) mutators: &'a [Mutator],
    pub(super) resource: &'a Resource<'s>,
}

impl Ground<'_, '_, '_> {
    /// Whether `mutator` writes `field` with another value than the code has.
    pub(super) fn holds(&self, mutator: &Mutator, field: &FieldPath) -> Truth {
        self.object(mutator)
            .and(|| self.field(&mutator.condition, field))
            .and(|| self.writes_another(mutator, field))
    }

    /// Whether `mutator` is at work on the object.
    pub(super) fn object(&self, mutator: &Mutator) -> Truth {
        let conditions = chain(mutator, self.mutators);
        conditions.into_iter().fold(Truth::Yes, |truth, it| truth.and(|| self.one(it)))
    }

    fn one(&self, condition: &Condition) -> Truth {
        let Ground { resource, .. } = self;
        let repo = self.world.repo;
        let mut truth = Truth::Yes;
        if !condition.stacks.is_empty() {
            truth =
                truth.and(|| Truth::of(condition.stacks.iter().any(|it| **it == *resource.stack)));
        }
        if !condition.addresses.is_empty() {
            truth = truth
                .and(|| Truth::of(condition.addresses.contains(&resource.address.as_str().into())));
        }
        if !condition.kinds.is_empty() {
            let kind = resource.named(repo, &["manifest", "kind"]);
            truth = truth
                .and(|| one_of(kind.as_ref(), &|it| condition.kinds.iter().any(|kind| kind == it)));
        }
        if !condition.names.is_empty() {
            let name = resource.named(repo, &["metadata", "name"]);
            truth = truth
                .and(|| one_of(name.as_ref(), &|it| condition.names.iter().any(|name| name == it)));
        }
        for (path, wanted) in &condition.attributes {
            let value = resource.value(repo, path);
            truth = truth.and(|| one_of(value.as_ref(), &|it| it == wanted.as_str()));
        }
        if let Some(path) = &condition.declares {
            truth = truth.and(|| self.declares(path));
        }
        truth = truth.and(|| self.selected(&condition.labels, &[&["metadata", "labels"]]));
        let own: &[&str] = &["metadata", "annotations"];
        let pods: &[&str] = &["spec", "template", "metadata", "annotations"];
        truth = truth.and(|| self.selected(&condition.annotations, &[own, pods]));
        truth = truth.and(|| self.exempt(&condition.unless_labels, &["metadata", "labels"]).not());
        truth = truth.and(|| self.exempt(&condition.unless_annotations, own).not());
        truth = truth.and(|| self.in_namespace(condition));
        truth
    }

    /// Of each key, one selector holds in one of the maps.
    fn selected(&self, selectors: &[Selector], maps: &[&[&str]]) -> Truth {
        let mut truth = Truth::Yes;
        for of_key in Selector::by_key(selectors) {
            let mut any = Truth::No;
            for map in maps {
                let map = self.resource.named(self.world.repo, map);
                for selector in &of_key {
                    any = any.or(|| has(map.as_ref(), selector));
                }
            }
            truth = truth.and(|| any);
        }
        truth
    }

    /// Whether any of the selectors holds.
    fn exempt(&self, selectors: &[Selector], map: &[&str]) -> Truth {
        if selectors.is_empty() {
            return Truth::No;
        }
        let map = self.resource.named(self.world.repo, map);
        let none = |truth: Truth, it: &Selector| truth.and(|| has(map.as_ref(), it).not());
        selectors.iter().fold(Truth::Yes, none).not()
    }

    fn in_namespace(&self, condition: &Condition) -> Truth {
        if condition.namespace_policy.is_none() && condition.namespace_labels.is_empty() {
            return Truth::Yes;
        }
        let namespace = self.resource.named(self.world.repo, &["metadata", "namespace"]);
        let Some(namespace) = namespace else { return self.namespace(condition, "default") };
        let options = namespace.possibilities().iter();
        all_agree(options.map(|it| match (it.as_str(), it.first_unknown()) {
            (Some(name), _) => self.namespace(condition, &name),
            (None, Some(reason)) => Truth::Unknown(format!("its namespace: {reason}")),
            (None, None) => self.namespace(condition, "default"),
        }))
    }

    fn namespace(&self, condition: &Condition, namespace: &str) -> Truth {
        let policy = || match &condition.namespace_policy {
            None => Truth::Yes,
            Some(policy) => match self.world.policy(policy).map(|it| it.exempts(namespace)) {
                Some(Exempt::Yes) => Truth::No,
                Some(Exempt::No) => Truth::Yes,
                Some(Exempt::Unknown(why)) => {
                    Truth::Unknown(format!("which namespaces `{policy}` excludes: {why}"))
                }
                None => Truth::Unknown(format!("no code declares the policy `{policy}`")),
            },
        };
        let says = |wanted: &Selector| match self.world.label(namespace, &wanted.key) {
            Label::Is(value, _) => Truth::of(wanted.value.as_ref().is_none_or(|it| *it == value)),
            Label::None => Truth::No,
            Label::Unknown(reason) => Truth::Unknown(reason),
        };
        Selector::by_key(&condition.namespace_labels).into_iter().fold(policy(), |truth, of_key| {
            truth.and(|| of_key.into_iter().fold(Truth::No, |any, it| any.or(|| says(it))))
        })
    }

    /// Whether the code says something at `path`.
    pub(super) fn declares(&self, path: &FieldPath) -> Truth {
        match self.resource.said(path) {
            Said::Block => Truth::Yes,
            Said::Nothing => Truth::No,
            Said::Generated => Truth::Unknown(format!("a `dynamic` block makes `{path}`")),
            Said::Expression(..) => match self.resource.value(self.world.repo, path) {
                None => Truth::No,
                Some(value) => match &value.data {
                    Data::Unknown(reason) => Truth::Unknown(reason.to_string()),
                    _ => Truth::Yes,
                },
            },
        }
    }

    /// What it asks of the code for the field.
    fn field(&self, condition: &Condition, field: &FieldPath) -> Truth {
        let mut truth = Truth::Yes;
        if condition.unless_declared {
            truth = truth.and(|| self.declares(field).not());
        }
        if condition.if_declared {
            truth = truth.and(|| self.declares(field));
        }
        if let Some(pattern) = &condition.unless_matches {
            let value = self.resource.value(self.world.repo, field);
            truth = truth.and(|| one_of(value.as_ref(), &|it| pattern.is_in(it)).not());
        }
        for (below, value) in &condition.unless_values {
            truth = truth.and(|| self.says(field, below, value).not());
        }
        if !condition.calls.is_empty() {
            let calls = self.resource.calls(self.world.repo, field);
            truth = truth
                .and(|| Truth::of(condition.calls.iter().any(|it| calls.contains(it.as_str()))));
        }
        truth
    }

    /// Whether the code says `value` at the path `below` a field, in any of the blocks on the way.
    fn says(&self, field: &FieldPath, below: &FieldPath, value: &str) -> Truth {
        /// More blocks than this in one list are not looked at.
        const MOST: u32 = 64;
        let whole = |index: u32| {
            let mut steps = field.steps().to_vec();
            steps.push(FieldStep::Index(0));
            steps.extend(below.steps().iter().cloned());
            FieldPath::of(steps).of_element(index)
        };
        let has_list = below.steps().contains(&FieldStep::Each);
        let mut none = Truth::Yes;
        for index in 0..if has_list { MOST } else { 1 } {
            let path = whole(index);
            if matches!(self.resource.said(&path), Said::Nothing) {
                break;
            }
            let said = self.resource.value(self.world.repo, &path);
            none = none.and(|| one_of(said.as_ref(), &|it| it == value).not());
        }
        none.not()
    }

    /// Whether what `mutator` writes differs from what the code says.
    fn writes_another(&self, mutator: &Mutator, field: &FieldPath) -> Truth {
        let repo = self.world.repo;
        let signature = &mutator.signature;
        let said = || self.resource.value(repo, field);
        if !signature.cases.is_empty() {
            for case in &signature.cases {
                let beside = self.resource.value(repo, &field.sibling(&case.beside));
                match one_of(beside.as_ref(), &|it| case.matches.is_in(it)) {
                    Truth::Yes => {
                        return one_of(said().as_ref(), &|it| it == case.value.as_str()).not();
                    }
                    Truth::No => {}
                    Truth::Unknown(reason) => {
                        return Truth::Unknown(format!("its `{}`: {reason}", case.beside));
                    }
                }
            }
            return Truth::No;
        }
        let only = signature.matches.as_ref().and_then(crate::rule::Matches::only);
        match (only, signature.action) {
            (Some(only), Action::Adds | Action::Changes) => {
                one_of(said().as_ref(), &|it| it == only).not()
            }
            _ => Truth::Yes,
        }
    }
}

/// Whether the map has what `selector` selects.
fn has(map: Option<&Value>, selector: &Selector) -> Truth {
    let Some(map) = map else { return Truth::No };
    all_agree(map.possibilities().iter().map(|option| match &option.data {
        Data::Map(entries) => {
            let mut found = Truth::No;
            for entry in entries.sorted().into_iter().filter(|it| selector.selects(&it.key)) {
                let Lookup::Found(entry) = entries.get(&entry.key) else { continue };
                let is_it = match &selector.value {
                    None => Truth::of(!matches!(entry.value.data, Data::Null)),
                    Some(wanted) => one_of(Some(&entry.value), &|it| it == wanted.as_str()),
                };
                match is_it {
                    Truth::Yes => return Truth::Yes,
                    Truth::No => {}
                    unknown @ Truth::Unknown(_) => found = unknown,
                }
            }
            match (&found, &entries.open) {
                (Truth::No, Some(reason)) => Truth::Unknown(reason.to_string()),
                _ => found,
            }
        }
        Data::Unknown(reason) => Truth::Unknown(reason.to_string()),
        _ => Truth::No,
    }))
}

/// Whether the value is one that `is_it` takes; nothing is none.
fn one_of(value: Option<&Value>, is_it: &dyn Fn(&str) -> bool) -> Truth {
    let Some(value) = value else { return Truth::No };
    all_agree(value.possibilities().iter().map(|option| match option.as_str() {
        Some(text) => Truth::of(is_it(&text)),
        None => match option.first_unknown() {
            Some(reason) => Truth::Unknown(reason.to_string()),
            None => Truth::No,
        },
    }))
}

/// What all say; not known where they differ.
fn all_agree(answers: impl Iterator<Item = Truth>) -> Truth {
    let mut agreed: Option<Truth> = None;
    for answer in answers {
        match (&agreed, answer) {
            (_, unknown @ Truth::Unknown(_)) => return unknown,
            (None, first) => agreed = Some(first),
            (Some(known), other) if *known == other => {}
            _ => return Truth::Unknown("it depends on a condition".to_owned()),
        }
    }
    agreed.unwrap_or(Truth::No)
}
