//! What is taken out of a text in another language than HCL: an entry of a map or an element of a list, by the commas of JSON
//! and of YAML in braces, or by the lines and the indentation of YAML without.
//!
//! Invariant: what is left is the same map or list without it: no key without its value, and an empty one where nothing else
//! was there.

use crate::diagnostic::Edit;
use crate::model::Data;
use crate::rule::language::node::Place;
use crate::rule::write;
use crate::syntax::{Format, SourceFile};
use crate::text::TextRange;

/// Takes what stands at `place` out, with its key. None where something else stands on its lines.
pub(super) fn out(file: &SourceFile, place: &Place<'_>) -> Option<Vec<Edit>> {
    let text = &*file.text;
    let part = Part::of(file, place)?;
    let range = part.range;
    let line = file.lines().range_of(text, file.lines().line_of(range.start));
    let before = &text[line.start as usize..range.start as usize];
    match next(text, range.end) {
        Some((comma, ',')) => with_comma(file, range, comma).map(|edit| vec![edit]),
        Some((close, '}' | ']')) => last_in_braces(file, range, close),
        _ => match before.trim_end_matches(' ').strip_suffix(',') {
            // The last of several on a line, without braces.
            Some(rest) if !part.is_entry => {
                let start = line.start + rest.len() as u32;
                Some(vec![write::replace(file, TextRange { start, ..range }, "")])
            }
            _ => on_lines(file, &part, before),
        },
    }
}

/// What goes: with its quotes, and from the key on.
struct Part {
    range: TextRange,
    is_entry: bool,
}

impl Part {
    fn of(file: &SourceFile, place: &Place<'_>) -> Option<Part> {
        let text = &*file.text;
        let site = place.site.range;
        let mut value = with_quotes(text, site);
        if place.value().is_some_and(|it| matches!(it.data, Data::Map(_) | Data::List(_))) {
            value.end = end_of_lines(text, value.end);
        }
        let is_own = |key: TextRange| key.end <= site.start || key.start >= site.end;
        let key = place.key.filter(|key| key.file == file.id && is_own(key.range));
        let Some(key) = key.map(|key| with_quotes(text, key.range)) else {
            return Some(Part { range: value, is_entry: false });
        };
        let rest = text.get(key.end as usize..)?;
        let behind = rest.trim_start_matches([' ', '\t']).strip_prefix([':', '='])?;
        let colon = key.end + (rest.len() - behind.len()) as u32;
        let said = behind.trim_start_matches(' ');
        let end = if said.starts_with('*') {
            // What an alias stands for is written elsewhere.
            let word = said.find(|c: char| c.is_whitespace() || ",]}".contains(c));
            colon + (behind.len() - said.len() + word.unwrap_or(said.len())) as u32
        } else {
            value.end.max(colon)
        };
        Some(Part { range: TextRange { start: key.start, end }, is_entry: true })
    }
}

/// A map or list on lines ends at `end` where the text of its last scalar does, or a key that has no value: that goes too.
fn end_of_lines(text: &str, end: u32) -> u32 {
    let behind = &text[end as usize..];
    let rest = behind.strip_prefix(['"', '\'']).unwrap_or(behind);
    let rest = match rest.strip_prefix(':') {
        Some(after) if after.is_empty() || after.starts_with([' ', '\n', '\r']) => after,
        _ => rest,
    };
    end + (behind.len() - rest.len()) as u32
}

/// `range` with the quotes around it.
fn with_quotes(text: &str, range: TextRange) -> TextRange {
    let quote = |c: &char| matches!(c, '"' | '\'');
    let opening = text[..range.start as usize].chars().next_back().filter(quote);
    if opening.is_some() && opening == text[range.end as usize..].chars().next() {
        return TextRange { start: range.start - 1, end: range.end + 1 };
    }
    range
}

/// The first character from `at` on that is no white space and in no comment.
fn next(text: &str, at: u32) -> Option<(u32, char)> {
    let mut rest = text.get(at as usize..)?;
    loop {
        let said = rest.trim_start();
        let is_comment = said.starts_with('#') && said.len() < rest.len();
        if !is_comment {
            return Some(((text.len() - said.len()) as u32, said.chars().next()?));
        }
        rest = &said[said.find('\n')?..];
    }
}

/// The last character before `at` that is no white space and in no comment: a comma or brace stands before a comment there.
fn previous(text: &str, at: u32) -> Option<(u32, char)> {
    let mut text = text.get(..at as usize)?;
    loop {
        let said = text.trim_end();
        let last = said.chars().next_back()?;
        let line = said.rfind('\n').map_or(0, |end| end + 1);
        let begins = |hash: &usize| {
            let before = said[line..line + hash].trim_end();
            before.is_empty() || before.ends_with([',', '{', '['])
        };
        let comment = said[line..].match_indices('#').map(|(at, _)| at).find(begins);
        match comment {
            Some(hash) if !matches!(last, ',' | '{' | '[') => text = &said[..line + hash],
            _ => return Some(((said.len() - last.len_utf8()) as u32, last)),
        }
    }
}

fn is_blank_or_comment(text: &str) -> bool {
    let text = text.trim();
    text.is_empty() || text.starts_with('#')
}

/// From the line of `range` to its last one, with their ends.
fn lines_of(file: &SourceFile, range: TextRange) -> TextRange {
    let lines = file.lines();
    let next = lines.line_of(range.end.saturating_sub(1).max(range.start)) + 1;
    let end = if next < lines.count() { lines.start_of(next) } else { file.text.len() as u32 };
    TextRange { start: lines.start_of(lines.line_of(range.start)), end }
}

/// Whether nothing but a comment stands on the lines of `range` beside it.
fn is_alone(file: &SourceFile, range: TextRange) -> bool {
    let lines = lines_of(file, range);
    let before = &file.text[lines.start as usize..range.start as usize];
    before.trim().is_empty()
        && is_blank_or_comment(&file.text[range.end as usize..lines.end as usize])
}

/// With the comma behind it, and its lines where nothing else stands there.
fn with_comma(file: &SourceFile, range: TextRange, comma: u32) -> Option<Edit> {
    let text = &*file.text;
    if !text[range.end as usize..comma as usize].trim().is_empty() {
        return None;
    }
    let whole = TextRange { end: comma + 1, ..range };
    if is_alone(file, whole) {
        return Some(write::replace(file, lines_of(file, whole), ""));
    }
    let behind = &text[whole.end as usize..lines_of(file, whole).end as usize];
    if behind.trim().is_empty() {
        let before = text[..range.start as usize].trim_end_matches(' ').len() as u32;
        return Some(write::replace(file, TextRange { start: before, ..whole }, ""));
    }
    let gap = (behind.len() - behind.trim_start_matches(' ').len()) as u32;
    Some(write::replace(file, TextRange { end: whole.end + gap, ..whole }, ""))
}

/// The last in braces that end at `close`, with the comma before it.
fn last_in_braces(file: &SourceFile, range: TextRange, close: u32) -> Option<Vec<Edit>> {
    let text = &*file.text;
    let (at, found) = previous(text, range.start)?;
    let gap = &text[at as usize + 1..range.start as usize];
    let behind = &text[range.end as usize..close as usize];
    let is_alone = is_alone(file, range);
    match found {
        ',' if gap.trim().is_empty() => {
            // What is said behind it goes with it.
            let said =
                behind.lines().next().filter(|_| is_alone).map_or(0, |it| it.trim_end().len());
            let whole = TextRange { start: at, end: range.end + said as u32 };
            Some(vec![write::replace(file, whole, "")])
        }
        ',' if is_alone => {
            let comma = TextRange { start: at, end: at + 1 };
            let lines = lines_of(file, range);
            Some(vec![write::replace(file, comma, ""), write::replace(file, lines, "")])
        }
        '{' | '[' if gap.trim().is_empty() && behind.trim().is_empty() => {
            Some(vec![write::replace(file, TextRange { start: at + 1, end: close }, "")])
        }
        _ => None,
    }
}

/// With its lines, in YAML without braces; an item of another list on lines, and an entry on a line, go the same way.
fn on_lines(file: &SourceFile, part: &Part, before: &str) -> Option<Vec<Edit>> {
    let range = part.range;
    let lines = lines_of(file, range);
    let is_last = is_blank_or_comment(&file.text[range.end as usize..lines.end as usize]);
    let dashes = before.trim_start_matches(' ');
    let is_in_item = part.is_entry && !dashes.is_empty();
    let is_item = !part.is_entry && dashes.trim_end() == "-" && dashes.len() > 1;
    let is_placed = is_item || (part.is_entry && dashes.chars().all(|c| matches!(c, '-' | ' ')));
    if !is_last || !is_placed {
        return None;
    }
    let column = if is_item { before.len() - dashes.len() } else { before.len() };
    let below = sibling_below(file, range, column, is_item);
    if is_in_item {
        let Some(next) = below else { return empty(file, range, part) };
        let between = TextRange { start: range.end, end: next };
        let is_plain = file.slice(between).trim().is_empty();
        return is_plain.then(|| vec![write::replace(file, TextRange { end: next, ..range }, "")]);
    }
    if below.is_some() || has_sibling_above(file, range, column, is_item) {
        return Some(vec![write::replace(file, lines, "")]);
    }
    let start = if is_item { lines.start + column as u32 } else { range.start };
    empty(file, TextRange { start, ..range }, part)
}

/// An empty map or list in the place of the only thing in it.
fn empty(file: &SourceFile, range: TextRange, part: &Part) -> Option<Vec<Edit>> {
    if !matches!(file.format, Format::Yaml | Format::Template | Format::Hcl(_)) {
        return None;
    }
    let braces = if part.is_entry { "{}" } else { "[]" };
    let head = file.text[..range.start as usize].trim_end();
    if head.ends_with(':') {
        let whole = TextRange { start: head.len() as u32, ..range };
        return Some(vec![write::replace(file, whole, format!(" {braces}"))]);
    }
    Some(vec![write::replace(file, range, braces)])
}

/// How far to the right a line says something; none where it says nothing.
fn indent(line: &str) -> Option<usize> {
    let said = line.trim_start_matches(' ');
    (!is_blank_or_comment(said)).then(|| line.len() - said.len())
}

fn is_item_at(line: &str, column: usize) -> bool {
    line[column..].starts_with("- ") || &line[column..] == "-"
}

fn is_separator(line: &str) -> bool {
    line.starts_with("---") || line.starts_with("...")
}

/// Where what comes next in the same map or list starts.
fn sibling_below(file: &SourceFile, range: TextRange, column: usize, is_item: bool) -> Option<u32> {
    let lines = file.lines();
    let first = lines.line_of(range.end.saturating_sub(1).max(range.start)) + 1;
    let (at, line) = (first..lines.count())
        .map(|number| lines.range_of(&file.text, number))
        .find_map(|at| Some((at, file.slice(at))).filter(|(_, line)| indent(line).is_some()))?;
    let is_one = indent(line) == Some(column) && is_item_at(line, column) == is_item;
    (is_one && !is_separator(line)).then(|| at.start + column as u32)
}

/// Whether something comes before in the same map or list.
fn has_sibling_above(file: &SourceFile, range: TextRange, column: usize, is_item: bool) -> bool {
    let lines = file.lines();
    for number in (0..lines.line_of(range.start)).rev() {
        let line = file.slice(lines.range_of(&file.text, number));
        let Some(at) = indent(line).filter(|at| *at <= column) else { continue };
        if is_separator(line) {
            return false;
        }
        let is_item_there = is_item_at(line, at);
        if at == column && (is_item_there == is_item || is_item) {
            return is_item_there == is_item;
        }
        // `- first: …` begins the map that `  second: …` goes on with; a list may stand right below its key.
        let inner = line.len() - line[at..].trim_start_matches(['-', ' ']).len();
        if is_item_there && !is_item && inner == column {
            return true;
        }
        if at < column {
            return false;
        }
    }
    false
}
