//! Expressions that Terraform refuses for what they come to: a key that an object does not have, a text that is no number, a
//! network that does not fit into another.
//!
//! Invariant: what is told fails wherever Terraform evaluates it, in an instance that is certainly there; whatever stands in `try`
//! and `can`, and behind a condition that does not hold, does not.

use std::collections::HashSet;

use smallvec::{SmallVec, smallvec};

use crate::model::{BlockRef, ExprRef, Refusal, Repo, Scope};
use crate::rule::{
    Check, CheckDef, Context, Finding, Findings, Interest, OptionError, Options, Outcome, Subject,
};
use crate::syntax::SourceFile;
use crate::syntax::hcl::{BinaryOp, Block, Body, Expr, ExprKind, StepKind, Traversal};
use crate::text::{Globs, TextRange};

use super::certain::{certain_instances, certain_scopes};
use super::old_release::is_for_old_release;

pub(super) const CHECK: CheckDef = CheckDef {
    name: "refused_expression",
    outcomes: &[Outcome { name: "refused", placeholders: &["why"] }],
    build,
};

/// Blocks in which nothing is evaluated, or only in the eyes of somebody else.
const NEVER: [&str; 6] = ["variable", "terraform", "moved", "removed", "import", "check"];

/// Arguments and blocks that are read without being evaluated, or with names of their own.
const READ: [&str; 6] =
    ["lifecycle", "depends_on", "providers", "dynamic", "connection", "provisioner"];

struct RefusedExpression {
    files: Globs,
}

fn build(options: &mut Options<'_>) -> Result<Box<dyn Check>, OptionError> {
    Ok(Box::new(RefusedExpression { files: options.globs("files")? }))
}

impl Check for RefusedExpression {
    fn interests(&self) -> Vec<Interest> {
        vec![Interest::Files(self.files.clone())]
    }

    fn judge(&self, context: &Context<'_>, subject: Subject<'_>, out: &mut Findings) {
        let Subject::File(file) = subject else { return };
        for block in context.repo.blocks_in(file) {
            let is_read = !NEVER.contains(&block.block.kind.name.as_str());
            if is_read && !is_for_old_release(context.repo, block.module) {
                judge(context.repo, &block, out);
            }
        }
    }
}

fn judge<'s>(repo: &Repo<'s>, block: &BlockRef<'s>, out: &mut Findings) {
    let body = &block.block.body;
    let work = Work::in_body(body, &[]);
    if work.is_empty() {
        return;
    }
    let mut judged = Judged { repo, file: block.file, seen: HashSet::new(), out };
    // What says how often the block is there is seen from outside of it.
    let repeats = ["count", "for_each"].map(|name| body.attribute(name).map(|it| it.value.range));
    let is_outside =
        |expr: &&Expr| repeats.iter().flatten().any(|range| range.contains(expr.range));
    let (outside, parts) = work.parts.into_iter().partition(is_outside);
    let outside = Work { parts: outside, dynamics: Vec::new() };
    if !outside.is_empty() {
        judged.work(&outside, &certain_instances(repo, block.module).collect::<Vec<_>>());
    }
    let inside = Work { parts, dynamics: work.dynamics };
    if !inside.is_empty() {
        judged.work(&inside, &certain_scopes(repo, block));
    }
}

/// What there is to judge in a body.
struct Work<'s> {
    /// The parts of its expressions.
    parts: Vec<&'s Expr>,
    /// The `dynamic` blocks, with what there is in the blocks that they make.
    dynamics: Vec<(&'s Block, Work<'s>)>,
}

impl<'s> Work<'s> {
    /// In `body`, where the elements around it are called by the names `bound`.
    fn in_body(body: &'s Body, bound: &[&str]) -> Self {
        let mut parts = Vec::new();
        for expr in body.expressions_without(&READ) {
            add_parts(expr, bound, &mut parts);
        }
        let mut dynamics = Vec::new();
        for dynamic in dynamic_blocks(body) {
            if let Some(for_each) = dynamic.body.attribute("for_each") {
                add_parts(&for_each.value, bound, &mut parts);
            }
            let (Some(name), Some(content)) = (dynamic.iterator(), dynamic.body.block("content"))
            else {
                continue;
            };
            let bound: Vec<&str> = bound.iter().copied().chain([name]).collect();
            let inner = Work::in_body(&content.body, &bound);
            if !inner.is_empty() {
                dynamics.push((dynamic, inner));
            }
        }
        Work { parts, dynamics }
    }

    fn is_empty(&self) -> bool {
        self.parts.is_empty() && self.dynamics.is_empty()
    }
}

/// The `dynamic` blocks in `body`, also those in blocks that are written out.
fn dynamic_blocks(body: &Body) -> Vec<&Block> {
    let (mut found, mut waiting) = (Vec::new(), vec![body]);
    while let Some(body) = waiting.pop() {
        for block in body.blocks() {
            match block.kind.name.as_str() {
                "dynamic" => found.push(block),
                kind if READ.contains(&kind) => {}
                _ => waiting.push(&block.body),
            }
        }
    }
    found
}

/// What is judged in one block.
struct Judged<'a, 's> {
    repo: &'a Repo<'s>,
    file: &'s SourceFile,
    /// What was told.
    seen: HashSet<TextRange>,
    out: &'a mut Findings,
}

impl<'s> Judged<'_, 's> {
    /// Judges `work` as it is seen in each of `scopes`, and what `dynamic` blocks make in each of their elements.
    fn work(&mut self, work: &Work<'s>, scopes: &[Scope<'s>]) {
        for expr in &work.parts {
            self.expression(expr, scopes);
        }
        for (dynamic, inner) in &work.dynamics {
            let elements = |scope| self.repo.scopes_of_dynamic(scope, self.file, dynamic);
            let elements: Vec<_> = scopes.iter().filter_map(elements).flatten().collect();
            self.work(inner, &elements);
        }
    }

    fn expression(&mut self, expr: &'s Expr, scopes: &[Scope<'s>]) {
        self.out.site();
        let expr = ExprRef { file: self.file, expr };
        let Some((refusal, scope)) = first_refusal(self.repo, expr, scopes) else { return };
        if !self.seen.insert(refusal.span.range) {
            return;
        }
        let mut finding = Finding::new("refused", refusal.span).arg("why", refusal.why);
        if let Some((call, _)) = self.repo.caller(scope) {
            finding = finding.related(call.header(), "as it is called here");
        }
        self.out.report(finding);
    }
}

/// The first of `scopes` in which `expr` is refused for something that is written in itself: what stands behind a name is judged
/// there.
fn first_refusal<'a, 's>(
    repo: &Repo<'s>,
    expr: ExprRef<'s>,
    scopes: &'a [Scope<'s>],
) -> Option<(Refusal, &'a Scope<'s>)> {
    let whole = expr.span();
    let mut refused = scopes.iter().filter_map(|scope| Some((repo.refusal(expr, scope)?, scope)));
    refused.find(|(refusal, _)| {
        refusal.span.file == whole.file && whole.range.contains(refusal.span.range)
    })
}

/// Adds to `found` the smallest parts of `expr` that are evaluated whatever the rest comes to, and in which something may be
/// refused; `bound` are the names of elements.
fn add_parts<'e>(expr: &'e Expr, bound: &[&str], found: &mut Vec<&'e Expr>) {
    let mut waiting: SmallVec<[&Expr; 8]> = smallvec![expr];
    while let Some(expr) = waiting.pop() {
        let is_open = match &expr.kind {
            ExprKind::Tuple(_) | ExprKind::Paren(_) => true,
            // A key that is worked out may be none.
            ExprKind::Object(entries) => entries.iter().all(|it| it.literal_key().is_some()),
            ExprKind::Call(call) => GATHERING.contains(&call.name.name.as_str()),
            _ => false,
        };
        if is_open {
            waiting.extend(expr.children().into_iter().rev());
        } else if may_be_refused(expr, bound) {
            found.push(expr);
        }
    }
}

/// Functions that put together what they are given, part by part.
const GATHERING: [&str; 3] = ["jsonencode", "yamlencode", "merge"];

/// What Terraform knows by a first name, and how many more names lead to a value of which more may be asked than there is.
const NAMED: [(&str, usize); 5] =
    [("local", 1), ("var", 1), ("each", 1), ("module", 2), ("data", usize::MAX)];

/// Whether something in `expr` is of a kind that is refused for what it comes to.
fn may_be_refused(expr: &Expr, bound: &[&str]) -> bool {
    expr.descendants().any(|it| match &it.kind {
        ExprKind::Call(call) => !GATHERING.contains(&call.name.name.as_str()),
        ExprKind::For(_) | ExprKind::Unary(..) => true,
        ExprKind::Object(entries) => entries.iter().any(|it| it.literal_key().is_none()),
        ExprKind::Binary(binary) => !matches!(
            binary.op,
            BinaryOp::And | BinaryOp::Or | BinaryOp::Equal | BinaryOp::NotEqual
        ),
        ExprKind::Template(template) => template.as_literal().is_none(),
        ExprKind::Traversal(traversal) => asks_for_more(traversal, bound),
        _ => false,
    })
}

/// Whether `traversal` asks for a part of a value that may not have it. What is not said of a resource is its provider's to say: only
/// which of several is asked for may be wrong.
fn asks_for_more(traversal: &Traversal, bound: &[&str]) -> bool {
    let ExprKind::Variable(root) = &traversal.base.kind else { return true };
    if bound.contains(&root.as_str()) {
        return traversal.steps.len() > 1;
    }
    match NAMED.iter().find(|(name, _)| name == root) {
        Some((_, names)) => traversal.steps.len() > *names,
        None => traversal
            .steps
            .get(1)
            .is_some_and(|step| matches!(step.kind, StepKind::Index(_) | StepKind::LegacyIndex(_))),
    }
}
