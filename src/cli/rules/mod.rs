//! `tautline rules …`: looking at rules, and writing them.

mod list;
mod test;

pub(super) use list::list;
pub(super) use test::test;
