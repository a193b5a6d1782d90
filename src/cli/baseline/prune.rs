//! `tautline baseline prune`: what is gone is forgotten, what has moved is written as it looks now.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::{Ground, required, whole};
use crate::cli::trouble::Trouble;
use crate::engine::{Baseline, SYNTAX_ERROR};
use crate::report::plural;
use crate::syntax::Date;

/// Prunes the baseline of `ground`; says what was taken out.
pub(super) fn run(ground: Ground, today: Date) -> Result<String, Trouble> {
    let baseline = required(&ground)?;
    let before = baseline.source.text.to_string();
    let root = ground.workspace.root().to_owned();
    let file = ground.baseline.clone();
    let outcome = whole(ground, Some(baseline), Vec::new(), today)?;
    let broken = outcome.report.diagnostics.iter().find(|it| &*it.rule == SYNTAX_ERROR);
    if let Some(broken) = broken {
        let path = &outcome.sources[broken.span.file.index()].path;
        let message =
            format!("`{path}` is not valid, and what it hides cannot be told from what is gone");
        return Err(Trouble::new(message).help("mend it first; nothing was written"));
    }
    let debt = outcome.debt.unwrap_or_default();
    let after = Baseline::render(&debt.entries);
    let left: usize = debt.entries.iter().map(|entry| entry.count).sum();
    let mut out = String::new();
    let mut gone: BTreeMap<(&str, String), usize> = BTreeMap::new();
    for entry in &debt.gone {
        *gone.entry((&entry.rule, entry.place())).or_default() += entry.count;
    }
    for ((rule, place), count) in &gone {
        let times = if *count > 1 { format!(" ({count} times)") } else { String::new() };
        let _ = writeln!(out, "gone: {rule} {place}{times}");
    }
    let total: usize = gone.values().sum();
    if after == before {
        let _ = writeln!(
            out,
            "nothing to prune in {}: {} left",
            file.path,
            plural(left, "known finding")
        );
        return Ok(out);
    }
    file.write(&root, &after)?;
    let _ =
        writeln!(out, "wrote {}: {total} gone, {} left", file.path, plural(left, "known finding"));
    Ok(out)
}
