//! Reads the body of a configuration file against the closed list of what may stand in it.
//!
//! Invariant: nothing that is written is ignored. What is not in the list, or of the wrong kind, is an error with its
//! place, and reading goes on, so that one run shows everything that is wrong.

use std::ops::Range;

use smol_str::SmolStr;

use super::error::{ConfigError, ConfigSource};
use super::literal::{Dialect, Literal, LiteralKind, literal_of};
use super::suggest::meant;
use crate::syntax::Date;
use crate::syntax::hcl::{self, Attribute, Block, Body, Document, Expr, Ident};
use crate::text::TextRange;

/// A value and where it is written.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Spanned<T> {
    /// The value.
    pub value: T,
    /// Its bytes in its file.
    pub range: TextRange,
}

/// What may stand in a body.
pub struct Shape {
    /// What the body is, for messages: `a rule`.
    pub of: &'static str,
    /// The attributes it may have.
    pub attributes: &'static [&'static str],
    /// The blocks it may have, each with the number of its labels.
    pub blocks: &'static [(&'static str, usize)],
}

/// Reads one file and gathers what is wrong with it.
pub struct Reader<'a> {
    source: &'a ConfigSource,
    errors: &'a mut Vec<ConfigError>,
    dialect: Dialect,
    /// Where a key is misspelt, and which one is offered for it: that one is not missing too.
    misspelt: Vec<(TextRange, &'static str)>,
}

impl<'a> Reader<'a> {
    /// Parses `source`. A file with syntax errors is not read further: half of it would give errors of its own.
    pub fn open(
        source: &'a ConfigSource,
        errors: &'a mut Vec<ConfigError>,
    ) -> Option<(Self, Document)> {
        Self::open_document(source, hcl::parse(&source.text), errors)
    }

    /// The same with some parts of it, in their order.
    pub fn open_parts(
        source: &'a ConfigSource,
        parts: impl IntoIterator<Item = Range<usize>>,
        errors: &'a mut Vec<ConfigError>,
    ) -> Option<(Self, Document)> {
        let mut whole = Document::default();
        for part in parts {
            let Document { body, errors, .. } = hcl::parse_part(&source.text, part);
            whole.body.items.extend(body.items);
            whole.errors.extend(errors);
        }
        Self::open_document(source, whole, errors)
    }

    fn open_document(
        source: &'a ConfigSource,
        document: Document,
        errors: &'a mut Vec<ConfigError>,
    ) -> Option<(Self, Document)> {
        for broken in &document.errors {
            let mut error = source.error(broken.range, broken.message.clone());
            error.help.clone_from(&broken.help);
            errors.push(error);
        }
        document.errors.is_empty().then_some((
            Self { source, errors, dialect: Dialect::Pack, misspelt: Vec::new() },
            document,
        ))
    }

    /// The same for settings, in which only literals stand.
    pub(super) fn of_settings(self) -> Self {
        Self { dialect: Dialect::Settings, ..self }
    }

    /// Records that something is wrong at `range`.
    pub fn error(&mut self, range: TextRange, message: impl Into<String>) -> &mut ConfigError {
        self.errors.push(self.source.error(range, message));
        let last = self.errors.len() - 1;
        &mut self.errors[last]
    }

    /// Reports whatever `shape` does not allow in `body`, and what is written twice.
    pub fn check_shape(&mut self, body: &Body, shape: &Shape) {
        let mut seen: Vec<&str> = Vec::new();
        for attribute in body.attributes() {
            let name = attribute.key.name.as_str();
            if seen.contains(&name) {
                self.error(attribute.key.range, format!("`{name}` is set twice"));
            }
            seen.push(name);
            if shape.attributes.contains(&name) {
                continue;
            }
            if shape.blocks.iter().any(|(block, _)| *block == name) {
                self.error(attribute.key.range, format!("`{name}` is a block")).help =
                    Some(format!("write `{name} {{ … }}`"));
                continue;
            }
            self.unknown_part(name, attribute.key.range, shape);
        }
        for block in body.blocks() {
            self.check_block_shape(block, shape);
        }
    }

    fn check_block_shape(&mut self, block: &Block, shape: &Shape) {
        let name = block.kind.name.as_str();
        match shape.blocks.iter().find(|(known, _)| *known == name) {
            Some((_, labels)) if block.labels.len() != *labels => {
                let message = match labels {
                    0 => format!("`{name}` takes no label"),
                    1 => format!("`{name}` takes one label"),
                    many => format!("`{name}` takes {many} labels"),
                };
                let help = (*labels == 1).then(|| format!("write `{name} \"…\" {{ … }}`"));
                self.error(block.header, message).help = help;
            }
            Some(_) => {}
            None if shape.attributes.contains(&name) => {
                self.error(block.kind.range, format!("`{name}` takes a value")).help =
                    Some(format!("write `{name} = …`"));
            }
            None => self.unknown_part(name, block.kind.range, shape),
        }
    }

    fn unknown_part(&mut self, name: &str, range: TextRange, shape: &Shape) {
        let known = shape.attributes.iter().chain(shape.blocks.iter().map(|(block, _)| block));
        self.misspelt.extend(meant(name, known.clone().copied()).map(|meant| (range, meant)));
        let message = format!("unknown key `{name}` in {}", shape.of);
        self.errors.push(self.source.error(range, message).offer(name, known.copied()));
    }

    /// The only block `kind` of `body`; a second one is reported.
    pub fn single<'b>(&mut self, body: &'b Body, kind: &str) -> Option<&'b Block> {
        let mut blocks = body.blocks().filter(|block| block.kind.name == kind);
        let first = blocks.next();
        for again in blocks {
            self.error(again.header, format!("a second `{kind}` block")).help =
                Some(format!("write one `{kind}` block, with what both say"));
        }
        first
    }

    /// A literal, or an error where the expression is none.
    pub fn literal(&mut self, expr: &Expr) -> Option<Literal> {
        match literal_of(expr, self.dialect) {
            Ok(literal) => Some(literal),
            Err(wrong) => {
                self.error(wrong.range, wrong.message).help = wrong.help;
                None
            }
        }
    }

    /// A literal that holds no `param.NAME`.
    pub fn constant(&mut self, expr: &Expr) -> Option<Literal> {
        let literal = self.literal(expr)?;
        if let Some(range) = literal.first_param() {
            // In a text with holes, names can.
            let written = &self.source.text[range.indices()];
            let name = written
                .rsplit('.')
                .next()
                .filter(|_| self.source.text[..range.start as usize].ends_with("${"));
            let help = name.map(|name| {
                format!("in a message, write `{{{name}}}`, and in the rule `let \"{name}\" {{ text = {written} }}`")
            });
            self.error(range, "`param.NAME` cannot stand here: write the value").help = help;
            return None;
        }
        Some(literal)
    }

    /// The string attribute `name`, if it is written and is one.
    pub fn string(&mut self, body: &Body, name: &str) -> Option<Spanned<SmolStr>> {
        let attribute = body.attribute(name)?;
        let literal = self.constant(&attribute.value)?;
        self.as_string(&attribute.key.name, literal)
    }

    /// The string attribute `name`, which must be written; `place` is where its absence is reported.
    pub fn required_string(
        &mut self,
        body: &Body,
        name: &str,
        place: TextRange,
    ) -> Option<Spanned<SmolStr>> {
        self.require(body, name, place, "\"…\"");
        self.string(body, name)
    }

    /// The reason that `this` (`this waiver`) gives, which must be written and have words; `help` says what to tell.
    pub(super) fn reason(
        &mut self,
        body: &Body,
        place: TextRange,
        this: &str,
        help: &str,
    ) -> Option<String> {
        let reason = self.required_string(body, "reason", place)?;
        if !reason.value.chars().any(char::is_alphanumeric) {
            self.error(reason.range, format!("{this} gives no reason")).help =
                Some(help.to_owned());
        }
        Some(reason.value.to_string())
    }

    /// The last day on which something holds, which must be written.
    pub(super) fn last_day(&mut self, body: &Body, place: TextRange) -> Option<Spanned<Date>> {
        let Spanned { value, range } = self.required_string(body, "until", place)?;
        let Some(date) = Date::parse(&value) else {
            self.error(range, format!("`{value}` is no date")).help =
                Some("write the date as `YYYY-MM-DD`".to_owned());
            return None;
        };
        Some(Spanned { value: date, range })
    }

    /// The file, and what is wrong with it: for what reads the values themselves.
    pub(super) fn parts(&mut self) -> (&ConfigSource, &mut Vec<ConfigError>) {
        (self.source, self.errors)
    }

    /// Reports at `place` that `name` is missing, unless `body` has it, or another word for which it was offered.
    pub(super) fn require(&mut self, body: &Body, name: &str, place: TextRange, example: &str) {
        let is_meant = |key: &Ident| {
            self.misspelt.iter().any(|(range, meant)| *range == key.range && *meant == name)
        };
        if !body.attributes().any(|it| it.key.name == name || is_meant(&it.key)) {
            self.error(place, format!("`{name}` is missing")).help =
                Some(format!("add `{name} = {example}`"));
        }
    }

    /// The boolean attribute `name`, if it is written and is one.
    pub fn flag(&mut self, body: &Body, name: &str) -> Option<Spanned<bool>> {
        self.as_flag(body.attribute(name)?)
    }

    /// The boolean that `attribute` is set to.
    pub fn as_flag(&mut self, attribute: &Attribute) -> Option<Spanned<bool>> {
        let literal = self.constant(&attribute.value)?;
        match literal.kind {
            LiteralKind::Bool(value) => Some(Spanned { value, range: literal.range }),
            other => {
                self.mismatch(&attribute.key.name, "true or false", &other, literal.range);
                None
            }
        }
    }

    /// The number `name`, if it is written and is one.
    pub fn number(&mut self, body: &Body, name: &str) -> Option<Spanned<f64>> {
        let attribute = body.attribute(name)?;
        let literal = self.constant(&attribute.value)?;
        match literal.kind {
            LiteralKind::Number(value) => Some(Spanned { value, range: literal.range }),
            other => {
                self.mismatch(name, "a number", &other, literal.range);
                None
            }
        }
    }

    /// The list of strings `name`; empty where it is not written.
    pub fn strings(&mut self, body: &Body, name: &str) -> Vec<Spanned<SmolStr>> {
        let Some(attribute) = body.attribute(name) else { return Vec::new() };
        let Some(literal) = self.constant(&attribute.value) else { return Vec::new() };
        match literal.kind {
            LiteralKind::List(items) => {
                items.into_iter().filter_map(|item| self.as_string(name, item)).collect()
            }
            other => {
                self.mismatch(name, "a list of strings", &other, literal.range);
                Vec::new()
            }
        }
    }

    fn as_string(&mut self, name: &str, literal: Literal) -> Option<Spanned<SmolStr>> {
        match literal.kind {
            LiteralKind::String(value) => Some(Spanned { value, range: literal.range }),
            other => {
                self.mismatch(name, "a string", &other, literal.range);
                None
            }
        }
    }

    /// Adds an error: `name` must be what is `wanted`.
    pub(super) fn mismatch(
        &mut self,
        name: &str,
        wanted: &str,
        found: &LiteralKind,
        range: TextRange,
    ) {
        // Where the text says the right thing, only its form is wrong.
        let text = &self.source.text[range.indices()];
        let help = match (wanted, found) {
            ("a list of strings", LiteralKind::String(_)) => Some(format!("write `[{text}]`")),
            _ => found.unquoted(wanted),
        };
        let found = found.noun();
        self.error(range, format!("`{name}` must be {wanted}, not {found}")).help = help;
    }
}
