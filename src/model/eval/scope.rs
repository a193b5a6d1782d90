//! In whose eyes an expression is evaluated.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use rustc_hash::FxHasher;
use smol_str::SmolStr;

use crate::model::repo::InstanceId;
use crate::model::value::{Entry, Value};
use crate::syntax::SourceFile;

/// Where names lead.
#[derive(Clone, Debug)]
pub(in crate::model) enum Names<'s> {
    /// To the blocks of a module, along one path of calls.
    Module(InstanceId),
    /// To the locals of a Terragrunt file, run in a directory.
    Unit(&'s SourceFile, Arc<str>),
    /// Nowhere: a type is written in constants.
    Constant,
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

    pub(super) fn constant() -> Self {
        Self { names: Names::Constant, bindings: Vec::new() }
    }

    /// The module instance, where nothing but its own names is bound.
    pub(super) fn plain_instance(&self) -> Option<InstanceId> {
        self.instance_id().filter(|_| self.bindings.is_empty())
    }

    /// The module instance, if the scope is one's.
    pub fn instance_id(&self) -> Option<InstanceId> {
        match self.names {
            Names::Module(id) => Some(id),
            Names::Unit(..) | Names::Constant => None,
        }
    }

    /// What tells it from the other scopes of the same code: the instance, and the keys of what is bound. `None` where a key
    /// is not known.
    pub fn identity(&self) -> Option<u64> {
        let mut hasher = FxHasher::default();
        self.instance_id()?.hash(&mut hasher);
        for (_, value) in &self.bindings {
            let key = value.at(&["key"]).or_else(|| value.at(&["index"])).unwrap_or(value);
            key.as_str()?.hash(&mut hasher);
        }
        Some(hasher.finish())
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
