//! Collects what the languages find.
//!
//! Invariant: languages report in any order and may report a thing twice; [`Builder::finish`] sorts, drops what repeats,
//! and drops image references that turn out to stand in a comment.

use std::cmp::Reverse;

use smol_str::SmolStr;

use super::reference::{self, Shape};
use super::{BlockText, ImageRef, ImageRole, Surface, Zone};
use crate::syntax::{Comment, Comments};
use crate::text::TextRange;

/// How deep languages may be embedded in one another (a script in a string in a script in YAML in Markdown).
const MAX_EMBEDDING: usize = 8;

/// The surface of one text in the making.
pub(super) struct Builder<'t> {
    pub(super) text: &'t str,
    outside: Zone,
    zones: Vec<(TextRange, Zone)>,
    comments: Vec<Comment>,
    images: Vec<ImageRef>,
    texts: Vec<BlockText>,
    embedding: usize,
}

impl<'t> Builder<'t> {
    pub(super) fn new(text: &'t str, outside: Zone) -> Self {
        Self {
            text,
            outside,
            zones: Vec::new(),
            comments: Vec::new(),
            images: Vec::new(),
            texts: Vec::new(),
            embedding: 0,
        }
    }

    pub(super) fn slice(&self, range: TextRange) -> &'t str {
        &self.text[range.indices()]
    }

    /// Runs `scan` one level deeper, unless the levels are used up.
    pub(super) fn embed(&mut self, scan: impl FnOnce(&mut Self)) {
        if self.embedding < MAX_EMBEDDING {
            self.embedding += 1;
            scan(self);
            self.embedding -= 1;
        }
    }

    pub(super) fn zone(&mut self, range: TextRange, zone: Zone) {
        if !range.is_empty() {
            self.zones.push((range, zone));
        }
    }

    /// A comment whose markers take `open` bytes before its text and `close` after it. The line break is cut off.
    pub(super) fn comment(&mut self, range: TextRange, open: usize, close: usize) {
        let written = self.slice(range);
        let trimmed = written.trim_end_matches(['\n', '\r']);
        let range = range.slice(0, trimmed.len());
        let text = TextRange::new(
            (range.start as usize + open).min(range.end as usize),
            (range.end as usize).saturating_sub(close),
        );
        let own_line = starts_line(self.text, range.start as usize);
        self.comments.push(Comment { range, text, own_line, said: None });
    }

    /// An image reference written at `range`, quotes, `docker://` and `oci://` possibly around it. What has not the shape of a
    /// reference is passed over.
    pub(super) fn image(&mut self, range: TextRange, role: ImageRole) {
        let range = reference::bare(self.text, range);
        if let Some(Shape { has_hole }) = reference::shape(self.slice(range)) {
            self.images.push(ImageRef {
                range,
                registry: None,
                name: SmolStr::new(self.slice(range)),
                role,
                has_hole,
            });
        }
    }

    /// A text of no known language in a block scalar, below its key.
    pub(super) fn block_text(&mut self, key: TextRange, text: TextRange) {
        self.texts.push(BlockText { key, text });
    }

    /// An image reference put together from several places.
    pub(super) fn composed_image(&mut self, image: ImageRef) {
        self.images.push(image);
    }

    pub(super) fn finish(self) -> Surface {
        let mut comments = self.comments;
        comments.sort_by_key(|comment| outer_first(comment.range));
        keep_disjoint(&mut comments, |comment| comment.range);
        let comments = Comments::new(comments);
        let mut zones = self.zones;
        zones.sort_by_key(|(range, _)| outer_first(*range));
        keep_disjoint(&mut zones, |(range, _)| *range);
        let mut images = self.images;
        images.retain(|image| comments.at(image.range.start).is_none());
        // Where two languages see the same reference, the one that knows its place wins over the mere mention.
        images.sort_by_key(|image| {
            (image.range.start, image.role == ImageRole::Document, Reverse(image.range.end))
        });
        keep_disjoint(&mut images, |image| image.range);
        let mut registries: Vec<_> = images
            .iter()
            .enumerate()
            .filter_map(|(at, image)| Some((image.registry?, at)))
            .collect();
        registries.sort();
        Surface { outside: self.outside, zones, comments, images, registries, texts: self.texts }
    }
}

/// Sorts what lies inside something after it.
fn outer_first(range: TextRange) -> (u32, Reverse<u32>) {
    (range.start, Reverse(range.end))
}

/// Drops from `entries`, which are sorted, what overlaps an earlier one.
fn keep_disjoint<T>(entries: &mut Vec<T>, range_of: impl Fn(&T) -> TextRange) {
    let mut end = 0;
    entries.retain(|entry| {
        let range = range_of(entry);
        let is_new = range.start >= end;
        if is_new {
            end = range.end;
        }
        is_new
    });
}

/// Whether nothing but white space stands before `at` on its line.
fn starts_line(text: &str, at: usize) -> bool {
    let before = text[..at].trim_end_matches([' ', '\t', '\r']);
    before.is_empty() || before.ends_with(['\n', '\u{feff}'])
}
