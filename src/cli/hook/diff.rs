//! One change of neighbouring lines, applied or shown as a patch that `git apply` takes.

use std::fmt::Write as _;

/// How many lines of a patch show what is around the change.
const CONTEXT: usize = 3;

/// Some neighbouring lines and what stands in their place.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Edit {
    /// The first line that changes, counted from 0.
    pub(super) at: usize,
    /// How many lines go.
    pub(super) removed: usize,
    /// The lines that come, without their ends.
    pub(super) added: Vec<String>,
}

impl Edit {
    /// `text` after the change.
    pub(super) fn apply(&self, text: &str) -> String {
        let lines: Vec<&str> = text.split_inclusive('\n').collect();
        let mut out = lines[..self.at].concat();
        if !out.is_empty() && !out.ends_with('\n') {
            out.push('\n');
        }
        for line in &self.added {
            out.push_str(line);
            out.push('\n');
        }
        out + &lines[self.at + self.removed..].concat()
    }

    /// The change of `text`, which is at `path`, as a patch.
    pub(super) fn patch(&self, path: &str, text: &str) -> String {
        let lines: Vec<&str> = text.split_inclusive('\n').collect();
        let first = self.at.saturating_sub(CONTEXT);
        let last = lines.len().min(self.at + self.removed + CONTEXT);
        let (old, new) = (last - first, last - first - self.removed + self.added.len());
        let start = if old == 0 { 0 } else { first + 1 };
        let mut out = String::new();
        let _ = writeln!(out, "--- a/{path}\n+++ b/{path}");
        let _ = writeln!(out, "@@ -{start},{old} +{},{new} @@", first + 1);
        let mut add = |sign: char, line: &str| {
            let _ = write!(out, "{sign}{line}");
            if !line.ends_with('\n') {
                out.push_str("\n\\ No newline at end of file\n");
            }
        };
        let (end, changed) = (self.at + self.removed, first..self.at);
        lines[changed].iter().for_each(|line| add(' ', line));
        lines[self.at..end].iter().for_each(|line| add('-', line));
        self.added.iter().for_each(|line| add('+', &format!("{line}\n")));
        lines[end..last].iter().for_each(|line| add(' ', line));
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_come_and_go() {
        let edit = Edit { at: 1, removed: 1, added: vec!["B".into(), "C".into()] };
        assert_eq!(edit.apply("a\nb\nd"), "a\nB\nC\nd");
        assert_eq!(
            edit.patch("x", "a\nb\nd"),
            "--- a/x\n+++ b/x\n@@ -1,3 +1,4 @@\n a\n-b\n+B\n+C\n d\n\\ No newline at end of file\n"
        );
        let last = Edit { at: 5, removed: 0, added: vec!["x".into()] };
        let text = "1\n2\n3\n4\n5\n";
        assert_eq!(last.apply(text), "1\n2\n3\n4\n5\nx\n");
        assert!(last.patch("x", text).contains("@@ -3,3 +3,4 @@\n 3\n 4\n 5\n+x\n"));
    }
}
