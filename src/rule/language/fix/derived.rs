//! Edits that can be told from a requirement alone.

use super::{
    marker, out,
    set::{Wanted, set},
    unsafe_fix, written_as,
};
use crate::config::is_slip;
use crate::diagnostic::{Applicability, Fix};
use crate::rule::language::env::Filled;
use crate::rule::language::ignored::{IgnoredTest, MarkerTest};
use crate::rule::language::matcher::{Around, Matcher};
use crate::rule::language::node::{Node, entry_value_at};
use crate::rule::language::operand::{Operand, PathRef};
use crate::rule::language::path::{Name, Step};
use crate::rule::language::test::{AtTest, Test};
use crate::rule::language::truth::Evidence;
use crate::rule::write;
use crate::syntax::hcl::{Block, Body, Expr, ExprKind, Item, TemplateForm};
use crate::text::{Span, TextRange};

/// The edit that makes `test` hold, or no longer hold where it is `forbidden`.
pub(super) fn fix(
    test: &Test,
    forbidden: bool,
    around: &Around<'_, '_>,
    evidence: &Evidence,
) -> Option<Fix> {
    match (test, forbidden) {
        (Test::Ignored(test), false) => ignore(test, around),
        (Test::Ignored(test), true) => unignore(test, around),
        (Test::Marker(test), false) => mark(test, around, evidence),
        (Test::At(test), false) => nearest(test, around, evidence)
            .or_else(|| reorder(test, around))
            .or_else(|| set_only(test, around, evidence)),
        (Test::At(test), true) => remove(test, around),
        // Any will do, and the first is what the rule would have; the others are ways out.
        (Test::Any(tests), false) => {
            let first = tests.first()?;
            fix(first, false, around, &first.ask(around).no?.into_evidence())
        }
        _ => None,
    }
}

fn text<'t>(operand: &'t Operand, around: &'t Around<'_, '_>) -> Option<String> {
    match operand.text(around.repo, around.env) {
        Filled::Text(text) => Some(text.into_owned()),
        Filled::Absent | Filled::Unknown(_) => None,
    }
}

fn ignore(test: &IgnoredTest, around: &Around<'_, '_>) -> Option<Fix> {
    if test.exactly || test.ineffective {
        return None;
    }
    let block = around.env.root.block?;
    let field = text(&test.path, around)?;
    let (title, edits) = super::ignore(&block, &field, marker(around.env))?;
    Some(unsafe_fix(title, edits))
}

fn unignore(test: &IgnoredTest, around: &Around<'_, '_>) -> Option<Fix> {
    if test.ineffective {
        return None;
    }
    let (title, edits) = write::unignore(&around.env.root.block?, &text(&test.path, around)?)?;
    Some(unsafe_fix(title, edits))
}

/// A comment changes nothing for Terraform.
fn mark(test: &MarkerTest, around: &Around<'_, '_>, evidence: &Evidence) -> Option<Fix> {
    if test.misspelt {
        return None;
    }
    let word = text(&test.word, around)?;
    let near = evidence.near.as_deref().zip(evidence.related.first());
    // The marker of something else is no misspelling of this one.
    let near = near.filter(|(near, _)| is_slip(near, &word)).map(|(near, (span, _))| (*span, near));
    let (title, edits) = write::mark(&around.env.root.block?, &word, evidence.site?, near)?;
    Some(Fix::of_edits(title, Applicability::Safe, edits))
}

/// Writes what was probably meant in the place of what is misspelt, if that is what is written there.
fn nearest(test: &AtTest, around: &Around<'_, '_>, evidence: &Evidence) -> Option<Fix> {
    let (near, site) = (evidence.near.as_ref()?, evidence.site?);
    // Where only one thing is right, that is meant, however it is written.
    let is_only = matches!(test.matchers.as_slice(), [Matcher::OneOf(all)] if all.len() == 1);
    if !is_only && !is_slip(&evidence.text()?, near) {
        return None;
    }
    let written = around.repo.sources.get(site.file.index())?.slice(site.range);
    let is_said = evidence.text().is_some_and(|text| text == written.trim_matches('"'));
    let edit = super::say(around, site, near).filter(|_| is_said)?;
    Some(unsafe_fix(format!("write `{near}`"), vec![edit]))
}

/// Sets the one value that the requirement asks for.
fn set_only(test: &AtTest, around: &Around<'_, '_>, evidence: &Evidence) -> Option<Fix> {
    let [Matcher::OneOf(operands)] = test.matchers.as_slice() else { return None };
    let [wanted] = operands.as_slice() else { return None };
    let wanted = text(wanted, around)?;
    let path = test.path.fixed(around.env)?;
    let Some(Step::Name(Name { text: name, .. })) = path.steps.last() else { return None };
    let title = format!("set `{name}` to `{wanted}`");
    let all = Wanted { path: path.clone(), text: wanted, is_raw: false };
    let edits = set(around, &[all], evidence.site.filter(|_| evidence.value.is_some()))?;
    Some(unsafe_fix(title, edits))
}

/// Puts the first element that must come before another one there.
fn reorder(test: &AtTest, around: &Around<'_, '_>) -> Option<Fix> {
    let [Matcher::Ordered(first, then)] = test.matchers.as_slice() else { return None };
    let (first, then) = (text(first, around)?, text(then, around)?);
    let place = test.path.first(around.repo, around.env)?;
    let (file, list) = written_as(around, &place)?;
    let ExprKind::Tuple(items) = &list.kind else { return None };
    let is_like = |pattern: &str, at: usize| {
        let said = items[at].as_literal();
        said.is_some_and(|said| crate::rule::language::wildcard::covers(pattern, &said))
    };
    let from = (0..items.len()).rev().find(|&at| is_like(&first, at))?;
    let to = (0..from).find(|&at| is_like(&then, at) && !is_like(&first, at))?;
    let edits = write::moved_before(file, list, from, to)?;
    let title = format!("put `{}` before `{}`", items[from].as_literal()?, items[to].as_literal()?);
    Some(unsafe_fix(title, edits))
}

/// Takes an attribute, a block or an entry out that must not be there, with its lines.
fn remove(test: &AtTest, around: &Around<'_, '_>) -> Option<Fix> {
    if test.present != Some(true) || !test.matchers.is_empty() {
        return None;
    }
    delete(&test.path, around, true)
}

/// Takes what `path` leads to out: an attribute, a block, an entry of an object or an element of a list. Where `is_all` does
/// not hold, something may come in its place, and the empty lines around it stay.
pub(super) fn delete(path: &PathRef, around: &Around<'_, '_>, is_all: bool) -> Option<Fix> {
    let place = path.first(around.repo, around.env)?;
    let file = around.repo.sources.get(place.site.file.index())?;
    let site = place.site.range;
    let is_in_text = file.hcl.as_ref().is_none_or(|hcl| {
        let around = hcl.body.surroundings(site.start).template;
        around.is_some_and(|it| it.form != TemplateForm::Quoted && it.inner.contains(site))
    });
    let Some(hcl) = file.hcl.as_ref().filter(|_| !is_in_text) else {
        let name = place.key.filter(|key| key.file == file.id).map_or(site, |key| key.range);
        return Some(unsafe_fix(format!("delete `{}`", file.slice(name)), out::out(file, &place)?));
    };
    let body = &hcl.body;
    let list = body.surroundings(site.start).list;
    // Of a string its text may be underlined, without the quotes.
    let is_it = |item: &Expr| {
        item.range == site || (item.range.contains(site) && item.range.len() == site.len() + 2)
    };
    if let Some(at) = list.iter().position(is_it) {
        let edits = write::element_out(file, list, at)?;
        return Some(unsafe_fix(format!("delete `{}`", file.slice(site)), edits));
    }
    let key = place.key.filter(|key| key.file == file.id && place.whole.contains(*key))?;
    let is_block = matches!(place.node, Node::Body(_));
    // A `dynamic` block without its `content` is none, and what it makes besides may be wanted.
    if is_block && is_content(body, place.whole.range) {
        return None;
    }
    let name = file.slice(key.range).trim_matches('"').to_owned();
    let applicability = write::removal(file, place.whole.range);
    let edits = if is_block || is_attribute(body, key) {
        let out = if is_all { write::construct_out } else { write::item_out };
        vec![out(file, place.whole.range)?]
    } else {
        let value = entry_value_at(body, key.range)?;
        // A part of what stands under the key is not all of it.
        if !value.range.contains(site) || value.range.len() > site.len() + 2 {
            return None;
        }
        vec![write::entry_out(file, key.range.cover(value.range))?]
    };
    Some(Fix::of_edits(format!("delete `{name}`"), applicability, edits))
}

/// Whether the block at `range` is what a `dynamic` block repeats.
fn is_content(body: &Body, range: TextRange) -> bool {
    body.blocks().filter(|block| block.range.contains(range)).any(|block| {
        let is_own = |content: &Block| content.range == range;
        (block.kind.name == "dynamic" && block.body.blocks_of("content").any(is_own))
            || is_content(&block.body, range)
    })
}

fn is_attribute(body: &Body, key: Span) -> bool {
    body.items.iter().any(|item| match item {
        Item::Attribute(attribute) => attribute.key.range == key.range,
        Item::Block(block) => block.range.contains(key.range) && is_attribute(&block.body, key),
    })
}
