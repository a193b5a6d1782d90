//! Where in a text a regex can match: in the lines in which there is one of some words.
//!
//! Finding words takes a tenth of the time that an automaton needs for the same text, and few lines have one. Breaks of lines
//! tell how far a match can go; look-arounds see the whole text all the same.
//!
//! Invariant: all matches lie in these lines, and each of them in one; none is empty.

use aho_corasick::{AhoCorasick, Input, MatchKind};
use memchr::{memchr, memrchr};
use regex_automata::Span;
use regex_syntax::hir::{Class, Hir, HirKind};

/// Shorter words stand in too many lines.
const SHORTEST: usize = 3;

/// More words than that are not looked for.
const MOST: usize = 32;

/// Classes of more letters than that are not spelt out.
const LETTERS: usize = 4;

/// What is known of a regex that matches no line break, or none but the one before the line of its match.
#[derive(Debug)]
pub(super) struct Stretches {
    /// Each match has one of these words in it.
    words: AhoCorasick,
    /// Whether a match can begin with the line break before its line.
    is_begun_before: bool,
}

impl Stretches {
    /// Those of the regex `hir`; none where its matches may go over lines, or have no such words.
    pub(super) fn of(hir: &Hir) -> Option<Self> {
        let words = words_of(hir).filter(|words| shortest(words) >= SHORTEST)?;
        let breaks = Breaks::of(hir);
        if breaks == Breaks::Somewhere {
            return None;
        }
        let words =
            AhoCorasick::builder().match_kind(MatchKind::LeftmostFirst).build(words).ok()?;
        Some(Stretches { words, is_begun_before: breaks == Breaks::First })
    }

    /// The lines of `text` in which there is a word, without the break at their end.
    pub(super) fn of_text(&self, text: &str) -> impl Iterator<Item = Span> {
        let bytes = text.as_bytes();
        let mut searched = 0;
        std::iter::from_fn(move || {
            let word = self.words.find(Input::new(text).range(searched..))?;
            let start = memrchr(b'\n', &bytes[searched..word.start()])
                .map_or(searched, |at| searched + at + 1);
            let end = memchr(b'\n', &bytes[word.end()..]).map_or(bytes.len(), |at| word.end() + at);
            searched = bytes.len().min(end + 1);
            let has_before = self.is_begun_before && start > 0;
            Some(Span::from(start - usize::from(has_before)..end))
        })
    }
}

/// Texts of which each match has one in it, as long as they can be; none where nothing is known.
fn words_of(hir: &Hir) -> Option<Vec<Vec<u8>>> {
    if let Some(all) = spelt_out(hir) {
        return Some(all);
    }
    match hir.kind() {
        HirKind::Capture(capture) => words_of(&capture.sub),
        HirKind::Repetition(repetition) if repetition.min > 0 => words_of(&repetition.sub),
        HirKind::Alternation(parts) => {
            let words = parts.iter().map(words_of).collect::<Option<Vec<_>>>()?.concat();
            (words.len() <= MOST).then_some(words)
        }
        HirKind::Concat(parts) => {
            let nothing = || vec![Vec::new()];
            let (mut found, mut beside) = (Vec::new(), nothing());
            for part in parts {
                match spelt_out(part) {
                    // Parts beside each other that are spelt out are so together.
                    Some(all) if beside.len() * all.len() <= MOST => beside = joined(&beside, &all),
                    Some(all) => found.push(std::mem::replace(&mut beside, all)),
                    None => {
                        found.push(std::mem::replace(&mut beside, nothing()));
                        found.extend(words_of(part));
                    }
                }
            }
            found.push(beside);
            found.into_iter().max_by_key(|words| shortest(words))
        }
        _ => None,
    }
}

/// All texts that `hir` matches, where these are few and in one line. What it asks about their surroundings is taken to hold.
fn spelt_out(hir: &Hir) -> Option<Vec<Vec<u8>>> {
    let all = match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => vec![Vec::new()],
        HirKind::Literal(literal) => vec![literal.0.to_vec()],
        HirKind::Class(Class::Unicode(class)) => {
            let letters = class.iter().flat_map(|range| range.start()..=range.end());
            let all: Vec<char> = letters.take(LETTERS + 1).collect();
            if all.len() > LETTERS {
                return None;
            }
            all.into_iter().map(|letter| letter.to_string().into_bytes()).collect()
        }
        HirKind::Capture(capture) => spelt_out(&capture.sub)?,
        HirKind::Alternation(parts) => {
            parts.iter().map(spelt_out).collect::<Option<Vec<_>>>()?.concat()
        }
        HirKind::Concat(parts) => parts.iter().try_fold(vec![Vec::new()], |before, part| {
            let all = spelt_out(part)?;
            (before.len() * all.len() <= MOST).then(|| joined(&before, &all))
        })?,
        _ => return None,
    };
    let is_in_line = |text: &Vec<u8>| !text.contains(&b'\n');
    (all.len() <= MOST && all.iter().all(is_in_line)).then_some(all)
}

/// Each of `first` with each of `second` behind it.
fn joined(first: &[Vec<u8>], second: &[Vec<u8>]) -> Vec<Vec<u8>> {
    let with_each = |one: &Vec<u8>| {
        let one = one.clone();
        second.iter().map(move |other| [&*one, other].concat())
    };
    first.iter().flat_map(with_each).collect()
}

fn shortest(words: &[Vec<u8>]) -> usize {
    words.iter().map(Vec::len).min().unwrap_or_default()
}

/// Where in a match there can be a line break.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Breaks {
    Nowhere,
    /// It can begin with one, as those of `[^a-z]word` can.
    First,
    Somewhere,
}

impl Breaks {
    fn of(hir: &Hir) -> Self {
        match hir.kind() {
            HirKind::Literal(literal) => match memrchr(b'\n', &literal.0) {
                None => Breaks::Nowhere,
                Some(0) => Breaks::First,
                Some(_) => Breaks::Somewhere,
            },
            HirKind::Class(class) if has_break(class) => Breaks::First,
            HirKind::Empty | HirKind::Look(_) | HirKind::Class(_) => Breaks::Nowhere,
            HirKind::Capture(capture) => Breaks::of(&capture.sub),
            HirKind::Repetition(repetition) => match Breaks::of(&repetition.sub) {
                Breaks::First if repetition.max != Some(1) => Breaks::Somewhere,
                breaks => breaks,
            },
            HirKind::Alternation(parts) => {
                parts.iter().map(Breaks::of).max().unwrap_or(Breaks::Nowhere)
            }
            HirKind::Concat(parts) => {
                let is_empty = |part: &&Hir| part.properties().maximum_len() == Some(0);
                let mut parts = parts.iter().skip_while(is_empty).map(Breaks::of);
                let first = parts.next().unwrap_or(Breaks::Nowhere);
                if parts.all(|it| it == Breaks::Nowhere) { first } else { Breaks::Somewhere }
            }
        }
    }
}

fn has_break(class: &Class) -> bool {
    match class {
        Class::Unicode(class) => class.iter().any(|it| (it.start()..=it.end()).contains(&'\n')),
        Class::Bytes(class) => class.iter().any(|it| (it.start()..=it.end()).contains(&b'\n')),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stretches(pattern: &str) -> Option<Stretches> {
        Stretches::of(&regex_syntax::parse(pattern).unwrap())
    }

    fn words(pattern: &str) -> Option<String> {
        let words = words_of(&regex_syntax::parse(pattern).unwrap());
        let words = words.filter(|words| shortest(words) > 0)?;
        let words: Vec<_> = words.iter().map(|word| String::from_utf8_lossy(word)).collect();
        Some(words.join(" "))
    }

    #[test]
    fn every_match_has_one_of_the_words() {
        let some = |words: &str| Some(words.to_owned());
        assert_eq!(words("a.bcd.ef"), some("bcd"));
        assert_eq!(words("(?:kubectl|(?<x>helm)) +(?:get|x) pods"), some("get pods x pods"));
        assert_eq!(words("(?:kubectl|helm|[0-9])x"), some("x"));
        assert_eq!(words("(?:kubectl|helm)+x"), some("kubectl helm"));
        assert_eq!(words("(?:kubectl)?(?:helm)*x?"), None);
        assert_eq!(words("[ab](?:cd|ef)?^$"), some("a b"));
        assert_eq!(words("^$|cd"), None);
        assert_eq!(words("(?i)ab:"), some("AB: Ab: aB: ab:"));
        assert_eq!(words("xapp-[0-9]-"), some("xapp-"));
        assert_eq!(words("x+(?:(labels|tags)\\.)[a-z]"), some("labels. tags."));
        assert_eq!(words("gh[ops]_[a-z]"), some("gho_ ghp_ ghs_"));
        assert_eq!(words("[\nx]image:.*key"), some("image:"));
    }

    #[test]
    fn what_may_go_over_lines_has_no_stretches() {
        for pattern in [
            "word\n",
            r"word\s",
            "word[^x]",
            "(?s)word.",
            "(?:a|word\n)word",
            "ab.",
            "(?:word)?",
            r"\s*word",
            "[^x][^y]word",
            "(?:[^x]word)+",
        ] {
            assert!(stretches(pattern).is_none(), "{pattern}");
        }
        for pattern in [
            "word",
            "(?m)^.*word[ \t]$",
            r"\bword[^\n]",
            "word|other",
            "[^x]word",
            "^(?:|[^x]|\n)word",
            "(?:^|[^x])?(?<x>word)",
        ] {
            assert!(stretches(pattern).is_some(), "{pattern}");
        }
    }

    #[test]
    fn each_line_with_a_word_is_there_once() {
        let of = |text: &str| -> Vec<String> {
            let stretches = stretches("word|other").unwrap();
            stretches.of_text(text).map(|span| text[span.range()].to_owned()).collect()
        };
        assert_eq!(of("word"), ["word"]);
        assert_eq!(
            of("no\n a word, another word\r\n\nother\nno\n"),
            [" a word, another word\r", "other"]
        );
        assert_eq!(of("wo\nrd\n\n"), [""; 0]);
        assert_eq!(of("\nword\nword"), ["word", "word"]);
        assert_eq!(of("é word é"), ["é word é"]);
        let with_break = stretches("[^x]word").unwrap();
        let spans: Vec<_> = with_break.of_text("word\nword\n\nword").map(|it| it.range()).collect();
        assert_eq!(spans, [0..4, 4..9, 10..15]);
    }
}
