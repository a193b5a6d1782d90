//! Files that the code reads as texts, with `templatefile` or `file`: whose language they are in, their name does not say.
//!
//! Invariant: a file is one of these only where a path that is known leads to it.

use super::repo::resolve_path;
use super::{BlockRef, ExprRef, Repo};
use crate::syntax::SourceFile;
use crate::syntax::hcl::{Expr, ExprKind, is_version_one};

const FUNCTIONS: [&str; 2] = ["file", "templatefile"];

/// How files are named for programs that read nothing but HCL of version two.
const NAMES: [&str; 9] = [
    ".tftest.hcl",
    ".tofutest.hcl",
    ".tfmock.hcl",
    ".tfquery.hcl",
    ".tfcomponent.hcl",
    ".tfdeploy.hcl",
    ".pkr.hcl",
    ".nomad.hcl",
    ".lock.hcl",
];

/// With what such programs begin a block or an argument, where the name does not tell: Terragrunt's above all.
const WORDS: [&str; 17] = [
    "build",
    "dependencies",
    "dependency",
    "errors",
    "exclude",
    "feature",
    "generate",
    "include",
    "inputs",
    "job",
    "locals",
    "packer",
    "remote_state",
    "stack",
    "terraform",
    "unit",
    "variable",
];

impl<'s> Repo<'s> {
    /// Whether `file` is to be HCL and is not valid. What the code hands to another program, a job of Nomad's with holes in it say, is
    /// not for Terraform to read, and neither is what that program reads by itself.
    pub fn is_broken(&self, file: &SourceFile) -> bool {
        let is_invalid = file.hcl.as_ref().is_some_and(|document| !document.errors.is_empty());
        let is_of_others = || {
            // JSON of another name is a unit's where one includes it.
            let is_json = file.format.is_hcl_in_json();
            (is_json && !self.is_included(file))
                || self.is_read_as_text(file)
                || is_for_an_agent(file)
        };
        is_invalid && !(file.format.is_other_hcl() && is_of_others())
    }

    /// Whether a unit includes `file`.
    fn is_included(&self, file: &SourceFile) -> bool {
        let mut units = self.stacks.iter().map(|stack| self.unit_reads(&stack.dir));
        units.any(|files| files.iter().any(|it| it.id == file.id))
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

/// Whether `file` is the configuration of an agent of Nomad, Consul or Vault: HCL as it was, and nothing says that it is not.
fn is_for_an_agent(file: &SourceFile) -> bool {
    // Of what is broken, not all is in the tree.
    let begins = |line: &str| {
        let end = line.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(line.len());
        WORDS.contains(&&line[..end])
    };
    !NAMES.iter().any(|ending| file.path.ends_with(ending))
        && !file.text.lines().any(begins)
        && is_version_one(&file.text)
}

/// The path of the file that `expr` reads, where it calls a function that does.
fn read_path(expr: &Expr) -> Option<&Expr> {
    match &expr.kind {
        ExprKind::Call(call) if FUNCTIONS.contains(&call.name.name.as_str()) => call.args.first(),
        _ => None,
    }
}
