//! Packs and rules, loaded and checked.

use std::sync::Arc;

use globset::Glob;
use smol_str::SmolStr;

use super::check::{Check, Facts};
use super::evidence::Evidence;
use super::template::Template;
use crate::config::{Level, Literal, Paths};
use crate::diagnostic::Severity;
use crate::text::TextRange;

/// A folder of rules.
#[derive(Clone, Debug)]
pub struct Pack {
    /// Its name: that of the folder.
    pub name: Arc<str>,
    /// What its rules are about: one line.
    pub summary: String,
    /// Any one of these switches it on where the settings do not say.
    pub evidence: Vec<Evidence>,
    /// Always on, and its rules cannot be suppressed: the tool's own.
    pub locked: bool,
    /// Whether whoever runs it has named its directory: it is on without evidence.
    pub is_given: bool,
    /// Whether the repo brings it along.
    pub is_own: bool,
    /// What its entries may use as `param.NAME`, with what the settings replace already replaced.
    pub params: Vec<(SmolStr, Literal)>,
}

impl Pack {
    /// What is evidence of it, in words.
    pub fn looks_for(&self) -> String {
        let ways: Vec<String> = self.evidence.iter().map(ToString::to_string).collect();
        ways.join(", or ")
    }

    /// Its params in the form in which the options of a check are read.
    pub fn options(&self) -> Vec<(String, TextRange, Literal)> {
        let option =
            |(name, value): &(SmolStr, Literal)| (name.to_string(), value.range, value.clone());
        self.params.iter().map(option).collect()
    }
}

/// One rule.
pub struct Rule {
    /// `pack/file-stem`.
    pub id: Arc<str>,
    /// The pack it belongs to.
    pub pack: Arc<str>,
    /// The code of the convention it enforces.
    pub convention: Option<Arc<str>>,
    /// The problem it names: one line.
    pub summary: String,
    /// The severity in its entry.
    pub severity: Severity,
    /// The severity from the settings.
    pub override_severity: Option<Severity>,
    /// Whether it runs without being asked for: not where it is off in the settings, nor where it is an info rule that
    /// the settings do not mention.
    pub enabled: bool,
    /// What the settings say of it for some paths; the last that holds decides.
    pub in_paths: Vec<(Paths, Level)>,
    /// Whether it is on for some of these paths alone.
    pub only_in_paths: bool,
    /// How bad it is at least where a change adds it. A run that compares two states looks for that also where the rule is
    /// not enabled.
    pub added: Option<Severity>,
    /// The facts it needs.
    pub facts: Facts,
    /// The files of other stacks that it reads lists from, so that `--facts stack` loads them too.
    pub reads: Vec<Glob>,
    /// Whether it cannot be suppressed.
    pub locked: bool,
    /// The rules that win where both point at the same bytes.
    pub yields_to: Vec<Arc<str>>,
    /// What it says, per outcome of its check.
    pub cases: Vec<Case>,
    /// How it judges; none for the tool's own rules, which the engine raises itself.
    pub check: Option<Box<dyn Check>>,
}

/// What a rule says about one kind of finding.
#[derive(Clone, Debug)]
pub struct Case {
    /// The outcome of the check that it words.
    pub outcome: String,
    /// The severity, where it differs from the rule's.
    pub severity: Option<Severity>,
    /// What is wrong.
    pub message: Template,
    /// What to type.
    pub help: Option<Template>,
}

impl Rule {
    /// Whether it enforces the convention with this code, in whatever case that is typed.
    pub fn is_of_convention(&self, code: &str) -> bool {
        self.convention.as_deref().is_some_and(|own| own.eq_ignore_ascii_case(code))
    }

    /// The case for `outcome`. The loader has seen to it that every outcome of the check has one.
    pub fn case(&self, outcome: &str) -> Option<&Case> {
        self.cases.iter().find(|case| case.outcome == outcome)
    }

    /// The severity where no case says otherwise: that from the settings, else that in its entry.
    pub fn usual_severity(&self) -> Severity {
        self.override_severity.unwrap_or(self.severity)
    }

    /// The severity of a finding worded by `case`. The settings replace the entry's, but what a case calls info stays
    /// info: it is there so that the rule does not gate.
    pub fn severity_of(&self, case: &Case) -> Severity {
        match case.severity {
            Some(Severity::Info) => Severity::Info,
            own => self.override_severity.or(own).unwrap_or(self.severity),
        }
    }

    /// [`Rule::severity_of`] for a finding in the file at `path`; none where the rule is off there.
    pub fn severity_in(&self, path: &str, case: &Case) -> Option<Severity> {
        match self.level_in(path) {
            Some(Level::Off) => None,
            None if self.only_in_paths => None,
            Some(Level::At(_)) if case.severity == Some(Severity::Info) => Some(Severity::Info),
            Some(Level::At(severity)) => Some(severity),
            None => Some(self.severity_of(case)),
        }
    }

    /// Whether it is off in the file at `path`.
    pub fn is_off_in(&self, path: &str) -> bool {
        match self.level_in(path) {
            Some(level) => level == Level::Off,
            None => self.only_in_paths,
        }
    }

    /// What the settings say of it for the file at `path`.
    pub fn level_in(&self, path: &str) -> Option<Level> {
        self.in_paths.iter().rev().find(|(paths, _)| paths.contains(path)).map(|(_, level)| *level)
    }
}

impl std::fmt::Debug for Rule {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Rule").field("id", &self.id).finish_non_exhaustive()
    }
}
