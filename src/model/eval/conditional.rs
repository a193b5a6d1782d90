//! `condition ? yes : no`.

use std::sync::Arc;

use super::{Evaluator, Scope, operators, types};
use crate::model::value::{Data, List, Map, Value};
use crate::syntax::SourceFile;
use crate::syntax::hcl::{BinaryOp, Conditional, Expr, ExprKind};
use crate::text::Span;

/// At most this many values come of one conditional.
const MAX_OPTIONS: usize = 256;

impl<'s> Evaluator<'_, 's> {
    /// A condition that is known decides; otherwise both arms are possible.
    pub(super) fn conditional(
        &mut self,
        file: &'s SourceFile,
        it: &'s Conditional,
        scope: &Scope<'s>,
        span: Span,
    ) -> Value {
        let condition = self.expr(file, &it.condition, scope);
        match operators::truth(&condition) {
            Some(true) => self.chosen(file, (&it.yes, &it.no), scope),
            Some(false) => self.chosen(file, (&it.no, &it.yes), scope),
            None if operators::is_no_truth(&condition) => {
                Value::failure("the condition is neither true nor false", span)
            }
            None => {
                let yes = self.expr(file, &it.yes, scope);
                let no = self.expr(file, &it.no, scope);
                match given_arm(&it.condition) {
                    Some(true) if matches!(yes.data, Data::Unknown(_)) => yes.perhaps(),
                    Some(false) if matches!(no.data, Data::Unknown(_)) => no.perhaps(),
                    _ => {
                        let (one, other) = (as_beside(&yes, &no), as_beside(&no, &yes));
                        either(one.unwrap_or(yes), &other.unwrap_or(no), span)
                    }
                }
            }
        }
    }

    /// The first of two results, which is the one that holds, as it is beside the other one: both are of one type.
    fn chosen(
        &mut self,
        file: &'s SourceFile,
        (holds, other): (&'s Expr, &'s Expr),
        scope: &Scope<'s>,
    ) -> Value {
        let value = self.expr(file, holds, scope);
        if !may_become_text(&value) {
            return value;
        }
        let other = self.expr(file, other, scope);
        as_beside(&value, &other).unwrap_or(value)
    }
}

fn may_become_text(value: &Value) -> bool {
    let is_one = |value: &Value| matches!(value.data, Data::Number(_) | Data::Bool(_));
    match &value.data {
        Data::List(list) => list.items.iter().any(is_one),
        Data::Map(map) => map.entries.iter().any(|entry| is_one(&entry.value)),
        _ => is_one(value),
    }
}

/// `value` as it is where `other` may be instead, if it is another one then: numbers and bools become strings where there are strings.
fn as_beside(value: &Value, other: &Value) -> Option<Value> {
    if !may_become_text(value) {
        return None;
    }
    let data = match (&value.data, &other.data) {
        (Data::List(list), Data::List(others)) => {
            let is_each = list.items.len() == others.items.len();
            let items = together(&list.items, &others.items, is_each);
            Data::List(Arc::new(List { items, ..(**list).clone() }))
        }
        (Data::Map(map), Data::Map(others)) => {
            let (own, beside) = (map.sorted(), others.sorted());
            let is_each = own.iter().map(|it| &it.key).eq(beside.iter().map(|it| &it.key));
            let values = |all: &[&crate::model::Entry]| -> Vec<Value> {
                all.iter().map(|it| it.value.clone()).collect()
            };
            let items = together(&values(&own), &values(&beside), is_each);
            let mut entries: Vec<_> = own.into_iter().cloned().collect();
            for (entry, item) in entries.iter_mut().zip(items) {
                entry.value = item;
            }
            Data::Map(Arc::new(Map { entries, open: map.open.clone() }))
        }
        (_, Data::Text(_)) => return types::to_string(value),
        _ => return None,
    };
    Some(Value { data, span: value.span })
}

/// `items` as they are with `others` in one list or map; `is_each` where each of them is of one type with its own of the others.
fn together(items: &[Value], others: &[Value], is_each: bool) -> Vec<Value> {
    if is_each {
        let pairs = items.iter().zip(others);
        return pairs.map(|(a, b)| as_beside(a, b).unwrap_or_else(|| a.clone())).collect();
    }
    let mut all = types::unified(items.iter().chain(others).cloned().collect());
    all.truncate(items.len());
    all
}

/// In `x != null ? x : y`, whether the arm for an `x` that is given is the first one. What somebody gives and is not known
/// is hardly ever null, so the other arm is what holds where nothing is given.
fn given_arm(condition: &Expr) -> Option<bool> {
    let ExprKind::Binary(binary) = &condition.unparenthesised().kind else { return None };
    let is_null = |side: &Expr| matches!(side.unparenthesised().kind, ExprKind::Null);
    if !is_null(&binary.left) && !is_null(&binary.right) {
        return None;
    }
    match binary.op {
        BinaryOp::NotEqual => Some(true),
        BinaryOp::Equal => Some(false),
        _ => None,
    }
}

/// One of two values: what both may be counts once, because conditions on conditions would double it every time.
fn either(one: Value, other: &Value, span: Span) -> Value {
    let new = |option: &&Value| !one.possibilities().iter().any(|known| known.same_as(option));
    let new: Vec<Value> = other.possibilities().iter().filter(new).cloned().collect();
    if one.possibilities().len() + new.len() > MAX_OPTIONS {
        return Value::unknown("it has too many possible values", span);
    }
    Value::one_of(std::iter::once(one).chain(new), span)
}
