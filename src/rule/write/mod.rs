//! Edits that write into HCL, or take something out, in the style of what is there.
//!
//! Invariant: an edit touches whole lines, or the inside of one line, and never what stands beside them: where something is
//! written in a way that would need more, there is no edit. How lines are aligned is left to whoever applies it.

mod body;
mod ignored;
mod json;
mod list;
mod reference;

pub use body::{attribute_in, block_in, construct_out, item_out};
pub use ignored::{Ignored, ignore, mark, unignore};
pub use json::fits;
pub use list::{Noted, element_apart, element_in, element_out, entry_in, entry_out, moved_before};
pub use reference::may_refer;

use crate::diagnostic::{Applicability, Edit};
use crate::syntax::SourceFile;
pub use crate::syntax::hcl::escaped;
use crate::text::{Span, TextRange};

/// `text` as a literal of HCL: a truth value or number as it is, anything else between quotes.
pub fn literal(text: &str) -> String {
    let is_number = text.parse::<f64>().is_ok() && text.starts_with(|c: char| c.is_ascii_digit());
    let is_bare = matches!(text, "true" | "false") || is_number;
    if is_bare { text.to_owned() } else { quoted(text) }
}

/// How far it can be trusted to take out what stands at `range`: what is said right above it stays, and would be said about what
/// comes next, or about nothing.
pub fn removal(file: &SourceFile, range: TextRange) -> Applicability {
    let is_explained = !file.leading(range).is_empty();
    if is_explained { Applicability::DisplayOnly } else { Applicability::Unsafe }
}

/// `text` between quotes.
pub fn quoted(text: &str) -> String {
    format!("\"{}\"", escaped(text))
}

/// `name` as a key: between quotes unless it is a name of HCL.
pub fn key(name: &str) -> String {
    if is_name(name) { name.to_owned() } else { quoted(name) }
}

/// Whether `text` can stand as a name.
pub fn is_name(text: &str) -> bool {
    let is_inside = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') && text.chars().all(is_inside)
}

/// A comment on a line of its own above what stands at `range`.
pub fn comment_above(file: &SourceFile, range: TextRange, text: &str) -> Option<Edit> {
    let line = file.lines().start_of(file.lines().line_of(range.start));
    let before = &file.text[line as usize..range.start as usize];
    let indent = indent_of(file, range.start);
    (before.trim().is_empty()).then(|| insert(file, line, format!("{indent}# {text}\n")))
}

/// A comment behind what stands at `range`: none where there is one already.
pub fn comment_behind(file: &SourceFile, range: TextRange, text: &str) -> Option<Edit> {
    let end = line_end(file, range.end);
    let behind = &file.text[range.end as usize..end as usize];
    let at = range.end + behind.len() as u32 - trimmed(behind);
    let is_free = behind.trim().trim_start_matches(',').is_empty();
    is_free.then(|| insert(file, at, format!(" # {text}")))
}

/// How many bytes of white space `text` ends in.
fn trimmed(text: &str) -> u32 {
    (text.len() - text.trim_end().len()) as u32
}

/// `text` in the place of nothing, at `offset`.
pub fn insert(file: &SourceFile, offset: u32, text: impl Into<String>) -> Edit {
    Edit { span: at(file, offset), text: text.into() }
}

/// `text` in the place of `range`.
pub fn replace(file: &SourceFile, range: TextRange, text: impl Into<String>) -> Edit {
    Edit { span: file.span(range), text: text.into() }
}

fn at(file: &SourceFile, offset: u32) -> Span {
    file.span(TextRange { start: offset, end: offset })
}

/// The white space before the line on which `offset` stands.
pub fn indent_of(file: &SourceFile, offset: u32) -> String {
    let start = file.lines().start_of(file.lines().line_of(offset)) as usize;
    let line = &file.text[start..];
    line[..line.len() - line.trim_start_matches([' ', '\t']).len()].to_owned()
}

/// Where the line on which `offset` stands ends: before its line break.
fn line_end(file: &SourceFile, offset: u32) -> u32 {
    file.lines().range_of(&file.text, file.lines().line_of(offset)).end.max(offset)
}

/// Where the line after the one on which `offset` stands begins.
fn next_line(file: &SourceFile, offset: u32) -> u32 {
    let next = file.lines().line_of(offset) + 1;
    if next < file.lines().count() { file.lines().start_of(next) } else { file.text.len() as u32 }
}

fn same_line(file: &SourceFile, range: TextRange) -> bool {
    file.lines().line_of(range.start) == file.lines().line_of(range.end)
}

/// `lines`, each behind `indent` and with its end; a line that is empty stays so.
fn indented(lines: &[String], indent: &str) -> String {
    let line = |line: &String| {
        if line.is_empty() { "\n".to_owned() } else { format!("{indent}{line}\n") }
    };
    lines.iter().map(line).collect()
}
