//! How tests look at a tree.

use std::fmt::Write;

use crate::syntax::yaml::{Node, NodeKind};

/// The tree on one line, like YAML in brackets; what is open as it is written, between `«` and `»`. Every range must lie in
/// `text`, and in that of the node around it.
pub(super) fn show(text: &str, node: &Node) -> String {
    let mut out = String::new();
    write(text, node, &mut out);
    out
}

fn write(text: &str, node: &Node, out: &mut String) {
    assert!(text.get(node.range.indices()).is_some(), "{:?} of {text:?}", node.range);
    match &node.kind {
        NodeKind::Scalar { value, .. } => out.push_str(value),
        NodeKind::Pieces(pieces) => {
            for piece in pieces {
                let written = text.get(piece.range.indices()).expect("a range inside the text");
                let _ = match &piece.text {
                    Some(text) => write!(out, "{text}"),
                    None => write!(out, "«{written}»"),
                };
            }
        }
        NodeKind::Sequence(items) => {
            out.push('[');
            for (at, item) in items.iter().enumerate() {
                out.push_str(if at == 0 { "" } else { ", " });
                write(text, item, out);
            }
            out.push(']');
        }
        NodeKind::Mapping(entries) => {
            out.push('{');
            for (at, entry) in entries.iter().enumerate() {
                out.push_str(if at == 0 { "" } else { ", " });
                write(text, &entry.key, out);
                out.push_str(": ");
                write(text, &entry.value, out);
            }
            out.push('}');
        }
        NodeKind::Alias { .. } => out.push('*'),
    }
}
