//! What was compared with what, and which stacks the change can reach: as lines of text, and as JSON.

use std::fmt::Write;

use serde::Serialize;

use super::plural;
use crate::diagnostic::{AffectedStack, Comparison, Summary, Way};

/// So many stacks are named in the text; the rest is counted.
const MOST_NAMED: usize = 12;

/// The lines at the end of a text report, where there is something to say.
pub(super) fn lines(summary: &Summary) -> String {
    let mut out = String::new();
    if let Some(comparison) = &summary.comparison {
        let _ = writeln!(
            out,
            "compared with {}: {}, {} changed or added",
            comparison.with,
            differ(comparison.files),
            plural(comparison.changes, "place"),
        );
        let affected = &comparison.affected;
        if !affected.is_empty() {
            let named: Vec<String> = affected.iter().take(MOST_NAMED).map(stack).collect();
            let more = affected.len().saturating_sub(MOST_NAMED);
            let more = if more > 0 { format!(", and {more} more") } else { String::new() };
            let count = plural(affected.len(), "stack");
            let _ = writeln!(out, "{count} affected: {}{more}", named.join(", "));
        }
        if !comparison.removed.is_empty() {
            let _ = writeln!(out, "removed: {}", comparison.removed.join(", "));
        }
    }
    if !summary.needs_base.is_empty() {
        let rules = summary.needs_base.join(", ");
        let _ =
            writeln!(out, "not run, they need something to compare with (`--since REF`): {rules}");
    }
    out
}

fn differ(files: usize) -> String {
    if files == 1 { "1 file differs".to_owned() } else { format!("{files} files differ") }
}

/// A stack, and what it is affected through, where that is not its own directory.
fn stack(affected: &AffectedStack) -> String {
    if affected.because.iter().any(|way| way.kind == "stack") {
        return affected.stack.to_string();
    }
    match affected.because.as_slice() {
        [] => affected.stack.to_string(),
        [way] => format!("{} (`{}`)", affected.stack, way.path),
        [way, rest @ ..] => format!("{} (`{}` and {} more)", affected.stack, way.path, rest.len()),
    }
}

/// What JSON says about the comparison.
#[derive(Serialize)]
pub(super) struct Entry<'a> {
    with: &'a str,
    commit: Option<&'a str>,
    files: usize,
    changes: usize,
    affected: Vec<AffectedEntry<'a>>,
    removed: &'a [String],
}

/// What JSON says about an affected stack, here and in the list of stacks.
#[derive(Serialize)]
pub struct AffectedEntry<'a> {
    stack: &'a str,
    directory: &'a str,
    because: Vec<WayEntry<'a>>,
}

#[derive(Serialize)]
struct WayEntry<'a> {
    kind: &'a str,
    path: &'a str,
}

impl<'a> Entry<'a> {
    pub(super) fn of(comparison: &'a Comparison) -> Entry<'a> {
        Entry {
            with: &comparison.with,
            commit: comparison.commit.as_deref(),
            files: comparison.files,
            changes: comparison.changes,
            affected: comparison.affected.iter().map(AffectedEntry::of).collect(),
            removed: &comparison.removed,
        }
    }
}

impl<'a> AffectedEntry<'a> {
    /// The entry for `affected`.
    pub fn of(affected: &'a AffectedStack) -> Self {
        let way = |way: &'a Way| WayEntry { kind: way.kind, path: &way.path };
        let because = affected.because.iter().map(way).collect();
        AffectedEntry { stack: &affected.stack, directory: &affected.directory, because }
    }
}
