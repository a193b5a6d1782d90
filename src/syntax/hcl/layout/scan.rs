//! Text → tokens. The lexical rules are those of the parser; only text that it has accepted gets here.
//!
//! Invariant: between two tokens stands nothing but spaces and tabs, and all other bytes are in a token (but for a byte
//! order mark).

use super::super::cursor::{Cursor, Newlines};
use super::super::pieces::Closer;
use super::token::{Kind, Token};
use crate::text::TextRange;

/// The tokens of `text`, in order.
pub(super) fn scan(text: &str) -> Vec<Token> {
    let mut scanner = Scanner {
        cursor: Cursor::new(text, Newlines::Significant),
        tokens: Vec::with_capacity(text.len() / 6),
        open: Vec::new(),
    };
    while scanner.cursor.pos < text.len() {
        match scanner.open.last() {
            Some(Open::Quotes) => scanner.quoted(),
            Some(&Open::Heredoc { marker, at_line }) => scanner.heredoc(marker, at_line),
            Some(Open::Brace | Open::Hole) | None => scanner.code(),
        }
    }
    scanner.tokens
}

/// What is open where the scanner is.
enum Open<'t> {
    Brace,
    Hole,
    Quotes,
    Heredoc {
        marker: &'t str,
        /// Whether a line begins here.
        at_line: bool,
    },
}

struct Scanner<'t> {
    cursor: Cursor<'t>,
    tokens: Vec<Token>,
    open: Vec<Open<'t>>,
}

impl<'t> Scanner<'t> {
    /// Adds the token from `start` to here.
    fn push(&mut self, kind: Kind, start: usize) {
        self.tokens.push(Token::new(kind, start, self.cursor.pos));
    }

    /// Passes tokens until text begins, or the end.
    fn code(&mut self) {
        loop {
            while matches!(self.cursor.byte(0), b' ' | b'\t') {
                self.cursor.pos += 1;
            }
            let start = self.cursor.pos;
            if start == self.cursor.bytes.len() {
                return;
            }
            let kind = self.token();
            self.push(kind, start);
            let is_text_next = match kind {
                Kind::OpenQuote | Kind::OpenHeredoc => true,
                Kind::CloseHole => !matches!(self.open.last(), Some(Open::Brace | Open::Hole)),
                _ => false,
            };
            if is_text_next {
                return;
            }
        }
    }

    /// Passes the token of code that begins here.
    fn token(&mut self) -> Kind {
        let cursor = &mut self.cursor;
        let (kind, length) = match (cursor.byte(0), cursor.byte(1)) {
            (b'a'..=b'z' | b'A'..=b'Z' | b'_', _) => {
                cursor.pos = cursor.ident_end();
                return Kind::Name;
            }
            (b'0'..=b'9', _) => {
                // Whether it is a number that Terraform takes was asked by the parser.
                let _ = cursor.number();
                return Kind::Number;
            }
            (b'\n', _) => (Kind::LineBreak, 1),
            (b'\r', b'\n') => (Kind::LineBreak, 2),
            (b'#', _) | (b'/', b'/') => {
                pass_line(cursor);
                return Kind::Comment;
            }
            (b'/', b'*') => {
                let rest = &cursor.bytes[cursor.pos + 2..];
                let length = memchr::memmem::find(rest, b"*/").map_or(rest.len(), |at| at + 2);
                (Kind::Comment, 2 + length)
            }
            (b'"', _) => {
                self.open.push(Open::Quotes);
                (Kind::OpenQuote, 1)
            }
            // Of `<<<EOT` the first is an operator.
            (b'<', b'<') if cursor.byte(2) != b'<' => return self.heredoc_opening(),
            (b'{', _) => {
                self.open.push(Open::Brace);
                (Kind::OpenBrace, 1)
            }
            (b'~', b'}') => {
                self.open.pop();
                (Kind::CloseHole, 2)
            }
            (b'}', _) => match self.open.pop() {
                Some(Open::Hole) => (Kind::CloseHole, 1),
                _ => (Kind::CloseBrace, 1),
            },
            (byte, next) => match symbol(byte, next, cursor.byte(2)) {
                Some(found) => found,
                None if cursor.at_ident() => {
                    cursor.pos = cursor.ident_end();
                    return Kind::Name;
                }
                None => (
                    Kind::Other,
                    cursor.text[cursor.pos..].chars().next().map_or(1, char::len_utf8),
                ),
            },
        };
        self.cursor.pos += length;
        kind
    }

    /// `<<EOT` or `<<-EOT` and the line break, which is here.
    fn heredoc_opening(&mut self) -> Kind {
        let cursor = &mut self.cursor;
        let start = cursor.pos;
        pass_line(cursor);
        let marker = cursor.text[start + 2..cursor.pos].trim_end();
        let marker = marker.strip_prefix('-').unwrap_or(marker);
        self.open.push(Open::Heredoc { marker, at_line: true });
        Kind::OpenHeredoc
    }

    /// Passes text up to the quote that closes it, or to a hole.
    fn quoted(&mut self) {
        let start = self.cursor.pos;
        loop {
            self.cursor.pass_plain_text();
            match self.cursor.byte(0) {
                b'\\' => self.cursor.pos = (self.cursor.pos + 2).min(self.cursor.bytes.len()),
                b'$' | b'%' => {
                    if self.hole(start) {
                        return;
                    }
                }
                b'"' => {
                    self.text(start);
                    let quote = self.cursor.pos;
                    self.cursor.pos += 1;
                    self.push(Kind::CloseQuote, quote);
                    self.open.pop();
                    return;
                }
                // Nothing else ends plain text in a string that was accepted.
                _ => {
                    self.cursor.pos = self.cursor.bytes.len();
                    return self.text(start);
                }
            }
        }
    }

    /// Passes lines of text up to the one with the `marker`, or to a hole.
    fn heredoc(&mut self, marker: &'t str, mut at_line: bool) {
        let start = self.cursor.pos;
        let closer = Closer::Marker { name: marker, opening: TextRange::default() };
        while self.cursor.pos < self.cursor.bytes.len() {
            if at_line && let Some((before, after)) = self.cursor.closing_line(closer) {
                self.text(start);
                self.cursor.pos = after;
                self.push(Kind::CloseHeredoc, before);
                self.open.pop();
                return;
            }
            let rest = &self.cursor.bytes[self.cursor.pos..];
            let stop = memchr::memchr3(b'\n', b'$', b'%', rest);
            self.cursor.pos += stop.unwrap_or(rest.len());
            at_line = self.cursor.byte(0) == b'\n';
            if at_line {
                self.cursor.pos += 1;
            } else if stop.is_some() && self.hole(start) {
                return;
            }
        }
        self.text(start);
    }

    /// Adds the text from `start` to here, if there is any.
    fn text(&mut self, start: usize) {
        if start < self.cursor.pos {
            self.push(Kind::Text, start);
        }
    }

    /// Passes what a `$` or `%` begins. Where that is a hole, the text from `start` up to it was added, and it is open.
    fn hole(&mut self, start: usize) -> bool {
        let cursor = &mut self.cursor;
        let sigil = cursor.byte(0);
        if cursor.byte(1) == sigil && cursor.byte(2) == b'{' {
            cursor.pos += 3;
            return false;
        }
        if cursor.byte(1) != b'{' {
            cursor.pos += 1;
            return false;
        }
        self.text(start);
        let opening = self.cursor.pos;
        self.cursor.pos += if self.cursor.byte(2) == b'~' { 3 } else { 2 };
        self.push(if sigil == b'$' { Kind::OpenHole } else { Kind::OpenDirective }, opening);
        if let Some(Open::Heredoc { at_line, .. }) = self.open.last_mut() {
            *at_line = false;
        }
        self.open.push(Open::Hole);
        true
    }
}

/// Passes what is left of the line, and its break.
fn pass_line(cursor: &mut Cursor<'_>) {
    let rest = &cursor.bytes[cursor.pos..];
    cursor.pos += memchr::memchr(b'\n', rest).map_or(rest.len(), |length| length + 1);
}

/// The symbol that the bytes begin with, and its length.
fn symbol(first: u8, second: u8, third: u8) -> Option<(Kind, usize)> {
    let found = match (first, second, third) {
        (b'=' | b'!' | b'<' | b'>', b'=', _) => (Kind::Comparison, 2),
        (b'=', b'>', _) => (Kind::Arrow, 2),
        (b'&', b'&', _) | (b'|', b'|', _) => (Kind::Logical, 2),
        (b':', b':', _) => (Kind::Scope, 2),
        (b'.', b'.', b'.') => (Kind::Ellipsis, 3),
        (b'=', ..) => (Kind::Equals, 1),
        (b'.', ..) => (Kind::Dot, 1),
        (b',', ..) => (Kind::Comma, 1),
        (b'(', ..) => (Kind::OpenParen, 1),
        (b')', ..) => (Kind::CloseParen, 1),
        (b'[', ..) => (Kind::OpenBracket, 1),
        (b']', ..) => (Kind::CloseBracket, 1),
        (b':', ..) => (Kind::Colon, 1),
        (b'?', ..) => (Kind::Question, 1),
        (b'!', ..) => (Kind::Not, 1),
        (b'-', ..) => (Kind::Minus, 1),
        (b'+' | b'*' | b'/' | b'%', ..) => (Kind::Arithmetic, 1),
        (b'<' | b'>', ..) => (Kind::Comparison, 1),
        _ => return None,
    };
    Some(found)
}
