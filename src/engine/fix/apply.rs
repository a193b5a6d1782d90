//! Edits → the texts of the files that they change.
//!
//! Invariant: the lines that `terraform fmt` would change are, after a fix, at most those that it would have changed
//! before. So what an edit does to the alignment of its neighbours is put right, and nothing else is.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::Edit;
use crate::syntax::language::Language;
use crate::syntax::{Format, Parsed, SourceFile, hcl};
use crate::text::{EditError, Edited, FileId, TextEdit, TextRange};

/// Files by number, and what they say after some fixes.
pub type Texts = BTreeMap<FileId, String>;

/// What the files say after all of `edits`.
pub fn texts<'e>(
    sources: &[SourceFile],
    edits: impl IntoIterator<Item = &'e Edit>,
) -> Result<Texts, EditError> {
    texts_of(&|file| sources.get(file.index()).cloned(), edits)
}

/// The same, with the files that `source` gives.
fn texts_of<'e>(
    source: &dyn Fn(FileId) -> Option<SourceFile>,
    edits: impl IntoIterator<Item = &'e Edit>,
) -> Result<Texts, EditError> {
    let mut by_file: BTreeMap<FileId, Vec<TextEdit>> = BTreeMap::new();
    for Edit { span, text } in edits {
        let edit = TextEdit { range: span.range, text: text.clone() };
        by_file.entry(span.file).or_default().push(edit);
    }
    let fixed = by_file.into_iter().map(|(file, edits)| {
        let source = source(file).ok_or(EditError::Misplaced(TextRange::default()))?;
        Ok((file, fixed_text(&source, &edits)?))
    });
    fixed.collect()
}

/// What `source` says after `edits`, laid out.
pub fn fixed_text(source: &SourceFile, edits: &[TextEdit]) -> Result<String, EditError> {
    let edited = Edited::new(&source.text, edits)?;
    match (&source.hcl, source.format) {
        (Some(document), format) if format.is_native_hcl() => laid_out(source, document, edited),
        _ => Ok(edited.text),
    }
}

/// Whether all files that `edits` change can still be read after that; `source` gives what they say now.
pub fn keeps_readable<'e>(
    source: &dyn Fn(FileId) -> Option<SourceFile>,
    edits: impl IntoIterator<Item = &'e Edit>,
) -> bool {
    texts_of(source, edits).is_ok_and(|texts| broken(source, &texts).is_empty())
}

/// Those of the files with `texts` that could be read before and can no longer be: by path, with what is wrong.
pub fn broken(
    source: &dyn Fn(FileId) -> Option<SourceFile>,
    texts: &Texts,
) -> BTreeMap<Box<str>, String> {
    let broken = texts.iter().filter_map(|(file, text)| {
        let source = source(*file)?;
        let noun = breaks(&source, text)?;
        Some((source.path.clone(), format!("{} would be no {noun} any more", source.path)))
    });
    broken.collect()
}

/// What `source`, which is that now, would no longer be if it said `text`.
pub fn breaks(source: &SourceFile, text: &str) -> Option<&'static str> {
    let is_valid: fn(Format, &str) -> bool = match source.format {
        Format::Hcl(_) => {
            |format, text| Parsed::tree(text, format).is_some_and(|tree| tree.errors.is_empty())
        }
        Format::Yaml | Format::Json => |format, text| Language::of(format).parse(text).is_ok(),
        // Any text is one, or a template fills it in before anybody reads it.
        _ => return None,
    };
    let noun = match source.format {
        format if format.is_hcl_in_json() => Language::Json.noun(),
        Format::Hcl(_) => "HCL",
        format => Language::of(format).noun(),
    };
    let breaks = !is_valid(source.format, text) && is_valid(source.format, &source.text);
    breaks.then_some(noun)
}

/// `edited` with the canonical layout, but for the lines that had another before.
fn laid_out(
    source: &SourceFile,
    document: &hcl::Document,
    edited: Edited,
) -> Result<String, EditError> {
    let after = hcl::parse(&edited.text);
    if !document.errors.is_empty() || !after.errors.is_empty() {
        return Ok(edited.text);
    }
    let before = hcl::layout(&source.text, document);
    let crooked: BTreeSet<usize> =
        before.edits.iter().map(|(range, _)| source.lines().line_of(range.start)).collect();
    let lines = crate::text::LineIndex::new(&edited.text);
    let was_crooked = |range: TextRange| {
        let line = lines.range_of(&edited.text, lines.line_of(range.start));
        let old = edited.before(line);
        old.is_some_and(|old| crooked.contains(&source.lines().line_of(old.start)))
    };
    let is_blank = |text: &str| text.bytes().all(|byte| matches!(byte, b' ' | b'\t'));
    let wanted = hcl::layout(&edited.text, &after).edits.into_iter().filter(|(range, text)| {
        is_blank(text) && is_blank(&edited.text[range.indices()]) && !was_crooked(*range)
    });
    let edits: Vec<TextEdit> = wanted.map(|(range, text)| TextEdit { range, text }).collect();
    if edits.is_empty() {
        return Ok(edited.text);
    }
    Ok(Edited::new(&edited.text, &edits)?.text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fixed(text: &str, at: &str, new: &str) -> String {
        let source = SourceFile::new(FileId(0), "a.tf".into(), text.into(), Format::of("a.tf"));
        let start = text.find(at).unwrap();
        let range = TextRange::new(start, start + at.len());
        fixed_text(&source, &[TextEdit { range, text: new.to_owned() }]).unwrap()
    }

    #[test]
    fn neighbours_are_aligned_and_nobody_else() {
        let text = "a {\n  x = 1\n  y = 2\n\n  long_name = 3\n}\n";
        assert_eq!(
            fixed(text, "y = 2", "y = 2\n  middle = 4"),
            "a {\n  x      = 1\n  y      = 2\n  middle = 4\n\n  long_name = 3\n}\n"
        );
    }

    #[test]
    fn lines_that_were_crooked_stay_so() {
        let text = "a {\n  x   = 1\n  y = 2\n}\nb {\nz = 1\n}\n";
        assert_eq!(
            fixed(text, "y = 2", "y = 2\n  w = 4"),
            "a {\n  x   = 1\n  y = 2\n  w = 4\n}\nb {\nz = 1\n}\n"
        );
        // A line that the fix itself writes is laid out.
        assert_eq!(fixed(text, "z = 1", "z   =    2"), text.replace("z = 1", "  z = 2"));
    }

    #[test]
    fn what_does_not_parse_is_not_laid_out() {
        assert_eq!(fixed("a = 1\nbb = 2\n", "1", "{"), "a = {\nbb = 2\n");
    }

    #[test]
    fn line_ends_stay() {
        let text = "a {\r\n  x = 1\r\n}\r\n";
        assert_eq!(
            fixed(text, "x = 1", "x = 1\r\n  long = 2"),
            "a {\r\n  x    = 1\r\n  long = 2\r\n}\r\n"
        );
    }
}
