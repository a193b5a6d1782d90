//! A resource as the code has it, in the eyes of one instance of its module.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::drift::cause::steps;
use crate::drift::code::{self, Declared, Said};
use crate::drift::path::Step;
use crate::model::{BlockRef, Data, Repo, Scope, Value};
use crate::rule::{FieldPath, FieldStep};
use crate::syntax::hcl::{Body, ExprKind};

/// A resource in one stack, instance and element.
#[derive(Clone, Debug)]
pub(super) struct Resource<'s> {
    pub(super) block: BlockRef<'s>,
    pub(super) scope: Scope<'s>,
    /// The stack's name.
    pub(super) stack: Arc<str>,
    /// Its address from the root module down, without keys.
    pub(super) address: String,
}

/// What the resource is wherever it may be there.
pub(super) fn live<'s>(
    repo: &Repo<'s>,
    block: BlockRef<'s>,
    is_wanted: &dyn Fn(&str) -> bool,
) -> Vec<Resource<'s>> {
    if !repo.module(block.module).runs() {
        return Vec::new();
    }
    let of_scope = |scope: Scope<'s>| {
        let mut instance = repo.instance(scope.instance_id()?);
        let stack = Arc::clone(&repo.stack(instance.stack?).name);
        if !is_wanted(&stack) {
            return None;
        }
        let mut address = block.address();
        while let Some((caller, call)) = instance.parent {
            address = format!("{}.{address}", call.address());
            instance = repo.instance(caller);
        }
        Some(Resource { block, scope, stack, address })
    };
    repo.live_scopes(&block).into_iter().filter_map(of_scope).collect()
}

impl<'s> Resource<'s> {
    fn body(&self) -> &'s Body {
        &self.block.block.body
    }

    /// What the code says at `field`.
    pub(super) fn said(&self, field: &FieldPath) -> Said<'s> {
        code::said(self.block.file, self.body(), &steps(field))
    }

    /// The value at `field`; `None` where the code says nothing or `null`.
    pub(super) fn value(&self, repo: &Repo<'s>, field: &FieldPath) -> Option<Value> {
        self.value_at(repo, &steps(field))
    }

    /// The value at `path`; `None` where the code says nothing or `null`.
    pub(super) fn value_at(&self, repo: &Repo<'s>, path: &[Step]) -> Option<Value> {
        let value = code::value(repo, self.block.file, self.body(), path, &self.scope)?;
        (!matches!(value.data, Data::Null)).then_some(value)
    }

    /// The value of the attribute at the end of `names`, which but for the last are blocks.
    pub(super) fn named(&self, repo: &Repo<'s>, names: &[&str]) -> Option<Value> {
        let path: Vec<Step> = names.iter().map(|name| Step::Name((*name).into())).collect();
        self.value_at(repo, &path)
    }

    /// How many blocks the list at `list` has; why that cannot be told, where a `dynamic` block makes some.
    pub(super) fn count_blocks(&self, list: &FieldPath) -> Result<usize, String> {
        let path = steps(list);
        let Some((Step::Name(name), parent)) = path.split_last() else { return Ok(0) };
        let Some(body) = inside(self.body(), parent) else { return Ok(0) };
        if body.blocks_of("dynamic").any(|block| block.label(0) == Some(name)) {
            return Err(format!("a `dynamic` block makes `{name}` blocks"));
        }
        Ok(body.blocks().filter(|block| block.kind.name == *name).count())
    }

    /// The keys of the map that the code writes in `field`, each as a field; the field itself where that is no map.
    pub(super) fn keys(&self, field: &FieldPath) -> Vec<FieldPath> {
        let Said::Expression(expr, _) = self.said(field) else { return vec![field.clone()] };
        let ExprKind::Object(entries) = &expr.expr.unparenthesised().kind else {
            return vec![field.clone()];
        };
        let keys: Option<Vec<FieldPath>> = entries
            .iter()
            .map(|entry| {
                let mut steps = field.steps().to_vec();
                steps.push(FieldStep::Key(entry.literal_key()?));
                Some(FieldPath::of(steps))
            })
            .collect();
        keys.unwrap_or_else(|| vec![field.clone()])
    }

    /// The functions that the code calls for `field`.
    pub(super) fn calls(&self, repo: &Repo<'s>, field: &FieldPath) -> BTreeSet<String> {
        let Some(instance) = self.scope.instance_id() else { return BTreeSet::new() };
        Declared { block: self.block, instance }.calls(repo, &steps(field))
    }
}

/// The body of the block at `path`.
pub(super) fn inside<'s>(body: &'s Body, path: &[Step]) -> Option<&'s Body> {
    let mut body = body;
    let mut at = 0;
    while let Some(step) = path.get(at) {
        let (Step::Name(name) | Step::Key(name)) = step else { return None };
        let index = match path.get(at + 1) {
            Some(Step::Index(index)) => Some(*index as usize),
            _ => None,
        };
        let mut blocks = body.blocks().filter(|block| block.kind.name == *name);
        body = &blocks.nth(index.unwrap_or_default())?.body;
        at += 1 + usize::from(index.is_some());
    }
    Some(body)
}
