//! `tautline drift predict`: what will drift, from the code alone.

use std::path::Path;

use clap::{Args, ValueEnum};

use super::super::args::RepoArgs;
use super::super::exit::{DriftExit, Exit};
use super::super::terminal;
use super::super::trouble::Trouble;
use crate::analysis::{self, Foreseen};
use crate::report::drift::predict::{self as shown, ForecastView};

pub(super) const HELP: &str = "\
A field drifts if something that is known to change it does so here (rules/mutators, and the
files of the same kind in `pack_dirs`), and `ignore_changes` does not cover it. What only happens
when somebody does something is not predicted, and what cannot be told is listed as such.
Entries of `ignore_changes` that do nothing, or hide what must be seen, are listed too.

Examples:
  tautline drift predict                           the whole repo
  tautline drift predict --stack dns               one stack; repeat it for more
  tautline drift predict --all                     everything, what is harmless or idle too
  tautline drift predict --format json | jq '.drifts[] | select(.replaces)'";

/// The arguments of `drift predict`.
#[derive(Args, Debug)]
pub(in crate::cli) struct PredictArgs {
    /// Only this stack; repeat it for more
    #[arg(long = "stack", value_name = "NAME")]
    stacks: Vec<String>,

    /// List in full what is harmless and what cannot be told
    #[arg(long)]
    all: bool,

    /// How to print it
    #[arg(long, value_enum, default_value = "text", value_name = "FORMAT")]
    format: PredictFormat,

    /// Which repo.
    #[command(flatten)]
    repo: RepoArgs,
}

/// How a forecast is printed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
enum PredictFormat {
    /// For people: by who changes it
    Text,
    /// For programs
    Json,
}

/// Predicts what `args`, typed in the directory `here`, ask for.
pub(super) fn run(args: &PredictArgs, here: &Path) -> Result<Exit, Trouble> {
    let ground = args.repo.ground(here)?;
    let files = ground.workspace.load()?;
    let foreseen = analysis::predict(files, &ground.settings, &ground.rules, &args.stacks);
    let Foreseen { sources, forecast, missing, failures } = &foreseen;
    if let Some((stack, help)) = missing.first() {
        return Err(Trouble::new(format!("there is no stack `{stack}`")).help(help.clone()));
    }
    let is_partial = !failures.is_empty();
    let view = ForecastView { forecast, sources, is_full: args.all, is_partial };
    let text = match args.format {
        PredictFormat::Text => shown::text(&view),
        PredictFormat::Json => shown::json(&view),
    };
    for failure in failures {
        Trouble::new(failure).complain();
    }
    let is_printed = terminal::print_or_complain(&text);
    Ok(if is_printed { view.verdict().into() } else { Exit::Drift(DriftExit::Error) })
}
