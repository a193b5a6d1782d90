//! What a rule says, as plain data: no renderer, no rule and no file is known here.

mod fingerprint;
mod fix;
mod report;

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

pub use fingerprint::fingerprint;
pub use fix::{Applicability, Edit, Fix, FixAccount, LinkEdit};
pub use report::{
    AffectedStack, CalledModule, Comparison, Failure, FileCounts, PackRun, Report, RuleRun,
    Silenced, SilencedBy, Summary, UnknownSite, Way,
};

use crate::text::Span;

/// How bad it is. Ordered: `Info < Warning < Error`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing; never gates unless asked to.
    Info,
    /// Should be fixed; gates only where `--fail-on warning` says so.
    Warning,
    /// Breaks a convention that protects something: blocks a plan.
    Error,
}

impl Severity {
    /// Every severity, mildest first.
    pub const ALL: [Severity; 3] = [Severity::Info, Severity::Warning, Severity::Error];

    /// The word used in packs, configuration, options and reports.
    pub fn word(self) -> &'static str {
        match self {
            Severity::Info => "info",
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }

    /// The severity that `word` names.
    pub fn parse(word: &str) -> Option<Severity> {
        Severity::ALL.into_iter().find(|severity| severity.word() == word)
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// A place with something to say about it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Label {
    /// The bytes underlined.
    pub span: Span,
    /// What they have to do with it, e.g. `required here`.
    pub message: String,
}

/// One finding, ready for any renderer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Diagnostic {
    /// The rule's id, `group/name`.
    pub rule: Arc<str>,
    /// Which of the rule's questions it is the answer to: the name of its `require` or `forbid`, or of the check's outcome.
    pub outcome: SmolStr,
    /// The code of the convention the rule enforces, e.g. `A01`.
    pub convention: Option<Arc<str>>,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong: one line, lower case, no full stop.
    pub message: String,
    /// What to type.
    pub help: Option<String>,
    /// The smallest thing that is wrong.
    pub span: Span,
    /// Other places that explain it.
    pub related: Vec<Label>,
    /// The stack the place belongs to, if any.
    pub stack: Option<Arc<str>>,
    /// Terraform's address of the block, relative to its own module.
    pub address: Option<String>,
    /// How to fix it mechanically.
    pub fix: Option<Fix>,
}
