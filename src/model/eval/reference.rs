//! References: `var.x`, `local.x`, `module.m.out`, `kubernetes_namespace.x.metadata[0].name`, `each.value`, `path.module`.

use std::sync::Arc;

use smol_str::SmolStr;

use super::instances::Repetition;
use super::memo::{Key, Named};
use super::scope::Names;
use super::steps::{Place, attribute_name, behind_splat, is_splat};
use super::variable::too_many_paths;
use super::{Evaluator, Scope};
use crate::model::made::Made;
use crate::model::repo::{InstanceId, Repo};
use crate::model::template::VALUES_FILE;
use crate::model::terragrunt;
use crate::model::value::{Data, Entry, Value};
use crate::syntax::hcl::{ExprKind, Step, StepKind, Traversal};
use crate::syntax::{FILLED_IN, SourceFile};
use crate::text::{Span, TextRange, dir_of, path_in};

impl<'s> Evaluator<'_, 's> {
    pub(super) fn traversal(
        &mut self,
        file: &'s SourceFile,
        traversal: &'s Traversal,
        scope: &Scope<'s>,
        span: Span,
    ) -> Value {
        let steps = traversal.steps.as_slice();
        let place = Place { file, scope, span };
        let ExprKind::Variable(root) = &traversal.base.kind else {
            let base = self.expr(file, &traversal.base, scope);
            return self.follow(base, steps, place);
        };
        if let Some(bound) = scope.binding(root) {
            return self.follow(bound, steps, place);
        }
        let Some((name, rest)) =
            steps.split_first().and_then(|(first, rest)| Some((attribute_name(first)?, rest)))
        else {
            return Value::unknown(format!("`{root}` cannot be followed"), span);
        };
        match (&scope.names, root.as_str()) {
            (Names::Unit(unit, dir, made), "local") => {
                let value = self.unit_local((unit, dir, made), name, span);
                self.follow(value, rest, place)
            }
            (Names::Unit(unit, _, Some(made)), "values")
                if let Some(made) = made.that_has(unit)
                    && let Some(value) = self.value_given(made, name) =>
            {
                self.follow(value, rest, place)
            }
            (Names::Unit(unit, dir, made), "values")
                if let Some(values) = self.values((unit, dir, made), span) =>
            {
                self.follow(values, steps, place)
            }
            (Names::Unit(..), _) => {
                Value::unknown(format!("`{root}.{name}` is known to Terragrunt only"), span)
            }
            (Names::Constant, _) => Value::unknown(format!("`{root}.{name}` is no constant"), span),
            (Names::Module(id), "var") => {
                let value = self.named(*id, Named::Variable(name.clone()), span);
                self.follow(value, rest, place)
            }
            (Names::Module(id), "local") => {
                let value = self.named(*id, Named::Local(name.clone()), span);
                self.follow(value, rest, place)
            }
            (Names::Module(id), "module") => self.module_output(*id, name, rest, place),
            (Names::Module(id), "path") => self.path(*id, name, span),
            (Names::Module(_), "each" | "count" | "self" | "terraform") => {
                Value::unknown(format!("`{root}.{name}` is known at plan time only"), span)
            }
            (Names::Module(_), FILLED_IN) => Value::unknown(
                "what Terragrunt fills in where it generates a file is not followed",
                span,
            ),
            (Names::Module(id), "data") => self.data(*id, name, rest, place),
            (Names::Module(id), _) => self.resource(*id, (root, name), rest, place),
        }
    }

    /// The value of a variable, local or output, computed once per instance.
    pub(super) fn named(&mut self, instance: InstanceId, named: Named, span: Span) -> Value {
        self.once(Key { instance, named }, true, span, |evaluator, key| match &key.named {
            Named::Variable(name) => evaluator.variable(instance, name, span),
            Named::Local(name) => evaluator.local(instance, name, span),
            Named::Output(name) => evaluator.output(instance, name, span),
            Named::Resource { kind, name, .. } => {
                Value::unknown(format!("`{kind}.{name}` is no named value"), span)
            }
        })
    }

    fn local(&mut self, id: InstanceId, name: &SmolStr, span: Span) -> Value {
        let names = &self.repo.module(self.repo.instance(id).module).names;
        match (names.locals.get(name), &names.open) {
            (Some(local), _) => self.expr(local.file, local.expr, &Scope::instance(id)),
            (None, Some(reason)) => Value::unknown(format!("`local.{name}`: {reason}"), span),
            (None, None) => Value::unknown(format!("`local.{name}` is not declared"), span),
        }
    }

    fn output(&mut self, id: InstanceId, name: &SmolStr, span: Span) -> Value {
        let module = self.repo.module(self.repo.instance(id).module);
        let value = module.names.outputs.get(name).and_then(|output| {
            output.block.body.attribute("value").map(|attribute| (output.file, &attribute.value))
        });
        match value {
            Some((file, expr)) => self.expr(file, expr, &Scope::instance(id)),
            None => Value::unknown(
                format!("the module in `{}` has no output `{name}`", module.dir),
                span,
            ),
        }
    }

    fn module_output(
        &mut self,
        id: InstanceId,
        name: &SmolStr,
        rest: &'s [Step],
        place: Place<'_, 's>,
    ) -> Value {
        let span = place.span;
        let Some(&child) = self.repo.instance(id).children.get(name) else {
            return Value::unknown(format!("`module.{name}` is not a module of this repo"), span);
        };
        let callee = self.repo.instance(child);
        if callee.is_rest {
            let reason = too_many_paths(&self.repo.module(callee.module).dir);
            return Value::for_reason(reason, span);
        }
        let Some((_, call)) = callee.parent else {
            return Value::unknown(format!("`module.{name}` is called by nobody"), span);
        };
        let repetition = self.repetition(&Scope::instance(id), call.file, &call.block.body);
        match (repetition, rest) {
            (Repetition::Once, [first, ..]) if is_splat(first) => {
                let (each, behind) = behind_splat(rest);
                let only = self.output_steps(child, each, place);
                self.follow(Value::list(vec![only], span), behind, place)
            }
            (Repetition::Once, _) => self.output_steps(child, rest, place),
            (repetition, [first, ..]) if is_splat(first) && repetition.is_by_count() => {
                let (each, behind) = behind_splat(rest);
                let only = self.output_steps(child, each, place);
                self.follow(repetition.of_each(&only, span), behind, place)
            }
            (repetition, [first, ..]) if is_splat(first) => {
                let only = self.output_steps(child, &[], place);
                self.follow(repetition.of_each(&only, span), rest, place)
            }
            (repetition, []) => {
                let only = self.output_steps(child, rest, place);
                repetition.of_each(&only, span)
            }
            // The instances of a repeated call are one in the model: what it says differs by `each` and `count`.
            (_, rest) => self.output_steps(child, skip_instance_key(rest), place),
        }
    }

    /// What `steps` lead to in the outputs of a module; with none, all of them.
    fn output_steps(&mut self, id: InstanceId, steps: &'s [Step], place: Place<'_, 's>) -> Value {
        let span = place.span;
        match steps.split_first().and_then(|(first, rest)| Some((attribute_name(first)?, rest))) {
            Some((output, rest)) => {
                let value = self.named(id, Named::Output(output.clone()), span);
                self.follow(value, rest, place)
            }
            None if steps.is_empty() => self.outputs(id, span),
            None => Value::unknown("an output has a name", span),
        }
    }

    fn outputs(&mut self, id: InstanceId, span: Span) -> Value {
        let module = self.repo.module(self.repo.instance(id).module);
        let mut outputs: Vec<_> = module.names.outputs.iter().collect();
        outputs.sort_unstable_by_key(|(name, _)| *name);
        let entries = outputs.into_iter().map(|(name, output)| Entry {
            key: name.clone(),
            key_span: output.header(),
            value: self.named(id, Named::Output(name.clone()), span),
        });
        Value::map(entries.collect(), span)
    }

    fn path(&self, id: InstanceId, name: &str, span: Span) -> Value {
        let instance = self.repo.instance(id);
        let dir_of = |id: InstanceId| &self.repo.module(self.repo.instance(id).module).dir;
        // A leading `/` stands for the root of the repo, wherever it is checked out.
        match name {
            "module" => Value::text(format!("/{}", dir_of(id)), span),
            "root" | "cwd" => Value::text(format!("/{}", dir_of(instance.root)), span),
            _ => Value::unknown(format!("`path.{name}` is unknown"), span),
        }
    }

    fn unit_local(
        &mut self,
        (unit, dir, made): (&'s SourceFile, &Arc<str>, &Option<Arc<Made<'s>>>),
        name: &str,
        span: Span,
    ) -> Value {
        match terragrunt::unit_local(unit, name) {
            Some(expr) => self.expr(unit, expr, &Scope::made(unit, Arc::clone(dir), made.clone())),
            None => {
                Value::unknown(format!("`local.{name}` is not declared in `{}`", unit.path), span)
            }
        }
    }
}

impl<'s> Evaluator<'_, 's> {
    /// All `values`, where that is what `name` stands for.
    pub(super) fn all_values(
        &mut self,
        name: &str,
        scope: &Scope<'s>,
        span: Span,
    ) -> Option<Value> {
        let Names::Unit(unit, dir, made) = &scope.names else { return None };
        (name == "values").then_some(())?;
        let unknown = || Value::unknown("`values` is known to Terragrunt only", span);
        Some(self.values((unit, dir, made), span).unwrap_or_else(unknown))
    }

    /// What the stack that makes it gives as `name`, where it writes out all names: without a look at the others.
    fn value_given(&mut self, made: &Made<'s>, name: &str) -> Option<Value> {
        let given = &made.block.body.attribute("values")?.value.unparenthesised().kind;
        let ExprKind::Object(entries) = given else { return None };
        let mut found = None;
        for entry in entries {
            if entry.literal_key()? == name {
                found = Some(&entry.value);
            }
        }
        Some(self.expr(made.file, found?, &made.above()))
    }

    /// The `values` in the file `unit` of a unit or a stack of Terragrunt, as what is `made` of the template in `dir`, or as what lies there:
    /// what is given to the directory of the file itself, and not to whoever includes it. `None` where that is not known.
    fn values(
        &mut self,
        (unit, dir, made): (&SourceFile, &Arc<str>, &Option<Arc<Made<'s>>>),
        span: Span,
    ) -> Option<Value> {
        if let Some(made) = made {
            let made = made.that_has(unit)?;
            let given = self.values_given(&made.template, Some(made));
            let nothing = || Value::failure("the stack gives it no `values`", span);
            return Some(given.unwrap_or_else(nothing));
        }
        if *dir_of(&unit.path) == **dir { self.values_given(dir, None) } else { None }
    }

    /// What the stack that makes it gives it, else what the file beside it says; `None` where neither does.
    fn values_given(&mut self, dir: &Arc<str>, made: Option<&Made<'s>>) -> Option<Value> {
        if let Some(made) = made
            && let Some(given) = made.block.body.attribute("values")
        {
            let value = self.expr(made.file, &given.value, &made.above());
            // Of nothing, Terragrunt writes no file.
            if !matches!(value.data, Data::Null) {
                return Some(value);
            }
        }
        let file = self.repo.source(&path_in(dir, VALUES_FILE))?;
        let attributes = file.hcl.as_ref()?.body.attributes();
        let scope = Scope::unit(file, Arc::clone(dir));
        let entries = attributes.map(|attribute| Entry {
            key: attribute.key.name.clone(),
            key_span: file.span(attribute.key.range),
            value: self.expr(file, &attribute.value, &scope),
        });
        Some(Value::map(entries.collect(), file.span(TextRange::new(0, file.text.len()))))
    }
}

impl<'s> Repo<'s> {
    /// All `values` that a unit or a stack gets which an explicit stack makes; `None` where it gets none.
    pub fn values_of(&self, made: &Made<'s>) -> Option<Value> {
        Evaluator::new(self).values_given(&made.template, Some(made))
    }
}

/// The steps after the `["key"]` or `[0]` that chooses one instance of a repeated block.
fn skip_instance_key(steps: &[Step]) -> &[Step] {
    match steps.split_first() {
        Some((Step { kind: StepKind::Index(_) | StepKind::LegacyIndex(_), .. }, rest)) => rest,
        _ => steps,
    }
}
