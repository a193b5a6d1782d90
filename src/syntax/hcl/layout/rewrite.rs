//! What `terraform fmt` changes besides white space: labels are quoted, a string that is nothing but `${ … }` becomes
//! what is in it, and the types of variables are written as they are since Terraform 0.12.
//!
//! Invariant: a change replaces whole tokens, and no two changes touch the same.
//!
//! `terraform fmt` takes away labels with `$` or `%` in them. Here those are left alone.

use std::borrow::Cow;
use std::ops::Range;

use super::super::quote::plain;
use super::super::{Block, Body, Expr, ExprKind, Ident, Item, TemplatePart};
use super::Stream;
use super::token::{Kind, Token};
use crate::text::TextRange;

/// Some tokens and what takes their place.
struct Change {
    tokens: Range<usize>,
    with: Vec<Piece>,
}

enum Piece {
    /// A token that stays, by number, and what it now is.
    Kept(usize, Kind),
    /// A token that is put in.
    New(Kind, Cow<'static, str>),
}

/// Where a body is.
#[derive(Clone, Copy)]
enum Place<'b> {
    File,
    /// In a block of this type, which is in no other.
    TopBlock(&'b str),
    Deeper,
}

impl Place<'_> {
    fn is_variable(self) -> bool {
        matches!(self, Place::TopBlock("variable"))
    }
}

/// Changes the tokens of a file whose tree is `body`.
pub(super) fn rewrite(stream: &mut Stream<'_>, body: &Body) {
    let mut changes = Vec::new();
    collect(stream, body, Place::File, &mut changes);
    if changes.is_empty() {
        return;
    }
    stream.is_rewritten = true;
    let old = std::mem::take(&mut stream.tokens);
    let mut passed = 0;
    for change in changes {
        stream.tokens.extend_from_slice(&old[passed..change.tokens.start]);
        let place = old[change.tokens.start].start as usize;
        for piece in change.with {
            match piece {
                Piece::Kept(at, kind) => stream.tokens.push(Token { kind, ..old[at] }),
                Piece::New(kind, text) => {
                    stream.inserted.push((stream.tokens.len(), text));
                    stream.tokens.push(Token::new(kind, place, place));
                }
            }
        }
        passed = change.tokens.end;
    }
    stream.tokens.extend_from_slice(&old[passed..]);
}

/// The changes in `body`, in order.
fn collect(stream: &Stream<'_>, body: &Body, place: Place<'_>, changes: &mut Vec<Change>) {
    for item in &body.items {
        match item {
            Item::Attribute(attribute) if place.is_variable() && attribute.key.name == "type" => {
                changes.extend(type_change(stream, attribute.value.range));
            }
            Item::Attribute(attribute) => changes.extend(value_change(stream, &attribute.value)),
            Item::Block(block) => {
                changes.extend(label_change(stream, block));
                let place = match place {
                    Place::File => Place::TopBlock(&block.kind.name),
                    Place::TopBlock(_) | Place::Deeper => Place::Deeper,
                };
                collect(stream, &block.body, place, changes);
            }
        }
    }
}

/// The type of a variable: `list` has had an element type since Terraform 0.12, and no quotes.
fn type_change(stream: &Stream<'_>, value: TextRange) -> Option<Change> {
    let tokens = stream.tokens_of(value);
    let kinds: Vec<Kind> = tokens.clone().map(|at| stream.tokens[at].kind).collect();
    let (name, is_quoted) = match kinds.as_slice() {
        [Kind::Name] => (tokens.start, false),
        [Kind::OpenQuote, Kind::Text, Kind::CloseQuote] => (tokens.start + 1, true),
        _ => return None,
    };
    let element = match (stream.written(name), is_quoted) {
        ("string", true) => None,
        ("list" | "map", true) => Some("string"),
        ("list" | "map" | "set", false) => Some("any"),
        _ => return None,
    };
    let mut with = vec![Piece::Kept(name, Kind::Name)];
    with.extend(element.into_iter().flat_map(|element| {
        [
            Piece::New(Kind::OpenParen, "(".into()),
            Piece::New(Kind::Name, element.into()),
            Piece::New(Kind::CloseParen, ")".into()),
        ]
    }));
    Some(Change { tokens, with })
}

/// `"${value}"`
fn value_change(stream: &Stream<'_>, value: &Expr) -> Option<Change> {
    let ExprKind::Template(template) = &value.kind else { return None };
    let [TemplatePart::Interpolation(_)] = template.parts.as_slice() else { return None };
    let tokens = stream.tokens_of(value.range);
    let kinds = |at: usize| stream.tokens[at].kind;
    if tokens.len() < 5
        || kinds(tokens.start) != Kind::OpenQuote
        || kinds(tokens.start + 1) != Kind::OpenHole
        || kinds(tokens.end - 2) != Kind::CloseHole
    {
        return None;
    }
    let mut inside = tokens.start + 2..tokens.end - 2;
    if has_hole(&stream.tokens[inside.clone()]) {
        return None;
    }
    while !inside.is_empty() && kinds(inside.start) == Kind::LineBreak {
        inside.start += 1;
    }
    while !inside.is_empty() && kinds(inside.end - 1) == Kind::LineBreak {
        inside.end -= 1;
    }
    let has_line_break = inside.clone().any(|at| kinds(at) == Kind::LineBreak);
    let is_in_parens = !inside.is_empty()
        && kinds(inside.start) == Kind::OpenParen
        && kinds(inside.end - 1) == Kind::CloseParen;
    let mut with: Vec<Piece> = inside.map(|at| Piece::Kept(at, kinds(at))).collect();
    if has_line_break && !is_in_parens {
        with.insert(0, Piece::New(Kind::OpenParen, "(".into()));
        with.push(Piece::New(Kind::CloseParen, ")".into()));
    }
    Some(Change { tokens, with })
}

/// Whether a hole opens or closes outside of the strings in `tokens`.
fn has_hole(tokens: &[Token]) -> bool {
    let mut quotes = 0;
    tokens.iter().any(|token| {
        match token.kind {
            Kind::OpenQuote => quotes += 1,
            Kind::CloseQuote => quotes -= 1,
            _ => {}
        }
        quotes == 0 && matches!(token.kind, Kind::OpenHole | Kind::CloseHole)
    })
}

/// `type label "other" /* comment */ "third" {`
fn label_change(stream: &Stream<'_>, block: &Block) -> Option<Change> {
    let mut from = block.kind.range.end;
    let mut is_plain = true;
    for label in &block.labels {
        let between = &stream.text.as_bytes()[from as usize..label.range.start as usize];
        is_plain &= between.iter().all(|byte| matches!(byte, b' ' | b'\t'));
        is_plain &= is_quoted_plainly(stream.text, label);
        from = label.range.end;
    }
    let has_sigil = |label: &Ident| stream.text[label.range.indices()].contains(['$', '%']);
    if is_plain || block.labels.iter().any(has_sigil) {
        return None;
    }
    let mut with = Vec::new();
    for label in &block.labels {
        let tokens = stream.tokens_of(label.range);
        if is_quoted_plainly(stream.text, label) {
            with.extend(tokens.map(|at| Piece::Kept(at, stream.tokens[at].kind)));
            continue;
        }
        with.push(Piece::New(Kind::OpenQuote, "\"".into()));
        with.push(if stream.tokens[tokens.start].kind == Kind::Name {
            Piece::Kept(tokens.start, Kind::Text)
        } else {
            Piece::New(Kind::Text, plain(&label.name).into())
        });
        with.push(Piece::New(Kind::CloseQuote, "\"".into()));
    }
    let tokens = stream.tokens_of(TextRange { start: block.kind.range.end, end: from });
    Some(Change { tokens, with })
}

/// Whether a label is written as it would be written anew.
fn is_quoted_plainly(text: &str, label: &Ident) -> bool {
    let [b'"', inner @ .., b'"'] = &text.as_bytes()[label.range.indices()] else { return false };
    let is_plain = |byte: &u8| matches!(byte, b' '..=b'~') && *byte != b'\\';
    inner.iter().all(is_plain) || inner == plain(&label.name).as_bytes()
}
