//! Numbers: their text form, which is what a value holds, and arithmetic where it is exact.
//!
//! Invariant: a number that a double cannot tell from its neighbours is not computed with.

use std::cmp::Ordering;

use smol_str::SmolStr;

use crate::model::value::{Data, Value};
use crate::text::Span;

/// Up to here every whole number is a double of its own.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// The number as Terraform writes it: `1.50` is `1.5`, and `1e3` is `1000`.
pub(super) fn normal(text: &SmolStr) -> SmolStr {
    let plain = text.bytes().all(|byte| byte.is_ascii_digit()) && !text.starts_with('0');
    if plain || text == "0" {
        return text.clone();
    }
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    match text.parse::<f64>() {
        Ok(number) if digits <= 15 && number.is_finite() => number.to_string().into(),
        _ => text.clone(),
    }
}

/// The double that a number is, where it is exactly that or nearly so.
pub(super) fn number(value: &Value) -> Option<f64> {
    let Data::Number(text) = &value.data else { return None };
    text.parse().ok().filter(|number: &f64| number.abs() < EXACT)
}

/// The whole number that is at least zero: a count, an index.
pub(super) fn whole(value: &Value) -> Option<usize> {
    let Data::Number(text) = &value.data else { return None };
    text.parse().ok()
}

/// The whole number, of either sign.
pub(super) fn integer(value: &Value) -> Option<i64> {
    let Data::Number(text) = &value.data else { return None };
    text.parse().ok()
}

/// How two numbers compare, from their text.
pub(super) fn order(left: &str, right: &str) -> Option<Ordering> {
    if let (Ok(a), Ok(b)) = (left.parse::<i128>(), right.parse::<i128>()) {
        return Some(a.cmp(&b));
    }
    let (a, b) = (left.parse::<f64>().ok()?, right.parse::<f64>().ok()?);
    a.partial_cmp(&b).filter(|_| a.is_finite() && b.is_finite())
}

/// How two values compare, where both are numbers.
pub(super) fn order_of(left: &Value, right: &Value) -> Option<Ordering> {
    match (&left.data, &right.data) {
        (Data::Number(a), Data::Number(b)) => order(a, b),
        _ => None,
    }
}

/// What a computation gave: not known where doubles may have lost something. Terraform computes with 512 bits.
pub(super) fn computed(result: f64, span: Span) -> Value {
    if !result.is_finite() {
        // Terraform goes on with it: it is less than nothing, or more than everything.
        return Value::unknown("the result is no finite number", span);
    }
    if result.abs() >= EXACT {
        return Value::unknown("the result is too large to compute exactly", span);
    }
    // What differs from the true result differs far behind what anybody writes: 0.1 + 0.2 is 0.3.
    let rounded = (result * 1e9).round() / 1e9;
    let is_lost = rounded == 0.0 && result != 0.0;
    let shown = if (rounded - result).abs() < 1e-12 && !is_lost { rounded } else { result };
    from(if shown == 0.0 { 0.0 } else { shown }, span)
}

/// The value of a number.
pub(super) fn from(number: f64, span: Span) -> Value {
    Value { data: Data::Number(number.to_string().into()), span }
}

/// The value of a count or an index.
pub(super) fn from_usize(number: usize, span: Span) -> Value {
    Value { data: Data::Number(number.to_string().into()), span }
}
