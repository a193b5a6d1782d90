//! Claims of storage, however they are written: their class, their annotations, and how much they ask for.
//!
//! Invariant: what is said of a claim is underlined in the block that declares it.

use std::borrow::Cow;

use crate::model::{
    AttributePath, BlockRef, Declared, ExprRef, Lookup, Repo, Scope, Value, declared,
};
use crate::rule::Finding;
use crate::syntax::hcl::{Block, Body};
use crate::text::Span;

/// A claim.
pub(super) struct Claim<'s> {
    /// The block that declares it.
    pub(super) block: BlockRef<'s>,
    pub(super) form: Form<'s>,
}

/// How a claim is written.
pub(super) enum Form<'s> {
    /// As a block: a resource of its own, or a template inside one.
    Block { block: &'s Block, is_template: bool },
    /// As an object in a manifest.
    Manifest(&'s Value),
}

impl<'s> Claim<'s> {
    pub(super) fn is_template(&self) -> bool {
        matches!(self.form, Form::Block { is_template: true, .. })
    }

    /// What a diagnostic about the annotations underlines: the key of them, else that of the metadata, else the header.
    pub(super) fn place(&self) -> Span {
        match self.form {
            Form::Block { block, .. } => {
                let metadata = block.body.block("metadata");
                let range = match metadata.map(|it| (it, it.body.attribute("annotations"))) {
                    Some((_, Some(annotations))) => annotations.key.range,
                    Some((metadata, None)) => metadata.header,
                    None => block.header,
                };
                self.block.file.span(range)
            }
            Form::Manifest(object) => {
                let metadata = object.at(&["metadata"]);
                let annotations = metadata.and_then(|it| key_in(it, "annotations"));
                let own = annotations.or_else(|| key_in(object, "metadata"));
                own.unwrap_or_else(|| self.block.header())
            }
        }
    }

    pub(super) fn finding(&self, outcome: &'static str, span: Span) -> Finding {
        let outcome = if self.is_template() { of_template(outcome) } else { outcome };
        let name = match self.form {
            Form::Block { .. } => Cow::Borrowed(self.block.block.label(1).unwrap_or_default()),
            Form::Manifest(object) => {
                let name = object.at(&["metadata", "name"]).and_then(Value::as_str);
                name.unwrap_or_default()
            }
        };
        Finding::new(outcome, span).address(self.block.address()).arg("name", name.into_owned())
    }

    /// A finding about a value, which may be written somewhere else.
    pub(super) fn finding_about(&self, outcome: &'static str, value: Span) -> Finding {
        if self.block.file.span(self.block.block.range).contains(value) {
            return self.finding(outcome, value);
        }
        self.finding(outcome, self.place()).related(value, "the value comes from here")
    }

    /// What it says in each instance of the code; nothing where it names no class.
    pub(super) fn says(&self, repo: &Repo<'s>) -> Vec<Said> {
        match self.form {
            Form::Block { block, .. } => self.says_in_block(repo, &block.body),
            Form::Manifest(object) => {
                let at = |path: &[&str]| object.at(path).cloned();
                let said = at(&["spec", "storageClassName"]).map(|class| Said {
                    class,
                    annotations: at(&["metadata", "annotations"])
                        .unwrap_or_else(|| Value::map(Vec::new(), self.place())),
                    request: at(&["spec", "resources", "requests", "storage"]),
                });
                said.into_iter().collect()
            }
        }
    }

    fn says_in_block(&self, repo: &Repo<'s>, body: &'s Body) -> Vec<Said> {
        let expr = |path: &str| match declared(body, &AttributePath::parse(path)?) {
            Declared::Attribute(attribute) => {
                Some(ExprRef { file: self.block.file, expr: &attribute.value })
            }
            Declared::Block(_) | Declared::Absent(_) => None,
        };
        let Some(class) = expr("spec[0].storage_class_name") else { return Vec::new() };
        let annotations = expr("metadata[0].annotations");
        let requests = expr("spec[0].resources[0].requests");
        let in_scope = |scope: &Scope<'s>| {
            let value = |expr: Option<ExprRef<'s>>| expr.map(|expr| repo.eval(expr, scope));
            Said {
                class: repo.eval(class, scope),
                annotations: value(annotations)
                    .unwrap_or_else(|| Value::map(Vec::new(), self.place())),
                request: value(requests).as_ref().and_then(|it| it.at(&["storage"])).cloned(),
            }
        };
        repo.scopes(&self.block).iter().map(in_scope).collect()
    }
}

/// What `outcome` is called where a template says it: the claims that it made keep theirs.
fn of_template(outcome: &'static str) -> &'static str {
    match outcome {
        "limit_below_request" => "template_limit_below_request",
        "unreadable" => "template_unreadable",
        "threshold_too_high" => "template_threshold_too_high",
        "threshold_in_bytes" => "template_threshold_in_bytes",
        _ => "template_missing",
    }
}

/// What a claim says, in one instance of the code.
#[derive(Clone)]
pub(super) struct Said {
    pub(super) class: Value,
    pub(super) annotations: Value,
    pub(super) request: Option<Value>,
}

/// The key `key` in the object.
fn key_in(object: &Value, key: &str) -> Option<Span> {
    match object.get(key) {
        Lookup::Found(entry) => Some(entry.key_span),
        Lookup::Absent | Lookup::Unknown(_) => None,
    }
}
