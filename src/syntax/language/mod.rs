//! Languages that rules read: text → tree.

mod build;
pub(crate) mod shell;
#[cfg(test)]
mod testing;
