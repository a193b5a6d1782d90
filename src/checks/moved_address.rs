//! What `moved`, `import` and `removed` say of what is declared.
//!
//! Invariant: of an address with keys in it, nothing is said that depends on which instances there are.

use crate::model::{BlockRef, ModuleId, Repo, call_target};
use crate::rule::{Check, CheckDef, Context, Finding, Findings, Interest, Outcome, Subject};
use crate::syntax::hcl::{Block, Expr, ExprKind, Step, StepKind};
use crate::text::Span;

use super::old_release::is_for_old_release;
use super::reference::open;

pub(super) const CHECK: CheckDef = CheckDef {
    name: "moved_address",
    outcomes: &[
        Outcome { name: "address", placeholders: &["written"] },
        Outcome { name: "same", placeholders: &["address"] },
        Outcome { name: "kinds", placeholders: &["from", "to"] },
        Outcome { name: "declared", placeholders: &["address"] },
        Outcome { name: "ambiguous", placeholders: &["address"] },
        Outcome { name: "removed", placeholders: &["address"] },
        Outcome { name: "instance", placeholders: &["address"] },
        Outcome { name: "undeclared", placeholders: &["address"] },
    ],
    build: |_| Ok(Box::new(MovedAddress)),
};

/// With it, Terraform writes what is not declared.
const WRITES: &str = "generate-config-out";

struct MovedAddress;

impl Check for MovedAddress {
    fn interests(&self) -> Vec<Interest> {
        ["moved", "removed", "import"].map(Interest::blocks).to_vec()
    }

    fn judge(&self, context: &Context<'_>, subject: Subject<'_>, out: &mut Findings) {
        let Subject::Block(block) = subject else { return };
        if is_for_old_release(context.repo, block.module) {
            return;
        }
        match block.block.kind.name.as_str() {
            "moved" => judge_moved(context.repo, &block, out),
            "removed" => judge_removed(context.repo, &block, out),
            _ => judge_import(context.repo, &block, out),
        }
    }
}

/// The address of a module or of a resource.
struct Address<'e> {
    expr: &'e Expr,
    /// The calls that lead there, and whether each has a key.
    calls: Vec<(&'e str, bool)>,
    /// The type and name of the resource; nothing where it is a module.
    resource: Option<(&'e str, &'e str)>,
    /// Whether the last of it has a key.
    has_key: bool,
    is_data: bool,
}

impl<'e> Address<'e> {
    fn of(expr: &'e Expr) -> Option<Self> {
        let ExprKind::Traversal(traversal) = &expr.kind else { return None };
        let ExprKind::Variable(root) = &traversal.base.kind else { return None };
        let mut root = root.as_str();
        let mut steps = traversal.steps.as_slice();
        let mut calls = Vec::new();
        while root == "module" {
            let name = next_name(&mut steps)?;
            calls.push((name, next_key(&mut steps)));
            match next_name(&mut steps) {
                Some(next) => root = next,
                None => root = "",
            }
        }
        let is_data = root == "data";
        if is_data || root == "resource" {
            root = next_name(&mut steps)?;
        }
        let mut has_key = calls.last().is_some_and(|(_, has_key)| *has_key);
        let resource = if root.is_empty() {
            None
        } else {
            let name = next_name(&mut steps)?;
            has_key = next_key(&mut steps);
            Some((root, name))
        };
        steps.is_empty().then_some(Address { expr, calls, resource, has_key, is_data })
    }

    /// Whether each key stands there as it is.
    fn has_fixed_keys(&self) -> bool {
        let ExprKind::Traversal(traversal) = &self.expr.kind else { return false };
        traversal.steps.iter().all(|step| match &step.kind {
            StepKind::Index(key) => {
                matches!(key.kind, ExprKind::Number(_)) || key.as_literal().is_some()
            }
            _ => true,
        })
    }

    /// The calls around it that lead to the module in which it is declared.
    fn around(&self) -> &[(&'e str, bool)] {
        let own = usize::from(self.resource.is_none());
        &self.calls[..self.calls.len() - own]
    }
}

fn next_name<'e>(steps: &mut &'e [Step]) -> Option<&'e str> {
    let (first, rest) = steps.split_first()?;
    let StepKind::Attribute(name) = &first.kind else { return None };
    *steps = rest;
    Some(name)
}

fn next_key(steps: &mut &[Step]) -> bool {
    let Some((first, rest)) = steps.split_first() else { return false };
    let is_key = matches!(first.kind, StepKind::Index(_) | StepKind::LegacyIndex(_));
    if is_key {
        *steps = rest;
    }
    is_key
}

/// What is declared by an address.
enum Declared {
    /// It is, and whether it is repeated itself.
    Here {
        at: Span,
        is_repeated: bool,
    },
    Nowhere,
    /// A call that leads there is repeated: which instances there are is not asked.
    Repeatedly,
    Unknown(String),
}

/// What the module of `block` declares by `address`.
fn declared(repo: &Repo<'_>, block: &BlockRef<'_>, address: &Address<'_>) -> Declared {
    let mut at = block.module;
    let mut is_around_repeated = false;
    for (name, has_key) in address.around() {
        let module = repo.module(at);
        let Some(call) = module.names.calls.get(*name) else { return nowhere(repo, at) };
        is_around_repeated |= *has_key || is_repeated(call.block);
        let callee = call_target(&module.dir, call.block).and_then(|it| repo.module_in(&it));
        let Some(callee) = callee else {
            return Declared::Unknown(format!("the module that `{name}` calls is not here"));
        };
        at = callee;
    }
    let names = &repo.module(at).names;
    let found = match address.resource {
        Some((kind, name)) if address.is_data => names.data.get(&(kind.into(), name.into())),
        Some((kind, name)) => names.resources.get(&(kind.into(), name.into())),
        None => address.calls.last().and_then(|(name, _)| names.calls.get(*name)),
    };
    match found {
        Some(_) if is_around_repeated => Declared::Repeatedly,
        Some(it) => Declared::Here { at: it.header(), is_repeated: is_repeated(it.block) },
        None => nowhere(repo, at),
    }
}

fn nowhere(repo: &Repo<'_>, module: ModuleId) -> Declared {
    let module = repo.module(module);
    if let Some(reason) = open(repo, module) {
        return Declared::Unknown(reason.to_string());
    }
    if module.in_pieces || module.is_example() {
        return Declared::Unknown(
            "nothing here says that this directory is run as it stands".into(),
        );
    }
    Declared::Nowhere
}

fn is_repeated(block: &Block) -> bool {
    block.body.attribute("count").is_some() || block.body.attribute("for_each").is_some()
}

fn finding(outcome: &'static str, block: &BlockRef<'_>, address: &Address<'_>) -> Finding {
    let text = block.file.slice(address.expr.range);
    Finding::new(outcome, block.file.span(address.expr.range)).arg("address", text)
}

fn address_in<'b>(block: &BlockRef<'b>, argument: &str) -> Option<Address<'b>> {
    Address::of(&block.block.body.attribute(argument)?.value)
}

fn judge_moved(repo: &Repo<'_>, block: &BlockRef<'_>, out: &mut Findings) {
    out.site();
    for end in ["from", "to"].iter().filter_map(|name| block.block.body.attribute(name)) {
        let is_error = matches!(end.value.kind, ExprKind::Error);
        if !is_error && Address::of(&end.value).is_none_or(|it| !it.has_fixed_keys()) {
            let text = block.file.slice(end.value.range);
            let found = Finding::new("address", block.file.span(end.value.range));
            return out.report(found.arg("written", text));
        }
    }
    let (Some(from), Some(to)) = (address_in(block, "from"), address_in(block, "to")) else {
        return;
    };
    let text = |it: &Address<'_>| written(block, it.expr);
    if text(&from) == text(&to) {
        return out.report(finding("same", block, &to));
    }
    if from.resource.is_some() != to.resource.is_some() {
        let found = Finding::new("kinds", block.file.span(block.block.header));
        let texts = [&from, &to].map(|it| block.file.slice(it.expr.range));
        return out.report(found.arg("from", texts[0]).arg("to", texts[1]));
    }
    if let Some((other, other_from)) = other_move(repo, block, &text(&from), &text(&to)) {
        let own = if other_from { &from } else { &to };
        let found = finding("ambiguous", block, own).related(other, "this moves it as well");
        return out.report(found);
    }
    if from.has_key || from.is_data {
        return;
    }
    match declared(repo, block, &from) {
        // Where something is moved to an instance, one without a key is moved: there is none of what is repeated.
        Declared::Here { is_repeated: true, .. } if to.has_key => {}
        Declared::Here { at, .. } => {
            out.report(finding("declared", block, &from).related(at, "declared here"));
        }
        Declared::Nowhere | Declared::Repeatedly => {}
        Declared::Unknown(reason) => out.unknown(block.file.span(from.expr.range), reason),
    }
}

/// An address as it is written, without what makes no difference.
fn written(block: &BlockRef<'_>, expr: &Expr) -> String {
    let text: String = block.file.slice(expr.range).split_whitespace().collect();
    text.strip_prefix("resource.").map_or(text.clone(), str::to_owned)
}

/// An earlier block of the module that moves the same to something else (then it says so), or something else to the same.
fn other_move(repo: &Repo<'_>, block: &BlockRef<'_>, from: &str, to: &str) -> Option<(Span, bool)> {
    let module = repo.module(block.module);
    if module.in_pieces || module.is_example() {
        return None;
    }
    let bodies = module.files.iter().filter_map(|&file| Some((file, &file.hcl.as_ref()?.body)));
    let mut blocks = bodies.flat_map(|(file, body)| {
        body.blocks_of("moved").map(move |it| BlockRef { file, block: it, module: block.module })
    });
    let is_other = |it: &BlockRef<'_>| !std::ptr::eq(it.block, block.block);
    blocks.by_ref().take_while(is_other).find_map(|it| {
        let body = &it.block.body;
        let end = |name| body.attribute(name).map(|end| written(&it, &end.value));
        let (other_from, other_to) = (end("from")?, end("to")?);
        match (other_from == from, other_to == to) {
            (true, false) => Some((it.header(), true)),
            (false, true) => Some((it.header(), false)),
            _ => None,
        }
    })
}

fn judge_removed(repo: &Repo<'_>, block: &BlockRef<'_>, out: &mut Findings) {
    let Some(from) = address_in(block, "from") else { return };
    out.site();
    if from.has_key || from.calls.iter().any(|(_, has_key)| *has_key) {
        return out.report(finding("instance", block, &from));
    }
    if from.is_data {
        return;
    }
    match declared(repo, block, &from) {
        Declared::Here { at, .. } => {
            out.report(finding("removed", block, &from).related(at, "declared here"));
        }
        Declared::Nowhere | Declared::Repeatedly => {}
        Declared::Unknown(reason) => out.unknown(block.file.span(from.expr.range), reason),
    }
}

fn judge_import(repo: &Repo<'_>, block: &BlockRef<'_>, out: &mut Findings) {
    let Some(to) = address_in(block, "to") else { return };
    out.site();
    if to.is_data || to.resource.is_none() {
        return;
    }
    let span = block.file.span(to.expr.range);
    match declared(repo, block, &to) {
        Declared::Here { .. } | Declared::Repeatedly => {}
        Declared::Nowhere if repo.sources.iter().any(|file| file.text.contains(WRITES)) => {
            out.unknown(span, "what is imported may be written by Terraform here");
        }
        Declared::Nowhere => out.report(finding("undeclared", block, &to)),
        Declared::Unknown(reason) => out.unknown(span, reason),
    }
}
