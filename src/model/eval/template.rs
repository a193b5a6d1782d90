//! Strings with holes, and with parts that are there or not, once or often.

use std::sync::Arc;

use super::collection::elements;
use super::{Evaluator, MAX_ALTERNATIVES, Scope, operators};
use smallvec::{SmallVec, smallvec};

use crate::model::value::{Data, Piece, Pieces, Reason, Text, Value};
use crate::syntax::hcl::{Directive, DirectiveKind, Expr, Template, TemplatePart};
use crate::syntax::{Format, HclUse, SourceFile};
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
        self.parts(file, &template.parts, scope, &mut strings);
        strings.finish(span)
    }

    /// Appends what `parts` stand for.
    fn parts(
        &mut self,
        file: &'s SourceFile,
        parts: &'s [TemplatePart],
        scope: &Scope<'s>,
        strings: &mut Strings,
    ) {
        let mut rest = parts;
        while let Some((part, behind)) = rest.split_first() {
            rest = behind;
            match part {
                TemplatePart::Literal(literal) => {
                    let span = file.span(literal.range);
                    if file.format == Format::Hcl(HclUse::Example) {
                        for piece in pieces_of_example(&literal.value, span) {
                            strings.push(&piece);
                        }
                    } else {
                        strings.push(&Piece { text: Ok(literal.value.clone()), span });
                    }
                }
                TemplatePart::Interpolation(interpolation) => {
                    let value = self.expr(file, &interpolation.expr, scope);
                    strings.append(&value, file.span(interpolation.range));
                }
                TemplatePart::Directive(directive) => {
                    let enclosed = Enclosed::behind(behind);
                    rest = enclosed.rest;
                    self.directive(file, directive, &enclosed, scope, strings);
                }
            }
        }
    }

    fn directive(
        &mut self,
        file: &'s SourceFile,
        directive: &'s Directive,
        enclosed: &Enclosed<'s>,
        scope: &Scope<'s>,
        strings: &mut Strings,
    ) {
        let span = file.span(directive.range);
        if self.depth == super::MAX_DEPTH {
            return strings.hole(&Reason::new("the template is nested too deeply to follow"), span);
        }
        self.depth += 1;
        match &directive.kind {
            DirectiveKind::If(condition) => {
                let condition = self.expr(file, condition, scope);
                match operators::truth(&condition) {
                    Some(true) => self.parts(file, enclosed.first, scope, strings),
                    Some(false) => self.parts(file, enclosed.second, scope, strings),
                    None => {
                        let branches = [enclosed.first, enclosed.second].map(|parts| {
                            let mut branch = Strings::new();
                            self.parts(file, parts, scope, &mut branch);
                            branch
                        });
                        strings.branch(branches, span);
                    }
                }
            }
            DirectiveKind::For { first, second, collection } => {
                let names = (first.name.as_str(), second.as_ref().map(|second| &second.name));
                self.repeat(file, (names, collection), enclosed.first, (scope, span), strings);
            }
            DirectiveKind::Else | DirectiveKind::EndIf | DirectiveKind::EndFor => {}
        }
        self.depth -= 1;
    }

    /// Appends `parts` once for each element.
    fn repeat(
        &mut self,
        file: &'s SourceFile,
        ((first, second), collection): ((&str, Option<&smol_str::SmolStr>), &'s Expr),
        parts: &'s [TemplatePart],
        (scope, span): (&Scope<'s>, Span),
        strings: &mut Strings,
    ) {
        let collection = self.expr(file, collection, scope);
        match elements(&collection) {
            Ok((pairs, open)) => {
                for (key, _, value) in pairs {
                    let inner = scope.with_pair(first, second, key, value);
                    self.parts(file, parts, &inner, strings);
                }
                if let Some(reason) = open {
                    strings.hole(&reason, span);
                }
            }
            Err(reason) => strings.hole(&reason, span),
        }
    }
}

/// What stands behind a directive, up to the one that ends it.
struct Enclosed<'s> {
    first: &'s [TemplatePart],
    /// Behind `else`.
    second: &'s [TemplatePart],
    rest: &'s [TemplatePart],
}

impl<'s> Enclosed<'s> {
    fn behind(parts: &'s [TemplatePart]) -> Self {
        let mut nested = 0_usize;
        let mut middle = None;
        for (at, part) in parts.iter().enumerate() {
            let TemplatePart::Directive(directive) = part else { continue };
            match directive.kind {
                DirectiveKind::If(_) | DirectiveKind::For { .. } => nested += 1,
                DirectiveKind::Else if nested == 0 => middle = Some(at),
                DirectiveKind::EndIf | DirectiveKind::EndFor if nested == 0 => {
                    let second = middle.map_or(&[][..], |middle| &parts[middle + 1..at]);
                    let first = &parts[..middle.unwrap_or(at)];
                    return Self { first, second, rest: &parts[at + 1..] };
                }
                DirectiveKind::EndIf | DirectiveKind::EndFor => nested -= 1,
                DirectiveKind::Else => {}
            }
        }
        Self { first: parts, second: &[], rest: &[] }
    }
}

/// The strings a template may stand for: one, unless an interpolated value is one of several.
pub(super) struct Strings {
    alternatives: SmallVec<[Pieces; 1]>,
}

impl Strings {
    pub(super) fn new() -> Self {
        Self { alternatives: smallvec![Pieces::new()] }
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
        if let [only] = options {
            self.alternatives.iter_mut().for_each(|pieces| append_pieces(pieces, only, span));
            return;
        }
        let options = options.iter().map(|option| {
            let mut pieces = Pieces::new();
            append_pieces(&mut pieces, option, span);
            pieces
        });
        self.append_one_of(&options.collect::<Vec<_>>(), span);
    }

    /// Appends what one of the branches of a directive at `span` stands for.
    fn branch(&mut self, branches: [Strings; 2], span: Span) {
        let options = branches.into_iter().flat_map(|branch| branch.alternatives);
        self.append_one_of(&options.collect::<Vec<_>>(), span);
    }

    fn append_one_of(&mut self, options: &[Pieces], span: Span) {
        if options.is_empty() {
            return self.hole(&Reason::new("it has no possible value"), span);
        }
        if options.len() * self.alternatives.len() > MAX_ALTERNATIVES {
            return self.hole(&Reason::new("it has too many possible values"), span);
        }
        let base = std::mem::take(&mut self.alternatives);
        for option in options {
            for pieces in &base {
                let mut pieces = pieces.clone();
                pieces.extend(option.iter().cloned());
                self.alternatives.push(pieces);
            }
        }
    }

    pub(super) fn finish(self, span: Span) -> Value {
        let text = |pieces| Value { data: Data::Text(Arc::new(Text { pieces })), span };
        Value::one_of(self.alternatives.into_iter().map(text), span)
    }
}

/// The pieces of a literal in an example: what stands for something else, `<name>`, is not known.
fn pieces_of_example(literal: &str, span: Span) -> Vec<Piece> {
    // With an escape in it, nobody knows which bytes are whose.
    let is_plain = literal.len() == span.range.len();
    let part = |from: usize, to: usize| {
        let part = span.range.slice(from, to - from).in_file(span.file);
        if is_plain { part } else { span }
    };
    let mut pieces = Vec::new();
    let mut at = 0;
    while let Some((from, to)) = stand_in(&literal[at..]).map(|(from, to)| (at + from, at + to)) {
        if from > at {
            pieces.push(Piece { text: Ok(literal[at..from].into()), span: part(at, from) });
        }
        let reason = format!("`{}` stands for what is filled in", &literal[from..to]);
        pieces.push(Piece { text: Err(Reason::new(reason)), span: part(from, to) });
        at = to;
    }
    if at < literal.len() || pieces.is_empty() {
        let text = Ok(literal[at..].into());
        pieces.push(Piece { text, span: part(at, literal.len()) });
    }
    pieces
}

/// Where the first `<name>` of `text` is: words between angle brackets.
fn stand_in(text: &str) -> Option<(usize, usize)> {
    let opens = text.match_indices('<').map(|(at, _)| at);
    let mut found = opens.filter_map(|from| {
        let name = text[from + 1..].split_once('>')?.0;
        let is_name = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | ' ' | '.' | '/');
        let begins = name.starts_with(char::is_alphabetic);
        (begins && name.chars().all(is_name)).then_some((from, from + name.len() + 2))
    });
    found.next()
}

fn append_pieces(pieces: &mut Pieces, value: &Value, span: Span) {
    let hole = |reason| Piece { text: Err(reason), span };
    let refused = || Reason::failure("a value that is no string is interpolated", span);
    match &value.data {
        Data::Text(text) => pieces.extend(text.pieces.iter().cloned()),
        Data::Unknown(reason) => pieces.push(hole(reason.clone())),
        Data::Encoded(_) => pieces.push(hole(Reason::new("what is encoded is interpolated"))),
        _ => pieces.push(match value.as_str() {
            Some(text) => Piece { text: Ok(text.into()), span: value.span },
            None => hole(refused()),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{FileId, TextRange};

    #[test]
    fn what_stands_in_for_something_is_not_known() {
        let pieces = |literal: &str| -> Vec<(Option<String>, u32)> {
            let span = TextRange::new(0, literal.len()).in_file(FileId(0));
            let pieces = pieces_of_example(literal, span);
            pieces
                .iter()
                .map(|it| (it.text.clone().ok().map(Into::into), it.span.range.start))
                .collect()
        };
        let known = |text: &str, at| (Some(text.to_owned()), at);
        assert_eq!(pieces("<app>"), [(None, 0)]);
        assert_eq!(
            pieces("ghcr.io/<your name>/<app>:1"),
            [known("ghcr.io/", 0), (None, 8), known("/", 19), (None, 20), known(":1", 25)]
        );
        assert_eq!(pieces("a < b > c"), [known("a < b > c", 0)]);
        assert_eq!(pieces(""), [known("", 0)]);
    }
}
