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
