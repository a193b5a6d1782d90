//! JSON, into the tree it shares with YAML.
//!
//! Its own reader, because JSON is not quite YAML: tabs may indent, surrogate pairs are escapes, and a file is one value.
//! Invariant: strict, except that a byte order mark is skipped; of numbers and words only the letters are checked.

use smol_str::SmolStr;

use crate::syntax::SyntaxError;
use crate::syntax::yaml::{Entry, MAX_DEPTH, Node, NodeKind, ScalarStyle};
use crate::text::TextRange;

/// Parses `text`, or says where it stops being JSON.
pub fn parse(text: &str) -> Result<Node, SyntaxError> {
    let start = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let mut reader = Reader { text, at: start, depth: 0 };
    let root = reader.value()?;
    reader.blank();
    if reader.at < text.len() {
        Err(reader.error("text after the end of the value"))
    } else {
        Ok(root)
    }
}

/// What an escape in a string stands for, and where it is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Escape {
    /// The backslash and what it escapes.
    pub range: TextRange,
    /// The character.
    pub value: char,
}

/// The escapes between the quotes of the string at `range` of `text`, which was read as JSON before.
pub fn escapes(text: &str, range: TextRange) -> Vec<Escape> {
    let mut reader = Reader { text, at: range.start as usize, depth: 0 };
    let end = range.end as usize;
    let mut found = Vec::new();
    while let Some(ahead) = memchr::memchr(b'\\', &text.as_bytes()[reader.at..end]) {
        reader.at += ahead;
        let start = reader.at;
        let Ok(value) = reader.escape() else { break };
        found.push(Escape { range: TextRange::new(start, reader.at), value });
    }
    found
}

/// What stands between the quotes of a string, in as many bytes with the line breaks that it stands for: how one of several
/// lines is read as a text in another language, in place. None where it is one line.
pub fn lines(inner: &str) -> Option<String> {
    if !inner.contains("\\n") {
        return None;
    }
    let mut lines = String::with_capacity(inner.len());
    let mut characters = inner.chars();
    while let Some(character) = characters.next() {
        if character != '\\' {
            lines.push(character);
            continue;
        }
        match characters.next() {
            Some('n') => lines.push_str(" \n"),
            Some('r' | 't') => lines.push_str("  "),
            escaped => lines.extend(Some('\\').into_iter().chain(escaped)),
        }
    }
    Some(lines)
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
    depth: usize,
}

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn blank(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn error(&self, message: &str) -> SyntaxError {
        let length = self.text[self.at..].chars().next().map_or(0, char::len_utf8);
        let range = TextRange::new(self.at, self.at + length);
        SyntaxError { message: format!("not valid JSON: {message}"), help: None, range }
    }

    fn expect(&mut self, byte: u8) -> Result<(), SyntaxError> {
        self.blank();
        if self.peek() != Some(byte) {
            return Err(self.error(&format!("expected `{}`", byte as char)));
        }
        self.at += 1;
        Ok(())
    }

    fn value(&mut self) -> Result<Node, SyntaxError> {
        self.blank();
        match self.peek() {
            Some(b'{') => self.nested(Self::object),
            Some(b'[') => self.nested(Self::array),
            Some(b'"') => self.string(),
            _ => self.word(),
        }
    }

    fn nested(
        &mut self,
        read: fn(&mut Self) -> Result<NodeKind, SyntaxError>,
    ) -> Result<Node, SyntaxError> {
        if self.depth >= MAX_DEPTH {
            return Err(self.error(&format!("nested deeper than {MAX_DEPTH} levels")));
        }
        self.depth += 1;
        let start = self.at;
        self.at += 1;
        let kind = read(self)?;
        self.depth -= 1;
        Ok(Node { kind, range: TextRange::new(start, self.at) })
    }

    fn object(&mut self) -> Result<NodeKind, SyntaxError> {
        let mut entries = Vec::new();
        self.blank();
        if self.peek() == Some(b'}') {
            self.at += 1;
            return Ok(NodeKind::Mapping(entries));
        }
        loop {
            self.blank();
            if self.peek() != Some(b'"') {
                return Err(self.error("expected a key in quotes"));
            }
            let key = self.string()?;
            self.expect(b':')?;
            let value = self.value()?;
            entries.push(Entry { key, value });
            if self.ends(b'}')? {
                return Ok(NodeKind::Mapping(entries));
            }
        }
    }

    fn array(&mut self) -> Result<NodeKind, SyntaxError> {
        let mut items = Vec::new();
        self.blank();
        if self.peek() == Some(b']') {
            self.at += 1;
            return Ok(NodeKind::Sequence(items));
        }
        loop {
            items.push(self.value()?);
            if self.ends(b']')? {
                return Ok(NodeKind::Sequence(items));
            }
        }
    }

    /// Reads the comma before a further element, or `close`.
    fn ends(&mut self, close: u8) -> Result<bool, SyntaxError> {
        self.blank();
        match self.peek() {
            Some(b',') => {
                self.at += 1;
                Ok(false)
            }
            Some(byte) if byte == close => {
                self.at += 1;
                Ok(true)
            }
            _ => Err(self.error(&format!("expected `,` or `{}`", close as char))),
        }
    }

    fn word(&mut self) -> Result<Node, SyntaxError> {
        let start = self.at;
        while self.peek().is_some_and(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
        {
            self.at += 1;
        }
        let word = &self.text[start..self.at];
        let is_number = word.parse::<f64>().is_ok()
            && word.trim_start_matches('-').starts_with(|c: char| c.is_ascii_digit());
        if !is_number && !matches!(word, "true" | "false" | "null") {
            self.at = start;
            return Err(self.error("expected a value"));
        }
        let kind = NodeKind::scalar(word, ScalarStyle::Plain);
        Ok(Node { kind, range: TextRange::new(start, self.at) })
    }

    fn string(&mut self) -> Result<Node, SyntaxError> {
        self.at += 1;
        let start = self.at;
        let mut unescaped: Option<String> = None;
        let mut copied = start;
        loop {
            let rest = &self.text.as_bytes()[self.at..];
            let Some(next) =
                rest.iter().position(|&byte| byte == b'"' || byte == b'\\' || byte < b' ')
            else {
                self.at = start - 1;
                return Err(self.error("a string without its closing quote"));
            };
            self.at += next;
            match self.peek() {
                Some(b'"') => break,
                Some(b'\\') => {
                    let value = unescaped.get_or_insert_default();
                    value.push_str(&self.text[copied..self.at]);
                    let character = self.escape()?;
                    value.push(character);
                    copied = self.at;
                }
                _ => return Err(self.error("a control character inside a string")),
            }
        }
        let end = self.at;
        self.at += 1;
        let value = match unescaped {
            None => SmolStr::new(&self.text[start..end]),
            Some(mut value) => {
                value.push_str(&self.text[copied..end]);
                SmolStr::from(value)
            }
        };
        let kind = NodeKind::scalar(value, ScalarStyle::DoubleQuoted);
        Ok(Node { kind, range: TextRange::new(start, end) })
    }

    fn escape(&mut self) -> Result<char, SyntaxError> {
        let letter = self.text.as_bytes().get(self.at + 1).copied();
        let character = match letter {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.unicode(),
            _ => return Err(self.error("an escape JSON does not know")),
        };
        self.at += 2;
        Ok(character)
    }

    /// `\uXXXX`, twice for a surrogate pair; half a pair is the replacement character.
    fn unicode(&mut self) -> Result<char, SyntaxError> {
        let Some(first) = self.hex(self.at + 2) else {
            return Err(self.error("`\\u` wants four hexadecimal digits"));
        };
        self.at += 6;
        if (0xd800..0xdc00).contains(&first)
            && self.text[self.at..].starts_with("\\u")
            && let Some(second @ 0xdc00..0xe000) = self.hex(self.at + 2)
        {
            self.at += 6;
            let code = 0x1_0000 + ((first - 0xd800) << 10) + (second - 0xdc00);
            return Ok(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
        }
        Ok(char::from_u32(first).unwrap_or(char::REPLACEMENT_CHARACTER))
    }

    fn hex(&self, at: usize) -> Option<u32> {
        let digits = self.text.get(at..at + 4)?;
        digits
            .bytes()
            .all(|byte| byte.is_ascii_hexdigit())
            .then(|| u32::from_str_radix(digits, 16).ok())?
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_cover_their_content() {
        let text = "\u{feff}{\n\t\"é\\/k\": \"a\\u0041\\ud83d\\ude00\\n\",\r\n\t\"list\": [1, -2.5e3, true, null, {}, []]\n}\n";
        let root = parse(text).unwrap();
        let value = root.get("é/k").unwrap();
        assert_eq!(value.as_str(), Some("aA😀\n"));
        assert_eq!(&text[value.range.indices()], "a\\u0041\\ud83d\\ude00\\n");
        let items: Vec<_> = root
            .get("list")
            .unwrap()
            .items()
            .iter()
            .map(|item| &text[item.range.indices()])
            .collect();
        assert_eq!(items, ["1", "-2.5e3", "true", "null", "{}", "[]"]);
    }

    #[test]
    fn a_string_of_several_lines_is_as_long_with_them() {
        let inner = r#"a\\n\t\"b\\\"\nc\\\né"#;
        let broken = lines(inner).unwrap();
        assert_eq!(broken, "a\\\\n  \\\"b\\\\\\\" \nc\\\\ \né");
        assert_eq!(broken.len(), inner.len());
        assert_eq!(lines(r"a\\b"), None);
    }

    #[test]
    fn broken_texts_say_where() {
        for (text, at) in [
            ("", 0),
            ("{\"a\": }", 6),
            ("[1,]", 3),
            ("{} x", 3),
            ("\"a\nb\"", 2),
            ("\"abc", 0),
            ("nul", 0),
        ] {
            assert_eq!(parse(text).unwrap_err().range.start, at, "{text}");
        }
        assert!(parse(&"[".repeat(100_000)).unwrap_err().message.contains("deeper"));
        assert_eq!(parse("-inf").unwrap_err().range.start, 0);
    }
}
