//! The tree that YAML, JSON and the readers of other languages share.

use smol_str::SmolStr;

use crate::text::TextRange;

/// How a scalar is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ScalarStyle {
    /// Without quotes.
    Plain,
    /// `'…'`.
    SingleQuoted,
    /// `"…"`.
    DoubleQuoted,
    /// A block after `|`: line breaks stay.
    Literal,
    /// A block after `>`: line breaks become spaces.
    Folded,
}

impl ScalarStyle {
    /// Whether it is a block after `|` or `>`.
    pub fn is_block(self) -> bool {
        matches!(self, ScalarStyle::Literal | ScalarStyle::Folded)
    }

    /// Whether it stands between quotes.
    pub fn is_quoted(self) -> bool {
        matches!(self, ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted)
    }
}

/// What stands at a node.
#[derive(Clone, PartialEq, Debug)]
pub enum NodeKind {
    /// A single value, as the text it means.
    Scalar {
        /// Without quotes, escapes, indentation and folding.
        value: SmolStr,
        /// How it is written.
        style: ScalarStyle,
        /// Whether it is no text but what a tag (`!secret name`) makes of this text.
        is_tagged: bool,
    },
    /// A list.
    Sequence(Vec<Node>),
    /// A text put together, of which a part is known only when it is used: a word of a shell with `$NAME` in it. YAML and
    /// JSON have none.
    Pieces(Vec<TextPiece>),
    /// Keys with values, in order, duplicates included.
    Mapping(Vec<Entry>),
    /// `*name`: the same as the node that carries the anchor.
    Alias {
        /// The anchored node; `None` where the anchor stands around the alias itself.
        target: Option<TextRange>,
    },
}

impl NodeKind {
    /// A value of its own, without a tag.
    pub fn scalar(value: impl Into<SmolStr>, style: ScalarStyle) -> NodeKind {
        NodeKind::Scalar { value: value.into(), style, is_tagged: false }
    }
}

/// A part of a text.
#[derive(Clone, PartialEq, Debug)]
pub struct TextPiece {
    /// What it says; `None` where only its use will tell.
    pub text: Option<SmolStr>,
    /// Its bytes.
    pub range: TextRange,
}

/// A key with its value.
#[derive(Clone, PartialEq, Debug)]
pub struct Entry {
    /// The key, mostly a scalar.
    pub key: Node,
    /// The value; an empty plain scalar where none is written.
    pub value: Node,
}

/// One node of the tree.
#[derive(Clone, PartialEq, Debug)]
pub struct Node {
    /// What it is.
    pub kind: NodeKind,
    /// Its bytes. Of a scalar the content only: inside the quotes, and of a block from the first character of the first
    /// line with text to the end of the last one.
    pub range: TextRange,
}

impl Node {
    /// The value of a scalar.
    pub fn as_str(&self) -> Option<&str> {
        match &self.kind {
            NodeKind::Scalar { value, .. } => Some(value),
            _ => None,
        }
    }

    /// Where it ends, with its quotes.
    pub(super) fn end(&self) -> u32 {
        let is_quoted = matches!(&self.kind, NodeKind::Scalar { style, .. } if style.is_quoted());
        self.range.end + u32::from(is_quoted)
    }

    /// The entries of a mapping; nothing for anything else.
    pub fn entries(&self) -> &[Entry] {
        match &self.kind {
            NodeKind::Mapping(entries) => entries,
            _ => &[],
        }
    }

    /// The elements of a sequence; nothing for anything else.
    pub fn items(&self) -> &[Node] {
        match &self.kind {
            NodeKind::Sequence(items) => items,
            _ => &[],
        }
    }

    /// The value at `key` of a mapping: of duplicates the last, as readers of YAML have it.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entries()
            .iter()
            .rev()
            .find(|entry| entry.key.as_str() == Some(key))
            .map(|entry| &entry.value)
    }

    /// Moves the tree of a piece of text by the offset at which the piece stands.
    pub fn shift(&mut self, by: u32) {
        self.range = shifted(self.range, by);
        match &mut self.kind {
            NodeKind::Scalar { .. } => {}
            NodeKind::Pieces(pieces) => {
                for piece in pieces {
                    piece.range = shifted(piece.range, by);
                }
            }
            NodeKind::Alias { target } => *target = target.map(|range| shifted(range, by)),
            NodeKind::Sequence(items) => items.iter_mut().for_each(|item| item.shift(by)),
            NodeKind::Mapping(entries) => {
                for entry in entries {
                    entry.key.shift(by);
                    entry.value.shift(by);
                }
            }
        }
    }

    /// The lines of a scalar as they stand in the file: without indentation and surrounding white space, blank ones left
    /// out. For a block scalar these are the places where text of the value can be pointed at.
    pub fn lines(&self, text: &str) -> Vec<TextRange> {
        let mut lines = Vec::new();
        let mut at = self.range.start as usize;
        for line in text[self.range.indices()].split_inclusive('\n') {
            let trimmed = line.trim();
            if !trimmed.is_empty() {
                let start = at + (line.len() - line.trim_start().len());
                lines.push(TextRange::new(start, start + trimmed.len()));
            }
            at += line.len();
        }
        lines
    }

    /// The bytes in the file that `inner`, a range of the scalar's value, comes from. `None` where it is not written
    /// there letter for letter: it crosses an escape, or the indentation of a block.
    pub fn outer(&self, text: &str, inner: TextRange) -> Option<TextRange> {
        let run = self.runs(text).into_iter().find(|run| run.inner.contains(inner))?;
        let start = (inner.start - run.inner.start) as usize;
        run.is_verbatim.then(|| run.outer.slice(start, inner.len()))
    }
}

fn shifted(range: TextRange, by: u32) -> TextRange {
    TextRange { start: range.start + by, end: range.end + by }
}
