//! The variables of a module: what its caller, a file or Terragrunt passes, or the default, as the declared type has it.

use std::sync::Arc;

use smol_str::SmolStr;

use super::{Evaluator, Scope};
use crate::model::extra::Extra;
use crate::model::made::Made;
use crate::model::repo::{BlockRef, ExprRef, InstanceId};
use crate::model::terragrunt::Setting;
use crate::model::value::{Data, Lookup, Reason, Value};
use crate::syntax::hcl::ExprKind;
use crate::text::Span;

impl<'s> Evaluator<'_, 's> {
    /// A variable: what the caller passes, else what files and Terragrunt pass, else its default.
    pub(super) fn variable(&mut self, id: InstanceId, name: &SmolStr, span: Span) -> Value {
        let instance = self.repo.instance(id);
        let module = self.repo.module(instance.module);
        let declaration = module.names.variables.get(name).copied();
        if instance.is_rest {
            return Value::for_reason(too_many_paths(&module.dir), span);
        }
        let value = if let Some((caller, call)) = instance.parent {
            self.argument(id, (caller, call), name)
        } else {
            self.passed_in(id, name)
        };
        match (value, declaration) {
            (Some(value), Some(declaration)) => {
                let value = self.unless_null(value, &declaration, id);
                self.as_declared(value, &declaration, name)
            }
            (Some(value), None) => value,
            (None, Some(_)) if self.doubts_defaults && instance.parent.is_none() => {
                Value::unknown(format!("`var.{name}` may be given another value"), span)
            }
            (None, Some(declaration)) => match self.default(&declaration, id) {
                Some(value) => self.as_declared(value, &declaration, name),
                None => Value::unknown(self.why_unset(id, name), span),
            },
            (None, None) => match &module.names.open {
                Some(reason) => Value::unknown(format!("`var.{name}`: {reason}"), span),
                None => Value::unknown(format!("`var.{name}` is not declared"), span),
            },
        }
    }

    fn default(&mut self, declaration: &BlockRef<'s>, id: InstanceId) -> Option<Value> {
        let default = declaration.block.body.attribute("default")?;
        Some(self.expr(declaration.file, &default.value, &Scope::instance(id)))
    }

    /// `nullable = false`: passing `null` is passing nothing.
    fn unless_null(&mut self, value: Value, declaration: &BlockRef<'s>, id: InstanceId) -> Value {
        let is_null = |value: &Value| matches!(value.data, Data::Null);
        let nullable = declaration.block.body.attribute("nullable");
        let never =
            nullable.is_some_and(|nullable| matches!(nullable.value.kind, ExprKind::Bool(false)));
        if !never || !value.possibilities().iter().any(is_null) {
            return value;
        }
        let Some(default) = self.default(declaration, id) else { return value };
        let option =
            |option: &Value| if is_null(option) { default.clone() } else { option.clone() };
        Value::one_of(value.possibilities().iter().map(option), value.span)
    }

    /// What the `call` in `caller` that makes the instance `id` passes as `name`.
    fn argument(
        &mut self,
        id: InstanceId,
        (caller, call): (InstanceId, BlockRef<'s>),
        name: &str,
    ) -> Option<Value> {
        let argument = call.block.body.attribute(name)?;
        let chosen = self.called.as_ref().and_then(|called| called.calls.of(id).cloned());
        let scope = match chosen {
            Some(scope) => scope,
            None => self.block_scope(&Scope::instance(caller), call.file, &call.block.body),
        };
        Some(self.expr(call.file, &argument.value, &scope))
    }

    fn passed_in(&mut self, id: InstanceId, name: &str) -> Option<Value> {
        let inputs = self.repo.instance(id).inputs.clone()?;
        match inputs.setting(name) {
            Some(Setting::Variable(variable)) => {
                return Some(self.extra(variable, inputs.made.clone()));
            }
            Some(Setting::Written(file, attribute)) => {
                return Some(self.expr(file, &attribute.value, &Scope::instance(id)));
            }
            Some(Setting::Unknown(why)) => {
                let module = self.repo.module(self.repo.instance(id).module);
                let span = module.names.variables.get(name).map(BlockRef::header)?;
                return Some(Value::unknown(format!("`var.{name}`: {why}"), span));
            }
            None => {}
        }
        let mut found: Option<Value> = None;
        for (place, scope) in &inputs.by_unit {
            let value = match &place.expr.unparenthesised().kind {
                ExprKind::Object(entries) => {
                    let entry = entries
                        .iter()
                        .find(|entry| entry.literal_key().is_some_and(|key| key == name));
                    entry.map(|entry| self.expr(place.file, &entry.value, scope))
                }
                _ => match self.expr(place.file, place.expr, scope).get(name) {
                    Lookup::Found(entry) => Some(entry.value.clone()),
                    Lookup::Absent => None,
                    Lookup::Unknown(reason) => {
                        Some(Value::for_reason(reason, place.file.span(place.expr.range)))
                    }
                },
            };
            match (value, &found) {
                (None, _) => {}
                (Some(value), None) if inputs.is_deep && !is_plain(&value) => found = Some(value),
                (Some(value), None) => return Some(value),
                (Some(_), Some(first)) => {
                    let why = "what several files of the unit say of it is put together";
                    return Some(Value::unknown(format!("`var.{name}`: {why}"), first.span));
                }
            }
        }
        found
    }

    /// What is passed besides Terragrunt's inputs.
    fn extra(&mut self, extra: &Extra<'s>, made: Option<Arc<Made<'s>>>) -> Value {
        let Extra { expr: ExprRef { file, expr }, before, dir, .. } = extra;
        let span = file.span(expr.range);
        let value = self.expr(file, expr, &Scope::made(file, Arc::clone(dir), made));
        match value.as_str().as_deref().and_then(|text| text.strip_prefix(&**before)) {
            Some(text) => Value::text(text, span),
            None => Value::unknown("what Terragrunt passes as an argument is not known", span),
        }
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

    /// `value` as the variable's type has it: converted, and with the attributes that the caller may leave out.
    fn as_declared(&mut self, value: Value, declaration: &BlockRef<'s>, name: &str) -> Value {
        let Some(kind) = declaration.block.body.attribute("type") else { return value };
        if let Some(converted) = self.converted(declaration.file, &kind.value, &value) {
            return converted;
        }
        if !declaration.file.slice(kind.value.range).contains("optional(") {
            return value;
        }
        opened(value, &Reason::new(format!("the type of `var.{name}` may supply it")))
    }
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
            let mut list = (*list).clone();
            for item in &mut list.items {
                *item = opened(item.clone(), reason);
            }
            Data::List(Arc::new(list))
        }
        Data::OneOf(options) => {
            Data::OneOf(options.iter().map(|option| opened(option.clone(), reason)).collect())
        }
        other => other,
    };
    Value { data, span: value.span }
}

/// Why it is not known what the last instance of the module in `dir` is passed.
pub(super) fn too_many_paths(dir: &str) -> Reason {
    Reason::new(format!("too many paths of calls lead to the module in `{dir}` to tell them apart"))
}

/// Whether another value takes its place rather than being put together with it.
fn is_plain(value: &Value) -> bool {
    matches!(value.data, Data::Null | Data::Bool(_) | Data::Number(_) | Data::Text(_))
}
