//! The lines that a text report shows: those with a label, one line of context around them, of as many files as labels
//! point into. Long lines are cut around their label, secrets and control characters are replaced.
//!
//! Invariant: nothing but the shown lines is copied, so that one label in a line of 50 MB costs no more than any other.

use std::collections::BTreeSet;

use miette::{MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};

use super::{Place, harmless};
use crate::text::{Position, TextRange};

/// Characters shown of one line.
const LINE_LIMIT: usize = 160;
/// Characters shown before the label, in a line that is cut.
const LEAD: usize = 60;
/// Stands for what is cut off.
const ELLIPSIS: &str = "…";
/// Stands for what must not be shown.
pub(super) const REDACTED: &str = "(redacted)";

/// Lines of one or several files, as one text.
pub(super) struct Excerpt {
    text: String,
    lines: Vec<ShownLine>,
    labels: Vec<ShownLabel>,
}

/// A line in the excerpt.
struct ShownLine {
    path: String,
    /// From 0, in its file.
    number: usize,
    /// Where it starts in the excerpt.
    start: usize,
}

/// A label in the excerpt.
struct ShownLabel {
    /// Its bytes in the excerpt.
    range: std::ops::Range<usize>,
    /// Where it starts in its file.
    position: Position,
}

/// The part of a line that is shown.
struct Window {
    range: TextRange,
    cut_before: bool,
    cut_after: bool,
}

impl Excerpt {
    /// The lines around `places`; files come in the order in which they are first named.
    pub(super) fn new(places: &[Place<'_>]) -> Self {
        let mut excerpt = Self { text: String::new(), lines: Vec::new(), labels: Vec::new() };
        let mut paths: Vec<&str> = Vec::new();
        for place in places {
            if !paths.contains(&place.path) {
                paths.push(place.path);
            }
        }
        let mut labels: Vec<Option<ShownLabel>> = places.iter().map(|_| None).collect();
        for path in paths {
            let in_file: Vec<usize> =
                (0..places.len()).filter(|&i| places[i].path == path).collect();
            for line in wanted_lines(places, &in_file) {
                excerpt.push_line(places, &in_file, line, &mut labels);
            }
        }
        excerpt.labels = labels.into_iter().flatten().collect();
        excerpt
    }

    /// The bytes of each label in the excerpt, in the order of the places.
    pub(super) fn label_ranges(&self) -> impl Iterator<Item = std::ops::Range<usize>> + '_ {
        self.labels.iter().map(|label| label.range.clone())
    }

    fn push_line(
        &mut self,
        places: &[Place<'_>],
        in_file: &[usize],
        line: usize,
        labels: &mut [Option<ShownLabel>],
    ) {
        let on_line: Vec<usize> =
            in_file.iter().copied().filter(|&i| places[i].line() == line).collect();
        let any = &places[in_file[0]];
        let whole = any.lines.range_of(any.text, line);
        let window = window(any.text, whole, on_line.first().map(|&i| places[i].range));
        let start = self.text.len();
        if window.cut_before {
            self.text.push_str(ELLIPSIS);
        }
        let base = self.text.len();
        let shown = shown(any, window.range);
        for i in on_line {
            let range = first_line(&places[i], whole);
            let offset_of = |at: u32| {
                let end = at.clamp(window.range.start, window.range.end);
                base + self::shown(any, TextRange { start: window.range.start, end }).len()
            };
            labels[i] = Some(ShownLabel {
                range: offset_of(range.start)..offset_of(range.end),
                position: any.lines.position(any.text, range.start),
            });
        }
        self.text.push_str(&shown);
        if window.cut_after {
            self.text.push_str(ELLIPSIS);
        }
        self.text.push('\n');
        self.lines.push(ShownLine { path: harmless(any.path).into_owned(), number: line, start });
    }

    fn line_at(&self, offset: usize) -> usize {
        self.lines.partition_point(|line| line.start <= offset).saturating_sub(1)
    }

    /// Whether line `index + 1` of the excerpt follows line `index` in the same file.
    fn continues(&self, index: usize) -> bool {
        match (self.lines.get(index), self.lines.get(index + 1)) {
            (Some(line), Some(next)) => line.path == next.path && line.number + 1 == next.number,
            _ => false,
        }
    }
}

/// The renderer asks for the surroundings of a label, and for a label's own place by asking for no surroundings.
/// It joins labels into one frame where the joined range can be read: ranges across a gap or two files cannot.
impl SourceCode for Excerpt {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        before: usize,
        after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let end = span.offset() + span.len();
        if self.lines.is_empty() || end > self.text.len() {
            return Err(MietteError::OutOfBounds);
        }
        let mut first = self.line_at(span.offset());
        let mut last = self.line_at(end.saturating_sub(1).max(span.offset()));
        if !(first..last).all(|index| self.continues(index)) {
            return Err(MietteError::OutOfBounds);
        }
        let column = self
            .labels
            .iter()
            .find(|label| before == 0 && label.range.start == span.offset())
            .map_or(0, |label| label.position.column as usize - 1);
        for _ in 0..before {
            if first > 0 && self.continues(first - 1) {
                first -= 1;
            }
        }
        for _ in 0..after {
            if self.continues(last) {
                last += 1;
            }
        }
        let start = self.lines[first].start;
        let stop = self.lines.get(last + 1).map_or(self.text.len(), |line| line.start);
        Ok(Box::new(MietteSpanContents::new_named(
            self.lines[first].path.clone(),
            &self.text.as_bytes()[start..stop],
            (start, stop - start).into(),
            self.lines[first].number,
            column,
            last - first + 1,
        )))
    }
}

/// The lines of one file to show: each label's, and its neighbours unless they are blank.
fn wanted_lines(places: &[Place<'_>], in_file: &[usize]) -> BTreeSet<usize> {
    let mut wanted = BTreeSet::new();
    for &i in in_file {
        let place = &places[i];
        let line = place.line();
        wanted.insert(line);
        for neighbour in [line.wrapping_sub(1), line + 1] {
            let exists = neighbour < place.lines.count();
            if exists && !is_blank(place, neighbour) {
                wanted.insert(neighbour);
            }
        }
    }
    wanted
}

fn is_blank(place: &Place<'_>, line: usize) -> bool {
    let range = place.lines.range_of(place.text, line);
    place.text[range.indices()].chars().take(LINE_LIMIT).all(char::is_whitespace)
}

/// The part of the label on its first line, which is `line`; whole characters only.
fn first_line(place: &Place<'_>, line: TextRange) -> TextRange {
    let mut start = (place.range.start as usize).min(line.end as usize);
    let mut end = (place.range.end as usize).clamp(start, line.end as usize);
    while !place.text.is_char_boundary(start) {
        start -= 1;
    }
    while !place.text.is_char_boundary(end) {
        end += 1;
    }
    TextRange::new(start, end)
}

/// The part of `line` to show when `label` (or nothing) is underlined in it.
fn window(text: &str, line: TextRange, label: Option<TextRange>) -> Window {
    let content = &text[line.indices()];
    if content.char_indices().nth(LINE_LIMIT).is_none() {
        return Window { range: line, cut_before: false, cut_after: false };
    }
    let mut at =
        label.map_or(0, |label| label.start.clamp(line.start, line.end) - line.start) as usize;
    while !content.is_char_boundary(at) {
        at -= 1;
    }
    let start = content[..at].char_indices().rev().nth(LEAD - 1).map_or(0, |(index, _)| index);
    let end =
        content[start..].char_indices().nth(LINE_LIMIT).map_or(content.len(), |(i, _)| start + i);
    Window {
        range: line.slice(start, end - start),
        cut_before: start > 0,
        cut_after: end < content.len(),
    }
}

/// The text of `range` as it may be printed. What is shown of a range's first part is the first part of what is shown
/// of the range: label offsets rely on it.
fn shown(place: &Place<'_>, range: TextRange) -> String {
    let mut out = String::with_capacity(range.len());
    let mut masked = None;
    for (index, c) in place.text[range.indices()].char_indices() {
        let offset = range.start + index as u32;
        let secret = place.redacted.iter().position(|hidden| hidden.contains_offset(offset));
        match secret {
            Some(_) if secret == masked => {}
            Some(_) => out.push_str(REDACTED),
            None if c == '\t' => out.push(c),
            None => out.push_str(&harmless(c.encode_utf8(&mut [0; 4]))),
        }
        masked = secret;
    }
    out
}
