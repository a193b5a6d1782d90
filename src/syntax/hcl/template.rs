//! Templates: quoted strings, heredocs and the text of template files, with their holes.
//!
//! Invariant: a template is read piece by piece (`pieces.rs`) and becomes parts only at its end, when it is known how
//! much white space its strip markers and its indentation take away.

use super::cursor::{Cursor, Newlines, Parsed};
use super::pieces::{Closer, Pieces};
use super::unexpected::fail;
use super::{
    Directive, DirectiveKind, Expr, ExprKind, Ident, Interpolation, Literal, Template,
    TemplateForm, TemplatePart,
};
use crate::text::TextRange;

/// For each byte, whether it means something else in a quoted string than itself.
static SPECIAL: [bool; 256] = {
    let mut special = [false; 256];
    let mut at = 0;
    let bytes = b"\"\\$%\n\r";
    while at < bytes.len() {
        special[bytes[at] as usize] = true;
        at += 1;
    }
    special
};

impl Cursor<'_> {
    /// `"…"`, which is here.
    pub(super) fn quoted(&mut self) -> Parsed<Expr> {
        let start = self.pos;
        let template = self.quoted_template()?;
        Ok(Expr { kind: ExprKind::Template(Box::new(template)), range: self.since(start) })
    }

    /// A quoted label, which is here: a string without holes.
    pub(super) fn quoted_label(&mut self) -> Parsed<Ident> {
        let start = self.pos;
        let template = self.quoted_template()?;
        match template.as_literal() {
            Some(name) => Ok(Ident { name, range: self.since(start) }),
            None => fail(
                "a block's label cannot have `${ }` or `%{ }` in it",
                "write `$${` or `%%{` for the characters themselves",
                self.since(start),
            ),
        }
    }

    fn quoted_template(&mut self) -> Parsed<Template> {
        let open = self.pos;
        self.pos += 1;
        self.pass_plain_text();
        // Most strings are nothing but text.
        let parts = if self.byte(0) == b'"' {
            let range = self.since(open + 1);
            let value = self.text[range.indices()].into();
            if range.is_empty() {
                Vec::new()
            } else {
                vec![TemplatePart::Literal(Literal { value, range })]
            }
        } else {
            self.quoted_parts(open)?
        };
        let inner = self.since(open + 1);
        self.pos += 1;
        Ok(Template { form: TemplateForm::Quoted, parts, inner })
    }

    /// The parts of the string that opened at `open`, up to its closing quote; plain text was passed already.
    fn quoted_parts(&mut self, open: usize) -> Parsed<Vec<TemplatePart>> {
        let mut pieces = Pieces::new(self.text);
        pieces.text(self.since(open + 1));
        loop {
            match self.byte(0) {
                b'"' => return pieces.into_parts(TemplateForm::Quoted),
                b'\\' => self.escape(&mut pieces)?,
                b'$' | b'%' => self.hole_or_text(&mut pieces, true)?,
                _ => {
                    let help = "close it with `\"`; for text of several lines, write a heredoc";
                    return fail("unclosed string", help, self.since(open));
                }
            }
            let start = self.pos;
            self.pass_plain_text();
            pieces.text(self.since(start));
        }
    }

    /// Passes the bytes of a quoted string that stand for themselves.
    pub(super) fn pass_plain_text(&mut self) {
        let rest = &self.bytes[self.pos..];
        self.pos += rest.iter().position(|byte| SPECIAL[*byte as usize]).unwrap_or(rest.len());
    }

    /// A backslash and what it escapes.
    fn escape(&mut self, pieces: &mut Pieces) -> Parsed<()> {
        let start = self.pos;
        let selector = self.text[start + 1..].chars().next();
        let (value, length) = match selector {
            Some('n') => (Some('\n'), 2),
            Some('r') => (Some('\r'), 2),
            Some('t') => (Some('\t'), 2),
            Some(c @ ('"' | '\\')) => (Some(c), 2),
            Some('u') => (self.escaped_code(4), 6),
            Some('U') => (self.escaped_code(8), 10),
            _ => (None, 1 + selector.map_or(0, char::len_utf8)),
        };
        self.pos += length;
        let Some(value) = value else {
            self.pos = self.pos.min(self.text.len());
            while !self.text.is_char_boundary(self.pos) {
                self.pos -= 1;
            }
            let help = match selector {
                Some('u') => "write `\\u` and four hexadecimal digits of a character",
                Some('U') => "write `\\U` and eight hexadecimal digits of a character",
                _ => {
                    "write `\\\\` for a backslash; the escapes are `\\n \\r \\t \\\" \\\\ \\uNNNN \\UNNNNNNNN`"
                }
            };
            let range = self.since(start);
            let message = match self.text[range.indices()].trim_end() {
                "\\" => "a lone backslash is not an escape".to_owned(),
                escape => format!("`{escape}` is not an escape"),
            };
            return fail(message, help, range);
        };
        pieces.escape(value, self.since(start));
        Ok(())
    }

    /// The character of the `digits` hexadecimal digits after a `\u` or `\U`.
    fn escaped_code(&self, digits: usize) -> Option<char> {
        let code = self.text.get(self.pos + 2..self.pos + 2 + digits)?;
        let valid = code.bytes().all(|byte| byte.is_ascii_hexdigit());
        valid.then(|| u32::from_str_radix(code, 16).ok()).flatten().and_then(char::from_u32)
    }

    /// `<<EOT` or `<<-EOT` up to its closing marker, which is here.
    pub(super) fn heredoc(&mut self) -> Parsed<Expr> {
        let start = self.pos;
        self.pos += 2;
        let indented = self.byte(0) == b'-';
        self.pos += usize::from(indented);
        let marker = if self.at_ident() { self.ident() } else { None };
        let opening = self.since(start);
        let line_break = match (self.byte(0), self.byte(1)) {
            (b'\n', _) => 1,
            (b'\r', b'\n') => 2,
            _ => {
                let message = "`<<` is not followed by a heredoc's marker and a line break";
                return fail(
                    message,
                    "write `<<EOT` or `<<-EOT` as the last thing on its line",
                    opening,
                );
            }
        };
        let Some(marker) = marker else {
            return self.expected("a heredoc's marker after `<<`");
        };
        self.pos += line_break;
        let form = if indented { TemplateForm::IndentedHeredoc } else { TemplateForm::Heredoc };
        let template = self.text_template(form, Closer::Marker { name: &marker.name, opening })?;
        Ok(Expr { kind: ExprKind::Template(Box::new(template)), range: self.since(start) })
    }

    /// Lines of text with holes, up to their `closer`.
    pub(super) fn text_template(
        &mut self,
        form: TemplateForm,
        closer: Closer<'_>,
    ) -> Parsed<Template> {
        let open = self.pos;
        let mut pieces = Pieces::new(self.text);
        let mut line_start = true;
        let inner = loop {
            if line_start && let Some((before, after)) = self.closing_line(closer) {
                let inner = TextRange::new(open, before);
                self.pos = after;
                break inner;
            }
            let start = self.pos;
            let stop = memchr::memchr3(b'\n', b'$', b'%', &self.bytes[start..]);
            self.pos = stop.map_or(self.bytes.len(), |length| start + length);
            self.reject_lone_returns(start, closer)?;
            line_start = stop.is_some() && self.byte(0) == b'\n';
            self.pos += usize::from(line_start);
            pieces.text(self.since(start));
            if self.pos == self.bytes.len() {
                match closer {
                    Closer::End => break self.since(open),
                    Closer::Marker { name, opening } => {
                        return fail(
                            format!("unclosed heredoc `{name}`"),
                            format!("write `{name}` on a line of its own where the text ends"),
                            opening,
                        );
                    }
                }
            }
            if !line_start {
                self.hole_or_text(&mut pieces, false)?;
            }
        };
        let parts = pieces.into_parts(form)?;
        Ok(Template { form, parts, inner })
    }

    /// Where the line that begins here is the closing marker: its start, and its end without the line break.
    pub(super) fn closing_line(&self, closer: Closer<'_>) -> Option<(usize, usize)> {
        let Closer::Marker { name, .. } = closer else {
            return None;
        };
        let rest = &self.bytes[self.pos..];
        // Most lines are told by their first character.
        let first = rest.iter().find(|byte| !matches!(byte, b' ' | b'\t'));
        if first
            .is_some_and(|byte| byte.is_ascii_graphic() && !name.as_bytes().starts_with(&[*byte]))
        {
            return None;
        }
        let length = memchr::memchr(b'\n', rest)?;
        let line = &self.text[self.pos..self.pos + length];
        let line = line.strip_suffix('\r').unwrap_or(line);
        (line.trim() == name && !line.contains('\r')).then_some((self.pos, self.pos + line.len()))
    }

    /// A carriage return that does not belong to a line break ends HCL's patience with a heredoc.
    fn reject_lone_returns(&self, start: usize, closer: Closer<'_>) -> Parsed<()> {
        let run = &self.bytes[start..self.pos];
        let Some(at) = memchr::memchr(b'\r', run) else {
            return Ok(());
        };
        let at_break = start + at + 1 == self.pos && self.byte(0) == b'\n';
        if at_break || matches!(closer, Closer::End) {
            return Ok(());
        }
        fail(
            "a carriage return inside a heredoc's line",
            "end every line with a line feed, or all of them with both",
            TextRange::new(start + at, start + at + 1),
        )
    }

    /// What a `$` or `%` begins: a hole, the escape of one, or nothing but itself. `in_string` tells a quoted string
    /// from a heredoc.
    fn hole_or_text(&mut self, pieces: &mut Pieces, in_string: bool) -> Parsed<()> {
        let start = self.pos;
        let sigil = self.byte(0);
        if self.byte(1) == b'{' {
            let strip_before = self.byte(2) == b'~';
            self.pos += if strip_before { 3 } else { 2 };
            let (part, strip_after) =
                self.bracketed(start, Newlines::Ignored, |cursor| match sigil {
                    b'$' => cursor.interpolation(start, in_string),
                    _ => cursor.directive(start),
                })?;
            pieces.hole(part, strip_before, strip_after);
        } else if self.byte(1) == sigil && self.byte(2) == b'{' {
            self.pos += 3;
            pieces.marker(if sigil == b'$' { "${" } else { "%{" }, self.since(start));
        } else {
            self.pos += 1;
            pieces.text(self.since(start));
        }
        Ok(())
    }

    fn interpolation(&mut self, start: usize, in_string: bool) -> Parsed<(TemplatePart, bool)> {
        let expr = self.expression()?;
        let Some(strip_after) = self.hole_end() else {
            let help = "write `$${` for the characters themselves";
            if in_string && self.peek() == Some(b'"') {
                let opening = TextRange::new(start, start + 2);
                return fail("`${` is not closed before the string ends", help, opening);
            }
            return self.expected_with("`}` to close `${`", help);
        };
        Ok((
            TemplatePart::Interpolation(Interpolation { expr, range: self.since(start) }),
            strip_after,
        ))
    }

    fn directive(&mut self, start: usize) -> Parsed<(TemplatePart, bool)> {
        let word = self.peek_ident().unwrap_or_default();
        if !matches!(word, "if" | "else" | "endif" | "for" | "endfor") {
            return self.expected_with(
                "`if`, `else`, `endif`, `for` or `endfor` after `%{`",
                "write `%%{` for the characters themselves",
            );
        }
        self.pos += word.len();
        let kind = match word {
            "if" => DirectiveKind::If(self.expression()?),
            "else" => DirectiveKind::Else,
            "endif" => DirectiveKind::EndIf,
            "for" => {
                let (first, second, collection) = self.for_intro()?;
                DirectiveKind::For { first, second, collection }
            }
            _ => DirectiveKind::EndFor,
        };
        let Some(strip_after) = self.hole_end() else {
            return self.expected("`}` to close `%{`");
        };
        let directive = Directive { kind, range: self.since(start) };
        Ok((TemplatePart::Directive(Box::new(directive)), strip_after))
    }

    /// Passes `}` or `~}`; whether it was the latter.
    fn hole_end(&mut self) -> Option<bool> {
        let strip = self.eat_symbol("~}");
        (strip || self.eat(b'}')).then_some(strip)
    }
}
