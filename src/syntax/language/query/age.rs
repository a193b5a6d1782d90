//! Which comparisons are about an age, however they are turned: `time() - x > 60`, `60 < time() - x`, `x < time() - 60` and
//! `time() - 60 > x` all say that `x` is more than a minute ago.
//!
//! Invariant: what is added is added as numbers are; whatever is no sum counts as one thing that is measured.

use super::tree::{Expr, ExprKind, Operator};
use crate::text::TextRange;

/// A comparison of an age.
pub(super) struct Age<'e> {
    /// How the age is compared with the threshold.
    pub(super) operator: Operator,
    /// In seconds; none where it is filled in later.
    pub(super) threshold: Option<f64>,
    /// Where the threshold is written.
    pub(super) range: TextRange,
    /// The seconds that one of what is written there has; none where it is computed from several places.
    pub(super) unit: Option<f64>,
    /// What it is the age of.
    pub(super) of: &'e Expr,
}

/// `now * time() + factor * thing + constant`
#[derive(Default)]
struct Sum<'e> {
    now: f64,
    thing: Option<(f64, &'e Expr)>,
    constant: f64,
    /// So many times a number that is filled in later.
    filled: f64,
    /// Where its numbers are written, each with how often it counts.
    written: Vec<(TextRange, f64)>,
}

/// What `left operator right` compares, where that is an age; `expr` is all of it.
pub(super) fn compared<'e>(
    expr: &Expr,
    operator: Operator,
    left: &'e Expr,
    right: &'e Expr,
) -> Option<Age<'e>> {
    let exchanged = operator.exchanged()?;
    let (left, right) = (Sum::of(left)?, Sum::of(right)?);
    // The usual way round: what is compared is an age as it stands, and may be any.
    let is_plain = |age: &Sum<'_>, bound: &Sum<'_>| {
        age.now > 0.0 && bound.now == 0.0 && bound.thing.is_none() && age.written.is_empty()
    };
    let is_usual = is_plain(&left, &right) || is_plain(&right, &left);
    let Sum { now, thing, constant, filled, written } = left.with(right, -1.0)?;
    let (factor, of) = thing?;
    if now == 0.0 || (factor + now).abs() > now.abs() * 1e-9 {
        return None;
    }
    let threshold = -constant / now;
    // What is to be in the future is no age: how long until something ends.
    let is_past = if filled == 0.0 { threshold > 0.0 } else { -filled / now > 0.0 };
    if !is_usual && !is_past {
        return None;
    }
    let (range, unit) = match written.as_slice() {
        [(range, times)] => (*range, Some(-times / now)),
        _ => (expr.range, None),
    };
    Some(Age {
        operator: if now > 0.0 { operator } else { exchanged },
        threshold: (filled == 0.0).then_some(threshold),
        range,
        unit,
        of,
    })
}

impl<'e> Sum<'e> {
    /// What `expr` adds up to; none where several things are added to a time.
    fn of(expr: &'e Expr) -> Option<Self> {
        let written = vec![(expr.range, 1.0)];
        if let Some(constant) = expr.constant() {
            return Some(Sum { constant, written, ..Sum::default() });
        }
        if expr.is_filled_in() {
            return Some(Sum { filled: 1.0, written, ..Sum::default() });
        }
        let whole = || Some(Sum { thing: Some((1.0, expr)), ..Sum::default() });
        match &expr.kind {
            ExprKind::Same(inner) => Sum::of(inner),
            ExprKind::Minus(inner) => Some(Sum::of(inner)?.times(-1.0)),
            ExprKind::Call { name, arguments, .. } => {
                match (name.text.as_str(), arguments.as_slice()) {
                    ("time", []) => Some(Sum { now: 1.0, ..Sum::default() }),
                    // One of several ages is an age.
                    ("max" | "min" | "abs" | "round" | "floor" | "ceil", [only]) => {
                        Sum::of(only).filter(|sum| sum.now != 0.0).or_else(whole)
                    }
                    _ => whole(),
                }
            }
            ExprKind::Binary { operator, left, right, .. } => {
                let (scaled, by) = match (operator, left.constant(), right.constant()) {
                    (Operator::Plus, ..) => {
                        return Sum::of(left)?.with(Sum::of(right)?, 1.0).or_else(whole);
                    }
                    (Operator::Minus, ..) => {
                        return Sum::of(left)?.with(Sum::of(right)?, -1.0).or_else(whole);
                    }
                    (Operator::Times, _, Some(by)) => (left, by),
                    (Operator::Times, Some(by), _) => (right, by),
                    (Operator::Divide, _, Some(by)) => (left, 1.0 / by),
                    _ => return whole(),
                };
                let scaled = Sum::of(scaled)?;
                if scaled.now == 0.0 { whole() } else { Some(scaled.times(by)) }
            }
            _ => whole(),
        }
    }

    fn times(mut self, by: f64) -> Self {
        self.now *= by;
        self.constant *= by;
        self.filled *= by;
        self.thing = self.thing.map(|(factor, thing)| (factor * by, thing));
        for (_, times) in &mut self.written {
            *times *= by;
        }
        self
    }

    /// This and `by` times `other`; none where both measure something.
    fn with(self, other: Self, by: f64) -> Option<Self> {
        let other = other.times(by);
        let thing = match (self.thing, other.thing) {
            (Some(_), Some(_)) => return None,
            (one, other) => one.or(other),
        };
        let mut written = self.written;
        written.extend(other.written);
        Some(Sum {
            now: self.now + other.now,
            thing,
            constant: self.constant + other.constant,
            filled: self.filled + other.filled,
            written,
        })
    }
}
