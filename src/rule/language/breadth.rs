//! How much has to be gathered where only some files are judged: of many gathers no more than what stands beside these.
//!
//! Invariant: who judges these files gets the same answers as with every row of the repo.

use std::collections::BTreeSet;

use super::gather::Gather;
use crate::rule::Check;

/// Somebody asks about the rows of a gather.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Look {
    /// The number of the gather.
    pub gather: usize,
    /// Whether only rows in the directory of who asks can answer.
    pub is_beside: bool,
}

/// The gathers, by number, that are needed to judge some files.
#[derive(Debug, Default)]
pub struct Breadth {
    /// Of these every row: any of them may answer.
    pub everywhere: BTreeSet<usize>,
    /// Of these the rows in the directories of the files that are judged: each is judged by itself, or answers there.
    pub there: BTreeSet<usize>,
}

impl Breadth {
    /// What `checks` need of `gathers`.
    pub fn of<'c>(gathers: &[Gather], checks: impl Iterator<Item = &'c dyn Check>) -> Self {
        let (mut everywhere, mut there) = (BTreeSet::new(), BTreeSet::new());
        let mut waiting = Vec::new();
        let mut look = |it: Look, waiting: &mut Vec<usize>| {
            if it.is_beside {
                waiting.push(it.gather);
            } else {
                everywhere.insert(it.gather);
            }
        };
        for check in checks {
            waiting.extend(check.rows_of());
            check.looks().into_iter().for_each(|it| look(it, &mut waiting));
        }
        while let Some(number) = waiting.pop() {
            if there.insert(number) {
                for origin in &gathers[number].origins {
                    waiting.extend(origin.start.rows_of());
                    origin.looks.iter().for_each(|it| look(*it, &mut waiting));
                }
            }
        }
        let everywhere = with_needs(gathers, everywhere);
        there.retain(|number| !everywhere.contains(number));
        Breadth { everywhere, there }
    }
}

/// `needed` and what they need, by number.
pub(super) fn with_needs(
    gathers: &[Gather],
    needed: impl IntoIterator<Item = usize>,
) -> BTreeSet<usize> {
    closure(needed, |number| gathers[number].needs.clone())
}

/// `judged` and the gathers that their rows are made of, by number.
pub fn lineage(gathers: &[Gather], judged: impl IntoIterator<Item = usize>) -> BTreeSet<usize> {
    closure(judged, |number| {
        gathers[number].origins.iter().filter_map(|origin| origin.start.rows_of()).collect()
    })
}

/// `numbers`, and what each of them leads to.
fn closure(
    numbers: impl IntoIterator<Item = usize>,
    leads_to: impl Fn(usize) -> Vec<usize>,
) -> BTreeSet<usize> {
    let mut found = BTreeSet::new();
    let mut waiting: Vec<usize> = numbers.into_iter().collect();
    while let Some(number) = waiting.pop() {
        if found.insert(number) {
            waiting.extend(leads_to(number));
        }
    }
    found
}
