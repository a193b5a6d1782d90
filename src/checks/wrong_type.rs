//! What a module call gives an input, and what a variable has as its default, fits the type that the variable declares: Terraform
//! refuses what does not, and drops without a word what the type has no place for.

use smol_str::SmolStr;

use crate::config::nearest;
use crate::model::{BlockRef, ExprRef, Repo};
use crate::rule::{Check, CheckDef, Context, Finding, Findings, Interest, Outcome, Subject};
use crate::syntax::hcl::{Attribute, ExprKind};
use crate::text::Span;

use super::literal_type::{Fault, Misfit, misfits};
use super::module_inputs::{callee, inputs};

pub(super) const WRONG: CheckDef = CheckDef {
    name: "wrong_type",
    summary: "inputs and defaults are of the type that the variable declares",
    outcomes: &[
        Outcome { name: "wrong", placeholders: &["path", "given", "wanted"] },
        Outcome { name: "missing", placeholders: &["path", "attribute"] },
    ],
    build: |_| Ok(Box::new(WrongType { dropped: false })),
};

pub(super) const DROPPED: CheckDef = CheckDef {
    name: "dropped_attribute",
    summary: "objects in inputs and defaults have no attributes that the variable's type does not have",
    outcomes: &[Outcome { name: "dropped", placeholders: &["path", "attribute", "nearest"] }],
    build: |_| Ok(Box::new(WrongType { dropped: true })),
};

/// So many locals are followed: one may name itself.
const MAX_STEPS: usize = 16;

struct WrongType {
    /// Whether it looks for what is dropped, or for what is refused.
    dropped: bool,
}

impl Check for WrongType {
    fn interests(&self) -> Vec<Interest> {
        vec![Interest::blocks("module"), Interest::blocks("variable")]
    }

    fn judge(&self, context: &Context<'_>, subject: Subject<'_>, out: &mut Findings) {
        let Subject::Block(block) = subject else { return };
        if block.block.kind.name == "variable" {
            if let Some(default) = block.block.body.attribute("default") {
                self.judge_value(context.repo, &block, &block, default, out);
            }
            return;
        }
        let Some(callee) = callee(context.repo, &block) else { return };
        for input in inputs(&block) {
            if let Some(variable) = callee.names.variables.get(&input.key.name) {
                self.judge_value(context.repo, &block, variable, input, out);
            }
        }
    }
}

impl WrongType {
    /// `given` stands in `block`, and is the value of `variable`.
    fn judge_value(
        &self,
        repo: &Repo<'_>,
        block: &BlockRef<'_>,
        variable: &BlockRef<'_>,
        given: &Attribute,
        out: &mut Findings,
    ) {
        let Some(kind) = variable.block.body.attribute("type") else { return };
        let Some(name) = variable.block.label(0) else { return };
        out.site();
        let used = ExprRef { file: block.file, expr: &given.value };
        let written = written(repo, block, used);
        for misfit in misfits(&kind.value, written.expr, name) {
            if self.dropped == matches!(misfit.fault, Fault::Dropped { .. }) {
                let place = written.file.span(misfit.range);
                let is_here = std::ptr::eq(written.expr, used.expr);
                let mut finding = finding(if is_here { place } else { used.span() }, misfit);
                if !is_here {
                    finding = finding.related(place, "the value comes from here");
                }
                let type_at = variable.file.span(kind.key.range);
                out.report(finding.related(type_at, "its type is declared here"));
            }
        }
    }
}

/// What `expr` says, and where it names a local, what that says.
fn written<'s>(repo: &Repo<'s>, block: &BlockRef<'s>, expr: ExprRef<'s>) -> ExprRef<'s> {
    let locals = &repo.module(block.module).names.locals;
    let mut at = expr;
    for _ in 0..MAX_STEPS {
        let local = match &at.expr.unparenthesised().kind {
            ExprKind::Traversal(traversal) => traversal.local(),
            _ => None,
        };
        match local.and_then(|name| locals.get(name)) {
            Some(next) => at = *next,
            None => return at,
        }
    }
    expr
}

fn finding(span: Span, misfit: Misfit) -> Finding {
    let Misfit { path, fault, .. } = misfit;
    let at = |outcome| Finding::new(outcome, span);
    match fault {
        Fault::Wrong { given, wanted } => {
            at("wrong").arg("path", path).arg("given", given).arg("wanted", wanted)
        }
        Fault::Missing { attribute } => {
            at("missing").arg("path", path).arg("attribute", attribute.as_str())
        }
        Fault::Dropped { attribute, known } => {
            let nearest = nearest(&attribute, known.iter().map(SmolStr::as_str));
            let nearest = nearest.map(|it| format!("; did you mean `{it}`?"));
            at("dropped")
                .arg("path", path)
                .arg("attribute", attribute.as_str())
                .arg("nearest", nearest.unwrap_or_default())
        }
    }
}
