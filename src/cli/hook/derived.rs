//! Whether what a wrapper makes of its arguments still is them: `args=("$@")`, and options that are added.
//!
//! Invariant: what is not followed word for word is not taken for the arguments.

use std::collections::{BTreeMap, BTreeSet};

use super::called::names_directory;
use crate::syntax::language::outline::{Change, Changed, Word};

/// Whether `word` is all of the wrapper's arguments.
pub(super) fn is_all(word: &Word<'_>) -> bool {
    matches!(bare(word), "$@" | "${@}" | "$*" | "${*}")
}

/// Whether `words`, after `changes`, are the wrapper's arguments before these, and else only options.
pub(super) fn is_from_arguments(words: &[Word<'_>], changes: &[Change<'_>]) -> bool {
    let mut followed = Followed::default();
    loop {
        let spoilt = followed.spoilt.len();
        followed.values.clear();
        if !changes.iter().all(|change| followed.take(change)) {
            return false;
        }
        // In a loop, what is spoilt at its end is so at its beginning.
        if followed.spoilt.len() == spoilt {
            return followed.holds(words) == Some(true);
        }
    }
}

/// What variables hold.
#[derive(Default)]
struct Followed<'o> {
    /// Whether arguments are in it, of each variable that holds nothing but these and options.
    values: BTreeMap<&'o str, bool>,
    /// Those that may hold anything.
    spoilt: BTreeSet<&'o str>,
}

impl<'o> Followed<'o> {
    /// Takes in a change; whether the arguments and the directory stay what they are.
    fn take(&mut self, change: &Change<'o>) -> bool {
        match &change.what {
            Changed::Value { name, words, keeps } => {
                let before = if *keeps { self.values.get(name).copied() } else { Some(false) };
                match before.zip(self.holds(words)) {
                    Some((before, added)) => {
                        self.values.insert(name, before || added);
                    }
                    None => {
                        self.spoilt.insert(name);
                    }
                }
            }
            Changed::Variable(name) => {
                self.spoilt.insert(name);
            }
            Changed::Arguments | Changed::Directory | Changed::Anything => return false,
        }
        true
    }

    /// Whether arguments are among `words`; `None` where anything else is but options.
    fn holds(&self, words: &[Word<'_>]) -> Option<bool> {
        let holds = |word: &Word<'_>| {
            if is_all(word) {
                return Some(true);
            }
            let source = bare(word);
            if source.starts_with('-') && !names_directory(source) && !word.is_list {
                return Some(false);
            }
            let name = name_of(source)?;
            self.values.get(name).copied().filter(|_| !self.spoilt.contains(name))
        };
        words.iter().map(holds).try_fold(false, |any, holds| Some(any | holds?))
    }
}

/// A word without the quotes around it.
fn bare<'o>(word: &Word<'o>) -> &'o str {
    word.source.trim_matches('"')
}

/// The variable that a word is, or of an array all that is in it: `$x`, `${x}`, `${x[@]}`.
fn name_of(source: &str) -> Option<&str> {
    let name = source.strip_prefix('$')?;
    let name = match name.strip_prefix('{') {
        Some(inside) => {
            let name = inside.strip_suffix('}')?;
            name.strip_suffix("[@]").or_else(|| name.strip_suffix("[*]")).unwrap_or(name)
        }
        None => name,
    };
    name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_').then_some(name)
}
