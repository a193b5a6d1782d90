//! Functions on lists.

use super::sets::is_in;
use super::{boolean, depends, is_blank, unfollowed};
use crate::model::eval::collection::ordered;
use crate::model::eval::number::{self, integer, whole};
use crate::model::eval::{operators, types};
use crate::model::value::{Data, List, Piece, Value};
use crate::text::Span;

/// More numbers than this `range` is not asked for.
const MAX_RANGE: usize = 4096;

pub(super) fn call(name: &str, args: &[Value], span: Span) -> Option<Value> {
    match (name, args) {
        ("concat", _) => Some(concat(args, span)),
        ("flatten", [list]) => Some(flatten(list, span)),
        ("tolist", [list]) => Some(as_list(list, span)),
        ("one", [list]) => one(list, span),
        ("length", [value]) => length(value, span),
        ("element", [list, index]) => element(list, index, span),
        ("contains", [list, wanted]) => Some(boolean(is_in(known(list)?, wanted)?, span)),
        ("index", [list, wanted]) => index(known(list)?, wanted, span),
        ("slice", [list, start, end]) => {
            Some(slice(known(list)?, whole(start)?, whole(end)?, span))
        }
        ("chunklist", [list, size]) => chunks(known(list)?, whole(size)?, span),
        ("range", _) => range(args, span),
        ("alltrue", [list]) => every(known(list)?, true, span),
        ("anytrue", [list]) => every(known(list)?, false, span),
        ("reverse" | "sort" | "compact", [list]) => Some(reordered(name, known(list)?, span)),
        _ => None,
    }
}

fn known(value: &Value) -> Option<&List> {
    match &value.data {
        Data::List(list) => Some(list),
        _ => None,
    }
}

fn concat(args: &[Value], span: Span) -> Value {
    let mut items = Vec::new();
    let mut open = None;
    for arg in args {
        match &arg.data {
            Data::List(list) => {
                let (more, hole) = ordered(list);
                items.extend(more);
                open = open.or(hole);
            }
            Data::OneOf(options) => {
                items.extend(options.iter().flat_map(|option| option.items().iter().cloned()));
                open = Some(depends());
            }
            _ => open = arg.first_unknown().or_else(|| Some(unfollowed("concat"))),
        }
    }
    Value::open_list(items, open, span)
}

fn flatten(list: &Value, span: Span) -> Value {
    let Data::List(outer) = &list.data else { return list.clone() };
    let (outer, mut open) = ordered(outer);
    let mut items = Vec::new();
    for item in &outer {
        match &item.data {
            Data::List(_) => {
                let Data::List(inner) = flatten(item, span).data else { continue };
                items.extend(inner.items.iter().cloned());
                open = open.or_else(|| inner.open.clone());
            }
            Data::Unknown(reason) => open = Some(reason.clone()),
            Data::OneOf(options)
                if options.iter().any(|option| matches!(option.data, Data::List(_))) =>
            {
                for option in options.iter() {
                    items.extend(flatten(option, span).items().iter().cloned());
                }
                open = Some(depends());
            }
            _ => items.push(item.clone()),
        }
    }
    Value::open_list(items, open, span)
}

/// A list of elements of one type; a set's in its order.
fn as_list(value: &Value, span: Span) -> Value {
    let Data::List(list) = &value.data else { return value.clone() };
    let (items, open) = ordered(list);
    Value::open_list(types::unified(items), open, span)
}

/// The only element of a list; null where it has none.
fn one(list: &Value, span: Span) -> Option<Value> {
    match &list.data {
        Data::Null => Some(Value { data: Data::Null, span }),
        Data::List(list) => match (list.items.as_slice(), &list.open) {
            ([], None) => Some(Value { data: Data::Null, span }),
            ([only], None) => Some(only.clone()),
            ([_, _, ..], _) if !list.is_set => {
                Some(Value::failure("`one` is given several elements", span))
            }
            _ => None,
        },
        _ => None,
    }
}

/// A list whose elements move or go: which is where is certain only where all of them are known.
fn reordered(name: &str, list: &List, span: Span) -> Value {
    let (mut items, mut open) = ordered(list);
    if name == "reverse" {
        items.reverse();
        return Value::open_list(items, open, span);
    }
    let is_collection = |item: &Value| matches!(item.data, Data::List(_) | Data::Map(_));
    let is_null = |item: &Value| matches!(item.data, Data::Null);
    if items.iter().any(|item| is_collection(item) || (name == "sort" && is_null(item))) {
        return Value::failure(format!("`{name}` is given something else than strings"), span);
    }
    items = items.iter().filter_map(types::to_string).collect();
    if name == "compact" {
        // What is not known may be empty, and then it is not there.
        let may_go = |item: &Value| !is_blank(item) && !is_certainly_there(item);
        if let Some(unsure) = items.iter().find(|item| may_go(item)) {
            let reason = unsure.first_unknown().unwrap_or_else(|| unfollowed(name));
            open = open.or(Some(reason));
        }
        items.retain(is_certainly_there);
    } else if items.iter().any(|item| item.as_str().is_none()) {
        open = open.or_else(|| Some(unfollowed(name)));
    } else {
        items.sort_by(|a, b| a.as_str().cmp(&b.as_str()));
    }
    Value::open_list(items, open, span)
}

/// Whether it is neither null nor empty, whatever is not known of it.
fn is_certainly_there(item: &Value) -> bool {
    let is_some = |piece: &Piece| piece.text.as_ref().is_ok_and(|text| !text.is_empty());
    match &item.data {
        Data::Text(text) => text.pieces.iter().any(is_some),
        Data::OneOf(options) => options.iter().all(is_certainly_there),
        Data::Null | Data::Unknown(_) => false,
        _ => true,
    }
}

fn element(list: &Value, index: &Value, span: Span) -> Option<Value> {
    let (items, open) = ordered(known(list)?);
    let index = whole(index)?;
    match (open, items.len()) {
        (None, 0) => Some(Value::failure("`element` is given an empty list", span)),
        (None, length) => items.into_iter().nth(index % length),
        (Some(reason), _) => Some(Value::for_reason(reason, span)),
    }
}

fn length(value: &Value, span: Span) -> Option<Value> {
    let length = match &value.data {
        Data::List(list) => match ordered(list) {
            (items, None) => items.len(),
            (_, Some(_)) => return None,
        },
        Data::Map(map) if map.open.is_none() => map.sorted().len(),
        Data::Text(text) => text.as_str()?.chars().count(),
        _ => return None,
    };
    Some(number::from_usize(length, span))
}

/// The position of the first element that is `wanted`.
fn index(list: &List, wanted: &Value, span: Span) -> Option<Value> {
    let (items, open) = ordered(list);
    for (index, item) in items.iter().enumerate() {
        if operators::equal(item, wanted)? {
            return Some(number::from_usize(index, span));
        }
    }
    open.is_none().then(|| Value::failure("`index` looks for an element that is not there", span))
}

fn slice(list: &List, start: usize, end: usize, span: Span) -> Value {
    let (items, open) = ordered(list);
    match (items.get(start..end), open) {
        // What is known of an open list need not be its beginning.
        (_, Some(reason)) => Value::for_reason(reason, span),
        (Some(part), None) => Value::list(part.to_vec(), span),
        (None, None) => Value::failure("`slice` goes past the end of the list", span),
    }
}

fn chunks(list: &List, size: usize, span: Span) -> Option<Value> {
    let (items, open) = ordered(list);
    let items = types::unified(items);
    if open.is_some() {
        return None;
    }
    let chunks = items.chunks(if size == 0 { items.len().max(1) } else { size });
    Some(Value::list(chunks.map(|chunk| Value::list(chunk.to_vec(), span)).collect(), span))
}

/// `range(end)`, `range(start, end)`, `range(start, end, step)`, over whole numbers.
fn range(args: &[Value], span: Span) -> Option<Value> {
    let numbers: Vec<i64> = args.iter().map(integer).collect::<Option<_>>()?;
    let (start, end, step) = match numbers.as_slice() {
        [end] => (0, *end, if *end < 0 { -1 } else { 1 }),
        [start, end] => (*start, *end, if end < start { -1 } else { 1 }),
        [start, end, step] => (*start, *end, *step),
        _ => return None,
    };
    if step == 0 || (end > start) != (step > 0) && end != start {
        return Some(Value::failure("the step of `range` leads away from its end", span));
    }
    let mut items = Vec::new();
    let mut at = start;
    while (step > 0 && at < end) || (step < 0 && at > end) {
        if items.len() == MAX_RANGE {
            return Some(Value::unknown("`range` gives very many numbers", span));
        }
        items.push(Value { data: Data::Number(at.to_string().into()), span });
        at = at.checked_add(step)?;
    }
    Some(Value::list(items, span))
}

/// `alltrue` and `anytrue`: `all` is what an empty list gives, and what each element must be not to decide alone.
fn every(list: &List, all: bool, span: Span) -> Option<Value> {
    let truths: Vec<_> = list.items.iter().map(operators::truth).collect();
    if truths.contains(&Some(!all)) {
        return Some(boolean(!all, span));
    }
    let certain = list.open.is_none() && truths.iter().all(Option::is_some);
    certain.then(|| boolean(all, span))
}
