//! What a rule is: an entry in a pack that selects, requires and says, on top of a named check.
//!
//! Invariant: Rust never declares a rule. A check knows how to judge; which kinds, keys, paths and names it judges, how
//! bad a finding is and what is said about it stand in the pack entry.

mod audience;
mod builtin;
pub mod cases;
mod check;
mod document;
mod entry;
mod evidence;
mod explanation;
mod files;
mod guard;
mod language;
mod load;
mod mutators;
mod named;
mod options;
mod overrides;
mod pack;
mod planned;
mod raw;
mod ruleset;
mod shared;
mod stop;
mod template;
#[cfg(test)]
mod tests;
pub mod write;

pub use audience::{Asked, Audience, Audiences, Job, Viewing, jobs};
pub use builtin::{builtin_bases, builtin_files, page};
pub use check::{
    Check, CheckDef, Context, Facts, Finding, Findings, Interest, LookBack, Outcome, Subject,
    Unjudged,
};
pub use document::{document_fences, document_packs};
pub use evidence::{Condition, Evidence, evidence};
pub use explanation::{Answer, Explanation, Step};
pub use files::{Home, Origin, PackFile, explanation, find_page, replace};
pub use guard::guarded;
pub use language::reference;
pub use language::{
    Breadth, Columns, Gather, Gathered, Holdings, Look, Shown, Source, Table, Tables, covers,
    lineage, percent, quantity,
};
pub use load::{MayAsk, is_name, load, load_files, load_wanted};
pub use mutators::{
    Action, After, Bound, Condition as MutatorCondition, FieldPath, FieldStep, Manager, Matches,
    Mutator, Same, Selector, Signature,
};
pub use named::named;
pub use options::{OptionError, Options};
pub use pack::{Case, Pack, Rule};
pub use planned::{ACTIONS, CLASSES, Planned};
pub use ruleset::RuleSet;
pub use stop::Stop;
pub use template::Template;
