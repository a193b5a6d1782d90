//! A query as a tree.

use smol_str::SmolStr;

use super::super::HOLE;
use crate::syntax::yaml::Node;
use crate::text::TextRange;

/// A part of a query that has a value.
#[derive(Clone, Debug)]
pub(super) struct Expr {
    pub(super) kind: ExprKind,
    pub(super) range: TextRange,
}

#[derive(Clone, Debug)]
pub(super) enum ExprKind {
    /// A number; of a duration its seconds.
    Number(f64),
    /// A string.
    Text(SmolStr),
    /// What series or streams are asked for.
    Selector(Box<Selector>),
    /// A function or an aggregation.
    Call { name: Word, arguments: Vec<Expr>, grouping: Option<Labels> },
    /// Two sides of an operator.
    Binary { operator: Operator, matching: Matching, left: Box<Expr>, right: Box<Expr> },
    /// `-x`
    Minus(Box<Expr>),
    /// `+x`, `(x)`, `x offset 5m`
    Same(Box<Expr>),
    /// `x[1h:5m]`
    Subquery(Box<Expr>),
}

/// Labels that something goes by, or all others.
#[derive(Clone, Debug)]
pub(super) struct Labels {
    /// `by` and `on`; not `without` and `ignoring`.
    pub(super) are_meant: bool,
    pub(super) names: Vec<Word>,
    pub(super) range: TextRange,
}

/// How the two sides of an operator are matched.
#[derive(Clone, Debug, Default)]
pub(super) struct Matching {
    /// The operator.
    pub(super) at: TextRange,
    /// Where it is a comparison that gives 1 or 0 and keeps everything: `> bool`.
    pub(super) counts: Option<TextRange>,
    /// Whether what has no partner is there all the same: `fill (0)`.
    pub(super) fills: bool,
    /// `on (…)`, `ignoring (…)`
    pub(super) labels: Option<Labels>,
    /// `group_left (…)`, `group_right (…)`
    pub(super) grouped: Option<Grouped>,
}

/// Several series of one side have the same partner on the other.
#[derive(Clone, Debug)]
pub(super) struct Grouped {
    /// Whether the several are on the left.
    pub(super) is_left: bool,
    /// The labels that they get from their partner.
    pub(super) names: Vec<Word>,
    pub(super) range: TextRange,
}

/// A word of the query and where it stands.
#[derive(Clone, Debug)]
pub(super) struct Word {
    pub(super) text: SmolStr,
    pub(super) range: TextRange,
}

/// `metric{label="value"}[5m]`, and what `LogQL` makes of the lines.
#[derive(Clone, Debug, Default)]
pub(super) struct Selector {
    pub(super) name: Option<Word>,
    pub(super) matchers: Vec<Matcher>,
    /// `LogQL`'s stages, as they will be shown to rules.
    pub(super) stages: Vec<Node>,
    /// The duration in brackets.
    pub(super) window: Option<Word>,
    pub(super) range: TextRange,
}

/// `label="value"`
#[derive(Clone, Debug)]
pub(super) struct Matcher {
    pub(super) label: Word,
    pub(super) operator: Word,
    pub(super) value: Word,
    /// Whether the value is a string in quotes.
    pub(super) is_text: bool,
    pub(super) range: TextRange,
}

/// What joins two sides, by how strongly it binds: the weakest first.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Operator {
    Or,
    And,
    Unless,
    Equal,
    Unequal,
    Less,
    AtMost,
    Greater,
    AtLeast,
    TrimUpper,
    TrimLower,
    Plus,
    Minus,
    Times,
    Divide,
    Modulo,
    Atan2,
    Power,
}

/// What is known of a value before anything is measured.
#[derive(Clone, Copy, PartialEq, Debug)]
enum Amount {
    Known(f64),
    /// A number, which is filled in later.
    FilledIn,
    /// What it is depends on what is measured.
    Measured,
}

impl Selector {
    /// Whether it is nothing but a name that is filled in: that may be anything, a number first of all.
    pub(super) fn is_filled_in(&self) -> bool {
        let is_hole = self.name.as_ref().is_some_and(|name| name.text.contains(HOLE));
        is_hole && self.matchers.is_empty() && self.window.is_none()
    }
}

impl Operator {
    const WORDS: [(&str, Operator, u8); 18] = [
        ("or", Operator::Or, 1),
        ("and", Operator::And, 2),
        ("unless", Operator::Unless, 2),
        ("==", Operator::Equal, 3),
        ("!=", Operator::Unequal, 3),
        ("<", Operator::Less, 3),
        ("<=", Operator::AtMost, 3),
        (">", Operator::Greater, 3),
        (">=", Operator::AtLeast, 3),
        ("</", Operator::TrimUpper, 3),
        (">/", Operator::TrimLower, 3),
        ("+", Operator::Plus, 4),
        ("-", Operator::Minus, 4),
        ("*", Operator::Times, 5),
        ("/", Operator::Divide, 5),
        ("%", Operator::Modulo, 5),
        ("atan2", Operator::Atan2, 5),
        ("^", Operator::Power, Operator::POWER),
    ];

    /// How strongly `^` binds: more than a sign does.
    pub(super) const POWER: u8 = 6;

    /// The operator that `word` is, and how strongly it binds.
    pub(super) fn parse(word: &str) -> Option<(Operator, u8)> {
        let known = Operator::WORDS.iter().find(|(known, ..)| known.eq_ignore_ascii_case(word));
        known.map(|(_, operator, strength)| (*operator, *strength))
    }

    pub(super) fn word(self) -> &'static str {
        let known = Operator::WORDS.iter().find(|(_, operator, _)| *operator == self);
        known.map_or("", |(word, ..)| word)
    }

    /// What comes of two numbers.
    fn computed(self, left: f64, right: f64) -> Amount {
        Amount::Known(match self {
            Operator::Plus => left + right,
            Operator::Minus => left - right,
            Operator::Times => left * right,
            Operator::Divide => left / right,
            Operator::Modulo => left % right,
            Operator::Power => left.powf(right),
            _ => return Amount::Measured,
        })
    }

    /// Whether it compares; and the same comparison with its sides exchanged.
    pub(super) fn exchanged(self) -> Option<Operator> {
        Some(match self {
            Operator::Equal | Operator::Unequal => self,
            Operator::Less => Operator::Greater,
            Operator::AtMost => Operator::AtLeast,
            Operator::Greater => Operator::Less,
            Operator::AtLeast => Operator::AtMost,
            _ => return None,
        })
    }
}

impl Expr {
    /// The number it is, where it is one whatever is measured.
    pub(super) fn constant(&self) -> Option<f64> {
        match self.amount() {
            Amount::Known(number) => Some(number),
            _ => None,
        }
    }

    /// Whether it is a number that a template fills in, or is computed from one.
    pub(super) fn is_filled_in(&self) -> bool {
        self.amount() == Amount::FilledIn
    }

    fn amount(&self) -> Amount {
        match &self.kind {
            ExprKind::Number(number) => Amount::Known(*number),
            ExprKind::Selector(selector) if selector.is_filled_in() => Amount::FilledIn,
            ExprKind::Minus(inner) => match inner.amount() {
                Amount::Known(number) => Amount::Known(-number),
                other => other,
            },
            ExprKind::Same(inner) => inner.amount(),
            ExprKind::Binary { operator, left, right, .. } => {
                let left = left.amount();
                if left == Amount::Measured {
                    return left;
                }
                match (left, right.amount()) {
                    (Amount::Known(left), Amount::Known(right)) => operator.computed(left, right),
                    (_, Amount::Measured) => Amount::Measured,
                    _ if operator.exchanged().is_some() => Amount::Measured,
                    _ => Amount::FilledIn,
                }
            }
            ExprKind::Text(_)
            | ExprKind::Selector(_)
            | ExprKind::Call { .. }
            | ExprKind::Subquery(_) => Amount::Measured,
        }
    }

    /// The parts it is made of.
    pub(super) fn children(&self) -> Vec<&Expr> {
        match &self.kind {
            ExprKind::Call { arguments, .. } => arguments.iter().collect(),
            ExprKind::Binary { left, right, .. } => vec![left, right],
            ExprKind::Minus(inner) | ExprKind::Same(inner) | ExprKind::Subquery(inner) => {
                vec![inner]
            }
            ExprKind::Number(_) | ExprKind::Text(_) | ExprKind::Selector(_) => Vec::new(),
        }
    }

    /// It and everything below it, in the order of the text.
    pub(super) fn all(&self) -> Vec<&Expr> {
        let mut all = Vec::new();
        let mut waiting = vec![self];
        while let Some(expr) = waiting.pop() {
            all.push(expr);
            waiting.extend(expr.children().into_iter().rev());
        }
        all
    }
}
