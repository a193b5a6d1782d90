//! What a cluster makes by itself: no code declares it, and none should.

use super::live::Live;
use crate::rule::covers;

/// Kinds of which every object is made by a controller, or is a record of what happened.
const KINDS: [&str; 18] = [
    "CSINode",
    "CSIStorageCapacity",
    "CertificateSigningRequest",
    "ComponentStatus",
    "ControllerRevision",
    "EndpointSlice",
    "Endpoints",
    "Event",
    "FlowSchema",
    "IPAddress",
    "Lease",
    "Node",
    "NodeMetrics",
    "PodMetrics",
    "PriorityLevelConfiguration",
    "ReplicaSet",
    "ServiceCIDR",
    "VolumeAttachment",
];

/// Objects by kind and name.
const NAMED: [(&str, &str); 14] = [
    ("ClusterRole", "system:*"),
    ("ClusterRoleBinding", "system:*"),
    ("ConfigMap", "extension-apiserver-authentication"),
    ("ConfigMap", "kube-root-ca.crt"),
    ("ConfigMap", "kube-apiserver-legacy-service-account-token-tracking"),
    ("Namespace", "default"),
    ("Namespace", "kube-node-lease"),
    ("Namespace", "kube-public"),
    ("Namespace", "kube-system"),
    ("PriorityClass", "system-*"),
    ("Role", "system:*"),
    ("RoleBinding", "system:*"),
    ("Secret", "bootstrap-token-*"),
    ("ServiceAccount", "default"),
];

/// Labels and annotations by which a controller of Kubernetes marks what it keeps.
const MARKED: [&str; 5] = [
    "kube-aggregator.kubernetes.io/automanaged",
    "kubernetes.io/bootstrapping",
    "kubernetes.io/service-account.name",
    "pv.kubernetes.io/provisioned-by",
    "kubernetes.io/config.mirror",
];

/// Who makes `live`, where Kubernetes or Helm does.
pub(super) fn made_by(live: &Live) -> Option<String> {
    if let Some(owner) = live.owners().first() {
        // One line for all that a kind of owner has.
        let kind = owner.split(' ').next().unwrap_or_default();
        return Some(format!("a {kind} that owns it"));
    }
    let is_named = NAMED.iter().any(|(kind, name)| *kind == live.kind && covers(name, &live.name));
    let is_marked =
        MARKED.iter().any(|key| live.label(key).is_some() || live.annotation(key).is_some());
    // The API server's own address.
    let is_api = live.kind == "Service"
        && live.name == "kubernetes"
        && live.namespace.as_deref() == Some("default");
    if KINDS.contains(&live.kind.as_str()) || is_named || is_marked || is_api {
        return Some("Kubernetes itself".to_owned());
    }
    (is_record(live)
        || release(live).is_some()
        || live.label("app.kubernetes.io/managed-by") == Some("Helm"))
    .then(|| "Helm".to_owned())
}

/// Whether `live` is Helm's own note of a release.
fn is_record(live: &Live) -> bool {
    live.kind == "Secret"
        && live.json.get("type").and_then(|it| it.as_str()) == Some("helm.sh/release.v1")
}

/// The release that `live` is Helm's note of: its namespace and name. One that was uninstalled is gone, though its notes may be
/// kept.
pub(super) fn recorded(live: &Live) -> Option<(&str, &str)> {
    let is_gone = live.label("status") == Some("uninstalled");
    let rest =
        live.name.strip_prefix("sh.helm.release.v1.").filter(|_| is_record(live) && !is_gone)?;
    let (name, version) = rest.rsplit_once(".v")?;
    let is_version = !version.is_empty() && version.bytes().all(|byte| byte.is_ascii_digit());
    is_version.then_some((live.namespace.as_deref().unwrap_or_default(), name))
}

/// The release that `live` is a part of: its namespace and name.
pub(super) fn release(live: &Live) -> Option<(&str, &str)> {
    let name = live.annotation("meta.helm.sh/release-name")?;
    Some((live.annotation("meta.helm.sh/release-namespace").unwrap_or_default(), name))
}
