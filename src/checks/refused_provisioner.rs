//! Provisioners that Terraform runs: those that are part of it, and when something is destroyed with nothing but what it knows then.

use crate::config::nearest;
use crate::model::BlockRef;
use crate::rule::{Check, CheckDef, Context, Finding, Findings, Interest, Outcome, Subject};
use crate::syntax::hcl::{Block, Body, ExprKind, Reference};

use super::old_release::is_for_old_release;

pub(super) const CHECK: CheckDef = CheckDef {
    name: "refused_provisioner",
    outcomes: &[
        Outcome { name: "removed", placeholders: &["kind"] },
        Outcome { name: "unknown", placeholders: &["kind", "meant"] },
        Outcome { name: "destroyed", placeholders: &["reference"] },
        Outcome { name: "incomplete", placeholders: &["kind", "argument"] },
        Outcome { name: "word", placeholders: &["argument", "word", "known"] },
    ],
    build: |_| Ok(Box::new(RefusedProvisioner)),
};

/// Those that are part of Terraform. Others may be installed beside it.
const OWN: [&str; 3] = ["local-exec", "remote-exec", "file"];

/// Those that were, before 0.15.
const REMOVED: [&str; 4] = ["chef", "habitat", "puppet", "salt-masterless"];

struct RefusedProvisioner;

impl Check for RefusedProvisioner {
    fn interests(&self) -> Vec<Interest> {
        vec![Interest::blocks("resource"), Interest::blocks("removed")]
    }

    fn judge(&self, context: &Context<'_>, subject: Subject<'_>, out: &mut Findings) {
        let Subject::Block(block) = subject else { return };
        if is_for_old_release(context.repo, block.module) {
            return;
        }
        let body = &block.block.body;
        let mut is_any_destroyed = false;
        for provisioner in body.blocks_of("provisioner") {
            judge_kind(&block, provisioner, out);
            judge_whole(&block, provisioner, out);
            if is_destroyed(&provisioner.body) {
                is_any_destroyed = true;
                judge_body(&block, &provisioner.body, out);
            }
        }
        if is_any_destroyed {
            body.blocks_of("connection").for_each(|it| judge_body(&block, &it.body, out));
        }
    }
}

fn judge_kind(block: &BlockRef<'_>, provisioner: &Block, out: &mut Findings) {
    let Some(label) = provisioner.labels.first() else { return };
    out.site();
    let (kind, span) = (label.name.as_str(), block.file.span(label.range));
    if OWN.contains(&kind) {
        return;
    }
    if REMOVED.contains(&kind) {
        let finding = Finding::new("removed", span).address(block.address());
        out.report(finding.arg("kind", kind));
    } else if let Some(meant) = nearest(kind, OWN) {
        let finding = Finding::new("unknown", span).address(block.address());
        out.report(finding.arg("kind", kind).arg("meant", meant));
    }
}

/// What the provisioners cannot do without: of each group, one.
const NEEDS: &[(&str, &[&[&str]])] = &[
    ("local-exec", &[&["command"]]),
    ("remote-exec", &[&["inline", "script", "scripts"]]),
    ("file", &[&["destination"], &["source", "content"]]),
];

/// The words that an argument of any provisioner takes.
const WORDS: &[(&str, &[&str])] =
    &[("when", &["create", "destroy"]), ("on_failure", &["continue", "fail"])];

fn judge_whole(block: &BlockRef<'_>, provisioner: &Block, out: &mut Findings) {
    let kind = provisioner.label(0).unwrap_or_default();
    let body = &provisioner.body;
    let needs = NEEDS.iter().find(|(known, _)| *known == kind);
    for group in needs.iter().flat_map(|(_, groups)| *groups) {
        out.site();
        if !group.iter().any(|name| body.attribute(name).is_some()) {
            let names: Vec<String> = group.iter().map(|name| format!("`{name}`")).collect();
            let finding = Finding::new("incomplete", block.file.span(provisioner.header));
            let finding = finding.address(block.address()).arg("kind", kind);
            out.report(finding.arg("argument", names.join(", ")));
        }
    }
    for (argument, known) in WORDS {
        let Some(value) = body.attribute(argument).map(|it| &it.value) else { continue };
        let word = match &value.kind {
            ExprKind::Variable(word) => Some(word.clone()),
            _ => value.as_literal(),
        };
        out.site();
        if let Some(word) = word.filter(|word| !known.contains(&word.as_str())) {
            let known: Vec<String> = known.iter().map(|it| format!("`{it}`")).collect();
            let finding = Finding::new("word", block.file.span(value.range));
            let finding = finding.address(block.address()).arg("argument", *argument);
            out.report(finding.arg("word", &*word).arg("known", known.join(" or ")));
        }
    }
}

/// `when = destroy`, in quotes as well.
fn is_destroyed(body: &Body) -> bool {
    let Some(when) = body.attribute("when").map(|it| &it.value) else { return false };
    match &when.kind {
        ExprKind::Variable(word) => word == "destroy",
        _ => when.as_literal().is_some_and(|it| it == "destroy"),
    }
}

fn judge_body(block: &BlockRef<'_>, body: &Body, out: &mut Findings) {
    for attribute in body.attributes().filter(|it| !is_word(&it.key.name)) {
        out.site();
        for reference in attribute.value.references(&[]) {
            if !is_known(&reference) {
                let range = reference.range(reference.steps.len());
                let finding = Finding::new("destroyed", block.file.span(range));
                let finding = finding.address(block.address());
                out.report(finding.arg("reference", block.file.slice(range)));
            }
        }
    }
    body.blocks_of("connection").for_each(|it| judge_body(block, &it.body, out));
}

/// Arguments whose value is a word of Terraform's.
fn is_word(argument: &str) -> bool {
    matches!(argument, "when" | "on_failure")
}

/// Whether it is known when nothing but the state is left.
fn is_known(reference: &Reference<'_>) -> bool {
    match reference.root.as_str() {
        "self" | "path" | "terraform" | "tofu" => true,
        "count" => reference.name(0).is_some_and(|name| name == "index"),
        "each" => reference.name(0).is_some_and(|name| name == "key"),
        // A name alone is told as one that nobody knows.
        _ => reference.steps.is_empty(),
    }
}
