//! `check --verbose`: what a run loaded and why, which packs are on, and which rules it could not run.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::analysis::Why;
use crate::diagnostic::{PackRun, Summary};
use crate::report::{self, harmless, plural};

/// What was loaded: `files` of the whole repo, or those in `why`, each with its reason.
pub(super) fn loaded(files: usize, why: Option<&BTreeMap<Box<str>, Why>>) -> String {
    let Some(why) = why else {
        return format!("loaded {}: the whole repo\n", plural(files, "file"));
    };
    let mut out = format!("loaded {}:\n", plural(why.len(), "file"));
    let widest = why.keys().map(|path| path.chars().count()).max().unwrap_or(0);
    for (path, reason) in why {
        let reason = reason.to_string();
        let _ = writeln!(out, "  {:widest$}  {}", harmless(path), harmless(&reason));
    }
    out
}

/// The packs that are on, and why. The tool's own always is, and nobody counts it.
pub(super) fn packs(packs: &[PackRun]) -> String {
    let is_other = |pack: &&PackRun| &*pack.name != env!("CARGO_PKG_NAME");
    let packs: Vec<&PackRun> = packs.iter().filter(is_other).collect();
    let widest = packs.iter().map(|pack| pack.name.len()).max().unwrap_or(0);
    let mut out = format!("{} on:\n", plural(packs.len(), "pack"));
    for PackRun { name, evidence } in packs {
        let _ = writeln!(out, "  {name:widest$}  {}", harmless(evidence));
    }
    out
}

/// The rules that were not run for want of something.
pub(super) fn not_run(summary: &Summary) -> String {
    let not_run = &summary.not_run;
    if not_run.is_empty() {
        return String::new();
    }
    let mut out =
        format!("{} did not run, {}:\n", plural(not_run.len(), "rule"), report::lack(summary));
    for rule in not_run {
        let _ = writeln!(out, "  {rule}");
    }
    out
}
