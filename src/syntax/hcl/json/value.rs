//! Values of arguments: JSON → expressions.

use rustc_hash::FxHashSet;

use super::string::{Text, quoted};
use super::words::{COMMENT, Reading};
use super::{Reader, whole};
use crate::syntax::hcl::{Expr, ExprKind, ObjectEntry, UnaryOp};
use crate::syntax::yaml::{Entry, Node, NodeKind, ScalarStyle};
use crate::syntax::{About, Comment, SyntaxError};
use crate::text::TextRange;

impl Reader<'_> {
    /// The expression that `node` is, whose strings are read as `reading` says.
    pub(super) fn value(&mut self, node: &Node, reading: Reading) -> Expr {
        let kind = match &node.kind {
            NodeKind::Scalar { value, style: ScalarStyle::Plain, .. } => {
                return word(value, node.range);
            }
            NodeKind::Scalar { value, .. } => return self.string(value, node.range, reading),
            NodeKind::Sequence(items) => {
                ExprKind::Tuple(items.iter().map(|item| self.value(item, reading)).collect())
            }
            NodeKind::Mapping(entries) => ExprKind::Object(self.object(entries, reading)),
            // JSON has no others.
            NodeKind::Pieces(_) | NodeKind::Alias { .. } => ExprKind::Error,
        };
        Expr { kind, range: node.range }
    }

    fn object(&mut self, entries: &[Entry], reading: Reading) -> Vec<ObjectEntry> {
        let mut seen = FxHashSet::default();
        let mut object = Vec::with_capacity(entries.len());
        for entry in entries {
            let Entry { key, value } = entry;
            let name = key.as_str().unwrap_or_default();
            if !seen.insert(name) {
                self.set_twice(name, key.range);
            }
            // Terraform takes it for a key, and it looks like a comment: one that speaks for nothing.
            if name == COMMENT {
                let known = self.comments.len();
                self.comment(entry);
                self.attached.owners[known..].fill(About::Nothing);
            }
            let text = Text::new(self.text, key.range, name);
            // A key is a string, whatever it is made of.
            let key = match reading {
                Reading::Template => self.with_comments(text.template(true)),
                Reading::Literal | Reading::Reference => Ok(text.literal()),
            };
            let key = key.unwrap_or_else(|error| {
                self.report(error);
                text.literal()
            });
            let node = whole(value);
            let mut value = self.value(value, reading);
            if value.range != node {
                // An entry goes to the end of its value, which is behind the quote.
                value = Expr { kind: ExprKind::Paren(Box::new(value)), range: node };
            }
            object.push(ObjectEntry { key, value });
        }
        object
    }

    fn string(&mut self, value: &str, inner: TextRange, reading: Reading) -> Expr {
        let text = Text::new(self.text, inner, value);
        let read = match reading {
            Reading::Template => self.with_comments(text.template(false)),
            Reading::Literal => Ok(text.literal()),
            Reading::Reference => text.expression(),
        };
        read.unwrap_or_else(|error| {
            if reading == Reading::Reference && value.contains("${") {
                let message = "a reference stands here as it is, without `${ }`";
                self.error(inner, message, "write the name alone: `\"aws_instance.web\"`");
            } else {
                self.report(error);
            }
            Expr { kind: ExprKind::Error, range: quoted(inner) }
        })
    }

    /// Keeps the comments that were found in a string.
    fn with_comments(
        &mut self,
        read: Result<(Expr, Vec<Comment>), SyntaxError>,
    ) -> Result<Expr, SyntaxError> {
        let (expr, comments) = read?;
        self.attached.owners.extend(comments.iter().map(|_| About::Place));
        self.comments.extend(comments);
        Ok(expr)
    }

    /// Says that `name` at `range` was there before in the same object.
    pub(super) fn set_twice(&mut self, name: &str, range: TextRange) {
        self.error(range, format!("`{name}` is set twice"), "remove one of the two");
    }

    /// Says that something else was expected at `node`.
    pub(super) fn wrong_shape(&mut self, node: &Node, message: String, help: &str) {
        // Of what is large, its first character is enough.
        let range = match &node.kind {
            NodeKind::Scalar { .. } => whole(node),
            _ => node.range.slice(0, 1),
        };
        self.error(range, message, help);
    }
}

/// What stands without quotes: `null`, a truth value or a number.
fn word(word: &str, range: TextRange) -> Expr {
    let kind = match word {
        "null" => ExprKind::Null,
        "true" => ExprKind::Bool(true),
        "false" => ExprKind::Bool(false),
        number => match number.strip_prefix('-') {
            None => ExprKind::Number(number.into()),
            Some(number) => {
                let range = range.slice(1, range.len() - 1);
                let number = Expr { kind: ExprKind::Number(number.into()), range };
                ExprKind::Unary(UnaryOp::Negate, Box::new(number))
            }
        },
    };
    Expr { kind, range }
}
