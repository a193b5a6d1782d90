//! The documents that are open in the editor.
//!
//! Invariant: a document says what the client says it says, as the protocol reads its edits: a place outside the text is
//! the nearest one inside.

use std::collections::BTreeMap;

use lsp_types::{TextDocumentContentChangeEvent, Uri};

use super::convert::Counted;
use crate::text::{LineIndex, Unit};

/// An open document.
#[derive(Debug)]
pub(super) struct Document {
    /// As the client writes it.
    pub(super) uri: Uri,
    pub(super) version: i32,
    pub(super) text: String,
}

/// The open documents by path in the repo.
#[derive(Debug, Default)]
pub(super) struct Documents {
    by_path: BTreeMap<String, Document>,
}

impl Documents {
    pub(super) fn open(&mut self, path: &str, document: Document) {
        self.by_path.insert(path.to_owned(), document);
    }

    pub(super) fn close(&mut self, path: &str) {
        self.by_path.remove(path);
    }

    pub(super) fn get(&self, path: &str) -> Option<&Document> {
        self.by_path.get(path)
    }

    /// Their paths.
    pub(super) fn paths(&self) -> impl Iterator<Item = &str> {
        self.by_path.keys().map(String::as_str)
    }

    /// Makes `changes`, in order; the text after that. `None` where the document is not open.
    pub(super) fn change(
        &mut self,
        path: &str,
        version: i32,
        changes: Vec<TextDocumentContentChangeEvent>,
        unit: Unit,
    ) -> Option<&str> {
        let document = self.by_path.get_mut(path)?;
        document.version = version;
        for change in changes {
            match change.range {
                None => document.text = change.text,
                Some(range) => {
                    let lines = LineIndex::new(&document.text);
                    let counted = Counted { text: &document.text, lines: &lines, unit };
                    let bytes = counted.bytes(range).indices();
                    document.text.replace_range(bytes, &change.text);
                }
            }
        }
        Some(&document.text)
    }
}

#[cfg(test)]
mod tests {
    use std::str::FromStr as _;

    use lsp_types::{Position, Range};

    use super::*;

    fn changed(text: &str, (from, to): ((u32, u32), (u32, u32)), by: &str) -> String {
        let mut documents = Documents::default();
        let uri = Uri::from_str("file:///a.tf").unwrap();
        documents.open("a.tf", Document { uri, version: 1, text: text.to_owned() });
        let range = Range {
            start: Position { line: from.0, character: from.1 },
            end: Position { line: to.0, character: to.1 },
        };
        let change = TextDocumentContentChangeEvent {
            range: Some(range),
            range_length: None,
            text: by.to_owned(),
        };
        documents.change("a.tf", 2, vec![change], Unit::Utf16).unwrap().to_owned()
    }

    #[test]
    fn places_outside_the_text_are_the_nearest_inside() {
        assert_eq!(changed("a\nb\n", ((0, 1), (1, 0)), " = "), "a = b\n");
        assert_eq!(changed("é😀\nb\n", ((0, 1), (0, 3)), "x"), "éx\nb\n");
        assert_eq!(changed("a\nb", ((0, 99), (7, 7)), ""), "a");
        assert_eq!(changed("a\nb", ((9, 0), (9, 9)), "c"), "a\nbc");
        assert_eq!(changed("abc", ((0, 2), (0, 1)), "x"), "abxc", "an end before the start");
        assert_eq!(
            changed("a\rb\r\nc", ((0, 2), (1, 0)), "x"),
            "a\rxc",
            "a lone `\r` is in a line"
        );
    }
}
