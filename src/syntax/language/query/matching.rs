//! What a query says of labels: by which ones series are put together, or matched.

use super::parse::{Parsed, Parser};
use super::token::{TokenKind, helped};
use super::tree::{Grouped, Labels, Matching, Word};
use crate::text::TextRange;

/// Whether `word` says how sides are matched, and is no name of a metric.
pub(super) fn is_matching(word: &str) -> bool {
    const WORDS: [&str; 5] = ["bool", "on", "ignoring", "group_left", "group_right"];
    WORDS.iter().any(|known| known.eq_ignore_ascii_case(word))
}

impl Parser {
    /// `bool`, `on (…)`, `group_left (…)` behind an operator, in this order.
    pub(super) fn matching(&mut self, at: TextRange) -> Parsed<Matching> {
        let start = self.here();
        let counts = self.eat_name(&["bool"]).map(|_| start);
        let labels = self.labels(["on", "ignoring"])?;
        let start = self.here();
        let grouped = match self.eat_name(&["group_left", "group_right"]) {
            None => None,
            Some(word) if labels.is_none() => {
                let help = "write `on (…)` in front of it, with the labels that both sides have";
                return Err(helped(
                    format!("`{word}` stands behind `on` or `ignoring`"),
                    start,
                    help,
                ));
            }
            Some(word) => {
                let is_list = *self.peek() == TokenKind::Symbol("(");
                let names = if is_list { self.list_of_labels()? } else { Vec::new() };
                let range = start.cover(self.before());
                Some(Grouped { is_left: word == "group_left", names, range })
            }
        };
        let mut fills = false;
        while self.fill()? {
            fills = true;
        }
        Ok(Matching { at, counts, fills, labels, grouped })
    }

    /// `fill (0)`; without parentheses it is a metric.
    fn fill(&mut self) -> Parsed<bool> {
        let is_value = *self.peek_second() == TokenKind::Symbol("(");
        if !is_value || self.eat_name(&["fill", "fill_left", "fill_right"]).is_none() {
            return Ok(false);
        }
        self.expect("(")?;
        let _ = self.eat("-") || self.eat("+");
        match self.peek() {
            TokenKind::Amount(_) | TokenKind::Name(_) => self.skip(),
            _ => return self.expected("a number"),
        }
        self.expect(")").map(|()| true)
    }

    /// `by (a, b)`, before or behind what is aggregated.
    pub(super) fn grouping(&mut self) -> Parsed<Option<Labels>> {
        self.labels(["by", "without"])
    }

    /// Labels behind one of two `words`: the first means these, the other one all but these.
    fn labels(&mut self, words: [&str; 2]) -> Parsed<Option<Labels>> {
        let start = self.here();
        let Some(word) = self.eat_name(&words) else { return Ok(None) };
        let names = self.list_of_labels()?;
        let range = start.cover(self.before());
        Ok(Some(Labels { are_meant: word == words[0], names, range }))
    }

    /// `(a, b)`
    fn list_of_labels(&mut self) -> Parsed<Vec<Word>> {
        let mut labels = Vec::new();
        self.expect("(")?;
        while !self.eat(")") {
            match self.peek().clone() {
                TokenKind::Name(text) | TokenKind::Text(text) => {
                    labels.push(Word { text, range: self.here() });
                    self.skip();
                }
                _ => return self.expected("a label"),
            }
            if !self.eat(",") && *self.peek() != TokenKind::Symbol(")") {
                return self.expected("`,` or `)`");
            }
        }
        Ok(labels)
    }
}
