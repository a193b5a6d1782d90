//! `import`, `moved` and `removed` blocks that have done their work.

use crate::diagnostic::Applicability;
use crate::model::{BlockRef, Repo, call_target};
use crate::rule::write;
use crate::rule::{
    Check, CheckDef, Context, Finding, Findings, Interest, LookBack, OptionError, Options, Outcome,
    Subject,
};
use crate::syntax::Parsed;
use crate::syntax::hcl::{Expr, Reference};
use crate::workspace::Earlier;

pub(super) const CHECK: CheckDef = CheckDef {
    name: "adopted_block",
    outcomes: &[
        Outcome { name: "import", placeholders: &["address"] },
        Outcome { name: "old_import", placeholders: &["address", "days"] },
        Outcome { name: "moved", placeholders: &["address"] },
        Outcome { name: "removed", placeholders: &["address"] },
    ],
    build,
};

/// The blocks, and the attribute that says what each is about.
const KINDS: [(&str, &str); 3] = [("import", "to"), ("moved", "to"), ("removed", "from")];

struct AdoptedBlock {
    /// So many days before the commit under check a block must not have been there.
    days: u32,
}

fn build(options: &mut Options<'_>) -> Result<Box<dyn Check>, OptionError> {
    let days = options.number("days")?;
    if !(1.0..=3660.0).contains(&days) || days.fract() != 0.0 {
        let message = "`days` must be a whole number from 1 to 3660".to_owned();
        return Err(OptionError { message, range: options.place() });
    }
    #[expect(clippy::cast_sign_loss, reason = "checked on the lines above")]
    let days = days as u32;
    Ok(Box::new(AdoptedBlock { days }))
}

impl Check for AdoptedBlock {
    fn interests(&self) -> Vec<Interest> {
        KINDS.iter().map(|(kind, _)| Interest::blocks(kind)).collect()
    }

    fn looks_back(&self) -> Option<LookBack> {
        let words = KINDS.iter().map(|(kind, _)| format!("{kind} {{")).collect();
        Some(LookBack { days: self.days, words })
    }

    fn judge(&self, context: &Context<'_>, subject: Subject<'_>, out: &mut Findings) {
        let Subject::Block(block) = subject else { return };
        let Some((kind, key)) = KINDS.iter().find(|(kind, _)| block.block.kind.name == *kind)
        else {
            return;
        };
        let Some(attribute) = block.block.body.attribute(key) else { return };
        out.site();
        // What walks an input goes on to adopt what somebody gives it.
        if block.block.body.attribute("for_each").is_some_and(|it| is_input(&it.value)) {
            return;
        }
        // What was removed is not there any more; what is adopted or moved must be.
        if *kind != "removed" && !is_declared(context.repo, &block, &attribute.value) {
            return;
        }
        let address = &*block.file.code(attribute.value.range);
        let was_there = match context.past.earlier(self.days, &block.file.path) {
            Earlier::Text(text) => {
                let older = Parsed::new(block.file.path.clone(), text.into(), block.file.format);
                Some(declares(&older, kind, key, address))
            }
            Earlier::Absent => Some(false),
            Earlier::Unknown => None,
        };
        let outcome = match (*kind, was_there) {
            // It may not have been applied yet.
            (_, Some(false)) => return,
            ("import", Some(true)) => "old_import",
            (kind, _) => kind,
        };
        let finding = Finding::new(outcome, block.header()).arg("address", address);
        // Whoever calls a module from elsewhere has states that nobody here knows.
        let instances = &context.repo.module(block.module).instances;
        let is_root = instances.iter().all(|&it| context.repo.instance(it).parent.is_none());
        let edit = write::construct_out(block.file, block.block.range).filter(|_| is_root);
        let edit = edit.map(|edit| vec![edit]);
        // Of a block that nobody knows to be old, it may not have been applied yet: without it the next apply would make anew, or
        // destroy, what it is about.
        let applicability = match was_there {
            Some(_) => write::removal(block.file, block.block.range),
            None => Applicability::DisplayOnly,
        };
        let finding = finding.arg("days", self.days.to_string());
        out.report(finding.fix(applicability, "delete the block", edit));
    }
}

/// Whether the value of `expr` comes from a variable.
fn is_input(expr: &Expr) -> bool {
    expr.references(&[]).iter().any(|reference| reference.root == "var")
}

/// Whether `file` has a block `kind` that is about `address`.
fn declares(file: &Parsed, kind: &str, key: &str, address: &str) -> bool {
    let mut blocks = file.hcl.iter().flat_map(|document| document.body.blocks_of(kind));
    blocks.any(|block| {
        let attribute = block.body.attribute(key);
        attribute.is_some_and(|it| file.code(it.value.range) == address)
    })
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
