//! How far the conventions hold: of each rule, how many places it looks at, and in how many of them nothing is wrong.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{History, Input, Outcome, Request, RequestError, check_files};
use crate::diagnostic::{Failure, RuleRun};
use crate::workspace::FileSet;

/// What the rules of a run say of the whole of what they look at.
#[derive(Clone, Debug, Default)]
pub struct Coverage {
    /// The rules that ran now, in order of id.
    pub rules: Vec<Covered>,
    /// How the older state is called; none where there is none to compare with.
    pub since: Option<String>,
    /// What could not be read or judged: the numbers leave it out.
    pub failures: Vec<Failure>,
}

/// How far one rule's convention holds.
#[derive(Clone, Debug)]
pub struct Covered {
    /// What the rule did.
    pub run: RuleRun,
    /// Where nothing is wrong and where something is.
    pub now: Counts,
    /// The same in the older state, if the rule ran there.
    pub before: Option<Counts>,
}

/// How many of the places that a rule looks at are in which state.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Counts {
    /// All of them.
    pub sites: usize,
    /// Where something is wrong, and nothing says that it may be.
    pub open: usize,
    /// Where something is wrong that the baseline knows.
    pub known: usize,
    /// Where something is wrong, and a comment or a waiver says why it may be.
    pub silenced: usize,
    /// Of which nobody knows, because a value is not known.
    pub unknown: usize,
}

impl Counts {
    /// Where the convention is kept.
    pub fn kept(&self) -> usize {
        self.sites.saturating_sub(self.broken() + self.unknown)
    }

    /// The places where the convention is not kept, whatever is said about it.
    pub fn broken(&self) -> usize {
        self.open + self.known + self.silenced
    }

    /// In how many of a thousand judged places the convention is kept, rounded down so that only what is whole looks whole; none where
    /// nothing was judged.
    pub fn per_mille(&self) -> Option<usize> {
        (self.kept() * 1000).checked_div(self.kept() + self.broken())
    }

    fn of(run: &RuleRun) -> Counts {
        let &RuleRun { sites, diagnostics: open, known, suppressed: silenced, unknown, .. } = run;
        Counts { sites, open, known, silenced, unknown }
    }
}

impl std::iter::Sum for Counts {
    fn sum<I: Iterator<Item = Counts>>(all: I) -> Counts {
        all.fold(Counts::default(), |sum, it| Counts {
            sites: sum.sites + it.sites,
            open: sum.open + it.open,
            known: sum.known + it.known,
            silenced: sum.silenced + it.silenced,
            unknown: sum.unknown + it.unknown,
        })
    }
}

/// What the rules that `request` asks for say of `input`, and of the state that `history` compares with: by the same rules and
/// settings, so that what differs is the code.
pub fn coverage(
    input: Input,
    history: &History<'_>,
    request: &Request,
) -> Result<Coverage, RequestError> {
    let Input { files, settings, rules, today } = input;
    let older = history.base.map(|base| base.over(&files));
    let by_itself = History { base: None, ..*history };
    let run =
        |files: FileSet| check_files(files.into(), &settings, &rules, today, &by_itself, request);
    let Outcome { report, .. } = run(files)?;
    let mut before: BTreeMap<Arc<str>, Counts> = BTreeMap::new();
    let mut failures = report.failures;
    if let Some(older) = older {
        let Outcome { report, .. } = run(older)?;
        let of_older = report
            .failures
            .into_iter()
            .map(|it| Failure { message: format!("before: {}", it.message), ..it });
        failures.extend(of_older);
        let counts = |run: &RuleRun| (Arc::clone(&run.rule), Counts::of(run));
        before.extend(report.summary.rules.iter().map(counts));
    }
    let covered = |run: RuleRun| {
        let (now, before) = (Counts::of(&run), before.get(&run.rule).copied());
        Covered { run, now, before }
    };
    Ok(Coverage {
        rules: report.summary.rules.into_iter().map(covered).collect(),
        since: history.base.map(|base| base.name.clone()),
        failures,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_whole_is_a_thousand() {
        let counts = Counts { sites: 100_000, open: 1, ..Counts::default() };
        assert_eq!((counts.kept(), counts.per_mille()), (99_999, Some(999)));
        assert_eq!(Counts { sites: 3, ..Counts::default() }.per_mille(), Some(1000));
    }

    #[test]
    fn what_is_not_known_is_neither() {
        let counts = Counts { sites: 4, silenced: 1, unknown: 2, ..Counts::default() };
        assert_eq!((counts.kept(), counts.per_mille()), (1, Some(500)));
        assert_eq!(Counts { sites: 2, unknown: 2, ..Counts::default() }.per_mille(), None);
    }
}
