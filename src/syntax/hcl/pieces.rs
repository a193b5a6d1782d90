//! The pieces of a template while it is read, and how they become its parts.
//!
//! Invariant: white space that a strip marker or a heredoc's indentation takes away is cut from the piece's range before
//! any text is copied, so what is left maps one to one onto the file.

use smol_str::{SmolStr, ToSmolStr};

use super::cursor::{MAX_DEPTH, Parsed};
use super::unexpected::{fail, too_deep};
use super::{DirectiveKind, Literal, TemplateForm, TemplatePart};
use crate::text::TextRange;

/// What ends lines of text.
#[derive(Clone, Copy)]
pub(super) enum Closer<'m> {
    /// A heredoc's marker on a line of its own.
    Marker {
        /// The marker.
        name: &'m str,
        /// From `<<` to the end of the marker, for the error that it never comes.
        opening: TextRange,
    },
    /// The end of the text.
    End,
}

/// The pieces so far.
pub(super) struct Pieces<'t> {
    text: &'t str,
    list: Vec<Piece>,
    /// Whether white space is taken away until the end of the line or the next hole (after `~}`).
    stripping: bool,
}

enum Piece {
    /// Text as it is, at most one line of it and its line break.
    Text(TextRange),
    /// A backslash escape.
    Escape(char, TextRange),
    /// `$${` or `%%{`.
    Marker(&'static str, TextRange),
    /// `${ … }` or `%{ … }`.
    Hole(TemplatePart),
}

impl<'t> Pieces<'t> {
    /// None yet, of a template in `text`.
    pub(super) fn new(text: &'t str) -> Self {
        Self { text, list: Vec::new(), stripping: false }
    }

    /// Adds text as it is: at most one line.
    pub(super) fn text(&mut self, mut range: TextRange) {
        if range.is_empty() {
            return;
        }
        if self.stripping {
            let text = &self.text[range.indices()];
            let rest = text.trim_start();
            range.start += (text.len() - rest.len()) as u32;
            self.stripping = rest.is_empty() && !text.ends_with('\n');
        }
        self.list.push(Piece::Text(range));
    }

    /// Adds a backslash escape.
    pub(super) fn escape(&mut self, value: char, range: TextRange) {
        self.stripping &= value.is_whitespace();
        self.list.push(if self.stripping {
            Piece::Text(TextRange::empty(range.end as usize))
        } else {
            Piece::Escape(value, range)
        });
    }

    /// Adds an escaped hole.
    pub(super) fn marker(&mut self, value: &'static str, range: TextRange) {
        self.stripping = false;
        self.list.push(Piece::Marker(value, range));
    }

    /// Adds a hole, and takes away the white space that its strip markers ask for.
    pub(super) fn hole(&mut self, part: TemplatePart, strip_before: bool, strip_after: bool) {
        if strip_before {
            self.strip_end();
        }
        self.list.push(Piece::Hole(part));
        self.stripping = strip_after;
    }

    /// Takes white space from the end, back to the last hole or line break before the last text: HCL's `~` reaches no
    /// further.
    fn strip_end(&mut self) {
        let mut last_line = true;
        for piece in self.list.iter_mut().rev() {
            match piece {
                Piece::Text(range) => {
                    let text = &self.text[range.indices()];
                    if text.ends_with('\n') && !last_line {
                        return;
                    }
                    let rest = text.trim_end();
                    range.end -= (text.len() - rest.len()) as u32;
                    if !rest.is_empty() {
                        return;
                    }
                }
                Piece::Escape(value, range) if value.is_whitespace() => {
                    *piece = Piece::Text(TextRange::empty(range.start as usize));
                }
                Piece::Escape(..) | Piece::Marker(..) | Piece::Hole(_) => return,
            }
            last_line = false;
        }
    }

    /// The parts, with directives checked and, in an indented heredoc, the common indentation left out.
    pub(super) fn into_parts(mut self, form: TemplateForm) -> Parsed<Vec<TemplatePart>> {
        self.check_directives()?;
        if form == TemplateForm::IndentedHeredoc {
            self.remove_indentation();
        }
        let text = self.text;
        let mut parts = Vec::with_capacity(self.list.len());
        let mut run: Option<TextRange> = None;
        for piece in self.list {
            if let Piece::Text(range) = piece {
                let joins = run.filter(|run| {
                    let own_line = form == TemplateForm::IndentedHeredoc
                        && text[run.indices()].ends_with('\n');
                    run.end == range.start && !own_line
                });
                if joins.is_none() {
                    push_run(&mut parts, text, run.take());
                }
                run = Some(joins.map_or(range, |run| run.cover(range)));
                continue;
            }
            push_run(&mut parts, text, run.take());
            parts.push(match piece {
                Piece::Escape(value, range) => literal(value.to_smolstr(), range),
                Piece::Marker(value, range) => literal(SmolStr::new_static(value), range),
                Piece::Hole(part) => part,
                Piece::Text(_) => continue,
            });
        }
        push_run(&mut parts, text, run);
        // The lines of a heredoc are one part.
        parts.shrink_to_fit();
        Ok(parts)
    }

    /// Takes from each line as many characters of leading white space as the least indented line has. A line of nothing
    /// but white space neither counts nor loses any; a line that begins with a hole has none.
    fn remove_indentation(&mut self) {
        let mut least = usize::MAX;
        let mut lines = Vec::new();
        let mut line_start = true;
        for (at, piece) in self.list.iter().enumerate() {
            let text = match piece {
                Piece::Text(range) => &self.text[range.indices()],
                _ => "",
            };
            let rest = text.trim_start();
            let blank = rest.is_empty() && text.ends_with('\n');
            if line_start && !blank {
                least = least.min(text[..text.len() - rest.len()].chars().count());
                lines.push(at);
            }
            line_start = text.ends_with('\n');
        }
        for at in lines {
            if let Piece::Text(range) = &mut self.list[at] {
                let text = &self.text[range.indices()];
                range.start += text.chars().take(least).map(char::len_utf8).sum::<usize>() as u32;
            }
        }
    }

    /// Whether every `if` and `for` has its end, and every end and `else` its beginning. As everywhere, they nest only so deep:
    /// who looks a name up asks each `for` around it.
    fn check_directives(&self) -> Parsed<()> {
        let mut open: Vec<(&'static str, TextRange)> = Vec::new();
        for piece in &self.list {
            let Piece::Hole(TemplatePart::Directive(directive)) = piece else {
                continue;
            };
            let range = directive.range;
            let innermost = open.last().map(|(name, _)| *name);
            if open.len() > MAX_DEPTH as usize {
                return too_deep(range);
            }
            let misplaced = match &directive.kind {
                DirectiveKind::If(_) => {
                    open.push(("if", range));
                    continue;
                }
                DirectiveKind::For { .. } => {
                    open.push(("for", range));
                    continue;
                }
                DirectiveKind::Else if innermost == Some("if") => {
                    open.pop();
                    open.push(("else", range));
                    continue;
                }
                DirectiveKind::EndIf if matches!(innermost, Some("if" | "else")) => {
                    open.pop();
                    continue;
                }
                DirectiveKind::EndFor if innermost == Some("for") => {
                    open.pop();
                    continue;
                }
                DirectiveKind::Else => "`%{ else }` without an open `%{ if }`",
                DirectiveKind::EndIf => "`%{ endif }` without an open `%{ if }`",
                DirectiveKind::EndFor => "`%{ endfor }` without an open `%{ for }`",
            };
            return fail(misplaced, "", range);
        }
        let Some(&(name, range)) = open.last() else {
            return Ok(());
        };
        let end = if name == "for" { "endfor" } else { "endif" };
        fail(
            format!("`%{{ {name} }}` without `%{{ {end} }}`"),
            format!("write `%{{ {end} }}` where it ends"),
            range,
        )
    }
}

fn push_run(parts: &mut Vec<TemplatePart>, text: &str, run: Option<TextRange>) {
    if let Some(range) = run.filter(|range| !range.is_empty()) {
        parts.push(literal(text[range.indices()].into(), range));
    }
}

fn literal(value: SmolStr, range: TextRange) -> TemplatePart {
    TemplatePart::Literal(Literal { value, range })
}
