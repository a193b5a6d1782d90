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
use crate::syntax::hcl::{BinaryOp, Expr, ExprKind, StepKind};
use crate::text::Globs;

use super::certain::{certain_instances, certain_scopes};

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
            if !NEVER.contains(&block.block.kind.name.as_str()) {
                judge(context.repo, &block, out);
            }
        }
    }
}

fn judge(repo: &Repo<'_>, block: &BlockRef<'_>, out: &mut Findings) {
    let body = &block.block.body;
    let exprs = body.expressions_without(&READ);
    let exprs: Vec<&Expr> = exprs.into_iter().filter(|it| may_be_refused(it)).collect();
    if exprs.is_empty() {
        return;
    }
    let repeats = |expr: &Expr| {
        let mut arguments = ["count", "for_each"].into_iter();
        arguments.any(|name| body.attribute(name).is_some_and(|it| it.value.range == expr.range))
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

/// Whether something in `expr` is of a kind that is refused for what it comes to.
fn may_be_refused(expr: &Expr) -> bool {
    expr.descendants().any(|it| match &it.kind {
        ExprKind::Call(_) | ExprKind::For(_) => true,
        ExprKind::Binary(binary) => !matches!(binary.op, BinaryOp::And | BinaryOp::Or),
        ExprKind::Template(template) => template.as_literal().is_none(),
        ExprKind::Traversal(traversal) => {
            let is_index =
                |kind: &StepKind| matches!(kind, StepKind::Index(_) | StepKind::LegacyIndex(_));
            traversal.steps.len() > 1 || traversal.steps.iter().any(|step| is_index(&step.kind))
        }
        _ => false,
    })
}
