//! Modules that nobody calls, and files beside them that nobody reads.
//!
//! What may be a reference counts as one: a path that is put together from unknown parts leads wherever it can lead.

use crate::model::{Instance, Module, ModuleId, Repo, WrittenPath, has_backend, written_paths};
use crate::rule::{
    Check, CheckDef, Context, Finding, Findings, Interest, OptionError, Options, Outcome, Subject,
};
use crate::syntax::surface::Zone;
use crate::syntax::{Format, SourceFile};
use crate::text::{Globs, Span, TextRange, dir_of, name_of, path_in};

pub(super) const MODULE: CheckDef = CheckDef {
    name: "dead_module",
    outcomes: &[Outcome { name: "dead", placeholders: &["module"] }],
    build: |_| Ok(Box::new(DeadModule)),
};

pub(super) const FILE: CheckDef = CheckDef {
    name: "unreferenced_file",
    outcomes: &[Outcome { name: "unreferenced", placeholders: &["file"] }],
    build: build_file,
};

struct DeadModule;

struct UnreferencedFile {
    files: Globs,
    /// Documents that may name a file and do not read it.
    documents: Globs,
}

fn build_file(options: &mut Options<'_>) -> Result<Box<dyn Check>, OptionError> {
    Ok(Box::new(UnreferencedFile {
        files: options.globs("files")?,
        documents: options.globs("documents")?,
    }))
}

impl Check for DeadModule {
    fn interests(&self) -> Vec<Interest> {
        vec![Interest::Repo]
    }

    fn judge(&self, context: &Context<'_>, _: Subject<'_>, out: &mut Findings) {
        let repo = context.repo;
        for module in &repo.modules {
            let is_stack = module.stack.is_some_and(|stack| repo.stack(stack).dir == module.dir);
            // The root of the repo is nobody's to call, and what keeps a state of its own is run.
            if is_stack || module.dir.is_empty() || module.files.iter().any(|it| has_backend(it)) {
                continue;
            }
            let Some(span) = beginning(module) else { continue };
            out.site_at(context, span);
            let nobody_calls =
                |instance: &&Instance<'_>| !module.called && instance.parent.is_none();
            let mut instances = module.instances.iter().map(|&id| repo.instance(id));
            if instances.all(|instance| nobody_calls(&instance)) {
                out.report(Finding::new("dead", span).arg("module", &*module.dir));
            }
        }
    }
}

/// The header of the first block in the module's main file, or in its first one.
pub(super) fn beginning(module: &Module<'_>) -> Option<Span> {
    let is_main = |file: &&&SourceFile| file.path.ends_with("/main.tf");
    let main = module.files.iter().find(is_main);
    let mut files = main.into_iter().chain(&module.files);
    files.find_map(|file| {
        let block = file.hcl.as_ref()?.body.blocks().next()?;
        Some(file.span(block.header))
    })
}

impl Check for UnreferencedFile {
    fn interests(&self) -> Vec<Interest> {
        vec![Interest::Repo]
    }

    fn judge(&self, context: &Context<'_>, _: Subject<'_>, out: &mut Findings) {
        let repo = context.repo;
        let is_candidate = |file: &&SourceFile| {
            self.files.is_match(&file.path)
                && !matches!(file.format, Format::Hcl(_))
                && !is_read_by_convention(repo, &file.path)
        };
        let candidates: Vec<&SourceFile> = repo.sources.iter().filter(is_candidate).collect();
        let modules = (0..repo.modules.len() as u32).map(ModuleId);
        let paths: Vec<WrittenPath> = modules.flat_map(|id| written_paths(repo, id)).collect();
        for file in candidates {
            out.site_in(context, &file.path);
            let is_read = paths.iter().any(|path| path.leads_to(&file.path));
            if !is_read && !self.is_named(repo, file) {
                let first = file.lines().range_of(&file.text, 0);
                out.report(Finding::new("unreferenced", file.span(first)).arg("file", &*file.path));
            }
        }
    }
}

/// Whether a program looks for the file by itself: Helm for what a chart consists of, and others for settings, which are hidden.
fn is_read_by_convention(repo: &Repo<'_>, path: &str) -> bool {
    let (dir, name) = path.rsplit_once('/').unwrap_or(("", path));
    let is_chart = |dir: &str| repo.source(&path_in(dir, "Chart.yaml")).is_some();
    let templates =
        path.match_indices("templates/").map(|(at, _)| path[..at].trim_end_matches('/'));
    name.starts_with('.')
        || (matches!(name, "values.yaml" | "Chart.yaml") && is_chart(dir))
        || templates.into_iter().any(is_chart)
}

impl UnreferencedFile {
    /// Whether something besides Terraform and documents names the file: by its name where both are of one stack, with
    /// its directory elsewhere, where the name alone may be another file's.
    fn is_named(&self, repo: &Repo<'_>, file: &SourceFile) -> bool {
        let (dir, name) = file.path.rsplit_once('/').unwrap_or(("", &file.path));
        let parent = name_of(dir);
        let with_parent = format!("{parent}/{name}");
        let stack = repo.stack_of(&file.path);
        repo.sources.iter().any(|other| {
            let is_near = dir_of(&other.path) == dir
                || (stack.is_some() && repo.stack_of(&other.path) == stack);
            other.id != file.id
                && !matches!(other.format, Format::Hcl(_) | Format::Markdown | Format::Commit)
                && !self.documents.is_match(&other.path)
                && names(other, if is_near { name } else { &with_parent })
        })
    }
}

/// Whether the text of `file` names `path`, outside of comments, and not as the end of a longer name.
fn names(file: &SourceFile, path: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
    memchr::memmem::find_iter(file.text.as_bytes(), path).any(|start| {
        let range = TextRange::new(start, start + path.len());
        let before = file.text[..start].chars().next_back();
        !before.is_some_and(is_part) && file.surface().zone(range) != Zone::Comment
    })
}
