//! Collects what the languages find.
//!
//! Invariant: languages report in any order and may report a thing twice; [`Builder::finish`] sorts, drops what repeats,
//! and drops image references that turn out to stand in a comment.

use smol_str::SmolStr;

use super::reference::{self, Shape};
use super::{ImageRef, ImageRole, Surface, Zone};
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
        let line_start =
            self.text[..range.start as usize].rfind('\n').map_or(0, |newline| newline + 1);
        let own_line = self.text[line_start..range.start as usize]
            .trim_start_matches('\u{feff}')
            .trim()
            .is_empty();
        self.comments.push(Comment { range, text, own_line });
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

    /// An image reference put together from several places.
    pub(super) fn composed_image(&mut self, image: ImageRef) {
        self.images.push(image);
    }

    pub(super) fn finish(mut self) -> Surface {
        self.comments
            .sort_by_key(|comment| (comment.range.start, std::cmp::Reverse(comment.range.end)));
        let mut end = 0;
        self.comments.retain(|comment| {
            let is_new = comment.range.start >= end;
            end = end.max(comment.range.end);
            is_new
        });
        self.zones.sort_by_key(|(range, _)| (range.start, std::cmp::Reverse(range.end)));
        let mut end = 0;
        self.zones.retain(|(range, _)| {
            let is_new = range.start >= end;
            end = end.max(range.end);
            is_new
        });
        let comments = Comments::new(self.comments);
        self.images.retain(|image| comments.at(image.range.start).is_none());
        self.images.sort_by_key(|image| (image.range.start, image.range.end));
        self.images.dedup_by_key(|image| image.range);
        Surface { outside: self.outside, zones: self.zones, comments, images: self.images }
    }
}
