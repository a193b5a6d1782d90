//! Variables and locals that nothing in their module refers to.

use crate::diagnostic::{Applicability, Edit};
use crate::model::{BlockRef, Repo};
use crate::rule::write;
use crate::rule::{Check, CheckDef, Context, Finding, Findings, Interest, Outcome, Subject};
use crate::syntax::hcl::Ident;

use super::reference::used_names;

pub(super) const VARIABLE: CheckDef = CheckDef {
    name: "unused_variable",
    outcomes: &[Outcome { name: "unused", placeholders: &["name"] }],
    build: |_| Ok(Box::new(UnusedVariable)),
};

pub(super) const LOCAL: CheckDef = CheckDef {
    name: "unused_local",
    outcomes: &[Outcome { name: "unused", placeholders: &["name"] }],
    build: |_| Ok(Box::new(UnusedLocal)),
};

struct UnusedVariable;
struct UnusedLocal;

impl Check for UnusedVariable {
    fn interests(&self) -> Vec<Interest> {
        vec![Interest::blocks("variable")]
    }

    fn judge(&self, context: &Context<'_>, subject: Subject<'_>, out: &mut Findings) {
        let Subject::Block(block) = subject else { return };
        if let Some(name) = block.block.labels.first() {
            judge_name(context.repo, &block, ("var", name), out);
        }
    }
}

impl Check for UnusedLocal {
    fn interests(&self) -> Vec<Interest> {
        vec![Interest::blocks("locals")]
    }

    fn judge(&self, context: &Context<'_>, subject: Subject<'_>, out: &mut Findings) {
        let Subject::Block(block) = subject else { return };
        for local in block.block.body.attributes() {
            judge_name(context.repo, &block, ("local", &local.key), out);
        }
    }
}

/// The edit that takes the declaration out; with its block, where that has nothing else and nothing is said in it.
fn without(block: &BlockRef<'_>, root: &str, name: &Ident) -> Option<(Applicability, Edit)> {
    let attribute = block.block.body.attribute(&name.name).map(|it| it.range);
    let comments = block.file.comments().inside(block.block.range);
    // What is said inside of the local goes with it.
    let is_own = |range| attribute.is_some_and(|own| own.contains(range));
    let is_silent = comments.iter().all(|it| !it.own_line || is_own(it.range));
    let is_whole = root == "var" || (block.block.body.items.len() == 1 && is_silent);
    let range = if is_whole { Some(block.block.range) } else { attribute };
    Some((write::removal(block.file, range?), write::construct_out(block.file, range?)?))
}

/// Whether nobody here calls the module of `block`, nor runs it with values of its own: who sets its variables is not known, and
/// Terraform refuses one that is not declared.
fn may_be_set_elsewhere(repo: &Repo<'_>, block: &BlockRef<'_>) -> bool {
    let mut instances = repo.module(block.module).instances.iter().map(|&it| repo.instance(it));
    instances.any(|instance| instance.parent.is_none() && instance.inputs.is_none())
}

fn judge_name(
    repo: &Repo<'_>,
    block: &BlockRef<'_>,
    (root, name): (&str, &Ident),
    out: &mut Findings,
) {
    // Terragrunt writes such a file for every unit, whether it uses it all or not.
    if block.file.is_generated() {
        return;
    }
    out.site();
    let span = if root == "var" { block.header() } else { block.file.span(name.range) };
    let used = used_names(repo, block.module);
    match &*used {
        Ok(used) => {
            if used.binary_search(&format!("{root}.{}", name.name)).is_err() {
                let finding = Finding::new("unused", span).arg("name", name.name.as_str());
                out.report(match without(block, root, name) {
                    Some((applicability, edit)) => {
                        let is_shown = root == "var" && may_be_set_elsewhere(repo, block);
                        let applicability =
                            if is_shown { Applicability::DisplayOnly } else { applicability };
                        finding.fix(applicability, "delete it", Some(vec![edit]))
                    }
                    None => finding,
                });
            }
        }
        Err(reason) => out.unknown(span, reason.to_string()),
    }
}
