//! What a module call or a unit of Terragrunt gives an input, what a file with values sets, and what a variable has as its default
//! fits the type that the variable declares: Terraform refuses what does not, and drops without a word what the type has no place for.

use smol_str::SmolStr;

use crate::model::{BlockRef, ExprRef, InstanceId, Made, Module, Repo};
use crate::rule::{
    Check, CheckDef, Context, Finding, Findings, Interest, OptionError, Options, Outcome, Subject,
};
use crate::syntax::hcl::{Attribute, Expr, ExprKind};
use crate::syntax::{Format, HclUse, SourceFile};
use crate::text::{Globs, Span, dir_of};

use super::certain::makes_none;
use super::expression_type::{kind_of, of};
use super::literal_type::{Fault, Misfit, misfits, misfits_in_environment, optional_defaults};
use super::module_inputs::{callee, inputs};
use super::reference::{followed, local_named, meant};
use super::stack_values::name_of as value_named;
use super::unit::{inputs_of, run_by, written_inputs};

pub(super) const WRONG: CheckDef = CheckDef {
    name: "wrong_type",
    outcomes: &[
        Outcome { name: "wrong", placeholders: &["path", "given", "wanted"] },
        Outcome { name: "missing", placeholders: &["path", "attribute"] },
    ],
    build: wrong,
};

pub(super) const DROPPED: CheckDef = CheckDef {
    name: "dropped_attribute",
    outcomes: &[Outcome { name: "dropped", placeholders: &["path", "attribute", "nearest"] }],
    build: dropped,
};

struct WrongType {
    /// Files with values that Terraform reads for the module beside them.
    values: Globs,
    /// Units of Terragrunt.
    units: Globs,
    /// Whether it looks for what is dropped, or for what is refused.
    dropped: bool,
}

fn wrong(options: &mut Options<'_>) -> Result<Box<dyn Check>, OptionError> {
    read(options, false)
}

fn dropped(options: &mut Options<'_>) -> Result<Box<dyn Check>, OptionError> {
    read(options, true)
}

fn read(options: &mut Options<'_>, dropped: bool) -> Result<Box<dyn Check>, OptionError> {
    let (values, units) = (options.globs("values")?, options.globs("units")?);
    Ok(Box::new(WrongType { values, units, dropped }))
}

impl Check for WrongType {
    fn interests(&self) -> Vec<Interest> {
        let files = [&self.values, &self.units].map(|globs| Interest::Files(globs.clone()));
        let blocks = ["module", "variable"].map(Interest::blocks);
        blocks.into_iter().chain(files).collect()
    }

    fn judge(&self, context: &Context<'_>, subject: Subject<'_>, out: &mut Findings) {
        let repo = context.repo;
        match subject {
            Subject::Block(block) if block.block.kind.name == "variable" => {
                let default = block.block.body.attribute("default");
                let default = default.map(|default| (&default.value, block));
                self.judge_values(repo, block.file, default, misfits, out);
                self.judge_defaults(&block, out);
            }
            Subject::Block(call) => {
                let Some(callee) = callee(repo, &call) else { return };
                // What a call gives that makes nothing is not worked out.
                let instances = &repo.module(call.module).instances;
                let is_none = |&caller: &InstanceId| makes_none(repo, &call, caller);
                if !instances.is_empty() && instances.iter().all(is_none) {
                    return;
                }
                let values = inputs(&call).filter_map(|it| with_variable(it, callee));
                self.judge_values(repo, call.file, values, misfits, out);
                if !self.dropped {
                    judge_types(repo.module(call.module), &call, callee, out);
                }
            }
            Subject::File(unit) if unit.format.is_unit() => {
                let values = inputs_in(repo, unit);
                self.judge_values(repo, unit, values, misfits_in_environment, out);
            }
            Subject::File(file) => {
                let Some((module, values)) = values_in(repo, file) else { return };
                let values = values.filter_map(|it| with_variable(it, module));
                self.judge_values(repo, file, values, misfits, out);
            }
            _ => {}
        }
    }
}

/// What `file` sets, and the module that Terraform reads it for.
pub(super) fn values_in<'r, 's>(
    repo: &'r Repo<'s>,
    file: &'s SourceFile,
) -> Option<(&'r Module<'s>, impl Iterator<Item = &'s Attribute>)> {
    let document = file.hcl.as_ref().filter(|document| document.errors.is_empty())?;
    let module = repo.module(repo.module_in(dir_of(&file.path))?);
    Some((module, document.body.attributes()))
}

fn with_variable<'s>(
    given: &'s Attribute,
    module: &Module<'s>,
) -> Option<(&'s Expr, BlockRef<'s>)> {
    Some((&given.value, *module.names.variables.get(&given.key.name)?))
}

/// The inputs that the file of a unit writes out, each with the variable that it is for: as far as nothing else counts before
/// them, or is put together with them.
fn inputs_in<'s>(repo: &Repo<'s>, unit: &'s SourceFile) -> Vec<(&'s Expr, BlockRef<'s>)> {
    let (Some(inputs), Ok(modules)) = (inputs_of(unit), run_by(repo, unit)) else {
        return Vec::new();
    };
    let given = repo.unit_inputs(dir_of(&unit.path));
    if given.is_empty() || given.iter().any(|it| it.is_deep) {
        return Vec::new();
    }
    // What stands further on in a `merge` counts before it.
    let last = followed(inputs, |at| match &at.expr.unparenthesised().kind {
        ExprKind::Call(call) if call.name.name == "merge" => {
            Some(ExprRef { expr: call.args.last()?, ..at })
        }
        _ => None,
    });
    let written = written_inputs(last).into_iter();
    written
        .filter_map(|entry| {
            let name = entry
                .literal_key()
                .filter(|name| given.iter().all(|it| it.setting(name).is_none()))?;
            let variable = modules.iter().find_map(|it| it.names.variables.get(&name))?;
            Some((&entry.value, *variable))
        })
        .collect()
}

impl WrongType {
    /// What the type of `variable` says of attributes that are left out.
    fn judge_defaults(&self, variable: &BlockRef<'_>, out: &mut Findings) {
        let Some(kind) = variable.block.body.attribute("type") else { return };
        for (name, kind, default) in optional_defaults(&kind.value) {
            out.site();
            for misfit in misfits(kind, default, &name) {
                if self.dropped == matches!(misfit.fault, Fault::Dropped { .. }) {
                    out.report(finding(variable.file.span(misfit.range), misfit));
                }
            }
        }
    }

    /// Each of the values stands in `file`, and is that of a variable.
    fn judge_values<'s>(
        &self,
        repo: &Repo<'s>,
        file: &'s SourceFile,
        values: impl IntoIterator<Item = (&'s Expr, BlockRef<'s>)>,
        misfits: fn(&Expr, &Expr, &str) -> Vec<Misfit>,
        out: &mut Findings,
    ) {
        for (given, variable) in values {
            let Some(kind) = variable.block.body.attribute("type") else { continue };
            let Some(name) = variable.block.label(0) else { continue };
            out.site();
            let used = ExprRef { file, expr: given };
            let written = sources(repo, used).into_iter();
            let misfits = written.flat_map(|written| {
                let found = misfits(&kind.value, written.expr, name).into_iter();
                found.map(move |misfit| (written, misfit))
            });
            for (written, misfit) in misfits {
                if self.dropped != matches!(misfit.fault, Fault::Dropped { .. }) {
                    continue;
                }
                let place = written.file.span(misfit.range);
                let is_here = std::ptr::eq(written.expr, used.expr);
                let mut finding = finding(if is_here { place } else { used.span() }, misfit);
                if !is_here {
                    finding = finding.related(place, "the value comes from here");
                }
                let type_at = variable.file.span(kind.key.range);
                out.report(finding.related(type_at, "its type is declared here"));
            }
        }
    }
}

/// Judges what `call` gives that is no literal, where its type is known all the same: a variable, what a function gives.
fn judge_types(module: &Module<'_>, call: &BlockRef<'_>, callee: &Module<'_>, out: &mut Findings) {
    for (given, variable) in inputs(call).filter_map(|it| with_variable(it, callee)) {
        let Some(kind) = variable.block.body.attribute("type") else { continue };
        let (Some(name), Some(wanted)) = (variable.block.label(0), kind_of(&kind.value)) else {
            continue;
        };
        // What a local says is told by what is written there.
        let is_typed = match &given.unparenthesised().kind {
            ExprKind::Traversal(traversal) => {
                matches!(&traversal.base.kind, ExprKind::Variable(root) if root == "var")
            }
            kind => matches!(kind, ExprKind::Call(_)),
        };
        let Some(found) = of(module, given).filter(|_| is_typed) else { continue };
        if found.never_becomes(wanted) {
            let finding = Finding::new("wrong", call.file.span(given.range)).arg("path", name);
            let finding = finding.arg("given", found.noun()).arg("wanted", wanted.noun());
            let type_at = variable.file.span(kind.key.range);
            out.report(finding.related(type_at, "its type is declared here"));
        }
    }
}

/// Where the value is written that `used` comes to: of what stacks give to a unit, in each of these.
fn sources<'s>(repo: &Repo<'s>, used: ExprRef<'s>) -> Vec<ExprRef<'s>> {
    let written = followed(used, |at| named_in(repo, at));
    let Some((name, _)) = value_named(written.expr).filter(|_| written.file.format.is_unit())
    else {
        return vec![written];
    };
    let mut given: Vec<ExprRef<'s>> = Vec::new();
    for made in repo.made_of(dir_of(&written.file.path)) {
        if let Some(at) = given_by(repo, made, &name)
            && !given.iter().any(|known| std::ptr::eq(known.expr, at.expr))
        {
            given.push(at);
        }
    }
    given
}

/// Where the value `name` is written that is given to what is `made`, by its stack or by one above that.
fn given_by<'s>(repo: &Repo<'s>, made: &Made<'s>, name: &str) -> Option<ExprRef<'s>> {
    let values = &made.block.body.attribute("values")?.value.unparenthesised().kind;
    let ExprKind::Object(entries) = values else { return None };
    let mut found = None;
    for entry in entries {
        if entry.literal_key()? == name {
            found = Some(&entry.value);
        }
    }
    let at = followed(ExprRef { file: made.file, expr: found? }, |at| named_in(repo, at));
    match value_named(at.expr) {
        Some((outer, _)) => given_by(repo, made.by.as_deref()?, &outer),
        None => Some(at),
    }
}

/// What the local says that `expr` names, in a module or in a file of Terragrunt.
fn named_in<'s>(repo: &Repo<'s>, expr: ExprRef<'s>) -> Option<ExprRef<'s>> {
    let format = expr.file.format;
    if !format.is_unit() && format != Format::Hcl(HclUse::Stack) {
        return local_named(repo, expr);
    }
    let ExprKind::Traversal(traversal) = &expr.expr.unparenthesised().kind else { return None };
    Repo::file_local(expr.file, traversal.local()?)
}

fn finding(span: Span, misfit: Misfit) -> Finding {
    let Misfit { path, fault, .. } = misfit;
    let at = |outcome| Finding::new(outcome, span);
    match fault {
        Fault::Wrong { given, wanted } => {
            at("wrong").arg("path", path).arg("given", given).arg("wanted", wanted)
        }
        Fault::Missing { attribute } => {
            at("missing").arg("path", path).arg("attribute", attribute.as_str())
        }
        Fault::Dropped { attribute, known } => {
            let nearest = meant(&attribute, known.iter().map(SmolStr::as_str));
            at("dropped")
                .arg("path", path)
                .arg("attribute", attribute.as_str())
                .arg("nearest", nearest)
        }
    }
}
