//! Matchers of Alertmanager, as routes and inhibitions have them: `alertname =~ "A|B"`, `{ severity = critical }`.

use smol_str::SmolStr;

use super::super::build::list;
use super::facts;
use super::token::error;
use super::tree::{Matcher, Word};
use crate::syntax::SyntaxError;
use crate::syntax::yaml::Node;
use crate::text::TextRange;

/// Reads one matcher or several with commas between. A value may stand without quotes.
pub(in crate::syntax::language) fn parse(text: &str) -> Result<Node, SyntaxError> {
    let mut reader = Reader { text, at: 0 };
    let is_braced = reader.eat("{");
    let mut matchers = Vec::new();
    loop {
        matchers.push(facts::matcher(&reader.matcher()?));
        let goes_on = reader.eat(",");
        reader.pass_blank();
        let is_over = reader.rest().is_empty() || is_braced && reader.rest().starts_with('}');
        if !goes_on || is_over {
            break;
        }
    }
    let is_closed = !is_braced || reader.eat("}");
    reader.pass_blank();
    let rest = TextRange::new(reader.at, text.len());
    if is_closed && rest.is_empty() {
        Ok(list(matchers, TextRange::new(0, text.len())))
    } else {
        Err(error("expected `,` or the end of the matchers", rest))
    }
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Reader<'t> {
    fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    fn pass_blank(&mut self) {
        self.at += self.rest().len() - self.rest().trim_start().len();
    }

    fn eat(&mut self, symbol: &str) -> bool {
        self.pass_blank();
        let found = self.rest().starts_with(symbol);
        self.at += if found { symbol.len() } else { 0 };
        found
    }

    fn matcher(&mut self) -> Result<Matcher, SyntaxError> {
        let label = self.word(|letter| letter.is_alphanumeric() || "_:.-/".contains(letter))?;
        self.pass_blank();
        let start = self.at;
        let operators = ["=~", "!~", "!=", "="];
        let Some(operator) = operators.into_iter().find(|operator| self.eat(operator)) else {
            let range = TextRange::empty(self.at);
            return Err(error("expected `=`, `!=`, `=~` or `!~`", range));
        };
        let range = TextRange::new(start, self.at);
        let operator = Word { text: SmolStr::new_static(operator), range };
        let value = self.word(|letter| !letter.is_whitespace() && !",{}\"'`".contains(letter))?;
        let range = label.range.cover(value.range);
        Ok(Matcher { label, operator, value, is_text: true, range })
    }

    /// A word in quotes, or as far as `is_part` goes.
    fn word(&mut self, is_part: impl Fn(char) -> bool) -> Result<Word, SyntaxError> {
        self.pass_blank();
        let start = self.at;
        if !self.rest().starts_with('"') {
            let length = self.rest().find(|letter| !is_part(letter)).unwrap_or(self.rest().len());
            self.at += length;
            let range = TextRange::new(start, self.at);
            return if length > 0 {
                Ok(Word { text: self.text[range.indices()].into(), range })
            } else {
                Err(error("expected a label or its value", range))
            };
        }
        let mut value = String::new();
        let mut letters = self.rest().char_indices().skip(1);
        while let Some((at, letter)) = letters.next() {
            match letter {
                '"' => {
                    self.at = start + at + 1;
                    let range = TextRange::new(start + 1, start + at);
                    return Ok(Word { text: value.into(), range });
                }
                '\\' => match letters.next() {
                    Some((_, 'n')) => value.push('\n'),
                    Some((_, letter @ ('"' | '\\'))) => value.push(letter),
                    // Alertmanager keeps a backslash that escapes nothing.
                    Some((_, letter)) => value.extend(['\\', letter]),
                    None => break,
                },
                _ => value.push(letter),
            }
        }
        Err(error("the string is not closed", TextRange::new(start, self.text.len())))
    }
}
