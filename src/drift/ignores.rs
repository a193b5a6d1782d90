//! What the code is to leave to others: one edit for each block, however many differences it settles.
//!
//! Invariant: the edits of a report can all be made at once; no two of them touch the same `lifecycle`.

use std::collections::BTreeMap;

use super::join::{Found, Joiner};
use super::path::Path;
use super::report::Finding;
use crate::text::Span;

/// The fields that are to be ignored, by the header of the block.
#[derive(Default)]
pub(super) struct Ignores<'s> {
    by_block: BTreeMap<Span, Block<'s>>,
}

struct Block<'s> {
    found: Found<'s>,
    fields: Vec<Field>,
}

struct Field {
    path: Path,
    marker: Option<String>,
    /// Whom it settles that the field is ignored: indices into the report's findings.
    findings: Vec<usize>,
}

impl<'s> Ignores<'s> {
    /// The finding with index `finding` is settled if the code of `found` ignores `path`, with `marker` behind it.
    pub(super) fn add(
        &mut self,
        finding: usize,
        found: &Found<'s>,
        path: Path,
        marker: Option<&str>,
    ) {
        let block = self.by_block.entry(found.block.header());
        let block = block.or_insert_with(|| Block { found: found.clone(), fields: Vec::new() });
        match block.fields.iter_mut().find(|field| field.path == path) {
            Some(field) => field.findings.push(finding),
            None => block.fields.push(Field {
                path,
                marker: marker.map(str::to_owned),
                findings: vec![finding],
            }),
        }
    }

    /// Adds what `others` have; their findings have moved up by `offset`.
    pub(super) fn append(&mut self, others: Ignores<'s>, offset: usize) {
        for block in others.by_block.into_values() {
            for field in block.fields {
                for finding in field.findings {
                    let (path, marker) = (field.path.clone(), field.marker.as_deref());
                    self.add(finding + offset, &block.found, path, marker);
                }
            }
        }
    }

    /// Gives each of the `findings` its edit; none where the field cannot be ignored in the code that is here.
    pub(super) fn settle(self, joiner: &Joiner<'_, 's>, findings: &mut [Finding]) {
        for Block { found, mut fields } in self.by_block.into_values() {
            fields.retain(|field| joiner.ignore(&found, &[field.noted()]).is_some());
            let noted: Vec<_> = fields.iter().map(Field::noted).collect();
            let fix = joiner.ignore(&found, &noted);
            for &finding in fields.iter().flat_map(|field| &field.findings) {
                findings[finding].fix.clone_from(&fix);
            }
        }
    }
}

impl Field {
    fn noted(&self) -> (&Path, Option<&str>) {
        (&self.path, self.marker.as_deref())
    }
}
