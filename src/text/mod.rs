//! Positions in source text, and edits of it. Knows no language.
//!
//! Invariant: inside tautline a position is a byte offset. Lines and columns exist only at the edge (reports, editors),
//! and only [`LineIndex`] makes them.

mod difference;
mod lines;
mod span;

pub use difference::{Layout, changed_lines};
pub use lines::{LineIndex, Position, Unit};
pub use span::{FileId, Span, TextRange};
