//! What is known of each file, from looks and from jobs, under numbers that outlive a run.

use std::collections::{BTreeMap, BTreeSet};

use super::moves::Replaced;
use crate::diagnostic::Diagnostic;
use crate::engine;
use crate::rule::{Facts, RuleSet};
use crate::syntax::SourceFile;
use crate::text::{FileId, Span};

/// The numbers of files in a session: a file keeps its own from run to run.
#[derive(Debug, Default)]
pub(super) struct Paths {
    paths: Vec<Box<str>>,
    numbers: BTreeMap<Box<str>, FileId>,
}

impl Paths {
    /// The number of the file at `path`.
    pub(super) fn id(&mut self, path: &str) -> FileId {
        if let Some(known) = self.known(path) {
            return known;
        }
        let id = FileId(self.paths.len() as u32);
        self.paths.push(path.into());
        self.numbers.insert(path.into(), id);
        id
    }

    /// The number of the file at `path`, if anything was ever said about it.
    pub(super) fn known(&self, path: &str) -> Option<FileId> {
        self.numbers.get(path).copied()
    }

    pub(super) fn path(&self, file: FileId) -> &str {
        self.paths.get(file.index()).map_or("", |path| path)
    }

    /// `diagnostics` of a run over `sources`, with the numbers of the session.
    pub(super) fn adopt(
        &mut self,
        mut diagnostics: Vec<Diagnostic>,
        sources: &[SourceFile],
    ) -> Vec<Diagnostic> {
        let mut place = |span: &mut Span| {
            if let Some(source) = sources.get(span.file.index()) {
                span.file = self.id(&source.path);
            }
        };
        for diagnostic in &mut diagnostics {
            place(&mut diagnostic.span);
            diagnostic.related.iter_mut().for_each(|label| place(&mut label.span));
            let edits = diagnostic.fix.iter_mut().flat_map(|fix| &mut fix.edits);
            edits.for_each(|edit| place(&mut edit.span));
        }
        diagnostics
    }
}

/// What was found in each file.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// By the last job, moved along with the edits since.
    by_job: BTreeMap<FileId, Vec<Diagnostic>>,
    /// By looks since, each at one revision of its file.
    by_looks: BTreeMap<FileId, (u64, Vec<Diagnostic>)>,
}

impl Found {
    /// The files of which something is said.
    pub(super) fn files(&self) -> BTreeSet<FileId> {
        self.by_job.keys().chain(self.by_looks.keys()).copied().collect()
    }

    /// What a look at `file` found.
    pub(super) fn looked(&mut self, file: FileId, revision: u64, found: Vec<Diagnostic>) {
        self.by_looks.insert(file, (revision, found));
    }

    /// At which revision a look was taken at `file` last.
    pub(super) fn looked_at(&self, file: FileId) -> Option<u64> {
        self.by_looks.get(&file).map(|(revision, _)| *revision)
    }

    /// Forgets what a look at `file` found.
    pub(super) fn forget_look(&mut self, file: FileId) {
        self.by_looks.remove(&file);
    }

    /// What a job found that has seen each file at some revision.
    pub(super) fn replace(&mut self, found: Vec<Diagnostic>, seen: impl Fn(FileId) -> u64) {
        self.by_job.clear();
        for diagnostic in found {
            self.by_job.entry(diagnostic.span.file).or_default().push(diagnostic);
        }
        self.by_looks.retain(|file, (looked_at, _)| *looked_at > seen(*file));
    }

    /// Moves what is said about `file` along with an edit of it.
    pub(super) fn carry(&mut self, file: FileId, replaced: Replaced) {
        self.carry_of_job(file, replaced);
        carry(self.by_looks.values_mut().map(|(_, found)| found), file, replaced);
    }

    /// Moves what a job said about `file` along with an edit that it has not seen: what looks say was moved when it was
    /// made.
    pub(super) fn carry_of_job(&mut self, file: FileId, replaced: Replaced) {
        carry(self.by_job.values_mut(), file, replaced);
    }

    /// What is to be said about `file`, in order: what a look found, and what only a job can find.
    /// `is_terraform` says whether the file's own blocks are what has an address in it.
    pub(super) fn of(&self, file: FileId, is_terraform: bool, rules: &RuleSet) -> Vec<Diagnostic> {
        let by_job = self.by_job.get(&file).map_or(&[][..], Vec::as_slice);
        let Some((_, looked)) = self.by_looks.get(&file) else { return by_job.to_vec() };
        // What is found about a block elsewhere, in a file that it reads, is not found by looking at that file.
        let is_of_other = |it: &Diagnostic| {
            let is_found = |seen: &Diagnostic| seen.rule == it.rule && seen.span == it.span;
            !is_terraform && it.address.is_some() && !looked.iter().any(is_found)
        };
        let needs_job = |it: &&Diagnostic| is_of_other(it) || needs_job(it, rules);
        let kept: Vec<&Diagnostic> = by_job.iter().filter(needs_job).collect();
        let yields = |it: &Diagnostic| {
            let winners = rules.rule(&it.rule).map_or(&[][..], |rule| &rule.yields_to);
            kept.iter().any(|kept| {
                let (own, other) = (it.span.range, kept.span.range);
                winners.contains(&kept.rule) && (own == other || own.overlaps(other))
            })
        };
        let mut all: Vec<Diagnostic> = looked.iter().filter(|it| !yields(it)).cloned().collect();
        all.extend(kept.into_iter().cloned());
        engine::sort(&mut all);
        all
    }
}

/// Moves what the diagnostics in each of `lists` say about `file` along with an edit of it.
fn carry<'f>(
    lists: impl Iterator<Item = &'f mut Vec<Diagnostic>>,
    file: FileId,
    replaced: Replaced,
) {
    let speaks = |it: &Diagnostic| {
        it.span.file == file
            || it.related.iter().any(|label| label.span.file == file)
            || it.fix.iter().flat_map(|fix| &fix.edits).any(|edit| edit.span.file == file)
    };
    for found in lists {
        if found.iter().any(speaks) {
            let carried = std::mem::take(found).into_iter();
            *found = carried.filter_map(|it| replaced.carry(file, it)).collect();
        }
    }
}

/// Whether only a run over the whole repo can find it.
fn needs_job(diagnostic: &Diagnostic, rules: &RuleSet) -> bool {
    let needs = |id: &str| rules.rule(id).is_some_and(|rule| rule.facts == Facts::Repo);
    match &*diagnostic.rule {
        engine::STALE_BASELINE => true,
        // Whether a suppression is of use is known where its rule was run.
        engine::UNUSED_SUPPRESSION => {
            let quoted = diagnostic.message.split('`').nth(1);
            quoted.is_some_and(needs)
        }
        id => needs(id),
    }
}
