//! The arguments of Terraform's own blocks: which it needs, which exclude each other, and what stands there that none is called.
//!
//! Arguments are added from release to release. So only what every release has refused is told: what is missing, and a name that
//! no release knows where one is near that they all know.

mod table;

use crate::config::nearest;
use crate::model::{BlockRef, Repo, is_override};
use crate::rule::{
    Check, CheckDef, Context, Finding, Findings, Interest, OptionError, Options, Outcome, Subject,
};
use crate::syntax::hcl::{Block, Body, ExprKind, Ident, Item, Reference};
use crate::text::Globs;

use table::{
    BLOCKS, DYNAMIC, Grammar, INSTEAD, LABELS, OF_TERRAFORM, OPEN, OTHER, WRITTEN_AS_BLOCK,
};

pub(super) const INCOMPLETE: CheckDef = CheckDef {
    name: "incomplete_block",
    outcomes: &[
        Outcome { name: "missing", placeholders: &["block", "argument", "written"] },
        Outcome { name: "both", placeholders: &["block", "one", "other"] },
        Outcome { name: "other", placeholders: &["name"] },
        Outcome { name: "labels", placeholders: &["kind", "given", "wanted", "written"] },
        Outcome { name: "block", placeholders: &["name"] },
        Outcome { name: "constant", placeholders: &["block"] },
    ],
    build: |options| BlockGrammar::build(options, Asked::Whole),
};

pub(super) const MISSPELT: CheckDef = CheckDef {
    name: "misspelt_argument",
    outcomes: &[
        Outcome { name: "argument", placeholders: &["block", "name", "meant"] },
        Outcome { name: "block", placeholders: &["name", "meant"] },
    ],
    build: |options| BlockGrammar::build(options, Asked::Spelling),
};

#[derive(Clone, Copy, PartialEq, Eq)]
enum Asked {
    Whole,
    Spelling,
}

struct BlockGrammar {
    files: Globs,
    asked: Asked,
}

impl BlockGrammar {
    fn build(options: &mut Options<'_>, asked: Asked) -> Result<Box<dyn Check>, OptionError> {
        Ok(Box::new(BlockGrammar { files: options.globs("files")?, asked }))
    }
}

impl Check for BlockGrammar {
    fn interests(&self) -> Vec<Interest> {
        vec![Interest::Files(self.files.clone())]
    }

    fn judge(&self, context: &Context<'_>, subject: Subject<'_>, out: &mut Findings) {
        let Subject::File(file) = subject else { return };
        let is_whole = file.hcl.as_ref().is_some_and(|document| document.errors.is_empty());
        // What overrides nothing is told by what it would override.
        if !is_whole || is_override(file) {
            return;
        }
        for block in context.repo.blocks_in(file) {
            let kind = block.block.kind.name.as_str();
            let grammar = BLOCKS.iter().find(|it| it.kind == kind && it.within.is_empty());
            let is_it =
                |(of, it): &&(&str, Grammar)| it.kind == kind && block.block.label(0) == Some(of);
            let grammar = OF_TERRAFORM.iter().find(is_it).map(|(_, it)| it).or(grammar);
            match grammar {
                Some(grammar) => {
                    self.judge_block(context.repo, &block, (block.block, grammar), out);
                }
                None if self.asked == Asked::Spelling && !OTHER.contains(&kind) => {
                    out.site();
                    let known = BLOCKS.iter().filter(|it| it.within.is_empty()).map(|it| it.kind);
                    report_misspelt(&block, None, (&block.block.kind, known), out);
                }
                None => {}
            }
        }
    }
}

impl BlockGrammar {
    /// Judges `block`, of which `grammar` tells, and what stands in it; `top` is the block at the top around it.
    fn judge_block(
        &self,
        repo: &Repo<'_>,
        top: &BlockRef<'_>,
        (block, grammar): (&Block, &Grammar),
        out: &mut Findings,
    ) {
        match self.asked {
            Asked::Whole => judge_whole(repo, top, (block, grammar), out),
            Asked::Spelling if grammar.knows.is_empty() => {}
            Asked::Spelling => {
                for item in &block.body.items {
                    out.site();
                    let name = name_of(item);
                    // `dynamic` stands nowhere among them, and a comment of JSON anywhere.
                    if !grammar.knows.contains(&name.name.as_str()) {
                        let known = grammar.knows.iter().copied();
                        report_misspelt(top, Some(block), (name, known), out);
                    }
                }
            }
        }
        let is_open = OPEN.contains(&grammar.kind);
        for inner in block.body.blocks() {
            let kind = inner.kind.name.as_str();
            let known = |it: &&Grammar| it.kind == kind && it.within.contains(&grammar.kind);
            if let Some(grammar) = BLOCKS.iter().find(known) {
                self.judge_block(repo, top, (inner, grammar), out);
            } else if is_open || (grammar.kind == "check" && kind == "data") {
                self.judge_dynamic(repo, top, inner, out);
            }
        }
    }

    /// Judges the `dynamic` blocks in `block`, or the one that it is: a provider says what else stands there.
    fn judge_dynamic(
        &self,
        repo: &Repo<'_>,
        top: &BlockRef<'_>,
        block: &Block,
        out: &mut Findings,
    ) {
        match block.kind.name.as_str() {
            "dynamic" if block.labels.len() == 1 => {
                self.judge_block(repo, top, (block, &DYNAMIC), out);
            }
            "provisioner" | "connection" | "lifecycle" => return,
            _ => {}
        }
        for inner in block.body.blocks() {
            self.judge_dynamic(repo, top, inner, out);
        }
    }
}

/// What an argument or a block is called.
pub(super) fn name_of(item: &Item) -> &Ident {
    match item {
        Item::Attribute(attribute) => &attribute.key,
        Item::Block(inner) => &inner.kind,
    }
}

fn has(body: &Body, name: &str) -> bool {
    body.attribute(name).is_some() || body.block(name).is_some()
}

fn judge_whole(
    repo: &Repo<'_>,
    top: &BlockRef<'_>,
    (block, grammar): (&Block, &Grammar),
    out: &mut Findings,
) {
    let span = top.file.span(block.header);
    let is_top = std::ptr::eq(block, top.block);
    let name = if is_top { top.address() } else { crate::model::address_of(block) };
    for &needed in grammar.needs {
        out.site();
        let is_other = |name: &str| has(&block.body, name);
        let instead = INSTEAD.iter().find(|(of, _)| *of == needed);
        if is_other(needed) || instead.is_some_and(|(_, other)| is_other(other)) {
            continue;
        }
        // What stands there misspelt is told as that.
        let is_it = |name: &Ident| {
            !grammar.knows.contains(&name.name.as_str())
                && nearest(&name.name, grammar.knows.iter().copied()) == Some(needed)
        };
        if block.body.items.iter().any(|item| is_it(name_of(item))) {
            continue;
        }
        let module = repo.module(top.module);
        if module.in_pieces || module.is_example() {
            out.unknown(span, "nothing here says that this directory is run as it stands");
            continue;
        }
        let is_block = WRITTEN_AS_BLOCK.contains(&needed);
        let written = format!("{needed} {}", if is_block { "{ … }" } else { "= …" });
        let finding = Finding::new("missing", span).address(top.address());
        out.report(finding.arg("block", &*name).arg("argument", needed).arg("written", written));
    }
    if is_top {
        judge_labels(top, out);
    }
    match grammar.kind {
        "validation" => judge_validation(top, block, out),
        "assert" | "precondition" | "postcondition" => judge_condition(top, block, out),
        "variable" => judge_null(top, out),
        "locals" => judge_locals(top, out),
        _ => {}
    }
    for &(one, other) in grammar.excludes {
        out.site();
        let (Some(_), Some(second)) = (block.body.attribute(one), block.body.attribute(other))
        else {
            continue;
        };
        let finding = Finding::new("both", top.file.span(second.key.range)).address(top.address());
        out.report(finding.arg("block", &*name).arg("one", one).arg("other", other));
    }
}

/// Among locals are values, and no blocks.
fn judge_locals(top: &BlockRef<'_>, out: &mut Findings) {
    for inner in top.block.body.blocks() {
        out.site();
        let finding = Finding::new("block", top.file.span(inner.header));
        out.report(finding.arg("name", &*inner.kind.name));
    }
}

/// A block at the top has as many labels as its kind takes.
fn judge_labels(top: &BlockRef<'_>, out: &mut Findings) {
    let kind = top.block.kind.name.as_str();
    let Some((_, wanted)) = LABELS.iter().find(|(known, _)| *known == kind) else { return };
    out.site();
    let given = top.block.labels.len();
    if given != wanted.len() {
        let labels: Vec<String> = wanted.iter().map(|it| format!("\"{it}\" ")).collect();
        let finding = Finding::new("labels", top.header()).arg("kind", kind);
        let finding = finding.arg("given", in_words(given)).arg("wanted", in_words(wanted.len()));
        out.report(finding.arg("written", format!("{kind} {}{{ … }}", labels.concat())));
    }
}

fn in_words(labels: usize) -> String {
    match labels {
        0 => "none".into(),
        1 => "one".into(),
        2 => "two".into(),
        more => more.to_string(),
    }
}

/// A variable that is never null has another default.
fn judge_null(top: &BlockRef<'_>, out: &mut Findings) {
    let body = &top.block.body;
    let (Some(default), Some(nullable)) = (body.attribute("default"), body.attribute("nullable"))
    else {
        return;
    };
    out.site();
    let is_null = matches!(default.value.kind, ExprKind::Null);
    if is_null && matches!(nullable.value.kind, ExprKind::Bool(false)) {
        let finding = Finding::new("both", top.file.span(default.value.range));
        let finding = finding.address(top.address()).arg("block", top.address());
        out.report(finding.arg("one", "nullable = false").arg("other", "default = null"));
    }
}

/// A condition is about something.
fn judge_condition(top: &BlockRef<'_>, block: &Block, out: &mut Findings) {
    let Some(condition) = block.body.attribute("condition") else { return };
    out.site();
    let is_error = condition.value.descendants().any(|it| matches!(it.kind, ExprKind::Error));
    if !is_error && condition.value.references(&[]).is_empty() {
        let finding = Finding::new("constant", top.file.span(condition.value.range));
        out.report(finding.address(top.address()).arg("block", &*block.kind.name));
    }
}

/// A validation is about the variable that it stands in.
fn judge_validation(top: &BlockRef<'_>, block: &Block, out: &mut Findings) {
    let Some(condition) = block.body.attribute("condition") else { return };
    let Some(name) = top.block.label(0) else { return };
    out.site();
    let is_own = |it: &Reference<'_>| it.root == "var" && it.name(0).is_some_and(|it| it == name);
    if !condition.value.references(&[]).iter().any(is_own) {
        let finding = Finding::new("other", top.file.span(condition.value.range));
        out.report(finding.address(top.address()).arg("name", name));
    }
}

/// Reports `name` where one of the `known` names is near: of an argument or a block in `block`, or of a block at the top.
fn report_misspelt<'k>(
    top: &BlockRef<'_>,
    block: Option<&Block>,
    (name, known): (&Ident, impl Iterator<Item = &'k str>),
    out: &mut Findings,
) {
    let Some(meant) = nearest(&name.name, known) else { return };
    let outcome = if block.is_some() { "argument" } else { "block" };
    let mut finding = Finding::new(outcome, top.file.span(name.range)).address(top.address());
    if let Some(block) = block {
        let of = block.label(0).filter(|_| OPEN.contains(&block.kind.name.as_str()));
        finding = finding.arg("block", of.unwrap_or(&block.kind.name));
    }
    out.report(finding.arg("name", &*name.name).arg("meant", meant));
}
