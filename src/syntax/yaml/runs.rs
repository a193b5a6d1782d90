//! Which bytes of a file stand for which bytes of a scalar's value.
//!
//! Invariant: the runs are the value, in order and without gaps, and a verbatim run is the same bytes in both.

use smallvec::{SmallVec, smallvec};

use super::nodes::{Node, NodeKind, ScalarStyle};
use crate::text::TextRange;

/// A stretch of a scalar's value, and what is written for it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Run {
    /// In the value.
    pub inner: TextRange,
    /// In the text.
    pub outer: TextRange,
    /// Whether it is written letter for letter; otherwise an escape, a line break or indentation stands there.
    pub is_verbatim: bool,
}

/// The runs of a scalar: mostly one.
pub(super) type Runs = SmallVec<[Run; 2]>;

impl Node {
    /// How the value of a scalar is written in `text`; nothing for anything else.
    pub fn runs(&self, text: &str) -> Runs {
        let NodeKind::Scalar { value, style, .. } = &self.kind else { return Runs::new() };
        let mut aligned = Aligned {
            value,
            written: &text[self.range.indices()],
            style: *style,
            runs: Runs::new(),
        };
        if aligned.align().is_none() {
            // Written in a way that is not understood: the whole stands for the whole.
            aligned.runs = smallvec![Run {
                inner: TextRange::new(0, value.len()),
                outer: TextRange::new(0, aligned.written.len()),
                is_verbatim: false,
            }];
        }
        let base = self.range.start;
        for run in &mut aligned.runs {
            run.outer = TextRange { start: run.outer.start + base, end: run.outer.end + base };
        }
        aligned.runs
    }
}

struct Aligned<'t> {
    value: &'t str,
    written: &'t str,
    style: ScalarStyle,
    runs: Runs,
}

impl Aligned<'_> {
    /// Goes through both sides at once; none where they do not fit.
    fn align(&mut self) -> Option<()> {
        let (mut inner, mut outer) = (0, 0);
        while inner < self.value.len() {
            let same = self.same(inner, outer);
            self.push((inner, inner + same), (outer, outer + same), true);
            (inner, outer) = (inner + same, outer + same);
            if inner < self.value.len() {
                let (means, takes) = self.differing(inner, outer)?;
                self.push((inner, inner + means), (outer, outer + takes), false);
                (inner, outer) = (inner + means, outer + takes);
            }
        }
        Some(())
    }

    fn push(&mut self, inner: (usize, usize), outer: (usize, usize), is_verbatim: bool) {
        if inner.0 < inner.1 {
            let (inner, outer) =
                (TextRange::new(inner.0, inner.1), TextRange::new(outer.0, outer.1));
            self.runs.push(Run { inner, outer, is_verbatim });
        }
    }

    /// How many bytes are the same on both sides, up to an escape.
    fn same(&self, inner: usize, outer: usize) -> usize {
        let (value, written) = (&self.value.as_bytes()[inner..], &self.written.as_bytes()[outer..]);
        let is_escape = |byte: u8| match self.style {
            ScalarStyle::DoubleQuoted => byte == b'\\',
            ScalarStyle::SingleQuoted => byte == b'\'',
            _ => false,
        };
        let pairs = value.iter().zip(written);
        let mut same = pairs.take_while(|(a, b)| a == b && !is_escape(**b)).count();
        while !self.value.is_char_boundary(inner + same) {
            same -= 1;
        }
        same
    }

    /// How many bytes of the value are written by how many bytes, where the two differ.
    fn differing(&self, inner: usize, outer: usize) -> Option<(usize, usize)> {
        let (value, written) = (&self.value[inner..], self.written.get(outer..)?);
        let next = value.chars().next().map_or(0, char::len_utf8);
        match self.style {
            ScalarStyle::DoubleQuoted if written.starts_with('\\') => {
                let (means, takes) = match written.as_bytes().get(1)? {
                    // The line goes on below.
                    b'\n' | b'\r' => (0, 1 + blank(&written[1..])),
                    b'x' => (next, 4),
                    b'u' if next == 4 => (next, 12),
                    b'u' => (next, 6),
                    b'U' => (next, 10),
                    _ => (next, 2),
                };
                return (takes <= written.len()).then_some((means, takes));
            }
            ScalarStyle::SingleQuoted if written.starts_with("''") => return Some((1, 2)),
            _ => {}
        }
        let both = (blank(value), blank(written));
        (both != (0, 0)).then_some(both)
    }
}

/// How much white space `text` begins with.
fn blank(text: &str) -> usize {
    text.len() - text.trim_start_matches([' ', '\t', '\r', '\n']).len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::yaml::parse;

    /// What is written for each run of the scalar under `a`, verbatim ones in brackets.
    fn shown(text: &str) -> Vec<String> {
        let root = parse(text).unwrap().remove(0);
        let node = root.get("a").unwrap();
        let value = node.as_str().unwrap();
        let mut at = 0;
        let show = |run: Run| {
            assert_eq!(run.inner.start, at, "{text}");
            at = run.inner.end;
            let outer = &text[run.outer.indices()];
            if run.is_verbatim {
                assert_eq!(outer, &value[run.inner.indices()], "{text}");
                format!("[{outer}]")
            } else {
                outer.to_owned()
            }
        };
        let shown = node.runs(text).into_iter().map(show).collect();
        assert_eq!(at as usize, value.len(), "{text}");
        shown
    }

    #[test]
    fn blocks_are_written_line_by_line() {
        assert_eq!(shown("a: |\n  one\n    two\n\n  é\n"), ["[one\n  ]", "[two\n\n]", "[é]", ""]);
        assert_eq!(shown("a: |2-\n    one\n  two"), ["[  one\n]", "[two]"]);
        assert_eq!(shown("a: |\n\n  one"), ["", "[one]", ""]);
        assert_eq!(shown("a: |\r\n  one\r\n  two\r\n"), ["[one]", "\r\n  ", "[two]", ""]);
        assert_eq!(shown("a: >\n  one two\n  three\n"), ["[one two]", "\n  ", "[three]", ""]);
    }

    #[test]
    fn escapes_stand_between_what_is_verbatim() {
        assert_eq!(shown("a: 'it''s'"), ["[it]", "''", "[s]"]);
        assert_eq!(
            shown(r#"a: "x\ty\u00e9\x41z""#),
            ["[x]", r"\t", "[y]", r"\u00e9", r"\x41", "[z]"]
        );
        assert_eq!(shown("a: \"one\n  two \\\n  three\""), ["[one]", "\n  ", "[two ]", "[three]"]);
        assert_eq!(shown("a: one\n  two"), ["[one]", "\n  ", "[two]"]);
        assert_eq!(shown("a: plain"), ["[plain]"]);
    }
}
