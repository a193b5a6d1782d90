//! Where a value is written that a resource only refers to: the line that somebody who wants another value has to edit.

use super::Found;
use super::spot::{Part, Spot, part};
use crate::diagnostic::Label;
use crate::drift::path::Step;
use crate::model::{Data, ExprRef, InstanceId, Repo, Setting};
use crate::syntax::SourceFile;
use crate::syntax::hcl::{Expr, ExprKind, StepKind, Traversal};
use crate::text::{Span, TextRange};

/// So many references are followed, and no circle for ever.
const MOST_HOPS: usize = 16;

/// Where a value is written.
#[derive(Clone, Debug)]
pub(super) struct Source<'s> {
    span: Span,
    /// What it is called: "`replicas` of `module.web`".
    pub(super) what: String,
    /// The argument of a module call that says it, all of it, with its file.
    pub(super) argument: Option<(&'s SourceFile, &'s Expr)>,
}

impl Source<'_> {
    pub(super) fn label(&self) -> Label {
        Label { span: self.span, message: format!("{} says it", self.what) }
    }
}

/// An expression that a reference leads to.
struct Hop<'s> {
    file: &'s SourceFile,
    expr: &'s Expr,
    instance: InstanceId,
    range: TextRange,
    what: String,
    is_argument: bool,
}

/// Where the value at `spot` is written, where that is not there.
pub(super) fn source<'s>(
    repo: &Repo<'s>,
    found: &Found<'s>,
    spot: &Spot<'s>,
) -> Option<Source<'s>> {
    let (expr, rest) = spot.value.as_ref()?;
    followed(repo, found.instance, spot.file, expr, rest)
        .or_else(|| evaluated(repo, spot, expr).filter(|_| rest.is_empty()))
}

/// Follows variables and locals, by name.
fn followed<'s>(
    repo: &Repo<'s>,
    instance: InstanceId,
    file: &'s SourceFile,
    expr: &'s Expr,
    rest: &[Step],
) -> Option<Source<'s>> {
    let (mut file, mut expr, mut instance) = (file, expr, instance);
    let mut steps = rest.to_vec();
    let mut last: Option<Hop<'s>> = None;
    for _ in 0..MOST_HOPS {
        let ExprKind::Traversal(traversal) = &expr.unparenthesised().kind else { break };
        let Some((hop, own)) = hop(repo, instance, traversal) else { break };
        (file, expr, instance) = (hop.file, hop.expr, hop.instance);
        let mut range = hop.range;
        steps.splice(0..0, own);
        while let Some(step) = steps.first() {
            match part(expr, step) {
                Part::Entry(entry) => (expr, range) = (&entry.value, entry.range()),
                Part::Item(item) => (expr, range) = (item, item.range),
                Part::Absent | Part::Elsewhere => break,
            }
            steps.remove(0);
        }
        last = Some(Hop { expr, range, ..hop });
    }
    let hop = last?;
    let argument = (hop.is_argument && steps.is_empty()).then_some((file, expr));
    Some(Source { span: file.span(hop.range), what: hop.what, argument })
}

/// What a reference to a variable or local leads to, and the steps that it goes on with.
fn hop<'s>(
    repo: &Repo<'s>,
    instance: InstanceId,
    traversal: &'s Traversal,
) -> Option<(Hop<'s>, Vec<Step>)> {
    let ExprKind::Variable(root) = &traversal.base.kind else { return None };
    let (first, more) = traversal.steps.split_first()?;
    let StepKind::Attribute(name) = &first.kind else { return None };
    let steps = more.iter().map(|step| match &step.kind {
        StepKind::Attribute(name) => Some(Step::Name(name.clone())),
        StepKind::LegacyIndex(index) => Some(Step::Index(index.parse().ok()?)),
        StepKind::Index(index) => match &index.kind {
            ExprKind::Number(number) => Some(Step::Index(number.parse().ok()?)),
            _ => Some(Step::Key(index.as_literal()?)),
        },
        StepKind::AttributeSplat | StepKind::FullSplat => None,
    });
    let steps = steps.collect::<Option<Vec<Step>>>()?;
    let hop = match root.as_str() {
        "var" => variable(repo, instance, name)?,
        "local" => {
            let names = &repo.module(repo.instance(instance).module).names;
            let ExprRef { file, expr } = *names.locals.get(name)?;
            let what = format!("`local.{name}`");
            Hop { file, expr, instance, range: expr.range, what, is_argument: false }
        }
        _ => return None,
    };
    Some((hop, steps))
}

/// What sets a variable: the call, a variable file, the unit, or its default.
fn variable<'s>(repo: &Repo<'s>, instance: InstanceId, name: &str) -> Option<Hop<'s>> {
    let own = repo.instance(instance);
    let mut unset = String::new();
    if let Some((caller, call)) = own.parent {
        let label = call.block.label(0).unwrap_or_default();
        if let Some(argument) = call.block.body.attribute(name) {
            let (expr, range) = (&argument.value, argument.range);
            let what = format!("`{name}` of `module.{label}`");
            let file = call.file;
            return Some(Hop { file, expr, instance: caller, range, what, is_argument: true });
        }
        unset = format!(", which `module.{label}` does not set,");
    } else if let Some(inputs) = &own.inputs {
        match inputs.setting(name) {
            Some(Setting::Written(file, attribute)) => {
                let (expr, range) = (&attribute.value, attribute.range);
                let what = format!("`{name}` in `{}`", file.path);
                return Some(Hop { file, expr, instance, range, what, is_argument: false });
            }
            // Whatever is written elsewhere does not count.
            Some(Setting::Variable(_) | Setting::Unknown(_)) => return None,
            None => {}
        }
        for (ExprRef { file, expr }, _) in &inputs.by_unit {
            if let Part::Entry(entry) = part(expr, &Step::Key(name.into())) {
                let (expr, range) = (&entry.value, entry.range());
                let what = format!("the input `{name}` in `{}`", file.path);
                return Some(Hop { file, expr, instance, range, what, is_argument: false });
            }
        }
    }
    let declaration = repo.module(own.module).names.variables.get(name)?;
    let default = declaration.block.body.attribute("default")?;
    let what = format!("the default of `var.{name}`{unset}");
    let (file, expr, range) = (declaration.file, &default.value, default.range);
    Some(Hop { file, expr, instance, range, what, is_argument: false })
}

/// Where the literal is written that the expression comes to: what `each.value` leads to, or the one part of a string.
fn evaluated<'s>(repo: &Repo<'s>, spot: &Spot<'s>, expr: &'s Expr) -> Option<Source<'s>> {
    let value = repo.eval(ExprRef { file: spot.file, expr }, &spot.scope);
    let here = spot.file.span(expr.range);
    let place = match &value.data {
        Data::Text(text) if text.as_str().is_some() => {
            let others = text.pieces.iter().map(|piece| piece.span);
            super::only(others.filter(|span| !here.contains(*span)))?
        }
        Data::Bool(_) | Data::Number(_) if !here.contains(value.span) => value.span,
        _ => return None,
    };
    let what = holder(repo, place)?;
    Some(Source { span: place, what, argument: None })
}

/// What the bytes at `place` belong to.
fn holder(repo: &Repo<'_>, place: Span) -> Option<String> {
    let file = repo.sources.get(place.file.index())?;
    let Some(block) = repo.block_around(file, place.range) else {
        return Some(format!("`{}`", file.path));
    };
    let mut attributes = block.block.body.attributes();
    let attribute = attributes.find(|attribute| attribute.range.contains(place.range));
    let name = attribute.map_or("", |attribute| attribute.key.name.as_str());
    let label = block.block.label(0).unwrap_or_default();
    Some(match block.block.kind.name.as_str() {
        "locals" => format!("`local.{name}`"),
        "module" => format!("`{name}` of `module.{label}`"),
        "variable" => format!("the default of `var.{label}`"),
        _ => format!("`{}`", block.address()),
    })
}
