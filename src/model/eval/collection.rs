//! Collections and what walks them: `for`.

use std::sync::Arc;

use rustc_hash::FxHashSet;
use smol_str::SmolStr;

use super::members::Members;
use super::{Evaluator, MAX_ALTERNATIVES, Scope, number, operators};
use crate::model::value::{Data, Entry, List, Map, Reason, Value};
use crate::syntax::SourceFile;
use crate::syntax::hcl::ForExpr;
use crate::text::Span;

impl<'s> Evaluator<'_, 's> {
    pub(super) fn comprehension(
        &mut self,
        file: &'s SourceFile,
        it: &'s ForExpr,
        scope: &Scope<'s>,
        span: Span,
    ) -> Value {
        let collection = self.expr(file, &it.collection, scope);
        let options = collection.possibilities();
        if options.len() > MAX_ALTERNATIVES {
            return Value::unknown("the collection has too many possible values", span);
        }
        self.with_fixed_calls(it, |this| {
            let results = options.iter().map(|option| this.walk(file, it, option, scope, span));
            Value::one_of(results, span)
        })
    }

    fn walk(
        &mut self,
        file: &'s SourceFile,
        it: &'s ForExpr,
        collection: &Value,
        scope: &Scope<'s>,
        span: Span,
    ) -> Value {
        if let Some(what) = no_collection(collection) {
            return Value::failure(format!("`for` goes through {what}"), span);
        }
        let (pairs, mut open) = match elements(collection) {
            Ok(found) => found,
            Err(reason) => return Value::for_reason(reason, span),
        };
        let mut list = Vec::new();
        let mut map = Map::default();
        let mut keys = FxHashSet::default();
        for (key, key_span, element) in pairs {
            let inner = scope.with_pair(
                &it.first.name,
                it.second.as_ref().map(|second| &second.name),
                key,
                element,
            );
            if let Some(condition) = &it.condition {
                let holds = self.expr(file, condition, &inner);
                match operators::truth(&holds) {
                    Some(true) => {}
                    Some(false) => continue,
                    None if operators::is_no_truth(&holds) => {
                        return Value::failure(
                            "the `if` of a `for` is neither true nor false",
                            span,
                        );
                    }
                    None => {
                        open = Some(Reason::new("the `if` of a `for` is not known"));
                        continue;
                    }
                }
            }
            let value = self.expr(file, &it.value, &inner);
            let Some(key) = &it.key else {
                list.push(value);
                continue;
            };
            let key = self.expr(file, key, &inner);
            if is_no_key(&key) {
                return Value::failure("a key of a `for` is no string", span);
            }
            match key.as_str().map(SmolStr::from) {
                Some(key) if !it.grouped && !keys.insert(key.clone()) => {
                    return Value::failure(format!("two elements have the key `{key}`"), span);
                }
                Some(key) => add(&mut map, Entry { key, key_span, value }, it.grouped),
                None => open = Some(Reason::new("a key of a `for` is not known")),
            }
        }
        if it.key.is_none() {
            if let Data::List(walked) = &collection.data {
                open = open.or_else(|| order_hole(walked));
            }
            return Value::open_list(list, open, span);
        }
        if it.grouped
            && let Some(reason) = &open
        {
            map.entries.iter_mut().for_each(|entry| open_group(&mut entry.value, reason));
        }
        map.open = open;
        Value { data: Data::Map(Arc::new(map)), span }
    }
}

/// What `value` is in words, where nothing can go through it.
fn no_collection(value: &Value) -> Option<&'static str> {
    match &value.data {
        Data::Null => Some("`null`"),
        Data::Text(_) | Data::Encoded(_) => Some("a string"),
        Data::Number(_) => Some("a number"),
        Data::Bool(_) => Some("a bool"),
        Data::List(_) | Data::Map(_) | Data::OneOf(_) | Data::Unknown(_) => None,
    }
}

/// Whether `value` is nothing that becomes the key of an object.
pub(super) fn is_no_key(value: &Value) -> bool {
    matches!(value.data, Data::Null | Data::List(_) | Data::Map(_))
}

/// Adds an entry; where values are grouped, to the list of its key.
fn add(map: &mut Map, entry: Entry, grouped: bool) {
    if !grouped {
        return map.entries.push(entry);
    }
    let Entry { key, key_span, value } = entry;
    let span = value.span;
    match map.entries.iter_mut().find(|entry| entry.key == key) {
        Some(group) => {
            if let Data::List(list) = &mut group.value.data {
                Arc::make_mut(list).items.push(value);
            }
        }
        None => map.entries.push(Entry { key, key_span, value: Value::list(vec![value], span) }),
    }
}

fn open_group(group: &mut Value, reason: &Reason) {
    if let Data::List(list) = &mut group.data {
        Arc::make_mut(list).open = Some(reason.clone());
    }
}

/// The elements of a collection: key, the key's place, value. And why there may be more, where there may be.
pub(super) type Elements = (Vec<(Value, Span, Value)>, Option<Reason>);

/// The elements of `collection`; or why not even its shape is known.
pub(super) fn elements(collection: &Value) -> Result<Elements, Reason> {
    match &collection.data {
        Data::List(list) => {
            let pair = |(index, value): (usize, &Value)| {
                // An element of a set has no position: it is its own key.
                let key =
                    if list.is_set { value.clone() } else { number::from_usize(index, value.span) };
                (key, value.span, value.clone())
            };
            Ok((list.items.iter().enumerate().map(pair).collect(), list.open.clone()))
        }
        Data::Map(map) => {
            let pair = |entry: &Entry| {
                (
                    Value::text(entry.key.clone(), entry.key_span),
                    entry.key_span,
                    entry.value.clone(),
                )
            };
            Ok((map.sorted().into_iter().map(pair).collect(), map.open.clone()))
        }
        Data::Unknown(reason) => Err(reason.clone()),
        Data::OneOf(_) => Err(Reason::new("the collection depends on a condition")),
        _ => Err(Reason::new("a `for` walks something that is no collection")),
    }
}

/// The elements of a list in their order, and why there may be others: those of a set are ordered by what they are, so
/// one that is not known leaves the place of all of them open.
pub(super) fn ordered(list: &List) -> (Vec<Value>, Option<Reason>) {
    (list.items.clone(), list.open.clone().or_else(|| order_hole(list)))
}

fn order_hole(list: &List) -> Option<Reason> {
    if !list.is_set || list.items.len() < 2 {
        return None;
    }
    let unplaced = list.items.iter().find(|item| item.as_str().is_none())?;
    let reason = unplaced.first_unknown();
    Some(reason.unwrap_or_else(|| Reason::new("a set has no order of its own")))
}

/// The set of `items`: without repetitions, in Terraform's order where it is known.
pub(super) fn set_of(items: &[Value], open: Option<Reason>, span: Span) -> Value {
    let mut items = distinct(items);
    let is_null = |item: &Value| matches!(item.data, Data::Null);
    if items.iter().all(|item| matches!(item.data, Data::Number(_))) {
        items.sort_by(|a, b| number::order_of(a, b).unwrap_or(std::cmp::Ordering::Equal));
    } else if items.iter().all(|item| is_null(item) || item.as_str().is_some()) {
        items.sort_by(|a, b| (is_null(a), a.as_str()).cmp(&(is_null(b), b.as_str())));
    }
    Value { data: Data::List(Arc::new(List { items, open, is_set: true })), span }
}

/// The elements without those that are certainly there already. Two that are not known may differ.
pub(super) fn distinct(items: &[Value]) -> Vec<Value> {
    distinct_by(items, |known, item| operators::equal(known, item) == Some(true))
}

fn distinct_by(items: &[Value], mut is_same: impl FnMut(&Value, &Value) -> bool) -> Vec<Value> {
    let mut members = Members::default();
    let mut found: Vec<Value> = Vec::with_capacity(items.len());
    for item in items {
        if !members.like(item).any(|known| is_same(known, item)) {
            members.add(item);
            found.push(item.clone());
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{FileId, TextRange};

    fn texts(count: usize) -> Vec<Value> {
        let span = TextRange::default().in_file(FileId(0));
        (0..count).map(|number| Value::text(format!("s{number}"), span)).collect()
    }

    #[test]
    fn what_is_there_once_is_not_compared_with_all_others() {
        let span = TextRange::default().in_file(FileId(0));
        let mut items = texts(5_000);
        items.extend((0..5_000).map(|number| number::from_usize(number, span)));
        items.extend(texts(5_000));
        let mut compared = 0;
        let found = distinct_by(&items, |known, item| {
            compared += 1;
            operators::equal(known, item) == Some(true)
        });
        assert_eq!(found.len(), 10_000);
        assert!(compared <= items.len(), "{compared}");
    }

    #[test]
    fn what_is_certainly_equal_goes_whatever_it_is() {
        let span = TextRange::default().in_file(FileId(0));
        let text = |text: &str| Value::text(text, span);
        let number = |text: &str| Value { data: Data::Number(text.into()), span };
        let list = Value::list(vec![text("a")], span);
        let either = Value::one_of([text("a"), text("b")], span);
        let items = [
            text("1"),
            number("1"),
            number("1.0"),
            number("0"),
            number("-0"),
            list.clone(),
            either.clone(),
            text("a"),
            Value::unknown("why", span),
            list,
            either,
            text("1"),
            Value::unknown("why", span),
        ];
        let quadratic = items.iter().fold(Vec::<&Value>::new(), |mut found, item| {
            if !found.iter().any(|known| operators::equal(known, item) == Some(true)) {
                found.push(item);
            }
            found
        });
        let found = distinct(&items);
        assert_eq!(format!("{found:?}"), format!("{quadratic:?}"));
        assert_eq!(found.len(), 9);
    }
}
