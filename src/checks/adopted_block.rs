//! `import`, `moved` and `removed` blocks that have done their work.

use crate::model::{BlockRef, Repo, call_target};
use crate::rule::{Check, CheckDef, Context, Finding, Findings, Interest, Outcome, Subject};
use crate::syntax::hcl::{Expr, Reference};

pub(super) const CHECK: CheckDef = CheckDef {
    name: "adopted_block",
    summary: "`import`, `moved` and `removed` blocks go when they have been applied",
    outcomes: &[
        Outcome { name: "import", placeholders: &["address"] },
        Outcome { name: "moved", placeholders: &["address"] },
        Outcome { name: "removed", placeholders: &["address"] },
    ],
    build: |_| Ok(Box::new(AdoptedBlock)),
};

/// The blocks, and the attribute that says what each is about.
const KINDS: [(&str, &str); 3] = [("import", "to"), ("moved", "to"), ("removed", "from")];

struct AdoptedBlock;

impl Check for AdoptedBlock {
    fn interests(&self) -> Vec<Interest> {
        KINDS.iter().map(|(kind, _)| Interest::Blocks { kind, labels: Vec::new() }).collect()
    }

    fn judge(&self, context: &Context<'_>, subject: Subject<'_>, out: &mut Findings) {
        let Subject::Block(block) = subject else { return };
        let Some((kind, key)) = KINDS.iter().find(|(kind, _)| block.block.kind.name == *kind)
        else {
            return;
        };
        let Some(attribute) = block.block.body.attribute(key) else { return };
        out.site();
        // What was removed is not there any more; what is adopted or moved must be.
        if *kind == "removed" || is_declared(context.repo, &block, &attribute.value) {
            out.report(
                Finding::new(kind, block.header())
                    .arg("address", block.file.slice(attribute.value.range)),
            );
        }
    }
}

/// Whether the address `expr` in the module of `block` leads to a resource or a module call.
fn is_declared(repo: &Repo<'_>, block: &BlockRef<'_>, expr: &Expr) -> bool {
    let references = expr.references(&[]);
    let Some(address) = references.first() else { return false };
    let names: Vec<&str> = names(address);
    let mut module = repo.module(block.module);
    let mut rest = names.as_slice();
    while let ["module", call, below @ ..] = rest {
        let Some(call) = module.names.calls.get(*call) else { return false };
        if below.is_empty() {
            return true;
        }
        let target = call_target(&module.dir, call.block).and_then(|dir| repo.module_in(&dir));
        // What lies in a module from elsewhere is taken to be there: Terraform would refuse the block otherwise.
        let Some(target) = target else { return true };
        module = repo.module(target);
        rest = below;
    }
    match rest {
        [kind, name, ..] => module.names.resources.contains_key(&((*kind).into(), (*name).into())),
        _ => false,
    }
}

/// The names of an address, without the keys that choose one instance.
fn names<'a>(address: &Reference<'a>) -> Vec<&'a str> {
    let steps = (0..address.steps.len()).filter_map(|at| address.name(at));
    std::iter::once(address.root).chain(steps).map(smol_str::SmolStr::as_str).collect()
}
