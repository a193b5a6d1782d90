//! Which directories are stacks.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::repo::{Stack, StackId};
use crate::syntax::hcl::Body;
use crate::syntax::{Format, HclUse, SourceFile};
use crate::text::{below, dir_of};

/// The stacks of a repo.
pub(super) struct Stacks {
    /// Sorted by directory.
    pub(super) list: Vec<Stack>,
    /// Whether the repo has neither `stacks/` nor units or stacks of Terragrunt, so that every directory with Terraform files
    /// is one.
    pub(super) every_directory: bool,
}

/// The stacks that there are among `sources`, sorted by directory.
pub fn stacks(sources: &[SourceFile]) -> Vec<Stack> {
    find(sources).list
}

/// The stacks: the direct children of `stacks/`, if there is code in any, and the directories whose `terragrunt.hcl` is not the
/// root file or that have a `terragrunt.stack.hcl`; where there is none of them, every directory with Terraform files.
pub(super) fn find(sources: &[SourceFile]) -> Stacks {
    let mut dirs: BTreeSet<&str> = BTreeSet::new();
    let terragrunt: Vec<&SourceFile> =
        sources.iter().filter(|file| file.format.is_unit()).collect();
    let name_below = |file: &'_ SourceFile| {
        Some(file.path.strip_prefix("stacks/")?.split_once('/')?.0.len() + "stacks/".len())
    };
    // What other tools call stacks is YAML.
    let has_code =
        |file: &SourceFile| file.format.is_terraform_or_unit() && name_below(file).is_some();
    if sources.iter().any(has_code) {
        dirs.extend(sources.iter().filter_map(|file| file.path.get(..name_below(file)?)));
    }
    let units = terragrunt.iter().filter(|file| !is_root_file(file, &terragrunt));
    // A unit inside a stack's directory is part of that stack only where the stack has no unit of its own above it.
    dirs.extend(units.map(|file| dir_of(&file.path)));
    let explicit = sources.iter().filter(|file| file.format == Format::Hcl(HclUse::Stack));
    dirs.extend(explicit.map(|file| dir_of(&file.path)));
    let every_directory = dirs.is_empty();
    if every_directory {
        let modules = sources.iter().filter(|file| file.format.is_terraform());
        dirs.extend(modules.map(|file| dir_of(&file.path)));
    }
    let list = dirs.into_iter().map(|dir| Stack { name: name_of(dir), dir: dir.into() }).collect();
    Stacks { list, every_directory }
}

fn name_of(dir: &str) -> Arc<str> {
    match dir.strip_prefix("stacks/").unwrap_or(dir) {
        "" => ".".into(),
        name => name.into(),
    }
}

/// Whether `file` is what other units include: it includes nothing itself, and there are units below it.
fn is_root_file(file: &SourceFile, all: &[&SourceFile]) -> bool {
    let includes = file.hcl.as_ref().is_some_and(|document| has_include(&document.body));
    let dir = dir_of(&file.path);
    let below = |other: &&SourceFile| dir_of(&other.path) != dir && is_below(dir, &other.path);
    !includes && (dir.is_empty() || all.iter().any(below))
}

fn has_include(body: &Body) -> bool {
    body.block("include").is_some()
}

/// Whether the file at `path` lies in `dir` or below it.
pub(super) fn is_below(dir: &str, path: &str) -> bool {
    below(path, dir).is_some()
}

/// The innermost of `stacks` (sorted by directory) whose directory holds the file at `path`.
pub fn holding(stacks: &[Stack], path: &str) -> Option<StackId> {
    let mut dir = dir_of(path);
    loop {
        if let Ok(at) = stacks.binary_search_by(|stack| (*stack.dir).cmp(dir)) {
            return Some(StackId(at as u32));
        }
        if dir.is_empty() {
            return None;
        }
        dir = dir_of(dir);
    }
}
