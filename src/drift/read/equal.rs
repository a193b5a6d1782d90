//! When two values are the same, and when they only look different.
//!
//! Invariant: no number passes through a float.

use std::borrow::Cow;

use crate::drift::shown::Json;

/// In bytes: the most that one string of a TXT record holds.
const LONGEST_PIECE: usize = 255;

/// Whether `a` and `b` are the same value; `1.0` and `1` are.
pub(super) fn same(a: &Json, b: &Json) -> bool {
    match (a, b) {
        _ if std::ptr::eq(a, b) => true,
        (Json::Number(a), Json::Number(b)) => same_number(a.as_str(), b.as_str()),
        (Json::Array(a), Json::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b))
        }
        (Json::Object(a), Json::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(key, a)| b.get(key).is_some_and(|b| same(a, b)))
        }
        _ => a == b,
    }
}

/// Whether nothing but how providers write things down tells `a` from `b`: nothing and an empty list, map or text; a
/// number and the same number as a text; a text of JSON and the same JSON laid out differently; a long text of DNS and the
/// same text in pieces. `None` is no value.
pub(in crate::drift) fn equivalent(a: Option<&Json>, b: Option<&Json>) -> bool {
    let (Some(a), Some(b)) = (a, b) else {
        return a.or(b).is_none_or(is_empty);
    };
    match (a, b) {
        (Json::Number(number), Json::String(text)) | (Json::String(text), Json::Number(number)) => {
            Decimal::parse(text).is_some_and(|text| Decimal::parse(number.as_str()) == Some(text))
        }
        (Json::Bool(bool), Json::String(text)) | (Json::String(text), Json::Bool(bool)) => {
            *text == bool.to_string()
        }
        (Json::String(a), Json::String(b)) => {
            a == b
                || embedded(a).is_some_and(|a| embedded(b).is_some_and(|b| same(&a, &b)))
                || in_pieces(a).is_some_and(|a| a == *b)
                || in_pieces(b).is_some_and(|b| b == *a)
        }
        (Json::Array(a), Json::Array(b)) if a.len() == b.len() => {
            a.iter().zip(b).all(|(a, b)| equivalent(Some(a), Some(b)))
        }
        (Json::Object(a), Json::Object(b)) => {
            a.iter().all(|(key, a)| equivalent(Some(a), b.get(key)))
                && b.iter().all(|(key, b)| a.contains_key(key) || is_empty(b))
        }
        _ => same(a, b) || (is_empty(a) && is_empty(b)),
    }
}

/// Whether `a` and `b` hold the same elements in whatever order.
pub(in crate::drift) fn same_members(a: &[Json], b: &[Json]) -> bool {
    let sorted = |list: &[Json]| {
        let mut texts: Vec<String> = list.iter().map(Json::to_string).collect();
        texts.sort_unstable();
        texts
    };
    a.len() == b.len() && sorted(a) == sorted(b)
}

/// Whether providers write this for "nothing".
pub(in crate::drift) fn is_empty(value: &Json) -> bool {
    match value {
        Json::Null => true,
        Json::String(text) => text.is_empty(),
        Json::Array(list) => list.is_empty(),
        Json::Object(map) => map.is_empty(),
        Json::Bool(_) | Json::Number(_) => false,
    }
}

/// The object or list of JSON that `text` is.
pub(super) fn embedded(text: &str) -> Option<Json> {
    text.trim_start().starts_with(['{', '[']).then(|| serde_json::from_str(text).ok()).flatten()
}

/// The text that `text` is in pieces, each in quotes: so DNS keeps what is longer than [`LONGEST_PIECE`].
fn in_pieces(text: &str) -> Option<String> {
    let inner = text.strip_prefix('"')?.strip_suffix('"')?;
    let pieces: Vec<&str> = inner.split("\" \"").collect();
    let is_piece = |piece: &&str| piece.len() <= LONGEST_PIECE && !piece.contains('"');
    let whole = pieces.concat();
    (whole.len() > LONGEST_PIECE && pieces.iter().all(is_piece)).then_some(whole)
}

fn same_number(a: &str, b: &str) -> bool {
    a == b || Decimal::parse(a).is_some_and(|a| Decimal::parse(b) == Some(a))
}

/// A number in the one way to write it: its digits without zeros at either end, and the power of ten of the last.
#[derive(PartialEq, Eq)]
struct Decimal<'a> {
    is_negative: bool,
    digits: Cow<'a, str>,
    power: i64,
}

impl<'a> Decimal<'a> {
    fn parse(text: &'a str) -> Option<Decimal<'a>> {
        let (is_negative, rest) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (mantissa, power) = match rest.split_once(['e', 'E']) {
            Some((mantissa, power)) => (mantissa, power.parse::<i64>().ok()?),
            None => (rest, 0),
        };
        let (whole, part) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || !is_digits(whole) || !is_digits(part) {
            return None;
        }
        let digits: Cow<'a, str> =
            if part.is_empty() { whole.into() } else { format!("{whole}{part}").into() };
        let trimmed = digits.trim_end_matches('0');
        let zeros = i64::try_from(digits.len() - trimmed.len()).ok()?;
        let power = power.checked_sub(i64::try_from(part.len()).ok()?)?.checked_add(zeros)?;
        let digits: Cow<'a, str> = trimmed.trim_start_matches('0').to_owned().into();
        if digits.is_empty() {
            return Some(Decimal { is_negative: false, digits, power: 0 });
        }
        Some(Decimal { is_negative, digits, power })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(text: &str) -> Json {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn numbers_are_compared_as_decimals() {
        for (a, b) in [
            ("1", "1.0"),
            ("100", "1e2"),
            ("1.50", "15E-1"),
            ("0", "-0.0"),
            ("12345678901234567890123", "12345678901234567890123.0"),
        ] {
            assert!(same(&json(a), &json(b)), "{a} {b}");
        }
        for (a, b) in
            [("1", "-1"), ("12345678901234567890123", "12345678901234567890124"), ("1", "10")]
        {
            assert!(!same(&json(a), &json(b)), "{a} {b}");
        }
        assert!(same(&json(r#"{"a":[1,{"b":2}]}"#), &json(r#"{"a":[1.0,{"b":2e0}]}"#)));
        assert!(!same(&json(r#"{"a":1}"#), &json(r#"{"a":1,"b":null}"#)));
    }

    #[test]
    fn what_only_looks_different() {
        for (a, b) in [
            ("null", "[]"),
            ("{}", "\"\""),
            ("1", "\"1\""),
            ("\"1.0\"", "1"),
            ("true", "\"true\""),
            (r#"{"a":1}"#, r#"{"a":"1","b":null,"c":[]}"#),
            (r#""{\"a\": 1}""#, r#""{ \"a\":1 }""#),
            (r#"[{"a":null}]"#, "[{}]"),
        ] {
            assert!(equivalent(Some(&json(a)), Some(&json(b))), "{a} {b}");
            assert!(equivalent(Some(&json(b)), Some(&json(a))), "{b} {a}");
        }
        assert!(equivalent(None, Some(&json("[]"))));
        for (a, b) in [
            ("false", "null"),
            ("0", "\"\""),
            ("1", "\"2\""),
            ("\"1\"", "\"01\""),
            ("[1]", "[]"),
            (r#"{"a":1}"#, r#"{"b":1}"#),
            ("\"a\"", "\"A\""),
        ] {
            assert!(!equivalent(Some(&json(a)), Some(&json(b))), "{a} {b}");
        }
        assert!(!equivalent(None, Some(&json("false"))));
    }

    #[test]
    fn long_texts_of_dns_in_pieces() {
        let (first, second) = ("k".repeat(255), "y".repeat(9));
        let whole = Json::from(format!("{first}{second}"));
        let pieces = Json::from(format!("\"{first}\" \"{second}\""));
        assert!(equivalent(Some(&whole), Some(&pieces)) && equivalent(Some(&pieces), Some(&whole)));
        let other = Json::from(format!("\"{first}\" \"{second}y\""));
        assert!(!equivalent(Some(&whole), Some(&other)));
        // What is short is never in pieces: quotes mean something there.
        assert!(!equivalent(Some(&json(r#""ab""#)), Some(&json(r#""\"a\" \"b\"""#))));
    }

    #[test]
    fn order_alone() {
        let list = |text: &str| json(text).as_array().unwrap().clone();
        assert!(same_members(&list(r#"[{"a":1},2,2]"#), &list(r#"[2,{"a":1},2]"#)));
        assert!(!same_members(&list("[1,1,2]"), &list("[1,2,2]")));
    }
}
