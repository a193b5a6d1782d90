//! Evaluation of expressions, in the eyes of one instance of a module.
//!
//! Invariant: evaluation never guesses and never fails. What cannot be known becomes an unknown with its reason, in the
//! smallest part of the value that it concerns.

mod decode;
mod functions;
mod memo;
mod operators;
mod reference;
mod scope;
mod template;

pub(super) use memo::Memo;
pub use scope::Scope;

use smol_str::SmolStr;

use super::repo::{ExprRef, Repo};
use super::value::{Data, Entry, List, Map, Reason, Value};
use crate::syntax::SourceFile;
use crate::syntax::hcl::{Conditional, Expr, ExprKind, ForExpr, ObjectEntry, UnaryOp};
use crate::text::Span;
use std::sync::Arc;

/// Expressions nest, and references chain; past this depth a value is unknown. Far above anything written by hand, far
/// below what a thread's stack holds.
const MAX_DEPTH: usize = 96;

/// At most this many combinations of alternatives are followed through one expression.
const MAX_ALTERNATIVES: usize = 24;

impl<'s> Repo<'s> {
    /// The value of `expr` in `scope`.
    pub fn eval(&self, expr: ExprRef<'s>, scope: &Scope<'s>) -> Value {
        Evaluator { repo: self, depth: 0, pending: Vec::new() }.expr(expr.file, expr.expr, scope)
    }

    /// What the YAML or JSON text in `value` encodes; the value itself where it is no text.
    pub fn decode(value: &Value) -> Value {
        match &value.data {
            Data::Text(_) | Data::Encoded(_) => decode::text(value, value.span),
            Data::OneOf(options) => {
                Value::one_of(options.iter().map(Self::decode).collect(), value.span)
            }
            _ => value.clone(),
        }
    }

    /// The value of `expr` in every instance of its module: [`Data::OneOf`] where they differ.
    pub fn eval_everywhere(&self, expr: ExprRef<'s>, scopes: &[Scope<'s>]) -> Value {
        let mut values: Vec<Value> = Vec::new();
        for value in scopes.iter().map(|scope| self.eval(expr, scope)) {
            for option in value.possibilities() {
                if !values.iter().any(|known| known.same_as(option)) {
                    values.push(option.clone());
                }
            }
        }
        Value::one_of(values, expr.span())
    }
}

/// One evaluation. `pending` holds the references being followed, so that a circle is noticed.
pub(super) struct Evaluator<'r, 's> {
    repo: &'r Repo<'s>,
    depth: usize,
    pending: Vec<memo::Key>,
}

impl<'s> Evaluator<'_, 's> {
    fn expr(&mut self, file: &'s SourceFile, expr: &'s Expr, scope: &Scope<'s>) -> Value {
        let span = file.span(expr.range);
        if self.depth == MAX_DEPTH {
            return Value::unknown("the expression is nested too deeply to follow", span);
        }
        self.depth += 1;
        let value = self.kind(file, expr, scope, span);
        self.depth -= 1;
        value
    }

    fn kind(
        &mut self,
        file: &'s SourceFile,
        expr: &'s Expr,
        scope: &Scope<'s>,
        span: Span,
    ) -> Value {
        match &expr.kind {
            ExprKind::Null => Value { data: Data::Null, span },
            ExprKind::Bool(value) => Value { data: Data::Bool(*value), span },
            ExprKind::Number(number) => Value { data: Data::Number(number.clone()), span },
            ExprKind::Template(template) => self.template(file, template, scope, span),
            ExprKind::Tuple(items) => {
                let items = items.iter().map(|item| self.expr(file, item, scope)).collect();
                Value::list(items, span)
            }
            ExprKind::Object(entries) => self.object(file, entries, scope, span),
            ExprKind::Paren(inner) => self.expr(file, inner, scope),
            ExprKind::Unary(op, operand) => {
                let operand = self.expr(file, operand, scope);
                match op {
                    UnaryOp::Not => operators::not(&operand, span),
                    UnaryOp::Negate => operators::negate(&operand, span),
                }
            }
            ExprKind::Binary(binary) => {
                let left = self.expr(file, &binary.left, scope);
                let right = self.expr(file, &binary.right, scope);
                operators::binary(binary.op, &left, &right, span)
            }
            ExprKind::Conditional(conditional) => self.conditional(file, conditional, scope, span),
            ExprKind::Call(call) => self.call(file, call, scope, span),
            ExprKind::For(comprehension) => self.comprehension(file, comprehension, scope, span),
            ExprKind::Variable(name) => scope
                .binding(name)
                .unwrap_or_else(|| Value::unknown(format!("`{name}` alone names no value"), span)),
            ExprKind::Traversal(traversal) => self.traversal(file, traversal, scope, span),
            ExprKind::Error => Value::unknown("the expression has a syntax error", span),
        }
    }

    fn object(
        &mut self,
        file: &'s SourceFile,
        entries: &'s [ObjectEntry],
        scope: &Scope<'s>,
        span: Span,
    ) -> Value {
        let mut map = Map::default();
        for entry in entries {
            let value = self.expr(file, &entry.value, scope);
            let key_span = file.span(entry.key.range);
            let key = match &entry.key.kind {
                ExprKind::Variable(name) => Some(name.clone()),
                _ => self.expr(file, &entry.key, scope).as_str().map(SmolStr::from),
            };
            match key {
                Some(key) => map.entries.push(Entry { key, key_span, value }),
                None => map.open = Some(Reason::new("a key of the object is not known")),
            }
        }
        Value { data: Data::Map(Arc::new(map)), span }
    }

    /// A condition that is known decides; otherwise both arms are possible.
    fn conditional(
        &mut self,
        file: &'s SourceFile,
        it: &'s Conditional,
        scope: &Scope<'s>,
        span: Span,
    ) -> Value {
        let condition = self.expr(file, &it.condition, scope);
        match operators::truth(&condition) {
            Some(true) => self.expr(file, &it.yes, scope),
            Some(false) => self.expr(file, &it.no, scope),
            None => {
                let yes = self.expr(file, &it.yes, scope);
                let no = self.expr(file, &it.no, scope);
                Value::one_of(vec![yes, no], span)
            }
        }
    }

    fn comprehension(
        &mut self,
        file: &'s SourceFile,
        it: &'s ForExpr,
        scope: &Scope<'s>,
        span: Span,
    ) -> Value {
        let collection = self.expr(file, &it.collection, scope);
        let (pairs, open) = match elements(&collection) {
            Ok(found) => found,
            Err(reason) => return Value { data: Data::Unknown(reason), span },
        };
        let mut open = open;
        let mut list = Vec::new();
        let mut map = Vec::new();
        for (key, key_span, element) in pairs {
            let inner = scope.with_pair(
                &it.first.name,
                it.second.as_ref().map(|second| &second.name),
                key,
                element,
            );
            if let Some(condition) = &it.condition {
                match operators::truth(&self.expr(file, condition, &inner)) {
                    Some(true) => {}
                    Some(false) => continue,
                    None => {
                        open = Some(Reason::new("the `if` of a `for` is not known"));
                        continue;
                    }
                }
            }
            let value = self.expr(file, &it.value, &inner);
            match &it.key {
                None => list.push(value),
                Some(key) => match self.expr(file, key, &inner).as_str() {
                    Some(key) => map.push(Entry { key: key.into(), key_span, value }),
                    None => open = Some(Reason::new("a key of a `for` is not known")),
                },
            }
        }
        let data = match &it.key {
            None => Data::List(Arc::new(List { items: list, open })),
            Some(_) if it.grouped => Data::Unknown(Reason::new("values are grouped by a `for`")),
            Some(_) => Data::Map(Arc::new(Map { entries: map, open })),
        };
        Value { data, span }
    }
}

/// The elements of a collection: key, the key's place, value. And why there may be more, where there may be.
type Elements = (Vec<(Value, Span, Value)>, Option<Reason>);

/// The elements of `collection`; or why not even its shape is known.
fn elements(collection: &Value) -> Result<Elements, Reason> {
    match &collection.data {
        Data::List(list) => {
            let pair = |(index, value): (usize, &Value)| {
                let key = Value { data: Data::Number(index.to_string().into()), span: value.span };
                (key, value.span, value.clone())
            };
            Ok((list.items.iter().enumerate().map(pair).collect(), list.open.clone()))
        }
        Data::Map(map) => {
            let pair = |entry: &Entry| {
                (
                    Value::text(entry.key.clone(), entry.key_span),
                    entry.key_span,
                    entry.value.clone(),
                )
            };
            Ok((map.sorted().into_iter().map(pair).collect(), map.open.clone()))
        }
        Data::Unknown(reason) => Err(reason.clone()),
        Data::OneOf(_) => Err(Reason::new("the collection depends on a condition")),
        _ => Err(Reason::new("a `for` walks something that is no collection")),
    }
}
