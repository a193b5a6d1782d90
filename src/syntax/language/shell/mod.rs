//! Shell: what a script assigns, which commands it gives with which words, and the here-documents in it.
//!
//! Invariant: what only a run could tell (`$NAME`, `$(…)`, what a pipeline fills in before) is a piece without a text; a command
//! that is a variable is expanded where the script itself says for certain what it holds (`constants.rs`). A script that cannot be made out as a whole is an error: half of one could mean anything.

mod constants;
mod document;
mod heeded;
mod known;
pub mod outline;
mod parsed;
mod parts;
mod prepared;
mod script;
mod words;

use super::super::SyntaxError;
use super::super::yaml::Node;
use crate::text::TextRange;
use parsed::{Parsed, Refused};
use prepared::Prepared;

/// How long a script may be.
const LONGEST: usize = 512 << 10;
/// Reads a script as the shell gets it.
pub(super) fn parse(text: &str) -> Result<Node, SyntaxError> {
    read(&Prepared::script(text))
}

/// Reads what a container of Kubernetes is told to run in a shell: `$$` is `$` before the shell gets it.
pub(super) fn parse_kubernetes(text: &str) -> Result<Node, SyntaxError> {
    read(&Prepared::kubernetes(text))
}

/// Reads commands of a Woodpecker pipeline, which replaces `${NAME}` and takes `$$` for `$` before the shell gets them.
pub(super) fn parse_woodpecker(text: &str) -> Result<Node, SyntaxError> {
    read(&Prepared::woodpecker(text))
}

fn read(source: &Prepared<'_>) -> Result<Node, SyntaxError> {
    let whole = source.outer(0..source.text.len());
    if source.text.len() > LONGEST {
        return Err(refused("it is too long to be read as a script", whole));
    }
    let parsed = Parsed::of(&source.text)
        .ok_or_else(|| refused("it is too much work to be read as a script", whole))?;
    if let Some(Refused { message, range }) = parsed.refused {
        return Err(refused(&message, source.outer(range)));
    }
    if let Some(error) = parsed::first_error(parsed.tree.root_node()) {
        let range = source.outer(parsed::line_at(&source.text, error.start_byte()));
        return Err(refused("this is no shell, or one that is not understood", range));
    }
    Ok(script::script(source, &parsed, whole))
}

fn refused(message: &str, range: TextRange) -> SyntaxError {
    SyntaxError { message: message.to_owned(), help: None, range }
}

#[cfg(test)]
mod tests;
