//! Questions about one place.

use smol_str::SmolStr;

use super::env::{Env, Filled, text_of};
use super::equality::{amounts, one_of};
use super::gather::Gathered;
use super::node::{Node, Place, entry_value_at, expression_at};
use super::operand::{Operand, PathRef, Pattern};
use super::reach::{self, Counted};
use super::truth::{Evidence, Ground, Truth};
use super::units::{Unit, count};
use super::wildcard::{self, Match};
use crate::model::{Data, ExprRef, Lookup, Reason, Repo, Value};
use crate::syntax::hcl::{Expr, ExprKind};
use crate::text::{Globs, LazyRegex};

/// What is asked of a place.
#[derive(Debug)]
pub(super) enum Matcher {
    /// Whether the caller wrote it: an input left to its default is not written.
    Written(bool),
    /// Its text is one of these.
    OneOf(Vec<Operand>),
    /// Its amount is one of these.
    Amounts(Vec<Operand>, Unit),
    /// The regex is found in its text.
    Matches(Pattern),
    /// One of these wildcard patterns covers its text.
    Like(Vec<Operand>),
    /// Its amount is on the right side of a bound.
    Compare(Comparison),
    /// It reads as an amount.
    IsA(Unit),
    /// Its text is among the values of a gathered column.
    In { gather: usize, column: SmolStr },
    /// It is written as a literal.
    Literal(bool),
    /// Its expression calls one of these functions; also in what other names stand for.
    Calls { names: Vec<SmolStr>, through: bool },
    /// Its expression refers to something whose address one of these globs covers; also through other names.
    RefersTo { globs: Globs, through: bool, counted: Counted },
    /// The list has this element, or the object this key, or the text this part.
    Contains(Vec<Operand>),
    /// Every entry of the object is in the object at the other path, with the same value.
    SubsetOf(PathRef),
    /// In the list, an element like the first comes before every element like the second.
    Ordered(Operand, Operand),
    /// The number of elements.
    Count(Order, f64),
    /// It is empty: no text, no elements.
    Empty(bool),
}

/// What an amount is held against.
#[derive(Debug)]
pub(super) struct Comparison {
    /// Which side is right.
    pub(super) order: Order,
    /// The bound.
    pub(super) bound: Operand,
    /// What both are read as.
    pub(super) unit: Unit,
    /// What is added to the amount before.
    pub(super) plus: Option<Operand>,
}

/// The side of a bound.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Order {
    AtLeast,
    AtMost,
    Above,
    Below,
}

impl Order {
    /// The word for it in rules.
    pub(super) fn word(self) -> &'static str {
        match self {
            Order::AtLeast => "at_least",
            Order::AtMost => "at_most",
            Order::Above => "above",
            Order::Below => "below",
        }
    }

    pub(super) fn holds(self, value: f64, bound: f64) -> bool {
        match self {
            Order::AtLeast => value >= bound,
            Order::AtMost => value <= bound,
            Order::Above => value > bound,
            Order::Below => value < bound,
        }
    }
}

/// What a question may look at besides the place.
pub(super) struct Around<'a, 's> {
    pub(super) repo: &'a Repo<'s>,
    pub(super) gathered: &'a Gathered,
    pub(super) env: &'a Env<'s>,
    /// Whether somebody will be told what the answer rests on, and what was probably meant.
    pub(super) is_told: bool,
}

impl<'s> Around<'_, 's> {
    /// Whether `ask` says yes of any of the texts that `operands` stand for, asked of `place`.
    pub(super) fn any(
        &self,
        place: &Place<'s>,
        operands: &[Operand],
        ask: impl Fn(&str) -> Truth,
    ) -> Truth {
        self.any_value(place, operands, |text, _| ask(text))
    }

    /// The same, where `ask` is told the value too that stands there.
    pub(super) fn any_value(
        &self,
        place: &Place<'s>,
        operands: &[Operand],
        ask: impl Fn(&str, Option<&Value>) -> Truth,
    ) -> Truth {
        let absent = || Truth::no(self.at(place));
        Truth::any(operands.iter().map(|it| it.any(self.repo, self.env, absent, &ask)))
    }

    /// What `evidence` gives, where somebody will be told.
    pub(super) fn tell(&self, evidence: impl FnOnce() -> Evidence) -> Ground {
        if self.is_told { Ground::new(evidence()) } else { Ground::default() }
    }

    /// The answer rests on `place`.
    pub(super) fn at(&self, place: &Place<'_>) -> Ground {
        self.tell(|| Evidence::at(place))
    }

    /// Something is missing below `anchor`.
    pub(super) fn missing(&self, anchor: &Place<'_>) -> Ground {
        self.tell(|| Evidence::missing(anchor))
    }
}

impl Matcher {
    /// The answer for `place`, in every world that its value may be.
    pub(super) fn ask<'s>(&self, around: &Around<'_, 's>, place: &Place<'s>) -> Truth {
        match self {
            Matcher::Written(wanted) => {
                return Truth::of(place.is_written == *wanted, around.at(place));
            }
            Matcher::Literal(wanted) => {
                let is_literal = expression_of(around.env, place).is_none_or(is_literal);
                return Truth::of(is_literal == *wanted, around.at(place));
            }
            Matcher::Calls { names, through } => {
                let called = expressions_of(around.env, place).into_iter().any(|expr| {
                    let block = around.env.root.block.filter(|_| *through);
                    reach::calls(expr, names)
                        || block.is_some_and(|block| {
                            around.env.scopes(around.repo).into_iter().any(|scope| {
                                reach::comes_from_call(around.repo, (scope, block), expr, names)
                            })
                        })
                });
                return Truth::of(called, around.at(place));
            }
            Matcher::RefersTo { globs, through, counted } => {
                let sought = (globs, *counted);
                let refers = expressions_of(around.env, place).into_iter().any(|expr| {
                    let Some(block) = around.env.root.block else { return false };
                    let written = ExprRef { file: block.file, expr };
                    around.env.scopes(around.repo).into_iter().any(|scope| {
                        if *through {
                            return reach::comes_from(around.repo, (scope, block), expr, sought);
                        }
                        reach::refers_to(around.repo, &scope, written, sought)
                    })
                });
                return Truth::of(refers, around.at(place));
            }
            _ => {}
        }
        let Node::Value(value) = &place.node else {
            return match self {
                Matcher::Empty(wanted) => Truth::of(!*wanted, around.at(place)),
                _ => Truth::unknown(super::node::is_block()),
            };
        };
        let Data::OneOf(options) = &value.data else { return self.ask_value(around, place, value) };
        let answers = options
            .iter()
            .map(|option| self.ask_value(around, &place.part(option.clone(), place.key), option));
        answers.fold(Truth::default(), Truth::or_in_another_world)
    }

    fn ask_value<'s>(&self, around: &Around<'_, 's>, place: &Place<'s>, value: &Value) -> Truth {
        let evidence = || around.at(place);
        if self.is_about_a_text() && matches!(value.data, Data::List(_)) {
            return Truth::no(evidence());
        }
        match self {
            Matcher::OneOf(operands) => one_of(around, place, value, operands),
            Matcher::Amounts(operands, unit) => amounts(around, place, value, operands, *unit),
            Matcher::Like(operands) => like(around, place, value, operands),
            Matcher::Matches(pattern) => matches(around, place, value, pattern),
            Matcher::Compare(comparison) => compared(around, place, value, comparison),
            Matcher::IsA(unit) => match text_of(value) {
                Filled::Text(text) => Truth::of(unit.amount(&text).is_some(), evidence()),
                Filled::Absent => Truth::no(evidence()),
                Filled::Unknown(reason) => Truth::unknown(reason),
            },
            Matcher::In { gather, column } => match text_of(value) {
                Filled::Text(text) => {
                    around.gathered.contains((*gather, column), &text, around.env, evidence())
                }
                Filled::Absent => Truth::no(evidence()),
                Filled::Unknown(reason) => Truth::unknown(reason),
            },
            Matcher::Contains(operands) => {
                around.any(place, operands, |text| contains(around, place, value, text))
            }
            Matcher::SubsetOf(other) => match other.first(around.repo, around.env) {
                Some(other) => subset(around, place, value, &other),
                None => Truth::no(evidence()),
            },
            Matcher::Ordered(first, then) => ordered(around, place, value, first, then),
            Matcher::Count(order, bound) => match &value.data {
                Data::List(list) if list.open.is_none() => {
                    Truth::of(order.holds(count(list.items.len()), *bound), evidence())
                }
                Data::Map(map) if map.open.is_none() => {
                    Truth::of(order.holds(count(map.sorted().len()), *bound), evidence())
                }
                // What is no collection has no elements.
                Data::Text(_) | Data::Bool(_) | Data::Number(_) | Data::Null => {
                    Truth::of(order.holds(0.0, *bound), evidence())
                }
                _ => Truth::unknown(
                    value.first_unknown().unwrap_or_else(|| Reason::new("it is no collection")),
                ),
            },
            Matcher::Empty(wanted) => match is_empty(value) {
                Ok(is_empty) => Truth::of(is_empty == *wanted, evidence()),
                Err(reason) => Truth::unknown(reason),
            },
            Matcher::Written(_)
            | Matcher::Literal(_)
            | Matcher::Calls { .. }
            | Matcher::RefersTo { .. } => Truth::default(),
        }
    }

    /// Whether it asks what a single text says: a list is none, whatever stands in it.
    fn is_about_a_text(&self) -> bool {
        match self {
            Matcher::Matches(_)
            | Matcher::Like(_)
            | Matcher::Compare(_)
            | Matcher::IsA(_)
            | Matcher::Amounts(..)
            | Matcher::In { .. } => true,
            Matcher::Written(_)
            | Matcher::OneOf(_)
            | Matcher::Literal(_)
            | Matcher::Calls { .. }
            | Matcher::RefersTo { .. }
            | Matcher::Contains(_)
            | Matcher::SubsetOf(_)
            | Matcher::Ordered(..)
            | Matcher::Count(..)
            | Matcher::Empty(_) => false,
        }
    }
}

fn like<'s>(
    around: &Around<'_, 's>,
    place: &Place<'s>,
    value: &Value,
    operands: &[Operand],
) -> Truth {
    around.any(place, operands, |pattern| match wildcard::matches(pattern, value) {
        Match::Always => Truth::yes(around.at(place)),
        Match::Never => Truth::no(around.at(place)),
        Match::Maybe(reason) => Truth::unknown(reason),
    })
}

fn matches(around: &Around<'_, '_>, place: &Place<'_>, value: &Value, pattern: &Pattern) -> Truth {
    let ask = |text: &str, ask: &dyn Fn(&LazyRegex) -> bool| pattern.with(around.env, text, ask);
    let found = match (text_of(value), &value.data) {
        (Filled::Text(text), _) => ask(&text, &|regex| regex.is_match(&text)),
        (Filled::Absent, _) => Ok(false),
        (Filled::Unknown(reason), Data::Text(text)) => {
            // What is known of the text is enough to find something in it, not to rule it out.
            let found = text.known_parts().into_iter().map(|(part, edges)| {
                ask(&part, &|regex| !part.is_empty() && regex.matches_part(&part, edges))
            });
            let found = found.reduce(|all, part| Ok(all? || part?));
            found.unwrap_or(Ok(false)).and_then(|found| found.then_some(true).ok_or(reason))
        }
        (Filled::Unknown(reason), _) => Err(reason),
    };
    found.map_or_else(Truth::unknown, |found| Truth::of(found, around.at(place)))
}

fn compared<'s>(
    around: &Around<'_, 's>,
    place: &Place<'s>,
    value: &Value,
    Comparison { order, bound, unit, plus }: &Comparison,
) -> Truth {
    let mut amounts = [0.0; 3];
    let plus = plus.as_ref().map(|plus| plus.text(around.repo, around.env));
    let sides = [Some(text_of(value)), Some(bound.text(around.repo, around.env)), plus];
    let units = [*unit, unit.of_bound(), unit.of_bound()];
    for ((amount, side), unit) in amounts.iter_mut().zip(sides).zip(units) {
        *amount = match side {
            Some(Filled::Unknown(reason)) => return Truth::unknown(reason),
            Some(Filled::Absent) => return Truth::no(around.at(place)),
            Some(Filled::Text(text)) => match unit.amount(&text) {
                Some(amount) => amount,
                None => return Truth::unknown(Reason::new("it cannot be read as an amount")),
            },
            None => 0.0,
        };
    }
    let [value, bound, more] = amounts;
    Truth::of(order.holds(value + more, bound), around.at(place))
}

fn is_empty(value: &Value) -> Result<bool, Reason> {
    Ok(match &value.data {
        Data::Null => true,
        Data::List(list) if list.open.is_none() || !list.items.is_empty() => list.items.is_empty(),
        Data::Map(map) if map.open.is_none() || !map.entries.is_empty() => map.entries.is_empty(),
        Data::Text(text) if !text.known_prefix().is_empty() => false,
        Data::Encoded(_) => false,
        _ => match text_of(value) {
            Filled::Text(text) => text.is_empty(),
            Filled::Absent => true,
            Filled::Unknown(reason) => return Err(reason),
        },
    })
}

fn contains(around: &Around<'_, '_>, place: &Place<'_>, value: &Value, wanted: &str) -> Truth {
    match &value.data {
        Data::List(list) => {
            let is_wanted = |item: &Value| item.as_str().is_some_and(|it| it == wanted);
            if let Some(at) = list.items.iter().position(is_wanted) {
                return Truth::yes(
                    around.tell(|| Evidence::at(&place.element(around.repo, value, at))),
                );
            }
            let unknown =
                list.open.clone().or_else(|| list.items.iter().find_map(Value::first_unknown));
            unknown.map_or_else(|| Truth::no(around.at(place)), Truth::unknown)
        }
        Data::Map(_) => match value.get(wanted) {
            Lookup::Found(entry) => {
                Truth::yes(around.at(&place.part(entry.value.clone(), Some(entry.key_span))))
            }
            Lookup::Absent => Truth::no(around.at(place)),
            Lookup::Unknown(reason) => Truth::unknown(reason),
        },
        Data::Text(text) => {
            // What is known of the text is enough to find something in it, not to rule it out.
            let known: String =
                text.pieces.iter().map(|piece| piece.text.as_deref().unwrap_or("\u{0}")).collect();
            match (known.contains(wanted), text.hole()) {
                (true, _) => Truth::yes(around.at(place)),
                (false, None) => Truth::no(around.at(place)),
                (false, Some(reason)) => Truth::unknown(reason),
            }
        }
        Data::Unknown(reason) => Truth::unknown(reason.clone()),
        _ => Truth::of(value.as_str().is_some_and(|text| text.contains(wanted)), around.at(place)),
    }
}

fn subset(around: &Around<'_, '_>, place: &Place<'_>, value: &Value, other: &Place<'_>) -> Truth {
    let (Data::Map(map), Some(other)) = (&value.data, other.value()) else {
        let reason = value.first_unknown();
        return Truth::unknown(reason.unwrap_or_else(|| Reason::new("it is no object")));
    };
    let answers = map.sorted().into_iter().map(|entry| match other.get(&entry.key) {
        Lookup::Found(found) => match (entry.value.as_str(), found.value.as_str()) {
            (Some(a), Some(b)) => {
                let place = place.part(entry.value.clone(), Some(entry.key_span));
                Truth::of(a == b, around.at(&place))
            }
            _ => Truth::unknown(Reason::new("one of the two is not known")),
        },
        Lookup::Absent => {
            Truth::no(around.at(&place.part(entry.value.clone(), Some(entry.key_span))))
        }
        Lookup::Unknown(reason) => Truth::unknown(reason),
    });
    let mut answers: Vec<Truth> = answers.collect();
    answers.extend(map.open.clone().map(Truth::unknown));
    Truth::all(answers)
}

fn ordered<'s>(
    around: &Around<'_, 's>,
    place: &Place<'s>,
    value: &Value,
    first: &Operand,
    then: &Operand,
) -> Truth {
    let (first, then) =
        match (first.text(around.repo, around.env), then.text(around.repo, around.env)) {
            (Filled::Text(first), Filled::Text(then)) => (first, then),
            (Filled::Unknown(reason), _) | (_, Filled::Unknown(reason)) => {
                return Truth::unknown(reason);
            }
            _ => return Truth::yes(around.at(place)),
        };
    let is = |pattern: &str, item: &Value| wildcard::matches(pattern, item) == Match::Always;
    let items = value.items();
    let last_first = items.iter().rposition(|item| is(&first, item));
    let first_then = items.iter().position(|item| is(&then, item));
    match (last_first, first_then) {
        (Some(before), Some(after)) if before > after => {
            let item = place.element(around.repo, value, before);
            let other = place.element(around.repo, value, after);
            let told = |it: &mut Evidence| {
                it.related.push((other.site, "this comes first".to_owned()));
            };
            Truth::no(around.at(&item).with(told))
        }
        _ => match value.first_unknown() {
            Some(reason) => Truth::unknown(reason),
            None => Truth::yes(around.at(place)),
        },
    }
}

/// The expression that wrote the value at `place`, or that it is part of.
pub(super) fn expression_of<'s>(env: &Env<'s>, place: &Place<'s>) -> Option<&'s Expr> {
    let block = env.root.block?;
    let body = &block.block.body;
    let range = block.file.range_of(place.expr)?;
    // Of an entry of a text, as of YAML, whose value is filled in, the key stands there, and the text is what wrote it.
    match place.key {
        Some(key) if key == place.expr => {
            entry_value_at(body, range).or_else(|| expression_at(body, range))
        }
        _ => expression_at(body, range),
    }
}

/// The same; of a block, the expressions in it.
fn expressions_of<'s>(env: &Env<'s>, place: &Place<'s>) -> Vec<&'s Expr> {
    match &place.node {
        Node::Body(node) => node.body.expressions(),
        Node::Value(_) => expression_of(env, place).into_iter().collect(),
    }
}

fn is_literal(expr: &Expr) -> bool {
    match &expr.unparenthesised().kind {
        ExprKind::Template(template) => template.as_literal().is_some(),
        ExprKind::Unary(_, inner) => is_literal(inner),
        ExprKind::Tuple(items) => items.iter().all(is_literal),
        ExprKind::Object(entries) => entries.iter().all(|entry| is_literal(&entry.value)),
        kind => matches!(kind, ExprKind::Null | ExprKind::Bool(_) | ExprKind::Number(_)),
    }
}
