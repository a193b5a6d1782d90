//! Values that cannot be changed once they are applied, and values that may only grow.

use std::borrow::Cow;
use std::collections::BTreeMap;

use smol_str::SmolStr;

use super::immutable_object::Fields;
use super::module_inputs::is_resource_or_call;
use crate::model::{
    AttributePath, BlockRef, Change, Data, Declared, Entry, ExprRef, IgnoreChanges, InstanceId,
    Repo, Scope, Value, declared,
};
use crate::rule::{
    Check, CheckDef, Context, Finding, Findings, Interest, OptionError, Options, Outcome, Subject,
    quantity,
};
use crate::text::Globs;

const PLACEHOLDERS: &[&str] = &["address", "field", "from", "to"];

pub(super) const CHECK: CheckDef = CheckDef {
    name: "immutable_value",
    outcomes: &[
        Outcome { name: "changed", placeholders: PLACEHOLDERS },
        Outcome { name: "smaller", placeholders: PLACEHOLDERS },
    ],
    build,
};

struct ImmutableValue {
    values: Vec<Fixed>,
    fields: Fields,
}

/// A value that is fixed.
struct Fixed {
    /// The resource types that have it.
    types: Vec<String>,
    /// The directories of the modules that take it as an input.
    modules: Globs,
    path: AttributePath,
    /// The key in the object at the path.
    key: Option<String>,
    /// Whether it may grow.
    grows: bool,
}

fn build(options: &mut Options<'_>) -> Result<Box<dyn Check>, OptionError> {
    let values = options.each_object("values", |value| {
        let written = value.string("path")?;
        let path = AttributePath::parse(&written).ok_or_else(|| OptionError {
            message: format!("`{written}` is no path of an attribute"),
            range: value.place(),
        })?;
        Ok(Fixed {
            types: value.strings("types")?,
            modules: value.globs("modules")?,
            path,
            key: value.optional_string("key")?,
            grows: value.flag_or("grows", false)?,
        })
    })?;
    Ok(Box::new(ImmutableValue { values, fields: Fields::read(options)? }))
}

impl Check for ImmutableValue {
    fn interests(&self) -> Vec<Interest> {
        let labels: Vec<String> = self.values.iter().flat_map(|it| it.types.clone()).collect();
        vec![
            Interest::Blocks { kind: "resource".into(), labels },
            Interest::blocks("module"),
            Interest::Objects(self.fields.kinds()),
            Interest::Files(self.fields.files.clone()),
        ]
    }

    /// A manifest may be read from a template.
    fn finds_elsewhere(&self) -> bool {
        true
    }

    fn compares(&self) -> bool {
        true
    }

    fn judge(&self, context: &Context<'_>, subject: Subject<'_>, out: &mut Findings) {
        let Some(change) = context.change else { return };
        let block = match subject {
            Subject::Block(block) => block,
            Subject::Object(object) => {
                return self.fields.judge_object(context.repo, change, &object, out);
            }
            Subject::File(file) => return self.fields.judge_file(context.repo, change, file, out),
            _ => return,
        };
        let mut values = self
            .values
            .iter()
            .filter(|it| is_resource_or_call(&block, &it.types, &it.modules))
            .peekable();
        if values.peek().is_none() {
            return;
        }
        // What is new may be as it likes.
        let Some(was) = change.was(&block) else { return };
        for fixed in values {
            fixed.judge(context.repo, change, &block, &was, out);
        }
    }
}

impl Fixed {
    fn judge<'s>(
        &self,
        repo: &Repo<'s>,
        change: &Change<'s>,
        block: &BlockRef<'s>,
        was: &BlockRef<'s>,
        out: &mut Findings,
    ) {
        // What Terraform does not look at, it does not change.
        let ignored =
            IgnoreChanges::of(block.block).is_some_and(|it| it.covering(&self.path).is_some());
        let (Some(now), Some(then)) = (self.expr(block), self.expr(was)) else { return };
        if ignored || block.block.label(0) != was.block.label(0) {
            return;
        }
        out.site();
        let newer = self.values(repo, block, now);
        let older = self.values(change.older, was, then);
        let is_as_written = now.file.slice(now.expr.range) == then.file.slice(then.expr.range);
        for (calls, newer) in &newer {
            let Some(older) = older.get(calls) else { continue };
            if let Some(reason) = newer.first_unknown().or_else(|| older.first_unknown()) {
                if !is_as_written {
                    out.unknown(now.span(), reason.to_string());
                }
                continue;
            }
            // Of several elements, those that are on one side alone came or went: nothing of them changed.
            let (gone, come) = (without(older, newer), without(newer, older));
            if let (Some(gone), Some(come)) = (gone, come) {
                out.found.extend(self.finding(block, (&gone, then), (&come, now)));
            }
        }
    }

    /// The value `older` has become `newer`, each with where it is written.
    fn finding(
        &self,
        block: &BlockRef<'_>,
        (older, then): (&Value, ExprRef<'_>),
        (newer, now): (&Value, ExprRef<'_>),
    ) -> Option<Finding> {
        let outcome = outcome(self.grows, older, newer)?;
        let inside = block.file.span(block.block.range).contains(newer.span);
        let span = if inside { newer.span } else { now.span() };
        // What is written alike and means something else is shown as what it means.
        let written = |value: &Value, at: ExprRef<'_>| shown(value, at.file.slice(at.expr.range));
        let (from, to) = match (written(older, then), written(newer, now)) {
            (from, to) if from == to => (meant(older), meant(newer)),
            told => told,
        };
        let finding = Finding::new(outcome, span)
            .address(block.address())
            .arg("address", block.address())
            .arg("field", self.name())
            .arg("from", from)
            .arg("to", to);
        Some(finding)
    }

    fn expr<'s>(&self, block: &BlockRef<'s>) -> Option<ExprRef<'s>> {
        match declared(&block.block.body, &self.path) {
            Declared::Attribute(attribute) => {
                Some(ExprRef { file: block.file, expr: &attribute.value })
            }
            Declared::Block(_) | Declared::Absent(_) => None,
        }
    }

    /// The value in each instance of the block's module, by the calls that lead to it, and of each element of the block, by its key.
    fn values<'s>(
        &self,
        repo: &Repo<'s>,
        block: &BlockRef<'s>,
        expr: ExprRef<'s>,
    ) -> BTreeMap<Vec<SmolStr>, Value> {
        let mut scopes: BTreeMap<Vec<SmolStr>, Vec<Scope<'s>>> = BTreeMap::new();
        for scope in repo.scopes(block) {
            let mut calls = scope.instance_id().map(|id| calls_to(repo, id)).unwrap_or_default();
            calls.extend(scope.element());
            scopes.entry(calls).or_default().push(scope);
        }
        let value = |scopes: &[Scope<'s>]| {
            let value = repo.eval_everywhere(expr, scopes);
            let Some(key) = self.key.as_deref().filter(|_| value.is_known()) else {
                return Some(value);
            };
            // Each element whose key is not known may have an object of its own.
            let parts = value.possibilities().iter().filter_map(|it| it.at(&[key]).cloned());
            let parts: Vec<Value> = parts.collect();
            (!parts.is_empty()).then(|| Value::one_of(parts, value.span))
        };
        scopes.into_iter().filter_map(|(calls, scopes)| Some((calls, value(&scopes)?))).collect()
    }

    fn name(&self) -> String {
        let path = self.path.to_string().replace("[0]", "");
        match &self.key {
            Some(key) => format!("{path}.{key}"),
            None => path,
        }
    }
}

/// The names of the calls that lead to an instance, the innermost first, and the directory in which the first one stands.
fn calls_to(repo: &Repo<'_>, id: InstanceId) -> Vec<SmolStr> {
    let mut calls = Vec::new();
    let mut instance = repo.instance(id);
    while let Some((caller, call)) = &instance.parent {
        calls.extend(call.block.labels.first().map(|label| label.name.clone()));
        instance = repo.instance(*caller);
    }
    let stack = instance.stack.map(|stack| &repo.stack(stack).dir);
    calls.push(SmolStr::new(stack.unwrap_or(&repo.module(instance.module).dir)));
    calls
}

/// What `one` may be and `other` may not, of the instances that give them their values.
fn without(one: &Value, other: &Value) -> Option<Value> {
    let is_other = |it: &Value| other.possibilities().iter().any(|other| other.same_as(it));
    let options: Vec<Value> =
        one.possibilities().iter().filter(|it| !is_other(it)).cloned().collect();
    let span = one.span;
    (!options.is_empty()).then(|| Value::one_of(options, span))
}

/// What is wrong where `older` becomes `newer`, if it is, of something that may grow or not.
pub(super) fn outcome(grows: bool, older: &Value, newer: &Value) -> Option<&'static str> {
    let amount = |value: &Value| value.as_str().and_then(|text| quantity(&text));
    match (grows, amount(older), amount(newer)) {
        (true, Some(older), Some(newer)) if newer >= older => None,
        (true, Some(_), Some(_)) => Some("smaller"),
        _ => Some("changed"),
    }
}

/// The value in a message: as it is, or as it is `written` where it is an object.
pub(super) fn shown(value: &Value, written: &str) -> String {
    let text = value.as_str().map(Cow::into_owned);
    let text = text.unwrap_or_else(|| written.to_owned());
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The value in a message, as HCL would write it.
fn meant(value: &Value) -> String {
    let list = |parts: Vec<String>| parts.join(", ");
    match &value.data {
        Data::List(items) => format!("[{}]", list(items.items.iter().map(meant).collect())),
        Data::Map(map) => {
            let entry = |it: &Entry| format!("{} = {}", it.key, meant(&it.value));
            format!("{{ {} }}", list(map.entries.iter().map(entry).collect()))
        }
        Data::OneOf(options) => options.iter().map(meant).collect::<Vec<_>>().join(" or "),
        Data::Text(_) => format!("\"{}\"", value.as_str().unwrap_or_default()),
        _ => value.as_str().map_or_else(|| "null".to_owned(), Cow::into_owned),
    }
}
