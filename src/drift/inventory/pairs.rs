//! Which element of a list in the code is which live one.

use super::super::shown::Json;

/// What tells the elements of a list apart, the first that all of them have.
const KEYS: [&str; 9] =
    ["name", "mountPath", "containerPort", "devicePath", "key", "port", "host", "ip", "path"];

/// What an element of the code is called, where something tells them apart, and its position among the live ones.
pub(super) type Pair = (Option<String>, Option<usize>);

/// For each of `count` elements its live one: by the first key that tells all of them apart, else by position where there
/// are as many. `key_of` gives what an element says under a key. `None` where nobody can tell.
pub(super) fn of(
    count: usize,
    items: &[Json],
    key_of: impl Fn(usize, &str) -> Option<String>,
) -> Option<Vec<Pair>> {
    let by_key = KEYS.iter().find_map(|key| {
        let wanted = (0..count).map(|at| key_of(at, key)).collect::<Option<Vec<String>>>()?;
        keyed(wanted, items, key)
    });
    let by_place =
        || (count == items.len()).then(|| (0..count).map(|at| (None, Some(at))).collect());
    by_key.or_else(by_place)
}

/// For each wanted key its position among the live elements, where `key` tells all of them apart.
fn keyed(wanted: Vec<String>, items: &[Json], key: &str) -> Option<Vec<Pair>> {
    let live: Vec<String> =
        items.iter().map(|item| item.get(key).map(text_of)).collect::<Option<_>>()?;
    let is_distinct = |keys: &[String]| {
        let mut sorted = keys.to_vec();
        sorted.sort_unstable();
        sorted.windows(2).all(|pair| pair[0] != pair[1])
    };
    if !is_distinct(&wanted) || !is_distinct(&live) {
        return None;
    }
    // A name is what an element is called; a port or path may be what was changed in it.
    let is_changed = wanted.iter().any(|key| !live.contains(key));
    if key != "name" && is_changed && wanted.len() == live.len() {
        return None;
    }
    let place = |key: String| {
        let at = live.iter().position(|live| *live == key);
        (Some(key), at)
    };
    Some(wanted.into_iter().map(place).collect())
}

/// A scalar without its quotes.
pub(super) fn text_of(json: &Json) -> String {
    match json {
        Json::String(text) => text.clone(),
        other => other.to_string(),
    }
}
