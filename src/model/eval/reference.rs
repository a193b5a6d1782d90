//! References: `var.x`, `local.x`, `module.m.out`, `kubernetes_namespace.x.metadata[0].name`, `each.value`, `path.module`.

use std::sync::Arc;

use smol_str::SmolStr;

use super::memo::{Key, Named};
use super::scope::Names;
use super::{Evaluator, Scope};
use crate::model::repo::{BlockRef, InstanceId};
use crate::model::terragrunt;
use crate::model::value::{Data, List, Lookup, Reason, Value};
use crate::syntax::SourceFile;
use crate::syntax::hcl::{Body, Expr, ExprKind, Step, StepKind, Traversal};
use crate::text::Span;

/// The expression that a reference stands in.
#[derive(Clone, Copy)]
struct Place<'x, 's> {
    file: &'s SourceFile,
    scope: &'x Scope<'s>,
    span: Span,
}

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
            (Names::Unit(unit, dir), "local") => {
                let value = self.unit_local(unit, dir, name, span);
                self.follow(value, rest, place)
            }
            (Names::Unit(..), _) => {
                Value::unknown(format!("`{root}.{name}` is known to Terragrunt only"), span)
            }
            (Names::Module(id), "var") => {
                let value = self.named((*id, Named::Variable(name.clone())), span);
                self.follow(value, rest, place)
            }
            (Names::Module(id), "local") => {
                let value = self.named((*id, Named::Local(name.clone())), span);
                self.follow(value, rest, place)
            }
            (Names::Module(id), "module") => self.module_output(*id, name, rest, place),
            (Names::Module(id), "path") => self.path(*id, name, span),
            (Names::Module(_), "each" | "count" | "self" | "terraform") => {
                Value::unknown(format!("`{root}.{name}` is known at plan time only"), span)
            }
            (Names::Module(_), "data") => {
                Value::unknown(format!("`data.{name}` is read at plan time"), span)
            }
            (Names::Module(id), _) => self.resource(*id, (root, name), rest, place),
        }
    }

    /// The value of a variable, local or output, computed once per instance.
    fn named(&mut self, key: Key, span: Span) -> Value {
        if let Some(value) = self.repo.memo.get(&key) {
            return value;
        }
        if self.pending.contains(&key) {
            return Value::unknown("it depends on itself", span);
        }
        self.pending.push(key.clone());
        let value = match &key.1 {
            Named::Variable(name) => self.variable(key.0, name, span),
            Named::Local(name) => self.local(key.0, name, span),
            Named::Output(name) => self.output(key.0, name, span),
        };
        self.pending.pop();
        // A value found while something else was pending may have met a circle that is not its own.
        if self.pending.is_empty() || value.is_known() {
            self.repo.memo.put(key, &value);
        }
        value
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

    /// A variable: what the caller passes, else what files and Terragrunt pass, else its default.
    fn variable(&mut self, id: InstanceId, name: &SmolStr, span: Span) -> Value {
        let instance = self.repo.instance(id);
        let module = self.repo.module(instance.module);
        let declaration = module.names.variables.get(name).copied();
        let value = if let Some((caller, call)) = instance.parent {
            self.argument(caller, call, name)
        } else {
            self.passed_in(id, name)
        };
        match (value, declaration) {
            (Some(value), Some(declaration)) => with_optional_attributes(value, &declaration, name),
            (Some(value), None) => value,
            (None, Some(declaration)) => match declaration.block.body.attribute("default") {
                Some(default) => {
                    let value = self.expr(declaration.file, &default.value, &Scope::instance(id));
                    with_optional_attributes(value, &declaration, name)
                }
                None => Value::unknown(self.why_unset(id, name), span),
            },
            (None, None) => match &module.names.open {
                Some(reason) => Value::unknown(format!("`var.{name}`: {reason}"), span),
                None => Value::unknown(format!("`var.{name}` is not declared"), span),
            },
        }
    }

    fn argument(&mut self, caller: InstanceId, call: BlockRef<'s>, name: &str) -> Option<Value> {
        let argument = call.block.body.attribute(name)?;
        let scope = self.block_scope(&Scope::instance(caller), call.file, &call.block.body);
        Some(self.expr(call.file, &argument.value, &scope))
    }

    fn passed_in(&mut self, id: InstanceId, name: &str) -> Option<Value> {
        let inputs = self.repo.instance(id).inputs.clone()?;
        for file in &inputs.variable_files {
            let attribute = file.hcl.as_ref().and_then(|document| document.body.attribute(name));
            if let Some(attribute) = attribute {
                return Some(self.expr(file, &attribute.value, &Scope::instance(id)));
            }
        }
        for (inputs, dir) in &inputs.inputs {
            let scope = Scope::unit(inputs.file, Arc::clone(dir));
            let value = match &inputs.expr.unparenthesised().kind {
                ExprKind::Object(entries) => {
                    let entry = entries
                        .iter()
                        .find(|entry| entry.literal_key().is_some_and(|key| key == name));
                    entry.map(|entry| self.expr(inputs.file, &entry.value, &scope))
                }
                _ => match self.expr(inputs.file, inputs.expr, &scope).get(name) {
                    Lookup::Found(entry) => Some(entry.value.clone()),
                    Lookup::Absent => None,
                    Lookup::Unknown(reason) => Some(Value {
                        data: Data::Unknown(reason),
                        span: inputs.file.span(inputs.expr.range),
                    }),
                },
            };
            if value.is_some() {
                return value;
            }
        }
        None
    }

    fn why_unset(&self, id: InstanceId, name: &str) -> String {
        let inputs = self.repo.instance(id).inputs.as_ref();
        match inputs.and_then(|inputs| inputs.unreadable.first()) {
            Some((path, why)) => {
                format!("`var.{name}` has no default, and `{path}` cannot be read ({why})")
            }
            None => format!("`var.{name}` has no default and nothing in the repo sets it"),
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
        let rest = skip_instance_key(rest);
        match rest.split_first().and_then(|(first, rest)| Some((attribute_name(first)?, rest))) {
            Some((output, rest)) => {
                let value = self.named((child, Named::Output(output.clone())), span);
                self.follow(value, rest, place)
            }
            None => Value::unknown(format!("`module.{name}` is used as a whole"), span),
        }
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
        unit: &'s SourceFile,
        dir: &Arc<str>,
        name: &str,
        span: Span,
    ) -> Value {
        match terragrunt::unit_local(unit, name) {
            Some(expr) => self.expr(unit, expr, &Scope::unit(unit, Arc::clone(dir))),
            None => {
                Value::unknown(format!("`local.{name}` is not declared in `{}`", unit.path), span)
            }
        }
    }

    /// An attribute of a managed resource, where the code says it.
    fn resource(
        &mut self,
        id: InstanceId,
        (kind, name): (&SmolStr, &SmolStr),
        rest: &'s [Step],
        place: Place<'_, 's>,
    ) -> Value {
        let span = place.span;
        let names = &self.repo.module(self.repo.instance(id).module).names;
        let Some(resource) = names.resources.get(&(kind.clone(), name.clone())).copied() else {
            return Value::unknown(format!("`{kind}.{name}` is not declared in this module"), span);
        };
        let body = &resource.block.body;
        let repeated = body.attribute("for_each").is_some() || body.attribute("count").is_some();
        let rest = if repeated { skip_instance_key(rest) } else { rest };
        let inner = self.block_scope(&Scope::instance(id), resource.file, body);
        let computed = || {
            Value::unknown(
                format!("`{kind}.{name}` does not set it: the provider computes it"),
                span,
            )
        };
        let mut body = body;
        let mut steps = rest;
        while let Some((first, rest)) = steps.split_first() {
            let Some(step) = attribute_name(first) else { return computed() };
            if let Some(attribute) = body.attribute(step) {
                let value = self.expr(resource.file, &attribute.value, &inner);
                return self.follow(value, rest, place);
            }
            let (index, rest) = match rest.split_first() {
                Some((step, rest)) if literal_index(step).is_some() => {
                    (literal_index(step).unwrap_or(0), rest)
                }
                _ => (0, rest),
            };
            match nth_block(body, step, index) {
                Some(block) => (body, steps) = (block, rest),
                None => return computed(),
            }
        }
        Value::unknown(format!("`{kind}.{name}` is used as a whole"), span)
    }

    /// `scope` inside a block with `for_each` or `count`.
    pub(in crate::model) fn block_scope(
        &mut self,
        scope: &Scope<'s>,
        file: &'s SourceFile,
        body: &'s Body,
    ) -> Scope<'s> {
        if let Some(count) = body.attribute("count") {
            let span = file.span(count.value.range);
            let index = Value::unknown("`count.index` differs between instances", span);
            let entry =
                crate::model::value::Entry { key: "index".into(), key_span: span, value: index };
            return scope.with("count", Value::map(vec![entry], span));
        }
        match body.attribute("for_each") {
            Some(for_each) => self.iterator_scope(scope, "each", file, &for_each.value),
            None => scope.clone(),
        }
    }

    /// `scope` with `name` bound to every key and value of the collection `expr`.
    pub(in crate::model) fn iterator_scope(
        &mut self,
        scope: &Scope<'s>,
        name: &str,
        file: &'s SourceFile,
        expr: &'s Expr,
    ) -> Scope<'s> {
        let collection = self.expr(file, expr, scope);
        let span = file.span(expr.range);
        match super::elements(&collection) {
            Ok((pairs, open)) if !pairs.is_empty() => {
                let is_set = matches!(collection.data, Data::List(_));
                let (mut keys, mut values) = (Vec::new(), Vec::new());
                for (key, _, value) in pairs {
                    // In a set the key is the value.
                    keys.push(if is_set { value.clone() } else { key });
                    values.push(value);
                }
                if let Some(reason) = open {
                    keys.push(Value { data: Data::Unknown(reason.clone()), span });
                    values.push(Value { data: Data::Unknown(reason), span });
                }
                scope.with_iterator(name, Value::one_of(keys, span), Value::one_of(values, span))
            }
            Ok((_, reason)) => {
                let reason = reason.unwrap_or_else(|| Reason::new("the collection is empty"));
                let unknown = Value { data: Data::Unknown(reason), span };
                scope.with_iterator(name, unknown.clone(), unknown)
            }
            Err(reason) => {
                let unknown = Value { data: Data::Unknown(reason), span };
                scope.with_iterator(name, unknown.clone(), unknown)
            }
        }
    }

    /// `value` after the remaining steps.
    fn follow(&mut self, value: Value, steps: &'s [Step], place: Place<'_, 's>) -> Value {
        let span = place.span;
        let mut value = value;
        for step in steps {
            value = match &step.kind {
                StepKind::Attribute(name) => step_into(&value, name, span),
                StepKind::LegacyIndex(index) => step_into(&value, index, span),
                StepKind::Index(index) => {
                    let index = self.expr(place.file, index, place.scope);
                    index_into(&value, &index, span)
                }
                StepKind::AttributeSplat | StepKind::FullSplat => {
                    return Value::unknown("a splat is not followed", span);
                }
            };
        }
        value
    }
}

fn attribute_name(step: &Step) -> Option<&SmolStr> {
    match &step.kind {
        StepKind::Attribute(name) => Some(name),
        _ => None,
    }
}

fn literal_index(step: &Step) -> Option<usize> {
    match &step.kind {
        StepKind::LegacyIndex(index) => index.parse().ok(),
        StepKind::Index(expr) => match &expr.kind {
            ExprKind::Number(number) => number.parse().ok(),
            _ => None,
        },
        _ => None,
    }
}

/// The steps after the `["key"]` or `[0]` that chooses one instance of a repeated block.
fn skip_instance_key(steps: &[Step]) -> &[Step] {
    match steps.split_first() {
        Some((Step { kind: StepKind::Index(_) | StepKind::LegacyIndex(_), .. }, rest)) => rest,
        _ => steps,
    }
}

fn nth_block<'b>(body: &'b Body, kind: &str, index: usize) -> Option<&'b Body> {
    body.blocks().filter(|block| block.kind.name == kind).nth(index).map(|block| &block.body)
}

/// `value.name`, for each thing the value may be.
pub(super) fn step_into(value: &Value, name: &str, span: Span) -> Value {
    let step = |value: &Value| match (&value.data, value.get(name)) {
        (Data::List(list), _) => {
            // Where elements may be missing, nobody knows which one is at the place.
            if let Some(reason) = &list.open {
                return Value { data: Data::Unknown(reason.clone()), span };
            }
            match name.parse::<usize>().ok().and_then(|index| list.items.get(index)) {
                Some(item) => item.clone(),
                None => Value::unknown(format!("the list has no element `{name}`"), span),
            }
        }
        (_, Lookup::Found(entry)) => entry.value.clone(),
        (_, Lookup::Unknown(reason)) => Value { data: Data::Unknown(reason), span },
        (_, Lookup::Absent) => Value::unknown(format!("there is no key `{name}`"), span),
    };
    Value::one_of(value.possibilities().iter().map(step).collect(), span)
}

fn index_into(value: &Value, index: &Value, span: Span) -> Value {
    if let Data::OneOf(options) = &index.data {
        return Value::one_of(
            options.iter().map(|option| index_into(value, option, span)).collect(),
            span,
        );
    }
    if let Some(name) = index.as_str() {
        step_into(value, &name, span)
    } else {
        let reason = index.first_unknown().unwrap_or_else(|| Reason::new("the index is not known"));
        Value { data: Data::Unknown(reason), span }
    }
}

/// A variable's type may add attributes that the caller leaves out: they are not absent, only not known here.
fn with_optional_attributes(value: Value, declaration: &BlockRef<'_>, name: &str) -> Value {
    let Some(kind) = declaration.block.body.attribute("type") else { return value };
    if !declaration.file.slice(kind.value.range).contains("optional(") {
        return value;
    }
    opened(value, &Reason::new(format!("the type of `var.{name}` may supply it")))
}

/// `value` with every object in it open, at any depth.
fn opened(value: Value, reason: &Reason) -> Value {
    let data = match value.data {
        Data::Map(map) => {
            let mut map = (*map).clone();
            for entry in &mut map.entries {
                entry.value = opened(entry.value.clone(), reason);
            }
            map.open.get_or_insert_with(|| reason.clone());
            Data::Map(Arc::new(map))
        }
        Data::List(list) => {
            let items = list.items.iter().map(|item| opened(item.clone(), reason)).collect();
            Data::List(Arc::new(List { items, open: list.open.clone() }))
        }
        Data::OneOf(options) => {
            Data::OneOf(options.iter().map(|option| opened(option.clone(), reason)).collect())
        }
        other => other,
    };
    Value { data, span: value.span }
}
