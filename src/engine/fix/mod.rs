//! Fixes: which of those that diagnostics bring are taken, and what becomes of the files.
//!
//! Invariant: fixes that are taken together do not know of each other: no two of them change the same block, or touch
//! stretches of text that meet.

mod again;
mod apply;
mod choose;
mod tally;

pub use apply::{Texts, breaks, broken, fixed_text, keeps_readable, texts};
pub use choose::{Candidate, Refusals, choose};
pub use tally::{Said, Tally, breaks_rule};

use crate::diagnostic::{Applicability, Fix};

/// What may be applied.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Wish {
    /// Whether also what changes what Terraform does, or may.
    pub is_unsafe: bool,
    /// Ids of rules, or names of packs, whose fixes are wanted; none for all.
    pub only: Vec<String>,
    /// How far one may reach.
    pub reach: Reach,
}

/// How far from its diagnostic a fix may change something.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Reach {
    /// All over the repo.
    Repo,
    /// The file that the diagnostic is in, and links beside it.
    Beside,
    /// The text of that file.
    File,
}

impl Wish {
    fn wants(&self, rule: &str) -> bool {
        let pack = rule.split_once('/').map_or(rule, |(pack, _)| pack);
        self.only.is_empty() || self.only.iter().any(|name| name == rule || name == pack)
    }

    /// Why `fix` is not to be applied, by its label.
    fn forbids(&self, fix: &Fix) -> Option<Left> {
        match fix.applicability {
            Applicability::DisplayOnly => Some(Left::DisplayOnly),
            Applicability::Unsafe if !self.is_unsafe => Some(Left::Unsafe),
            Applicability::Unsafe | Applicability::Safe => None,
        }
    }
}

/// Why a diagnostic was left as it is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Left {
    /// It brings no fix.
    NoFix,
    /// Its fix has a hole that a person must fill, or needs a look first.
    DisplayOnly,
    /// Its fix changes what Terraform does, or may, and nobody asked for such.
    Unsafe,
    /// Nobody asked for the fixes of its rule.
    NotAsked,
    /// Its fix was tried: it did not meet the rule, or broke something else.
    Refused,
    /// Another fix changes the same construct.
    Overlap,
    /// Its file is not valid, so nobody knows what an edit does to it.
    Broken,
    /// Its fix changes something that was not asked for.
    Elsewhere,
}

impl Left {
    /// The reason, as it follows a number: `3 unsafe`.
    pub fn words(self) -> &'static str {
        match self {
            Left::NoFix => "without a fix",
            Left::DisplayOnly => "only shown",
            Left::Unsafe => "unsafe",
            Left::NotAsked => "of other rules",
            Left::Refused => "refused",
            Left::Overlap => "in the way of each other",
            Left::Broken => "in files that are not valid",
            Left::Elsewhere => "in other files",
        }
    }
}
