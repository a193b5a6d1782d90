//! What `moved` and `removed` blocks name: a resource that the code does not declare any more, and still answers for.

use super::Joiner;
use crate::drift::address::{Address, ModuleStep};
use crate::model::{BlockRef, InstanceId, StackId};

/// What the blocks of a stack name, by block: without the keys of modules and instances.
#[derive(Debug, Default)]
pub(super) struct Named {
    resources: Vec<Address>,
    /// The labels of the calls that lead to modules, each from the root on.
    modules: Vec<Vec<String>>,
}

impl Named {
    /// What the modules of `stack` name.
    pub(super) fn of(joiner: &Joiner<'_, '_>, stack: StackId) -> Named {
        let mut named = Named::default();
        if let Some(root) = joiner.root(stack) {
            named.module(joiner, root, &[]);
        }
        named
    }

    fn module(&mut self, joiner: &Joiner<'_, '_>, instance: InstanceId, base: &[ModuleStep]) {
        let repo = joiner.repo();
        let instance = repo.instance(instance);
        for file in &repo.module(instance.module).files {
            let blocks = repo.blocks_in(file);
            for block in blocks.filter(|it| matches!(&*it.block.kind.name, "moved" | "removed")) {
                self.block(&block, base);
            }
        }
        let mut children: Vec<_> = instance.children.iter().collect();
        children.sort_unstable();
        for (label, child) in children {
            let step = ModuleStep { name: label.clone(), key: None };
            self.module(joiner, *child, &[base, &[step]].concat());
        }
    }

    /// What one block takes away, in the module that `base` leads to.
    fn block(&mut self, block: &BlockRef<'_>, base: &[ModuleStep]) {
        let Some(from) = block.block.body.attribute("from") else { return };
        let text = block.file.code(from.value.range);
        let text = text.trim();
        if let Some(mut address) = Address::parse(text).map(|it| it.of_block()) {
            address.modules.splice(..0, base.iter().cloned());
            self.resources.push(address);
        } else if let Some(steps) = Address::parse_modules(text).filter(|it| !it.is_empty()) {
            let labels = base.iter().chain(&steps).map(|step| step.name.to_string());
            self.modules.push(labels.collect());
        }
    }

    /// Whether `address` is, or lies in, what one of them names.
    pub(super) fn has(&self, address: &Address) -> bool {
        let leads = |labels: &Vec<String>| {
            address.modules.len() >= labels.len()
                && labels.iter().zip(&address.modules).all(|(label, step)| *label == step.name)
        };
        self.modules.iter().any(leads) || self.resources.contains(&address.of_block())
    }
}
