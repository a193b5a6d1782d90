//! `format` and its relatives: strings that are put together.

use std::fmt::Write as _;

use super::unfollowed;
use crate::model::eval::collection::ordered;
use crate::model::eval::number;
use crate::model::eval::template::Strings;
use crate::model::value::{Data, Piece, Value};
use crate::text::Span;

pub(super) fn call(name: &str, args: &[Value], span: Span) -> Option<Value> {
    match (name, args) {
        ("join", [separator, lists @ ..]) => join(separator, lists, span),
        ("format", [spec, values @ ..]) => format(spec, values, span),
        ("formatlist", [spec, values @ ..]) => format_list(spec, values, span),
        _ => None,
    }
}

fn join(separator: &Value, lists: &[Value], span: Span) -> Option<Value> {
    let mut strings = Strings::new();
    let mut first = true;
    for list in lists {
        let Data::List(list) = &list.data else { return None };
        let (items, open) = ordered(list);
        for item in &items {
            if !std::mem::take(&mut first) {
                strings.append(separator, separator.span);
            }
            strings.append(item, item.span);
        }
        if let Some(reason) = open {
            strings.push(&Piece { text: Err(reason), span });
        }
    }
    Some(strings.finish(span))
}

/// A verb of a format: `%-5.2f`.
#[derive(Clone, Copy, Default)]
struct Verb {
    left: bool,
    zero: bool,
    width: usize,
    precision: Option<usize>,
    letter: u8,
}

/// `%s`, `%d`, `%v`, `%t`, `%q`, `%f`, `%x` and `%%`, with width and precision; any other verb is not followed.
fn format(spec: &Value, values: &[Value], span: Span) -> Option<Value> {
    // One that is null makes the whole null, or not, by the verb.
    if values.iter().any(|value| matches!(value.data, Data::Null)) {
        return None;
    }
    let spec_text = spec.as_str()?;
    let mut values = values.iter();
    let mut strings = Strings::new();
    let mut rest = spec_text.as_ref();
    while let Some(at) = rest.find('%') {
        push_text(&mut strings, &rest[..at], spec.span);
        let (verb, behind) = verb(&rest[at + 1..])?;
        if verb.letter == b'%' {
            push_text(&mut strings, "%", spec.span);
        } else {
            let Some(value) = values.next() else {
                return Some(Value::failure("`format` has more verbs than values", span));
            };
            append(&mut strings, verb, value, span)?;
        }
        rest = behind;
    }
    push_text(&mut strings, rest, spec.span);
    if values.next().is_some() {
        return Some(Value::failure("`format` has more values than verbs", span));
    }
    Some(strings.finish(span))
}

/// The verb that `text` begins with, and what follows it.
fn verb(text: &str) -> Option<(Verb, &str)> {
    let mut verb = Verb::default();
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let mut rest = text;
    loop {
        rest = match rest.as_bytes().first()? {
            b'-' => {
                verb.left = true;
                &rest[1..]
            }
            b'0' => {
                verb.zero = true;
                &rest[1..]
            }
            _ => break,
        };
    }
    let (width, behind) = rest.split_at(digits(rest));
    if !width.is_empty() {
        verb.width = width.parse().ok().filter(|width| *width <= 256)?;
    }
    rest = behind;
    if let Some(behind) = rest.strip_prefix('.') {
        let (precision, behind) = behind.split_at(digits(behind));
        verb.precision = Some(precision.parse().unwrap_or(0)).filter(|precision| *precision <= 64);
        verb.precision?;
        rest = behind;
    }
    verb.letter = *rest.as_bytes().first()?;
    Some((verb, rest.get(1..)?))
}

fn append(strings: &mut Strings, verb: Verb, value: &Value, span: Span) -> Option<()> {
    let plain = verb.width == 0 && verb.precision.is_none();
    if plain && matches!(verb.letter, b's' | b'd' | b'v' | b't') {
        let whole =
            verb.letter != b'd' || !matches!(&value.data, Data::Number(n) if n.contains('.'));
        if whole && !matches!(value.data, Data::List(_) | Data::Map(_) | Data::Null) {
            strings.append(value, span);
            return Some(());
        }
    }
    if let Some(reason) = value.first_unknown() {
        strings.push(&Piece { text: Err(reason), span });
        return Some(());
    }
    let formatted = formatted(verb, value)?;
    let width = verb.width.saturating_sub(formatted.chars().count());
    let numeric = matches!(verb.letter, b'd' | b'f' | b'x' | b'X');
    let padded = match (verb.left, verb.zero && numeric, formatted.strip_prefix('-')) {
        (true, ..) => formatted + &" ".repeat(width),
        (false, true, Some(digits)) => format!("-{}{digits}", "0".repeat(width)),
        (false, true, None) => "0".repeat(width) + &formatted,
        _ => " ".repeat(width) + &formatted,
    };
    push_text(strings, &padded, span);
    Some(())
}

fn formatted(verb: Verb, value: &Value) -> Option<String> {
    match (verb.letter, verb.precision) {
        (b's' | b'v' | b't', None) => Some(value.as_str()?.into_owned()),
        (b'q', None) => quoted(&value.as_str()?),
        (b'd', None) => Some(number::integer(value)?.to_string()),
        (b'x', None) => Some(format!("{:x}", number::whole(value)?)),
        (b'X', None) => Some(format!("{:X}", number::whole(value)?)),
        (b'f', precision) => Some(format!("{:.*}", precision.unwrap_or(6), number::number(value)?)),
        _ => None,
    }
}

/// As a JSON string, where that needs no escape but the common ones.
fn quoted(text: &str) -> Option<String> {
    let mut out = String::from('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => {
                let _ = write!(out, "\\{c}");
            }
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '<' | '>' | '&' => return None,
            _ if c.is_control() || !c.is_ascii() => return None,
            _ => out.push(c),
        }
    }
    out.push('"');
    Some(out)
}

/// `format` for each element of the lists among `values`, which are of one length.
fn format_list(spec: &Value, values: &[Value], span: Span) -> Option<Value> {
    let mut rows = None;
    let mut columns = Vec::with_capacity(values.len());
    for value in values {
        let Data::List(list) = &value.data else {
            columns.push(None);
            continue;
        };
        let (items, open) = ordered(list);
        if open.is_some() {
            return None;
        }
        if *rows.get_or_insert(items.len()) != items.len() {
            return Some(Value::failure("`formatlist` is given lists of several lengths", span));
        }
        columns.push(Some(items));
    }
    let mut results = Vec::new();
    for row in 0..rows.unwrap_or(1) {
        let cell = |(value, column): (&Value, &Option<Vec<Value>>)| match column {
            Some(items) => items.get(row).cloned(),
            None => Some(value.clone()),
        };
        let cells: Vec<Value> = values.iter().zip(&columns).map(cell).collect::<Option<_>>()?;
        let result = format(spec, &cells, span);
        results.push(result.unwrap_or_else(|| Value::for_reason(unfollowed("formatlist"), span)));
    }
    Some(Value::list(results, span))
}

fn push_text(strings: &mut Strings, text: &str, span: Span) {
    if !text.is_empty() {
        strings.push(&Piece { text: Ok(text.into()), span });
    }
}
