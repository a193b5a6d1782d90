//! `tautline baseline`: the debt of a repo, in a file beside its settings.
//!
//! Invariant: entries are added by `create` alone, and only where somebody asked for it; whatever else is written holds less
//! debt than before.

mod create;
mod file;
mod prune;
mod show;

use std::path::Path;
use std::sync::Arc;

use clap::Subcommand;

pub(super) use file::BaselineFile;

use super::args::{GroundArgs, ListFormat};
use super::ground::Ground;
use super::trouble::Trouble;
use crate::analysis::{self, Input, Outcome, Request};
use crate::diagnostic::Failure;
use crate::engine::Baseline;
use crate::syntax::Date;
use crate::workspace::FileSet;

pub(super) const HELP: &str = "\
`tautline check` honours the baseline wherever there is one: what it knows is counted and does not
gate. Files and blocks may be moved, renamed and indented anew; a second finding beside a known
one is new. docs/baseline.md says how findings are recognised.

Examples:
  tautline baseline create                 record what is found today, before adopting tautline
  tautline check                           from now on only what is new gates
  tautline baseline show                   how much is left, by rule and by stack
  tautline baseline prune                  forget what has been mended
  tautline baseline create --rule image    those of a pack that was just switched on
  tautline check --no-baseline             everything that is wrong, old and new";

const CREATE_HELP: &str = "\
Whatever `tautline check` reports in the whole repo is recorded, whatever its severity. What is
said about broken files and control comments is not: that is never known debt.

Examples:
  tautline baseline create                 a new file
  tautline baseline create --force         in the place of the one that is there
  tautline baseline create --rule image    only for these rules; entries of others stay as they are";

const PRUNE_HELP: &str = "\
Nothing is ever added. Entries that were found at another place are written as they look now.
Exit code 0 whether or not something was gone; `tautline check` reports what could be pruned as
tautline/stale-baseline.

Examples:
  tautline baseline prune
  git diff tautline.baseline.jsonl         what it took out";

const SHOW_HELP: &str = "\
Examples:
  tautline baseline show                   how much is left, by rule and by stack
  tautline baseline show --format json | jq .total";

/// What can be done with the baseline.
#[derive(Debug, Subcommand)]
pub(super) enum BaselineCommand {
    /// Record everything that is found now as known
    #[command(after_help = CREATE_HELP)]
    Create {
        /// Replace entries that are there already
        #[arg(long)]
        force: bool,
        /// Record only what this rule, or the rules of this pack, find; repeat it for more, or write commas
        #[arg(long = "rule", value_name = "RULE", value_delimiter = ',')]
        rules: Vec<String>,
        /// Where settings and packs come from.
        #[command(flatten)]
        ground: GroundArgs,
    },
    /// Take out what is gone, and bring what has moved up to date
    #[command(after_help = PRUNE_HELP)]
    Prune {
        /// Where settings and packs come from.
        #[command(flatten)]
        ground: GroundArgs,
    },
    /// Show the burn-down: how much is known and how much of it is gone, by rule and by stack
    #[command(after_help = SHOW_HELP)]
    Show {
        /// How to print it
        #[arg(long, value_enum, default_value = "text", value_name = "FORMAT")]
        format: ListFormat,
        /// Where settings and packs come from.
        #[command(flatten)]
        ground: GroundArgs,
    },
}

/// Does what `command`, typed in the directory `here`, says; gives what there is to print.
pub(super) fn run(command: &BaselineCommand, here: &Path, today: Date) -> Result<String, Trouble> {
    match command {
        BaselineCommand::Create { force, rules, ground } => {
            create::run(Ground::of(here, ground)?, rules, *force, today)
        }
        BaselineCommand::Prune { ground } => prune::run(Ground::of(here, ground)?, today),
        BaselineCommand::Show { format, ground } => {
            show::run(Ground::of(here, ground)?, *format, today)
        }
    }
}

/// Checks the whole repo, by `rules` or else by all that are on. A run that could not do all its work is an error: what it
/// did not see must not look mended.
fn whole(
    ground: Ground,
    baseline: Option<Baseline>,
    rules: Vec<String>,
    today: Date,
) -> Result<Outcome, Trouble> {
    let files = ground.workspace.load()?;
    whole_of(files, ground, baseline, rules, today)
}

/// The same, where its `files` are at hand.
fn whole_of(
    files: FileSet,
    ground: Ground,
    baseline: Option<Baseline>,
    rules: Vec<String>,
    today: Date,
) -> Result<Outcome, Trouble> {
    let request = Request { rules, baseline: baseline.map(Arc::new), ..Request::default() };
    let wanted = analysis::wanted_past(&ground.rules, &files);
    let Ground { workspace, settings, rules, .. } = ground;
    let past = || workspace.past(&wanted);
    let input = Input { files, settings, rules, today };
    let outcome = analysis::check_with_past(input, past, &request)?;
    match outcome.report.failures.first() {
        Some(Failure { subject, message }) => {
            let about = subject.as_ref().map_or_else(String::new, |it| format!("{it}: "));
            Err(Trouble::new(format!("{about}{message}"))
                .help("`tautline check` shows all that failed; nothing was written"))
        }
        None => Ok(outcome),
    }
}

/// The baseline, which has to be there.
fn required(ground: &Ground) -> Result<Baseline, Trouble> {
    ground.baseline.read()?.ok_or_else(|| {
        Trouble::new(format!("there is no baseline `{}`", ground.baseline.path))
            .help("`tautline baseline create` records what is found now")
    })
}
