//! Whether a value is what a rule says it is, or one of several.
//!
//! Invariant: texts and numbers are the same where they mean the same; a list is only ever a list, an object nothing of these.

use super::env::{Filled, text_of};
use super::matcher::Around;
use super::node::Place;
use super::operand::Operand;
use super::truth::{Evidence, Truth};
use super::units::Unit;
use crate::config::nearest;
use crate::model::{Data, Reason, Value};

/// Whether `value` says what one of `operands` says.
pub(super) fn one_of<'s>(
    around: &Around<'_, 's>,
    place: &Place<'s>,
    value: &Value,
    operands: &[Operand],
) -> Truth {
    // An object is no text, whatever stands in it; nor is a list, with one element or with several.
    let is_text = |operand: &Operand| operand.as_plain().is_some();
    if matches!(value.data, Data::Map(_))
        || elements(value).is_some() && operands.iter().all(is_text)
    {
        return Truth::no(around.at(place));
    }
    let text = match text_of(value) {
        Filled::Text(text) => text,
        Filled::Absent => return Truth::no(around.at(place)),
        Filled::Unknown(reason) => return partly_one_of(around, place, value, operands, reason),
    };
    let is_same = |wanted: &str, other: Option<&Value>| {
        let is_same = match (elements(value), other.and_then(elements)) {
            (None, None) => same(wanted, &text),
            (Some(own), Some(other)) => {
                own.len() == other.len() && own.iter().zip(other).all(|(a, b)| same_value(a, b))
            }
            _ => false,
        };
        Truth::of(is_same, around.at(place))
    };
    let answer = around.any_value(place, operands, is_same);
    match answer.no {
        Some(ground) => {
            let told = |it: &mut Evidence| {
                let known = operands.iter().filter_map(Operand::as_plain);
                it.near = nearest(&text, known).map(str::to_owned);
            };
            Truth { no: Some(ground.with(told)), ..answer }
        }
        no => Truth { no, ..answer },
    }
}

/// A text of which only the beginning is known is certainly none of those that begin otherwise.
fn partly_one_of(
    around: &Around<'_, '_>,
    place: &Place<'_>,
    value: &Value,
    operands: &[Operand],
    reason: Reason,
) -> Truth {
    let Data::Text(text) = &value.data else { return Truth::unknown(reason) };
    let prefix = text.known_prefix();
    let possible = |operand: &Operand| {
        operand.as_plain().is_none_or(|wanted| wanted.starts_with(prefix.as_str()))
    };
    if operands.iter().any(possible) { Truth::unknown(reason) } else { Truth::no(around.at(place)) }
}

fn elements(value: &Value) -> Option<&[Value]> {
    match &value.data {
        Data::List(list) => Some(&list.items),
        _ => None,
    }
}

fn same_value(a: &Value, b: &Value) -> bool {
    match (a.as_str(), b.as_str()) {
        (Some(a), Some(b)) => same(&a, &b),
        _ => a.same_as(b),
    }
}

/// Whether two texts mean the same value: `3` and `3.0` do.
fn same(a: &str, b: &str) -> bool {
    let number = |text: &str| {
        let plain = text.starts_with(|c: char| c.is_ascii_digit() || c == '-');
        if plain { text.parse::<f64>().ok() } else { None }
    };
    a == b || matches!((number(a), number(b)), (Some(a), Some(b)) if a.total_cmp(&b).is_eq())
}

/// Whether `value` and one of `operands` come to the same, read as `unit`.
pub(super) fn amounts<'s>(
    around: &Around<'_, 's>,
    place: &Place<'s>,
    value: &Value,
    operands: &[Operand],
    unit: Unit,
) -> Truth {
    let no_amount = || Truth::unknown(Reason::new("it cannot be read as an amount"));
    let own = match text_of(value) {
        Filled::Text(text) => unit.amount(&text),
        Filled::Absent => return Truth::no(around.at(place)),
        Filled::Unknown(reason) => return Truth::unknown(reason),
    };
    let Some(own) = own else { return no_amount() };
    around.any(place, operands, |text| match unit.of_bound().amount(text) {
        Some(amount) => Truth::of(amount.total_cmp(&own).is_eq(), around.at(place)),
        None => no_amount(),
    })
}
