//! Regexes as rules write them: checked when they are read, compiled when they are first used.
//!
//! Compiling costs a hundred times as much as parsing, and classes like `[^/]` cost most of it, because they are all of
//! Unicode as bytes. Most texts that rules look at are ASCII, so a regex has two forms: one of bytes, for texts that are
//! ASCII, and one that knows Unicode, for others.
//!
//! Invariant: both forms find the same in an ASCII text, and nobody outside can tell which one was used.

use std::sync::OnceLock;

use regex::{Regex, bytes};
use regex_syntax::ast;

/// A regex. `\w`, `\d`, `\s` and `\b` are about ASCII: code is.
#[derive(Debug)]
pub struct LazyRegex {
    text: String,
    /// None where it cannot do without Unicode.
    ascii: OnceLock<Option<bytes::Regex>>,
    unicode: OnceLock<Option<Regex>>,
}

impl Clone for LazyRegex {
    fn clone(&self) -> Self {
        LazyRegex { text: self.text.clone(), ascii: OnceLock::new(), unicode: OnceLock::new() }
    }
}

/// Where a regex matches, and what its groups hold.
#[derive(Debug)]
pub struct Captures<'t>(Form<'t>);

#[derive(Debug)]
enum Form<'t> {
    /// In an ASCII text, which is given.
    Ascii(&'t str, bytes::Captures<'t>),
    Unicode(regex::Captures<'t>),
}

/// A part of a text that a regex or a group of it matches.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Match<'t> {
    text: &'t str,
    start: usize,
}

impl<'t> Match<'t> {
    /// The text that matches.
    pub fn as_str(&self) -> &'t str {
        self.text
    }

    /// The byte it starts at.
    pub fn start(&self) -> usize {
        self.start
    }

    /// The byte behind it.
    pub fn end(&self) -> usize {
        self.start + self.text.len()
    }
}

impl<'t> Captures<'t> {
    /// What the whole regex matches.
    pub fn whole(&self) -> Match<'t> {
        match &self.0 {
            Form::Ascii(text, captures) => ascii_match(text, captures.get_match()),
            Form::Unicode(captures) => unicode_match(captures.get_match()),
        }
    }

    /// What the group `name` matches, if it takes part.
    pub fn name(&self, name: &str) -> Option<Match<'t>> {
        match &self.0 {
            Form::Ascii(text, captures) => Some(ascii_match(text, captures.name(name)?)),
            Form::Unicode(captures) => captures.name(name).map(unicode_match),
        }
    }
}

fn ascii_match<'t>(text: &'t str, found: bytes::Match<'t>) -> Match<'t> {
    Match { text: &text[found.range()], start: found.start() }
}

fn unicode_match(found: regex::Match<'_>) -> Match<'_> {
    Match { text: found.as_str(), start: found.start() }
}

impl LazyRegex {
    /// The regex `text`; what is wrong with it, where it is none.
    pub fn parse(text: &str) -> Result<Self, String> {
        let checked = match ast::parse::Parser::new().parse(text) {
            // What is written well can still be meant badly where it speaks of Unicode, and only there: translating takes
            // longer than all else that reading a pack does.
            Ok(_) if ![r"\p", r"\P", "-u"].iter().any(|word| text.contains(word)) => Ok(()),
            Ok(_) => regex_syntax::parse(text).map(|_| ()).map_err(|wrong| wrong.to_string()),
            Err(wrong) => Err(wrong.to_string()),
        };
        match checked {
            Ok(()) => Ok(LazyRegex {
                text: ascii(text),
                ascii: OnceLock::new(),
                unicode: OnceLock::new(),
            }),
            Err(reason) => {
                let reason = reason.lines().last().unwrap_or_default();
                Err(reason.trim_start_matches("error: ").to_owned())
            }
        }
    }

    /// Whether it can search `text`: not if it is too large to compile. It then matches nothing.
    pub fn can_search(&self, text: &str) -> bool {
        self.ascii_for(text).is_some() || self.unicode().is_some()
    }

    /// Whether it matches somewhere in `text`.
    pub fn is_match(&self, text: &str) -> bool {
        match self.ascii_for(text) {
            Some(regex) => regex.is_match(text.as_bytes()),
            None => self.unicode().is_some_and(|regex| regex.is_match(text)),
        }
    }

    /// Where it first matches in `text`.
    pub fn find<'t>(&self, text: &'t str) -> Option<Match<'t>> {
        match self.ascii_for(text) {
            Some(regex) => Some(ascii_match(text, regex.find(text.as_bytes())?)),
            None => self.unicode()?.find(text).map(unicode_match),
        }
    }

    /// The first match in `text`, with its groups.
    pub fn captures<'t>(&self, text: &'t str) -> Option<Captures<'t>> {
        match self.ascii_for(text) {
            Some(regex) => Some(Captures(Form::Ascii(text, regex.captures(text.as_bytes())?))),
            None => Some(Captures(Form::Unicode(self.unicode()?.captures(text)?))),
        }
    }

    /// Every match in `text`, with its groups.
    pub fn captures_iter<'t>(&self, text: &'t str) -> impl Iterator<Item = Captures<'t>> {
        let ascii = self.ascii_for(text);
        let unicode = if ascii.is_none() { self.unicode() } else { None };
        let in_ascii = ascii.into_iter().flat_map(move |regex| {
            let found = regex.captures_iter(text.as_bytes());
            found.map(move |captures| Captures(Form::Ascii(text, captures)))
        });
        let in_unicode = unicode.into_iter().flat_map(move |regex| {
            regex.captures_iter(text).map(|captures| Captures(Form::Unicode(captures)))
        });
        in_ascii.chain(in_unicode)
    }

    /// The form of bytes, if `text` is a text for it.
    fn ascii_for(&self, text: &str) -> Option<&bytes::Regex> {
        if !text.is_ascii() {
            return None;
        }
        let compile = || bytes::RegexBuilder::new(&self.text).unicode(false).build().ok();
        self.ascii.get_or_init(compile).as_ref()
    }

    fn unicode(&self) -> Option<&Regex> {
        self.unicode.get_or_init(|| Regex::new(&self.text).ok()).as_ref()
    }
}

/// `pattern` with `\w`, `\d`, `\s` and `\b` about ASCII alone.
fn ascii(pattern: &str) -> String {
    let mut out = String::with_capacity(pattern.len() + 16);
    let mut letters = pattern.chars();
    let mut class_depth = 0_usize;
    while let Some(letter) = letters.next() {
        match letter {
            '[' => class_depth += 1,
            ']' => class_depth = class_depth.saturating_sub(1),
            '\\' => {
                let Some(escaped) = letters.next() else { break };
                out.push_str(&ascii_escape(escaped, class_depth > 0));
                continue;
            }
            _ => {}
        }
        out.push(letter);
    }
    out
}

fn ascii_escape(letter: char, in_class: bool) -> String {
    let members = match letter.to_ascii_lowercase() {
        'w' => "0-9A-Za-z_",
        'd' => "0-9",
        's' => r"\t\n\x0B\x0C\r ",
        'b' if !in_class => return format!(r"(?-u:\{letter})"),
        _ => return format!(r"\{letter}"),
    };
    match (letter.is_ascii_lowercase(), in_class) {
        (true, true) => members.to_owned(),
        (true, false) => format!("[{members}]"),
        (false, _) => format!("[^{members}]"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(pattern: &str, text: &str) -> Vec<(usize, String, Option<String>)> {
        let regex = LazyRegex::parse(pattern).unwrap();
        let captures = regex.captures_iter(text);
        let found: Vec<_> = captures
            .map(|it| {
                let whole = it.whole();
                (
                    whole.start(),
                    whole.as_str().to_owned(),
                    it.name("x").map(|it| it.as_str().into()),
                )
            })
            .collect();
        assert_eq!(regex.is_match(text), !found.is_empty());
        let first = regex.find(text).map(|it| (it.start(), it.end()));
        assert_eq!(first, found.first().map(|(start, it, _)| (*start, start + it.len())));
        found
    }

    /// What the crate's own Unicode regex finds.
    fn expected(pattern: &str, text: &str) -> Vec<(usize, String, Option<String>)> {
        let regex = Regex::new(&ascii(pattern)).unwrap();
        let captures = regex.captures_iter(text);
        captures
            .map(|it| {
                let whole = it.get(0).unwrap();
                (
                    whole.start(),
                    whole.as_str().to_owned(),
                    it.name("x").map(|it| it.as_str().into()),
                )
            })
            .collect()
    }

    #[test]
    fn both_forms_find_what_a_unicode_regex_finds() {
        let patterns = [
            "[^/]+",
            "(?<x>.)b",
            "^..$",
            r"\w+",
            r"\b(?<x>[a-z]+)\b",
            r"[^\d]{2}",
            "(?i)straße|k",
            "é",
            "[a-é]+",
            r"\pL{2}",
            "",
            "a*",
            r"(?s)^(?<x>.*?)$",
            r"\xE9",
            r"[^\x00-\x7F]",
            r"\S+$",
        ];
        let texts =
            ["", "a/b", "ab", "é", "éb/ab", "STRASSE Straße", "\u{212A}", "x\ny b", "a1 -_b"];
        for pattern in patterns {
            for text in texts {
                assert_eq!(found(pattern, text), expected(pattern, text), "{pattern} in {text:?}");
            }
        }
    }

    #[test]
    fn classes_are_about_ascii() {
        assert_eq!(found(r"\w+", "wörd"), [(0, "w".into(), None), (3, "rd".into(), None)]);
        assert!(found(r"\d", "٣").is_empty());
    }

    #[test]
    fn what_is_too_large_searches_nothing() {
        let regex = LazyRegex::parse(r"(?:a{500}){500}{50}").unwrap();
        for text in ["a", "é"] {
            assert!(!regex.can_search(text) && !regex.is_match(text));
        }
        assert!(LazyRegex::parse("a").unwrap().can_search("a"));
    }

    #[test]
    fn what_is_no_regex_is_told_at_once() {
        assert_eq!(LazyRegex::parse("(a").unwrap_err(), "unclosed group");
        assert_eq!(LazyRegex::parse(r"(a)\1").unwrap_err(), "backreferences are not supported");
        assert_eq!(LazyRegex::parse(r"\p{Nope}").unwrap_err(), "Unicode property not found");
        assert_eq!(LazyRegex::parse(r"(?-u:\xFF)").unwrap_err(), "pattern can match invalid UTF-8");
    }
}
