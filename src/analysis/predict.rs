//! What will drift, from the code of the repo alone.

use super::load::Loaded;
use super::stand_in;
use crate::config::{Settings, which_stack};
use crate::drift::predict::{Forecast, predict as foresee};
use crate::engine::guarded;
use crate::rule::RuleSet;
use crate::syntax::SourceFile;
use crate::workspace::FileSet;

/// What was foreseen, and what its places refer to.
#[derive(Debug, Default)]
pub struct Foreseen {
    /// The files of the repo; a `FileId` is an index.
    pub sources: Vec<SourceFile>,
    /// What will drift.
    pub forecast: Forecast,
    /// The stacks that were asked for and are not there, each with what to do about it.
    pub missing: Vec<(String, String)>,
    /// What went wrong inside of tautline: one line each.
    pub failures: Vec<String>,
}

/// What will drift in the repo that is made of `files`: in the stacks `wanted`, or in all where none is.
pub fn predict(
    mut files: FileSet,
    settings: &Settings,
    rules: &RuleSet,
    wanted: &[String],
) -> Foreseen {
    stand_in::leave_out(&mut files, settings);
    let loaded = Loaded::read(files);
    let failures = loaded.failures.iter().map(|it| it.message.clone()).collect();
    let mut foreseen = Foreseen { failures, ..Foreseen::default() };
    let result = guarded(|| {
        let repo = loaded.repo();
        let is_there = |name: &&String| repo.stacks.iter().any(|it| *it.name == ***name);
        let known = || repo.stacks.iter().map(|it| &*it.name);
        let missing = wanted.iter().filter(|name| !is_there(name));
        let missing = missing.map(|name| (name.clone(), which_stack(name, known()))).collect();
        let is_wanted = |stack: &str| wanted.is_empty() || wanted.iter().any(|it| it == stack);
        (foresee(&repo, &rules.mutators, &is_wanted), missing)
    });
    match result {
        Ok((forecast, missing)) => (foreseen.forecast, foreseen.missing) = (forecast, missing),
        Err(panic) => foreseen
            .failures
            .push(format!("nothing can be foreseen: {panic}; this is a bug in tautline")),
    }
    foreseen.sources = loaded.sources;
    foreseen
}
