//! Reads the literals of an entry: with its params filled in, and each of the kind that its attribute takes.

use smol_str::SmolStr;

use super::read::Compiler;
use crate::config::{Literal, LiteralKind, literal};
use crate::syntax::hcl::{Body, Expr};
use crate::text::TextRange;

impl Compiler<'_> {
    /// The words in the attribute `name`, each of them a `what` among those `known`.
    pub(super) fn words_of(
        &mut self,
        body: &Body,
        name: &str,
        what: &str,
        known: &[&str],
    ) -> Vec<SmolStr> {
        let mut words = Vec::new();
        for (word, range) in self.listed(body, name).unwrap_or_default() {
            if known.contains(&&*word) {
                words.push(word);
            } else {
                self.offer(what, &word, range, known.iter().copied());
            }
        }
        words
    }

    /// The literal that `expr` is, with its params filled in.
    pub(super) fn literal(&mut self, expr: &Expr) -> Option<Literal> {
        match literal(expr) {
            Ok(literal) => self.fill(&literal),
            Err(wrong) => {
                match wrong.help {
                    Some(help) => self.error_with_help(wrong.range, wrong.message, help),
                    None => self.error(wrong.range, wrong.message),
                }
                None
            }
        }
    }

    fn fill(&mut self, literal: &Literal) -> Option<Literal> {
        let Compiler { params, lent, subject_gathers, set_elsewhere, .. } = self;
        let all = !subject_gathers.is_empty();
        let filled = params.fill(literal, &mut |param, range| {
            lend(&param.value, all, lent);
            if let Some(set_at) = &param.set_at {
                set_elsewhere.push((range, set_at.clone()));
            }
        });
        filled.map_err(|unfilled| self.push(unfilled.error(self.source, self.params))).ok()
    }

    /// The literal of the attribute `name`, if it is written.
    pub(super) fn attribute(&mut self, body: &Body, name: &str) -> Option<Literal> {
        let attribute = body.attribute(name)?;
        self.literal(&attribute.value)
    }

    /// The text of a scalar literal.
    pub(super) fn scalar(&mut self, literal: &Literal) -> Option<SmolStr> {
        match &literal.kind {
            LiteralKind::String(text) => Some(text.clone()),
            LiteralKind::Bool(value) => Some(if *value { "true".into() } else { "false".into() }),
            LiteralKind::Number(number) => Some(format!("{number}").into()),
            other => {
                let noun = other.noun();
                self.error(literal.range, format!("a single value must stand here, not {noun}"));
                None
            }
        }
    }

    pub(super) fn string(&mut self, body: &Body, name: &str) -> Option<(SmolStr, TextRange)> {
        let literal = self.attribute(body, name)?;
        self.text(name, &literal)
    }

    pub(super) fn flag(&mut self, body: &Body, name: &str) -> Option<bool> {
        let literal = self.attribute(body, name)?;
        match literal.kind {
            LiteralKind::Bool(value) => Some(value),
            other => {
                self.mismatch(name, "true or false", &other, literal.range);
                None
            }
        }
    }

    pub(super) fn number(&mut self, body: &Body, name: &str) -> Option<f64> {
        let literal = self.attribute(body, name)?;
        match literal.kind {
            LiteralKind::Number(value) => Some(value),
            other => {
                self.mismatch(name, "a number", &other, literal.range);
                None
            }
        }
    }

    fn mismatch(&mut self, name: &str, wanted: &str, found: &LiteralKind, range: TextRange) {
        let message = format!("`{name}` must be {wanted}, not {}", found.noun());
        let mut error = self.source.error(range, message);
        error.help = found.unquoted(wanted);
        self.push(error);
    }

    /// A list of strings, or one string; none where the attribute is not written.
    pub(super) fn strings(&mut self, body: &Body, name: &str) -> Option<Vec<(SmolStr, TextRange)>> {
        let literal = self.attribute(body, name)?;
        self.texts(name, literal)
    }

    /// What the attribute `name` lists: strings, or one.
    pub(super) fn texts(
        &mut self,
        name: &str,
        literal: Literal,
    ) -> Option<Vec<(SmolStr, TextRange)>> {
        let items = match literal.kind {
            LiteralKind::List(items) => items,
            kind => vec![Literal { kind, range: literal.range }],
        };
        items.into_iter().map(|item| self.text(name, &item)).collect()
    }

    /// The string that the attribute `name` is, or a part of it.
    pub(super) fn text(&mut self, name: &str, literal: &Literal) -> Option<(SmolStr, TextRange)> {
        if let LiteralKind::String(text) = &literal.kind {
            return Some((text.clone(), literal.range));
        }
        let message = format!("`{name}` must be a string, not {}", literal.kind.noun());
        match &literal.kind {
            LiteralKind::Bool(_) | LiteralKind::Number(_) => {
                let said = self.source.text.get(literal.range.indices()).unwrap_or_default();
                self.error_with_help(literal.range, message, format!("write `\"{said}\"`"));
            }
            _ => self.error(literal.range, message),
        }
        None
    }
}

/// Adds the texts of `param` that may ask for the position or the key of an element; all texts where they may ask for more.
fn lend(param: &Literal, all: bool, lent: &mut Vec<SmolStr>) {
    match &param.kind {
        LiteralKind::String(text) if all || text.contains("_index") || text.contains("_key") => {
            lent.push(text.clone());
        }
        LiteralKind::List(items) => items.iter().for_each(|item| lend(item, all, lent)),
        LiteralKind::Object(entries) => {
            for (key, _, value) in entries {
                if all {
                    lent.push(key.clone());
                }
                lend(value, all, lent);
            }
        }
        _ => {}
    }
}
