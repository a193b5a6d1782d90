//! What an expression comes from: the references in it, and those of the names that it goes through. An object literal leads on
//! only by the entry that is asked for.

use std::collections::HashSet;

use smallvec::{SmallVec, smallvec};
use smol_str::SmolStr;

use crate::model::{BlockRef, ExprRef, InstanceId, Repo, Scope};
use crate::syntax::hcl::{
    BinaryOp, Body, DirectiveKind, Expr, ExprKind, Step, StepKind, TemplatePart, UnaryOp,
};
use crate::text::Globs;

/// Which references in an expression count.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Counted {
    /// Every one.
    All,
    /// Those whose value becomes a part of what the expression is: not what a condition, a comparison, an index or `length` asks.
    Given,
}

/// Whether `expr`, as it is seen in `scope`, refers to an address that one of `globs` covers.
pub(super) fn refers_to<'s>(
    repo: &Repo<'s>,
    scope: &Scope<'s>,
    expr: ExprRef<'s>,
    (globs, counted): (&Globs, Counted),
) -> bool {
    let mut all = references_of(repo, scope, expr, counted);
    all.any(|reference| globs.is_match(&reference.address()))
}

/// Whether `expr` of `block`, or a local, variable, argument, output or repetition that it goes through, refers to such an
/// address. A variable declared `sensitive` has the address `sensitive.var.NAME` too.
pub(super) fn comes_from<'s>(
    repo: &Repo<'s>,
    (scope, block): (Scope<'s>, BlockRef<'s>),
    expr: &'s Expr,
    (globs, counted): (&Globs, Counted),
) -> bool {
    let at = At { scope, body: Some(&block.block.body) };
    let mut search = Search { repo, sought: Sought::Address(globs), counted, seen: HashSet::new() };
    search.in_expr(&at, ExprRef { file: block.file, expr })
}

/// Whether `expr` of `block`, or a local, variable, argument, output or repetition that it goes through, calls one of these
/// functions.
pub(super) fn comes_from_call<'s>(
    repo: &Repo<'s>,
    (scope, block): (Scope<'s>, BlockRef<'s>),
    expr: &'s Expr,
    names: &[SmolStr],
) -> bool {
    let at = At { scope, body: Some(&block.block.body) };
    let (sought, counted) = (Sought::Call(names), Counted::All);
    let mut search = Search { repo, sought, counted, seen: HashSet::new() };
    search.in_expr(&at, ExprRef { file: block.file, expr })
}

/// Whether one of these functions is called in `expr` itself.
pub(super) fn calls(expr: &Expr, names: &[SmolStr]) -> bool {
    expr.descendants().any(|part| match &part.kind {
        ExprKind::Call(call) => names.contains(&call.name.name),
        _ => false,
    })
}

/// What the block `body` repeats over where `root` is `each`, or the name of what a `dynamic` block in it makes.
pub(super) fn repeats_over<'e>(body: &'e Body, root: &str) -> Option<&'e Expr> {
    if root == "each" {
        return body.attribute("for_each").map(|it| &it.value);
    }
    body.blocks().find_map(|block| {
        let is_dynamic = block.kind.name == "dynamic" && block.iterator() == Some(root);
        let own = block.body.attribute("for_each").filter(|_| is_dynamic);
        own.map(|it| &it.value).or_else(|| repeats_over(&block.body, root))
    })
}

/// `root.a.b` without indices.
pub(super) struct Reference<'e> {
    pub(super) parts: SmallVec<[&'e str; 4]>,
    /// The key in the first index, where it is written out: `root.a["key"]`.
    pub(super) key: Option<SmolStr>,
    /// All that stands behind the root, as written.
    steps: &'e [Step],
}

impl Reference<'_> {
    /// The names behind the first `count` after the root, as far as they are written out: `.a` and `["a"]`.
    fn behind(&self, count: usize) -> Vec<SmolStr> {
        let names = self.steps.iter().enumerate().filter(|(_, step)| is_attribute(step));
        let last = names.map(|(at, _)| at).nth(count - 1);
        let behind = last.and_then(|at| self.steps.get(at + 1..)).unwrap_or_default();
        behind.iter().map(step_name).take_while(Option::is_some).flatten().collect()
    }

    fn address(&self) -> String {
        self.parts.join(".")
    }
}

/// Every reference in `expr` as it is seen in `scope`, in the order of the text: without the arm of a conditional that is not taken.
/// A name that stands alone is one too: the provider `aws`, the type `any`.
pub(super) fn references<'s>(
    repo: &Repo<'s>,
    scope: &Scope<'s>,
    expr: ExprRef<'s>,
) -> impl Iterator<Item = Reference<'s>> {
    references_of(repo, scope, expr, Counted::All)
}

fn references_of<'s>(
    repo: &Repo<'s>,
    scope: &Scope<'s>,
    expr: ExprRef<'s>,
    counted: Counted,
) -> impl Iterator<Item = Reference<'s>> {
    let mut waiting = vec![expr.expr];
    std::iter::from_fn(move || {
        while let Some(part) = waiting.pop() {
            match &part.kind {
                // A name in front of others is no reference of its own, and one in front of a value is a key.
                ExprKind::Traversal(it) if matches!(it.base.kind, ExprKind::Variable(_)) => {
                    if counted == Counted::All {
                        waiting.extend(part.children().into_iter().skip(1).rev());
                    }
                }
                ExprKind::Object(entries) => {
                    let is_name = |key: &Expr| matches!(key.kind, ExprKind::Variable(_));
                    let parts = entries.iter().flat_map(|entry| {
                        let key = Some(&entry.key).filter(|key| !is_name(key));
                        key.into_iter().chain([&entry.value])
                    });
                    waiting.extend(parts.collect::<Vec<_>>().into_iter().rev());
                }
                ExprKind::Conditional(it) => {
                    let condition = ExprRef { expr: &it.condition, ..expr };
                    let arms = match repo.holds(condition, scope) {
                        Some(true) => [Some(&it.yes), None],
                        Some(false) => [Some(&it.no), None],
                        None => [Some(&it.yes), Some(&it.no)],
                    };
                    waiting.extend(arms.into_iter().flatten().rev());
                    waiting.extend(Some(&it.condition).filter(|_| counted == Counted::All));
                }
                _ if counted == Counted::Given => waiting.extend(given(part).into_iter().rev()),
                _ => waiting.extend(part.children().into_iter().rev()),
            }
            if let Some(reference) = reference(part) {
                return Some(reference);
            }
        }
        None
    })
}

/// What of the expressions in `expr` becomes a part of its value.
fn given(expr: &Expr) -> SmallVec<[&Expr; 4]> {
    match &expr.kind {
        ExprKind::Binary(it) if !is_arithmetic(it.op) => SmallVec::new(),
        ExprKind::Unary(UnaryOp::Not, _) => SmallVec::new(),
        ExprKind::Call(call) if ASKING.contains(&call.name.name.as_str()) => SmallVec::new(),
        ExprKind::Traversal(it) => smallvec![&it.base],
        ExprKind::For(it) => {
            [Some(&it.collection), it.key.as_ref(), Some(&it.value)].into_iter().flatten().collect()
        }
        ExprKind::Template(template) => {
            let parts = template.parts.iter().filter_map(|part| match part {
                TemplatePart::Interpolation(it) => Some(&it.expr),
                TemplatePart::Directive(it) => match &it.kind {
                    DirectiveKind::For { collection, .. } => Some(collection),
                    _ => None,
                },
                TemplatePart::Literal(_) => None,
            });
            parts.collect()
        }
        _ => expr.children().into_iter().collect(),
    }
}

fn is_arithmetic(op: BinaryOp) -> bool {
    use BinaryOp::{Add, Divide, Modulo, Multiply, Subtract};
    matches!(op, Add | Subtract | Multiply | Divide | Modulo)
}

/// The functions whose result tells something about what they are given, and does not hold it.
const ASKING: [&str; 19] = [
    "alltrue",
    "anytrue",
    "base64sha256",
    "base64sha512",
    "can",
    "contains",
    "endswith",
    "index",
    "issensitive",
    "keys",
    "length",
    "md5",
    "sha1",
    "sha256",
    "sha512",
    "startswith",
    "strcontains",
    "type",
    "uuidv5",
];

fn reference(expr: &Expr) -> Option<Reference<'_>> {
    let traversal = match &expr.kind {
        ExprKind::Variable(name) => {
            return Some(Reference { parts: smallvec![name.as_str()], key: None, steps: &[] });
        }
        ExprKind::Traversal(traversal) => traversal,
        _ => return None,
    };
    let ExprKind::Variable(root) = &traversal.base.kind else { return None };
    let mut parts: SmallVec<[&str; 4]> = smallvec![root.as_str()];
    parts.extend(traversal.steps.iter().filter_map(|step| match &step.kind {
        StepKind::Attribute(name) => Some(name.as_str()),
        _ => None,
    }));
    let key = traversal.steps.iter().find_map(|step| match &step.kind {
        StepKind::Index(index) => Some(index.as_literal()),
        _ => None,
    });
    Some(Reference { parts, key: key.flatten(), steps: &traversal.steps })
}

/// What is searched for.
#[derive(Clone, Copy)]
enum Sought<'a> {
    /// A reference to what one of these covers.
    Address(&'a Globs),
    /// A call of one of these functions.
    Call(&'a [SmolStr]),
}

impl Sought<'_> {
    fn is_address(self, address: &str) -> bool {
        matches!(self, Sought::Address(globs) if globs.is_match(address))
    }
}

struct Search<'a, 's> {
    repo: &'a Repo<'s>,
    sought: Sought<'a>,
    counted: Counted,
    /// What was gone through: every name of an instance once.
    seen: HashSet<(InstanceId, SmolStr)>,
}

/// In whose eyes something is seen, and the block in it whose `each` is meant.
struct At<'s> {
    scope: Scope<'s>,
    body: Option<&'s Body>,
}

impl<'s> Search<'_, 's> {
    fn in_expr(&mut self, at: &At<'s>, expr: ExprRef<'s>) -> bool {
        if matches!(self.sought, Sought::Call(names) if calls(expr.expr, names)) {
            return true;
        }
        references_of(self.repo, &at.scope, expr, self.counted).any(|reference| {
            self.sought.is_address(&reference.address()) || self.through(at, expr, &reference)
        })
    }

    fn through(&mut self, at: &At<'s>, expr: ExprRef<'s>, reference: &Reference<'s>) -> bool {
        let parts = reference.parts.as_slice();
        let [root, name, ..] = parts else { return false };
        let Some(instance) = at.scope.instance_id() else { return false };
        let own = self.repo.instance(instance);
        let names = &self.repo.module(own.module).names;
        let is_repetition = matches!(*name, "key" | "value");
        let repetition =
            at.body.filter(|_| is_repetition).and_then(|body| repeats_over(body, root));
        let outside = || At { scope: at.scope.outside(), body: None };
        if let Some(for_each) = repetition {
            // What it repeats over does not refer to its own elements; what a `dynamic` block does, may to `each`.
            let outside = outside();
            let at = if *root == "each" { &outside } else { at };
            let further = reference.behind(1);
            // One that repeats over its own elements is refused by Terraform, and goes round in a circle.
            let place = format!("{} {}.{name} {}", for_each.range.start, root, further.join("."));
            if !self.seen.insert((instance, place.into())) {
                return false;
            }
            let parts = elements(for_each, name, &further);
            return parts.into_iter().any(|part| self.in_expr(at, ExprRef { expr: part, ..expr }));
        }
        // What stands behind the name, and tells one entry of an object from the others.
        let further = reference.behind(1);
        let key = [parts[..parts.len().min(3)].join("."), further.join(".")].join(" ");
        if !self.seen.insert((instance, key.into())) {
            return false;
        }
        match *root {
            "local" => names.locals.get(*name).is_some_and(|it| {
                entry_of(it.expr, &further)
                    .is_some_and(|expr| self.in_expr(&outside(), ExprRef { expr, ..*it }))
            }),
            "var" => self.variable(&at.scope, name, &further),
            "module" => {
                let output = own.children.get(*name).copied().zip(parts.get(2));
                // A module that is called several times has a key in front of the output.
                let further = reference.behind(2);
                output.is_some_and(|(child, output)| self.output(child, output, &further))
            }
            _ => false,
        }
    }

    fn variable(&mut self, scope: &Scope<'s>, name: &str, further: &[SmolStr]) -> bool {
        let Some(instance) = scope.instance_id() else { return false };
        let own = self.repo.instance(instance);
        let declared = self.repo.module(own.module).names.variables.get(name);
        let is_sensitive = declared.is_some_and(|variable| {
            let sensitive = variable.block.body.attribute("sensitive");
            sensitive.is_some_and(|it| matches!(it.value.kind, ExprKind::Bool(true)))
        });
        if is_sensitive && self.sought.is_address(&format!("sensitive.var.{name}")) {
            return true;
        }
        self.repo.caller(scope).is_some_and(|(call, scope)| {
            let body = &call.block.body;
            let argument = body.attribute(name);
            let given = argument.and_then(|argument| entry_of(&argument.value, further));
            given.is_some_and(|expr| {
                self.in_expr(&At { scope, body: Some(body) }, ExprRef { file: call.file, expr })
            })
        })
    }

    fn output(&mut self, instance: InstanceId, name: &str, further: &[SmolStr]) -> bool {
        let module = self.repo.module(self.repo.instance(instance).module);
        let Some(output) = module.names.outputs.get(name) else { return false };
        let value = output.block.body.attribute("value");
        value.and_then(|value| entry_of(&value.value, further)).is_some_and(|expr| {
            let at = At { scope: Scope::instance(instance), body: None };
            self.in_expr(&at, ExprRef { file: output.file, expr })
        })
    }
}

/// What `each.key` or `each.value` (the `name`), and the names behind that, may be where it repeats over `for_each`: of an object that
/// is written out the keys, or what stands at these names in its values.
fn elements<'e>(for_each: &'e Expr, name: &str, further: &[SmolStr]) -> Vec<&'e Expr> {
    match &for_each.unparenthesised().kind {
        ExprKind::Object(entries) if name == "key" => {
            let keys = entries.iter().map(|entry| &entry.key);
            keys.filter(|key| !matches!(key.kind, ExprKind::Variable(_))).collect()
        }
        ExprKind::Object(entries) => {
            entries.iter().filter_map(|entry| entry_of(&entry.value, further)).collect()
        }
        _ => vec![for_each],
    }
}

fn is_attribute(step: &Step) -> bool {
    matches!(step.kind, StepKind::Attribute(_))
}

/// The name that a step goes by, where it is written out: `.a` and `["a"]`.
fn step_name(step: &Step) -> Option<SmolStr> {
    match &step.kind {
        StepKind::Attribute(name) => Some(SmolStr::new(name)),
        StepKind::Index(index) => index.as_literal(),
        _ => None,
    }
}

/// What stands at `names` in `expr`, as far as that is an object whose keys are all written out; none where it has no such entry.
fn entry_of<'e>(expr: &'e Expr, names: &[SmolStr]) -> Option<&'e Expr> {
    let mut expr = expr;
    for name in names {
        let inner = expr.unparenthesised();
        let ExprKind::Object(entries) = &inner.kind else { return Some(expr) };
        if entries.iter().any(|entry| entry.literal_key().is_none()) {
            return Some(expr);
        }
        // Of two with one key, the last counts.
        let mut named = entries.iter().rev();
        expr = &named.find(|entry| entry.literal_key().as_ref() == Some(name))?.value;
    }
    Some(expr)
}
