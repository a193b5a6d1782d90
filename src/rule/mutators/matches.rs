//! A regex of a table: checked when it is read, compiled when it is first asked.

use smol_str::SmolStr;

use crate::text::LazyRegex;

/// A regex that a value is held against.
#[derive(Clone, Debug)]
pub struct Matches {
    text: SmolStr,
    regex: LazyRegex,
}

impl Matches {
    /// The regex `text`; what is wrong with it, where it is none.
    pub(super) fn parse(text: &SmolStr) -> Result<Matches, String> {
        Ok(Matches { text: text.clone(), regex: LazyRegex::parse(text)? })
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
        self.regex.is_match(value)
    }
}
