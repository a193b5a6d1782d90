//! The declarative language of rules: subjects, names, questions. A rule in it is compiled into a check like any other.
//!
//! Invariant: the language knows how things are written and joined, never what they are called in some repo; and a
//! question whose answer is not known is not judged.

mod addressed;
mod asked;
mod binding;
mod breadth;
mod clause;
mod columns;
mod comment;
mod condition;
mod contradiction;
mod derive;
mod env;
mod equality;
mod explain;
mod fix;
mod gather;
mod ignored;
mod judge;
mod kinds;
mod looks;
mod matcher;
mod node;
mod operand;
mod path;
mod reach;
mod read;
mod read_clause;
mod read_fix;
mod read_literal;
mod read_rule;
mod read_test;
mod read_text;
pub mod reference;
mod relation;
mod rows;
mod schedule;
mod select;
mod selector;
mod shown;
mod subject;
mod subjects;
mod surroundings;
mod table;
mod test;
#[cfg(test)]
mod tests;
mod truth;
mod units;
mod upheld;
mod vocabulary;
mod walk;
mod wildcard;

pub use breadth::{Breadth, Look, lineage};
pub(super) use derive::{GatherName, GatherPlace, SelectorName, selector_name};
pub(super) use gather::order;
pub use gather::{Columns, Gather, Gathered, Source};
pub use looks::Holdings;
pub(super) use read::{Compiler, Shared};
pub(super) use read_rule::{Compiled, Situation};
pub(super) use selector::Selector;
pub use shown::Shown;
pub(super) use subjects::unknown_subject;
pub use table::{Table, Tables};
pub use units::{percent, quantity};
pub use wildcard::covers;
