//! The cases on a rule's page: small repos, with carets under the bytes that the rule must report.
//!
//! Invariant: what is compared is complete. Every diagnostic of the rule is expected or a difference. What it does not judge is
//! compared where a case says so.

mod compare;
mod markdown;

use crate::diagnostic::Severity;
use crate::text::TextRange;

pub use compare::differences;
pub use markdown::cases;

/// One case of a page.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PageCase {
    /// Its heading.
    pub name: String,
    /// The heading's line on the page, from 1.
    pub line: u32,
    /// The named fixture whose files it starts from.
    pub base: Option<String>,
    /// Its files, in order.
    pub files: Vec<CaseFile>,
    /// What files said before, of a case about a change: by path, `None` for one that was not there. All others are as they
    /// were.
    pub older: Vec<(String, Option<String>)>,
    /// What plans say, of a case about plans.
    pub plans: Vec<CasePlan>,
    /// What files say after all fixes of the page's rule, safe or not, of a case that tells.
    pub fixed: Vec<FixedCase>,
}

/// A plan of a case.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CasePlan {
    /// The line of its fence on the page, from 1.
    pub line: u32,
    /// The directory of the stack that it is a plan of.
    pub stack: String,
    /// The plan as JSON.
    pub text: String,
}

/// What a file says after fixes, or where a link leads.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FixedCase {
    /// The line of its fence on the page, from 1.
    pub line: u32,
    /// Its path.
    pub path: String,
    /// Where it leads, if it is a symbolic link and no file.
    pub link: Option<String>,
    /// Its text.
    pub text: String,
}

/// A file of a case.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CaseFile {
    /// Path relative to the root of the case's repo.
    pub path: String,
    /// Where it leads, if it is a symbolic link and no file.
    pub link: Option<String>,
    /// Its text, without the caret lines.
    pub text: String,
    /// What must be reported in it.
    pub expected: Vec<Expected>,
}

/// What a caret line says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Expected {
    /// The caret line on the page, from 1.
    pub line: u32,
    /// The bytes of the file.
    pub range: TextRange,
    /// Whether the span goes on past the line: only its start counts then.
    pub open: bool,
    /// What is expected there.
    pub kind: ExpectedKind,
    /// A part of the message; empty for any.
    pub message: String,
}

/// What a caret line expects.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ExpectedKind {
    /// A diagnostic.
    Diagnostic {
        /// Its severity; none for any.
        severity: Option<Severity>,
        /// Its rule, where that is not the page's.
        rule: Option<String>,
    },
    /// A related label of some diagnostic.
    Related,
    /// That the page's rule does not judge what stands there, because something is not known.
    Unknown,
}

/// Something wrong with a page itself.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PageError {
    /// The line, from 1.
    pub line: u32,
    /// What is wrong.
    pub message: String,
}

impl PageCase {
    /// The rules whose diagnostics are compared: `own`, the page's, and those that caret lines name.
    pub fn rules<'a>(&'a self, own: &'a str) -> Vec<&'a str> {
        let named =
            self.files.iter().flat_map(|file| &file.expected).filter_map(
                |expected| match &expected.kind {
                    ExpectedKind::Diagnostic { rule, .. } => rule.as_deref(),
                    ExpectedKind::Related | ExpectedKind::Unknown => None,
                },
            );
        let mut rules: Vec<&str> = std::iter::once(own).chain(named).collect();
        rules.sort_unstable();
        rules.dedup();
        rules
    }

    /// Whether a diagnostic is expected.
    pub fn is_bad(&self) -> bool {
        let mut expected = self.files.iter().flat_map(|file| &file.expected);
        expected.any(|expected| matches!(expected.kind, ExpectedKind::Diagnostic { .. }))
    }
}
