//! The rows of gathers, for whoever is no rule.
//!
//! Invariant: nobody sees a row of which it is not known whether it is there, or a cell that is not known, without being
//! told that there may be more.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::gather::{Columns, Gather, Gathered};
use super::rows::{Cell, Slot};
use crate::model::Repo;
use crate::rule::{Asked, Audience, Stop, Viewing};
use crate::text::Span;

/// A few gathers, with what the repo says in them.
#[derive(Debug)]
pub struct Tables<'g> {
    gathers: &'g [Gather],
    gathered: Gathered,
    /// Whether the words could not be searched that some of them look for.
    is_blind: bool,
}

/// What one gather found, in a few of its columns.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Table {
    /// Row by row, the texts in the columns that were asked for, in their order; none where a row says nothing there.
    pub rows: Vec<Vec<Option<(String, Span)>>>,
    /// Whether there may be more than is known.
    pub is_open: bool,
}

impl<'g> Tables<'g> {
    /// What `repo` says in those of `gathers` that are called `names`, each `PACK.NAME`.
    pub fn gather<'s>(repo: &'s Repo<'s>, gathers: &'g [Gather], names: &[&str]) -> Tables<'g> {
        let needed = |gather: &Gather| names.contains(&gather.name.as_str());
        let needs: BTreeSet<usize> =
            (0..gathers.len()).filter(|&at| needed(&gathers[at])).collect();
        let sources = Gathered::sources(gathers, &needs);
        let mut audience = Audience::default();
        for (number, source) in sources.iter().enumerate() {
            audience.add(number, source.interests());
        }
        let viewings: Result<Vec<Viewing<'s>>, _> = audience.viewings(repo, &[], Asked::all());
        let is_blind = viewings.is_err();
        let viewings = viewings.unwrap_or_default();
        let gathered = Gathered::build(
            repo,
            gathers,
            &sources,
            &viewings,
            (&needs, Columns::All),
            &Stop::default(),
        );
        Tables { gathers, gathered, is_blind }
    }

    /// What the gather `name` says in `columns`; `None` where there is no such gather.
    pub fn table(&self, name: &str, columns: &[&str]) -> Option<Table> {
        let at = self.gathers.iter().position(|gather| gather.name == name)?;
        let rows = self.gathered.rows(at);
        let mut table = Table { rows: Vec::new(), is_open: self.is_blind || rows.open.is_some() };
        let slots: Vec<Slot> = columns.iter().map(|column| rows.slot(column)).collect();
        for row in &rows.all {
            table.is_open |= row.doubt.is_some();
            let mut cells = Vec::with_capacity(slots.len());
            for slot in &slots {
                cells.push(match row.cell(*slot) {
                    Cell::Known(value) => {
                        value.as_str().map(Cow::into_owned).map(|text| (text, value.span))
                    }
                    Cell::Absent => None,
                    Cell::Unknown(_) => {
                        table.is_open = true;
                        None
                    }
                });
            }
            table.rows.push(cells);
        }
        Some(table)
    }
}
