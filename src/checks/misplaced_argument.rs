//! What Terraform knows, and does not take where it stands: `lifecycle` settings of a data source, `prevent_destroy` of a module.
//!
//! Invariant: only what every release refuses is told, of Terraform as of `OpenTofu`.

use crate::model::BlockRef;
use crate::rule::{Check, CheckDef, Context, Finding, Findings, Interest, Outcome, Subject};
use crate::syntax::hcl::Block;

use super::block_grammar::name_of;
use super::old_release::is_for_old_release;

pub(super) const CHECK: CheckDef = CheckDef {
    name: "misplaced_argument",
    outcomes: &[
        Outcome { name: "misplaced", placeholders: &["block", "name", "takers"] },
        Outcome { name: "inner", placeholders: &["name"] },
        Outcome { name: "dynamic", placeholders: &["name"] },
        Outcome { name: "second", placeholders: &["block"] },
    ],
    build: |_| Ok(Box::new(MisplacedArgument)),
};

const KINDS: [&str; 10] = [
    "resource",
    "data",
    "ephemeral",
    "module",
    "provider",
    "variable",
    "output",
    "moved",
    "removed",
    "check",
];

/// What a block does not take, by its type and that of the block around it.
const REFUSED: [(&str, &[&str]); 9] = [
    ("data", &["provisioner", "connection"]),
    ("ephemeral", &["provisioner", "connection"]),
    ("provider", &["count", "depends_on", "lifecycle", "provisioner", "connection"]),
    ("variable", &["count", "for_each", "depends_on", "lifecycle", "provider"]),
    ("output", &["count", "for_each", "lifecycle", "provider"]),
    ("moved", &["count", "for_each", "lifecycle", "provider"]),
    ("removed", &["count", "for_each", "provider"]),
    ("check", &["count", "for_each", "depends_on", "lifecycle"]),
    ("module", &["connection", "provisioner"]),
];

/// What `lifecycle` takes in a resource, and nowhere else.
const OF_RESOURCES: [&str; 4] =
    ["create_before_destroy", "prevent_destroy", "ignore_changes", "replace_triggered_by"];

/// What Terraform reads before it repeats blocks.
const NEVER_DYNAMIC: [&str; 3] = ["lifecycle", "provisioner", "connection"];

struct MisplacedArgument;

impl Check for MisplacedArgument {
    fn interests(&self) -> Vec<Interest> {
        KINDS.into_iter().map(Interest::blocks).collect()
    }

    fn judge(&self, context: &Context<'_>, subject: Subject<'_>, out: &mut Findings) {
        let Subject::Block(block) = subject else { return };
        let kind = block.block.kind.name.as_str();
        if is_for_old_release(context.repo, block.module) {
            return;
        }
        out.site();
        let refused = refused_in(kind);
        judge_block(&block, block.block, refused, out);
        match kind {
            "resource" | "data" | "ephemeral" => judge_dynamic(&block, block.block, out),
            "module" => judge_call(&block, out),
            "check" => judge_scoped(&block, out),
            _ => {}
        }
        if kind != "resource" && !refused.contains(&"lifecycle") {
            for lifecycle in block.block.body.blocks_of("lifecycle") {
                judge_block(&block, lifecycle, &OF_RESOURCES, out);
            }
        }
    }
}

fn refused_in(kind: &str) -> &'static [&'static str] {
    REFUSED.iter().find(|(of, _)| *of == kind).map_or(&[], |(_, names)| names)
}

/// Reports those of `names` that stand in `block`, which is `top` or stands in it.
fn judge_block(top: &BlockRef<'_>, block: &Block, names: &[&str], out: &mut Findings) {
    for item in &block.body.items {
        let name = name_of(item);
        if names.contains(&name.name.as_str()) {
            let finding = Finding::new("misplaced", top.file.span(name.range));
            let finding = finding.address(top.address()).arg("block", top.address());
            out.report(finding.arg("name", &*name.name).arg("takers", takers(&name.name)));
        }
    }
}

/// Who takes what is called `name`.
fn takers(name: &str) -> &'static str {
    match name {
        "count" | "for_each" | "depends_on" => "resources, data sources and module calls do",
        "provider" => "resources and data sources do",
        _ => "a resource does",
    }
}

/// A call takes arguments, and of blocks what older and other releases have.
fn judge_call(call: &BlockRef<'_>, out: &mut Findings) {
    for inner in call.block.body.blocks() {
        let kind = inner.kind.name.as_str();
        if !matches!(kind, "lifecycle" | "providers") && !refused_in("module").contains(&kind) {
            let finding = Finding::new("inner", call.file.span(inner.header));
            out.report(finding.address(call.address()).arg("name", kind));
        }
    }
}

fn judge_dynamic(top: &BlockRef<'_>, block: &Block, out: &mut Findings) {
    for inner in block.body.blocks_of("dynamic") {
        let Some(name) = inner.label(0).filter(|name| NEVER_DYNAMIC.contains(name)) else {
            continue;
        };
        let finding = Finding::new("dynamic", top.file.span(inner.header));
        out.report(finding.address(top.address()).arg("name", name));
    }
}

/// What a `check` looks at is one data source, which is read once and breaks nothing.
fn judge_scoped(check: &BlockRef<'_>, out: &mut Findings) {
    let mut sources = check.block.body.blocks_of("data");
    if let Some(only) = sources.next() {
        let names = ["count", "for_each", "lifecycle", "provisioner", "connection"];
        judge_block(check, only, &names, out);
    }
    for second in sources {
        let finding = Finding::new("second", check.file.span(second.header));
        out.report(finding.address(check.address()).arg("block", check.address()));
    }
}
