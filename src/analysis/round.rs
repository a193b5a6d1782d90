//! One round of fixing: which of the fixes that were chosen are kept, found out with as few checks as may be.
//!
//! Invariant: whatever is kept was checked together with all that was kept before it, over all files.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::Outcome;
use super::fix::{Done, Fixer, Refused, State, Tried};
use super::fixed::{fingerprint, with_texts};
use crate::diagnostic::{Diagnostic, Edit};
use crate::engine::{Candidate, Tally, breaks_rule, broken, texts};
use crate::syntax::SourceFile;
use crate::syntax::hcl::Document;
use crate::text::FileId;
use crate::workspace::FileSet;

/// The fixes of one round: all edits are about the same texts.
pub(super) struct Round<'a> {
    fixer: &'a Fixer<'a>,
    base: &'a State,
    /// How the files were after each round.
    seen: &'a BTreeSet<u64>,
    pub(super) kept: Vec<&'a Candidate>,
    /// The files with those that are kept.
    pub(super) next: Option<Tried>,
    /// What was wrong with files that were tried and not kept, by their fingerprint. When the first part of some fixes is kept,
    /// the second one leads to where all of them together have led.
    known: BTreeMap<u64, Tally>,
}

/// Why some fixes are not kept.
struct Objection {
    why: String,
    /// For those that are to blame, by position, why.
    blamed: BTreeMap<usize, String>,
    /// Those that are probably to blame, by position, in groups: of each at least one is.
    suspects: Vec<Vec<usize>>,
}

impl Objection {
    /// Nobody knows whose fault it is.
    fn of_all(why: impl Into<String>) -> Objection {
        Objection { why: why.into(), blamed: BTreeMap::new(), suspects: Vec::new() }
    }
}

impl<'a> Round<'a> {
    /// A round of `fixer` with what is found in `base`; files must not come to be as they were `seen`.
    pub(super) fn new(fixer: &'a Fixer<'a>, base: &'a State, seen: &'a BTreeSet<u64>) -> Round<'a> {
        let known = BTreeMap::new();
        Round { fixer, base, seen, kept: Vec::new(), next: None, known }
    }

    /// Keeps those of `trial` that do what they are for. If all of them together do not, a part of them may: those on which no
    /// suspicion falls, and then one half and the other of those that are in question.
    pub(super) fn take(&mut self, trial: &[&'a Candidate], refused: &mut Refused) {
        if trial.is_empty() {
            return;
        }
        let Objection { why, blamed, suspects } = match self.with(trial) {
            Ok(tried) => {
                self.kept.extend(trial);
                self.next = Some(tried);
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
        let is_open = blamed.is_empty() && suspects.is_empty() && trial.len() >= MANY;
        let culprits = if is_open { self.culprits(trial) } else { BTreeMap::new() };
        if !culprits.is_empty() {
            for (at, why) in &culprits {
                refused.add(trial[*at], &self.base.outcome, why);
            }
            let rest = trial.iter().enumerate().filter(|(at, _)| !culprits.contains_key(at));
            let rest: Vec<&Candidate> = rest.map(|(_, candidate)| *candidate).collect();
            return self.take(&rest, refused);
        }
        for part in parts(trial, &suspects) {
            self.take(&part, refused);
        }
    }

    /// Those of `trial` that break something in files which none of them changes, by position, and what.
    fn culprits(&self, trial: &[&Candidate]) -> BTreeMap<usize, String> {
        let wrong_with = |positions: &[usize]| {
            let part: Vec<&Candidate> = positions.iter().map(|at| trial[*at]).collect();
            let files = self.files_with(&part).ok()?;
            if let Some(tally) = self.known.get(&fingerprint(&files)) {
                return Some(tally.news_over(self.before()));
            }
            Some(self.fixer.tried(files).ok()?.tally.news_over(self.before()))
        };
        let all: Vec<usize> = (0..trial.len()).collect();
        let Some(wrong) = wrong_with(&all) else { return BTreeMap::new() };
        let pinned = pinned(trial.len(), &wrong, wrong_with).into_iter();
        pinned.map(|(at, (rule, path, ..))| (at, breaks_rule(rule, path))).collect()
    }

    /// What was wrong before the fixes that are to be tried.
    fn before(&self) -> &Tally {
        self.next.as_ref().map_or(&self.base.tally, |tried| &tried.tally)
    }

    /// The files with what is kept and `trial`, if they can be read as well as before.
    fn files_with(&self, trial: &[&Candidate]) -> Result<FileSet, Objection> {
        let State { files, outcome, .. } = self.base;
        let all = || self.kept.iter().chain(trial).copied();
        let edits = all().flat_map(|candidate| &candidate.edits);
        let texts = texts(&outcome.sources, edits)
            .map_err(|wrong| Objection::of_all(format!("{wrong}; this is a bug in tautline")))?;
        let source = |file: FileId| outcome.sources.get(file.index()).cloned();
        self.objection(trial, &broken(&source, &texts), |_| BTreeSet::new())?;
        let mut files = with_texts(files, &outcome.sources, texts);
        for link in all().flat_map(|candidate| &candidate.links) {
            files.set_link(&link.path, &link.target);
        }
        Ok(files)
    }

    /// The files with what is kept and `trial`, or why that must not be.
    fn with(&mut self, trial: &[&'a Candidate]) -> Result<Tried, Objection> {
        let files = self.files_with(trial)?;
        let print = fingerprint(&files);
        if self.seen.contains(&print) {
            return Err(Objection::of_all("another fix would undo it"));
        }
        let next = match self.known.remove(&print) {
            Some(tally) => Ok(Tried { files, tally, outcome: None }),
            // With a word that was evidence for a pack the settings may lose their ground.
            None => self.fixer.tried(files),
        };
        let next = next.map_err(|wrong| Objection::of_all(wrong.to_string()))?;
        match self.judge(trial, &next.tally) {
            Ok(()) => Ok(next),
            Err(objection) => {
                self.known.insert(print, next.tally);
                Err(objection)
            }
        }
    }

    /// Why `trial` must not be, if what is wrong with it is as `next` says.
    fn judge(&self, trial: &[&Candidate], next: &Tally) -> Result<(), Objection> {
        let (outcome, before) = (&self.base.outcome, self.before());
        let gains = next.gains_over(before);
        self.objection(trial, &gains, |path| next.gained_at(before, path))?;
        // What was found may only be gone because nobody can read any more what is written there.
        let blind = trial.iter().flat_map(|candidate| {
            let texts = candidate.texts(&outcome.sources).into_iter();
            texts.filter_map(|path| {
                let rule = &candidate.rule;
                let why = format!("`{rule}` could no longer tell what is in {path}");
                next.is_blinder_than(before, rule, &path).then_some((path, why))
            })
        });
        self.objection(trial, &blind.collect(), |_| BTreeSet::new())?;
        let repeat = |(_, it): &(usize, &&Candidate)| next.repeats(before, it, &outcome.sources);
        let again: Vec<usize> = trial.iter().enumerate().filter(repeat).map(|(at, _)| at).collect();
        if !again.is_empty() {
            let why = "the rule would ask for the same once more".to_owned();
            let blamed = match again.as_slice() {
                [only] => BTreeMap::from([(*only, why.clone())]),
                _ => BTreeMap::new(),
            };
            return Err(Objection { why, blamed, suspects: vec![again] });
        }
        let cures = |cured: &[&Candidate]| {
            let cured = cured.iter().flat_map(|candidate| candidate.of(outcome));
            next.cures(cured, &outcome.sources, before)
        };
        if !cures(trial) {
            let why = "the rule would not be met".to_owned();
            let guilty = trial.iter().enumerate().filter(|(_, candidate)| !cures(&[candidate]));
            let blamed: BTreeMap<usize, String> = guilty.map(|(at, _)| (at, why.clone())).collect();
            let suspects = blamed.keys().map(|at| vec![*at]).collect();
            return Err(Objection { why, blamed, suspects });
        }
        Ok(())
    }

    /// An error where something is `wrong` in a file: those of `trial` that change it are to blame, and most likely those that
    /// are for what stands at one of the `addresses` there.
    fn objection<'t>(
        &self,
        trial: &[&Candidate],
        wrong: &BTreeMap<Box<str>, String>,
        addresses: impl Fn(&str) -> BTreeSet<&'t str>,
    ) -> Result<(), Objection> {
        let Some(why) = wrong.values().next().cloned() else { return Ok(()) };
        let sources = &self.base.outcome.sources;
        let mut editors: BTreeMap<Box<str>, Vec<usize>> = BTreeMap::new();
        for (at, candidate) in trial.iter().enumerate() {
            for path in candidate.paths(sources) {
                editors.entry(path).or_default().push(at);
            }
        }
        let of_files = wrong.iter().filter_map(|(path, why)| Some((editors.get(path)?, why)));
        // Where nobody else changes the file, whose fault it is is clear.
        let of_one = of_files.clone().filter_map(|(editors, why)| match editors.as_slice() {
            [only] => Some((*only, why.clone())),
            _ => None,
        });
        let blamed = of_one.collect();
        let is_for = |at: usize, address: &str| {
            let mut diagnostics = trial[at].of(&self.base.outcome);
            diagnostics.any(|it| it.address.as_deref() == Some(address))
        };
        let mut suspects = Vec::new();
        for (path, editors) in wrong.keys().filter_map(|path| Some((path, editors.get(path)?))) {
            let close = addresses(path).into_iter().map(|address| -> Vec<usize> {
                editors.iter().copied().filter(|at| is_for(*at, address)).collect()
            });
            let close: Vec<Vec<usize>> = close.filter(|group| !group.is_empty()).collect();
            suspects.extend(if close.is_empty() { vec![editors.clone()] } else { close });
        }
        Err(Objection { why, blamed, suspects })
    }
}

/// Of so many fixes those to blame are looked for in all of them at once, and not in halves.
const MANY: usize = 8;

/// Those of `count` fixes that are each alone to blame for one of the things that are `wrong` with all of them, by position.
/// `wrong_with` says what is with some of them. The half of those with a bit in their number is tried, and the other one:
/// what one fix does is wrong with either, and which that is for each bit spells its number, for all of them at once. What takes two,
/// or any of two, is wrong with neither or both.
fn pinned<K: Ord>(
    count: usize,
    wrong: &BTreeSet<K>,
    mut wrong_with: impl FnMut(&[usize]) -> Option<BTreeSet<K>>,
) -> BTreeMap<usize, &K> {
    let mut numbers: BTreeMap<&K, usize> = wrong.iter().map(|it| (it, 0)).collect();
    let mut bit = 1;
    while bit < count && !numbers.is_empty() {
        let (with, without): (Vec<usize>, Vec<usize>) = (0..count).partition(|at| at & bit != 0);
        let (Some(with), Some(without)) = (wrong_with(&with), wrong_with(&without)) else {
            return BTreeMap::new();
        };
        numbers.retain(|it, number| {
            *number |= if with.contains(*it) { bit } else { 0 };
            with.contains(*it) != without.contains(*it)
        });
        bit *= 2;
    }
    let found = numbers.into_iter().filter(|(_, at)| *at < count);
    found.map(|(it, at)| (at, it)).collect()
}

/// `trial` in two or three parts: those that are in none of the groups of `suspects`, the first half of each group, and the
/// second. So the search goes on in all groups at once, however many there are.
fn parts<'c>(trial: &[&'c Candidate], suspects: &[Vec<usize>]) -> Vec<Vec<&'c Candidate>> {
    let mut part_of = vec![0; trial.len()];
    for group in suspects {
        for (at, &position) in group.iter().enumerate() {
            if part_of[position] == 0 {
                part_of[position] = if at < group.len() / 2 { 1 } else { 2 };
            }
        }
    }
    let part = |number: usize| {
        let those = trial.iter().zip(&part_of).filter(move |(_, part)| **part == number);
        those.map(|(candidate, _)| *candidate).collect::<Vec<_>>()
    };
    let parts: Vec<Vec<&Candidate>> = (0..3).map(part).filter(|it| !it.is_empty()).collect();
    if parts.len() > 1 {
        return parts;
    }
    let (first, second) = trial.split_at(trial.len() / 2);
    vec![first.to_vec(), second.to_vec()]
}

impl Candidate {
    /// The diagnostics that it is for.
    pub(super) fn of<'o>(&'o self, outcome: &'o Outcome) -> impl Iterator<Item = &'o Diagnostic> {
        let all = &outcome.report.diagnostics;
        self.diagnostics.iter().filter_map(|at| all.get(*at))
    }

    pub(super) fn paths(&self, sources: &[SourceFile]) -> Vec<Box<str>> {
        let files: BTreeSet<_> = self.edits.iter().map(|edit| edit.span.file).collect();
        let texts = files.iter().filter_map(|file| Some(sources.get(file.index())?.path.clone()));
        texts.chain(self.links.iter().map(|link| link.path.clone())).collect()
    }

    /// The files in which it changes text that only rules read: what HCL says may well be unknown afterwards, as the value
    /// of a variable is, and so is what fills in a template.
    fn texts(&self, sources: &[SourceFile]) -> BTreeSet<Box<str>> {
        let is_text = |edit: &&Edit, source: &SourceFile| {
            // Of what is escaped, nothing is filled in.
            let text = edit.text.replace("$${", "").replace("%%{", "");
            let has_hole = ["${", "%{", "{{"].iter().any(|hole| text.contains(hole));
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

    pub(super) fn done(&self, sources: &[SourceFile]) -> Done {
        Done {
            rule: Arc::clone(&self.rule),
            title: self.title.clone(),
            applicability: self.applicability,
            paths: self.paths(sources),
            diagnostics: self.diagnostics.len(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Applicability;

    #[test]
    fn many_that_break_something_elsewhere_are_found_at_once() {
        let mut tries = 0;
        // What each breaks; the last two things take two fixes, or one of two.
        let mut wrong_with = |those: &[usize]| {
            tries += 1;
            let mut wrong: BTreeSet<usize> =
                those.iter().copied().filter(|at| at % 7 == 0).collect();
            wrong.extend((those.contains(&3) && those.contains(&4)).then_some(500));
            wrong.extend((those.contains(&3) || those.contains(&5)).then_some(501));
            Some(wrong)
        };
        let wrong = wrong_with(&(0..100).collect::<Vec<_>>()).unwrap();
        let found: Vec<usize> = pinned(100, &wrong, wrong_with).into_keys().collect();
        assert_eq!(found, (0..100).step_by(7).collect::<Vec<_>>());
        assert_eq!(tries, 15);
    }

    #[test]
    fn the_search_goes_on_in_all_groups_at_once() {
        let candidates: Vec<Candidate> = (0..7)
            .map(|at| Candidate {
                rule: "p/a".into(),
                title: String::new(),
                applicability: Applicability::Safe,
                edits: Vec::new(),
                links: Vec::new(),
                diagnostics: vec![at],
            })
            .collect();
        let all: Vec<&Candidate> = candidates.iter().collect();
        let of = |suspects: &[Vec<usize>]| -> Vec<Vec<usize>> {
            let parts = parts(&all, suspects).into_iter();
            parts.map(|part| part.iter().map(|it| it.diagnostics[0]).collect()).collect()
        };
        assert_eq!(of(&[vec![1, 2], vec![4, 5, 6]]), [vec![0, 3], vec![1, 4], vec![2, 5, 6]]);
        assert_eq!(of(&[vec![3]]), [vec![0, 1, 2, 4, 5, 6], vec![3]]);
        // Where nobody or everybody is suspected alike, one half comes after the other.
        assert_eq!(of(&[]), [vec![0, 1, 2], vec![3, 4, 5, 6]]);
        let each: Vec<Vec<usize>> = (0..7).map(|at| vec![at]).collect();
        assert_eq!(of(&each), of(&[]));
    }
}
