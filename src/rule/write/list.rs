//! Elements of lists, and entries of objects.

use super::{indent_of, insert, line_end, next_line, replace, same_line};
use crate::diagnostic::Edit;
use crate::syntax::hcl::{Expr, ExprKind, ObjectEntry};
use crate::syntax::{Comment, SourceFile};
use crate::text::TextRange;

/// An element, and what a comment behind it says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Noted<'t> {
    /// The element, as it is written.
    pub text: &'t str,
    /// The comment.
    pub note: Option<&'t str>,
}

impl Noted<'_> {
    /// Behind what ends the line of the element.
    fn comment(&self) -> String {
        self.note.map(|note| format!(" # {note}")).unwrap_or_default()
    }
}

/// `element` as the last of `list`, which ends the attribute at `holder`, in the style of the list.
pub fn element_in(
    file: &SourceFile,
    list: &Expr,
    holder: TextRange,
    element: Noted<'_>,
) -> Option<Vec<Edit>> {
    let ExprKind::Tuple(items) = &list.kind else { return None };
    let Noted { text, .. } = element;
    let behind = file.trailing(holder);
    let Some(last) = items.last() else {
        let indent = indent_of(file, list.range.end);
        let closing = file.lines().start_of(file.lines().line_of(list.range.end.saturating_sub(1)));
        return if same_line(file, list.range) {
            let comment = if behind.is_none() { element.comment() } else { String::new() };
            // A comment may stand where an element could.
            let said = file.slice(list.range).trim_matches(['[', ']', ' ', '\t']);
            let space = if said.is_empty() { "" } else { " " };
            Some(vec![replace(file, list.range, format!("[{said}{space}{text}]{comment}"))])
        } else {
            let line = format!("{indent}  {text},{}\n", element.comment());
            Some(vec![insert(file, closing, line)])
        };
    };
    let end = TextRange { start: last.range.end, end: list.range.end };
    if same_line(file, end) {
        return match (element.note, behind) {
            // One comment behind the list is about all of it.
            (Some(_), Some(_)) => on_lines_of_their_own(file, list, items, behind, element),
            _ if is_too_long(file, holder, element) => {
                on_lines_of_their_own(file, list, items, behind, element)
            }
            _ => {
                let mut edits = vec![insert(file, last.range.end, format!(", {text}"))];
                if element.note.is_some() {
                    edits.push(insert(file, holder.end, element.comment()));
                }
                Some(edits)
            }
        };
    }
    let indent = indent_of(file, last.range.start);
    let has_comma = file.slice(end).trim_start().starts_with(',');
    let mut edits = Vec::new();
    if !has_comma {
        edits.push(insert(file, last.range.end, ","));
    }
    let line = format!("\n{indent}{text},{}", element.comment());
    edits.push(insert(file, line_end(file, last.range.end), line));
    Some(edits)
}

/// The same where the comment behind a list on one line is not about `element`: each gets a line of its own, and the comment
/// stays with what was there. None where there is no such list.
pub fn element_apart(
    file: &SourceFile,
    list: &Expr,
    holder: TextRange,
    element: Noted<'_>,
) -> Option<Vec<Edit>> {
    let ExprKind::Tuple(items) = &list.kind else { return None };
    let behind = file.trailing(holder).filter(|_| !items.is_empty())?;
    on_lines_of_their_own(file, list, items, Some(behind), element)
}

/// A line that is longer than this is broken before it grows.
const LONGEST_LINE: usize = 120;

fn is_too_long(file: &SourceFile, holder: TextRange, element: Noted<'_>) -> bool {
    let line = file.lines().range_of(&file.text, file.lines().line_of(holder.end));
    line.len() + element.text.len() + 2 + element.comment().len() > LONGEST_LINE
}

/// A list that stands on one line, perhaps with a comment behind it, gets a line for each element; the comment stays with the last of
/// those that were there.
fn on_lines_of_their_own(
    file: &SourceFile,
    list: &Expr,
    items: &[Expr],
    comment: Option<&Comment>,
    element: Noted<'_>,
) -> Option<Vec<Edit>> {
    if !same_line(file, list.range) {
        return None;
    }
    let indent = indent_of(file, list.range.start);
    let mut text = "[\n".to_owned();
    let stretches = stretches(file, list.range, items)?;
    for (at, stretch) in stretches.iter().enumerate() {
        let is_last = at + 1 == stretches.len();
        let said = comment.filter(|_| is_last).map(|it| format!(" {}", file.slice(it.range)));
        let said = said.unwrap_or_default();
        text.extend([&*indent, "  ", stretch, ",", &*said, "\n"]);
    }
    text.extend([&*indent, "  ", element.text, ",", &*element.comment(), "\n", &*indent, "]"]);
    let range = comment.map_or(list.range, |comment| list.range.cover(comment.range));
    Some(vec![replace(file, range, text)])
}

/// What is written of each element of the list at `list`: between the commas, with the comments there.
fn stretches<'f>(file: &'f SourceFile, list: TextRange, items: &[Expr]) -> Option<Vec<&'f str>> {
    let mut stretches = Vec::with_capacity(items.len());
    let mut start = list.start + 1;
    for (at, item) in items.iter().enumerate() {
        let next = items.get(at + 1).map_or(list.end - 1, |next| next.range.start);
        let comma = comma(file, TextRange { start: item.range.end, end: next });
        let end = match comma {
            Some(comma) => comma,
            None if at + 1 == items.len() => next,
            None => return None,
        };
        stretches.push(file.text[start as usize..end as usize].trim());
        start = comma.map_or(end, |comma| comma + 1);
    }
    // Behind the last comma, too, somebody may have said something.
    file.text[start as usize..list.end as usize - 1].trim().is_empty().then_some(stretches)
}

/// Where the comma in `range` is that no comment holds.
fn comma(file: &SourceFile, range: TextRange) -> Option<u32> {
    let mut at = range.start;
    for comment in file.comments().inside(range) {
        if let Some(found) = file.text[at as usize..comment.range.start as usize].find(',') {
            return Some(at + found as u32);
        }
        at = comment.range.end;
    }
    let rest = &file.text[at as usize..range.end as usize];
    rest.find(',').map(|found| at + found as u32)
}

/// `range`, and the comments right behind it on its line: they are about what stands there.
fn with_comments_behind(file: &SourceFile, range: TextRange) -> TextRange {
    let end = file.lines().range_of(&file.text, file.lines().line_of(range.end)).end;
    let mut whole = range;
    for comment in file.comments().inside(TextRange { start: range.end, end }) {
        let between = &file.text[whole.end as usize..comment.range.start as usize];
        if !between.trim().is_empty() {
            break;
        }
        whole.end = comment.range.end.min(end);
    }
    whole
}

/// Takes the element at position `at` out of a list of `items`.
pub fn element_out(file: &SourceFile, items: &[Expr], at: usize) -> Option<Vec<Edit>> {
    let item = items.get(at)?.range;
    let line_of = |offset: u32| file.lines().line_of(offset);
    let before = at.checked_sub(1).and_then(|before| items.get(before));
    let next = items.get(at + 1);
    let has_company = before.is_some_and(|it| line_of(it.range.end) == line_of(item.start))
        || next.is_some_and(|it| line_of(it.range.start) == line_of(item.end));
    if let Some(edit) = super::item_out(file, item).filter(|_| !has_company) {
        return Some(vec![edit]);
    }
    // On a line with others: with the comma before or behind it.
    let item = with_comments_behind(file, item);
    let range = match (before, next) {
        (_, Some(next)) => {
            let comma = comma(file, TextRange { start: item.end, end: next.range.start })?;
            let behind = &file.text[comma as usize + 1..];
            let spaces = behind.len() - behind.trim_start_matches([' ', '\t']).len();
            TextRange { start: item.start, end: comma + 1 + spaces as u32 }
        }
        (Some(before), None) => {
            let comma = comma(file, TextRange { start: before.range.end, end: item.start })?;
            TextRange { start: comma, end: item.end }
        }
        (None, None) => item,
    };
    let is_plain = !file.slice(range).contains('\n');
    is_plain.then(|| vec![replace(file, range, "")])
}

/// Takes the entry at `range` out of its object.
pub fn entry_out(file: &SourceFile, range: TextRange) -> Option<Edit> {
    if let Some(edit) = super::item_out(file, range) {
        return Some(edit);
    }
    // On a line with others: with the comma behind it, or else the one before.
    let range = with_comments_behind(file, range);
    let behind = &file.text[range.end as usize..];
    let spaces = |text: &str| (text.len() - text.trim_start_matches([' ', '\t']).len()) as u32;
    if let Some(rest) = behind.trim_start_matches([' ', '\t']).strip_prefix(',') {
        let end = range.end + (behind.len() - rest.len()) as u32 + spaces(rest);
        return Some(replace(file, TextRange { start: range.start, end }, ""));
    }
    let before = file.text[..range.start as usize].trim_end_matches([' ', '\t']);
    let start = before.strip_suffix(',').unwrap_or(before).len();
    Some(replace(file, TextRange { start: start as u32, end: range.end }, ""))
}

/// Puts the element at position `from` of `list` before the one at `to`, which comes before it.
pub fn moved_before(file: &SourceFile, list: &Expr, from: usize, to: usize) -> Option<Vec<Edit>> {
    let ExprKind::Tuple(items) = &list.kind else { return None };
    let (moved, first) = (items.get(from)?.range, items.get(to)?.range);
    if to >= from {
        return None;
    }
    if same_line(file, list.range) {
        let mut edits = vec![insert(file, first.start, format!("{}, ", file.slice(moved)))];
        edits.extend(element_out(file, items, from)?);
        return Some(edits);
    }
    let out = super::item_out(file, moved)?;
    let lines = file.slice(out.span.range);
    let start = file.lines().start_of(file.lines().line_of(first.start));
    let is_first = file.text[start as usize..first.start as usize].trim().is_empty();
    // The last element may lack the comma that it needs where it goes, and what becomes the last may keep its own.
    let rest = &file.text[moved.end as usize..next_line(file, moved.end) as usize];
    let behind = (moved.end - out.span.range.start) as usize;
    let text = if rest.trim_start().starts_with(',') {
        lines.to_owned()
    } else {
        format!("{},{}", &lines[..behind], &lines[behind..])
    };
    is_first.then(|| vec![insert(file, start, text), out])
}

/// `entry` (`key = value`) as the last of `object`, in its style.
pub fn entry_in(file: &SourceFile, object: &Expr, entry: &[String]) -> Option<Vec<Edit>> {
    let ExprKind::Object(entries) = &object.kind else { return None };
    let indent = indent_of(file, object.range.start);
    let Some(last) = entries.last().map(ObjectEntry::range) else {
        let is_empty = file.slice(object.range).trim_matches(['{', '}', ' ', '\n']).is_empty();
        let text = format!("{{\n{}{indent}}}", super::indented(entry, &format!("{indent}  ")));
        return is_empty.then(|| vec![replace(file, object.range, text)]);
    };
    let end = TextRange { start: last.end, end: object.range.end };
    let has_comma = file.slice(end).trim_start().starts_with(',');
    if same_line(file, end) {
        let line = entry.iter().map(|line| line.trim()).collect::<Vec<_>>().join(" ");
        return (!has_comma && entry.len() == 1)
            .then(|| vec![insert(file, last.end, format!(", {line}"))]);
    }
    let comma = if has_comma { "," } else { "" };
    let text = super::indented(entry, &indent_of(file, last.start));
    let text = format!("\n{}{comma}", text.trim_end_matches('\n'));
    Some(vec![insert(file, line_end(file, last.end), text)])
}
