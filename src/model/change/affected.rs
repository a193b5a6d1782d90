//! Which stacks a change can reach, and by which way.
//!
//! Invariant: a stack that is not named reads nothing that changed, as far as code shows what it reads. More stacks may be
//! named than a plan would change: a comment in a module affects its callers.

use std::collections::{BTreeMap, BTreeSet};

use super::{Change, is_terraform};
use crate::model::reach::{Reach, reaches};
use crate::model::repo::{Repo, Stack, StackId};
use crate::model::stack::is_below;
use crate::model::written::{WrittenPath, unit_paths, written_paths};
use crate::text::dir_of;

/// A stack that a change can reach.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Affected {
    /// The stack, in the newer state.
    pub stack: StackId,
    /// By which ways, in order; never empty.
    pub because: Vec<Because>,
}

/// Why a stack is affected.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Because {
    /// Something in its own directory changed.
    Own,
    /// A module that it calls, or that one of its modules calls, changed: the module's directory.
    Module(String),
    /// A file changed that its configuration includes, that gives its variables their values, or that its code reads.
    File(String),
}

impl Change<'_> {
    /// The stacks of the newer state that the change can reach, in order.
    pub fn affected(&self) -> Vec<Affected> {
        let paths = self.paths_to_plan();
        let (mut strings, mut older_strings) = (BTreeMap::new(), BTreeMap::new());
        let stacks = self.newer.stacks.iter().zip(0..);
        let affected = stacks.map(|(stack, id)| {
            let reach = Reads::of(self.newer, stack);
            let mut because = reach.because(self.newer, stack, &paths, &mut strings);
            match self.older.stacks.iter().find(|it| it.dir == stack.dir) {
                // What is read no more is missing, or was.
                Some(was) => {
                    let read = Reads::of(self.older, was);
                    because.extend(read.because(self.older, was, &paths, &mut older_strings));
                }
                // Wherever it was before: under this name it is new.
                None => {
                    because.insert(Because::Own);
                }
            }
            Affected { stack: StackId(id), because: because.into_iter().collect() }
        });
        affected.filter(|it| !it.because.is_empty()).collect()
    }

    /// The names of the stacks that the newer state does not have any more.
    pub fn removed_stacks(&self) -> Vec<&str> {
        let is_gone = |stack: &&Stack| self.newer.stacks.iter().all(|it| it.dir != stack.dir);
        self.older.stacks.iter().filter(is_gone).map(|stack| &*stack.name).collect()
    }
}

/// What a stack reads besides its own directory.
#[derive(Default)]
struct Reads {
    /// The directories of the modules that it runs, its own included.
    modules: BTreeSet<String>,
    files: BTreeSet<String>,
    /// The paths that the unit's own configuration writes.
    written: Vec<WrittenPath>,
}

impl Reads {
    fn of(repo: &Repo<'_>, stack: &Stack) -> Reads {
        let mut reads = Reads::default();
        // What a stack is made of reads what its own directory makes of its paths.
        let mut seen = BTreeSet::new();
        let mut units = vec![stack.dir.to_string()];
        while let Some(dir) = units.pop() {
            if seen.insert(dir.clone()) {
                units.extend(repo.templates_in(&dir));
                reads.add(repo, &dir);
            }
        }
        reads
    }

    fn add(&mut self, repo: &Repo<'_>, unit: &str) {
        let reads = self;
        let mut waiting = vec![Reach::Directory(unit.to_owned())];
        // What a template runs is seen from where it is put.
        let run = repo.made_of(unit).first().and_then(|_| repo.unit_source(unit)?.dir);
        waiting.extend(run.map(Reach::Directory));
        let explicit = repo.source(&format!("{unit}/terragrunt.stack.hcl"));
        for file in repo.unit_reads(unit).into_iter().chain(explicit) {
            waiting.push(Reach::File(file.path.to_string()));
            reads.written.extend(unit_paths(file, unit));
        }
        while let Some(reach) = waiting.pop() {
            match reach {
                Reach::File(path) => {
                    if reads.files.insert(path.clone())
                        && let Some(file) = repo.source(&path)
                    {
                        waiting.extend(reaches(file, unit));
                    }
                }
                Reach::Directory(dir) => {
                    let module = repo.module_in(&dir).map(|id| repo.module(id));
                    if reads.modules.insert(dir) {
                        let files = module.into_iter().flat_map(|module| &module.files);
                        waiting.extend(files.flat_map(|file| reaches(file, unit)));
                    }
                }
            }
        }
    }

    fn because(
        &self,
        repo: &Repo<'_>,
        stack: &Stack,
        paths: &BTreeSet<&str>,
        strings: &mut BTreeMap<String, Vec<WrittenPath>>,
    ) -> BTreeSet<Because> {
        let mut because = BTreeSet::new();
        for path in paths {
            if is_below(&stack.dir, path)
                && repo.stack_of(path).is_none_or(|it| repo.stack(it).dir == stack.dir)
            {
                because.insert(Because::Own);
            } else if self.files.contains(*path) || self.written.iter().any(|it| it.leads_to(path))
            {
                because.insert(Because::File((*path).to_owned()));
            } else if self.modules.iter().any(|dir| dir == path || is_below(path, dir)) {
                // A submodule: what is in it is another repo's.
                because.insert(Because::Module((*path).to_owned()));
            } else if is_terraform(path) {
                if self.modules.contains(dir_of(path)) {
                    because.insert(Because::Module(dir_of(path).to_owned()));
                }
            } else if self.reads(repo, path, strings) {
                because.insert(Because::File((*path).to_owned()));
            }
        }
        because
    }

    /// Whether the code of one of the modules may read the file at `path`.
    fn reads(
        &self,
        repo: &Repo<'_>,
        path: &str,
        strings: &mut BTreeMap<String, Vec<WrittenPath>>,
    ) -> bool {
        self.modules.iter().any(|dir| {
            let Some(id) = repo.module_in(dir) else { return false };
            let written = strings.entry(dir.clone()).or_insert_with(|| written_paths(repo, id));
            written.iter().any(|it| it.leads_to(path))
        })
    }
}
