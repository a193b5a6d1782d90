//! Texts that are put beside what is there, or taken from beside it, in languages other than HCL, by the lines and commas that
//! most of them have.

use crate::diagnostic::Edit;
use crate::rule::language::node::Place;
use crate::rule::write;
use crate::syntax::SourceFile;
use crate::text::TextRange;

/// `text` right behind what stands at `place`, on its line.
pub(super) fn after(file: &SourceFile, place: &Place<'_>, text: &str) -> Option<Edit> {
    let end = place.site.range.end;
    is_text(file, end).then(|| write::insert(file, end, text))
}

/// `text` on a line of its own beneath what stands at `place` with its key, and as far to the right. None where other things
/// stand on these lines.
pub(super) fn beneath(file: &SourceFile, place: &Place<'_>, text: &str) -> Option<Edit> {
    let range = place.whole.range;
    let lines = file.lines();
    let start = lines.start_of(lines.line_of(range.start));
    let before = &file.text[start as usize..range.start as usize];
    let end = lines.range_of(&file.text, lines.line_of(range.end)).end.max(range.end);
    let behind = file.text[range.end as usize..end as usize].trim();
    // An item of a list in YAML begins with a dash, and what is beneath it does not.
    let is_alone = before.chars().all(|c| matches!(c, ' ' | '\t' | '-'));
    let is_last = matches!(behind, "" | ";" | "\"" | "'") || behind.starts_with('#');
    if !is_alone || !is_last || !is_text(file, range.start) {
        return None;
    }
    Some(write::insert(file, end, format!("\n{}{text}", before.replace('-', " "))))
}

/// Takes the element at `place` out of a list with others in it: with a comma, or with its line where it is an item of a list
/// in YAML.
pub(super) fn out(file: &SourceFile, place: &Place<'_>) -> Option<Edit> {
    let mut range = place.site.range;
    if !is_text(file, range.start) {
        return None;
    }
    let text = &file.text;
    let quotes = |c: &char| matches!(c, '"' | '\'');
    let opening = text[..range.start as usize].chars().next_back().filter(quotes);
    if opening.is_some() && opening == text[range.end as usize..].chars().next() {
        range = TextRange { start: range.start - 1, end: range.end + 1 };
    }
    let lines = file.lines();
    let line = lines.range_of(text, lines.line_of(range.start));
    let before = &text[line.start as usize..range.start as usize];
    let behind = text.get(range.end as usize..line.end as usize)?;
    if let Some(rest) = behind.strip_prefix(',') {
        let gap = rest.len() - rest.trim_start_matches(' ').len();
        return Some(write::replace(
            file,
            TextRange { end: range.end + 1 + gap as u32, ..range },
            "",
        ));
    }
    if let Some(rest) = before.trim_end_matches(' ').strip_suffix(',') {
        return Some(write::replace(
            file,
            TextRange { start: line.start + rest.len() as u32, ..range },
            "",
        ));
    }
    let is_item =
        |line: &str| line.trim_start_matches(' ').starts_with("- ") && line.starts_with(before);
    let number = lines.line_of(range.start);
    let next = (number + 1 < lines.count()).then(|| lines.start_of(number + 1))?;
    let neighbours = [number.checked_sub(1), Some(number + 1)].into_iter().flatten();
    let has_others = neighbours.into_iter().any(|it| is_item(file.slice(lines.range_of(text, it))));
    (before.trim() == "-" && behind.trim().is_empty() && has_others)
        .then(|| write::replace(file, TextRange { start: line.start, end: next }, ""))
}

/// Whether a text stands at `offset`: a file in another language than HCL, or one inside of HCL.
fn is_text(file: &SourceFile, offset: u32) -> bool {
    file.hcl.as_ref().is_none_or(|hcl| hcl.body.surroundings(offset).template.is_some())
}
