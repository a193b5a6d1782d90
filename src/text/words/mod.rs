//! Many words searched for in a text, in one pass.
//!
//! Of the first three letters of a word, one stands at a place of the text that can be divided by three. So it is enough to
//! look at the four bytes at every third place, and hardly any of them begin a piece of a word.
//!
//! Invariant: what is found is what `str::contains` finds, word by word.

mod short;

use rustc_hash::FxHashMap;

use short::{ShortWords, WantedShort};

/// So many bytes of a text are held against the words at once.
const PIECE: usize = size_of::<u32>();

/// The distance of the places that are looked at.
const STRIDE: usize = 3;

/// Words of fewer bytes need not have a whole piece at such a place: they are looked for in another way.
const SHORTEST: usize = PIECE + STRIDE - 1;

/// How many bits of the hash of a piece tell whether any word has it. A table of all of them is small enough to stay in
/// the nearest cache.
const BITS: u32 = 16;
const BIT_SETS: usize = (1 << BITS) / u64::BITS as usize;

/// Words, ready to be searched for.
#[derive(Debug)]
pub struct WordSearch {
    words: Vec<Box<[u8]>>,
    short: ShortWords,
    /// The words that have a piece at one of their first places.
    holders: FxHashMap<u32, Vec<Holder>>,
}

/// Which words of a search are to be found: worked out once for many texts.
#[derive(Debug)]
pub struct WantedWords {
    /// For each word, whether it is wanted and not short.
    long: Vec<bool>,
    /// How many of those there are.
    many: usize,
    /// One bit for each hash, set where one of them has a piece with it.
    known: Box<[u64; BIT_SETS]>,
    short: WantedShort,
}

#[derive(Clone, Copy, Debug)]
struct Holder {
    word: usize,
    /// Where in the word the piece begins.
    offset: usize,
}

impl WordSearch {
    /// A search for `words`, which are numbered in their order.
    pub fn new(words: impl IntoIterator<Item = impl AsRef<str>>) -> Self {
        let mut search = WordSearch {
            words: Vec::new(),
            short: ShortWords::default(),
            holders: FxHashMap::default(),
        };
        for word in words {
            search.add(word.as_ref().as_bytes());
        }
        let is_short = |(_, letters): &(usize, &[u8])| letters.len() < SHORTEST;
        let words = search.words.iter().map(|letters| &**letters).enumerate();
        search.short = ShortWords::new(words.filter(is_short));
        search
    }

    fn add(&mut self, letters: &[u8]) {
        let word = self.words.len();
        self.words.push(letters.into());
        if letters.len() < SHORTEST {
            return;
        }
        for (offset, piece) in first_pieces(letters).enumerate() {
            self.holders.entry(piece).or_default().push(Holder { word, offset });
        }
    }

    /// Those of the words that `is_wanted` says are to be found.
    pub fn wanted(&self, is_wanted: impl Fn(usize) -> bool) -> WantedWords {
        let is_long = |word: &usize| self.words[*word].len() >= SHORTEST;
        let long: Vec<bool> =
            (0..self.words.len()).map(|word| is_long(&word) && is_wanted(word)).collect();
        let many = long.iter().filter(|wanted| **wanted).count();
        let mut known = Box::new([0; BIT_SETS]);
        let letters = self.words.iter().zip(&long).filter(|(_, wanted)| **wanted);
        for piece in letters.flat_map(|(letters, _)| first_pieces(letters)) {
            let (at, bit) = place(piece);
            known[at] |= bit;
        }
        WantedWords { long, many, known, short: self.short.wanted(is_wanted) }
    }

    /// The words in `text`, by number and in order, of those that are `wanted`.
    pub fn find(&self, text: &str, wanted: &WantedWords) -> Vec<usize> {
        let text = text.as_bytes();
        let mut found: Vec<usize> = Vec::new();
        wanted.short.find(text, &mut found);
        if wanted.many > 0 {
            self.find_long(text, wanted, &mut found);
        }
        found.sort_unstable();
        found
    }

    fn find_long(&self, text: &[u8], wanted: &WantedWords, found: &mut Vec<usize>) {
        let mut is_missing = wanted.long.clone();
        let mut missing = wanted.many;
        for (number, piece) in text.windows(PIECE).step_by(STRIDE).enumerate() {
            let Some(piece) = piece.first_chunk().copied().map(u32::from_le_bytes) else { break };
            let (index, bit) = place(piece);
            if wanted.known[index] & bit == 0 {
                continue;
            }
            let at = number * STRIDE;
            for &Holder { word, offset } in self.holders.get(&piece).into_iter().flatten() {
                let rest = at.checked_sub(offset).and_then(|start| text.get(start..));
                if is_missing[word] && rest.is_some_and(|it| it.starts_with(&self.words[word])) {
                    is_missing[word] = false;
                    missing -= 1;
                    found.push(word);
                }
            }
            if missing == 0 {
                break;
            }
        }
    }
}

/// The pieces of a long word of which one stands at a place that is looked at.
fn first_pieces(letters: &[u8]) -> impl Iterator<Item = u32> {
    let pieces = letters.windows(PIECE).take(STRIDE);
    pieces.filter_map(|piece| piece.first_chunk().copied().map(u32::from_le_bytes))
}

/// Where in the table it says whether a word has `piece`, and by which bit.
fn place(piece: u32) -> (usize, u64) {
    let hash = piece.wrapping_mul(0x9E37_79B1) >> (u32::BITS - BITS);
    ((hash / u64::BITS) as usize, 1 << (hash % u64::BITS))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_found_is_what_is_contained() {
        let words = [
            "auth",
            "a",
            "",
            "fac",
            "fact",
            "tory",
            "actor",
            "aaa",
            "ingress",
            "ingress_factory",
            "gress_",
            "factory",
            "façade",
            "kubernetes",
            "aaaaaa",
            "not there",
            "aaaaaaaa",
        ];
        let search = WordSearch::new(words);
        let (all, odd_ones) = (search.wanted(|_| true), search.wanted(|word| word % 2 == 1));
        let text = "ä ingress_factory aaaaaaa façade kubernete";
        for from in (0..text.len()).filter(|at| text.is_char_boundary(*at)) {
            for to in (from..=text.len()).filter(|at| text.is_char_boundary(*at)) {
                let text = &text[from..to];
                let contained: Vec<usize> =
                    (0..words.len()).filter(|word| text.contains(words[*word])).collect();
                assert_eq!(search.find(text, &all), contained, "{text:?}");
                let odd: Vec<usize> = contained.into_iter().filter(|word| word % 2 == 1).collect();
                assert_eq!(search.find(text, &odd_ones), odd, "{text:?}");
            }
        }
    }

    #[test]
    fn words_that_begin_alike_are_told_apart() {
        let search = WordSearch::new(["monitoring", "monitored", "onitor", "itorin"]);
        let all = search.wanted(|_| true);
        assert_eq!(search.find("xx monitoring", &all), [0, 2, 3]);
        assert_eq!(search.find("unmonitored", &all), [1, 2]);
    }
}
