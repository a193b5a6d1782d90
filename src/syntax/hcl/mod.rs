//! HCL: text → tree + comments + errors. A parser of our own, because the bar is to accept exactly what `terraform fmt`
//! accepts, to keep every comment's place, and to go on after an error. Terraform's JSON syntax gives the same tree (`json/`).
//!
//! Invariant: every node has a definite range inside the text it was parsed from, and children lie inside their parents.

mod body;
mod collection;
mod construct;
mod cursor;
mod expression;
mod few;
mod json;
mod layout;
mod locate;
mod nodes;
mod pieces;
mod quote;
mod references;
mod resync;
mod template;
#[cfg(test)]
mod tests;
mod unexpected;
mod unicode;
mod unlaid;
mod version_one;
mod walk;

pub use construct::{Construct, Sort};
pub use json::{
    parse as parse_json, parse_unit as parse_json_unit, parse_values as parse_json_values,
};
pub use layout::{Layout, layout};
pub use locate::Surroundings;
pub use nodes::*;
pub use quote::escaped;
pub use references::Reference;
pub use unicode::is_identifier;
pub use unlaid::without_layout;
pub use version_one::is_version_one;
pub use walk::Inside;

use std::collections::HashSet;
use std::ops::Range;

use crate::syntax::{Comment, Comments, SyntaxError};
use crate::text::TextRange;
use cursor::{Cursor, Newlines};
use pieces::Closer;

/// After so many errors a file is not read any further: it is no HCL.
const MOST_ERRORS: usize = 100;

/// One parsed file.
#[derive(Clone, Debug, Default)]
pub struct Document {
    /// The tree; where the file is broken, what could be understood of it.
    pub body: Body,
    /// Every comment, also those inside `${ … }`.
    pub comments: Comments,
    /// What is broken: one error for each broken top-level item.
    pub errors: Vec<SyntaxError>,
}

/// Parses a whole file. Never fails: what is broken is in [`Document::errors`], the rest in the tree.
pub fn parse(text: &str) -> Document {
    read(Cursor::new(text, Newlines::Significant))
}

/// Parses what stands in `part` of `text`, as if blanks stood around it.
pub fn parse_part(text: &str, part: Range<usize>) -> Document {
    let mut cursor = Cursor::new(&text[..part.end], Newlines::Significant);
    cursor.pos = cursor.pos.max(part.start);
    read(cursor)
}

fn read(mut cursor: Cursor<'_>) -> Document {
    let text = cursor.text;
    let mut items = Vec::new();
    let mut errors = Vec::new();
    loop {
        cursor.eat_line_breaks();
        if cursor.peek().is_none() {
            break;
        }
        let start = cursor.pos;
        match cursor.item() {
            Ok(item) => items.push(item),
            Err(error) => {
                errors.push(*error);
                if errors.len() == MOST_ERRORS {
                    errors.push(too_many_errors(cursor.pos, text));
                    break;
                }
                cursor.resync(start);
            }
        }
    }
    drop_redefinitions(&mut items, &mut errors);
    items.shrink_to_fit();
    let body = Body { items, range: TextRange::new(0, text.len()) };
    Document { body, comments: Comments::new(cursor.comments), errors }
}

/// Parses a text that is one expression; line breaks mean nothing in it.
pub fn parse_expression(text: &str) -> Result<Expr, SyntaxError> {
    let mut cursor = Cursor::new(text, Newlines::Ignored);
    let expr = cursor.expression().map_err(|error| *error)?;
    match cursor.peek() {
        None => Ok(expr),
        Some(_) => Err(cursor.unexpected("the end of the expression")),
    }
}

/// Parses the text of a template file: text with `${ … }` and `%{ … }`. It has the form of a heredoc without marker.
pub fn parse_template(text: &str) -> Result<Template, SyntaxError> {
    template_with_comments(text).map(|(template, _)| template)
}

/// The same, with the comments in its holes.
fn template_with_comments(text: &str) -> Result<(Template, Vec<Comment>), SyntaxError> {
    let mut cursor = Cursor::new(text, Newlines::Significant);
    let template = cursor.text_template(TemplateForm::Heredoc, Closer::End);
    Ok((template.map_err(|error| *error)?, cursor.comments))
}

fn too_many_errors(at: usize, text: &str) -> SyntaxError {
    SyntaxError {
        message: format!("more than {MOST_ERRORS} errors: the rest of the file is not read"),
        help: None,
        range: TextRange::new(at, text.len()),
    }
}

/// Takes attributes that were set before out of a file's items, each for an error.
fn drop_redefinitions(items: &mut Vec<Item>, errors: &mut Vec<SyntaxError>) {
    if body::redefined(items).is_none() {
        return;
    }
    let mut seen = HashSet::new();
    items.retain(|item| match item {
        Item::Attribute(attribute) if !seen.insert(attribute.key.name.clone()) => {
            errors.push(body::redefinition(&attribute.key));
            false
        }
        _ => true,
    });
    errors.sort_by_key(|error| error.range.start);
}
