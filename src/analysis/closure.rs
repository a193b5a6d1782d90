//! The files that `--facts stack` loads: those of some stacks, what their code reaches, and what tells which packs are on.
//!
//! Invariant: whatever part of the repo a rule with the facts `stack` may look at for a diagnostic in one of the stacks
//! is in the closure.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use globset::{Glob, GlobMatcher};

use crate::config::Settings;
use crate::engine::guarded;
use crate::model::{Reach, reaches};
use crate::rule::{Condition, Facts, Pack, RuleSet, evidence};
use crate::syntax::{Format, HclUse, SourceFile};
use crate::text::FileId;
use crate::workspace::{
    Content, FileSet, Link, LoadedFile, UnreadableDirectory, Workspace, WorkspaceError,
};

/// Loads the closure of the stacks in `stacks` (directories relative to the root).
pub fn closure(
    workspace: &Workspace,
    settings: &Settings,
    rules: &RuleSet,
    stacks: &[String],
) -> Result<FileSet, WorkspaceError> {
    let mut closure = Closure {
        workspace,
        files: BTreeMap::new(),
        links: BTreeSet::new(),
        unreadable: BTreeSet::new(),
        directories: BTreeSet::new(),
        listing: None,
    };
    for stack in stacks {
        closure.add_stack(stack)?;
    }
    // Lists first: where they are kept there is evidence too, and then nothing has to be searched for it.
    closure.add_lists(rules)?;
    for pack in rules.undecided(settings) {
        closure.add_evidence(pack)?;
    }
    Ok(closure.finish())
}

struct Closure<'a> {
    workspace: &'a Workspace,
    files: BTreeMap<Box<str>, Content>,
    links: BTreeSet<Link>,
    /// By path, with the reason.
    unreadable: BTreeSet<(Box<str>, String)>,
    /// The module directories that were loaded.
    directories: BTreeSet<String>,
    /// The paths of all files of the repo, once somebody had to know.
    listing: Option<Vec<Box<str>>>,
}

impl Closure<'_> {
    fn add_stack(&mut self, stack: &str) -> Result<(), WorkspaceError> {
        let own = self.workspace.load_below(stack)?;
        let mut queue = self.add(own);
        let mut above = stack;
        while !above.is_empty() {
            above = above.rsplit_once('/').map_or("", |(parent, _)| parent);
            queue.extend(self.add_configuration(above)?);
        }
        while let Some(path) = queue.pop() {
            for reach in self.reaches(&path, stack) {
                queue.extend(self.follow(reach)?);
            }
        }
        Ok(())
    }

    /// What units below `directory` may find in their parent folders: configuration and variable files, no modules.
    fn add_configuration(&mut self, directory: &str) -> Result<Vec<Box<str>>, WorkspaceError> {
        let mut files = self.workspace.read_dir_files(directory)?;
        files.files.retain(|file| {
            let format = Format::of(&file.path);
            matches!(format, Format::Hcl(usage) if usage != HclUse::Terraform)
        });
        Ok(self.add(files))
    }

    fn follow(&mut self, reach: Reach) -> Result<Vec<Box<str>>, WorkspaceError> {
        match reach {
            Reach::Directory(directory) => {
                if !self.directories.insert(directory.clone()) {
                    return Ok(Vec::new());
                }
                let files = self.workspace.read_dir_files(&directory)?;
                Ok(self.add(files))
            }
            Reach::File(path) => {
                let content = self.workspace.read(&path);
                let files = content.map(|content| LoadedFile { path: path.into(), content });
                Ok(self.add(FileSet { files: files.into_iter().collect(), ..FileSet::default() }))
            }
        }
    }

    /// Adds the files that show that `pack` is on, unless those that are there do.
    fn add_evidence(&mut self, pack: &Pack) -> Result<(), WorkspaceError> {
        let texts = self.files.iter();
        let texts: Vec<(&str, &str)> =
            texts.map(|(path, content)| (&**path, content.text().unwrap_or_default())).collect();
        if evidence(pack, &texts).is_some() {
            return Ok(());
        }
        for evidence in &pack.evidence {
            let mut files = Vec::new();
            for condition in evidence.conditions() {
                files.extend(self.witness(condition)?);
            }
            if files.len() == evidence.conditions().len() {
                self.add(FileSet { files, ..FileSet::default() });
                break;
            }
        }
        Ok(())
    }

    /// Adds the files that rules with the facts `stack` read lists from.
    fn add_lists(&mut self, rules: &RuleSet) -> Result<(), WorkspaceError> {
        let with_stack_facts = rules.rules.iter().filter(|rule| rule.facts == Facts::Stack);
        // Several rules read the same list, and compiling a glob costs more than finding that out.
        let globs: BTreeMap<&str, &Glob> =
            with_stack_facts.flat_map(|rule| &rule.reads).map(|glob| (glob.glob(), glob)).collect();
        if globs.is_empty() {
            return Ok(());
        }
        let matchers: Vec<GlobMatcher> =
            globs.values().map(|glob| glob.compile_matcher()).collect();
        let paths = self
            .listing()?
            .iter()
            .filter(|path| matchers.iter().any(|glob| glob.is_match(&***path)));
        let paths: Vec<Box<str>> = paths.cloned().collect();
        let read = |path: Box<str>| {
            let content = self.workspace.read(&path)?;
            Some(LoadedFile { path, content })
        };
        let files = paths.into_iter().filter_map(read).collect();
        self.add(FileSet { files, ..FileSet::default() });
        Ok(())
    }

    fn listing(&mut self) -> Result<&[Box<str>], WorkspaceError> {
        Ok(match &mut self.listing {
            Some(listing) => listing,
            none => none.insert(self.workspace.list()?.files),
        })
    }

    /// The first file of the repo that meets `condition`. One by one, because most packs show in the first few files.
    fn witness(&mut self, condition: &Condition) -> Result<Option<LoadedFile>, WorkspaceError> {
        let workspace = self.workspace;
        let candidates = self.listing()?.iter().filter(|path| condition.is_about(path));
        let mut files = candidates.filter_map(|path| {
            let content = workspace.read(path)?;
            Some(LoadedFile { path: path.clone(), content })
        });
        Ok(files.find(|file| condition.is_met_by(file.content.text().unwrap_or_default())))
    }

    /// Adds files; the paths of those that are new.
    fn add(&mut self, set: FileSet) -> Vec<Box<str>> {
        self.unreadable.extend(set.unreadable.into_iter().map(|it| (it.path, it.reason)));
        self.links.extend(set.links);
        let mut added = Vec::new();
        for LoadedFile { path, content } in set.files {
            if let Entry::Vacant(place) = self.files.entry(path) {
                added.push(place.key().clone());
                place.insert(content);
            }
        }
        added
    }

    /// What the file at `path` reaches. A file that the parser cannot bear reaches nothing; the run reports it later.
    fn reaches(&self, path: &str, unit: &str) -> Vec<Reach> {
        let format = Format::of(path);
        let Some(text) = self.files.get(path).and_then(Content::text) else { return Vec::new() };
        if !matches!(format, Format::Hcl(_)) {
            return Vec::new();
        }
        let file = guarded(|| SourceFile::new(FileId(0), path.into(), text.into(), format));
        file.map(|file| reaches(&file, unit)).unwrap_or_default()
    }

    fn finish(self) -> FileSet {
        let files = self.files.into_iter().map(|(path, content)| LoadedFile { path, content });
        let unreadable = self.unreadable.into_iter();
        FileSet {
            files: files.collect(),
            links: self.links.into_iter().collect(),
            unreadable: unreadable
                .map(|(path, reason)| UnreadableDirectory { path, reason })
                .collect(),
        }
    }
}
