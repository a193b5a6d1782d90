//! `tautline baseline show`: the burn-down.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::Serialize;

use super::{Ground, required, whole};
use crate::cli::args::ListFormat;
use crate::cli::trouble::Trouble;
use crate::engine::Entry;
use crate::report::{harmless, json_line, plural};
use crate::syntax::Date;

/// The burn-down, version 1; fields are only ever added.
#[derive(Serialize)]
struct Document<'a> {
    version: u32,
    path: &'a str,
    total: usize,
    gone: usize,
    rules: Vec<Part<'a>>,
    stacks: Vec<Part<'a>>,
}

/// The share of one rule or stack.
#[derive(Serialize, Default)]
struct Part<'a> {
    /// Null for what lies in no stack.
    name: Option<&'a str>,
    total: usize,
    gone: usize,
}

/// Shows the baseline of `ground`.
pub(super) fn run(ground: Ground, format: ListFormat, today: Date) -> Result<String, Trouble> {
    let baseline = required(&ground)?;
    let outcome = whole(ground, Some(baseline.clone()), Vec::new(), today)?;
    let gone = outcome.debt.map(|debt| debt.gone).unwrap_or_default();
    let (entries, sum) =
        (&baseline.entries, |entries: &[Entry]| entries.iter().map(|it| it.count).sum());
    let document = Document {
        version: 1,
        path: &baseline.source.path,
        total: sum(entries),
        gone: sum(&gone),
        rules: parts(entries, &gone, |entry| Some(&entry.rule)),
        stacks: parts(entries, &gone, |entry| entry.stack.as_deref()),
    };
    Ok(match format {
        ListFormat::Text => text(&document),
        ListFormat::Json => json_line(&document),
    })
}

/// The shares by `name`, the largest first.
fn parts<'a>(
    entries: &'a [Entry],
    gone: &'a [Entry],
    name: impl Fn(&'a Entry) -> Option<&'a str>,
) -> Vec<Part<'a>> {
    let mut parts: BTreeMap<Option<&str>, Part<'_>> = BTreeMap::new();
    for entry in entries {
        parts.entry(name(entry)).or_default().total += entry.count;
    }
    for entry in gone {
        parts.entry(name(entry)).or_default().gone += entry.count;
    }
    let named = parts.into_iter().map(|(name, part)| Part { name, ..part });
    let mut parts: Vec<Part<'_>> = named.collect();
    parts.sort_by(|a, b| b.total.cmp(&a.total).then(a.name.cmp(&b.name)));
    parts
}

fn text(document: &Document<'_>) -> String {
    let Document { path, total, gone, .. } = document;
    let mut out = format!("{path}: {}, {gone} of them gone\n", plural(*total, "known finding"));
    for (title, parts) in [("rule", &document.rules), ("stack", &document.stacks)] {
        if parts.is_empty() {
            continue;
        }
        let shown = |part: &Part<'_>| harmless(part.name.unwrap_or("(no stack)")).into_owned();
        let widest = parts.iter().map(|part| shown(part).len()).max().unwrap_or(0).max(title.len());
        let _ = writeln!(out, "\n{title:widest$}  {:>5}  {:>5}", "total", "gone");
        for part in parts {
            let _ = writeln!(out, "{:widest$}  {:>5}  {:>5}", shown(part), part.total, part.gone);
        }
    }
    if *gone > 0 {
        out.push_str("\n`tautline baseline prune` takes out what is gone\n");
    }
    out
}
