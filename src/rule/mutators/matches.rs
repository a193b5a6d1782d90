//! A regex of a table: checked when it is read, compiled when it is first asked.

use std::sync::OnceLock;

use regex::Regex;
use smol_str::SmolStr;

/// A regex that a value is held against.
#[derive(Clone, Debug)]
pub struct Matches {
    text: SmolStr,
    compiled: OnceLock<Option<Regex>>,
}

impl Matches {
    /// The regex `text`; what is wrong with it, where it is none.
    pub(super) fn parse(text: &SmolStr) -> Result<Matches, String> {
        regex_syntax::parse(text).map_err(|error| match error {
            regex_syntax::Error::Parse(error) => error.kind().to_string(),
            regex_syntax::Error::Translate(error) => error.kind().to_string(),
            _ => "it cannot be read".to_owned(),
        })?;
        Ok(Matches { text: text.clone(), compiled: OnceLock::new() })
    }

    /// The one text that it matches, where it is written as one: `^never$`.
    pub fn only(&self) -> Option<&str> {
        let text = self.text.strip_prefix('^')?.strip_suffix('$')?;
        let is_plain = text
            .bytes()
            .all(|it| it.is_ascii_alphanumeric() || matches!(it, b'-' | b'_' | b'/' | b' '));
        is_plain.then_some(text)
    }

    /// Whether it is found in `value`.
    pub fn is_in(&self, value: &str) -> bool {
        let compiled = self.compiled.get_or_init(|| Regex::new(&self.text).ok());
        compiled.as_ref().is_some_and(|regex| regex.is_match(value))
    }
}
