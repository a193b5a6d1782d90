//! Functions that choose among their arguments, or convert them.

use super::is_blank;
use crate::model::eval::types;
use crate::model::value::{Data, Value};
use crate::text::Span;

pub(super) fn call(name: &str, args: &[Value], span: Span) -> Option<Value> {
    match (name, args) {
        ("coalesce", _) => Some(coalesce(args, span)),
        ("coalescelist", _) => coalesce_list(args, span),
        ("try", _) => Some(first_that_works(args, span)),
        ("can", [value]) => can(value, span),
        ("nonsensitive" | "sensitive" | "ephemeralasnull", [value]) => Some(value.clone()),
        ("tostring", [value]) => Some(converted(value, types::to_string(value), "a string", span)),
        ("tonumber", [value]) => Some(converted(value, types::to_number(value), "a number", span)),
        ("tobool", [value]) => Some(converted(value, types::to_bool(value), "a boolean", span)),
        _ => None,
    }
}

fn converted(value: &Value, result: Option<Value>, what: &str, span: Span) -> Value {
    result.unwrap_or_else(|| match value.first_unknown() {
        Some(reason) => Value::for_reason(reason, span),
        None => Value::failure(format!("a value cannot be {what}"), span),
    })
}

/// The first argument that is neither null nor the empty string.
fn coalesce(args: &[Value], span: Span) -> Value {
    let mut candidates = Vec::new();
    for arg in &types::unified(args.to_vec()) {
        for option in arg.possibilities() {
            if !is_blank(option) {
                candidates.push(option.clone());
            }
        }
        let certain =
            arg.possibilities().iter().all(|option| option.is_known() && !is_blank(option));
        if certain {
            break;
        }
    }
    if candidates.is_empty() {
        Value::failure("every argument is null or empty", span)
    } else {
        Value::one_of(candidates, span)
    }
}

/// The first list or object that has something in it.
fn coalesce_list(args: &[Value], span: Span) -> Option<Value> {
    for arg in args {
        let (is_empty, is_open) = match &arg.data {
            Data::List(list) => (list.items.is_empty(), list.open.is_some()),
            Data::Map(map) => (map.entries.is_empty(), map.open.is_some()),
            Data::Null => continue,
            _ => return None,
        };
        match (is_empty, is_open) {
            (false, _) => return Some(arg.clone()),
            (true, true) => return None,
            (true, false) => {}
        }
    }
    Some(Value::failure("every list is empty", span))
}

/// `try`: the first argument that Terraform does not refuse. One of which that is not known may count or not.
fn first_that_works(args: &[Value], span: Span) -> Value {
    let mut candidates = Vec::new();
    for arg in args {
        match arg.fails() {
            Some(true) => {}
            Some(false) => {
                candidates.push(arg.clone());
                break;
            }
            None => candidates.push(arg.clone()),
        }
    }
    if candidates.is_empty() {
        return Value::failure("every argument of `try` fails", span);
    }
    Value::one_of(candidates, span)
}

fn can(value: &Value, span: Span) -> Option<Value> {
    match value.fails() {
        Some(fails) => Some(super::boolean(!fails, span)),
        None => value.first_unknown().map(|reason| Value::unknown(reason.as_str(), span)),
    }
}
