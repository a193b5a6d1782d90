//! The tokens that `PromQL` and `LogQL` share.
//!
//! Invariant: tokens lie in the order of the text, and only white space and comments lie between them.

use smol_str::SmolStr;

use crate::syntax::SyntaxError;
use crate::text::TextRange;

/// A token and where it stands.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Token {
    pub(super) kind: TokenKind,
    pub(super) range: TextRange,
}

#[derive(Clone, PartialEq, Debug)]
pub(super) enum TokenKind {
    /// A name or keyword.
    Name(SmolStr),
    /// A number, a duration or a size, as written.
    Amount(SmolStr),
    /// What a string in quotes means. The range of its token is that of the content.
    Text(SmolStr),
    /// Anything else, by its letters.
    Symbol(&'static str),
    /// Nothing is left.
    End,
}

const TOO_MUCH: &str = "it is not read: it has ";

/// Longer ones first: the first that fits is it.
const SYMBOLS: [&str; 31] = [
    "|=", "|~", "|>", "!=", "!~", "!>", "=~", "==", "<=", ">=", "</", ">/", "(", ")", "{", "}",
    "[", "]", ",", "=", "<", ">", "+", "-", "*", "/", "%", "^", "@", "|", ":",
];

/// Reads all of `text`.
pub(super) fn tokens(text: &str) -> Result<Vec<Token>, SyntaxError> {
    let mut lexer = Lexer { text, at: 0, brackets: 0 };
    let mut tokens = Vec::new();
    loop {
        lexer.pass_blank();
        if lexer.at == text.len() {
            tokens.push(Token { kind: TokenKind::End, range: TextRange::empty(text.len()) });
            return Ok(tokens);
        }
        tokens.push(lexer.token()?);
    }
}

/// What is wrong at `range`.
pub(super) fn error(message: impl Into<String>, range: TextRange) -> SyntaxError {
    SyntaxError { message: message.into(), help: None, range }
}

/// What is wrong at `range`, and what to type instead.
pub(super) fn helped(message: impl Into<String>, range: TextRange, help: &str) -> SyntaxError {
    SyntaxError { help: Some(help.to_owned()), ..error(message, range) }
}

/// What is not read because there is too much of it: that says nothing against it.
pub(super) fn too_much(what: &str, range: TextRange) -> SyntaxError {
    error(format!("{TOO_MUCH}{what}"), range)
}

/// Whether `error` says that there is too much.
pub(super) fn is_too_much(error: &SyntaxError) -> bool {
    error.message.starts_with(TOO_MUCH)
}

struct Lexer<'t> {
    text: &'t str,
    at: usize,
    /// How many `[` are open: inside them a colon is no part of a name.
    brackets: usize,
}

impl Lexer<'_> {
    fn pass_blank(&mut self) {
        loop {
            let rest = &self.text[self.at..];
            self.at += rest.len() - rest.trim_start_matches([' ', '\t', '\n', '\r']).len();
            if !self.text[self.at..].starts_with('#') {
                return;
            }
            let rest = &self.text[self.at..];
            self.at += rest.find('\n').unwrap_or(rest.len());
        }
    }

    fn token(&mut self) -> Result<Token, SyntaxError> {
        let start = self.at;
        let rest = &self.text[start..];
        let bytes = rest.as_bytes();
        match bytes[0] {
            b'"' | b'\'' | b'`' => return self.string(bytes[0]),
            b'0'..=b'9' => self.at += amount(bytes),
            b'.' if bytes.get(1).is_some_and(u8::is_ascii_digit) => self.at += amount(bytes),
            first if self.is_name(first) => {
                let length =
                    bytes.iter().position(|byte| !self.is_name(*byte) && !byte.is_ascii_digit());
                self.at += length.unwrap_or(bytes.len());
                let name = SmolStr::new(&self.text[start..self.at]);
                return Ok(Token { kind: TokenKind::Name(name), range: self.since(start) });
            }
            _ => return self.symbol(),
        }
        let amount = SmolStr::new(&self.text[start..self.at]);
        Ok(Token { kind: TokenKind::Amount(amount), range: self.since(start) })
    }

    fn symbol(&mut self) -> Result<Token, SyntaxError> {
        let start = self.at;
        let rest = &self.text[start..];
        let Some(symbol) = SYMBOLS.iter().find(|symbol| rest.starts_with(**symbol)) else {
            let letter = rest.chars().next().unwrap_or_default();
            let range = TextRange::new(start, start + letter.len_utf8());
            if letter.is_whitespace() {
                let message =
                    format!("a blank stands here that is no space: U+{:04X}", u32::from(letter));
                return Err(helped(message, range, "write a space"));
            }
            return Err(error(format!("`{letter}` has no meaning here"), range));
        };
        self.at += symbol.len();
        match *symbol {
            "[" => self.brackets += 1,
            "]" => self.brackets = self.brackets.saturating_sub(1),
            _ => {}
        }
        Ok(Token { kind: TokenKind::Symbol(symbol), range: self.since(start) })
    }

    fn string(&mut self, quote: u8) -> Result<Token, SyntaxError> {
        let open = self.at;
        let mut value = String::new();
        self.at += 1;
        let inner = self.at;
        loop {
            let rest = &self.text[self.at..];
            let Some(letter) = rest.chars().next().filter(|it| quote == b'`' || *it != '\n') else {
                return Err(error("the string is not closed", self.since(open)));
            };
            if letter == char::from(quote) {
                let range = self.since(inner);
                self.at += 1;
                return Ok(Token { kind: TokenKind::Text(value.into()), range });
            }
            if letter == '\\' && quote != b'`' {
                let start = self.at;
                let (meant, length) = escape(rest).ok_or_else(|| {
                    let length = rest.chars().take(2).map(char::len_utf8).sum::<usize>();
                    let range = TextRange::new(start, start + length);
                    error(format!("`{}` is not an escape", &rest[..length]), range)
                })?;
                value.push(meant);
                self.at += length;
            } else {
                value.push(letter);
                self.at += letter.len_utf8();
            }
        }
    }

    fn is_name(&self, byte: u8) -> bool {
        byte.is_ascii_alphabetic() || byte == b'_' || byte == b':' && self.brackets == 0
    }

    fn since(&self, start: usize) -> TextRange {
        TextRange::new(start, self.at)
    }
}

/// The length of a number with its unit: `1e9`, `0x1F`, `1.5KB`, `1h30m`.
fn amount(bytes: &[u8]) -> usize {
    let mut at = 0;
    let is_hex = bytes.starts_with(b"0x") || bytes.starts_with(b"0X");
    while let Some(byte) = bytes.get(at) {
        let before = at.checked_sub(1).map(|before| bytes[before]);
        let is_sign = matches!(byte, b'+' | b'-')
            && !is_hex
            && matches!(before, Some(b'e' | b'E'))
            && bytes.get(at + 1).is_some_and(u8::is_ascii_digit);
        let is_part = byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_') || is_sign;
        if !is_part {
            break;
        }
        at += 1;
    }
    at
}

/// The character that the escape at the start of `text` means, and its length.
fn escape(text: &str) -> Option<(char, usize)> {
    let letter = text[1..].chars().next()?;
    let simple = match letter {
        'a' => '\u{7}',
        'b' => '\u{8}',
        'f' => '\u{c}',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'v' => '\u{b}',
        '\\' | '"' | '\'' => letter,
        _ => {
            let (skip, digits, radix) = match letter {
                'x' => (2, 2, 16),
                'u' => (2, 4, 16),
                'U' => (2, 8, 16),
                '0'..='7' => (1, 3, 8),
                _ => return None,
            };
            let code = text.get(skip..skip + digits)?;
            let code = u32::from_str_radix(code, radix).ok()?;
            return Some((char::from_u32(code)?, skip + digits));
        }
    };
    Some((simple, 2))
}
