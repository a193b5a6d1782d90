//! The elements of a list or set by what may be equal to them, so that nobody compares each with every other.
//!
//! Invariant: two values that are certainly equal have one key, or one of them has none.

use std::borrow::Cow;

use rustc_hash::FxHashMap;

use crate::model::value::{Data, Value};

/// What a value that is equal to another has in common with it.
#[derive(PartialEq, Eq, Hash)]
enum Key<'v> {
    Null,
    Bool(bool),
    /// The bits of a double: numbers that are written in two ways, or that no double can tell apart, share it.
    Number(u64),
    Text(Cow<'v, str>),
}

/// Values, found by what may be equal to them.
#[derive(Default)]
pub(super) struct Members<'v> {
    keyed: FxHashMap<Key<'v>, Vec<&'v Value>>,
    /// Those without a key that may still be equal to something: lists, objects, and what depends on a condition.
    others: Vec<&'v Value>,
    /// Whether all of them are known texts.
    only_texts: bool,
}

impl<'v> Members<'v> {
    pub(super) fn of(items: &'v [Value]) -> Self {
        let mut members = Members { only_texts: true, ..Members::default() };
        for item in items {
            members.add(item);
        }
        members
    }

    pub(super) fn add(&mut self, value: &'v Value) {
        self.only_texts &= matches!(key(value), Some(Key::Text(_)));
        match key(value) {
            Some(key) => self.keyed.entry(key).or_default().push(value),
            // What is not known is certainly equal to nothing.
            None if matches!(value.data, Data::Unknown(_) | Data::Text(_)) => {}
            None => self.others.push(value),
        }
    }

    /// The values that may certainly be equal to `value`: of all others nobody can say so.
    pub(super) fn like<'a>(&'a self, value: &'a Value) -> impl Iterator<Item = &'a Value> {
        let key = key(value);
        let (by_key, others): (&FxHashMap<Key<'a>, Vec<&'a Value>>, &[&'a Value]) =
            (&self.keyed, &self.others);
        let is_odd = key.is_none();
        let same = key.and_then(|key| by_key.get(&key)).into_iter().flatten();
        let keyed = is_odd.then(|| by_key.values().flatten()).into_iter().flatten();
        same.chain(keyed).chain(others).copied()
    }

    /// Whether `value` and all of them are known texts: those not like it are certainly others.
    pub(super) fn are_texts_like(&self, value: &Value) -> bool {
        self.only_texts && matches!(key(value), Some(Key::Text(_)))
    }
}

fn key(value: &Value) -> Option<Key<'_>> {
    match &value.data {
        Data::Null => Some(Key::Null),
        Data::Bool(value) => Some(Key::Bool(*value)),
        Data::Number(text) => {
            let number: f64 = text.parse().ok()?;
            // Both zeros are one number.
            Some(Key::Number((number + 0.0).to_bits()))
        }
        Data::Text(text) => text.as_str().map(Key::Text),
        _ => None,
    }
}
