//! Which Terragrunt units say that they depend on which.

use super::repo::{ExprRef, Repo, resolve_path};
use super::template::{is_fixed, is_generated};
use super::terragrunt::{unit_files, unit_local, unit_path};
use super::{Reason, Scope};
use crate::syntax::hcl::{Block, Expr, ExprKind};
use crate::syntax::{Format, HclUse, SourceFile};
use crate::text::dir_of;

/// One edge: `dependency "x" { config_path = … }`, or an element of `dependencies { paths = […] }`.
#[derive(Clone, Debug)]
pub struct Dependency<'s> {
    /// The path as written.
    pub path: ExprRef<'s>,
    /// The directory of the unit that is depended on, relative to the root; or why that is not known.
    pub target: Result<String, Reason>,
}

impl<'s> Repo<'s> {
    /// The Terragrunt units: the `terragrunt.hcl` of each stack's directory, sorted by path.
    pub fn units(&self) -> impl Iterator<Item = &'s SourceFile> + '_ {
        self.sources.iter().filter(|file| {
            file.format == Format::Hcl(HclUse::Terragrunt)
                && self.stacks.iter().any(|stack| *stack.dir == *dir_of(&file.path))
        })
    }

    /// What the unit in `file` depends on, in the order in which it is written.
    pub fn dependencies(&self, file: &'s SourceFile) -> Vec<Dependency<'s>> {
        let Some(document) = &file.hcl else { return Vec::new() };
        let is_off = |block: &&Block| {
            let enabled = block.body.attribute("enabled").map(|it| &it.value.kind);
            matches!(enabled, Some(ExprKind::Bool(false)))
        };
        let single = document.body.blocks_of("dependency").filter(|block| !is_off(block));
        let mut paths: Vec<&Expr> =
            single.filter_map(|block| Some(&block.body.attribute("config_path")?.value)).collect();
        for block in document.body.blocks_of("dependencies") {
            let list = block.body.attribute("paths").map(|paths| &paths.value.kind);
            if let Some(ExprKind::Tuple(items)) = list {
                paths.extend(items);
            }
        }
        let dependency = |expr| {
            let path = ExprRef { file, expr };
            Dependency { path, target: self.unit_target(path) }
        };
        paths.into_iter().map(dependency).collect()
    }

    /// The directory that a path in a unit names.
    fn unit_target(&self, path: ExprRef<'s>) -> Result<String, Reason> {
        let dir = dir_of(&path.file.path);
        if self.templates.has(dir) && !is_fixed(path.expr) {
            return Err(Reason::new("it is seen from where a stack puts the unit"));
        }
        let target = unit_path(path.expr, dir).or_else(|| {
            let value = self.eval(path, &Scope::unit(path.file, dir.into()));
            resolve_path(dir, &value.as_str()?)
        });
        let target = target.ok_or_else(|| Reason::new("the path is computed"))?;
        if is_generated(&target) {
            return Err(Reason::new("a stack makes that unit when it runs"));
        }
        Ok(match target.strip_suffix("terragrunt.hcl") {
            Some(dir) => dir.trim_end_matches('/').to_owned(),
            None => target,
        })
    }

    /// The file of the unit in `dir`, and those that it includes; the unit's own words count first.
    pub fn unit_files(&self, dir: &str) -> Vec<&'s SourceFile> {
        unit_files(self.sources, self.skipped, &self.templates, dir).0
    }

    /// Whether it is known of all that the unit in `dir` includes which file it is.
    pub fn knows_includes(&self, dir: &str) -> bool {
        unit_files(self.sources, self.skipped, &self.templates, dir).1
    }

    /// The scope in which the unit in `dir` evaluates what `file` says: its own file, or one that it includes.
    pub fn unit_scope(file: &'s SourceFile, dir: &str) -> Scope<'s> {
        Scope::unit(file, dir.into())
    }

    /// The local `name` of a Terragrunt file or of the `locals` blocks in any other HCL file.
    pub fn file_local(file: &'s SourceFile, name: &str) -> Option<ExprRef<'s>> {
        unit_local(file, name).map(|expr| ExprRef { file, expr })
    }
}
