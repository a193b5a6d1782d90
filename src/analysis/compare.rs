//! Reports of what a change brings: what is wrong with the constructs that it touches, and what it did elsewhere.
//!
//! Invariant: of a place that did not change, only what the older state does not have too is reported. So a change answers
//! for all it causes, and for nothing that was there.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use smol_str::SmolStr;

use super::drift::Readings;
use super::load::Loaded;
use super::request::{Selection, says};
use super::{Run, Timings};
use crate::diagnostic::{AffectedStack, Comparison, Diagnostic, Failure, Severity, Way};
use crate::engine::{SYNTAX_ERROR, Scope, guarded};
use crate::model::{Affected, Because, Change, Repo, Stack, Whereabouts};
use crate::rule::Rule;
use crate::workspace::{Base, FileSet, Past};

/// What a run knows of other states than the one it checks: what was, and what plans say would be.
#[derive(Clone, Copy)]
pub struct History<'a> {
    /// Gives what [`wanted_past`](super::wanted_past) asked for; it is asked while files are parsed.
    pub past: &'a (dyn Fn() -> Past + Sync),
    /// The state to compare with.
    pub base: Option<&'a Base>,
    /// The plans that rules judge; none in a run without.
    pub plans: Option<&'a Readings>,
}

/// The two states of a run.
pub(super) struct Compared<'a> {
    pub(super) change: Change<'a>,
    pub(super) base: &'a Base,
    /// The files of the older state.
    pub(super) loaded: &'a Loaded,
    /// Whether only what stands on a new line is reported.
    pub(super) lines: bool,
}

impl Compared<'_> {
    /// Raises what the change adds to the severity that its rule has for that.
    pub(super) fn grade(&self, rules: &[&Rule], found: &mut [Diagnostic]) {
        let added: HashMap<&str, Severity> = rules
            .iter()
            .filter(|rule| rule.override_severity.is_none())
            .filter_map(|rule| Some((&*rule.id, rule.added?)))
            .collect();
        for diagnostic in found {
            if let Some(&severity) = added.get(&*diagnostic.rule)
                && self.change.adds(diagnostic.span)
            {
                diagnostic.severity = diagnostic.severity.max(severity);
            }
        }
    }

    /// What the run says about the comparison.
    pub(super) fn account(&self) -> Comparison {
        Comparison {
            with: self.base.name.clone(),
            commit: self.base.commit.clone(),
            files: self.base.files.len(),
            changes: self.change.size(),
            affected: affected(&self.change),
            removed: self.change.removed_stacks().into_iter().map(str::to_owned).collect(),
        }
    }
}

impl Run<'_> {
    /// Those of `diagnostics` that the change brings. What keeps the older state from being judged goes to `failures`.
    pub(super) fn of_the_change(
        &self,
        compared: &Compared<'_>,
        diagnostics: Vec<Diagnostic>,
        failures: &mut Vec<Failure>,
    ) -> Vec<Diagnostic> {
        let change = &compared.change;
        let about_changes: BTreeSet<&str> = self
            .selection
            .rules
            .iter()
            .filter(|rule| says(rule, |check| check.compares()))
            .map(|rule| &*rule.id)
            .collect();
        let (mut kept, mut elsewhere) = (Vec::new(), Vec::new());
        for diagnostic in diagnostics {
            let span = diagnostic.span;
            if self.selection.for_additions.contains(&diagnostic.rule) {
                if change.adds(span) {
                    kept.push(diagnostic);
                }
            } else if about_changes.contains(&*diagnostic.rule)
                || (compared.lines && change.includes_line(span))
                || (!compared.lines && change.includes(span))
            {
                kept.push(diagnostic);
            } else if !compared.lines || *diagnostic.rule == *SYNTAX_ERROR {
                // A file seldom breaks on the line that broke it, and what is in it is not judged any more.
                elsewhere.push(diagnostic);
            }
        }
        if !elsewhere.is_empty() {
            let mut known = self.older_counts(compared, &elsewhere, failures);
            elsewhere.retain(|diagnostic| {
                let place = change.whereabouts(diagnostic.span);
                match known.get_mut(&same(diagnostic, place)) {
                    Some(count) if *count > 0 => {
                        *count -= 1;
                        false
                    }
                    _ => true,
                }
            });
            kept.extend(elsewhere);
        }
        kept
    }

    /// How often the older state has what the rules of `wanted` report, by place.
    fn older_counts<'c>(
        &self,
        compared: &'c Compared<'c>,
        wanted: &[Diagnostic],
        failures: &mut Vec<Failure>,
    ) -> HashMap<Same<'c>, usize> {
        let ids: BTreeSet<&str> = wanted.iter().map(|diagnostic| &*diagnostic.rule).collect();
        // What the tool says about suppressions depends on what every rule found.
        let all = self.selection.own.iter().any(|rule| ids.contains(&*rule.id));
        let rules = self.selection.rules.iter().copied();
        let selection = Selection {
            rules: rules.filter(|rule| all || ids.contains(&*rule.id)).collect(),
            own: self.selection.own.clone(),
            ..Selection::default()
        };
        let run = Run {
            repo: compared.change.older,
            past: self.past,
            planned: &[],
            settings: self.settings,
            rules: self.rules,
            request: self.request,
            selection: &selection,
            scope: &Scope::everything(),
            today: self.today,
            compared: None,
            stop: self.stop,
        };
        let verdicts = run.judge(&mut Timings::default());
        let mut report = run.report(compared.loaded, Vec::new(), verdicts, &mut None);
        failures.append(&mut report.failures);
        let mut counts = HashMap::new();
        for diagnostic in report.diagnostics {
            let place = compared.change.older_whereabouts(diagnostic.span);
            *counts.entry(same(&diagnostic, place)).or_insert(0) += 1;
        }
        counts
    }
}

/// What makes two diagnostics of two states the same: rule, question, severity and place. The words may differ.
type Same<'c> = (Arc<str>, SmolStr, Severity, Whereabouts<'c>);

fn same<'c>(diagnostic: &Diagnostic, place: Whereabouts<'c>) -> Same<'c> {
    let Diagnostic { rule, outcome, severity, .. } = diagnostic;
    (Arc::clone(rule), outcome.clone(), *severity, place)
}

/// The stacks of a repo.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct StackList {
    /// All of them, or those that a change can reach, in order of their directories.
    pub stacks: Vec<AffectedStack>,
    /// Those that the change removed.
    pub removed: Vec<String>,
    /// Directories that are no stacks, though their like are: other code calls them as modules.
    pub called: Vec<String>,
}

/// The stacks in `files`; with a `base`, those that the change from it can reach. Fails where the files cannot be understood.
pub fn stacks(files: FileSet, base: Option<&Base>) -> Result<StackList, String> {
    let older = base.map(|base| Loaded::read(base.over(&files)));
    let loaded = Loaded::read(files);
    let repo = guarded(|| loaded.repo())?;
    if let (Some(base), Some(older)) = (base, &older) {
        let older = guarded(|| older.repo())?;
        let change = Change::between(&repo, &older, base.differing());
        let removed = change.removed_stacks().into_iter().map(str::to_owned).collect();
        return Ok(without_called(&repo, affected(&change), removed));
    }
    let stacks = repo.stacks.iter().map(|stack| told(stack, Vec::new()));
    Ok(without_called(&repo, stacks.collect(), Vec::new()))
}

fn without_called(repo: &Repo<'_>, stacks: Vec<AffectedStack>, removed: Vec<String>) -> StackList {
    let is_called = |it: &AffectedStack| repo.is_only_called(&it.directory);
    let (called, stacks): (Vec<AffectedStack>, _) = stacks.into_iter().partition(is_called);
    StackList { stacks, removed, called: called.into_iter().map(|it| it.directory).collect() }
}

fn affected(change: &Change<'_>) -> Vec<AffectedStack> {
    let all = change.affected().into_iter().map(|Affected { stack, because }| {
        let stack = change.newer.stack(stack);
        let way = |because| match because {
            Because::Own => Way { kind: "stack", path: stack.dir.to_string() },
            Because::Module(path) => Way { kind: "module", path },
            Because::File(path) => Way { kind: "file", path },
        };
        told(stack, because.into_iter().map(way).collect())
    });
    all.collect()
}

fn told(stack: &Stack, because: Vec<Way>) -> AffectedStack {
    let (name, directory) = (Arc::clone(&stack.name), stack.dir.to_string());
    AffectedStack { stack: name, directory, because }
}

/// Rules judge commits, and the clone does not have all of them.
pub(super) fn cut_history() -> Failure {
    let message = "the clone ends before its history meets what it is compared with, so not all commits are judged: \
                   fetch more of it, with `git fetch --unshallow` or a greater depth";
    Failure { subject: None, message: message.to_owned() }
}
