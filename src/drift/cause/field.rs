//! How the path of a difference stands to a field of the table, and what a difference is made of.
//!
//! Plans write a nested block as a list of one, inventories as an object: a `[0]` of a field may be missing in a path.

use crate::drift::path::{Path, Step};
use crate::drift::shown::{Json, Shown};
use crate::rule::{FieldPath, FieldStep};

/// How a path stands to a field.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Meets {
    /// It leads to the field or into it: so many of its steps lead to the field.
    Inside(usize),
    /// It leads to something that holds the field.
    Around,
    /// Neither.
    Apart,
}

/// How `path` stands to `field`.
pub(super) fn meets(field: &FieldPath, path: &[Step]) -> Meets {
    let mut at = 0;
    for step in field.steps() {
        let Some(next) = path.get(at) else {
            let is_rest_implied = *step == FieldStep::Index(0);
            if is_rest_implied {
                continue;
            }
            return Meets::Around;
        };
        let fits = match (step, next) {
            (FieldStep::Each, _) => true,
            (FieldStep::Index(index), Step::Index(other)) => index == other,
            (FieldStep::Index(0), _) => continue,
            (
                FieldStep::Name(name) | FieldStep::Key(name),
                Step::Name(other) | Step::Key(other),
            ) => name == other,
            _ => false,
        };
        if !fits {
            return Meets::Apart;
        }
        at += 1;
    }
    Meets::Inside(at)
}

/// A difference in one value: from what it was to what it is.
#[derive(Clone, Debug)]
pub(super) struct Leaf {
    pub(super) path: Path,
    pub(super) from: Shown,
    pub(super) to: Shown,
    /// What the code says.
    pub(super) code: Shown,
}

/// `leaf`, taken apart until no part of it holds one of `fields` together with something else.
pub(super) fn take_apart(leaf: Leaf, fields: &[&FieldPath], parts: &mut Vec<Leaf>) {
    let is_around = |field: &&FieldPath| meets(field, &leaf.path.0) == Meets::Around;
    let steps = if fields.iter().any(is_around) { steps_below(&leaf) } else { Vec::new() };
    if steps.is_empty() {
        parts.push(leaf);
        return;
    }
    for step in steps {
        let (from, to) = (child(&leaf.from, &step), child(&leaf.to, &step));
        if same(&from, &to) {
            continue;
        }
        let code = child(&leaf.code, &step);
        let mut path = leaf.path.clone();
        path.0.push(step);
        take_apart(Leaf { path, from, to, code }, fields, parts);
    }
}

/// The steps that lead from the value before and from the value after to what is in them.
fn steps_below(leaf: &Leaf) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    for side in [&leaf.from, &leaf.to] {
        let below: Vec<Step> = match side {
            Shown::Value(Json::Object(map)) => map.keys().map(|key| step_of(key)).collect(),
            Shown::Value(Json::Array(items)) => {
                (0..items.len()).map(|index| Step::Index(index as u32)).collect()
            }
            _ => Vec::new(),
        };
        steps.extend(below);
    }
    steps.sort();
    steps.dedup();
    steps
}

fn step_of(key: &str) -> Step {
    if crate::rule::write::is_name(key) { Step::Name(key.into()) } else { Step::Key(key.into()) }
}

/// What stands at `step` in `value`.
pub(super) fn child(value: &Shown, step: &Step) -> Shown {
    let inner = match value {
        Shown::Value(json) => match step {
            Step::Name(key) | Step::Key(key) => json.get(key.as_str()),
            Step::Index(index) => json.get(*index as usize),
        },
        other => return other.clone(),
    };
    match inner {
        None => Shown::Absent,
        Some(Json::String(text)) if text == Shown::MASK => Shown::Hidden,
        Some(inner) => Shown::Value(inner.clone()),
    }
}

/// Whether there is nothing: to providers, `null`, an empty list, map and text are one.
pub(super) fn is_nothing(value: &Shown) -> bool {
    match value {
        Shown::Absent => true,
        Shown::Unknown | Shown::Hidden => false,
        Shown::Value(json) => match json {
            Json::Null => true,
            Json::String(text) => text.is_empty(),
            Json::Array(items) => items.is_empty(),
            Json::Object(map) => map.is_empty(),
            Json::Bool(_) | Json::Number(_) => false,
        },
    }
}

/// Whether both surely say the same.
pub(super) fn same(one: &Shown, other: &Shown) -> bool {
    match (one, other) {
        (Shown::Value(one), Shown::Value(other)) => text(one) == text(other),
        _ => is_nothing(one) && is_nothing(other),
    }
}

/// A value as a signature sees it: a text itself, numbers and booleans as Terraform would write them, all else as JSON.
pub(super) fn text(json: &Json) -> String {
    match json {
        Json::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// `value`, which stands at `steps` below a field, as part of what stands in the field.
pub(super) fn wrapped(value: Json, steps: &[Step]) -> Json {
    steps.iter().rev().fold(value, |inner, step| match step {
        Step::Name(key) | Step::Key(key) => {
            Json::Object(std::iter::once((key.to_string(), inner)).collect())
        }
        Step::Index(_) => Json::Array(vec![inner]),
    })
}

/// What stands at `path` in `object`, whichever way nested blocks are written there.
pub(super) fn at<'j>(object: &'j Json, path: &[Step]) -> Option<&'j Json> {
    let mut json = object;
    for step in path {
        json = match (step, json) {
            (Step::Name(key) | Step::Key(key), Json::Array(items)) => {
                items.first()?.get(key.as_str())?
            }
            (Step::Name(key) | Step::Key(key), _) => json.get(key.as_str())?,
            (Step::Index(0), Json::Object(_)) => json,
            (Step::Index(index), _) => json.get(*index as usize)?,
        };
    }
    Some(json)
}

/// The steps of `field`, each `[*]` as the first element.
pub(in crate::drift) fn steps(field: &FieldPath) -> Vec<Step> {
    let step = |step: &FieldStep| match step {
        FieldStep::Name(name) => Step::Name(name.clone()),
        FieldStep::Key(key) => Step::Key(key.clone()),
        FieldStep::Index(index) => Step::Index(*index),
        FieldStep::Each => Step::Index(0),
    };
    field.steps().iter().map(step).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn path(text: &str) -> Path {
        Path(steps(&FieldPath::parse(text).unwrap()))
    }

    #[test]
    fn a_path_is_inside_a_field_or_around_it_or_apart() {
        let field = FieldPath::parse("spec[0].container[*].image").unwrap();
        assert_eq!(meets(&field, &path("spec[0].container[3].image").0), Meets::Inside(5));
        assert_eq!(meets(&field, &path("spec.container[3].image").0), Meets::Inside(4));
        assert_eq!(meets(&field, &path("spec[0].container[3].image.tag").0), Meets::Inside(5));
        assert_eq!(meets(&field, &path("spec[0].container").0), Meets::Around);
        assert_eq!(meets(&field, &path("spec[0].container[3].name").0), Meets::Apart);
        assert_eq!(meets(&field, &path("spec[1].container[3].image").0), Meets::Apart);
        let label = FieldPath::parse("metadata[0].labels[\"tier\"]").unwrap();
        assert_eq!(meets(&label, &path("metadata[0].labels.tier").0), Meets::Inside(4));
    }

    #[test]
    fn a_map_that_appears_as_a_whole_is_taken_apart_where_somebody_owns_a_key() {
        let owned = FieldPath::parse("metadata[0].annotations[\"a/b\"]").unwrap();
        let leaf = Leaf {
            path: path("metadata[0].annotations"),
            from: Shown::Value(json!({"kept": "1"})),
            to: Shown::Value(json!({"kept": "1", "a/b": "2", "c": "3"})),
            code: Shown::Absent,
        };
        let mut parts = Vec::new();
        take_apart(leaf, &[&owned], &mut parts);
        let paths: Vec<String> = parts.iter().map(|it| it.path.to_string()).collect();
        assert_eq!(paths, ["metadata[0].annotations.c", "metadata[0].annotations[\"a/b\"]"]);
    }
}
