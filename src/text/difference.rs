//! Which lines of a text are not in an older one, and the patch that leads from the one to the other.

use std::path::Path;

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

/// The way from `older` to `newer`, both at `path`, as a patch that `git apply` takes; empty where they are the same.
pub fn patch(path: &str, older: &str, newer: &str) -> String {
    let (mut options, path) = (DiffOptions::new(), Path::new(path));
    options.force_text(true);
    let made = Patch::from_buffers(
        older.as_bytes(),
        Some(path),
        newer.as_bytes(),
        Some(path),
        Some(&mut options),
    );
    let text = made.and_then(|mut patch| patch.to_buf());
    let text = text.map(|buffer| String::from_utf8_lossy(&buffer).into_owned());
    let text = text.unwrap_or_default();
    // The line that names blobs is about a repository, and neither text need be in one.
    let is_said = |line: &&str| !line.starts_with("index ");
    text.split_inclusive('\n').filter(is_said).collect()
}

/// The way from a symbolic link that says `older`, or that is not there, to one that says `newer`, as a patch that `git apply`
/// takes; empty where they are the same.
pub fn link_patch(path: &str, older: Option<&str>, newer: &str) -> String {
    let patch = patch(path, older.unwrap_or_default(), newer);
    if older.is_some() {
        return patch;
    }
    let lines = patch.split_inclusive('\n').enumerate().map(|(at, line)| match at {
        0 => format!("{line}new file mode 120000\n"),
        1 => "--- /dev/null\n".to_owned(),
        _ => line.to_owned(),
    });
    lines.collect()
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

    #[test]
    fn a_patch_makes_a_link() {
        let said = "+../../secrets\n\\ No newline at end of file\n";
        assert_eq!(
            link_patch("a/b", None, "../../secrets"),
            format!(
                "diff --git a/a/b b/a/b\nnew file mode 120000\n--- /dev/null\n+++ b/a/b\n@@ -0,0 +1 @@\n{said}"
            )
        );
        assert_eq!(
            link_patch("a/b", Some(".."), "../../secrets"),
            format!(
                "diff --git a/a/b b/a/b\n--- a/a/b\n+++ b/a/b\n@@ -1 +1 @@\n-..\n\\ No newline at end of file\n{said}"
            )
        );
    }

    #[test]
    fn a_patch_names_its_file_and_shows_what_is_around() {
        let older = "1\n2\n3\n4\n5\n";
        assert_eq!(
            patch("a b/c.tf", older, "1\n2\n3\n4\nfive\n6"),
            "diff --git a/a b/c.tf b/a b/c.tf\n--- a/a b/c.tf\n+++ b/a b/c.tf\n@@ -2,4 +2,5 @@\n 2\n 3\n 4\n-5\n+five\n+6\n\\ No newline at end of file\n"
        );
        assert_eq!(patch("a", older, older), "");
    }
}
