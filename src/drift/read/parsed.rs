//! Values of a plan, each text of one parsed once: what was applied, what runs and what the code wants are the same text for
//! most of what changes, and so are the masks of many instances.

use std::rc::Rc;

use rustc_hash::FxHashMap;

use crate::drift::shown::Json;

/// Shorter texts are parsed again: that is no more work than to find them.
const SHORTEST: usize = 64;

/// What has been parsed, by its text.
#[derive(Default)]
pub(super) struct Parsed {
    by_text: FxHashMap<Box<[u8]>, Rc<Json>>,
}

impl Parsed {
    /// The value that `text` is; the same one each time.
    pub(super) fn value(&mut self, text: &[u8]) -> Result<Rc<Json>, serde_json::Error> {
        if let Some(known) = self.by_text.get(text) {
            return Ok(known.clone());
        }
        let value: Rc<Json> = Rc::new(serde_json::from_slice(text)?);
        if text.len() >= SHORTEST {
            self.by_text.insert(text.into(), value.clone());
        }
        Ok(value)
    }
}
