//! What a query says of labels: by which ones series are put together, or matched.

use super::parse::{Parsed, Parser};
use super::token::TokenKind;
use super::tree::{Grouped, Labels, Matching, Word};
use crate::text::TextRange;

/// What may stand behind an operator, to say how its sides are matched.
const MATCHING: [&str; 8] =
    ["bool", "on", "ignoring", "group_left", "group_right", "fill", "fill_left", "fill_right"];

impl Parser {
    /// `bool`, `on (…)`, `group_left (…)` behind an operator.
    pub(super) fn matching(&mut self, at: TextRange) -> Parsed<Matching> {
        let mut matching = Matching { at, ..Matching::default() };
        loop {
            let start = self.here();
            let Some(word) = self.eat_name(&MATCHING) else { return Ok(matching) };
            let is_list = *self.peek() == TokenKind::Symbol("(");
            match &*word {
                "bool" => matching.counts = Some(start),
                "on" | "ignoring" => {
                    let names = self.list_of_labels()?;
                    let range = start.cover(self.before());
                    matching.labels = Some(Labels { are_meant: word == "on", names, range });
                }
                "group_left" | "group_right" => {
                    let names = if is_list { self.list_of_labels()? } else { Vec::new() };
                    let (is_left, range) = (word == "group_left", start.cover(self.before()));
                    matching.grouped = Some(Grouped { is_left, names, range });
                }
                _ => {
                    matching.fills = true;
                    if is_list {
                        self.list_of_labels()?;
                    }
                }
            }
        }
    }

    /// `(a, b)`
    fn list_of_labels(&mut self) -> Parsed<Vec<Word>> {
        let mut labels = Vec::new();
        self.expect("(")?;
        while !self.eat(")") {
            match self.peek().clone() {
                TokenKind::Name(text) | TokenKind::Text(text) | TokenKind::Amount(text) => {
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

    /// `by (a, b)`, before or behind what is aggregated.
    pub(super) fn grouping(&mut self) -> Parsed<Option<Labels>> {
        let start = self.here();
        let Some(word) = self.eat_name(&["by", "without"]) else { return Ok(None) };
        let names = self.list_of_labels()?;
        let range = start.cover(self.before());
        Ok(Some(Labels { are_meant: word == "by", names, range }))
    }
}
