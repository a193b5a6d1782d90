//! Functions on numbers.

use crate::model::eval::collection::ordered;
use crate::model::eval::number::{self, number as double, order_of};
use crate::model::eval::types;
use crate::model::value::{Data, Value};
use crate::text::Span;

pub(super) fn call(name: &str, args: &[Value], span: Span) -> Option<Value> {
    match (name, args) {
        ("sum", [list]) => sum(list, span),
        ("min", _) => extreme(args, std::cmp::Ordering::is_lt),
        ("max", _) => extreme(args, std::cmp::Ordering::is_gt),
        ("abs", [value]) => Some(number::computed(of(value)?.abs(), span)),
        ("ceil", [value]) => Some(number::computed(of(value)?.ceil(), span)),
        ("floor", [value]) => Some(number::computed(of(value)?.floor(), span)),
        ("signum", [value]) => {
            let value = of(value)?;
            if value.fract() != 0.0 {
                return Some(Value::failure("`signum` is given no whole number", span));
            }
            let sign = if value == 0.0 { 0.0 } else { value.signum() };
            Some(number::from(sign, span))
        }
        ("pow", [base, exponent]) => {
            // A root has more digits than a double.
            let exponent = of(exponent).filter(|it| it.fract() == 0.0)?;
            let result = of(base)?.powf(exponent);
            Some(number::computed(result, span))
        }
        ("parseint", [text, base]) => parse_int(text, base, span),
        _ => None,
    }
}

/// The double of a number, also of one that is written as a string: Terraform converts it.
fn of(value: &Value) -> Option<f64> {
    double(&types::to_number(value)?)
}

fn sum(list: &Value, span: Span) -> Option<Value> {
    let Data::List(list) = &list.data else { return None };
    let (items, open) = ordered(list);
    if open.is_some() {
        return None;
    }
    if items.is_empty() {
        return Some(Value::failure("`sum` is given an empty list", span));
    }
    let numbers: Vec<f64> = items.iter().map(of).collect::<Option<_>>()?;
    Some(number::computed(numbers.iter().sum(), span))
}

fn extreme(args: &[Value], better: impl Fn(std::cmp::Ordering) -> bool) -> Option<Value> {
    let mut numbers = args.iter().map(types::to_number);
    let mut best = numbers.next()??;
    double(&best)?;
    for number in numbers {
        let number = number?;
        if better(order_of(&number, &best)?) {
            best = number;
        }
    }
    Some(best)
}

fn parse_int(text: &Value, base: &Value, span: Span) -> Option<Value> {
    if matches!(text.data, Data::Number(_)) {
        return None;
    }
    let (text, base) = (text.as_str()?, number::whole(base)?);
    let base = u32::try_from(base).ok().filter(|base| (2..=36).contains(base))?;
    if let Ok(number) = i64::from_str_radix(&text, base) {
        return Some(Value { data: Data::Number(number.to_string().into()), span });
    }
    let digits = text.strip_prefix('-').unwrap_or(&text);
    let is_number = !digits.is_empty() && digits.chars().all(|c| c.is_digit(base));
    (!is_number).then(|| Value::failure("`parseint` is given no number of that base", span))
}
