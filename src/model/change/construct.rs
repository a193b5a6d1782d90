//! What a file is made of.

use std::collections::BTreeSet;

use super::home;
use crate::model::repo::Repo;
use crate::syntax::SourceFile;
use crate::syntax::hcl::{Block, Item, without_layout};
use crate::text::{Span, TextRange};

/// A block at the top of an HCL file, an attribute there, or an entry of a `locals` block.
#[derive(Debug)]
pub(super) struct Construct<'s> {
    pub(super) file: &'s SourceFile,
    pub(super) item: &'s Item,
    /// With the comments above it and behind it.
    pub(super) range: TextRange,
    /// Where its name is known: the module, or the file.
    pub(super) home: &'s str,
    /// Its address there, as references write it: `module.dns`, `data.a.b`; or what else tells it apart.
    pub(super) address: String,
    /// What it is without its own name, if it has one.
    pub(super) kind: String,
    /// What it says, without its layout.
    pub(super) says: String,
    /// The same without its name.
    pub(super) says_unnamed: String,
}

/// The constructs of the files of `repo` at `paths`, in order of path and place.
pub(super) fn all<'s>(repo: &'s Repo<'s>, paths: &BTreeSet<&'s str>) -> Vec<Construct<'s>> {
    let files = paths.iter().filter_map(|path| repo.source(path));
    files.flat_map(of_file).collect()
}

/// The construct around `span`, by its position.
pub(super) fn around(constructs: &[Construct<'_>], span: Span) -> Option<usize> {
    let is_around = |it: &Construct<'_>| it.file.id == span.file && it.range.contains(span.range);
    constructs.iter().position(is_around)
}

fn of_file(file: &SourceFile) -> Vec<Construct<'_>> {
    let Some(document) = &file.hcl else { return Vec::new() };
    let mut constructs = Vec::new();
    for item in &document.body.items {
        match item {
            Item::Block(block) if block.kind.name == "locals" && block.labels.is_empty() => {
                constructs.extend(block.body.items.iter().map(|entry| of_item(file, entry, true)));
            }
            _ => constructs.push(of_item(file, item, false)),
        }
    }
    constructs
}

fn of_item<'s>(file: &'s SourceFile, item: &'s Item, is_local: bool) -> Construct<'s> {
    let own = item.range();
    // What is about a construct in JSON stands in it.
    let above =
        file.leading(own).first().map_or(own.start, |comment| comment.range.start.min(own.start));
    let behind = file.trailing(own).map_or(own.end, |comment| comment.range.end.max(own.end));
    let range = TextRange { start: above, end: behind };
    let mut says = without_layout(&file.text, file.comments(), item, above);
    let mut says_unnamed = match item {
        Item::Attribute(attribute) => {
            without_layout(&file.text, file.comments(), item, attribute.value.range.start)
        }
        Item::Block(block) => without_layout(&file.text, file.comments(), item, block.header.end),
    };
    let comments = &file.text[above as usize..own.start as usize];
    let trailing = file.text[own.end as usize..behind as usize].trim();
    says.push_str(trailing);
    says_unnamed.push_str(trailing);
    // The comments above count too, line by line.
    for line in comments.lines() {
        says_unnamed.push_str(line.trim());
        says_unnamed.push('\n');
    }
    let (kind, address) = match item {
        Item::Attribute(attribute) if is_local => {
            ("local".to_owned(), format!("local.{}", attribute.key.name))
        }
        Item::Attribute(attribute) => (String::new(), attribute.key.name.to_string()),
        Item::Block(block) => (kind(block), address(block)),
    };
    Construct { file, item, range, home: home(&file.path), address, kind, says, says_unnamed }
}

/// What `block` is without its name: the type, and all labels but the last.
fn kind(block: &Block) -> String {
    let but_last = block.labels.split_last().map_or(&[][..], |(_, rest)| rest);
    let mut kind = block.kind.name.to_string();
    for label in but_last {
        kind.push('.');
        kind.push_str(&label.name);
    }
    kind
}

/// How references write `block`.
fn address(block: &Block) -> String {
    let labels: Vec<&str> = block.labels.iter().map(|label| label.name.as_str()).collect();
    match block.kind.name.as_str() {
        "resource" => labels.join("."),
        "variable" => format!("var.{}", labels.join(".")),
        kind => [&[kind], labels.as_slice()].concat().join("."),
    }
}
