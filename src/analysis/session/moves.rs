//! Where what was found stands after a text was edited.
//!
//! Invariant: what is moved underlines the same bytes as before, as far as they are still there.

use crate::diagnostic::Diagnostic;
use crate::text::{FileId, Span, TextRange};

/// One edit of a text: what was replaced, and the length of what stands there now.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Replaced {
    old: TextRange,
    new_length: u32,
}

impl Replaced {
    /// The one edit that makes `new` of `old`; `None` where they are the same.
    pub(super) fn between(old: &str, new: &str) -> Option<Replaced> {
        if old == new {
            return None;
        }
        let (old, new) = (old.as_bytes(), new.as_bytes());
        let same = |(a, b): &(&u8, &u8)| a == b;
        let before = old.iter().zip(new).take_while(same).count();
        let rest = (&old[before..], &new[before..]);
        let after = rest.0.iter().rev().zip(rest.1.iter().rev()).take_while(same).count();
        Some(Replaced {
            old: TextRange::new(before, old.len() - after),
            new_length: (new.len() - after - before) as u32,
        })
    }

    /// Where `range` is now; `None` where all of it was replaced.
    fn moved(self, range: TextRange) -> Option<TextRange> {
        let Replaced { old, new_length } = self;
        let shift = |at: u32| at - old.end + old.start + new_length;
        if range.end <= old.start {
            return Some(range);
        }
        if range.start >= old.end {
            return Some(TextRange { start: shift(range.start), end: shift(range.end) });
        }
        let is_inside = old.start <= range.start && range.end <= old.end;
        let start = if range.start < old.start { range.start } else { old.start + new_length };
        let end = if range.end > old.end { shift(range.end) } else { old.start };
        (!is_inside).then_some(TextRange { start, end: end.max(start) })
    }

    /// Moves what `diagnostic` says about `file`; `None` where nothing is left to be said.
    pub(super) fn carry(self, file: FileId, mut diagnostic: Diagnostic) -> Option<Diagnostic> {
        let place = |span: Span| {
            if span.file != file {
                return Some(span);
            }
            self.moved(span.range).map(|range| range.in_file(file))
        };
        diagnostic.span = place(diagnostic.span)?;
        diagnostic.related = diagnostic
            .related
            .into_iter()
            .filter_map(|mut label| {
                label.span = place(label.span)?;
                Some(label)
            })
            .collect();
        diagnostic.fix = diagnostic.fix.and_then(|mut fix| {
            for edit in &mut fix.edits {
                // What is to be replaced must be what it was.
                let span = place(edit.span)?;
                if span.range.len() != edit.span.range.len() {
                    return None;
                }
                edit.span = span;
            }
            Some(fix)
        });
        Some(diagnostic)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moved(old: &str, new: &str, word: &str) -> Option<String> {
        let start = old.find(word).unwrap();
        let range = TextRange::new(start, start + word.len());
        let range = Replaced::between(old, new).map_or(Some(range), |it| it.moved(range))?;
        Some(new[range.indices()].to_owned())
    }

    #[test]
    fn what_stands_before_and_behind_stays_what_it_is() {
        let old = "a = 1\nb = 2\nc = 3\n";
        let new = "a = 1\nb = 2222\nc = 3\n";
        for word in ["a = 1", "b", "c = 3"] {
            assert_eq!(moved(old, new, word).as_deref(), Some(word));
        }
        assert_eq!(moved(old, new, "b = 2\n").as_deref(), Some("b = 2222\n"));
        assert_eq!(moved(old, "a = 1\nc = 3\n", "b = 2"), None);
        assert_eq!(moved(old, "c = 3\n", "a = 1"), None);
    }

    #[test]
    fn what_is_cut_keeps_the_rest() {
        assert_eq!(moved("one two three", "one tXe", "two three").as_deref(), Some("tXe"));
        assert_eq!(moved("abcdef", "abXXef", "cd"), None);
        assert_eq!(moved("abcdef", "abXXef", "bc").as_deref(), Some("b"));
        assert_eq!(moved("abcdef", "abXXef", "de").as_deref(), Some("e"));
    }
}
