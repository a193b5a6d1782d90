//! What the code says of a resource that is referred to, or of what a data source is asked for: one attribute, the blocks of one
//! kind, or all of it.

use std::sync::Arc;

use smol_str::SmolStr;

use super::instances::Repetition;
use super::memo::{Key, Named};
use super::steps::{Place, attribute_name, behind_splat, is_splat, literal_index};
use super::{Evaluator, MAX_ALTERNATIVES, Scope};
use crate::model::repo::{BlockRef, InstanceId};
use crate::model::value::{Data, Entry, Map, Reason, Value};
use crate::syntax::hcl::{Block, Body, Expr, Step, StepKind};
use crate::text::TextRange;

/// Attributes and blocks that tell Terraform what to do, and are no part of the object.
pub const META_ARGUMENTS: &[&str] = &[
    "connection",
    "count",
    "depends_on",
    "dynamic",
    "for_each",
    "lifecycle",
    "provider",
    "provisioner",
];

/// Types whose `id` is the name in their `metadata`: the provider calls objects that are in no namespace so.
const NAMED_BY_ID: &[&str] = &[
    "kubernetes_ingress_class",
    "kubernetes_namespace",
    "kubernetes_persistent_volume",
    "kubernetes_priority_class",
    "kubernetes_storage_class",
];

/// A resource in one instance of its module.
struct Resource<'s> {
    block: BlockRef<'s>,
    /// Why what it does not say is not known.
    computed: Reason,
}

impl Resource<'_> {
    /// What an attribute comes to that the code sets to `value`: where that is null, the provider may say something of its own.
    fn unless_null(&self, value: Value) -> Value {
        let is_null = |value: &Value| matches!(value.data, Data::Null);
        if !value.possibilities().iter().any(is_null) {
            return value;
        }
        let options = value.possibilities().iter().map(|option| match option.data {
            Data::Null => Value::for_reason(self.computed.clone(), option.span),
            _ => option.clone(),
        });
        Value::one_of(options, value.span)
    }
}

impl<'s> Evaluator<'_, 's> {
    /// What `rest` leads to in a managed resource, where the code says it.
    pub(super) fn resource(
        &mut self,
        id: InstanceId,
        (kind, name): (&SmolStr, &SmolStr),
        rest: &'s [Step],
        place: Place<'_, 's>,
    ) -> Value {
        let names = &self.repo.module(self.repo.instance(id).module).names;
        let Some(block) = names.resources.get(&(kind.clone(), name.clone())).copied() else {
            return Value::unknown(
                format!("`{kind}.{name}` is not declared in this module"),
                place.span,
            );
        };
        let reason = format!("`{kind}.{name}` does not set it: the provider computes it");
        let resource = Resource { block, computed: Reason::new(reason) };
        self.resource_once(id, (kind.clone(), name), &resource, rest, place)
    }

    /// What `rest` leads to in a data source: what it is asked for stays as the code says it, all else is read.
    pub(super) fn data(
        &mut self,
        id: InstanceId,
        kind: &SmolStr,
        rest: &'s [Step],
        place: Place<'_, 's>,
    ) -> Value {
        let unread = |name: &str| format!("`data.{name}` is read at plan time");
        let Some((name, rest)) =
            rest.split_first().and_then(|(first, rest)| Some((attribute_name(first)?, rest)))
        else {
            return Value::unknown(unread(kind), place.span);
        };
        let names = &self.repo.module(self.repo.instance(id).module).names;
        let reason = unread(&format!("{kind}.{name}"));
        let Some(block) = names.data.get(&(kind.clone(), name.clone())).copied() else {
            return Value::unknown(reason, place.span);
        };
        let source = Resource { block, computed: Reason::new(reason) };
        self.resource_once(id, (format!("data.{kind}").into(), name), &source, rest, place)
    }

    fn resource_once(
        &mut self,
        id: InstanceId,
        (kind, name): (SmolStr, &SmolStr),
        resource: &Resource<'s>,
        rest: &'s [Step],
        place: Place<'_, 's>,
    ) -> Value {
        let steps = written(rest, place);
        let keep = steps.is_some();
        let steps = steps.unwrap_or_default();
        let named = Named::Resource { kind, name: name.clone(), steps };
        self.once(Key { instance: id, named }, keep, place.span, |evaluator, _| {
            evaluator.resource_steps(id, resource, rest, place)
        })
    }

    fn resource_steps(
        &mut self,
        id: InstanceId,
        it: &Resource<'s>,
        rest: &'s [Step],
        place: Place<'_, 's>,
    ) -> Value {
        let scope = Scope::instance(id);
        let (file, body) = (it.block.file, &it.block.block.body);
        let repetition = self.repetition(&scope, file, body);
        match (repetition, rest) {
            (Repetition::Once, [first, ..]) if is_splat(first) => {
                let (each, behind) = behind_splat(rest);
                let only = self.said(it, each, &scope, place);
                self.follow(Value::list(vec![only], place.span), behind, place)
            }
            (Repetition::Once, _) => self.said(it, rest, &scope, place),
            (repetition, [first, ..]) if is_splat(first) && repetition.is_by_count() => {
                let (each, behind) = behind_splat(rest);
                let list = self.every_instance(it, repetition, each, place);
                self.follow(list, behind, place)
            }
            (repetition, [first, ..]) if is_splat(first) => {
                let whole = self.every_instance(it, repetition, &[], place);
                self.follow(whole, rest, place)
            }
            (repetition, []) => self.every_instance(it, repetition, rest, place),
            (repetition, [Step { kind: StepKind::Index(index), .. }, rest @ ..]) => {
                let index = self.expr(place.file, index, place.scope);
                let whole = self.block_scope(&scope, file, body);
                self.one_instance(it, &repetition, &index, (rest, &whole), place)
            }
            (repetition, [Step { kind: StepKind::LegacyIndex(index), .. }, rest @ ..]) => {
                let index = Value::text(index.clone(), place.span);
                let whole = self.block_scope(&scope, file, body);
                self.one_instance(it, &repetition, &index, (rest, &whole), place)
            }
            (_, rest) => {
                let whole = self.block_scope(&scope, file, body);
                self.said(it, rest, &whole, place)
            }
        }
    }

    /// What `rest` leads to in the instance `index`; where that is not known, in whichever: `whole`.
    fn one_instance(
        &mut self,
        it: &Resource<'s>,
        repetition: &Repetition<'s>,
        index: &Value,
        (rest, whole): (&'s [Step], &Scope<'s>),
        place: Place<'_, 's>,
    ) -> Value {
        let scopes = match repetition.at(index, place.span) {
            Ok(scopes) if scopes.len() <= MAX_ALTERNATIVES => scopes,
            _ => return self.said(it, rest, whole, place),
        };
        let results = scopes.into_iter().map(|scope| match scope {
            Ok(scope) => self.said(it, rest, &scope, place),
            Err(reason) => Value::for_reason(reason, place.span),
        });
        Value::one_of(results, place.span)
    }

    /// What `steps` lead to in each instance: a list for `count`, else an object by key.
    fn every_instance(
        &mut self,
        it: &Resource<'s>,
        repetition: Repetition<'s>,
        steps: &'s [Step],
        place: Place<'_, 's>,
    ) -> Value {
        let span = place.span;
        let alternatives = match repetition {
            Repetition::Known(alternatives) if alternatives.len() <= MAX_ALTERNATIVES => {
                alternatives
            }
            Repetition::Unknown(reason) => return Value::for_reason(reason, span),
            _ => return Value::unknown("it has too many possible instances", span),
        };
        let mut results = Vec::new();
        for keyed in alternatives {
            results.push(keyed.collect(span, |scope| self.said(it, steps, scope, place)));
        }
        Value::one_of(results, span)
    }

    /// What `steps` lead to in one instance, in whose eyes `scope` sees.
    fn said(
        &mut self,
        it: &Resource<'s>,
        steps: &'s [Step],
        scope: &Scope<'s>,
        place: Place<'_, 's>,
    ) -> Value {
        let block = it.block.block;
        if let Some((first, rest)) = steps.split_first()
            && attribute_name(first).is_some_and(|name| name == "id")
            && let Some(name) = name_as_id(block)
        {
            let value = self.expr(it.block.file, name, scope);
            return self.follow(it.unless_null(value), rest, place);
        }
        if let Some(documents) = self.documents(it.block, steps, scope, place) {
            return documents;
        }
        self.said_in(it, &block.body, steps, scope, place)
    }

    fn said_in(
        &mut self,
        it: &Resource<'s>,
        body: &'s Body,
        steps: &'s [Step],
        scope: &Scope<'s>,
        place: Place<'_, 's>,
    ) -> Value {
        let computed = || Value::for_reason(it.computed.clone(), place.span);
        let mut body = body;
        let mut steps = steps;
        while let Some((first, rest)) = steps.split_first() {
            let Some(step) = name_in(body, first) else { return computed() };
            if let Some(attribute) = body.attribute(step) {
                let value = self.expr(it.block.file, &attribute.value, scope);
                return self.follow(it.unless_null(value), rest, place);
            }
            if rest.first().is_some_and(is_splat) && body.block(step).is_some() {
                let (each, behind) = behind_splat(rest);
                let open = is_dynamic(body, step).then(|| it.computed.clone());
                let blocks = body.blocks_of(step);
                let items =
                    blocks.map(|block| self.said_in(it, &block.body, each, scope, place)).collect();
                return self.follow(Value::open_list(items, open, place.span), behind, place);
            }
            if rest.is_empty() && body.block(step).is_some() {
                return self.blocks(it, body, step, scope, place);
            }
            let (index, rest) = match rest.split_first() {
                Some((step, rest)) if literal_index(step).is_some() => {
                    (literal_index(step).unwrap_or(0), rest)
                }
                _ => (0, rest),
            };
            match nth_block(body, step, index) {
                Some(block) => (body, steps) = (&block.body, rest),
                None => return computed(),
            }
        }
        self.object_of(it, body, scope)
    }

    /// The blocks of a kind: a list, where it is certain that they are one.
    fn blocks(
        &mut self,
        it: &Resource<'s>,
        body: &'s Body,
        kind: &str,
        scope: &Scope<'s>,
        place: Place<'_, 's>,
    ) -> Value {
        let blocks: Vec<&'s Block> =
            body.blocks().filter(|block| block.kind.name == kind).collect();
        if blocks.len() < 2 || is_dynamic(body, kind) {
            let reason = "is one block or a list of them is up to the provider";
            return Value::unknown(format!("whether `{kind}` {reason}"), place.span);
        }
        let objects = blocks.into_iter().map(|block| self.object_of(it, &block.body, scope));
        Value::list(objects.collect(), place.span)
    }

    /// All that a body says, as an object: the blocks of a kind are a list. The provider may add to it.
    fn object_of(&mut self, it: &Resource<'s>, body: &'s Body, scope: &Scope<'s>) -> Value {
        let file = it.block.file;
        let is_meta = |name: &str| META_ARGUMENTS.contains(&name);
        let mut map = Map { entries: Vec::new(), open: Some(it.computed.clone()) };
        for attribute in body.attributes().filter(|attribute| !is_meta(&attribute.key.name)) {
            let value = it.unless_null(self.expr(file, &attribute.value, scope));
            let key_span = file.span(attribute.key.range);
            map.entries.push(Entry { key: attribute.key.name.clone(), key_span, value });
        }
        for block in body.blocks().filter(|block| !is_meta(&block.kind.name)) {
            if is_dynamic(body, &block.kind.name) {
                continue;
            }
            let key_span = file.span(block.kind.range);
            let object = self.object_of(it, &block.body, scope);
            match map.entries.iter_mut().find(|entry| entry.key == block.kind.name) {
                Some(Entry { value: Value { data: Data::List(list), .. }, .. }) => {
                    Arc::make_mut(list).items.push(object);
                }
                Some(_) => {}
                None => {
                    let value = Value::list(vec![object], file.span(block.range));
                    map.entries.push(Entry { key: block.kind.name.clone(), key_span, value });
                }
            }
        }
        Value { data: Data::Map(Arc::new(map)), span: it.block.header() }
    }
}

/// What the `id` of an object of Kubernetes comes to that is in no namespace.
fn name_as_id(block: &Block) -> Option<&Expr> {
    let kind = block.label(0)?;
    if !NAMED_BY_ID.contains(&kind.strip_suffix("_v1").unwrap_or(kind)) {
        return None;
    }
    Some(&block.body.block("metadata")?.body.attribute("name")?.value)
}

/// The name in `body` that `.name` or `["name"]` leads to.
fn name_in<'s>(body: &'s Body, step: &'s Step) -> Option<&'s str> {
    let StepKind::Index(index) = &step.kind else {
        return attribute_name(step).map(SmolStr::as_str);
    };
    let name = index.as_literal()?;
    let attributes = body.attributes().map(|attribute| &attribute.key.name);
    let mut names = attributes.chain(body.blocks().map(|block| &block.kind.name));
    names.find(|it| **it == name).map(SmolStr::as_str)
}

/// How `steps` are written, where they mean the same wherever they stand.
fn written(steps: &[Step], place: Place<'_, '_>) -> Option<SmolStr> {
    let literal = |step: &Step| match &step.kind {
        StepKind::Index(index) => literal_index(step).is_some() || index.as_literal().is_some(),
        _ => true,
    };
    let range = match (steps.first(), steps.last()) {
        (Some(first), Some(last)) => first.range.cover(last.range),
        _ => TextRange::default(),
    };
    steps.iter().all(literal).then(|| place.file.slice(range).into())
}

/// The block of a kind at a position, unless generated ones may stand before it.
fn nth_block<'b>(body: &'b Body, kind: &str, index: usize) -> Option<&'b Block> {
    let is_of_kind = |block: &&Block| block.kind.name == kind;
    let generates = |block: &Block| block.kind.name == "dynamic" && block.label(0) == Some(kind);
    body.blocks().take_while(|block| !generates(block)).filter(is_of_kind).nth(index)
}

fn is_dynamic(body: &Body, kind: &str) -> bool {
    body.blocks_of("dynamic").any(|block| block.label(0) == Some(kind))
}
