//! Expressions that Terraform refuses for what they come to: a key that an object does not have, a text that is no number, a
//! network that does not fit into another.
//!
//! Invariant: what is told fails wherever Terraform evaluates it, in an instance that is certainly there; whatever stands in `try`
//! and `can`, and behind a condition that does not hold, does not.

use std::collections::HashSet;

use crate::model::{BlockRef, ExprRef, Refusal, Repo, Scope};
use crate::rule::{
    Check, CheckDef, Context, Finding, Findings, Interest, OptionError, Options, Outcome, Subject,
};
use crate::syntax::hcl::{BinaryOp, Expr, ExprKind, StepKind, Traversal};
use crate::text::Globs;

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

fn judge(repo: &Repo<'_>, block: &BlockRef<'_>, out: &mut Findings) {
    let body = &block.block.body;
    let exprs: Vec<&Expr> = body.expressions_without(&READ).into_iter().flat_map(parts).collect();
    if exprs.is_empty() {
        return;
    }
    let repeats = |expr: &Expr| {
        let mut arguments = ["count", "for_each"].into_iter();
        arguments
            .any(|name| body.attribute(name).is_some_and(|it| it.value.range.contains(expr.range)))
    };
    let inside = certain_scopes(repo, block);
    let mut seen = HashSet::new();
    for expr in exprs {
        out.site();
        let expr = ExprRef { file: block.file, expr };
        let found = if repeats(expr.expr) {
            first_refusal(repo, expr, certain_instances(repo, block.module))
        } else {
            first_refusal(repo, expr, inside.iter().cloned())
        };
        let Some((refusal, scope)) = found else { continue };
        if !seen.insert(refusal.span.range) {
            continue;
        }
        let mut finding = Finding::new("refused", refusal.span).arg("why", refusal.why);
        if let Some((call, _)) = repo.caller(&scope) {
            finding = finding.related(call.header(), "as it is called here");
        }
        out.report(finding);
    }
}

/// The first of `scopes` in which `expr` is refused for something that is written in itself: what stands behind a name is judged
/// there.
fn first_refusal<'s>(
    repo: &Repo<'s>,
    expr: ExprRef<'s>,
    scopes: impl Iterator<Item = Scope<'s>>,
) -> Option<(Refusal, Scope<'s>)> {
    let whole = expr.span();
    let mut refused = scopes.filter_map(|scope| Some((repo.refusal(expr, &scope)?, scope)));
    refused.find(|(refusal, _)| {
        refusal.span.file == whole.file && whole.range.contains(refusal.span.range)
    })
}

/// The smallest parts of `expr` that are evaluated whatever the rest comes to, and in which something may be refused.
fn parts(expr: &Expr) -> Vec<&Expr> {
    let (mut found, mut waiting) = (Vec::new(), vec![expr]);
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
        } else if may_be_refused(expr) {
            found.push(expr);
        }
    }
    found
}

/// Functions that put together what they are given, part by part.
const GATHERING: [&str; 3] = ["jsonencode", "yamlencode", "merge"];

/// What Terraform knows by a first name, and how many more names lead to a value of which more may be asked than there is.
const NAMED: [(&str, usize); 5] =
    [("local", 1), ("var", 1), ("each", 1), ("module", 2), ("data", usize::MAX)];

/// Whether something in `expr` is of a kind that is refused for what it comes to.
fn may_be_refused(expr: &Expr) -> bool {
    expr.descendants().any(|it| match &it.kind {
        ExprKind::Call(call) => !GATHERING.contains(&call.name.name.as_str()),
        ExprKind::For(_) | ExprKind::Unary(..) => true,
        ExprKind::Object(entries) => entries.iter().any(|it| it.literal_key().is_none()),
        ExprKind::Binary(binary) => !matches!(
            binary.op,
            BinaryOp::And | BinaryOp::Or | BinaryOp::Equal | BinaryOp::NotEqual
        ),
        ExprKind::Template(template) => template.as_literal().is_none(),
        ExprKind::Traversal(traversal) => asks_for_more(traversal),
        _ => false,
    })
}

/// Whether `traversal` asks for a part of a value that may not have it. What is not said of a resource is its provider's to say: only
/// which of several is asked for may be wrong.
fn asks_for_more(traversal: &Traversal) -> bool {
    let ExprKind::Variable(root) = &traversal.base.kind else { return true };
    match NAMED.iter().find(|(name, _)| name == root) {
        Some((_, names)) => traversal.steps.len() > *names,
        None => traversal
            .steps
            .get(1)
            .is_some_and(|step| matches!(step.kind, StepKind::Index(_) | StepKind::LegacyIndex(_))),
    }
}
