//! Rows gathered from the whole repo before any rule runs: what one subject says, so that others can be held against it.
//!
//! Invariant: a gather reads the model and the gathers before it alone, so its rows are computed once for all rules.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use rayon::prelude::*;
use smol_str::SmolStr;

use super::clause::{Clauses, Doubtful, expand};
use super::env::Bound;
use super::matcher::Around;
use super::node::Node;
use super::select::{Index, Select};
use super::truth::{Evidence, Truth};
use crate::model::{Data, Reason, Repo, Value};
use crate::text::Span;

/// A gather of a pack, compiled.
#[derive(Debug)]
pub struct Gather {
    /// `PACK.NAME`
    pub name: SmolStr,
    /// What a row's place is, for labels: `the claim stands here`.
    pub(super) label: String,
    /// Where rows come from: each with its own clauses.
    pub(super) sources: Vec<(Select, Clauses)>,
    /// The names of the columns.
    pub(super) columns: Vec<SmolStr>,
    /// The gathers it needs, by number.
    pub(super) needs: Vec<usize>,
    /// How many gathers must be there before: one more than the highest of those it needs.
    pub(super) level: usize,
}

/// One row.
#[derive(Clone, Debug)]
pub(super) struct Row {
    /// The subject, or what `each` made of it.
    pub(super) site: Span,
    /// Why it is not known whether the row is there.
    pub(super) doubt: Option<Reason>,
    /// The cells, by column.
    cells: Vec<(SmolStr, Cell)>,
}

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

/// The rows of one gather.
#[derive(Debug, Default)]
pub(super) struct Rows {
    pub(super) all: Vec<Row>,
    /// Rows by the text of each column.
    by_text: HashMap<SmolStr, HashMap<String, Vec<usize>>>,
    /// Rows that do not know some column.
    unknown: HashMap<SmolStr, Vec<usize>>,
    label: String,
}

/// The rows of every gather that the rules of a run need.
#[derive(Debug, Default)]
pub struct Gathered {
    tables: Vec<Rows>,
    /// For each gather that was needed, its number and how long it took.
    pub spent: Vec<(usize, Duration)>,
}

impl Row {
    /// The cell of `column`; one that is not there is absent.
    pub(super) fn cell(&self, column: &str) -> &Cell {
        const ABSENT: &Cell = &Cell::Absent;
        self.cells.iter().find(|(name, _)| name == column).map_or(ABSENT, |(_, cell)| cell)
    }

    /// The cells, by column.
    pub(super) fn cells(&self) -> impl Iterator<Item = (&SmolStr, &Cell)> {
        self.cells.iter().map(|(name, cell)| (name, cell))
    }

    /// The row as an object.
    pub(super) fn value(&self) -> Value {
        let entry = |(name, cell): &(SmolStr, Cell)| {
            let value = match cell {
                Cell::Known(value) => value.clone(),
                Cell::Absent => Value { data: Data::Null, span: self.site },
                Cell::Unknown(reason) => {
                    Value { data: Data::Unknown(reason.clone()), span: self.site }
                }
            };
            crate::model::Entry { key: name.clone(), key_span: value.span, value }
        };
        Value::map(self.cells.iter().map(entry).collect(), self.site)
    }
}

impl Rows {
    fn new(rows: Vec<Row>, label: String) -> Self {
        let mut table = Rows { all: rows, label, ..Rows::default() };
        for (at, row) in table.all.iter().enumerate() {
            for (name, cell) in &row.cells {
                match cell {
                    Cell::Known(value) => {
                        if let Some(text) = value.as_str() {
                            let by_text = table.by_text.entry(name.clone()).or_default();
                            by_text.entry(text.into_owned()).or_default().push(at);
                        }
                    }
                    Cell::Unknown(_) => {
                        table.unknown.entry(name.clone()).or_default().push(at);
                    }
                    Cell::Absent => {}
                }
            }
        }
        table
    }

    /// How many rows may say `text` in `column`.
    pub(super) fn count(&self, column: &str, text: &str) -> usize {
        let known = self.by_text.get(column).and_then(|by_text| by_text.get(text));
        known.map_or(0, Vec::len) + self.unknown.get(column).map_or(0, Vec::len)
    }

    /// The rows that may match: with a column that must be a certain text, those that have it or do not know it.
    pub(super) fn candidates(&self, exact: Option<(&SmolStr, &str)>) -> Vec<&Row> {
        let Some((column, text)) = exact else { return self.all.iter().collect() };
        let known = self.by_text.get(column).and_then(|by_text| by_text.get(text));
        let unknown = self.unknown.get(column);
        let mut found: Vec<usize> = known.into_iter().chain(unknown).flatten().copied().collect();
        found.sort_unstable();
        found.into_iter().map(|at| &self.all[at]).collect()
    }
}

impl Gathered {
    /// Gathers what `needed` (by number) and what they need say about `repo`.
    pub fn build(repo: &Repo<'_>, gathers: &[Gather], needed: &[usize]) -> Self {
        let mut wanted = vec![false; gathers.len()];
        let mut waiting = needed.to_vec();
        while let Some(number) = waiting.pop() {
            if !std::mem::replace(&mut wanted[number], true) {
                waiting.extend(&gathers[number].needs);
            }
        }
        let mut gathered = Gathered::default();
        gathered.tables.resize_with(gathers.len(), Rows::default);
        if !wanted.contains(&true) {
            return gathered;
        }
        let index = Index::new(repo);
        let levels = gathers.iter().map(|gather| gather.level);
        for level in 0..=levels.max().unwrap_or(0) {
            let now = (0..gathers.len()).filter(|&it| wanted[it] && gathers[it].level == level);
            let now: Vec<usize> = now.collect();
            let built: Vec<(usize, Rows, Duration)> = now
                .into_par_iter()
                .map(|number| {
                    let started = Instant::now();
                    let rows = gathers[number].rows(repo, &index, &gathered);
                    (number, rows, started.elapsed())
                })
                .collect();
            for (number, rows, spent) in built {
                gathered.spent.push((number, spent));
                gathered.tables[number] = rows;
            }
        }
        gathered
    }

    pub(super) fn rows(&self, gather: usize) -> &Rows {
        &self.tables[gather]
    }

    pub(super) fn label(&self, gather: usize) -> &str {
        &self.tables[gather].label
    }

    /// Whether `text` is in `column`. Of a list that was not found nothing is known.
    pub(super) fn contains(
        &self,
        gather: usize,
        column: &str,
        text: &str,
        mut evidence: Evidence,
    ) -> Truth {
        let table = &self.tables[gather];
        if table.all.is_empty() {
            let reason =
                format!("the list it is held against is not in the repo ({})", table.label);
            return Truth::unknown(Reason::new(reason));
        }
        let by_text = table.by_text.get(column);
        if let Some(found) = by_text.and_then(|by_text| by_text.get(text)) {
            let certain = found.iter().find(|&&at| table.all[at].doubt.is_none());
            let first = certain.or(found.first()).and_then(|&at| table.all.get(at));
            if let Some(Row { doubt: Some(reason), .. }) = first {
                return Truth::unknown(reason.clone());
            }
            evidence.related.extend(first.map(|row| (row.site, table.label.clone())));
            return Truth::yes(evidence);
        }
        let unknown = table.unknown.get(column).and_then(|rows| table.all.get(*rows.first()?));
        if let Some(Cell::Unknown(reason)) = unknown.map(|row| row.cell(column)) {
            return Truth::unknown(reason.clone());
        }
        let known = by_text.into_iter().flatten().map(|(known, _)| known.as_str());
        let mut known: Vec<&str> = known.collect();
        known.sort_unstable();
        evidence.near = crate::config::nearest(text, known).map(str::to_owned);
        evidence.related.extend(
            table.all.first().map(|row| (row.site, format!("required here: {}", table.label))),
        );
        Truth::no(evidence)
    }
}

/// Gives each of `gathers` its level. The first one that needs itself, through others or not, is the error.
pub(in crate::rule) fn order(gathers: &mut [Gather]) -> Result<(), usize> {
    for _ in 0..=gathers.len() {
        let levels: Vec<usize> = gathers.iter().map(|gather| gather.level).collect();
        let mut changed = None;
        for (number, gather) in gathers.iter_mut().enumerate() {
            let level = gather.needs.iter().map(|&need| levels[need] + 1).max().unwrap_or(0);
            if level != gather.level {
                gather.level = level;
                changed = Some(number);
            }
        }
        if changed.is_none() {
            return Ok(());
        }
    }
    // Without a circle, no level is higher than there are gathers.
    let highest = gathers.iter().enumerate().max_by_key(|(_, gather)| gather.level);
    Err(highest.map_or(0, |(number, _)| number))
}

impl Gather {
    fn rows(&self, repo: &Repo<'_>, index: &Index<'_>, gathered: &Gathered) -> Rows {
        let mut rows = Vec::new();
        for (select, clauses) in &self.sources {
            for env in select.all(repo, index, gathered) {
                // What nobody calls is nowhere.
                if !env.is_live() {
                    continue;
                }
                let (envs, _) = expand(repo, gathered, clauses, env, Doubtful::Kept);
                for env in envs {
                    let site = env.innermost().site;
                    let around = Around { repo, gathered, env: &env };
                    let own = self.columns.iter().map(SmolStr::as_str);
                    let implicit = super::env::IMPLICIT.iter().copied();
                    let implicit =
                        implicit.filter(|name| !self.columns.iter().any(|it| it == name));
                    let cells = own.chain(implicit).map(|name| (name.into(), cell(&around, name)));
                    rows.push(Row { site, doubt: env.doubt.clone(), cells: cells.collect() });
                }
            }
        }
        Rows::new(rows, self.label.clone())
    }
}

/// What the subject says in the column `name`.
fn cell(around: &Around<'_, '_>, name: &str) -> Cell {
    let env = around.env;
    let Some(bound) = env.bound(name) else {
        return match env.text(name) {
            super::env::Filled::Text(text) => {
                Cell::Known(Value::text(text.into_owned(), env.subject.site))
            }
            _ => Cell::Absent,
        };
    };
    match bound {
        Bound::Text(text) => Cell::Known(Value::text(text.clone(), env.innermost().site)),
        Bound::Absent => Cell::Absent,
        Bound::Unknown(reason) => Cell::Unknown(reason.clone()),
        Bound::Place(place) => match &place.node {
            Node::Body(_) => Cell::Known(Value::text("", place.site)),
            Node::Value(value) => match &value.data {
                Data::Unknown(reason) => Cell::Unknown(reason.clone()),
                Data::Text(text) => match text.hole() {
                    Some(reason) => Cell::Unknown(reason),
                    None => Cell::Known(Value { data: value.data.clone(), span: place.site }),
                },
                _ => Cell::Known(Value { data: value.data.clone(), span: place.site }),
            },
        },
    }
}
