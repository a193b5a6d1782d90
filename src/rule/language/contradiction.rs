//! What can never hold, or always does: a mistake that can be seen before any repo is.

use smol_str::SmolStr;

use super::matcher::{Comparison, Matcher, Order};
use super::operand::Operand;
use super::read::Compiler;
use crate::config::is_slip;
use crate::syntax::hcl::{Attribute, Body, ExprKind};
use crate::text::{LazyRegex, TextRange};

impl Compiler<'_> {
    /// Reports what the attributes of `body`, which make `matchers`, cannot ask of one place together.
    pub(super) fn check_together(&mut self, body: &Body, matchers: &[Matcher]) {
        self.check_counts(body);
        self.check_bounds(body, matchers);
        let lists = matchers.iter().filter_map(|matcher| match matcher {
            Matcher::OneOf(operands) => Some(operands.as_slice()),
            _ => None,
        });
        // `equals` is a list of one.
        if let [one, other] = lists.collect::<Vec<_>>().as_slice()
            && let (Some(one), Some(other)) = (plain(one), plain(other))
            && !one.iter().any(|text| other.contains(text))
            && let Some(equals) = body.attribute("equals")
        {
            let message = "this can never hold: `one_of` does not list it";
            self.error_with_help(equals.value.range, message, "leave one of the two out");
        }
    }

    fn check_counts(&mut self, body: &Body) {
        let number = |name: &str| match &body.attribute(name)?.value.kind {
            ExprKind::Number(number) => Some((number.parse::<f64>().ok()?, body.attribute(name)?)),
            _ => None,
        };
        let (least, most) = (number("items_at_least"), number("items_at_most"));
        match (least, most) {
            (Some((least, attribute)), _) if least <= 0.0 => {
                let message = "this always holds: no collection has fewer elements";
                self.error(attribute.value.range, message);
            }
            (Some((least, attribute)), Some((most, _))) if least > most => {
                let message = "this can never hold: `items_at_most` is below it";
                self.error(attribute.value.range, message);
            }
            _ => {}
        }
    }

    /// A lower bound above the upper one is a mistake.
    fn check_bounds(&mut self, body: &Body, matchers: &[Matcher]) {
        let bounds = matchers.iter().filter_map(|matcher| match matcher {
            Matcher::Compare(Comparison { order, bound: Operand::Text(text), unit, .. }) => {
                Some((*order, unit.of_bound().amount(text.as_plain()?)?))
            }
            _ => None,
        });
        let bounds: Vec<(Order, f64)> = bounds.collect();
        let lower = bounds.iter().filter(|(order, _)| is_lower(*order));
        for (low, least) in lower {
            let excludes = |(high, most): &&(Order, f64)| {
                let is_strict = *low == Order::Above || *high == Order::Below;
                !is_lower(*high) && (least > most || (is_strict && least >= most))
            };
            if let Some((high, _)) = bounds.iter().find(excludes)
                && let Some(attribute) = body.attribute(low.word())
            {
                let message = format!("this can never hold beside `{}`", high.word());
                self.error(attribute.value.range, message);
            }
        }
    }

    /// That what is selected is there need not be asked: a `path` was forgotten.
    pub(super) fn check_present(&mut self, body: &Body) {
        const NO_TEST: [&str; 4] = ["at", "underline", "related", "derive"];
        let mut asks = body.attributes().filter(|it| !NO_TEST.contains(&it.key.name.as_str()));
        let beside = body.blocks().any(|it| !["when", "fix"].contains(&it.kind.name.as_str()));
        if let (Some(present), None, false) = (asks.next(), asks.next(), beside)
            && present.key.name == "present"
            && matches!(present.value.kind, ExprKind::Bool(true))
        {
            let message = "this always holds: what is selected is there";
            self.error_with_help(
                present.value.range,
                message,
                "name what must be there: `path = \"…\"`",
            );
        }
    }

    /// Of `at_least` and `at_most` in `exists` and `sum`, one is asked; that there are no fewer rows than none says nothing.
    pub(super) fn check_rows(&mut self, body: &Body, is_count: bool) {
        let (least, most) = (body.attribute("at_least"), body.attribute("at_most"));
        if let (Some(least), Some(_)) = (least, most) {
            let message = "`at_least` and `at_most` are two questions";
            self.error_with_help(least.key.range, message, "ask each in a block of its own");
            return;
        }
        if !is_count {
            return;
        }
        let is_below = |attribute: &Attribute, bound: f64| match &attribute.value.kind {
            ExprKind::Number(number) => number.parse::<f64>().is_ok_and(|it| it <= bound),
            _ => false,
        };
        if let Some(least) = least.filter(|it| is_below(it, 0.0)) {
            let message = "this always holds: there are never fewer rows than none";
            let help = "write `at_most = 0` for none, or leave it out for one or more";
            self.error_with_help(least.value.range, message, help);
        }
    }

    /// The words that the attribute `name` lists, of which there must be one.
    pub(super) fn listed(&mut self, body: &Body, name: &str) -> Option<Vec<(SmolStr, TextRange)>> {
        let words = self.strings(body, name)?;
        if let (true, Some(attribute)) = (words.is_empty(), body.attribute(name)) {
            self.error(attribute.value.range, "this can never match: the list is empty");
        }
        Some(words)
    }

    /// A word that is nearly what `regex` finds is misspelt: files with what it finds are not searched for it.
    pub(super) fn check_words(&mut self, words: &[(SmolStr, TextRange)], regex: &LazyRegex) {
        let matches = regex.matches();
        for (word, range) in words.iter().filter(|(word, _)| !matches.can_hold(word)) {
            // Other words of the same files may well be meant, and stand beside what is found.
            if let Some(meant) = regex.literals().iter().find_map(|text| slip_in(text, word)) {
                let message = format!("nothing that `matches` finds has `{word}` in it");
                self.error_with_help(*range, message, format!("did you mean `{meant}`?"));
            }
        }
    }

    /// Of the attributes of `body` in `ways`, each of which says what it is about, one is read.
    pub(super) fn one_way(&mut self, body: &Body, ways: &[&str], more: &[(&str, &str)]) {
        let mut written = ways.iter().filter_map(|way| body.attribute(way));
        if let (Some(first), Some(second)) = (written.next(), written.next()) {
            let (first, other) = (&first.key.name, &second.key.name);
            let message = format!("`{other}` beside `{first}`: one of them says what is meant");
            self.error_with_help(second.key.range, message, "leave one of the two out");
            return;
        }
        for (name, way) in more {
            if let (Some(attribute), None) = (body.attribute(name), body.attribute(way)) {
                let message = format!("`{name}` goes with `{way}`");
                self.error_with_help(attribute.key.range, message, format!("add `{way} = …`"));
            }
        }
    }
}

/// The texts of `operands`, where all of them are known now.
fn plain(operands: &[Operand]) -> Option<Vec<&str>> {
    operands.iter().map(Operand::as_plain).collect()
}

fn is_lower(order: Order) -> bool {
    matches!(order, Order::AtLeast | Order::Above)
}

/// The part of `text` that `word` is a misspelling of.
fn slip_in(text: &str, word: &str) -> Option<String> {
    let (letters, length) = (text.chars().collect::<Vec<char>>(), word.chars().count());
    let lengths = length.saturating_sub(1)..=length + 1;
    let parts = lengths.filter(|it| *it > 2).flat_map(|length| letters.windows(length));
    let parts = parts.map(|part| part.iter().collect::<String>());
    let slips = parts.filter(|part| is_slip(word, part));
    slips.min_by_key(|part| (strsim::osa_distance(word, part), std::cmp::Reverse(part.len())))
}
