//! Where in the code something is, in SARIF's words.
//!
//! Invariant: every path is relative to the top of the work tree, and no text that is given out holds a secret.

use std::collections::{BTreeMap, BTreeSet};

use super::said;
use super::wire::{
    Artifact, ArtifactChange, ArtifactLocation, FixEntry, FixProperties, Location, LogicalLocation,
    PhysicalLocation, Region, Replacement, Text,
};
use crate::diagnostic::Fix;
use crate::report::uri::uri;
use crate::report::{Code, harmless_lines, shown};
use crate::text::{FileId, Span, TextRange};

/// What every path is relative to.
pub(in crate::report) const BASE: &str = "%SRCROOT%";

/// Knows which files the log speaks of, and under which number.
pub(in crate::report) struct Places<'a> {
    code: Code<'a>,
    /// Sorted.
    files: Vec<FileId>,
}

impl<'a> Places<'a> {
    /// Those in `files` of `code`.
    pub(in crate::report) fn new(code: Code<'a>, files: BTreeSet<FileId>) -> Self {
        Places { code, files: files.into_iter().collect() }
    }

    pub(in crate::report) fn location<'n>(
        &self,
        span: Span,
        address: Option<&'n str>,
    ) -> Location<'n> {
        let logical = address.map(|fully_qualified_name| LogicalLocation { fully_qualified_name });
        Location {
            physical_location: self.physical(span),
            logical_locations: logical.into_iter().collect(),
        }
    }

    pub(in crate::report) fn physical(&self, span: Span) -> PhysicalLocation {
        let snippet = shown::snippet(self.code, span).map(Text::from);
        let region = Region { snippet, ..self.region(span) };
        PhysicalLocation { artifact_location: self.artifact_location(span), region }
    }

    fn region(&self, span: Span) -> Region {
        let (start, end) = self.code.positions(span);
        Region {
            start_line: start.line,
            start_column: start.column,
            end_line: end.line,
            end_column: end.column,
            byte_offset: span.range.start,
            byte_length: span.range.len(),
            snippet: None,
        }
    }

    fn artifact_location(&self, span: Span) -> ArtifactLocation {
        ArtifactLocation {
            uri: uri(&self.code.path_from_top(span)),
            uri_base_id: BASE,
            index: self.files.binary_search(&span.file).ok(),
        }
    }

    pub(in crate::report) fn artifacts(&self) -> Vec<Artifact> {
        let of_file = |&file: &FileId| {
            let span = Span { file, range: TextRange::empty(0) };
            Artifact {
                location: ArtifactLocation { index: None, ..self.artifact_location(span) },
                length: self.code.source(span).text.len(),
                roles: ["analysisTarget"],
            }
        };
        self.files.iter().map(of_file).collect()
    }

    pub(in crate::report) fn fix(&self, fix: &Fix) -> FixEntry {
        let mut by_file: BTreeMap<FileId, Vec<Replacement>> = BTreeMap::new();
        let mut edits: Vec<_> = fix.edits.iter().collect();
        edits.sort_by_key(|edit| edit.span);
        for edit in edits {
            by_file.entry(edit.span.file).or_default().push(Replacement {
                deleted_region: self.region(edit.span),
                inserted_content: edit.text.as_str().into(),
            });
        }
        let changes = by_file.into_iter().map(|(file, replacements)| {
            let span = Span { file, range: TextRange::empty(0) };
            ArtifactChange { artifact_location: self.artifact_location(span), replacements }
        });
        FixEntry {
            description: said(&harmless_lines(&fix.title)),
            artifact_changes: changes.collect(),
            properties: FixProperties { applicability: fix.applicability.word() },
        }
    }
}
