//! Bodies: attributes and blocks, in a block or a file.
//!
//! Invariant: an item ends with its line; what is parsed is either a whole item or an error.

use super::cursor::{Cursor, Newlines, Parsed};
use super::few::{Few, kept};
use super::unexpected::fail;
use super::{Attribute, Block, Body, Ident, Item};
use crate::syntax::SyntaxError;
use crate::text::TextRange;
use rustc_hash::{FxBuildHasher, FxHashSet};

/// From how many attributes on a set is faster than looking at each pair.
const MANY_ATTRIBUTES: usize = 16;

impl Cursor<'_> {
    /// An attribute or block and the line break after it.
    pub(super) fn item(&mut self) -> Parsed<Item> {
        let Some(name) = self.ident() else {
            let range = self.token_range();
            return match self.peek() {
                Some(b'}') => fail(
                    "`}` closes nothing",
                    "remove it, or look for a `{` that is missing above",
                    range,
                ),
                Some(b'"') => {
                    fail("an argument's name is not quoted", "write it without quotes", range)
                }
                _ => self.expected("an argument or a block"),
            };
        };
        let item = if self.eat_equals() {
            Item::Attribute(self.attribute(name)?)
        } else if matches!(self.peek(), Some(b'"' | b'{')) || self.at_ident() {
            Item::Block(self.block(name)?)
        } else {
            let help = format!("write `{} = …` or `{} {{ … }}`", name.name, name.name);
            return self.expected_with("`=` or a block after a name", &help);
        };
        if !self.at_line_end() {
            let after = if matches!(item, Item::Attribute(_)) { "value" } else { "block" };
            return self.expected(&format!("a line break after the {after}"));
        }
        Ok(item)
    }

    /// The value of `key`, from after the `=`.
    fn attribute(&mut self, key: Ident) -> Parsed<Attribute> {
        let value = self.expression()?;
        let range = key.range.cover(value.range);
        Ok(Attribute { key, value, range })
    }

    /// A block from after its type.
    fn block(&mut self, kind: Ident) -> Parsed<Block> {
        let mut labels: Few<Ident> = Few::new();
        loop {
            match self.peek() {
                Some(b'"') => labels.push(self.quoted_label()?),
                Some(b'{') => break,
                _ => {
                    let Some(label) = self.ident() else {
                        let is_path = !labels.is_empty() && self.peek() == Some(b'/');
                        let help = if is_path { "write the label in quotes" } else { "" };
                        return self.expected_with("`{` or a label", help);
                    };
                    labels.push(label);
                }
            }
        }
        let header = labels.iter().fold(kind.range, |header, label| header.cover(label.range));
        self.pos += 1;
        let body = self.nested(Newlines::Significant, |cursor| cursor.block_body(&kind, header))?;
        let range = self.since(kind.range.start as usize);
        Ok(Block { kind, labels: kept(labels), body, header, range })
    }

    /// What a block holds, and its closing brace.
    fn block_body(&mut self, kind: &Ident, header: TextRange) -> Parsed<Body> {
        let start = self.pos;
        let mut items: Few<Item> = Few::new();
        if !self.at_line_end() && self.peek() != Some(b'}') {
            items.push(self.only_attribute()?);
            if self.peek().is_some_and(|byte| byte != b'}') {
                return self.expected_with(
                    "`}`",
                    "on one line with its block stands one argument and `}`; break the line after `{`",
                );
            }
        }
        loop {
            self.eat_line_breaks();
            match self.peek() {
                Some(b'}') => break,
                Some(_) => items.push(self.item()?),
                None => {
                    let help = "look for a `}` that is missing in it or in a block inside it";
                    return fail(
                        format!("expected `}}` to close block `{}`", kind.name),
                        help,
                        header,
                    );
                }
            }
        }
        let range = self.since(start);
        self.pos += 1;
        match redefined(&items) {
            Some(error) => Err(Box::new(error)),
            None => Ok(Body { items: kept(items), range }),
        }
    }

    /// The one argument of a block on one line.
    fn only_attribute(&mut self) -> Parsed<Item> {
        let Some(name) = self.ident() else {
            return self.expected("an argument, a line break or `}` after `{`");
        };
        if !self.eat_equals() {
            return self.expected_with("`=`", "a block inside a block stands on a line of its own");
        }
        Ok(Item::Attribute(self.attribute(name)?))
    }
}

/// The error about the first attribute that is set again, if one is.
pub(super) fn redefined(items: &[Item]) -> Option<SyntaxError> {
    let attributes = || {
        items.iter().filter_map(|item| match item {
            Item::Attribute(attribute) => Some(&attribute.key),
            Item::Block(_) => None,
        })
    };
    let again = if items.len() < MANY_ATTRIBUTES {
        attributes()
            .enumerate()
            .find(|(at, key)| attributes().take(*at).any(|other| other.name == key.name))
    } else {
        let mut seen = FxHashSet::with_capacity_and_hasher(items.len(), FxBuildHasher);
        attributes().enumerate().find(|(_, key)| !seen.insert(key.name.as_str()))
    };
    again.map(|(_, key)| redefinition(key))
}

/// The error that `key` was set before.
pub(super) fn redefinition(key: &Ident) -> SyntaxError {
    SyntaxError {
        message: format!("`{}` is set twice", key.name),
        help: Some("remove one of the two".to_owned()),
        range: key.range,
    }
}
