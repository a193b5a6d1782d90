//! What to write so that the code takes over a live object: an `import` block, and a resource to start from.
//!
//! Invariant: what is written parses, and what only a person can say stands in it as a comment.

use std::collections::BTreeMap;
use std::fmt::Write;

use smol_str::SmolStr;

use super::super::shown::Json;
use super::live::Live;
use crate::rule::write::{is_name, key, literal, quoted};

/// Kinds that the `kubernetes` provider has a resource type for, without the version that it ends in.
const TYPED: [(&str, &str); 28] = [
    ("ClusterRole", "cluster_role_v1"),
    ("ClusterRoleBinding", "cluster_role_binding_v1"),
    ("ConfigMap", "config_map_v1"),
    ("CronJob", "cron_job_v1"),
    ("DaemonSet", "daemon_set_v1"),
    ("Deployment", "deployment_v1"),
    ("HorizontalPodAutoscaler", "horizontal_pod_autoscaler_v2"),
    ("Ingress", "ingress_v1"),
    ("IngressClass", "ingress_class_v1"),
    ("Job", "job_v1"),
    ("LimitRange", "limit_range_v1"),
    ("MutatingWebhookConfiguration", "mutating_webhook_configuration_v1"),
    ("Namespace", "namespace_v1"),
    ("NetworkPolicy", "network_policy_v1"),
    ("PersistentVolume", "persistent_volume_v1"),
    ("PersistentVolumeClaim", "persistent_volume_claim_v1"),
    ("Pod", "pod_v1"),
    ("PodDisruptionBudget", "pod_disruption_budget_v1"),
    ("PriorityClass", "priority_class_v1"),
    ("ResourceQuota", "resource_quota_v1"),
    ("Role", "role_v1"),
    ("RoleBinding", "role_binding_v1"),
    ("Secret", "secret_v1"),
    ("Service", "service_v1"),
    ("ServiceAccount", "service_account_v1"),
    ("StatefulSet", "stateful_set_v1"),
    ("StorageClass", "storage_class_v1"),
    ("ValidatingWebhookConfiguration", "validating_webhook_configuration_v1"),
];

/// The text that adopts `live`, in the resource types that the repo uses most.
pub(super) fn adoption(live: &Live, types: &BTreeMap<SmolStr, usize>) -> String {
    match typed(live) {
        Some(kind) => as_resource(live, &usual(kind, types)),
        None => as_manifest(live),
    }
}

fn typed(live: &Live) -> Option<&'static str> {
    let group = live.group();
    let is_own = !group.contains('.') || group.ends_with(".k8s.io");
    TYPED.iter().find(|(kind, _)| is_own && *kind == live.kind).map(|(_, kind)| *kind)
}

/// The type as the repo writes it: with its version or without.
fn usual(kind: &str, types: &BTreeMap<SmolStr, usize>) -> String {
    let newest = format!("kubernetes_{kind}");
    let plain = newest.rsplit_once("_v").map_or(newest.as_str(), |(plain, _)| plain);
    let known = types.iter().filter(|(known, _)| {
        let known = known.as_str();
        known == newest || known == plain
    });
    known.max_by_key(|(_, count)| **count).map_or(newest.clone(), |(known, _)| known.to_string())
}

fn as_resource(live: &Live, kind: &str) -> String {
    let label = label(&live.name);
    let id = match &live.namespace {
        Some(namespace) => format!("{namespace}/{}", live.name),
        None => live.name.to_string(),
    };
    let mut out = String::new();
    import(&mut out, kind, &label, &id);
    let _ = writeln!(out, "resource {} {} {{", quoted(kind), quoted(&label));
    out.push_str("  metadata {\n");
    names(&mut out, "    ", live);
    out.push_str("  }\n");
    body(&mut out, live);
    out.push_str("}\n");
    out
}

fn as_manifest(live: &Live) -> String {
    let label = label(&live.name);
    let mut id = format!("apiVersion={},kind={}", live.api_version, live.kind);
    if let Some(namespace) = &live.namespace {
        let _ = write!(id, ",namespace={namespace}");
    }
    let _ = write!(id, ",name={}", live.name);
    let mut out = String::new();
    import(&mut out, "kubernetes_manifest", &label, &id);
    let _ = writeln!(out, "resource \"kubernetes_manifest\" {} {{", quoted(&label));
    out.push_str("  manifest = {\n");
    let _ = writeln!(out, "    apiVersion = {}", quoted(&live.api_version));
    let _ = writeln!(out, "    kind       = {}", quoted(&live.kind));
    out.push_str("    metadata = {\n");
    names(&mut out, "      ", live);
    out.push_str("    }\n");
    if let Some(rest) = rest(live) {
        let _ = writeln!(out, "    # fill in: {rest}");
    }
    out.push_str("  }\n}\n");
    out
}

/// What names it, with its keys in line.
fn names(out: &mut String, indent: &str, live: &Live) {
    let width = if live.namespace.is_some() { "namespace".len() } else { "name".len() };
    let _ = writeln!(out, "{indent}{:width$} = {}", "name", quoted(&live.name));
    if let Some(namespace) = &live.namespace {
        let _ = writeln!(out, "{indent}namespace = {}", quoted(namespace));
    }
}

/// The fields that it has besides what names it and what the cluster says about it.
fn rest(live: &Live) -> Option<String> {
    let own = live.json.as_object().into_iter().flatten().map(|(key, _)| key.as_str());
    let rest: Vec<&str> =
        own.filter(|key| !matches!(*key, "apiVersion" | "kind" | "metadata" | "status")).collect();
    (!rest.is_empty()).then(|| rest.join(", "))
}

fn import(out: &mut String, kind: &str, label: &str, id: &str) {
    let _ = write!(out, "import {{\n  to = {kind}.{label}\n  id = {}\n}}\n\n", quoted(id));
}

/// A name of Terraform for `name`.
fn label(name: &str) -> String {
    let plain: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() || c == '-' { c } else { '_' }).collect();
    if is_name(&plain) { plain } else { format!("_{plain}") }
}

/// What the resource has besides metadata: the plain parts as they are live, and what is to be filled in.
fn body(out: &mut String, live: &Live) {
    match live.kind.as_str() {
        "Namespace" | "ServiceAccount" => {}
        "ConfigMap" => keys(out, "data", live.at("/data")),
        "Secret" => {
            out.push_str("\n  # fill in: `data`, from where its secrets are kept; `type` if it is not `Opaque`\n");
        }
        "Deployment" | "StatefulSet" | "DaemonSet" => workload(out, live),
        "Service" => service(out, live),
        "PersistentVolumeClaim" => claim(out, live),
        _ => {
            if let Some(rest) = rest(live) {
                let _ = writeln!(out, "\n  # fill in: {rest}");
            }
        }
    }
}

fn keys(out: &mut String, name: &str, object: Option<&Json>) {
    let Some(object) = object.and_then(Json::as_object) else { return };
    let _ = writeln!(out, "\n  {name} = {{");
    for name in object.keys() {
        let _ = writeln!(out, "    # fill in: {}", key(name));
    }
    out.push_str("  }\n");
}

fn workload(out: &mut String, live: &Live) {
    out.push_str("\n  spec {\n");
    if let Some(replicas) = live.at("/spec/replicas") {
        let _ = writeln!(out, "    replicas = {replicas}\n");
    }
    if live.kind == "StatefulSet"
        && let Some(service) = live.at("/spec/serviceName").and_then(Json::as_str)
    {
        let _ = writeln!(out, "    service_name = {}\n", quoted(service));
    }
    out.push_str("    selector {\n");
    map(out, "      ", "match_labels", live.at("/spec/selector/matchLabels"));
    out.push_str("    }\n\n    template {\n      metadata {\n");
    map(out, "        ", "labels", live.at("/spec/template/metadata/labels"));
    out.push_str("      }\n\n      spec {\n");
    for (list, block) in [("initContainers", "init_container"), ("containers", "container")] {
        let pointer = format!("/spec/template/spec/{list}");
        for container in live.at(&pointer).and_then(Json::as_array).into_iter().flatten() {
            let text = |key: &str| container.get(key).and_then(Json::as_str).unwrap_or_default();
            let _ = writeln!(out, "        {block} {{");
            let _ = writeln!(out, "          name  = {}", quoted(text("name")));
            let _ = writeln!(out, "          image = {}", quoted(text("image")));
            let own = container.as_object().into_iter().flatten().map(|(key, _)| key.as_str());
            // What the API server adds by itself.
            let rest: Vec<&str> = own
                .filter(|key| {
                    !matches!(
                        *key,
                        "name"
                            | "image"
                            | "imagePullPolicy"
                            | "terminationMessagePath"
                            | "terminationMessagePolicy"
                    )
                })
                .filter(|key| container.get(*key) != Some(&Json::Object(serde_json::Map::new())))
                .collect();
            if !rest.is_empty() {
                let _ = writeln!(out, "          # fill in: {}", rest.join(", "));
            }
            out.push_str("        }\n");
        }
    }
    if live.at("/spec/template/spec/volumes").is_some() {
        out.push_str("        # fill in: volumes\n");
    }
    out.push_str("      }\n    }\n  }\n");
}

fn service(out: &mut String, live: &Live) {
    out.push_str("\n  spec {\n");
    if let Some(kind) = live.at("/spec/type").and_then(Json::as_str).filter(|it| *it != "ClusterIP")
    {
        let _ = writeln!(out, "    type = {}\n", quoted(kind));
    }
    map(out, "    ", "selector", live.at("/spec/selector"));
    for port in live.at("/spec/ports").and_then(Json::as_array).into_iter().flatten() {
        out.push_str("\n    port {\n");
        for (field, name) in [
            ("name", "name       "),
            ("port", "port       "),
            ("targetPort", "target_port"),
            ("protocol", "protocol   "),
        ] {
            let value = port.get(field).map(|it| match it {
                Json::String(text) => quoted(text),
                other => other.to_string(),
            });
            if let Some(value) = value {
                let _ = writeln!(out, "      {name} = {value}");
            }
        }
        out.push_str("    }\n");
    }
    out.push_str("  }\n");
}

fn claim(out: &mut String, live: &Live) {
    out.push_str("\n  spec {\n");
    if let Some(modes) = live.at("/spec/accessModes").and_then(Json::as_array) {
        let modes: Vec<String> = modes.iter().filter_map(Json::as_str).map(quoted).collect();
        let _ = writeln!(out, "    access_modes       = [{}]", modes.join(", "));
    }
    if let Some(class) = live.at("/spec/storageClassName").and_then(Json::as_str) {
        let _ = writeln!(out, "    storage_class_name = {}", quoted(class));
    }
    if let Some(size) = live.at("/spec/resources/requests/storage").and_then(Json::as_str) {
        let _ = write!(
            out,
            "\n    resources {{\n      requests = {{\n        storage = {}\n      }}\n    }}\n",
            quoted(size)
        );
    }
    out.push_str("  }\n");
}

/// `name = { … }`, with its keys in line.
fn map(out: &mut String, indent: &str, name: &str, object: Option<&Json>) {
    let Some(object) = object.and_then(Json::as_object).filter(|it| !it.is_empty()) else { return };
    let keys: Vec<String> = object.keys().map(|it| key(it)).collect();
    let width = keys.iter().map(|it| it.chars().count()).max().unwrap_or_default();
    let _ = writeln!(out, "{indent}{name} = {{");
    for (key, value) in keys.iter().zip(object.values()) {
        let value = value.as_str().map_or_else(|| literal(&value.to_string()), quoted);
        let _ = writeln!(out, "{indent}  {key:width$} = {value}");
    }
    let _ = writeln!(out, "{indent}}}");
}
