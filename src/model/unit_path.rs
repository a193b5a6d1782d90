//! Paths that are written in units of Terragrunt.
//!
//! Invariant: a path is told only where it is written out, or begins with a directory that is known.

use super::repo::resolve_path;
use crate::syntax::hcl::{Block, Expr, ExprKind, TemplatePart, literal_text};

/// `include "…" { path = "…" }`, where it is a local path. What is looked for in parent folders has no path.
pub(super) fn included_path(include: &Block, dir: &str) -> Option<String> {
    include_path(&include.body.attribute("path")?.value, dir)
}

/// The same of the expression. While a unit finds out what it includes, `path_relative_to_include()` is the unit's own directory.
pub(super) fn include_path(path: &Expr, dir: &str) -> Option<String> {
    unit_path(path, dir).or_else(|| {
        let ExprKind::Template(template) = &path.unparenthesised().kind else { return None };
        let [TemplatePart::Interpolation(first), rest @ ..] = template.parts.as_slice() else {
            return None;
        };
        let ExprKind::Call(call) = &first.expr.unparenthesised().kind else { return None };
        let is_here = call.name.name == "path_relative_to_include" && call.args.is_empty();
        let tail = literal_text(rest).filter(|_| is_here)?;
        resolve_path(dir, tail.trim_start_matches('/'))
    })
}

/// A path written in a unit: a literal, or one that starts with `${get_repo_root()}` or the unit's own directory. The
/// `//` that separates a source from its subdirectory is an ordinary separator here.
pub(super) fn unit_path(expr: &Expr, dir: &str) -> Option<String> {
    written_path(expr, "", dir)
}

/// The same, of a path that stands behind `before`.
pub(super) fn written_path(expr: &Expr, before: &str, dir: &str) -> Option<String> {
    let ExprKind::Template(template) = &expr.unparenthesised().kind else { return None };
    let parts = match template.parts.as_slice() {
        [TemplatePart::Literal(first), rest @ ..] if first.value == before => rest,
        parts => parts,
    };
    match parts {
        [TemplatePart::Interpolation(first), rest @ ..] => {
            let ExprKind::Call(call) = &first.expr.unparenthesised().kind else { return None };
            let tail = literal_text(rest)?;
            let base = directory_of(call.name.name.as_str(), dir)?;
            resolve_path(base, tail.trim_start_matches('/'))
        }
        _ => local_path(template.as_literal()?.strip_prefix(before)?, dir),
    }
}

/// The directory that a function of Terragrunt gives, called in a unit in `dir`.
pub(super) fn directory_of<'d>(function: &str, dir: &'d str) -> Option<&'d str> {
    match function {
        "get_repo_root" | "get_path_to_repo_root" => Some(""),
        "get_terragrunt_dir" | "get_original_terragrunt_dir" => Some(dir),
        _ => None,
    }
}

fn local_path(path: &str, dir: &str) -> Option<String> {
    let remote = path.contains("://") || path.contains("::") || path.starts_with("git@");
    let local = path.starts_with('.')
        || !path.contains('/')
        || [".tfvars", ".tfvars.json", ".hcl", ".hcl.json"].iter().any(|end| path.ends_with(end));
    (local && !remote && !path.starts_with('/')).then(|| resolve_path(dir, path)).flatten()
}
