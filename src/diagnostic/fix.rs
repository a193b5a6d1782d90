//! Mechanical fixes: titled byte edits, or symbolic links to make, with an honest label.

use crate::text::Span;

/// What may be done with a fix without asking.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Applicability {
    /// Keeps the meaning: may be applied without looking.
    Safe,
    /// Changes what Terraform does, or may: applied only when asked for.
    Unsafe,
    /// Has a hole that a person must fill, or would leave behind what is said there: shown, never applied.
    DisplayOnly,
}

impl Applicability {
    /// The word for it in what programs read.
    pub fn word(self) -> &'static str {
        match self {
            Applicability::Safe => "safe",
            Applicability::Unsafe => "unsafe",
            Applicability::DisplayOnly => "display-only",
        }
    }
}

/// Replaces the bytes of `span` with `text`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Edit {
    /// The bytes to replace; an empty span inserts.
    pub span: Span,
    /// The new text.
    pub text: String,
}

/// Makes the symbolic link `path`, or lets the one that is there lead to `target`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LinkEdit {
    /// Where it is to be: relative to the root, with `/`.
    pub path: Box<str>,
    /// What it is to say.
    pub target: Box<str>,
}

/// Changes that belong together.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fix {
    /// What applying it does, in the imperative.
    pub title: String,
    /// Whether it may be applied unasked.
    pub applicability: Applicability,
    /// The edits, in any order, not overlapping.
    pub edits: Vec<Edit>,
    /// The links.
    pub links: Vec<LinkEdit>,
}

impl Fix {
    /// A fix that edits texts.
    pub fn of_edits(
        title: impl Into<String>,
        applicability: Applicability,
        edits: Vec<Edit>,
    ) -> Fix {
        Fix { title: title.into(), applicability, edits, links: Vec::new() }
    }

    /// Whether it changes nothing: it only says what is to be done.
    pub fn is_empty(&self) -> bool {
        self.edits.is_empty() && self.links.is_empty()
    }
}

/// What became of the fixes of a run.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct FixAccount {
    /// How many of the diagnostics that were found are gone by their fixes.
    pub fixed: usize,
    /// How many files that changed.
    pub files: usize,
    /// How many diagnostics went along: what another one's fix changed was what they were about too.
    pub along: usize,
    /// How many are left, by why, in the words that follow the number.
    pub left: Vec<(&'static str, usize)>,
    /// Which fixes were tried and not taken, and why: one line each, sorted.
    pub refused: Vec<String>,
}
