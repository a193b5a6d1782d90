//! An instance that differs, and the field in it, in answer to the conditions of mutators.

use smol_str::SmolStr;

use super::facts::{Facts, selected};
use super::field::{self, Leaf};
use super::world::World;
use crate::drift::change::Class;
use crate::drift::code::{self, Declared};
use crate::drift::condition::{self, Field, Map, Object, Possible, Truth};
use crate::drift::measured::StackRef;
use crate::drift::shown::{Json, Shown};
use crate::rule::{FieldPath, FieldStep, Matches, Selector};

/// An instance that differs.
pub(super) struct Differing<'a, 'r, 's> {
    pub(super) facts: &'a Facts<'a>,
    pub(super) stack: &'a StackRef,
    pub(super) class: Class,
    pub(super) world: Option<&'a World<'r, 's>>,
}

impl<'s> Differing<'_, '_, 's> {
    /// What the code says about it, where that is known.
    fn declared(&self) -> Option<Declared<'s>> {
        code::declared(self.world?.repo, self.stack, &self.facts.change.address)
    }
}

impl Object for Differing<'_, '_, '_> {
    fn stack(&self) -> &str {
        &self.stack.name
    }

    fn address(&self) -> String {
        self.facts.change.address.of_block().to_string()
    }

    fn kind(&self) -> Possible {
        let kind = self.facts.kind();
        if kind.is_empty() { Err("the kind is not known".to_owned()) } else { Ok(vec![kind]) }
    }

    fn name(&self) -> Possible {
        let name = self.facts.name().ok_or_else(|| "the name is not known".to_owned())?;
        Ok(vec![name.into()])
    }

    fn namespace(&self) -> Possible {
        let name = self.facts.namespace().ok_or_else(|| "the namespace is not known".to_owned())?;
        Ok(vec![name.into()])
    }

    fn has(&self, map: Map, selector: &Selector) -> Truth {
        let has = match map {
            Map::Labels => selected(selector, self.facts.labels()),
            Map::Annotations => selected(selector, self.facts.annotations()),
            Map::PodAnnotations => selected(selector, self.facts.pod_annotations()),
        };
        known(self.facts.is_known(), has, String::new)
    }

    fn is(&self, path: &FieldPath, value: &str) -> Truth {
        let object = &self.facts.change.object;
        let has = field::at(object, &field::steps(path)).is_some_and(|it| field::text(it) == value);
        known(!object.is_null(), has, || format!("`{path}` is not `{value}`"))
    }

    fn declares(&self, path: &FieldPath) -> Truth {
        let Some(declared) = self.declared() else {
            return Truth::Unknown("the code is not known".to_owned());
        };
        let steps = field::steps(path);
        let value = || declared.value(self.world?.repo, &steps);
        condition::declares(path, &declared.said(&steps), value)
    }
}

/// The field that differs.
pub(super) struct DifferingField<'a, 'r, 's> {
    pub(super) object: &'a Differing<'a, 'r, 's>,
    pub(super) leaf: &'a Leaf,
    /// How many steps of its path lead to the field that a table means; the others lead into it.
    pub(super) used: usize,
}

impl DifferingField<'_, '_, '_> {
    /// What the code says in the field itself, where it is known to say anything of its own.
    fn code(&self) -> Option<&Json> {
        match &self.leaf.code {
            Shown::Value(code)
                if self.leaf.path.0.len() == self.used && self.is_declared() == Truth::Yes =>
            {
                Some(code)
            }
            _ => None,
        }
    }
}

impl Field for DifferingField<'_, '_, '_> {
    fn is_declared(&self) -> Truth {
        let Leaf { code, to, .. } = self.leaf;
        if field::is_nothing(code) {
            Truth::No("the code does not declare the field".to_owned())
        } else if field::same(code, to) {
            Truth::Unknown("the code says what runs, perhaps since then".to_owned())
        } else {
            Truth::Yes
        }
    }

    fn matches(&self, pattern: &Matches) -> Truth {
        let matches = self.code().is_some_and(|code| pattern.is_in(&field::text(code)));
        Truth::of(matches, String::new)
    }

    fn says(&self, below: &FieldPath, value: &str) -> Truth {
        let says = self.code().is_some_and(|code| says(code, below.steps(), value));
        Truth::of(says, String::new)
    }

    fn calls(&self, names: &[SmolStr]) -> Truth {
        let repo = self.object.world.map(|world| world.repo);
        let found = repo.zip(self.object.declared());
        let found = found.map(|(repo, declared)| declared.calls(repo, &self.leaf.path.0));
        match found {
            Some(found) => Truth::of(names.iter().any(|it| found.contains(it.as_str())), || {
                "the code calls no such function".to_owned()
            }),
            None if self.object.class == Class::Perpetual => {
                Truth::Unknown("which function the code calls is not known".to_owned())
            }
            None => Truth::No("the code asks for one value".to_owned()),
        }
    }
}

/// Whether `code` says `value` at `path`, in any of its elements.
fn says(code: &Json, path: &[FieldStep], value: &str) -> bool {
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

fn known(is_known: bool, has: bool, why: impl FnOnce() -> String) -> Truth {
    match (has, is_known) {
        (true, _) => Truth::Yes,
        (false, true) => Truth::No(why()),
        (false, false) => Truth::Unknown("the object is not known".to_owned()),
    }
}
