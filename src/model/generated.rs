//! Terraform files that Terragrunt generates for a unit: written in its files, or read from others.
//!
//! Invariant: a file is read only where its path is written out; [`super::reaches`] names the same ones.

use std::sync::Arc;

use super::repo::{resolve_path, source_at};
use super::unit_path::unit_path;
use crate::syntax::SourceFile;
use crate::syntax::hcl::{Block, Body, Expr, ExprKind, TemplatePart, literal_text};
use crate::text::dir_of;

/// What a generated file says, and the file in which that is written; or why it is not known.
pub type GeneratedFile<'s> = Result<(&'s SourceFile, &'s Body), Arc<str>>;

/// The Terraform files that `file` generates for the unit in `dir`, each with the block that says so.
pub fn generated<'s>(
    sources: &'s [SourceFile],
    file: &'s SourceFile,
    dir: &str,
) -> Vec<(&'s Block, GeneratedFile<'s>)> {
    let mut found = Vec::new();
    for (header, written) in file.generated() {
        let Some(block) = blocks(file).find(|block| block.header == *header) else { continue };
        let read = || {
            let (path, is_template) = read_path(block, file, dir)?;
            let read = source_at(sources, &path)?;
            // What a directive says, and what is written otherwise for its sake, is no HCL of the file that is made.
            let is_plain = !is_template || !["%{", "$${"].iter().any(|it| read.text.contains(it));
            let document = read.as_terraform().filter(|_| is_plain)?;
            Some((read, &document.body))
        };
        let says = match written {
            Ok(document) => Ok((file, &document.body)),
            Err(reason) => read().ok_or_else(|| Arc::clone(reason)),
        };
        found.push((block, says));
    }
    found
}

/// The files that `file` reads for what it generates for the unit in `dir`.
pub(super) fn generated_from(file: &SourceFile, dir: &str) -> Vec<String> {
    blocks(file).filter_map(|block| Some(read_path(block, file, dir)?.0)).collect()
}

fn blocks(file: &SourceFile) -> impl Iterator<Item = &Block> {
    file.hcl.iter().flat_map(|document| document.body.blocks_of("generate"))
}

/// The path in `contents = file("…")`, and whether it is a template's.
fn read_path(block: &Block, file: &SourceFile, dir: &str) -> Option<(String, bool)> {
    let contents = &block.body.attribute("contents")?.value;
    let ExprKind::Call(call) = &contents.unparenthesised().kind else { return None };
    let is_template = call.name.name == "templatefile";
    if !is_template && call.name.name != "file" {
        return None;
    }
    Some((path_from(call.args.first()?, dir_of(&file.path), dir)?, is_template))
}

/// A path that a function of a file in the directory `own` gets, for the unit in `dir`.
fn path_from(path: &Expr, own: &str, dir: &str) -> Option<String> {
    let path = path.unparenthesised();
    if let Some(literal) = path.as_literal() {
        return resolve_path(own, &literal).filter(|_| !literal.starts_with('/'));
    }
    let ExprKind::Template(template) = &path.kind else { return None };
    if let [TemplatePart::Interpolation(first), rest @ ..] = template.parts.as_slice()
        && let ExprKind::Call(call) = &first.expr.unparenthesised().kind
        && call.name.name == "get_parent_terragrunt_dir"
        && call.args.is_empty()
    {
        return resolve_path(own, literal_text(rest)?.trim_start_matches('/'));
    }
    unit_path(path, dir)
}
