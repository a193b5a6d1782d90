//! What is wrong in a file that configures tautline, with the place.

use std::fmt;
use std::sync::Arc;

use smol_str::SmolStr;

use crate::text::{LineIndex, TextRange};

/// A file that configures tautline: `tautline.hcl`, or a file of a pack.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ConfigSource {
    /// Its path as shown to people.
    pub path: Arc<str>,
    /// Its whole text. That of a built-in pack stays where it is.
    pub text: SmolStr,
    /// Whether tests have found nothing wrong with it: it is part of the binary.
    pub is_proven: bool,
    /// Where it is a part of a document: what people see in its place.
    pub document: Option<Arc<Document>>,
}

/// The document that a file of a pack is a part of. Each byte of the one is at the same place in the other.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Document {
    /// Its whole text.
    pub text: SmolStr,
    /// Where the part begins: what is wrong with it as a whole is wrong here.
    pub begins: TextRange,
}

/// Something wrong in a file that configures tautline. Any one of them ends the run with exit code 2.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ConfigError {
    /// The file's path as shown to people.
    pub path: Arc<str>,
    /// The file's whole text.
    pub text: SmolStr,
    /// The bytes that are wrong.
    pub range: TextRange,
    /// What is wrong: one line, lower case, no full stop.
    pub message: String,
    /// What to type instead.
    pub help: Option<String>,
}

impl ConfigSource {
    /// The file at `path` with `text`.
    pub fn new(path: impl Into<Arc<str>>, text: impl Into<SmolStr>) -> Self {
        Self { path: path.into(), text: text.into(), is_proven: false, document: None }
    }

    /// The text that is shown to people, and where `range` is in it.
    fn shown(&self, range: TextRange) -> (&SmolStr, TextRange) {
        match &self.document {
            Some(document) if range == TextRange::empty(0) => (&document.text, document.begins),
            Some(document) => (&document.text, range),
            None => (&self.text, range),
        }
    }

    /// Something wrong at `range`.
    pub fn error(&self, range: TextRange, message: impl Into<String>) -> ConfigError {
        let (text, range) = self.shown(range);
        ConfigError {
            path: Arc::clone(&self.path),
            text: text.clone(),
            range,
            message: message.into(),
            help: None,
        }
    }

    /// `path:line` of `range`: how a message names the line that decided something.
    pub fn place(&self, range: TextRange) -> String {
        let (text, range) = self.shown(range);
        let line = LineIndex::new(text).line_of(range.start) + 1;
        format!("{}:{line}", self.path)
    }
}

impl ConfigError {
    /// Says what to type instead.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Offers the nearest of `known` to `word`, or where none is near, all of them.
    #[must_use]
    pub fn offer<'a>(mut self, word: &str, known: impl IntoIterator<Item = &'a str>) -> Self {
        self.help = super::suggest::offer(word, known);
        self
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let position = LineIndex::new(&self.text).position(&self.text, self.range.start);
        write!(f, "{}:{}:{}: {}", self.path, position.line, position.column, self.message)
    }
}

impl std::error::Error for ConfigError {}
