//! How a rule came to its answer about one subject: for whoever asks why it said something, or nothing.

use smol_str::SmolStr;

use crate::text::Span;

/// One way through a rule: a subject, and each step until the answer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Explanation {
    /// What was judged.
    pub subject: Span,
    /// The stacks that call it, of what stands in a module that they share.
    pub callers: Vec<SmolStr>,
    /// The steps, in order.
    pub steps: Vec<Step>,
}

/// One clause or question of a rule, and how it went.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Step {
    /// The clause as written, on one line.
    pub clause: String,
    /// The line of the pack file where it stands: `rules/a/b.hcl:12`.
    pub place: String,
    /// How it went.
    pub answer: Answer,
    /// The place that decided, and what is there.
    pub found: Option<(Span, String)>,
}

/// How a clause or question went.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Answer {
    /// It holds: the rule goes on.
    Holds,
    /// It does not: the rule does not apply.
    DoesNotApply,
    /// It is an exception, and does not hold: the rule goes on.
    NoException,
    /// It is an exception, and holds: the rule does not apply.
    Excepted,
    /// Something was named, or split into so many.
    Named(usize),
    /// The requirement is met.
    Met,
    /// It is not met: this is reported.
    Reported,
    /// It is not known, for this reason.
    Unknown(String),
}
