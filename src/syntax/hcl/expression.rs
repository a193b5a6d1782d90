//! Expressions: operators, operands and what is taken from them.
//!
//! Invariant: an operator chain of any length is read in a loop, so that only brackets, holes and signs cost stack; and
//! those are counted by `Cursor::nested`.

use super::cursor::{Cursor, Newlines, Parsed};
use super::few::{Few, kept};
use super::unexpected::fail;
use super::{Binary, BinaryOp, Conditional, Expr, ExprKind, Step, StepKind, Traversal, UnaryOp};

impl Cursor<'_> {
    /// Any expression.
    pub(super) fn expression(&mut self) -> Parsed<Expr> {
        let mut arms = Vec::new();
        loop {
            let last = self.operation()?;
            if !self.eat(b'?') {
                return Ok(arms
                    .into_iter()
                    .rfold(last, |no, (condition, yes)| conditional(condition, yes, no)));
            }
            let yes = self.nested(self.newlines, Self::expression)?;
            if !self.eat_colon() {
                return self.expected("`:` and the value for when the condition does not hold");
            }
            arms.push((last, yes));
        }
    }

    /// Operands joined by binary operators, folded by precedence.
    fn operation(&mut self) -> Parsed<Expr> {
        let mut operand = self.operand()?;
        let mut waiting: Vec<(Expr, BinaryOp)> = Vec::new();
        while let Some((op, length)) = self.peek_operator() {
            self.pos += length;
            operand = fold(&mut waiting, operand, precedence(op));
            waiting.push((operand, op));
            operand = self.operand()?;
        }
        Ok(fold(&mut waiting, operand, 0))
    }

    fn peek_operator(&mut self) -> Option<(BinaryOp, usize)> {
        let found = match (self.peek()?, self.byte(1)) {
            (b'|', b'|') => (BinaryOp::Or, 2),
            (b'&', b'&') => (BinaryOp::And, 2),
            (b'=', b'=') => (BinaryOp::Equal, 2),
            (b'!', b'=') => (BinaryOp::NotEqual, 2),
            (b'<', b'=') => (BinaryOp::LessEqual, 2),
            (b'<', _) => (BinaryOp::Less, 1),
            (b'>', b'=') => (BinaryOp::GreaterEqual, 2),
            (b'>', _) => (BinaryOp::Greater, 1),
            (b'+', _) => (BinaryOp::Add, 1),
            (b'-', _) => (BinaryOp::Subtract, 1),
            (b'*', _) => (BinaryOp::Multiply, 1),
            // `/*` is only seen here where the comment has no end.
            (b'/', next) if next != b'*' => (BinaryOp::Divide, 1),
            (b'%', _) => (BinaryOp::Modulo, 1),
            _ => return None,
        };
        Some(found)
    }

    /// A term with its signs before it and its steps after it.
    fn operand(&mut self) -> Parsed<Expr> {
        let op = match self.peek() {
            Some(b'-') => UnaryOp::Negate,
            Some(b'!') if self.byte(1) != b'=' => UnaryOp::Not,
            _ => {
                let base = self.term()?;
                return self.steps(base);
            }
        };
        let start = self.pos;
        self.pos += 1;
        let operand = self.nested(self.newlines, Self::operand)?;
        Ok(Expr { kind: ExprKind::Unary(op, Box::new(operand)), range: self.since(start) })
    }

    fn term(&mut self) -> Parsed<Expr> {
        let start = self.pos;
        let kind = match self.peek() {
            Some(b'"') => return self.quoted(),
            Some(b'<') if self.byte(1) == b'<' => return self.heredoc(),
            Some(b'[') => return self.tuple(),
            Some(b'{') => return self.object(),
            Some(b'(') => {
                self.pos += 1;
                let inner = self.bracketed(start, Newlines::Ignored, |cursor| {
                    let inner = cursor.expression()?;
                    if cursor.eat(b')') { Ok(inner) } else { cursor.expected("`)`") }
                })?;
                ExprKind::Paren(Box::new(inner))
            }
            Some(b'0'..=b'9') => ExprKind::Number(self.number()?.into()),
            _ => return self.named(),
        };
        Ok(Expr { kind, range: self.since(start) })
    }

    /// A name, or what begins with one.
    fn named(&mut self) -> Parsed<Expr> {
        let Some(ident) = self.ident() else {
            return self.expected("a value");
        };
        let range = ident.range;
        if self.peek() == Some(b'(') || (self.byte(0) == b':' && self.byte(1) == b':') {
            return self.call(ident);
        }
        let kind = match ident.name.as_str() {
            "true" => ExprKind::Bool(true),
            "false" => ExprKind::Bool(false),
            "null" => ExprKind::Null,
            _ => ExprKind::Variable(ident.name),
        };
        Ok(Expr { kind, range })
    }

    /// `base` with the steps that follow it, if any do.
    fn steps(&mut self, base: Expr) -> Parsed<Expr> {
        let mut steps: Few<Step> = Few::new();
        // After `.*` only names and numbers may follow, until an index ends the splat.
        let mut in_attribute_splat = false;
        loop {
            let step = match self.peek() {
                Some(b'.') if !self.bytes[self.pos..].starts_with(b"...") => {
                    let step = self.dot_step(in_attribute_splat)?;
                    in_attribute_splat |= matches!(step.kind, StepKind::AttributeSplat);
                    step
                }
                Some(b'[') => {
                    in_attribute_splat = false;
                    self.bracket_step()?
                }
                _ => break,
            };
            steps.push(step);
        }
        let Some(last) = steps.last() else {
            return Ok(base);
        };
        let range = base.range.cover(last.range);
        Ok(Expr {
            kind: ExprKind::Traversal(Box::new(Traversal { base, steps: kept(steps) })),
            range,
        })
    }

    fn dot_step(&mut self, in_attribute_splat: bool) -> Parsed<Step> {
        let start = self.pos;
        self.pos += 1;
        let kind = match self.peek() {
            Some(b'0'..=b'9') => {
                let at = self.pos;
                let index = self.number()?;
                if index.contains('.') {
                    let help = format!("write `[{}]`", index.replacen('.', "][", 1));
                    return fail(
                        format!("`.{index}` takes two indices at once"),
                        help,
                        self.since(at),
                    );
                }
                StepKind::LegacyIndex(index.into())
            }
            Some(b'*') if !in_attribute_splat => {
                self.pos += 1;
                StepKind::AttributeSplat
            }
            Some(b'*') => {
                return fail("`.*` inside another `.*`", "write `[*]`", self.token_range());
            }
            _ => match self.ident() {
                Some(ident) => StepKind::Attribute(ident.name),
                None => return self.expected("a name after `.`"),
            },
        };
        Ok(Step { kind, range: self.since(start) })
    }

    fn bracket_step(&mut self) -> Parsed<Step> {
        let start = self.pos;
        self.pos += 1;
        let kind = if self.eat(b'*') {
            if !self.eat(b']') {
                return self.expected("`]` after `[*`");
            }
            StepKind::FullSplat
        } else {
            let index = self.bracketed(start, Newlines::Ignored, |cursor| {
                let index = cursor.expression()?;
                if cursor.eat(b']') { Ok(index) } else { cursor.expected("`]`") }
            })?;
            StepKind::Index(Box::new(index))
        };
        Ok(Step { kind, range: self.since(start) })
    }
}

fn precedence(op: BinaryOp) -> u8 {
    match op {
        BinaryOp::Or => 1,
        BinaryOp::And => 2,
        BinaryOp::Equal | BinaryOp::NotEqual => 3,
        BinaryOp::Less | BinaryOp::LessEqual | BinaryOp::Greater | BinaryOp::GreaterEqual => 4,
        BinaryOp::Add | BinaryOp::Subtract => 5,
        BinaryOp::Multiply | BinaryOp::Divide | BinaryOp::Modulo => 6,
    }
}

/// Joins `right` with what waits for it, as far as that binds at least as tightly as `least`.
fn fold(waiting: &mut Vec<(Expr, BinaryOp)>, mut right: Expr, least: u8) -> Expr {
    while let Some((left, op)) = waiting.pop_if(|(_, op)| precedence(*op) >= least) {
        let range = left.range.cover(right.range);
        right = Expr { kind: ExprKind::Binary(Box::new(Binary { left, op, right })), range };
    }
    right
}

fn conditional(condition: Expr, yes: Expr, no: Expr) -> Expr {
    let range = condition.range.cover(no.range);
    Expr { kind: ExprKind::Conditional(Box::new(Conditional { condition, yes, no })), range }
}
