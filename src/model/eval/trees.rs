//! The trees of texts that are assembled alike: a script in a module that many stacks call is the same for most of them, but
//! for where its parts stand.
//!
//! Invariant: a tree follows from its text and language alone, so it is the same whoever has read it.

use std::collections::hash_map::Entry;
use std::hash::{Hash, Hasher};
use std::sync::{Arc, Mutex, PoisonError};

use rustc_hash::{FxHashMap, FxHasher};

use crate::syntax::SyntaxError;
use crate::syntax::language::Language;
use crate::syntax::yaml::Node;
use crate::text::Span;

/// The trees of one text, one for each document.
pub(super) type Documents = Arc<[Node]>;

/// The texts that were read so far, with the trees of those that were read again: most are read once.
#[derive(Debug, Default)]
pub(in crate::model) struct Trees(Mutex<FxHashMap<Key, Option<Tree>>>);

/// Where a text is used, what it is read as, and its hash.
type Key = (Span, Language, u64);

#[derive(Debug)]
struct Tree {
    text: Box<str>,
    documents: Documents,
}

impl Trees {
    /// The trees in `text`, which is used at `span`, as `language`.
    pub(super) fn of(
        &self,
        text: &str,
        span: Span,
        language: Language,
    ) -> Result<Documents, SyntaxError> {
        let mut hasher = FxHasher::default();
        text.hash(&mut hasher);
        let key = (span, language, hasher.finish());
        let is_again = {
            let mut read = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            match read.entry(key) {
                Entry::Vacant(place) => {
                    place.insert(None);
                    false
                }
                Entry::Occupied(known) => match known.get() {
                    Some(tree) if *tree.text == *text => return Ok(Arc::clone(&tree.documents)),
                    tree => tree.is_none(),
                },
            }
        };
        let documents: Documents = language.parse(text)?.into();
        if is_again {
            let tree = Tree { text: text.into(), documents: Arc::clone(&documents) };
            let mut read = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            read.insert(key, Some(tree));
        }
        Ok(documents)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{FileId, TextRange};

    #[test]
    fn what_is_read_again_is_parsed_twice_and_then_known() {
        let trees = Trees::default();
        let at = |start: usize| TextRange::new(start, start + 1).in_file(FileId(0));
        let read = |text: &str, start| trees.of(text, at(start), Language::Yaml).unwrap();
        let [first, second, third] = [0, 0, 0].map(|start| read("a: 1", start));
        assert!(!Arc::ptr_eq(&first, &second) && Arc::ptr_eq(&second, &third));
        assert!(!Arc::ptr_eq(&second, &read("a: 2", 0)), "another text there");
        assert!(!Arc::ptr_eq(&second, &read("a: 1", 5)), "the same one elsewhere");
        assert!(trees.of("a: [", at(0), Language::Yaml).is_err());
        assert!(trees.of("a: [", at(0), Language::Yaml).is_err(), "each time");
    }
}
