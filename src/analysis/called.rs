//! The shared modules that stacks call: what is found in them is noted, and gates nothing.
//!
//! Whoever plans a stack may not be the one who mends a module that others call too; but he should know.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::diagnostic::{CalledModule, Diagnostic, Severity};
use crate::model::{Reach, Repo, StackId, reaches};
use crate::syntax::SourceFile;
use crate::text::{FileId, dir_of};

/// The files of the modules that `stacks` call, directly or through others, and that lie in none of them.
pub(super) fn called_files(repo: &Repo<'_>, stacks: &[StackId]) -> Vec<FileId> {
    if stacks.is_empty() {
        return Vec::new();
    }
    let wanted: BTreeSet<StackId> = stacks.iter().copied().collect();
    let own = |source: &SourceFile| repo.stack_of(&source.path).filter(|it| wanted.contains(it));
    let of_stacks = repo.sources.iter().filter_map(|source| Some((source, own(source)?)));
    let mut queue: Vec<(&SourceFile, StackId)> = of_stacks.collect();
    let mut seen: BTreeSet<_> = queue.iter().map(key).collect();
    let mut directories = BTreeSet::new();
    while let Some((file, stack)) = queue.pop() {
        for reach in reaches(file, &repo.stack(stack).dir) {
            let reached: Vec<&SourceFile> = match reach {
                Reach::File(path) => repo.source(&path).into_iter().collect(),
                Reach::Directory(directory) => {
                    let module = repo.module_in(&directory);
                    directories.insert(directory);
                    module.map(|it| repo.module(it).files.clone()).unwrap_or_default()
                }
            };
            let reached = reached.into_iter().map(|file| (file, stack));
            queue.extend(reached.filter(|it| seen.insert(key(it))));
        }
    }
    let is_called = |it: &&SourceFile| directories.contains(dir_of(&it.path)) && own(it).is_none();
    repo.sources.iter().filter(is_called).map(|source| source.id).collect()
}

/// What a file reaches depends on the stack only where it is Terragrunt's.
fn key((file, stack): &(&SourceFile, StackId)) -> (FileId, Option<StackId>) {
    let is_terraform = file.format.is_module_code();
    (file.id, (!is_terraform).then_some(*stack))
}

/// How much was found in each module, in the order of their directories.
pub(super) fn notes(repo: &Repo<'_>, noted: &[Diagnostic]) -> Vec<CalledModule> {
    let mut modules: BTreeMap<&str, CalledModule> = BTreeMap::new();
    for diagnostic in noted {
        let Some(source) = repo.sources.get(diagnostic.span.file.index()) else { continue };
        let dir = dir_of(&source.path);
        let module = modules.entry(dir).or_insert_with(|| CalledModule::new(Arc::from(dir)));
        *match diagnostic.severity {
            Severity::Error => &mut module.errors,
            Severity::Warning => &mut module.warnings,
            Severity::Info => &mut module.infos,
        } += 1;
    }
    modules.into_values().collect()
}
