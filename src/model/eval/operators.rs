//! Operators on values. An operand that may be one of several gives the result for each where that is cheap, else unknown.

use std::cmp::Ordering;

use super::number::{self, number};
use super::types;
use crate::model::value::{Data, Reason, Value};
use crate::syntax::hcl::BinaryOp;
use crate::text::Span;

/// Whether a condition certainly holds or certainly does not.
pub(super) fn truth(value: &Value) -> Option<bool> {
    match &value.data {
        Data::Bool(value) => Some(*value),
        Data::Text(text) => types::text_as_bool(&text.as_str()?),
        Data::OneOf(options) => agreed(options.iter().map(truth)),
        _ => None,
    }
}

/// Whether `value` is certainly neither true nor false.
pub(super) fn is_no_truth(value: &Value) -> bool {
    match &value.data {
        Data::Null | Data::Number(_) | Data::List(_) | Data::Map(_) => true,
        Data::Text(text) => text.as_str().is_some_and(|text| types::text_as_bool(&text).is_none()),
        _ => false,
    }
}

/// What `value` is in words, where it is certainly no number.
fn no_number(value: &Value) -> Option<&'static str> {
    match &value.data {
        Data::Null => Some("`null`"),
        Data::Bool(_) => Some("a bool"),
        Data::List(_) => Some("a list"),
        Data::Map(_) => Some("an object"),
        Data::Text(_) if types::to_number(value).is_none() => Some("a string that is none"),
        _ => None,
    }
}

/// What comes of an operator that takes numbers and is given something else; nothing where it may be given numbers.
fn without_numbers(op: BinaryOp, left: &Value, right: &Value, span: Span) -> Option<Value> {
    let what = no_number(left).or_else(|| no_number(right))?;
    let sign = match op {
        BinaryOp::Add => "+",
        BinaryOp::Subtract => "-",
        BinaryOp::Multiply => "*",
        BinaryOp::Divide => "/",
        BinaryOp::Modulo => "%",
        BinaryOp::Less => "<",
        BinaryOp::LessEqual => "<=",
        BinaryOp::Greater => ">",
        BinaryOp::GreaterEqual => ">=",
        BinaryOp::Equal | BinaryOp::NotEqual | BinaryOp::And | BinaryOp::Or => return None,
    };
    Some(Value::failure(format!("`{sign}` takes numbers, and is given {what}"), span))
}

pub(super) fn not(value: &Value, span: Span) -> Value {
    match truth(value) {
        Some(known) => Value { data: Data::Bool(!known), span },
        None if is_no_truth(value) => Value::failure("`!` is given neither true nor false", span),
        None => unknown(value, span),
    }
}

pub(super) fn negate(value: &Value, span: Span) -> Value {
    let negated = |value: &Value| match &value.data {
        Data::Number(text) => match text.strip_prefix('-') {
            Some(positive) => Value { data: Data::Number(positive.into()), span },
            None if text == "0" => value.clone(),
            None => Value { data: Data::Number(format!("-{text}").into()), span },
        },
        _ if let Some(what) = no_number(value) => {
            Value::failure(format!("`-` takes a number, and is given {what}"), span)
        }
        _ => unknown(value, span),
    };
    Value::one_of(value.possibilities().iter().map(negated), span)
}

pub(super) fn binary(op: BinaryOp, left: &Value, right: &Value, span: Span) -> Value {
    let result = match op {
        BinaryOp::And => logical(left, right, false),
        BinaryOp::Or => logical(left, right, true),
        BinaryOp::Equal => equal(left, right),
        BinaryOp::NotEqual => equal(left, right).map(|same| !same),
        BinaryOp::Less => compare(left, right, Ordering::is_lt),
        BinaryOp::LessEqual => compare(left, right, Ordering::is_le),
        BinaryOp::Greater => compare(left, right, Ordering::is_gt),
        BinaryOp::GreaterEqual => compare(left, right, Ordering::is_ge),
        _ => return arithmetic(op, left, right, span),
    };
    match result {
        Some(known) => Value { data: Data::Bool(known), span },
        None if let Some(refused) = without_numbers(op, left, right, span) => refused,
        None if is_logical(op) && is_no_truth(left) => {
            Value::failure("what is neither true nor false stands beside an operator", span)
        }
        // Newer versions of Terraform do not look at the right side where the left one decides.
        None if left.is_known() && is_logical(op) && truth(left).is_none() => {
            unknown(right, span).perhaps()
        }
        None if left.is_known() => unknown(right, span),
        None => unknown(left, span),
    }
}

fn is_logical(op: BinaryOp) -> bool {
    matches!(op, BinaryOp::And | BinaryOp::Or)
}

/// `&&` and `||`: one operand can decide alone. `decisive` is the value that does.
fn logical(left: &Value, right: &Value, decisive: bool) -> Option<bool> {
    match (truth(left), truth(right)) {
        (Some(value), _) | (_, Some(value)) if value == decisive => Some(decisive),
        (Some(_), Some(_)) => Some(!decisive),
        _ => None,
    }
}

/// What all of them say, where they say the same.
fn agreed(mut answers: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let first = answers.next()??;
    answers.all(|answer| answer == Some(first)).then_some(first)
}

/// Whether two values are equal, where that is certain: whatever each of them may be.
pub(super) fn equal(left: &Value, right: &Value) -> Option<bool> {
    let pairs = left
        .possibilities()
        .iter()
        .flat_map(|a| right.possibilities().iter().map(move |b| equal_one(a, b)));
    agreed(pairs)
}

fn equal_one(left: &Value, right: &Value) -> Option<bool> {
    if let (Data::Null, other) | (other, Data::Null) = (&left.data, &right.data) {
        return match other {
            Data::Null => Some(true),
            Data::Unknown(_) | Data::OneOf(_) => None,
            _ => Some(false),
        };
    }
    if let (Data::Number(a), Data::Number(b)) = (&left.data, &right.data) {
        return Some(a == b || number::order(a, b)? == Ordering::Equal);
    }
    match (left.as_str(), right.as_str()) {
        // Values of two types are never equal; but the type of a variable may have converted one of them.
        (Some(a), Some(b)) if a == b => same_type(left, right).then_some(true),
        (Some(a), Some(b)) => {
            let same_number = !same_type(left, right)
                && number::order(&a, &b).is_some_and(|order| order == Ordering::Equal);
            (!same_number).then_some(false)
        }
        _ => match (&left.data, &right.data) {
            // A set is no list; but a list may have become one on the way.
            (Data::List(list), Data::List(other)) if list.is_set != other.is_set => None,
            (Data::List(list), Data::List(other))
                if list.items.is_empty() != other.items.is_empty() =>
            {
                (list.open.is_none() && other.open.is_none()).then_some(false)
            }
            (Data::List(_) | Data::Map(_), Data::List(_) | Data::Map(_))
                if left.is_known() && right.is_known() =>
            {
                Some(left.same_as(right))
            }
            _ => None,
        },
    }
}

/// Whether both are of the same kind: number, string, boolean, list or object.
pub(super) fn same_type(left: &Value, right: &Value) -> bool {
    std::mem::discriminant(&left.data) == std::mem::discriminant(&right.data)
}

fn compare(left: &Value, right: &Value, holds: impl Fn(Ordering) -> bool) -> Option<bool> {
    let pairs = left
        .possibilities()
        .iter()
        .flat_map(|a| right.possibilities().iter().map(move |b| number::order_of(a, b)));
    agreed(pairs.map(|order| order.map(&holds)))
}

fn arithmetic(op: BinaryOp, left: &Value, right: &Value, span: Span) -> Value {
    match (&left.data, &right.data) {
        (Data::OneOf(_), Data::OneOf(_)) => {}
        (Data::OneOf(options), _) => {
            let results = options.iter().map(|left| arithmetic(op, left, right, span));
            return Value::one_of(results, span);
        }
        (_, Data::OneOf(options)) => {
            let results = options.iter().map(|right| arithmetic(op, left, right, span));
            return Value::one_of(results, span);
        }
        _ => {}
    }
    let (Some(a), Some(b)) = (number(left), number(right)) else {
        let large = [left, right]
            .into_iter()
            .find(|it| matches!(it.data, Data::Number(_)) && number(it).is_none());
        if let Some(large) = large.and_then(Value::as_str) {
            return Value::unknown(format!("`{large}` is too large to compute with"), span);
        }
        if let Some(refused) = without_numbers(op, left, right, span) {
            return refused;
        }
        return if left.is_known() { unknown(right, span) } else { unknown(left, span) };
    };
    let result = match op {
        BinaryOp::Add => a + b,
        BinaryOp::Subtract => a - b,
        BinaryOp::Multiply => a * b,
        BinaryOp::Divide => a / b,
        // Terraform takes a remainder of zero for what there is.
        _ if b == 0.0 => a,
        _ if a.fract() != 0.0 || b.fract() != 0.0 => {
            return Value::unknown("the remainder of a fraction is not computed", span);
        }
        _ => a % b,
    };
    number::computed(result, span)
}

fn unknown(operand: &Value, span: Span) -> Value {
    let reason =
        operand.first_unknown().unwrap_or_else(|| Reason::new("an operand depends on a condition"));
    Value::for_reason(reason, span)
}
