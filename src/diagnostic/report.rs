//! The result of one run: everything a renderer needs besides the sources' text.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Diagnostic, Severity};
use crate::text::Span;

/// One run's result. `diagnostics` are sorted by path, start and rule.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// What was looked at.
    pub summary: Summary,
    /// What the tool itself could not do; any entry makes the run exit 2.
    pub failures: Vec<Failure>,
    /// What was found.
    pub diagnostics: Vec<Diagnostic>,
    /// The sites that could not be judged, for `--show-unknown`.
    pub unknown: Vec<UnknownSite>,
}

impl Report {
    /// The same findings without the account of how they came about: for a reader who did not ask for a report.
    #[must_use]
    pub fn brief(&self) -> Report {
        let mut brief = self.clone();
        brief.summary.packs.clear();
        brief.summary.not_run.clear();
        brief
    }

    /// How many diagnostics have exactly this severity.
    pub fn count(&self, severity: Severity) -> usize {
        self.diagnostics.iter().filter(|diagnostic| diagnostic.severity == severity).count()
    }
}

/// The run's account of itself.
#[derive(Clone, Debug, Default)]
pub struct Summary {
    /// Number of stacks in the repo (before scoping).
    pub stacks: usize,
    /// Files.
    pub files: FileCounts,
    /// The packs that were on, in order.
    pub packs: Vec<PackRun>,
    /// Per rule that ran, in order of id.
    pub rules: Vec<RuleRun>,
    /// Rules that need facts which this run did not load (`--facts stack`), in order of id.
    pub not_run: Vec<Arc<str>>,
    /// The shared modules that the stacks asked for call and in which something was found: a note, nothing that gates.
    pub called_modules: Vec<CalledModule>,
}

/// How much was found in a module that a stack calls.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CalledModule {
    /// Its directory, relative to the root.
    pub dir: Arc<str>,
    /// Errors.
    pub errors: usize,
    /// Warnings.
    pub warnings: usize,
    /// Infos.
    pub infos: usize,
}

impl CalledModule {
    /// The module in `dir`, with nothing found yet.
    pub fn new(dir: Arc<str>) -> Self {
        Self { dir, errors: 0, warnings: 0, infos: 0 }
    }
}

/// `seen = parsed + text + the sum of skipped`.
#[derive(Clone, Debug, Default)]
pub struct FileCounts {
    /// Files in the repo as the workspace sees it.
    pub seen: usize,
    /// Parsed into a tree.
    pub parsed: usize,
    /// Read as text.
    pub text: usize,
    /// Not read, per reason.
    pub skipped: BTreeMap<&'static str, usize>,
}

/// A pack that was on.
#[derive(Clone, Debug)]
pub struct PackRun {
    /// Its name.
    pub name: Arc<str>,
    /// Why it was on: the evidence found, or the configuration line that names it.
    pub evidence: String,
}

/// What one rule did.
#[derive(Clone, Debug)]
pub struct RuleRun {
    /// The rule's id.
    pub rule: Arc<str>,
    /// The convention's code.
    pub convention: Option<Arc<str>>,
    /// Sites in scope that were judged or found unknown.
    pub sites: usize,
    /// Diagnostics reported (after suppression and scoping).
    pub diagnostics: usize,
    /// Sites whose value could not be known.
    pub unknown: usize,
    /// Diagnostics silenced by a control comment.
    pub suppressed: usize,
}

/// A site that a rule could not judge.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct UnknownSite {
    /// Where.
    pub span: Span,
    /// The rule's id.
    pub rule: Arc<str>,
    /// Why the value is not known.
    pub reason: String,
}

/// Something the tool could not do. Never a finding about the user's code.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Failure {
    /// The file or rule concerned, if one is.
    pub subject: Option<String>,
    /// What happened and what to do.
    pub message: String,
}
