//! Attributes and blocks in bodies.

use super::{indent_of, indented, insert, line_end, next_line, replace, same_line};
use crate::diagnostic::Edit;
use crate::syntax::SourceFile;
use crate::syntax::hcl::{Attribute, Body, Item};
use crate::text::TextRange;

/// `lines`, an attribute, among those that `body` begins with: behind the last of them.
pub fn attribute_in(file: &SourceFile, body: &Body, lines: &[String]) -> Option<Edit> {
    if same_line(file, body.range) {
        return Some(on_lines_of_its_own(file, body, lines));
    }
    let leading = body.items.iter().map_while(|item| match item {
        Item::Attribute(attribute) => Some(attribute),
        Item::Block(_) => None,
    });
    if let Some(Attribute { range, .. }) = leading.last() {
        let text = indented(lines, &indent_of(file, range.start));
        let end = line_end(file, range.end);
        return Some(insert(file, end, format!("\n{}", text.trim_end_matches('\n'))));
    }
    let end = line_end(file, body.range.start);
    // A comment may stand behind the brace, and nothing else.
    let behind = file.text[body.range.start as usize..end as usize].trim();
    let is_plain = behind.is_empty() || behind.starts_with(['#', '/']);
    let text = indented(lines, &inner_indent(file, body));
    is_plain.then(|| insert(file, end, format!("\n{}", text.trim_end_matches('\n'))))
}

/// `lines`, a block, as the last of `body`.
pub fn block_in(file: &SourceFile, body: &Body, lines: &[String]) -> Option<Edit> {
    if same_line(file, body.range) {
        return Some(on_lines_of_its_own(file, body, lines));
    }
    let brace = body.range.end;
    let line = file.lines().start_of(file.lines().line_of(brace));
    // The closing brace stands on a line of its own.
    let is_alone = file.text[line as usize..brace as usize].trim().is_empty();
    is_alone.then(|| insert(file, line, indented(lines, &inner_indent(file, body))))
}

/// `lines` in a body that stands on one line with its braces: it gets several.
fn on_lines_of_its_own(file: &SourceFile, body: &Body, lines: &[String]) -> Edit {
    let indent = indent_of(file, body.range.start);
    let inner = format!("{indent}  ");
    let old = file.slice(body.range).trim();
    let old = if old.is_empty() { String::new() } else { format!("{inner}{old}\n") };
    let text = format!("\n{old}{}{indent}", indented(lines, &inner));
    replace(file, body.range, text)
}

fn inner_indent(file: &SourceFile, body: &Body) -> String {
    match body.items.first() {
        Some(first) => indent_of(file, first.range().start),
        None => indent_of(file, body.range.start) + "  ",
    }
}

/// Takes what stands at `range` out, with its lines and what is said behind it; none where something else stands there too.
pub fn item_out(file: &SourceFile, range: TextRange) -> Option<Edit> {
    let start = file.lines().start_of(file.lines().line_of(range.start));
    let end = next_line(file, range.end.saturating_sub(1).max(range.start));
    let before = &file.text[start as usize..range.start as usize];
    let behind = file.text[range.end as usize..end as usize].trim();
    let behind = behind.strip_prefix(',').unwrap_or(behind).trim_start();
    let is_alone =
        before.trim().is_empty() && (behind.is_empty() || behind.starts_with(['#', '/']));
    is_alone.then(|| replace(file, TextRange { start, end }, ""))
}

/// The same, with one of two empty lines that would meet, or the one that would begin or end what is left.
pub fn construct_out(file: &SourceFile, range: TextRange) -> Option<Edit> {
    let mut edit = item_out(file, range)?;
    let TextRange { start, end } = edit.span.range;
    let (before, behind) = (&file.text[..start as usize], &file.text[end as usize..]);
    let last = before.strip_suffix('\n').unwrap_or(before).rsplit('\n').next().unwrap_or_default();
    let next = behind.split_inclusive('\n').next().unwrap_or_default();
    let is_empty = |line: &str| line.trim().is_empty();
    let is_first = before.is_empty() || last.trim_end().ends_with('{');
    if !next.is_empty() && is_empty(next) && (is_first || is_empty(last)) {
        edit.span.range.end += next.len() as u32;
    } else if !before.is_empty()
        && is_empty(last)
        && (behind.is_empty() || next.trim_start().starts_with('}'))
    {
        edit.span.range.start -= last.len() as u32 + 1;
    }
    Some(edit)
}
