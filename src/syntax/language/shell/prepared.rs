//! What a shell gets to read, where something else has read it before.
//!
//! Invariant: `text` has the bytes of the script one for one, but for those listed in `dropped`; what will be filled in is
//! covered by letters, so that it parses, and listed in `covered`.

use std::borrow::Cow;
use std::ops::Range;

use crate::text::TextRange;

/// A script before it is parsed.
pub(super) struct Prepared<'t> {
    /// What the shell reads.
    pub(super) text: Cow<'t, str>,
    /// The script.
    pub(super) original: &'t str,
    /// What is filled in before it does, in order: ranges of `text`.
    covered: Vec<Range<usize>>,
    /// Where in `text` a byte was left out before, in order.
    dropped: Vec<usize>,
}

impl<'t> Prepared<'t> {
    /// As it stands, but for `${{ … }}`, which is no shell and is filled in by whoever runs it.
    pub(super) fn script(text: &'t str) -> Self {
        if !text.contains("${{") {
            return Self {
                text: Cow::Borrowed(text),
                original: text,
                covered: Vec::new(),
                dropped: Vec::new(),
            };
        }
        let mut closing = Closing::new(text, "}}");
        Self::filled(text, |at| {
            text[at..].starts_with("${{").then_some(())?;
            Some(Piece::Covered(closing.behind(at + 3)? - at))
        })
    }

    /// As Kubernetes leaves it: `$$` is a dollar. What it fills in for `$(NAME)` depends on the container; where there is no such
    /// variable it stays, and a shell runs it.
    pub(super) fn kubernetes(text: &'t str) -> Self {
        Self::filled(text, |at| text[at..].starts_with("$$").then_some(Piece::Escape))
    }

    /// As Woodpecker leaves it: `$$` is a dollar, `${…}` is filled in.
    pub(super) fn woodpecker(text: &'t str) -> Self {
        let mut closing = Closing::new(text, "}");
        Self::filled(text, |at| {
            if text[at..].starts_with("$$") {
                return Some(Piece::Escape);
            }
            text[at..].starts_with("${").then_some(())?;
            Some(Piece::Covered(closing.behind(at + 2)? - at))
        })
    }

    /// Asks at each dollar what stands there; nothing is left as it is.
    fn filled(text: &'t str, mut at: impl FnMut(usize) -> Option<Piece>) -> Self {
        let mut out = String::with_capacity(text.len());
        let (mut covered, mut dropped) = (Vec::new(), Vec::new());
        let mut rest = text;
        while let Some(dollar) = memchr::memchr(b'$', rest.as_bytes()) {
            out.push_str(&rest[..dollar]);
            rest = &rest[dollar..];
            let length = match at(text.len() - rest.len()) {
                Some(Piece::Covered(length)) => {
                    covered.push(out.len()..out.len() + length);
                    out.extend(std::iter::repeat_n('x', length));
                    length
                }
                Some(Piece::Escape) => {
                    dropped.push(out.len());
                    out.push('$');
                    2
                }
                None => {
                    out.push('$');
                    1
                }
            };
            rest = &rest[length..];
        }
        out.push_str(rest);
        Self { text: Cow::Owned(out), original: text, covered, dropped }
    }

    /// The bytes of the script that the bytes `range` of `text` are.
    pub(super) fn outer(&self, range: Range<usize>) -> TextRange {
        let shift = |at: usize| at + self.dropped.partition_point(|drop| *drop <= at);
        if range.is_empty() {
            return TextRange::empty(shift(range.start));
        }
        TextRange::new(shift(range.start), shift(range.end - 1) + 1)
    }

    /// The parts of `range`, each with whether it says what it will say.
    pub(super) fn parts(&self, range: Range<usize>) -> Vec<(Range<usize>, bool)> {
        let mut parts = Vec::new();
        let mut at = range.start;
        let from = self.covered.partition_point(|covered| covered.end <= range.start);
        for covered in self.covered[from..].iter().take_while(|it| it.start < range.end) {
            let (start, end) = (covered.start.max(range.start), covered.end.min(range.end));
            if at < start {
                parts.push((at..start, true));
            }
            parts.push((start..end, false));
            at = end;
        }
        if at < range.end {
            parts.push((at..range.end, true));
        }
        parts
    }
}

enum Piece {
    /// So many bytes are filled in.
    Covered(usize),
    /// Two dollars that mean one.
    Escape,
}

/// Where what is filled in ends: on its line. The text is gone through once, however often somebody asks.
struct Closing<'t> {
    text: &'t str,
    /// One closing brace, or several.
    braces: &'static str,
    /// From where on was looked, and where the next braces or the end of the line were found.
    known: Option<(usize, usize)>,
    /// How many bytes were looked at.
    seen: usize,
}

impl<'t> Closing<'t> {
    fn new(text: &'t str, braces: &'static str) -> Self {
        Closing { text, braces, known: None, seen: 0 }
    }

    /// Behind the next braces, if they stand on the line of the byte `from`. What is asked for moves on.
    fn behind(&mut self, from: usize) -> Option<usize> {
        let known = self.known.filter(|(start, end)| (*start..=*end).contains(&from));
        let (_, end) = known.unwrap_or_else(|| {
            let rest = &self.text.as_bytes()[from..];
            let is_end =
                |at: &usize| rest[*at] == b'\n' || rest[*at..].starts_with(self.braces.as_bytes());
            let end = memchr::memchr2_iter(b'}', b'\n', rest).find(is_end).unwrap_or(rest.len());
            self.seen += end;
            (from, from + end)
        });
        self.known = Some((from, end));
        self.text[end..].starts_with(self.braces).then_some(end + self.braces.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_gone_through_once_whether_its_holes_are_closed_or_not() {
        for hole in ["${A}", "${A", "${A}}", "}${A "] {
            let text = format!("{}\n${{B}}\n", hole.repeat(10_000));
            for braces in ["}", "}}"] {
                let mut closing = Closing::new(&text, braces);
                for (at, _) in text.match_indices("${") {
                    let line = &text[at..at + text[at..].find('\n').unwrap_or_default()];
                    // The first line is long: a few places of it tell.
                    if at % 997 == 0 || at > 40_000 {
                        let expected =
                            line[2..].find(braces).map(|end| at + 2 + end + braces.len());
                        assert_eq!(closing.behind(at + 2), expected, "{hole} {at}");
                    } else {
                        closing.behind(at + 2);
                    }
                }
                assert!(closing.seen <= text.len(), "{hole}: {}", closing.seen);
            }
        }
    }
}
