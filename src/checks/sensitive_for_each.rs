//! `for_each` over something sensitive, which Terraform refuses: the keys of what it makes would show it.
//!
//! As in Terraform, it is the collection as a whole that counts, and not what its elements hold.

use std::collections::HashSet;

use smol_str::SmolStr;

use crate::model::{BlockRef, ExprRef, InstanceId, Repo, Scope};
use crate::rule::{
    Check, CheckDef, Context, Finding, Findings, Interest, OptionError, Options, Outcome, Subject,
};
use crate::syntax::hcl::{Expr, ExprKind, StepKind, TemplatePart, Traversal};
use crate::text::{Globs, Span};

pub(super) const CHECK: CheckDef = CheckDef {
    name: "sensitive_for_each",
    outcomes: &[Outcome { name: "sensitive", placeholders: &["address", "secret"] }],
    build,
};

/// What gives something that is not sensitive, whatever it is given.
const OPENS: [&str; 3] = ["nonsensitive", "issensitive", "can"];

/// What gives one of its arguments, or nobody knows which.
const CHOOSES: [&str; 2] = ["try", "coalesce"];

struct SensitiveForEach {
    /// What providers mark as sensitive: addresses with an attribute.
    attributes: Globs,
}

fn build(options: &mut Options<'_>) -> Result<Box<dyn Check>, OptionError> {
    Ok(Box::new(SensitiveForEach { attributes: options.globs("attributes")? }))
}

impl Check for SensitiveForEach {
    fn interests(&self) -> Vec<Interest> {
        ["resource", "data", "module", "import"].map(Interest::blocks).to_vec()
    }

    fn judge(&self, context: &Context<'_>, subject: Subject<'_>, out: &mut Findings) {
        let Subject::Block(block) = subject else { return };
        let Some(attribute) = block.block.body.attribute("for_each") else { return };
        out.site();
        let repo = context.repo;
        let mut instances = HashSet::new();
        // Also where it makes none today: Terraform looks at what it goes through, and not at how many there are.
        let scopes = repo.scopes(&block).into_iter().map(|scope| scope.outside());
        let once = scopes.filter(|scope| instances.insert(scope.instance_id()));
        let once = once.filter(|scope| scope.instance_id().is_none_or(|it| is_live(repo, it)));
        let expr = ExprRef { file: block.file, expr: &attribute.value };
        let found = once.into_iter().find_map(|scope| {
            let (way, left) = (Vec::new(), MAX_NAMES);
            Search { repo, attributes: &self.attributes, way, left }.secret(&scope, expr)
        });
        if let Some(Secret { name, span }) = found {
            let place = block.file.span(attribute.value.range);
            let finding = Finding::new("sensitive", place)
                .arg("address", block.address())
                .arg("secret", name);
            let is_elsewhere = span.file != place.file || !place.range.contains(span.range);
            out.report(if is_elsewhere { finding.related(span, "sensitive") } else { finding });
        }
    }
}

/// Whether the calls that lead to `instance` may make one.
fn is_live(repo: &Repo<'_>, instance: InstanceId) -> bool {
    repo.instance(instance).parent.is_none_or(|(caller, call)| {
        repo.first_live_scope(&call).is_some() && is_live(repo, caller)
    })
}

/// What makes something sensitive, and where it is named.
struct Secret {
    name: String,
    span: Span,
}

struct Search<'a, 's> {
    repo: &'a Repo<'s>,
    attributes: &'a Globs,
    /// The names on the way here.
    way: Vec<(InstanceId, SmolStr)>,
    /// How many names may still be gone through.
    left: usize,
}

/// How many names are gone through for one `for_each`.
const MAX_NAMES: usize = 1000;

impl<'s> Search<'_, 's> {
    /// What makes the value of `expr` sensitive as a whole, as it is seen in `scope`; nothing where that is not certain.
    fn secret(&mut self, scope: &Scope<'s>, at: ExprRef<'s>) -> Option<Secret> {
        let part = |expr: &'s Expr| ExprRef { file: at.file, expr };
        match &at.expr.kind {
            ExprKind::Paren(inner) | ExprKind::Unary(_, inner) => self.secret(scope, part(inner)),
            ExprKind::Binary(it) => {
                self.secret(scope, part(&it.left)).or_else(|| self.secret(scope, part(&it.right)))
            }
            ExprKind::Conditional(it) => {
                let condition = self.secret(scope, part(&it.condition));
                condition.or_else(|| match self.repo.holds(part(&it.condition), scope) {
                    Some(true) => self.secret(scope, part(&it.yes)),
                    Some(false) => self.secret(scope, part(&it.no)),
                    None => self
                        .secret(scope, part(&it.yes))
                        .and_then(|_| self.secret(scope, part(&it.no))),
                })
            }
            ExprKind::Template(template) => template.parts.iter().find_map(|it| match it {
                TemplatePart::Interpolation(hole) => self.secret(scope, part(&hole.expr)),
                _ => None,
            }),
            ExprKind::For(it) => self.secret(scope, part(&it.collection)),
            ExprKind::Call(call) => {
                let name = call.name.name.as_str();
                if OPENS.contains(&name) || name.contains("::") {
                    return None;
                }
                if name == "sensitive" {
                    let span = at.file.span(at.expr.range);
                    return Some(Secret { name: "sensitive(…)".into(), span });
                }
                if CHOOSES.contains(&name) {
                    let each = call.args.iter().map(|it| self.secret(scope, part(it)));
                    return each.collect::<Option<Vec<_>>>()?.into_iter().next();
                }
                call.args.iter().find_map(|it| match &it.kind {
                    // A set is sensitive with any of its elements.
                    ExprKind::Tuple(elements) if name == "toset" => {
                        elements.iter().find_map(|it| self.secret(scope, part(it)))
                    }
                    _ => self.secret(scope, part(it)),
                })
            }
            ExprKind::Traversal(it) => self.traversal(scope, at, it),
            _ => None,
        }
    }

    fn traversal(
        &mut self,
        scope: &Scope<'s>,
        at: ExprRef<'s>,
        traversal: &'s Traversal,
    ) -> Option<Secret> {
        let ExprKind::Variable(root) = &traversal.base.kind else {
            return self.secret(scope, ExprRef { file: at.file, expr: &traversal.base });
        };
        let attributes = traversal.steps.iter().filter_map(|step| match &step.kind {
            StepKind::Attribute(name) => Some(name.as_str()),
            _ => None,
        });
        let parts: Vec<&str> = [root.as_str()].into_iter().chain(attributes).collect();
        let [root, _, ..] = *parts else { return None };
        let secret = |name: String| Some(Secret { name, span: at.file.span(at.expr.range) });
        let length = if root == "data" { 4 } else { 3 };
        if parts.len() >= length && self.attributes.is_match(&parts[..length].join(".")) {
            return secret(parts[..length].join("."));
        }
        let instance = scope.instance_id()?;
        let key = parts[..parts.len().min(3)].join(".");
        let key = (instance, SmolStr::from(key));
        if self.left == 0 || self.way.contains(&key) {
            return None;
        }
        self.left -= 1;
        self.way.push(key);
        let found = self.named(scope, at, &parts);
        self.way.pop();
        found
    }

    /// The same, of the name that `parts` begin with.
    fn named(&mut self, scope: &Scope<'s>, at: ExprRef<'s>, parts: &[&str]) -> Option<Secret> {
        let [root, name, ..] = *parts else { return None };
        let secret = |name: String| Some(Secret { name, span: at.file.span(at.expr.range) });
        let own = self.repo.instance(scope.instance_id()?);
        let names = &self.repo.module(own.module).names;
        match root {
            // One that is taken out of a collection is sensitive with it; what is in one that is put together here, is not known.
            "local" => self.secret(&scope.outside(), *names.locals.get(name)?),
            "var" if is_sensitive(names.variables.get(name)?) => secret(format!("var.{name}")),
            "var" => {
                let (call, outer) = self.repo.caller(scope)?;
                let argument = call.block.body.attribute(name)?;
                self.secret(&outer, ExprRef { file: call.file, expr: &argument.value })
            }
            "module" => {
                let child = *own.children.get(name)?;
                let module = self.repo.module(self.repo.instance(child).module);
                let output = module.names.outputs.get(*parts.get(2)?)?;
                if is_sensitive(output) { secret(parts[..3].join(".")) } else { None }
            }
            _ => None,
        }
    }
}

/// Whether what `block` declares is marked as sensitive.
fn is_sensitive(block: &BlockRef<'_>) -> bool {
    let marked = block.block.body.attribute("sensitive");
    marked.is_some_and(|it| matches!(it.value.kind, ExprKind::Bool(true)))
}
