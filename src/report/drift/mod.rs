//! A drift report → text for people or bytes for programs, one file per format.
//!
//! Invariant: as in the rest of this layer, a renderer decides nothing and does no I/O; the same view gives the same
//! bytes. Of values it knows only what [`Shown`](crate::drift::Shown) lets it know, and of code only what [`Code`] lets it
//! print.

mod html;
mod json;
mod markdown;
mod openmetrics;
mod patch;
pub mod predict;
mod sarif;
mod slack;
mod state;
mod text;
pub(super) mod value;
pub(super) mod words;

pub use html::render as html;
pub use json::render as json;
pub use markdown::render as markdown;
pub use openmetrics::render as openmetrics;
pub use sarif::render as sarif;
pub use slack::render as slack;
pub use state::{StateView, json as state_json, text as state_text};
pub use text::render as text;
pub use words::{CLASSES, class_meaning, class_of, status_word};

use super::Code;
use crate::diagnostic::Severity;
use crate::drift::{Class, DriftReport, Finding, Group, StackReport, Status, Verdict};
use crate::text::Span;
use words::{STATUSES, confidence_word};

/// What a renderer sees.
#[derive(Clone, Copy)]
pub struct DriftView<'a> {
    /// The result.
    pub report: &'a DriftReport,
    /// The code that it speaks of.
    pub code: Code<'a>,
    /// The classes to show; none for all. Counts are never filtered.
    pub classes: &'a [Class],
    /// Whether to show what is of no consequence.
    pub show_noise: bool,
}

/// A group, and those of its findings that are shown.
struct ShownGroup<'a> {
    group: &'a Group,
    findings: Vec<&'a Finding>,
    /// The indices of the findings.
    numbers: Vec<usize>,
}

impl<'a> DriftView<'a> {
    /// The whole of `report`, as it is told if nobody asks for more or less.
    pub fn new(report: &'a DriftReport, code: Code<'a>) -> DriftView<'a> {
        DriftView { report, code, classes: &[], show_noise: false }
    }

    fn shows(&self, finding: &Finding) -> bool {
        let is_noise = matches!(finding.class, Class::Noise | Class::Read);
        let is_asked = self.classes.contains(&finding.class);
        is_asked || (self.classes.is_empty() && (self.show_noise || !is_noise))
    }

    /// The findings to show, in order.
    fn findings(&self) -> impl Iterator<Item = &'a Finding> + use<'a, '_> {
        self.report.findings.iter().filter(|finding| self.shows(finding))
    }

    /// The findings of `stack` to show, in order, each with its index.
    fn findings_of(&self, stack: &'a StackReport) -> Vec<(usize, &'a Finding)> {
        let all = stack.findings.iter().filter_map(|&at| Some((at, self.report.findings.get(at)?)));
        all.filter(|(_, finding)| self.shows(finding)).collect()
    }

    /// The groups with something to show, in order.
    fn groups(&self) -> Vec<ShownGroup<'a>> {
        let shown = |group: &'a Group| {
            let all =
                group.findings.iter().filter_map(|&at| Some((at, self.report.findings.get(at)?)));
            let (numbers, findings): (Vec<usize>, Vec<&Finding>) =
                all.filter(|(_, finding)| self.shows(finding)).unzip();
            (!findings.is_empty()).then_some(ShownGroup { group, findings, numbers })
        };
        self.report.groups.iter().filter_map(shown).collect()
    }

    /// The name of the stack with this number.
    fn stack_name(&self, at: usize) -> &'a str {
        self.report.stacks.get(at).map_or("", |stack| stack.stack.name.as_str())
    }

    /// The stacks of which nobody knows how they stand, for whatever reason.
    fn broken(&self) -> Vec<&'a StackReport> {
        let is_broken = |stack: &&StackReport| {
            matches!(self.report.verdict_of(stack), Verdict::Error | Verdict::Incomplete)
        };
        self.report.stacks.iter().filter(is_broken).collect()
    }

    /// The stacks that were left out on purpose, or of which somebody knows that they cannot be measured.
    fn left_out(&self) -> Vec<&'a StackReport> {
        let is_left_out = |stack: &&StackReport| {
            stack.status >= Status::NotMeasured && self.report.verdict_of(stack) == Verdict::Clean
        };
        self.report.stacks.iter().filter(is_left_out).collect()
    }

    /// How many stacks stand so.
    fn count(&self, status: Status) -> usize {
        self.report.counts.stacks.iter().filter(|(it, _)| *it == status).map(|(_, n)| n).sum()
    }

    /// How many stacks stand how, the ones that most want a person first: `3 drift`.
    fn counted(&self) -> Vec<String> {
        let counts = STATUSES.map(|status| (self.count(status), status_word(status)));
        let some = counts.into_iter().filter(|(count, _)| *count > 0);
        some.map(|(count, word)| format!("{count} {word}")).collect()
    }

    /// The names of the first `most` of `stacks`, each made fit by `shown`, and how many are left out.
    fn names(&self, stacks: &[usize], most: usize, shown: impl Fn(&str) -> String) -> String {
        let named = stacks.iter().take(most).map(|&at| shown(self.stack_name(at)));
        let named = named.collect::<Vec<_>>().join(", ");
        match stacks.len().saturating_sub(most) {
            0 => named,
            more => format!("{named} and {more} more"),
        }
    }
}

impl<'a> ShownGroup<'a> {
    /// The stacks of the findings that are shown, as numbers, each once, in order.
    fn stacks(&self) -> Vec<usize> {
        let mut stacks: Vec<usize> = self.findings.iter().map(|finding| finding.stack).collect();
        stacks.sort_unstable();
        stacks.dedup();
        stacks
    }

    /// What makes it dangerous, each once, in order.
    fn dangers(&self) -> Vec<&'a crate::drift::Danger> {
        let mut dangers: Vec<_> = self.findings.iter().flat_map(|it| &it.dangers).collect();
        let mut seen = std::collections::BTreeSet::new();
        dangers.retain(|danger| seen.insert((danger.risk, danger.message.as_str())));
        dangers
    }

    /// How many edits settle the findings besides the one that settles `first`.
    fn other_fixes(&self, first: &Finding) -> usize {
        let place = |it: &Finding| it.fix.as_ref()?.edits.first().map(|edit| edit.span);
        let places: std::collections::BTreeSet<Span> =
            self.findings.iter().filter_map(|it| place(it)).collect();
        places.len() - usize::from(place(first).is_some())
    }

    /// Who did it and how sure that is, as far as the title does not say it.
    fn who(&self) -> Option<String> {
        let cause = &self.group.cause;
        let is_said = self.group.title.contains(&cause.summary);
        let actor = cause
            .actor
            .as_ref()
            .map(|actor| format!("`{actor}`, {}", confidence_word(cause.confidence)));
        match (actor, is_said) {
            (Some(actor), true) => Some(actor),
            (Some(actor), false) => Some(format!("{actor}: {}", cause.summary)),
            (None, true) => None,
            (None, false) => Some(cause.summary.clone()),
        }
    }

    /// What to do about it: what its cause asks for, else its first finding.
    fn advice(&self) -> &'a str {
        let first = || self.findings.first().map(|finding| finding.advice.as_str());
        self.group.cause.advice.as_deref().or_else(first).unwrap_or_default()
    }

    /// Whether nobody need look: Terraform leaves it so, nothing about it is dangerous, or somebody knows of it.
    fn is_quiet(&self) -> bool {
        self.findings
            .iter()
            .all(|finding| finding.acknowledged().is_some() || severity(finding) == Severity::Info)
    }
}

/// Why `stack` is not measured, on one line.
fn why(stack: &StackReport) -> &str {
    let problem = stack.problems.iter().find(|problem| problem.is_error);
    let why = problem.map(|it| it.summary.as_str());
    why.or(stack.evidence.first().map(String::as_str)).unwrap_or_default()
}

/// How bad `finding` is, in the linter's words.
fn severity(finding: &Finding) -> Severity {
    if !finding.dangers.is_empty() {
        return Severity::Error;
    }
    severity_of(finding.class)
}

/// How bad a difference of this class is where nothing about it is special.
fn severity_of(class: Class) -> Severity {
    match class {
        Class::DeletedOutside | Class::Conflict | Class::OutOfBand => Severity::Error,
        Class::Deposed | Class::Unapplied => Severity::Warning,
        _ => Severity::Info,
    }
}
