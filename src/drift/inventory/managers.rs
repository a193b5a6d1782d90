//! Who last wrote a field, as the API server keeps books of it.
//!
//! Invariant: evidence, never proof. What an admission policy writes is booked on whoever sent the request.

use super::super::shown::Json;
use super::compare::Field;

/// An entry of the books that names a field.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct Writer {
    /// When: RFC 3339.
    pub(super) time: String,
    /// The name under which somebody wrote: the program, unless it chose another.
    pub(super) manager: String,
}

/// Who wrote the field at `fields`, the last first.
pub(super) fn writers(books: &[Json], fields: &[Field]) -> Vec<Writer> {
    let text = |entry: &Json, key: &str| Some(entry.get(key)?.as_str()?.to_owned());
    let mut writers: Vec<Writer> = books
        .iter()
        .filter(|entry| entry.get("fieldsV1").is_some_and(|set| holds(set, fields)))
        .filter_map(|entry| {
            let time = text(entry, "time").unwrap_or_default();
            Some(Writer { time, manager: text(entry, "manager")? })
        })
        .collect();
    writers.sort_unstable_by(|a, b| b.cmp(a));
    writers
}

/// Whether the set of fields `set` has the one at `fields`, or all of what that is in.
fn holds(set: &Json, fields: &[Field]) -> bool {
    let Some((first, rest)) = fields.split_first() else { return true };
    let Some(children) = set.as_object() else { return false };
    let inner = match first {
        Field::Name(name) => children.get(&format!("f:{name}")),
        Field::Item(item) => children.iter().find(|(key, _)| is_item(key, item)).map(|it| it.1),
    };
    // Of what is written as one, no parts are booked.
    inner.is_some_and(|inner| {
        inner.as_object().is_some_and(|it| it.is_empty()) || holds(inner, rest)
    })
}

/// Whether `key`, as in `k:{"name":"web"}`, is that of the element `item`.
fn is_item(key: &str, item: &Json) -> bool {
    let Some(keys) = key.strip_prefix("k:") else { return false };
    let Ok(Json::Object(keys)) = serde_json::from_str(keys) else { return false };
    !keys.is_empty() && keys.iter().all(|(key, value)| item.get(key) == Some(value))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_last_writer_of_a_field_comes_first() {
        let image = |manager: &str, time: &str, container: &str| {
            let containers = json!({ container: { ".": {}, "f:image": {}, "f:resources": {} } });
            let pod = json!({ "f:template": { "f:spec": { "f:containers": containers } } });
            json!({ "manager": manager, "time": time, "fieldsV1": { "f:spec": pod } })
        };
        let web = r#"k:{"name":"web"}"#;
        let books = [
            image("HashiCorp", "2026-01-01T00:00:00Z", web),
            image("kubectl-set", "2026-02-01T00:00:00Z", web),
            image("other", "2026-03-01T00:00:00Z", r#"k:{"name":"sidecar"}"#),
            json!({ "manager": "broken", "fieldsV1": 3 }),
        ];
        let name = |name: &str| Field::Name(name.to_owned());
        let mut way = vec![name("spec"), name("template"), name("spec"), name("containers")];
        way.push(Field::Item(json!({ "name": "web", "image": "a" })));
        way.push(name("image"));
        let found = writers(&books, &way);
        let names: Vec<&str> = found.iter().map(|it| it.manager.as_str()).collect();
        assert_eq!(names, ["kubectl-set", "HashiCorp"]);
        // `resources` is booked as a whole.
        way.pop();
        way.extend([name("resources"), name("limits")]);
        assert_eq!(writers(&books, &way).len(), 2);
        way.pop();
        way.pop();
        way.push(name("command"));
        assert_eq!(writers(&books, &way), []);
    }
}
