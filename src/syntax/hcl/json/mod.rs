//! Terraform's JSON syntax (`.tf.json`, `.tofu.json`, `.tfvars.json`), and Terragrunt's (`.hcl.json`): text → the tree that the native syntax has.
//!
//! Invariant: every range lies inside the text, and what is inside a block or expression lies inside its range; but for the
//! words before a block's last label, which it shares with others: they are said to stand where its header does. Items stand
//! in the order of their ranges, and no two of them overlap.

mod body;
mod string;
#[cfg(test)]
mod tests;
mod value;
mod words;

use super::{Body, Document, Item, MOST_ERRORS};
use crate::syntax::yaml::{Node, NodeKind};
use crate::syntax::{Attached, Comment, Comments, SyntaxError, json};
use crate::text::TextRange;

/// Parses a whole file. Never fails: what is broken is in [`Document::errors`], the rest in the tree.
pub fn parse(text: &str) -> Document {
    parse_as(text, Reader::file)
}

/// The same of a unit of Terragrunt's, or of what it includes.
pub fn parse_unit(text: &str) -> Document {
    parse_as(text, Reader::unit)
}

/// The same of a file that sets variables.
pub fn parse_values(text: &str) -> Document {
    parse_as(text, Reader::values)
}

fn parse_as<'t>(text: &'t str, read: impl FnOnce(&mut Reader<'t>, &Node) -> Vec<Item>) -> Document {
    let range = TextRange::new(0, text.len());
    let root = match json::parse(text) {
        Ok(root) => root,
        Err(error) => {
            let body = Body { items: Vec::new(), range };
            return Document { body, comments: Comments::default(), errors: vec![error] };
        }
    };
    let mut reader = Reader::new(text);
    let items = read(&mut reader, &root);
    let Reader { comments, attached, mut errors, .. } = reader;
    errors.sort_by_key(|error| error.range.start);
    let comments = if comments.is_empty() {
        Comments::default()
    } else {
        Comments::attached(comments, attached)
    };
    Document { body: Body { items, range }, comments, errors }
}

/// What is read of a file so far, besides its tree.
struct Reader<'t> {
    text: &'t str,
    comments: Vec<Comment>,
    attached: Attached,
    errors: Vec<SyntaxError>,
}

impl<'t> Reader<'t> {
    fn new(text: &'t str) -> Self {
        let attached = Attached::default();
        Self { text, comments: Vec::new(), attached, errors: Vec::new() }
    }

    fn error(&mut self, range: TextRange, message: impl Into<String>, help: impl Into<String>) {
        let help = Some(help.into()).filter(|help| !help.is_empty());
        self.report(SyntaxError { message: message.into(), help, range });
    }

    /// After so many errors the others say nothing new.
    fn report(&mut self, error: SyntaxError) {
        if self.errors.len() < MOST_ERRORS {
            self.errors.push(error);
        }
    }
}

/// All that is written of `node`: a string with its quotes.
fn whole(node: &Node) -> TextRange {
    match &node.kind {
        NodeKind::Scalar { style, .. } if style.is_quoted() => string::quoted(node.range),
        _ => node.range,
    }
}
