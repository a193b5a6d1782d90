//! The canonical layout of a file: what `terraform fmt` makes of it, as edits.
//!
//! Invariant: the edits depend on the tokens alone; they keep every token but those that `rewrite.rs` names, and applied
//! to their own result there are none.

mod lines;
mod rewrite;
mod scan;
mod spacing;
#[cfg(test)]
mod tests;
mod token;

use std::borrow::Cow;
use std::ops::Range;

use super::Document;
use crate::text::TextRange;
use token::Token;

/// What has to be changed for a file to have the canonical layout.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Layout {
    /// The edits in order: for each range the text that takes its place. None where the layout is canonical.
    pub edits: Vec<(TextRange, String)>,
    /// Whether one of them touches more than white space.
    pub rewrites: bool,
}

/// The way from `text`, whose tree is `document`, to its canonical layout. The document must have no errors.
pub fn layout(text: &str, document: &Document) -> Layout {
    let mut stream = Stream::new(text);
    // What stands behind the last token stays as wide as it is.
    let rest = text.len() - stream.tokens.last().map_or(0, |token| token.end as usize);
    rewrite::rewrite(&mut stream, &document.body);
    lines::lay_out(&mut stream);
    Layout { edits: stream.edits(rest), rewrites: stream.is_rewritten }
}

/// The tokens of a file on their way to another layout.
struct Stream<'t> {
    text: &'t str,
    tokens: Vec<Token>,
    /// The texts of the tokens that were put in, by number, in order.
    inserted: Vec<(usize, Cow<'static, str>)>,
    is_rewritten: bool,
}

impl<'t> Stream<'t> {
    fn new(text: &'t str) -> Self {
        Self { text, tokens: scan::scan(text), inserted: Vec::new(), is_rewritten: false }
    }

    /// The tokens that stand in `range`.
    fn tokens_of(&self, range: TextRange) -> Range<usize> {
        let first = self.tokens.partition_point(|token| token.start < range.start);
        let rest = &self.tokens[first..];
        first..first + rest.partition_point(|token| token.start < range.end)
    }

    /// The text of the token `at`.
    fn written(&self, at: usize) -> &str {
        let token = &self.tokens[at];
        if token.is_written() {
            return &self.text[token.start as usize..token.end as usize];
        }
        let found = self.inserted.binary_search_by_key(&at, |(number, _)| *number);
        found.map_or("", |index| &self.inserted[index].1)
    }

    /// The edits that put the spaces before each token, and `rest` of them behind the last.
    fn edits(&self, rest: usize) -> Vec<(TextRange, String)> {
        let mut edits = Vec::new();
        // Up to where the text is done, and what belongs there before the next token of the text.
        let mut done = 0;
        let mut pending = String::new();
        for (at, token) in self.tokens.iter().enumerate() {
            if token.is_written() {
                let (start, before) = (token.start as usize, token.before as usize);
                // Nearly every gap is none, or one space.
                let is_right = pending.is_empty()
                    && start - done == before
                    && (before == 0 || (before == 1 && self.text.as_bytes()[done] == b' '));
                if !is_right {
                    self.edit(done, start, &pending, before, &mut edits);
                    pending.clear();
                }
                done = token.end as usize;
            } else {
                pending.extend(std::iter::repeat_n(' ', token.before as usize));
                pending.push_str(self.written(at));
            }
        }
        self.edit(done, self.text.len(), &pending, rest, &mut edits);
        edits
    }

    /// Adds the edit that has `first` and so many `spaces` stand from `start` to `end`, if there is one.
    fn edit(
        &self,
        start: usize,
        end: usize,
        first: &str,
        spaces: usize,
        edits: &mut Vec<(TextRange, String)>,
    ) {
        let found = &self.text[start..end];
        if first.is_empty() && found.len() == spaces && found.bytes().all(|byte| byte == b' ') {
            return;
        }
        let wanted = first.to_owned() + &" ".repeat(spaces);
        let (found, wanted) = (found, wanted.as_str());
        let prefix = common(found.chars(), wanted.chars());
        let (left, missing) = (&found[prefix..], &wanted[prefix..]);
        let suffix = common(left.chars().rev(), missing.chars().rev());
        let range = TextRange::new(start + prefix, end - suffix);
        let text = &missing[..missing.len() - suffix];
        if !range.is_empty() || !text.is_empty() {
            edits.push((range, text.to_owned()));
        }
    }
}

/// How many bytes the two have in common before they differ.
fn common(one: impl Iterator<Item = char>, other: impl Iterator<Item = char>) -> usize {
    one.zip(other).take_while(|(a, b)| a == b).map(|(c, _)| c.len_utf8()).sum()
}
