//! Variables and locals that nothing in their module refers to.

use std::collections::BTreeSet;

use smol_str::SmolStr;

use crate::diagnostic::{Applicability, Edit};
use crate::model::{BlockRef, ModuleId, Repo};
use crate::rule::write;
use crate::rule::{
    Check, CheckDef, Context, Finding, Findings, Interest, OptionError, Options, Outcome, Subject,
};
use crate::syntax::hcl::Ident;
use crate::text::{Globs, Span, TextRange, path_in};

use super::reference::{names_used_beside, used_names, uses_in};

pub(super) const VARIABLE: CheckDef = CheckDef {
    name: "unused_variable",
    outcomes: &[
        Outcome { name: "unused", placeholders: &["name"] },
        Outcome { name: "published", placeholders: &["name"] },
    ],
    build: |options| Ok(Box::new(UnusedVariable(Shown::read(options)?))),
};

pub(super) const LOCAL: CheckDef = CheckDef {
    name: "unused_local",
    outcomes: &[Outcome { name: "unused", placeholders: &["name"] }],
    build: |options| Ok(Box::new(UnusedLocal(Shown::read(options)?))),
};

struct UnusedVariable(Shown);
struct UnusedLocal(Shown);

impl Check for UnusedVariable {
    fn interests(&self) -> Vec<Interest> {
        vec![Interest::blocks("variable")]
    }

    fn judge(&self, context: &Context<'_>, subject: Subject<'_>, out: &mut Findings) {
        let Subject::Block(block) = subject else { return };
        if let Some(name) = block.block.labels.first() {
            judge_name(context.repo, &self.0, &block, ("var", name), out);
        }
    }
}

impl Check for UnusedLocal {
    fn interests(&self) -> Vec<Interest> {
        vec![Interest::blocks("locals")]
    }

    fn judge(&self, context: &Context<'_>, subject: Subject<'_>, out: &mut Findings) {
        let Subject::Block(block) = subject else { return };
        for local in block.block.body.attributes() {
            judge_name(context.repo, &self.0, &block, ("local", &local.key), out);
        }
    }
}

/// Which directories show and try modules, and run none.
struct Shown {
    examples: Globs,
    tests: Globs,
}

impl Shown {
    fn read(options: &mut Options<'_>) -> Result<Shown, OptionError> {
        Ok(Shown { examples: options.globs("examples")?, tests: options.globs("tests")? })
    }

    fn is_example(&self, dir: &str) -> bool {
        self.examples.is_match(&path_in(dir, "main.tf"))
    }

    /// Whether `module` is there for others to call: an example shows how, or nothing but examples and tests leads to it here.
    fn is_published(&self, repo: &Repo<'_>, module: ModuleId) -> bool {
        let dir = |id: ModuleId| &*repo.module(id).dir;
        if self.is_example(dir(module)) {
            return false;
        }
        let mut instances = repo.instances.iter().filter(|it| it.module == module).peekable();
        let is_called = instances.peek().is_some();
        let mut is_run = false;
        for instance in instances {
            let caller = instance.parent.as_ref().map(|(id, _)| dir(repo.instance(*id).module));
            if caller.is_some_and(|it| self.is_example(it)) {
                return true;
            }
            let top = dir(repo.instance(instance.root).module);
            is_run |= !self.is_example(top) && !self.tests.is_match(&path_in(top, "main.tf"));
        }
        is_called && !is_run
    }
}

/// What is taken out with a declaration, and how far that can be trusted.
struct Deletion<'r, 's> {
    repo: &'r Repo<'s>,
    applicability: Applicability,
    edits: Vec<Edit>,
    /// What goes, with the module that loses it.
    gone: Vec<(ModuleId, Span)>,
    /// Whether an argument of a call goes, and whether something that only these named does.
    has_arguments: bool,
    has_more: bool,
}

impl<'r, 's> Deletion<'r, 's> {
    /// Takes out the declaration of `name` in `block`. None where something else stands on its lines, or on those of an argument for it.
    fn of(
        repo: &'r Repo<'s>,
        shown: &Shown,
        block: &BlockRef<'s>,
        (root, name): (&'static str, &Ident),
    ) -> Option<Self> {
        let mut deletion = Deletion {
            repo,
            applicability: Applicability::Unsafe,
            edits: Vec::new(),
            gone: Vec::new(),
            has_arguments: false,
            has_more: false,
        };
        deletion.take(shown, block, (root, name))?;
        let mut looked_at = 0;
        // What only these named has no use any more, and would be told next.
        while let Some((module, span)) = deletion.gone.get(looked_at).copied() {
            looked_at += 1;
            for (root, name) in deletion.named_in(module, span) {
                let Some(block) = declaration(repo, module, (root, &name)) else { continue };
                let ident = match root {
                    "var" => block.block.labels.first(),
                    _ => block.block.body.attribute(&name).map(|it| &it.key),
                };
                let Some(ident) = ident.filter(|_| !deletion.is_used(module, (root, &name))) else {
                    continue;
                };
                let size = (deletion.edits.len(), deletion.gone.len());
                let before = (deletion.applicability, deletion.has_arguments);
                if deletion.take(shown, &block, (root, ident)).is_none() {
                    deletion.edits.truncate(size.0);
                    deletion.gone.truncate(size.1);
                    (deletion.applicability, deletion.has_arguments) = before;
                    continue;
                }
                deletion.has_more = true;
            }
        }
        deletion.put_together();
        Some(deletion)
    }

    /// Takes the declaration out; with its block, where that has nothing else and nothing is said in it. The argument goes from
    /// the calls of its module: Terraform refuses one for which there is no variable.
    fn take(
        &mut self,
        shown: &Shown,
        block: &BlockRef<'s>,
        (root, name): (&str, &Ident),
    ) -> Option<()> {
        let attribute = block.block.body.attribute(&name.name).map(|it| it.range);
        let comments = block.file.comments().inside(block.block.range);
        // What is said inside of the local goes with it.
        let is_own = |range| attribute.is_some_and(|own| own.contains(range));
        let is_silent = comments.iter().all(|it| !it.own_line || is_own(it.range));
        let is_whole = root == "var" || (block.block.body.items.len() == 1 && is_silent);
        let range = if is_whole { Some(block.block.range) } else { attribute }?;
        self.add(block, range, write::construct_out(block.file, range)?);
        if root != "var" {
            return Some(());
        }
        for &instance in &self.repo.module(block.module).instances {
            let Some((_, call)) = &self.repo.instance(instance).parent else { continue };
            let Some(argument) = call.block.body.attribute(&name.name) else { continue };
            self.add(call, argument.range, write::item_out(call.file, argument.range)?);
            self.has_arguments = true;
        }
        if self.may_be_set_elsewhere(block) || shown.is_published(self.repo, block.module) {
            self.applicability = Applicability::DisplayOnly;
        }
        Some(())
    }

    fn add(&mut self, from: &BlockRef<'s>, range: TextRange, edit: Edit) {
        let gone = (from.module, from.file.span(range));
        // Several paths of calls may end in the same one.
        if !self.gone.contains(&gone) {
            self.applicability = self.applicability.max(write::removal(from.file, range));
            self.gone.push(gone);
            self.edits.push(edit);
        }
    }

    /// Whether nobody here calls the module of `block`, nor runs it with values of its own: who sets its variables is not known, and
    /// Terraform refuses one that is not declared.
    fn may_be_set_elsewhere(&self, block: &BlockRef<'_>) -> bool {
        let instances = &self.repo.module(block.module).instances;
        let mut instances = instances.iter().map(|&it| self.repo.instance(it));
        instances.any(|instance| instance.parent.is_none() && instance.inputs.is_none())
    }

    /// The variables and locals that are named in what goes from `module` at `span`.
    fn named_in(&self, module: ModuleId, span: Span) -> BTreeSet<(&'static str, SmolStr)> {
        let mut names = BTreeSet::new();
        for (at, root, name) in references_of(self.repo, module) {
            if at.file == span.file && span.range.contains(at.range) {
                names.insert((root, name));
            }
        }
        names
    }

    /// Whether `module` refers to the name in what stays, or may.
    fn is_used(&self, module: ModuleId, (root, name): (&str, &SmolStr)) -> bool {
        // What is not in the module's own files is not taken apart here.
        let Ok(used) = &*names_used_beside(self.repo, module) else { return true };
        let is_gone = |at: Span| {
            self.gone.iter().any(|(_, gone)| gone.file == at.file && gone.range.contains(at.range))
        };
        used.binary_search(&format!("{root}.{name}")).is_ok()
            || references_of(self.repo, module)
                .any(|(at, its, it)| its == root && it == *name && !is_gone(at))
    }

    /// Lets edits that meet be one.
    fn put_together(&mut self) {
        self.edits.sort_by_key(|edit| (edit.span.file, edit.span.range.start, edit.span.range.end));
        self.edits.dedup_by(|next, last| {
            let meets = next.span.file == last.span.file
                && next.span.range.start <= last.span.range.end
                && next.text.is_empty()
                && last.text.is_empty();
            if meets {
                last.span.range.end = last.span.range.end.max(next.span.range.end);
            }
            meets
        });
    }

    fn title(&self) -> &'static str {
        match (self.has_arguments, self.has_more) {
            (false, false) => "delete it",
            (true, false) => "delete it, and what calls give for it",
            (false, true) => "delete it, and what nothing else refers to",
            (true, true) => "delete it, what calls give for it, and what nothing else refers to",
        }
    }
}

/// The variables and locals that the files of `module` refer to. What a variable's own block says of it is no use of it.
fn references_of(
    repo: &Repo<'_>,
    module: ModuleId,
) -> impl Iterator<Item = (Span, &'static str, SmolStr)> {
    let files = &repo.module(module).files;
    files.iter().flat_map(|&file| {
        let blocks = file.hcl.iter().flat_map(|document| document.body.blocks());
        blocks.flat_map(move |block| {
            let own = (block.kind.name == "variable").then(|| block.label(0)).flatten();
            uses_in(block).into_iter().filter_map(move |reference| {
                let root = ["var", "local"].into_iter().find(|it| reference.root == *it)?;
                let name = reference.name(0)?;
                let is_own = root == "var" && own == Some(name);
                (!is_own).then(|| (file.span(reference.range(1)), root, name.clone()))
            })
        })
    })
}

/// Where the one declaration of the name stands.
fn declaration<'s>(
    repo: &Repo<'s>,
    module: ModuleId,
    (root, name): (&str, &SmolStr),
) -> Option<BlockRef<'s>> {
    let files = &repo.module(module).files;
    let mut found = files.iter().flat_map(|file| repo.blocks_in(file)).filter(|block| match root {
        "var" => block.block.kind.name == "variable" && block.block.label(0) == Some(name),
        _ => block.block.kind.name == "locals" && block.block.body.attribute(name).is_some(),
    });
    found.next().filter(|block| found.next().is_none() && !block.file.is_generated())
}

fn judge_name<'s>(
    repo: &Repo<'s>,
    shown: &Shown,
    block: &BlockRef<'s>,
    (root, name): (&'static str, &Ident),
    out: &mut Findings,
) {
    // Terragrunt writes such a file for every unit, whether it uses it all or not.
    if block.file.is_generated() {
        return;
    }
    out.site();
    let span = if root == "var" { block.header() } else { block.file.span(name.range) };
    let used = used_names(repo, block.module);
    match &*used {
        Ok(used) => {
            if used.binary_search(&format!("{root}.{}", name.name)).is_err() {
                let is_published = root == "var" && shown.is_published(repo, block.module);
                let outcome = if is_published { "published" } else { "unused" };
                let finding = Finding::new(outcome, span).arg("name", name.name.as_str());
                out.report(match Deletion::of(repo, shown, block, (root, name)) {
                    Some(deletion) => {
                        let title = deletion.title();
                        finding.fix(deletion.applicability, title, Some(deletion.edits))
                    }
                    None => finding,
                });
            }
        }
        Err(reason) => out.unknown(span, reason.to_string()),
    }
}
