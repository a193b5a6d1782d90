//! What an expression comes from: the references in it, and those of the names that it goes through.

use std::collections::HashSet;

use smol_str::SmolStr;

use crate::model::{InstanceId, Repo};
use crate::syntax::hcl::{Expr, ExprKind, StepKind, Traversal};
use crate::text::Globs;

/// Whether `expr` refers to an address that one of `globs` covers.
pub(super) fn refers_to(expr: &Expr, globs: &Globs) -> bool {
    references(expr).any(|reference| globs.is_match(&reference.address()))
}

/// The address of what `expr` refers to first: `TYPE.NAME`, `data.TYPE.NAME`, `module.NAME`, `var.NAME`, …
pub(super) fn first_address(expr: &Expr) -> Option<String> {
    references(expr).find_map(|Reference { parts }| {
        let length = if parts.first() == Some(&"data") { 3 } else { 2 };
        Some(parts.get(..length)?.join("."))
    })
}

/// Whether `expr`, or a local, variable, argument or output that it goes through, refers to such an address. A variable
/// declared `sensitive` has the address `sensitive.var.NAME` too.
pub(super) fn comes_from(
    repo: &Repo<'_>,
    instance: InstanceId,
    expr: &Expr,
    globs: &Globs,
) -> bool {
    Search { repo, globs, seen: HashSet::new() }.in_expr(instance, expr)
}

/// `root.a.b` without indices.
struct Reference<'e> {
    parts: Vec<&'e str>,
}

impl Reference<'_> {
    fn address(&self) -> String {
        self.parts.join(".")
    }
}

fn references(expr: &Expr) -> impl Iterator<Item = Reference<'_>> {
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
    Some(Reference { parts })
}

struct Search<'a, 's> {
    repo: &'a Repo<'s>,
    globs: &'a Globs,
    /// What was gone through: every name of an instance once.
    seen: HashSet<(InstanceId, SmolStr)>,
}

impl Search<'_, '_> {
    fn in_expr(&mut self, instance: InstanceId, expr: &Expr) -> bool {
        references(expr).any(|reference| {
            self.globs.is_match(&reference.address()) || self.through(instance, &reference.parts)
        })
    }

    fn through(&mut self, instance: InstanceId, parts: &[&str]) -> bool {
        let [root, name, ..] = parts else { return false };
        let key = parts[..parts.len().min(3)].join(".");
        if !self.seen.insert((instance, key.into())) {
            return false;
        }
        let own = self.repo.instance(instance);
        let names = &self.repo.module(own.module).names;
        match *root {
            "local" => names.locals.get(*name).is_some_and(|it| self.in_expr(instance, it.expr)),
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
            let argument = call.block.body.attribute(name);
            argument.is_some_and(|argument| self.in_expr(caller, &argument.value))
        })
    }

    fn output(&mut self, instance: InstanceId, name: &str) -> bool {
        let module = self.repo.module(self.repo.instance(instance).module);
        let output = module.names.outputs.get(name);
        let value = output.and_then(|output| output.block.body.attribute("value"));
        value.is_some_and(|value| self.in_expr(instance, &value.value))
    }
}
