//! Modules that nobody calls, and files beside them that nobody reads.
//!
//! What may be a reference counts as one: a path that is put together from unknown parts leads wherever it can lead.

use globset::GlobSet;

use crate::model::{Instance, Module, Repo, dir_of, resolve_path};
use crate::rule::{
    Check, CheckDef, Context, Finding, Findings, Interest, OptionError, Options, Outcome, Subject,
};
use crate::syntax::hcl::{
    Body, Call, Expr, ExprKind, Item, Step, StepKind, Template, TemplatePart,
};
use crate::syntax::surface::Zone;
use crate::syntax::{Format, SourceFile};
use crate::text::{Span, TextRange};

pub(super) const MODULE: CheckDef = CheckDef {
    name: "dead_module",
    summary: "every module in the repo is called by some stack",
    outcomes: &[Outcome { name: "dead", placeholders: &["module"] }],
    build: |_| Ok(Box::new(DeadModule)),
};

pub(super) const FILE: CheckDef = CheckDef {
    name: "unreferenced_file",
    summary: "files of some kinds beside a module are read by something",
    outcomes: &[Outcome { name: "unreferenced", placeholders: &["file"] }],
    build: build_file,
};

struct DeadModule;

struct UnreferencedFile {
    files: GlobSet,
    /// Documents that may name a file and do not read it.
    documents: GlobSet,
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
            // The root of the repo is nobody's to call.
            if is_stack || module.dir.is_empty() {
                continue;
            }
            let Some(span) = beginning(module) else { continue };
            out.site();
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
fn beginning(module: &Module<'_>) -> Option<Span> {
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
            self.files.is_match(&*file.path) && !matches!(file.format, Format::Hcl(_))
        };
        let candidates: Vec<&SourceFile> = repo.sources.iter().filter(is_candidate).collect();
        let paths = written_paths(repo);
        for file in candidates {
            out.site();
            let is_read = paths.iter().any(|path| path.leads_to(&file.path));
            if !is_read && !self.is_named(repo, file) {
                let first = file.lines().range_of(&file.text, 0);
                out.report(Finding::new("unreferenced", file.span(first)).arg("file", &*file.path));
            }
        }
    }
}

impl UnreferencedFile {
    /// Whether something besides Terraform and documents names the file: by its name where both are of one stack, with
    /// its directory elsewhere, where the name alone may be another file's.
    fn is_named(&self, repo: &Repo<'_>, file: &SourceFile) -> bool {
        let (dir, name) = file.path.rsplit_once('/').unwrap_or(("", &file.path));
        let parent = dir.rsplit('/').next().unwrap_or_default();
        let with_parent = format!("{parent}/{name}");
        let stack = repo.stack_of(&file.path);
        repo.sources.iter().any(|other| {
            let is_near = dir_of(&other.path) == dir
                || (stack.is_some() && repo.stack_of(&other.path) == stack);
            other.id != file.id
                && !matches!(other.format, Format::Hcl(_) | Format::Markdown)
                && !self.documents.is_match(&*other.path)
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

/// A path that code writes, in pieces: between two pieces may stand anything.
struct WrittenPath {
    pieces: Vec<String>,
}

impl WrittenPath {
    fn leads_to(&self, path: &str) -> bool {
        let [first, between @ .., last] = self.pieces.as_slice() else {
            return self.pieces.first().is_some_and(|piece| piece == path);
        };
        let Some(mut rest) = path.strip_prefix(first.as_str()) else { return false };
        for piece in between {
            let Some(at) = rest.find(piece.as_str()) else { return false };
            rest = &rest[at + piece.len()..];
        }
        rest.ends_with(last.as_str())
    }
}

/// Every string in the repo's Terraform that may be a path, seen from wherever it may be meant from.
fn written_paths(repo: &Repo<'_>) -> Vec<WrittenPath> {
    let mut paths = Vec::new();
    for module in &repo.modules {
        let mut bases: Vec<&str> = vec![&module.dir, ""];
        for &id in &module.instances {
            bases.push(&repo.module(repo.instance(repo.instance(id).root).module).dir);
        }
        bases.sort_unstable();
        bases.dedup();
        for document in module.files.iter().filter_map(|file| file.hcl.as_ref()) {
            in_body(&document.body, &mut |expr| {
                if let Some(pieces) = pieces(expr, &module.dir) {
                    paths.extend(bases.iter().filter_map(|base| resolve(&pieces, base)));
                }
            });
        }
    }
    paths
}

fn in_body<'b>(body: &'b Body, visit: &mut impl FnMut(&'b Expr)) {
    for item in &body.items {
        match item {
            Item::Attribute(attribute) => attribute.value.descendants().for_each(&mut *visit),
            Item::Block(block) => in_body(&block.body, visit),
        }
    }
}

/// The known pieces of the path in `expr`: a string, or the directory and pattern of a `fileset`.
fn pieces(expr: &Expr, module_dir: &str) -> Option<Vec<String>> {
    match &expr.kind {
        ExprKind::Template(template) => pieces_of(template, module_dir),
        ExprKind::Call(call) if call.name.name == "fileset" => fileset(call, module_dir),
        _ => None,
    }
}

fn pieces_of(template: &Template, module_dir: &str) -> Option<Vec<String>> {
    let mut pieces = vec![String::new()];
    for part in &template.parts {
        let text = match part {
            TemplatePart::Literal(literal) => literal.value.to_string(),
            TemplatePart::Interpolation(it) => match path_name(&it.expr) {
                Some("module") => format!("/{module_dir}"),
                // Where Terraform runs is one of the places from which paths are seen.
                Some("root" | "cwd") => ".".to_owned(),
                _ => {
                    pieces.push(String::new());
                    continue;
                }
            },
            TemplatePart::Directive(_) => {
                pieces.push(String::new());
                continue;
            }
        };
        if let Some(last) = pieces.last_mut() {
            last.push_str(&text);
        }
    }
    // A text of many lines is no path, and a hole alone may be anything.
    let is_path = pieces.iter().any(|piece| !piece.is_empty() && !piece.contains('\n'));
    is_path.then_some(pieces)
}

fn fileset(call: &Call, module_dir: &str) -> Option<Vec<String>> {
    let [dir, pattern] = call.args.as_slice() else { return None };
    let mut pieces = match &dir.unparenthesised().kind {
        ExprKind::Template(template) => pieces_of(template, module_dir)?,
        _ => match path_name(dir)? {
            "module" => vec![format!("/{module_dir}")],
            _ => vec![".".to_owned()],
        },
    };
    let pattern = pattern.as_literal()?;
    let mut literal = pattern.split(['*', '?', '[', '{']);
    let start = literal.next().unwrap_or_default();
    let last = pieces.last_mut()?;
    last.push('/');
    last.push_str(start);
    if start.len() < pattern.len() {
        pieces.push(String::new());
    }
    Some(pieces)
}

/// The `NAME` of `path.NAME`.
fn path_name(expr: &Expr) -> Option<&str> {
    let ExprKind::Traversal(traversal) = &expr.unparenthesised().kind else { return None };
    match (&traversal.base.kind, traversal.steps.as_slice()) {
        (ExprKind::Variable(root), [Step { kind: StepKind::Attribute(name), .. }])
            if root == "path" =>
        {
            Some(name)
        }
        _ => None,
    }
}

/// The pieces relative to the root of the repo, as written in the directory `base`.
fn resolve(pieces: &[String], base: &str) -> Option<WrittenPath> {
    let (first, rest) = pieces.split_first()?;
    let is_absolute = first.starts_with('/');
    if !rest.is_empty() && !is_absolute {
        // From the root of the repo, unknown pieces would lead everywhere; and `"${a}.${b}"` is a name of something else.
        let has_extension = rest.last().is_some_and(|last| last.contains('.'));
        let is_dotted = matches!(first.as_str(), "." | "..");
        if base.is_empty() || is_dotted || (first.is_empty() && !has_extension) {
            return None;
        }
    }
    // What follows a hole is not a segment of its own.
    let ends_in_directory = !rest.is_empty() && (first.is_empty() || first.ends_with('/'));
    let mut first = resolve_path(base, first)?;
    if ends_in_directory && !first.is_empty() {
        first.push('/');
    }
    Some(WrittenPath { pieces: std::iter::once(first).chain(rest.iter().cloned()).collect() })
}
