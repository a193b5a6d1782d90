//! Waivers and the baseline of a run: what is excused, what of the debt is known, and what of either has become pointless.
//!
//! Invariant: nothing is called gone that this run may only have failed to see: out of scope, by a rule that did not run, in
//! a file that cannot be read, or behind a value that is not known.

use std::collections::BTreeSet;

use super::Run;
use super::load::Loaded;
use crate::diagnostic::{Diagnostic, Silenced};
use crate::engine::{self, Baseline, Debt, Entry, Judged, Settled, Verdicts, WaiverJudge};
use crate::rule::Facts;
use crate::text::FileId;

/// What the run has looked at.
struct Sight<'a> {
    run: &'a Run<'a>,
    loaded: &'a Loaded,
    ran: BTreeSet<&'a str>,
    /// Where a rule met a value that is not known.
    unknown: BTreeSet<(&'a str, FileId)>,
    /// Whether every file could be understood: what is in one that could not may be anything.
    is_clear: bool,
}

impl Run<'_> {
    /// Takes what the settings waive out of `diagnostics` and adds it to `silenced`; adds what is wrong with waivers.
    pub(super) fn waive(
        &self,
        loaded: &Loaded,
        verdicts: &Verdicts,
        diagnostics: &mut Vec<Diagnostic>,
        silenced: &mut Vec<Silenced>,
    ) {
        if self.settings.waivers.is_empty() {
            return;
        }
        let sight = Sight::of(self, loaded, verdicts);
        let source = self.settings.source.as_ref().and_then(|it| self.repo.source(&it.path));
        let judge = WaiverJudge {
            own: self.own(),
            settings: source.filter(|source| self.scope.includes(source.id)),
            was_judged: &|rule| sight.sees_everything() && sight.ran.contains(rule),
            today: self.today,
        };
        judge.apply(&self.settings.waivers, diagnostics, silenced);
    }

    /// Takes what `baseline` knows out of `diagnostics` and adds it to `silenced`; adds what is gone of it.
    pub(super) fn settle(
        &self,
        baseline: &Baseline,
        loaded: &Loaded,
        verdicts: &Verdicts,
        diagnostics: &mut Vec<Diagnostic>,
        silenced: &mut Vec<Silenced>,
    ) -> Debt {
        let sight = Sight::of(self, loaded, verdicts);
        let found = std::mem::take(diagnostics);
        let Settled { new, known, debt } =
            engine::settle(baseline, self.repo.sources, found, &sight);
        *diagnostics = new;
        silenced.extend(known);
        if let Some(source) = self.repo.source(&baseline.source.path) {
            let own = self.own();
            let gone = debt.gone.iter().filter_map(|entry| {
                own.gone(source.span(entry.range), entry, self.rules.rule(&entry.rule).is_some())
            });
            diagnostics.extend(gone);
        }
        debt
    }
}

impl<'a> Sight<'a> {
    fn of(run: &'a Run<'a>, loaded: &'a Loaded, verdicts: &'a Verdicts) -> Sight<'a> {
        let unknown = run
            .selection
            .rules
            .iter()
            .zip(&verdicts.findings)
            .flat_map(|(rule, it)| it.unknown.iter().map(|it| (&*rule.id, it.place.file)));
        Sight {
            run,
            loaded,
            ran: run.ran(verdicts),
            unknown: unknown.collect(),
            is_clear: loaded.failures.is_empty()
                && loaded.not_text.is_empty()
                && !loaded.sources.iter().any(|source| run.repo.is_broken(source)),
        }
    }
}

impl Sight<'_> {
    /// Whether nothing of the repo was left out or not understood.
    fn sees_everything(&self) -> bool {
        self.is_clear && self.is_whole() && self.run.scope.is_everything()
    }
}

impl Judged for Sight<'_> {
    fn may_be_known(&self, diagnostic: &Diagnostic) -> bool {
        self.run.rules.rule(&diagnostic.rule).is_some_and(|rule| !rule.locked)
    }

    fn covers(&self, entry: &Entry) -> bool {
        let scope = self.run.scope;
        let everything = self.sees_everything();
        if !self.is_clear {
            return false;
        }
        match self.run.rules.rule(&entry.rule) {
            // Asked for some rules, nobody wants to hear of others.
            None => return everything && self.run.request.rules.is_empty(),
            Some(rule) if !self.ran.contains(&*rule.id) => return false,
            Some(_) => {}
        }
        match self.run.repo.source(&entry.path) {
            Some(source) => {
                scope.includes(source.id)
                    && !self.unknown.contains(&(entry.rule.as_str(), source.id))
            }
            None => everything && !self.loaded.skipped.iter().any(|it| *it.path == *entry.path),
        }
    }

    fn is_whole(&self) -> bool {
        self.run.request.facts == Facts::Repo
    }
}
