//! What a module declares has a name of its own there: Terraform refuses a second one before it does anything.

use smol_str::SmolStr;

use crate::model::{BlockRef, Module, Names, Repo, is_override, makers, resolve_path, switched};
use crate::rule::{Check, CheckDef, Context, Finding, Findings, Interest, Outcome, Subject};
use crate::syntax::SourceFile;
use crate::syntax::hcl::{Block, Expr};
use crate::text::{Globs, Span};

use super::certain::is_surely_root;
use super::stack_values::maker;

pub(super) const CHECK: CheckDef = CheckDef {
    name: "duplicate_declaration",
    outcomes: &[
        Outcome { name: "duplicate", placeholders: &["what"] },
        Outcome { name: "again", placeholders: &["what", "first"] },
        Outcome { name: "in_stack", placeholders: &["what"] },
        Outcome { name: "same_path", placeholders: &["what", "first", "path"] },
    ],
    build: |options| Ok(Box::new(DuplicateDeclaration { stacks: options.globs("stacks")? })),
};

/// The blocks that declare a name.
const KINDS: [&str; 8] =
    ["variable", "locals", "output", "module", "resource", "data", "terraform", "provider"];

/// Blocks of settings of which a module has one: where it keeps its state, and what it requires.
const SETTINGS: [&[&str]; 2] = [&["backend", "cloud"], &["required_providers"]];

struct DuplicateDeclaration {
    /// Stack files of Terragrunt.
    stacks: Globs,
}

impl Check for DuplicateDeclaration {
    fn interests(&self) -> Vec<Interest> {
        let stacks = Interest::Files(self.stacks.clone());
        KINDS.into_iter().map(Interest::blocks).chain([stacks]).collect()
    }

    fn judge(&self, context: &Context<'_>, subject: Subject<'_>, out: &mut Findings) {
        let block = match subject {
            Subject::Block(block) => block,
            Subject::File(file) => return judge_stack(file, out),
            _ => return,
        };
        let module = context.repo.module(block.module);
        // Examples lie side by side, and one of them is copied.
        if module.is_example() || module.in_pieces {
            return;
        }
        if block.block.kind.name == "locals" {
            return judge_locals(&module.names, &block, out);
        }
        if block.block.kind.name == "terraform" {
            let kinds = SETTINGS.iter();
            return kinds.for_each(|kinds| judge_settings(module, &block, kinds, out));
        }
        if block.block.kind.name == "provider" {
            return judge_provider(context.repo, &block, out);
        }
        out.site();
        let first = module.names.holder(block.block);
        if let Some(first) = first.filter(|it| !std::ptr::eq(it.block, block.block)) {
            report(&block, (block.header(), block.address()), (first.file, first.header()), out);
        }
    }
}

/// What an explicit stack of Terragrunt makes has a name and a place of its own.
fn judge_stack(file: &SourceFile, out: &mut Findings) {
    // What is repeated has more names than one, and what may be switched off may be one of two.
    let is_plain = |block: &&Block| {
        block.body.block("expansion").is_none() && block.body.attribute("enabled").is_none()
    };
    let mut seen: Vec<&Block> = Vec::new();
    for block in makers(file).filter(is_plain) {
        out.site();
        let is_named = |it: &&&Block| {
            it.kind.name == block.kind.name
                && it.label(0).is_some()
                && it.label(0) == block.label(0)
        };
        let path = place_of(block);
        let is_there = |it: &&&Block| path.is_some() && place_of(it) == path;
        let finding =
            |outcome| Finding::new(outcome, file.span(block.header)).arg("what", maker(block));
        let (finding, first) = if let Some(first) = seen.iter().find(is_named) {
            (finding("in_stack"), first)
        } else if let Some(first) = seen.iter().find(is_there) {
            let (path, _) = path.clone().unwrap_or_default();
            (finding("same_path").arg("first", maker(first)).arg("path", path), first)
        } else {
            seen.push(block);
            continue;
        };
        out.report(finding.related(file.span(first.header), "declared here first"));
    }
}

/// Where a stack puts what `block` makes: the path, and whether that is seen from the stack itself.
fn place_of(block: &Block) -> Option<(String, bool)> {
    let path = block.body.attribute("path")?.value.as_literal()?;
    let is_beside = switched(block, "no_dot_terragrunt_stack", false)?;
    Some((resolve_path("", &path).filter(|it| !it.is_empty())?, is_beside))
}

fn judge_locals(names: &Names<'_>, block: &BlockRef<'_>, out: &mut Findings) {
    for local in block.block.body.attributes() {
        out.site();
        let is_it = |expr: &Expr| std::ptr::eq(expr, &raw const local.value);
        if let Some(first) = names.locals.get(&local.key.name).filter(|it| !is_it(it.expr)) {
            let own = block.file.span(local.key.range);
            let there = first.file.span(first.expr.range);
            report(block, (own, format!("local.{}", local.key.name)), (first.file, there), out);
        }
    }
}

/// Of these kinds of settings, a module has one block.
fn judge_settings(module: &Module<'_>, block: &BlockRef<'_>, kinds: &[&str], out: &mut Findings) {
    let is_it = |it: &&Block| kinds.contains(&it.kind.name.as_str());
    let files = module.files.iter().filter(|file| !is_override(file));
    let settings = files.filter_map(|&file| Some((file, &file.hcl.as_ref()?.body)));
    let mut settings = settings
        .filter(|(file, _)| is_tofu(file) == is_tofu(block.file))
        .flat_map(|(file, body)| body.blocks_of("terraform").map(move |it| (file, it)));
    let first = settings.find_map(|(file, it)| Some((file, it.body.blocks().find(is_it)?)));
    let Some((file, first)) = first.filter(|_| !is_override(block.file)) else { return };
    for other in block.block.body.blocks().filter(is_it) {
        out.site();
        if !std::ptr::eq(first, other) {
            let finding = Finding::new("again", block.file.span(other.header));
            let finding = finding.arg("what", &*other.kind.name).arg("first", &*first.kind.name);
            out.report(finding.related(file.span(first.header), "this one is first"));
        }
    }
}

/// A provider is configured once under each alias, and once without. Of files that show what may be written, each is one of its own.
fn judge_provider(repo: &Repo<'_>, block: &BlockRef<'_>, out: &mut Findings) {
    let module = repo.module(block.module);
    let is_run = is_surely_root(repo, module)
        || module.instances.iter().any(|it| repo.instance(*it).parent.is_some());
    let Some(own) = configuration(block.block).filter(|_| !is_override(block.file)) else { return };
    out.site();
    let files = module.files.iter().filter(|file| !is_override(file));
    let files = files.filter(|file| is_run || file.id == block.file.id);
    let bodies = files.filter_map(|&file| Some((file, &file.hcl.as_ref()?.body)));
    let mut all =
        bodies.flat_map(|(file, body)| body.blocks_of("provider").map(move |it| (file, it)));
    let same = |(_, it): &(&SourceFile, &Block)| configuration(it) == Some(own.clone());
    let Some((file, first)) = all.find(same).filter(|(_, it)| !std::ptr::eq(*it, block.block))
    else {
        return;
    };
    let (name, alias) = own;
    let what = alias.map_or_else(|| format!("provider.{name}"), |alias| format!("{name}.{alias}"));
    report(block, (block.header(), what), (file, file.span(first.header)), out);
}

/// The provider that `block` configures, and under which alias; `None` where that has to be worked out.
fn configuration(block: &Block) -> Option<(SmolStr, Option<SmolStr>)> {
    let name = block.label(0)?.into();
    Some((
        name,
        match block.body.attribute("alias") {
            Some(alias) => Some(alias.value.as_literal()?),
            None => None,
        },
    ))
}

/// Reports what stands at the first span, and is `what`: the other one has its name.
fn report(
    block: &BlockRef<'_>,
    (own, what): (Span, String),
    (file, first): (&SourceFile, Span),
    out: &mut Findings,
) {
    // Of `x.tf` and `x.tofu`, each program reads one.
    if is_tofu(file) != is_tofu(block.file) {
        return;
    }
    let finding = Finding::new("duplicate", own).address(block.address()).arg("what", what);
    out.report(finding.related(first, "declared here first"));
}

fn is_tofu(file: &SourceFile) -> bool {
    file.path.ends_with(".tofu") || file.path.ends_with(".tofu.json")
}
