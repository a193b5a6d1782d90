//! Entries of `ignore_changes`, and the markers that say why they are there.
//!
//! Invariant: an entry that is written is one that Terraform heeds, and says nothing that another entry says already.

use super::{
    Noted, attribute_in, block_in, comment_above, comment_behind, construct_out, element_apart,
    element_in, element_out, indent_of, replace,
};
use crate::diagnostic::Edit;
use crate::model::{AttributePath, BlockRef, Effective, IgnoreChanges};
use crate::syntax::SourceFile;
use crate::syntax::hcl::{Block, Expr, ExprKind};
use crate::text::{Edited, Span, TextEdit, TextRange};

/// A field that Terraform shall ignore.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Ignored<'t> {
    /// Where it is in the resource.
    pub path: &'t AttributePath,
    /// The marker of the entry: what the comment behind it says.
    pub note: Option<&'t str>,
}

/// What became of a field.
enum Entry {
    /// An entry that is there covers it.
    Covered,
    /// It gets one: what that ignores, and the edits.
    Written(String, Vec<Edit>),
}

/// Adds `fields` to the `ignore_changes` of `block`: what is done, and how. None where they are ignored already, or where
/// one of them cannot be written without touching more.
pub fn ignore(block: &BlockRef<'_>, fields: &[Ignored<'_>]) -> Option<(String, Vec<Edit>)> {
    // What overrides the block is written in other files.
    if block.file.joined_with().next().is_some() {
        return None;
    }
    let mut done: Vec<String> = Vec::new();
    let mut edits = Vec::new();
    // Each entry is written into what the one before it has left.
    let mut text: Option<String> = None;
    // The marker of an entry that joins one without would be taken for that of both.
    let mut fields: Vec<Ignored<'_>> = fields.to_vec();
    if let Some(marked) = fields.iter().position(|it| it.note.is_some()) {
        fields[..=marked].rotate_right(1);
    }
    for field in fields {
        let read_again = text.as_deref().map(|text| {
            SourceFile::new(block.file.id, block.file.path.clone(), text.into(), block.file.format)
        });
        let (file, own) = match &read_again {
            None => (block.file, block.block),
            Some(file) => (file, same_block(file, block.block)?),
        };
        let Entry::Written(what, more) = entry(file, own, field)? else { continue };
        text = Some(edited(file, &more)?);
        edits = if done.is_empty() { more } else { Vec::new() };
        done.push(what);
    }
    let (first, others) = done.split_first()?;
    let title = match others {
        [] => format!("ignore {first}"),
        _ => format!("ignore {first} and {} more", others.len()),
    };
    if edits.is_empty() {
        edits.push(difference(block.file, &text?));
    }
    Some((title, edits))
}

/// The block in a newer text of the file that starts where `block` does: what is edited is behind its header.
fn same_block<'f>(file: &'f SourceFile, block: &Block) -> Option<&'f Block> {
    let document = file.hcl.as_ref().filter(|document| document.errors.is_empty())?;
    document.body.blocks().find(|other| other.range.start == block.range.start)
}

fn edited(file: &SourceFile, edits: &[Edit]) -> Option<String> {
    let edits = edits.iter();
    let edits: Vec<TextEdit> =
        edits.map(|edit| TextEdit { range: edit.span.range, text: edit.text.clone() }).collect();
    Some(Edited::new(&file.text, &edits).ok()?.text)
}

/// The one edit that makes `newer` of the file: what the two have in common before and behind stays.
fn difference(file: &SourceFile, newer: &str) -> Edit {
    let (older, newer) = (&*file.text, newer);
    let common = |(a, b): (char, char)| if a == b { Some(a.len_utf8()) } else { None };
    let prefix: usize = older.chars().zip(newer.chars()).map_while(common).sum();
    let (left, added) = (&older[prefix..], &newer[prefix..]);
    let suffix: usize = left.chars().rev().zip(added.chars().rev()).map_while(common).sum();
    let range = TextRange::new(prefix, older.len() - suffix);
    replace(file, range, &added[..added.len() - suffix])
}

/// The entry for `field` in `block` of `file`. One that was meant for the field and has no effect is written over.
fn entry(file: &SourceFile, block: &Block, field: Ignored<'_>) -> Option<Entry> {
    // Terraform accepts a path through a block that is not there, and ignores nothing for it.
    let Effective { path, is_wider, .. } = field.path.effective_in(block);
    let text = path.to_string();
    let what = if is_wider { format!("all of `{text}`") } else { format!("`{text}`") };
    let Some(ignored) = IgnoreChanges::of(block) else {
        let comment = field.note.map(|note| format!(" # {note}")).unwrap_or_default();
        let line = format!("ignore_changes = [{text}]{comment}");
        let edit = if let Some(lifecycle) = block.body.block("lifecycle") {
            attribute_in(file, &lifecycle.body, &[line])
        } else {
            let lines = ["lifecycle {".to_owned(), format!("  {line}"), "}".to_owned()];
            block_in(file, &block.body, &lines)
        };
        return Some(Entry::Written(what, vec![edit?]));
    };
    if ignored.covering(&path).is_some() {
        return Some(Entry::Covered);
    }
    let list = ignored.attribute.value.unparenthesised();
    if let Some(near) = without_effect(block, &ignored, &path) {
        let mut edits = vec![replace(file, near, text)];
        let is_marked =
            file.trailing(near).is_some() || file.trailing(ignored.attribute.range).is_some();
        if let (Some(note), false) = (field.note, is_marked) {
            edits.extend(comment_behind(file, marked(file, list, &ignored, near), note));
        }
        return Some(Entry::Written(what, edits));
    }
    if let Some(edit) = on_lines_of_its_own(file, &ignored, list, &text, field.note) {
        return Some(Entry::Written(what, vec![edit]));
    }
    let noted = Noted { text: &text, note: field.note };
    let holder = ignored.attribute.range;
    // The marker behind the list is that of who owns what is in it, and not of whoever owns this.
    let apart = element_apart(file, list, holder, noted).filter(|_| field.note.is_none());
    let edits = apart.or_else(|| element_in(file, list, holder, noted))?;
    Some(Entry::Written(what, edits))
}

/// The entry that was meant for `path` and does nothing: none that ignores a part of it.
fn without_effect(
    block: &Block,
    ignored: &IgnoreChanges<'_>,
    path: &AttributePath,
) -> Option<TextRange> {
    let near = ignored.ineffective(path)?;
    let (written, _) = ignored.entries().find(|(_, range)| *range == near)?;
    let is_longer = written.to_string().starts_with(&path.to_string());
    let heeded = written.effective_in(block);
    let has_effect = heeded.is_element || heeded.path == written;
    (!is_longer || !has_effect).then_some(near)
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
    let indent = indent_of(file, body.range.start);
    let comment = format!(" # {}", note?);
    // As it is written, with its comments.
    let written = file.slice(list.range).trim_end_matches(']').trim_end().trim_end_matches(',');
    let separator = match items.last() {
        Some(_) => ", ",
        None if written.ends_with('[') => "",
        None => " ",
    };
    let line =
        format!("\n{indent}  ignore_changes = {written}{separator}{field}]{comment}\n{indent}");
    Some(replace(file, body.range, line))
}

/// Takes the entry for exactly `field` out.
pub fn unignore(block: &BlockRef<'_>, field: &str) -> Option<(String, Vec<Edit>)> {
    let ignored = IgnoreChanges::of(block.block)?;
    let entry = ignored.exactly(&AttributePath::parse(field)?)?;
    let list = ignored.attribute.value.unparenthesised();
    let ExprKind::Tuple(items) = &list.kind else { return None };
    let at = items.iter().position(|item| item.range == entry)?;
    let file = block.file;
    let title = format!("take `{}` out of `ignore_changes`", file.slice(entry));
    if items.len() > 1 {
        return Some((title, element_out(file, items, at)?));
    }
    // With nothing left to ignore, the attribute goes, and the block that has nothing else: a comment above is something.
    let comments = file.comments().inside(ignored.lifecycle.range);
    let is_all = ignored.lifecycle.body.items.len() == 1
        && comments.iter().all(|it| it.range.start > entry.start);
    let whole = if is_all { ignored.lifecycle.range } else { ignored.attribute.range };
    let edit = construct_out(file, whole)?;
    Some((title, vec![edit]))
}

/// Puts the marker `word` to the entry at `entry`; over the comment at `near`, where that was meant.
pub fn mark(
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
        return Some((title, vec![replace(file, range, word)]));
    }
    let ignored = IgnoreChanges::of(block.block)?;
    let list = ignored.attribute.value.unparenthesised();
    let place = marked(file, list, &ignored, entry.range);
    let edit = comment_behind(file, place, word).or_else(|| comment_above(file, place, word))?;
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
