//! What makes a value sensitive, by whatever names it is reached.
//!
//! As in Terraform, it is a collection as a whole that counts, and not what its elements hold.

use smol_str::SmolStr;

use crate::model::{BlockRef, ExprRef, InstanceId, Repo, Scope};
use crate::syntax::hcl::{Expr, ExprKind, StepKind, TemplatePart, Traversal};
use crate::text::{Globs, Span};

/// What gives something that is not sensitive, whatever it is given.
const OPENS: [&str; 3] = ["nonsensitive", "issensitive", "can"];

/// What gives one of its arguments, or nobody knows which.
const CHOOSES: [&str; 2] = ["try", "coalesce"];

/// What makes something sensitive, and where it is named.
pub(super) struct Secret {
    pub(super) name: String,
    pub(super) span: Span,
}

/// A search for what makes an expression sensitive.
struct Search<'a, 's> {
    repo: &'a Repo<'s>,
    attributes: &'a Globs,
    /// The names on the way here.
    way: Vec<(InstanceId, SmolStr)>,
    /// How many names may still be gone through.
    left: usize,
    /// How deep it is in expressions.
    depth: usize,
}

/// What makes the value of `expr` sensitive as a whole, as it is seen in `scope`; nothing where that is not certain. The
/// `attributes` are those that providers mark.
pub(super) fn secret_in<'s>(
    repo: &Repo<'s>,
    attributes: &Globs,
    scope: &Scope<'s>,
    expr: ExprRef<'s>,
) -> Option<Secret> {
    Search { repo, attributes, way: Vec::new(), left: MAX_NAMES, depth: 0 }.secret(scope, expr)
}

/// How many names are gone through for one expression.
const MAX_NAMES: usize = 1000;

/// Deeper than this nobody looks: far above anything written by hand.
const MAX_DEPTH: usize = 256;

impl<'s> Search<'_, 's> {
    fn secret(&mut self, scope: &Scope<'s>, at: ExprRef<'s>) -> Option<Secret> {
        if self.depth == MAX_DEPTH {
            return None;
        }
        self.depth += 1;
        let found = self.in_kind(scope, at);
        self.depth -= 1;
        found
    }

    fn in_kind(&mut self, scope: &Scope<'s>, at: ExprRef<'s>) -> Option<Secret> {
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
