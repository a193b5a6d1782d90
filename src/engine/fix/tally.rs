//! What is wrong with a repo, counted so that two states of it can be held against each other.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::choose::{Key, key};
use crate::diagnostic::{Diagnostic, Report};
use crate::syntax::SourceFile;

/// The diagnostics of a repo, by where they are but not on which line.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    /// How often each rule reports in each file.
    per_file: BTreeMap<(Arc<str>, Box<str>), usize>,
    /// How often each thing is said.
    said: BTreeMap<Key, usize>,
    /// How often each rule cannot tell, in each file.
    untold: BTreeMap<(Arc<str>, Box<str>), usize>,
    /// How often the tool itself failed.
    failures: usize,
}

impl Tally {
    /// Adds what one run found.
    pub fn add(&mut self, report: &Report, sources: &[SourceFile]) {
        self.failures += report.failures.len();
        for diagnostic in &report.diagnostics {
            let key = key(diagnostic, sources);
            let place = (Arc::clone(&key.0), key.1.clone());
            *self.per_file.entry(place).or_default() += 1;
            *self.said.entry(key).or_default() += 1;
        }
        for unknown in &report.unknown {
            let Some(source) = sources.get(unknown.span.file.index()) else { continue };
            let place = (Arc::clone(&unknown.rule), source.path.clone());
            *self.untold.entry(place).or_default() += 1;
        }
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
        let told = gained
            .map(|((rule, path), _)| (path.clone(), format!("`{rule}` would be broken in {path}")));
        let mut gains: BTreeMap<Box<str>, String> = told.collect();
        if gains.is_empty() && self.failures > older.failures {
            gains.insert("".into(), "the check of the result fails".to_owned());
        }
        gains
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
