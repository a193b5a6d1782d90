//! Comments next to a node.

use super::env::Env;
use super::matcher::Around;
use super::node::Place;
use super::operand::{PathRef, Pattern};
use super::truth::{Evidence, Truth};
use crate::syntax::{Comment, SourceFile};
use crate::text::TextRange;

/// A comment stands next to what a path leads to.
#[derive(Debug)]
pub(super) struct CommentTest {
    /// The node; the subject itself where the path is empty.
    pub(super) path: PathRef,
    /// Where it may stand.
    pub(super) on: Vec<Position>,
    /// What it must say; anything where there is no pattern. The lines of one run are one text.
    pub(super) matches: Option<Pattern>,
}

/// Where a comment stands, seen from a node.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Position {
    /// On the lines directly above.
    Above,
    /// Behind it, on the line on which it ends.
    Trailing,
    /// Anywhere inside.
    Inside,
    /// At the top of its file.
    Header,
}

impl Position {
    /// The words for them in rules.
    pub(super) const WORDS: [&str; 4] = ["above", "trailing", "inside", "header"];

    pub(super) fn parse(word: &str) -> Option<Position> {
        let positions = [Position::Above, Position::Trailing, Position::Inside, Position::Header];
        Position::WORDS.iter().position(|known| *known == word).map(|at| positions[at])
    }
}

impl CommentTest {
    pub(super) fn ask(&self, around: &Around<'_, '_>) -> Truth {
        let Some(place) = self.path.first_or_anchor(around.repo, around.env) else {
            return Truth::no(around.missing(&around.env.root.subject));
        };
        let Some(file) = around.repo.sources.get(place.whole.file.index()) else {
            return Truth::no(around.at(&place));
        };
        for &position in &self.on {
            for run in runs(file, &place, position) {
                match self.says(around.env, &text(file, run)) {
                    Ok(true) => {
                        let told = |it: &mut Evidence| {
                            let range = run.iter().map(|it| it.range).reduce(TextRange::cover);
                            it.site = range.map(|range| file.span(range));
                        };
                        return Truth::yes(around.at(&place).with(told));
                    }
                    Ok(false) => {}
                    Err(reason) => return Truth::unknown(reason),
                }
            }
        }
        Truth::no(around.at(&place))
    }

    fn says(&self, env: &Env<'_>, text: &str) -> Result<bool, crate::model::Reason> {
        match &self.matches {
            None => Ok(!text.trim().is_empty()),
            Some(pattern) => pattern.with(env, text, |regex| regex.is_match(text)),
        }
    }
}

/// The comments at `position`, in runs that are read as one text.
fn runs<'f>(file: &'f SourceFile, place: &Place<'_>, position: Position) -> Vec<&'f [Comment]> {
    let comments = match &file.hcl {
        Some(document) => &document.comments,
        None => file.surface().comments(),
    };
    let range = node(file, place.whole.range);
    match position {
        Position::Above => vec![comments.leading(&file.text, file.lines(), range)],
        Position::Trailing => {
            let first_line = file.lines().line_of(range.start);
            let behind = comments.trailing(&file.text, range).map(std::slice::from_ref);
            // Behind a block's opening brace, or the key of a mapping, stands a comment about the whole.
            let inside = comments.inside(range).first().filter(|comment| {
                !comment.own_line && file.lines().line_of(comment.range.start) == first_line
            });
            behind.into_iter().chain(inside.map(std::slice::from_ref)).collect()
        }
        Position::Inside => comments.inside(range).chunks(1).collect(),
        Position::Header => vec![comments.header(&file.text)],
    }
}

/// All of the node whose text is at `range`: in other languages than HCL with its quotes, and with the dash that makes an
/// element of it.
fn node(file: &SourceFile, range: TextRange) -> TextRange {
    if file.hcl.is_some() {
        return range;
    }
    let line = file.lines().start_of(file.lines().line_of(range.start));
    let before = file.slice(TextRange { start: line, end: range.start });
    let is_part = before.chars().all(|c| matches!(c, ' ' | '\t' | '-' | '"' | '\''));
    let indent = before.len() - before.trim_start_matches([' ', '\t']).len();
    let start = if is_part { line + indent as u32 } else { range.start };
    let is_quoted = file.text[range.end as usize..].starts_with(['"', '\'']);
    TextRange { start, end: range.end + u32::from(is_quoted) }
}

fn text(file: &SourceFile, run: &[Comment]) -> String {
    let lines: Vec<&str> = run.iter().map(|comment| comment.content(&file.text)).collect();
    lines.join("\n")
}
