//! What Terraform lets a block be called: a name that can be referred to, and of a variable none that means something else where a
//! module is called.

use crate::model::{BlockRef, is_override};
use crate::rule::{Check, CheckDef, Context, Finding, Findings, Interest, Outcome, Subject};
use crate::syntax::hcl::is_identifier;
use crate::text::TextRange;

use super::old_release::is_for_old_release;
use super::version_constraint::is_filled_in;

pub(super) const CHECK: CheckDef = CheckDef {
    name: "unusable_name",
    outcomes: &[
        Outcome { name: "name", placeholders: &["what", "name"] },
        Outcome { name: "reserved", placeholders: &["name"] },
    ],
    build: |_| Ok(Box::new(UnusableName)),
};

/// Blocks with names, and what each of their labels names.
const BLOCKS: [(&str, &[&str]); 8] = [
    ("variable", &["a variable"]),
    ("output", &["an output"]),
    ("module", &["a module call"]),
    ("resource", &["a type of resource", "a resource"]),
    ("data", &["a type of data source", "a data source"]),
    ("check", &["a check"]),
    ("locals", &[]),
    ("provider", &[]),
];

/// What an argument of a module call that is called so means to Terraform, in every release.
const RESERVED: [&str; 8] =
    ["source", "version", "providers", "count", "for_each", "lifecycle", "depends_on", "locals"];

struct UnusableName;

impl Check for UnusableName {
    fn interests(&self) -> Vec<Interest> {
        BLOCKS.iter().map(|(kind, _)| Interest::blocks(kind)).collect()
    }

    fn judge(&self, context: &Context<'_>, subject: Subject<'_>, out: &mut Findings) {
        let Subject::Block(block) = subject else { return };
        if is_for_old_release(context.repo, block.module) {
            return;
        }
        let kind = block.block.kind.name.as_str();
        match kind {
            "locals" => {
                for local in block.block.body.attributes() {
                    judge_name(&block, "a local", (&local.key.name, local.key.range), out);
                }
            }
            "provider" => {
                let alias = block.block.body.attribute("alias");
                if let Some((alias, name)) = alias.and_then(|it| Some((it, it.value.as_literal()?)))
                {
                    judge_name(&block, "an alias", (&name, alias.value.range), out);
                }
            }
            _ => {
                let known = BLOCKS.iter().find(|(known, _)| *known == kind);
                let nouns = known.map(|(_, nouns)| *nouns).unwrap_or_default();
                for (label, noun) in block.block.labels.iter().zip(nouns) {
                    judge_name(&block, noun, (&label.name, label.range), out);
                }
            }
        }
        if kind == "variable" && !is_override(block.file) {
            let label = block.block.labels.first();
            if let Some(label) = label.filter(|it| RESERVED.contains(&it.name.as_str())) {
                let finding = Finding::new("reserved", block.file.span(label.range));
                out.report(finding.address(block.address()).arg("name", &*label.name));
            }
        }
    }
}

fn judge_name(
    block: &BlockRef<'_>,
    what: &str,
    (name, range): (&str, TextRange),
    out: &mut Findings,
) {
    out.site();
    if is_identifier(name) {
        return;
    }
    let span = block.file.span(range);
    if is_filled_in(name) {
        return out.unknown(span, "something may be filled in here");
    }
    let finding = Finding::new("name", span).address(block.address());
    out.report(finding.arg("what", what).arg("name", name));
}
