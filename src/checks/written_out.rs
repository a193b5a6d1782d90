//! What Terraform reads before there is anything to work out: lists of addresses, and values that have to stand there as they are.
//!
//! Invariant: of what some release takes, or `OpenTofu`, the check `read_too_early` tells, so that a rule can leave it where a repo is
//! meant for these.

use crate::model::{BlockRef, Repo};
use crate::rule::{Check, CheckDef, Context, Finding, Findings, Interest, Outcome, Subject};
use crate::syntax::hcl::{Attribute, Block, Body, Expr, ExprKind, StepKind, Traversal};
use crate::syntax::{Format, HclUse};
use crate::text::TextRange;

use super::literal_type::optional_defaults;
use super::old_release::is_for_old_release;

pub(super) const CHECK: CheckDef = CheckDef {
    name: "not_written_out",
    outcomes: &[
        Outcome { name: "list", placeholders: &["argument"] },
        Outcome { name: "entry", placeholders: &["argument", "entry"] },
        Outcome { name: "part", placeholders: &["entry", "whole"] },
        Outcome { name: "wildcard", placeholders: &["written"] },
        Outcome { name: "trigger", placeholders: &["entry"] },
        Outcome { name: "literal", placeholders: &["argument", "reference"] },
    ],
    build: |_| Ok(Box::new(WrittenOut { asked: Asked::Lists })),
};

pub(super) const EARLY: CheckDef = CheckDef {
    name: "read_too_early",
    outcomes: &[Outcome { name: "early", placeholders: &["argument", "reference"] }],
    build: |_| Ok(Box::new(WrittenOut { asked: Asked::Early })),
};

#[derive(Clone, Copy, PartialEq, Eq)]
enum Asked {
    Lists,
    Early,
}

struct WrittenOut {
    asked: Asked,
}

impl Check for WrittenOut {
    fn interests(&self) -> Vec<Interest> {
        let kinds: &[&str] = match self.asked {
            Asked::Lists => &["resource", "data", "module", "output", "variable", "provider"],
            Asked::Early => &["resource", "module", "terraform"],
        };
        kinds.iter().map(|kind| Interest::blocks(kind)).collect()
    }

    fn judge(&self, context: &Context<'_>, subject: Subject<'_>, out: &mut Findings) {
        let Subject::Block(block) = subject else { return };
        if is_for_old_release(context.repo, block.module) {
            return;
        }
        match self.asked {
            Asked::Lists => judge_lists(&block, out),
            Asked::Early => judge_early(context.repo, &block, out),
        }
    }
}

fn judge_lists(block: &BlockRef<'_>, out: &mut Findings) {
    let body = &block.block.body;
    if let Some(list) = body.attribute("depends_on") {
        judge_list(block, list, out, judge_dependency);
    }
    let literals = LITERAL.iter().find(|(kind, _)| *kind == block.block.kind.name);
    for value in literals.iter().flat_map(|(_, names)| *names).filter_map(|it| body.attribute(it)) {
        judge_literal(block, value, out);
    }
    if let Some(kind) = body.attribute("type").filter(|_| block.block.kind.name == "variable") {
        judge_defaults(block, &kind.value, out);
    }
    if block.block.kind.name != "resource" {
        return;
    }
    for lifecycle in body.blocks_of("lifecycle") {
        if let Some(list) = lifecycle.body.attribute("ignore_changes") {
            judge_ignored(block, list, out);
        }
        if let Some(list) = lifecycle.body.attribute("replace_triggered_by") {
            judge_list(block, list, out, judge_trigger);
        }
        if let Some(value) = lifecycle.body.attribute("create_before_destroy") {
            judge_literal(block, value, out);
        }
    }
}

/// What says something of the block itself, and is never worked out.
const LITERAL: &[(&str, &[&str])] = &[
    ("variable", &["description", "sensitive", "nullable", "ephemeral"]),
    ("output", &["description", "sensitive", "ephemeral"]),
    ("provider", &["alias"]),
];

fn judge_literal(block: &BlockRef<'_>, value: &Attribute, out: &mut Findings) {
    out.site();
    if let Some(range) = worked_out(&value.value) {
        let finding = finding("literal", block, range).arg("argument", &*value.key.name);
        out.report(finding.arg("reference", block.file.slice(range)));
    }
}

/// What `optional(…)` says of what is left out, in a type.
fn judge_defaults(block: &BlockRef<'_>, kind: &Expr, out: &mut Findings) {
    for (_, _, default) in optional_defaults(kind) {
        out.site();
        if let Some(range) = worked_out(default) {
            let finding = finding("literal", block, range).arg("argument", "optional");
            out.report(finding.arg("reference", block.file.slice(range)));
        }
    }
}

fn finding(outcome: &'static str, block: &BlockRef<'_>, range: TextRange) -> Finding {
    Finding::new(outcome, block.file.span(range)).address(block.address())
}

/// Judges each entry of a list, if it is one that is written out.
fn judge_list(
    block: &BlockRef<'_>,
    list: &Attribute,
    out: &mut Findings,
    judge: impl Fn(&BlockRef<'_>, &str, &Expr, &mut Findings),
) {
    out.site();
    let argument = list.key.name.as_str();
    match &list.value.kind {
        ExprKind::Tuple(entries) => {
            for entry in entries {
                judge(block, argument, entry, out);
            }
        }
        ExprKind::Error => {}
        _ => out.report(finding("list", block, list.value.range).arg("argument", argument)),
    }
}

fn report_entry(block: &BlockRef<'_>, argument: &str, entry: &Expr, out: &mut Findings) {
    let finding = finding("entry", block, entry.range).arg("argument", argument);
    out.report(finding.arg("entry", block.file.slice(entry.range)));
}

/// An entry of `depends_on` is a whole object.
fn judge_dependency(block: &BlockRef<'_>, argument: &str, entry: &Expr, out: &mut Findings) {
    out.site();
    let traversal = match &entry.kind {
        ExprKind::Traversal(traversal) => traversal,
        // A name alone is told as a reference, and in quotes an address is read as well.
        ExprKind::Variable(_) | ExprKind::Error => return,
        ExprKind::Template(_) if entry.as_literal().is_none_or(|it| it.contains('.')) => return,
        _ => return report_entry(block, argument, entry, out),
    };
    let Some(whole) = steps_of_whole(traversal) else {
        return report_entry(block, argument, entry, out);
    };
    let Some(last) = whole.checked_sub(1).filter(|_| whole < traversal.steps.len()) else {
        return;
    };
    let whole = traversal.base.range.cover(traversal.steps[last].range);
    out.report(
        finding("part", block, entry.range)
            .arg("entry", block.file.slice(entry.range))
            .arg("whole", block.file.slice(whole)),
    );
}

/// How many steps lead to the whole object in which `traversal` ends; nothing where it is no address.
fn steps_of_whole(traversal: &Traversal) -> Option<usize> {
    let ExprKind::Variable(root) = &traversal.base.kind else { return None };
    let is_fixed = traversal.steps.iter().all(|step| match &step.kind {
        StepKind::Attribute(_) | StepKind::LegacyIndex(_) => true,
        StepKind::Index(key) => is_key(key),
        StepKind::AttributeSplat | StepKind::FullSplat => false,
    });
    let is_index = |at: usize| {
        let step = traversal.steps.get(at).map(|step| &step.kind);
        usize::from(matches!(step, Some(StepKind::Index(_) | StepKind::LegacyIndex(_))))
    };
    is_fixed.then(|| match root.as_str() {
        "var" | "local" | "path" | "terraform" | "tofu" | "each" | "count" | "self" => 1,
        "data" | "resource" | "ephemeral" | "action" => 2 + is_index(2),
        // One of the outputs of a module counts as a whole.
        "module" => {
            let call = 1 + is_index(1);
            let output = traversal.steps.get(call).map(|step| &step.kind);
            call + usize::from(matches!(output, Some(StepKind::Attribute(_))))
        }
        _ => 1 + is_index(1),
    })
}

/// Whether `expr` is a key that stands there as it is.
fn is_key(expr: &Expr) -> bool {
    matches!(expr.kind, ExprKind::Number(_)) || expr.as_literal().is_some()
}

fn judge_ignored(block: &BlockRef<'_>, list: &Attribute, out: &mut Findings) {
    out.site();
    let value = &list.value;
    let report_wildcard = |out: &mut Findings| {
        let finding = finding("wildcard", block, value.range);
        out.report(finding.arg("written", block.file.slice(value.range)));
    };
    match &value.kind {
        ExprKind::Variable(all) if all == "all" => {}
        ExprKind::Template(text) if text.as_literal().is_some_and(|it| it == "all") => {
            report_wildcard(out);
        }
        ExprKind::Tuple(entries) => {
            // In a list, `all` is a field of that name, which hardly anything has.
            let is_all =
                matches!(&**entries, [Expr { kind: ExprKind::Variable(all), .. }] if all == "all");
            if is_all || entries.iter().any(|it| it.as_literal().is_some_and(|it| it == "*")) {
                return report_wildcard(out);
            }
            for entry in entries {
                let is_address = match &entry.kind {
                    ExprKind::Traversal(traversal) => steps_of_whole(traversal).is_some(),
                    ExprKind::Variable(_) | ExprKind::Template(_) | ExprKind::Error => true,
                    _ => false,
                };
                if !is_address {
                    report_entry(block, "ignore_changes", entry, out);
                }
            }
        }
        ExprKind::Error => {}
        _ => out.report(finding("list", block, value.range).arg("argument", "ignore_changes")),
    }
}

/// What replaces a resource is a resource, or what is told of one.
fn judge_trigger(block: &BlockRef<'_>, _: &str, entry: &Expr, out: &mut Findings) {
    out.site();
    // What JSON says here is a string, whatever stands in it.
    if matches!(entry.kind, ExprKind::Error)
        || (is_json(block) && matches!(entry.kind, ExprKind::Template(_)))
    {
        return;
    }
    let references = entry.references(&[]);
    let is_resource = |root: &str| {
        !matches!(
            root,
            "var" | "local" | "module" | "path" | "terraform" | "tofu" | "each" | "count" | "self"
        )
    };
    let wrong = references.iter().find(|it| match it.root.as_str() {
        "each" => it.name(0).is_some_and(|name| name != "key"),
        "count" => false,
        root => !is_resource(root),
    });
    let wrong = wrong.map(|it| it.range(it.steps.len()));
    let lacks = !references.iter().any(|it| is_resource(it.root));
    if let Some(range) = wrong.or_else(|| lacks.then_some(entry.range)) {
        let text = block.file.slice(range);
        out.report(finding("trigger", block, range).arg("entry", text));
    }
}

fn is_json(block: &BlockRef<'_>) -> bool {
    block.file.format == Format::Hcl(HclUse::TerraformJson)
}

/// What in `expr` has to be worked out: the first reference, or the first function that is called. A name alone is told as one that
/// nobody knows, or something fills it in.
fn worked_out(expr: &Expr) -> Option<TextRange> {
    let references = expr.references(&[]);
    let reference = references.iter().find(|it| !it.steps.is_empty());
    let reference = reference.map(|it| it.range(it.steps.len()));
    let call = expr.descendants().find_map(|it| match &it.kind {
        ExprKind::Call(call) => Some(call.name.range),
        _ => None,
    });
    reference.into_iter().chain(call).min_by_key(|it| it.start)
}

/// Arguments that are read before anything is known.
fn judge_early(repo: &Repo<'_>, block: &BlockRef<'_>, out: &mut Findings) {
    let body = &block.block.body;
    match block.block.kind.name.as_str() {
        "resource" => {
            let lifecycle = body.blocks_of("lifecycle");
            for value in lifecycle.filter_map(|it| it.body.attribute("prevent_destroy")) {
                judge_value(block, value, out);
            }
        }
        // Terraform 1.15 takes variables that are said to be constant.
        _ if is_constant_somewhere(repo, block) => {}
        "module" => {
            for value in ["source", "version"].iter().filter_map(|name| body.attribute(name)) {
                judge_value(block, value, out);
            }
        }
        _ => {
            if let Some(value) = body.attribute("required_version") {
                judge_value(block, value, out);
            }
            for provider in body.blocks_of("required_providers").flat_map(|it| it.body.attributes())
            {
                judge_provider(block, provider, out);
            }
            let backends = ["backend", "cloud"].into_iter().flat_map(|kind| body.blocks_of(kind));
            // Nobody reads where a module that is called keeps its state, and in JSON it is read as it is.
            if is_run(repo, block) && !is_json(block) {
                backends.for_each(|backend| judge_backend(block, backend, out));
            }
        }
    }
}

fn is_constant_somewhere(repo: &Repo<'_>, block: &BlockRef<'_>) -> bool {
    let mut variables = repo.module(block.module).names.variables.values();
    variables.any(|it| it.block.body.attribute("const").is_some())
}

/// Whether no other module calls the one of `block`.
fn is_run(repo: &Repo<'_>, block: &BlockRef<'_>) -> bool {
    let module = repo.module(block.module);
    module.instances.iter().all(|&it| repo.instance(it).parent.is_none())
}

fn judge_value(block: &BlockRef<'_>, value: &Attribute, out: &mut Findings) {
    judge_expr(block, &value.key.name, &value.value, out);
}

fn judge_expr(block: &BlockRef<'_>, argument: &str, value: &Expr, out: &mut Findings) {
    out.site();
    if let Some(range) = worked_out(value) {
        let finding = finding("early", block, range).arg("argument", argument);
        out.report(finding.arg("reference", block.file.slice(range)));
    }
}

fn judge_provider(block: &BlockRef<'_>, provider: &Attribute, out: &mut Findings) {
    match &provider.value.kind {
        ExprKind::Object(entries) => {
            for entry in entries {
                let key = entry.literal_key();
                if let Some(key) = key.filter(|it| matches!(it.as_str(), "source" | "version")) {
                    judge_expr(block, &key, &entry.value, out);
                }
            }
        }
        _ => judge_value(block, provider, out),
    }
}

fn judge_backend(block: &BlockRef<'_>, backend: &Block, out: &mut Findings) {
    let mut waiting: Vec<&Body> = vec![&backend.body];
    while let Some(body) = waiting.pop() {
        body.attributes().for_each(|value| judge_value(block, value, out));
        waiting.extend(body.blocks().map(|it| &it.body));
    }
}
