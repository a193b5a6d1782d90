//! The grammar: `tautline: ignore[rule-a, rule-b] until=2027-01-31 owner=x -- reason`.

use crate::syntax::{Date, SyntaxError};
use crate::text::TextRange;

/// A control comment, well-formed. Whether its rules exist and its date has passed is not judged here.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Directive {
    /// From `tautline` to the end of the reason.
    pub range: TextRange,
    /// The rules it names, in order, each once; never empty.
    pub rules: Vec<RuleName>,
    /// The last day on which it holds.
    pub until: Option<Until>,
    /// Who answers for it.
    pub owner: Option<String>,
    /// Why.
    pub reason: String,
}

/// A rule's id in a control comment.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RuleName {
    /// The id.
    pub id: String,
    /// Where it stands.
    pub range: TextRange,
}

/// The last day on which a control comment holds.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Until {
    /// The day.
    pub date: Date,
    /// Where it stands.
    pub range: TextRange,
}

const SHAPE: &str = "write `tautline: ignore[group/rule] -- reason`";

/// Reads a comment's text, which stands at `range` of `source` without its markers. `None` if it does not address
/// tautline.
pub(super) fn parse(source: &str, range: TextRange) -> Option<Result<Directive, SyntaxError>> {
    let text = &source[range.indices()];
    let content = text.trim();
    let start = range.start as usize + (text.len() - text.trim_start().len());
    if let Some(inside) = on_another_line(text) {
        let at =
            TextRange::new(range.start as usize + inside.start, range.start as usize + inside.end);
        return Some(Err(error(
            at,
            "a control comment is a comment of its own, on one line",
            SHAPE,
        )));
    }
    let whole = TextRange::new(start, start + content.len());
    if content
        .strip_prefix("Tautline")
        .is_some_and(|it| it.trim_start_matches([':', ' ']).starts_with("ignore["))
    {
        return Some(Err(error(whole, "a control comment starts with `tautline:`", SHAPE)));
    }
    let after_name = content.strip_prefix("tautline")?;
    let mut cursor = Cursor { source, at: start + "tautline".len(), end: whole.end as usize };
    if !after_name.starts_with(':') {
        let meant = after_name.trim_start_matches([' ', '\t', '-', '_', '.']);
        let is_directive = meant.len() < after_name.len() && meant.starts_with("ignore[");
        return is_directive
            .then(|| Err(error(whole, "a control comment starts with `tautline:`", SHAPE)));
    }
    cursor.at += 1;
    Some(cursor.directive(whole))
}

/// Where in a comment of many lines one of them, not the first that says something, addresses tautline.
fn on_another_line(text: &str) -> Option<std::ops::Range<usize>> {
    let first = text.len() - text.trim_start().len();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let said = line.trim_start_matches([' ', '\t', '*']);
        let at = start + line.len() - said.len();
        start += line.len();
        if at != first && said.starts_with("tautline:") {
            return Some(at..at + said.trim_end().len());
        }
    }
    None
}

/// The help where something in the list is no rule's id. Who knows all rules can say which one is meant.
pub const NAME_RULES: &str =
    "name each rule as `group/rule`; groups and patterns cannot be ignored";

fn error(range: TextRange, message: &str, help: &str) -> SyntaxError {
    SyntaxError { message: message.to_owned(), help: Some(help.to_owned()), range }
}

/// Reads from left to right; `at` never passes `end`.
struct Cursor<'t> {
    source: &'t str,
    at: usize,
    end: usize,
}

impl<'t> Cursor<'t> {
    fn rest(&self) -> &'t str {
        &self.source[self.at..self.end]
    }

    fn skip_space(&mut self) {
        self.at += self.rest().len() - self.rest().trim_start().len();
    }

    /// The bytes up to the first that `stop` accepts, or all that is left.
    fn take_until(&mut self, stop: impl Fn(char) -> bool) -> TextRange {
        let length = self.rest().find(stop).unwrap_or(self.rest().len());
        let range = TextRange::new(self.at, self.at + length);
        self.at += length;
        range
    }

    fn directive(&mut self, whole: TextRange) -> Result<Directive, SyntaxError> {
        self.skip_space();
        let verb = self.take_until(|c| c == '[' || c.is_whitespace());
        if &self.source[verb.indices()] != "ignore" {
            let range = if verb.is_empty() { whole } else { verb };
            return Err(error(range, "the only control comment is `ignore`", SHAPE));
        }
        if !self.rest().starts_with('[') {
            return Err(error(whole, "`ignore` names no rule", SHAPE));
        }
        let rules = self.rules(whole)?;
        let mut directive =
            Directive { range: whole, rules, until: None, owner: None, reason: String::new() };
        loop {
            self.skip_space();
            if self.rest().is_empty() {
                return Err(error(
                    whole,
                    "this suppression gives no reason",
                    "end it with ` -- ` and why the rule does not apply here",
                ));
            }
            let word = self.take_until(char::is_whitespace);
            if &self.source[word.indices()] == "--" {
                break;
            }
            self.setting(word, &mut directive)?;
        }
        self.check_reason()?;
        self.rest().trim().clone_into(&mut directive.reason);
        if !directive.reason.chars().any(char::is_alphanumeric) {
            return Err(error(
                whole,
                "this suppression gives no reason",
                "say after `--` why the rule does not apply here",
            ));
        }
        Ok(directive)
    }

    /// Fails where the reason holds what was meant to hold: nobody reads it there, and the rest would count as it stands.
    fn check_reason(&self) -> Result<(), SyntaxError> {
        let reason = self.rest();
        if let Some(at) = reason.find("tautline: ignore[") {
            let range = TextRange::new(self.at + at, self.at + reason.trim_end().len());
            let help = "name all rules in one: `ignore[group/rule, group/rule]`; or put the other on a line above";
            return Err(error(range, "a second control comment is read as the reason", help));
        }
        for (at, _) in reason.match_indices("until=") {
            let word = reason[at..].split_whitespace().next().unwrap_or_default();
            let value = word["until=".len()..].trim_end_matches([',', '.', ';', ')']);
            let begins = reason[..at].chars().next_back().is_none_or(char::is_whitespace);
            if begins && Date::parse(value).is_some() {
                let range = TextRange::new(self.at + at, self.at + at + word.len());
                let help =
                    "write it before `--`: behind that is the reason, and it would hold for good";
                return Err(error(range, "this date is read as the reason", help));
            }
        }
        Ok(())
    }

    /// `[group/rule, group/rule]`
    fn rules(&mut self, whole: TextRange) -> Result<Vec<RuleName>, SyntaxError> {
        self.at += 1;
        let mut rules: Vec<RuleName> = Vec::new();
        loop {
            self.skip_space();
            let raw = self.take_until(|c| matches!(c, ',' | ']' | '\n'));
            let id = self.source[raw.indices()].trim_end();
            let range = TextRange::new(raw.start as usize, raw.start as usize + id.len());
            let Some(delimiter) = self.rest().chars().next().filter(|&c| c != '\n') else {
                return Err(error(
                    whole,
                    "the list of rules is not closed",
                    "write `]` after the last rule",
                ));
            };
            if id.is_empty() {
                return Err(error(whole, "the list of rules has an empty place", SHAPE));
            }
            if !is_rule_id(id) {
                let message = format!("`{id}` is no rule id");
                return Err(error(range, &message, NAME_RULES));
            }
            if rules.iter().any(|rule| rule.id == id) {
                return Err(error(range, &format!("`{id}` is named twice"), "name each rule once"));
            }
            rules.push(RuleName { id: id.to_owned(), range });
            self.at += 1;
            if delimiter == ']' {
                return Ok(rules);
            }
        }
    }

    /// `until=…` or `owner=…`
    fn setting(&self, word: TextRange, directive: &mut Directive) -> Result<(), SyntaxError> {
        let text = &self.source[word.indices()];
        let Some((name, value)) = text.split_once('=') else {
            return Err(error(
                word,
                &format!("`{text}` is not understood"),
                "write `--` before the reason",
            ));
        };
        let range = word.slice(name.len() + 1, value.len());
        let seen_before = match name {
            "until" => {
                let Some(date) = Date::parse(value) else {
                    return Err(error(
                        range,
                        &format!("`{value}` is no date"),
                        "write the date as `until=YYYY-MM-DD`",
                    ));
                };
                directive.until.replace(Until { date, range }).is_some()
            }
            "owner" if value.is_empty() => {
                return Err(error(
                    word,
                    "`owner=` names nobody",
                    "write `owner=NAME` or leave it out",
                ));
            }
            "owner" => directive.owner.replace(value.to_owned()).is_some(),
            _ => {
                return Err(error(
                    word,
                    &format!("`{name}` is not known here"),
                    "only `until=` and `owner=` may stand before `--`",
                ));
            }
        };
        if seen_before {
            return Err(error(word, &format!("`{name}=` is given twice"), "give it once"));
        }
        Ok(())
    }
}

/// `group/name`, both of lower-case letters, digits and dashes.
fn is_rule_id(text: &str) -> bool {
    let word = |part: &str| {
        !part.is_empty()
            && part.bytes().all(|byte| {
                byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'_')
            })
    };
    text.split_once('/').is_some_and(|(group, name)| word(group) && word(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<Result<Directive, SyntaxError>> {
        parse(text, TextRange::new(0, text.len()))
    }

    /// The message and the underlined text.
    fn wrong(text: &str) -> (String, &str) {
        let error = read(text).expect("it addresses tautline").expect_err(text);
        (error.message, &text[error.range.indices()])
    }

    #[test]
    fn every_part_is_read_with_its_place() {
        let text =
            "## tautline: ignore[a/b,  c/d-e] until=2027-01-31 owner=ops -- moves -- next year ";
        let directive = parse(text, TextRange::new(2, text.len())).unwrap().unwrap();
        assert_eq!(
            directive.rules.iter().map(|rule| &text[rule.range.indices()]).collect::<Vec<_>>(),
            ["a/b", "c/d-e"]
        );
        assert_eq!(directive.rules[1].id, "c/d-e");
        let until = directive.until.unwrap();
        assert_eq!(
            (until.date.to_string().as_str(), &text[until.range.indices()]),
            ("2027-01-31", "2027-01-31")
        );
        assert_eq!(directive.owner.as_deref(), Some("ops"));
        assert_eq!(directive.reason, "moves -- next year");
        assert_eq!(&text[directive.range.indices()], text[2..].trim());
    }

    #[test]
    fn other_comments_are_left_alone() {
        for text in [
            "",
            "ignore[a/b] -- x",
            "see tautline: ignore",
            "tautline ignores this",
            "tautlines:",
            "tautline",
            "Tautline: ignores this",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn near_misses_are_errors() {
        for text in [
            "tautline ignore[a/b] -- x",
            "tautline-ignore[a/b]",
            "Tautline: ignore[a/b] -- x",
            "tautline: ",
            "tautline: disable[a/b] -- x",
            "tautline: ignore -- x",
            "\n * tautline: ignore[a/b] -- x\n",
            "why\n tautline: ignore[a/b] -- x",
        ] {
            assert!(matches!(read(text), Some(Err(_))), "{text}");
        }
    }

    #[test]
    fn errors_underline_what_is_wrong() {
        let no_reason = "this suppression gives no reason".to_owned();
        assert_eq!(wrong("tautline: ignore[a/b]"), (no_reason.clone(), "tautline: ignore[a/b]"));
        assert_eq!(
            wrong("tautline: ignore[a/b] --  - "),
            (no_reason, "tautline: ignore[a/b] --  -")
        );
        assert_eq!(wrong("tautline: ignore[a/*] -- x"), ("`a/*` is no rule id".to_owned(), "a/*"));
        assert_eq!(wrong("tautline: ignore[a] -- x").1, "a");
        assert_eq!(
            wrong("tautline: ignore[a/b, a/b] -- x"),
            ("`a/b` is named twice".to_owned(), "a/b")
        );
        assert_eq!(
            wrong("tautline: ignore[a/b] until=soon -- x"),
            ("`soon` is no date".to_owned(), "soon")
        );
        assert_eq!(
            wrong("tautline: ignore[a/b] til=1 -- x"),
            ("`til` is not known here".to_owned(), "til=1")
        );
        assert_eq!(wrong("tautline: ignore[a/b] because x").1, "because");
        assert_eq!(wrong("tautline: ignore[a/b").0, "the list of rules is not closed");
        assert_eq!(wrong("tautline: ignore[] -- x").0, "the list of rules has an empty place");
        assert_eq!(
            wrong("tautline: ignore[a/b] until=2027-01-01 until=2027-01-01 -- x").0,
            "`until=` is given twice"
        );
        let second = "tautline: ignore[c/d] -- y";
        assert_eq!(
            wrong("tautline: ignore[a/b] -- x # tautline: ignore[c/d] -- y"),
            ("a second control comment is read as the reason".to_owned(), second)
        );
        assert_eq!(
            wrong("tautline: ignore[a/b] -- x until=2027-01-31."),
            ("this date is read as the reason".to_owned(), "until=2027-01-31.")
        );
    }
}
