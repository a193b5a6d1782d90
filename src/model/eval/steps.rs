//! What follows a value: `.name`, `[index]`, `.*` and `[*]`.

use smol_str::SmolStr;

use super::collection::ordered;
use super::{Evaluator, Scope};
use crate::model::value::{Data, Lookup, Reason, Value};
use crate::syntax::SourceFile;
use crate::syntax::hcl::{ExprKind, Step, StepKind};
use crate::text::Span;

/// The expression that a reference stands in.
#[derive(Clone, Copy)]
pub(super) struct Place<'x, 's> {
    pub(super) file: &'s SourceFile,
    pub(super) scope: &'x Scope<'s>,
    pub(super) span: Span,
}

impl<'s> Evaluator<'_, 's> {
    /// `value` after the remaining steps.
    pub(super) fn follow(
        &mut self,
        value: Value,
        steps: &'s [Step],
        place: Place<'_, 's>,
    ) -> Value {
        let span = place.span;
        let mut value = value;
        for (at, step) in steps.iter().enumerate() {
            value = match &step.kind {
                StepKind::Attribute(name) => step_into(&value, name, span),
                StepKind::LegacyIndex(index) => step_into(&value, index, span),
                StepKind::Index(index) => {
                    let index = self.expr(place.file, index, place.scope);
                    index_into(&value, &index, span)
                }
                StepKind::AttributeSplat | StepKind::FullSplat => {
                    let (each, whole) = behind_splat(&steps[at..]);
                    let list = self.splat(&value, each, place);
                    return self.follow(list, whole, place);
                }
            };
        }
        value
    }

    /// A list of what `steps` lead to in each element. What is no list is a list of one, and `null` one of none.
    fn splat(&mut self, value: &Value, steps: &'s [Step], place: Place<'_, 's>) -> Value {
        let mut results = Vec::new();
        for option in value.possibilities() {
            results.push(match &option.data {
                Data::Unknown(reason) => Value::for_reason(reason.clone(), place.span),
                Data::Null => Value::list(Vec::new(), place.span),
                Data::List(list) => {
                    let (items, open) = ordered(list);
                    let items = items.into_iter().map(|item| self.follow(item, steps, place));
                    Value::open_list(items.collect(), open, place.span)
                }
                _ => Value::list(vec![self.follow(option.clone(), steps, place)], place.span),
            });
        }
        Value::one_of(results, place.span)
    }
}

/// The steps behind the splat that `steps` begin with: those that are taken in each element, and those that are taken in
/// the list of the results. Behind `.*` only names belong to the elements.
pub(super) fn behind_splat(steps: &[Step]) -> (&[Step], &[Step]) {
    match steps.split_first() {
        Some((Step { kind: StepKind::AttributeSplat, .. }, rest)) => {
            let names = rest.iter().take_while(|step| attribute_name(step).is_some()).count();
            rest.split_at(names)
        }
        Some((_, rest)) => (rest, &[]),
        None => (&[], &[]),
    }
}

pub(super) fn is_splat(step: &Step) -> bool {
    matches!(step.kind, StepKind::AttributeSplat | StepKind::FullSplat)
}

pub(super) fn attribute_name(step: &Step) -> Option<&SmolStr> {
    match &step.kind {
        StepKind::Attribute(name) => Some(name),
        _ => None,
    }
}

pub(super) fn literal_index(step: &Step) -> Option<usize> {
    match &step.kind {
        StepKind::LegacyIndex(index) => index.parse().ok(),
        StepKind::Index(expr) => match &expr.kind {
            ExprKind::Number(number) => number.parse().ok(),
            _ => None,
        },
        _ => None,
    }
}

/// `value.name`, for each thing the value may be.
fn step_into(value: &Value, name: &str, span: Span) -> Value {
    let step = |value: &Value| match (&value.data, value.get(name)) {
        (Data::List(list), _) => {
            // Where elements may be missing, nobody knows which one is at the place.
            if let Some(reason) = ordered(list).1 {
                return Value::for_reason(reason, span);
            }
            match name.parse::<usize>() {
                Ok(index) => list.items.get(index).cloned().unwrap_or_else(|| {
                    Value::failure(format!("the list has no element `{name}`"), span)
                }),
                Err(_) => Value::failure(format!("the list has no element `{name}`"), span),
            }
        }
        (Data::Null, _) => Value::failure(format!("`null` has no `{name}`"), span),
        (_, Lookup::Found(entry)) => entry.value.clone(),
        (_, Lookup::Unknown(reason)) => Value::for_reason(reason, span),
        (_, Lookup::Absent) => Value::failure(format!("there is no key `{name}`"), span),
    };
    Value::one_of(value.possibilities().iter().map(step), span)
}

fn index_into(value: &Value, index: &Value, span: Span) -> Value {
    if let Data::OneOf(options) = &index.data {
        let results = options.iter().map(|option| index_into(value, option, span));
        return Value::one_of(results, span);
    }
    if matches!(index.data, Data::Null | Data::List(_) | Data::Map(_)) {
        return Value::failure("the index is neither a string nor a number", span);
    }
    if let Some(name) = index.as_str() {
        step_into(value, &name, span)
    } else {
        let reason = index.first_unknown().unwrap_or_else(|| Reason::new("the index is not known"));
        Value::for_reason(reason, span)
    }
}
