//! The comment index of one file, and what a comment is attached to.
//!
//! The index is language-blind: whoever lexes a file hands over the comments' ranges, and attachment asks lines and the
//! bytes between. Comments that stand inside a string or heredoc are not comments and never get here. Where a language
//! says by other means what a comment is about, as JSON has to, whoever reads it says so ([`Attached`]).

use std::ops::Range;

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
    /// What it says, where that is not written as it is: in a string with escapes.
    pub said: Option<Box<str>>,
}

impl Comment {
    /// What it says, trimmed.
    pub fn content<'t>(&'t self, source: &'t str) -> &'t str {
        self.said.as_deref().unwrap_or(&source[self.text.indices()]).trim()
    }

    /// The comment with other ranges.
    #[must_use]
    pub fn mapped(&self, f: impl Fn(TextRange) -> TextRange) -> Comment {
        Comment { range: f(self.range), text: f(self.text), ..self.clone() }
    }
}

/// What a comment is about.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum About {
    /// What lines and the bytes between say.
    #[default]
    Place,
    /// The file.
    File,
    /// What stands in this range.
    Node(TextRange),
    /// Nothing: it is no comment where it stands.
    Nothing,
}

impl About {
    fn mapped(self, f: &impl Fn(TextRange) -> TextRange) -> About {
        match self {
            About::Node(range) => About::Node(f(range)),
            about => about,
        }
    }
}

/// What comments are about, where lines and the bytes between do not say it.
#[derive(Clone, Debug, Default)]
pub struct Attached {
    /// For each comment, what it is about.
    pub owners: Vec<About>,
    /// Where a node starts, and comments about it by position.
    pub leading: Vec<(u32, Range<usize>)>,
    /// How many of the first ones are the file's header.
    pub header: usize,
}

/// The comments of one file, in order.
#[derive(Clone, Debug, Default)]
pub struct Comments {
    entries: Vec<Comment>,
    attached: Option<Box<Attached>>,
}

impl Comments {
    /// The index over `entries`, which are sorted by where they start.
    pub fn new(mut entries: Vec<Comment>) -> Self {
        entries.sort_by_key(|comment| comment.range.start);
        entries.shrink_to_fit();
        Self { entries, attached: None }
    }

    /// The index over `entries`, in the order in which they start, that are about what `attached` says. What is said about a
    /// node in several places is said where these meet, else in the last of them.
    pub fn attached(entries: Vec<Comment>, mut attached: Attached) -> Self {
        attached.leading.sort_by_key(|(start, run)| (*start, run.start));
        attached.leading.dedup_by(|(later, run), (start, first)| {
            let is_same = later == start;
            if is_same {
                *first = if first.end == run.start { first.start..run.end } else { run.clone() };
            }
            is_same
        });
        Self { entries, attached: Some(Box::new(attached)) }
    }

    /// The same comments with other ranges, in the same order.
    #[must_use]
    pub fn mapped(&self, f: &impl Fn(TextRange) -> TextRange) -> Self {
        let attached = self.attached.as_deref().map(|attached| Attached {
            owners: attached.owners.iter().map(|owner| owner.mapped(f)).collect(),
            leading: attached
                .leading
                .iter()
                .map(|(start, run)| {
                    (f(TextRange { start: *start, end: *start }).start, run.clone())
                })
                .collect(),
            header: attached.header,
        });
        let entries = self.entries.iter().map(|comment| comment.mapped(f)).collect();
        Self { entries, attached: attached.map(Box::new) }
    }

    /// Puts `more`, which all stand behind these, to these. What was a header there is none here.
    pub fn append(&mut self, more: Comments) {
        let known = self.entries.len();
        if let Some(attached) = more.attached {
            let own = self.attached.get_or_insert_default();
            own.owners.resize(known, About::Place);
            own.owners.extend(attached.owners);
            let leading = attached.leading.into_iter();
            own.leading
                .extend(leading.map(|(start, run)| (start, run.start + known..run.end + known)));
        }
        self.entries.extend(more.entries);
    }

    /// What the comment at `position` is about.
    pub fn about(&self, position: usize) -> About {
        let attached = self.attached.as_ref();
        attached.and_then(|it| it.owners.get(position).copied()).unwrap_or_default()
    }

    /// The comments of which their language says that they are about `node`.
    fn about_node(&self, node: TextRange) -> Option<&[Comment]> {
        let leading = &self.attached.as_ref()?.leading;
        let at = leading.binary_search_by_key(&node.start, |(start, _)| *start).ok()?;
        Some(&self.entries[leading[at].1.clone()])
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
    /// Empty where code stands before the node on its line. In JSON: those that are about it.
    pub fn leading(&self, text: &str, lines: &LineIndex, node: TextRange) -> &[Comment] {
        if let Some(comments) = self.about_node(node) {
            return comments;
        }
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
    /// comma between: a list element's comment stands after its comma. In JSON none stands behind anything: the last one that
    /// is about it.
    pub fn trailing(&self, text: &str, node: TextRange) -> Option<&Comment> {
        if let Some(comments) = self.about_node(node) {
            return comments.last();
        }
        let next = self.entries.partition_point(|comment| comment.range.start < node.end);
        let comment = self.entries.get(next).filter(|_| self.about(next) == About::Place)?;
        let between = &text[node.end as usize..comment.range.start as usize];
        let plain = between.chars().all(|c| matches!(c, ' ' | '\t' | ','));
        (plain && between.matches(',').count() <= 1).then_some(comment)
    }

    /// The comments before anything else in the file, up to the first blank line after them or the first code.
    pub fn header(&self, text: &str) -> &[Comment] {
        if let Some(attached) = self.attached.as_ref().filter(|it| it.header > 0) {
            return &self.entries[..attached.header];
        }
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
                said: None,
            });
        }
        (Comments::new(entries), LineIndex::new(text))
    }

    fn contents<'t>(comments: &'t [Comment], text: &'t str) -> Vec<&'t str> {
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
