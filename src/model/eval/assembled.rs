//! The pieces of a string put together, so that it can be parsed, and the way back from what was parsed to the pieces.
//!
//! Invariant: the parts are the text, in order and without gaps.

use crate::model::value::{Piece, Reason, Text};
use crate::syntax::language::{HOLE, PartKind, parts};
use crate::text::{Span, TextRange};

use smol_str::SmolStr;

/// A string with [`HOLE`] where it is not known.
pub(super) struct Assembled {
    /// The string.
    pub(super) text: String,
    parts: Vec<(TextRange, Piece)>,
    /// Lines that something fills in or decides about; they are comments in the text.
    lines: Vec<TextRange>,
}

impl Assembled {
    pub(super) fn new(source: &Text) -> Self {
        let mut whole = Self { text: String::new(), parts: Vec::new(), lines: Vec::new() };
        for piece in &source.pieces {
            whole.push(HOLE, piece.clone());
        }
        whole
    }

    /// The same with the holes that a template has: lines of their own become comments, indented as what follows is, so
    /// that they do not end a block of text that goes on.
    pub(super) fn with_holes(self) -> Self {
        let mut whole = Self { text: String::new(), parts: Vec::new(), lines: Vec::new() };
        for part in parts(&self.text) {
            let hole = || {
                let reason = self.first_hole(part.range);
                let reason = reason.unwrap_or_else(|| Reason::new("a template fills it in"));
                Some(Piece { text: Err(reason), span: self.span_of(part.range)? })
            };
            match part.kind {
                PartKind::Text => {
                    for piece in self.slice(part.range) {
                        whole.push(HOLE, piece);
                    }
                }
                PartKind::Hole => {
                    if let Some(piece) = hole() {
                        whole.push(HOLE, piece);
                    }
                }
                PartKind::Line => {
                    let start = whole.text.len();
                    let comment = format!("{}#{HOLE}", missing_indentation(&self.text, part.range));
                    if let Some(piece) = hole() {
                        whole.push(&comment, piece);
                    }
                    whole.lines.push(TextRange::new(start, whole.text.len()));
                }
            }
        }
        whole
    }

    fn push(&mut self, hole: &str, piece: Piece) {
        let start = self.text.len();
        self.text.push_str(piece.text.as_deref().unwrap_or(hole));
        self.parts.push((TextRange::new(start, self.text.len()), piece));
    }

    /// The pieces that make up the bytes `range` of the text.
    pub(super) fn slice(&self, range: TextRange) -> impl Iterator<Item = Piece> + '_ {
        self.overlapping(range).map(move |(at, piece)| {
            let (start, end) = (range.start.max(at.start), range.end.min(at.end));
            let span = if piece.is_verbatim() {
                let inside =
                    piece.span.range.slice((start - at.start) as usize, (end - start) as usize);
                Span { file: piece.span.file, range: inside }
            } else {
                piece.span
            };
            let text = match &piece.text {
                Ok(_) => Ok(SmolStr::new(&self.text[start as usize..end as usize])),
                Err(reason) => Err(reason.clone()),
            };
            Piece { text, span }
        })
    }

    /// Why the bytes `range` are not all known.
    pub(super) fn first_hole(&self, range: TextRange) -> Option<Reason> {
        self.overlapping(range).find_map(|(_, piece)| piece.text.as_ref().err().cloned())
    }

    fn overlapping(&self, range: TextRange) -> impl Iterator<Item = (TextRange, &Piece)> + '_ {
        let from = self.parts.partition_point(|(at, _)| at.end <= range.start);
        let rest = self.parts[from..].iter().map(|(at, piece)| (*at, piece));
        rest.take_while(move |(at, _)| at.start < range.end)
    }

    /// Where the bytes `range` of the text are written, where that is one file.
    pub(super) fn span_of(&self, range: TextRange) -> Option<Span> {
        let mut parts = self.overlapping(range);
        let first = parts.next()?;
        let last = parts.last().unwrap_or(first);
        let span = |(at, piece): (TextRange, &Piece)| {
            let (start, end) = (range.start.max(at.start), range.end.min(at.end));
            let inside = (start - at.start) as usize;
            if piece.is_verbatim() {
                piece.span.range.slice(inside, (end - start) as usize)
            } else {
                piece.span.range
            }
        };
        let (file, from, to) = (first.1.span.file, span(first), span(last));
        let is_one = file == last.1.span.file && from.start <= to.start;
        is_one.then(|| Span { file, range: from.cover(to) })
    }

    /// Leaves out the lines that stand in one of `texts`: what they decide about is that text alone.
    pub(super) fn forget_lines_in(&mut self, texts: &[TextRange]) {
        self.lines.retain(|line| !texts.iter().any(|text| text.contains(*line)));
    }

    /// Whether there are lines that something fills in or decides about.
    pub(super) fn has_lines(&self) -> bool {
        !self.lines.is_empty()
    }

    /// Why there may be more or less at `range` than is written: a line of the template stands in it or beside it.
    pub(super) fn open(&self, range: TextRange) -> Option<Reason> {
        let next = self.lines.partition_point(|line| line.end <= range.start);
        let is_blank = |start: u32, end: u32| {
            let between = self.text.get(start as usize..end as usize);
            between.is_some_and(|it| it.trim_start_matches(':').trim().is_empty())
        };
        let before = next.checked_sub(1).map(|at| self.lines[at]);
        let before = before.filter(|line| is_blank(line.end, range.start));
        let behind = self.lines.get(next).copied();
        let behind =
            behind.filter(|line| line.start < range.end || is_blank(range.end, line.start));
        let line = before.or(behind)?;
        self.first_hole(line)
    }
}

/// What a line that is one hole lacks of the indentation of the next line that is none.
fn missing_indentation(text: &str, hole: TextRange) -> &str {
    let own = text[..hole.start as usize].rsplit('\n').next().unwrap_or_default();
    let is_text = |line: &&str| {
        let line = line.trim_start();
        !line.is_empty() && !["{{", "%{", "${", HOLE].iter().any(|open| line.starts_with(open))
    };
    let next = text[hole.end as usize..].lines().skip(1).find(is_text).unwrap_or_default();
    let indentation = &next[..next.len() - next.trim_start().len()];
    indentation.get(own.len()..).unwrap_or_default()
}
