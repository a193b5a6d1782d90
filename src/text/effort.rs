//! One form of a regex, compiled with as much effort as the texts are worth that it has searched.
//!
//! Most regexes of a run search a few short texts. What makes a search fast (literals to skip to, automata that grow
//! while they run, the same automaton backwards) takes longer than those searches, and it takes memory for each thread.
//!
//! Invariant: the effort decides how long a search takes, and never what it finds.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use regex_automata::meta::{Config, Regex};
use regex_automata::util::syntax;

/// After so many bytes of text, searching fast pays.
const LITTLE: usize = 4_096;

/// The automaton of a regex may take so many bytes: the limit of the crate `regex`.
const LARGEST: usize = 10 << 20;

/// A regex for texts of one kind, not yet compiled.
#[derive(Debug, Default)]
pub(super) struct Form {
    /// None where it cannot be compiled.
    slight: OnceLock<Option<Regex>>,
    fast: OnceLock<Option<Regex>>,
    /// How many bytes the slight one was to search.
    searched: AtomicUsize,
}

/// What a regex matches in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Alphabet {
    /// Bytes.
    Ascii,
    /// Characters of any script.
    Unicode,
}

impl Form {
    /// The regex `pattern`, ready to search `length` bytes; none where it is too large, or cannot do without Unicode.
    pub(super) fn get(&self, pattern: &str, alphabet: Alphabet, length: usize) -> Option<&Regex> {
        let is_little = self.searched.load(Ordering::Relaxed) + length <= LITTLE;
        if is_little && self.fast.get().is_none() {
            self.searched.fetch_add(length + 1, Ordering::Relaxed);
            return self.slight.get_or_init(|| compile(pattern, alphabet, slight())).as_ref();
        }
        self.fast.get_or_init(|| compile(pattern, alphabet, Config::new())).as_ref()
    }
}

fn slight() -> Config {
    Config::new().auto_prefilter(false).hybrid(false).onepass(false)
}

fn compile(pattern: &str, alphabet: Alphabet, config: Config) -> Option<Regex> {
    let is_unicode = alphabet == Alphabet::Unicode;
    let syntax = syntax::Config::new().unicode(is_unicode).utf8(is_unicode);
    let config = config.utf8_empty(is_unicode).nfa_size_limit(Some(LARGEST));
    Regex::builder().syntax(syntax).configure(config).build(pattern).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_searched_much_is_fast() {
        let form = Form::default();
        let is_fast = |length| {
            let regex = form.get("a+b", Alphabet::Ascii, length).unwrap();
            assert!(regex.is_match("xaab") && !regex.is_match("xaa"));
            regex.get_config().get_hybrid()
        };
        assert!(!is_fast(10));
        assert!(!is_fast(LITTLE - 100));
        assert!(is_fast(100), "the text that is too much is searched fast");
        assert!(is_fast(1), "and so are all after it");
    }

    #[test]
    fn one_long_text_is_worth_the_effort() {
        let form = Form::default();
        assert!(form.get("é", Alphabet::Unicode, LITTLE + 1).unwrap().get_config().get_hybrid());
    }

    #[test]
    fn what_cannot_be_compiled_is_none() {
        assert!(Form::default().get("é[^a]", Alphabet::Ascii, 1).is_some());
        assert!(Form::default().get(r"\pL", Alphabet::Ascii, 1).is_none());
        assert!(Form::default().get(r"(?:a{500}){500}{50}", Alphabet::Unicode, 1).is_none());
    }
}
