//! What the instances of the `kubernetes` providers are in Kubernetes' own words.

use super::super::path::Step;
use super::{Change, Json, at};

/// Resource types that carry any object, with the attributes in which it lies.
const CARRIERS: [(&str, &[&str]); 2] = [
    ("kubernetes_manifest", &["manifest", "object"]),
    // It repeats `kind`, `name` and `namespace` beside the text.
    ("kubectl_manifest", &[]),
];

/// Types of the `kubernetes` provider that declare a part of an object which something else owns, or none at all.
const PARTS: [&str; 9] = [
    "annotations",
    "labels",
    "env",
    "node_taint",
    "config_map_v1_data",
    "secret_v1_data",
    "token_request",
    "token_request_v1",
    "manifest",
];

/// Types whose name is not that of the kind in another spelling.
const ODD_TYPES: [(&str, &str); 4] = [
    ("daemonset", "DaemonSet"),
    ("api_service", "APIService"),
    ("csi_driver", "CSIDriver"),
    ("default_service_account", "ServiceAccount"),
];

/// The kind of object that a typed resource declares: `kubernetes_cron_job_v1` a `CronJob`.
pub(in crate::drift) fn kind_of_type(kind: &str) -> Option<String> {
    let name = kind.strip_prefix("kubernetes_")?;
    if PARTS.contains(&name) {
        return None;
    }
    let name = without_version(name);
    if let Some((_, kind)) = ODD_TYPES.iter().find(|(odd, _)| *odd == name) {
        return Some((*kind).to_owned());
    }
    let capital = |word: &str| {
        let mut letters = word.chars();
        letters.next().map(|first| format!("{}{}", first.to_ascii_uppercase(), letters.as_str()))
    };
    name.split('_').map(capital).collect()
}

/// `cron_job` of `cron_job_v1`, `_v1beta1`, …
fn without_version(name: &str) -> &str {
    let is_version = |text: &str| {
        text.bytes().next().is_some_and(|byte| byte.is_ascii_digit())
            && text.split("beta").all(|part| part.bytes().all(|byte| byte.is_ascii_digit()))
    };
    match name.rsplit_once("_v") {
        Some((name, version)) if is_version(version) => name,
        _ => name,
    }
}

/// An object of Kubernetes inside a change.
pub(super) struct Object<'c> {
    pub(super) kind: String,
    pub(super) name: Option<&'c str>,
    pub(super) namespace: Option<&'c str>,
}

impl<'c> Object<'c> {
    /// The object that `change` is about; `None` where it is about none.
    pub(super) fn of(change: &'c Change) -> Option<Self> {
        if change.address.is_data {
            return None;
        }
        let json = &change.object;
        let carrier = CARRIERS.iter().find(|(kind, _)| *kind == change.address.kind);
        let Some((_, attributes)) = carrier else {
            let kind = kind_of_type(&change.address.kind)?;
            let metadata = json.pointer("/metadata/0");
            return Some(Object::named(kind, metadata));
        };
        let inner = attributes.iter().filter_map(|name| json.get(*name)).find(|it| it.is_object());
        match inner {
            Some(inner) => {
                let kind = inner.get("kind")?.as_str()?.to_owned();
                Some(Object::named(kind, inner.get("metadata")))
            }
            None => Some(Object::named(json.get("kind")?.as_str()?.to_owned(), Some(json))),
        }
    }

    fn named(kind: String, named: Option<&'c Json>) -> Self {
        let text = |key: &str| named?.get(key)?.as_str();
        Object { kind, name: text("name"), namespace: text("namespace") }
    }

    /// `namespace/name`, as far as both are known.
    pub(super) fn shown(&self) -> String {
        match (self.namespace, self.name) {
            (Some(namespace), Some(name)) => format!("`{namespace}/{name}`"),
            (None, Some(name)) => format!("`{name}`"),
            _ => "it".to_owned(),
        }
    }
}

/// Where in a pod a container stands: `…container[1].image`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct ContainerImage<'p> {
    /// The path of the pod.
    pub(super) pod: &'p [Step],
    /// The path of the container.
    pub(super) container: &'p [Step],
}

impl<'p> ContainerImage<'p> {
    /// The container whose image `path` is.
    pub(super) fn of(path: &'p [Step]) -> Option<Self> {
        let [pod @ .., list, Step::Index(_), image] = path else { return None };
        let is_list = matches!(
            list.text()?,
            "container" | "containers" | "init_container" | "initContainers"
        );
        (is_list && image.text()? == "image")
            .then(|| ContainerImage { pod, container: &path[..path.len() - 1] })
    }

    /// The container's name, or else where it stands.
    pub(super) fn name(&self, object: &Json) -> String {
        let name = at(object, self.container).and_then(|it| it.get("name")?.as_str());
        name.map_or_else(|| super::Path(self.container.to_vec()).to_string(), str::to_owned)
    }

    /// The same in a message.
    pub(super) fn shown(&self, object: &Json) -> String {
        format!("`{}`", self.name(object))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_name_kinds() {
        for (kind, expected) in [
            ("kubernetes_deployment", "Deployment"),
            ("kubernetes_cron_job_v1", "CronJob"),
            ("kubernetes_daemonset", "DaemonSet"),
            ("kubernetes_horizontal_pod_autoscaler_v2beta2", "HorizontalPodAutoscaler"),
            ("kubernetes_persistent_volume_claim_v1", "PersistentVolumeClaim"),
            ("kubernetes_api_service_v1", "APIService"),
            ("kubernetes_validating_webhook_configuration", "ValidatingWebhookConfiguration"),
        ] {
            assert_eq!(kind_of_type(kind).as_deref(), Some(expected), "{kind}");
        }
        for kind in ["helm_release", "kubernetes_labels", "kubernetes_manifest", "kubernetes_"] {
            assert_eq!(kind_of_type(kind), None, "{kind}");
        }
    }
}
