//! In whose eyes an expression is evaluated.

use std::sync::Arc;

use smol_str::SmolStr;

use super::{Evaluator, MAX_ALTERNATIVES, elements};
use crate::model::repo::{BlockRef, ExprRef, InstanceId, Repo};
use crate::model::value::{Data, Entry, Value};
use crate::syntax::SourceFile;
use crate::text::Span;

/// Where names lead.
#[derive(Clone, Debug)]
pub(in crate::model) enum Names<'s> {
    /// To the blocks of a module, along one path of calls.
    Module(InstanceId),
    /// To the locals of a Terragrunt file, run in a directory.
    Unit(&'s SourceFile, Arc<str>),
}

/// A place to evaluate in: an instance, and the names bound around the expression (`each`, `count`, a `for`'s names).
#[derive(Clone, Debug)]
pub struct Scope<'s> {
    pub(in crate::model) names: Names<'s>,
    bindings: Vec<(SmolStr, Value)>,
}

impl<'s> Scope<'s> {
    /// The instance `id`, outside any block.
    pub fn instance(id: InstanceId) -> Self {
        Self { names: Names::Module(id), bindings: Vec::new() }
    }

    /// The Terragrunt file `file`, run in the directory `dir`.
    pub fn unit(file: &'s SourceFile, dir: Arc<str>) -> Self {
        Self { names: Names::Unit(file, dir), bindings: Vec::new() }
    }

    /// The module instance, if the scope is one's.
    pub fn instance_id(&self) -> Option<InstanceId> {
        match self.names {
            Names::Module(id) => Some(id),
            Names::Unit(..) => None,
        }
    }

    /// The same scope with `name` bound to `value`.
    #[must_use]
    pub fn with(&self, name: &str, value: Value) -> Self {
        let mut inner = self.clone();
        inner.bindings.push((name.into(), value));
        inner
    }

    /// The same scope with an object of `key` and `value` bound to `name`: `each`, or a dynamic block's iterator.
    #[must_use]
    pub fn with_iterator(&self, name: &str, key: Value, value: Value) -> Self {
        let span = value.span;
        let entry =
            |name: &str, value: Value| Entry { key: name.into(), key_span: value.span, value };
        self.with(name, Value::map(vec![entry("key", key), entry("value", value)], span))
    }

    pub(super) fn with_pair(
        &self,
        first: &str,
        second: Option<&SmolStr>,
        key: Value,
        element: Value,
    ) -> Self {
        match second {
            None => self.with(first, element),
            Some(second) => self.with(first, key).with(second, element),
        }
    }

    /// The innermost value bound to `name`.
    pub(super) fn binding(&self, name: &str) -> Option<Value> {
        self.bindings.iter().rev().find(|(bound, _)| bound == name).map(|(_, value)| value.clone())
    }
}

impl<'s> Repo<'s> {
    /// The scope inside a block of one instance: with `each` or `count` bound.
    pub fn block_scope(&self, block: &BlockRef<'s>, instance: InstanceId) -> Scope<'s> {
        let mut evaluator = Evaluator { repo: self, depth: 0, pending: Vec::new() };
        evaluator.block_scope(&Scope::instance(instance), block.file, &block.block.body)
    }

    /// The scopes inside a block: one for each instance of its module, and in each of these one for each element of its
    /// own `for_each`, so that what the elements say together is judged together.
    pub fn scopes(&self, block: &BlockRef<'s>) -> Vec<Scope<'s>> {
        let instances = &self.module(block.module).instances;
        instances.iter().flat_map(|&instance| self.element_scopes(block, instance)).collect()
    }

    fn element_scopes(&self, block: &BlockRef<'s>, instance: InstanceId) -> Vec<Scope<'s>> {
        let whole = || vec![self.block_scope(block, instance)];
        let Some(for_each) = block.block.body.attribute("for_each") else { return whole() };
        let scope = Scope::instance(instance);
        let collection = self.eval(ExprRef { file: block.file, expr: &for_each.value }, &scope);
        match elements(&collection) {
            Ok((pairs, None)) if (2..=MAX_ALTERNATIVES).contains(&pairs.len()) => {
                let is_set = matches!(collection.data, Data::List(_));
                let element = |(key, _, value): (Value, Span, Value)| {
                    let key = if is_set { value.clone() } else { key };
                    scope.with_iterator("each", key, value)
                };
                pairs.into_iter().map(element).collect()
            }
            _ => whole(),
        }
    }

    /// `scope` inside a `dynamic` block that repeats over `for_each` and calls its element `iterator`.
    pub fn dynamic_scope(
        &self,
        scope: &Scope<'s>,
        iterator: &str,
        for_each: ExprRef<'s>,
    ) -> Scope<'s> {
        let mut evaluator = Evaluator { repo: self, depth: 0, pending: Vec::new() };
        evaluator.iterator_scope(scope, iterator, for_each.file, for_each.expr)
    }
}
