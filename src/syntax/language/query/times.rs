//! When and how far back a query asks: durations, `offset` and `@`.

use smol_str::SmolStr;

use super::super::HOLE;
use super::parse::{Dialect, Parsed, Parser};
use super::token::{TokenKind, error, helped};
use super::tree::{Expr, ExprKind, Selector, Word};
use crate::syntax::{SyntaxError, duration};
use crate::text::TextRange;

/// What Prometheus computes a duration with, besides numbers.
const SPANS: [&str; 6] = ["step", "range", "min_of", "max_of", "min", "max"];

impl Parser {
    /// `5m]`, or of a subquery `1h:5m]`.
    pub(super) fn window(&mut self, expr: &mut Expr) -> Parsed<()> {
        let window = self.length()?;
        if self.dialect == Dialect::LogQl && *self.peek() == TokenKind::Symbol(":") {
            return Err(error("Loki has no subqueries", self.here()));
        }
        if self.eat(":") {
            self.count_operator()?;
            if *self.peek() != TokenKind::Symbol("]") {
                self.length()?;
            }
            let inner = Expr { kind: ExprKind::Number(0.0), range: expr.range };
            let inner = Box::new(std::mem::replace(expr, inner));
            expr.kind = ExprKind::Subquery(inner);
        } else {
            match self.innermost(expr) {
                Some(selector) if selector.window.is_none() => selector.window = Some(window),
                _ => {
                    return self
                        .expected("`:`, as of what is no selector only a subquery is taken");
                }
            }
        }
        self.expect("]")
    }

    /// The selector that `expr` is; for Loki it may be in parentheses.
    fn innermost<'e>(&self, expr: &'e mut Expr) -> Option<&'e mut Selector> {
        match &mut expr.kind {
            ExprKind::Selector(selector) => Some(selector),
            ExprKind::Same(inner) if self.dialect == Dialect::LogQl => self.innermost(inner),
            _ => None,
        }
    }

    /// An error where nothing, as at `range`, may say of `expr` when it is asked for.
    pub(super) fn check_movable(&self, expr: &Expr, range: TextRange) -> Parsed<()> {
        let is_movable = match expr.kind {
            ExprKind::Selector(_) | ExprKind::Subquery(_) => true,
            ExprKind::Same(_) => self.dialect == Dialect::LogQl,
            _ => false,
        };
        if is_movable {
            return Ok(());
        }
        let message = "only a selector or a subquery is asked for at another time";
        Err(helped(message, range, "put it behind the selector: `rate(x[5m] offset 1h)`"))
    }

    /// A duration, or what Prometheus computes one from: `5m * 2`, `max_of(step(), 1m)`. What comes of that is not known.
    pub(super) fn length(&mut self) -> Parsed<Word> {
        let is_end = |token: &TokenKind| matches!(token, TokenKind::Symbol("]" | ":"));
        // In its brackets Loki takes those of Prometheus, with a unit.
        let is_other = |text: &str| text != "0" && !is_in_order(text);
        match self.peek() {
            TokenKind::Amount(text) if self.dialect == Dialect::LogQl && is_other(text) => {
                return Err(no_duration(text, self.here()));
            }
            _ if is_end(self.peek_second()) || self.dialect == Dialect::LogQl => {
                return self.duration();
            }
            _ => {}
        }
        let start = self.here();
        while self.is_part_of_span() {
            self.skip();
        }
        if self.here() == start {
            return self.expected("a duration");
        }
        if !is_end(self.peek()) {
            return self.expected("`]`");
        }
        Ok(Word { text: SmolStr::new_static(HOLE), range: start.cover(self.before()) })
    }

    fn is_part_of_span(&self) -> bool {
        match self.peek() {
            TokenKind::Amount(text) => number(text, self.dialect).is_some(),
            TokenKind::Symbol(word) => "+-*/%^(),".contains(word),
            TokenKind::Name(word) => SPANS.iter().any(|it| it.eq_ignore_ascii_case(word)),
            _ => false,
        }
    }

    /// How far `offset` goes: a duration, or in parentheses or by a function what one is computed from.
    pub(super) fn shift(&mut self) -> Parsed<()> {
        let _ = self.eat("-") || self.eat("+");
        let is_computed = self.eat_name(&SPANS).is_some() || *self.peek() == TokenKind::Symbol("(");
        if !is_computed || self.dialect == Dialect::LogQl {
            return self.duration().map(drop);
        }
        self.expect("(")?;
        let mut open = 1_usize;
        while open > 0 {
            match self.peek() {
                TokenKind::Symbol("(") => open += 1,
                TokenKind::Symbol(")") => open -= 1,
                _ if self.is_part_of_span() => {}
                _ => return self.expected("a duration"),
            }
            self.skip();
        }
        Ok(())
    }

    /// `start()`, `end()` or a time.
    pub(super) fn moment(&mut self) -> Parsed<()> {
        if self.eat_name(&["start", "end"]).is_some() {
            self.expect("(")?;
            return self.expect(")");
        }
        let _ = self.eat("-") || self.eat("+");
        match self.peek() {
            TokenKind::Amount(_) => {
                self.skip();
                Ok(())
            }
            _ => self.expected("a time after `@`"),
        }
    }

    /// A duration: `5m`; a plain number is seconds.
    fn duration(&mut self) -> Parsed<Word> {
        match self.peek() {
            TokenKind::Amount(text) if number(text, self.dialect).is_some() => {
                let text = text.clone();
                let range = self.here();
                self.skip();
                Ok(Word { text, range })
            }
            TokenKind::Amount(text) if duration::seconds(text).is_some() => {
                Err(no_duration(text, self.here()))
            }
            _ => self.expected("a duration"),
        }
    }
}

fn no_duration(text: &str, range: TextRange) -> SyntaxError {
    let help = "write whole numbers with their units, the largest first: `1h30m`";
    helped(format!("`{text}` is no duration here"), range, help)
}

/// The number that `text` is: of a duration its seconds.
pub(super) fn number(text: &str, dialect: Dialect) -> Option<f64> {
    let plain = text.replace('_', "");
    if let Some(digits) = plain.strip_prefix("0x").or_else(|| plain.strip_prefix("0X")) {
        return u64::from_str_radix(digits, 16).ok().and_then(|it| format!("{it}").parse().ok());
    }
    let is_known = |_: &f64| dialect == Dialect::LogQl || is_in_order(&plain);
    plain.parse().ok().or_else(|| duration::seconds(&plain).filter(is_known))
}

/// Whether the duration `text` is one for Prometheus: in whole numbers with units, the largest first.
fn is_in_order(text: &str) -> bool {
    let mut units = ["y", "w", "d", "h", "m", "s", "ms"].iter();
    let is_digit = |letter: char| letter.is_ascii_digit();
    let mut rest = text;
    while !rest.is_empty() {
        rest = rest.trim_start_matches(is_digit);
        let (unit, behind) = rest.split_at(rest.find(is_digit).unwrap_or(rest.len()));
        if !units.any(|known| *known == unit) {
            return false;
        }
        rest = behind;
    }
    true
}
