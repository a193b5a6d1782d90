//! What readers build their trees with.

use smol_str::SmolStr;

use crate::syntax::yaml::{Entry, Node, NodeKind, ScalarStyle};
use crate::text::TextRange;

/// A text that stands at `range`. It is one whatever it looks like: `no` and `5` are texts too.
pub(super) fn text(value: impl Into<SmolStr>, range: TextRange) -> Node {
    Node { kind: NodeKind::scalar(value, ScalarStyle::Literal), range }
}

/// What the bytes `range` of `source` say, word for word.
pub(super) fn verbatim(source: &str, range: TextRange) -> Node {
    text(&source[range.indices()], range)
}

/// A number that is read from, or counts what stands in, `range`.
pub(super) fn number(value: usize, range: TextRange) -> Node {
    Node { kind: NodeKind::scalar(value.to_string(), ScalarStyle::Plain), range }
}

/// A list of what stands in `range`.
pub(super) fn list(items: Vec<Node>, range: TextRange) -> Node {
    Node { kind: NodeKind::Sequence(items), range }
}

/// An object under construction.
pub(super) struct Object {
    entries: Vec<Entry>,
    range: TextRange,
}

impl Object {
    /// One that stands at `range`.
    pub(super) fn new(range: TextRange) -> Self {
        Self { entries: Vec::new(), range }
    }

    /// Adds an entry whose name the reader gives: it is shown where its value stands.
    #[must_use]
    pub(super) fn with(self, name: &'static str, value: Node) -> Self {
        let key = text(SmolStr::new_static(name), value.range);
        self.entry(key, value)
    }

    /// Adds the entry if there is a value.
    #[must_use]
    pub(super) fn with_some(self, name: &'static str, value: Option<Node>) -> Self {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }

    /// Adds an entry whose name is written in the text.
    #[must_use]
    pub(super) fn entry(mut self, key: Node, value: Node) -> Self {
        self.entries.push(Entry { key, value });
        self
    }

    /// The object.
    pub(super) fn finish(self) -> Node {
        Node { kind: NodeKind::Mapping(self.entries), range: self.range }
    }
}
