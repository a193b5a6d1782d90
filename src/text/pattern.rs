//! Regexes as rules write them: checked when they are read, compiled when they are first used.

use std::sync::Arc;

use regex_automata::Input;
use regex_automata::util::captures;
use regex_syntax::ast;

use super::effort::{Form, Ready};

/// A regex. `\w`, `\d`, `\s` and `\b` are about ASCII: code is.
#[derive(Clone, Debug)]
pub struct LazyRegex(Arc<Form>);

/// Where a regex matches in a text, and what its groups hold.
#[derive(Debug)]
pub struct Captures<'t>(&'t str, captures::Captures);

/// A part of a text that a regex or a group of it matches.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Match<'t> {
    text: &'t str,
    start: usize,
}

impl<'t> Match<'t> {
    fn of(text: &'t str, span: regex_automata::Span) -> Self {
        Match { text: &text[span.range()], start: span.start }
    }

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
        let span = self.1.get_match().map(|found| found.span());
        Match::of(self.0, span.unwrap_or_else(|| (0..0).into()))
    }

    /// What the groups match that take part.
    pub fn groups(&self) -> impl Iterator<Item = Match<'t>> {
        let groups = self.1.iter().skip(1).flatten();
        groups.map(|span| Match::of(self.0, span))
    }

    /// What the group `name` matches, if it takes part.
    pub fn name(&self, name: &str) -> Option<Match<'t>> {
        self.1.get_group_by_name(name).map(|span| Match::of(self.0, span))
    }
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
            Ok(()) if repeats_often(text) && !LazyRegex::proven(text).can_search("") => {
                Err("it is too large: what it repeats stands in it as often as that".to_owned())
            }
            Ok(()) => Ok(LazyRegex::proven(text)),
            Err(reason) => {
                let reason = reason.lines().last().unwrap_or_default();
                Err(reason.trim_start_matches("error: ").to_owned())
            }
        }
    }

    /// The regex `text`, which is known to be one: [`parse`](Self::parse) has said so before.
    pub fn proven(text: &str) -> Self {
        LazyRegex(Form::of(ascii(text)))
    }

    /// The regex, as it is compiled.
    pub(super) fn as_str(&self) -> &str {
        self.0.pattern()
    }

    /// Whether it can search `text`: not if it is too large to compile. It then matches nothing.
    pub fn can_search(&self, text: &str) -> bool {
        self.regex_for(text).is_some()
    }

    /// Whether it matches somewhere in `text`.
    pub fn is_match(&self, text: &str) -> bool {
        self.regex_for(text).is_some_and(|regex| regex.is_match(text))
    }

    /// Whether it matches inside of `part` whatever stands around that in a text: nothing does before it where the text
    /// `begins` with it, and nothing behind it where the text `ends` with it.
    pub fn matches_part(&self, part: &str, [begins, ends]: [bool; 2]) -> bool {
        // What a regex asks about its surroundings is whether there is a letter, something else, or another line.
        let beside = |is_edge| if is_edge { &[""][..] } else { &["", "x", " ", "\n"] };
        beside(begins).iter().all(|before| {
            beside(ends).iter().all(|after| {
                let text = format!("{before}{part}{after}");
                let inside = Input::new(&text).range(before.len()..before.len() + part.len());
                self.regex_for(&text).is_some_and(|regex| regex.is_match(inside))
            })
        })
    }

    /// Where it first matches in `text`.
    pub fn find<'t>(&self, text: &'t str) -> Option<Match<'t>> {
        let found = self.regex_for(text)?.find(text)?;
        Some(Match::of(text, found))
    }

    /// The first match in `text`, with its groups.
    pub fn captures<'t>(&self, text: &'t str) -> Option<Captures<'t>> {
        self.captures_iter(text).next()
    }

    /// Every match in `text`, with its groups.
    pub fn captures_iter<'t>(&self, text: &'t str) -> impl Iterator<Item = Captures<'t>> {
        let stretches = self.0.stretches_of(text);
        let found = stretches.filter_map(|part| {
            let regex = self.0.get(part.len())?;
            Some(regex.captures(Input::new(text).span(part)))
        });
        found.flatten().map(|found| Captures(text, found))
    }

    /// Lets go of what its searches have found out, because there are no more of them soon.
    pub fn rest(&self) {
        self.0.rest();
    }

    /// Lets go of what searches have found out about any regex.
    pub fn rest_all() {
        Form::rest_all();
    }

    fn regex_for(&self, text: &str) -> Option<Ready<'_>> {
        self.0.get(text.len())
    }
}

/// Whether the counts in `pattern` (`{1,500}`) may make it too large to compile. Only then is that worth the time.
fn repeats_often(pattern: &str) -> bool {
    let counts = pattern.split('{').skip(1).filter_map(|it| {
        let largest = it.split('}').next()?.rsplit(',').find(|count| !count.is_empty())?;
        largest.trim().parse::<u32>().ok()
    });
    counts.fold(1_u32, u32::saturating_mul) >= 500
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
        let at_first = found_by(&regex, text);
        // After long texts, another engine searches.
        for much in ["x".repeat(5_000), "é".repeat(5_000)] {
            regex.is_match(&much);
        }
        assert_eq!(found_by(&regex, text), at_first, "{pattern} in {text:?}");
        at_first
    }

    #[test]
    fn a_part_is_enough_where_nothing_around_it_matters() {
        let matches = |pattern: &str, part: &str, edges: [bool; 2]| {
            let regex = LazyRegex::parse(pattern).unwrap();
            let found = regex.matches_part(part, edges);
            regex.is_match(&"x".repeat(5_000));
            assert_eq!(regex.matches_part(part, edges), found, "{pattern} in {part:?}");
            found
        };
        let [whole, start, end, middle] =
            [[true, true], [true, false], [false, true], [false, false]];
        assert!(matches("postgres[:@]", "postgres:", start));
        assert!(
            matches("^postgres:", "postgres:", start) && !matches("^postgres:", "postgres:", end)
        );
        assert!(matches(":latest$", "x:latest", end) && !matches(":latest$", "x:latest", start));
        assert!(matches(r"\bgit\b", "git", whole) && !matches(r"\bgit\b", "git", middle));
        assert!(matches(r"\bgit\b", "/git ", middle));
        assert!(matches("a.*", "a", middle) && !matches("a.+", "a", middle));
        assert!(matches("(?m)^b", "a\nb", middle) && !matches("(?m)^a", "a\nb", middle));
        assert!(!matches("a|c$", "c", start) && !matches("é", "e", middle));
    }

    fn found_by(regex: &LazyRegex, text: &str) -> Vec<(usize, String, Option<String>)> {
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
        let regex = regex::Regex::new(&ascii(pattern)).unwrap();
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
    fn what_is_found_is_what_a_unicode_regex_finds() {
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
            "[^a]b",
            "a[^b]",
            "(?<x>.{2}?)",
            "[^x]{1,2}?/",
            "(?:[^x]b)+",
            "^[^a]*?$",
            "b[^/]*(?<x>.)",
            "[^é]+",
            r"[^\x00-a]",
            "(?:.|ß)e",
            r"(?:[^\n]{0,3}?(?<x>ß|\n)){1,2}",
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
    fn what_is_found_line_by_line_is_what_is_found_in_the_whole_text() {
        let patterns = [
            "image",
            "(?m)^ *(?<x>image): *$",
            "^image",
            "image$",
            r"(?m)image\r?$",
            r"\bimage\b",
            r"(?<x>[^\n]?)image",
            "image[^\n]{0,3}",
            "[^\n]*image[^\n]*",
            "(?:image|(?<x>chart))+",
            "(?:a|im)age|chart",
            "(?<x>image.*?|chart.*):",
            "é?image.",
            "(?:image)?",
            "(?:image|x*)",
            r"image\s*",
            "image[^x]",
            "(?:chart)*image(?:x|:|$)",
            "(?R)(?m)^image$",
            "[^x]image",
            "(?:^|[^x])(?<x>image|chart)",
            r"\b[^x]?chart\w*",
            "(?m)(?:^| )(?<x>image:)(?: |$)",
        ];
        let texts = [
            "image",
            "image\n",
            "\nimage",
            "\r\nimage\r\nimage:\r\n",
            "image:image: image\n\nimages\n",
            " image: \nim\nage\nx\n: image",
            "éimageé\ré image: chart: x\n\n\n",
            "chartimage\nchart\nxchart: image:x\nimagechartimage",
            "x\n chart\r\r\n image: # image:\r\n\u{2028}image\u{85}",
        ];
        let much = "x ".repeat(5_000);
        for pattern in patterns {
            for text in texts {
                // Only in long texts it matters.
                for text in [text.to_owned(), format!("{text}\n{much}"), format!("{much}\n{text}")]
                {
                    assert_eq!(found(pattern, &text), expected(pattern, &text), "{pattern:?}");
                }
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
        let large = r"(?:a{500}){500}{50}";
        assert!(LazyRegex::parse(large).is_err_and(|why| why.starts_with("it is too large")));
        let regex = LazyRegex::proven(large);
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
