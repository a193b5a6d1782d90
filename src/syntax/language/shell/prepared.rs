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
        Self::filled(text, |rest| {
            let inside = rest.strip_prefix("${{")?;
            Some(Piece::Covered(3 + one_line(inside).find("}}")? + 2))
        })
    }

    /// As Woodpecker leaves it: `$$` is a dollar, `${…}` is filled in.
    pub(super) fn woodpecker(text: &'t str) -> Self {
        Self::filled(text, |rest| {
            if rest.starts_with("$$") {
                return Some(Piece::Escape);
            }
            let inside = rest.strip_prefix("${")?;
            Some(Piece::Covered(2 + one_line(inside).find('}')? + 1))
        })
    }

    /// Asks at each dollar what stands there; nothing is left as it is.
    fn filled(text: &'t str, at: impl Fn(&str) -> Option<Piece>) -> Self {
        let mut out = String::with_capacity(text.len());
        let (mut covered, mut dropped) = (Vec::new(), Vec::new());
        let mut rest = text;
        while let Some(dollar) = memchr::memchr(b'$', rest.as_bytes()) {
            out.push_str(&rest[..dollar]);
            rest = &rest[dollar..];
            let length = match at(rest) {
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

fn one_line(text: &str) -> &str {
    &text[..text.find('\n').unwrap_or(text.len())]
}
