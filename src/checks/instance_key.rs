//! What `count` and `for_each` multiply is referred to one by one, and nothing else is.
//!
//! Invariant: as `terraform validate` 1.11 has it, which refuses both for resources even in `try`; of modules it sees less.

use crate::model::{BlockRef, Module};
use crate::rule::{
    Check, CheckDef, Context, Finding, Findings, Interest, OptionError, Options, Outcome, Subject,
};
use crate::syntax::hcl::{Block, Body, Expr, ExprKind, Item, Step, StepKind, Traversal};
use crate::text::{Globs, TextRange};

use super::tried::Tried;

pub(super) const CHECK: CheckDef = CheckDef {
    name: "instance_key",
    outcomes: &[
        Outcome { name: "missing", placeholders: &["address", "argument", "example"] },
        Outcome { name: "unexpected", placeholders: &["address"] },
    ],
    build,
};

/// Blocks that name objects as a whole.
const WHOLE: [&str; 4] = ["moved", "import", "removed", "lifecycle"];

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
            let mut tried = Tried::default();
            for expr in expressions(&block.block.body).into_iter().flat_map(Expr::descendants) {
                let may_fail = tried.may_fail(expr);
                if let ExprKind::Traversal(traversal) = &expr.kind {
                    judge(&block, module, traversal, may_fail, out);
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

/// The values of all attributes but those in blocks that name objects as a whole.
fn expressions(body: &Body) -> Vec<&Expr> {
    let mut found = Vec::new();
    for item in &body.items {
        match item {
            // It takes an output of a module for the whole module.
            Item::Attribute(attribute) if attribute.key.name == "depends_on" => {}
            Item::Attribute(attribute) => found.push(&attribute.value),
            Item::Block(block) if WHOLE.contains(&block.kind.name.as_str()) => {}
            Item::Block(block) => found.extend(expressions(&block.body)),
        }
    }
    found
}

fn judge(
    block: &BlockRef<'_>,
    module: &Module<'_>,
    traversal: &Traversal,
    may_fail: bool,
    out: &mut Findings,
) {
    let Some((declared, next)) = declared(module, traversal) else { return };
    out.site();
    let Some(step) = traversal.steps.get(next) else { return };
    let is_module = declared.block.kind.name == "module";
    let repeated = ["count", "for_each"]
        .into_iter()
        .find(|argument| declared.block.body.attribute(argument).is_some());
    let start = traversal.base.range.start;
    let before = TextRange { start, end: step.range.start };
    let Some(address) = block.file.text.get(before.indices()) else { return };
    let here = TextRange { start, end: step.range.end };
    match (&step.kind, repeated) {
        (StepKind::Attribute(_), Some(argument)) if !(is_module && may_fail) => {
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

/// The block that `traversal` refers to, and which step comes behind its name.
fn declared<'m, 's>(
    module: &'m Module<'s>,
    traversal: &Traversal,
) -> Option<(&'m BlockRef<'s>, usize)> {
    let ExprKind::Variable(root) = &traversal.base.kind else { return None };
    let name = |at: usize| match traversal.steps.get(at).map(|Step { kind, .. }| kind) {
        Some(StepKind::Attribute(name)) => Some(name.clone()),
        _ => None,
    };
    let names = &module.names;
    match root.as_str() {
        "var" | "local" | "each" | "count" | "path" | "self" | "terraform" => None,
        "data" => Some((names.data.get(&(name(0)?, name(1)?))?, 2)),
        "module" => Some((names.calls.get(&name(0)?)?, 1)),
        _ => Some((names.resources.get(&(root.clone(), name(0)?))?, 1)),
    }
}
