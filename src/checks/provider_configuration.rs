//! Configurations of providers are there where they are used: `provider = aws.west` in a module that has no such one, a call
//! that does not hand on what its module asks for, and calls that are repeated of modules which configure providers themselves.
//!
//! Invariant: where a caller, Terragrunt or a file that is not read may bring the configuration, nothing is said.

use std::collections::BTreeSet;
use std::fmt;

use crate::model::{BlockRef, Instance, Module, ModuleId, Repo, generated};
use crate::rule::{Check, CheckDef, Context, Finding, Findings, Interest, Outcome, Subject};
use crate::syntax::hcl::{Attribute, Block, Body, Expr, ExprKind, StepKind};
use crate::text::Span;

use super::certain::is_surely_root;
use super::module_inputs::callee;
use super::reference::{may_generate_for, meant, open};

pub(super) const CHECK: CheckDef = CheckDef {
    name: "provider_configuration",
    outcomes: &[
        Outcome {
            name: "missing",
            placeholders: &["configuration", "nearest", "provider", "alias"],
        },
        Outcome { name: "unpassed", placeholders: &["configuration", "call", "module"] },
        Outcome { name: "repeated", placeholders: &["argument", "call", "provider", "module"] },
    ],
    build: |_| Ok(Box::new(ProviderConfiguration)),
};

/// The blocks that say which configuration of a provider is theirs.
const USERS: [&str; 4] = ["resource", "data", "ephemeral", "import"];

/// The arguments of a call that make several of a module, or have it wait.
const REPEATING: [&str; 3] = ["count", "for_each", "depends_on"];

struct ProviderConfiguration;

/// `aws.west`
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
struct Configuration {
    provider: String,
    alias: String,
}

impl Check for ProviderConfiguration {
    fn interests(&self) -> Vec<Interest> {
        USERS.into_iter().chain(["module"]).map(Interest::blocks).collect()
    }

    fn judge(&self, context: &Context<'_>, subject: Subject<'_>, out: &mut Findings) {
        let Subject::Block(block) = subject else { return };
        let repo = context.repo;
        if block.block.kind.name != "module" {
            let used = block.block.body.attribute("provider");
            judge_used(repo, &block, used.map(|it| &it.value), out);
            return;
        }
        for (_, value) in passed(block.block) {
            judge_used(repo, &block, Some(value), out);
        }
        if let Some(callee) = callee(repo, &block) {
            judge_asked(repo, &block, callee, out);
            judge_repeated(repo, &block, callee, out);
        }
    }
}

/// Reports where `value` names a configuration that nobody gives to the module that `block` stands in.
fn judge_used(repo: &Repo<'_>, block: &BlockRef<'_>, value: Option<&Expr>, out: &mut Findings) {
    let Some((value, used)) = value.and_then(|it| Some((it, Configuration::named_by(it)?))) else {
        return;
    };
    out.site();
    let Some(known) = configured(repo, block.module) else { return };
    if known.contains(&used) || may_be_given(repo, block.module, &used) {
        return;
    }
    let name = used.to_string();
    let names: Vec<String> = known.iter().map(ToString::to_string).collect();
    let nearest = meant(&name, names.iter().map(String::as_str));
    let finding = Finding::new("missing", block.file.span(value.range))
        .arg("configuration", name)
        .arg("provider", used.provider)
        .arg("alias", used.alias)
        .arg("nearest", nearest);
    out.report(finding);
}

/// Reports what the module `callee` asks its callers for, and `call` does not hand on.
fn judge_asked(repo: &Repo<'_>, call: &BlockRef<'_>, callee: &Module<'_>, out: &mut Findings) {
    if callee.in_pieces || open(repo, callee).is_some() {
        return;
    }
    let given: BTreeSet<Configuration> =
        passed(call.block).filter_map(|(key, _)| Configuration::named_by(key)).collect();
    for (asked, place) in asked_for(callee) {
        out.site();
        if !given.contains(&asked) {
            let finding = Finding::new("unpassed", call.header())
                .arg("configuration", asked.to_string())
                .arg("call", call.block.label(0).unwrap_or_default())
                .arg("module", &*callee.dir);
            out.report(finding.related(place, "the module asks for it here"));
        }
    }
}

/// Reports a call that is repeated, or that waits, of a module that configures a provider: itself, or one that it calls.
fn judge_repeated(repo: &Repo<'_>, call: &BlockRef<'_>, callee: &Module<'_>, out: &mut Findings) {
    let body = &call.block.body;
    let repeating = REPEATING.iter().find_map(|name| body.attribute(name));
    let Some(Attribute { key, value, .. }) = repeating else { return };
    // An empty list of what it waits for is none.
    if matches!(&value.kind, ExprKind::Tuple(items) if key.name == "depends_on" && items.is_empty())
    {
        return;
    }
    out.site();
    let mut seen = BTreeSet::new();
    let Some((provider, place, module)) = configures(repo, callee, &mut seen) else { return };
    let finding = Finding::new("repeated", call.file.span(key.range))
        .arg("argument", key.name.as_str())
        .arg("call", call.block.label(0).unwrap_or_default())
        .arg("provider", provider)
        .arg("module", module);
    out.report(finding.related(place, "it is configured here"));
}

/// The first provider that `module`, or a module that it calls, configures itself; where, and in which directory. A block that says
/// nothing but an alias is an old way to ask the caller for it.
fn configures<'s>(
    repo: &Repo<'s>,
    module: &Module<'s>,
    seen: &mut BTreeSet<String>,
) -> Option<(String, Span, String)> {
    if module.in_pieces || !seen.insert(module.dir.to_string()) {
        return None;
    }
    for file in &module.files {
        let blocks = file.hcl.iter().flat_map(|document| document.body.blocks_of("provider"));
        for block in blocks {
            let mut attributes = block.body.attributes();
            let says =
                attributes.any(|it| it.key.name != "alias") || block.body.blocks().next().is_some();
            if let (true, Some(name)) = (says, block.label(0)) {
                return Some((name.to_owned(), file.span(block.header), module.dir.to_string()));
            }
        }
    }
    module.names.calls.values().find_map(|call| configures(repo, callee(repo, call)?, seen))
}

/// The configurations with an alias that the code of a module has or asks for; none where they are not all known.
fn configured(repo: &Repo<'_>, id: ModuleId) -> Option<BTreeSet<Configuration>> {
    let module = repo.module(id);
    if module.in_pieces || open(repo, module).is_some() || is_run_elsewhere(repo, module) {
        return None;
    }
    let mut known: BTreeSet<Configuration> = asked_for(module).map(|(asked, _)| asked).collect();
    let bodies = module.files.iter().filter_map(|file| Some(&file.hcl.as_ref()?.body));
    for body in bodies {
        add_configured(body, &mut known)?;
    }
    for file in repo.sources.iter().filter(|file| may_generate_for(file, module)) {
        for (_, says) in generated(repo.sources, file, &module.dir) {
            add_configured(says.ok()?.1, &mut known)?;
        }
    }
    Some(known)
}

/// Whether Terragrunt copies the module to run it, and may write files beside the copy.
fn is_run_elsewhere(repo: &Repo<'_>, module: &Module<'_>) -> bool {
    let is_elsewhere = |instance: &Instance<'_>| {
        instance.parent.is_none()
            && instance.stack.is_some_and(|stack| repo.stack(stack).dir != module.dir)
    };
    module.instances.iter().any(|instance| is_elsewhere(repo.instance(*instance)))
}

/// Adds the configurations in `body`; none where an alias is not written out.
fn add_configured(body: &Body, known: &mut BTreeSet<Configuration>) -> Option<()> {
    for block in body.blocks_of("provider") {
        let Some(alias) = block.body.attribute("alias") else { continue };
        let (provider, alias) = (block.label(0)?.to_owned(), alias.value.as_literal()?.to_string());
        known.insert(Configuration { provider, alias });
    }
    Some(())
}

/// What the module asks its callers for, and where.
fn asked_for<'m, 's>(
    module: &'m Module<'s>,
) -> impl Iterator<Item = (Configuration, Span)> + use<'m, 's> {
    let files = module.files.iter().filter_map(|file| Some((*file, &file.hcl.as_ref()?.body)));
    files.flat_map(|(file, body)| {
        let required = body
            .blocks_of("terraform")
            .flat_map(|block| block.body.blocks_of("required_providers"))
            .flat_map(|block| block.body.attributes());
        let asked = required.flat_map(|attribute| aliases(&attribute.value));
        asked.filter_map(move |it| Some((Configuration::named_by(it)?, file.span(it.range))))
    })
}

/// The elements of `configuration_aliases` in the requirement of a provider.
fn aliases(requirement: &Expr) -> &[Expr] {
    match requirement.entry("configuration_aliases").map(|it| &it.kind) {
        Some(ExprKind::Tuple(items)) => items,
        _ => &[],
    }
}

/// What `call` hands on: what it is called in the module, and what it is here.
fn passed(call: &Block) -> impl Iterator<Item = (&Expr, &Expr)> {
    let entries = match call.body.attribute("providers").map(|it| &it.value.kind) {
        Some(ExprKind::Object(entries)) => entries.as_slice(),
        _ => &[],
    };
    entries.iter().map(|entry| (&entry.key, &entry.value))
}

/// Whether somebody may give the module what its code does not have: a call that hands it on without being asked, or whoever
/// calls a module that nobody does here.
fn may_be_given(repo: &Repo<'_>, id: ModuleId, wanted: &Configuration) -> bool {
    let module = repo.module(id);
    let is_given = |instance: &Instance<'_>| match &instance.parent {
        _ if instance.is_rest => true,
        Some((_, call)) => {
            passed(call.block).any(|(key, _)| Configuration::named_by(key).as_ref() == Some(wanted))
        }
        None => !(is_surely_root(repo, module) || configures_itself(module)),
    };
    module.instances.is_empty()
        || module.instances.iter().any(|instance| is_given(repo.instance(*instance)))
}

/// Whether the code of the module configures some provider: only what is run by itself does.
fn configures_itself(module: &Module<'_>) -> bool {
    let mut bodies = module.files.iter().filter_map(|file| Some(&file.hcl.as_ref()?.body));
    bodies.any(|body| {
        body.blocks_of("provider")
            .any(|block| block.body.attributes().any(|it| it.key.name != "alias"))
    })
}

impl Configuration {
    /// The configuration with an alias that `expr` names: `aws.west`, in old code between quotes.
    fn named_by(expr: &Expr) -> Option<Self> {
        let of = |provider: &str, alias: &str| {
            Some(Configuration { provider: provider.to_owned(), alias: alias.to_owned() })
        };
        if let ExprKind::Traversal(traversal) = &expr.kind {
            let ExprKind::Variable(provider) = &traversal.base.kind else { return None };
            let StepKind::Attribute(alias) = &traversal.steps.first()?.kind else { return None };
            return of(provider, alias);
        }
        let text = expr.as_literal()?;
        let (provider, alias) = text.split_once('.')?;
        of(provider, alias)
    }
}

impl fmt::Display for Configuration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.provider, self.alias)
    }
}
