//! Tokens into the tree of a query.
//!
//! Invariant: a tree is at most [`MOST_OPERATORS`] deep, so whoever walks it may do so recursively.

use smol_str::SmolStr;

use super::super::HOLE;
use super::matching::is_matching;
use super::pipeline;
use super::token::{Token, TokenKind, error, helped, tokens, too_much};
use super::tree::{Expr, ExprKind, Matcher, Operator, Selector, Word};
use crate::syntax::SyntaxError;
use crate::syntax::duration;
use crate::syntax::yaml::MAX_DEPTH;
use crate::text::TextRange;

/// At most so many operators and subqueries in one query: what chains them is as deep as there are of them.
const MOST_OPERATORS: usize = 1_000;

/// The result of reading some part of a query.
pub(super) type Parsed<T> = Result<T, SyntaxError>;

/// Whose query it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Dialect {
    /// Prometheus: series by name and labels.
    PromQl,
    /// Loki: streams by labels, and stages that their lines go through.
    LogQl,
}

/// What Prometheus computes a duration with, besides numbers.
const SPANS: [&str; 6] = ["step", "range", "min_of", "max_of", "min", "max"];

/// Where the reading of a query stands.
pub(super) struct Parser {
    tokens: Vec<Token>,
    at: usize,
    dialect: Dialect,
    depth: usize,
    operators: usize,
}

/// The tree of the query `text`.
pub(super) fn parse(text: &str, dialect: Dialect) -> Parsed<Expr> {
    let mut parser = Parser::new(text, dialect)?;
    let expr = parser.expression()?;
    parser.end()?;
    Ok(expr)
}

impl Parser {
    pub(super) fn new(text: &str, dialect: Dialect) -> Parsed<Self> {
        Ok(Self { tokens: tokens(text)?, at: 0, dialect, depth: 0, operators: 0 })
    }

    /// Whether everything was read.
    pub(super) fn end(&self) -> Parsed<()> {
        if *self.peek() == TokenKind::End { Ok(()) } else { self.expected("the end of the query") }
    }

    fn expression(&mut self) -> Parsed<Expr> {
        self.nested(|it| it.binary(0))
    }

    /// A chain of operators that bind at least as strongly as `least`.
    fn binary(&mut self, least: u8) -> Parsed<Expr> {
        let mut left = self.signed()?;
        while let Some((operator, strength)) = self.operator().filter(|(_, it)| *it >= least) {
            self.count_operator()?;
            let at = self.here();
            self.at += 1;
            let matching = self.matching(at)?;
            // Only `^` groups to the right.
            let next = if operator == Operator::Power { strength } else { strength + 1 };
            let right = self.nested(|it| it.binary(next))?;
            let range = left.range.cover(right.range);
            let (left_side, right) = (Box::new(left), Box::new(right));
            let kind = ExprKind::Binary { operator, matching, left: left_side, right };
            left = Expr { kind, range };
        }
        Ok(left)
    }

    fn count_operator(&mut self) -> Parsed<()> {
        self.operators += 1;
        if self.operators > MOST_OPERATORS {
            let what = format!("more than {MOST_OPERATORS} operators and subqueries");
            return Err(too_much(&what, self.here()));
        }
        Ok(())
    }

    fn operator(&self) -> Option<(Operator, u8)> {
        match self.peek() {
            TokenKind::Symbol(word) => Operator::parse(word),
            TokenKind::Name(word) => Operator::parse(word),
            _ => None,
        }
    }

    fn signed(&mut self) -> Parsed<Expr> {
        let start = self.here();
        let is_minus = *self.peek() == TokenKind::Symbol("-");
        if !is_minus && *self.peek() != TokenKind::Symbol("+") {
            return self.postfixed();
        }
        self.at += 1;
        let inner = Box::new(self.nested(|it| it.binary(Operator::POWER))?);
        let range = start.cover(inner.range);
        let kind = if is_minus { ExprKind::Minus(inner) } else { ExprKind::Same(inner) };
        Ok(Expr { kind, range })
    }

    fn nested(&mut self, read: impl FnOnce(&mut Self) -> Parsed<Expr>) -> Parsed<Expr> {
        if self.depth == MAX_DEPTH {
            return Err(too_much(&format!("more than {MAX_DEPTH} levels"), self.here()));
        }
        self.depth += 1;
        let expr = read(self);
        self.depth -= 1;
        expr
    }

    /// A single operand, and the times that may stand behind it.
    fn postfixed(&mut self) -> Parsed<Expr> {
        let mut expr = self.operand()?;
        // `offset` and `@` stand behind the brackets, each once.
        let (mut moved, mut fixed) = (false, false);
        loop {
            let range = expr.range;
            let start = self.here();
            if self.eat("[") {
                self.window(&mut expr)?;
                let is_late = !matches!(expr.kind, ExprKind::Subquery(_)) && (moved || fixed);
                if is_late && self.dialect == Dialect::PromQl {
                    let message = "the brackets stand behind what moves them";
                    let help = "write `x[5m] offset 1h`, and not `x offset 1h [5m]`";
                    return Err(helped(message, start.cover(self.before()), help));
                }
                (moved, fixed) = (false, false);
            } else if self.eat_name(&["offset"]).is_some() {
                self.is_movable(&expr, start, moved)?;
                moved = true;
                let _ = self.eat("-") || self.eat("+");
                self.shift()?;
            } else if self.eat("@") {
                self.is_movable(&expr, start, fixed)?;
                fixed = true;
                self.moment()?;
            } else if self.is_selector(&expr) && self.eat_name(&["anchored", "smoothed"]).is_some()
            {
                // What Prometheus is told to do with values at the edges.
            } else {
                return Ok(expr);
            }
            expr.range = range.cover(self.before());
            if let ExprKind::Selector(selector) = &mut expr.kind {
                selector.range = expr.range;
            }
        }
    }

    /// `5m]`, or of a subquery `1h:5m]`.
    fn window(&mut self, expr: &mut Expr) -> Parsed<()> {
        let window = self.length()?;
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

    fn is_selector(&self, expr: &Expr) -> bool {
        self.dialect == Dialect::PromQl && matches!(expr.kind, ExprKind::Selector(_))
    }

    /// Whether what stands at `range` may say of `expr` when it is asked for.
    fn is_movable(&self, expr: &Expr, range: TextRange, was_moved: bool) -> Parsed<()> {
        if was_moved {
            return Err(error("it is said twice when this is asked for", range));
        }
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
    fn length(&mut self) -> Parsed<Word> {
        let is_end = |token: &TokenKind| matches!(token, TokenKind::Symbol("]" | ":"));
        if is_end(self.peek_second()) || self.dialect == Dialect::LogQl {
            return self.duration();
        }
        let start = self.here();
        while !is_end(self.peek()) {
            if !self.is_part_of_span() {
                break;
            }
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
    fn shift(&mut self) -> Parsed<()> {
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
    fn moment(&mut self) -> Parsed<()> {
        if self.eat_name(&["start", "end"]).is_some() {
            self.expect("(")?;
            return self.expect(")");
        }
        let _ = self.eat("-") || self.eat("+");
        match self.peek() {
            TokenKind::Amount(_) => {
                self.at += 1;
                Ok(())
            }
            _ => self.expected("a time after `@`"),
        }
    }

    /// A duration: `5m`; a plain number is seconds.
    pub(super) fn duration(&mut self) -> Parsed<Word> {
        match self.peek() {
            TokenKind::Amount(text) if number(text, self.dialect).is_some() => {
                let text = text.clone();
                let range = self.here();
                self.at += 1;
                Ok(Word { text, range })
            }
            TokenKind::Amount(text) if duration::seconds(text).is_some() => {
                let message = format!("`{text}` is no duration for Prometheus");
                let help = "write whole numbers with their units, the largest first: `1h30m`";
                Err(helped(message, self.here(), help))
            }
            _ => self.expected("a duration"),
        }
    }

    fn operand(&mut self) -> Parsed<Expr> {
        let range = self.here();
        let kind = match self.peek().clone() {
            TokenKind::Symbol("(") => {
                self.at += 1;
                let inner = Box::new(self.expression()?);
                self.expect(")")?;
                return Ok(Expr { kind: ExprKind::Same(inner), range: range.cover(self.before()) });
            }
            TokenKind::Symbol("{") => return self.selector(None),
            TokenKind::Amount(text) => match number(&text, self.dialect) {
                Some(number) => ExprKind::Number(number),
                None => return self.expected("a number"),
            },
            TokenKind::Text(text) => ExprKind::Text(text),
            TokenKind::Name(name) => return self.named(Word { text: name, range }),
            _ => return self.expected("a metric, a number or `(`"),
        };
        self.at += 1;
        Ok(Expr { kind, range })
    }

    /// What begins with a name: a call, a number in words, or a metric.
    fn named(&mut self, name: Word) -> Parsed<Expr> {
        if is_matching(&name.text) {
            return self.expected("a selector, a function or a number");
        }
        let next = &self.tokens[self.at + 1].kind;
        let is_grouped = matches!(next, TokenKind::Name(word) if is_grouping(word));
        if *next == TokenKind::Symbol("(") || is_grouped {
            self.at += 1;
            return self.call(name);
        }
        let number = match name.text.to_ascii_lowercase().as_str() {
            _ if *next == TokenKind::Symbol("{") => None,
            "inf" => Some(f64::INFINITY),
            "nan" => Some(f64::NAN),
            _ => None,
        };
        if let Some(number) = number {
            self.at += 1;
            return Ok(Expr { kind: ExprKind::Number(number), range: name.range });
        }
        let is_keyword = Operator::parse(&name.text).is_some();
        if self.dialect == Dialect::LogQl || is_keyword && *next != TokenKind::Symbol("{") {
            return self.expected("a selector, a function or a number");
        }
        self.at += 1;
        self.selector(Some(name))
    }

    fn call(&mut self, name: Word) -> Parsed<Expr> {
        let start = name.range;
        let before = self.grouping()?;
        self.expect("(")?;
        let mut arguments = Vec::new();
        let mut goes_on = *self.peek() != TokenKind::Symbol(")");
        while goes_on {
            arguments.push(self.expression()?);
            goes_on = self.eat(",");
            if !goes_on && *self.peek() != TokenKind::Symbol(")") {
                return self.expected("`,` or `)`");
            }
        }
        self.skip();
        let grouping = if before.is_some() { before } else { self.grouping()? };
        let kind = ExprKind::Call { name, arguments, grouping };
        Ok(Expr { kind, range: start.cover(self.before()) })
    }

    fn selector(&mut self, name: Option<Word>) -> Parsed<Expr> {
        let start = name.as_ref().map_or(self.here(), |name| name.range);
        let mut selector = Selector { name, ..Selector::default() };
        if self.eat("{") {
            while !self.eat("}") {
                // A metric in quotes: its name may hold any letters.
                if let (TokenKind::Text(text), None) = (self.peek().clone(), &selector.name)
                    && !is_comparison(&self.tokens[self.at + 1].kind)
                {
                    selector.name = Some(Word { text, range: self.here() });
                    self.at += 1;
                } else {
                    selector.matchers.push(self.matcher()?);
                }
                let goes_on = self.eat(",") || self.eat_name(&["or"]).is_some();
                if !goes_on && *self.peek() != TokenKind::Symbol("}") {
                    return self.expected("`,` or `}`");
                }
            }
        }
        if self.dialect == Dialect::LogQl {
            pipeline::stages(self, &mut selector)?;
        }
        selector.range = start.cover(self.before());
        Ok(Expr { range: selector.range, kind: ExprKind::Selector(Box::new(selector)) })
    }

    /// `label="value"`
    pub(super) fn matcher(&mut self) -> Parsed<Matcher> {
        let label = match self.peek() {
            TokenKind::Name(text) | TokenKind::Text(text) => {
                Word { text: text.clone(), range: self.here() }
            }
            _ => return self.expected("a label"),
        };
        self.at += 1;
        let operator = match self.peek() {
            TokenKind::Symbol(word @ ("=" | "!=" | "=~" | "!~")) => {
                Word { text: SmolStr::new_static(word), range: self.here() }
            }
            _ => return self.expected("`=`, `!=`, `=~` or `!~`"),
        };
        self.at += 1;
        let value = self.text()?;
        let range = label.range.cover(value.range);
        Ok(Matcher { label, operator, value, is_text: true, range })
    }

    /// A string in quotes.
    pub(super) fn text(&mut self) -> Parsed<Word> {
        match self.peek() {
            TokenKind::Text(text) => {
                let word = Word { text: text.clone(), range: self.here() };
                self.at += 1;
                Ok(word)
            }
            _ => self.expected("a text in quotes"),
        }
    }

    /// The selector that `expr` is; for Loki it may be in parentheses.
    fn innermost<'e>(&self, expr: &'e mut Expr) -> Option<&'e mut Selector> {
        match &mut expr.kind {
            ExprKind::Selector(selector) => Some(selector),
            ExprKind::Same(inner) if self.dialect == Dialect::LogQl => self.innermost(inner),
            _ => None,
        }
    }

    /// A name.
    pub(super) fn name(&mut self, what: &str) -> Parsed<Word> {
        match self.peek() {
            TokenKind::Name(text) => {
                let word = Word { text: text.clone(), range: self.here() };
                self.at += 1;
                Ok(word)
            }
            _ => self.expected(what),
        }
    }

    /// What comes next.
    pub(super) fn peek(&self) -> &TokenKind {
        &self.tokens[self.at].kind
    }

    /// What comes after that.
    pub(super) fn peek_second(&self) -> &TokenKind {
        self.tokens.get(self.at + 1).map_or(&TokenKind::End, |token| &token.kind)
    }

    /// Where it stands.
    pub(super) fn here(&self) -> TextRange {
        self.tokens[self.at].range
    }

    /// What was read last, with its quotes.
    pub(super) fn before(&self) -> TextRange {
        let Some(at) = self.at.checked_sub(1) else { return TextRange::empty(0) };
        let Token { kind, range } = &self.tokens[at];
        match kind {
            TokenKind::Text(_) => TextRange { start: range.start - 1, end: range.end + 1 },
            _ => *range,
        }
    }

    /// Passes the token that comes next.
    pub(super) fn skip(&mut self) {
        // The last one is the end, which nobody passes.
        self.at = (self.at + 1).min(self.tokens.len() - 1);
    }

    /// Passes `symbol` where it comes next.
    pub(super) fn eat(&mut self, symbol: &str) -> bool {
        let found = matches!(self.peek(), TokenKind::Symbol(found) if *found == symbol);
        self.at += usize::from(found);
        found
    }

    /// Passes the one of `names` that comes next.
    pub(super) fn eat_name(&mut self, names: &[&str]) -> Option<SmolStr> {
        let TokenKind::Name(name) = self.peek() else { return None };
        let known = names.iter().find(|known| known.eq_ignore_ascii_case(name))?;
        self.at += 1;
        Some(SmolStr::new(known))
    }

    pub(super) fn expect(&mut self, symbol: &str) -> Parsed<()> {
        if self.eat(symbol) { Ok(()) } else { self.expected(&format!("`{symbol}`")) }
    }

    pub(super) fn expected<T>(&self, what: &str) -> Parsed<T> {
        Err(error(format!("expected {what}"), self.here()))
    }
}

fn is_grouping(word: &str) -> bool {
    word.eq_ignore_ascii_case("by") || word.eq_ignore_ascii_case("without")
}

fn is_comparison(token: &TokenKind) -> bool {
    matches!(token, TokenKind::Symbol("=" | "!=" | "=~" | "!~"))
}

/// The number that `text` is: of a duration its seconds.
fn number(text: &str, dialect: Dialect) -> Option<f64> {
    let plain = text.replace('_', "");
    if let Some(digits) = plain.strip_prefix("0x").or_else(|| plain.strip_prefix("0X")) {
        return u64::from_str_radix(digits, 16).ok().and_then(|it| format!("{it}").parse().ok());
    }
    let is_known = |_: &f64| dialect == Dialect::LogQl || is_in_order(&plain);
    plain.parse().ok().or_else(|| duration::seconds(&plain).filter(is_known))
}

/// Whether the duration `text` is one for Prometheus: in whole numbers, the largest unit first.
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
