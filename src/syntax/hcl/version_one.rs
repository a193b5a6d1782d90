//! Whether a text is HCL as its first version was, which agents of Nomad, Consul and Vault still read: arguments may have their
//! names in quotes or with points in them, and a block may stand in one line. There is no tree of it.
//!
//! Invariant: what stands in one line and is not set off by a comma is refused, although that version lets it pass: it is a slip.

use super::cursor::MAX_DEPTH;

/// Whether `text` is HCL of version one.
pub fn is_version_one(text: &str) -> bool {
    let mut reader = Reader { rest: text, is_new_line: false };
    reader.items(false, 0).is_some()
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Token {
    Name,
    Text,
    /// A number, a boolean or a heredoc.
    Literal,
    Sign(char),
    End,
}

struct Reader<'t> {
    rest: &'t str,
    /// Whether a line ends before what comes next.
    is_new_line: bool,
}

impl<'t> Reader<'t> {
    /// `name = value`, `name "label" { … }`, one to a line or with commas between; up to the `}` that closes them, where they are
    /// `inside` of one.
    fn items(&mut self, inside: bool, depth: u32) -> Option<()> {
        let mut is_set_off = true;
        loop {
            let mut token = self.next()?;
            match token {
                Token::End if !inside => return Some(()),
                Token::Sign('}') if inside => return Some(()),
                _ if !is_set_off && !self.is_new_line => return None,
                _ => {}
            }
            let mut names = 0;
            while matches!(token, Token::Name | Token::Text) {
                names += 1;
                token = self.next()?;
            }
            match token {
                Token::Sign('=') if names == 1 => self.value(depth)?,
                Token::Sign('{') if names > 0 => self.nested(depth)?,
                _ => return None,
            }
            is_set_off = self.takes(',');
        }
    }

    fn nested(&mut self, depth: u32) -> Option<()> {
        if depth < MAX_DEPTH { self.items(true, depth + 1) } else { None }
    }

    fn value(&mut self, depth: u32) -> Option<()> {
        match self.next()? {
            Token::Text | Token::Literal => Some(()),
            Token::Sign('{') => self.nested(depth),
            Token::Sign('[') if depth < MAX_DEPTH => {
                while !self.takes(']') {
                    self.value(depth + 1)?;
                    if !self.takes(',') {
                        return self.takes(']').then_some(());
                    }
                }
                Some(())
            }
            _ => None,
        }
    }

    fn takes(&mut self, sign: char) -> bool {
        let Some(rest) = self.skipped().and_then(|(rest, _)| rest.strip_prefix(sign)) else {
            return false;
        };
        self.rest = rest;
        true
    }

    /// What is left behind white space and comments, and whether a line ended there.
    fn skipped(&self) -> Option<(&'t str, bool)> {
        let (mut rest, mut is_new_line) = (self.rest, false);
        loop {
            let code = rest.trim_start();
            is_new_line |= rest[..rest.len() - code.len()].contains('\n');
            rest = if code.starts_with('#') || code.starts_with("//") {
                code.find('\n').map_or("", |end| &code[end..])
            } else if let Some(inner) = code.strip_prefix("/*") {
                inner.split_once("*/")?.1
            } else {
                return Some((code, is_new_line));
            };
        }
    }

    fn next(&mut self) -> Option<Token> {
        let (rest, is_new_line) = self.skipped()?;
        self.is_new_line = is_new_line;
        let Some(first) = rest.chars().next() else {
            self.rest = rest;
            return Some(Token::End);
        };
        let (token, length) = match first {
            '"' => (Token::Text, text_length(rest)?),
            '<' => (Token::Literal, heredoc_length(rest)?),
            '{' | '}' | '[' | ']' | '=' | ',' => (Token::Sign(first), 1),
            '0'..='9' | '-' => (Token::Literal, word_length(rest, "+-.")),
            _ if first.is_alphabetic() || first == '_' => {
                let length = word_length(rest, "_-.");
                let is_literal = matches!(&rest[..length], "true" | "false");
                (if is_literal { Token::Literal } else { Token::Name }, length)
            }
            _ => return None,
        };
        self.rest = &rest[length..];
        Some(token)
    }
}

fn word_length(text: &str, others: &str) -> usize {
    text.find(|c: char| !c.is_alphanumeric() && !others.contains(c)).unwrap_or(text.len())
}

/// `"…"`: in one line, but for what stands in `${ … }`, where quotes do not end it.
fn text_length(text: &str) -> Option<usize> {
    let (mut braces, mut last) = (0_usize, '"');
    let mut chars = text.char_indices().skip(1);
    while let Some((at, c)) = chars.next() {
        match c {
            '"' if braces == 0 => return Some(at + 1),
            '\n' if braces == 0 => return None,
            '\\' => {
                chars.next();
            }
            '{' if braces > 0 || last == '$' => braces += 1,
            '}' if braces > 0 => braces -= 1,
            _ => {}
        }
        last = c;
    }
    None
}

fn heredoc_length(text: &str) -> Option<usize> {
    let (head, body) = text.strip_prefix("<<")?.split_once('\n')?;
    let head = head.trim_end_matches('\r');
    let (word, is_indented) = head.strip_prefix('-').map_or((head, false), |word| (word, true));
    if word.is_empty() || !word.chars().all(char::is_alphanumeric) {
        return None;
    }
    let mut length = text.len() - body.len();
    for line in body.split_inclusive('\n') {
        let said = line.trim_end();
        if (if is_indented { said.trim_start() } else { said }) == word {
            return Some(length + said.len());
        }
        length += line.len();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepted() {
        for text in [
            "",
            "# nothing\n",
            "a = 1\n",
            "client {\n  options {\n    \"driver.raw.enable\" = \"1\"\n  }\n}\n",
            "options { driver.allow = \"docker\" }\n",
            "\"advertise\" = {\n  \"http\" = \"a\"\n}\n",
            "path \"secret/*\" { capabilities = [\"read\", \"list\",] }\n",
            "topology { segments { \"rack\" = \"R1\" } }\n",
            "a = [{ b = 1 }, { b = -2.5e+3 }]\n",
            "a = { b = 1, c = true }\n",
            "a = \"${x(\"y\")} \\\" {\"\n",
            "a = <<EOF\nany { thing\nEOF\nb = <<-X\n  y\n  X\n",
            "a = 1 // one\n/* two */ b = 2",
            "a = \"x\"\r\n\"b\" = 2\r\n",
        ] {
            assert!(is_version_one(text), "{text}");
        }
    }

    #[test]
    fn refused() {
        for text in [
            "a = 1 b = 2\n",
            "a = b\n",
            "a = f(1)\n",
            "a {\n",
            "a = 1 }\n",
            "a \"b\" = 1\n",
            "{}\n",
            "a =\n",
            "a = \"b\n\"\n",
            "a = <<EOF\n",
            "a = [1 2]\n",
            "a\n",
            "/* open",
            "a = 1\n<<<<<<< ours\nb = 2\n",
            "{{ .Name }}\n",
        ] {
            assert!(!is_version_one(text), "{text}");
        }
        assert!(!is_version_one(&"a {".repeat(100_000)));
        assert!(!is_version_one(&format!("a = {}", "[".repeat(100_000))));
    }
}
