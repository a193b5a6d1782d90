//! Operators on values. An operand that may be one of several gives the result for each where that is cheap, else unknown.

use crate::model::value::{Data, Reason, Value};
use crate::syntax::hcl::BinaryOp;
use crate::text::Span;

/// Whether a condition certainly holds or certainly does not.
pub(super) fn truth(value: &Value) -> Option<bool> {
    match &value.data {
        Data::Bool(value) => Some(*value),
        Data::Text(text) => match text.as_str()?.as_ref() {
            "true" => Some(true),
            "false" => Some(false),
            _ => None,
        },
        Data::OneOf(options) => {
            let first = truth(options.first()?)?;
            options.iter().all(|option| truth(option) == Some(first)).then_some(first)
        }
        _ => None,
    }
}

pub(super) fn not(value: &Value, span: Span) -> Value {
    match truth(value) {
        Some(known) => Value { data: Data::Bool(!known), span },
        None => unknown(value, span),
    }
}

pub(super) fn negate(value: &Value, span: Span) -> Value {
    match number(value) {
        Some(number) => from_number(-number, span),
        None => unknown(value, span),
    }
}

pub(super) fn binary(op: BinaryOp, left: &Value, right: &Value, span: Span) -> Value {
    let result = match op {
        BinaryOp::And => logical(left, right, false),
        BinaryOp::Or => logical(left, right, true),
        BinaryOp::Equal => equal(left, right),
        BinaryOp::NotEqual => equal(left, right).map(|same| !same),
        BinaryOp::Less => compare(left, right, |a, b| a < b),
        BinaryOp::LessEqual => compare(left, right, |a, b| a <= b),
        BinaryOp::Greater => compare(left, right, |a, b| a > b),
        BinaryOp::GreaterEqual => compare(left, right, |a, b| a >= b),
        _ => return arithmetic(op, left, right, span),
    };
    match result {
        Some(known) => Value { data: Data::Bool(known), span },
        None if left.is_known() => unknown(right, span),
        None => unknown(left, span),
    }
}

/// `&&` and `||`: one operand can decide alone. `decisive` is the value that does.
fn logical(left: &Value, right: &Value, decisive: bool) -> Option<bool> {
    match (truth(left), truth(right)) {
        (Some(value), _) | (_, Some(value)) if value == decisive => Some(decisive),
        (Some(_), Some(_)) => Some(!decisive),
        _ => None,
    }
}

/// Whether two values are equal, where that is certain.
pub(super) fn equal(left: &Value, right: &Value) -> Option<bool> {
    if let (Data::Null, other) | (other, Data::Null) = (&left.data, &right.data) {
        return match other {
            Data::Null => Some(true),
            Data::Unknown(_) | Data::OneOf(_) => None,
            _ => Some(false),
        };
    }
    if let (Some(a), Some(b)) = (number(left), number(right)) {
        return Some((a - b).abs() < f64::EPSILON);
    }
    match (left.as_str(), right.as_str()) {
        // Values of two types are never equal; but the type of a variable may have converted one of them.
        (Some(a), Some(b)) if a == b => same_type(left, right).then_some(true),
        (Some(_), Some(_)) => Some(false),
        _ => match (&left.data, &right.data) {
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

fn same_type(left: &Value, right: &Value) -> bool {
    std::mem::discriminant(&left.data) == std::mem::discriminant(&right.data)
}

fn compare(left: &Value, right: &Value, holds: impl Fn(f64, f64) -> bool) -> Option<bool> {
    Some(holds(number(left)?, number(right)?))
}

fn arithmetic(op: BinaryOp, left: &Value, right: &Value, span: Span) -> Value {
    let (Some(a), Some(b)) = (number(left), number(right)) else {
        return if left.is_known() { unknown(right, span) } else { unknown(left, span) };
    };
    let result = match op {
        BinaryOp::Add => a + b,
        BinaryOp::Subtract => a - b,
        BinaryOp::Multiply => a * b,
        BinaryOp::Divide => a / b,
        _ => a % b,
    };
    if result.is_finite() {
        from_number(result, span)
    } else {
        Value::unknown("the result is no finite number", span)
    }
}

pub(super) fn number(value: &Value) -> Option<f64> {
    match &value.data {
        Data::Number(number) => number.parse().ok(),
        _ => None,
    }
}

pub(super) fn from_number(number: f64, span: Span) -> Value {
    Value { data: Data::Number(number.to_string().into()), span }
}

fn unknown(operand: &Value, span: Span) -> Value {
    let reason =
        operand.first_unknown().unwrap_or_else(|| Reason::new("an operand depends on a condition"));
    Value { data: Data::Unknown(reason), span }
}
