//! For tests of configuration errors: texts with `⟦…⟧` around the bytes that an error must name.

use super::ConfigError;
use crate::text::TextRange;

/// `text` without its marks, and the ranges they enclosed.
pub(crate) fn marked(text: &str) -> (String, Vec<TextRange>) {
    let mut plain = String::new();
    let mut open = Vec::new();
    let mut ranges = Vec::new();
    for character in text.chars() {
        match character {
            '⟦' => open.push(plain.len()),
            '⟧' => ranges.push(TextRange::new(open.pop().unwrap(), plain.len())),
            other => plain.push(other),
        }
    }
    ranges.sort_unstable();
    (plain, ranges)
}

/// Asserts that `errors` are, in order, those at `marks` (path, range) with `words`: the message, then, after ` | `,
/// the help.
pub(crate) fn assert_errors(
    errors: &[ConfigError],
    marks: &[(&str, TextRange)],
    words: &[&str],
    context: &str,
) {
    let found: Vec<_> =
        errors.iter().map(|error| (&*error.path, error.range, say(error))).collect();
    let wanted: Vec<_> = marks
        .iter()
        .zip(words)
        .map(|((path, range), it)| (*path, *range, (*it).to_owned()))
        .collect();
    assert_eq!(marks.len(), words.len(), "as many marks as messages in:\n{context}");
    assert_eq!(found, wanted, "in:\n{context}");
}

fn say(error: &ConfigError) -> String {
    match &error.help {
        Some(help) => format!("{} | {help}", error.message),
        None => error.message.clone(),
    }
}
