//! `tautline baseline create`: what is found now is known from now on.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::{Ground, whole_of};
use crate::analysis::Outcome;
use crate::cli::nothing::Nothing;
use crate::cli::trouble::Trouble;
use crate::engine::{Baseline, Entry, SYNTAX_ERROR, identity};
use crate::report::plural;
use crate::syntax::Date;
use crate::workspace::Skip;

/// Records what `rules`, or else all that are on, find in `ground`; says what was written.
pub(super) fn run(
    ground: Ground,
    rules: &[String],
    force: bool,
    today: Date,
) -> Result<String, Trouble> {
    let kept = kept(&ground, rules, force)?;
    let locked: BTreeSet<String> = ground
        .rules
        .rules
        .iter()
        .filter(|rule| rule.locked)
        .map(|rule| rule.id.to_string())
        .collect();
    let root = ground.workspace.root().to_owned();
    let file = ground.baseline.clone();
    let files = ground.workspace.load()?;
    let nothing = Nothing::of(&ground.workspace, &files, &[], false);
    let outcome = whole_of(files, ground, None, rules.to_vec(), today)?;
    let has_looked = || outcome.report.summary.rules.iter().any(|rule| rule.sites > 0);
    if let Some(it) = nothing.filter(|it| it.is_sure || !has_looked()) {
        return Err(it.trouble);
    }
    if outcome.report.summary.files.skipped.contains_key(Skip::LeftOut.word()) {
        let message =
            "this sparse checkout leaves files out, and what is wrong in them would not be known";
        return Err(Trouble::new(message)
            .help("`git sparse-checkout disable` brings them back; nothing was written"));
    }
    let is_locked = |entry: &&Entry| locked.contains(&entry.rule);
    let found = entries(&outcome);
    let left_out = found.iter().filter(is_locked).count();
    let broken: BTreeSet<String> =
        found.iter().filter(|it| it.rule == SYNTAX_ERROR).map(|it| it.path.clone()).collect();
    let mut entries: Vec<Entry> = found.into_iter().filter(|it| !is_locked(&it)).collect();
    let (count, of_others) = (entries.len(), kept.iter().map(|entry| entry.count).sum());
    entries.extend(kept);
    file.write(&root, &Baseline::render(&entries))?;
    Ok(said(&file.path, count, of_others, left_out) + &hidden(&broken))
}

/// The entries that stay: those of rules that were not asked for.
fn kept(ground: &Ground, rules: &[String], force: bool) -> Result<Vec<Entry>, Trouble> {
    let path = &ground.baseline.path;
    if !ground.baseline.exists() {
        return Ok(Vec::new());
    }
    if rules.is_empty() {
        return if force {
            Ok(Vec::new())
        } else {
            Err(Trouble::new(format!("`{path}` is there already, nothing was written")).help(
                "`tautline baseline prune` takes out what is gone; `--force` records everything anew, \
                 what is new included; `--rule RULE` adds what one rule finds",
            ))
        };
    }
    let entries = ground.baseline.read()?.map(|it| it.entries).unwrap_or_default();
    let is_asked_for = |entry: &Entry| {
        let pack = entry.rule.split('/').next().unwrap_or_default();
        rules.iter().any(|rule| *rule == entry.rule || rule == pack)
    };
    if let (false, Some(entry)) = (force, entries.iter().find(|entry| is_asked_for(entry))) {
        let message =
            format!("`{path}` has entries of `{}` already, nothing was written", entry.rule);
        return Err(
            Trouble::new(message).help("`--force` records what it finds now in their place")
        );
    }
    Ok(entries.into_iter().filter(|entry| !is_asked_for(entry)).collect())
}

/// An entry for everything that was found.
fn entries(outcome: &Outcome) -> Vec<Entry> {
    let found = outcome.report.diagnostics.iter();
    found
        .map(|it| {
            let source = &outcome.sources[it.span.file.index()];
            Entry::new(&it.rule, it.stack.as_deref(), &source.path, identity(source, it))
        })
        .collect()
}

fn said(path: &str, count: usize, of_others: usize, left_out: usize) -> String {
    let mut out = format!("wrote {path}: {}", plural(count, "known finding"));
    if of_others > 0 {
        let _ = write!(out, ", and {of_others} of other rules as before");
    }
    out.push('\n');
    if left_out > 0 {
        let _ = writeln!(
            out,
            "{} of the pack tautline not recorded: broken files and control comments are never known",
            plural(left_out, "finding")
        );
    }
    out.push_str("commit the file; `tautline check` reports only what is new from now on\n");
    out
}

/// What is not recorded because files are not valid.
fn hidden(broken: &BTreeSet<String>) -> String {
    let Some(first) = broken.first() else { return String::new() };
    let (more, hide) = match broken.len() - 1 {
        0 => (String::new(), "is not valid, and what it hides is"),
        more => (format!(" and {more} more"), "are not valid, and what they hide is"),
    };
    format!("`{first}`{more} {hide} not recorded: mend it first, and record again with `--force`\n")
}
