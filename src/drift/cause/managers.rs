//! Who wrote a field by the API server's own record. Strong evidence and no authority: what a webhook changes is recorded
//! under whoever sent the request.

use super::field;
use super::patch;
use crate::drift::path::Step;
use crate::drift::shown::Json;

/// The last that wrote a field.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Writer<'a> {
    pub(super) manager: &'a str,
    /// When: RFC 3339.
    pub(super) time: Option<&'a str>,
}

/// The last that wrote what stands at `path` of `object`, by the record in it; `None` where there is none.
pub(super) fn writer<'a>(object: &'a Json, path: &[Step]) -> Option<Writer<'a>> {
    let records = ["managedFields", "managed_fields"].into_iter().find_map(|name| {
        field::at(object, &[Step::Name("metadata".into()), Step::Name(name.into())])
    });
    let mut last: Option<Writer<'a>> = None;
    for record in records.and_then(Json::as_array).into_iter().flatten() {
        let text = |name: &str| record.get(name).and_then(Json::as_str);
        let fields = record.get("fieldsV1").or_else(|| record.get("fields_v1"));
        let (Some(manager), Some(fields)) = (text("manager"), fields) else { continue };
        let time = text("time");
        let is_newer = last.as_ref().is_none_or(|it| it.time <= time);
        if is_newer && holds(fields, path, Some(object)) {
            last = Some(Writer { manager, time });
        }
    }
    last
}

/// Whether the set of fields `set` holds what stands at `path`, of which `live` is the object around it.
fn holds(set: &Json, path: &[Step], live: Option<&Json>) -> bool {
    let Some(children) = set.as_object() else { return false };
    let Some((step, rest)) = path.split_first() else { return true };
    // What has no parts is owned as a whole.
    if children.is_empty() {
        return true;
    }
    match step {
        Step::Name(name) | Step::Key(name) => children.iter().any(|(key, inner)| {
            let Some(own) = key.strip_prefix("f:") else { return false };
            let is_same = own == name.as_str() || patch::provider_name(own) == *name;
            is_same && holds(inner, rest, live.and_then(|live| live.get(own)))
        }),
        Step::Index(index) => {
            let is_list = children.keys().any(|key| key.starts_with("k:") || key.starts_with("i:"));
            if !is_list {
                return *index == 0 && holds(set, rest, live);
            }
            let item = live.and_then(|live| live.get(*index as usize));
            children
                .iter()
                .any(|(key, inner)| is_element(key, *index, item) && holds(inner, rest, item))
        }
    }
}

/// Whether `key` of a set of fields means the element of a list at `index`.
fn is_element(key: &str, index: u32, item: Option<&Json>) -> bool {
    if let Some(number) = key.strip_prefix("i:") {
        return number.parse() == Ok(index);
    }
    let keys = key.strip_prefix("k:").and_then(|it| serde_json::from_str::<Json>(it).ok());
    let (Some(Json::Object(keys)), Some(item)) = (keys, item) else { return false };
    keys.iter().all(|(name, value)| item.get(name) == Some(value))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::drift::cause::field::steps;
    use crate::rule::FieldPath;

    #[test]
    fn the_last_writer_of_a_field_is_found_in_the_record() {
        let object = json!({
            "metadata": {"managedFields": [
                {"manager": "HashiCorp", "time": "2026-11-01T00:00:00Z", "fieldsV1": {"f:spec": {
                    "f:replicas": {},
                    "f:template": {"f:spec": {
                        "f:containers": {"k:{\"name\":\"web\"}": {".": {}, "f:image": {}}},
                        "f:dnsConfig": {},
                    }},
                }}},
                {"manager": "kubectl-set", "time": "2026-11-02T00:00:00Z", "fieldsV1": {"f:spec": {
                    "f:template": {"f:spec": {
                        "f:containers": {"k:{\"name\":\"job\"}": {"f:image": {}}},
                    }},
                }}},
            ]},
            "spec": {"template": {"spec": {"containers": [{"name": "web"}, {"name": "job"}]}}},
        });
        let manager = |path: &str| {
            let path = steps(&FieldPath::parse(path).unwrap());
            writer(&object, &path).map(|it| it.manager.to_owned())
        };
        let image = |index| format!("spec[0].template[0].spec[0].container[{index}].image");
        assert_eq!(manager(&image(0)).as_deref(), Some("HashiCorp"));
        assert_eq!(manager(&image(1)).as_deref(), Some("kubectl-set"));
        let below = "spec[0].template[0].spec[0].dns_config[0].option[0].value";
        assert_eq!(manager(below).as_deref(), Some("HashiCorp"));
        assert_eq!(manager("spec[0].paused"), None);
    }
}
