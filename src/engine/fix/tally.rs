//! What is wrong with a repo, counted so that two states of it can be held against each other.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use smol_str::SmolStr;

use super::again::{written, written_again};
use super::choose::{Candidate, Key, key};
use crate::diagnostic::{Diagnostic, Report};
use crate::syntax::SourceFile;

/// A rule, what it finds, and a file.
type Place = (Arc<str>, SmolStr, Box<str>);

/// The diagnostics of a repo, by where they are but not on which line.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    /// How often each rule reports in each file, by what comes of it: of two things that are wrong, one is no cure for the other.
    per_file: BTreeMap<Place, usize>,
    /// How often each thing is said.
    said: BTreeMap<Key, usize>,
    /// How often each rule cannot tell, in each file.
    untold: BTreeMap<(Arc<str>, Box<str>), usize>,
    /// How often a fix of each rule would write what stands there already, by file and by what that is.
    again: BTreeMap<(Arc<str>, Box<str>, String), usize>,
    /// How often the tool itself failed.
    failures: usize,
}

impl Tally {
    /// Adds what one run found.
    pub fn add(&mut self, report: &Report, sources: &[SourceFile]) {
        self.failures += report.failures.len();
        for diagnostic in &report.diagnostics {
            let key = key(diagnostic, sources);
            let place = (Arc::clone(&key.0), diagnostic.outcome.clone(), key.1.clone());
            *self.per_file.entry(place).or_default() += 1;
            *self.said.entry(key).or_default() += 1;
            for edit in diagnostic.fix.iter().flat_map(|fix| &fix.edits) {
                let Some(file) = sources.get(edit.span.file.index()) else { continue };
                let Some(text) = written_again(edit, file) else { continue };
                let place = (Arc::clone(&diagnostic.rule), file.path.clone(), text);
                *self.again.entry(place).or_default() += 1;
            }
        }
        for unknown in &report.unknown {
            let Some(source) = sources.get(unknown.span.file.index()) else { continue };
            let place = (Arc::clone(&unknown.rule), source.path.clone());
            *self.untold.entry(place).or_default() += 1;
        }
    }

    /// Counts each thing at least as often as `other` does: runs over the same files find the same, and it is there once.
    pub fn rise_to(&mut self, other: &Tally) {
        rise(&mut self.per_file, &other.per_file);
        rise(&mut self.said, &other.said);
        rise(&mut self.untold, &other.untold);
        rise(&mut self.again, &other.again);
        self.failures = self.failures.max(other.failures);
    }

    /// Whether `rule` can tell less of the file at `path` than it could in `older`.
    pub fn is_blinder_than(&self, older: &Tally, rule: &Arc<str>, path: &str) -> bool {
        let place = (Arc::clone(rule), path.into());
        let count = |tally: &Tally| tally.untold.get(&place).copied().unwrap_or_default();
        count(self) > count(older)
    }

    /// What `self` has that `older` does not, by file, in words: a rule that reports more than it did there.
    pub fn gains_over(&self, older: &Tally) -> BTreeMap<Box<str>, String> {
        let gained = self
            .per_file
            .iter()
            .filter(|(place, count)| older.per_file.get(*place).is_none_or(|it| it < *count));
        let told = gained.map(|((rule, _, path), _)| (path.clone(), breaks_rule(rule, path)));
        let mut gains: BTreeMap<Box<str>, String> = told.collect();
        if gains.is_empty() && self.failures > older.failures {
            gains.insert("".into(), "the check of the result fails".to_owned());
        }
        gains
    }

    /// What `self` says more often than `older` does, of rules that report more in its file than they did there.
    pub fn news_over(&self, older: &Tally) -> BTreeSet<Key> {
        let gained = self
            .per_file
            .iter()
            .filter(|(place, count)| older.per_file.get(*place).is_none_or(|it| it < *count));
        let gained: BTreeSet<_> = gained.map(|((rule, _, path), _)| (rule, path)).collect();
        let said = self.said.iter().filter(|(key, count)| {
            gained.contains(&(&key.0, &key.1)) && older.said.get(*key).is_none_or(|it| it < *count)
        });
        said.map(|(key, _)| key.clone()).collect()
    }

    /// The addresses in the file at `path` of which more is said than in `older`.
    pub fn gained_at(&self, older: &Tally, path: &str) -> BTreeSet<&str> {
        let gained = self.said.iter().filter(|((_, file, ..), _)| **file == *path);
        let gained =
            gained.filter(|(key, count)| older.said.get(*key).is_none_or(|it| it < *count));
        gained.filter_map(|((_, _, address, _), _)| address.as_deref()).collect()
    }

    /// Whether what `candidate` writes would be written once more beside it, which was not so in `older`. Then it has only
    /// changed how the thing is worded that it was for.
    pub fn repeats(&self, older: &Tally, candidate: &Candidate, sources: &[SourceFile]) -> bool {
        candidate.edits.iter().any(|edit| {
            let Some(file) = sources.get(edit.span.file.index()) else { return false };
            let place = (Arc::clone(&candidate.rule), file.path.clone(), written(edit, file));
            let count = |tally: &Tally| tally.again.get(&place).copied().unwrap_or_default();
            count(self) > count(older)
        })
    }

    /// Whether all of `cured`, which were said in `older`, are gone.
    pub fn cures<'d>(
        &self,
        cured: impl Iterator<Item = &'d Diagnostic>,
        sources: &[SourceFile],
        older: &Tally,
    ) -> bool {
        let mut wanted: BTreeMap<Key, usize> = BTreeMap::new();
        for diagnostic in cured {
            *wanted.entry(key(diagnostic, sources)).or_default() += 1;
        }
        wanted.into_iter().all(|(key, gone)| {
            let count = |tally: &Tally| tally.said.get(&key).copied().unwrap_or_default();
            count(self) + gone <= count(older)
        })
    }
}

/// What a fix does after which `rule` reports more in the file at `path`.
pub fn breaks_rule(rule: &str, path: &str) -> String {
    format!("`{rule}` would be broken in {path}")
}

/// Diagnostics by what does not move when lines above them do, and how often each was said.
#[derive(Clone, Debug, Default)]
pub struct Said(BTreeMap<Key, usize>);

impl Said {
    /// Counts `diagnostic`.
    pub fn add(&mut self, diagnostic: &Diagnostic, sources: &[SourceFile]) {
        *self.0.entry(key(diagnostic, sources)).or_default() += 1;
    }

    /// Counts each at least as often as `other` does.
    pub fn rise_to(&mut self, other: &Said) {
        rise(&mut self.0, &other.0);
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.0.values().sum()
    }

    /// How many of those that were `mended` are gone, when these are `still` said. One fix may bring back what another one
    /// has mended, and mend what another one has brought about: neither is any better then.
    pub fn gone(&self, mended: &Said, still: &Said) -> usize {
        let count = |said: &Said, key: &Key| said.0.get(key).copied().unwrap_or_default();
        let gone = |(key, found): (&Key, &usize)| {
            found.saturating_sub(count(still, key)).min(count(mended, key))
        };
        self.0.iter().map(gone).sum()
    }
}

fn rise<K: Ord + Clone>(own: &mut BTreeMap<K, usize>, other: &BTreeMap<K, usize>) {
    for (key, count) in other {
        let own = own.entry(key.clone()).or_default();
        *own = (*own).max(*count);
    }
}
