//! Positions in source text, edits of it, and paths as text. Knows no language.
//!
//! Invariant: inside tautline a position is a byte offset. Lines and columns exist only at the edge (reports, editors),
//! and only [`LineIndex`] makes them.

mod difference;
mod edits;
mod effort;
mod globs;
mod go_regex;
mod holds;
mod lines;
mod path;
mod pattern;
mod plural;
mod span;
mod stretches;
mod typed;
mod words;

pub use difference::{Layout, changed_lines, link_patch, patch};
pub use edits::{EditError, Edited, TextEdit, collide, line_end, with_line_ends};
pub use globs::{GlobTable, Globs};
pub use go_regex::{Refusal, refusal};
pub use lines::{LineIndex, Position, Unit};
pub use path::{below, dir_of, name_of, path_in, plain_dir};
pub use pattern::{Captures, LazyRegex};
pub use plural::plural;
pub use span::{FileId, Span, TextRange};
pub use typed::{typed, typed_path};
pub use words::{WantedWords, WordSearch};
