//! Functions on sets. Terraform takes a list for the set of its elements.

use super::unfollowed;
use crate::model::eval::collection::{distinct, ordered, set_of};
use crate::model::eval::members::Members;
use crate::model::eval::{operators, types};
use crate::model::value::{Data, List, Reason, Value};
use crate::text::Span;

pub(super) fn call(name: &str, args: &[Value], span: Span) -> Option<Value> {
    match name {
        "toset" => match &args.first()?.data {
            Data::List(list) => {
                let items = types::unified(list.items.clone());
                Some(set_of(&items, list.open.clone(), span))
            }
            _ => args.first().cloned(),
        },
        "distinct" => {
            let Data::List(list) = &args.first()?.data else { return args.first().cloned() };
            let (items, open) = ordered(list);
            let items = types::unified(items);
            let open = open.or_else(|| repetition(&items));
            Some(Value::open_list(distinct(&items), open, span))
        }
        "setunion" => {
            let lists = lists(args)?;
            let items = lists.iter().flat_map(|list| list.items.iter().cloned()).collect();
            let open = lists.iter().find_map(|list| list.open.clone());
            Some(set_of(&types::unified(items), open, span))
        }
        "setintersection" => {
            let lists = of_one_type(&lists(args)?);
            let (first, others) = lists.split_first()?;
            Some(filtered(first, others, span, |inside| {
                inside.iter().try_fold(true, |all, inside| Some(all && (*inside)?))
            }))
        }
        "setsubtract" => {
            let lists = of_one_type(&lists(args)?);
            let (first, others) = lists.split_first()?;
            Some(filtered(first, others, span, |inside| {
                inside.iter().try_fold(true, |none, inside| Some(none && !(*inside)?))
            }))
        }
        "setproduct" => product(&lists(args)?, span),
        _ => None,
    }
}

fn lists(args: &[Value]) -> Option<Vec<&List>> {
    args.iter()
        .map(|arg| match &arg.data {
            Data::List(list) => Some(&**list),
            _ => None,
        })
        .collect()
}

/// The lists with elements of one type, whichever of them they are in.
fn of_one_type(lists: &[&List]) -> Vec<List> {
    let all = lists.iter().flat_map(|list| list.items.iter().cloned()).collect();
    let mut items = types::unified(all).into_iter();
    let list = |list: &&List| {
        let items = items.by_ref().take(list.items.len()).collect();
        List { items, open: list.open.clone(), is_set: list.is_set }
    };
    lists.iter().map(list).collect()
}

/// Two elements of which nobody knows whether they are the same: one of them may go.
fn repetition(items: &[Value]) -> Option<Reason> {
    let unknown = items.iter().find(|item| !item.is_known())?;
    (items.len() > 1).then(|| unknown.first_unknown()).flatten()
}

/// The elements of `first` that are wanted, by whether they are in each of `others`.
fn filtered(
    first: &List,
    others: &[List],
    span: Span,
    wanted: impl Fn(&[Option<bool>]) -> Option<bool>,
) -> Value {
    let mut open = first.open.clone();
    let mut items = Vec::new();
    let members: Vec<_> = others.iter().map(|list| Members::of(&list.items)).collect();
    for item in &first.items {
        let inside = others.iter().zip(&members).map(|(list, members)| {
            // Of texts, only the same one is equal.
            let is_told = list.open.is_none() && members.are_texts_like(item);
            if is_told { Some(members.like(item).next().is_some()) } else { is_in(list, item) }
        });
        let inside: Vec<_> = inside.collect();
        match wanted(&inside) {
            Some(true) => items.push(item.clone()),
            Some(false) => {}
            None => {
                let unknown = others.iter().find_map(|list| list.open.clone());
                open = open.or(unknown).or_else(|| Some(unfollowed("a set")));
            }
        }
    }
    set_of(&items, open, span)
}

/// Whether `wanted` is an element, where that is certain.
pub(super) fn is_in(list: &List, wanted: &Value) -> Option<bool> {
    let results: Vec<_> = list.items.iter().map(|item| operators::equal(item, wanted)).collect();
    if results.contains(&Some(true)) {
        return Some(true);
    }
    (list.open.is_none() && results.iter().all(Option::is_some)).then_some(false)
}

/// Every combination of one element of each.
fn product(lists: &[&List], span: Span) -> Option<Value> {
    const MOST: usize = 4096;
    let size = lists.iter().try_fold(1_usize, |size, list| size.checked_mul(list.items.len()))?;
    if size > MOST {
        return None;
    }
    let mut rows: Vec<Vec<Value>> = vec![Vec::new()];
    let mut open = None;
    for list in lists {
        let (items, list_open) = ordered(list);
        let items = types::unified(items);
        open = open.or(list_open);
        let longer = |row: &Vec<Value>| {
            let row = row.clone();
            let next =
                items.iter().map(move |item| [row.as_slice(), std::slice::from_ref(item)].concat());
            next.collect::<Vec<_>>()
        };
        rows = rows.iter().flat_map(longer).collect();
    }
    let rows = rows.into_iter().map(|row| Value::list(row, span)).collect();
    Some(Value::open_list(rows, open, span))
}
