//! What the code says about one instance: its block, and the value or expression at a path in it.

use std::collections::BTreeSet;

use super::address::Address;
use super::measured::StackRef;
use super::path::Step;
use crate::model::{BlockRef, ExprRef, InstanceId, Lookup, Repo, Scope, Value};
use crate::syntax::SourceFile;
use crate::syntax::hcl::{Body, Expr, ExprKind, StepKind};

/// The block of an instance, in the eyes of the module's instance that it is in.
#[derive(Clone, Debug)]
pub(super) struct Declared<'s> {
    pub(super) block: BlockRef<'s>,
    pub(super) instance: InstanceId,
}

/// What the code says at a path.
#[derive(Clone, Debug)]
pub(super) enum Said<'s> {
    /// An expression that stands there or around it, and the steps that lead on into its value.
    Expression(ExprRef<'s>, usize),
    /// A block.
    Block,
    /// Nothing.
    Nothing,
    /// A `dynamic` block may stand there: it cannot be told.
    Generated,
}

/// The block that `address` in `stack` is made from; `None` where the repo has none.
pub(super) fn declared<'s>(
    repo: &Repo<'s>,
    stack: &StackRef,
    address: &Address,
) -> Option<Declared<'s>> {
    let dir = match &stack.dir {
        Some(dir) => dir.as_str(),
        None => repo.stacks.iter().find(|it| *it.name == *stack.name)?.dir.as_ref(),
    };
    let module = repo.module_in(dir)?;
    let roots = &repo.module(module).instances;
    let mut instance = *roots.iter().find(|id| repo.instance(**id).parent.is_none())?;
    for step in &address.modules {
        instance = *repo.instance(instance).children.get(&step.name)?;
    }
    let names = &repo.module(repo.instance(instance).module).names;
    let blocks = if address.is_data { &names.data } else { &names.resources };
    let block = *blocks.get(&(address.kind.clone(), address.name.clone()))?;
    Some(Declared { block, instance })
}

impl<'s> Declared<'s> {
    /// What it says at `path`.
    pub(super) fn said(&self, path: &[Step]) -> Said<'s> {
        said(self.block.file, &self.block.block.body, path)
    }

    /// The value that it gives what stands at `path`; `None` where it says nothing there, and unknown where that cannot be
    /// told.
    pub(super) fn value(&self, repo: &Repo<'s>, path: &[Step]) -> Option<Value> {
        let scope = repo.block_scope(&self.block, self.instance);
        value(repo, self.block.file, &self.block.block.body, path, &scope)
    }

    /// Whether what stands at `path` may rest on a variable of the root module that nothing in the repo sets, so that its default
    /// says it: whoever plans may set it otherwise (`-var`, `TF_VAR_NAME`). Where that cannot be told, it may.
    pub(super) fn may_be_set(&self, repo: &Repo<'s>, path: &[Step]) -> bool {
        let Said::Expression(expr, used) = self.said(path) else { return false };
        let mut pending = vec![(self.instance, self.block, part(expr.expr, &path[used..]))];
        // A circle of locals ends here too.
        let mut left = 256;
        while let Some((instance, block, expr)) = pending.pop() {
            for inner in expr.descendants() {
                let ExprKind::Traversal(traversal) = &inner.kind else { continue };
                let ExprKind::Variable(root) = &traversal.base.kind else { continue };
                left -= 1;
                if left == 0 {
                    return true;
                }
                let name = match traversal.steps.first().map(|step| &step.kind) {
                    Some(StepKind::Attribute(name)) => name.as_str(),
                    _ => return true,
                };
                let own = repo.instance(instance);
                match root.as_str() {
                    "each" | "count" => {
                        let repeated =
                            ["for_each", "count"].map(|it| block.block.body.attribute(it));
                        let repeated = repeated.into_iter().flatten();
                        pending.extend(repeated.map(|it| (instance, block, &it.value)));
                    }
                    "local" => {
                        let names = &repo.module(own.module).names;
                        let Some(local) = names.locals.get(name) else { return true };
                        pending.push((instance, block, local.expr));
                    }
                    "var" => match &own.parent {
                        // What a call leaves out, nobody else sets.
                        Some((caller, call)) => {
                            let argument = call.block.body.attribute(name);
                            pending.extend(argument.map(|it| (*caller, *call, &it.value)));
                        }
                        None if own.inputs.as_ref().is_some_and(|it| it.writes(name)) => {}
                        None => return true,
                    },
                    "path" | "terraform" => {}
                    // What another block gives.
                    _ => return true,
                }
            }
        }
        false
    }

    /// The functions that are called for what stands at `path`, locals followed.
    pub(super) fn calls(&self, repo: &Repo<'s>, path: &[Step]) -> BTreeSet<String> {
        let mut calls = BTreeSet::new();
        if let Said::Expression(expr, used) = self.said(path) {
            let names = &repo.module(self.block.module).names;
            let mut pending = vec![part(expr.expr, &path[used..])];
            // A local that stands for a circle of locals ends here too.
            let mut left = 64;
            while let Some(expr) = pending.pop() {
                for inner in expr.descendants() {
                    match &inner.kind {
                        ExprKind::Call(call) => {
                            calls.insert(call.name.name.to_string());
                        }
                        ExprKind::Traversal(_) if left > 0 => {
                            let local = local_name(inner).and_then(|it| names.locals.get(it));
                            pending.extend(local.map(|local| local.expr));
                            left -= 1;
                        }
                        _ => {}
                    }
                }
            }
        }
        calls
    }
}

/// The part of `expr` that `path` leads to, as far as it is written out.
fn part<'s>(expr: &'s Expr, path: &[Step]) -> &'s Expr {
    let mut expr = expr;
    for step in path {
        let ExprKind::Object(entries) = &expr.unparenthesised().kind else { break };
        let is_it = |key: &str| matches!(step, Step::Name(it) | Step::Key(it) if it == key);
        let entry = entries.iter().find(|it| it.literal_key().is_some_and(|key| is_it(&key)));
        let Some(entry) = entry else { break };
        expr = &entry.value;
    }
    expr
}

/// The `NAME` of `local.NAME…`.
fn local_name(expr: &Expr) -> Option<&str> {
    let ExprKind::Traversal(traversal) = &expr.kind else { return None };
    match (&traversal.base.kind, traversal.steps.first().map(|step| &step.kind)) {
        (ExprKind::Variable(root), Some(StepKind::Attribute(name))) if root == "local" => {
            Some(name)
        }
        _ => None,
    }
}

/// What `body`, of `file`, says at `path`.
pub(super) fn said<'s>(file: &'s SourceFile, body: &'s Body, path: &[Step]) -> Said<'s> {
    let mut body = body;
    let mut at = 0;
    while let Some(step) = path.get(at) {
        let (Step::Name(name) | Step::Key(name)) = step else { return Said::Nothing };
        if let Some(attribute) = body.attributes().find(|it| it.key.name == *name) {
            return Said::Expression(ExprRef { file, expr: &attribute.value }, at + 1);
        }
        let index = match path.get(at + 1) {
            Some(Step::Index(index)) => Some(*index as usize),
            _ => None,
        };
        let is_generated = body.blocks_of("dynamic").any(|block| block.label(0) == Some(name));
        if is_generated {
            return Said::Generated;
        }
        let mut blocks = body.blocks().filter(|block| block.kind.name == *name);
        let Some(block) = blocks.nth(index.unwrap_or_default()) else {
            return Said::Nothing;
        };
        body = &block.body;
        at += 1 + usize::from(index.is_some());
    }
    Said::Block
}

/// The value that `body` gives what stands at `path`.
pub(super) fn value<'s>(
    repo: &Repo<'s>,
    file: &'s SourceFile,
    body: &'s Body,
    path: &[Step],
    scope: &Scope<'s>,
) -> Option<Value> {
    match said(file, body, path) {
        Said::Expression(expr, used) => descend(repo.eval(expr, scope), &path[used..]),
        Said::Block | Said::Nothing => None,
        Said::Generated => {
            let span = file.span(crate::text::TextRange::default());
            Some(Value::unknown("a `dynamic` block makes it", span))
        }
    }
}

fn descend(value: Value, path: &[Step]) -> Option<Value> {
    let Some((step, rest)) = path.split_first() else { return Some(value) };
    let inner = match step {
        Step::Name(key) | Step::Key(key) => match value.get(key) {
            Lookup::Found(entry) => entry.value.clone(),
            Lookup::Absent => return None,
            Lookup::Unknown(reason) => Value::unknown(reason.as_str(), value.span),
        },
        Step::Index(index) => match value.items().get(*index as usize) {
            Some(item) => item.clone(),
            None => return value.first_unknown().map(|it| Value::unknown(it.as_str(), value.span)),
        },
    };
    descend(inner, rest)
}
