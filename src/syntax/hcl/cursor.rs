//! The place in the text, and the lexical rules: white space, comments, names, numbers, operators' spelling.
//!
//! Invariant: `pos` only moves forward while an item is parsed, so every comment is passed, and recorded, exactly once.

use super::unexpected::{fail, too_deep};
use super::{Ident, unicode};
use crate::syntax::{Comment, SyntaxError};
use crate::text::TextRange;

/// How deep brackets, blocks and holes may stand inside each other.
pub(super) const MAX_DEPTH: u32 = 256;

/// What a parsing function gives back; the error is boxed because it is rare and the tree is hot.
pub(super) type Parsed<T> = Result<T, Box<SyntaxError>>;

/// Whether a line break means something where the cursor is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Newlines {
    /// It ends an item: in bodies and objects.
    Significant,
    /// It is white space: in parentheses, brackets and `${ }`.
    Ignored,
}

/// A place in a text.
pub(super) struct Cursor<'t> {
    pub(super) text: &'t str,
    pub(super) bytes: &'t [u8],
    pub(super) pos: usize,
    pub(super) newlines: Newlines,
    pub(super) comments: Vec<Comment>,
    depth: u32,
    /// From here on no `/*` is closed: known once, so that a text full of them is not searched to its end each time.
    comments_unclosed_from: usize,
    /// How many bytes were passed over in search of what closes broken items.
    pub(super) passed: usize,
}

impl<'t> Cursor<'t> {
    /// The start of `text`, after a byte order mark.
    pub(super) fn new(text: &'t str, newlines: Newlines) -> Self {
        let pos = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        Self {
            text,
            bytes: text.as_bytes(),
            pos,
            newlines,
            comments: Vec::new(),
            depth: 0,
            comments_unclosed_from: usize::MAX,
            passed: 0,
        }
    }

    /// The byte `ahead` bytes further on; 0 past the end.
    pub(super) fn byte(&self, ahead: usize) -> u8 {
        self.bytes.get(self.pos + ahead).copied().unwrap_or(0)
    }

    /// The first byte of the next token; `None` at the end of the text.
    pub(super) fn peek(&mut self) -> Option<u8> {
        self.skip_trivia();
        self.bytes.get(self.pos).copied()
    }

    /// Whether the next token is a line break that means something, or the end of the text.
    pub(super) fn at_line_end(&mut self) -> bool {
        match self.peek() {
            None | Some(b'\n') => true,
            Some(b'\r') => self.byte(1) == b'\n',
            Some(_) => false,
        }
    }

    /// Passes the line breaks ahead; false where there is none.
    pub(super) fn eat_line_breaks(&mut self) -> bool {
        let mut any = false;
        while self.at_line_end() && self.pos < self.bytes.len() {
            self.pos += if self.byte(0) == b'\r' { 2 } else { 1 };
            any = true;
        }
        any
    }

    /// Passes the next token if it is the one-byte token `byte`. Not for a byte that also begins a longer token.
    pub(super) fn eat(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.pos += usize::from(found);
        found
    }

    /// Passes a `:` that is not half of a `::`.
    pub(super) fn eat_colon(&mut self) -> bool {
        let found = self.peek() == Some(b':') && self.byte(1) != b':';
        self.pos += usize::from(found);
        found
    }

    /// Passes a `=` that is not the beginning of `==` or `=>`.
    pub(super) fn eat_equals(&mut self) -> bool {
        let found = self.peek() == Some(b'=') && !matches!(self.byte(1), b'=' | b'>');
        self.pos += usize::from(found);
        found
    }

    /// Passes the symbol `symbol` if it is next.
    pub(super) fn eat_symbol(&mut self, symbol: &str) -> bool {
        self.skip_trivia();
        let found = self.bytes[self.pos..].starts_with(symbol.as_bytes());
        self.pos += if found { symbol.len() } else { 0 };
        found
    }

    /// The range from `start` to here.
    pub(super) fn since(&self, start: usize) -> TextRange {
        TextRange::new(start, self.pos)
    }

    /// Runs `parse` one level deeper, under its own rule about line breaks.
    pub(super) fn nested<T>(
        &mut self,
        newlines: Newlines,
        parse: impl FnOnce(&mut Self) -> Parsed<T>,
    ) -> Parsed<T> {
        if self.depth == MAX_DEPTH {
            return too_deep(self.token_range());
        }
        self.depth += 1;
        let outer = std::mem::replace(&mut self.newlines, newlines);
        let parsed = parse(self);
        self.newlines = outer;
        self.depth -= 1;
        parsed
    }

    /// Like [`Cursor::nested`], between brackets of which the opening one begins at `start` and ends here. That the text
    /// ends in between is the opening one's fault.
    pub(super) fn bracketed<T>(
        &mut self,
        start: usize,
        newlines: Newlines,
        parse: impl FnOnce(&mut Self) -> Parsed<T>,
    ) -> Parsed<T> {
        let opening = self.since(start);
        let end = TextRange::empty(self.text.len());
        self.nested(newlines, parse).or_else(|error| {
            if error.range != end {
                return Err(error);
            }
            let bracket = &self.text[opening.indices()];
            fail(format!("unclosed `{bracket}`"), "", opening)
        })
    }

    /// Passes white space and comments, and line breaks where they mean nothing.
    #[inline]
    pub(super) fn skip_trivia(&mut self) {
        // Everything that may be passed begins with a byte up to `/`; nearly every name and value with a later one.
        if self.byte(0) <= b'/' {
            self.skip_trivia_here();
        }
    }

    fn skip_trivia_here(&mut self) {
        loop {
            match self.byte(0) {
                b' ' | b'\t' => self.pos += blanks(&self.bytes[self.pos..]),
                b'\n' if self.newlines == Newlines::Ignored => self.pos += 1,
                b'\r' if self.newlines == Newlines::Ignored && self.byte(1) == b'\n' => {
                    self.pos += 2;
                }
                b'#' => self.line_comment(1),
                b'/' if self.byte(1) == b'/' => self.line_comment(2),
                b'/' if self.byte(1) == b'*' => {
                    if !self.block_comment() {
                        return;
                    }
                }
                _ => return,
            }
        }
    }

    fn line_comment(&mut self, marker: usize) {
        let start = self.pos;
        let rest = &self.bytes[start..];
        let mut end = memchr::memchr(b'\n', rest).map_or(self.bytes.len(), |length| start + length);
        if end < self.bytes.len() && self.bytes[end - 1] == b'\r' {
            end -= 1;
        }
        self.record_comment(TextRange::new(start, end), TextRange::new(start + marker, end));
        self.pos = end;
    }

    /// False, and nothing passed, where the comment has no end.
    fn block_comment(&mut self) -> bool {
        let start = self.pos;
        if start >= self.comments_unclosed_from {
            return false;
        }
        let Some(length) = memchr::memmem::find(&self.bytes[start + 2..], b"*/") else {
            self.comments_unclosed_from = start;
            return false;
        };
        let end = start + 2 + length;
        self.record_comment(TextRange::new(start, end + 2), TextRange::new(start + 2, end));
        self.pos = end + 2;
        true
    }

    fn record_comment(&mut self, range: TextRange, text: TextRange) {
        let mut before = range.start as usize;
        while before > 0 && matches!(self.bytes[before - 1], b' ' | b'\t') {
            before -= 1;
        }
        let own_line =
            before == 0 || self.bytes[before - 1] == b'\n' || &self.text[..before] == "\u{feff}";
        self.comments.push(Comment { range, text, own_line, said: None });
    }

    /// Whether an identifier begins here.
    pub(super) fn at_ident(&self) -> bool {
        match self.byte(0) {
            b'a'..=b'z' | b'A'..=b'Z' | b'_' => true,
            byte if byte < 0x80 => false,
            _ => self.text[self.pos..].chars().next().is_some_and(unicode::starts_identifier),
        }
    }

    /// The identifier that is next, not passed.
    pub(super) fn peek_ident(&mut self) -> Option<&'t str> {
        self.skip_trivia();
        self.at_ident().then(|| &self.text[self.pos..self.ident_end()])
    }

    /// Passes the identifier that is next.
    pub(super) fn ident(&mut self) -> Option<Ident> {
        let name = self.peek_ident()?;
        let start = self.pos;
        self.pos += name.len();
        Some(Ident { name: name.into(), range: self.since(start) })
    }

    /// Passes the keyword `word` if it is next.
    pub(super) fn eat_keyword(&mut self, word: &str) -> bool {
        let found = self.peek_ident() == Some(word);
        self.pos += if found { word.len() } else { 0 };
        found
    }

    /// Where the identifier that begins here ends.
    pub(super) fn ident_end(&self) -> usize {
        let mut end = self.pos;
        loop {
            match self.bytes.get(end) {
                Some(b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'_' | b'-') => end += 1,
                Some(0x80..) => match self.text[end..].chars().next() {
                    Some(c) if unicode::continues_identifier(c) => end += c.len_utf8(),
                    _ => return end,
                },
                _ => return end,
            }
        }
    }

    /// Passes the number that begins here. Its digits, dots and exponents are taken together first and judged as a
    /// whole afterwards, so that `1.2.3` is one wrong number rather than a number with something after it.
    pub(super) fn number(&mut self) -> Parsed<&'t str> {
        let start = self.pos;
        let mut end = start;
        loop {
            let at = |ahead: usize| self.bytes.get(end + ahead).copied().unwrap_or(0);
            match at(0) {
                b'0'..=b'9' | b'.' => end += 1,
                b'e' | b'E' if at(1).is_ascii_digit() => end += 2,
                b'e' | b'E' if matches!(at(1), b'+' | b'-') && at(2).is_ascii_digit() => end += 3,
                _ => break,
            }
        }
        while self.bytes[end - 1] == b'.' {
            end -= 1;
        }
        self.pos = end;
        let number = &self.text[start..end];
        if is_number(number) {
            return Ok(number);
        }
        fail(format!("`{}` is not a number", shortened(number)), "", self.since(start))
    }
}

/// How many blanks `bytes` begin with: code is indented, so there are often many.
fn blanks(bytes: &[u8]) -> usize {
    bytes.iter().position(|byte| !matches!(byte, b' ' | b'\t')).unwrap_or(bytes.len())
}

/// Whether the digits, dots and exponents of `literal` make a number that Terraform can hold: its binary exponent has
/// to fit 32 bits.
fn is_number(literal: &str) -> bool {
    if literal.bytes().all(|byte| byte.is_ascii_digit()) {
        return true;
    }
    let (mantissa, exponent) = match literal.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent),
        None => (literal, "0"),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    if fraction.contains('.') || exponent.contains(['.', 'e', 'E']) {
        return false;
    }
    let Ok(exponent) = exponent.parse::<i64>() else {
        return false;
    };
    let digits = [whole, fraction].concat();
    let digits = digits.trim_start_matches('0');
    if digits.is_empty() {
        return true;
    }
    let Ok(scale) = i64::try_from(fraction.len()) else {
        return false;
    };
    i32::try_from(exponent.saturating_sub(scale).saturating_add(bit_length(digits))).is_ok()
}

/// How many bits the decimal number `digits` has; an estimate where it is longer than 38 digits.
fn bit_length(digits: &str) -> i64 {
    match digits.parse::<u128>() {
        Ok(value) => i64::from(u128::BITS - value.leading_zeros()),
        #[expect(clippy::cast_precision_loss, reason = "an estimate: the limit is in the billions")]
        Err(_) => (digits.len() as f64 * std::f64::consts::LOG2_10).ceil() as i64,
    }
}

/// `text` in a length that fits a message.
pub(super) fn shortened(text: &str) -> String {
    const LONGEST: usize = 40;
    match text.char_indices().nth(LONGEST) {
        None => text.to_owned(),
        Some((end, _)) => format!("{}…", &text[..end]),
    }
}
