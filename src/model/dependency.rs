//! Which Terragrunt units say that they depend on which.

use std::sync::{Arc, PoisonError};

use rustc_hash::FxHashSet;

use super::repo::{ExprRef, Repo, resolve_path};
use super::template::{is_fixed, is_generated};
use super::terragrunt::{UnitFiles, unit_files, unit_in, unit_local};
use super::unit::Above;
use super::unit_path::{directory_of, unit_path};
use super::{Data, Reason, Scope};
use crate::syntax::hcl::{Block, ExprKind, TemplatePart};
use crate::syntax::{SourceFile, UNIT_FILES};
use crate::text::{FileId, Span, dir_of};

/// One edge: `dependency "x" { config_path = … }`, or an element of `dependencies { paths = […] }`.
#[derive(Clone, Debug)]
pub struct Dependency {
    /// Where the path is written.
    pub span: Span,
    /// Whether its outputs are read.
    pub is_read: bool,
    /// The directory of the unit that is depended on, relative to the root; or why that is not known.
    pub target: Result<String, Reason>,
}

/// What a unit is made of: see [`UnitFiles`].
#[derive(Debug)]
pub(super) struct UnitIds {
    merged: Vec<FileId>,
    asked: Vec<FileId>,
    is_all: bool,
}

/// Whether `block` says `name = value`, literally.
fn says(block: &Block, name: &str, value: bool) -> bool {
    let written = block.body.attribute(name).map(|it| &it.value.unparenthesised().kind);
    matches!(written, Some(ExprKind::Bool(it)) if *it == value)
}

fn computed() -> Reason {
    Reason::new("the path is computed")
}

/// The directory of the unit at `target`, which may be its file.
fn unit_dir(target: String) -> Result<String, Reason> {
    if is_generated(&target) {
        return Err(Reason::new("a stack makes that unit when it runs"));
    }
    Ok(match UNIT_FILES.iter().find_map(|name| target.strip_suffix(name)) {
        Some(dir) => dir.trim_end_matches('/').to_owned(),
        None => target,
    })
}

/// The directory of the unit that `path` names, seen from one in `dir`.
fn unit_behind(path: &str, dir: &str) -> Result<String, Reason> {
    if path.starts_with('/') {
        return Err(Reason::new("the path begins at the root of somebody's machine"));
    }
    unit_dir(resolve_path(dir, path).ok_or_else(computed)?)
}

impl<'s> Repo<'s> {
    /// The Terragrunt units: the `terragrunt.hcl` (or `.hcl.json`) of each stack's directory, sorted by path.
    pub fn units(&self) -> impl Iterator<Item = &'s SourceFile> + '_ {
        self.sources.iter().filter(|file| {
            let dir = dir_of(&file.path);
            file.format.is_unit()
                && self.unit_in(dir).is_some_and(|it| it.id == file.id)
                && self.stacks.iter().any(|stack| *stack.dir == *dir)
        })
    }

    /// The unit in `dir`, where there is one.
    pub fn unit_in(&self, dir: &str) -> Option<&'s SourceFile> {
        unit_in(self.sources, dir)
    }

    /// What the unit in `file` depends on, in the order in which it is written: first in its own file, then in what it includes.
    pub fn dependencies(&self, file: &'s SourceFile) -> Vec<Dependency> {
        let dir = dir_of(&file.path);
        let mut found = Vec::new();
        let mut seen = FxHashSet::default();
        for file in self.unit_files(dir) {
            let Some(document) = &file.hcl else { continue };
            for block in document.body.blocks_of("dependency") {
                // Of two of one name, the one nearest to the unit counts.
                let is_first = block.label(0).is_none_or(|name| seen.insert(name));
                if !is_first || says(block, "enabled", false) {
                    continue;
                }
                if let Some(path) = block.body.attribute("config_path") {
                    let is_read = !says(block, "skip_outputs", true);
                    let path = ExprRef { file, expr: &path.value };
                    let target = self.unit_target(path, dir);
                    found.push(Dependency { span: path.span(), is_read, target });
                }
            }
            let blocks = document.body.blocks_of("dependencies");
            for paths in blocks.filter_map(|block| block.body.attribute("paths")) {
                self.add_listed(ExprRef { file, expr: &paths.value }, dir, &mut found);
            }
        }
        found
    }

    /// Adds those that the list `paths` names, for the unit in `dir`.
    fn add_listed(&self, paths: ExprRef<'s>, dir: &str, found: &mut Vec<Dependency>) {
        let mut add = |span, target| found.push(Dependency { span, is_read: false, target });
        if let ExprKind::Tuple(items) = &paths.expr.unparenthesised().kind {
            for expr in items {
                let path = ExprRef { expr, ..paths };
                add(path.span(), self.unit_target(path, dir));
            }
            return;
        }
        let value = self.eval(paths, &Scope::unit(paths.file, dir.into()));
        let Data::List(list) = &value.data else {
            return add(paths.span(), Err(value.first_unknown().unwrap_or_else(computed)));
        };
        for item in &list.items {
            let target = match item.as_str() {
                Some(path) => self.unit_at(&path, dir),
                None => Err(item.first_unknown().unwrap_or_else(computed)),
            };
            add(item.span, target);
        }
        if let Some(reason) = &list.open {
            add(paths.span(), Err(reason.clone()));
        }
    }

    /// The directory that a path in a file of the unit in `dir` names.
    fn unit_target(&self, path: ExprRef<'s>, dir: &str) -> Result<String, Reason> {
        if self.templates.has(dir) && !is_fixed(path.expr) {
            return Err(Reason::new("it is seen from where a stack puts the unit"));
        }
        let above = || Above::of(path.expr)?.found(dir, &|path| self.is_there(path));
        if let Some(target) = unit_path(path.expr, dir).or_else(above) {
            return unit_dir(target);
        }
        let scope = Scope::unit(path.file, dir.into());
        if let Some(target) = self.behind_directory(path, dir, &scope) {
            return unit_dir(target);
        }
        let value = self.eval(path, &scope);
        unit_behind(&value.as_str().ok_or_else(computed)?, dir)
    }

    /// A path that begins with a directory that is known, and goes on with what is evaluated: a local, say.
    fn behind_directory(&self, path: ExprRef<'s>, dir: &str, scope: &Scope<'s>) -> Option<String> {
        let ExprKind::Template(template) = &path.expr.unparenthesised().kind else { return None };
        let [TemplatePart::Interpolation(first), rest @ ..] = template.parts.as_slice() else {
            return None;
        };
        let ExprKind::Call(call) = &first.expr.unparenthesised().kind else { return None };
        let base = directory_of(call.name.name.as_str(), dir)?;
        let tail: Option<String> = rest
            .iter()
            .map(|part| match part {
                TemplatePart::Literal(literal) => Some(literal.value.to_string()),
                TemplatePart::Interpolation(hole) => {
                    let value = self.eval(ExprRef { expr: &hole.expr, ..path }, scope);
                    value.as_str().map(|text| text.to_string())
                }
                TemplatePart::Directive(_) => None,
            })
            .collect();
        resolve_path(base, tail?.trim_start_matches('/'))
    }

    /// The same of a path that is known.
    fn unit_at(&self, path: &str, dir: &str) -> Result<String, Reason> {
        if self.templates.has(dir) {
            return Err(Reason::new("it is seen from where a stack puts the unit"));
        }
        unit_behind(path, dir)
    }

    /// The file of the unit in `dir`, and those that it includes, as far as what they say counts; the unit's own words first.
    pub fn unit_files(&self, dir: &str) -> Vec<&'s SourceFile> {
        self.files_of_unit(dir).merged.iter().map(|id| self.file(*id)).collect()
    }

    /// Whether it is known of all that the unit in `dir` includes which file it is.
    pub fn knows_includes(&self, dir: &str) -> bool {
        self.files_of_unit(dir).is_all
    }

    /// All files that the unit in `dir` is made of, also those that it only looks something up in.
    pub fn unit_reads(&self, dir: &str) -> Vec<&'s SourceFile> {
        let UnitIds { merged, asked, .. } = &*self.files_of_unit(dir);
        merged.iter().chain(asked).map(|id| self.file(*id)).collect()
    }

    fn file(&self, id: FileId) -> &'s SourceFile {
        &self.sources[id.index()]
    }

    fn files_of_unit(&self, dir: &str) -> Arc<UnitIds> {
        let known = || self.units.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(files) = known().get(dir) {
            return Arc::clone(files);
        }
        let UnitFiles { merged, asked, is_all, .. } =
            unit_files(self.sources, self.skipped, self.links, &self.templates, dir);
        let ids = |files: Vec<&SourceFile>| files.into_iter().map(|file| file.id).collect();
        let files = Arc::new(UnitIds { merged: ids(merged), asked: ids(asked), is_all });
        known().insert(dir.to_owned(), Arc::clone(&files));
        files
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
