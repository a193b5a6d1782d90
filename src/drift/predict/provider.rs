//! What the Kubernetes provider does by itself.

use super::resource::Resource;
use crate::model::Repo;
use crate::rule::{FieldPath, FieldStep};

/// The end of the host in keys that the provider takes for Kubernetes' own.
const OWN: &str = "kubernetes.io";

/// The hosts that end so and are the user's nevertheless.
const USERS: &[&str] = &["app.kubernetes.io", "service.beta.kubernetes.io"];

/// Whether the provider leaves `field` out of plans: a label or annotation of the object with a key of Kubernetes' own that
/// the code does not declare. What is in the template of a pod it leaves in.
pub(super) fn drops<'s>(repo: &Repo<'s>, resource: &Resource<'s>, field: &FieldPath) -> bool {
    let kind = resource.block.block.label(0).unwrap_or_default();
    key(field).is_some_and(|key| is_own(key) && kind.starts_with("kubernetes_"))
        && resource.value(repo, field).is_none()
}

/// The key that `field` means, where it is one of the labels or annotations of the object itself.
fn key(field: &FieldPath) -> Option<&str> {
    match field.steps() {
        [
            FieldStep::Name(metadata),
            FieldStep::Index(0),
            FieldStep::Name(map),
            FieldStep::Key(key),
        ] if metadata == "metadata" && (map == "labels" || map == "annotations") => Some(key),
        _ => None,
    }
}

/// Whether `key` is Kubernetes' own.
fn is_own(key: &str) -> bool {
    let Some((host, _)) = key.split_once('/') else {
        return key == "deprecated.daemonset.template.generation";
    };
    host.ends_with(OWN) && !USERS.contains(&host)
}

/// Whether the API server or the provider computes `path` of any resource.
pub(super) fn computes(path: &str) -> bool {
    const COMPUTED: &[&str] = &[
        "id",
        "metadata[0].generation",
        "metadata[0].resource_version",
        "metadata[0].self_link",
        "metadata[0].uid",
        "metadata.0.generation",
        "metadata.0.resource_version",
        "metadata.0.uid",
    ];
    COMPUTED.contains(&path)
}
