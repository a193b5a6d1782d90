//! Paths that code writes: which files it may read.
//!
//! What may be a reference counts as one: a path that is put together from unknown parts leads wherever it can lead.

use super::repo::{ModuleId, Repo, resolve_path};
use crate::syntax::SourceFile;
use crate::syntax::hcl::{Call, Expr, ExprKind, Step, StepKind, Template, TemplatePart};
use crate::text::dir_of;

/// A path that code writes, in pieces: between two pieces may stand anything.
#[derive(Clone, Debug)]
pub struct WrittenPath {
    pieces: Vec<String>,
}

impl WrittenPath {
    /// Whether it may be the file at `path`.
    pub fn leads_to(&self, path: &str) -> bool {
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

/// Every string in the Terraform of the module `id` that may be a path, seen from wherever it may be meant from.
pub fn written_paths(repo: &Repo<'_>, id: ModuleId) -> Vec<WrittenPath> {
    let module = repo.module(id);
    let mut bases: Vec<&str> = vec![&module.dir, ""];
    for &id in &module.instances {
        bases.push(&repo.module(repo.instance(repo.instance(id).root).module).dir);
    }
    bases.sort_unstable();
    bases.dedup();
    let mut paths = Vec::new();
    for document in module.files.iter().filter_map(|file| file.hcl.as_ref()) {
        let seen_from = |expr: &Expr| of_module(expr, &module.dir);
        for pieces in document.body.descendants().filter_map(|expr| pieces(expr, &seen_from)) {
            paths.extend(bases.iter().filter_map(|base| resolve(&pieces, base)));
        }
    }
    paths
}

/// Every string in the Terragrunt file `file` that may be a path, as the unit in `dir` means it.
pub(super) fn unit_paths(file: &SourceFile, dir: &str) -> Vec<WrittenPath> {
    let own = dir_of(&file.path);
    let seen_from = |expr: &Expr| of_unit(expr, dir, own);
    let mut paths = Vec::new();
    let Some(document) = &file.hcl else { return paths };
    for expr in document.body.descendants() {
        if let Some(name) = looked_for(expr) {
            let above = dir.match_indices('/').map(|(at, _)| &dir[..at]);
            let bases = above.chain(["", dir]);
            paths.extend(bases.filter_map(|base| resolve(std::slice::from_ref(&name), base)));
        } else if let Some(pieces) = pieces(expr, &seen_from) {
            let bases = [dir, own];
            let bases = if dir == own { &bases[..1] } else { &bases[..] };
            paths.extend(bases.iter().filter_map(|base| resolve(&pieces, base)));
        }
    }
    paths
}

/// The name that `find_in_parent_folders("NAME")` looks for.
fn looked_for(expr: &Expr) -> Option<String> {
    let ExprKind::Call(call) = &expr.kind else { return None };
    let name = call.args.first()?.as_literal()?;
    (call.name.name == "find_in_parent_folders").then(|| name.to_string())
}

/// The directory that a function of Terragrunt gives to the unit in `dir`, in a file in the directory `own`.
fn of_unit(expr: &Expr, dir: &str, own: &str) -> Option<String> {
    let ExprKind::Call(call) = &expr.unparenthesised().kind else { return None };
    match call.name.name.as_str() {
        "get_repo_root" => Some(String::new()),
        "get_terragrunt_dir" | "get_original_terragrunt_dir" => Some(format!("/{dir}")),
        "get_parent_terragrunt_dir" => Some(format!("/{own}")),
        _ => None,
    }
}

/// The directory that `path.NAME` gives in the module in `dir`.
fn of_module(expr: &Expr, dir: &str) -> Option<String> {
    match path_name(expr)? {
        "module" => Some(format!("/{dir}")),
        // Where Terraform runs is one of the places from which paths are seen.
        "root" | "cwd" => Some(".".to_owned()),
        _ => None,
    }
}

/// The directory that an expression at the start of a path gives, where that is known.
type SeenFrom<'f> = dyn Fn(&Expr) -> Option<String> + 'f;

/// The known pieces of the path in `expr`: a string, or the directory and pattern of a `fileset`.
fn pieces(expr: &Expr, seen_from: &SeenFrom<'_>) -> Option<Vec<String>> {
    match &expr.kind {
        ExprKind::Template(template) => pieces_of(template, seen_from),
        ExprKind::Call(call) if call.name.name == "fileset" => fileset(call, seen_from),
        _ => None,
    }
}

fn pieces_of(template: &Template, seen_from: &SeenFrom<'_>) -> Option<Vec<String>> {
    let mut pieces = vec![String::new()];
    for part in &template.parts {
        let text = match part {
            TemplatePart::Literal(literal) => literal.value.to_string(),
            TemplatePart::Interpolation(it) => {
                let Some(directory) = seen_from(&it.expr) else {
                    pieces.push(String::new());
                    continue;
                };
                directory
            }
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

fn fileset(call: &Call, seen_from: &SeenFrom<'_>) -> Option<Vec<String>> {
    let [dir, pattern] = call.args.as_slice() else { return None };
    let mut pieces = match &dir.unparenthesised().kind {
        ExprKind::Template(template) => pieces_of(template, seen_from)?,
        _ => vec![seen_from(dir)?],
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
