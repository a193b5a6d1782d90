//! Evaluation of expressions, in the eyes of one instance of a module.
//!
//! Invariant: evaluation never guesses and never fails. What cannot be known becomes an unknown with its reason, in the
//! smallest part of the value that it concerns.

mod assembled;
mod collection;
mod conditional;
mod decode;
mod documents;
mod fixed;
mod functions;
mod instances;
mod kept;
mod members;
mod memo;
mod number;
mod operators;
mod reference;
mod refusal;
mod resource;
mod scope;
mod steps;
mod template;
mod trees;
mod types;
mod variable;

pub use kept::KeptTexts;
pub(super) use memo::{Asked, Memo};
pub use refusal::Refusal;
pub use resource::META_ARGUMENTS;
pub use scope::{Scope, Which};
pub(super) use trees::Trees;
pub use types::text_as_bool;

use rustc_hash::FxHashMap;
use smallvec::smallvec;
use smol_str::SmolStr;

use super::repo::{ExprRef, InstanceId, Repo};
use super::value::{Data, Entry, Map, Piece, Reason, Text, Value};
use crate::syntax::SourceFile;
use crate::syntax::hcl::{Binary, BinaryOp, Expr, ExprKind, ObjectEntry, UnaryOp};
use crate::syntax::language::Language;
use crate::text::{Span, TextRange};
use std::sync::Arc;

/// Expressions nest, and references chain; past this depth a value is unknown. Far above anything written by hand, far
/// below what a thread's stack holds.
const MAX_DEPTH: usize = 96;

/// At most this many combinations of alternatives are followed through one expression.
const MAX_ALTERNATIVES: usize = 24;

/// A collection, or the pieces of a text, with more parts than this are not followed.
const MOST_PARTS: usize = 1 << 20;

/// A text of more bytes than this is not followed: 64 MiB.
const LONGEST_TEXT: usize = 64 << 20;

impl<'s> Repo<'s> {
    /// The value of `expr` in `scope`: of what a template says, where nothing says as what it is read, one of those that it has in
    /// all that is made of it.
    pub fn eval(&self, expr: ExprRef<'s>, scope: &Scope<'s>) -> Value {
        if let Some(scopes) = scope.of_each(|dir| self.made_of(dir)) {
            return self.eval_everywhere(expr, &scopes);
        }
        let eval = || Evaluator::seen_in(self, scope).expr(expr.file, expr.expr, scope);
        match scope.plain_instance() {
            Some(instance) if !is_plain(expr.expr) => self.asked.expr(expr.expr, instance, eval),
            _ => eval(),
        }
    }

    /// Whether the `condition` certainly holds in `scope`, or certainly does not.
    pub fn holds(&self, condition: ExprRef<'s>, scope: &Scope<'s>) -> Option<bool> {
        operators::truth(&self.eval(condition, scope))
    }

    /// What the text in `value` says as `language`, remembered: many rules look into the same text. The value itself where
    /// it is no text, and not known where the text is not of the language.
    pub fn read(&self, value: &Value, language: Language) -> Value {
        match &value.data {
            Data::Text(text) => {
                let is_whole = |file: &&SourceFile| {
                    let whole = file.span(TextRange::new(0, file.text.len()));
                    [value.span, text.pieces[0].span] == [whole; 2]
                };
                // Who asks for the file gets the same.
                let decode = || match self.whole_file(value).filter(is_whole) {
                    Some(file) => decode::as_one(&self.read_file(file, language), value.span),
                    None => decode::text(value, language, value.span, &self.trees),
                };
                let read = || match &self.kept {
                    Some(kept) => kept.read(text, value.span, language, decode),
                    None => decode(),
                };
                self.asked.text(text, value.span, language, read)
            }
            Data::Encoded(_) => decode::text(value, language, value.span, &self.trees),
            Data::OneOf(options) => {
                let options = options.iter().map(|option| self.read(option, language));
                Value::one_of(options, value.span)
            }
            _ => value.clone(),
        }
    }

    /// The YAML or JSON text in `value`, read.
    pub fn decoded(&self, value: &Value) -> Value {
        self.read(value, Language::Yaml)
    }

    /// What `file` says as `language`, document by document, remembered; one that is not known where it is no such file.
    pub fn read_file(&self, file: &SourceFile, language: Language) -> Arc<[Value]> {
        let span = file.span(TextRange::new(0, file.text.len()));
        // There is nothing to understand: remembered, it would only be a second copy of the file.
        if language == Language::Text {
            return Arc::new([Value::text(Arc::clone(&file.text), span)]);
        }
        self.asked.file(file.id, language, || {
            let text = Piece { text: Ok(Arc::clone(&file.text).into()), span };
            decode::documents(&Text { pieces: smallvec![text] }, language, span, &self.trees)
        })
    }

    /// The file that the text in `value` is all of.
    fn whole_file(&self, value: &Value) -> Option<&'s SourceFile> {
        let Data::Text(text) = &value.data else { return None };
        let [piece] = text.pieces.as_slice() else { return None };
        let source = self.sources.get(piece.span.file.0 as usize)?;
        (source.id == piece.span.file && piece.text.as_deref().ok() == Some(&*source.text))
            .then_some(source)
    }

    /// The value of `expr` in `scope`, where modules are called in one of several ways: `calls` says in which.
    pub fn eval_called(&self, expr: ExprRef<'s>, scope: &Scope<'s>, calls: &Calls<'s>) -> Value {
        if calls.0.is_empty() {
            return self.eval(expr, scope);
        }
        let mut evaluator = Evaluator::new(self);
        evaluator.called = Some(Called { calls, memo: FxHashMap::default() });
        evaluator.expr(expr.file, expr.expr, scope)
    }

    /// The variable `name` in `instance`: what it is given, converted to its type; used at `span`.
    pub fn variable(&self, instance: InstanceId, name: &str, span: Span) -> Value {
        let named = memo::Named::Variable(name.into());
        Evaluator::new(self).named(instance, named, span)
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

/// The scopes in which modules are called that `count` or `for_each` repeats, by the instance that the call makes: with the
/// `each` or `count` of one element.
#[derive(Clone, Debug, Default)]
pub struct Calls<'s>(FxHashMap<InstanceId, Scope<'s>>);

impl<'s> Calls<'s> {
    /// Says that the call of `instance` is seen in `scope`.
    pub fn add(&mut self, instance: InstanceId, scope: Scope<'s>) {
        self.0.insert(instance, scope);
    }

    fn of(&self, instance: InstanceId) -> Option<&Scope<'s>> {
        self.0.get(&instance)
    }

    /// The scopes, in the order of the instances: callers first.
    fn in_order(&self) -> Vec<&Scope<'s>> {
        let mut all: Vec<_> = self.0.iter().collect();
        all.sort_unstable_by_key(|(instance, _)| **instance);
        all.into_iter().map(|(_, scope)| scope).collect()
    }
}

/// What one way of calling modules makes of named things: nothing that the repo remembers is of that way.
struct Called<'r, 's> {
    calls: &'r Calls<'s>,
    memo: FxHashMap<memo::Key, Value>,
}

/// One evaluation.
pub(super) struct Evaluator<'r, 's> {
    repo: &'r Repo<'s>,
    depth: usize,
    /// The references being followed, so that a circle is noticed.
    pending: Vec<memo::Key>,
    /// The first of them that what is being evaluated has met again: until that one is done, nothing is final.
    circle: usize,
    /// What was found on the way to one that was met again, with the position of that one: it counts until that is done.
    provisional: Vec<(memo::Key, Value, usize)>,
    /// In which way modules are called, where that is not left open.
    called: Option<Called<'r, 's>>,
    /// Whether what nobody in the repo passes may be something else than its default.
    doubts_defaults: bool,
    /// The calls that say the same of each element of a `for` that goes on, with their values once these are known.
    fixed: FxHashMap<usize, Option<Value>>,
}

impl<'r, 's> Evaluator<'r, 's> {
    fn new(repo: &'r Repo<'s>) -> Self {
        let (pending, provisional) = (Vec::new(), Vec::new());
        Self {
            repo,
            depth: 0,
            pending,
            circle: usize::MAX,
            provisional,
            called: None,
            doubts_defaults: false,
            fixed: FxHashMap::default(),
        }
    }

    /// One in the eyes of `scope`.
    fn seen_in(repo: &'r Repo<'s>, scope: &'r Scope<'s>) -> Self {
        let called = scope.calls().map(|calls| Called { calls, memo: FxHashMap::default() });
        Self { called, ..Self::new(repo) }
    }

    /// The value that `compute` gives `key`, and unknown where it takes itself; with `keep`, computed only once.
    fn once(
        &mut self,
        key: memo::Key,
        keep: bool,
        span: Span,
        compute: impl FnOnce(&mut Self, &memo::Key) -> Value,
    ) -> Value {
        if keep && let Some(value) = self.remembered(&key) {
            return seen_from(value, span);
        }
        if let Some((_, value, met)) = self.provisional.iter().find(|(known, ..)| *known == key) {
            self.circle = self.circle.min(*met);
            return seen_from(value.clone(), span);
        }
        let known = self.pending.iter().position(|pending| pending.is_same_node(&key));
        if let Some(position) = known {
            self.circle = self.circle.min(position);
            return Value::unknown("it depends on itself", span);
        }
        let position = self.pending.len();
        let outer = std::mem::replace(&mut self.circle, usize::MAX);
        self.pending.push(key.clone());
        let value = compute(self, &key);
        self.pending.pop();
        if self.circle >= position {
            self.provisional.retain(|(.., met)| *met < position);
            self.circle = outer;
            if keep {
                self.remember(key, &value);
            }
        } else {
            if keep {
                self.provisional.push((key, value.clone(), self.circle));
            }
            self.circle = self.circle.min(outer);
        }
        value
    }

    fn remembered(&self, key: &memo::Key) -> Option<Value> {
        match &self.called {
            Some(called) => called.memo.get(key).cloned(),
            None => self.repo.memo.get(key),
        }
    }

    fn remember(&mut self, key: memo::Key, value: &Value) {
        match &mut self.called {
            Some(called) => drop(called.memo.insert(key, value.clone())),
            None => self.repo.memo.put(key, value),
        }
    }
}

/// Whether it is longer than what anybody writes: a few names that each say the one before them twice come to gigabytes.
fn is_endless(value: &Value) -> bool {
    match &value.data {
        Data::Text(text) => match text.pieces.as_slice() {
            [only] => only.text.as_ref().is_ok_and(|text| text.len() > LONGEST_TEXT),
            pieces => {
                let length = |piece: &Piece| piece.text.as_ref().map_or(0, SmolStr::len);
                pieces.len() > MOST_PARTS || pieces.iter().map(length).sum::<usize>() > LONGEST_TEXT
            }
        },
        Data::List(list) => list.items.len() > MOST_PARTS,
        Data::Map(map) => map.entries.len() > MOST_PARTS,
        _ => false,
    }
}

/// What is not known is not known at the place that asks, whoever asked first.
fn seen_from(value: Value, span: Span) -> Value {
    match value.data {
        Data::Unknown(_) => Value { data: value.data, span },
        _ => value,
    }
}

impl<'s> Evaluator<'_, 's> {
    fn expr(&mut self, file: &'s SourceFile, expr: &'s Expr, scope: &Scope<'s>) -> Value {
        let span = file.span(expr.range);
        if self.depth == MAX_DEPTH {
            // Seen from further up it may well be known.
            self.circle = 0;
            return Value::unknown("the expression is nested too deeply to follow", span);
        }
        self.depth += 1;
        let mut value = self.kind(file, expr, scope, span);
        self.depth -= 1;
        if is_endless(&value) {
            value = Value::unknown("it is too long to follow", span);
        }
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
            ExprKind::Number(number) => Value { data: Data::Number(number::normal(number)), span },
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
            ExprKind::Binary(binary) => self.binary(file, binary, scope, span),
            ExprKind::Conditional(conditional) => self.conditional(file, conditional, scope, span),
            ExprKind::Call(call) => self.call_of_element(file, call, scope, span),
            ExprKind::For(comprehension) => self.comprehension(file, comprehension, scope, span),
            ExprKind::Variable(name) => scope
                .binding(name)
                .or_else(|| self.all_values(name, scope, span))
                .unwrap_or_else(|| Value::unknown(format!("`{name}` alone names no value"), span)),
            ExprKind::Traversal(traversal) => self.traversal(file, traversal, scope, span),
            ExprKind::Error => Value::unknown("what stands there cannot be read", span),
        }
    }

    fn binary(
        &mut self,
        file: &'s SourceFile,
        it: &'s Binary,
        scope: &Scope<'s>,
        span: Span,
    ) -> Value {
        let left = self.expr(file, &it.left, scope);
        let right = self.expr(file, &it.right, scope);
        if matches!(it.op, BinaryOp::Equal | BinaryOp::NotEqual)
            && types::is_simple(&left)
            && types::is_simple(&right)
            && !operators::same_type(&left, &right)
            && self.is_of_its_type(&it.left, scope)
            && self.is_of_its_type(&it.right, scope)
        {
            return Value { data: Data::Bool(it.op == BinaryOp::NotEqual), span };
        }
        operators::binary(it.op, &left, &right, span)
    }

    fn object(
        &mut self,
        file: &'s SourceFile,
        entries: &'s [ObjectEntry],
        scope: &Scope<'s>,
        span: Span,
    ) -> Value {
        let mut map = Map { entries: Vec::with_capacity(entries.len()), open: None };
        for entry in entries {
            let value = self.expr(file, &entry.value, scope);
            let key_span = file.span(entry.key.range);
            let key = match &entry.key.kind {
                ExprKind::Variable(name) => Some(name.clone()),
                ExprKind::Template(template) if let Some(text) = template.as_literal() => {
                    Some(text)
                }
                _ => {
                    let key = self.expr(file, &entry.key, scope);
                    if collection::is_no_key(&key) {
                        return Value::failure("a key of the object is no string", key_span);
                    }
                    key.as_str().map(SmolStr::from)
                }
            };
            match key {
                Some(key) => map.entries.push(Entry { key, key_span, value }),
                None => map.open = Some(Reason::new("a key of the object is not known")),
            }
        }
        Value { data: Data::Map(Arc::new(map)), span }
    }
}

/// Whether evaluating `expr` is no more work than looking its value up.
fn is_plain(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Template(template) => template.as_literal().is_some_and(|text| text.len() < 64),
        ExprKind::Null | ExprKind::Bool(_) | ExprKind::Number(_) => true,
        _ => false,
    }
}
