//! Whether a mutator may be at work on an object, and on a field of it: the condition of its table, held against whoever can
//! answer for the object.
//!
//! Invariant: what cannot be told is said, with the reason, and is neither yes nor no.

use smol_str::SmolStr;

use super::cause::{Exempt, Label, World};
use super::code::Said;
use crate::diagnostic::Label as Place;
use crate::model::{Data, Value};
use crate::rule::{After, FieldPath, Matches, Mutator, MutatorCondition as Condition, Selector};

/// A three-valued answer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Truth {
    /// It is so.
    Yes,
    /// It is not: why.
    No(String),
    /// It cannot be told: why.
    Unknown(String),
}

impl Truth {
    /// Whether it is so; `why` not.
    pub(super) fn of(is_so: bool, why: impl FnOnce() -> String) -> Truth {
        if is_so { Truth::Yes } else { Truth::No(why()) }
    }

    /// Both. The first reason stays, but that it does not hold weighs more than that it is not known.
    pub(super) fn and(self, other: Truth) -> Truth {
        match (self, other) {
            (Truth::Yes, other) => other,
            (no @ Truth::No(_), _) | (_, no @ Truth::No(_)) => no,
            (unknown @ Truth::Unknown(_), _) => unknown,
        }
    }

    /// One of both; where neither, the first reason.
    pub(super) fn or(self, other: Truth) -> Truth {
        match (self, other) {
            (Truth::Yes, _) | (_, Truth::Yes) => Truth::Yes,
            (unknown @ Truth::Unknown(_), _) | (Truth::No(_), unknown @ Truth::Unknown(_)) => {
                unknown
            }
            (no @ Truth::No(_), Truth::No(_)) => no,
        }
    }

    /// The opposite; `why` not, where it is so.
    pub(super) fn not(self, why: impl FnOnce() -> String) -> Truth {
        match self {
            Truth::Yes => Truth::No(why()),
            Truth::No(_) => Truth::Yes,
            unknown @ Truth::Unknown(_) => unknown,
        }
    }

    /// What all say; not known where they differ. Of nothing, nothing holds.
    pub(super) fn all_agree(answers: impl IntoIterator<Item = Truth>) -> Truth {
        let mut agreed: Option<Truth> = None;
        for answer in answers {
            match (&agreed, answer) {
                (_, unknown @ Truth::Unknown(_)) => return unknown,
                (None, first) => agreed = Some(first),
                (Some(Truth::Yes), Truth::Yes) | (Some(Truth::No(_)), Truth::No(_)) => {}
                _ => return Truth::Unknown("it depends on a condition".to_owned()),
            }
        }
        agreed.unwrap_or_else(|| Truth::No("there is none".to_owned()))
    }
}

/// What something may be: one of these; or why that is not known.
pub(super) type Possible = Result<Vec<SmolStr>, String>;

/// A map of an object.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Map {
    /// Its labels.
    Labels,
    /// Its annotations.
    Annotations,
    /// The annotations of its pods.
    PodAnnotations,
}

/// An object that conditions ask: as a plan or a cluster has it, or as the code does.
pub(super) trait Object {
    /// The name of its stack.
    fn stack(&self) -> &str;
    /// Its address in the stack, without the keys of instances.
    fn address(&self) -> String;
    /// Its kind; nothing where it is none of Kubernetes.
    fn kind(&self) -> Possible;
    /// Its name.
    fn name(&self) -> Possible;
    /// Its namespace, with what Kubernetes takes where none is said.
    fn namespace(&self) -> Possible;
    /// Whether `map` has what `selector` selects.
    fn has(&self, map: Map, selector: &Selector) -> Truth;
    /// Whether `value` stands at `path`.
    fn is(&self, path: &FieldPath, value: &str) -> Truth;
    /// Whether the code says something at `path`.
    fn declares(&self, path: &FieldPath) -> Truth;
}

/// A field of it.
pub(super) trait Field {
    /// Whether the code says something there.
    fn is_declared(&self) -> Truth;
    /// Whether the code says what `pattern` matches.
    fn matches(&self, pattern: &Matches) -> Truth;
    /// Whether the code says `value` at the path `below` it, in any of the elements on the way.
    fn says(&self, below: &FieldPath, value: &str) -> Truth;
    /// Whether the code calls one of the functions `names` for it.
    fn calls(&self, names: &[SmolStr]) -> Truth;
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

/// What became of a condition.
#[derive(Debug)]
pub(super) struct Judged {
    /// Whether it holds.
    pub(super) holds: Truth,
    /// What was found to hold: one line each.
    pub(super) evidence: Vec<String>,
    /// Where the repo says so.
    pub(super) related: Vec<Place>,
    /// How much it asks for.
    pub(super) parts: usize,
    /// Whether the repo is known, and declares nowhere the policy by which the mutator comes to its objects.
    pub(super) is_foreign: bool,
}

impl Judged {
    /// What `mutator` asks of the object, and what those that it comes after do.
    pub(super) fn object(
        mutator: &Mutator,
        all: &[Mutator],
        world: Option<&World<'_, '_>>,
        object: &dyn Object,
    ) -> Judged {
        let mut judged = Judged {
            holds: Truth::Yes,
            evidence: Vec::new(),
            related: Vec::new(),
            parts: 0,
            is_foreign: false,
        };
        for condition in chain(mutator, all) {
            judged.place(condition, object);
            judged.maps(condition, object);
            judged.namespace(condition, world, object);
        }
        judged
    }

    /// What `condition` asks of the code for the field, too.
    pub(super) fn field(&mut self, condition: &Condition, field: &dyn Field) {
        if condition.if_declared {
            self.add(field.is_declared(), || "the code declares the field".to_owned());
        }
        if condition.unless_declared {
            self.unless(field.is_declared(), || "the code declares the field".to_owned());
        }
        if let Some(pattern) = &condition.unless_matches {
            self.unless(field.matches(pattern), || "what the code says exempts it".to_owned());
        }
        for (below, value) in &condition.unless_values {
            let says = field.says(below, value);
            self.unless(says, || format!("the code says `{below} = {value}` itself"));
        }
        if !condition.calls.is_empty() {
            let names =
                || format!("the code calls one of `{}` for it", condition.calls.join("`, `"));
            self.add(field.calls(&condition.calls), names);
        }
    }

    /// Takes one more answer into account; `said` is what holds if it does.
    fn add(&mut self, truth: Truth, said: impl FnOnce() -> String) {
        self.parts += 1;
        if truth == Truth::Yes {
            self.evidence.push(said());
        }
        self.also(truth);
    }

    /// Takes into account what exempts the object: `why`.
    fn unless(&mut self, truth: Truth, why: impl FnOnce() -> String) {
        self.also(truth.not(why));
    }

    fn also(&mut self, truth: Truth) {
        let holds = std::mem::replace(&mut self.holds, Truth::Yes);
        self.holds = holds.and(truth);
    }

    /// What is asked about where and what the object is.
    fn place(&mut self, condition: &Condition, object: &dyn Object) {
        if !condition.stacks.is_empty() {
            let stack = object.stack();
            let holds = one_of(&condition.stacks, Ok(vec![stack.into()]), "stack");
            self.add(holds, || format!("it is in the stack `{stack}`"));
        }
        if !condition.addresses.is_empty() {
            let address = object.address();
            let holds = one_of(&condition.addresses, Ok(vec![(&*address).into()]), "address");
            self.add(holds, || format!("its address is `{address}`"));
        }
        if !condition.kinds.is_empty() {
            let kind = object.kind();
            let shown = kind.as_ref().ok().and_then(|kinds| kinds.first()).cloned();
            let said = || format!("the object is of the kind `{}`", shown.unwrap_or_default());
            self.add(one_of(&condition.kinds, kind, "kind"), said);
        }
        if !condition.names.is_empty() {
            let holds = one_of(&condition.names, object.name(), "name");
            self.add(holds, || "the object has that name".to_owned());
        }
        for (path, wanted) in &condition.attributes {
            self.add(object.is(path, wanted), || format!("`{path}` is `{wanted}`"));
        }
        if let Some(path) = &condition.declares {
            self.add(object.declares(path), || format!("the code declares `{path}`"));
        }
    }

    /// What is asked of its labels and annotations.
    fn maps(&mut self, condition: &Condition, object: &dyn Object) {
        let annotations = [Map::Annotations, Map::PodAnnotations];
        let asked = [
            (&condition.labels, &[Map::Labels][..], "label"),
            (&condition.annotations, &annotations[..], "annotation"),
        ];
        for (selectors, maps, noun) in asked {
            for wanted in Selector::by_key(selectors) {
                let none = Truth::No(format!("the object has no {noun} {}", shown(&wanted)));
                let has = maps.iter().flat_map(|map| wanted.iter().map(|it| object.has(*map, it)));
                let holds = has.fold(none, Truth::or);
                self.add(holds, || format!("the object has the {noun} {}", shown(&wanted)));
            }
        }
        let exempting = [
            (&condition.unless_labels, Map::Labels, "label"),
            (&condition.unless_annotations, Map::Annotations, "annotation"),
        ];
        for (selectors, map, noun) in exempting {
            for exempt in selectors {
                let why = || format!("the {noun} {} exempts the object", shown(&[exempt]));
                self.unless(object.has(map, exempt), why);
            }
        }
    }

    /// What is asked of its namespace.
    fn namespace(
        &mut self,
        condition: &Condition,
        world: Option<&World<'_, '_>>,
        object: &dyn Object,
    ) {
        if let Some(policy) = &condition.namespace_policy {
            let holds = self.policy(policy, world, object);
            self.add(holds, || format!("the policy `{policy}` does not exclude the namespace"));
        }
        for wanted in Selector::by_key(&condition.namespace_labels) {
            let holds = self.namespace_label(&wanted, world, object);
            self.add(holds, || format!("the namespace has the label {}", shown(&wanted)));
        }
    }

    fn policy(&mut self, name: &str, world: Option<&World<'_, '_>>, object: &dyn Object) -> Truth {
        let Some(world) = world else {
            return Truth::Unknown("the policies of the repo are not known".to_owned());
        };
        let Some(policy) = world.policy(name) else {
            self.is_foreign = true;
            return Truth::Unknown(format!("no code declares the policy `{name}`"));
        };
        let message = "this policy does it".to_owned();
        self.related.push(Place { span: policy.header, message });
        each(object.namespace(), |namespace| match policy.exempts(namespace) {
            Exempt::Yes => {
                Truth::No(format!("the policy `{name}` excludes the namespace `{namespace}`"))
            }
            Exempt::No => Truth::Yes,
            Exempt::Unknown(why) => {
                Truth::Unknown(format!("which namespaces `{name}` excludes: {why}"))
            }
        })
    }

    fn namespace_label(
        &mut self,
        wanted: &[&Selector],
        world: Option<&World<'_, '_>>,
        object: &dyn Object,
    ) -> Truth {
        let Some(world) = world else {
            return Truth::Unknown("the labels of the namespace are not known".to_owned());
        };
        let Some(key) = wanted.first().map(|it| it.key.as_str()) else { return Truth::Yes };
        let related = &mut self.related;
        each(object.namespace(), |namespace| match world.label(namespace, key) {
            Label::Is(value, block) => {
                let fits = |it: &&Selector| it.value.as_ref().is_none_or(|it| *it == value);
                if !wanted.iter().any(fits) {
                    return Truth::No(format!("the namespace `{namespace}` has `{key}={value}`"));
                }
                let message = "the label of the namespace is declared here".to_owned();
                related.push(Place { span: block.header(), message });
                Truth::Yes
            }
            Label::None => Truth::No(format!("the namespace `{namespace}` has no label `{key}`")),
            Label::Unknown(why) => Truth::Unknown(why),
        })
    }
}

/// Whether the code says something at `path`, of which it has `said` so much; an expression's `value` tells more.
pub(super) fn declares(
    path: &FieldPath,
    said: &Said<'_>,
    value: impl FnOnce() -> Option<Value>,
) -> Truth {
    let none = || Truth::No(format!("the code does not declare `{path}`"));
    match said {
        Said::Block => Truth::Yes,
        Said::Nothing => none(),
        Said::Generated => Truth::Unknown(format!("a `dynamic` block makes `{path}`")),
        Said::Expression(..) => match value().map(|it| it.data) {
            None | Some(Data::Null) => none(),
            Some(Data::Unknown(reason)) => Truth::Unknown(reason.to_string()),
            Some(_) => Truth::Yes,
        },
    }
}

/// What `judge` says of each of `possible`.
fn each(possible: Possible, judge: impl FnMut(&str) -> Truth) -> Truth {
    match possible {
        Ok(all) => Truth::all_agree(all.iter().map(SmolStr::as_str).map(judge)),
        Err(why) => Truth::Unknown(why),
    }
}

/// Whether `found`, which is a `noun`, is in `list`.
fn one_of(list: &[SmolStr], found: Possible, noun: &str) -> Truth {
    each(found, |found| {
        Truth::of(list.iter().any(|it| it == found), || format!("the {noun} is `{found}`"))
    })
}

fn shown(selectors: &[&Selector]) -> String {
    let one = |it: &&Selector| match &it.value {
        Some(value) => format!("`{}={value}`", it.key),
        None => format!("`{}`", it.key),
    };
    selectors.iter().map(one).collect::<Vec<_>>().join(" or ")
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use super::*;
    use crate::checks;
    use crate::config::Settings;
    use crate::rule::{PackFile, RuleSet, load_files};

    static RULES: LazyLock<RuleSet> = LazyLock::new(|| {
        load_files(&PackFile::builtin(), checks::ALL, &Settings::default()).unwrap()
    });

    fn unknown() -> Truth {
        Truth::Unknown("nobody knows".to_owned())
    }

    fn no() -> Truth {
        Truth::No("it is not".to_owned())
    }

    /// Answers every question about an object in one way.
    struct Answers {
        has: Truth,
        declared: Truth,
    }

    impl Object for Answers {
        fn stack(&self) -> &'static str {
            "web"
        }

        fn address(&self) -> String {
            "kubernetes_deployment.web".to_owned()
        }

        fn kind(&self) -> Possible {
            Ok(vec!["Deployment".into()])
        }

        fn name(&self) -> Possible {
            Ok(vec!["web".into()])
        }

        fn namespace(&self) -> Possible {
            Err("no namespace is known".to_owned())
        }

        fn has(&self, _: Map, _: &Selector) -> Truth {
            self.has.clone()
        }

        fn is(&self, _: &FieldPath, _: &str) -> Truth {
            Truth::Yes
        }

        fn declares(&self, _: &FieldPath) -> Truth {
            self.declared.clone()
        }
    }

    impl Field for Answers {
        fn is_declared(&self) -> Truth {
            self.declared.clone()
        }

        fn matches(&self, _: &Matches) -> Truth {
            no()
        }

        fn says(&self, _: &FieldPath, _: &str) -> Truth {
            no()
        }

        fn calls(&self, _: &[SmolStr]) -> Truth {
            Truth::Yes
        }
    }

    fn judged(condition: Condition, has: Truth, declared: Truth) -> Truth {
        let mut mutator = RULES.mutators[0].clone();
        mutator.condition = condition;
        let answers = Answers { has, declared };
        let mut judged = Judged::object(&mutator, &RULES.mutators, None, &answers);
        judged.field(&mutator.condition, &answers);
        judged.holds
    }

    fn label() -> Vec<Selector> {
        vec![Selector { key: "a".into(), value: Some("b".into()) }]
    }

    #[test]
    fn what_exempts_an_object_is_no_or_not_known() {
        let unless = || Condition { unless_labels: label(), ..Condition::default() };
        let why = "the label `a=b` exempts the object".to_owned();
        assert_eq!(judged(unless(), Truth::Yes, no()), Truth::No(why));
        assert_eq!(judged(unless(), no(), no()), Truth::Yes);
        assert_eq!(judged(unless(), unknown(), no()), unknown());
    }

    #[test]
    fn what_is_declared_is_asked_of_the_code() {
        let path = FieldPath::parse("spec[0].replicas");
        for condition in [
            Condition { if_declared: true, ..Condition::default() },
            Condition { declares: path, ..Condition::default() },
        ] {
            assert_eq!(judged(condition.clone(), no(), Truth::Yes), Truth::Yes);
            assert_eq!(judged(condition.clone(), no(), no()), no());
            assert_eq!(judged(condition, no(), unknown()), unknown());
        }
        let unless = Condition { unless_declared: true, ..Condition::default() };
        let why = "the code declares the field".to_owned();
        assert_eq!(judged(unless, no(), Truth::Yes), Truth::No(why));
    }

    #[test]
    fn that_it_does_not_hold_weighs_more_than_that_it_is_not_known() {
        let condition = |kinds: &str| Condition {
            namespace_labels: label(),
            kinds: vec![kinds.into()],
            ..Condition::default()
        };
        let of_kind = judged(condition("Deployment"), no(), no());
        assert_eq!(of_kind, Truth::Unknown("the labels of the namespace are not known".to_owned()));
        let of_another = judged(condition("Pod"), no(), no());
        assert_eq!(of_another, Truth::No("the kind is `Deployment`".to_owned()));
    }

    #[test]
    fn who_comes_after_another_needs_what_that_one_needs() {
        let name = RULES.mutators.iter().find(|it| !it.condition.unless_labels.is_empty());
        let first = name.map(|it| After::Mutator(it.name.clone()));
        let condition = Condition { after: first, ..Condition::default() };
        assert!(matches!(judged(condition, Truth::Yes, no()), Truth::No(_)));
    }

    #[test]
    fn of_several_possible_answers_all_must_agree() {
        let agree = |all: &[Truth]| Truth::all_agree(all.to_vec());
        assert_eq!(agree(&[Truth::Yes, Truth::Yes]), Truth::Yes);
        assert_eq!(agree(&[no(), Truth::No("other".to_owned())]), no());
        assert_eq!(agree(&[Truth::Yes, unknown()]), unknown());
        assert!(matches!(agree(&[Truth::Yes, no()]), Truth::Unknown(_)));
        assert!(matches!(agree(&[]), Truth::No(_)));
    }
}
