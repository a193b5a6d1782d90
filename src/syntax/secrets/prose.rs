//! What is a word of a sentence in a page, though it stands behind a name that makes it a secret: `Credentials: Vault has them`.
//!
//! Invariant: nothing that may be a credential is a word. Code in a page is read as code, and so is a block of settings at its top.

use crate::syntax::SourceFile;
use crate::syntax::surface::Zone;
use crate::text::TextRange;

/// Names of a topic: of these nobody writes down the one that there is.
const TOPICS: [&str; 2] = ["credentials", "secrets"];
/// How long a word is at most.
const LONGEST: usize = 16;

/// Whether the value at `range` of a page is a word: behind the name of a topic and a colon, in prose, and written as sentences
/// begin, of letters alone.
pub(super) fn is_word(file: &SourceFile, range: TextRange) -> bool {
    let value = file.slice(range).trim_end_matches(['.', ':', '!', '?']);
    let rest = value.strip_prefix(|first: char| first.is_ascii_uppercase());
    let has_form = rest.is_some_and(|rest| rest.bytes().all(|byte| byte.is_ascii_lowercase()));
    has_form
        && value.len() <= LONGEST
        && is_behind_topic(&file.text[..range.start as usize])
        && file.surface().zone(range) == Zone::Prose
        && !is_in_front_matter(&file.text, range)
}

/// Whether `before` ends with the name of a topic, a colon and white space: no quotes, as code has them.
fn is_behind_topic(before: &str) -> bool {
    let colon = before.trim_end_matches([' ', '\t']);
    let name = colon.strip_suffix(':').filter(|_| colon.len() < before.len());
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '/' | '"' | '\'');
    let name = name.and_then(|before| before.rsplit(|c| !is_part(c)).next());
    name.is_some_and(|name| TOPICS.iter().any(|topic| topic.eq_ignore_ascii_case(name)))
}

/// Whether `range` lies in the settings that `---` sets off at the top of a page.
fn is_in_front_matter(text: &str, range: TextRange) -> bool {
    let text = text.trim_start_matches('\u{feff}');
    let opens = text.lines().next().is_some_and(|line| matches!(line.trim_end(), "---" | "+++"));
    let before = text.get(..range.start as usize).unwrap_or(text);
    opens && !before.lines().skip(1).any(|line| matches!(line.trim_end(), "---" | "+++" | "..."))
}
