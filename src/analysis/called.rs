//! The shared modules that stacks call: what is found in them is noted, and gates nothing.
//!
//! Whoever plans a stack may not be the one who mends a module that others call too; but he should know.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::diagnostic::{CalledModule, Diagnostic, Severity};
use crate::model::{Reach, Repo, StackId, dir_of, reaches};
use crate::syntax::SourceFile;
use crate::text::FileId;

/// The files of the modules that `stacks` call, directly or through others, and that lie in none of them.
pub(super) fn called_files(repo: &Repo<'_>, stacks: &[StackId]) -> Vec<FileId> {
    let is_own = |path: &str| repo.stack_of(path).is_some_and(|stack| stacks.contains(&stack));
    let mut directories = BTreeSet::new();
    for &stack in stacks {
        let of_stack = |source: &&SourceFile| repo.stack_of(&source.path) == Some(stack);
        let mut queue: Vec<&SourceFile> = repo.sources.iter().filter(of_stack).collect();
        let mut seen: BTreeSet<FileId> = queue.iter().map(|source| source.id).collect();
        while let Some(file) = queue.pop() {
            for reach in reaches(file, &repo.stack(stack).dir) {
                let reached: Vec<&SourceFile> = match reach {
                    Reach::File(path) => repo.source(&path).into_iter().collect(),
                    Reach::Directory(directory) => {
                        let module = repo.module_in(&directory);
                        directories.insert(directory);
                        module.map(|it| repo.module(it).files.clone()).unwrap_or_default()
                    }
                };
                queue.extend(reached.into_iter().filter(|file| seen.insert(file.id)));
            }
        }
    }
    let files = repo
        .sources
        .iter()
        .filter(|source| directories.contains(dir_of(&source.path)) && !is_own(&source.path));
    files.map(|source| source.id).collect()
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
