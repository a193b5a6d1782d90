//! What makes a diagnostic the same one after the code around it has changed.
//!
//! Invariant: the number of a line, the name of a file, the layout, comments and the names of other things make no
//! difference; which construct is wrong, and what is wrong there, do.

use std::fmt;
use std::str::FromStr;

use crate::diagnostic::{Diagnostic, fingerprint};
use crate::model::address_of;
use crate::syntax::SourceFile;
use crate::syntax::hcl::{Attribute, Construct, Document, Item, Sort};
use crate::text::{TextRange, dir_of};

/// So many lines on either side tell one line of a text from another like it.
const LINES_AROUND: usize = 2;

/// The address of a block with locals.
pub(super) const LOCALS: &str = "locals";

/// A diagnostic's identity.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Identity {
    /// The address of the top-level block, in HCL.
    pub address: Option<String>,
    /// The way from there, in words: `spec container[app] image`.
    pub at: String,
    /// The same for programs.
    pub key: Key,
    /// Whether nothing else of its kind stands beside it, so that its place alone tells which one it is.
    pub alone: bool,
}

/// An identity as a baseline keeps it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Key {
    /// The rule, the directory, the block's address, the way from there, and the bytes that are underlined.
    pub place: u64,
    /// The names on the way, and what the construct says that has none.
    pub like: u32,
    /// The message.
    pub said: u32,
    /// The rule, the way, the bytes, and what the whole block, or the local, says besides its name: the same in any directory
    /// and under any address.
    pub content: u64,
}

/// The identity of `diagnostic`, which points into `source`.
pub fn identity(source: &SourceFile, diagnostic: &Diagnostic) -> Identity {
    let rule = &*diagnostic.rule;
    let range = diagnostic.span.range;
    let directory = dir_of(&source.path);
    let said = short(hash("", &[], &diagnostic.message));
    let Some(document) = &source.hcl else {
        let line = gist_of_lines(source, range, 0);
        let around = gist_of_lines(source, range, LINES_AROUND);
        let what = source.slice(range);
        let place = hash(rule, &[directory, &line], what);
        let key = Key { place, like: 0, said, content: hash(rule, &[&around], what) };
        return Identity { address: None, at: String::new(), key, alone: false };
    };
    let construct = document.construct(range);
    let address = construct.item.and_then(|item| match item {
        Item::Block(block) => Some(address_of(block)),
        Item::Attribute(_) => None,
    });
    let steps = construct.trail.iter();
    let kinds = steps.clone().map(|step| step.kind.as_str()).collect::<Vec<_>>().join(" ");
    let at = steps.map(ToString::to_string).collect::<Vec<_>>().join(" ");
    let what = what(source, document, &construct, range);
    let local = local(&construct);
    let whole = local.map(|local| local.value.range).or(construct.item.map(Item::range));
    let gist = document.gist(&source.text, whole.unwrap_or(document.body.range));
    let way = if local.is_some() { kinds.split_once(' ').map_or("", |it| it.1) } else { &kinds };
    let key = Key {
        place: hash(rule, &[directory, address.as_deref().unwrap_or_default(), &kinds], &what),
        like: short(like(source, document, &construct, range)),
        said,
        content: hash(rule, &[way, &gist], &what),
    };
    Identity { address, at, key, alone: construct.alone && construct.sort != Sort::Text }
}

/// The local that `construct` stands in: every one is a thing of its own, though they share a block.
fn local<'t>(construct: &Construct<'t>) -> Option<&'t Attribute> {
    let Item::Block(block) = construct.item? else { return None };
    let name = &construct.trail.first()?.kind;
    if address_of(block) == LOCALS { block.body.attribute(name) } else { None }
}

/// What the bytes at `range` say. A header says nothing that the way to it does not, and where something is missing in a
/// list, what is in it says nothing.
fn what(
    source: &SourceFile,
    document: &Document,
    construct: &Construct<'_>,
    range: TextRange,
) -> String {
    match construct.sort {
        Sort::Header | Sort::Collection => String::new(),
        Sort::Text => source.slice(range).to_owned(),
        Sort::Other => document.gist(&source.text, range),
    }
}

/// What tells the construct from others on the same way.
fn like(
    source: &SourceFile,
    document: &Document,
    construct: &Construct<'_>,
    range: TextRange,
) -> u64 {
    let names = construct.trail.iter().filter_map(|step| step.name.as_deref());
    let names = names.collect::<Vec<_>>().join("\0");
    let nameless = construct.nameless.map(|it| document.gist(&source.text, it));
    let line = (construct.sort == Sort::Text).then(|| gist_of_lines(source, range, 0));
    hash("", &[&names, &line.unwrap_or_default()], &nameless.unwrap_or_default())
}

/// The lines on which `range` starts and ends, with `around` more on either side, without white space.
fn gist_of_lines(source: &SourceFile, range: TextRange, around: usize) -> String {
    let lines = source.lines();
    let first = lines.line_of(range.start).saturating_sub(around);
    let last = (lines.line_of(range.end) + around).min(lines.count() - 1);
    let end = lines.range_of(&source.text, last).end;
    let text = source.slice(TextRange { start: lines.start_of(first), end });
    text.chars().filter(|character| !character.is_whitespace()).collect()
}

pub(super) fn hash(rule: &str, parts: &[&str], text: &str) -> u64 {
    let name = fingerprint(rule, &parts.join("\0"), text, 0);
    name.get(..16).and_then(|half| u64::from_str_radix(half, 16).ok()).unwrap_or_default()
}

fn short(hash: u64) -> u32 {
    (hash >> 32) as u32
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Key { place, like, said, content } = self;
        write!(f, "{place:016x}-{like:08x}-{said:08x}-{content:016x}")
    }
}

/// A text that is no key.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct NoKey;

impl FromStr for Key {
    type Err = NoKey;

    fn from_str(text: &str) -> Result<Key, NoKey> {
        let mut parts = text.split('-');
        let mut part = |digits: usize| {
            let part = parts.next().filter(|part| part.len() == digits).ok_or(NoKey)?;
            u64::from_str_radix(part, 16).map_err(|_| NoKey)
        };
        let (place, like, said, content) = (part(16)?, part(8)?, part(8)?, part(16)?);
        let key = Key { place, like: like as u32, said: said as u32, content };
        if parts.next().is_none() { Ok(key) } else { Err(NoKey) }
    }
}
