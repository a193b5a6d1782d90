//! The edits that make a requirement hold: those that its entry writes down, or else those that can be told from the
//! requirement alone.
//!
//! Invariant: what is written parses and meets the requirement. Whatever changes what Terraform does is unsafe: nobody
//! applies it unasked.

mod beside;
mod derived;
mod out;
mod scalar;
mod set;
mod written;

use super::env::{Bound, Env};
use super::judge::Requirement;
use super::matcher::{Around, Matcher};
use super::node::{Place, expression_at};
use super::test::Test;
use super::truth::Evidence;
use crate::diagnostic::{Applicability, Edit, Fix};
use crate::model::{AttributePath, BlockRef};
use crate::rule::write::{self, Ignored};
use crate::syntax::SourceFile;
use crate::syntax::hcl::{Expr, ExprKind, TemplateForm};
use crate::text::{Span, TextRange};

pub(super) use written::{Action, Written};

/// What a question found: what the answer rests on, and what is underlined.
pub(super) struct Told<'e> {
    pub(super) evidence: &'e Evidence,
    pub(super) span: Span,
}

/// Whether it is wrong that something says just what it says: whatever is written in its place has to say the same.
fn keeps_value(requirement: &Requirement) -> bool {
    let is_equality = |test: &Test| match test {
        Test::At(test) => matches!(test.matchers.as_slice(), [Matcher::OneOf(_)]),
        _ => false,
    };
    requirement.forbidden && is_equality(&requirement.test)
}

/// The edit for what `requirement` found.
pub(super) fn fix(
    requirement: &Requirement,
    around: &Around<'_, '_>,
    told: &Told<'_>,
) -> Option<Fix> {
    if requirement.fixes.is_empty() {
        if !requirement.derives {
            return None;
        }
        return derived::fix(&requirement.test, requirement.forbidden, around, told.evidence);
    }
    let fix = requirement.fixes.iter().find(|fix| fix.applies(around))?;
    fix.edits(around, told, keeps_value(requirement))
}

/// The marker of the field that `each` took from a mutator.
fn marker<'e>(env: &'e Env<'_>) -> Option<&'e str> {
    env.names().find_map(|(name, bound)| match bound {
        Bound::Text(text) if name.ends_with("_marker") && !text.is_empty() => Some(text.as_str()),
        _ => None,
    })
}

/// Adds `field` to what the block ignores, with `note` behind it.
fn ignore(block: &BlockRef<'_>, field: &str, note: Option<&str>) -> Option<(String, Vec<Edit>)> {
    let path = AttributePath::parse(field)?;
    write::ignore(block, &[Ignored { path: &path, note }])
}

fn unsafe_fix(title: impl Into<String>, edits: Vec<Edit>) -> Fix {
    Fix::of_edits(title, Applicability::Unsafe, edits)
}

/// The innermost expression of HCL that holds the bytes at `span`.
fn expression<'s>(around: &Around<'_, 's>, span: Span) -> Option<(&'s SourceFile, &'s Expr)> {
    let file = around.repo.sources.get(span.file.index())?;
    let body = &file.hcl.as_ref()?.body;
    Some((file, expression_at(body, span.range)?))
}

/// The object, list or other expression that `place` is written as.
fn written_as<'s>(
    around: &Around<'_, 's>,
    place: &Place<'_>,
) -> Option<(&'s SourceFile, &'s Expr)> {
    let (file, expr) = expression(around, place.expr)?;
    let expr = expr.unparenthesised();
    (expr.range == place.expr.range || place.expr.range.contains(expr.range))
        .then_some((file, expr))
}

/// The edit that has what is underlined at `span` say `text`: between its quotes where it is a string, a literal where it is
/// one, as it is where it is a part of something, or the text that was looked for. None where it is a reference or the like.
fn say(around: &Around<'_, '_>, span: Span, text: &str) -> Option<Edit> {
    let raw = Edit { span, text: text.to_owned() };
    let file = around.repo.sources.get(span.file.index())?;
    let subject = &around.env.root.subject;
    let is_subject = subject.site == span
        && subject
            .value()
            .and_then(crate::model::Value::as_str)
            .is_some_and(|it| it == file.slice(span.range));
    if is_subject {
        return Some(raw);
    }
    if file.hcl.is_none() {
        return Some(scalar::say(file, span.range, text).unwrap_or(raw));
    }
    if is_key(file, span.range) {
        // One in quotes keeps them, and one without may need them.
        let text = if file.slice(span.range).starts_with('"') {
            write::quoted(text)
        } else if file.text[..span.range.start as usize].ends_with('"') {
            write::escaped(text)
        } else {
            write::key(text)
        };
        return Some(Edit { text, ..raw });
    }
    let (_, expr) = expression(around, span)?;
    match &expr.kind {
        // Inside of a string.
        ExprKind::Template(template) if expr.range != span.range => {
            let text = match template.form {
                TemplateForm::Quoted => write::escaped(text),
                _ => text.replace("${", "$${").replace("%{", "%%{"),
            };
            Some(Edit { text, ..raw })
        }
        ExprKind::Template(template) if template.form == TemplateForm::Quoted => {
            template.as_literal()?;
            Some(write::replace(file, template.inner, write::escaped(text)))
        }
        ExprKind::Bool(_) | ExprKind::Number(_) if expr.range == span.range => {
            Some(write::replace(file, span.range, write::literal(text)))
        }
        _ => None,
    }
}

/// Whether a name stands at `range` that is followed by `=` or `:`: a key.
fn is_key(file: &SourceFile, range: TextRange) -> bool {
    let behind = file.text[range.end as usize..].trim_start_matches([' ', '\t', '"']);
    behind.starts_with(['=', ':']) && !behind.starts_with("==")
}
