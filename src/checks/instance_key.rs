//! What `count` and `for_each` multiply is referred to one by one, and nothing else is.
//!
//! Invariant: as `terraform validate` 1.11 has it, which refuses both for resources even in `try`; of modules it sees less.

use crate::model::{BlockRef, Module};
use crate::rule::{
    Check, CheckDef, Context, Finding, Findings, Interest, OptionError, Options, Outcome, Subject,
};
use crate::syntax::hcl::{Block, Expr, ExprKind, Reference, StepKind};
use crate::text::{Globs, TextRange};

pub(super) const CHECK: CheckDef = CheckDef {
    name: "instance_key",
    outcomes: &[
        Outcome { name: "missing", placeholders: &["address", "argument", "example"] },
        Outcome { name: "unexpected", placeholders: &["address"] },
    ],
    build,
};

/// Blocks that name objects as a whole.
const WHOLE: [&str; 3] = ["moved", "import", "removed"];

struct InstanceKey {
    files: Globs,
}

fn build(options: &mut Options<'_>) -> Result<Box<dyn Check>, OptionError> {
    Ok(Box::new(InstanceKey { files: options.globs("files")? }))
}

impl Check for InstanceKey {
    fn interests(&self) -> Vec<Interest> {
        vec![Interest::Files(self.files.clone())]
    }

    fn judge(&self, context: &Context<'_>, subject: Subject<'_>, out: &mut Findings) {
        let Subject::File(file) = subject else { return };
        for block in context.repo.blocks_in(file) {
            if WHOLE.contains(&block.block.kind.name.as_str()) {
                continue;
            }
            let module = context.repo.module(block.module);
            if may_be_old(module) {
                continue;
            }
            for expr in block.block.body.expressions_without(&["lifecycle", "depends_on"]) {
                for reference in expr.references(&[]) {
                    judge(&block, module, expr, &reference, out);
                }
            }
        }
    }
}

/// Whether the module may be for Terraform 0.11, where one of one needed no key: every expression stands between quotes.
fn may_be_old(module: &Module<'_>) -> bool {
    let is_bare = |expr: &Expr| match &expr.kind {
        ExprKind::Traversal(_)
        | ExprKind::Call(_)
        | ExprKind::Conditional(_)
        | ExprKind::For(_) => true,
        ExprKind::Tuple(items) => items.iter().any(|it| matches!(it.kind, ExprKind::Traversal(_))),
        _ => false,
    };
    let is_new = |block: &Block| match block.kind.name.as_str() {
        "variable" => false,
        _ => block.body.expressions().into_iter().any(is_bare),
    };
    let mut trees = module.files.iter().filter_map(|file| file.hcl.as_ref());
    !trees.any(|document| document.body.blocks().any(is_new))
}

fn judge(
    block: &BlockRef<'_>,
    module: &Module<'_>,
    value: &Expr,
    reference: &Reference<'_>,
    out: &mut Findings,
) {
    let Some((declared, next)) = declared(module, reference) else { return };
    out.site();
    let Some(step) = reference.steps.get(next) else { return };
    let is_module = declared.block.kind.name == "module";
    let repeated = ["count", "for_each"]
        .into_iter()
        .find(|argument| declared.block.body.attribute(argument).is_some());
    let address = block.file.slice(reference.range(next));
    let here = reference.range(next + 1);
    match (&step.kind, repeated) {
        (StepKind::Attribute(_), Some(argument)) if !(is_module && is_tried(value, here)) => {
            let key = if argument == "count" { "[0]" } else { "[\"KEY\"]" };
            let finding = Finding::new("missing", block.file.span(here))
                .arg("address", address)
                .arg("argument", argument)
                .arg("example", format!("{address}{key}"))
                .related(header_of(declared, argument), "it is multiplied here");
            out.report(finding);
        }
        (StepKind::Index(_) | StepKind::LegacyIndex(_), None) if !is_module => {
            let finding = Finding::new("unexpected", block.file.span(step.range))
                .arg("address", address)
                .related(declared.header(), "there is one of it");
            out.report(finding);
        }
        _ => {}
    }
}

fn header_of(declared: &BlockRef<'_>, argument: &str) -> crate::text::Span {
    let attribute = declared.block.body.attribute(argument);
    attribute.map_or_else(|| declared.header(), |it| declared.file.span(it.key.range))
}

/// Whether what stands at `range` in `value` may fail: it stands in `try` or `can`.
fn is_tried(value: &Expr, range: TextRange) -> bool {
    let tries = |expr: &Expr| matches!(&expr.kind, ExprKind::Call(call) if matches!(call.name.name.as_str(), "try" | "can"));
    value.descendants().any(|expr| expr.range.contains(range) && tries(expr))
}

/// The block that is referred to, and which step comes behind its name.
fn declared<'m, 's>(
    module: &'m Module<'s>,
    reference: &Reference<'_>,
) -> Option<(&'m BlockRef<'s>, usize)> {
    let root = reference.root;
    let name = |at| reference.name(at).cloned();
    let names = &module.names;
    match root.as_str() {
        "var" | "local" | "each" | "count" | "path" | "self" | "terraform" => None,
        "data" => Some((names.data.get(&(name(0)?, name(1)?))?, 2)),
        "module" => Some((names.calls.get(&name(0)?)?, 1)),
        _ => Some((names.resources.get(&(root.clone(), name(0)?))?, 1)),
    }
}
