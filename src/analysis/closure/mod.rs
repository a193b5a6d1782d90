//! The files that `--facts stack` loads: those of some stacks, what their code reaches, and what tells which packs are on.
//!
//! Invariant: whatever part of the repo a rule with the facts `stack` may look at for a diagnostic in one of the stacks
//! is in the closure.

mod witnesses;

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use globset::Glob;
use smol_str::SmolStr;

use super::Request;
use crate::config::Settings;
use crate::engine::guarded;
use crate::model::{Reach, reaches};
use crate::rule::{Facts, Gather, Holdings, Pack, Rule, RuleSet, evidence};
use crate::syntax::{Format, HclUse, SourceFile};
use crate::text::{FileId, GlobTable, dir_of};
use crate::workspace::{
    Content, FileSet, Link, LoadedFile, UnreadableDirectory, Workspace, WorkspaceError,
};

use witnesses::Witnesses;

/// The files of some stacks and what they need, and why each is there.
#[derive(Debug, Default)]
pub struct Closure {
    /// The files.
    pub files: FileSet,
    /// By path, for every file.
    pub why: BTreeMap<Box<str>, Why>,
}

/// Why a file is in a closure: the first reason found.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Why {
    /// It lies in a stack that was asked for.
    InStack,
    /// It lies above a stack, where units look for their configuration.
    Above,
    /// It says of which units in the repo Terragrunt makes others.
    Explicit,
    /// It belongs to a module that the file at this path calls.
    Called(Box<str>),
    /// The file at this path includes it or reads its variables.
    Read(Box<str>),
    /// It shows that this pack is on.
    Evidence(Arc<str>),
    /// These rules read a list in it.
    List(Vec<Arc<str>>),
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Why::InStack => f.write_str("in the stack"),
            Why::Above => f.write_str("configuration above the stack"),
            Why::Explicit => f.write_str("says which units are templates"),
            Why::Called(by) => write!(f, "module called in {by}"),
            Why::Read(by) => write!(f, "included or read by {by}"),
            Why::Evidence(pack) => write!(f, "shows that the pack `{pack}` is on"),
            Why::List(rules) => write!(f, "read by {}", rules.join(", ")),
        }
    }
}

/// What can be known of a closure before there are rules: what the code of the stacks reaches.
#[derive(Debug)]
pub struct Reached {
    found: Found,
    /// The paths of all files of the repo.
    listing: Vec<Box<str>>,
}

impl Reached {
    /// What the code of the stacks in `stacks` (directories relative to the root) reaches.
    pub fn of(workspace: &Workspace, stacks: &[String]) -> Result<Reached, WorkspaceError> {
        let reach = || {
            let mut loading = Loading { workspace, found: Found::default(), listing: &[] };
            stacks.iter().try_for_each(|stack| loading.add_stack(stack))?;
            Ok(loading.found)
        };
        let (found, listing) = rayon::join(reach, || workspace.list());
        Ok(Reached { found: found?, listing: listing?.files })
    }

    /// The closure: with what the rules that `request` wants may look at.
    pub fn closure(
        self,
        workspace: &Workspace,
        settings: &Settings,
        rules: &RuleSet,
        request: &Request,
    ) -> Closure {
        let mut loading = Loading { workspace, found: self.found, listing: &self.listing };
        let on = loading.packs_on(settings, rules, request);
        let runs = |rule: &&Rule| {
            rule.facts == Facts::Stack && request.wants(rule, settings, &|pack| on.contains(pack))
        };
        let running: Vec<&Rule> = rules.rules.iter().filter(runs).collect();
        loading.add_explicit_stacks();
        loading.add_lists(&running, &rules.gathers);
        loading.found.finish()
    }
}

/// What was loaded so far.
#[derive(Debug, Default)]
struct Found {
    files: BTreeMap<Box<str>, Content>,
    why: BTreeMap<Box<str>, Why>,
    links: BTreeSet<Link>,
    /// By path, with the reason.
    unreadable: BTreeSet<(Box<str>, String)>,
    /// The module directories that were loaded.
    directories: BTreeSet<String>,
    /// The types of the top-level blocks in the HCL of the stacks and of what they reach, with their first labels.
    blocks: BTreeSet<(SmolStr, Option<SmolStr>)>,
}

struct Loading<'a> {
    workspace: &'a Workspace,
    found: Found,
    /// The paths of all files of the repo.
    listing: &'a [Box<str>],
}

impl Loading<'_> {
    fn add_stack(&mut self, stack: &str) -> Result<(), WorkspaceError> {
        let own = self.workspace.load_below(stack)?;
        let mut queue = self.found.add(own, &Why::InStack);
        let mut above = stack;
        while !above.is_empty() {
            above = dir_of(above);
            queue.extend(self.add_configuration(above)?);
        }
        while let Some(path) = queue.pop() {
            for reach in self.found.reaches(&path, stack) {
                queue.extend(self.follow(reach, &path)?);
            }
        }
        Ok(())
    }

    /// What units below `directory` may find in their parent folders: configuration and variable files, no modules.
    fn add_configuration(&mut self, directory: &str) -> Result<Vec<Box<str>>, WorkspaceError> {
        let mut files = self.workspace.read_dir_files(directory)?;
        files.files.retain(|file| Format::of(&file.path).is_configuration());
        Ok(self.found.add(files, &Why::Above))
    }

    /// Adds what the file at `from` reaches.
    fn follow(&mut self, reach: Reach, from: &str) -> Result<Vec<Box<str>>, WorkspaceError> {
        match reach {
            Reach::Directory(directory) => {
                if !self.found.directories.insert(directory.clone()) {
                    return Ok(Vec::new());
                }
                let files = self.workspace.read_dir_files(&directory)?;
                Ok(self.found.add(files, &Why::Called(from.into())))
            }
            Reach::File(path) => {
                let content = self.workspace.read(&path);
                let file = content.map(|content| LoadedFile { path: path.into(), content });
                Ok(self.found.add_files(file, &Why::Read(from.into())))
            }
        }
    }

    /// A unit that a stack names as a template means its paths otherwise.
    fn add_explicit_stacks(&mut self) {
        let is_one = |path: &str| Format::of(path) == Format::Hcl(HclUse::Stack);
        let paths = self.listing.iter().filter(|path| is_one(path)).cloned().collect();
        let files = self.workspace.read_listed(paths).files;
        self.found.add_files(files, &Why::Explicit);
    }

    /// The packs that are on. Where evidence decides, the files that show it are added; for rules that are asked for by
    /// name it decides nothing.
    fn packs_on(
        &mut self,
        settings: &Settings,
        rules: &RuleSet,
        request: &Request,
    ) -> BTreeSet<Arc<str>> {
        let set = settings.packs.iter().flatten().filter(|setting| setting.is_on());
        let mut on: BTreeSet<Arc<str>> = set.map(|setting| Arc::clone(&setting.name)).collect();
        if request.rules.is_empty() {
            let mut witnesses = Witnesses::new(self.workspace, self.listing);
            for pack in rules.undecided(settings) {
                if self.add_evidence(pack, &mut witnesses) {
                    on.insert(Arc::clone(&pack.name));
                }
            }
        }
        on
    }

    /// Adds the files that show that `pack` is on, unless those that are there do; whether it is on.
    fn add_evidence(&mut self, pack: &Pack, witnesses: &mut Witnesses<'_>) -> bool {
        let texts = self.found.texts();
        if pack.is_given || evidence(pack, &texts).is_some() {
            return true;
        }
        for evidence in &pack.evidence {
            let conditions = evidence.conditions().iter();
            let files: Option<Vec<_>> = conditions.map(|it| witnesses.first(it)).collect();
            if let Some(files) = files {
                self.found.add_files(files, &Why::Evidence(Arc::clone(&pack.name)));
                return true;
            }
        }
        false
    }

    /// Adds the files that those of `rules` read lists from which may have a subject in what is there. Of the files that
    /// their globs name, those that are no HCL are left out where nothing that such a rule gathers can be in them.
    fn add_lists(&mut self, rules: &[&Rule], gathers: &[Gather]) {
        let held = self.found.holdings();
        // Several rules read the same list.
        let of_rules: Vec<Reader<'_>> = rules
            .iter()
            .filter(|rule| !rule.reads.is_empty())
            .map(|rule| Reader::new(rule, gathers))
            .filter(|reader| reader.may_judge(&held, gathers))
            .collect();
        let mut readers: BTreeMap<&str, (&Glob, Vec<&Reader<'_>>)> = BTreeMap::new();
        for reader in &of_rules {
            for glob in &reader.rule.reads {
                readers.entry(glob.glob()).or_insert((glob, Vec::new())).1.push(reader);
            }
        }
        if readers.is_empty() {
            return;
        }
        let table = GlobTable::new(readers.values().map(|(glob, _)| *glob)).unwrap_or_default();
        let readers: Vec<Vec<&Reader<'_>>> = readers.into_values().map(|it| it.1).collect();
        let may_read = |path: &str| {
            let readers = table.matches(path).flat_map(|at| &readers[at]);
            !self.found.files.contains_key(path)
                && readers.into_iter().any(|reader| reader.may_look_at(path))
        };
        let is_wanted = |path: &str| table.is_match(path) && may_read(path);
        let paths = self.listing.iter().filter(|path| is_wanted(path)).cloned().collect();
        for file in self.workspace.read_listed(paths).files {
            let readers = table.matches(&file.path).flat_map(|at| &readers[at]);
            let text = file.content.text().unwrap_or_default();
            let readers = readers.filter(|reader| reader.may_read(&file.path, text));
            let ids: BTreeSet<Arc<str>> = readers.map(|it| Arc::clone(&it.rule.id)).collect();
            if !ids.is_empty() {
                self.found.add_files([file], &Why::List(ids.into_iter().collect()));
            }
        }
    }
}

impl Found {
    /// Adds files; the paths of those that are new.
    fn add(&mut self, set: FileSet, why: &Why) -> Vec<Box<str>> {
        self.unreadable.extend(set.unreadable.into_iter().map(|it| (it.path, it.reason)));
        self.links.extend(set.links);
        self.add_files(set.files, why)
    }

    fn add_files(
        &mut self,
        files: impl IntoIterator<Item = LoadedFile>,
        why: &Why,
    ) -> Vec<Box<str>> {
        let mut added = Vec::new();
        for LoadedFile { path, content } in files {
            if let Entry::Vacant(place) = self.files.entry(path) {
                added.push(place.key().clone());
                self.why.insert(place.key().clone(), why.clone());
                place.insert(content);
            }
        }
        added
    }

    /// The files with text, by path.
    fn texts(&self) -> Vec<(&str, &str)> {
        let texts = self.files.iter();
        texts.map(|(path, content)| (&**path, content.text().unwrap_or_default())).collect()
    }

    /// What is in the stacks and in what they reach.
    fn holdings(&self) -> Holdings<'_> {
        let blocks = self.blocks.iter();
        let blocks = blocks.map(|(kind, label)| (kind.as_str(), label.as_deref())).collect();
        Holdings { files: self.texts(), blocks }
    }

    /// What the file at `path` reaches. A file that the parser cannot bear reaches nothing; the run reports it later.
    fn reaches(&mut self, path: &str, unit: &str) -> Vec<Reach> {
        let format = Format::of(path);
        let Some(text) = self.files.get(path).and_then(Content::text) else { return Vec::new() };
        if !matches!(format, Format::Hcl(_)) {
            return Vec::new();
        }
        let file = guarded(|| SourceFile::new(FileId(0), path.into(), text.into(), format));
        let Ok(file) = file else { return Vec::new() };
        let blocks = file.hcl.iter().flat_map(|document| document.body.blocks());
        let named =
            blocks.map(|block| (block.kind.name.clone(), block.label(0).map(SmolStr::from)));
        self.blocks.extend(named);
        reaches(&file, unit)
    }

    fn finish(self) -> Closure {
        let files = self.files.into_iter().map(|(path, content)| LoadedFile { path, content });
        let unreadable = self.unreadable.into_iter();
        let files = FileSet {
            files: files.collect(),
            links: self.links.into_iter().collect(),
            unreadable: unreadable
                .map(|(path, reason)| UnreadableDirectory { path, reason })
                .collect(),
            ..FileSet::default()
        };
        Closure { files, why: self.why }
    }
}

/// A rule that reads lists in files of other stacks.
#[derive(Debug)]
pub(super) struct Reader<'a> {
    pub(super) rule: &'a Rule,
    /// Where its rows come from.
    gathers: Vec<&'a Gather>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(rule: &'a Rule, gathers: &'a [Gather]) -> Self {
        let needs = rule.check.as_ref().map(|check| check.needs()).unwrap_or_default();
        Reader { rule, gathers: Gather::closed(gathers, needs) }
    }

    /// Whether it may have something to judge in files that hold what is `held`.
    fn may_judge(&self, held: &Holdings<'_>, gathers: &[Gather]) -> bool {
        self.rule.check.as_deref().is_some_and(|check| held.may_show(check, gathers))
    }

    /// Whether it may find something in the file at `path`, which one of its globs names, whatever is in it.
    fn may_look_at(&self, path: &str) -> bool {
        self.gathers.is_empty()
            || matches!(Format::of(path), Format::Hcl(_))
            || self.gathers.iter().any(|gather| gather.may_look_at(path))
    }

    /// Whether it may find something in the `text` of the file at `path`, which one of its globs names.
    pub(super) fn may_read(&self, path: &str, text: &str) -> bool {
        self.gathers.is_empty()
            || matches!(Format::of(path), Format::Hcl(_))
            || self.gathers.iter().any(|gather| gather.may_read(path, text))
    }
}
