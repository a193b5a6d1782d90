//! From an address to the block that declares it.

use super::{Found, Joiner, only};
use crate::drift::address::{Address, Key, ModuleStep};
use crate::drift::measured::ModuleCall;
use crate::model::{
    BlockRef, Calls, Data, Entry, ExprRef, InstanceId, Lookup, Repo, Scope, StackId, Value,
};
use crate::syntax::hcl::Block;

impl<'s> Joiner<'_, 's> {
    /// The block that declares `address` in the stack; or why there is none.
    pub fn find(&self, stack: StackId, address: &Address) -> Result<Found<'s>, String> {
        let name = &self.repo.stack(stack).name;
        let mut instance = self
            .root(stack)
            .ok_or_else(|| format!("the stack `{name}` has no files of Terraform"))?;
        let mut is_repeated = false;
        for ModuleStep { name: label, .. } in &address.modules {
            let module = self.repo.instance(instance);
            let names = &self.repo.module(module.module).names;
            let Some(call) = names.calls.get(label) else {
                return Err(self.absent(instance, &format!("module.{label}")));
            };
            is_repeated |= is_repeated_block(call.block);
            let Some(child) = module.children.get(label) else {
                let outside = Some(outside(call.block));
                let block = *call;
                return Ok(Found { block, instance, outside, key: None, is_repeated });
            };
            instance = *child;
        }
        let names = &self.repo.module(self.repo.instance(instance).module).names;
        let declared = if address.is_data { &names.data } else { &names.resources };
        let Some(block) = declared.get(&(address.kind.clone(), address.name.clone())) else {
            let data = if address.is_data { "data." } else { "" };
            let what = format!("{data}{}.{}", address.kind, address.name);
            return Err(self.absent(instance, &what));
        };
        is_repeated |= is_repeated_block(block.block);
        let (block, key) = (*block, address.key.clone());
        Ok(Found { block, instance, outside: None, key, is_repeated })
    }

    /// Why `what` has no place.
    fn absent(&self, instance: InstanceId, what: &str) -> String {
        let module = self.repo.module(self.repo.instance(instance).module);
        let dir = if module.dir.is_empty() { "." } else { &module.dir };
        match &module.names.open {
            Some(reason) => format!("no file in `{dir}` declares `{what}`, but {reason}"),
            None => format!("no file in `{dir}` declares `{what}`"),
        }
    }

    /// Whether the stack calls a module as `call` does.
    pub(super) fn has_call(&self, stack: StackId, call: &ModuleCall) -> bool {
        let Some(mut instance) = self.root(stack) else { return false };
        let mut labels = call.name.split('.').peekable();
        while let Some(label) = labels.next() {
            let module = self.repo.instance(instance);
            let names = &self.repo.module(module.module).names;
            if labels.peek().is_none() {
                let source = |block: &Block| block.body.attribute("source")?.value.as_literal();
                let written = names.calls.get(label).and_then(|block| source(block.block));
                return written.is_some_and(|written| written == call.source);
            }
            let Some(child) = module.children.get(label) else { return false };
            instance = *child;
        }
        false
    }
}

fn is_repeated_block(block: &Block) -> bool {
    ["count", "for_each"].iter().any(|name| block.body.attribute(name).is_some())
}

/// Why a call leads nowhere.
fn outside(call: &Block) -> String {
    let label = call.label(0).unwrap_or_default();
    match call.body.attribute("source").and_then(|source| source.value.as_literal()) {
        Some(source) => {
            format!("what `module.{label}` does stands in `{source}`, not in this repo")
        }
        None => format!("where the source of `module.{label}` is cannot be told"),
    }
}

/// The scope inside the instance `key` of a block.
pub(super) fn scope<'s>(
    repo: &Repo<'s>,
    block: &BlockRef<'s>,
    instance: InstanceId,
    key: Option<&Key>,
    calls: &Calls<'s>,
) -> Scope<'s> {
    let outer = Scope::instance(instance);
    let keyed = key.and_then(|key| match key {
        Key::Number(number) => {
            let span = block.header();
            let index = Value { data: Data::Number(number.to_string().into()), span };
            let entry = Entry { key: "index".into(), key_span: span, value: index };
            Some(outer.with("count", Value::map(vec![entry], span)))
        }
        Key::Text(key) => {
            let for_each = block.block.body.attribute("for_each")?;
            let expr = ExprRef { file: block.file, expr: &for_each.value };
            let all = repo.eval_called(expr, &outer, calls);
            let (key, value) =
                only(all.possibilities().iter()).and_then(|all| element(all, key))?;
            Some(outer.with_iterator("each", key, value))
        }
    });
    keyed.unwrap_or_else(|| repo.block_scope(block, instance))
}

/// In which way the modules on the way to `found`, which is at `address`, are called.
pub(super) fn calls<'s>(repo: &Repo<'s>, found: &Found<'s>, address: &Address) -> Calls<'s> {
    let mut path = Vec::new();
    let mut instance = found.instance;
    while let Some((caller, call)) = repo.instance(instance).parent {
        path.push((instance, caller, call));
        instance = caller;
    }
    let mut calls = Calls::default();
    // From the outside in: what an outer one passes decides over what an inner one is repeated.
    for ((instance, caller, call), step) in path.into_iter().rev().zip(&address.modules) {
        if step.key.is_some() {
            let scope = scope(repo, &call, caller, step.key.as_ref(), &calls);
            calls.add(instance, scope);
        }
    }
    calls
}

/// The key and value of the element `key` of what a `for_each` walks.
fn element(all: &Value, key: &str) -> Option<(Value, Value)> {
    match &all.data {
        Data::Map(_) => match all.get(key) {
            Lookup::Found(entry) => Some((Value::text(key, entry.key_span), entry.value.clone())),
            Lookup::Absent | Lookup::Unknown(_) => None,
        },
        Data::List(list) => {
            let is_it = |item: &&Value| item.as_str().is_some_and(|text| text == key);
            let item = list.items.iter().find(is_it)?;
            Some((item.clone(), item.clone()))
        }
        _ => None,
    }
}
