//! Tokens into the tree of a query.
//!
//! Invariant: a tree is at most [`MOST_OPERATORS`] deep, so whoever walks it may do so recursively.

use smol_str::SmolStr;

use super::matching::is_matching;
use super::pipeline;
use super::times::number;
use super::token::{Token, TokenKind, error, helped, tokens, too_much};
use super::tree::{Expr, ExprKind, Matcher, Operator, Selector, Word};
use crate::syntax::SyntaxError;
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

/// Where the reading of a query stands.
pub(super) struct Parser {
    tokens: Vec<Token>,
    at: usize,
    pub(super) dialect: Dialect,
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

    pub(super) fn count_operator(&mut self) -> Parsed<()> {
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
        let mut moved: Vec<&str> = Vec::new();
        loop {
            let range = expr.range;
            let start = self.here();
            let is_offset = self.eat_name(&["offset"]).is_some();
            if is_offset || self.eat("@") {
                self.check_movable(&expr, start)?;
                let word = if is_offset { "offset" } else { "@" };
                if moved.contains(&word) {
                    return Err(error(format!("`{word}` stands here twice"), start));
                }
                moved.push(word);
                if is_offset { self.shift()? } else { self.moment()? }
            } else if self.eat("[") {
                self.window(&mut expr)?;
                let is_subquery = matches!(expr.kind, ExprKind::Subquery(_));
                if !is_subquery && !moved.is_empty() && self.dialect == Dialect::PromQl {
                    let message = "`offset` and `@` stand behind the brackets, not before them";
                    let help = "write `x[5m] offset 1h`";
                    return Err(helped(message, start.cover(self.before()), help));
                }
                moved.clear();
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

    fn is_selector(&self, expr: &Expr) -> bool {
        self.dialect == Dialect::PromQl && matches!(expr.kind, ExprKind::Selector(_))
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
