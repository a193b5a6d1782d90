//! The comment index of one file, and what a comment is attached to.
//!
//! The index is language-blind: whoever lexes a file hands over the comments' ranges, and attachment asks lines and the
//! bytes between. Comments that stand inside a string or heredoc are not comments and never get here.

use crate::text::{LineIndex, TextRange};

/// One comment.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Comment {
    /// From its marker (`#`, `//`, `/*`, `<!--`) to its end, without the line break.
    pub range: TextRange,
    /// The text between the markers, not trimmed.
    pub text: TextRange,
    /// Whether nothing but white space stands before it on its line.
    pub own_line: bool,
}

impl Comment {
    /// What it says, trimmed.
    pub fn content<'t>(&self, source: &'t str) -> &'t str {
        source[self.text.indices()].trim()
    }
}

/// The comments of one file, in order.
#[derive(Clone, Debug, Default)]
pub struct Comments {
    entries: Vec<Comment>,
}

impl Comments {
    /// The index over `entries`, which are sorted by where they start.
    pub fn new(mut entries: Vec<Comment>) -> Self {
        entries.sort_by_key(|comment| comment.range.start);
        Self { entries }
    }

    /// All of them, in order.
    pub fn all(&self) -> &[Comment] {
        &self.entries
    }

    /// The comment that covers `offset`.
    pub fn at(&self, offset: u32) -> Option<&Comment> {
        let after = self.entries.partition_point(|comment| comment.range.start <= offset);
        let comment = &self.entries[after.checked_sub(1)?];
        comment.range.contains_offset(offset).then_some(comment)
    }

    /// Those that start inside `range`.
    pub fn inside(&self, range: TextRange) -> &[Comment] {
        let first = self.entries.partition_point(|comment| comment.range.start < range.start);
        let last = self.entries.partition_point(|comment| comment.range.start < range.end);
        &self.entries[first..last.max(first)]
    }

    /// The run of own-line comments directly above the line on which `node` starts: no blank line and no code between.
    /// Empty where code stands before the node on its line.
    pub fn leading(&self, text: &str, lines: &LineIndex, node: TextRange) -> &[Comment] {
        let mut line = lines.line_of(node.start);
        let before = &text[lines.start_of(line) as usize..node.start as usize];
        if !before.trim().is_empty() {
            return &[];
        }
        let end = self.entries.partition_point(|comment| comment.range.start < node.start);
        let mut first = end;
        while let Some(previous) = first.checked_sub(1) {
            let comment = &self.entries[previous];
            let last_line =
                lines.line_of(comment.range.end.saturating_sub(1).max(comment.range.start));
            if !comment.own_line || last_line + 1 != line {
                break;
            }
            line = lines.line_of(comment.range.start);
            first = previous;
        }
        &self.entries[first..end]
    }

    /// The comment that follows `node` on the line on which the node ends, with nothing but white space and at most one
    /// comma between: a list element's comment stands after its comma.
    pub fn trailing(&self, text: &str, node: TextRange) -> Option<&Comment> {
        let next = self.entries.partition_point(|comment| comment.range.start < node.end);
        let comment = self.entries.get(next)?;
        let between = &text[node.end as usize..comment.range.start as usize];
        let plain = between.chars().all(|c| matches!(c, ' ' | '\t' | ','));
        (plain && between.matches(',').count() <= 1).then_some(comment)
    }

    /// The comments before anything else in the file, up to the first blank line after them or the first code.
    pub fn header(&self, text: &str) -> &[Comment] {
        let mut end = 0;
        let mut from = 0;
        for comment in &self.entries {
            let between = &text[from..comment.range.start as usize];
            let blank_lines = between.matches('\n').count() > usize::from(end > 0);
            if !between.trim_start_matches('\u{feff}').trim().is_empty() || (end > 0 && blank_lines)
            {
                break;
            }
            end += 1;
            from = comment.range.end as usize;
        }
        &self.entries[..end]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn index(text: &str) -> (Comments, LineIndex) {
        let mut entries = Vec::new();
        for (at, _) in text.match_indices('#') {
            let end = text[at..].find('\n').map_or(text.len(), |length| at + length);
            let line_start = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
            entries.push(Comment {
                range: TextRange::new(at, end),
                text: TextRange::new(at + 1, end),
                own_line: text[line_start..at].trim().is_empty(),
            });
        }
        (Comments::new(entries), LineIndex::new(text))
    }

    fn contents<'t>(comments: &[Comment], text: &'t str) -> Vec<&'t str> {
        comments.iter().map(|comment| comment.content(text)).collect()
    }

    #[test]
    fn leading_stops_at_blank_lines_and_code() {
        let text = "# far\n\n# one\n# two\nname = 1 # after\nother = 2\n";
        let (comments, lines) = index(text);
        let name = text.find("name").unwrap();
        let other = text.find("other").unwrap();
        assert_eq!(
            contents(comments.leading(text, &lines, TextRange::new(name, name + 8)), text),
            ["one", "two"]
        );
        assert!(comments.leading(text, &lines, TextRange::new(other, other + 9)).is_empty());
    }

    #[test]
    fn trailing_reaches_over_the_elements_comma() {
        let text = "[\n  a, # first\n  b\n  # own\n]";
        let (comments, _) = index(text);
        let (a, b) = (text.find('a').unwrap(), text.find('b').unwrap());
        let trailing = comments.trailing(text, TextRange::new(a, a + 1)).unwrap();
        assert_eq!(trailing.content(text), "first");
        assert_eq!(comments.trailing(text, TextRange::new(b, b + 1)), None);
    }

    #[test]
    fn header_is_the_first_paragraph_of_comments() {
        let text = "# a\n# b\n\n# c\nx = 1\n";
        let (comments, _) = index(text);
        assert_eq!(contents(comments.header(text), text), ["a", "b"]);
    }
}
