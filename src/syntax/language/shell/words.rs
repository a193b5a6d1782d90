//! Words: quotes taken off, escapes resolved, and what only a run could tell left open.

use std::ops::Range;

use smol_str::SmolStr;
use tree_sitter::Node as Syntax;

use super::document::HereDocument;
use super::parsed::Read;
use super::prepared::Prepared;
use crate::syntax::language::build;
use crate::syntax::yaml::{Node, NodeKind, TextPiece};
use crate::text::TextRange;

/// What the word that `syntax` is says.
pub(super) fn word(source: &Prepared<'_>, syntax: Syntax<'_>) -> Node {
    let mut reader = Reader::new(source);
    reader.piece(syntax);
    let whole = syntax.byte_range();
    if braces_expand(&reader.bare) {
        reader.pieces.clear();
        reader.unknown(whole.clone());
    }
    one_text(reader.pieces, source.outer(whole))
}

/// What the lines of a here-document say.
pub(super) fn body(source: &Prepared<'_>, read: &Read) -> Node {
    let HereDocument { body, expands, strips_tabs, .. } = &read.document;
    let mut reader = Reader::new(source);
    let mut at = body.start;
    for expanded in &read.expanded {
        reader.document(at..expanded.start, *expands, *strips_tabs);
        reader.unknown(expanded.clone());
        at = expanded.end;
    }
    reader.document(at..body.end, *expands, *strips_tabs);
    let outer = source.outer(body.clone());
    match reader.pieces.as_slice() {
        [] => build::text("", outer),
        [TextPiece { text: Some(text), range }] => build::text(text.clone(), *range),
        _ => Node { kind: NodeKind::Pieces(reader.pieces), range: outer },
    }
}

/// A word is one text where all of it is known.
fn one_text(pieces: Vec<TextPiece>, whole: TextRange) -> Node {
    if let [TextPiece { text: Some(text), range }] = pieces.as_slice() {
        return build::text(text.clone(), *range);
    }
    if pieces.iter().all(|piece| piece.text.is_some()) {
        let text: String = pieces.iter().filter_map(|piece| piece.text.as_deref()).collect();
        return build::text(text, whole);
    }
    Node { kind: NodeKind::Pieces(pieces), range: whole }
}

fn is_expansion(syntax: Syntax<'_>) -> bool {
    matches!(
        syntax.kind(),
        "expansion" | "simple_expansion" | "command_substitution" | "arithmetic_expansion"
    )
}

/// Whether `{a,b}` or `{1..3}` makes several words of one.
fn braces_expand(bare: &str) -> bool {
    bare.split('{').skip(1).any(|rest| {
        let inside = rest.split('}').next().unwrap_or_default();
        inside.len() < rest.len() && (inside.contains(',') || inside.contains(".."))
    })
}

/// What `text` between `$'` and `'` says; `None` where that is no text.
fn unescaped(text: &str) -> Option<String> {
    let mut said = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some(slash) = rest.find('\\') {
        said.extend_from_slice(&rest.as_bytes()[..slash]);
        let escape = rest[slash + 1..].chars().next()?;
        rest = &rest[slash + 1 + escape.len_utf8()..];
        let mut number = |most: usize, radix: u32, first: &str| {
            let digits: String =
                rest.chars().take(most).take_while(|digit| digit.is_digit(radix)).collect();
            rest = &rest[digits.len()..];
            u32::from_str_radix(&format!("{first}{digits}"), radix).ok()
        };
        let byte = match escape {
            'a' => 0x07,
            'b' => 0x08,
            'e' | 'E' => 0x1b,
            'f' => 0x0c,
            'n' => b'\n',
            'r' => b'\r',
            't' => b'\t',
            'v' => 0x0b,
            '\\' | '\'' | '"' | '?' => escape as u8,
            '0'..='7' => number(2, 8, &escape.to_string())? as u8,
            'x' => number(2, 16, "")? as u8,
            'u' | 'U' => {
                let most = if escape == 'u' { 4 } else { 8 };
                let character = char::from_u32(number(most, 16, "")?)?;
                said.extend_from_slice(character.to_string().as_bytes());
                continue;
            }
            _ => return None,
        };
        said.push(byte);
    }
    said.extend_from_slice(rest.as_bytes());
    // A shell's text ends at a zero.
    String::from_utf8(said).ok().filter(|said| !said.contains('\0'))
}

struct Reader<'p, 't> {
    source: &'p Prepared<'t>,
    pieces: Vec<TextPiece>,
    /// What stands outside quotes.
    bare: String,
}

impl<'p, 't> Reader<'p, 't> {
    fn new(source: &'p Prepared<'t>) -> Self {
        Self { source, pieces: Vec::new(), bare: String::new() }
    }

    fn piece(&mut self, syntax: Syntax<'_>) {
        let range = syntax.byte_range();
        match syntax.kind() {
            "word" | "regex" | "extglob_pattern" | "variable_name" | "$" | "==" | "=~" => {
                self.unquoted(range);
            }
            "number" if syntax.child_count() == 0 => self.unquoted(range),
            "raw_string" => self.known(range.start + 1..range.end.saturating_sub(1)),
            "string" => self.quoted(syntax),
            "ansi_c_string" => self.escaped(range),
            "translated_string" | "command_name" | "concatenation" => self.each(syntax),
            _ => self.unknown(range),
        }
    }

    /// The parts of a word, one after the other. A dollar before a string that would be translated means nothing.
    fn each(&mut self, syntax: Syntax<'_>) {
        let is_translated = syntax.kind() == "translated_string";
        let mut cursor = syntax.walk();
        for child in syntax.children(&mut cursor).filter(|it| !is_translated || it.is_named()) {
            self.piece(child);
        }
    }

    fn unquoted(&mut self, range: Range<usize>) {
        self.bare.push_str(&self.source.text[range.clone()]);
        self.unescaped(range, |_| true);
    }

    /// Text in which a backslash is dropped before some characters, and with a line break after it.
    fn unescaped(&mut self, range: Range<usize>, escapes: fn(char) -> bool) {
        let text = &self.source.text[range.clone()];
        let mut from = 0;
        let mut at = 0;
        while let Some(found) = text[at..].find('\\') {
            let slash = at + found;
            let after = &text[slash + 1..];
            let line_break = usize::from(after.starts_with("\r\n")) + 1;
            let Some(next) = after.chars().next() else {
                break;
            };
            let continues = after.starts_with('\n') || line_break == 2;
            if continues || escapes(next) {
                self.known(range.start + from..range.start + slash);
                from = slash + 1 + if continues { line_break } else { 0 };
            }
            at = slash + 1 + if continues { line_break } else { next.len_utf8() };
        }
        self.known(range.start + from..range.end);
    }

    fn quoted(&mut self, syntax: Syntax<'_>) {
        let escapes = |c| matches!(c, '$' | '`' | '"' | '\\');
        let range = syntax.byte_range();
        let mut at = range.start + 1;
        let mut cursor = syntax.walk();
        for child in syntax.children(&mut cursor).filter(|child| is_expansion(*child)) {
            let inner = child.byte_range();
            self.unescaped(at..inner.start, escapes);
            self.unknown(inner.clone());
            at = inner.end;
        }
        self.unescaped(at..range.end.saturating_sub(1).max(at), escapes);
    }

    /// `$'…'`: its escapes are not the others'.
    fn escaped(&mut self, range: Range<usize>) {
        let inside = range.start + 2..range.end.saturating_sub(1).max(range.start + 2);
        let text = &self.source.text[inside.clone()];
        if !text.contains('\\') {
            return self.known(inside);
        }
        let Some(value) = unescaped(text) else { return self.unknown(range) };
        let range = self.source.outer(range);
        self.pieces.push(TextPiece { text: Some(SmolStr::new(value)), range });
    }

    /// A part of a here-document between expansions.
    fn document(&mut self, range: Range<usize>, expands: bool, tabs: bool) {
        let escapes = |c| matches!(c, '$' | '`' | '\\');
        let text = &self.source.text;
        let mut at = range.start;
        while at < range.end {
            let mut end = range.end;
            if tabs {
                if at == 0 || text.as_bytes()[at - 1] == b'\n' {
                    at += text[at..end].len() - text[at..end].trim_start_matches('\t').len();
                }
                end = text[at..end].find('\n').map_or(end, |newline| at + newline + 1);
            }
            if expands {
                self.unescaped(at..end, escapes);
            } else {
                self.known(at..end);
            }
            at = end;
        }
    }

    fn known(&mut self, range: Range<usize>) {
        for (part, is_known) in self.source.parts(range) {
            let text = is_known.then(|| SmolStr::new(&self.source.text[part.clone()]));
            self.pieces.push(TextPiece { text, range: self.source.outer(part) });
        }
    }

    fn unknown(&mut self, range: Range<usize>) {
        // Not to be taken for a brace that is open.
        self.bare.push('$');
        self.pieces.push(TextPiece { text: None, range: self.source.outer(range) });
    }
}
