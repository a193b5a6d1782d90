//! Suppressions: which diagnostics a control comment silences, and what is wrong with the comment itself.
//!
//! Invariant: a suppression silences only what it names, where it stands, for as long as it says; one that can no longer
//! do so is reported. Of one whose rule did not judge the file, nothing is said.

use std::collections::BTreeSet;

use rayon::prelude::*;

use super::own::{
    EXPIRED_SUPPRESSION, LOCKED_RULE, MALFORMED_SUPPRESSION, Own, UNKNOWN_RULE, UNUSED_SUPPRESSION,
    Words,
};
use super::{Scope, word};
use crate::config::meant;
use crate::diagnostic::{Diagnostic, Silenced, SilencedBy};
use crate::rule::RuleSet;
use crate::syntax::directive::{self, Control, RuleName};
use crate::syntax::{Date, SourceFile, SyntaxError};
use crate::text::{FileId, Span, TextRange};

/// What suppressions are judged by.
pub struct Judge<'a> {
    /// Raises what is wrong with them.
    pub own: Own<'a>,
    /// The files whose suppressions count.
    pub scope: &'a Scope,
    /// Every rule there is.
    pub rules: &'a RuleSet,
    /// The ids of those that ran and judged all they were shown.
    pub ran: &'a BTreeSet<&'a str>,
    /// The day of the run.
    pub today: Date,
}

/// The diagnostics after suppression.
#[derive(Debug, Default)]
pub struct Suppressed {
    /// Those that are left and those about suppressions, in order.
    pub diagnostics: Vec<Diagnostic>,
    /// Those that were silenced, in order.
    pub silenced: Vec<Silenced>,
}

/// One rule named by one control comment that is in force.
struct Suppression {
    rule: RuleName,
    file: FileId,
    covers: TextRange,
    /// The control comment.
    comment: Span,
    reason: String,
    used: bool,
}

impl Judge<'_> {
    /// Takes out of `diagnostics` what is suppressed, and adds what is wrong with the suppressions.
    pub fn apply(&self, diagnostics: Vec<Diagnostic>) -> Suppressed {
        let mut result = Suppressed::default();
        let mut in_force = self.in_force(&mut result.diagnostics);
        for diagnostic in diagnostics {
            let covering =
                in_force.iter_mut().filter(|suppression| suppression.covers(&diagnostic));
            // The innermost one answers for it, so that an outer one that silences nothing else is known to be unused.
            match covering.min_by_key(|suppression| suppression.covers.len()) {
                Some(suppression) => {
                    suppression.used = true;
                    let by = SilencedBy::Comment(suppression.comment);
                    let reason = Some(suppression.reason.clone());
                    result.silenced.push(Silenced { diagnostic, by, reason });
                }
                None => result.diagnostics.push(diagnostic),
            }
        }
        let unused = in_force.iter().filter(|suppression| !suppression.used);
        result.diagnostics.extend(unused.filter_map(|suppression| self.unused(suppression)));
        word::sort(&mut result.diagnostics);
        result
    }

    /// The suppressions in force; what keeps others from it goes to `problems`.
    fn in_force(&self, problems: &mut Vec<Diagnostic>) -> Vec<Suppression> {
        let sources = self.own.repo.sources;
        let controls: Vec<_> = sources
            .par_iter()
            .filter(|source| self.scope.includes(source.id))
            .flat_map_iter(|source| {
                directive::controls(source).into_iter().map(move |control| (source, control))
            })
            .collect();
        let mut in_force = Vec::new();
        for (source, control) in controls {
            match control {
                Ok(control) => self.check(source, control, problems, &mut in_force),
                Err(error) => {
                    let help = self.without_pack(source, &error).or(error.help);
                    let words = Words { message: error.message, help };
                    problems.extend(self.own.raise(
                        MALFORMED_SUPPRESSION,
                        source.span(error.range),
                        words,
                    ));
                }
            }
        }
        in_force
    }

    /// Whether the control comment is in force, rule by rule.
    fn check(
        &self,
        source: &SourceFile,
        control: Control,
        problems: &mut Vec<Diagnostic>,
        in_force: &mut Vec<Suppression>,
    ) {
        let Control { directive, covers } = control;
        if let Some(until) = directive.until.filter(|until| until.date < self.today) {
            let words = Words {
                message: format!("this suppression ended on {}", until.date),
                help: Some("remove it and what it covers, or agree on a new date".to_owned()),
            };
            problems.extend(self.own.raise(EXPIRED_SUPPRESSION, source.span(until.range), words));
            return;
        }
        for rule in directive.rules {
            let span = source.span(rule.range);
            match self.rules.rule(&rule.id) {
                None => problems.extend(self.unknown(&rule.id, span)),
                Some(known) if known.locked => problems.extend(self.locked(&rule.id, span)),
                Some(_) if !self.ran.contains(&*rule.id) => {}
                Some(_) => {
                    let comment = source.span(directive.range);
                    let reason = directive.reason.clone();
                    let file = source.id;
                    in_force.push(Suppression { rule, file, covers, comment, reason, used: false });
                }
            }
        }
    }

    /// What to type where the list names a rule without its pack.
    fn without_pack(&self, source: &SourceFile, error: &SyntaxError) -> Option<String> {
        let name = &source.text[error.range.indices()];
        let is_name = error.help.as_deref() == Some(directive::NAME_RULES);
        if !is_name || self.rules.pack(name).is_some() {
            return None;
        }
        let near = meant(name, self.rules.rules.iter().map(|rule| &*rule.id))?;
        Some(format!("did you mean `{near}`?"))
    }

    fn unknown(&self, id: &str, span: Span) -> Option<Diagnostic> {
        let known = self.rules.rules.iter().map(|rule| &*rule.id);
        let help = match meant(id, known) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "`tautline rules list` shows every rule".to_owned(),
        };
        let words = Words { message: format!("unknown rule `{id}`"), help: Some(help) };
        self.own.raise(UNKNOWN_RULE, span, words)
    }

    fn locked(&self, id: &str, span: Span) -> Option<Diagnostic> {
        let words = Words {
            message: format!("`{id}` is locked: it cannot be suppressed"),
            help: Some("remove it from the list, and mend what it reports".to_owned()),
        };
        self.own.raise(LOCKED_RULE, span, words)
    }

    fn unused(&self, suppression: &Suppression) -> Option<Diagnostic> {
        let source = &self.own.repo.sources[suppression.file.index()];
        // What is not understood was not judged.
        if source.hcl.as_ref().is_some_and(|document| !document.errors.is_empty()) {
            return None;
        }
        let id = &suppression.rule.id;
        if self.rules.rule(id).is_some_and(|rule| rule.is_off_in(&source.path)) {
            return None;
        }
        let words = Words {
            message: format!("`{id}` has nothing to report here"),
            help: Some(
                "remove it from the suppression, or move it to what it is meant for".to_owned(),
            ),
        };
        self.own.raise(UNUSED_SUPPRESSION, source.span(suppression.rule.range), words)
    }
}

impl Suppression {
    fn covers(&self, diagnostic: &Diagnostic) -> bool {
        let Span { file, range } = diagnostic.span;
        let starts_inside = self.covers.contains_offset(range.start)
            || (range.is_empty() && range.start == self.covers.end);
        self.file == file && starts_inside && *self.rule.id == *diagnostic.rule
    }
}
