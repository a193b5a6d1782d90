//! `tautline drift predict`: what will drift, from the code alone.

use std::path::Path;

use clap::Args;

use super::super::args::{ListFormat, RepoArgs};
use super::super::trouble::Trouble;
use super::{complain, printed};
use crate::analysis::{self, Examined};
use crate::drift::Verdict;
use crate::report::drift::predict::{self as shown, ForecastView};
use crate::syntax::Format;

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
    /// Only this stack; repeat it for more, or write commas
    #[arg(long = "stack", value_name = "NAME", value_delimiter = ',')]
    stacks: Vec<String>,

    /// List in full what is harmless and what cannot be told
    #[arg(long)]
    all: bool,

    /// How to print it
    #[arg(long, value_enum, default_value = "text", value_name = "FORMAT")]
    format: ListFormat,

    /// Which repo.
    #[command(flatten)]
    repo: RepoArgs,
}

/// Predicts what `args`, typed in the directory `here`, ask for.
pub(super) fn run(args: &PredictArgs, here: &Path) -> Result<Verdict, Trouble> {
    let ground = args.repo.ground(here)?;
    let files = ground.workspace.load()?;
    if !files.files.iter().any(|file| Format::of(&file.path).is_terraform_or_unit()) {
        // Nothing drifts in an empty directory, and a night in the wrong one would look clean.
        return Err(Trouble::new("there is nothing to foresee: no stack has Terraform files").help(
            "run it in the repo, or name that with `--repo DIR`; `tautline stacks` lists what it sees",
        ));
    }
    let foreseen = analysis::predict(files, &ground.settings, &ground.rules, &args.stacks)?;
    let Examined { sources, report: forecast, failures, .. } = &foreseen;
    let has_failures = !failures.is_empty();
    let view = ForecastView { forecast, sources, is_full: args.all, has_failures };
    let text = match args.format {
        ListFormat::Text => shown::text(&view),
        ListFormat::Json => shown::json(&view),
    };
    complain(failures);
    Ok(printed(&text, view.verdict()))
}
