//! Many words searched for in a text, in one pass.
//!
//! Of the first three letters of a word, one stands at a place of the text that can be divided by three. So it is enough to
//! look at the four bytes at every third place, and hardly any of them begin a piece of a word.
//!
//! Invariant: what is found is what `str::contains` finds, word by word.

use memchr::memmem;
use rustc_hash::FxHashMap;

/// So many bytes of a text are held against the words at once.
const PIECE: usize = size_of::<u32>();

/// The distance of the places that are looked at.
const STRIDE: usize = 3;

/// Words of fewer bytes need not have a whole piece at such a place: they are looked for one by one. They occur so often
/// that the first occurrence is soon found.
const SHORTEST: usize = PIECE + STRIDE - 1;

/// How many bits of the hash of a piece tell whether any word has it. A table of all of them is small enough to stay in
/// the nearest cache.
const BITS: u32 = 16;

/// Words, ready to be searched for.
#[derive(Debug)]
pub struct WordSearch {
    words: Vec<Box<[u8]>>,
    short: Vec<(usize, memmem::Finder<'static>)>,
    /// One bit for each hash, set where some word has a piece with it.
    known: Box<[u64]>,
    /// The words that have a piece at one of their first places.
    holders: FxHashMap<u32, Vec<Holder>>,
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
            short: Vec::new(),
            known: vec![0; (1 << BITS) / 64].into_boxed_slice(),
            holders: FxHashMap::default(),
        };
        for word in words {
            search.add(word.as_ref().as_bytes());
        }
        search
    }

    fn add(&mut self, letters: &[u8]) {
        let word = self.words.len();
        self.words.push(letters.into());
        if letters.len() < SHORTEST {
            self.short.push((word, memmem::Finder::new(letters).into_owned()));
            return;
        }
        for (offset, piece) in letters.windows(PIECE).take(STRIDE).enumerate() {
            let Some(piece) = piece.first_chunk().copied().map(u32::from_le_bytes) else {
                continue;
            };
            let (at, bit) = place(piece);
            self.known[at] |= bit;
            self.holders.entry(piece).or_default().push(Holder { word, offset });
        }
    }

    /// The words in `text`, by number and in order, of those that are wanted.
    pub fn find(&self, text: &str, is_wanted: impl Fn(usize) -> bool) -> Vec<usize> {
        let text = text.as_bytes();
        let mut found: Vec<usize> = Vec::new();
        for (word, finder) in &self.short {
            // Whether anybody wants it is sooner known than whether it is there.
            if is_wanted(*word) && finder.find(text).is_some() {
                found.push(*word);
            }
        }
        let is_long = |word: &usize| self.words[*word].len() >= SHORTEST;
        let mut is_missing: Vec<bool> =
            (0..self.words.len()).map(|word| is_long(&word) && is_wanted(word)).collect();
        let mut missing = is_missing.iter().filter(|missing| **missing).count();
        let mut at = 0;
        while missing > 0
            && let Some(piece) = text.get(at..).and_then(|rest| rest.first_chunk())
        {
            let piece = u32::from_le_bytes(*piece);
            let (index, bit) = place(piece);
            if self.known[index] & bit != 0 {
                for &Holder { word, offset } in self.holders.get(&piece).into_iter().flatten() {
                    let rest = at.checked_sub(offset).and_then(|start| text.get(start..));
                    if is_missing[word] && rest.is_some_and(|it| it.starts_with(&self.words[word]))
                    {
                        is_missing[word] = false;
                        missing -= 1;
                        found.push(word);
                    }
                }
            }
            at += STRIDE;
        }
        found.sort_unstable();
        found
    }
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
        let text = "ä ingress_factory aaaaaaa façade kubernete";
        for from in (0..text.len()).filter(|at| text.is_char_boundary(*at)) {
            for to in (from..=text.len()).filter(|at| text.is_char_boundary(*at)) {
                let text = &text[from..to];
                let contained: Vec<usize> =
                    (0..words.len()).filter(|word| text.contains(words[*word])).collect();
                assert_eq!(search.find(text, |_| true), contained, "{text:?}");
                let odd: Vec<usize> = contained.into_iter().filter(|word| word % 2 == 1).collect();
                assert_eq!(search.find(text, |word| word % 2 == 1), odd, "{text:?}");
            }
        }
    }

    #[test]
    fn words_that_begin_alike_are_told_apart() {
        let search = WordSearch::new(["monitoring", "monitored", "onitor", "itorin"]);
        assert_eq!(search.find("xx monitoring", |_| true), [0, 2, 3]);
        assert_eq!(search.find("unmonitored", |_| true), [1, 2]);
    }
}
