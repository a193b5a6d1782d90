//! Two states of a repo side by side: what of the newer one is not in the older one.
//!
//! Invariant: a *construct* (a block at the top of an HCL file, an entry of `locals`, with the comments that belong to it)
//! has changed where it says something else. One that was laid out anew, moved or only renamed has not, and neither has one
//! whose neighbour did. In files that are not HCL a line is what changes.

mod affected;
mod construct;
mod pair;

use std::collections::{BTreeMap, BTreeSet, HashMap};

pub use affected::{Affected, Because};

use construct::Construct;
use pair::Pairs;

use super::repo::{BlockRef, Repo};
use crate::syntax::{Format, SourceFile};
use crate::text::{FileId, Layout, Span, TextRange, changed_lines, dir_of};

/// What changed from one state to another.
#[derive(Debug)]
pub struct Change<'s> {
    /// The newer state.
    pub newer: &'s Repo<'s>,
    /// The older one.
    pub older: &'s Repo<'s>,
    /// The paths of all files that differ, whichever side has them.
    differing: BTreeSet<&'s str>,
    /// The constructs of the files that differ.
    newer_constructs: Vec<Construct<'s>>,
    older_constructs: Vec<Construct<'s>>,
    pairs: Pairs,
    /// By the newer state's files: what differs in them.
    files: HashMap<FileId, Differing<'s>>,
}

/// What differs in one file of the newer state.
#[derive(Debug, Default)]
struct Differing<'s> {
    /// Where something was changed or added, sorted: whole constructs, and lines outside of them.
    places: Vec<TextRange>,
    /// The lines that are not in the older file, sorted.
    lines: Vec<usize>,
    /// What the file was called.
    was: Option<&'s str>,
}

/// Where something stands, in words that hold for both states.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum Whereabouts<'s> {
    /// In a file that is the same in both.
    Offset(&'s str, u32),
    /// In a construct of the older state.
    Construct(usize, &'s str),
    /// In a file, by its older path.
    File(&'s str, &'s str),
}

impl<'s> Change<'s> {
    /// Compares `newer` with `older`, of which the files at the paths `differing` may not be the same.
    pub fn between(
        newer: &'s Repo<'s>,
        older: &'s Repo<'s>,
        differing: impl IntoIterator<Item = &'s str>,
    ) -> Self {
        let differing: BTreeSet<&str> = differing.into_iter().collect();
        let newer_constructs = construct::all(newer, &differing);
        let older_constructs = construct::all(older, &differing);
        let pairs = Pairs::of(&newer_constructs, &older_constructs);
        let mut change = Change {
            newer,
            older,
            differing,
            newer_constructs,
            older_constructs,
            pairs,
            files: HashMap::new(),
        };
        change.files = change.compare_files();
        change
    }

    /// Whether what stands at `span` was changed or added: it touches a construct, or a line, that was.
    pub fn includes(&self, span: Span) -> bool {
        let Some(file) = self.files.get(&span.file) else { return false };
        file.places.iter().any(|place| touches(*place, span.range))
    }

    /// Whether `span` touches a line that the older state does not have, of something that was changed or added.
    pub fn includes_line(&self, span: Span) -> bool {
        self.includes(span) && self.any_line(span, true)
    }

    /// Whether the line on which `span` starts was added.
    pub fn adds(&self, span: Span) -> bool {
        self.includes(span) && self.any_line(span, false)
    }

    fn any_line(&self, span: Span, whole: bool) -> bool {
        let Some(file) = self.files.get(&span.file) else { return false };
        let lines = self.newer.sources[span.file.index()].lines();
        let first = lines.line_of(span.range.start);
        let last = lines.line_of(span.range.end.max(span.range.start + 1) - 1);
        let last = if whole { last } else { first };
        let at = file.lines.partition_point(|line| *line < first);
        file.lines.get(at).is_some_and(|line| *line <= last)
    }

    /// The lines of the newer state's `file` that the older one does not have, and that are part of something that changed.
    pub fn new_lines(&self, file: &SourceFile) -> Vec<TextRange> {
        let Some(differing) = self.files.get(&file.id) else { return Vec::new() };
        let ranges = differing.lines.iter().map(|line| file.lines().range_of(&file.text, *line));
        ranges.filter(|range| self.includes(file.span(*range))).collect()
    }

    /// The lines of the older state's file at `path` that the newer one does not have any more.
    pub fn lost_lines(&self, path: &str) -> Vec<&'s str> {
        if !self.differing.contains(path) {
            return Vec::new();
        }
        let Some(older) = self.older.source(path) else { return Vec::new() };
        let newer = self.newer.source(path).map_or("", |file| &file.text);
        let lost = changed_lines(newer, &older.text, layout(older));
        lost.into_iter().map(|at| older.slice(older.lines().range_of(&older.text, at))).collect()
    }

    /// The block of the older state that `block` of the newer one is or was.
    pub fn was(&self, block: &BlockRef<'_>) -> Option<BlockRef<'s>> {
        let (file, start) = if self.differing.contains(&*block.file.path) {
            let is_it = |it: &Construct<'_>| {
                it.file.id == block.file.id && it.item.range().start == block.block.range.start
            };
            let at = self.newer_constructs.iter().position(is_it)?;
            let older = &self.older_constructs[self.pairs.counterpart(at)?];
            (older.file, older.item.range().start)
        } else {
            (self.older.source(&block.file.path)?, block.block.range.start)
        };
        self.older.blocks_in(file).find(|it| it.block.range.start == start)
    }

    /// Where `span` of the newer state was; for what did not change.
    pub fn whereabouts(&self, span: Span) -> Whereabouts<'s> {
        let source = &self.newer.sources[span.file.index()];
        if !self.differing.contains(&*source.path) {
            return Whereabouts::Offset(&source.path, span.range.start);
        }
        let text = said(source, span);
        let at = construct::around(&self.newer_constructs, span);
        if let Some(older) = at.and_then(|at| self.pairs.counterpart(at)) {
            return self.in_construct(older, text);
        }
        let was = self.files.get(&span.file).and_then(|file| file.was);
        Whereabouts::File(was.unwrap_or(&source.path), text)
    }

    /// Where `span` of the older state is, in the same words.
    pub fn older_whereabouts(&self, span: Span) -> Whereabouts<'s> {
        let source = &self.older.sources[span.file.index()];
        if !self.differing.contains(&*source.path) {
            return Whereabouts::Offset(&source.path, span.range.start);
        }
        let text = said(source, span);
        match construct::around(&self.older_constructs, span) {
            Some(at) => self.in_construct(at, text),
            None => Whereabouts::File(&source.path, text),
        }
    }

    /// Where the text differs by a name that changed, the construct has to do.
    fn in_construct(&self, older: usize, text: &'s str) -> Whereabouts<'s> {
        Whereabouts::Construct(older, if self.pairs.is_renamed(older) { "" } else { text })
    }

    /// How many constructs, and runs of lines outside of constructs, were changed or added.
    pub fn size(&self) -> usize {
        self.files.values().map(|file| file.places.len()).sum()
    }

    /// The paths at which something was changed, added or removed: not those of files that were only laid out anew.
    pub fn paths(&self) -> BTreeSet<&'s str> {
        let is_same = |newer| self.pairs.is_same(newer);
        self.paths_without(is_same, &|older| self.pairs.stays(older))
    }

    /// The paths at which something was changed for a plan: to it, what was renamed, or moved into another module, is new, and
    /// what refers to it breaks.
    pub fn paths_to_plan(&self) -> BTreeSet<&'s str> {
        let kept = |newer: usize| {
            let older = self.pairs.counterpart(newer).filter(|_| self.pairs.is_same(newer))?;
            let (is, was) = (&self.newer_constructs[newer], &self.older_constructs[older]);
            let same = is.home == was.home
                && is.address == was.address
                && is.file.format == was.file.format
                && !self.pairs.is_renamed(older);
            same.then_some(older)
        };
        let kept_older: BTreeSet<usize> =
            (0..self.newer_constructs.len()).filter_map(kept).collect();
        self.paths_without(|newer| kept(newer).is_some(), &|older| kept_older.contains(&older))
    }

    /// The paths of all that differs, but for files of HCL in which every construct is kept, in both states.
    fn paths_without(
        &self,
        is_kept: impl Fn(usize) -> bool,
        stays: &dyn Fn(usize) -> bool,
    ) -> BTreeSet<&'s str> {
        let mut paths = BTreeSet::new();
        let is_new_at = |path: &str| {
            let mut own = self.newer_constructs.iter().enumerate();
            own.any(|(at, construct)| *construct.file.path == *path && !is_kept(at))
        };
        for path in &self.differing {
            let newer = self.newer.source(path);
            let older = self.older.source(path);
            let is_hcl = |file: Option<&SourceFile>| file.is_none_or(|file| file.hcl.is_some());
            let is_said = is_new_at(path)
                || newer
                    .and_then(|file| self.files.get(&file.id))
                    .is_some_and(|file| !file.places.is_empty());
            let is_gone = self
                .older_constructs
                .iter()
                .enumerate()
                .any(|(at, construct)| *construct.file.path == **path && !stays(at));
            let both_hcl = (newer.is_some() || older.is_some()) && is_hcl(newer) && is_hcl(older);
            // Of one that was sealed nobody knows what it said.
            let is_sealed = newer.zip(older).is_some_and(|(newer, older)| newer.text == older.text);
            if is_said || is_gone || !both_hcl || is_sealed {
                paths.insert(*path);
            }
        }
        paths
    }

    fn compare_files(&self) -> HashMap<FileId, Differing<'s>> {
        let gone: Vec<&'s SourceFile> = self
            .differing
            .iter()
            .filter(|path| self.newer.source(path).is_none())
            .filter_map(|path| self.older.source(path))
            .collect();
        let known_lines: BTreeSet<&str> = self
            .differing
            .iter()
            .filter_map(|path| self.older.source(path))
            .flat_map(|file| file.text.lines().map(str::trim))
            .collect();
        let mut constructs: BTreeMap<FileId, Vec<usize>> = BTreeMap::new();
        for (at, construct) in self.newer_constructs.iter().enumerate() {
            constructs.entry(construct.file.id).or_default().push(at);
        }
        let mut files = HashMap::new();
        for file in self.differing.iter().filter_map(|path| self.newer.source(path)) {
            let older = self.older.source(&file.path).or_else(|| most_alike(file, &gone));
            let older_text = older.map_or("", |file| &file.text);
            let lines = changed_lines(older_text, &file.text, layout(file));
            let own = constructs.get(&file.id).map_or(&[][..], Vec::as_slice);
            let mut places: Vec<TextRange> = own
                .iter()
                .filter(|at| !self.pairs.is_same(**at))
                .map(|at| self.newer_constructs[*at].range)
                .collect();
            let mut last_line = None;
            for &line in &lines {
                let range = file.lines().range_of(&file.text, line);
                let text = file.slice(range).trim();
                let is_old = file.hcl.is_some() && known_lines.contains(text);
                let in_construct =
                    own.iter().any(|at| touches(self.newer_constructs[*at].range, range));
                if text.is_empty() || is_old || in_construct || is_frame(file, range) {
                    continue;
                }
                // Lines that follow each other are one place.
                match places.last_mut().filter(|_| last_line == line.checked_sub(1)) {
                    Some(place) if last_line.is_some() => *place = place.cover(range),
                    _ => places.push(range),
                }
                last_line = Some(line);
            }
            places.sort();
            files.insert(file.id, Differing { places, lines, was: older.map(|it| &*it.path) });
        }
        files
    }
}

/// The file in `gone` that `file` is most likely to have been: one with half of its lines, and of its kind.
fn most_alike<'s>(file: &SourceFile, gone: &[&'s SourceFile]) -> Option<&'s SourceFile> {
    let own: BTreeSet<&str> = file.text.lines().map(str::trim).collect();
    let alike = |other: &SourceFile| {
        let theirs: BTreeSet<&str> = other.text.lines().map(str::trim).collect();
        own.intersection(&theirs).count()
    };
    let of_kind = gone.iter().filter(|other| other.format == file.format);
    let scored = of_kind.map(|other| (alike(other), *other));
    let (most, other) = scored.max_by_key(|(lines, _)| *lines)?;
    (most * 2 >= own.len()).then_some(other)
}

/// The text at `span`. What stands for a file that no rule sees is empty, and settings that are judged beside an older state
/// are longer than they were: there is no text then.
fn said(source: &SourceFile, span: Span) -> &str {
    source.text.get(span.range.indices()).unwrap_or_default()
}

/// Whether `range`, outside of the constructs of `file`, only opens or closes a block of them: `locals {`.
fn is_frame(file: &SourceFile, range: TextRange) -> bool {
    let Some(document) = &file.hcl else { return false };
    document.comments.inside(range).is_empty()
        && document.body.items.iter().any(|item| item.range().overlaps(range))
}

fn layout(file: &SourceFile) -> Layout {
    if file.hcl.is_some() { Layout::Free } else { Layout::Indented }
}

/// Whether `range`, which may be empty, has to do with `place`.
fn touches(place: TextRange, range: TextRange) -> bool {
    place.overlaps(range)
        || (range.is_empty() && place.start <= range.start && range.start <= place.end)
}

/// Whether the file at `path` is part of a Terraform module.
fn is_terraform(path: &str) -> bool {
    Format::of(path).is_module_code()
}

/// The directory whose names a file at `path` shares.
fn home(path: &str) -> &str {
    if is_terraform(path) { dir_of(path) } else { path }
}
