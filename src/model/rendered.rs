//! Files that the code reads as texts, with `templatefile` or `file`: whose language they are in, their name does not say.
//!
//! Invariant: a file is one of these only where a path that is known leads to it.

use super::repo::resolve_path;
use super::{BlockRef, ExprRef, Repo};
use crate::syntax::hcl::{Expr, ExprKind};
use crate::syntax::{Format, HclUse, SourceFile};

const FUNCTIONS: [&str; 2] = ["file", "templatefile"];

impl<'s> Repo<'s> {
    /// Whether `file` is to be HCL and is not valid. What the code hands to another program, a job of Nomad's with holes in it say, is
    /// not for Terraform to read.
    pub fn is_broken(&self, file: &SourceFile) -> bool {
        let is_invalid = file.hcl.as_ref().is_some_and(|document| !document.errors.is_empty());
        is_invalid && (file.format != Format::Hcl(HclUse::Other) || !self.is_read_as_text(file))
    }

    /// Whether the code reads `file` with `templatefile` or `file`.
    fn is_read_as_text(&self, file: &SourceFile) -> bool {
        // Going through every expression of a repo takes longer than looking for the word.
        let reads = |it: &&&'s SourceFile| it.text.contains("file(");
        let mut readers = self.modules.iter().flat_map(|module| &module.files).filter(reads);
        readers.any(|reader| self.blocks_in(reader).any(|block| self.reads(&block, file)))
    }

    fn reads(&self, block: &BlockRef<'s>, file: &SourceFile) -> bool {
        let paths: Vec<&'s Expr> = block.block.body.descendants().filter_map(read_path).collect();
        if paths.is_empty() {
            return false;
        }
        self.scopes(block).iter().any(|scope| {
            let Some(id) = scope.instance_id() else { return false };
            let run_in = &self.module(self.instance(self.instance(id).root).module).dir;
            let leads_there = |path: &&Expr| {
                let value = self.eval(ExprRef { file: block.file, expr: path }, scope);
                value.possibilities().iter().any(|it| {
                    let path = it.as_str().and_then(|path| resolve_path(run_in, &path));
                    path.is_some_and(|path| *path == *file.path)
                })
            };
            paths.iter().any(leads_there)
        })
    }
}

/// The path of the file that `expr` reads, where it calls a function that does.
fn read_path(expr: &Expr) -> Option<&Expr> {
    match &expr.kind {
        ExprKind::Call(call) if FUNCTIONS.contains(&call.name.name.as_str()) => call.args.first(),
        _ => None,
    }
}
