//! What is made of a repo besides a check of it: of plans, states and live objects that are held against it, and of itself.
//!
//! Invariant: whatever goes wrong, the files are given back, and what went wrong is told.

use super::load::Loaded;
use super::stand_in;
use crate::config::Settings;
use crate::engine::guarded;
use crate::model::Repo;
use crate::syntax::SourceFile;
use crate::text::Span;
use crate::workspace::FileSet;

/// A report about a repo, and what its places refer to.
#[derive(Debug, Default)]
pub struct Examined<R> {
    /// The files of the repo; a `FileId` is an index. None without a repo.
    pub sources: Vec<SourceFile>,
    /// What was found.
    pub report: R,
    /// The secrets in the files that the report speaks of, sorted: no renderer prints them.
    pub redacted: Vec<Span>,
    /// What went wrong inside of tautline: one line each.
    pub failures: Vec<String>,
}

impl<R: Default> Examined<R> {
    /// What `examine` makes of the repo that consists of `files`; an empty report where it panics, of which `cannot` says what
    /// is not done then. Which secrets the report speaks of is left to the caller.
    pub(super) fn of(
        mut files: FileSet,
        settings: &Settings,
        cannot: &str,
        examine: impl FnOnce(&Repo<'_>) -> R,
    ) -> Examined<R> {
        stand_in::leave_out(&mut files, settings);
        let loaded = Loaded::read(files);
        let failures = loaded.failures.iter().map(|it| it.message.clone());
        let mut failures: Vec<String> = failures.collect();
        let report = guarded(|| examine(&loaded.repo())).unwrap_or_else(|panic| {
            failures.push(format!("{cannot}: {panic}"));
            R::default()
        });
        Examined { sources: loaded.sources, report, redacted: Vec::new(), failures }
    }
}
