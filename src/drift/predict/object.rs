//! A resource of the code, and a field of it, in answer to the conditions of mutators.

use smol_str::SmolStr;

use super::resource::Resource;
use crate::drift::cause::World;
use crate::drift::code::Said;
use crate::drift::condition::{self, Field, Judged, Map, Object, Possible, Truth};
use crate::drift::danger::kind_of_type;
use crate::model::{Data, Lookup, Value};
use crate::rule::{Action, FieldPath, FieldStep, Matches, Mutator, Selector};

/// More blocks than this in one list are not looked at.
const MOST_BLOCKS: u32 = 64;

/// A resource, and what is known around it.
pub(super) struct Ground<'a, 'r, 's> {
    pub(super) world: &'a World<'r, 's>,
    pub(super) mutators: &'a [Mutator],
    pub(super) resource: &'a Resource<'s>,
}

impl Ground<'_, '_, '_> {
    /// Whether `mutator` writes `field` with another value than the code has.
    pub(super) fn holds(&self, mutator: &Mutator, field: &FieldPath) -> Truth {
        let mut judged = self.judged(mutator);
        let field = DeclaredField { ground: self, field };
        judged.field(&mutator.condition, &field);
        judged.holds.and(field.is_written_otherwise(mutator))
    }

    /// Whether `mutator` is at work on the object.
    pub(super) fn object(&self, mutator: &Mutator) -> Truth {
        self.judged(mutator).holds
    }

    fn judged(&self, mutator: &Mutator) -> Judged {
        Judged::object(mutator, self.mutators, Some(self.world), self)
    }

    /// What stands at `names` in the object, be it written in blocks or as a manifest.
    fn at(&self, names: &[&str]) -> Option<Value> {
        let repo = self.world.repo;
        let manifest = FieldPath::of(vec![FieldStep::Name("manifest".into())]);
        if matches!(self.resource.said(&manifest), Said::Nothing) {
            return self.resource.named(repo, names);
        }
        self.resource.named(repo, &[&["manifest"], names].concat())
    }
}

impl Object for Ground<'_, '_, '_> {
    fn stack(&self) -> &str {
        &self.resource.stack
    }

    fn address(&self) -> String {
        self.resource.address.clone()
    }

    fn kind(&self) -> Possible {
        let of_type = self.resource.block.block.label(0).and_then(kind_of_type);
        possible("kind", self.at(&["kind"]), of_type.as_deref())
    }

    fn name(&self) -> Possible {
        possible("name", self.at(&["metadata", "name"]), None)
    }

    fn namespace(&self) -> Possible {
        possible("namespace", self.at(&["metadata", "namespace"]), Some("default"))
    }

    fn has(&self, map: Map, selector: &Selector) -> Truth {
        let templates: [&[&str]; 2] =
            [&["spec", "template"], &["spec", "job_template", "spec", "template"]];
        let maps = match map {
            Map::Labels => vec![self.at(&["metadata", "labels"])],
            Map::Annotations => vec![self.at(&["metadata", "annotations"])],
            Map::PodAnnotations => templates
                .iter()
                .map(|template| self.at(&[template, &["metadata", "annotations"][..]].concat()))
                .collect(),
        };
        let none = Truth::No(String::new());
        maps.iter().flatten().fold(none, |any, map| any.or(has(map, selector)))
    }

    fn is(&self, path: &FieldPath, value: &str) -> Truth {
        let said = self.resource.value(self.world.repo, path);
        is_one(said.as_ref(), &|it| it == value)
    }

    fn declares(&self, path: &FieldPath) -> Truth {
        let value = || self.resource.value(self.world.repo, path);
        condition::declares(path, &self.resource.said(path), value)
    }
}

/// A field that a mutator may write.
struct DeclaredField<'a, 'g, 'r, 's> {
    ground: &'a Ground<'g, 'r, 's>,
    field: &'a FieldPath,
}

impl DeclaredField<'_, '_, '_, '_> {
    fn value(&self, path: &FieldPath) -> Option<Value> {
        self.ground.resource.value(self.ground.world.repo, path)
    }

    /// Whether what `mutator` writes differs from what the code says.
    fn is_written_otherwise(&self, mutator: &Mutator) -> Truth {
        let signature = &mutator.signature;
        let differs = |value: &str| {
            let said = self.value(self.field);
            is_one(said.as_ref(), &|it| it == value).not(String::new)
        };
        for case in &signature.cases {
            let beside = self.value(&self.field.sibling(&case.beside));
            match is_one(beside.as_ref(), &|it| case.matches.is_in(it)) {
                Truth::Yes => return differs(&case.value),
                Truth::No(_) => {}
                Truth::Unknown(reason) => {
                    return Truth::Unknown(format!("its `{}`: {reason}", case.beside));
                }
            }
        }
        if !signature.cases.is_empty() {
            return Truth::No(String::new());
        }
        match (signature.matches.as_ref().and_then(Matches::only), signature.action) {
            (Some(only), Action::Adds | Action::Changes) => differs(only),
            _ => Truth::Yes,
        }
    }
}

impl Field for DeclaredField<'_, '_, '_, '_> {
    fn is_declared(&self) -> Truth {
        self.ground.declares(self.field)
    }

    fn matches(&self, pattern: &Matches) -> Truth {
        is_one(self.value(self.field).as_ref(), &|it| pattern.is_in(it))
    }

    fn says(&self, below: &FieldPath, value: &str) -> Truth {
        let whole = |index: u32| {
            let mut steps = self.field.steps().to_vec();
            steps.push(FieldStep::Index(0));
            steps.extend(below.steps().iter().cloned());
            FieldPath::of(steps).of_element(index)
        };
        let blocks = if below.steps().contains(&FieldStep::Each) { MOST_BLOCKS } else { 1 };
        let paths = (0..blocks).map(whole);
        let said = paths.take_while(|it| !matches!(self.ground.resource.said(it), Said::Nothing));
        said.fold(Truth::No(String::new()), |any, path| {
            any.or(is_one(self.value(&path).as_ref(), &|it| it == value))
        })
    }

    fn calls(&self, names: &[SmolStr]) -> Truth {
        let calls = self.ground.resource.calls(self.ground.world.repo, self.field);
        Truth::of(names.iter().any(|it| calls.contains(it.as_str())), String::new)
    }
}

/// What `value` may be, or `otherwise` where there is none; why its `noun` is not known.
fn possible(noun: &str, value: Option<Value>, otherwise: Option<&str>) -> Possible {
    let Some(value) = value else { return Ok(otherwise.into_iter().map(SmolStr::new).collect()) };
    let mut all = Vec::new();
    for option in value.possibilities() {
        match (option.as_str(), option.first_unknown()) {
            (Some(text), _) => all.push(text.into()),
            (None, Some(reason)) => return Err(format!("its {noun}: {reason}")),
            (None, None) => all.extend(otherwise.map(SmolStr::new)),
        }
    }
    Ok(all)
}

/// Whether the map has what `selector` selects.
fn has(map: &Value, selector: &Selector) -> Truth {
    Truth::all_agree(map.possibilities().iter().map(|option| match &option.data {
        Data::Map(entries) => {
            let selected = entries.sorted().into_iter().filter(|it| selector.selects(&it.key));
            let any = selected.fold(Truth::No(String::new()), |any, entry| {
                let Lookup::Found(entry) = entries.get(&entry.key) else { return any };
                any.or(match &selector.value {
                    None => Truth::of(!matches!(entry.value.data, Data::Null), String::new),
                    Some(wanted) => is_one(Some(&entry.value), &|it| it == wanted.as_str()),
                })
            });
            match (&any, &entries.open) {
                (Truth::No(_), Some(reason)) => Truth::Unknown(reason.to_string()),
                _ => any,
            }
        }
        Data::Unknown(reason) => Truth::Unknown(reason.to_string()),
        _ => Truth::No(String::new()),
    }))
}

/// Whether the value is one that `is_it` takes; nothing is none.
fn is_one(value: Option<&Value>, is_it: &dyn Fn(&str) -> bool) -> Truth {
    let Some(value) = value else { return Truth::No(String::new()) };
    Truth::all_agree(value.possibilities().iter().map(|option| match option.as_str() {
        Some(text) => Truth::of(is_it(&text), String::new),
        None => match option.first_unknown() {
            Some(reason) => Truth::Unknown(reason.to_string()),
            None => Truth::No(String::new()),
        },
    }))
}
