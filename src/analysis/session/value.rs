//! What an expression comes to, for whoever points at it.
//!
//! Invariant: no secret is told: none that stands where a secret stands, and nothing that is called like one.

use std::collections::BTreeSet;
use std::fmt::{self, Write as _};

use super::look;
use super::{Session, is_broken};
use crate::analysis::secrets::Secrets;
use crate::engine::guarded;
use crate::model::{Data, ExprRef, Repo, Scope, Value};
use crate::syntax::hcl::{Attribute, Body, Expr, ExprKind, Item, TemplatePart};
use crate::syntax::{Format, HclUse, SourceFile, names_a_secret, secret_ranges};
use crate::text::{Span, TextRange, dir_of};

/// So much of a value is shown.
const MOST_BYTES: usize = 2000;

/// What an expression comes to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Evaluated {
    /// The expression.
    pub range: TextRange,
    /// What it may be.
    pub options: Vec<Told>,
}

/// One thing that an expression may come to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Told {
    /// The value as HCL; or why it is not known.
    pub value: Result<String, String>,
    /// Path and bytes of where it is written, where that is another place.
    pub origin: Option<(String, TextRange)>,
}

impl Session {
    /// What the expression at `offset` of the file at `path` comes to; `None` where there is none, or it says so itself.
    pub fn evaluated(&self, path: &str, offset: u32) -> Option<Evaluated> {
        let state = self.state.as_ref()?;
        let mut files = self.files.clone();
        if let Some(buffer) = self.buffers.get(path).filter(|it| !is_broken(&it.held)) {
            files.put(path, buffer.held.clone());
        }
        let edited: Vec<Box<str>> = self.buffers.keys().cloned().collect();
        let loaded = look::load(state, &files, path, &edited);
        let repo = guarded(|| loaded.repo()).ok()?;
        let file = repo.source(path)?;
        let pointed = pointed_at(&file.hcl.as_ref()?.body, offset)?;
        let value = guarded(|| value_of(&repo, file, pointed.expr)).ok()??;
        let redacted: Vec<Span> = loaded
            .sources
            .iter()
            .flat_map(|source| secret_ranges(source).into_iter().map(|range| source.span(range)))
            .collect();
        let secrets = Secrets::new(&loaded.sources, &redacted);
        let told = |value: &Value| {
            let mut writer = Writer { redacted: &redacted, out: String::new() };
            writer.value(value, 0, pointed.is_secret);
            let mut text = writer.out;
            let is_told = !matches!(value.data, Data::Unknown(_));
            secrets.leave_text(&mut text, &BTreeSet::new());
            let at = value.span;
            let is_here = at.file == file.id && pointed.expr.range.contains(at.range);
            let origin = loaded.sources.get(at.file.index()).filter(|_| !is_here && is_told);
            Told {
                value: if is_told { Ok(text) } else { Err(text) },
                origin: origin.map(|source| (source.path.to_string(), at.range)),
            }
        };
        let options = value.possibilities().iter().map(told).collect();
        Some(Evaluated { range: pointed.expr.range, options })
    }
}

/// An expression that somebody points at.
struct Pointed<'t> {
    expr: &'t Expr,
    /// Whether what it is given to is called like a secret.
    is_secret: bool,
}

/// The expression at `offset` that is worth a word: no literal, which says itself what it is.
fn pointed_at(body: &Body, offset: u32) -> Option<Pointed<'_>> {
    let item = body.items.iter().find(|item| item.range().contains_offset(offset))?;
    match item {
        Item::Block(block) => pointed_at(&block.body, offset),
        Item::Attribute(attribute) => {
            let (expr, key) = inside(attribute, offset);
            let names = [Some(attribute.key.name.as_str()), key.as_deref()];
            let is_secret = names.into_iter().flatten().any(names_a_secret);
            (!is_literal(expr)).then_some(Pointed { expr, is_secret })
        }
    }
}

/// The innermost expression at `offset` that stands for itself, and the key of the object that it is in.
fn inside(attribute: &Attribute, offset: u32) -> (&Expr, Option<String>) {
    let mut expr = &attribute.value;
    let mut key = None;
    loop {
        let child = match &expr.kind {
            // A part of a reference is none, and names that a `for` binds mean nothing outside of it.
            ExprKind::Traversal(_) | ExprKind::For(_) => return (expr, key),
            ExprKind::Object(entries) => {
                let entry = entries.iter().find(|it| it.range().contains_offset(offset));
                if let Some(entry) = entry {
                    key = entry.literal_key().map(|key| key.to_string());
                }
                entry.map(|entry| &entry.value)
            }
            _ => expr.children().into_iter().find(|it| it.range.contains_offset(offset)),
        };
        match child.filter(|child| !is_literal(child)) {
            Some(child) => expr = child,
            None => return (expr, key),
        }
    }
}

fn is_literal(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Null | ExprKind::Bool(_) | ExprKind::Number(_) | ExprKind::Error => true,
        ExprKind::Template(template) => {
            template.parts.iter().all(|part| matches!(part, TemplatePart::Literal(_)))
        }
        _ => false,
    }
}

fn value_of<'s>(repo: &Repo<'s>, file: &'s SourceFile, expr: &'s Expr) -> Option<Value> {
    let place = ExprRef { file, expr };
    match file.format {
        Format::Hcl(HclUse::Terraform | HclUse::TerraformJson | HclUse::Example) => {
            let block = repo.block_around(file, expr.range)?;
            Some(repo.eval_everywhere(place, &repo.scopes(&block)))
        }
        format if format.is_unit() || format == Format::Hcl(HclUse::Stack) => {
            Some(repo.eval(place, &Scope::unit(file, dir_of(&file.path).into())))
        }
        _ => None,
    }
}

/// Writes values as HCL.
struct Writer<'a> {
    /// What must not be told.
    redacted: &'a [Span],
    out: String,
}

impl Writer<'_> {
    /// Writes `value`; `is_secret` where what it is given to is called like a secret.
    fn value(&mut self, value: &Value, depth: usize, is_secret: bool) {
        let overlaps = |secret: &Span| {
            secret.file == value.span.file && secret.range.overlaps(value.span.range)
        };
        if self.out.len() > MOST_BYTES {
            if !self.out.ends_with('…') {
                self.out.push('…');
            }
            return;
        }
        match &value.data {
            Data::Unknown(reason) if depth == 0 => self.out.push_str(reason.as_str()),
            Data::Unknown(reason) => self.text(format_args!("(not known: {reason})")),
            Data::Null => self.out.push_str("null"),
            Data::Bool(_) | Data::Number(_) | Data::Text(_)
                if is_secret || self.redacted.iter().any(overlaps) =>
            {
                self.out.push_str("(redacted)");
            }
            Data::Bool(yes) => self.text(format_args!("{yes}")),
            Data::Number(number) => self.out.push_str(number),
            Data::Text(text) => {
                let pieces = text.pieces.iter();
                let said: String = pieces.map(|it| it.text.as_deref().unwrap_or("…")).collect();
                self.text(format_args!("{said:?}"));
            }
            Data::Encoded(inner) => {
                self.out.push_str("encoded ");
                self.value(inner, depth, is_secret);
            }
            Data::OneOf(options) => {
                for (at, option) in options.iter().enumerate() {
                    self.out.push_str(if at == 0 { "" } else { " or " });
                    self.value(option, depth, is_secret);
                }
            }
            Data::List(list) => {
                self.out.push('[');
                for item in &list.items {
                    self.line(depth + 1);
                    self.value(item, depth + 1, is_secret);
                    self.out.push(',');
                }
                self.close(']', depth, list.items.is_empty(), list.open.is_some());
            }
            Data::Map(map) => {
                self.out.push('{');
                for entry in map.sorted() {
                    self.line(depth + 1);
                    self.text(format_args!("{} = ", entry.key));
                    let is_secret = is_secret || names_a_secret(&entry.key);
                    self.value(&entry.value, depth + 1, is_secret);
                }
                self.close('}', depth, map.entries.is_empty(), map.open.is_some());
            }
        }
    }

    /// Ends a list or object; one that is `open` may go on.
    fn close(&mut self, bracket: char, depth: usize, is_empty: bool, is_open: bool) {
        if is_open {
            self.line(depth + 1);
            self.out.push('…');
        }
        if is_open || !is_empty {
            self.line(depth);
        }
        self.out.push(bracket);
    }

    fn line(&mut self, depth: usize) {
        self.text(format_args!("\n{:indent$}", "", indent = depth * 2));
    }

    fn text(&mut self, text: fmt::Arguments<'_>) {
        // Nothing fails that writes to memory.
        let _ = self.out.write_fmt(text);
    }
}
