//! The result of one run: everything a renderer needs besides the sources' text.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use super::{Diagnostic, FixAccount, Severity};
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
    /// What was found and is not reported, because somebody said so; sorted as `diagnostics` are. It never gates.
    pub suppressed: Vec<Silenced>,
}

impl Report {
    /// How many diagnostics are not reported because the baseline knows them.
    pub fn known(&self) -> usize {
        self.suppressed.iter().filter(|silenced| silenced.by == SilencedBy::Baseline).count()
    }

    /// The same findings without the account of how they came about: for a reader who did not ask for a report.
    #[must_use]
    pub fn brief(&self) -> Report {
        let mut brief = self.clone();
        brief.summary.packs.clear();
        brief.summary.idle_packs.clear();
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
    /// The packs of the repo's own that were off without a word in the settings, and why.
    pub idle_packs: Vec<PackRun>,
    /// Whether there is a `tautline.hcl`.
    pub has_settings: bool,
    /// Where there is none, or none of its packs is on: the `tautline.hcl` of directories below, which hold there.
    pub settings_below: Vec<Box<str>>,
    /// Per rule that ran, in order of id.
    pub rules: Vec<RuleRun>,
    /// Rules that need facts which this run did not load (`--facts stack`), or commits, which a part of the repo has none of, nor
    /// has what is staged; in order of id.
    pub not_run: Vec<Arc<str>>,
    /// Rules about a change, of a run that compares with nothing, in order of id.
    pub needs_base: Vec<Arc<str>>,
    /// The rules that were not run, because there were no plans to judge.
    pub needs_plans: Vec<Arc<str>>,
    /// Whether the message of a commit that is being made was judged, and nothing else.
    pub is_of_message: bool,
    /// What was compared with what; none where everything was reported.
    pub comparison: Option<Comparison>,
    /// The shared modules that the stacks asked for call and in which something was found: a note, nothing that gates.
    pub called_modules: Vec<CalledModule>,
    /// What became of fixes, in a run that was to apply them.
    pub fixes: Option<FixAccount>,
}

impl Summary {
    /// How many sites could not be judged.
    pub fn unknown(&self) -> usize {
        self.rules.iter().map(|run| run.unknown).sum()
    }
}

/// A run's account of what it compared.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Comparison {
    /// How the older side is called.
    pub with: String,
    /// The full name of its commit; none before the first one.
    pub commit: Option<String>,
    /// How many files differ.
    pub files: usize,
    /// How many constructs, and runs of lines outside of constructs, were changed or added.
    pub changes: usize,
    /// The stacks that the change can reach, in order.
    pub affected: Vec<AffectedStack>,
    /// The stacks that are gone, in order.
    pub removed: Vec<String>,
}

/// A stack that a change can reach.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AffectedStack {
    /// Its name.
    pub stack: Arc<str>,
    /// Its directory, relative to the root.
    pub directory: String,
    /// By which ways, in order.
    pub because: Vec<Way>,
}

/// A way from a change to a stack.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Way {
    /// `stack`: its own directory; `module`: one that it calls; `file`: one that it reads.
    pub kind: &'static str,
    /// The directory or file, relative to the root.
    pub path: String,
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
    /// The problem that it names: one line.
    pub summary: Arc<str>,
    /// How bad what it finds is, if the finding does not say otherwise.
    pub severity: Severity,
    /// Sites in scope that were judged or found unknown.
    pub sites: usize,
    /// Diagnostics reported (after suppression and scoping).
    pub diagnostics: usize,
    /// Sites whose value could not be known.
    pub unknown: usize,
    /// Diagnostics silenced by a control comment or a waiver.
    pub suppressed: usize,
    /// Diagnostics that the baseline knows.
    pub known: usize,
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

/// A diagnostic that is not reported.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Silenced {
    /// What was found.
    pub diagnostic: Diagnostic,
    /// What silences it.
    pub by: SilencedBy,
    /// Why, in the words of whoever wrote it.
    pub reason: Option<String>,
}

/// What silences a diagnostic.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SilencedBy {
    /// A control comment, which stands here.
    Comment(Span),
    /// A waiver in the settings.
    Waiver,
    /// An entry of the baseline.
    Baseline,
}

/// Something the tool could not do. Never a finding about the user's code.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Failure {
    /// The file or rule concerned, if one is.
    pub subject: Option<String>,
    /// What happened and what to do.
    pub message: String,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.subject {
            Some(subject) => write!(f, "{subject}: {}", self.message),
            None => f.write_str(&self.message),
        }
    }
}
