//! Strings with holes.

use std::sync::Arc;

use super::{Evaluator, MAX_ALTERNATIVES, Scope};
use crate::model::value::{Data, Piece, Reason, Text, Value};
use crate::syntax::SourceFile;
use crate::syntax::hcl::{DirectiveKind, Template, TemplatePart};
use crate::text::Span;

impl<'s> Evaluator<'_, 's> {
    pub(super) fn template(
        &mut self,
        file: &'s SourceFile,
        template: &'s Template,
        scope: &Scope<'s>,
        span: Span,
    ) -> Value {
        if let [TemplatePart::Interpolation(only)] = template.parts.as_slice() {
            return self.expr(file, &only.expr, scope);
        }
        let mut strings = Strings::new();
        let mut open_directives = 0_usize;
        for part in &template.parts {
            match part {
                TemplatePart::Directive(directive) => {
                    match directive.kind {
                        DirectiveKind::If(_) | DirectiveKind::For { .. } => open_directives += 1,
                        DirectiveKind::EndIf | DirectiveKind::EndFor => {
                            open_directives = open_directives.saturating_sub(1);
                        }
                        DirectiveKind::Else => {}
                    }
                    strings.hole(
                        &Reason::new("it depends on a template directive"),
                        file.span(directive.range),
                    );
                }
                // What stands inside a directive is there or not, once or often: the directive's hole stands for it.
                _ if open_directives > 0 => {}
                TemplatePart::Literal(literal) => {
                    let span = file.span(literal.range);
                    strings.push(&Piece { text: Ok(literal.value.clone()), span });
                }
                TemplatePart::Interpolation(interpolation) => {
                    let value = self.expr(file, &interpolation.expr, scope);
                    strings.append(&value, file.span(interpolation.range));
                }
            }
        }
        strings.finish(span)
    }
}

/// The strings a template may stand for: one, unless an interpolated value is one of several.
pub(super) struct Strings {
    alternatives: Vec<Vec<Piece>>,
}

impl Strings {
    pub(super) fn new() -> Self {
        Self { alternatives: vec![Vec::new()] }
    }

    pub(super) fn push(&mut self, piece: &Piece) {
        self.alternatives.iter_mut().for_each(|pieces| pieces.push(piece.clone()));
    }

    fn hole(&mut self, reason: &Reason, span: Span) {
        self.push(&Piece { text: Err(reason.clone()), span });
    }

    /// Appends the string form of `value`, which is interpolated at `span`.
    pub(super) fn append(&mut self, value: &Value, span: Span) {
        let options = value.possibilities();
        if options.len() * self.alternatives.len() > MAX_ALTERNATIVES {
            return self.hole(&Reason::new("it has too many possible values"), span);
        }
        let base = std::mem::take(&mut self.alternatives);
        for option in options {
            for pieces in &base {
                let mut pieces = pieces.clone();
                append_pieces(&mut pieces, option, span);
                self.alternatives.push(pieces);
            }
        }
    }

    pub(super) fn finish(self, span: Span) -> Value {
        let text = |pieces| Value { data: Data::Text(Arc::new(Text { pieces })), span };
        Value::one_of(self.alternatives.into_iter().map(text).collect(), span)
    }
}

fn append_pieces(pieces: &mut Vec<Piece>, value: &Value, span: Span) {
    match &value.data {
        Data::Text(text) => pieces.extend(text.pieces.iter().cloned()),
        Data::Unknown(reason) => pieces.push(Piece { text: Err(reason.clone()), span }),
        _ => match value.as_str() {
            Some(text) => pieces.push(Piece { text: Ok(text.into()), span: value.span }),
            None => pieces.push(Piece {
                text: Err(Reason::new("a value that is no string is interpolated")),
                span,
            }),
        },
    }
}
