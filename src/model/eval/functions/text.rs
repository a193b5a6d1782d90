//! Functions on strings. What is cut out of a string stays where it is written.

use std::fmt::Write as _;
use std::sync::Arc;

use smol_str::SmolStr;

use super::boolean;
use crate::model::eval::number;
use crate::model::value::{Data, Entry, Piece, Pieces, Text, Value};
use crate::text::{Span, TextRange};

pub(super) fn call(name: &str, args: &[Value], span: Span) -> Option<Value> {
    match (name, args) {
        ("yamlencode" | "jsonencode", [value]) => Some(encoded(value, span)),
        ("split", [separator, text]) => split(&separator.as_str()?, text, span),
        ("csvdecode", [text]) => table(text, span),
        ("indent", [count, text]) => indent(number::whole(count)?, text, span),
        ("substr", [text, start, length]) => {
            substr(text, number::integer(start)?, number::integer(length)?, span)
        }
        ("lower", [text]) => Some(mapped(text, str::to_lowercase, span)?),
        ("upper", [text]) => Some(mapped(text, str::to_uppercase, span)?),
        _ => trimmed(name, args, span).or_else(|| plain(name, args, span)),
    }
}

/// The encoded form of a value: a string that is known by what it encodes.
fn encoded(value: &Value, span: Span) -> Value {
    let encode = |value: &Value| Value { data: Data::Encoded(Arc::new(value.clone())), span };
    Value::one_of(value.possibilities().iter().map(encode), span)
}

/// Functions from known strings to a string or a boolean.
fn plain(name: &str, args: &[Value], span: Span) -> Option<Value> {
    let text: Vec<_> = args.iter().map(Value::as_str).collect::<Option<_>>()?;
    let text: Vec<&str> = text.iter().map(AsRef::as_ref).collect();
    let string = |text: String| Some(Value::text(text, span));
    match (name, text.as_slice()) {
        ("title", [s]) => string(title(s)),
        ("strrev", [s]) => string(s.chars().rev().collect()),
        ("startswith", [s, prefix]) => Some(boolean(s.starts_with(prefix), span)),
        ("endswith", [s, suffix]) => Some(boolean(s.ends_with(suffix), span)),
        ("strcontains", [s, part]) => Some(boolean(s.contains(part), span)),
        ("basename", [""]) => string(".".to_owned()),
        ("basename", [s]) => {
            string(s.trim_end_matches('/').rsplit('/').next().unwrap_or(s).to_owned())
        }
        ("dirname", [s]) => string(directory(s)),
        ("abspath", [s]) if s.starts_with('/') => string(directory(&format!("{s}/"))),
        ("abspath" | "pathexpand", [s]) => string((*s).to_owned()),
        ("base64encode", [s]) => string(base64(s.as_bytes())),
        ("urlencode", [s]) => string(url_encoded(s)),
        _ => None,
    }
}

/// Functions that cut off the ends of a string.
fn trimmed(name: &str, args: &[Value], span: Span) -> Option<Value> {
    let text = args.first()?.as_str()?;
    let second = args.get(1).and_then(Value::as_str);
    let kept = match (name, second.as_deref()) {
        ("trimspace", None) => text.trim(),
        ("chomp", None) => text.trim_end_matches(['\n', '\r']),
        ("trim", Some(cut)) => text.trim_matches(|c| cut.contains(c)),
        ("trimprefix", Some(prefix)) => text.strip_prefix(prefix).unwrap_or(&text),
        ("trimsuffix", Some(suffix)) => text.strip_suffix(suffix).unwrap_or(&text),
        _ => return None,
    };
    let start = kept.as_ptr() as usize - text.as_ptr() as usize;
    Some(part(args.first()?, start, start + kept.len(), span))
}

/// The bytes `start..end` of a known string, each piece where it is written.
pub(super) fn part(value: &Value, start: usize, end: usize, span: Span) -> Value {
    let Data::Text(text) = &value.data else {
        let whole = value.as_str().unwrap_or_default();
        return Value::text(whole.get(start..end).unwrap_or_default(), span);
    };
    let mut pieces = Pieces::new();
    let mut at = 0;
    for piece in &text.pieces {
        let Ok(known) = &piece.text else { continue };
        let (from, to) = (start.max(at), end.min(at + known.len()));
        if from < to {
            pieces.push(cut(piece, known, from - at, to - at));
        }
        at += known.len();
    }
    Value { data: Data::Text(Arc::new(Text { pieces })), span: value.span }
}

/// The bytes `from..to` of a piece.
fn cut(piece: &Piece, text: &SmolStr, from: usize, to: usize) -> Piece {
    let span = if piece.is_verbatim() {
        Span { file: piece.span.file, range: piece.span.range.slice(from, to - from) }
    } else {
        piece.span
    };
    Piece { text: Ok(text[from..to].into()), span }
}

fn split(separator: &str, value: &Value, span: Span) -> Option<Value> {
    let text = value.as_str()?;
    if separator.is_empty() {
        let parts = text.char_indices().map(|(at, c)| part(value, at, at + c.len_utf8(), span));
        return Some(Value::list(parts.collect(), span));
    }
    let mut at = 0;
    let parts = text.split(separator).map(|found| {
        let start = at;
        at += found.len() + separator.len();
        part(value, start, start + found.len(), span)
    });
    Some(Value::list(parts.collect(), span))
}

/// The rows of a table whose cells stand apart by commas alone. What has quotes in it is not followed.
fn table(text: &Value, span: Span) -> Option<Value> {
    let known = text.as_str()?;
    if known.contains('"') {
        return None;
    }
    let mut rows = Vec::new();
    let mut at = 0;
    for line in known.split_inclusive('\n') {
        let row = line.trim_end_matches(['\r', '\n']);
        let mut start = at;
        let cells: Vec<(&str, usize)> = row
            .split(',')
            .map(|cell| {
                let begins = start;
                start += cell.len() + 1;
                (cell, begins)
            })
            .collect();
        at += line.len();
        if !row.is_empty() {
            rows.push(cells);
        }
    }
    let (names, rows) = rows.split_first()?;
    let is_odd = |row: &Vec<(&str, usize)>| row.len() != names.len();
    let mut seen: Vec<&str> = names.iter().map(|(name, _)| *name).collect();
    seen.sort_unstable();
    seen.dedup();
    if seen.len() != names.len() || rows.iter().any(is_odd) {
        return None;
    }
    let object = |row: &Vec<(&str, usize)>| {
        let entries = names.iter().zip(row).map(|((name, _), (cell, begins))| {
            let value = part(text, *begins, begins + cell.len(), span);
            Entry { key: (*name).into(), key_span: value.span, value }
        });
        Value::map(entries.collect(), span)
    };
    Some(Value::list(rows.iter().map(object).collect(), span))
}

/// Nobody indents further.
const MOST_SPACES: usize = 1000;

/// `count` spaces in front of every line but the first. What a hole holds stays a hole.
fn indent(count: usize, value: &Value, span: Span) -> Option<Value> {
    let Data::Text(text) = &value.data else {
        return Some(Value::text(value.as_str()?, span));
    };
    if count > MOST_SPACES {
        return Some(Value::unknown("it is indented too far to follow", span));
    }
    let spaces = SmolStr::from(" ".repeat(count));
    let mut pieces = Pieces::new();
    for piece in &text.pieces {
        let Ok(known) = &piece.text else {
            pieces.push(piece.clone());
            continue;
        };
        let mut at = 0;
        for line in known.split_inclusive('\n') {
            let line_piece = cut(piece, known, at, at + line.len());
            at += line.len();
            let after = line_piece.span.range.end as usize;
            let place = Span { file: line_piece.span.file, range: TextRange::empty(after) };
            pieces.push(line_piece);
            if line.ends_with('\n') {
                pieces.push(Piece { text: Ok(spaces.clone()), span: place });
            }
        }
    }
    Some(Value { data: Data::Text(Arc::new(Text { pieces })), span: value.span })
}

/// Offsets count characters; a negative one from the end. A negative length means all that follows, as
/// none does behind a negative offset.
fn substr(value: &Value, offset: i64, length: i64, span: Span) -> Option<Value> {
    let text = value.as_str()?;
    let count = i64::try_from(text.chars().count()).ok()?;
    let start = if offset < 0 { (count + offset).max(0) } else { offset };
    let is_rest = length < 0 || (length == 0 && offset < 0);
    let take = if is_rest { count } else { length };
    let at = |index: i64| {
        let index = usize::try_from(index).unwrap_or(usize::MAX);
        text.char_indices().nth(index).map_or(text.len(), |(at, _)| at)
    };
    Some(part(value, at(start), at(start.saturating_add(take)), span))
}

/// Each known piece changed, and holes left as they are.
fn mapped(value: &Value, change: impl Fn(&str) -> String, span: Span) -> Option<Value> {
    let Data::Text(text) = &value.data else {
        return Some(Value::text(change(&value.as_str()?), span));
    };
    let pieces = text.pieces.iter().map(|piece| match &piece.text {
        Ok(known) => {
            let changed = change(known);
            let span = if changed == **known { piece.span } else { span };
            Piece { text: Ok(changed.into()), span }
        }
        Err(_) => piece.clone(),
    });
    Some(Value { data: Data::Text(Arc::new(Text { pieces: pieces.collect() })), span })
}

fn title(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut at_start = true;
    for c in text.chars() {
        if at_start {
            out.extend(c.to_uppercase());
        } else {
            out.push(c);
        }
        at_start = is_between_words(c);
    }
    out
}

/// As Go's `strings.Title` has it.
fn is_between_words(c: char) -> bool {
    match c {
        '_' => false,
        _ if c.is_ascii() => !c.is_ascii_alphanumeric(),
        _ => !c.is_alphanumeric() && c.is_whitespace(),
    }
}

/// The path without its last part: `.` where it has but one.
fn directory(path: &str) -> String {
    let absolute = path.starts_with('/');
    let Some((before, _)) = path.rsplit_once('/') else { return ".".to_owned() };
    let mut parts: Vec<&str> = Vec::new();
    for part in before.split('/').filter(|part| !matches!(*part, "" | ".")) {
        let leads_up = part == ".." && parts.last().is_none_or(|last| *last == "..");
        match (part, leads_up, absolute) {
            ("..", false, _) => drop(parts.pop()),
            ("..", true, true) => {}
            _ => parts.push(part),
        }
    }
    match (absolute, parts.is_empty()) {
        (true, _) => format!("/{}", parts.join("/")),
        (false, true) => ".".to_owned(),
        (false, false) => parts.join("/"),
    }
}

fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let byte = |at: usize| u32::from(chunk.get(at).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for digit in 0..4 {
            if digit <= chunk.len() {
                let index = bits >> (18 - 6 * digit) & 63;
                out.push(char::from(ALPHABET[index as usize]));
            } else {
                out.push('=');
            }
        }
    }
    out
}

fn url_encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b' ' => out.push('+'),
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                out.push(char::from(byte));
            }
            _ => {
                let _ = write!(out, "%{byte:02X}");
            }
        }
    }
    out
}
