//! What one check makes of files, kept for the next: of a repo that is checked again and again, few files change.
//!
//! Invariant: what is taken from here is what would be made anew: of the same bytes at the same path.

use std::sync::{Arc, Mutex, PoisonError};

use rustc_hash::FxHashMap;

use super::load::Held;
use crate::model::KeptTexts;
use crate::workspace::{FileSet, LoadedFile};

/// The files of the last check, as they were parsed.
#[derive(Debug, Default)]
pub(super) struct Memory {
    files: Mutex<FxHashMap<Box<str>, Held>>,
    /// What was read in texts.
    pub(super) texts: Arc<KeptTexts>,
}

impl Memory {
    /// `file`, parsed; not again where it says what it did.
    pub(super) fn held(&self, file: LoadedFile) -> Held {
        let LoadedFile { path, content } = file;
        let known = self.files.lock().unwrap_or_else(PoisonError::into_inner).get(&path).cloned();
        if let Some(known) = known.filter(|known| known.says(&content)) {
            return known;
        }
        let held = Held::of(&path, content);
        let mut files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        files.insert(path, held.clone());
        held
    }
}

/// The files of a run as they were read.
pub(super) struct Unparsed<'a> {
    pub(super) files: FileSet,
    /// What runs before have made of them.
    pub(super) memory: Option<&'a Memory>,
}

impl From<FileSet> for Unparsed<'_> {
    fn from(files: FileSet) -> Self {
        Unparsed { files, memory: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::Content;

    #[test]
    fn what_says_the_same_is_parsed_once() {
        let memory = Memory::default();
        let held = |text: &str| {
            let content = Content::Text(text.into());
            let held = memory.held(LoadedFile { path: "main.tf".into(), content });
            Arc::clone(held.parsed().unwrap())
        };
        let first = held("a = 1\n");
        assert!(Arc::ptr_eq(&first, &held("a = 1\n")));
        assert_eq!(&*held("a = 2\n").text, "a = 2\n");
        assert_eq!(&*held("a = 1\n").text, "a = 1\n");
    }
}
