//! What git makes of the file in which a commit's message is written: the message without comments and without what stands below
//! the scissors.
//!
//! Invariant: what is left is what the commit will say.

use std::borrow::Cow;

/// The rest of the line that begins with a comment's mark, below which nothing counts.
const SCISSORS: &str = " ------------------------ >8 ------------------------";
/// What git chooses from where it may choose (`core.commentChar = auto`).
const MARKS: [&str; 11] = ["#", ";", "@", "!", "$", "%", "^", "&", "|", ":", "*"];

/// How much git takes away (`commit.cleanup`).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Cleanup {
    /// Nothing.
    Verbatim,
    /// Blanks at the ends of lines, and lines that say nothing beside others that do.
    Whitespace,
    /// These, and comments.
    Strip,
}

impl Cleanup {
    /// What the setting `mode` means; `is_edited` says whether somebody saw the message in an editor. Of an unknown one git
    /// makes an error before it runs a hook.
    pub fn of(mode: &str, is_edited: bool) -> Cleanup {
        match mode {
            "verbatim" => Cleanup::Verbatim,
            "strip" => Cleanup::Strip,
            "whitespace" | "scissors" => Cleanup::Whitespace,
            _ if is_edited => Cleanup::Strip,
            _ => Cleanup::Whitespace,
        }
    }
}

/// What is left of `text`, which was written in an editor if it `is_edited`. Comments begin with `mark`, or, where that is `auto`,
/// with whatever git has chosen.
pub fn cleaned(text: &str, mark: &str, cleanup: Cleanup, is_edited: bool) -> String {
    let mark = if mark == "auto" { Cow::Borrowed(chosen(text)) } else { Cow::Borrowed(mark) };
    let text = if is_edited { above_scissors(text, &mark) } else { text };
    if cleanup == Cleanup::Verbatim {
        return text.to_owned();
    }
    let mut left = String::with_capacity(text.len());
    let mut is_gap = false;
    for line in text.lines() {
        if cleanup == Cleanup::Strip && line.starts_with(&*mark) {
            continue;
        }
        let line = line.trim_end();
        if line.is_empty() {
            is_gap = !left.is_empty();
            continue;
        }
        if is_gap {
            left.push('\n');
        }
        is_gap = false;
        left.push_str(line);
        left.push('\n');
    }
    left
}

fn above_scissors<'t>(text: &'t str, mark: &str) -> &'t str {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if line.strip_prefix(mark).is_some_and(|rest| rest.trim_end_matches('\n') == SCISSORS) {
            return &text[..at];
        }
        at += line.len();
    }
    text
}

/// The mark that git has chosen: that of the scissors, or else of the last line, which is git's own.
fn chosen(text: &str) -> &'static str {
    let of_line = |line: &str| MARKS.into_iter().find(|mark| line.starts_with(mark));
    let scissors = text.lines().find_map(|line| of_line(line.strip_suffix(SCISSORS)?));
    let last = || of_line(text.lines().rfind(|line| !line.trim().is_empty())?);
    scissors.or_else(last).unwrap_or("#")
}

#[cfg(test)]
mod tests {
    use super::*;

    const WRITTEN: &str = "\n\none  \n\n\ntwo\n# three\n\n# Please enter the commit message\n";

    #[test]
    fn what_is_left_is_what_git_leaves() {
        let edited = |mode: &str| cleaned(WRITTEN, "#", Cleanup::of(mode, true), true);
        for mode in ["", "default", "strip"] {
            assert_eq!(edited(mode), "one\n\ntwo\n", "{mode}");
        }
        let kept = "one\n\ntwo\n# three\n\n# Please enter the commit message\n";
        assert_eq!(edited("whitespace"), kept);
        assert_eq!(edited("verbatim"), WRITTEN);
        assert_eq!(cleaned(WRITTEN, "#", Cleanup::of("default", false), false), kept);
        assert_eq!(cleaned("# one\n", "#", Cleanup::of("", true), true), "");
        assert_eq!(cleaned("one\r\n", "#", Cleanup::Strip, true), "one\n");
    }

    #[test]
    fn below_the_scissors_nothing_counts() {
        let text = format!("one\n;{SCISSORS}\n; do not touch\ndiff --git a b\n");
        for cleanup in [Cleanup::Strip, Cleanup::Whitespace, Cleanup::Verbatim] {
            assert_eq!(cleaned(&text, ";", cleanup, true), "one\n");
            assert_eq!(cleaned(&text, "auto", cleanup, true), "one\n");
        }
        assert!(cleaned(&text, "#", Cleanup::Strip, true).contains("diff"));
        assert!(cleaned(&text, ";", Cleanup::Whitespace, false).contains("diff"));
    }

    #[test]
    fn a_mark_may_be_of_many_letters_or_be_chosen() {
        assert_eq!(cleaned("#1 one\n// two\n", "//", Cleanup::Strip, true), "#1 one\n");
        let chosen = "#1 one\n\n; Please enter\n;\n";
        assert_eq!(cleaned(chosen, "auto", Cleanup::Strip, true), "#1 one\n");
    }
}
