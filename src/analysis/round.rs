//! One round of fixing: which of the fixes that were chosen are kept, found out with as few checks as may be.
//!
//! Invariant: whatever is kept was checked together with all that was kept before it, over all files.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::Outcome;
use super::fix::{Done, Fixer, Refused, State, Tried};
use super::fixed::{fingerprint, with_texts};
use crate::diagnostic::{Diagnostic, Edit};
use crate::engine::{Candidate, Tally, broken, texts};
use crate::syntax::SourceFile;
use crate::syntax::hcl::Document;
use crate::text::FileId;

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
        for part in parts(trial, &suspects) {
            self.take(&part, refused);
        }
    }

    /// The files with what is kept and `trial`, or why that must not be.
    fn with(&mut self, trial: &[&'a Candidate]) -> Result<Tried, Objection> {
        let State { files, outcome, .. } = self.base;
        let all = || self.kept.iter().chain(trial);
        let edits = all().flat_map(|candidate| &candidate.edits);
        let texts = texts(&outcome.sources, edits)
            .map_err(|wrong| Objection::of_all(format!("{wrong}; this is a bug in tautline")))?;
        let source = |file: FileId| outcome.sources.get(file.index()).cloned();
        self.objection(trial, &broken(&source, &texts), |_| BTreeSet::new())?;
        let mut files = with_texts(files, &outcome.sources, texts);
        for link in all().flat_map(|candidate| &candidate.links) {
            files.set_link(&link.path, &link.target);
        }
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
        let State { outcome, tally, .. } = self.base;
        let before = self.next.as_ref().map_or(tally, |tried| &tried.tally);
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
