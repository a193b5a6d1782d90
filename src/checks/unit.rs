//! What a unit of Terragrunt runs and is given, for the checks that hold its inputs against the variables of its module.

use crate::model::{ExprRef, Inputs, Lookup, Module, Reason, Repo};
use crate::syntax::SourceFile;
use crate::syntax::hcl::{Attribute, Body, ExprKind, ObjectEntry};
use crate::text::dir_of;

use super::missing_module::{runs_first, seen_from};
use super::reference::open;

/// Where a unit's inputs are written in one of its files.
pub(super) fn inputs_of(file: &SourceFile) -> Option<ExprRef<'_>> {
    let attribute = body(file)?.attribute("inputs")?;
    Some(ExprRef { file, expr: &attribute.value })
}

/// The inputs of which the name is written in `inputs`, also behind others: `merge(local.common, { name = … })`.
pub(super) fn written_inputs(inputs: ExprRef<'_>) -> Vec<&ObjectEntry> {
    match &inputs.expr.unparenthesised().kind {
        ExprKind::Object(entries) => entries.iter().collect(),
        ExprKind::Call(call) if call.name.name == "merge" => {
            let each = call.args.iter().map(|expr| ExprRef { expr, ..inputs });
            each.flat_map(written_inputs).collect()
        }
        _ => Vec::new(),
    }
}

/// The modules whose files the unit in `file` runs together: the one that it names, and what lies beside it; or why that is not
/// known.
pub(super) fn run_by<'r, 's>(
    repo: &'r Repo<'s>,
    file: &'s SourceFile,
) -> Result<Vec<&'r Module<'s>>, Reason> {
    let dir = dir_of(&file.path);
    let files = repo.unit_files(dir);
    if !repo.knows_includes(dir) {
        return Err(Reason::new("the unit includes configuration that is not known"));
    }
    if files.iter().any(|file| file.hcl.as_ref().is_none_or(|it| !it.errors.is_empty())) {
        return Err(Reason::new("a file of the unit is not valid HCL"));
    }
    let source = repo.unit_source(dir);
    let here = repo.module_in(dir).map(|id| repo.module(id)).filter(|it| !it.files.is_empty());
    let mut modules = Vec::from_iter(here);
    if let Some(source) = source {
        let unknown = || Reason::new("the module that the unit runs is not in the repo");
        let named = source.dir.ok_or_else(unknown)?;
        if named != dir {
            let id = repo.module_in(&named).ok_or_else(unknown)?;
            modules.insert(0, repo.module(id));
        }
    }
    let is_run = |module: &&Module<'_>| module.has_code() && !module.in_pieces;
    if modules.is_empty() || !modules.iter().all(is_run) {
        return Err(Reason::new("the unit runs nothing that is known"));
    }
    if let Some(link) = modules.iter().find_map(|it| seen_from(repo, &file.path, &it.dir)) {
        return Err(Reason::new(format!("`{link}` leads to the unit, and others may run there")));
    }
    Ok(modules)
}

/// Why one of the `modules` that the unit in `file` runs may declare more than is known.
pub(super) fn declares_more(
    repo: &Repo<'_>,
    file: &SourceFile,
    modules: &[&Module<'_>],
) -> Option<Reason> {
    let files = repo.unit_files(dir_of(&file.path));
    let runs = |file: &&SourceFile| file.hcl.as_ref().is_some_and(runs_first);
    // In place of blocks, which the model reads.
    let makes =
        |file: &&SourceFile| body(file).is_some_and(|it| it.attribute("generate").is_some());
    if files.iter().any(runs) {
        return Some(Reason::new("the unit runs something before Terraform"));
    }
    if files.iter().any(makes) {
        return Some(Reason::new("what the unit generates is not followed"));
    }
    modules.iter().find_map(|module| open(repo, module))
}

/// Whether a unit that is given `inputs` is given the variable `name`; or why that is not known.
pub(super) fn is_given(repo: &Repo<'_>, inputs: &Inputs<'_>, name: &str) -> Result<bool, Reason> {
    if inputs.writes(name) {
        return Ok(true);
    }
    if let Some((path, why)) = inputs.unreadable.first() {
        return Err(Reason::new(format!("`{path}` cannot be read ({why})")));
    }
    if inputs.setting(name).is_some() {
        return Err(Reason::new("what the unit is given is not known"));
    }
    for (place, scope) in &inputs.by_unit {
        match repo.eval(*place, scope).get(name) {
            Lookup::Found(_) => return Ok(true),
            Lookup::Unknown(reason) => return Err(reason),
            Lookup::Absent => {}
        }
    }
    Ok(false)
}

/// Whether somebody says that the unit in `file` is not run.
pub(super) fn is_skipped(file: &SourceFile) -> bool {
    let Some(body) = body(file) else { return false };
    let says = |attribute: Option<&Attribute>| {
        attribute
            .is_some_and(|it| !matches!(it.value.unparenthesised().kind, ExprKind::Bool(false)))
    };
    says(body.attribute("skip"))
        || body.blocks_of("exclude").any(|block| says(block.body.attribute("if")))
}

fn body(file: &SourceFile) -> Option<&Body> {
    Some(&file.hcl.as_ref()?.body)
}
