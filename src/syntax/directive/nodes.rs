//! Control comments in HCL: attached to the tree.

use super::{Attachment, Control, control, grammar};
use crate::syntax::hcl::{Document, Expr, ExprKind, Item, ObjectEntry};
use crate::syntax::yaml::Node;
use crate::syntax::{About, Comment, SourceFile, SyntaxError, json};
use crate::text::TextRange;

pub(super) fn controls(
    file: &SourceFile,
    document: &Document,
) -> Vec<Result<Control, SyntaxError>> {
    let nodes = nodes(document);
    let comments = document.comments.all().iter().enumerate();
    comments
        .filter_map(|(position, comment)| {
            let read = control(file, comment.text, || match document.comments.about(position) {
                About::Node(range) => Attachment::To(range),
                About::File => Attachment::File,
                About::Nothing => Attachment::Nowhere,
                About::Place => match attachment(file, &nodes, comment) {
                    // What it is attached to may be the part that was not understood.
                    Attachment::Nowhere if !document.errors.is_empty() => Attachment::Unclear,
                    attachment => attachment,
                },
            });
            match &comment.said {
                Some(said) => as_said(read, said, comment.text),
                None => read,
            }
        })
        .collect()
}

/// What was read of a comment at `range` that is written with escapes and says `said`.
fn as_said(
    read: Option<Result<Control, SyntaxError>>,
    said: &str,
    range: TextRange,
) -> Option<Result<Control, SyntaxError>> {
    match read {
        Some(Ok(mut control)) => {
            let reason = &mut control.directive.reason;
            let node = json::parse(&format!("\"{reason}\"")).ok();
            if let Some(text) = node.as_ref().and_then(Node::as_str) {
                text.clone_into(reason);
            }
            Some(Ok(control))
        }
        Some(error) => Some(error),
        // Only without its escapes it addresses tautline: on a line of its own.
        None => match grammar::parse(said, TextRange::new(0, said.len()))? {
            Ok(_) => None,
            Err(error) => Some(Err(SyntaxError { range, ..error })),
        },
    }
}

/// The innermost node that the comment leads or trails. A comment behind an opening brace trails the node that opens
/// there: `env { # …` speaks for the whole of `env`.
fn attachment(file: &SourceFile, nodes: &[TextRange], comment: &Comment) -> Attachment {
    let innermost = |attached: &dyn Fn(TextRange) -> bool| {
        nodes.iter().copied().filter(|&node| attached(node)).min_by_key(|node| node.len())
    };
    let node = if comment.own_line {
        innermost(&|node| file.leading(node).contains(comment))
    } else {
        let line = file.lines().line_of(comment.range.start);
        innermost(&|node| file.trailing(node) == Some(comment)).or_else(|| {
            innermost(&|node| {
                node.contains(comment.range) && file.lines().line_of(node.start) == line
            })
        })
    };
    match node {
        Some(range) => Attachment::To(range),
        None if file.comments().header(&file.text).contains(comment) => Attachment::File,
        None => Attachment::Nowhere,
    }
}

/// Everything that a comment can be attached to: attributes, blocks, list elements, arguments and object entries.
fn nodes(document: &Document) -> Vec<TextRange> {
    let mut nodes = Vec::new();
    let mut bodies = vec![&document.body];
    while let Some(body) = bodies.pop() {
        for item in &body.items {
            nodes.push(item.range());
            match item {
                Item::Block(block) => bodies.push(&block.body),
                Item::Attribute(attribute) => {
                    attribute.value.descendants().for_each(|expr| add_parts(expr, &mut nodes));
                }
            }
        }
    }
    nodes
}

fn add_parts(expr: &Expr, nodes: &mut Vec<TextRange>) {
    match &expr.kind {
        ExprKind::Tuple(items) => nodes.extend(items.iter().map(|item| item.range)),
        ExprKind::Object(entries) => nodes.extend(entries.iter().map(ObjectEntry::range)),
        ExprKind::Call(call) => nodes.extend(call.args.iter().map(|argument| argument.range)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::super::controls;
    use crate::syntax::{Format, SourceFile};
    use crate::text::FileId;

    /// What each control comment of an HCL file covers, or why it is none.
    fn covered(text: &str) -> Vec<String> {
        let file = SourceFile::new(FileId(0), "main.tf".into(), text.into(), Format::of("main.tf"));
        controls(&file)
            .into_iter()
            .map(|control| match control {
                Ok(control) => text[control.covers.indices()].to_owned(),
                Err(error) => error.message,
            })
            .collect()
    }

    #[test]
    fn it_covers_the_node_it_leads() {
        let text =
            "a = 1\n# tautline: ignore[x/y] -- z\n# more\nresource \"p\" \"q\" {\n  b = 2\n}\n";
        assert_eq!(covered(text), ["resource \"p\" \"q\" {\n  b = 2\n}"]);
        assert_eq!(
            covered("x {\n  // tautline: ignore[x/y] -- z\n  b = [\n  1]\n}\n"),
            ["b = [\n  1]"]
        );
        assert_eq!(covered("x = [\n  1,\n  # tautline: ignore[x/y] -- z\n  2,\n]\n"), ["2"]);
        assert_eq!(covered("x = {\n  /* tautline: ignore[x/y] -- z */\n  k = 2\n}\n"), ["k = 2"]);
        assert_eq!(covered("x = f(\n  # tautline: ignore[x/y] -- z\n  [2],\n)\n"), ["[2]"]);
    }

    #[test]
    fn it_covers_the_node_it_trails() {
        assert_eq!(covered("b = 2 # tautline: ignore[x/y] -- z\n"), ["b = 2"]);
        assert_eq!(covered("b = [\n  1, # tautline: ignore[x/y] -- z\n  2]\n"), ["1"]);
        assert_eq!(covered("b {\n} # tautline: ignore[x/y] -- z\n"), ["b {\n}"]);
        assert_eq!(
            covered("b { # tautline: ignore[x/y] -- z\n  c = 1\n}\n"),
            ["b { # tautline: ignore[x/y] -- z\n  c = 1\n}"]
        );
        assert_eq!(covered("b = {\n  k = 1 # tautline: ignore[x/y] -- z\n}\n"), ["k = 1"]);
    }

    #[test]
    fn in_the_header_it_covers_the_file() {
        let text = "# What this is.\n# tautline: ignore[x/y] -- z\n\na = 1\n";
        assert_eq!(covered(text), [text]);
        assert_eq!(covered("# tautline: ignore[x/y] -- z\na = 1\nb = 2\n"), ["a = 1"]);
    }

    #[test]
    fn attached_to_nothing_it_is_an_error() {
        let nothing = "this suppression is attached to nothing";
        assert_eq!(covered("a = 1\n# tautline: ignore[x/y] -- z\n\nb = 1\n"), [nothing]);
        assert_eq!(covered("a {\n  b = 1\n  # tautline: ignore[x/y] -- z\n}\n"), [nothing]);
    }

    #[test]
    fn in_strings_it_is_text() {
        assert!(
            covered(
                "a = <<EOT\n# tautline: ignore[x/y] -- z\nEOT\nb = \"# tautline: ignore[x/y]\"\n"
            )
            .is_empty()
        );
    }

    #[test]
    fn what_is_not_understood_is_not_blamed() {
        assert!(covered("a {\n  # tautline: ignore[x/y] -- z\n  b = = 1\n}\n").is_empty());
    }
}
