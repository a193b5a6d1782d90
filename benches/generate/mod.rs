//! A repo to measure with: as large and as dense as the one that the budgets are about, any number of times over.
//!
//! Invariant: the same number of copies gives the same bytes, on any machine.

mod fill;
mod stack;
mod surroundings;
mod tree;
mod words;

use std::io;
use std::path::Path;

use stack::{STACKS, Stack};
use tree::Tree;

/// Writes a repo of `copies` times the stacks and files of one to the directory `root`, which is emptied before.
pub(crate) fn repo(root: &Path, copies: usize) -> io::Result<()> {
    let mut tree = Tree::new(root)?;
    surroundings::shared(&mut tree)?;
    for copy in 0..copies {
        for number in 0..STACKS {
            Stack { number, name: stack_name(copy, number) }.write(&mut tree)?;
        }
        surroundings::copy(&mut tree, copy)?;
    }
    tree.track()
}

/// The name of a stack's directory.
pub(crate) fn stack_name(copy: usize, number: usize) -> String {
    format!("app-{copy}-{number}")
}
