//! Expressions that hold others in brackets: tuples, objects, `for` and calls.

use smol_str::format_smolstr;

use super::cursor::{Cursor, Newlines, Parsed};
use super::few::{Few, kept};
use super::unexpected::fail;
use super::{Call, Expr, ExprKind, ForExpr, Ident, ObjectEntry};

impl Cursor<'_> {
    /// `[…]`, which is here.
    pub(super) fn tuple(&mut self) -> Parsed<Expr> {
        let start = self.pos;
        self.pos += 1;
        let kind = self.bracketed(start, Newlines::Ignored, |cursor| {
            if cursor.eat_keyword("for") {
                return cursor.for_body(b']');
            }
            let mut elements: Few<Expr> = Few::new();
            while !cursor.eat(b']') {
                elements.push(cursor.expression()?);
                if !cursor.eat(b',') && cursor.peek() != Some(b']') {
                    return cursor.expected("`,` or `]` after a list element");
                }
            }
            Ok(ExprKind::Tuple(kept(elements)))
        })?;
        Ok(Expr { kind, range: self.since(start) })
    }

    /// `{…}`, which is here.
    pub(super) fn object(&mut self) -> Parsed<Expr> {
        let start = self.pos;
        self.pos += 1;
        let kind = self.bracketed(start, Newlines::Ignored, |cursor| {
            // `for` may stand on a later line than the brace, and its line breaks mean nothing; an object's do.
            if cursor.eat_keyword("for") {
                return cursor.for_body(b'}');
            }
            cursor.newlines = Newlines::Significant;
            cursor.object_entries().map(ExprKind::Object)
        })?;
        Ok(Expr { kind, range: self.since(start) })
    }

    fn object_entries(&mut self) -> Parsed<Vec<ObjectEntry>> {
        let mut entries: Few<ObjectEntry> = Few::new();
        loop {
            self.eat_line_breaks();
            if self.eat(b'}') {
                return Ok(kept(entries));
            }
            let key = self.expression()?;
            if !self.eat_equals() && !self.eat_colon() {
                return self.expected("`=` after an object's key");
            }
            let value = self.expression()?;
            entries.push(ObjectEntry { key, value });
            if !self.eat(b',') && !self.at_line_end() && self.peek() != Some(b'}') {
                return self.expected("`,`, a line break or `}` after an object's value");
            }
        }
    }

    /// A `for` from after the keyword to the bracket that ends it, which tells an object's from a tuple's.
    fn for_body(&mut self, close: u8) -> Parsed<ExprKind> {
        let (first, second, collection) = self.for_intro()?;
        if !self.eat_colon() {
            return self.expected("`:` after the collection of the `for`");
        }
        let mut value = self.expression()?;
        let mut key = None;
        if self.eat_symbol("=>") {
            if close == b']' {
                let help = "put it into `{ }` to build an object";
                return fail("a `for` that builds a list has no key", help, value.range);
            }
            key = Some(std::mem::replace(&mut value, self.expression()?));
        } else if close == b'}' {
            return self.expected("`=>` and the value after the key of the `for`");
        }
        self.skip_trivia();
        let grouped = close == b'}' && self.eat_symbol("...");
        let condition = if self.eat_keyword("if") { Some(self.expression()?) } else { None };
        if !self.eat(close) {
            return self.expected(if close == b']' { "`]`" } else { "`}`" });
        }
        Ok(ExprKind::For(Box::new(ForExpr {
            first,
            second,
            collection,
            key,
            value,
            grouped,
            condition,
        })))
    }

    /// `k, v in collection`, of an expression or a directive.
    pub(super) fn for_intro(&mut self) -> Parsed<(Ident, Option<Ident>, Expr)> {
        let Some(first) = self.ident() else {
            return self.expected("a name after `for`");
        };
        let mut second = None;
        if self.eat(b',') {
            second = self.ident();
            if second.is_none() {
                return self.expected("a second name after `,`");
            }
        }
        if !self.eat_keyword("in") {
            return self.expected("`in` after the names of the `for`");
        }
        Ok((first, second, self.expression()?))
    }

    /// `name(…)` or `scope::name(…)`, from after the first name.
    pub(super) fn call(&mut self, mut name: Ident) -> Parsed<Expr> {
        let start = name.range.start as usize;
        while self.eat_symbol("::") {
            let Some(part) = self.ident() else {
                return self.expected("a function's name after `::`");
            };
            name = Ident {
                name: format_smolstr!("{}::{}", name.name, part.name),
                range: name.range.cover(part.range),
            };
        }
        if !self.eat(b'(') {
            return self.expected("`(` after a function's name");
        }
        let (args, expand) = self.bracketed(self.pos - 1, Newlines::Ignored, Self::arguments)?;
        Ok(Expr {
            kind: ExprKind::Call(Box::new(Call { name, args, expand })),
            range: self.since(start),
        })
    }

    fn arguments(&mut self) -> Parsed<(Vec<Expr>, bool)> {
        let mut args: Few<Expr> = Few::new();
        while !self.eat(b')') {
            args.push(self.expression()?);
            if self.eat_symbol("...") {
                return if self.eat(b')') {
                    Ok((kept(args), true))
                } else {
                    self.expected("`)` after an argument that is expanded with `...`")
                };
            }
            if !self.eat(b',') && self.peek() != Some(b')') {
                return self.expected("`,` or `)` after an argument");
            }
        }
        Ok((kept(args), false))
    }
}
