//! Calls of modules in the repo give the inputs that the module declares: none that it does not, all that it requires.

use smol_str::SmolStr;

use crate::model::{BlockRef, Module, Repo, call_target};
use crate::rule::{Check, CheckDef, Context, Finding, Findings, Interest, Outcome, Subject};
use crate::syntax::SourceFile;
use crate::syntax::hcl::Attribute;
use crate::text::{Globs, Span, dir_of};

use super::reference::{meant, open};

pub(super) const UNKNOWN: CheckDef = CheckDef {
    name: "unknown_input",
    outcomes: &[Outcome { name: "unknown", placeholders: &["input", "module", "nearest"] }],
    build: |_| Ok(Box::new(UnknownInput)),
};

pub(super) const MISSING: CheckDef = CheckDef {
    name: "missing_input",
    outcomes: &[Outcome { name: "missing", placeholders: &["input", "module", "call"] }],
    build: |_| Ok(Box::new(MissingInput)),
};

/// The arguments of a call that are Terraform's own: others than those of a resource.
const CALL_ARGUMENTS: [&str; 7] =
    ["source", "version", "count", "for_each", "providers", "depends_on", "enabled"];

struct UnknownInput;
struct MissingInput;

/// The blocks that these checks are shown.
pub(super) fn calls() -> Vec<Interest> {
    vec![Interest::blocks("module")]
}

/// The module that `call` calls, where it lies in the repo.
pub(super) fn callee<'r, 's>(repo: &'r Repo<'s>, call: &BlockRef<'s>) -> Option<&'r Module<'s>> {
    let dir = call_target(&repo.module(call.module).dir, call.block)?;
    Some(repo.module(repo.module_in(&dir)?))
}

/// Whether `block` is a resource of one of `types`, or calls one of `modules`.
pub(super) fn is_resource_or_call(block: &BlockRef<'_>, types: &[String], modules: &Globs) -> bool {
    let Some(label) = block.block.label(0) else { return false };
    match block.block.kind.name.as_str() {
        "resource" => types.iter().any(|known| known == label),
        "module" => call_target(dir_of(&block.file.path), block.block)
            .is_some_and(|target| modules.is_match(&target)),
        _ => false,
    }
}

/// The inputs that `call` gives.
pub(super) fn inputs<'s>(call: &BlockRef<'s>) -> impl Iterator<Item = &'s Attribute> + use<'s> {
    let is_input = |attribute: &&Attribute| !CALL_ARGUMENTS.contains(&attribute.key.name.as_str());
    call.block.body.attributes().filter(is_input)
}

impl Check for UnknownInput {
    fn interests(&self) -> Vec<Interest> {
        calls()
    }

    fn judge(&self, context: &Context<'_>, subject: Subject<'_>, out: &mut Findings) {
        let Subject::Block(call) = subject else { return };
        let Some(callee) = callee(context.repo, &call) else { return };
        judge_names(context.repo, callee, (call.file, inputs(&call)), out, |given, span| {
            Finding::new("unknown", span).arg("input", given).arg("module", &*callee.dir)
        });
    }
}

/// Reports which of the values in a file are none of a variable of `module`, as `finding` says it; and adds which may be meant.
pub(super) fn judge_names<'s>(
    repo: &Repo<'s>,
    module: &Module<'s>,
    (file, values): (&SourceFile, impl Iterator<Item = &'s Attribute>),
    out: &mut Findings,
    finding: impl Fn(&str, Span) -> Finding,
) {
    let variables = &module.names.variables;
    for Attribute { key, .. } in values {
        out.site();
        if variables.contains_key(&key.name) {
            continue;
        }
        let span = file.span(key.range);
        if let Some(reason) = open(repo, module) {
            out.unknown(span, reason.to_string());
            continue;
        }
        let nearest = meant(&key.name, variables.keys().map(SmolStr::as_str));
        out.report(finding(&key.name, span).arg("nearest", nearest));
    }
}

impl Check for MissingInput {
    fn interests(&self) -> Vec<Interest> {
        calls()
    }

    fn judge(&self, context: &Context<'_>, subject: Subject<'_>, out: &mut Findings) {
        let Subject::Block(call) = subject else { return };
        let Some(callee) = callee(context.repo, &call) else { return };
        for variable in required(callee) {
            let Some(name) = variable.block.label(0) else { continue };
            out.site();
            if call.block.body.attribute(name).is_none() {
                out.report(
                    Finding::new("missing", call.header())
                        .arg("input", name)
                        .arg("module", &*callee.dir)
                        .arg("call", call.block.label(0).unwrap_or_default())
                        .related(variable.header(), "it has no default"),
                );
            }
        }
    }
}

/// The variables of `module` that have no default, in the order in which they are declared.
pub(super) fn required<'r, 's>(module: &'r Module<'s>) -> Vec<&'r BlockRef<'s>> {
    let is_required = |variable: &&BlockRef<'_>| variable.block.body.attribute("default").is_none();
    let mut required: Vec<_> = module.names.variables.values().filter(is_required).collect();
    required.sort_by_key(|variable| (variable.file.id, variable.block.range.start));
    required
}
