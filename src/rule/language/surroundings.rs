//! What stands around a text that was found, as far as somebody asks for it: each of these takes work for every match.

use smol_str::SmolStr;

use crate::syntax::SourceFile;
use crate::text::TextRange;

/// The names that it has.
pub(super) const NAMES: [&str; 2] = ["before", "line"];

/// Of what stands before it, so many bytes at most: a line may be a whole file.
const REACH: usize = 256;

/// What is asked for.
#[derive(Clone, Copy, Default, Debug)]
pub(super) struct Surroundings([bool; NAMES.len()]);

impl Surroundings {
    /// What those ask for of which `asks` says whether they may ask for a name.
    pub(super) fn asked(asks: impl Fn(&str) -> bool) -> Surroundings {
        Surroundings(NAMES.map(asks))
    }

    /// That, and what `other` is.
    pub(super) fn and(self, other: Surroundings) -> Surroundings {
        Surroundings(std::array::from_fn(|at| self.0[at] || other.0[at]))
    }

    /// Each of it with its name, around the match that begins at `start` in `file` and means what stands at `found`.
    pub(super) fn of(
        self,
        file: &SourceFile,
        start: usize,
        found: TextRange,
    ) -> impl Iterator<Item = (&'static str, SmolStr)> {
        let told = move |name| match name {
            "before" => before(&file.text[..start]).into(),
            _ => SmolStr::from((file.lines().line_of(found.start) + 1).to_string()),
        };
        let asked = NAMES.into_iter().zip(self.0).filter(|(_, is_asked)| *is_asked);
        asked.map(move |(name, _)| (name, told(name)))
    }
}

/// The end of the last line of `text`.
fn before(text: &str) -> &str {
    let reached = &text[text.ceil_char_boundary(text.len().saturating_sub(REACH))..];
    reached.rsplit('\n').next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_before_is_the_end_of_the_line() {
        assert_eq!(before("a\nb c"), "b c");
        assert_eq!(before("a\n"), "");
        assert_eq!(before(""), "");
        let long = format!("{}é{}", "x".repeat(9), "y".repeat(REACH - 1));
        assert_eq!(before(&long), "y".repeat(REACH - 1), "no part of a character");
    }
}
