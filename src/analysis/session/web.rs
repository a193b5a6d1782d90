//! How the files of a repo hang together: which of them have to do with one that is edited.
//!
//! Invariant: what a rule with the facts `stack` may look at for a diagnostic in a file is among its [`Web::around`].

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use globset::Glob;

use super::files::FileMap;
use crate::analysis::closure::Reader;
use crate::model::{self, Reach, Stack, reaches};
use crate::rule::{Facts, Gather, Rule};
use crate::syntax::{Format, HclUse, SourceFile};
use crate::text::{FileId, GlobTable, dir_of};

/// A file that more stacks than this reach has to do with the whole repo.
const MANY: usize = 6;

/// The edges between files, for one state of the repo.
#[derive(Debug, Default)]
pub(super) struct Web {
    /// The stacks, sorted by directory.
    stacks: Vec<Stack>,
    /// The stacks that reach a file that lies in none of them, or in another one.
    reached_by: BTreeMap<Box<str>, Vec<Arc<str>>>,
    /// The files that rules read lists from.
    lists: Vec<Box<str>>,
    /// Where such files are.
    reads: GlobTable,
}

impl Web {
    /// The web of `files`, of which `sources` are those with text, as `rules` see it.
    pub(super) fn new(
        files: &FileMap,
        sources: &[SourceFile],
        rules: &[&Rule],
        gathers: &[Gather],
    ) -> Web {
        let stacks = model::stacks(sources);
        let mut reached_by: BTreeMap<Box<str>, Vec<Arc<str>>> = BTreeMap::new();
        for stack in &stacks {
            for path in reached(files, &stack.dir) {
                if !is_below(&path, &stack.dir) {
                    reached_by.entry(path).or_default().push(Arc::clone(&stack.dir));
                }
            }
        }
        let readers: Vec<(Reader<'_>, GlobTable)> = rules
            .iter()
            .filter(|rule| rule.facts == Facts::Stack && !rule.reads.is_empty())
            .map(|rule| (Reader::new(rule, gathers), set(rule.reads.iter())))
            .collect();
        let is_read = |path: &str, text: &str| {
            let mut of_path = readers.iter().filter(|(_, globs)| globs.is_match(path));
            of_path.any(|(reader, _)| reader.may_read(path, text))
        };
        let lists = files.texts().filter(|(path, text)| is_read(path, text));
        let lists = lists.map(|(path, _)| path.into()).collect();
        let reads = set(readers.iter().flat_map(|(reader, _)| reader.rule.reads.iter()));
        Web { stacks, reached_by, lists, reads }
    }

    /// The directory of the stack that the file at `path` lies in.
    pub(super) fn stack_of(&self, path: &str) -> Option<&str> {
        let stack = model::holding(&self.stacks, path)?;
        Some(&self.stacks.get(stack.0 as usize)?.dir)
    }

    /// The files that have to do with the one at `path`, sorted; `None` for all of them. Those in `edited` may have come
    /// to be read since.
    pub(super) fn around<'f>(
        &self,
        files: &'f FileMap,
        path: &str,
        edited: impl Iterator<Item = &'f str>,
    ) -> Option<BTreeSet<Box<str>>> {
        let own = self.stack_of(path);
        let others = self.reached_by.get(path).map_or(&[][..], Vec::as_slice);
        let is_alone = own.is_none() && others.is_empty();
        if others.len() > MANY || own == Some("") {
            return None;
        }
        let mut around: BTreeSet<Box<str>> = BTreeSet::from([path.into()]);
        if is_alone {
            around.extend(files.in_directory(dir_of(path)).map(Box::from));
            around.extend(above(files, path));
        }
        for stack in own.into_iter().chain(others.iter().map(|it| &**it)) {
            around.extend(reached(files, stack));
        }
        around.extend(self.lists.iter().filter(|path| files.get(path).is_some()).cloned());
        around.extend(edited.filter(|path| self.reads.is_match(path)).map(Box::from));
        Some(around)
    }
}

/// The files of the stack in `dir`, and what they reach.
fn reached(files: &FileMap, dir: &str) -> BTreeSet<Box<str>> {
    let mut queue: Vec<Box<str>> = files.below(dir).map(Box::from).collect();
    queue.extend(above(files, dir));
    // A unit that a stack names as a template means its paths otherwise.
    let is_stack = |path: &&str| Format::of(path) == Format::Hcl(HclUse::Stack);
    queue.extend(files.below("").filter(is_stack).map(Box::from));
    let mut found: BTreeSet<Box<str>> = queue.iter().cloned().collect();
    let mut directories = BTreeSet::new();
    while let Some(path) = queue.pop() {
        let Some(parsed) = files.get(&path).and_then(|held| held.parsed()) else { continue };
        if parsed.hcl.is_none() {
            continue;
        }
        for reach in reaches(&SourceFile::of(FileId(0), Arc::clone(parsed)), dir) {
            let more: Vec<Box<str>> = match reach {
                Reach::File(path) => files.get(&path).map(|_| path.into()).into_iter().collect(),
                Reach::Directory(directory) if directories.contains(&directory) => Vec::new(),
                Reach::Directory(directory) => {
                    let more = files.in_directory(&directory).map(Box::from).collect();
                    directories.insert(directory);
                    more
                }
            };
            queue.extend(more.into_iter().filter(|path| found.insert(path.clone())));
        }
    }
    found
}

/// What units at `path` may find in the folders above: configuration and variable files, no modules.
fn above(files: &FileMap, path: &str) -> Vec<Box<str>> {
    let mut found = Vec::new();
    let mut directory = path;
    while !directory.is_empty() {
        directory = dir_of(directory);
        let configuration =
            files.in_directory(directory).filter(|path| Format::of(path).is_configuration());
        found.extend(configuration.map(Box::from));
    }
    found
}

fn is_below(path: &str, dir: &str) -> bool {
    dir.is_empty() || path.strip_prefix(dir).is_some_and(|rest| rest.starts_with('/'))
}

/// Globs that were compiled before fit together; were they too many, nothing would be read, and the whole run says so.
fn set<'g>(globs: impl Iterator<Item = &'g Glob>) -> GlobTable {
    GlobTable::new(globs).unwrap_or_default()
}
