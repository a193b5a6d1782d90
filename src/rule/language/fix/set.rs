//! A value at a path: written over what is there, or put where it is missing, with what has to stand around it.

use super::written_as;
use crate::diagnostic::Edit;
use crate::rule::language::matcher::Around;
use crate::rule::language::node::{Node, Place};
use crate::rule::language::operand::PathRef;
use crate::rule::language::path::{Name, Path, Step};
use crate::rule::write;
use crate::syntax::hcl::ExprKind;
use crate::text::Span;

/// The edits that have `path` lead to `value`; `is_raw` where it is an expression and no text.
///
/// What is there already is written over only where it is a literal, and where it stands at `site` if that is given.
pub(super) fn set(
    around: &Around<'_, '_>,
    path: &Path,
    text: &str,
    is_raw: bool,
    site: Option<Span>,
) -> Option<Vec<Edit>> {
    let worlds = PathRef::Fixed(path.clone()).worlds(around.repo, around.env).ok()?;
    let [world] = &*worlds else { return None };
    let value = if is_raw { text.to_owned() } else { write::literal(text) };
    match world.places.as_slice() {
        [place] if place.is_written => {
            if site.is_some_and(|site| site != place.site) || place.expr != place.site {
                return None;
            }
            let (file, expr) = written_as(around, place)?;
            let is_plain = match &expr.kind {
                ExprKind::Template(template) => template.as_literal().is_some(),
                kind => matches!(kind, ExprKind::Bool(_) | ExprKind::Number(_)),
            };
            let is_string = !is_raw && matches!(expr.kind, ExprKind::Template(_));
            let value = if is_string { write::quoted(text) } else { value };
            is_plain.then(|| vec![write::replace(file, expr.range, value)])
        }
        [] if world.unknown.is_none() => {
            // What maps hold are strings.
            let is_string =
                !is_raw && matches!(path.steps.last(), Some(Step::Name(name)) if is_key(name));
            let value = if is_string { write::quoted(text) } else { value };
            missing(around, path, &value)
        }
        // An input that is left to its default.
        [place] if !place.is_written && path.steps.len() == 1 => missing(around, path, &value),
        _ => None,
    }
}

/// The edits that have `to` say what is written at `from`, which stands in the same file: names mean the same there.
pub(super) fn copy(around: &Around<'_, '_>, to: &Path, from: &Place<'_>) -> Option<Vec<Edit>> {
    let (file, expr) = written_as(around, from)?;
    let text = dedented(file.slice(expr.range), &write::indent_of(file, expr.range.start));
    if file.id != around.env.root.subject.site.file {
        return None;
    }
    let worlds = PathRef::Fixed(to.clone()).worlds(around.repo, around.env).ok()?;
    let [world] = &*worlds else { return None };
    let [place] = world.places.as_slice() else { return missing(around, to, &text) };
    let (file, there) = written_as(around, place)?;
    let indent = write::indent_of(file, there.range.start);
    Some(vec![write::replace(file, there.range, text.replace('\n', &format!("\n{indent}")))])
}

/// `text` with its lines but the first moved to the left by `indent`.
fn dedented(text: &str, indent: &str) -> String {
    let mut lines = text.lines();
    let mut out = lines.next().unwrap_or_default().to_owned();
    for line in lines {
        out.push('\n');
        out.push_str(line.strip_prefix(indent).unwrap_or(line));
    }
    out
}

/// Writes what is missing of `path` below what is there of it.
fn missing(around: &Around<'_, '_>, path: &Path, value: &str) -> Option<Vec<Edit>> {
    let mut there = path.parent();
    loop {
        let worlds = PathRef::Fixed(there.clone()).worlds(around.repo, around.env).ok()?;
        let [world] = &*worlds else { return None };
        match world.places.as_slice() {
            [place] => return below(around, place, &names(path, there.steps.len())?, value),
            [] if world.unknown.is_none() && !there.steps.is_empty() => there = there.parent(),
            _ => return None,
        }
    }
}

/// The names on the rest of `path`; the position of the only block of its type is none.
fn names(path: &Path, from: usize) -> Option<Vec<&Name>> {
    let rest = path.steps[from..].iter().filter(|step| **step != Step::Index(0));
    rest.map(|step| match step {
        Step::Name(name) => Some(name),
        _ => None,
    })
    .collect()
}

fn below(
    around: &Around<'_, '_>,
    place: &Place<'_>,
    names: &[&Name],
    value: &str,
) -> Option<Vec<Edit>> {
    match &place.node {
        Node::Body(node) => {
            let lines = in_body(names, value)?;
            let edit = match names {
                // Its value is one, so a map is written as an attribute too.
                [_] => write::attribute_in(node.file, node.body, &lines),
                [_, key] if is_key(key) => write::attribute_in(node.file, node.body, &lines),
                _ => write::block_in(node.file, node.body, &lines),
            };
            Some(vec![edit?])
        }
        Node::Value(_) => {
            let (file, object) = written_as(around, place)?;
            write::entry_in(file, object, &in_object(names, value)?)
        }
    }
}

/// Whether no attribute or block can be called that: then it is a key in a map.
fn is_key(name: &Name) -> bool {
    !write::is_name(&name.text) || name.text.contains('-')
}

/// `a { b = value }`, or `a = { "b/c" = value }`, on lines.
fn in_body(names: &[&Name], value: &str) -> Option<Vec<String>> {
    let (first, rest) = names.split_first()?;
    let name = first.snake.as_deref().unwrap_or(&first.text);
    let Some(next) = rest.first() else { return Some(assigned(name, value)) };
    if is_key(next) {
        return Some(around_lines(&format!("{name} = {{"), in_object(rest, value)?));
    }
    // The blocks of a list are called by the singular.
    let block = match first.snake.as_deref() {
        Some(snake) => snake.strip_suffix('s').unwrap_or(snake),
        None => &first.text,
    };
    Some(around_lines(&format!("{block} {{"), in_body(rest, value)?))
}

/// `a = { b = value }`, on lines.
fn in_object(names: &[&Name], value: &str) -> Option<Vec<String>> {
    let (first, rest) = names.split_first()?;
    let key = write::key(&first.text);
    if rest.is_empty() {
        return Some(assigned(&key, value));
    }
    Some(around_lines(&format!("{key} = {{"), in_object(rest, value)?))
}

/// `name = value`, on the lines that the value takes.
fn assigned(name: &str, value: &str) -> Vec<String> {
    format!("{name} = {value}").lines().map(str::to_owned).collect()
}

fn around_lines(opening: &str, inner: Vec<String>) -> Vec<String> {
    let mut lines = vec![opening.to_owned()];
    lines.extend(inner.into_iter().map(|line| format!("  {line}")));
    lines.push("}".to_owned());
    lines
}
