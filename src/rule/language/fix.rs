//! The edit that makes a requirement hold, where there is one that can be told from the requirement alone.
//!
//! Invariant: an edit touches the smallest piece of the file; what it writes parses, and meets the requirement. Whatever
//! changes what Terraform does is unsafe: nobody applies it unasked.

use super::env::Filled;
use super::env::{Bound, Env};
use super::ignored::IgnoredTest;
use super::judge::Requirement;
use super::matcher::{Around, Matcher};
use super::node::{BodyNode, Node, Place, expression_at};
use super::operand::PathRef;
use super::path::{Name, Step};
use super::test::{AtTest, Test};
use super::truth::Evidence;
use crate::diagnostic::{Applicability, Edit, Fix};
use crate::model::IgnoreChanges;
use crate::syntax::SourceFile;
use crate::syntax::hcl::{Block, Body, ExprKind, Item};
use crate::text::{Span, TextRange};

/// The edit for what `requirement` found, which rests on `evidence`.
pub(super) fn fix(
    requirement: &Requirement,
    around: &Around<'_, '_>,
    evidence: &Evidence,
) -> Option<Fix> {
    match (&requirement.test, requirement.forbidden) {
        (Test::Ignored(test), false) => ignore(test, around),
        (Test::At(test), false) => {
            nearest(around, evidence).or_else(|| set(test, around, evidence))
        }
        (Test::At(test), true) => remove(test, around),
        _ => None,
    }
}

fn unsafe_fix(title: String, edits: Vec<Edit>) -> Fix {
    Fix { title, applicability: Applicability::Unsafe, edits }
}

/// Writes what was probably meant in the place of a misspelt string.
fn nearest(around: &Around<'_, '_>, evidence: &Evidence) -> Option<Fix> {
    let near = evidence.near.as_ref()?;
    let span = inside_quotes(around.env, evidence.site?)?;
    let edit = Edit { span, text: escaped(near) };
    Some(unsafe_fix(format!("write `{near}`"), vec![edit]))
}

/// Sets the one value that the requirement asks for.
fn set(test: &AtTest, around: &Around<'_, '_>, evidence: &Evidence) -> Option<Fix> {
    let [Matcher::OneOf(operands)] = test.matchers.as_slice() else { return None };
    let [wanted] = operands.as_slice() else { return None };
    let Filled::Text(wanted) = wanted.text(around.repo, around.env) else { return None };
    let PathRef::Fixed(path) = &test.path else { return None };
    let Some(Step::Name(Name { text: name, .. })) = path.steps.last() else { return None };
    let worlds = test.path.worlds(around.repo, around.env).ok()?;
    let [world] = &*worlds else { return None };
    match world.places.as_slice() {
        [place] if place.is_written && evidence.site == Some(place.site) => {
            let block = around.env.root.block?;
            let expr = expression_at(&block.block.body, place.expr.range)?;
            let is_plain = match &expr.kind {
                ExprKind::Template(template) => template.as_literal().is_some(),
                kind => matches!(kind, ExprKind::Bool(_) | ExprKind::Number(_)),
            };
            let is_here = is_plain && block.file.span(expr.range) == place.site;
            let edit = Edit { span: place.site, text: literal(&wanted) };
            is_here.then(|| unsafe_fix(format!("set `{name}` to `{wanted}`"), vec![edit]))
        }
        [] => {
            let parent = PathRef::Fixed(path.parent());
            let parent = parent.first(around.repo, around.env)?;
            let Node::Body(node) = &parent.node else { return None };
            let line = format!("{name} = {}", literal(&wanted));
            Some(unsafe_fix(format!("add `{line}`"), vec![insert(node, &parent, &line)?]))
        }
        _ => None,
    }
}

/// Takes an attribute out that must not be there, with its line.
fn remove(test: &AtTest, around: &Around<'_, '_>) -> Option<Fix> {
    if test.present != Some(true) || !test.matchers.is_empty() {
        return None;
    }
    let place = test.path.first(around.repo, around.env)?;
    let key = place.key?;
    let file = &around.repo.sources[key.file.index()];
    let range = file.lines().line_of(place.whole.range.start);
    let last = file.lines().line_of(place.whole.range.end.saturating_sub(1));
    let start = file.lines().start_of(range) as usize;
    let end = file.text[place.whole.range.end as usize..].find('\n')?;
    let line = TextRange::new(start, place.whole.range.end as usize + end + 1);
    let before = &file.text[start..place.whole.range.start as usize];
    let after = &file.text[place.whole.range.end as usize..line.end as usize];
    // Nothing else may stand on its lines but a comment about it.
    let is_alone = before.trim().is_empty()
        && (after.trim().is_empty() || after.trim_start().starts_with(['#', ',']));
    let is_attribute =
        around.env.root.block.is_some_and(|block| is_attribute(&block.block.body, key));
    let name = file.slice(key.range).to_owned();
    let edit = Edit { span: file.span(line), text: String::new() };
    (is_alone && is_attribute && last >= range)
        .then(|| unsafe_fix(format!("delete `{name}`"), vec![edit]))
}

fn is_attribute(body: &Body, key: Span) -> bool {
    body.items.iter().any(|item| match item {
        Item::Attribute(attribute) => attribute.key.range == key.range,
        Item::Block(block) => block.range.contains(key.range) && is_attribute(&block.body, key),
    })
}

/// Adds a field to `ignore_changes`, in the list's own style and with its marker.
fn ignore(test: &IgnoredTest, around: &Around<'_, '_>) -> Option<Fix> {
    let block = around.env.root.block?;
    let Filled::Text(field) = test.path.text(around.repo, around.env) else { return None };
    let marker = marker(around.env);
    let comment = marker.map(|marker| format!(" # {marker}")).unwrap_or_default();
    let file = block.file;
    let title = format!("ignore `{field}`");
    let Some(ignored) = IgnoreChanges::of(block.block) else {
        let edit = match block.block.body.block("lifecycle") {
            Some(lifecycle) => {
                insert_last(file, lifecycle, &[format!("ignore_changes = [{field}]{comment}")])
            }
            None => insert_last(
                file,
                block.block,
                &[
                    "lifecycle {".to_owned(),
                    format!("  ignore_changes = [{field}]{comment}"),
                    "}".to_owned(),
                ],
            ),
        };
        return Some(unsafe_fix(title, vec![edit?]));
    };
    let ExprKind::Tuple(items) = &ignored.attribute.value.kind else { return None };
    let list = ignored.attribute.value.range;
    let Some(last) = items.last() else {
        let text = format!("[{field}]{comment}");
        return Some(unsafe_fix(title, vec![Edit { span: file.span(list), text }]));
    };
    let line_of = |offset: u32| file.lines().line_of(offset);
    let rest = &file.text[last.range.end as usize..list.end as usize];
    let has_comma = rest.trim_start().starts_with(',');
    if line_of(last.range.end) == line_of(list.end) {
        // One line: the marker stands behind it.
        let after = Edit { span: at(file, last.range.end), text: format!(", {field}") };
        let mut edits = vec![after];
        if !comment.is_empty() && file.trailing(ignored.attribute.range).is_none() {
            edits.push(Edit { span: at(file, ignored.attribute.range.end), text: comment });
        }
        return Some(unsafe_fix(title, edits));
    }
    let indent = indent_of(file, last.range.start);
    let line_end = rest.find('\n')? + last.range.end as usize;
    let mut edits = Vec::new();
    if !has_comma {
        edits.push(Edit { span: at(file, last.range.end), text: ",".to_owned() });
    }
    let text = format!("\n{indent}{field},{comment}");
    edits.push(Edit { span: at(file, line_end as u32), text });
    Some(unsafe_fix(title, edits))
}

/// The marker of the field that `each` took from a mutator.
fn marker<'e>(env: &'e Env<'_>) -> Option<&'e str> {
    env.names().find_map(|(name, bound)| match bound {
        Bound::Text(text) if name.ends_with("_marker") && !text.is_empty() => Some(text.as_str()),
        _ => None,
    })
}

/// `line` as the first one of the block at `place`.
fn insert(node: &BodyNode<'_>, place: &Place<'_>, line: &str) -> Option<Edit> {
    let file = node.file;
    let start = node.body.range.start as usize;
    let rest = &file.text[start..];
    let break_at = rest.find('\n')?;
    // A comment may stand behind the brace, and nothing else.
    let behind = rest[..break_at].trim();
    if !behind.is_empty() && !behind.starts_with(['#', '/']) {
        return None;
    }
    let indent = match node.body.items.first() {
        Some(first) => indent_of(file, first.range().start),
        None => indent_of(file, place.site.range.start) + "  ",
    };
    Some(Edit { span: at(file, (start + break_at) as u32), text: format!("\n{indent}{line}") })
}

/// `lines` as the last ones of `block`.
fn insert_last(file: &SourceFile, block: &Block, lines: &[String]) -> Option<Edit> {
    let end = block.range.end.checked_sub(1)?;
    let own = indent_of(file, block.range.start);
    let before = &file.text[..end as usize];
    let line_start = before.rfind('\n')? + 1;
    // The closing brace stands on a line of its own.
    if !before[line_start..].trim().is_empty() {
        return None;
    }
    let mut text = String::new();
    for line in lines {
        text.extend([&own, "  ", line, "\n"]);
    }
    Some(Edit { span: at(file, line_start as u32), text })
}

fn at(file: &SourceFile, offset: u32) -> Span {
    file.span(TextRange { start: offset, end: offset })
}

/// The white space before the line on which `offset` stands.
fn indent_of(file: &SourceFile, offset: u32) -> String {
    let start = file.lines().start_of(file.lines().line_of(offset)) as usize;
    let line = &file.text[start..];
    line[..line.len() - line.trim_start_matches([' ', '\t']).len()].to_owned()
}

/// What stands between the quotes of the plain string at `site`.
fn inside_quotes(env: &Env<'_>, site: Span) -> Option<Span> {
    let block = env.root.block?;
    if block.file.id != site.file {
        return None;
    }
    let expr = expression_at(&block.block.body, site.range)?;
    match &expr.kind {
        ExprKind::Template(template) if expr.range == site.range => {
            template.as_literal().map(|_| block.file.span(template.inner))
        }
        _ => None,
    }
}

/// `text` as a literal of HCL.
fn literal(text: &str) -> String {
    let is_bare = matches!(text, "true" | "false") || text.parse::<f64>().is_ok();
    if is_bare { text.to_owned() } else { format!("\"{}\"", escaped(text)) }
}

fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"").replace("${", "$${").replace("%{", "%%{")
}
