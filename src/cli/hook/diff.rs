//! Lines that are added to a text, in place or as a patch that `git apply` takes.

/// How many lines of a patch show what is before and behind those that are added.
const CONTEXT: usize = 3;

/// Lines to add in one place.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Insertion {
    /// The number of the line in front of which they come, counted from 0.
    pub(super) at: usize,
    /// The lines, without their ends. None of them is the last of the text.
    pub(super) added: Vec<String>,
}

impl Insertion {
    /// The lines, each with its end and behind `sign`.
    fn lines(&self, sign: &str) -> String {
        self.added.iter().map(|line| format!("{sign}{line}\n")).collect::<Vec<_>>().concat()
    }
}

/// `text` with the lines of all `insertions`, which are in the order of the text.
pub(super) fn apply(insertions: &[Insertion], text: &str) -> String {
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let mut out = String::with_capacity(text.len());
    let mut from = 0;
    for insertion in insertions {
        out.push_str(&lines[from..insertion.at].concat());
        out.push_str(&insertion.lines(""));
        from = insertion.at;
    }
    out + &lines[from..].concat()
}

/// The change of `text`, which is at `path` below the top of the work tree, as a patch.
pub(super) fn patch(insertions: &[Insertion], path: &str, text: &str) -> String {
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    // With the first line git takes the paths to be meant from the top, wherever it is called.
    let mut out = format!("diff --git a/{path} b/{path}\n--- a/{path}\n+++ b/{path}\n");
    let mut shift = 0;
    for hunk in insertions.chunk_by(|one, next| next.at - one.at <= 2 * CONTEXT) {
        out.push_str(&hunk_of(hunk, &lines, &mut shift));
    }
    out
}

/// A part of a patch, behind those that add `shift` lines.
fn hunk_of(insertions: &[Insertion], lines: &[&str], shift: &mut usize) -> String {
    let kept = |lines: &[&str]| {
        let ended = |line: &&str| match line.strip_suffix('\n') {
            Some(line) => format!(" {line}\n"),
            None => format!(" {line}\n\\ No newline at end of file\n"),
        };
        lines.iter().map(ended).collect::<Vec<_>>().concat()
    };
    let first = insertions.first().map_or(0, |it| it.at.saturating_sub(CONTEXT));
    let last = insertions.last().map_or(0, |it| lines.len().min(it.at + CONTEXT));
    let added: usize = insertions.iter().map(|it| it.added.len()).sum();
    let old = last - first;
    let (start, new) = (first + 1, old + added);
    let mut out = format!("@@ -{start},{old} +{},{new} @@\n", start + *shift);
    let mut from = first;
    for insertion in insertions {
        out.push_str(&kept(&lines[from..insertion.at]));
        out.push_str(&insertion.lines("+"));
        from = insertion.at;
    }
    *shift += added;
    out + &kept(&lines[from..last])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn insertion(at: usize) -> Insertion {
        Insertion { at, added: vec!["x".to_owned(), String::new()] }
    }

    #[test]
    fn lines_come_where_they_are_said_to() {
        assert_eq!(apply(&[insertion(0)], "a\nb"), "x\n\na\nb");
        assert_eq!(apply(&[insertion(1)], "a\nb"), "a\nx\n\nb");
        assert_eq!(apply(&[insertion(0), insertion(1)], "a\nb"), "x\n\na\nx\n\nb");
    }

    #[test]
    fn a_patch_shows_what_is_around() {
        let head = "diff --git a/p/q b/p/q\n--- a/p/q\n+++ b/p/q\n";
        let text = "1\n2\n3\n4\n5\n6\n7";
        let expected =
            "@@ -2,6 +2,8 @@\n 2\n 3\n 4\n+x\n+\n 5\n 6\n 7\n\\ No newline at end of file\n";
        assert_eq!(patch(&[insertion(4)], "p/q", text), format!("{head}{expected}"));
        let expected = "@@ -1,1 +1,3 @@\n+x\n+\n a\n";
        assert_eq!(patch(&[insertion(0)], "p/q", "a\n"), format!("{head}{expected}"));
    }

    #[test]
    fn a_patch_has_what_is_near_in_one_piece() {
        let text = (1..=20).map(|line| line.to_string() + "\n").collect::<Vec<_>>().concat();
        let patch = patch(&[insertion(2), insertion(4), insertion(16)], "p", &text);
        let heads: Vec<_> = patch.lines().filter(|line| line.starts_with("@@")).collect();
        assert_eq!(heads, ["@@ -1,7 +1,11 @@", "@@ -14,6 +18,8 @@"]);
        assert!(patch.contains(" 2\n+x\n+\n 3\n 4\n+x\n+\n 5\n"), "{patch}");
    }
}
