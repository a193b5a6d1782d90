//! What a module's code refers to is declared in that module.
//!
//! A name alone in a template is `bare_name_in_template`'s.

use crate::config;
use crate::model::{BlockRef, Module, Names, Repo};
use crate::rule::{Check, CheckDef, Context, Finding, Findings, Interest, Outcome, Subject};
use crate::syntax::SourceFile;
use crate::syntax::hcl::{Block, Body, Expr, ExprKind, Item, Reference};
use crate::text::TextRange;

use super::reference::{is_misspelt, meant, open, references_in};

const PLACEHOLDERS: &[&str] = &["reference", "name", "nearest", "module"];

pub(super) const CHECK: CheckDef = CheckDef {
    name: "undeclared_reference",
    outcomes: &[
        Outcome { name: "variable", placeholders: PLACEHOLDERS },
        Outcome { name: "local", placeholders: PLACEHOLDERS },
        Outcome { name: "module", placeholders: PLACEHOLDERS },
        Outcome { name: "output", placeholders: PLACEHOLDERS },
        Outcome { name: "data", placeholders: PLACEHOLDERS },
        Outcome { name: "resource", placeholders: PLACEHOLDERS },
        Outcome { name: "name", placeholders: PLACEHOLDERS },
        Outcome { name: "unrepeated", placeholders: &["reference", "argument"] },
        Outcome { name: "unexpanded", placeholders: &["reference", "block"] },
        Outcome { name: "in_default", placeholders: &["reference"] },
        Outcome { name: "built_in", placeholders: &["reference", "known"] },
        Outcome { name: "self", placeholders: &[] },
    ],
    build: |_| Ok(Box::new(UndeclaredReference)),
};

/// The blocks that may refer to something.
const KINDS: [&str; 10] = [
    "resource",
    "data",
    "module",
    "locals",
    "output",
    "provider",
    "variable",
    "check",
    "import",
    "ephemeral",
];

/// First names of references that Terraform itself answers, or that name something no file declares by that name.
const BUILT_IN: [&str; 5] = ["path", "terraform", "tofu", "ephemeral", "action"];

/// What Terraform itself knows by a first name.
const OF_TERRAFORM: [(&str, &[&str]); 2] =
    [("path", &["module", "root", "cwd"]), ("terraform", &["workspace", "applying"])];

/// Blocks in which `self` is the resource that they stand in.
const OF_A_RESOURCE: [&str; 3] = ["provisioner", "connection", "postcondition"];

/// What tells the instances of a block apart, and the argument without which it has none.
const OF_INSTANCES: [(&str, &str); 2] = [("each", "for_each"), ("count", "count")];

struct UndeclaredReference;

impl Check for UndeclaredReference {
    fn interests(&self) -> Vec<Interest> {
        KINDS.into_iter().map(Interest::blocks).collect()
    }

    fn judge(&self, context: &Context<'_>, subject: Subject<'_>, out: &mut Findings) {
        let Subject::Block(block) = subject else { return };
        let own = own_names(&block);
        let default = default_of(block.block);
        judge_calls_in(default, &block, out);
        for reference in references_in(block.block) {
            if default.is_some_and(|it| it.range.contains(reference.range(0))) {
                // A name alone in a template is told there.
                if reference.hole.is_none() || reference.name(0).is_some() {
                    let last = usize::from(reference.name(0).is_some());
                    report_in_default(&block, reference.range(last), out);
                }
                continue;
            }
            // What stands in an argument of Terraform's that is misspelt need not be declared; `misspelt_argument` tells of it.
            if reference.name(0).is_none() && is_misspelt(block.block, reference.range(0)) {
                continue;
            }
            let is_own = reference.name(0).is_some_and(|name| {
                own.contains(&(reference.root.as_str(), name.as_str(), reference.name(1)))
            });
            let root = reference.root.as_str();
            if let Some((_, argument)) = OF_INSTANCES.iter().find(|(name, _)| *name == root) {
                judge_repeated(&block, &reference, argument, out);
            } else if let Some((_, known)) = OF_TERRAFORM.iter().find(|(name, _)| *name == root) {
                judge_built_in(&block, &reference, known, out);
            } else if root == "self" {
                judge_self(&block, &reference, out);
            } else if !is_own && !BUILT_IN.contains(&root) {
                judge_reference(context.repo, &block, &reference, out);
            }
        }
    }
}

/// The data sources that a `check` block declares for itself, as `("data", kind, name)`.
fn own_names<'b>(block: &BlockRef<'b>) -> Vec<(&'b str, &'b str, Option<&'b smol_str::SmolStr>)> {
    let inner = block.block.body.blocks_of("data");
    inner
        .filter_map(|data| Some(("data", data.label(0)?, data.labels.get(1).map(|it| &it.name))))
        .collect()
}

/// What stands for a variable that nobody sets: Terraform takes it as it is written, and looks up nothing and calls nothing for it.
fn default_of(block: &Block) -> Option<&Expr> {
    let default = block.body.attribute("default").filter(|_| block.kind.name == "variable");
    default.map(|it| &it.value)
}

fn judge_calls_in(default: Option<&Expr>, block: &BlockRef<'_>, out: &mut Findings) {
    for expr in default.into_iter().flat_map(Expr::descendants) {
        if let ExprKind::Call(call) = &expr.kind {
            report_in_default(block, call.name.range, out);
        }
    }
}

fn report_in_default(block: &BlockRef<'_>, range: TextRange, out: &mut Findings) {
    out.site();
    let finding = Finding::new("in_default", block.file.span(range));
    out.report(finding.arg("reference", block.file.slice(range)));
}

/// What a reference does not lead to.
struct Missing {
    outcome: &'static str,
    /// How many steps of the reference name it.
    steps: usize,
    /// The module in which it should be declared, where that is another one.
    callee: Option<crate::model::ModuleId>,
}

/// Only a block that is repeated has instances to tell apart.
fn judge_repeated(
    block: &BlockRef<'_>,
    reference: &Reference<'_>,
    argument: &str,
    out: &mut Findings,
) {
    out.site();
    if block.block.body.attribute(argument).is_some() {
        return;
    }
    let range = reference.range(usize::from(reference.name(0).is_some()));
    if report_unexpanded(block, range, out) {
        return;
    }
    out.report(
        Finding::new("unrepeated", block.file.span(range))
            .arg("reference", block.file.slice(range))
            .arg("argument", argument),
    );
}

/// Of its own, Terraform knows a few names.
fn judge_built_in(
    block: &BlockRef<'_>,
    reference: &Reference<'_>,
    known: &[&str],
    out: &mut Findings,
) {
    out.site();
    let Some(name) = reference.name(0) else { return };
    let range = reference.range(1);
    if known.contains(&name.as_str()) || report_unexpanded(block, range, out) {
        return;
    }
    let shown: Vec<String> = known.iter().map(|it| format!("`{}.{it}`", reference.root)).collect();
    out.report(
        Finding::new("built_in", block.file.span(range))
            .arg("reference", block.file.slice(range))
            .arg("known", shown.join(", ")),
    );
}

/// `self` is known to what looks at a resource that is there.
fn judge_self(block: &BlockRef<'_>, reference: &Reference<'_>, out: &mut Findings) {
    out.site();
    let range = reference.range(usize::from(reference.name(0).is_some()));
    let is_known = is_inside(&block.block.body, range, &OF_A_RESOURCE);
    if !is_known && !report_unexpanded(block, range, out) {
        out.report(Finding::new("self", block.file.span(range)));
    }
}

/// Whether `range` lies in a block of `body`, at any depth, that is of one of these `kinds`.
fn is_inside(body: &Body, range: TextRange, kinds: &[&str]) -> bool {
    let around = body.blocks().find(|block| block.range.contains(range));
    around.is_some_and(|block| {
        kinds.contains(&block.kind.name.as_str()) || is_inside(&block.body, range, kinds)
    })
}

/// Reports what stands at `range` where that is the content of a `dynamic` block that may have no element: Terraform looks at
/// it only when there is one. Says whether it is.
fn report_unexpanded(block: &BlockRef<'_>, range: TextRange, out: &mut Findings) -> bool {
    let Some(around) = unexpanded(&block.block.body, range) else { return false };
    out.report(
        Finding::new("unexpanded", block.file.span(range))
            .arg("reference", block.file.slice(range))
            .arg("block", around.label(0).unwrap_or_default()),
    );
    true
}

/// The outermost `dynamic` block in `body` with `range` in its content that is not sure to have an element.
fn unexpanded(body: &Body, range: TextRange) -> Option<&Block> {
    let around = body.blocks().find(|block| block.range.contains(range))?;
    let is_in_content = || around.body.blocks_of("content").any(|it| it.range.contains(range));
    if around.kind.name == "dynamic" && is_in_content() && !has_elements(around) {
        return Some(around);
    }
    unexpanded(&around.body, range)
}

/// Whether elements are written out for it.
fn has_elements(dynamic: &Block) -> bool {
    let elements = dynamic.body.attribute("for_each");
    elements.is_some_and(|elements| match &elements.value.unparenthesised().kind {
        ExprKind::Tuple(items) => !items.is_empty(),
        ExprKind::Object(entries) => !entries.is_empty(),
        _ => false,
    })
}

fn judge_reference(
    repo: &Repo<'_>,
    block: &BlockRef<'_>,
    reference: &Reference<'_>,
    out: &mut Findings,
) {
    let module = repo.module(block.module);
    out.site();
    let Some(missing) = missing(repo, module, reference) else { return };
    // That a module declares something is an error before anything is tried; that it puts it out is not.
    if missing.outcome == "output" && is_tried(&block.block.body, reference.range(0)) {
        return;
    }
    let lacking = missing.callee.map_or(module, |callee| repo.module(callee));
    let span = block.file.span(reference.range(missing.steps));
    if let Some(reason) = open(repo, lacking) {
        return out.unknown(span, reason.to_string());
    }
    if lacking.in_pieces && !is_slip(block, lacking, &missing, reference) {
        let reason = "nothing here says that this directory is run as it stands: no `terraform` or `provider` block, or files that do \
                      not go together";
        return out.unknown(span, reason);
    }
    if report_unexpanded(block, reference.range(missing.steps), out) {
        return;
    }
    let name = (missing.steps.checked_sub(1))
        .and_then(|last| reference.name(last))
        .unwrap_or(reference.root);
    let known = known_names(&lacking.names, missing.outcome, reference);
    let nearest = meant(name, known.iter().map(String::as_str));
    out.report(
        Finding::new(missing.outcome, span)
            .arg("reference", block.file.slice(reference.range(missing.steps)))
            .arg("name", name.as_str())
            .arg("nearest", nearest)
            .arg("module", shown(&lacking.dir)),
    );
}

/// Whether a variable or local is a slip of the hand for one that the same file declares: that holds in a piece as well. One that is
/// the beginning of the other may be another thing (`subnet`, `subnets`).
fn is_slip(
    block: &BlockRef<'_>,
    module: &Module<'_>,
    missing: &Missing,
    reference: &Reference<'_>,
) -> bool {
    let Some(name) = reference.name(0) else { return false };
    let names = &module.names;
    let here = |file: &SourceFile| file.id == block.file.id;
    let is_meant = |known: &str| {
        config::is_slip(name, known) && !known.starts_with(&**name) && !name.starts_with(known)
    };
    match missing.outcome {
        "variable" => names.variables.iter().any(|(known, it)| here(it.file) && is_meant(known)),
        "local" => names.locals.iter().any(|(known, it)| here(it.file) && is_meant(known)),
        _ => false,
    }
}

/// Whether what stands at `range` may fail: it is in a `try` or `can`.
fn is_tried(body: &Body, range: TextRange) -> bool {
    let tries = |expr: &Expr| match &expr.kind {
        ExprKind::Call(call) => matches!(call.name.name.as_str(), "try" | "can"),
        _ => false,
    };
    body.items.iter().any(|item| match item {
        Item::Block(block) => block.range.contains(range) && is_tried(&block.body, range),
        Item::Attribute(attribute) => {
            attribute.value.range.contains(range)
                && attribute.value.descendants().any(|it| it.range.contains(range) && tries(it))
        }
    })
}

/// What the reference needs and nobody declares; `None` where it resolves, or is not for this check to judge.
fn missing(repo: &Repo<'_>, module: &Module<'_>, reference: &Reference<'_>) -> Option<Missing> {
    let names = &module.names;
    let lacks =
        |outcome, steps, known: bool| (!known).then_some(Missing { outcome, steps, callee: None });
    let Some(first) = reference.name(0) else {
        let in_template = reference.hole.is_some();
        return lacks("name", 0, in_template);
    };
    match reference.root.as_str() {
        "var" => lacks("variable", 1, names.variables.contains_key(first)),
        "local" => lacks("local", 1, names.locals.contains_key(first)),
        "module" => match names.calls.get(first) {
            None => lacks("module", 1, false),
            Some(call) => missing_output(repo, module, call, reference),
        },
        "data" => {
            let second = reference.name(1)?;
            lacks("data", 2, names.data.contains_key(&(first.clone(), second.clone())))
        }
        // `resource.TYPE.NAME` is the long form of `TYPE.NAME`.
        "resource" => {
            let second = reference.name(1)?;
            lacks("resource", 2, names.resources.contains_key(&(first.clone(), second.clone())))
        }
        root => lacks("resource", 1, names.resources.contains_key(&(root.into(), first.clone()))),
    }
}

fn missing_output(
    repo: &Repo<'_>,
    module: &Module<'_>,
    call: &BlockRef<'_>,
    reference: &Reference<'_>,
) -> Option<Missing> {
    let body = &call.block.body;
    let repeated = body.attribute("for_each").is_some() || body.attribute("count").is_some();
    if repeated && reference.name(1).is_some() {
        // The name may be the key of an instance.
        return None;
    }
    let callee = repo.module_in(&crate::model::call_target(&module.dir, call.block)?)?;
    // `module.x["key"].name` and `module.x.name`
    let at = if reference.name(1).is_some() { 1 } else { 2 };
    let output = reference.name(at)?;
    let known = repo.module(callee).names.outputs.contains_key(output);
    (!known).then_some(Missing { outcome: "output", steps: at + 1, callee: Some(callee) })
}

/// The names that could have been meant.
fn known_names(names: &Names<'_>, outcome: &str, reference: &Reference<'_>) -> Vec<String> {
    match outcome {
        "variable" => names.variables.keys().map(ToString::to_string).collect(),
        "local" => names.locals.keys().map(ToString::to_string).collect(),
        "module" => names.calls.keys().map(ToString::to_string).collect(),
        "output" => names.outputs.keys().map(ToString::to_string).collect(),
        "data" => {
            let kind = reference.name(0);
            let same = names.data.keys().filter(|(known, _)| Some(known) == kind);
            same.map(|(_, name)| name.to_string()).collect()
        }
        "resource" => {
            let is_long = reference.root == "resource";
            let kind = if is_long { reference.name(0) } else { Some(reference.root) };
            let same = names.resources.keys().filter(|(known, _)| Some(known) == kind);
            same.map(|(_, name)| name.to_string()).collect()
        }
        _ => Vec::new(),
    }
}

/// A directory for a message.
fn shown(dir: &str) -> &str {
    if dir.is_empty() { "." } else { dir }
}
