//! `tautline docs check`: what documents claim about the code, held against it.
//!
//! Invariant: it is a `check` with the rules about documents, as if it had been typed; what no rule can tell is listed, and
//! never counts as wrong.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};

use super::args::{CheckArgs, GroundArgs, severity};
use super::check;
use super::exit::Exit;
use super::format::CheckFormat;
use super::output::word_of;
use super::trouble::Trouble;
use crate::diagnostic::Severity;
use crate::syntax::Date;

pub(super) const HELP: &str = "\
Examples:
  tautline docs check                        every claim that a rule can hold against the code
  tautline docs check docs/runbooks          those of some documents
  tautline docs check --severity warning     without what is only worth a look
  tautline docs check --unsafe-fixes --diff  what would make the documents right, as a patch
  tautline docs check --format json          for a job that opens issues

The rules are those of the pack `docs`, also the ones that a check leaves out;
`tautline rules list docs` names them. `tautline check --rule docs` takes all options of a check.";

/// The pack whose rules are about documents.
const PACK: &str = "docs";

/// What can be done with documents.
#[derive(Debug, Subcommand)]
pub(super) enum DocsCommand {
    /// Hold what documents say about the code against it: names, schedules, numbers, paths
    #[command(after_help = HELP)]
    Check(DocsArgs),
}

/// The arguments of `docs check`.
#[derive(Args, Debug)]
pub(super) struct DocsArgs {
    /// Report only what is found in these documents and directories
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,

    /// How to print the result
    #[arg(long, value_enum, value_name = "FORMAT")]
    format: Option<CheckFormat>,

    /// Exit with 1 if anything this bad or worse is found
    #[arg(long, default_value = "warning", value_name = "LEVEL", value_parser = severity())]
    fail_on: Severity,

    /// Show only what is this bad or worse; counts and the exit code stay the same
    #[arg(long, default_value = "info", value_name = "LEVEL", value_parser = severity())]
    severity: Severity,

    /// Apply the fixes that keep the meaning, and report what is left
    #[arg(long)]
    fix: bool,

    /// Apply those too that change what is claimed: read the diff
    #[arg(long)]
    unsafe_fixes: bool,

    /// Print what fixes would change as a patch, and change nothing; exit with 1 if there is anything
    #[arg(long)]
    diff: bool,

    /// Where settings and packs come from.
    #[command(flatten)]
    ground: GroundArgs,
}

/// Does what `command` says, typed in the directory `here`.
pub(super) fn run(command: &DocsCommand, here: &Path, today: Date) -> Result<Exit, Trouble> {
    let DocsCommand::Check(args) = command;
    if let Some(path) = args.paths.iter().find(|path| !here.join(path).exists()) {
        return Err(Trouble::new(format!("`{}` does not exist", path.display()))
            .help("name documents, or directories with documents"));
    }
    let (gate, shown) = (args.fail_on.word(), args.severity.word());
    let options = ["--rule", PACK, "--show-unknown", "--fail-on", gate, "--severity", shown];
    let mut typed: Vec<OsString> = options.map(OsString::from).into();
    // What the rules looked at is told to people; the other formats have one line, or one field, for each diagnostic.
    match &args.format {
        None => typed.push("--statistics".into()),
        Some(format) => typed.extend(["--format".into(), word_of(format).into()]),
    }
    // The summary says that they can be typed.
    let fixing =
        [(args.fix, "--fix"), (args.unsafe_fixes, "--unsafe-fixes"), (args.diff, "--diff")];
    typed.extend(fixing.iter().filter(|(is_on, _)| *is_on).map(|(_, flag)| flag.into()));
    let GroundArgs { config, packs } = &args.ground;
    for (option, path) in
        config.iter().map(|it| ("--config", it)).chain(packs.iter().map(|it| ("--packs", it)))
    {
        typed.extend([option.into(), path.into()]);
    }
    typed.push("--".into());
    typed.extend(args.paths.iter().map(OsString::from));
    let check = CheckArgs::typed(typed)
        .map_err(|error| Trouble::new(format!("`docs check` cannot check: {error}")))?;
    Ok(check::run(&check, here, today))
}
