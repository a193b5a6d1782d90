//! Fixing: check, choose fixes, apply them to the files in memory, check again, until nothing is left to do.
//!
//! Invariant: a fix is kept only if the check of its result, by every rule that is on and over all files, finds what it was
//! for gone and nothing else broken, and if the files were never so before. So fixing comes to an end, though two fixes may
//! each break what the other one mends.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::fixed::{FixedFile, FixedLink, changed_files, changed_links, fingerprint};
use super::memory::{Memory, Unparsed};
use super::pins::Pins;
use super::round::Round;
use super::{History, Input, Outcome, Request, RequestError, check_files};
use crate::config::Settings;
use crate::diagnostic::{Applicability, FixAccount};
use crate::engine::{Candidate, Left, Refusals, Said, Tally, Wish, choose};
use crate::rule::{Facts, RuleSet};
use crate::syntax::Date;
use crate::workspace::{FileSet, Past};

/// So often files are checked again at most. Each round fixes something, so only a repo with a block in which more is to
/// be fixed than this comes here.
const MOST_ROUNDS: usize = 100;

/// What fixing gives.
#[derive(Debug, Default)]
pub struct Fixed {
    /// The files that say something else now, by path.
    pub files: Vec<FixedFile>,
    /// The symbolic links that lead somewhere now, by path.
    pub links: Vec<FixedLink>,
    /// The check of what they say now: what is left to report.
    pub outcome: Outcome,
    /// What was done, in the order in which it was.
    pub done: Vec<Done>,
    /// For each diagnostic that is left, why.
    pub left: Vec<Left>,
}

impl Fixed {
    /// Whether anything is another way now.
    pub fn changes_anything(&self) -> bool {
        !self.files.is_empty() || !self.links.is_empty()
    }
}

/// A fix that was applied.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Done {
    /// The rule whose diagnostics it was for.
    pub rule: Arc<str>,
    /// What it did.
    pub title: String,
    /// Its label.
    pub applicability: Applicability,
    /// The files that it changed, and the links that it made.
    pub paths: Vec<Box<str>>,
    /// How many diagnostics it was for.
    pub diagnostics: usize,
}

/// Applies the fixes that `wish` allows to what `request` reports, over and over.
pub fn fix(
    input: Input,
    history: &History<'_>,
    request: &Request,
    wish: &Wish,
) -> Result<Fixed, RequestError> {
    let Input { files, mut settings, mut rules, today } = input;
    known(&wish.only, &rules)?;
    let past = (history.past)();
    let mut pins = Pins::take(&settings, &mut rules);
    let mut progress = Progress::new(files);
    let memory = Memory::default();
    loop {
        let packs =
            pins.as_mut().map(|pins| pins.pin(&mut settings, &mut rules, &progress.files, request));
        let packs = packs.transpose()?;
        let fixer = Fixer {
            settings: &settings,
            rules: &rules,
            today,
            past: past.clone(),
            history,
            request,
            memory: &memory,
        };
        let mut fixed = fixer.go_on(&mut progress, wish)?;
        // What a fix writes may be evidence for more packs, and they may have something to mend.
        let has_more = match &pins {
            Some(pins) if fixed.changes_anything() => {
                pins.has_more(&mut settings, &mut rules, &progress.files, request)?
            }
            _ => false,
        };
        if !has_more {
            if let Some(packs) = packs {
                fixed.outcome.report.summary.packs = packs;
            }
            return Ok(fixed);
        }
    }
}

/// How far fixing has come.
struct Progress {
    original: FileSet,
    files: FileSet,
    done: Vec<Done>,
    refused: Refused,
    /// What was found before anything was fixed; of packs that fixes switched on, when they were.
    found: Said,
    /// What the fixes that were applied were for.
    mended: Said,
    /// How the files were after each round.
    seen: BTreeSet<u64>,
}

impl Progress {
    fn new(files: FileSet) -> Progress {
        let seen = BTreeSet::from([fingerprint(&files)]);
        let original = files.clone();
        let (found, mended) = (Said::default(), Said::default());
        let (done, refused) = (Vec::new(), Refused::default());
        Progress { original, files, done, refused, found, mended, seen }
    }
}

impl Fixer<'_> {
    /// Applies the fixes that `wish` allows to what is reported about `files`.
    pub(super) fn fix(&self, files: FileSet, wish: &Wish) -> Result<Fixed, RequestError> {
        self.go_on(&mut Progress::new(files), wish)
    }

    fn go_on(&self, progress: &mut Progress, wish: &Wish) -> Result<Fixed, RequestError> {
        let Progress { original, files, done, refused, found, mended, seen } = progress;
        let mut state = self.state(files.clone())?;
        found.rise_to(&state.said());
        for _ in 0..MOST_ROUNDS {
            let Outcome { sources, report, .. } = &state.outcome;
            let choice = choose(sources, &report.diagnostics, wish, &refused.seen);
            if choice.taken.is_empty() {
                break;
            }
            let mut round = Round::new(self, &state, seen);
            let taken: Vec<&Candidate> = choice.taken.iter().collect();
            round.take(&taken, refused);
            let Round { kept, next, .. } = round;
            done.extend(kept.iter().map(|candidate| candidate.done(&state.outcome.sources)));
            for diagnostic in kept.iter().flat_map(|candidate| candidate.of(&state.outcome)) {
                mended.add(diagnostic, &state.outcome.sources);
            }
            if let Some(next) = next {
                seen.insert(fingerprint(&next.files));
                state = self.complete(next)?;
            }
        }
        let still = state.said();
        let State { files: last, mut outcome, .. } = state;
        let choice = choose(&outcome.sources, &outcome.report.diagnostics, wish, &refused.seen);
        let left: Vec<Left> =
            choice.left.into_iter().map(|it| it.unwrap_or(Left::Overlap)).collect();
        let (changes, links) = (changed_files(original, &last), changed_links(original, &last));
        let told = refused.told(&outcome);
        let mut account = account(&left, changes.len() + links.len(), told);
        account.fixed = found.gone(mended, &still);
        account.along = found.count().saturating_sub(account.fixed + left.len());
        outcome.report.summary.fixes = Some(account);
        *files = last;
        Ok(Fixed { files: changes, links, outcome, done: done.clone(), left })
    }
}

/// Whether all names of `--fix-only` are those of rules or packs.
fn known(names: &[String], rules: &RuleSet) -> Result<(), RequestError> {
    let is_known = |name: &str| rules.rule(name).is_some() || rules.pack(name).is_some();
    let Some(unknown) = names.iter().find(|name| !is_known(name)) else { return Ok(()) };
    Err(RequestError::unknown_rule(unknown, rules))
}

fn account(left: &[Left], files: usize, refused: Vec<String>) -> FixAccount {
    let mut reasons: BTreeMap<Left, usize> = BTreeMap::new();
    for reason in left {
        *reasons.entry(*reason).or_default() += 1;
    }
    let left = reasons.into_iter().map(|(reason, count)| (reason.words(), count)).collect();
    FixAccount { files, left, refused, ..FixAccount::default() }
}

/// What stays the same from round to round.
pub(super) struct Fixer<'a> {
    pub(super) settings: &'a Settings,
    pub(super) rules: &'a RuleSet,
    pub(super) today: Date,
    pub(super) past: Past,
    pub(super) history: &'a History<'a>,
    pub(super) request: &'a Request,
    /// What checks before have made of the files: the next one differs in a few.
    pub(super) memory: &'a Memory,
}

/// The files at some point, and what is wrong with them.
pub(super) struct State {
    pub(super) files: FileSet,
    /// The answer to what was asked.
    pub(super) outcome: Outcome,
    /// All that is wrong, whether it was asked for or not.
    pub(super) tally: Tally,
}

impl State {
    /// What is said of the files.
    fn said(&self) -> Said {
        let mut said = Said::default();
        for diagnostic in &self.outcome.report.diagnostics {
            said.add(diagnostic, &self.outcome.sources);
        }
        said
    }
}

/// Files that were tried, and what is wrong with them.
pub(super) struct Tried {
    pub(super) files: FileSet,
    pub(super) tally: Tally,
    /// The answer to what was asked, where it was needed to know what is wrong.
    pub(super) outcome: Option<Outcome>,
}

impl Fixer<'_> {
    fn state(&self, files: FileSet) -> Result<State, RequestError> {
        self.complete(self.tried(files)?)
    }

    /// The same with the answer to what was asked.
    fn complete(&self, tried: Tried) -> Result<State, RequestError> {
        let Tried { files, tally, outcome } = tried;
        let outcome = match outcome {
            Some(outcome) => outcome,
            None => self.check(files.clone(), &self.asked(), self.history)?,
        };
        Ok(State { files, outcome, tally })
    }

    /// What is asked of each check; none is the last.
    fn asked(&self) -> Request {
        Request { is_last: false, ..self.request.clone() }
    }

    /// Sees what is wrong with `files`.
    pub(super) fn tried(&self, files: FileSet) -> Result<Tried, RequestError> {
        let asked = self.asked();
        let mut tally = Tally::default();
        let mut add = |outcome: &Outcome| {
            let mut found = Tally::default();
            found.add(&outcome.report, &outcome.sources);
            tally.rise_to(&found);
        };
        // Of a part of the repo nothing more can be known than was asked for.
        let whole =
            Request { stacks: Vec::new(), paths: Vec::new(), baseline: None, ..asked.clone() };
        let has_base = self.history.base.is_some();
        let is_whole = whole == asked && asked.rules.is_empty() && !has_base;
        if is_whole || asked.facts == Facts::Stack {
            let outcome = self.check(files.clone(), &asked, self.history)?;
            add(&outcome);
            return Ok(Tried { files, tally, outcome: Some(outcome) });
        }
        let wholly = History { past: &|| self.past.clone(), base: None, plans: None };
        let mut outcome = None;
        if !whole.rules.is_empty() {
            let own = self.check(files.clone(), &whole, &wholly)?;
            add(&own);
            let is_same = whole == asked && !has_base && self.history.plans.is_none();
            outcome = is_same.then_some(own);
        }
        let by_all = Request { rules: Vec::new(), ..whole };
        add(&self.check(files.clone(), &by_all, &wholly)?);
        Ok(Tried { files, tally, outcome })
    }

    fn check(
        &self,
        files: FileSet,
        request: &Request,
        history: &History<'_>,
    ) -> Result<Outcome, RequestError> {
        let history =
            History { past: &|| self.past.clone(), base: history.base, plans: history.plans };
        let files = Unparsed { files, memory: Some(self.memory) };
        check_files(files, self.settings, self.rules, self.today, &history, request)
    }
}

/// Fixes that are not to be tried again.
#[derive(Default)]
pub(super) struct Refused {
    seen: Refusals,
    /// Which rule's, and why; with what they were for.
    told: BTreeMap<String, Refusals>,
}

impl Refused {
    pub(super) fn add(&mut self, candidate: &Candidate, outcome: &Outcome, why: &str) {
        let mut paths = candidate.paths(&outcome.sources);
        paths.dedup();
        let paths = paths.join(", ");
        let told = format!("{}: {} ({paths}): {why}", candidate.rule, candidate.title);
        let told = self.told.entry(told).or_default();
        for refusals in [told, &mut self.seen] {
            let all = &outcome.report.diagnostics;
            refusals.add(&candidate.diagnostics, all, &outcome.sources);
        }
    }

    /// What is told of those for which there is something left: another fix may have done it.
    fn told(&self, last: &Outcome) -> Vec<String> {
        let is_left = |refusals: &Refusals| {
            refusals.among(&last.report.diagnostics, &last.sources).contains(&true)
        };
        self.told.iter().filter(|(_, it)| is_left(it)).map(|(told, _)| told.clone()).collect()
    }
}
