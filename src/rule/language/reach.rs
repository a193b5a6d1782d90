//! What an expression comes from: the references in it, and those of the names that it goes through.

use std::collections::HashSet;

use smallvec::{SmallVec, smallvec};
use smol_str::SmolStr;

use crate::model::{BlockRef, ExprRef, InstanceId, Repo, Scope};
use crate::syntax::hcl::{Body, Expr, ExprKind, StepKind};
use crate::text::Globs;

/// Whether `expr`, as it is seen in `scope`, refers to an address that one of `globs` covers.
pub(super) fn refers_to<'s>(
    repo: &Repo<'s>,
    scope: &Scope<'s>,
    expr: ExprRef<'s>,
    globs: &Globs,
) -> bool {
    references(repo, scope, expr).any(|reference| globs.is_match(&reference.address()))
}

/// Whether `expr` of `block`, or a local, variable, argument, output or repetition that it goes through, refers to such an
/// address. A variable declared `sensitive` has the address `sensitive.var.NAME` too.
pub(super) fn comes_from<'s>(
    repo: &Repo<'s>,
    (scope, block): (Scope<'s>, BlockRef<'s>),
    expr: &'s Expr,
    globs: &Globs,
) -> bool {
    let at = At { scope, body: Some(&block.block.body) };
    let mut search = Search { repo, sought: Sought::Address(globs), seen: HashSet::new() };
    search.in_expr(&at, ExprRef { file: block.file, expr })
}

/// Whether `expr` of `block`, or a local, variable, argument, output or repetition that it goes through, calls one of these
/// functions.
pub(super) fn comes_from_call<'s>(
    repo: &Repo<'s>,
    (scope, block): (Scope<'s>, BlockRef<'s>),
    expr: &'s Expr,
    names: &[SmolStr],
) -> bool {
    let at = At { scope, body: Some(&block.block.body) };
    let mut search = Search { repo, sought: Sought::Call(names), seen: HashSet::new() };
    search.in_expr(&at, ExprRef { file: block.file, expr })
}

/// Whether one of these functions is called in `expr` itself.
pub(super) fn calls(expr: &Expr, names: &[SmolStr]) -> bool {
    expr.descendants().any(|part| match &part.kind {
        ExprKind::Call(call) => names.contains(&call.name.name),
        _ => false,
    })
}

/// What the block `body` repeats over where `root` is `each`, or the name of what a `dynamic` block in it makes.
pub(super) fn repeats_over<'e>(body: &'e Body, root: &str) -> Option<&'e Expr> {
    if root == "each" {
        return body.attribute("for_each").map(|it| &it.value);
    }
    body.blocks().find_map(|block| {
        let is_dynamic = block.kind.name == "dynamic" && block.iterator() == Some(root);
        let own = block.body.attribute("for_each").filter(|_| is_dynamic);
        own.map(|it| &it.value).or_else(|| repeats_over(&block.body, root))
    })
}

/// `root.a.b` without indices.
pub(super) struct Reference<'e> {
    pub(super) parts: SmallVec<[&'e str; 4]>,
    /// The key in the first index, where it is written out: `root.a["key"]`.
    pub(super) key: Option<SmolStr>,
}

impl Reference<'_> {
    fn address(&self) -> String {
        self.parts.join(".")
    }
}

/// Every reference in `expr` as it is seen in `scope`, in the order of the text: without the arm of a conditional that is not taken.
/// A name that stands alone is one too: the provider `aws`, the type `any`.
pub(super) fn references<'s>(
    repo: &Repo<'s>,
    scope: &Scope<'s>,
    expr: ExprRef<'s>,
) -> impl Iterator<Item = Reference<'s>> {
    let mut waiting = vec![expr.expr];
    std::iter::from_fn(move || {
        while let Some(part) = waiting.pop() {
            match &part.kind {
                // A name in front of others is no reference of its own, and one in front of a value is a key.
                ExprKind::Traversal(it) if matches!(it.base.kind, ExprKind::Variable(_)) => {
                    waiting.extend(part.children().into_iter().skip(1).rev());
                }
                ExprKind::Object(entries) => {
                    let is_name = |key: &Expr| matches!(key.kind, ExprKind::Variable(_));
                    let parts = entries.iter().flat_map(|entry| {
                        let key = Some(&entry.key).filter(|key| !is_name(key));
                        key.into_iter().chain([&entry.value])
                    });
                    waiting.extend(parts.collect::<Vec<_>>().into_iter().rev());
                }
                ExprKind::Conditional(it) => {
                    let condition = ExprRef { expr: &it.condition, ..expr };
                    let arms = match repo.holds(condition, scope) {
                        Some(true) => [Some(&it.yes), None],
                        Some(false) => [Some(&it.no), None],
                        None => [Some(&it.yes), Some(&it.no)],
                    };
                    waiting.extend(arms.into_iter().flatten().rev());
                    waiting.push(&it.condition);
                }
                _ => waiting.extend(part.children().into_iter().rev()),
            }
            if let Some(reference) = reference(part) {
                return Some(reference);
            }
        }
        None
    })
}

fn reference(expr: &Expr) -> Option<Reference<'_>> {
    let traversal = match &expr.kind {
        ExprKind::Variable(name) => {
            return Some(Reference { parts: smallvec![name.as_str()], key: None });
        }
        ExprKind::Traversal(traversal) => traversal,
        _ => return None,
    };
    let ExprKind::Variable(root) = &traversal.base.kind else { return None };
    let mut parts: SmallVec<[&str; 4]> = smallvec![root.as_str()];
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

/// What is searched for.
#[derive(Clone, Copy)]
enum Sought<'a> {
    /// A reference to what one of these covers.
    Address(&'a Globs),
    /// A call of one of these functions.
    Call(&'a [SmolStr]),
}

impl Sought<'_> {
    fn is_address(self, address: &str) -> bool {
        matches!(self, Sought::Address(globs) if globs.is_match(address))
    }
}

struct Search<'a, 's> {
    repo: &'a Repo<'s>,
    sought: Sought<'a>,
    /// What was gone through: every name of an instance once.
    seen: HashSet<(InstanceId, SmolStr)>,
}

/// In whose eyes something is seen, and the block in it whose `each` is meant.
struct At<'s> {
    scope: Scope<'s>,
    body: Option<&'s Body>,
}

impl<'s> Search<'_, 's> {
    fn in_expr(&mut self, at: &At<'s>, expr: ExprRef<'s>) -> bool {
        if matches!(self.sought, Sought::Call(names) if calls(expr.expr, names)) {
            return true;
        }
        references(self.repo, &at.scope, expr).any(|reference| {
            self.sought.is_address(&reference.address()) || self.through(at, expr, &reference.parts)
        })
    }

    fn through(&mut self, at: &At<'s>, expr: ExprRef<'s>, parts: &[&str]) -> bool {
        let [root, name, ..] = parts else { return false };
        let Some(instance) = at.scope.instance_id() else { return false };
        let own = self.repo.instance(instance);
        let names = &self.repo.module(own.module).names;
        let is_repetition = matches!(*name, "key" | "value");
        let repetition =
            at.body.filter(|_| is_repetition).and_then(|body| repeats_over(body, root));
        let outside = || At { scope: at.scope.outside(), body: None };
        if let Some(for_each) = repetition {
            // What it repeats over does not refer to its own elements; what a `dynamic` block does, may to `each`.
            let for_each = ExprRef { expr: for_each, ..expr };
            if *root == "each" {
                return self.in_expr(&outside(), for_each);
            }
            return self.in_expr(at, for_each);
        }
        let key = parts[..parts.len().min(3)].join(".");
        if !self.seen.insert((instance, key.into())) {
            return false;
        }
        match *root {
            "local" => names.locals.get(*name).is_some_and(|it| self.in_expr(&outside(), *it)),
            "var" => self.variable(&at.scope, name),
            "module" => {
                let output = own.children.get(*name).copied().zip(parts.get(2));
                output.is_some_and(|(child, output)| self.output(child, output))
            }
            _ => false,
        }
    }

    fn variable(&mut self, scope: &Scope<'s>, name: &str) -> bool {
        let Some(instance) = scope.instance_id() else { return false };
        let own = self.repo.instance(instance);
        let declared = self.repo.module(own.module).names.variables.get(name);
        let is_sensitive = declared.is_some_and(|variable| {
            let sensitive = variable.block.body.attribute("sensitive");
            sensitive.is_some_and(|it| matches!(it.value.kind, ExprKind::Bool(true)))
        });
        if is_sensitive && self.sought.is_address(&format!("sensitive.var.{name}")) {
            return true;
        }
        self.repo.caller(scope).is_some_and(|(call, scope)| {
            let body = &call.block.body;
            let argument = body.attribute(name);
            argument.is_some_and(|argument| {
                let expr = ExprRef { file: call.file, expr: &argument.value };
                self.in_expr(&At { scope, body: Some(body) }, expr)
            })
        })
    }

    fn output(&mut self, instance: InstanceId, name: &str) -> bool {
        let module = self.repo.module(self.repo.instance(instance).module);
        let Some(output) = module.names.outputs.get(name) else { return false };
        let value = output.block.body.attribute("value");
        value.is_some_and(|value| {
            let at = At { scope: Scope::instance(instance), body: None };
            self.in_expr(&at, ExprRef { file: output.file, expr: &value.value })
        })
    }
}
