//! The single settings of a Helm release (`set { name = "image.repository" … }`) as the values that Helm makes of them.

use std::collections::BTreeMap;

use super::Scope;
use super::repo::{BlockRef, ExprRef, Repo};
use super::value::{Entry, Value};
use crate::syntax::hcl::Body;
use crate::text::Span;

/// What stands under one key.
#[derive(Default)]
struct Node {
    own: Option<Value>,
    below: BTreeMap<String, Node>,
}

/// The values that the settings of `block` make, in one scope: those whose name is known, and says no position in a list.
pub(super) fn settings<'s>(repo: &Repo<'s>, block: &BlockRef<'s>, scope: &Scope<'s>) -> Value {
    let BlockRef { file, block, .. } = *block;
    let said = |body: &'s Body, key: &str, scope: &Scope<'s>| {
        let expr = &body.attribute(key)?.value;
        Some(repo.eval(ExprRef { file, expr }, scope))
    };
    let mut root = Node::default();
    let mut add = |body: &'s Body, scope: &Scope<'s>| {
        if let (Some(name), Some(value)) = (said(body, "name", scope), said(body, "value", scope)) {
            root.set(&name, value);
        }
    };
    for single in block.body.blocks() {
        match single.kind.name.as_str() {
            "set" => add(&single.body, scope),
            "dynamic" if single.label(0) == Some("set") => {
                let Some(content) = single.body.block("content") else { continue };
                let scopes = repo.scopes_of_dynamic(scope, file, single).unwrap_or_default();
                for scope in &scopes {
                    add(&content.body, scope);
                }
            }
            _ => {}
        }
    }
    let list = said(&block.body, "set", scope);
    for single in list.iter().flat_map(Value::items) {
        if let (Some(name), Some(value)) = (single.at(&["name"]), single.at(&["value"])) {
            root.set(name, value.clone());
        }
    }
    root.value(file.span(block.range))
}

impl Node {
    fn set(&mut self, name: &Value, value: Value) {
        let Some(name) = name.as_str().filter(|name| !name.contains(['[', '{', '\\'])) else {
            return;
        };
        let mut at = self;
        for key in name.split('.') {
            at = at.below.entry(key.to_owned()).or_default();
        }
        at.own = Some(value);
    }

    fn value(self, span: Span) -> Value {
        match self.own {
            Some(value) if self.below.is_empty() => value,
            _ => {
                let entry = |(key, node): (String, Node)| {
                    let value = node.value(span);
                    Entry { key: key.into(), key_span: value.span, value }
                };
                Value::map(self.below.into_iter().map(entry).collect(), span)
            }
        }
    }
}
