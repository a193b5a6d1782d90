//! Text that programs read though it is not indented as the standard asks: in brackets and quotes, they do not look at where a
//! line begins.
//!
//! The parser does. So the lines that it complains about are indented for it, and its positions are those of the text as it
//! is.

use std::borrow::Cow;

/// More than any indentation that somebody writes.
const WIDTH: usize = 256;
/// A text in which more lines are to be indented is broken in another way.
const MOST: usize = 512;

/// What the parser complains about.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Complaint {
    /// The line at this offset, in brackets.
    Line(usize),
    /// One of the lines of the quoted text that starts here.
    Quoted(usize),
}

/// A text, with some of its lines indented.
#[derive(Clone)]
pub(super) struct Padded<'t> {
    original: &'t str,
    /// Where lines start that are indented, sorted.
    starts: Vec<usize>,
}

impl<'t> Padded<'t> {
    pub(super) fn new(original: &'t str) -> Self {
        Padded { original, starts: Vec::new() }
    }

    /// The text for the parser.
    pub(super) fn text(&self) -> Cow<'t, str> {
        if self.starts.is_empty() {
            return Cow::Borrowed(self.original);
        }
        let mut text = String::with_capacity(self.original.len() + self.starts.len() * WIDTH);
        let mut at = 0;
        for &start in &self.starts {
            text.push_str(&self.original[at..start]);
            text.extend(std::iter::repeat_n(' ', WIDTH));
            at = start;
        }
        text.push_str(&self.original[at..]);
        Cow::Owned(text)
    }

    /// What is at `offset` of the text for the parser, in the text as it is.
    pub(super) fn original(&self, offset: usize) -> usize {
        // Each of those before has moved what is behind it.
        let mut moved = 0;
        for &start in &self.starts {
            if offset < start + moved {
                break;
            }
            if offset < start + moved + WIDTH {
                return start;
            }
            moved += WIDTH;
        }
        offset - moved
    }

    /// Indents what the parser complains about, if it is not yet.
    pub(super) fn indent(&mut self, complaint: Complaint) -> bool {
        let line = match complaint {
            Complaint::Line(at) => Some(self.line(at)),
            // Which of them, it does not say.
            Complaint::Quoted(at) => {
                let mut lines =
                    self.original[at..].match_indices('\n').map(|(end, _)| at + end + 1);
                lines.find(|line| self.starts.binary_search(line).is_err())
            }
        };
        let Some(line) = line else { return false };
        match self.starts.binary_search(&line) {
            Err(place) if self.starts.len() < MOST && line < self.original.len() => {
                self.starts.insert(place, line);
                true
            }
            _ => false,
        }
    }

    fn line(&self, at: usize) -> usize {
        self.original[..at].rfind('\n').map_or(0, |end| end + 1)
    }
}

#[cfg(test)]
mod tests {
    use crate::syntax::yaml::{Node, parse};

    /// The text of the scalars, each with where it stands.
    fn scalars(text: &str) -> Vec<(String, String)> {
        fn add(text: &str, node: &Node, found: &mut Vec<(String, String)>) {
            node.items().iter().for_each(|item| add(text, item, found));
            for entry in node.entries() {
                add(text, &entry.value, found);
            }
            if let Some(value) = node.as_str() {
                found.push((value.to_owned(), text[node.range.indices()].to_owned()));
            }
        }
        let mut found = Vec::new();
        for node in parse(text).unwrap() {
            add(text, &node, &mut found);
        }
        found
    }

    #[test]
    fn brackets_and_quotes_may_stand_anywhere() {
        let same = |words: &[&str]| -> Vec<(String, String)> {
            words.iter().map(|it| ((*it).to_owned(), (*it).to_owned())).collect()
        };
        assert_eq!(scalars("a:\n  b: [x,\n  y]\n"), same(&["x", "y"]));
        assert_eq!(scalars("a:\n  b: [x,\ny,\nz]\nc: é\n"), same(&["x", "y", "z", "é"]));
        assert_eq!(scalars("a:\n  - {x: 1,\n  y: 2}\n"), same(&["1", "2"]));
        assert_eq!(scalars("a:\n  b:\n    c: [\n      s,\n  ]\n  d: e\n"), same(&["s", "e"]));
        let quoted = scalars("a:\n  b: \"x\n\nz\ny\"\n  c: d\n");
        assert_eq!(quoted[0].0, "x\nz y");
        assert_eq!(quoted[1], ("d".to_owned(), "d".to_owned()));
    }

    #[test]
    fn what_is_broken_stays_so_at_its_place() {
        for text in ["a: [x,\ny\nb: c\n", "a:\n  b: \"x\ny\n", "a: b\n c: d\n"] {
            assert!(parse(text).is_err(), "{text}");
        }
        let error = parse("a:\n  b: [x,\ny]\nc: d: e\n").unwrap_err();
        assert_eq!(error.range.start, 19);
    }
}
