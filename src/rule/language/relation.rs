//! Questions about the rows that were gathered from the whole repo.

use std::borrow::Cow;
use std::rc::Rc;

use smol_str::SmolStr;

use super::env::{Bound, Filled};
use super::gather::{Cell, Row, Said};
use super::matcher::{Around, Order};
use super::operand::Operand;
use super::truth::{Evidence, Truth};
use super::units::{Unit, count};
use super::wildcard::{self, Match};
use crate::model::{Data, Reason, Value};

/// There are rows that match.
#[derive(Debug)]
pub(super) struct Exists {
    /// The gather's number.
    pub(super) gather: usize,
    /// What a row must be like: all of these.
    pub(super) columns: Vec<(SmolStr, How, Operand)>,
    /// Whether capital letters and small ones are the same.
    pub(super) any_case: bool,
    /// Whether the row of the subject itself does not count.
    pub(super) other: bool,
    /// Whether only rows that come before the subject count: of several equal ones, the first is right.
    pub(super) earlier: bool,
    /// How many there must be.
    pub(super) count: (Order, f64),
}

/// How a column is compared.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum How {
    /// It is the same.
    Same,
    /// It is there and not the same.
    Differs,
    /// It is a wildcard pattern that covers the operand.
    Covers,
    /// It starts with the operand.
    StartsWith,
    /// It contains the operand.
    Contains,
}

/// What a column of the matching rows adds up to.
#[derive(Debug)]
pub(super) struct Sum {
    pub(super) rows: Exists,
    pub(super) column: SmolStr,
    pub(super) unit: Unit,
    pub(super) bound: (Order, Operand),
}

/// What is known about the rows of a question.
struct Matching<'r> {
    rows: Vec<&'r Row>,
    /// Why there may be more.
    unknown: Option<Reason>,
}

impl Exists {
    pub(super) fn ask(&self, around: &Around<'_, '_>) -> Truth {
        let matching = match self.matching(around) {
            Ok(matching) => matching,
            Err(reason) => return Truth::unknown(reason),
        };
        let (order, wanted) = self.count;
        let found = count(matching.rows.len());
        let first = matching.rows.first();
        let evidence = || Evidence {
            related: first.map(|row| (row.site, self.label(around))).into_iter().collect(),
            ..Evidence::default()
        };
        let holds = order.holds(found, wanted);
        // More rows cannot undo that there are enough, nor that there are too many.
        let is_settled = match order {
            Order::AtLeast | Order::Above => holds,
            Order::AtMost | Order::Below => !holds,
        };
        match matching.unknown {
            Some(reason) if !is_settled => Truth::unknown(reason),
            _ => Truth::of(holds, around.tell(evidence)),
        }
    }

    /// What the first row that matches says in `column`.
    pub(super) fn lookup<'s>(&self, around: &Around<'_, 's>, column: &str) -> Bound<'s> {
        let matching = match self.matching(around) {
            Ok(matching) => matching,
            Err(reason) => return Bound::Unknown(reason),
        };
        match (matching.rows.first(), matching.unknown) {
            (Some(row), _) => match row.cell(column) {
                Cell::Known(value) => {
                    let mut place = around.env.root.subject.part(value.clone(), None);
                    place.origin = Some(value.span);
                    place.expr = value.span;
                    Bound::Place(Rc::new(place))
                }
                Cell::Absent => Bound::Absent,
                Cell::Unknown(reason) => Bound::Unknown(reason),
            },
            (None, Some(reason)) => Bound::Unknown(reason),
            (None, None) => Bound::Absent,
        }
    }

    fn label(&self, around: &Around<'_, '_>) -> String {
        around.gathered.label(self.gather).to_owned()
    }

    /// The rows that match; or why what they are compared with is not known.
    fn matching<'r>(&self, around: &Around<'r, '_>) -> Result<Matching<'r>, Reason> {
        let mut wanted = Vec::with_capacity(self.columns.len());
        for (column, how, operand) in &self.columns {
            match operand.text(around.repo, around.env) {
                Filled::Text(text) => {
                    let value = Value::text(text.into_owned(), around.env.root.subject.site);
                    wanted.push((column, *how, Some(value)));
                }
                Filled::Absent => wanted.push((column, *how, None)),
                // Of a text that is known in part, a pattern may know enough.
                Filled::Unknown(reason) => match operand.value(around.env) {
                    Some(value) if matches!(value.data, Data::Text(_)) => {
                        wanted.push((column, *how, Some(value)));
                    }
                    _ => return Err(reason),
                },
            }
        }
        let rows = around.gathered.rows(self.gather);
        if let Some(reason) = rows.is_missing() {
            return Err(reason);
        }
        let exact = wanted.iter().filter_map(|(column, how, text)| match (how, text) {
            (How::Same, Some(value)) if !self.any_case => {
                value.as_str().map(|text| (*column, text))
            }
            _ => None,
        });
        // The column that tells most.
        let exact = exact.min_by_key(|(column, text)| rows.count(column, text));
        let exact = exact.as_ref().map(|(column, text)| (*column, &**text));
        let own = around.env.innermost().site;
        let subject = around.env.root.subject.site;
        let mut matching = Matching { rows: Vec::new(), unknown: rows.open.clone() };
        for row in rows.candidates(exact) {
            let is_own = row.site == own || row.site == subject;
            if (self.other || self.earlier) && is_own || self.earlier && row.site > own.min(subject)
            {
                continue;
            }
            let mut unknown = row.doubt.clone();
            let mut possible = true;
            for (column, how, text) in &wanted {
                match compare(&row.said(column), *how, text.as_ref(), self.any_case) {
                    Ok(true) => {}
                    Ok(false) => {
                        possible = false;
                        break;
                    }
                    Err(reason) => unknown = unknown.or(Some(reason)),
                }
            }
            match unknown {
                _ if !possible => {}
                None => matching.rows.push(row),
                Some(reason) => matching.unknown = matching.unknown.or(Some(reason)),
            }
        }
        Ok(matching)
    }
}

impl Sum {
    pub(super) fn ask(&self, around: &Around<'_, '_>) -> Truth {
        let matching = match self.rows.matching(around) {
            Ok(matching) => matching,
            Err(reason) => return Truth::unknown(reason),
        };
        if let Some(reason) = matching.unknown {
            return Truth::unknown(reason);
        }
        let bound = match self.bound.1.text(around.repo, around.env) {
            Filled::Text(text) => self.unit.amount(&text),
            Filled::Absent => None,
            Filled::Unknown(reason) => return Truth::unknown(reason),
        };
        let Some(bound) = bound else {
            return Truth::unknown(Reason::new("the bound cannot be read as an amount"));
        };
        let mut total = 0.0;
        for row in matching.rows {
            let amount = match row.cell(&self.column) {
                Cell::Known(value) => value.as_str().and_then(|text| self.unit.amount(&text)),
                Cell::Absent => Some(0.0),
                Cell::Unknown(reason) => return Truth::unknown(reason),
            };
            let Some(amount) = amount else {
                return Truth::unknown(Reason::new("a part cannot be read as an amount"));
            };
            total += amount;
        }
        let evidence = || {
            let value = Value::text(total.to_string(), around.env.innermost().site);
            Evidence { value: Some(value), ..Evidence::default() }
        };
        Truth::of(self.bound.0.holds(total, bound), around.tell(evidence))
    }
}

fn compare(
    said: &Said<'_>,
    how: How,
    wanted: Option<&Value>,
    any_case: bool,
) -> Result<bool, Reason> {
    let text = match said {
        Said::Unknown(reason) => return Err((*reason).clone()),
        Said::Absent => return Ok(how == How::Same && wanted.is_none()),
        Said::Other => return Ok(false),
        Said::Text(text) => text,
    };
    let Some(wanted) = wanted else { return Ok(false) };
    if how == How::Covers {
        return match wildcard::matches(text, wanted) {
            Match::Always => Ok(true),
            Match::Never => Ok(false),
            Match::Maybe(reason) => Err(reason),
        };
    }
    let wanted = match (wanted.as_str(), wanted.first_unknown()) {
        (Some(wanted), _) => wanted,
        (None, Some(reason)) => return Err(reason),
        (None, None) => return Ok(false),
    };
    let (text, wanted) = if any_case {
        (Cow::Owned(text.to_lowercase()), Cow::Owned(wanted.to_lowercase()))
    } else {
        (Cow::Borrowed(&**text), wanted)
    };
    Ok(match how {
        How::Same => text == wanted,
        How::Differs => text != wanted,
        How::StartsWith => text.starts_with(&*wanted),
        How::Contains | How::Covers => text.contains(&*wanted),
    })
}
