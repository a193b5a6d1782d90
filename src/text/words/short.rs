//! Words of a few bytes searched for in a text: those that occur rarely in one pass, those of one or two bytes, which soon
//! turn up, one by one.

use aho_corasick::packed;
use memchr::memmem;

/// From so many bytes on words are looked for together. The pass compares as many bytes of each place as the shortest word
/// has: fewer would stop it everywhere.
const TOGETHER: usize = 3;

/// Short words, each with the number that it goes by.
#[derive(Debug, Default)]
pub(super) struct ShortWords(Vec<(usize, Box<[u8]>)>);

/// Those of them that are to be found.
#[derive(Debug)]
pub(super) struct WantedShort {
    alone: Vec<(usize, memmem::Finder<'static>)>,
    /// Only these, and not all there are: each more stops the pass at more places.
    together: Option<Together>,
}

#[derive(Debug)]
struct Together {
    /// Finds the longest word at the first place where there is any.
    searcher: packed::Searcher,
    /// For each pattern of the searcher the words that stand where it does: its own, and those that it begins with.
    words: Vec<Vec<usize>>,
    /// All of them, by number.
    all: Vec<usize>,
}

impl ShortWords {
    /// Of `words`, each with its number.
    pub(super) fn new<'w>(words: impl Iterator<Item = (usize, &'w [u8])>) -> Self {
        ShortWords(words.map(|(word, letters)| (word, letters.into())).collect())
    }

    /// Those of the words that `is_wanted` says are to be found.
    pub(super) fn wanted(&self, is_wanted: impl Fn(usize) -> bool) -> WantedShort {
        let wanted = self.0.iter().filter(|(word, _)| is_wanted(*word));
        let (mut shared, mut alone): (Vec<_>, Vec<_>) =
            wanted.partition(|(_, letters)| letters.len() >= TOGETHER);
        let together = Together::new(&mut shared);
        if together.is_none() {
            alone.append(&mut shared);
        }
        let finder = |(word, letters): &(usize, Box<[u8]>)| {
            (*word, memmem::Finder::new(letters).into_owned())
        };
        WantedShort { alone: alone.into_iter().map(finder).collect(), together }
    }
}

impl WantedShort {
    /// Adds the words in `text` to `found`.
    pub(super) fn find(&self, text: &[u8], found: &mut Vec<usize>) {
        let alone = self.alone.iter().filter(|(_, finder)| finder.find(text).is_some());
        found.extend(alone.map(|(word, _)| *word));
        if let Some(together) = &self.together {
            together.find(text, found);
        }
    }
}

impl Together {
    /// None where there are no words, and on machines on which they cannot be compared at once.
    fn new(words: &mut [&(usize, Box<[u8]>)]) -> Option<Self> {
        words.sort_by_key(|(_, letters)| std::cmp::Reverse(letters.len()));
        let all = words.iter().map(|(word, _)| *word).collect();
        let mut builder =
            packed::Config::new().match_kind(packed::MatchKind::LeftmostFirst).builder();
        let searcher = builder.extend(words.iter().map(|(_, letters)| letters)).build()?;
        let standing_with = |whole: &[u8]| -> Vec<usize> {
            let begin = words.iter().filter(|(_, letters)| whole.starts_with(letters));
            begin.map(|(word, _)| *word).collect()
        };
        let words = words.iter().map(|(_, letters)| standing_with(letters)).collect();
        Some(Together { searcher, words, all })
    }

    fn find(&self, text: &[u8], found: &mut Vec<usize>) {
        let mut missing = self.all.clone();
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
