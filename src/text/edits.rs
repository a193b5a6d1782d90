//! Edits of one text: bytes that others take the place of.
//!
//! Invariant: a byte that no edit names comes out as it went in, and where two edits name the same byte nothing is done.

use super::TextRange;

/// Other bytes for some of a text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TextEdit {
    /// The bytes that go; none for an insertion.
    pub range: TextRange,
    /// What takes their place.
    pub text: String,
}

/// Why edits cannot be made.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum EditError {
    /// Two of them change the same bytes, or one inserts inside of what the other takes away.
    #[error("two edits change the same bytes, at {0:?} and at {1:?}")]
    Overlap(TextRange, TextRange),
    /// One does not fit the text: it reaches past the end, or into the middle of a character.
    #[error("an edit at {0:?} does not fit the text")]
    Misplaced(TextRange),
}

/// A text after edits, which knows what of it was there before.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Edited {
    /// The text.
    pub text: String,
    /// What was kept, in order: the bytes as they were, and where they start now.
    kept: Vec<(TextRange, u32)>,
}

impl Edited {
    /// `text` after `edits`, which may come in any order. Several insertions at one place keep theirs.
    pub fn new(text: &str, edits: &[TextEdit]) -> Result<Edited, EditError> {
        let mut ordered: Vec<&TextEdit> = edits.iter().collect();
        ordered.sort_by_key(|edit| (edit.range.start, edit.range.end));
        let mut edited = Edited { text: String::with_capacity(text.len()), kept: Vec::new() };
        let mut done = TextRange::default();
        for edit in ordered {
            let range = edit.range;
            if range.start < done.end {
                return Err(EditError::Overlap(done, range));
            }
            if text.get(range.indices()).is_none() {
                return Err(EditError::Misplaced(range));
            }
            edited.keep(text, TextRange { start: done.end, end: range.start });
            edited.text.push_str(&edit.text);
            done = range;
        }
        edited.keep(text, TextRange::new(done.end as usize, text.len()));
        Ok(edited)
    }

    fn keep(&mut self, text: &str, range: TextRange) {
        if !range.is_empty() {
            self.kept.push((range, self.text.len() as u32));
            self.text.push_str(&text[range.indices()]);
        }
    }

    /// Where the bytes of `range` were before; `None` if one of them is new, or something between them is gone.
    pub fn before(&self, range: TextRange) -> Option<TextRange> {
        let after = self.kept.partition_point(|(_, start)| *start <= range.start);
        let (kept, start) = *self.kept.get(after.checked_sub(1)?)?;
        let found = TextRange {
            start: kept.start + (range.start - start),
            end: kept.start + (range.end - start),
        };
        kept.contains(found).then_some(found)
    }
}

/// Whether two edits cannot be made in one go: they share a byte, or meet where one of them inserts, so that it matters
/// which comes first.
pub fn collide(one: TextRange, other: TextRange) -> bool {
    let meet = one.start <= other.end && other.start <= one.end;
    one.overlaps(other) || (meet && (one.is_empty() || other.is_empty()))
}

/// What ends the lines of `text`: what ends the first of them.
pub fn line_end(text: &str) -> &'static str {
    match text.find('\n') {
        Some(at) if text[..at].ends_with('\r') => "\r\n",
        _ => "\n",
    }
}

/// `text`, with its lines ended by `end`.
pub fn with_line_ends(text: &str, end: &str) -> String {
    let plain = text.replace("\r\n", "\n");
    if end == "\n" { plain } else { plain.replace('\n', end) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edit(start: usize, end: usize, text: &str) -> TextEdit {
        TextEdit { range: TextRange::new(start, end), text: text.to_owned() }
    }

    fn apply(text: &str, edits: &[TextEdit]) -> Result<String, EditError> {
        Edited::new(text, edits).map(|edited| edited.text)
    }

    #[test]
    fn edits_come_in_any_order() {
        let edits = [edit(4, 5, "X"), edit(0, 1, ""), edit(2, 2, "-")];
        assert_eq!(apply("abcde", &edits).unwrap(), "b-cdX");
        assert_eq!(apply("abc", &[]).unwrap(), "abc");
        assert_eq!(apply("", &[edit(0, 0, "a")]).unwrap(), "a");
    }

    #[test]
    fn insertions_at_one_place_keep_their_order() {
        assert_eq!(apply("ab", &[edit(1, 1, ","), edit(1, 1, ";")]).unwrap(), "a,;b");
        assert_eq!(apply("ab", &[edit(1, 2, "x"), edit(1, 1, ",")]).unwrap(), "a,x");
    }

    #[test]
    fn what_overlaps_or_does_not_fit_is_refused() {
        let overlap = apply("abcd", &[edit(0, 2, ""), edit(1, 3, "")]);
        assert_eq!(overlap, Err(EditError::Overlap(TextRange::new(0, 2), TextRange::new(1, 3))));
        assert!(apply("abcd", &[edit(0, 3, ""), edit(1, 1, "x")]).is_err());
        for wrong in [edit(3, 9, ""), edit(1, 2, "")] {
            let range = wrong.range;
            assert_eq!(apply("aé", &[wrong]), Err(EditError::Misplaced(range)));
        }
    }

    #[test]
    fn what_was_kept_is_known() {
        let edited = Edited::new("one two three", &[edit(4, 7, "2"), edit(13, 13, "!")]).unwrap();
        assert_eq!(edited.text, "one 2 three!");
        let before = |start, end| edited.before(TextRange::new(start, end));
        assert_eq!(before(0, 4), Some(TextRange::new(0, 4)));
        assert_eq!(before(6, 11), Some(TextRange::new(8, 13)));
        assert_eq!((before(4, 5), before(3, 6), before(11, 12)), (None, None, None));
    }

    #[test]
    fn neighbours_collide_only_where_one_inserts() {
        let range = TextRange::new;
        assert!(!collide(range(0, 2), range(2, 4)));
        assert!(collide(range(0, 2), range(1, 4)));
        assert!(collide(range(0, 2), range(2, 2)) && collide(range(2, 2), range(2, 2)));
        assert!(!collide(range(0, 2), range(3, 3)));
    }

    #[test]
    fn line_ends_are_those_of_the_text() {
        assert_eq!(
            (line_end("a\r\nb\n"), line_end("a\nb\r\n"), line_end("a")),
            ("\r\n", "\n", "\n")
        );
        assert_eq!(with_line_ends("a\r\nb\n", "\r\n"), "a\r\nb\r\n");
        assert_eq!(with_line_ends("a\r\nb\n", "\n"), "a\nb\n");
    }
}
