//! What modules say of the Terraform and the providers that they need.
//!
//! Invariant: of a module to which files may be added that are not here, nothing is said.

use std::collections::BTreeMap;

use crate::model::{Module, Repo, generated};
use crate::rule::{Check, CheckDef, Context, Finding, Findings, Interest, Outcome, Subject};
use crate::syntax::SourceFile;
use crate::syntax::hcl::{Block, Body, Expr, ExprKind};
use crate::text::Span;

use super::dead_code::beginning;
use super::reference::{may_generate_for, open};

pub(super) const VERSION: CheckDef = CheckDef {
    name: "required_version",
    outcomes: &[Outcome { name: "missing", placeholders: &["module"] }],
    build: |_| Ok(Box::new(RequiredVersion)),
};

pub(super) const PROVIDERS: CheckDef = CheckDef {
    name: "required_providers",
    outcomes: &[
        Outcome { name: "undeclared", placeholders: &["module", "provider"] },
        Outcome { name: "unused", placeholders: &["module", "provider"] },
    ],
    build: |_| Ok(Box::new(RequiredProviders)),
};

struct RequiredVersion;
struct RequiredProviders;

impl Check for RequiredVersion {
    fn interests(&self) -> Vec<Interest> {
        vec![Interest::Repo]
    }

    fn judge(&self, context: &Context<'_>, _: Subject<'_>, out: &mut Findings) {
        for module in judged(context.repo) {
            let Some(span) = beginning(module) else { continue };
            out.site_at(context, span);
            let says = |block: &Block| block.body.attribute("required_version").is_some();
            if !settings(module).any(|(_, block)| says(block)) {
                out.report(Finding::new("missing", span).arg("module", shown(module)));
            }
        }
    }
}

impl Check for RequiredProviders {
    fn interests(&self) -> Vec<Interest> {
        vec![Interest::Repo]
    }

    fn judge(&self, context: &Context<'_>, _: Subject<'_>, out: &mut Findings) {
        for module in judged(context.repo) {
            let used = used(module);
            let required = required(module);
            for (provider, span) in &used {
                out.site_at(context, *span);
                if !required.contains_key(provider) {
                    out.report(finding("undeclared", *span, module, provider));
                }
            }
            // What a module that it calls uses comes from it.
            if !module.names.calls.is_empty() {
                continue;
            }
            for (provider, span) in required {
                out.site_at(context, span);
                if !used.contains_key(provider) && !is_asked(module, provider) {
                    out.report(finding("unused", span, module, provider));
                }
            }
        }
    }
}

fn finding(outcome: &str, span: Span, module: &Module<'_>, provider: &str) -> Finding {
    Finding::new(outcome, span).arg("module", shown(module)).arg("provider", provider)
}

/// Its directory.
fn shown<'m>(module: &'m Module<'_>) -> &'m str {
    if module.dir.is_empty() { "." } else { &module.dir }
}

fn judged<'m, 's>(repo: &'m Repo<'s>) -> impl Iterator<Item = &'m Module<'s>> {
    let is_judged = |module: &&Module<'_>| {
        module.has_code()
            && !module.in_pieces
            && open(repo, module).is_none()
            && !is_generated_for(repo, module)
    };
    repo.modules.iter().filter(is_judged)
}

/// Whether Terragrunt writes files beside the module: they may say it.
fn is_generated_for(repo: &Repo<'_>, module: &Module<'_>) -> bool {
    let is_run = module.stack.is_some_and(|stack| repo.stack(stack).dir == module.dir);
    let mut units = repo.sources.iter().filter(|file| may_generate_for(file, module));
    is_run && units.any(|file| !generated(repo.sources, file, &module.dir).is_empty())
}

fn bodies<'m, 's>(
    module: &'m Module<'s>,
) -> impl Iterator<Item = (&'s SourceFile, &'s Body)> + use<'m, 's> {
    module.files.iter().filter_map(|&file| Some((file, &file.hcl.as_ref()?.body)))
}

/// The `terraform` blocks.
fn settings<'m, 's>(
    module: &'m Module<'s>,
) -> impl Iterator<Item = (&'s SourceFile, &'s Block)> + use<'m, 's> {
    bodies(module).flat_map(|(file, body)| body.blocks_of("terraform").map(move |it| (file, it)))
}

/// Each provider that the module requires.
fn required<'s>(module: &Module<'s>) -> BTreeMap<&'s str, Span> {
    let mut found = BTreeMap::new();
    for (file, block) in settings(module) {
        let required = block.body.blocks_of("required_providers");
        for attribute in required.flat_map(|block| block.body.attributes()) {
            found.entry(&*attribute.key.name).or_insert(file.span(attribute.key.range));
        }
    }
    found
}

/// Each provider whose resources the module has, or that it configures; and where that is first.
fn used<'s>(module: &Module<'s>) -> BTreeMap<&'s str, Span> {
    let mut found = BTreeMap::new();
    for (file, body) in bodies(module) {
        for block in body.blocks() {
            let Some(label) = block.labels.first() else { continue };
            let provider = match block.kind.name.as_str() {
                "provider" => &*label.name,
                "resource" | "data" | "ephemeral" => provider_of(block).unwrap_or_else(|| {
                    label.name.split_once('_').map_or(&*label.name, |(provider, _)| provider)
                }),
                _ => continue,
            };
            // It is part of Terraform.
            if provider != "terraform" {
                found.entry(provider).or_insert(file.span(block.header));
            }
        }
    }
    found
}

/// The provider that a resource names: `provider = aws.west`.
fn provider_of(block: &Block) -> Option<&str> {
    match &block.body.attribute("provider")?.value.kind {
        ExprKind::Variable(name) => Some(name),
        ExprKind::Traversal(traversal) => match &traversal.base.kind {
            ExprKind::Variable(name) => Some(name),
            _ => None,
        },
        _ => None,
    }
}

/// Whether something else says that it uses the provider: its aliases, which whoever calls the module gives, and its functions.
fn is_asked(module: &Module<'_>, provider: &str) -> bool {
    let has_aliases = |value: &Expr| value.entry("configuration_aliases").is_some();
    let mut blocks = settings(module).flat_map(|(_, it)| it.body.blocks_of("required_providers"));
    let is_given =
        blocks.any(|it| it.body.attribute(provider).is_some_and(|it| has_aliases(&it.value)));
    let calls = format!("provider::{provider}::");
    is_given || module.files.iter().any(|file| file.text.contains(&calls))
}
