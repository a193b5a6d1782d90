//! Mechanical fixes: titled byte edits with an honest label.

use crate::text::Span;

/// What may be done with a fix without asking.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Applicability {
    /// Keeps the meaning: may be applied without looking.
    Safe,
    /// Changes what Terraform does, or may: applied only when asked for.
    Unsafe,
    /// Has a hole that a person must fill: shown, never applied.
    DisplayOnly,
}

/// Replaces the bytes of `span` with `text`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Edit {
    /// The bytes to replace; an empty span inserts.
    pub span: Span,
    /// The new text.
    pub text: String,
}

/// Edits that belong together.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fix {
    /// What applying it does, in the imperative.
    pub title: String,
    /// Whether it may be applied unasked.
    pub applicability: Applicability,
    /// The edits, in any order, not overlapping.
    pub edits: Vec<Edit>,
}

/// What became of the fixes of a run.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct FixAccount {
    /// How many diagnostics were fixed.
    pub fixed: usize,
    /// How many files that changed.
    pub files: usize,
    /// How many are left, by why, in the words that follow the number.
    pub left: Vec<(&'static str, usize)>,
    /// Which fixes were tried and not taken, and why: one line each, sorted.
    pub refused: Vec<String>,
}
