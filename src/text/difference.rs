//! Which lines of a text are not in an older one.

use git2::{DiffLineType, DiffOptions, Patch};

/// What of a line's white space counts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Layout {
    /// None of it: a line that was indented differently is the same.
    Free,
    /// Where the line begins: in YAML that is part of what it says.
    Indented,
}

/// The 0-based lines of `newer` that `older` does not have at that place, sorted.
pub fn changed_lines(older: &str, newer: &str, layout: Layout) -> Vec<usize> {
    let mut options = DiffOptions::new();
    options.context_lines(0).force_text(true).patience(true);
    match layout {
        Layout::Free => options.ignore_whitespace(true),
        Layout::Indented => options.ignore_whitespace_eol(true),
    };
    let mut lines = Vec::new();
    let patch =
        Patch::from_buffers(older.as_bytes(), None, newer.as_bytes(), None, Some(&mut options));
    let Ok(patch) = patch else { return (0..newer.lines().count()).collect() };
    for hunk in 0..patch.num_hunks() {
        for line in 0..patch.num_lines_in_hunk(hunk).unwrap_or(0) {
            let Ok(line) = patch.line_in_hunk(hunk, line) else { continue };
            if line.origin_value() == DiffLineType::Addition {
                lines.extend(line.new_lineno().map(|number| number as usize - 1));
            }
        }
    }
    lines.sort_unstable();
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_new_counts() {
        let free = |older, newer| changed_lines(older, newer, Layout::Free);
        assert_eq!(free("a\nb\nc\n", "a\nx\nc\ny\n"), [1, 3]);
        assert_eq!(free("a\nb\nc\n", "a\nc\n"), [] as [usize; 0]);
        assert_eq!(free("a {\nb = 1\n}\n", "a {\n  b  = 1\n}\n"), [] as [usize; 0]);
        assert_eq!(free("", "a\nb\n"), [0, 1]);
        assert_eq!(free("a\n", "a"), [] as [usize; 0]);
        assert_eq!(changed_lines("a:\n", "  a: \nb:\n", Layout::Indented), [0, 1]);
        assert_eq!(changed_lines("a:\n", "a: \nb:\n", Layout::Indented), [1]);
    }
}
