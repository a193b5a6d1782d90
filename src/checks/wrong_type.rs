//! What a module call gives an input, and what a variable has as its default, fits the type that the variable declares: Terraform
//! refuses what does not, and drops without a word what the type has no place for.

use crate::config::nearest;
use crate::model::BlockRef;
use crate::rule::{Check, CheckDef, Context, Finding, Findings, Interest, Outcome, Subject};
use crate::syntax::hcl::Attribute;

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
                self.judge_value(&block, &block, default, out);
            }
            return;
        }
        let Some(callee) = callee(context.repo, &block) else { return };
        for input in inputs(&block) {
            if let Some(variable) = callee.names.variables.get(&input.key.name) {
                self.judge_value(&block, variable, input, out);
            }
        }
    }
}

impl WrongType {
    /// `given` stands in `block`, and is the value of `variable`.
    fn judge_value(
        &self,
        block: &BlockRef<'_>,
        variable: &BlockRef<'_>,
        given: &Attribute,
        out: &mut Findings,
    ) {
        let Some(kind) = variable.block.body.attribute("type") else { return };
        let Some(name) = variable.block.label(0) else { return };
        out.site();
        for misfit in misfits(&kind.value, &given.value, name) {
            if self.dropped == matches!(misfit.fault, Fault::Dropped { .. }) {
                let type_at = variable.file.span(kind.key.range);
                out.report(finding(block, misfit).related(type_at, "its type is declared here"));
            }
        }
    }
}

fn finding(block: &BlockRef<'_>, misfit: Misfit) -> Finding {
    let Misfit { range, path, fault } = misfit;
    let at = |outcome| Finding::new(outcome, block.file.span(range));
    match fault {
        Fault::Wrong { given, wanted } => {
            at("wrong").arg("path", path).arg("given", given).arg("wanted", wanted)
        }
        Fault::Missing { attribute } => {
            at("missing").arg("path", path).arg("attribute", attribute.as_str())
        }
        Fault::Dropped { attribute, known } => {
            let nearest = nearest(&attribute, known.iter().map(|it| it.as_str()));
            let nearest = nearest.map(|it| format!("; did you mean `{it}`?"));
            at("dropped")
                .arg("path", path)
                .arg("attribute", attribute.as_str())
                .arg("nearest", nearest.unwrap_or_default())
        }
    }
}
