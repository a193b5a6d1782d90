//! `tautline drift merge`: the parts that workers measured → one report.
//!
//! Invariant: what is missing is named, and makes the report incomplete.

use std::path::{Path, PathBuf};

use clap::Args;

use super::super::args::RepoArgs;
use super::super::terminal;
use super::super::trouble::Trouble;
use super::after::AfterArgs;
use super::format::OutputArgs;
use super::present::present;
use crate::drift::Verdict;
use crate::report::plural;
use crate::runner::{self, Loaded, Results};

pub(super) const HELP: &str = "\
Each directory holds the results of one `tautline drift run --shard 1/3`. The whole is written
to --into, where the next run finds how long each stack takes, and reported. Shards that are
missing, stacks that no part has measured and parts that planned different commits are named.

Examples:
  tautline drift merge part-1 part-2 part-3 --into results
  tautline drift merge artifacts/* --into results --format markdown
  tautline drift run --shard 1/3 --durations results       the next night, better divided";

/// The arguments of `drift merge`.
#[derive(Args, Debug)]
pub(in crate::cli) struct MergeArgs {
    /// Directories with results
    #[arg(value_name = "DIR", required = true)]
    parts: Vec<PathBuf>,

    /// Where the whole is written
    #[arg(long, value_name = "DIR")]
    into: PathBuf,

    /// Which repo.
    #[command(flatten)]
    repo: RepoArgs,

    /// How the report is handed out.
    #[command(flatten)]
    output: OutputArgs,

    /// What follows.
    #[command(flatten)]
    after: AfterArgs,
}

/// Puts the parts that `args`, typed in the directory `here`, name together, and reports the whole.
pub(super) fn run(args: &MergeArgs, here: &Path) -> Result<Verdict, Trouble> {
    args.output.prepare()?;
    let after = args.after.prepare(here)?;
    let mut parts: Vec<(String, Loaded)> = Vec::with_capacity(args.parts.len());
    for part in &args.parts {
        let loaded = runner::load(&here.join(part)).map_err(|error| {
            Trouble::new(error.to_string()).help("name directories that `drift run` has filled")
        })?;
        parts.push((part.display().to_string(), loaded));
    }
    let merged = runner::merge(&parts);
    let into = here.join(&args.into);
    let written = || {
        let results = Results::create(&into, &merged.manifest)?;
        merged.kept.iter().try_for_each(|kept| results.keep(kept)).map(|()| results)
    };
    let _results = written().map_err(|error| {
        Trouble::new(error.to_string()).help("name a directory that is empty or not there yet")
    })?;
    for note in merged.manifest.notes.iter().chain(&merged.lacking) {
        terminal::note(note);
    }
    let stacks = plural(merged.kept.len(), "stack");
    terminal::note(&format!("{stacks} measured, by {}", plural(parts.len(), "part")));
    let loaded = Loaded::new(&into, merged.manifest, merged.kept);
    present(&loaded, here, &args.repo, &args.output, &after)
}
