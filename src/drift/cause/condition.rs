//! Whether a mutator may be at work on an object at all.

use super::facts::{Facts, selected};
use super::field::{self, Leaf};
use super::policy::Exempt;
use super::world::{Label, World};
use crate::diagnostic::Label as Place;
use crate::drift::change::Class;
use crate::drift::code;
use crate::drift::measured::StackRef;
use crate::drift::shown::{Json, Shown};
use crate::rule::{After, Mutator, MutatorCondition as Condition, Selector};

/// Whether a condition holds.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Holds {
    /// It does.
    Yes,
    /// It does not: why.
    No(String),
    /// It cannot be told: why.
    Unknown(String),
}

/// What became of a condition.
#[derive(Debug)]
pub(super) struct Judged {
    pub(super) holds: Holds,
    /// What was found to hold: one line each.
    pub(super) evidence: Vec<String>,
    /// Where the repo says so.
    pub(super) related: Vec<Place>,
    /// How much it asks for.
    pub(super) parts: usize,
    /// What must have happened, and nobody can see.
    pub(super) event: Option<String>,
}

/// On what a condition is judged.
pub(super) struct Ground<'a, 'r, 's> {
    pub(super) facts: &'a Facts<'a>,
    pub(super) stack: &'a StackRef,
    pub(super) class: Class,
    pub(super) leaf: &'a Leaf,
    pub(super) world: Option<&'a World<'r, 's>>,
    pub(super) mutators: &'a [Mutator],
}

/// Whether the condition of `mutator` holds; `used` steps of the path lead to its field.
pub(super) fn judge(mutator: &Mutator, used: usize, ground: &Ground<'_, '_, '_>) -> Judged {
    let mut judged = Judged {
        holds: Holds::Yes,
        evidence: Vec::new(),
        related: Vec::new(),
        parts: 0,
        event: None,
    };
    judged.object(&mutator.condition, ground);
    judged.field(&mutator.condition, used, ground);
    match &mutator.condition.after {
        Some(After::Event(event)) => judged.event = Some(event.clone()),
        Some(After::Mutator(name)) => {
            if let Some(first) = ground.mutators.iter().find(|it| it.name == *name) {
                judged.object(&first.condition, ground);
            }
        }
        None => {}
    }
    judged
}

impl Judged {
    /// Takes one more answer into account; `said` is what holds if it does.
    fn add(&mut self, holds: Holds, said: impl FnOnce() -> String) {
        self.parts += 1;
        match (&self.holds, holds) {
            (_, Holds::Yes) => self.evidence.push(said()),
            // The first reason stays, but that it does not hold weighs more than that it is not known.
            (Holds::No(_), _) | (Holds::Unknown(_), Holds::Unknown(_)) => {}
            (_, other) => self.holds = other,
        }
    }

    /// What it asks of the object.
    fn object(&mut self, condition: &Condition, ground: &Ground<'_, '_, '_>) {
        let facts = ground.facts;
        if let Some(policy) = &condition.namespace_policy {
            let holds = self.policy(policy, ground);
            self.add(holds, || format!("the policy `{policy}` does not exclude the namespace"));
        }
        for wanted in Selector::by_key(&condition.namespace_labels) {
            let holds = self.namespace_label(&wanted, ground);
            self.add(holds, || format!("the namespace has the label {}", shown(&wanted)));
        }
        for wanted in Selector::by_key(&condition.labels) {
            let has = wanted.iter().any(|it| selected(it, facts.labels()));
            let why = || format!("the object has no label {}", shown(&wanted));
            let holds = known(facts.is_known(), has, why);
            self.add(holds, || format!("the object has the label {}", shown(&wanted)));
        }
        for wanted in Selector::by_key(&condition.annotations) {
            let all = || facts.annotations().chain(facts.pod_annotations());
            let has = wanted.iter().any(|it| selected(it, all()));
            let why = || format!("the object has no annotation {}", shown(&wanted));
            let holds = known(facts.is_known(), has, why);
            self.add(holds, || format!("the object has the annotation {}", shown(&wanted)));
        }
        for (path, wanted) in &condition.attributes {
            let found = field::at(&facts.change.object, &field::steps(path));
            let has = found.is_some_and(|it| field::text(it) == *wanted);
            let holds = known(!facts.change.object.is_null(), has, || {
                format!("`{path}` is not `{wanted}`")
            });
            self.add(holds, || format!("`{path}` is `{wanted}`"));
        }
        let one_of = |list: &[smol_str::SmolStr], found: Option<&str>, noun: &str| match found {
            None => Holds::Unknown(format!("the {noun} is not known")),
            Some(found) if list.iter().any(|it| it == found) => Holds::Yes,
            Some(found) => Holds::No(format!("the {noun} is `{found}`")),
        };
        if !condition.names.is_empty() {
            let holds = one_of(&condition.names, facts.name(), "name");
            self.add(holds, || "the object has that name".to_owned());
        }
        if !condition.kinds.is_empty() {
            let kind = facts.kind();
            let holds = one_of(&condition.kinds, (!kind.is_empty()).then_some(&*kind), "kind");
            self.add(holds, || format!("the object is of the kind `{kind}`"));
        }
        if !condition.stacks.is_empty() {
            let holds = one_of(&condition.stacks, Some(&ground.stack.name), "stack");
            self.add(holds, || format!("it is in the stack `{}`", ground.stack.name));
        }
        if !condition.addresses.is_empty() {
            let address = facts.change.address.of_block().to_string();
            let holds = one_of(&condition.addresses, Some(&address), "address");
            self.add(holds, || format!("its address is `{address}`"));
        }
        for exempt in &condition.unless_labels {
            if selected(exempt, facts.labels()) {
                self.exempt("label", exempt);
            }
        }
        for exempt in &condition.unless_annotations {
            if selected(exempt, facts.annotations()) {
                self.exempt("annotation", exempt);
            }
        }
    }

    fn exempt(&mut self, noun: &str, selector: &Selector) {
        let shown = shown(&[selector]);
        self.holds = Holds::No(format!("the {noun} {shown} exempts the object"));
    }

    fn policy(&mut self, name: &str, ground: &Ground<'_, '_, '_>) -> Holds {
        let Some(world) = ground.world else {
            return Holds::Unknown("the policies of the repo are not known".to_owned());
        };
        let Some(policy) = world.policy(name) else {
            return Holds::Unknown(format!("no code declares the policy `{name}`"));
        };
        let message = "this policy does it".to_owned();
        self.related.push(Place { span: policy.header, message });
        let Some(namespace) = ground.facts.namespace() else {
            return Holds::Unknown("the namespace is not known".to_owned());
        };
        match policy.exempts(namespace) {
            Exempt::Yes => {
                Holds::No(format!("the policy `{name}` excludes the namespace `{namespace}`"))
            }
            Exempt::No => Holds::Yes,
            Exempt::Unknown(why) => {
                Holds::Unknown(format!("which namespaces `{name}` excludes: {why}"))
            }
        }
    }

    fn namespace_label(&mut self, wanted: &[&Selector], ground: &Ground<'_, '_, '_>) -> Holds {
        let (Some(world), Some(namespace)) = (ground.world, ground.facts.namespace()) else {
            return Holds::Unknown("the labels of the namespace are not known".to_owned());
        };
        let Some(key) = wanted.first().map(|it| it.key.as_str()) else { return Holds::Yes };
        match world.label(namespace, key) {
            Label::Is(value, block) => {
                let fits = |it: &&&Selector| it.value.as_ref().is_none_or(|it| *it == value);
                if wanted.iter().find(fits).is_none() {
                    let why = format!("the namespace `{namespace}` has `{key}={value}`");
                    return Holds::No(why);
                }
                let message = "the label of the namespace is declared here".to_owned();
                self.related.push(Place { span: block.header(), message });
                Holds::Yes
            }
            Label::None => Holds::No(format!("the namespace `{namespace}` has no label `{key}`")),
            Label::Unknown(why) => Holds::Unknown(why),
        }
    }

    /// What it asks of the code for the field.
    fn field(&mut self, condition: &Condition, used: usize, ground: &Ground<'_, '_, '_>) {
        let leaf = ground.leaf;
        // Where the code says what runs, nothing tells whether it was there first.
        let is_declared = !field::is_nothing(&leaf.code) && !field::same(&leaf.code, &leaf.to);
        if condition.unless_declared && is_declared {
            self.holds = Holds::No("the code declares the field".to_owned());
        }
        let at_field = leaf.path.0.len() == used;
        if let (true, Shown::Value(code)) = (at_field && is_declared, &leaf.code) {
            if condition.unless_matches.as_ref().is_some_and(|it| it.is_in(&field::text(code))) {
                self.holds = Holds::No("what the code says exempts it".to_owned());
            }
            for (path, value) in &condition.unless_values {
                if says(code, path.steps(), value) {
                    self.holds = Holds::No(format!("the code says `{path} = {value}` itself"));
                }
            }
        }
        if !condition.calls.is_empty() {
            let holds = calls(condition, ground);
            let names = condition.calls.join("`, `");
            self.add(holds, || format!("the code calls one of `{names}` for it"));
        }
    }
}

fn calls(condition: &Condition, ground: &Ground<'_, '_, '_>) -> Holds {
    let found = ground.world.and_then(|world| {
        let declared = code::declared(world.repo, ground.stack, &ground.facts.change.address)?;
        Some(declared.calls(world.repo, &ground.leaf.path.0))
    });
    match found {
        Some(found) if condition.calls.iter().any(|it| found.contains(it.as_str())) => Holds::Yes,
        Some(_) => Holds::No("the code calls no such function".to_owned()),
        None if ground.class == Class::Perpetual => {
            Holds::Unknown("which function the code calls is not known".to_owned())
        }
        None => Holds::No("the code asks for one value".to_owned()),
    }
}

/// Whether `code` says `value` at `path`, in any of its elements.
fn says(code: &Json, path: &[crate::rule::FieldStep], value: &str) -> bool {
    use crate::rule::FieldStep;
    let Some((step, rest)) = path.split_first() else { return field::text(code) == value };
    match (step, code) {
        (FieldStep::Each, Json::Array(items)) => items.iter().any(|it| says(it, rest, value)),
        (FieldStep::Name(_) | FieldStep::Key(_), Json::Array(items)) => {
            items.iter().any(|it| says(it, path, value))
        }
        (FieldStep::Name(name) | FieldStep::Key(name), _) => {
            code.get(name.as_str()).is_some_and(|it| says(it, rest, value))
        }
        (FieldStep::Index(index), Json::Array(items)) => {
            items.get(*index as usize).is_some_and(|it| says(it, rest, value))
        }
        _ => false,
    }
}

fn known(is_known: bool, has: bool, why: impl FnOnce() -> String) -> Holds {
    match (has, is_known) {
        (true, _) => Holds::Yes,
        (false, true) => Holds::No(why()),
        (false, false) => Holds::Unknown("the object is not known".to_owned()),
    }
}

fn shown(selectors: &[&Selector]) -> String {
    let one = |it: &&Selector| match &it.value {
        Some(value) => format!("`{}={value}`", it.key),
        None => format!("`{}`", it.key),
    };
    selectors.iter().map(one).collect::<Vec<_>>().join(" or ")
}
