//! What an expression comes from: the references in it, and those of the names that it goes through.

use std::collections::HashSet;

use smol_str::SmolStr;

use crate::model::{InstanceId, Repo};
use crate::syntax::hcl::{Block, Body, Expr, ExprKind, StepKind, Traversal};
use crate::text::Globs;

/// Whether `expr` refers to an address that one of `globs` covers.
pub(super) fn refers_to(expr: &Expr, globs: &Globs) -> bool {
    references(expr).any(|reference| globs.is_match(&reference.address()))
}

/// Whether `expr` of the block `body`, or a local, variable, argument, output or repetition that it goes through, refers to
/// such an address. A variable declared `sensitive` has the address `sensitive.var.NAME` too.
pub(super) fn comes_from(
    repo: &Repo<'_>,
    (instance, body): (InstanceId, &Body),
    expr: &Expr,
    globs: &Globs,
) -> bool {
    Search { repo, globs, seen: HashSet::new() }.in_expr((instance, Some(body)), expr)
}

/// What the block `body` repeats over where `root` is `each`, or the name of what a `dynamic` block in it makes.
pub(super) fn repeats_over<'e>(body: &'e Body, root: &str) -> Option<&'e Expr> {
    if root == "each" {
        return body.attribute("for_each").map(|it| &it.value);
    }
    let is_meant = |block: &Block| {
        let iterator = block.body.attribute("iterator").map(|it| &it.value.kind);
        match iterator {
            Some(ExprKind::Variable(name)) => name == root,
            _ => block.labels.first().is_some_and(|label| label.name == root),
        }
    };
    body.blocks().find_map(|block| {
        let is_dynamic = block.kind.name == "dynamic" && is_meant(block);
        let own = block.body.attribute("for_each").filter(|_| is_dynamic);
        own.map(|it| &it.value).or_else(|| repeats_over(&block.body, root))
    })
}

/// `root.a.b` without indices.
pub(super) struct Reference<'e> {
    pub(super) parts: Vec<&'e str>,
    /// The key in the first index, where it is written out: `root.a["key"]`.
    pub(super) key: Option<SmolStr>,
}

impl Reference<'_> {
    fn address(&self) -> String {
        self.parts.join(".")
    }
}

/// Every reference in `expr`, in the order of the text.
pub(super) fn references(expr: &Expr) -> impl Iterator<Item = Reference<'_>> {
    expr.descendants().filter_map(|part| match &part.kind {
        ExprKind::Traversal(traversal) => reference(traversal),
        _ => None,
    })
}

fn reference(traversal: &Traversal) -> Option<Reference<'_>> {
    let ExprKind::Variable(root) = &traversal.base.kind else { return None };
    let mut parts = vec![root.as_str()];
    parts.extend(traversal.steps.iter().filter_map(|step| match &step.kind {
        StepKind::Attribute(name) => Some(name.as_str()),
        _ => None,
    }));
    let key = traversal.steps.iter().find_map(|step| match &step.kind {
        StepKind::Index(index) => Some(index.as_literal()),
        _ => None,
    });
    Some(Reference { parts, key: key.flatten() })
}

struct Search<'a, 's> {
    repo: &'a Repo<'s>,
    globs: &'a Globs,
    /// What was gone through: every name of an instance once.
    seen: HashSet<(InstanceId, SmolStr)>,
}

/// A module instance, and the block in it whose `each` is meant.
type At<'e> = (InstanceId, Option<&'e Body>);

impl Search<'_, '_> {
    fn in_expr(&mut self, at: At<'_>, expr: &Expr) -> bool {
        references(expr).any(|reference| {
            self.globs.is_match(&reference.address()) || self.through(at, &reference.parts)
        })
    }

    fn through(&mut self, (instance, body): At<'_>, parts: &[&str]) -> bool {
        let [root, name, ..] = parts else { return false };
        let own = self.repo.instance(instance);
        let names = &self.repo.module(own.module).names;
        let is_repetition = matches!(*name, "key" | "value");
        let repetition = body.filter(|_| is_repetition).and_then(|body| repeats_over(body, root));
        if let Some(for_each) = repetition {
            // What it repeats over does not refer to its own elements; what a `dynamic` block does, may to `each`.
            let outer = body.filter(|_| *root != "each");
            return self.in_expr((instance, outer), for_each);
        }
        let key = parts[..parts.len().min(3)].join(".");
        if !self.seen.insert((instance, key.into())) {
            return false;
        }
        match *root {
            "local" => {
                names.locals.get(*name).is_some_and(|it| self.in_expr((instance, None), it.expr))
            }
            "var" => self.variable(instance, name),
            "module" => {
                let output = own.children.get(*name).copied().zip(parts.get(2));
                output.is_some_and(|(child, output)| self.output(child, output))
            }
            _ => false,
        }
    }

    fn variable(&mut self, instance: InstanceId, name: &str) -> bool {
        let own = self.repo.instance(instance);
        let declared = self.repo.module(own.module).names.variables.get(name);
        let is_sensitive = declared.is_some_and(|variable| {
            let sensitive = variable.block.body.attribute("sensitive");
            sensitive.is_some_and(|it| matches!(it.value.kind, ExprKind::Bool(true)))
        });
        if is_sensitive && self.globs.is_match(&format!("sensitive.var.{name}")) {
            return true;
        }
        own.parent.is_some_and(|(caller, call)| {
            let body = &call.block.body;
            let argument = body.attribute(name);
            argument.is_some_and(|argument| self.in_expr((caller, Some(body)), &argument.value))
        })
    }

    fn output(&mut self, instance: InstanceId, name: &str) -> bool {
        let module = self.repo.module(self.repo.instance(instance).module);
        let output = module.names.outputs.get(name);
        let value = output.and_then(|output| output.block.body.attribute("value"));
        value.is_some_and(|value| self.in_expr((instance, None), &value.value))
    }
}
