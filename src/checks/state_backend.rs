//! Where the state of a Terragrunt stack is kept: where the repo's tiers say, as the repo's root file says, and nowhere
//! in clear.

use crate::model::{BlockRef, ExprRef, Repo, Stack, Value, backend_in, generated};
use crate::rule::{
    Check, CheckDef, Context, Finding, Findings, Interest, OptionError, Options, Outcome, Subject,
};
use crate::syntax::SourceFile;
use crate::syntax::hcl::Block;

use super::written_list::WrittenList;
use crate::text::{Globs, dir_of, name_of};

pub(super) const CHECK: CheckDef = CheckDef {
    name: "state_backend",
    outcomes: &[
        Outcome { name: "own_backend", placeholders: &["stack"] },
        Outcome { name: "generated", placeholders: &["stack", "file"] },
        Outcome { name: "no_backend", placeholders: &["stack"] },
        Outcome { name: "backend", placeholders: &["stack", "found", "wanted"] },
        Outcome { name: "name", placeholders: &["stack", "found", "key"] },
        Outcome { name: "in_clear", placeholders: &["file"] },
    ],
    build,
};

struct StateBackend {
    first_tier: Option<WrittenList>,
    /// The backend of the stacks that come first.
    first_backend: String,
    /// The backend of all others, and the key of its `config` that holds the stack's name.
    other_backend: String,
    name_key: String,
    /// Files that hold a state.
    state_files: Globs,
}

fn build(options: &mut Options<'_>) -> Result<Box<dyn Check>, OptionError> {
    Ok(Box::new(StateBackend {
        first_tier: WrittenList::read(options, "first_tier")?,
        first_backend: options.string("first_backend")?,
        other_backend: options.string("other_backend")?,
        name_key: options.string("name_key")?,
        state_files: options.globs("state_files")?,
    }))
}

impl Check for StateBackend {
    fn interests(&self) -> Vec<Interest> {
        vec![Interest::blocks("terraform"), Interest::Repo]
    }

    fn judge(&self, context: &Context<'_>, subject: Subject<'_>, out: &mut Findings) {
        match subject {
            Subject::Block(block) => judge_block(context.repo, &block, out),
            Subject::Repo => {
                for stack in &context.repo.stacks {
                    self.judge_stack(context, stack, out);
                }
                self.judge_files(context, out);
            }
            _ => {}
        }
    }
}

/// The `remote_state` block that counts for the unit in `dir`, with its file.
fn remote_state<'s>(repo: &Repo<'s>, dir: &str) -> Option<(&'s SourceFile, &'s Block)> {
    let mut files = repo.unit_files(dir).into_iter();
    files.find_map(|file| Some((file, file.hcl.as_ref()?.body.block("remote_state")?)))
}

/// The backends in what the file of a unit has Terragrunt generate.
fn generated_backends<'s>(
    repo: &Repo<'s>,
    unit: &'s SourceFile,
) -> impl Iterator<Item = (&'s SourceFile, &'s Block)> {
    let generated = generated(repo.sources, unit, dir_of(&unit.path));
    let written = generated.into_iter().filter_map(|(_, says)| says.ok());
    let blocks = written
        .flat_map(|(file, body)| body.blocks_of("terraform").map(move |block| (file, block)));
    blocks.filter_map(|(file, block)| Some((file, backend_in(&block.body)?)))
}

/// A backend that a stack writes beside the one that Terragrunt generates for it.
fn judge_block(repo: &Repo<'_>, block: &BlockRef<'_>, out: &mut Findings) {
    let dir = dir_of(&block.file.path);
    let Some(stack) = repo.stacks.iter().find(|stack| *stack.dir == *dir) else { return };
    let Some((_, state)) = remote_state(repo, dir) else { return };
    let Some(generate) = state.body.attribute("generate") else { return };
    let Some(backend) = backend_in(&block.block.body) else { return };
    out.site();
    let file = name_of(&block.file.path);
    let is_generated =
        generate.value.descendants().any(|expr| expr.as_literal().is_some_and(|name| name == file));
    let outcome = if is_generated { "generated" } else { "own_backend" };
    out.report(
        Finding::new(outcome, block.file.span(backend.header))
            .arg("stack", &*stack.name)
            .arg("file", file),
    );
}

impl StateBackend {
    /// What Terragrunt generates for a stack.
    fn judge_stack(&self, context: &Context<'_>, stack: &Stack, out: &mut Findings) {
        let repo = context.repo;
        // What is made of a template lies elsewhere, and so does its state.
        if repo.is_template(&stack.dir) {
            return;
        }
        let Some(Ok(tier)) = self.first_tier.as_ref().and_then(|list| list.find(repo)) else {
            return;
        };
        let Some((file, state)) = remote_state(repo, &stack.dir) else {
            return judge_without(context, stack, out);
        };
        if state.body.attribute("generate").is_some()
            && let Some(unit) = repo.unit_in(&stack.dir)
        {
            for (file, own) in generated_backends(repo, unit) {
                let place = file.span(own.header);
                out.site_at(context, place);
                let finding = Finding::new("own_backend", place);
                out.report(finding.arg("stack", &*stack.name));
            }
        }
        let Some(backend) = state.body.attribute("backend") else { return };
        let scope = Repo::unit_scope(file, &stack.dir);
        let place = ExprRef { file, expr: &backend.value };
        out.site_at(context, place.span());
        let value = repo.eval(place, &scope);
        let is_first = tier.words.contains(&*stack.name);
        let wanted = if is_first { &self.first_backend } else { &self.other_backend };
        let Some(found) = value.as_str() else {
            return unknown(place, &value, out);
        };
        if found != wanted.as_str() {
            return out.report(
                Finding::new("backend", place.span())
                    .arg("stack", &*stack.name)
                    .arg("found", found)
                    .arg("wanted", wanted.clone())
                    .related(tier.span, "the stacks whose state is kept apart"),
            );
        }
        let config = state.body.attribute("config").filter(|_| !is_first);
        let Some(config) = config else { return };
        let place = ExprRef { file, expr: &config.value };
        let config = repo.eval(place, &scope);
        match config.at(&[&self.name_key]).map(|name| (name, name.as_str())) {
            Some((_, Some(name))) if name == *stack.name => {}
            Some((value, Some(name))) => {
                let span =
                    if place.span().contains(value.span) { value.span } else { place.span() };
                out.report(
                    Finding::new("name", span)
                        .arg("stack", &*stack.name)
                        .arg("found", name)
                        .arg("key", self.name_key.clone()),
                );
            }
            _ => unknown(place, &config, out),
        }
    }

    /// States that can be read.
    fn judge_files(&self, context: &Context<'_>, out: &mut Findings) {
        let repo = context.repo;
        let is_state = |path: &str| self.state_files.is_match(path);
        for file in repo.skipped.iter().filter(|file| is_state(&file.path)) {
            // What was not read because it is encrypted is as it should be.
            if !matches!(file.why, "unreadable" | "vanished") {
                out.site_in(context, &file.path);
            }
        }
        // A lock and an empty file are no state.
        let holds_one = |text: &str| text.contains("\"version\"") && text.contains("\"resources\"");
        let readable = repo.sources.iter().filter(|file| is_state(&file.path));
        for file in readable.filter(|file| holds_one(&file.text)) {
            out.site_in(context, &file.path);
            let first = file.span(file.lines().range_of(&file.text, 0));
            out.report(Finding::new("in_clear", first).arg("file", &*file.path));
        }
    }
}

/// A unit of which nothing says where its state goes, in a repo whose other units have it said: it stays where Terraform runs.
fn judge_without(context: &Context<'_>, stack: &Stack, out: &mut Findings) {
    let repo = context.repo;
    let dir = &*stack.dir;
    let Some(unit) = repo.unit_in(dir) else { return };
    let Some(module) = repo.module_in(dir).map(|module| repo.module(module)) else { return };
    let is_elsewhere = |other: &Stack| remote_state(repo, &other.dir).is_some();
    if !repo.knows_includes(dir)
        || !repo.stacks.iter().any(is_elsewhere)
        || generated_backends(repo, unit).next().is_some()
        || has_backend(repo, &module.dir)
    {
        return;
    }
    let first = unit.span(unit.lines().range_of(&unit.text, 0));
    out.site_at(context, first);
    out.report(Finding::new("no_backend", first).arg("stack", &*stack.name));
}

/// Whether the code in `dir` says a backend.
fn has_backend(repo: &Repo<'_>, dir: &str) -> bool {
    let code = repo.sources.iter().filter(|file| dir_of(&file.path) == dir);
    let mut blocks = code
        .filter_map(|file| file.hcl.as_ref())
        .flat_map(|document| document.body.blocks_of("terraform"));
    blocks.any(|block| backend_in(&block.body).is_some())
}

fn unknown(place: ExprRef<'_>, value: &Value, out: &mut Findings) {
    let reason = value.first_unknown().map(|reason| reason.to_string());
    out.unknown(place.span(), reason.unwrap_or_else(|| "it is not known".to_owned()));
}
