//! Lines that are added to a text, in place or as a patch that `git apply` takes.

/// How many lines of a patch show what is before and behind those that are added.
const CONTEXT: usize = 3;

/// Lines to add in one place.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Insertion {
    /// The number of the first of them, counted from 0.
    pub(super) at: usize,
    /// The lines, without their ends. None of them is the last of the text.
    pub(super) added: Vec<String>,
}

impl Insertion {
    /// `text` with the lines.
    pub(super) fn apply(&self, text: &str) -> String {
        let lines: Vec<&str> = text.split_inclusive('\n').collect();
        let (before, behind) = lines.split_at(self.at);
        before.concat() + &self.lines("") + &behind.concat()
    }

    /// The lines, each with its end and behind `sign`.
    fn lines(&self, sign: &str) -> String {
        self.added.iter().map(|line| format!("{sign}{line}\n")).collect::<Vec<_>>().concat()
    }

    /// The change of `text`, which is at `path`, as a patch.
    pub(super) fn patch(&self, path: &str, text: &str) -> String {
        let lines: Vec<&str> = text.split_inclusive('\n').collect();
        let first = self.at.saturating_sub(CONTEXT);
        let last = lines.len().min(self.at + CONTEXT);
        let (start, old) = (first + 1, last - first);
        let new = old + self.added.len();
        let kept = |lines: &[&str]| {
            let ended = |line: &&str| match line.strip_suffix('\n') {
                Some(line) => format!(" {line}\n"),
                None => format!(" {line}\n\\ No newline at end of file\n"),
            };
            lines.iter().map(ended).collect::<Vec<_>>().concat()
        };
        let added = self.lines("+");
        let (before, behind) = (kept(&lines[first..self.at]), kept(&lines[self.at..last]));
        format!(
            "--- a/{path}\n+++ b/{path}\n@@ -{start},{old} +{start},{new} @@\n{before}{added}{behind}"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn insertion(at: usize) -> Insertion {
        Insertion { at, added: vec!["x".to_owned(), String::new()] }
    }

    #[test]
    fn lines_come_where_they_are_said_to() {
        assert_eq!(insertion(0).apply("a\nb"), "x\n\na\nb");
        assert_eq!(insertion(1).apply("a\nb"), "a\nx\n\nb");
    }

    #[test]
    fn a_patch_shows_what_is_around() {
        let head = "--- a/p/q\n+++ b/p/q\n";
        let text = "1\n2\n3\n4\n5\n6\n7";
        let expected =
            "@@ -2,6 +2,8 @@\n 2\n 3\n 4\n+x\n+\n 5\n 6\n 7\n\\ No newline at end of file\n";
        assert_eq!(insertion(4).patch("p/q", text), format!("{head}{expected}"));
        let expected = "@@ -1,1 +1,3 @@\n+x\n+\n a\n";
        assert_eq!(insertion(0).patch("p/q", "a\n"), format!("{head}{expected}"));
    }
}
