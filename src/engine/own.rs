//! The tool's own diagnostics: rules of the locked pack `tautline`, which no check judges. How bad each is stands in its
//! entry, like any rule's; what is said is said here, because only the parser and the engine know it.

use std::sync::Arc;

use smol_str::SmolStr;

use super::{Entry, Scope, word};
use crate::config::Level;
use crate::diagnostic::Diagnostic;
use crate::model::Repo;
use crate::rule::Rule;
use crate::syntax::{Format, HclUse, SourceFile};
use crate::text::Span;
use crate::workspace::Skip;

/// Broken HCL.
pub const SYNTAX_ERROR: &str = "tautline/syntax-error";
/// A control comment that is misspelt, gives no reason or is attached to nothing.
pub(super) const MALFORMED_SUPPRESSION: &str = "tautline/malformed-suppression";
/// A suppression of a rule that does not exist.
pub const UNKNOWN_RULE: &str = "tautline/unknown-rule";
/// A suppression of a rule that cannot be suppressed.
pub const LOCKED_RULE: &str = "tautline/locked-rule";
/// A suppression whose last day has passed.
pub const EXPIRED_SUPPRESSION: &str = "tautline/expired-suppression";
/// A suppression of a rule that has nothing to report there.
pub const UNUSED_SUPPRESSION: &str = "tautline/unused-suppression";

/// An entry of the baseline that has nothing left to answer for.
pub const STALE_BASELINE: &str = "tautline/stale-baseline";

/// The ids of all of them, sorted.
pub const OWN_RULES: [&str; 7] = [
    EXPIRED_SUPPRESSION,
    LOCKED_RULE,
    MALFORMED_SUPPRESSION,
    STALE_BASELINE,
    SYNTAX_ERROR,
    UNKNOWN_RULE,
    UNUSED_SUPPRESSION,
];

/// What is wrong, and what to type.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Words {
    pub(super) message: String,
    pub(super) help: Option<String>,
}

/// Raises the tool's own diagnostics.
#[derive(Clone, Copy)]
pub struct Own<'a> {
    /// The model.
    pub repo: &'a Repo<'a>,
    /// The rules of the tool's own that are wanted.
    pub rules: &'a [&'a Rule],
}

impl Own<'_> {
    /// A diagnostic of the rule `id`; `None` where that is not wanted.
    pub(super) fn raise(&self, id: &str, span: Span, words: Words) -> Option<Diagnostic> {
        let rule = self.rules.iter().find(|rule| &*rule.id == id)?;
        let path = &self.repo.sources[span.file.index()].path;
        let severity = match rule.level_in(path) {
            Some(Level::At(severity)) => severity,
            Some(Level::Off) | None => rule.usual_severity(),
        };
        Some(Diagnostic {
            rule: Arc::clone(&rule.id),
            outcome: SmolStr::default(),
            convention: None,
            severity,
            message: words.message,
            help: words.help,
            span,
            related: Vec::new(),
            stack: word::stack_of(self.repo, path),
            address: None,
            fix: None,
        })
    }

    /// What is broken in the HCL files in `scope`. An example need not be valid before somebody fills it in, and a template before
    /// the code has.
    pub fn syntax_errors(&self, scope: &Scope) -> Vec<Diagnostic> {
        let is_judged = |source: &&SourceFile| {
            scope.includes(source.id) && source.format != Format::Hcl(HclUse::Example)
        };
        let judged = self.repo.sources.iter().filter(is_judged);
        let sources = judged.filter(|source| self.repo.is_broken(source));
        let errors = sources.flat_map(|source| {
            let errors = source.hcl.iter().flat_map(|document| &document.errors);
            errors.map(|error| (source.span(error.range), error))
        });
        errors
            .filter_map(|(span, error)| {
                let words = Words { message: error.message.clone(), help: error.help.clone() };
                self.raise(SYNTAX_ERROR, span, words)
            })
            .collect()
    }

    /// What is gone of `entry`, whose line is at `span`. Its rule may not exist any more.
    pub fn gone(&self, span: Span, entry: &Entry, rule_exists: bool) -> Option<Diagnostic> {
        let Entry { rule, count, .. } = entry;
        let message = match count {
            _ if !rule_exists => format!("there is no rule `{rule}` any more"),
            1 => format!("`{rule}` has nothing to report any more {}", entry.place()),
            _ => format!("`{rule}` has {count} less to report {}", entry.place()),
        };
        let help = Some("`tautline baseline prune` takes it out".to_owned());
        self.raise(STALE_BASELINE, span, Words { message, help })
    }

    /// A file that ought to be HCL and is no text at all. `span` is its start.
    pub fn not_read(&self, span: Span, why: &Skip) -> Option<Diagnostic> {
        let help = match why {
            Skip::Dangling(_) => "let it lead to the file that was meant, or take the link away",
            _ => "HCL is UTF-8 text: convert the file, or list it in `exclude` of `tautline.hcl`",
        };
        let words =
            Words { message: format!("this file is not read: {why}"), help: Some(help.to_owned()) };
        self.raise(SYNTAX_ERROR, span, words)
    }
}
