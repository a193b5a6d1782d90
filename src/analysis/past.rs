//! Of which files the past is wanted.
//!
//! Invariant: only of files that some check may ask for, because looking back is slow.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use crate::engine::guarded;
use crate::rule::{LookBack, RuleSet};
use crate::syntax::Format;
use crate::workspace::FileSet;

/// Paths, by how many days before the commit.
pub(super) type Wanted = BTreeMap<u32, Vec<Box<str>>>;

/// The paths of the files in `files` that checks of `rules` want to see as they were, by how many days before.
pub fn wanted_past(rules: &RuleSet, files: &FileSet) -> Wanted {
    wanted(rules, &files.texts().collect::<Vec<_>>())
}

/// [`wanted_past`], of paths and texts.
pub(super) fn wanted(rules: &RuleSet, files: &[(&str, &str)]) -> Wanted {
    let mut wanted: BTreeMap<u32, BTreeSet<Box<str>>> = BTreeMap::new();
    let checks = rules.rules.iter().filter_map(|rule| rule.check.as_deref());
    // A check that panics here panics where it is run too, and that is where it is reported.
    for LookBack { days, words } in checks.filter_map(|it| guarded(|| it.looks_back()).ok()?) {
        let words: Vec<_> =
            words.iter().map(|word| memchr::memmem::Finder::new(word.as_bytes())).collect();
        let says = |text: &str| words.iter().any(|word| word.find(text.as_bytes()).is_some());
        let is_code = |path: &str| Format::of(path).is_terraform();
        let found = files.par_iter().filter(|(path, text)| is_code(path) && says(text));
        let found: Vec<Box<str>> = found.map(|(path, _)| (*path).into()).collect();
        wanted.entry(days).or_default().extend(found);
    }
    wanted.into_iter().map(|(days, paths)| (days, paths.into_iter().collect())).collect()
}
