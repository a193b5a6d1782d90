//! Regular expressions: `regex`, `regexall` and `replace`.
//!
//! Invariant: a pattern that Go's RE2 and ours may read in two ways is not followed.

use regex::{Captures, Regex};

use super::text::part;
use crate::model::eval::types;
use crate::model::value::{Data, Entry, Value};
use crate::text::Span;

pub(super) fn call(name: &str, args: &[Value], span: Span) -> Option<Value> {
    match (name, args) {
        ("replace", [text, from, to]) => {
            replace(&types::to_string(text)?, &from.as_str()?, &to.as_str()?, span)
        }
        ("regex", [pattern, value]) => {
            let text = value.as_str()?;
            let pattern = compiled(&pattern.as_str()?, &text)?;
            match pattern.captures(&text) {
                Some(found) => matched(&pattern, &found, value, span),
                None => Some(Value::failure("the string does not match the pattern", span)),
            }
        }
        ("regexall", [pattern, value]) => {
            let text = value.as_str()?;
            let pattern = compiled(&pattern.as_str()?, &text)?;
            let all = pattern.captures_iter(&text);
            let all = all.map(|found| matched(&pattern, &found, value, span));
            Some(Value::list(all.collect::<Option<_>>()?, span))
        }
        _ => None,
    }
}

fn replace(value: &Value, from: &str, to: &str, span: Span) -> Option<Value> {
    let text = value.as_str()?;
    let is_pattern = from.len() > 1 && from.starts_with('/') && from.ends_with('/');
    if !is_pattern {
        let replaced = || Value::text(text.replace(from, to), span);
        return Some(if text.contains(from) { replaced() } else { value.clone() });
    }
    // A name after `$` may have letters in Go that it may not have here.
    let pattern = compiled(&from[1..from.len() - 1], &text).filter(|_| to.is_ascii())?;
    let replaced = || Value::text(pattern.replace_all(&text, to), span);
    Some(if pattern.is_match(&text) { replaced() } else { value.clone() })
}

/// What `regex` gives for a match: the match, a list of its groups, or an object of its named groups.
fn matched(pattern: &Regex, found: &Captures<'_>, value: &Value, span: Span) -> Option<Value> {
    let group = |index: usize| match found.get(index) {
        Some(group) => part(value, group.start(), group.end(), span),
        None => Value { data: Data::Null, span },
    };
    let names: Vec<Option<&str>> = pattern.capture_names().skip(1).collect();
    if names.is_empty() {
        return Some(group(0));
    }
    if names.iter().all(Option::is_none) {
        return Some(Value::list((1..=names.len()).map(group).collect(), span));
    }
    let entries = names.iter().zip(1..).map(|(name, index)| {
        Some(Entry { key: (*name)?.into(), key_span: span, value: group(index) })
    });
    Some(Value::map(entries.collect::<Option<_>>()?, span))
}

/// The pattern, where it means the same to Terraform when it looks at `text`.
fn compiled(pattern: &str, text: &str) -> Option<Regex> {
    if reads_otherwise(pattern) || !(text.is_ascii() || is_unicode_safe(pattern)) {
        return None;
    }
    Regex::new(pattern).ok()
}

/// Whether `pattern` uses what only one of the two dialects has.
fn reads_otherwise(pattern: &str) -> bool {
    const OURS: &[&str] =
        &["&&", "--", "~~", "\\<", "\\>", "\\b{", "{,", "(?x", "(?R", "(?u", "(?-u", "(?<"];
    OURS.iter().any(|syntax| pattern.contains(syntax)) || has_nested_class(pattern)
}

/// `[a[b]`: to Go the inner bracket is a character, here it begins a class.
fn has_nested_class(pattern: &str) -> bool {
    let mut in_class = false;
    let mut chars = pattern.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' => drop(chars.next()),
            '[' if in_class && chars.peek() != Some(&':') => return true,
            '[' if !in_class => {
                in_class = true;
                chars.next_if_eq(&'^');
                // A bracket that comes first is a character.
                chars.next_if_eq(&']');
            }
            ':' if in_class && chars.peek() == Some(&']') => drop(chars.next()),
            ']' => in_class = false,
            _ => {}
        }
    }
    false
}

/// Whether `pattern` treats letters beyond ASCII alike in both: `\w` and the like know them only here.
fn is_unicode_safe(pattern: &str) -> bool {
    let classes = ["\\w", "\\W", "\\d", "\\D", "\\s", "\\S", "\\b", "\\B", "(?i"];
    !classes.iter().any(|class| pattern.contains(class))
}
