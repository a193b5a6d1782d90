//! The rows of a gather: what each says in the columns that are asked for, and how they are found by it.

use std::borrow::Cow;
use std::sync::{Arc, Mutex, PoisonError};

use rustc_hash::FxHashMap;
use smallvec::SmallVec;
use smol_str::SmolStr;

use super::env::{Env, IMPLICIT, Implicit};
use crate::model::{Data, Reason, Value, Which};
use crate::text::Span;

/// One row.
#[derive(Clone, Debug)]
pub(super) struct Row {
    /// The subject, or what `each` made of it.
    pub(super) site: Span,
    /// Which instance of the code it is of.
    pub(super) which: Which,
    /// Why it is not known whether the row is there.
    pub(super) doubt: Option<Reason>,
    /// What it says in each column of its gather; nothing where it has no such name.
    pub(super) cells: Box<[Option<Kept>]>,
    /// What every subject has.
    pub(super) implicit: Arc<Implicit>,
}

/// What a row keeps of what it says in a column. There are a hundred thousand of them.
#[derive(Clone, Debug)]
pub(super) enum Kept {
    /// This text, which stands where the row does.
    Text(SmolStr),
    /// This.
    Known(Value),
    /// Nothing.
    Absent,
    /// It is not known.
    Unknown(Reason),
}

const _: () =
    assert!(size_of::<Option<Kept>>() == size_of::<Value>(), "a cell is no larger than a value");

/// What a row says in a column.
#[derive(Clone, Debug)]
pub(super) enum Cell {
    /// This.
    Known(Value),
    /// Nothing.
    Absent,
    /// It is not known.
    Unknown(Reason),
}

/// The text of a cell.
pub(super) enum Said<'r> {
    /// This.
    Text(Cow<'r, str>),
    /// Something that is no text.
    Other(&'r Value),
    /// Nothing.
    Absent,
    /// It is not known.
    Unknown(&'r Reason),
}

/// The rows of one gather.
#[derive(Debug, Default)]
pub(super) struct Rows {
    pub(super) all: Vec<Row>,
    /// The names of the columns.
    names: Arc<[SmolStr]>,
    /// Rows by what they say, for the columns that were asked about.
    columns: Mutex<FxHashMap<SmolStr, Arc<Column>>>,
    pub(super) label: String,
    is_expected: bool,
    /// Why there are more rows than these, where there are.
    pub(super) open: Option<Reason>,
    /// Those of modules that nobody calls.
    pub(super) uncalled: Vec<Row>,
}

/// Where a row has what it says in a column: in a cell, or else in what every subject has.
#[derive(Clone, Copy, Debug)]
pub(super) struct Slot {
    cell: Option<usize>,
    implicit: Option<usize>,
}

impl Row {
    /// The cell at `slot`; one that is not there is absent.
    pub(super) fn cell(&self, slot: Slot) -> Cell {
        let text = |text: &SmolStr| Cell::Known(Value::text(text.clone(), self.site));
        match self.own_cell(slot) {
            Some(Kept::Text(own)) => text(own),
            Some(Kept::Known(value)) => Cell::Known(value.clone()),
            Some(Kept::Absent) => Cell::Absent,
            Some(Kept::Unknown(reason)) => Cell::Unknown(reason.clone()),
            None => self.implicit_text(slot).map_or(Cell::Absent, text),
        }
    }

    /// The text at `slot`.
    pub(super) fn said(&self, slot: Slot) -> Said<'_> {
        match self.own_cell(slot) {
            Some(Kept::Text(text)) => Said::Text(Cow::Borrowed(text)),
            Some(Kept::Known(value)) => value.as_str().map_or(Said::Other(value), Said::Text),
            Some(Kept::Unknown(reason)) => Said::Unknown(reason),
            Some(Kept::Absent) => Said::Absent,
            None => match self.implicit_text(slot) {
                Some(text) => Said::Text(Cow::Borrowed(text)),
                None => Said::Absent,
            },
        }
    }

    fn own_cell(&self, slot: Slot) -> Option<&Kept> {
        self.cells[slot.cell?].as_ref()
    }

    fn implicit_text(&self, slot: Slot) -> Option<&SmolStr> {
        Some(&self.implicit[slot.implicit?])
    }

    /// The row as an object whose keys are `names`.
    pub(super) fn value(&self, names: &[SmolStr]) -> Value {
        let entry = |(name, cell): (&SmolStr, &Option<Kept>)| {
            let value = match cell.as_ref()? {
                Kept::Text(text) => Value::text(text.clone(), self.site),
                Kept::Known(value) => value.clone(),
                Kept::Absent => Value { data: Data::Null, span: self.site },
                Kept::Unknown(reason) => {
                    Value { data: Data::Unknown(reason.clone()), span: self.site }
                }
            };
            Some(crate::model::Entry { key: name.clone(), key_span: value.span, value })
        };
        Value::map(names.iter().zip(&self.cells).filter_map(entry).collect(), self.site)
    }
}

/// Rows by what they say in one column.
#[derive(Debug, Default)]
pub(super) struct Column {
    pub(super) by_text: FxHashMap<SmolStr, SmallVec<[Number; 2]>>,
    /// Rows that do not know it.
    pub(super) unknown: Vec<Number>,
}

/// The position of a row among those of its gather.
type Number = u32;

impl Rows {
    /// None yet, of the gather with this label, with columns of these `names`.
    pub(super) fn new(label: String, is_expected: bool, names: Arc<[SmolStr]>) -> Self {
        Self { names, label, is_expected, ..Self::default() }
    }

    /// The names of the columns.
    pub(super) fn names(&self) -> &[SmolStr] {
        &self.names
    }

    /// Where its rows have what they say in `column`.
    pub(super) fn slot(&self, column: &str) -> Slot {
        Slot {
            cell: self.names.iter().position(|name| name == column),
            implicit: IMPLICIT.iter().position(|name| *name == column),
        }
    }

    /// The row at a position that its [`Column`] names.
    pub(super) fn row(&self, at: Number) -> &Row {
        &self.all[at as usize]
    }

    /// The rows by what they say in `column`.
    pub(super) fn column(&self, column: &str) -> Arc<Column> {
        let known = self.columns.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(index) = known.get(column) {
            return Arc::clone(index);
        }
        drop(known);
        let mut index = Column::default();
        let slot = self.slot(column);
        for (at, row) in (0..).zip(&self.all) {
            let text = match row.own_cell(slot) {
                Some(Kept::Text(text)) => Some(text.clone()),
                Some(Kept::Known(value)) => value.as_str().map(SmolStr::from),
                Some(Kept::Unknown(_)) => {
                    index.unknown.push(at);
                    None
                }
                Some(Kept::Absent) => None,
                None => row.implicit_text(slot).cloned(),
            };
            if let Some(text) = text {
                index.by_text.entry(text).or_default().push(at);
            }
        }
        let index = Arc::new(index);
        let mut known = self.columns.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(known.entry(column.into()).or_insert(index))
    }

    /// The rows that are there for `env` alone: those of its own module, where nobody calls that.
    pub(super) fn beside<'r>(&'r self, env: &Env<'_>) -> impl Iterator<Item = &'r Row> + use<'r> {
        let module = env.implicit("module").filter(|_| !env.is_live()).cloned();
        module.into_iter().flat_map(|module| {
            let slot = self.slot("module");
            self.uncalled.iter().filter(move |row| row.implicit_text(slot) == Some(&module))
        })
    }

    /// Why nothing can be said, where there are no rows and there should be.
    pub(super) fn is_missing(&self) -> Option<Reason> {
        (self.is_expected && self.all.is_empty()).then(|| self.why_empty())
    }

    pub(super) fn why_empty(&self) -> Reason {
        Reason::new(format!("nothing in the repo that can be read gives `{}`", self.label))
    }

    /// How many rows may say `text` in `column`.
    pub(super) fn count(&self, column: &str, text: &str) -> usize {
        let index = self.column(column);
        index.by_text.get(text).map_or(0, SmallVec::len) + index.unknown.len()
    }

    /// The rows that may match: with a column that must be a certain text, those that have it or do not know it.
    pub(super) fn candidates(&self, exact: Option<(&SmolStr, &str)>) -> impl Iterator<Item = &Row> {
        let all = if exact.is_none() { self.all.as_slice() } else { &[] };
        let mut found: SmallVec<[Number; 8]> = SmallVec::new();
        if let Some((column, text)) = exact {
            let index = self.column(column);
            let known = index.by_text.get(text).into_iter().flatten();
            found.extend(known.chain(&index.unknown).copied());
            found.sort_unstable();
        }
        all.iter().chain(found.into_iter().map(|at| self.row(at)))
    }
}
