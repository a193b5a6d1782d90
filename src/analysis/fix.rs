//! Fixing: check, choose fixes, apply them to the files in memory, check again, until nothing is left to do.
//!
//! Invariant: a fix is kept only if the check of its result, by every rule that is on and over all files, finds what it was
//! for gone and nothing else broken, and if the files were never so before. So fixing comes to an end, though two fixes may
//! each break what the other one mends.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::fixed::{FixedFile, FixedLink, changed_files, changed_links, fingerprint, with_texts};
use super::pins::Pins;
use super::{History, Input, Outcome, Request, RequestError, check_files};
use crate::config::Settings;
use crate::diagnostic::{Applicability, Diagnostic, Edit, FixAccount};
use crate::engine::{Candidate, Left, Refusals, Tally, Wish, broken, choose, texts};
use crate::rule::{Facts, RuleSet};
use crate::syntax::hcl::Document;
use crate::syntax::{Date, SourceFile};
use crate::text::FileId;
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
    /// How many diagnostics there were at first.
    found: Option<usize>,
    /// How the files were after each round.
    seen: BTreeSet<u64>,
}

impl Progress {
    fn new(files: FileSet) -> Progress {
        let seen = BTreeSet::from([fingerprint(&files)]);
        let original = files.clone();
        let (done, refused) = (Vec::new(), Refused::default());
        Progress { original, files, done, refused, found: None, seen }
    }
}

impl Fixer<'_> {
    /// Applies the fixes that `wish` allows to what is reported about `files`.
    pub(super) fn fix(&self, files: FileSet, wish: &Wish) -> Result<Fixed, RequestError> {
        self.go_on(&mut Progress::new(files), wish)
    }

    fn go_on(&self, progress: &mut Progress, wish: &Wish) -> Result<Fixed, RequestError> {
        let Progress { original, files, done, refused, found, seen } = progress;
        let mut state = self.state(files.clone())?;
        let found = *found.get_or_insert(state.outcome.report.diagnostics.len());
        for _ in 0..MOST_ROUNDS {
            let Outcome { sources, report, .. } = &state.outcome;
            let choice = choose(sources, &report.diagnostics, wish, &refused.seen);
            if choice.taken.is_empty() {
                break;
            }
            let mut round = Round { fixer: self, base: &state, seen, kept: Vec::new(), next: None };
            let taken: Vec<&Candidate> = choice.taken.iter().collect();
            round.take(&taken, refused);
            let Round { kept, next, .. } = round;
            done.extend(kept.iter().map(|candidate| candidate.done(&state.outcome.sources)));
            if let Some(next) = next {
                seen.insert(fingerprint(&next.files));
                state = next;
            }
        }
        let State { files: last, mut outcome, .. } = state;
        let choice = choose(&outcome.sources, &outcome.report.diagnostics, wish, &refused.seen);
        let left: Vec<Left> =
            choice.left.into_iter().map(|it| it.unwrap_or(Left::Overlap)).collect();
        let (changes, links) = (changed_files(original, &last), changed_links(original, &last));
        let told = refused.told(&outcome);
        let mut account = account(done, &left, changes.len() + links.len(), told);
        account.along = found.saturating_sub(account.fixed + left.len());
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

fn account(done: &[Done], left: &[Left], files: usize, refused: Vec<String>) -> FixAccount {
    let mut reasons: BTreeMap<Left, usize> = BTreeMap::new();
    for reason in left {
        *reasons.entry(*reason).or_default() += 1;
    }
    FixAccount {
        fixed: done.iter().map(|done| done.diagnostics).sum(),
        files,
        left: reasons.into_iter().map(|(reason, count)| (reason.words(), count)).collect(),
        refused,
        along: 0,
    }
}

/// What stays the same from round to round.
pub(super) struct Fixer<'a> {
    pub(super) settings: &'a Settings,
    pub(super) rules: &'a RuleSet,
    pub(super) today: Date,
    pub(super) past: Past,
    pub(super) history: &'a History<'a>,
    pub(super) request: &'a Request,
}

/// The files at some point, and what is wrong with them.
struct State {
    files: FileSet,
    /// The answer to what was asked.
    outcome: Outcome,
    /// All that is wrong, whether it was asked for or not.
    tally: Tally,
}

impl Fixer<'_> {
    fn state(&self, files: FileSet) -> Result<State, RequestError> {
        let mut asked = Request { is_last: false, ..self.request.clone() };
        let outcome = self.check(files.clone(), &asked, self.history)?;
        let mut tally = Tally::default();
        // Of a part of the repo nothing more can be known than was asked for.
        if self.request.facts == Facts::Stack {
            tally.add(&outcome.report, &outcome.sources);
            return Ok(State { files, outcome, tally });
        }
        asked.stacks.clear();
        asked.paths.clear();
        asked.baseline = None;
        let wholly = History { past: &|| self.past.clone(), base: None, plans: None };
        let is_asked = asked.rules.is_empty();
        if !is_asked {
            let own = self.check(files.clone(), &asked, &wholly)?;
            tally.add(&own.report, &own.sources);
            asked.rules.clear();
        }
        if is_asked && asked == *self.request && self.history.base.is_none() {
            tally.add(&outcome.report, &outcome.sources);
        } else {
            let all = self.check(files.clone(), &asked, &wholly)?;
            tally.add(&all.report, &all.sources);
        }
        Ok(State { files, outcome, tally })
    }

    fn check(
        &self,
        files: FileSet,
        request: &Request,
        history: &History<'_>,
    ) -> Result<Outcome, RequestError> {
        let history =
            History { past: &|| self.past.clone(), base: history.base, plans: history.plans };
        check_files(files, self.settings, self.rules, self.today, &history, request)
    }
}

/// Fixes that are not to be tried again.
#[derive(Default)]
struct Refused {
    seen: Refusals,
    /// Which rule's, and why; with what they were for.
    told: BTreeMap<String, Refusals>,
}

impl Refused {
    fn add(&mut self, candidate: &Candidate, outcome: &Outcome, why: &str) {
        let mut paths = candidate.paths(&outcome.sources);
        paths.dedup();
        let paths = paths.join(", ");
        let told = format!("{}: {} ({paths}): {why}", candidate.rule, candidate.title);
        let told = self.told.entry(told).or_default();
        for diagnostic in candidate.of(outcome) {
            told.add(diagnostic, &outcome.sources);
            self.seen.add(diagnostic, &outcome.sources);
        }
    }

    /// What is told of those for which there is something left: another fix may have done it.
    fn told(&self, last: &Outcome) -> Vec<String> {
        let is_left = |refusals: &Refusals| {
            let mut left = last.report.diagnostics.iter();
            left.any(|diagnostic| refusals.has(diagnostic, &last.sources))
        };
        self.told.iter().filter(|(_, it)| is_left(it)).map(|(told, _)| told.clone()).collect()
    }
}

/// The fixes of one round: all edits are about the same texts.
struct Round<'a> {
    fixer: &'a Fixer<'a>,
    base: &'a State,
    /// How the files were after each round.
    seen: &'a BTreeSet<u64>,
    kept: Vec<&'a Candidate>,
    /// The files with those that are kept.
    next: Option<State>,
}

/// Why some fixes are not kept.
struct Objection {
    why: String,
    /// For those that are to blame, by position, why.
    blamed: BTreeMap<usize, String>,
}

impl Objection {
    /// Nobody knows whose fault it is.
    fn of_all(why: impl Into<String>) -> Objection {
        Objection { why: why.into(), blamed: BTreeMap::new() }
    }
}

impl<'a> Round<'a> {
    /// Keeps those of `trial` that do what they are for. If all of them together do not, a part of them may: without those that
    /// are to blame, or else one half and the other.
    fn take(&mut self, trial: &[&'a Candidate], refused: &mut Refused) {
        if trial.is_empty() {
            return;
        }
        let Objection { why, blamed } = match self.with(trial) {
            Ok(state) => {
                self.kept.extend(trial);
                self.next = Some(state);
                return;
            }
            Err(objection) => objection,
        };
        if let [alone] = trial {
            return refused.add(alone, &self.base.outcome, &why);
        }
        if blamed.len() == trial.len() {
            for (candidate, why) in trial.iter().zip(blamed.values()) {
                refused.add(candidate, &self.base.outcome, why);
            }
            return;
        }
        let (first, second): (Vec<&Candidate>, Vec<&Candidate>) = if blamed.is_empty() {
            let (first, second) = trial.split_at(trial.len() / 2);
            (first.to_vec(), second.to_vec())
        } else {
            let (second, first): (Vec<_>, Vec<_>) =
                trial.iter().enumerate().partition(|(at, _)| blamed.contains_key(at));
            let only =
                |it: Vec<(usize, &&'a Candidate)>| it.into_iter().map(|(_, it)| *it).collect();
            (only(first), only(second))
        };
        self.take(&first, refused);
        self.take(&second, refused);
    }

    /// The files with what is kept and `trial`, or why that must not be.
    fn with(&self, trial: &[&'a Candidate]) -> Result<State, Objection> {
        let State { files, outcome, tally } = self.base;
        let all = || self.kept.iter().chain(trial);
        let edits = all().flat_map(|candidate| &candidate.edits);
        let texts = texts(&outcome.sources, edits)
            .map_err(|wrong| Objection::of_all(format!("{wrong}; this is a bug in tautline")))?;
        let source = |file: FileId| outcome.sources.get(file.index()).cloned();
        self.objection(trial, &broken(&source, &texts))?;
        let mut files = with_texts(files, &outcome.sources, texts);
        for link in all().flat_map(|candidate| &candidate.links) {
            files.set_link(&link.path, &link.target);
        }
        if self.seen.contains(&fingerprint(&files)) {
            return Err(Objection::of_all("another fix would undo it"));
        }
        // With a word that was evidence for a pack the settings may lose their ground.
        let next = self.fixer.state(files).map_err(|wrong| Objection::of_all(wrong.to_string()))?;
        let before = self.next.as_ref().map_or(tally, |state| &state.tally);
        let gains = next.tally.gains_over(before);
        self.objection(trial, &gains)?;
        // What was found may only be gone because nobody can read any more what is written there.
        let blind = trial.iter().flat_map(|candidate| {
            let texts = candidate.texts(&outcome.sources).into_iter();
            texts.filter_map(|path| {
                let rule = &candidate.rule;
                let why = format!("`{rule}` could no longer tell what is in {path}");
                next.tally.is_blinder_than(before, rule, &path).then_some((path, why))
            })
        });
        self.objection(trial, &blind.collect())?;
        let cures = |cured: &[&Candidate]| {
            let cured = cured.iter().flat_map(|candidate| candidate.of(outcome));
            next.tally.cures(cured, &outcome.sources, before)
        };
        if !cures(trial) {
            let why = "the rule would not be met".to_owned();
            let guilty = trial.iter().enumerate().filter(|(_, candidate)| !cures(&[candidate]));
            let blamed = guilty.map(|(at, _)| (at, why.clone())).collect();
            return Err(Objection { why, blamed });
        }
        Ok(next)
    }

    /// An error where something is `wrong` in a file: those of `trial` that change it are to blame.
    fn objection(
        &self,
        trial: &[&Candidate],
        wrong: &BTreeMap<Box<str>, String>,
    ) -> Result<(), Objection> {
        let Some(why) = wrong.values().next().cloned() else { return Ok(()) };
        Err(Objection { why, blamed: blamed(trial, wrong, &self.base.outcome.sources) })
    }
}

/// Those of `trial` in whose files something is worse, where nobody else changes them.
fn blamed(
    trial: &[&Candidate],
    gains: &BTreeMap<Box<str>, String>,
    sources: &[SourceFile],
) -> BTreeMap<usize, String> {
    let mut editors: BTreeMap<Box<str>, Vec<usize>> = BTreeMap::new();
    for (at, candidate) in trial.iter().enumerate() {
        for path in candidate.paths(sources) {
            editors.entry(path).or_default().push(at);
        }
    }
    let of_one = gains.iter().filter_map(|(path, why)| match editors.get(path)?.as_slice() {
        [only] => Some((*only, why.clone())),
        _ => None,
    });
    of_one.collect()
}

impl Candidate {
    /// The diagnostics that it is for.
    fn of<'o>(&'o self, outcome: &'o Outcome) -> impl Iterator<Item = &'o Diagnostic> {
        let all = &outcome.report.diagnostics;
        self.diagnostics.iter().filter_map(|at| all.get(*at))
    }

    fn paths(&self, sources: &[SourceFile]) -> Vec<Box<str>> {
        let files: BTreeSet<_> = self.edits.iter().map(|edit| edit.span.file).collect();
        let texts = files.iter().filter_map(|file| Some(sources.get(file.index())?.path.clone()));
        texts.chain(self.links.iter().map(|link| link.path.clone())).collect()
    }

    /// The files in which it changes text that only rules read: what HCL says may well be unknown afterwards, as the value
    /// of a variable is, and so is what fills in a template.
    fn texts(&self, sources: &[SourceFile]) -> BTreeSet<Box<str>> {
        let is_text = |edit: &&Edit, source: &SourceFile| {
            let has_hole = ["${", "%{", "{{"].iter().any(|hole| edit.text.contains(hole));
            let is_inside =
                |tree: &Document| tree.body.surroundings(edit.span.range.start).template.is_some();
            !has_hole && source.hcl.as_ref().is_none_or(is_inside)
        };
        let changed = self.edits.iter().filter_map(|edit| {
            let source = sources.get(edit.span.file.index())?;
            is_text(&edit, source).then(|| source.path.clone())
        });
        changed.collect()
    }

    fn done(&self, sources: &[SourceFile]) -> Done {
        Done {
            rule: Arc::clone(&self.rule),
            title: self.title.clone(),
            applicability: self.applicability,
            paths: self.paths(sources),
            diagnostics: self.diagnostics.len(),
        }
    }
}
