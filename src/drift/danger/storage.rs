//! What storage cannot do: shrink, change its class, or be mounted in another way.

use super::kubernetes::Object;
use super::{Change, Found, Risk, Shown, brief, plain, words};
use crate::drift::change::{AttributeChange, Class};
use crate::rule::quantity;

/// Fields of a claim that are fixed once it is bound, in both spellings, and what they are called.
const FIXED: [(&str, &str); 8] = [
    ("access_modes", "access mode"),
    ("accessModes", "access mode"),
    ("storage_class_name", "storage class"),
    ("storageClassName", "storage class"),
    ("volume_mode", "volume mode"),
    ("volumeMode", "volume mode"),
    ("volume_name", "volume"),
    ("volumeName", "volume"),
];

/// The attributes with which an apply asks for what the storage refuses.
pub(super) fn find(change: &Change) -> Vec<Found> {
    let Some(object) = Object::of(change) else { return Vec::new() };
    if !change.action.writes() {
        return Vec::new();
    }
    // What is ignored stays as it is, whatever else is written.
    let attributes = change.attributes.iter().enumerate();
    let attributes = attributes.filter(|(_, attribute)| attribute.class != Class::Masked);
    let found = attributes.filter_map(|(at, attribute)| {
        let message = match object.kind.as_str() {
            "PersistentVolumeClaim" => claim(change, attribute),
            "StatefulSet" => template(attribute),
            "PersistentVolume" => volume(change, attribute),
            _ => None,
        }?;
        Some(Found::new(at, Risk::StorageRefuses, message))
    });
    found.collect()
}

fn claim(change: &Change, attribute: &AttributeChange) -> Option<String> {
    if let Some((live, want)) = shrinks(attribute) {
        return Some(format!(
            "a claim cannot shrink: an apply asks for `{want}` where `{live}` is there, and is refused"
        ));
    }
    let what = fixed(attribute)?;
    let (live, want) = (brief(&attribute.live), brief(&attribute.want));
    Some(if change.action.destroys() {
        format!(
            "a claim keeps its {what}: for {want} instead of {live}, an apply deletes the claim and what is on it"
        )
    } else {
        format!(
            "a claim keeps its {what}: an apply that asks for {want} instead of {live} is refused"
        )
    })
}

/// The templates of a stateful set are fixed altogether; only what the API would refuse in a claim is said here.
fn template(attribute: &AttributeChange) -> Option<String> {
    let is_template = words(&attribute.path)
        .iter()
        .any(|word| matches!(*word, "volume_claim_template" | "volumeClaimTemplates"));
    if !is_template {
        return None;
    }
    if let Some((live, want)) = shrinks(attribute) {
        return Some(format!(
            "the claims of a stateful set cannot shrink: the code asks for `{want}` where `{live}` is there"
        ));
    }
    let what = fixed(attribute)?;
    let (live, want) = (brief(&attribute.live), brief(&attribute.want));
    Some(format!("the claims of a stateful set keep their {what}: {live} does not become {want}"))
}

fn volume(change: &Change, attribute: &AttributeChange) -> Option<String> {
    let words = words(&attribute.path);
    let is_source = words.iter().any(|word| {
        matches!(*word, "persistent_volume_source" | "volume_attributes" | "volumeAttributes")
    }) || matches!(words.as_slice(), [.., "nfs", "server" | "path"]);
    let differs = is_known(attribute) && attribute.live != attribute.want;
    let (live, want) = (brief(&attribute.live), brief(&attribute.want));
    let then = if change.action.destroys() {
        "an apply takes the volume away from its claim"
    } else {
        "an apply is refused"
    };
    (is_source && differs).then(|| {
        format!("a volume keeps what it lies on: {live} does not become {want}, and {then}")
    })
}

/// What is there and what is asked for, where that is less.
fn shrinks(attribute: &AttributeChange) -> Option<(String, String)> {
    let [.., "requests", "storage"] = words(&attribute.path)[..] else { return None };
    let (live, want) = (plain(&attribute.live)?, plain(&attribute.want)?);
    (quantity(&want)? < quantity(&live)?).then_some((live, want))
}

/// What the field is called, where it is fixed and the code asks for another value. What the code leaves open stays as it is.
fn fixed(attribute: &AttributeChange) -> Option<&'static str> {
    let words = words(&attribute.path);
    let (_, what) = FIXED.iter().find(|(name, _)| words.last() == Some(name))?;
    let is_open = |shown: &Shown| match shown {
        Shown::Value(json) => json.is_null() || json.as_str() == Some(""),
        _ => true,
    };
    let is_asked = !is_open(&attribute.live) && !is_open(&attribute.want);
    (is_asked && attribute.live != attribute.want).then_some(what)
}

fn is_known(attribute: &AttributeChange) -> bool {
    matches!((&attribute.live, &attribute.want), (Shown::Value(_), Shown::Value(_)))
}
