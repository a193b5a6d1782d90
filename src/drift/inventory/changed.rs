//! The differences of an object in the form of a change, so that what is known of changes is known of them.

use super::super::address::Address;
use super::super::change::{Action, AttributeChange, Change, Class};
use super::super::danger::{self, judge};
use super::super::path::{Path, Step};
use super::super::report::{Cause, Confidence};
use super::super::shown::{Json, Shown};
use super::compare::Difference;
use super::declared::{Declared, Form};
use super::report::{ObjectName, Topic};
use crate::model::{AttributePath, IgnoreChanges};

/// A declared object that was found, and what differs in it.
pub(super) struct Matched {
    pub(super) declared: usize,
    pub(super) object: ObjectName,
    pub(super) differences: Vec<Difference>,
    pub(super) live: Json,
    /// The names of containers, by where the code has them.
    pub(super) names: Vec<(Path, String)>,
}

/// The differences of an object as a change: what the code says counts as what was last applied.
pub(super) fn change(declared: &Declared<'_>, matched: &Matched) -> Change {
    let ignores = IgnoreChanges::of(declared.block.block);
    let attribute = |difference: &Difference| {
        let path = AttributePath::parse(&difference.path.to_string());
        let is_ignored = path.is_some_and(|path| {
            ignores.as_ref().is_some_and(|ignores| ignores.covering(&path).is_some())
        });
        AttributeChange {
            path: difference.path.clone(),
            class: if is_ignored { Class::Masked } else { Class::Unapplied },
            base: difference.want.clone(),
            live: difference.live.clone(),
            want: if is_ignored { &difference.live } else { &difference.want }.clone(),
            forces_replacement: false,
            dangers: Vec::new(),
        }
    };
    let attributes: Vec<AttributeChange> = matched.differences.iter().map(attribute).collect();
    let is_open = attributes.iter().any(|attribute| attribute.class == Class::Unapplied);
    let mut change = Change {
        address: address(declared),
        deposed: None,
        action: if is_open { Action::Update } else { Action::NoOp },
        reason: None,
        class: if is_open { Class::Unapplied } else { Class::Masked },
        previous: None,
        import_id: None,
        follows: None,
        attributes,
        dangers: Vec::new(),
        noise: 0,
        object: as_declared(declared, matched),
    };
    judge(&mut change);
    change
}

/// What the attribute `at` is about.
pub(super) fn topic(change: &Change, at: usize) -> Topic {
    let attribute = &change.attributes[at];
    if let Some(container) = danger::container_of(change, at) {
        return Topic::Image(container);
    }
    let number = |shown: &Shown| match shown {
        Shown::Value(Json::String(text)) => text.parse().ok(),
        Shown::Value(json) => json.as_u64(),
        _ => None,
    };
    let wants = number(&attribute.base).is_some_and(|it| it > 0);
    if is_replicas(&attribute.path) && wants && number(&attribute.live) == Some(0) {
        Topic::Parked
    } else {
        Topic::Other
    }
}

/// `spec[0].replicas`, `manifest.spec["replicas"]`
pub(super) fn is_replicas(path: &Path) -> bool {
    let names: Vec<&str> = path.0.iter().filter_map(Step::text).collect();
    matches!(names[..], ["spec", "replicas"] | [_, "spec", "replicas"])
}

/// Its address in the stack. A block whose labels are no names has none that can be written; its kind will do.
fn address(declared: &Declared<'_>) -> Address {
    let text = format!("{}{}", declared.through, declared.block.address());
    Address::parse(&text).unwrap_or_else(|| Address {
        modules: Vec::new(),
        is_data: false,
        kind: declared.block.block.label(0).unwrap_or_default().into(),
        name: declared.block.block.label(1).unwrap_or_default().into(),
        key: None,
    })
}

/// What names and marks the live object, in the shape in which plans have it.
fn as_declared(declared: &Declared<'_>, matched: &Matched) -> Json {
    let mut object = match &declared.form {
        Form::Typed(_) => serde_json::json!({ "metadata": [matched.live["metadata"]] }),
        Form::Manifest(attribute, _) => {
            let inner = serde_json::json!({ "kind": matched.object.kind, "metadata": matched.live["metadata"] });
            serde_json::json!({ (*attribute): inner })
        }
    };
    for (path, name) in &matched.names {
        let mut steps = path.0.clone();
        steps.push(Step::Name("name".into()));
        put(&mut object, &steps, Json::String(name.clone()));
    }
    object
}

/// Puts `value` at `steps`, making what is missing on the way.
fn put(json: &mut Json, steps: &[Step], value: Json) {
    let Some((first, rest)) = steps.split_first() else {
        *json = value;
        return;
    };
    match first {
        Step::Name(key) | Step::Key(key) => {
            if !json.is_object() {
                *json = Json::Object(serde_json::Map::new());
            }
            put(&mut json[key.as_str()], rest, value);
        }
        Step::Index(index) => {
            if !json.is_array() {
                *json = Json::Array(Vec::new());
            }
            if let Some(items) = json.as_array_mut() {
                let index = *index as usize;
                if items.len() <= index {
                    items.resize(index + 1, Json::Null);
                }
                put(&mut items[index], rest, value);
            }
        }
    }
}

/// What is known where an autoscaler sets the replicas.
pub(super) fn scaled() -> Cause {
    Cause {
        actor: Some("autoscaler".into()),
        summary: "a HorizontalPodAutoscaler sets the replicas".to_owned(),
        confidence: Confidence::Certain,
        evidence: vec!["the dump has an autoscaler whose target it is".to_owned()],
        related: Vec::new(),
        advice: Some("leave `replicas` out of the code, or to `ignore_changes`".to_owned()),
    }
}
