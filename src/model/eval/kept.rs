//! What texts say, kept from one model of a repo to the next: in an editor every keystroke makes a model of its own, and the
//! values of a chart, and the documents in them, are the same in all of them.

use std::mem;
use std::sync::{Arc, Mutex, PoisonError};

use rustc_hash::FxHashMap;

use crate::model::value::{Piece, Text, Value};
use crate::syntax::language::Language;
use crate::text::Span;

/// Shorter texts are read as fast as they are looked for.
const SHORT: usize = 256;

/// The texts of the last models, and what was read in them.
#[derive(Debug, Default)]
pub struct KeptTexts {
    kept: Mutex<Generations>,
}

/// What the model of now has asked for, and what only the one before it has.
#[derive(Debug, Default)]
struct Generations {
    now: FxHashMap<Key, Kept>,
    before: FxHashMap<Key, Kept>,
}

/// Where a text is used, and what it is read as.
type Key = (Span, Language);

/// A text that was used there, and what it says.
#[derive(Debug)]
struct Kept {
    text: Arc<Text>,
    value: Value,
}

impl KeptTexts {
    /// Begins with another model: what the last one did not ask for is dropped.
    pub fn turn(&self) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.before = mem::take(&mut kept.now);
    }

    /// What `text`, used at `span`, says as `language`. That follows from the three alone, so it is the same in every model.
    pub(super) fn read(
        &self,
        text: &Arc<Text>,
        span: Span,
        language: Language,
        decode: impl FnOnce() -> Value,
    ) -> Value {
        let length: usize =
            text.pieces.iter().filter_map(|it| Some(it.text.as_ref().ok()?.len())).sum();
        if length < SHORT {
            return decode();
        }
        let key = (span, language);
        {
            let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(known) = kept.now.get(&key).filter(|it| is_same(&it.text, text)) {
                return known.value.clone();
            }
            if let Some(known) = kept.before.remove(&key).filter(|it| is_same(&it.text, text)) {
                let value = known.value.clone();
                kept.now.insert(key, known);
                return value;
            }
        }
        let value = decode();
        let known = Kept { text: Arc::clone(text), value: value.clone() };
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).now.insert(key, known);
        value
    }
}

/// Whether both have the same pieces in the same places.
fn is_same(text: &Arc<Text>, other: &Arc<Text>) -> bool {
    let is_same_piece = |(a, b): (&Piece, &Piece)| {
        a.span == b.span
            && match (&a.text, &b.text) {
                (Ok(a), Ok(b)) => a == b,
                (Err(a), Err(b)) => a == b,
                _ => false,
            }
    };
    text.pieces.len() == other.pieces.len()
        && text.pieces.iter().zip(&other.pieces).all(is_same_piece)
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;
    use crate::text::{FileId, TextRange};

    fn text(content: &str, file: u32) -> Arc<Text> {
        let span = TextRange::new(0, content.len()).in_file(FileId(file));
        let piece = Piece { text: Ok(content.into()), span };
        Arc::new(Text { pieces: smallvec::smallvec![piece] })
    }

    #[test]
    fn a_text_is_read_once_while_models_ask_for_it() {
        let kept = KeptTexts::default();
        let reads = Cell::new(0);
        let read = |text: &Arc<Text>, language| {
            let span = text.pieces[0].span;
            kept.read(text, span, language, || {
                reads.set(reads.get() + 1);
                Value::text("read", span)
            });
            reads.get()
        };
        let long = "a: 1\n".repeat(SHORT);
        assert_eq!(read(&text(&long, 0), Language::Yaml), 1);
        assert_eq!(read(&text(&long, 0), Language::Yaml), 1);
        kept.turn();
        assert_eq!(read(&text(&long, 0), Language::Yaml), 1);
        // Another language, another place, and another text are other questions.
        assert_eq!(read(&text(&long, 0), Language::Json), 2);
        assert_eq!(read(&text(&long, 1), Language::Yaml), 3);
        assert_eq!(read(&text(&long.replace('1', "2"), 0), Language::Yaml), 4);
        // What a whole model has not asked for is gone.
        kept.turn();
        kept.turn();
        assert_eq!(read(&text(&long, 0), Language::Yaml), 5);
        // What is short is not kept.
        assert_eq!(read(&text("a: 1\n", 0), Language::Yaml), 6);
        assert_eq!(read(&text("a: 1\n", 0), Language::Yaml), 7);
    }
}
