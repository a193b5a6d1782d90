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

/// The edits that take the argument `name` out of the calls of the module of `block`: Terraform refuses one for which there is
/// no variable. None where something else stands on its lines.
fn out_of_calls(
    repo: &Repo<'_>,
    block: &BlockRef<'_>,
    name: &str,
) -> Option<(Applicability, Vec<Edit>)> {
    let (mut applicability, mut edits) = (Applicability::Unsafe, Vec::new());
    for &instance in &repo.module(block.module).instances {
        let Some((_, call)) = &repo.instance(instance).parent else { continue };
        let Some(argument) = call.block.body.attribute(name) else { continue };
        let edit = write::item_out(call.file, argument.range)?;
        applicability = applicability.max(write::removal(call.file, argument.range));
        // Several paths of calls may end in the same one.
        if !edits.contains(&edit) {
            edits.push(edit);
        }
    }
    Some((applicability, edits))
}

/// Whether nobody here calls the module of `block`, nor runs it with values of its own: who sets its variables is not known, and
/// Terraform refuses one that is not declared.
fn may_be_set_elsewhere(repo: &Repo<'_>, block: &BlockRef<'_>) -> bool {
    let mut instances = repo.module(block.module).instances.iter().map(|&it| repo.instance(it));
    instances.any(|instance| instance.parent.is_none() && instance.inputs.is_none())
}

/// How far the declaration can be taken out, what that does, and how.
fn deletion(
    repo: &Repo<'_>,
    block: &BlockRef<'_>,
    (root, name): (&str, &Ident),
) -> Option<(Applicability, &'static str, Vec<Edit>)> {
    let (mut applicability, edit) = without(block, root, name)?;
    let mut edits = vec![edit];
    if root == "var" {
        let (in_calls, more) = out_of_calls(repo, block, &name.name)?;
        applicability = applicability.max(in_calls);
        edits.extend(more);
        if may_be_set_elsewhere(repo, block) {
            applicability = Applicability::DisplayOnly;
        }
    }
    let title = match edits.as_slice() {
        [_] => "delete it",
        _ => "delete it, and what calls give for it",
    };
    Some((applicability, title, edits))
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
                out.report(match deletion(repo, block, (root, name)) {
                    Some((applicability, title, edits)) => {
                        finding.fix(applicability, title, Some(edits))
                    }
                    None => finding,
                });
            }
        }
        Err(reason) => out.unknown(span, reason.to_string()),
    }
}
