//! Values at paths: written over what is there, or put where it is missing, with what has to stand around it.

use std::rc::Rc;

use super::{scalar, written_as};
use crate::diagnostic::Edit;
use crate::rule::language::matcher::Around;
use crate::rule::language::node::{Node, Place};
use crate::rule::language::operand::PathRef;
use crate::rule::language::path::{Name, Path, Step};
use crate::rule::write;
use crate::syntax::SourceFile;
use crate::syntax::hcl::{Expr, ExprKind, ObjectEntry};
use crate::text::Span;

/// What a path shall lead to.
pub(super) struct Wanted {
    pub(super) path: Path,
    pub(super) text: String,
    /// Whether the text is an expression, and not what a string says.
    pub(super) is_raw: bool,
}

/// How a path comes to lead to a value.
enum Way<'s> {
    /// Something is written over.
    Over(Edit),
    /// Something is missing below what is there.
    Below(Missing<'s>),
}

/// The names that are missing below a place, and the value below the last of them.
struct Missing<'s> {
    place: Rc<Place<'s>>,
    names: Vec<Name>,
    value: String,
}

/// The edits that have each path of `all` lead to its value. What is missing of several is written once.
pub(super) fn set(
    around: &Around<'_, '_>,
    all: &[Wanted],
    site: Option<Span>,
) -> Option<Vec<Edit>> {
    let mut edits = Vec::new();
    let mut groups: Vec<Vec<Missing<'_>>> = Vec::new();
    for wanted in all {
        let missing = match way(around, wanted, site)? {
            Way::Over(edit) => {
                edits.push(edit);
                continue;
            }
            Way::Below(missing) => missing,
        };
        let is_beside = |group: &&mut Vec<Missing<'_>>| {
            group.iter().any(|it| {
                it.place.whole == missing.place.whole && it.names.first() == missing.names.first()
            })
        };
        match groups.iter_mut().find(is_beside) {
            Some(group) => group.push(missing),
            None => groups.push(vec![missing]),
        }
    }
    for group in groups {
        let entries: Vec<Entry<'_>> = group.iter().map(|it| (&*it.names, &*it.value)).collect();
        edits.extend(below(around, &group.first()?.place, &entries)?);
    }
    Some(edits)
}

/// What is there already is written over only where it is a literal, and where it stands at `site` if that is given.
fn way<'s>(around: &Around<'_, 's>, wanted: &Wanted, site: Option<Span>) -> Option<Way<'s>> {
    let Wanted { path, text, is_raw } = wanted;
    let worlds = PathRef::Fixed(path.clone()).worlds(around.repo, around.env).ok()?;
    let [world] = &*worlds else { return None };
    let value = if *is_raw { text.clone() } else { write::literal(text) };
    match world.places.as_slice() {
        [place] if place.is_written => {
            if site.is_some_and(|site| site != place.site) || place.expr != place.site {
                return None;
            }
            let file = around.repo.sources.get(place.site.file.index())?;
            if file.hcl.is_none() {
                let edit = (!is_raw).then(|| scalar::over(file, place, text))?;
                return edit.map(Way::Over);
            }
            let (file, expr) = written_as(around, place)?;
            let is_plain = match &expr.kind {
                ExprKind::Template(template) => template.as_literal().is_some(),
                kind => matches!(kind, ExprKind::Bool(_) | ExprKind::Number(_)),
            };
            let is_string = !is_raw && matches!(expr.kind, ExprKind::Template(_));
            let value = if is_string { write::quoted(text) } else { value };
            is_plain.then(|| Way::Over(write::replace(file, expr.range, value)))
        }
        [] if world.unknown.is_none() => {
            // What maps hold are strings.
            let is_string =
                !is_raw && matches!(path.steps.last(), Some(Step::Name(name)) if is_key(name));
            let value = if is_string { write::quoted(text) } else { value };
            let missing = missing(around, path, value)?;
            match said(around, &missing) {
                None => Some(Way::Below(missing)),
                // What is set to nothing stands there all the same.
                Some((file, expr)) => {
                    let is_nothing = matches!(expr.unparenthesised().kind, ExprKind::Null);
                    let is_all = missing.names.len() == 1;
                    let over = || Way::Over(write::replace(file, expr.range, missing.value));
                    (is_nothing && is_all).then(over)
                }
            }
        }
        // An input that is left to its default.
        [place] if !place.is_written && path.steps.len() == 1 => {
            missing(around, path, value).map(Way::Below)
        }
        _ => None,
    }
}

/// What is written for the first of the names that are `missing`, where something is.
fn said<'s>(around: &Around<'_, 's>, missing: &Missing<'s>) -> Option<(&'s SourceFile, &'s Expr)> {
    let name = missing.names.first()?;
    if let Node::Body(node) = &missing.place.node {
        let attribute = node.body.attribute(name.snake.as_deref().unwrap_or(&name.text))?;
        return Some((node.file, &attribute.value));
    }
    let (file, object) = written_as(around, &missing.place)?;
    let ExprKind::Object(entries) = &object.kind else { return None };
    let is_it = |entry: &&ObjectEntry| entry.literal_key().is_some_and(|key| key == name.text);
    Some((file, &entries.iter().find(is_it)?.value))
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
    let [place] = world.places.as_slice() else {
        let Missing { place, names, value } = missing(around, to, text)?;
        return below(around, &place, &[(&names, &value)]);
    };
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

/// What is missing of `path` below what is there of it.
fn missing<'s>(around: &Around<'_, 's>, path: &Path, value: String) -> Option<Missing<'s>> {
    let mut there = path.parent();
    loop {
        let worlds = PathRef::Fixed(there.clone()).worlds(around.repo, around.env).ok()?;
        let [world] = &*worlds else { return None };
        match world.places.as_slice() {
            [place] => {
                let names = names(path, there.steps.len())?;
                return Some(Missing { place: Rc::clone(place), names, value });
            }
            [] if world.unknown.is_none() && !there.steps.is_empty() => there = there.parent(),
            _ => return None,
        }
    }
}

/// The names on the rest of `path`; the position of the only block of its type is none.
fn names(path: &Path, from: usize) -> Option<Vec<Name>> {
    let rest = path.steps[from..].iter().filter(|step| **step != Step::Index(0));
    rest.map(|step| match step {
        Step::Name(name) => Some(name.clone()),
        _ => None,
    })
    .collect()
}

/// Names, each below the one before, and the value below the last.
type Entry<'n> = (&'n [Name], &'n str);

/// Writes `entries`, whose first name is the same, below `place`.
fn below(around: &Around<'_, '_>, place: &Place<'_>, entries: &[Entry<'_>]) -> Option<Vec<Edit>> {
    match &place.node {
        Node::Body(node) => {
            let lines = in_body(entries)?;
            let edit = match entries.first()?.0 {
                // Its value is one, so a map is written as an attribute too.
                [_] => write::attribute_in(node.file, node.body, &lines),
                [_, key, ..] if is_key(key) => write::attribute_in(node.file, node.body, &lines),
                _ => write::block_in(node.file, node.body, &lines),
            };
            Some(vec![edit?])
        }
        Node::Value(_) => {
            let (file, object) = written_as(around, place)?;
            write::entry_in(file, object, &in_object(entries)?)
        }
    }
}

/// Whether it is a key in a map: it is written as one, or no attribute or block can be called that.
fn is_key(name: &Name) -> bool {
    name.is_key || !write::is_name(&name.text) || name.text.contains('-')
}

/// `entries` by their first name, without it.
fn by_first<'n>(entries: &[Entry<'n>]) -> Option<Vec<(&'n Name, Vec<Entry<'n>>)>> {
    let mut groups: Vec<(&Name, Vec<Entry<'_>>)> = Vec::new();
    for &(names, value) in entries {
        let (first, rest) = names.split_first()?;
        match groups.iter_mut().find(|(name, _)| *name == first) {
            Some((_, group)) => group.push((rest, value)),
            None => groups.push((first, vec![(rest, value)])),
        }
    }
    Some(groups)
}

/// `a { b = value }`, or `a = { "b/c" = value }`, on lines.
fn in_body(entries: &[Entry<'_>]) -> Option<Vec<String>> {
    let mut lines = Vec::new();
    for (first, group) in by_first(entries)? {
        let name = first.snake.as_deref().unwrap_or(&first.text);
        match group.as_slice() {
            [([], value)] => lines.extend(assigned(name, value)),
            [([next, ..], _), ..] if is_key(next) => {
                lines.extend(around_lines(&format!("{name} = {{"), in_object(&group)?));
            }
            _ => {
                // The blocks of a list are called by the singular.
                let block = match first.snake.as_deref() {
                    Some(snake) => snake.strip_suffix('s').unwrap_or(snake),
                    None => &first.text,
                };
                lines.extend(around_lines(&format!("{block} {{"), in_body(&group)?));
            }
        }
    }
    Some(lines)
}

/// `a = { b = value }`, on lines.
fn in_object(entries: &[Entry<'_>]) -> Option<Vec<String>> {
    let mut lines = Vec::new();
    for (first, group) in by_first(entries)? {
        let key = write::key(&first.text);
        match group.as_slice() {
            [([], value)] => lines.extend(assigned(&key, value)),
            _ => lines.extend(around_lines(&format!("{key} = {{"), in_object(&group)?)),
        }
    }
    Some(lines)
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
