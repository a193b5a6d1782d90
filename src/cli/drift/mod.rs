//! `tautline drift`: what differs between the code, what was last applied and what runs. One file per subcommand.
//!
//! Invariant: every command here ends with one of the codes of [`DriftExit`](super::exit::DriftExit).
//!
//! The shape of a subcommand's file: `HELP` (examples), its arguments as `pub(in crate::cli)` `Args`, and `run(&args, here,
//! today)`. What it finds out lies in `crate::drift`, how that is printed in `crate::report::drift`.

mod format;
mod inputs;
mod report;

use std::path::Path;

use clap::Subcommand;

use super::exit::Exit;
use super::trouble::Trouble;
use crate::syntax::Date;

pub(super) const HELP: &str = "\
A plan in JSON says what was last applied, what runs and what the code wants. From these three
follows who moved, and with the repo at hand also which line it is about. Nothing here plans or
applies, or needs a provider or credentials; only `drift run` starts anything.

Examples:
  terragrunt plan -out=p && terragrunt show -json p > plans/dns.json
  tautline drift report plans                      what they show";

/// What every command of the group ends with.
const EXITS: &str = "\
Exit codes:
  0  clean: code, state and world agree, or what differs is acknowledged or of no consequence
  2  drift
  1  error: a stack that could not be planned; wrong arguments, settings or packs too
  3  incomplete: something could not be read, or was not measured";

/// What can be done about drift.
#[derive(Debug, Subcommand)]
pub(super) enum DriftCommand {
    /// Say what plans show: what differs, who did it, whether an apply undoes it, and which line to write
    #[command(after_help = with_exits(report::HELP))]
    Report(Box<report::ReportArgs>),
}

/// Does what `command`, typed in the directory `here`, says, as of `today`.
pub(super) fn run(command: &DriftCommand, here: &Path, today: Date) -> Result<Exit, Trouble> {
    match command {
        DriftCommand::Report(args) => report::run(args, here, today),
    }
}

/// A command's `help`, with the codes that it ends with.
fn with_exits(help: &str) -> String {
    format!("{help}\n\n{EXITS}")
}
