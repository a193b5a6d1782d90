//! What viewers look for in paths and texts, ready to be found all at once.
//!
//! Invariant: a viewer on whose behalf a file is looked through is found in it if and only if it looks at the file, or one
//! of its words is there.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use globset::Glob;
use rustc_hash::FxHashMap;

use Owner::{File, Neither, Reader};

use super::{Audience, ViewingError};
use crate::text::{GlobTable, WantedWords, WordSearch};

/// Who is shown one file.
#[derive(Debug)]
pub(super) struct Viewed {
    /// Because of its path.
    pub(super) whole: Vec<usize>,
    /// Because of a word in it.
    pub(super) by_word: Vec<usize>,
}

/// What viewers look for.
#[derive(Debug)]
pub(super) struct Search {
    paths: Paths,
    words: Words,
    viewers: usize,
}

impl Search {
    pub(super) fn of(audience: &Audience) -> Result<Search, ViewingError> {
        let (paths, words) = (Paths::of(audience)?, Words::of(audience));
        let by_path = audience.files.iter().map(|(_, viewer)| *viewer);
        let by_word = audience.words.values().flatten().copied();
        let viewers = by_path.chain(by_word).max().map_or(0, |last| last + 1);
        Ok(Search { paths, words, viewers })
    }

    /// One more than the highest number of those who look for anything.
    pub(super) fn viewers(&self) -> usize {
        self.viewers
    }

    /// A look through files for those of whom `asking` says so; for everybody, where nothing does.
    pub(super) fn on_behalf_of<'s>(&'s self, asking: Option<&'s [bool]>) -> Look<'s> {
        Look { search: self, asking, wanted: Mutex::default() }
    }
}

/// A look through files.
pub(super) struct Look<'s> {
    search: &'s Search,
    asking: Option<&'s [bool]>,
    /// The words that are looked for in files with the same readers: many files are alike.
    wanted: Mutex<FxHashMap<Vec<usize>, Arc<WantedWords>>>,
}

impl Look<'_> {
    /// Who is shown the file at `path` with `text`.
    pub(super) fn view(&self, path: &str, text: &str) -> Viewed {
        let Search { paths, words, .. } = self.search;
        let (whole, readers) = paths.viewers(path);
        let found = words.search.find(text, &self.wanted(&readers)).into_iter();
        let viewers = found.flat_map(|word| words.seekers[word].among(&readers));
        let by_word: BTreeSet<usize> = viewers.collect();
        Viewed { whole, by_word: by_word.into_iter().collect() }
    }

    /// The words that are looked for in a file that `readers` read, beside those that are looked for in every file.
    fn wanted(&self, readers: &[usize]) -> Arc<WantedWords> {
        let known = || self.wanted.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(wanted) = known().get(readers) {
            return Arc::clone(wanted);
        }
        let Words { search, seekers } = &self.search.words;
        let asks = |viewer: usize| self.asking.is_none_or(|asking| asking[viewer]);
        let wanted = search.wanted(|word| seekers[word].among(readers).any(asks));
        let wanted = Arc::new(wanted);
        known().insert(readers.to_vec(), Arc::clone(&wanted));
        wanted
    }
}

/// The globs of all viewers in one set: a path is held against all of them at once.
#[derive(Debug)]
struct Paths {
    table: GlobTable,
    /// Whose each glob is: many look at the same files.
    owners: Vec<Vec<Owner>>,
}

#[derive(Clone, Copy, Debug)]
enum Owner {
    /// Who wants to see the file.
    File(usize),
    /// Who looks for words in it.
    Reader(usize),
    /// Who wants neither, whatever else matches.
    Neither(usize),
}

impl Paths {
    fn of(audience: &Audience) -> Result<Paths, ViewingError> {
        let mut unique: Vec<&Glob> = Vec::new();
        let mut owners: Vec<Vec<Owner>> = Vec::new();
        let mut known: FxHashMap<&str, usize> = FxHashMap::default();
        let files = audience.files.iter().map(|(globs, viewer)| (globs, File(*viewer)));
        let readers = audience.readers.iter().map(|(viewer, globs)| (globs, Reader(*viewer)));
        for (globs, owner) in files.chain(readers) {
            let (File(viewer) | Reader(viewer) | Neither(viewer)) = owner;
            let except = globs.except().iter().map(|glob| (glob, Neither(viewer)));
            for (glob, owner) in globs.globs().iter().map(|glob| (glob, owner)).chain(except) {
                let at = *known.entry(glob.regex()).or_insert_with(|| {
                    unique.push(glob);
                    owners.push(Vec::new());
                    owners.len() - 1
                });
                owners[at].push(owner);
            }
        }
        Ok(Paths { table: GlobTable::new(unique)?, owners })
    }

    /// Who wants to see the file at `path`, and who looks for words in it though not in every file: each once, in order.
    fn viewers(&self, path: &str) -> (Vec<usize>, Vec<usize>) {
        let (mut whole, mut readers, mut neither) = (Vec::new(), Vec::new(), Vec::new());
        for owner in self.table.matches(path).flat_map(|at| &self.owners[at]) {
            match *owner {
                File(viewer) => whole.push(viewer),
                Reader(viewer) => readers.push(viewer),
                Neither(viewer) => neither.push(viewer),
            }
        }
        for viewers in [&mut whole, &mut readers] {
            viewers.retain(|viewer| !neither.contains(viewer));
            viewers.sort_unstable();
            viewers.dedup();
        }
        (whole, readers)
    }
}

/// The words that are looked for, ready to be found all at once.
#[derive(Debug)]
struct Words {
    search: WordSearch,
    /// Who looks for each.
    seekers: Vec<Seekers>,
}

/// Who looks for one word.
#[derive(Debug)]
struct Seekers {
    all: Vec<usize>,
    /// Those who look for it in every file.
    everywhere: Vec<usize>,
}

impl Seekers {
    /// Those who look for it in a file that `readers` read.
    fn among<'s>(&'s self, readers: &'s [usize]) -> impl Iterator<Item = usize> + 's {
        let here = self.all.iter().filter(|viewer| readers.binary_search(viewer).is_ok());
        self.everywhere.iter().chain(here).copied()
    }
}

impl Words {
    fn of(audience: &Audience) -> Words {
        let seekers = |viewers: &Vec<usize>| {
            let is_everywhere = |viewer: &&usize| !audience.readers.contains_key(viewer);
            let everywhere = viewers.iter().filter(is_everywhere).copied().collect();
            Seekers { all: viewers.clone(), everywhere }
        };
        Words {
            search: WordSearch::new(audience.words.keys()),
            seekers: audience.words.values().map(seekers).collect(),
        }
    }
}
