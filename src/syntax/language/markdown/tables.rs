//! Tables: rows by header.

use super::block::{Block, Mark};
use crate::syntax::language::build::{self, Object};
use crate::syntax::yaml::Node;
use crate::text::TextRange;

/// A table on its way.
pub(super) struct Table {
    range: TextRange,
    header: Vec<Node>,
    rows: Vec<Node>,
    cells: Vec<Node>,
    open: Option<Mark>,
}

impl Table {
    pub(super) fn new(range: TextRange) -> Self {
        Self { range, header: Vec::new(), rows: Vec::new(), cells: Vec::new(), open: None }
    }

    pub(super) fn open_cell(&mut self, mark: Mark) {
        self.open = Some(mark);
    }

    pub(super) fn close_cell(&mut self, text: &str, block: &Block, range: TextRange) {
        if let Some(mark) = self.open.take() {
            self.cells.push(block.since(mark, text, range));
        }
    }

    pub(super) fn close_head(&mut self) {
        self.header = std::mem::take(&mut self.cells);
    }

    pub(super) fn close_row(&mut self, range: TextRange) {
        let mut row = Object::new(range);
        for (header, cell) in self.header.iter().zip(self.cells.drain(..)) {
            row = row.entry(header.clone(), cell);
        }
        self.rows.push(row.finish());
    }

    /// The table, which stands below the heading `section`.
    pub(super) fn finish(self, section: Option<Node>) -> Node {
        let range = self.range;
        Object::new(range)
            .with("header", build::list(self.header, range))
            .with("rows", build::list(self.rows, range))
            .with_some("section", section)
            .finish()
    }
}
