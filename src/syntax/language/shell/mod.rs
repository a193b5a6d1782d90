//! Shell: what a script assigns, which commands it gives with which words, and the here-documents in it.
//!
//! Invariant: what only a run could tell (`$NAME`, `$(…)`, what a pipeline fills in before) is a piece without a text; a command
//! that is a variable is expanded where the script itself says for certain what it holds (`constants.rs`). A script that cannot be made out as a whole is an error: half of one could mean anything.

mod constants;
mod known;
pub mod outline;
mod prepared;
mod script;
mod words;

use std::ops::{ControlFlow, Range};

use tree_sitter::{Node as Syntax, ParseOptions, ParseState, Parser, Tree};

use super::super::SyntaxError;
use super::super::yaml::Node;
use crate::text::TextRange;
use prepared::Prepared;

/// How long a script may be.
const LONGEST: usize = 512 << 10;
/// How much work a script may be, in hundreds of steps of the parser: so much, and so much more for each hundred bytes. Real
/// scripts are read in one step a byte.
const LEAST_WORK: usize = 2_000;
const WORK_PER_HUNDRED_BYTES: usize = 4;

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
    let tree = tree(&source.text)
        .ok_or_else(|| refused("it is too much work to be read as a script", whole))?;
    let root = tree.root_node();
    if root.has_error() {
        let at = first_error(root).unwrap_or(root);
        let range = source.outer(line_of(&source.text, at));
        return Err(refused("this is no shell, or one that is not understood", range));
    }
    script::script(source, root, whole).map_err(|line| {
        refused("a here-document whose command goes on behind it is not understood", line)
    })
}

fn refused(message: &str, range: TextRange) -> SyntaxError {
    SyntaxError { message: message.to_owned(), help: None, range }
}

/// The tree of `text`; `None` where the parser would take too long over it.
fn tree(text: &str) -> Option<Tree> {
    let tree = parsed(text)?;
    if tree.root_node().has_error()
        && let Some(known) = known::in_known_words(text)
    {
        // Everything stands where it stood; what is quoted is read from `text`.
        let known = parsed(&known)?;
        if !known.root_node().has_error() {
            return Some(known);
        }
    }
    Some(tree)
}

fn parsed(text: &str) -> Option<Tree> {
    let mut parser = Parser::new();
    parser.set_language(&tree_sitter_bash::LANGUAGE.into()).ok()?;
    let mut left = LEAST_WORK + text.len() * WORK_PER_HUNDRED_BYTES / 100;
    let mut progress = |_: &ParseState| {
        left = left.saturating_sub(1);
        if left == 0 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    let options = ParseOptions::new().progress_callback(&mut progress);
    let bytes = text.as_bytes();
    parser.parse_with_options(&mut |at, _| bytes.get(at..).unwrap_or_default(), None, Some(options))
}

/// The first node that the parser could not make out.
fn first_error(root: Syntax<'_>) -> Option<Syntax<'_>> {
    let mut cursor = root.walk();
    loop {
        let node = cursor.node();
        if node.is_error() || node.is_missing() {
            return Some(node);
        }
        if node.has_error() && cursor.goto_first_child() {
            continue;
        }
        while !cursor.goto_next_sibling() {
            if !cursor.goto_parent() {
                return None;
            }
        }
    }
}

/// The line that `node` begins on, without the white space around it.
fn line_of(text: &str, node: Syntax<'_>) -> Range<usize> {
    let at = node.start_byte().min(text.len());
    let start = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
    let line = &text[start..text[at..].find('\n').map_or(text.len(), |newline| at + newline)];
    let start = start + line.len() - line.trim_start().len();
    start..start + line.trim().len()
}

#[cfg(test)]
mod tests;
