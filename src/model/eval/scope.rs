//! In whose eyes an expression is evaluated.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use rustc_hash::FxHasher;
use smol_str::SmolStr;

use super::Calls;
use crate::model::made::Made;
use crate::model::repo::InstanceId;
use crate::model::value::{Entry, Reason, Value};
use crate::syntax::SourceFile;

/// Where names lead.
#[derive(Clone, Debug)]
pub(in crate::model) enum Names<'s> {
    /// To the blocks of a module, along one path of calls.
    Module(InstanceId),
    /// To the locals of a Terragrunt file, run in a directory; and to what a stack gives it, where it is read as what that makes.
    Unit(&'s SourceFile, Arc<str>, Option<Arc<Made<'s>>>),
    /// Nowhere: a type is written in constants.
    Constant,
}

/// Which of the instances of the same code a scope is.
#[derive(Clone, Default, Debug)]
pub struct Which {
    /// What tells it from the others; nothing where that is not known.
    pub identity: Option<u64>,
    /// Which of the block's scopes it is, in their order.
    pub order: usize,
    /// Why nobody knows how many it stands for, where it may be several.
    pub many: Option<Reason>,
    /// Why nobody knows whether it is there, where it may be or not.
    pub perhaps: Option<Reason>,
}

/// A place to evaluate in: an instance, and the names bound around the expression (`each`, `count`, a `for`'s names).
#[derive(Clone, Debug)]
pub struct Scope<'s> {
    pub(in crate::model) names: Names<'s>,
    bindings: Vec<(SmolStr, Value)>,
    /// In which way the modules on the way here are called, where a call makes several instances and they are told apart.
    calls: Option<Arc<Calls<'s>>>,
    /// Which of the block's scopes it is, in their order.
    order: usize,
    /// Why nobody knows how many instances it stands for, where it may be several.
    many: Option<Reason>,
    /// Why nobody knows whether what is seen in it is there, where it may be or not.
    perhaps: Option<Reason>,
}

impl<'s> Scope<'s> {
    /// The instance `id`, outside any block.
    pub fn instance(id: InstanceId) -> Self {
        Self::of(Names::Module(id))
    }

    /// The Terragrunt file `file`, run in the directory `dir`.
    pub fn unit(file: &'s SourceFile, dir: Arc<str>) -> Self {
        Self::of(Names::Unit(file, dir, None))
    }

    /// The same, as what is `made` of the template in `dir`.
    pub fn made(file: &'s SourceFile, dir: Arc<str>, made: Option<Arc<Made<'s>>>) -> Self {
        Self::of(Names::Unit(file, dir, made))
    }

    pub(super) fn constant() -> Self {
        Self::of(Names::Constant)
    }

    fn of(names: Names<'s>) -> Self {
        Self { names, bindings: Vec::new(), calls: None, order: 0, many: None, perhaps: None }
    }

    /// Of a template's scope that of each of what is `made` of it; `None` where it is none, or nothing is known of that.
    pub(super) fn of_each<'m>(
        &self,
        made: impl Fn(&str) -> &'m [Arc<Made<'s>>],
    ) -> Option<Vec<Self>>
    where
        's: 'm,
    {
        let Names::Unit(file, dir, None) = &self.names else { return None };
        let each = made(dir).iter();
        let scope = |made: &Arc<Made<'s>>| {
            let names = Names::Unit(file, Arc::clone(dir), Some(Arc::clone(made)));
            Self { names, ..self.clone() }
        };
        let scopes: Vec<Self> = each.map(scope).collect();
        (!scopes.is_empty()).then_some(scopes)
    }

    /// The instance `id` that a call makes which is seen in this scope.
    #[must_use]
    pub fn callee(&self, id: InstanceId) -> Self {
        let mut calls = self.calls.clone();
        let (many, perhaps) = (self.many.clone(), self.perhaps.clone());
        // Without `each` and `count`, all that calls it says the same.
        if !self.bindings.is_empty() {
            let mut own = calls.as_deref().cloned().unwrap_or_default();
            own.add(id, self.clone());
            calls = Some(Arc::new(own));
        }
        Self { calls, many, perhaps, ..Self::instance(id) }
    }

    /// The same outside of the block: without its `each` and `count`.
    #[must_use]
    pub fn outside(&self) -> Self {
        Self { bindings: Vec::new(), ..self.clone() }
    }

    /// The same, as the one with the number `order` of its block.
    #[must_use]
    pub(super) fn numbered(self, order: usize) -> Self {
        Self { order, ..self }
    }

    /// The same, standing for who knows how many instances.
    #[must_use]
    pub(super) fn of_many(mut self, reason: Reason) -> Self {
        self.many.get_or_insert(reason);
        self
    }

    /// The same, of what may be there or not.
    #[must_use]
    pub(super) fn perhaps(mut self, reason: Option<Reason>) -> Self {
        self.perhaps = self.perhaps.or(reason);
        self
    }

    pub(super) fn calls(&self) -> Option<&Calls<'s>> {
        self.calls.as_deref()
    }

    /// The module instance, where nothing but its own names is bound.
    pub(super) fn plain_instance(&self) -> Option<InstanceId> {
        self.instance_id().filter(|_| self.bindings.is_empty() && self.calls.is_none())
    }

    /// The module instance, if the scope is one's.
    pub fn instance_id(&self) -> Option<InstanceId> {
        match self.names {
            Names::Module(id) => Some(id),
            Names::Unit(..) | Names::Constant => None,
        }
    }

    /// Which of the instances of its code it is.
    pub fn which(&self) -> Which {
        Which {
            identity: self.identity(),
            order: self.order,
            many: self.many.clone(),
            perhaps: self.perhaps.clone(),
        }
    }

    /// What tells it from the other scopes of the same code: the instance, and the keys of what is bound in it and in the calls
    /// that lead to it. `None` where a key is not known.
    fn identity(&self) -> Option<u64> {
        let mut hasher = FxHasher::default();
        self.instance_id()?.hash(&mut hasher);
        for scope in self.calls().into_iter().flat_map(Calls::in_order) {
            scope.hash_keys(&mut hasher)?;
        }
        self.hash_keys(&mut hasher)?;
        Some(hasher.finish())
    }

    /// The key of the element of its block's `for_each` or `count`; nothing where there is none, or it is not known.
    pub fn element(&self) -> Option<SmolStr> {
        let (_, value) = self.bindings.last()?;
        let key = value.at(&["key"]).or_else(|| value.at(&["index"])).unwrap_or(value);
        key.as_str().map(SmolStr::new)
    }

    fn hash_keys(&self, hasher: &mut FxHasher) -> Option<()> {
        for (_, value) in &self.bindings {
            let key = value.at(&["key"]).or_else(|| value.at(&["index"])).unwrap_or(value);
            key.as_str()?.hash(hasher);
        }
        Some(())
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
