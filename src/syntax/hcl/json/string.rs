//! Strings of JSON, read as Terraform reads them: the escapes of JSON first, and what they leave as a template or reference.
//!
//! Invariant: what is parsed is the text without escapes, and every range in the result is one of the file: from before an
//! escape, or from behind it. A literal of the result is an escape, or text as it is.

use std::mem;

use smol_str::{SmolStr, ToSmolStr};

use super::super::{
    Expr, ExprKind, Literal, Template, TemplateForm, TemplatePart, parse_expression,
    template_with_comments,
};
use crate::syntax::{Comment, SyntaxError, json};
use crate::text::TextRange;

/// A string, and where its characters are written.
pub(super) struct Text<'t> {
    /// Without escapes.
    value: &'t str,
    /// Between the quotes.
    inner: TextRange,
    escapes: Vec<Place>,
}

/// Where an escape is in the text without escapes.
struct Place {
    start: u32,
    end: u32,
    /// By how much it and those before it are longer than what they stand for.
    longer: u32,
}

impl<'t> Text<'t> {
    /// The string between the quotes at `inner` of `file`, which says `value`.
    pub(super) fn new(file: &str, inner: TextRange, value: &'t str) -> Self {
        let mut escapes = Vec::new();
        let mut longer = 0;
        // An escape is always longer than its character.
        if inner.len() != value.len() {
            for escape in json::escapes(file, inner) {
                let start = escape.range.start - inner.start - longer;
                let length = escape.value.len_utf8() as u32;
                longer += escape.range.len() as u32 - length;
                escapes.push(Place { start, end: start + length, longer });
            }
        }
        Self { value, inner, escapes }
    }

    /// The string as a template, and the comments in it: the expression itself where it is nothing but a hole that is not
    /// `kept`.
    pub(super) fn template(&self, kept: bool) -> Result<(Expr, Vec<Comment>), SyntaxError> {
        if !self.value.contains("${") && !self.value.contains("%{") {
            return Ok((self.literal(), Vec::new()));
        }
        let read = template_with_comments(self.value).map_err(|error| self.error(error))?;
        let (template, comments) = read;
        let comments = comments.iter().map(|comment| self.comment(comment)).collect();
        let whole = TextRange::new(0, self.value.len());
        let mut expr = Expr { kind: ExprKind::Template(Box::new(template)), range: whole };
        self.place(&mut expr);
        let ExprKind::Template(template) = &mut expr.kind else { return Ok((expr, comments)) };
        if let ([TemplatePart::Interpolation(hole)], false) = (&mut *template.parts, kept) {
            let placeholder = Expr { kind: ExprKind::Error, range: TextRange::default() };
            return Ok((mem::replace(&mut hole.expr, placeholder), comments));
        }
        template.form = TemplateForm::Quoted;
        template.inner = self.inner;
        expr.range = quoted(self.inner);
        Ok((expr, comments))
    }

    /// A comment in a hole: in the file it stands behind the quote.
    fn comment(&self, comment: &Comment) -> Comment {
        let said = (!self.escapes.is_empty()).then(|| self.value[comment.text.indices()].into());
        Comment { own_line: false, said, ..comment.mapped(|range| self.in_file(range)) }
    }

    /// The string as the expression that it holds.
    pub(super) fn expression(&self) -> Result<Expr, SyntaxError> {
        let mut expr = parse_expression(self.value).map_err(|error| self.error(error))?;
        self.place(&mut expr);
        Ok(expr)
    }

    /// The string as it is.
    pub(super) fn literal(&self) -> Expr {
        let mut parts = Vec::new();
        self.split(TextRange::new(0, self.value.len()), &mut parts);
        for part in &mut parts {
            if let TemplatePart::Literal(literal) = part {
                literal.range = self.in_file(literal.range);
            }
        }
        let template = Template { form: TemplateForm::Quoted, parts, inner: self.inner };
        Expr { kind: ExprKind::Template(Box::new(template)), range: quoted(self.inner) }
    }

    /// Gives what was parsed the ranges that it has in the file.
    fn place(&self, expr: &mut Expr) {
        if !self.escapes.is_empty() {
            expr.each_template(&mut |template| {
                for part in mem::take(&mut template.parts) {
                    match part {
                        TemplatePart::Literal(literal) if is_verbatim(&literal) => {
                            self.split(literal.range, &mut template.parts);
                        }
                        part => template.parts.push(part),
                    }
                }
            });
        }
        expr.map_ranges(&|range| self.in_file(range));
    }

    /// The text at `range`, each escape in it on its own.
    fn split(&self, range: TextRange, parts: &mut Vec<TemplatePart>) {
        let mut at = range.start;
        let mut push = |start: u32, end: u32| {
            let range = TextRange { start, end };
            if !range.is_empty() {
                let value = self.value[range.indices()].to_smolstr();
                parts.push(TemplatePart::Literal(Literal { value, range }));
            }
        };
        let first = self.escapes.partition_point(|escape| escape.start < range.start);
        for escape in self.escapes[first..].iter().take_while(|it| it.start < range.end) {
            push(at, escape.start);
            push(escape.start, escape.end);
            at = escape.end;
        }
        push(at, range.end);
    }

    fn error(&self, error: SyntaxError) -> SyntaxError {
        SyntaxError { range: self.in_file(error.range), ..error }
    }

    fn in_file(&self, range: TextRange) -> TextRange {
        TextRange { start: self.offset(range.start), end: self.offset(range.end) }
    }

    fn offset(&self, at: u32) -> u32 {
        let behind = self.escapes.partition_point(|escape| escape.end <= at);
        let longer = behind.checked_sub(1).map_or(0, |last| self.escapes[last].longer);
        self.inner.start + at + longer
    }
}

/// The string whose text stands at `inner`, with its quotes.
pub(super) fn quoted(inner: TextRange) -> TextRange {
    TextRange { start: inner.start - 1, end: inner.end + 1 }
}

fn is_verbatim(Literal { value, range }: &Literal) -> bool {
    SmolStr::len(value) == range.len()
}
