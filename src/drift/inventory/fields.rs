//! How the `kubernetes` provider calls what Kubernetes calls otherwise.
//!
//! The rule: the provider writes `init_container` where Kubernetes writes `initContainers`. Letter case and underscores
//! carry no meaning, and a list is a repeated block in the singular. What goes by no rule is in [`ODD`].

use super::super::shown::Json;

/// Fields with another name, by the provider's.
const ODD: [(&str, &str); 2] =
    [("storage_provisioner", "provisioner"), ("allowed_topologies", "allowedTopologies")];

/// Blocks that group fields which Kubernetes has beside them.
const GROUPS: [&str; 2] = ["persistent_volume_source", "volume_source"];

/// Blocks at the top that are Terraform's own or the provider's.
pub(super) const NOT_LIVE: [&str; 6] =
    ["connection", "dynamic", "field_manager", "lifecycle", "provisioner", "timeouts"];

/// What `live` has under what the provider calls `name`.
pub(super) fn find<'j>(live: &'j Json, name: &str) -> Option<(&'j str, &'j Json)> {
    let fields = live.as_object()?;
    if GROUPS.contains(&name) {
        return Some(("", live));
    }
    let name = ODD.iter().find(|(odd, _)| *odd == name).map_or(name, |(_, kubernetes)| kubernetes);
    let wanted = plain(name);
    let rank = |field: &str| {
        let field = plain(field);
        [wanted.clone(), format!("{wanted}s"), format!("{wanted}es"), in_y(&wanted)]
            .iter()
            .position(|spelling| *spelling == field)
    };
    let best = fields.iter().filter_map(|(field, value)| Some((rank(field)?, field, value)));
    best.min_by_key(|(rank, ..)| *rank).map(|(_, field, value)| (field.as_str(), value))
}

/// Letters and digits alone: `hostIPC` and `host_ipc` are `hostipc`.
fn plain(name: &str) -> String {
    name.chars().filter(|c| *c != '_').map(|c| c.to_ascii_lowercase()).collect()
}

/// `policies` of `policy`
fn in_y(name: &str) -> String {
    name.strip_suffix('y').map(|start| format!("{start}ies")).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn names_are_found_in_either_spelling() {
        let live = json!({
            "containers": 1, "initContainers": 2, "hostIPC": 3, "clusterIP": 4, "policies": 5,
            "provisioner": 6, "env": 7, "envFrom": 8, "nfs": 9, "matchLabels": 10, "ingress": 11,
            "ingresses": 12, "nonResourceURLs": 13, "securityContext": 14,
        });
        for (name, field) in [
            ("container", "containers"),
            ("init_container", "initContainers"),
            ("host_ipc", "hostIPC"),
            ("cluster_ip", "clusterIP"),
            ("policy", "policies"),
            ("storage_provisioner", "provisioner"),
            ("env", "env"),
            ("env_from", "envFrom"),
            ("match_labels", "matchLabels"),
            ("ingress", "ingress"),
            ("non_resource_urls", "nonResourceURLs"),
            ("security_context", "securityContext"),
        ] {
            assert_eq!(find(&live, name).map(|it| it.0), Some(field), "{name}");
        }
        assert_eq!(find(&live, "volume"), None);
        assert_eq!(find(&live, "persistent_volume_source").map(|it| it.1), Some(&live));
        assert_eq!(find(&json!([]), "container"), None);
    }
}
