//! `tautline rules …`: looking at rules, and writing them.

mod coverage;
mod learn;
mod like;
mod list;
mod mutate;
mod new;
mod scaffold;
mod show;
mod test;

pub(super) use coverage::{CoverageArgs, coverage};
pub(super) use learn::{Ask, learn};
pub(super) use like::like;
pub(super) use list::{list, of};
pub(super) use mutate::mutate;
pub(super) use new::new;
pub(super) use show::{hcl, json, show};
pub(super) use test::test;
