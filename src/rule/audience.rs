//! Who wants to see what: rules and gathers, by number, and the subjects of a repo that each is shown.

use std::collections::{BTreeMap, BTreeSet};

use aho_corasick::{AhoCorasick, AhoCorasickKind, Input, MatchKind};
use globset::GlobSet;
use memchr::memmem;
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use super::check::{Interest, Subject};
use super::planned::Planned;
use crate::model::{Repo, Value};
use crate::syntax::SourceFile;

/// Words of fewer bytes are looked for one by one.
const SHORTEST: usize = 6;

/// A text of more bytes takes longer to search than its path to match.
const LONG: usize = 32 * 1024;

/// Viewers by what they are interested in.
#[derive(Default)]
pub struct Audience {
    blocks: FxHashMap<SmolStr, ByLabel>,
    images: Vec<usize>,
    objects: ByLabel,
    files: Vec<(GlobSet, usize)>,
    /// Sorted, so that the positions in the automaton do not depend on the viewers' order.
    words: BTreeMap<String, Vec<usize>>,
    /// Those who look for words in some files only.
    readers: FxHashMap<usize, GlobSet>,
    changes: Vec<usize>,
    repo: Vec<usize>,
}

/// A subject and those who are shown it, each once, in order.
pub struct Viewing<'a> {
    /// The subject.
    pub subject: Subject<'a>,
    /// The numbers of the viewers.
    pub viewers: Vec<usize>,
}

/// Who wants to see the blocks of one type, or objects.
#[derive(Default)]
struct ByLabel {
    all: Vec<usize>,
    by_label: FxHashMap<String, Vec<usize>>,
}

impl ByLabel {
    fn is_empty(&self) -> bool {
        self.all.is_empty() && self.by_label.is_empty()
    }

    fn add(&mut self, viewer: usize, labels: Vec<String>) {
        if labels.is_empty() {
            enter(&mut self.all, viewer);
        }
        for label in labels {
            enter(self.by_label.entry(label).or_default(), viewer);
        }
    }

    /// Who wants to see what is labelled `label`, each once.
    fn of(&self, label: Option<&str>) -> Vec<usize> {
        let labelled = label.and_then(|label| self.by_label.get(label));
        let mut viewers: Vec<usize> =
            self.all.iter().chain(labelled.into_iter().flatten()).copied().collect();
        viewers.sort_unstable();
        viewers.dedup();
        viewers
    }
}

/// Adds `viewer` to a list that is filled viewer by viewer, once.
fn enter(viewers: &mut Vec<usize>, viewer: usize) {
    if viewers.last() != Some(&viewer) {
        viewers.push(viewer);
    }
}

impl Audience {
    /// Adds what `viewer` is interested in. Viewers come in the order of their numbers.
    pub fn add(&mut self, viewer: usize, interests: Vec<Interest>) {
        for interest in interests {
            match interest {
                Interest::Blocks { kind, labels } => {
                    self.blocks.entry(kind).or_default().add(viewer, labels);
                }
                Interest::Images => enter(&mut self.images, viewer),
                Interest::Objects(kinds) => self.objects.add(viewer, kinds),
                Interest::Files(globs) => self.files.push((globs, viewer)),
                Interest::Text(words, files) => {
                    for word in words {
                        enter(self.words.entry(word).or_default(), viewer);
                    }
                    self.readers.extend(files.map(|files| (viewer, files)));
                }
                Interest::Changes => enter(&mut self.changes, viewer),
                Interest::Repo => enter(&mut self.repo, viewer),
            }
        }
    }

    /// Everything that somebody is shown: the repo, changes, blocks, images, objects, files, texts. Each file is gone through
    /// once.
    pub fn viewings<'a>(
        &self,
        repo: &'a Repo<'a>,
        planned: &'a [Planned],
    ) -> Result<Vec<Viewing<'a>>, aho_corasick::BuildError> {
        let mut viewings = Vec::new();
        let mut push = |subject: Subject<'a>, viewers: Vec<usize>| {
            if !viewers.is_empty() {
                viewings.push(Viewing { subject, viewers });
            }
        };
        // What looks at everything takes longest: it starts first, and each on its own.
        for &viewer in &self.repo {
            push(Subject::Repo, vec![viewer]);
        }
        for change in planned {
            push(Subject::Change(change), self.changes.clone());
        }
        for block in repo.blocks() {
            if let Some(of_kind) = self.blocks.get(block.block.kind.name.as_str()) {
                push(Subject::Block(block), of_kind.of(block.block.label(0)));
            }
        }
        for image in repo.images() {
            push(Subject::Image(image), self.images.clone());
        }
        let objects = if self.objects.is_empty() { &[] } else { repo.objects() };
        for object in objects {
            let kind = object.value.at(&["kind"]).and_then(Value::as_str);
            push(Subject::Object(object), self.objects.of(kind.as_deref()));
        }
        if !self.files.is_empty() {
            for file in repo.sources {
                let wanted = self.files.iter().filter(|(globs, _)| globs.is_match(&*file.path));
                push(Subject::File(file), wanted.map(|(_, viewer)| *viewer).collect());
            }
        }
        for (file, viewers) in self.texts(repo)? {
            push(Subject::File(file), viewers);
        }
        Ok(viewings)
    }

    /// The files in whose text somebody's words occur, with those viewers. One pass over each text for all of them.
    fn texts<'a>(
        &self,
        repo: &'a Repo<'a>,
    ) -> Result<Vec<(&'a SourceFile, Vec<usize>)>, aho_corasick::BuildError> {
        if self.words.is_empty() {
            return Ok(Vec::new());
        }
        // A short word occurs so often that its first occurrence is found sooner than all of the others'.
        let (long, short): (Vec<_>, Vec<_>) =
            self.words.iter().partition(|(word, _)| word.len() >= SHORTEST);
        let short: Vec<(memmem::Finder<'_>, &[usize])> = short
            .into_iter()
            .map(|(word, viewers)| (memmem::Finder::new(word), viewers.as_slice()))
            .collect();
        // Only in this mode does the automaton skip through a text with vector instructions. The table of all transitions is
        // soon built, and tens of megabytes are read with it.
        let automaton = AhoCorasick::builder()
            .kind(Some(AhoCorasickKind::DFA))
            .match_kind(MatchKind::LeftmostFirst)
            .build(long.iter().map(|(word, _)| word))?;
        let words: Vec<(&str, &[usize])> =
            long.into_iter().map(|(word, viewers)| (word.as_str(), viewers.as_slice())).collect();
        // Words are sorted, so those that begin alike stand together.
        let alike = |first: u8| {
            let from = words.partition_point(|(word, _)| word.as_bytes().first() < Some(&first));
            let to = words.partition_point(|(word, _)| word.as_bytes().first() <= Some(&first));
            from..to
        };
        let texts = repo.sources.par_iter().filter_map(|file| {
            let mut seen = vec![false; words.len()];
            let mut wanted_by = BTreeSet::new();
            let reads = |viewer: &usize| {
                self.readers.get(viewer).is_none_or(|files| files.is_match(&*file.path))
            };
            for (finder, viewers) in &short {
                // Whether anybody would read a long text is sooner known than what is in it.
                if file.text.len() > LONG && !viewers.iter().any(reads) {
                    continue;
                }
                if finder.find(file.text.as_bytes()).is_some() {
                    wanted_by.extend(*viewers);
                }
            }
            let mut from = 0;
            // One match hides others that start at the same place or inside it.
            while let Some(found) = automaton.find(Input::new(&*file.text).range(from..)) {
                let rest = &file.text.as_bytes()[found.start()..];
                for at in rest.first().map_or(0..0, |first| alike(*first)) {
                    let (word, viewers) = words[at];
                    if !seen[at] && rest.starts_with(word.as_bytes()) {
                        seen[at] = true;
                        wanted_by.extend(viewers);
                    }
                }
                from = found.start() + 1;
            }
            (!wanted_by.is_empty()).then(|| (file, wanted_by.into_iter().copied().collect()))
        });
        Ok(texts.collect())
    }
}
