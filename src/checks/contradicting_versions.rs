//! What the modules of one run require of Terraform and of a provider can be had at once.
//!
//! Invariant: what is told leaves no version at all. A constraint that is not read, a version left out by `!=` and what stands
//! in modules that are not here could only make fewer.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{InstanceId, Repo};
use crate::rule::{Check, CheckDef, Context, Finding, Findings, Interest, Outcome, Subject};
use crate::syntax::SourceFile;
use crate::syntax::hcl::{Attribute, Block, Expr};
use crate::text::Span;

use super::version_range::Range;

const PLACEHOLDERS: &[&str] = &["what", "written", "other"];

pub(super) const CHECK: CheckDef = CheckDef {
    name: "contradicting_versions",
    outcomes: &[
        Outcome { name: "modules", placeholders: PLACEHOLDERS },
        Outcome { name: "itself", placeholders: &["what", "written"] },
    ],
    build: |_| Ok(Box::new(ContradictingVersions)),
};

/// Where providers come from whose source says nothing else.
const REGISTRIES: [&str; 2] = ["registry.terraform.io/", "registry.opentofu.org/"];

struct ContradictingVersions;

/// A constraint as it is written, and the versions that it may allow.
#[derive(Clone, Debug)]
struct Required {
    text: String,
    span: Span,
    range: Range,
}

impl Check for ContradictingVersions {
    fn interests(&self) -> Vec<Interest> {
        vec![Interest::Repo]
    }

    fn judge(&self, context: &Context<'_>, _: Subject<'_>, out: &mut Findings) {
        let repo = context.repo;
        let mut told: BTreeSet<(Span, Span)> = BTreeSet::new();
        let modules = repo.modules.iter().filter(|module| module.runs() && !module.in_pieces);
        for &root in modules.flat_map(|module| &module.instances) {
            let instance = repo.instance(root);
            if instance.parent.is_some() || instance.is_rest {
                continue;
            }
            for (what, all) in required_below(repo, root) {
                judge(context, &what, &all, &mut told, out);
            }
        }
    }
}

/// Reports what among `all`, the nearest to the root first, leaves nothing of `what`.
fn judge(
    context: &Context<'_>,
    what: &str,
    all: &[Required],
    told: &mut BTreeSet<(Span, Span)>,
    out: &mut Findings,
) {
    for (at, required) in all.iter().enumerate() {
        if told.insert((required.span, required.span)) {
            out.site_at(context, required.span);
            if required.range.is_empty() {
                let finding = Finding::new("itself", required.span);
                out.report(finding.arg("what", what).arg("written", required.text.as_str()));
            }
        }
        // Of ranges that have nothing in common, two have nothing in common.
        let others = all[at + 1..].iter().filter(|other| !other.range.is_empty());
        for other in others {
            let both = required.range.and(other.range);
            if !required.range.is_empty()
                && both.is_empty()
                && told.insert((required.span, other.span))
            {
                let finding = Finding::new("modules", required.span)
                    .arg("what", what)
                    .arg("written", required.text.as_str())
                    .arg("other", other.text.as_str());
                out.report(finding.related(other.span, "and this is required here"));
            }
        }
    }
}

/// What is required of each provider, and of Terraform, in the module of `root` and in all that it calls: each place once, the
/// nearest to the root first.
fn required_below(repo: &Repo<'_>, root: InstanceId) -> BTreeMap<String, Vec<Required>> {
    let mut found: BTreeMap<String, Vec<Required>> = BTreeMap::new();
    let (mut waiting, mut seen) = (vec![root], BTreeSet::new());
    let mut at = 0;
    while let Some(&id) = waiting.get(at) {
        at += 1;
        let instance = repo.instance(id);
        let mut children: Vec<_> = instance.children.iter().collect();
        children.sort();
        waiting.extend(children.into_iter().map(|(_, child)| *child));
        if !seen.insert(instance.module) {
            continue;
        }
        for &file in &repo.module(instance.module).files {
            let blocks = file.hcl.iter().flat_map(|it| it.body.blocks_of("terraform"));
            for block in blocks {
                add(file, block, &mut found);
            }
        }
    }
    found
}

fn add(file: &SourceFile, block: &Block, found: &mut BTreeMap<String, Vec<Required>>) {
    let mut add = |what: String, constraint: &Expr| {
        let text = constraint.as_literal();
        if let Some(text) = text
            && let Some(range) = Range::of(&text)
        {
            let span = file.span(constraint.range);
            found.entry(what).or_default().push(Required { text: text.to_string(), span, range });
        }
    };
    if let Some(version) = block.body.attribute("required_version") {
        add("Terraform".to_owned(), &version.value);
    }
    let providers = block.body.blocks_of("required_providers");
    for Attribute { key, value, .. } in providers.flat_map(|it| it.body.attributes()) {
        let version =
            if value.as_literal().is_some() { Some(value) } else { value.entry("version") };
        let source = match value.entry("source") {
            Some(source) => source.as_literal().map(|source| source_of(&source)),
            None => Some(format!("hashicorp/{}", key.name)),
        };
        if let (Some(version), Some(source)) = (version, source) {
            add(source, version);
        }
    }
}

/// The address of a provider without what all have that say no registry.
fn source_of(source: &str) -> String {
    let source = source.to_ascii_lowercase();
    let plain = REGISTRIES.iter().find_map(|registry| source.strip_prefix(registry));
    let plain = plain.unwrap_or(&source);
    if plain.contains('/') { plain.to_owned() } else { format!("hashicorp/{plain}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_provider_has_one_address() {
        assert_eq!(source_of("registry.terraform.io/hashicorp/AWS"), "hashicorp/aws");
        assert_eq!(source_of("aws"), "hashicorp/aws");
        assert_eq!(source_of("example.org/own/aws"), "example.org/own/aws");
    }
}
