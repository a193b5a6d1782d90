//! Fields that Terraform is told to ignore, and the markers that say why.

use std::sync::{Arc, Mutex, PoisonError};

use super::env::Filled;
use super::matcher::Around;
use super::operand::Operand;
use super::truth::{Evidence, Truth};
use crate::model::{AttributePath, IgnoreChanges, Reason, Value};
use crate::syntax::hcl::Block;
use crate::syntax::{Comment, SourceFile};
use crate::text::TextRange;
use rustc_hash::FxHashMap;

/// A field is effectively ignored.
#[derive(Debug)]
pub(super) struct IgnoredTest {
    /// Its path, as Terraform writes it.
    pub(super) path: Operand,
    /// Whether only an entry for exactly this path counts: not a prefix, and not `all`.
    pub(super) exactly: bool,
    /// Whether an entry is meant that was to ignore the field and does nothing.
    pub(super) ineffective: bool,
    /// The paths that were asked about.
    pub(super) targets: Targets,
}

/// Paths as they were read: few are asked about, in many blocks.
#[derive(Debug, Default)]
pub(super) struct Targets(Mutex<FxHashMap<String, Option<Arc<AttributePath>>>>);

impl Targets {
    fn get(&self, path: &str) -> Option<Arc<AttributePath>> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(target) = known.get(path) {
            return target.clone();
        }
        let target = AttributePath::parse(path).map(Arc::new);
        known.insert(path.to_owned(), target.clone());
        target
    }
}

/// A comment that begins with a marker stands in the lifecycle block.
#[derive(Debug)]
pub(super) struct MarkerTest {
    /// The marker.
    pub(super) word: Operand,
    /// Whether a word that is nearly the marker is meant, instead of the marker.
    pub(super) misspelt: bool,
    /// Markers that look alike and mean something else.
    pub(super) others: Vec<String>,
    /// The field whose entry is underlined where the marker is missing.
    pub(super) field: Option<Operand>,
}

impl IgnoredTest {
    pub(super) fn ask(&self, around: &Around<'_, '_>) -> Truth {
        let Some(block) = around.env.root.block else {
            return Truth::no(around.missing(&around.env.root.subject));
        };
        let path = match self.path.text(around.repo, around.env) {
            Filled::Text(path) => path,
            Filled::Absent => return Truth::no(around.missing(&around.env.root.subject)),
            Filled::Unknown(reason) => return Truth::unknown(reason),
        };
        let Some(target) = self.targets.get(&path) else {
            return Truth::unknown(Reason::new(format!("`{path}` is no attribute path")));
        };
        let Some(ignored) = IgnoreChanges::of(block.block) else {
            return Truth::no(around.tell(|| Evidence::of(block.header())));
        };
        if self.ineffective {
            let near = ignored.ineffective(&target);
            let near = near.filter(|_| ignored.covering(&target).is_none());
            let site = near.unwrap_or(ignored.attribute.value.range);
            return Truth::of(near.is_some(), around.tell(|| Evidence::of(block.file.span(site))));
        }
        let entry = if self.exactly { ignored.exactly(&target) } else { ignored.covering(&target) };
        if let Some(entry) = entry {
            return Truth::yes(around.tell(|| Evidence::of(block.file.span(entry))));
        }
        Truth::no(around.tell(|| {
            let mut evidence = Evidence::of(block.file.span(ignored.attribute.value.range));
            if let Some(near) = ignored.ineffective(&target) {
                let message = "Terraform accepts this entry, and it has no effect".to_owned();
                evidence.related.push((block.file.span(near), message));
            }
            evidence
        }))
    }
}

/// The comments in the block `lifecycle`.
fn comments_of<'a>(file: &'a SourceFile, lifecycle: &Block) -> Vec<&'a Comment> {
    let within = |range| {
        // A comment on the line of the closing brace is outside the range, and still about the block.
        file.comments().inside(range).iter().chain(file.trailing(range))
    };
    let mut comments: Vec<&Comment> = within(lifecycle.range).collect();
    // What an override file says of it stands there, with comments of its own.
    let is_elsewhere = |range: &TextRange| !lifecycle.range.contains(*range);
    let overriding = lifecycle.body.attributes().map(|it| it.range).filter(is_elsewhere);
    for range in overriding {
        comments.extend(file.leading(range));
        comments.extend(within(range));
    }
    comments
}

impl MarkerTest {
    pub(super) fn ask(&self, around: &Around<'_, '_>) -> Truth {
        let nowhere = || Truth::no(around.missing(&around.env.root.subject));
        let Some(block) = around.env.root.block else { return nowhere() };
        let wanted = match self.word.text(around.repo, around.env) {
            Filled::Text(word) => word,
            Filled::Absent => return nowhere(),
            Filled::Unknown(reason) => return Truth::unknown(reason),
        };
        let Some(lifecycle) = block.block.body.block("lifecycle") else { return nowhere() };
        let comments = comments_of(block.file, lifecycle);
        for &comment in &comments {
            let word = first_word(block.file, comment);
            let found = if self.misspelt {
                self.looks_like(word, &wanted)
            } else {
                word == wanted.as_ref()
            };
            if found {
                return Truth::yes(around.tell(|| {
                    let site = block.file.span(comment.range);
                    Evidence { value: Some(Value::text(word, site)), ..Evidence::of(site) }
                }));
            }
        }
        Truth::no(around.tell(|| {
            let entry = self.entry(around, block.block).unwrap_or(lifecycle.header);
            let mut evidence = Evidence::of(block.file.span(entry));
            let near = comments.iter().find_map(|comment| {
                let word = first_word(block.file, comment);
                self.looks_like(word, &wanted).then_some((word, comment))
            });
            if let Some((word, comment)) = near {
                evidence.near = Some(word.to_owned());
                let label = "this comment may have been meant".to_owned();
                evidence.related.push((block.file.span(comment.range), label));
            }
            evidence
        }))
    }

    fn entry(&self, around: &Around<'_, '_>, block: &Block) -> Option<TextRange> {
        let Filled::Text(field) = self.field.as_ref()?.text(around.repo, around.env) else {
            return None;
        };
        IgnoreChanges::of(block)?.covering(&AttributePath::parse(&field)?)
    }

    fn looks_like(&self, word: &str, wanted: &str) -> bool {
        let known = word == wanted || self.others.iter().any(|other| other == word);
        let is_as_long = word.len() > 3 && word.len().abs_diff(wanted.chars().count()) <= 2;
        is_as_long && !known && strsim::osa_distance(word, wanted) <= 2
    }
}

/// The first word of a comment: a marker is one, and prose that merely mentions a marker does not count.
fn first_word<'t>(file: &'t SourceFile, comment: &'t Comment) -> &'t str {
    let content = comment.content(&file.text).trim_start_matches(['#', '/', '*', ' ']);
    let end =
        content.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(content.len());
    &content[..end]
}
