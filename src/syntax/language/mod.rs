//! Languages that rules read: text → tree.

mod build;
mod dockerfile;
mod exports;
mod markdown;
mod nginx;
mod sections;
pub(crate) mod shell;
#[cfg(test)]
mod testing;
