//! What names say about values: facts about Terraform, its providers and Kubernetes.

use crate::drift::path::{Path, Step};
use crate::drift::shown::Json;
use crate::syntax::names_a_secret;

/// What providers and API servers count and stamp by themselves.
const STAMPS: [&str; 9] = [
    "etag",
    "fingerprint",
    "generation",
    "last_modified",
    "last_updated",
    "observed_generation",
    "resource_version",
    "uid",
    "updated_at",
];

/// Where Kubernetes keeps the contents of a Secret, in a typed resource and in a manifest.
const SECRET_DATA: [&str; 6] =
    ["data", "data_wo", "binary_data", "binary_data_wo", "string_data", "stringData"];

/// What is called so tells who or where, also among secrets: it is no secret elsewhere.
const WHO_OR_WHERE: [&str; 14] = [
    "database",
    "db",
    "dbname",
    "domain",
    "email",
    "host",
    "hostname",
    "name",
    "namespace",
    "port",
    "region",
    "server",
    "user",
    "username",
];

/// Whether what stands at `path` is only counted or stamped.
pub(super) fn is_stamp(path: &Path) -> bool {
    match path.0.last() {
        Some(Step::Name(name)) => STAMPS.contains(&name.as_str()) || name.ends_with("_fingerprint"),
        _ => false,
    }
}

/// Whether every key of the map called `name` may have an owner of its own.
pub(super) fn has_owners(name: &str) -> bool {
    matches!(name, "labels" | "annotations")
}

/// Whether what a secret map holds under `key` tells only who or where.
pub(super) fn is_about_who_or_where(key: &str) -> bool {
    let key = key.rsplit(['_', '-', '.']).next().unwrap_or(key);
    WHO_OR_WHERE.iter().any(|name| name.eq_ignore_ascii_case(key))
}

/// Whether the member `key` of `object`, which stands at `path` in a resource of `kind`, is a secret by the look of it.
pub(super) fn hides(kind: &str, path: &[Step], object: &Json, key: &str) -> bool {
    let text = |key: &str| object.get(key).and_then(Json::as_str);
    let is_secret_object = if path.is_empty() {
        kind.starts_with("kubernetes_secret")
    } else {
        text("kind") == Some("Secret")
    };
    if is_secret_object && SECRET_DATA.contains(&key) {
        return true;
    }
    if key == "value" && text("name").is_some_and(names_a_secret) {
        return true;
    }
    names_a_secret(key) && object.get(key).is_some_and(|value| is_plain(key, value))
}

/// Whether `value` is no block or object with names of its own.
fn is_plain(key: &str, value: &Json) -> bool {
    let is_scalar = |value: &Json| !matches!(value, Json::Array(_) | Json::Object(_));
    match value {
        Json::Array(list) => list.iter().all(is_scalar),
        // A volume's `secret = { secretName = … }`.
        Json::Object(map) => key != "secret" && map.values().all(is_scalar),
        Json::Bool(_) | Json::Null => false,
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_by_the_look_of_them() {
        let json = |text| serde_json::from_str::<Json>(text).unwrap();
        let at = [Step::Name("a".into()), Step::Index(0)];
        for (kind, path, object, key) in [
            ("a", &[][..], r#"{"db_password":"x"}"#, "db_password"),
            ("a", &at, r#"{"tokens":["x"]}"#, "tokens"),
            ("a", &at, r#"{"name":"API_KEY","value":"x"}"#, "value"),
            ("kubernetes_secret_v1", &[], r#"{"data":{"k":"x"}}"#, "data"),
            (
                "kubernetes_manifest",
                &at,
                r#"{"kind":"Secret","stringData":{"k":"x"}}"#,
                "stringData",
            ),
            ("a", &[], r#"{"secrets":{"k":"x"}}"#, "secrets"),
        ] {
            assert!(hides(kind, path, &json(object), key), "{object}");
        }
        for (kind, path, object, key) in [
            ("a", &at[..], r#"{"secret":[{"secret_name":"x"}]}"#, "secret"),
            ("a", &at, r#"{"secret":{"secretName":"x"}}"#, "secret"),
            (
                "a",
                &at,
                r#"{"automount_service_account_token":true}"#,
                "automount_service_account_token",
            ),
            ("kubernetes_config_map", &[], r#"{"data":{"k":"x"}}"#, "data"),
            ("a", &at, r#"{"name":"HOST","value":"x"}"#, "value"),
        ] {
            assert!(!hides(kind, path, &json(object), key), "{object}");
        }
    }

    #[test]
    fn stamps_are_names_and_not_keys() {
        let is = |text| is_stamp(&Path::parse(text).unwrap());
        assert!(is("metadata[0].generation") && is("etag") && is("certificate_fingerprint"));
        assert!(!is("metadata[0].labels[\"generation\"]") && !is("spec[0].replicas"));
    }
}
