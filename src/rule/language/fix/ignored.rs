//! Entries of `ignore_changes`, and the markers that say why they are there.

use crate::diagnostic::Edit;
use crate::model::{AttributePath, BlockRef, IgnoreChanges};
use crate::rule::language::env::{Bound, Env};
use crate::rule::write::{self, Noted};
use crate::syntax::SourceFile;
use crate::syntax::hcl::{Expr, ExprKind};
use crate::text::{Span, TextRange};

/// The marker of the field that `each` took from a mutator.
pub(super) fn marker<'e>(env: &'e Env<'_>) -> Option<&'e str> {
    env.names().find_map(|(name, bound)| match bound {
        Bound::Text(text) if name.ends_with("_marker") && !text.is_empty() => Some(text.as_str()),
        _ => None,
    })
}

/// Adds `field` to the `ignore_changes` of `block`, with `note` behind it. An entry that was meant for the field and has no
/// effect is written over.
pub(super) fn add(
    block: &BlockRef<'_>,
    field: &str,
    note: Option<&str>,
) -> Option<(String, Vec<Edit>)> {
    let file = block.file;
    let target = AttributePath::parse(field)?;
    // Terraform accepts a path through a block that is not there, and ignores nothing for it.
    let path = target.effective_in(&block.block.body);
    let field = path.to_string();
    let title = format!("ignore `{field}`");
    let Some(ignored) = IgnoreChanges::of(block.block) else {
        let comment = note.map(|note| format!(" # {note}")).unwrap_or_default();
        let line = format!("ignore_changes = [{field}]{comment}");
        let edit = if let Some(lifecycle) = block.block.body.block("lifecycle") {
            write::attribute_in(file, &lifecycle.body, &[line])
        } else {
            let lines = ["lifecycle {".to_owned(), format!("  {line}"), "}".to_owned()];
            write::block_in(file, &block.block.body, &lines)
        };
        return Some((title, vec![edit?]));
    };
    let list = ignored.attribute.value.unparenthesised();
    if let Some(near) = ignored.ineffective(&target) {
        let mut edits = vec![write::replace(file, near, field)];
        let is_marked =
            file.trailing(near).is_some() || file.trailing(ignored.attribute.range).is_some();
        if let (Some(note), false) = (note, is_marked) {
            edits.extend(write::comment_behind(file, marked(file, list, &ignored, near), note));
        }
        return Some((title, edits));
    }
    if let Some(edit) = on_lines_of_its_own(file, &ignored, list, &field, note) {
        return Some((title, vec![edit]));
    }
    let noted = Noted { text: &field, note };
    Some((title, write::element_in(file, list, ignored.attribute.range, noted)?))
}

/// A `lifecycle` block on one line, which has nothing else, gets a line for its attribute: a comment ends a line.
fn on_lines_of_its_own(
    file: &SourceFile,
    ignored: &IgnoreChanges<'_>,
    list: &Expr,
    field: &str,
    note: Option<&str>,
) -> Option<Edit> {
    let body = &ignored.lifecycle.body;
    let ExprKind::Tuple(items) = &list.kind else { return None };
    if file.slice(body.range).contains(['\n', '#']) || body.items.len() != 1 {
        return None;
    }
    let indent = write::indent_of(file, body.range.start);
    let comment = format!(" # {}", note?);
    let entries = items.iter().map(|item| file.slice(item.range)).chain([field]);
    let entries = entries.collect::<Vec<_>>().join(", ");
    let line = format!("\n{indent}  ignore_changes = [{entries}]{comment}\n{indent}");
    Some(write::replace(file, body.range, line))
}

/// Takes the entry for exactly `field` out.
pub(super) fn drop(block: &BlockRef<'_>, field: &str) -> Option<(String, Vec<Edit>)> {
    let ignored = IgnoreChanges::of(block.block)?;
    let entry = ignored.exactly(&AttributePath::parse(field)?)?;
    let list = ignored.attribute.value.unparenthesised();
    let ExprKind::Tuple(items) = &list.kind else { return None };
    let at = items.iter().position(|item| item.range == entry)?;
    let file = block.file;
    let title = format!("take `{}` out of `ignore_changes`", file.slice(entry));
    if items.len() > 1 {
        return Some((title, write::element_out(file, items, at)?));
    }
    // With nothing left to ignore, the attribute goes, and the block that has nothing else.
    let is_all = ignored.lifecycle.body.items.len() == 1;
    let whole = if is_all { ignored.lifecycle.range } else { ignored.attribute.range };
    let is_silent = file.comments().inside(whole).iter().all(|it| it.range.start > entry.start);
    let edit = write::item_out(file, whole).filter(|_| is_silent || !is_all)?;
    Some((title, vec![edit]))
}

/// Puts the marker `word` to the entry at `entry`; over the comment at `near`, where that was meant.
pub(super) fn mark(
    block: &BlockRef<'_>,
    word: &str,
    entry: Span,
    near: Option<(Span, &str)>,
) -> Option<(String, Vec<Edit>)> {
    let file = block.file;
    let title = format!("write `# {word}`");
    if let Some((comment, misspelt)) = near {
        let at = file.slice(comment.range).find(misspelt)?;
        let range = comment.range.slice(at, misspelt.len());
        return Some((title, vec![write::replace(file, range, word)]));
    }
    let ignored = IgnoreChanges::of(block.block)?;
    let list = ignored.attribute.value.unparenthesised();
    let place = marked(file, list, &ignored, entry.range);
    let edit = write::comment_behind(file, place, word)
        .or_else(|| write::comment_above(file, place, word))?;
    Some((title, vec![edit]))
}

/// Behind what the marker of the entry at `entry` stands: behind the entry, where that has a line of its own.
fn marked(
    file: &SourceFile,
    list: &Expr,
    ignored: &IgnoreChanges<'_>,
    entry: TextRange,
) -> TextRange {
    let line_of = |offset: u32| file.lines().line_of(offset);
    let is_list = matches!(list.kind, ExprKind::Tuple(_)) && list.range.contains(entry);
    let is_alone = is_list && line_of(entry.end) != line_of(list.range.end);
    if is_alone { entry } else { ignored.attribute.range }
}
