//! Control comments: which of them stand in a file, what they say and what they cover.
//!
//! Invariant: a comment that addresses tautline is either a [`Control`] or an error. What is misspelt or attached to
//! nothing is said, never ignored: a control comment that does nothing without a word is worse than none.

mod grammar;
mod lines;
mod nodes;

use memchr::memmem;

pub use grammar::{Directive, NAME_RULES, RuleName};

use super::{SourceFile, SyntaxError};
use crate::text::TextRange;

/// A control comment and what it covers.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Control {
    /// What it says.
    pub directive: Directive,
    /// The bytes it speaks for.
    pub covers: TextRange,
}

/// What a comment is attached to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Attachment {
    /// The node or line it leads or trails.
    To(TextRange),
    /// The file, from its header.
    File,
    /// Nothing.
    Nowhere,
    /// It cannot be told: the file is broken.
    Unclear,
}

/// The control comments of `file`, in order.
pub fn controls(file: &SourceFile) -> Vec<Result<Control, SyntaxError>> {
    if memmem::find(file.text.as_bytes(), b"autline").is_none() {
        return Vec::new();
    }
    match &file.hcl {
        Some(document) => nodes::controls(file, document),
        None => lines::controls(file),
    }
}

/// Reads the comment whose text stands at `content`; `None` where it does not address tautline, or nothing can be said.
fn control(
    file: &SourceFile,
    content: TextRange,
    attachment: impl FnOnce() -> Attachment,
) -> Option<Result<Control, SyntaxError>> {
    let directive = match grammar::parse(&file.text, content)? {
        Ok(directive) => directive,
        Err(error) => return Some(Err(error)),
    };
    let covers = match attachment() {
        Attachment::To(range) => range,
        Attachment::File => TextRange::new(0, file.text.len()),
        Attachment::Unclear => return None,
        Attachment::Nowhere => {
            return Some(Err(SyntaxError {
                message: "this suppression is attached to nothing".to_owned(),
                help: Some(
                    "put it directly above what it covers, behind it on the same line, or at the top of the file"
                        .to_owned(),
                ),
                range: directive.range,
            }));
        }
    };
    Some(Ok(Control { directive, covers }))
}
