//! Words of a few bytes searched for in a text: those that occur rarely in one pass, those of one or two bytes, which soon
//! turn up, one by one.

use std::collections::BTreeSet;

use aho_corasick::packed;
use memchr::memmem;

/// From so many bytes on words are looked for together. The pass compares as many bytes of each place as the shortest word
/// has: fewer would stop it everywhere.
const TOGETHER: usize = 3;

/// Short words, each with the number that it goes by.
#[derive(Debug, Default)]
pub(super) struct ShortWords {
    alone: Vec<(usize, memmem::Finder<'static>)>,
    together: Option<Together>,
}

/// Which short words are to be found.
#[derive(Debug)]
pub(super) struct WantedShort {
    /// The positions of those that are looked for one by one.
    alone: Vec<usize>,
    /// The numbers of those that are looked for in one pass.
    together: Vec<usize>,
}

#[derive(Debug)]
struct Together {
    /// Finds the longest word at the first place where there is any.
    searcher: packed::Searcher,
    /// For each pattern of the searcher the words that stand where it does: its own, and those that it begins with.
    words: Vec<Vec<usize>>,
}

impl ShortWords {
    /// Of `words`, each with its number.
    pub(super) fn new(words: &[(usize, &[u8])]) -> Self {
        let (mut shared, mut alone): (Vec<_>, Vec<_>) =
            words.iter().copied().partition(|(_, letters)| letters.len() >= TOGETHER);
        let together = Together::new(&mut shared);
        if together.is_none() {
            alone.append(&mut shared);
        }
        let finder =
            |(word, letters): (usize, &[u8])| (word, memmem::Finder::new(letters).into_owned());
        ShortWords { alone: alone.into_iter().map(finder).collect(), together }
    }

    /// Those of the words that `is_wanted` says are to be found.
    pub(super) fn wanted(&self, is_wanted: impl Fn(usize) -> bool) -> WantedShort {
        let alone = self.alone.iter().enumerate();
        let alone = alone.filter(|(_, (word, _))| is_wanted(*word)).map(|(at, _)| at).collect();
        let together = self.together.iter().flat_map(|it| it.words.iter().flatten().copied());
        let together: BTreeSet<usize> = together.filter(|word| is_wanted(*word)).collect();
        WantedShort { alone, together: together.into_iter().collect() }
    }

    /// Adds the words in `text` to `found`, of those that are `wanted`.
    pub(super) fn find(&self, text: &[u8], wanted: &WantedShort, found: &mut Vec<usize>) {
        let alone = wanted.alone.iter().map(|at| &self.alone[*at]);
        found.extend(alone.filter(|(_, it)| it.find(text).is_some()).map(|(word, _)| *word));
        if let Some(together) = &self.together {
            together.find(text, wanted.together.clone(), found);
        }
    }
}

impl Together {
    /// None where there are no words, and on machines on which they cannot be compared at once.
    fn new(words: &mut [(usize, &[u8])]) -> Option<Self> {
        words.sort_by_key(|(_, letters)| std::cmp::Reverse(letters.len()));
        let mut builder =
            packed::Config::new().match_kind(packed::MatchKind::LeftmostFirst).builder();
        let searcher = builder.extend(words.iter().map(|(_, letters)| *letters)).build()?;
        let standing_with = |whole: &[u8]| -> Vec<usize> {
            let begin = words.iter().filter(|(_, letters)| whole.starts_with(letters));
            begin.map(|(word, _)| *word).collect()
        };
        let words = words.iter().map(|(_, letters)| standing_with(letters)).collect();
        Some(Together { searcher, words })
    }

    fn find(&self, text: &[u8], mut missing: Vec<usize>, found: &mut Vec<usize>) {
        let mut rest = aho_corasick::Span::from(0..text.len());
        while !missing.is_empty()
            && let Some(hit) = self.searcher.find_in(text, rest)
        {
            for word in &self.words[hit.pattern().as_usize()] {
                if let Some(at) = missing.iter().position(|missing| missing == word) {
                    found.push(missing.swap_remove(at));
                }
            }
            // The next word may begin within this one.
            rest.start = hit.start() + 1;
        }
    }
}
