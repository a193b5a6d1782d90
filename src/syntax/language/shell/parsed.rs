//! A script in the parser's trees: one of the script without its here-documents, and one of each command in those.

use std::borrow::Cow;
use std::ops::{ControlFlow, Range};

use tree_sitter::{Node as Syntax, ParseOptions, ParseState, Parser, Point, Tree};

use super::document::{self, Endless, Expanded, HereDocument};
use super::known;

/// How much work a script may be, in hundreds of steps of the parser: so much, and so much more for each hundred bytes. Real
/// scripts are read in one step a byte.
const LEAST_WORK: usize = 2_000;
const WORK_PER_HUNDRED_BYTES: usize = 4;
/// How deep here-documents may stand in commands of others.
const DEEPEST: usize = 4;

/// The trees of a script.
pub(super) struct Parsed {
    /// The script. In place of a here-document a file is read.
    pub(super) tree: Tree,
    /// The here-documents, those of commands in others too.
    pub(super) documents: Vec<Read>,
    /// What is not understood, where the trees do not say so.
    pub(super) refused: Option<Refused>,
}

/// A here-document that was read.
pub(super) struct Read {
    pub(super) document: HereDocument,
    /// `$NAME`, `${…}`, `$(…)` in its lines, in order.
    pub(super) expanded: Vec<Range<usize>>,
    /// The commands in those.
    pub(super) trees: Vec<Tree>,
}

/// Why a script is not understood.
#[derive(Debug)]
pub(super) struct Refused {
    pub(super) message: String,
    pub(super) range: Range<usize>,
}

impl Refused {
    fn new(message: impl Into<String>, range: Range<usize>) -> Refused {
        Refused { message: message.into(), range }
    }
}

impl Parsed {
    /// The trees of `text`; `None` where the parser would take too long over it.
    pub(super) fn of(text: &str) -> Option<Parsed> {
        let (documents, refused) = match found(text) {
            Ok(documents) => (documents, None),
            Err(refused) => (Vec::new(), Some(refused)),
        };
        let shown = without(text, &documents);
        let mut parsed = Parsed { tree: tree(&shown, 0)?, documents: Vec::new(), refused };
        let root = parsed.tree.root_node();
        // Where the parser sees something else, one of both has misread it.
        let unmet = documents.iter().find(|it| !root.has_error() && !is_redirect(root, it));
        if let Some(unmet) = unmet {
            let message = "a here-document that is not understood begins here";
            parsed.refuse(Refused::new(message, unmet.operator.clone()));
        }
        parsed.add(text, documents, 0)?;
        parsed.documents.sort_by_key(|it| it.document.operator.start);
        Some(parsed)
    }

    /// Adds `documents`, those in them too; `None` where that is too much work.
    fn add(&mut self, text: &str, documents: Vec<HereDocument>, depth: usize) -> Option<()> {
        let mut inner = Vec::new();
        let mut expanded = Vec::with_capacity(documents.len());
        for document in &documents {
            match document::expanded(text, document) {
                Ok(mut found) => {
                    inner.append(&mut found.documents);
                    expanded.push(found);
                }
                Err(endless) => {
                    self.refuse(said(text, endless));
                    expanded.push(Expanded::default());
                }
            }
        }
        if depth == DEEPEST && !inner.is_empty() {
            let message = "here-documents in others so deep are not understood";
            self.refuse(Refused::new(message, inner[0].operator.clone()));
            inner.clear();
        }
        let shown = without(text, &inner);
        for (document, expanded) in documents.into_iter().zip(expanded) {
            let mut trees = Vec::with_capacity(expanded.commands.len());
            for commands in expanded.commands {
                let tree = tree(&shown[commands.clone()], commands.start)?;
                if let Some(error) = first_error(tree.root_node()) {
                    let at = error.start_byte().clamp(commands.start, commands.end);
                    self.refuse(not_understood(text, at));
                }
                trees.push(tree);
            }
            self.documents.push(Read { document, expanded: expanded.all, trees });
        }
        if inner.is_empty() { Some(()) } else { self.add(text, inner, depth + 1) }
    }

    fn refuse(&mut self, refused: Refused) {
        self.refused.get_or_insert(refused);
    }
}

fn found(text: &str) -> Result<Vec<HereDocument>, Refused> {
    if memchr::memmem::find(text.as_bytes(), b"<<").is_none() {
        return Ok(Vec::new());
    }
    document::of_script(text).map_err(|endless| said(text, endless))
}

fn without<'t>(text: &'t str, documents: &[HereDocument]) -> Cow<'t, str> {
    match documents {
        [] => Cow::Borrowed(text),
        some => Cow::Owned(document::without(text, some)),
    }
}

fn said(text: &str, endless: Endless) -> Refused {
    match endless {
        Endless::Document(operator) => {
            let word = text[operator.clone()].trim_start_matches(['<', '-', ' ', '\t']);
            let message = format!("no line ends this here-document: none is {word}");
            Refused::new(message, operator)
        }
        Endless::Expansion(at) => not_understood(text, at),
    }
}

fn not_understood(text: &str, at: usize) -> Refused {
    Refused::new("what this here-document expands is not understood", line_at(text, at))
}

fn is_redirect(root: Syntax<'_>, document: &HereDocument) -> bool {
    let at = document.operator.start;
    let operator = root.descendant_for_byte_range(at, at + 1);
    operator.and_then(|it| it.parent()).is_some_and(|it| it.kind() == "file_redirect")
}

/// The tree of `text`, which stands at the byte `start`; `None` where the parser would take too long over it.
fn tree(text: &str, start: usize) -> Option<Tree> {
    let tree = parse(text, start)?;
    if tree.root_node().has_error()
        && let Some(known) = known::in_known_words(text)
    {
        // Everything stands where it stood; what is quoted is read from the script.
        let known = parse(&known, start)?;
        if !known.root_node().has_error() {
            return Some(known);
        }
    }
    Some(tree)
}

fn parse(text: &str, start: usize) -> Option<Tree> {
    let mut parser = Parser::new();
    parser.set_language(&tree_sitter_bash::LANGUAGE.into()).ok()?;
    if start > 0 {
        // Of nodes in here-documents, nobody asks for the row.
        let (start_point, end_point) = (Point::new(0, 0), Point::new(text.len(), text.len()));
        let end_byte = start + text.len();
        let range = tree_sitter::Range { start_byte: start, end_byte, start_point, end_point };
        parser.set_included_ranges(&[range]).ok()?;
    }
    let mut left = LEAST_WORK + text.len() * WORK_PER_HUNDRED_BYTES / 100;
    let mut progress = |_: &ParseState| {
        left = left.saturating_sub(1);
        if left == 0 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    let options = ParseOptions::new().progress_callback(&mut progress);
    let bytes = text.as_bytes();
    let mut from = |at: usize, _: Point| bytes.get(at.saturating_sub(start)..).unwrap_or_default();
    parser.parse_with_options(&mut from, None, Some(options))
}

/// The first node that the parser could not make out.
pub(super) fn first_error(root: Syntax<'_>) -> Option<Syntax<'_>> {
    if !root.has_error() {
        return None;
    }
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
                return Some(root);
            }
        }
    }
}

/// The line at the byte `at`, without the white space around it.
pub(super) fn line_at(text: &str, at: usize) -> Range<usize> {
    let at = at.min(text.len());
    let start = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
    let line = &text[start..text[at..].find('\n').map_or(text.len(), |newline| at + newline)];
    let start = start + line.len() - line.trim_start().len();
    start..start + line.trim().len()
}

/// Shows every node below `node` and itself; those below one of which `visit` says no are passed over.
pub(super) fn each_below<'o>(node: Syntax<'o>, visit: &mut dyn FnMut(Syntax<'o>) -> bool) {
    let mut cursor = node.walk();
    loop {
        if visit(cursor.node()) && cursor.goto_first_child() {
            continue;
        }
        while !cursor.goto_next_sibling() {
            if !cursor.goto_parent() {
                return;
            }
        }
    }
}
