//! Texts that are put beside what is there, in languages other than HCL, by the lines that all of them have.

use crate::diagnostic::Edit;
use crate::rule::language::node::Place;
use crate::rule::write;
use crate::syntax::SourceFile;

/// `text` right behind what stands at `place`, on its line.
pub(super) fn after(file: &SourceFile, place: &Place<'_>, text: &str) -> Option<Edit> {
    let end = place.site.range.end;
    is_text(file, end).then(|| write::insert(file, end, text))
}

/// `text` on a line of its own beneath what stands at `place` with its key, and as far to the right. None where other things
/// stand on these lines.
pub(super) fn beneath(file: &SourceFile, place: &Place<'_>, text: &str) -> Option<Edit> {
    let whole = place.whole.range;
    // Of a file the end of its last line is no line of its own.
    let end = whole.start + file.slice(whole).trim_end().len() as u32;
    if end == whole.start {
        return Some(write::insert(file, end, format!("{text}\n")));
    }
    let lines = file.lines();
    let start = lines.start_of(lines.line_of(whole.start));
    let before = &file.text[start as usize..whole.start as usize];
    let line_end = lines.range_of(&file.text, lines.line_of(end)).end.max(end);
    let behind = file.text[end as usize..line_end as usize].trim();
    // An item of a list in YAML begins with a dash, and what is beneath it does not.
    let is_alone = before.chars().all(|c| matches!(c, ' ' | '\t' | '-'));
    let is_last = matches!(behind, "" | ";" | "\"" | "'") || behind.starts_with('#');
    if !is_alone || !is_last || !is_text(file, whole.start) {
        return None;
    }
    Some(write::insert(file, line_end, format!("\n{}{text}", before.replace('-', " "))))
}

/// Whether a text stands at `offset`: a file in another language than HCL, or one inside of HCL.
fn is_text(file: &SourceFile, offset: u32) -> bool {
    file.hcl.as_ref().is_none_or(|hcl| hcl.body.surroundings(offset).template.is_some())
}
