//! What to say when the text does not go on as it should.
//!
//! Invariant: a message names what was expected and what stands there instead; the range is that token alone.

use super::cursor::{Cursor, MAX_DEPTH, Parsed, shortened};
use crate::syntax::SyntaxError;
use crate::text::TextRange;

/// What git leaves in a file where two sides did not go together.
const MERGE_MARKS: [&str; 4] = ["<<<<<<< ", "||||||| ", "=======", ">>>>>>> "];

/// The failure that `message` tells of, with `help` unless it is empty.
pub(super) fn fail<T>(
    message: impl Into<String>,
    help: impl Into<String>,
    range: TextRange,
) -> Parsed<T> {
    let help = Some(help.into()).filter(|help| !help.is_empty());
    Err(Box::new(SyntaxError { message: message.into(), help, range }))
}

/// Fails because what stands at `range` is inside of more than the parser follows.
pub(super) fn too_deep<T>(range: TextRange) -> Parsed<T> {
    fail(format!("nested more than {MAX_DEPTH} levels deep"), "", range)
}

impl Cursor<'_> {
    /// Fails because something else than `expected` is next.
    pub(super) fn expected<T>(&mut self, expected: &str) -> Parsed<T> {
        self.expected_with(expected, "")
    }

    /// Fails because something else than `expected` is next, with `help` unless there is a better one or it is empty.
    pub(super) fn expected_with<T>(&mut self, expected: &str, help: &str) -> Parsed<T> {
        let mut error = self.unexpected(expected);
        if error.help.is_none() && !help.is_empty() {
            error.help = Some(help.to_owned());
        }
        Err(Box::new(error))
    }

    /// The error that something else than `expected` is next.
    pub(super) fn unexpected(&mut self, expected: &str) -> SyntaxError {
        self.skip_trivia();
        let range = self.token_range();
        let found = match &self.text[range.indices()] {
            "" => "the end of the file".to_owned(),
            "\n" | "\r\n" => "a line break".to_owned(),
            token => format!("`{}`", shortened(token)),
        };
        if let Some((message, help)) = self.known_mistake() {
            return SyntaxError { message: message.to_owned(), help: Some(help.to_owned()), range };
        }
        SyntaxError { message: format!("expected {expected}, found {found}"), help: None, range }
    }

    /// The next token, roughly: a name or number, or one symbol.
    pub(super) fn token_range(&self) -> TextRange {
        let rest = &self.text[self.pos..];
        let word = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
        let symbols =
            ["\r\n", "/*", "==", "!=", "<=", ">=", "&&", "||", "=>", "::", "...", "${", "%{", "~}"];
        let symbol = symbols
            .iter()
            .find(|symbol| rest.starts_with(**symbol))
            .map_or(0, |symbol| symbol.len());
        let one = rest.chars().next().map_or(0, char::len_utf8);
        TextRange::new(self.pos, self.pos + word.max(symbol).max(one))
    }

    /// Habits from other languages, and tokens that never stand in HCL: the message and the help.
    fn known_mistake(&self) -> Option<(&'static str, &'static str)> {
        let rest = &self.text[self.pos..];
        let begins_line = self.text[..self.pos].ends_with('\n') || self.pos == 0;
        if begins_line && MERGE_MARKS.iter().any(|mark| rest.starts_with(mark)) {
            let help = "keep what is meant of both sides, and take the marks out";
            return Some(("this line is left over from a merge", help));
        }
        let mistake = match rest.chars().next()? {
            '\'' => ("single quotes do not quote", "write the string in double quotes"),
            '“' | '”' => {
                ("curly quotes do not quote", "write the string in straight double quotes")
            }
            '`' => (
                "a backtick does not quote",
                "write a string in double quotes, or a heredoc: `<<-EOT`",
            ),
            ';' => ("`;` does not separate anything", "put what follows on a line of its own"),
            '&' if !rest.starts_with("&&") => {
                ("there is no operator `&`", "write `&&` for a logical and")
            }
            '|' if !rest.starts_with("||") => {
                ("there is no operator `|`", "write `||` for a logical or")
            }
            '/' if rest.starts_with("/*") => ("unclosed comment", "close it with `*/`"),
            '\0' => ("a zero byte", "save the file as UTF-8"),
            '\u{feff}' => ("a byte order mark inside the file", "remove it"),
            _ => return None,
        };
        Some(mistake)
    }
}
