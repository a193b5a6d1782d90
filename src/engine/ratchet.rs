//! Which findings the baseline knows, and which of its entries have nothing left to answer for.
//!
//! Invariant: one entry answers for one finding (or for as many as it counts), and a finding is known by one entry. So the
//! debt never grows: a second finding beside a known one is new.

use std::collections::{HashMap, HashSet};

use super::baseline::{Baseline, Entry};
use super::identity::{Identity, Key, LOCALS, hash, identity};
use crate::diagnostic::{Diagnostic, Silenced, SilencedBy};
use crate::model::address_of;
use crate::syntax::SourceFile;
use crate::text::dir_of;

/// A baseline held against what was found.
#[derive(Clone, Debug, Default)]
pub struct Debt {
    /// The entries of the baseline as they look now: at the place, and with the key, under which each was found; an entry
    /// that was found at several places is there once for each. What is gone is not among them.
    pub entries: Vec<Entry>,
    /// What is gone, with the number of findings; the range is that of the line in the baseline.
    pub gone: Vec<Entry>,
}

/// The diagnostics after the baseline.
pub struct Settled {
    /// Those that the baseline does not know.
    pub new: Vec<Diagnostic>,
    /// Those that it knows.
    pub known: Vec<Silenced>,
    /// What became of its entries.
    pub debt: Debt,
}

/// How an entry and a finding are compared, from the most certain way to the least.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// The same in every respect, in the same file.
    Same,
    /// The same in another file of the directory.
    InAnotherFile,
    /// The same, said in other words.
    InOtherWords,
    /// In the same place, where nothing else could be meant.
    InTheSamePlace,
    /// The same block in another directory or under another name, where the old one is gone.
    Moved,
}

const STAGES: [Stage; 5] =
    [Stage::Same, Stage::InAnotherFile, Stage::InOtherWords, Stage::InTheSamePlace, Stage::Moved];

/// What a run has looked at.
pub trait Judged {
    /// Whether a baseline can know `diagnostic`.
    fn may_be_known(&self, diagnostic: &Diagnostic) -> bool;

    /// Whether `entry` would have been found if it were still there.
    fn covers(&self, entry: &Entry) -> bool;

    /// Whether all files of the repo are there.
    fn is_whole(&self) -> bool;
}

/// Holds `baseline` against `diagnostics`.
pub fn settle(
    baseline: &Baseline,
    sources: &[SourceFile],
    diagnostics: Vec<Diagnostic>,
    judged: &dyn Judged,
) -> Settled {
    let findings: Vec<Option<Identity>> = diagnostics
        .iter()
        .map(|it| judged.may_be_known(it).then(|| identity(&sources[it.span.file.index()], it)))
        .collect();
    let mut left: Vec<usize> = baseline.entries.iter().map(|entry| entry.count).collect();
    let mut answered: Vec<Option<usize>> = vec![None; findings.len()];
    for stage in STAGES {
        let mut waiting = waiting(stage, baseline, sources, &left, judged.is_whole());
        for (at, finding) in findings.iter().enumerate() {
            let Some(finding) = finding else { continue };
            if answered[at].is_some() || (stage == Stage::InTheSamePlace && !finding.alone) {
                continue;
            }
            let source = &sources[diagnostics[at].span.file.index()];
            let Some(entries) = waiting.get_mut(&stage.key(finding.key, &source.path)) else {
                continue;
            };
            while let Some(&entry) = entries.last() {
                if left[entry] > 0 {
                    left[entry] -= 1;
                    answered[at] = Some(entry);
                    break;
                }
                entries.pop();
            }
        }
    }
    let mut settled = Settled { new: Vec::new(), known: Vec::new(), debt: Debt::default() };
    for ((diagnostic, finding), entry) in diagnostics.into_iter().zip(findings).zip(answered) {
        let (Some(finding), Some(_)) = (finding, entry) else {
            settled.new.push(diagnostic);
            continue;
        };
        let path = &sources[diagnostic.span.file.index()].path;
        let entry = Entry::new(&diagnostic.rule, diagnostic.stack.as_deref(), path, finding);
        settled.debt.entries.push(entry);
        settled.known.push(Silenced { diagnostic, by: SilencedBy::Baseline, reason: None });
    }
    for (entry, count) in baseline.entries.iter().zip(left).filter(|(_, left)| *left > 0) {
        let rest = Entry { count, ..entry.clone() };
        if judged.covers(entry) {
            settled.debt.gone.push(rest);
        } else {
            settled.debt.entries.push(rest);
        }
    }
    settled
}

/// The entries that have something left to answer for, by what `stage` compares; the first in the file last.
fn waiting(
    stage: Stage,
    baseline: &Baseline,
    sources: &[SourceFile],
    left: &[usize],
    is_whole: bool,
) -> HashMap<(u64, u64), Vec<usize>> {
    let mut open: Vec<usize> = (0..left.len()).filter(|&at| left[at] > 0).collect();
    if stage == Stage::Moved && !open.is_empty() {
        let there = Places::of(sources);
        open.retain(|&at| !there.has(&baseline.entries[at], is_whole));
    }
    let mut waiting: HashMap<(u64, u64), Vec<usize>> = HashMap::new();
    for at in open.into_iter().rev() {
        let entry = &baseline.entries[at];
        waiting.entry(stage.key(entry.key, &entry.path)).or_default().push(at);
    }
    waiting
}

impl Stage {
    /// What is compared: a part of the key, and a number that has to be the same too.
    fn key(self, key: Key, path: &str) -> (u64, u64) {
        let words = u64::from(key.like) << 32 | u64::from(key.said);
        match self {
            Stage::Same => (key.place, hash("", &[path], &words.to_string())),
            Stage::InAnotherFile => (key.place, words),
            Stage::InOtherWords => (key.place, u64::from(key.like)),
            Stage::InTheSamePlace => (key.place, 0),
            Stage::Moved => (key.content, 0),
        }
    }
}

/// Every file, and every top-level block and local by directory and address.
struct Places<'a> {
    paths: HashSet<&'a str>,
    blocks: HashSet<(&'a str, String)>,
}

impl<'a> Places<'a> {
    fn of(sources: &'a [SourceFile]) -> Places<'a> {
        let mut blocks = HashSet::new();
        for source in sources {
            let directory = dir_of(&source.path);
            for block in source.hcl.iter().flat_map(|document| document.body.blocks()) {
                let address = address_of(block);
                if address == LOCALS {
                    let names = block.body.attributes().map(|it| local(&it.key.name));
                    blocks.extend(names.map(|name| (directory, name)));
                }
                blocks.insert((directory, address));
            }
        }
        Places { paths: sources.iter().map(|source| &*source.path).collect(), blocks }
    }

    /// Whether what `entry` was about is still where it was, mended or not; where that cannot be told, it is.
    fn has(&self, entry: &Entry, is_whole: bool) -> bool {
        if !is_whole && !self.paths.contains(&*entry.path) {
            return true;
        }
        match &entry.address {
            Some(address) => {
                let name = entry.at.split(' ').next().filter(|name| !name.is_empty());
                let address = match name {
                    Some(name) if address == LOCALS => local(name),
                    _ => address.clone(),
                };
                self.blocks.contains(&(dir_of(&entry.path), address))
            }
            None => self.paths.contains(&*entry.path),
        }
    }
}

fn local(name: &str) -> String {
    format!("{LOCALS} {name}")
}
