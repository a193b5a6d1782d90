//! Questions about the rows that were gathered from the whole repo.

use std::borrow::Cow;
use std::rc::Rc;

use smallvec::SmallVec;
use smol_str::SmolStr;

use super::env::{Bound, Filled};
use super::matcher::{Around, Order};
use super::operand::Operand;
use super::rows::{Cell, Row, Said, Slot};
use super::truth::{Evidence, Truth};
use super::units::{Unit, count};
use super::wildcard::{self, Match};
use crate::model::{Data, Reason, Value, Which};
use crate::text::LazyRegex;

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
    /// It contains the operand: the list has such an element, the object such a key, the text such a part.
    Contains,
    /// The operand is a regex that matches all of it.
    MatchedBy,
    /// The operand does not have it as a word.
    MissingFrom,
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
    rows: SmallVec<[&'r Row; 4]>,
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
        let slot = around.gathered.rows(self.gather).slot(column);
        match (matching.rows.first(), matching.unknown) {
            (Some(row), _) => said(around, row, slot),
            (None, Some(reason)) => Bound::Unknown(reason),
            (None, None) => Bound::Absent,
        }
    }

    /// What each row that matches says in `column`, and why there may be more.
    pub(super) fn each<'s>(
        &self,
        around: &Around<'_, 's>,
        column: &str,
    ) -> Result<(Vec<Bound<'s>>, Option<Reason>), Reason> {
        let matching = self.matching(around)?;
        let slot = around.gathered.rows(self.gather).slot(column);
        let bounds = matching.rows.into_iter().map(|row| said(around, row, slot));
        Ok((bounds.filter(|it| !matches!(it, Bound::Absent)).collect(), matching.unknown))
    }

    fn label(&self, around: &Around<'_, '_>) -> String {
        around.gathered.label(self.gather).to_owned()
    }

    /// The rows that match; or why what they are compared with is not known.
    fn matching<'r>(&self, around: &Around<'r, '_>) -> Result<Matching<'r>, Reason> {
        let rows = around.gathered.rows(self.gather);
        let mut wanted: SmallVec<[(&SmolStr, Slot, How, Wanted<'_>); 4]> = SmallVec::new();
        for (column, how, operand) in &self.columns {
            let text = match operand.text(around.repo, around.env) {
                Filled::Text(text) if *how == How::MatchedBy => Wanted::Regex(whole(&text)?),
                Filled::Text(text) if self.any_case && *how != How::Covers => {
                    Wanted::Text(text.to_lowercase().into())
                }
                Filled::Text(text) => Wanted::Text(text),
                Filled::Absent => Wanted::Nothing,
                // Of a text that is known in part, a pattern may know enough.
                Filled::Unknown(reason) => match operand.value(around.env) {
                    Some(value) if matches!(value.data, Data::Text(_)) => {
                        Wanted::Partly(value, reason)
                    }
                    _ => return Err(reason),
                },
            };
            wanted.push((column, rows.slot(column), *how, text));
        }
        if let Some(reason) = rows.is_missing() {
            return Err(reason);
        }
        let exact = wanted.iter().filter_map(|(column, _, how, text)| match (how, text) {
            (How::Same, Wanted::Text(text)) if !self.any_case => Some((*column, &**text)),
            _ => None,
        });
        // The column that tells most.
        let exact = exact.min_by_key(|(column, text)| rows.count(column, text));
        let own = around.env.innermost().site;
        let subject = around.env.root.subject.site;
        // Only who asks for other rows has to know which is its own, and whether both are there at the same time.
        let is_relative = self.other || self.earlier;
        let Which { identity, order, ref perhaps, .. } = around.env.root.which;
        let is_same = |row: &Row| row.which.identity.zip(identity).is_none_or(|(a, b)| a == b);
        let start = (own.min(subject), order);
        let mut matching = Matching { rows: SmallVec::new(), unknown: rows.open.clone() };
        for row in rows.candidates(exact).chain(rows.beside(around.env)) {
            let is_own = (row.site == own || row.site == subject) && is_same(row);
            let is_later = self.earlier && (row.site, row.which.order) > start;
            // It may stand for several, and then there are others like it.
            let others = row.which.many.clone().filter(|_| is_relative && is_own);
            if is_later || is_relative && is_own && others.is_none() {
                continue;
            }
            let apart = || row.which.perhaps.as_ref().or(perhaps.as_ref()).cloned();
            let unknown = row.doubt.clone().or(others);
            let mut unknown = unknown.or_else(|| is_relative.then(apart).flatten());
            let mut possible = true;
            for (_, slot, how, text) in &wanted {
                match compare(&row.said(*slot), *how, text, self.any_case) {
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

/// What `row` says at `slot`: the place is where the row has it from.
fn said<'s>(around: &Around<'_, 's>, row: &Row, slot: Slot) -> Bound<'s> {
    match row.cell(slot) {
        Cell::Known(value) => {
            let mut place = around.env.root.subject.part(value.clone(), None);
            place.origin = Some(value.span);
            place.expr = value.span;
            Bound::Place(Rc::new(place))
        }
        Cell::Absent => Bound::Absent,
        Cell::Unknown(reason) => Bound::Unknown(reason),
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
            Filled::Text(text) => self.unit.of_bound().amount(&text),
            Filled::Absent => None,
            Filled::Unknown(reason) => return Truth::unknown(reason),
        };
        let Some(bound) = bound else {
            return Truth::unknown(Reason::new("the bound cannot be read as an amount"));
        };
        let mut total = 0.0;
        let slot = around.gathered.rows(self.rows.gather).slot(&self.column);
        for row in matching.rows {
            let amount = match row.cell(slot) {
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

/// What a column is compared with.
enum Wanted<'w> {
    /// This; in small letters where both are the same, unless it is held against a pattern.
    Text(Cow<'w, str>),
    /// What this matches.
    Regex(LazyRegex),
    /// Nothing.
    Nothing,
    /// A text that is known in part, and why it is not known.
    Partly(Value, Reason),
}

fn compare(said: &Said<'_>, how: How, wanted: &Wanted<'_>, any_case: bool) -> Result<bool, Reason> {
    let text = match said {
        Said::Unknown(reason) => return Err((*reason).clone()),
        Said::Absent => return Ok(how == How::Same && matches!(wanted, Wanted::Nothing)),
        Said::Other(value) => {
            return match wanted {
                Wanted::Text(wanted) if how == How::Contains => has_part(value, wanted, any_case),
                _ => Ok(false),
            };
        }
        Said::Text(text) => text,
    };
    let wanted: &str = match wanted {
        Wanted::Text(wanted) => wanted,
        Wanted::Regex(regex) if regex.can_search(text) => return Ok(regex.is_match(text)),
        Wanted::Regex(_) => return Err(Reason::new("the regex is too large")),
        Wanted::Nothing => return Ok(false),
        Wanted::Partly(value, _) if how == How::Covers => {
            return match wildcard::matches(text, value) {
                Match::Always => Ok(true),
                Match::Never => Ok(false),
                Match::Maybe(reason) => Err(reason),
            };
        }
        Wanted::Partly(_, reason) => return Err(reason.clone()),
    };
    let lower = (any_case && how != How::Covers).then(|| text.to_lowercase());
    let text = lower.as_deref().unwrap_or(text);
    Ok(match how {
        How::Same => text == wanted,
        How::Differs => text != wanted,
        How::StartsWith => text.starts_with(wanted),
        How::Contains => text.contains(wanted),
        How::Covers => wildcard::covers(text, wanted),
        How::MissingFrom => !has_word(wanted, text),
        // Its text is a regex by now.
        How::MatchedBy => false,
    })
}

/// Whether the list `value` has the element `wanted`, or the object this key.
fn has_part(value: &Value, wanted: &str, any_case: bool) -> Result<bool, Reason> {
    let is_wanted = |part: &str| part == wanted || any_case && part.to_lowercase() == wanted;
    let (found, open) = match &value.data {
        Data::List(list) => {
            let is_there = |item: &Value| item.as_str().is_some_and(|text| is_wanted(&text));
            let unknown = list.items.iter().find_map(Value::first_unknown);
            (list.items.iter().any(is_there), list.open.clone().or(unknown))
        }
        Data::Map(map) => (map.entries.iter().any(|entry| is_wanted(&entry.key)), map.open.clone()),
        _ => (false, None),
    };
    match open {
        Some(reason) if !found => Err(reason),
        _ => Ok(found),
    }
}

/// Whether `word` stands in `text` with no letter, digit, `_` or `-` beside it.
fn has_word(text: &str, word: &str) -> bool {
    let is_inside = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
    text.match_indices(word).any(|(at, _)| {
        !text[..at].ends_with(is_inside) && !text[at + word.len()..].starts_with(is_inside)
    })
}

/// The regex `text`, that matches what it matches as a whole: as labels are matched everywhere.
fn whole(text: &str) -> Result<LazyRegex, Reason> {
    LazyRegex::parse(&format!("^(?:{text})$"))
        .map_err(|wrong| Reason::new(format!("`{text}` is no regex: {wrong}")))
}
