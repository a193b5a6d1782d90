//! Values that nothing keeps, where Terraform would keep them: in a plan, in the state, or in how many there are of something.
//!
//! Invariant: which arguments of a resource keep nothing, only its provider knows; of resources, only Terraform's own are judged.

use crate::model::{BlockRef, Module, Repo};
use crate::rule::{Check, CheckDef, Context, Finding, Findings, Interest, Outcome, Subject};
use crate::syntax::hcl::{Attribute, Expr, ExprKind, Reference};
use crate::text::TextRange;

use super::module_inputs::{callee, inputs};

pub(super) const CHECK: CheckDef = CheckDef {
    name: "ephemeral_value",
    outcomes: &[
        Outcome { name: "output", placeholders: &["value", "name"] },
        Outcome { name: "input", placeholders: &["value", "name", "module"] },
        Outcome { name: "repeated", placeholders: &["value", "argument"] },
        Outcome { name: "kept", placeholders: &["value", "argument"] },
    ],
    build: |_| Ok(Box::new(EphemeralValue)),
};

/// What Terraform itself is the provider of, with what it keeps.
const KEPT: [(&str, &[&str]); 2] = [
    ("terraform_data", &["input", "triggers_replace"]),
    ("terraform_remote_state", &["config", "workspace", "defaults"]),
];

/// Functions whose result is kept, whatever they are given.
const KEEPABLE: [&str; 2] = ["ephemeralasnull", "can"];

/// So many locals that are others are gone through.
const MOST_LOCALS: usize = 16;

struct EphemeralValue;

impl Check for EphemeralValue {
    fn interests(&self) -> Vec<Interest> {
        ["output", "module", "resource", "data"].map(Interest::blocks).to_vec()
    }

    fn judge(&self, context: &Context<'_>, subject: Subject<'_>, out: &mut Findings) {
        let Subject::Block(block) = subject else { return };
        let repo = context.repo;
        let body = &block.block.body;
        let judge = |outcome: &'static str, at: &Attribute, out: &mut Findings| {
            out.site();
            let found = ephemeral_in(repo, repo.module(block.module), &at.value, MOST_LOCALS)?;
            let value = block.file.slice(found);
            let finding = Finding::new(outcome, block.file.span(found)).address(block.address());
            Some(finding.arg("value", value))
        };
        let repeated = ["count", "for_each"].iter().filter_map(|name| body.attribute(name));
        let kind = block.block.kind.name.as_str();
        match kind {
            "output" => {
                let value = body.attribute("value").filter(|_| !says_so(&block));
                if let Some(finding) = value.and_then(|it| judge("output", it, out)) {
                    out.report(finding.arg("name", block.block.label(0).unwrap_or_default()));
                }
                return;
            }
            "module" => {
                let Some(callee) = callee(repo, &block) else { return };
                for input in inputs(&block) {
                    let Some(variable) = callee.names.variables.get(&input.key.name) else {
                        continue;
                    };
                    if says_so(variable) {
                        continue;
                    }
                    if let Some(finding) = judge("input", input, out) {
                        let finding =
                            finding.arg("name", &*input.key.name).arg("module", &*callee.dir);
                        out.report(finding.related(variable.header(), "it is declared here"));
                    }
                }
            }
            _ => {
                let kept = KEPT.iter().find(|(of, _)| block.block.label(0) == Some(of));
                for name in kept.map_or(&[][..], |(_, names)| names) {
                    let Some(argument) = body.attribute(name) else { continue };
                    if let Some(finding) = judge("kept", argument, out) {
                        out.report(finding.arg("argument", *name));
                    }
                }
            }
        }
        for argument in repeated {
            if let Some(finding) = judge("repeated", argument, out) {
                out.report(finding.arg("argument", &*argument.key.name));
            }
        }
    }
}

/// Where `expr` names a value that nothing keeps.
fn ephemeral_in(
    repo: &Repo<'_>,
    module: &Module<'_>,
    expr: &Expr,
    left: usize,
) -> Option<TextRange> {
    let keepable = |it: &&Expr| match &it.kind {
        ExprKind::Call(call) => KEEPABLE.contains(&call.name.name.as_str()),
        _ => false,
    };
    let references = expr.references(&[]);
    let mut found = references.iter().filter(|it| is_ephemeral(repo, module, it, left)).peekable();
    // Mostly there is none, and nothing more is looked at.
    found.peek()?;
    let calls: Vec<TextRange> = expr.descendants().filter(keepable).map(|it| it.range).collect();
    let is_kept = |range: TextRange| calls.iter().any(|call| call.contains(range));
    found.map(|it| it.range(it.steps.len())).find(|range| !is_kept(*range))
}

fn is_ephemeral(repo: &Repo<'_>, module: &Module<'_>, it: &Reference<'_>, left: usize) -> bool {
    let Some(name) = it.name(0) else { return false };
    let names = &module.names;
    match it.root.as_str() {
        "ephemeral" => true,
        "var" => names.variables.get(name).is_some_and(says_so),
        "local" => names.locals.get(name).is_some_and(|local| {
            let left = left.checked_sub(1);
            left.is_some_and(|left| ephemeral_in(repo, module, local.expr, left).is_some())
        }),
        "module" => {
            let output = (1..3).find_map(|at| it.name(at));
            let callee = names.calls.get(name).and_then(|call| callee(repo, call));
            callee.zip(output).is_some_and(|(callee, output)| {
                callee.names.outputs.get(output).is_some_and(says_so)
            })
        }
        _ => false,
    }
}

fn says_so(block: &BlockRef<'_>) -> bool {
    let says = block.block.body.attribute("ephemeral");
    says.is_some_and(|it| matches!(it.value.kind, ExprKind::Bool(true)))
}
