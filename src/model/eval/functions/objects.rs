//! Functions on objects and maps.

use std::sync::Arc;

use super::unfollowed;
use crate::model::eval::collection::{elements, ordered};
use crate::model::eval::types;
use crate::model::value::{Data, Entry, Lookup, Map, Reason, Value};
use crate::text::Span;

pub(super) fn call(name: &str, args: &[Value], span: Span) -> Option<Value> {
    match (name, args) {
        ("merge", _) => Some(merge(args, span)),
        ("lookup", [map, key]) => lookup(map, key, None, span),
        ("lookup", [map, key, default]) => lookup(map, key, Some(default), span),
        ("keys" | "values", [map]) => keys_or_values(name, map, span),
        ("zipmap", [keys, values]) => zipmap(keys, values, span),
        ("transpose", [map]) => transpose(map, span),
        ("tomap", [map]) => Some(unified(map)),
        _ => None,
    }
}

/// Later entries win. An argument that is not known leaves the result open, and what stood before it uncertain.
fn merge(args: &[Value], span: Span) -> Value {
    let mut merged = Map::default();
    for arg in args {
        match &arg.data {
            Data::Map(map) => {
                // A key that is not known may be one that an earlier object has.
                if let Some(reason) = &map.open {
                    make_uncertain(&mut merged, reason);
                }
                for entry in &map.entries {
                    merged.entries.retain(|known| known.key != entry.key);
                    merged.entries.push(entry.clone());
                }
                merged.open = merged.open.or_else(|| map.open.clone());
            }
            Data::Null => {}
            _ => {
                let reason = arg
                    .first_unknown()
                    .unwrap_or_else(|| Reason::new("one of the merged objects depends"));
                make_uncertain(&mut merged, &reason);
                merged.open = Some(reason);
            }
        }
    }
    Value { data: Data::Map(Arc::new(merged)), span }
}

/// Every entry may be replaced by something that is not known.
fn make_uncertain(map: &mut Map, reason: &Reason) {
    for entry in &mut map.entries {
        let span = entry.value.span;
        let maybe = Value::for_reason(reason.clone(), span);
        entry.value = Value::one_of(vec![entry.value.clone(), maybe], span);
    }
}

fn lookup(map: &Value, key: &Value, default: Option<&Value>, span: Span) -> Option<Value> {
    let key = key.as_str()?;
    let one = |lookup: Lookup<'_>| match (lookup, default) {
        (Lookup::Found(entry), _) => entry.value.clone(),
        (Lookup::Absent, Some(default)) => default.clone(),
        (Lookup::Absent, None) => Value::failure(format!("there is no key `{key}`"), span),
        (Lookup::Unknown(reason), Some(default)) => {
            Value::one_of(vec![Value::for_reason(reason, span), default.clone()], span)
        }
        (Lookup::Unknown(reason), None) => Value::for_reason(reason, span),
    };
    Some(Value::one_of(map.get_each(&key).map(one), span))
}

fn keys_or_values(name: &str, map: &Value, span: Span) -> Option<Value> {
    let Data::Map(map) = &map.data else { return None };
    let item = |entry: &Entry| match name {
        "keys" => Value::text(entry.key.clone(), entry.key_span),
        _ => entry.value.clone(),
    };
    let items = map.sorted().into_iter().map(item).collect();
    Some(Value::open_list(items, map.open.clone(), span))
}

fn zipmap(keys: &Value, values: &Value, span: Span) -> Option<Value> {
    let (Data::List(keys), Data::List(values)) = (&keys.data, &values.data) else { return None };
    let (keys, open) = ordered(keys);
    let (values, values_open) = ordered(values);
    if open.is_some() || values_open.is_some() {
        return None;
    }
    if keys.len() != values.len() {
        return Some(Value::failure("`zipmap` is not given as many keys as values", span));
    }
    let mut map = Map::default();
    for (key, value) in keys.iter().zip(values) {
        match key.as_str() {
            Some(text) => {
                map.entries.retain(|known| *known.key != *text);
                map.entries.push(Entry { key: text.into(), key_span: key.span, value });
            }
            None => map.open = key.first_unknown().or_else(|| Some(unfollowed("zipmap"))),
        }
    }
    Some(Value { data: Data::Map(Arc::new(map)), span })
}

/// `{ a = ["x", "y"] }` to `{ x = ["a"], y = ["a"] }`.
fn transpose(map: &Value, span: Span) -> Option<Value> {
    let Data::Map(map) = &map.data else { return None };
    if map.open.is_some() {
        return None;
    }
    let mut transposed = Map::default();
    for entry in map.sorted() {
        let (items, open) = elements(&entry.value).ok()?;
        if open.is_some() {
            return None;
        }
        let value = Value::text(entry.key.clone(), entry.key_span);
        for (_, key_span, item) in items {
            let key = item.as_str()?;
            match transposed.entries.iter_mut().find(|known| *known.key == *key) {
                Some(Entry { value: Value { data: Data::List(list), .. }, .. }) => {
                    Arc::make_mut(list).items.push(value.clone());
                }
                _ => transposed.entries.push(Entry {
                    key: key.into(),
                    key_span,
                    value: Value::list(vec![value.clone()], span),
                }),
            }
        }
    }
    Some(Value { data: Data::Map(Arc::new(transposed)), span })
}

/// A map's values are of one type: strings where there are strings among simple values.
fn unified(value: &Value) -> Value {
    let Data::Map(map) = &value.data else { return value.clone() };
    let values: Vec<Value> = map.entries.iter().map(|entry| entry.value.clone()).collect();
    let mut map = (**map).clone();
    for (entry, value) in map.entries.iter_mut().zip(types::unified(values)) {
        entry.value = value;
    }
    Value { data: Data::Map(Arc::new(map)), span: value.span }
}
