//! How many spaces belong before each token: by the line it is in, and by the lines around.
//!
//! Invariant: a line is split into three cells: what leads, the `=` with what is assigned, and the comment that ends it.
//! Cells of lines that follow each other begin in the same column.

use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation;

use super::Stream;
use super::spacing::is_spaced;
use super::token::{Kind, Token};

/// One line: where its cells begin and end in the list of tokens. An absent cell is empty.
struct Line {
    first: usize,
    assign: usize,
    comment: usize,
    end: usize,
}

impl Line {
    fn lead(&self) -> Range<usize> {
        self.first..self.assign
    }

    fn assigned(&self) -> Range<usize> {
        self.assign..self.comment
    }

    fn commented(&self) -> Range<usize> {
        self.comment..self.end
    }
}

/// Says of each token how many spaces belong before it.
pub(super) fn lay_out(stream: &mut Stream<'_>) {
    let lines = lines(stream);
    align(&lines, stream, Line::assigned, Line::lead);
    align(&lines, stream, Line::commented, |line| line.first..line.comment);
}

/// A line while its tokens are passed.
#[derive(Clone, Copy, Default)]
struct Passed {
    /// The first `=` that does not begin the line.
    equals: Option<usize>,
    /// How many brackets are open after the tokens so far that were not before them. Those in the holes of a heredoc
    /// do not count.
    depth: i32,
    /// What that was before the `=`.
    depth_before_equals: i32,
    /// How many brackets were left open since the `=`, with those in heredocs.
    depth_since_equals: i32,
    has_heredoc: bool,
}

impl Passed {
    fn pass(&mut self, kind: Kind) {
        let depth = kind.depth();
        self.depth += if self.has_heredoc { 0 } else { depth };
        self.depth_since_equals += depth;
        self.has_heredoc |= kind == Kind::OpenHeredoc;
    }

    /// Takes note of the `=`, which is at `at`.
    fn equals(&mut self, at: usize) {
        if self.equals.is_none() {
            *self = Passed {
                equals: Some(at),
                depth_before_equals: self.depth,
                depth_since_equals: 0,
                ..*self
            };
        }
    }

    /// The line, which went from `first` to `end`, and how many brackets it leaves open that decide over indentation.
    fn line(self, tokens: &[Token], first: usize, end: usize) -> (Line, i32) {
        let is_commented = end - first > 1 && tokens[end - 1].kind == Kind::Comment;
        let comment = if is_commented { end - 1 } else { end };
        match self.equals {
            Some(assign) if self.depth_since_equals == 0 => {
                (Line { first, assign, comment, end }, self.depth_before_equals)
            }
            // An assignment that opens a bracket without closing it goes on over lines; nothing is aligned with it.
            _ => (Line { first, assign: comment, comment, end }, self.depth),
        }
    }
}

/// Splits the tokens into lines, indents these, and puts spaces between the tokens of each.
fn lines(stream: &mut Stream<'_>) -> Vec<Line> {
    let bytes = stream.text.as_bytes();
    let tokens = &mut stream.tokens;
    let mut lines = Vec::with_capacity(tokens.len() / 4);
    let mut indentation = Indentation::default();
    let mut first = 0;
    let mut passed = Passed::default();
    let mut before = Kind::Nothing;
    for at in 0..tokens.len() {
        let this = tokens[at];
        if at > first {
            if this.kind == Kind::Equals {
                passed.equals(at);
            }
            let previous = tokens[at - 1];
            let is_in = previous.kind == Kind::Name
                && &bytes[previous.start as usize..previous.end as usize] == b"in";
            let is_spaced = is_spaced(before, previous.kind, is_in, this.kind);
            tokens[at].before = u32::from(is_spaced);
            before = previous.kind;
        }
        passed.pass(this.kind);
        if ends_line(bytes, this) || at + 1 == tokens.len() {
            let (line, depth) = passed.line(tokens, first, at + 1);
            // Nothing stands before a line break.
            if tokens[first].kind != Kind::LineBreak {
                tokens[first].before = indentation.pass(depth);
            }
            lines.push(line);
            first = at + 1;
            passed = Passed::default();
            before = Kind::Nothing;
        }
    }
    lines
}

fn ends_line(bytes: &[u8], token: Token) -> bool {
    match token.kind {
        Kind::LineBreak => true,
        Kind::Comment => bytes[token.end as usize - 1] == b'\n',
        _ => false,
    }
}

/// How far lines are indented: two spaces for each line before that left brackets open.
#[derive(Default)]
struct Indentation {
    /// How many brackets each of those lines left open.
    open: Vec<i32>,
}

impl Indentation {
    /// The spaces before a line that leaves so many brackets open, or closes as many.
    fn pass(&mut self, mut depth: i32) -> u32 {
        while depth < 0
            && let Some(innermost) = self.open.pop()
        {
            if innermost + depth > 0 {
                self.open.push(innermost + depth);
            }
            depth = (depth + innermost).min(0);
        }
        let spaces = 2 * self.open.len() as u32;
        if depth > 0 {
            self.open.push(depth);
        }
        spaces
    }
}

/// Has the `cell`s of lines that follow each other begin in one column, one space after the longest text `before` it.
fn align(
    lines: &[Line],
    stream: &mut Stream<'_>,
    cell: impl Fn(&Line) -> Range<usize>,
    before: impl Fn(&Line) -> Range<usize>,
) {
    let mut widths = Vec::new();
    for run in lines.split(|line| cell(line).is_empty()) {
        if let [line] = run {
            stream.tokens[cell(line).start].before = 1;
            continue;
        }
        widths.clear();
        widths.extend(run.iter().map(|line| width(stream, before(line))));
        let widest = widths.iter().max().copied().unwrap_or_default();
        for (line, width) in run.iter().zip(&widths) {
            stream.tokens[cell(line).start].before = widest - width + 1;
        }
    }
}

/// How many columns the tokens take, with the spaces before each.
fn width(stream: &Stream<'_>, tokens: Range<usize>) -> u32 {
    tokens.map(|at| stream.tokens[at].before + columns(stream.written(at))).sum()
}

/// How many characters a reader sees.
fn columns(text: &str) -> u32 {
    let is_plain = text.bytes().all(|byte| byte.is_ascii() && byte != b'\r');
    if is_plain { text.len() as u32 } else { text.graphemes(true).count() as u32 }
}
