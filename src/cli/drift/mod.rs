//! `tautline drift`: what differs between the code, what was last applied and what runs. One file per subcommand.
//!
//! Invariant: every command here comes to a [`Verdict`].
//!
//! The shape of a subcommand's file: `HELP` (examples), its arguments as `pub(in crate::cli)` `Args`, and `run(&args, here)`,
//! with the day where it matters. What it finds out lies in `crate::drift`, how that is printed in `crate::report::drift`.

mod after;
mod choose;
mod format;
mod history;
mod host;
mod inputs;
mod inventory;
mod merge;
mod predict;
mod present;
mod progress;
mod readings;
mod report;
mod run;
mod state;

pub(super) use readings::{plan_files, plans};

use std::path::Path;

use clap::Subcommand;

use super::exit::Exit;
use super::terminal;
use super::trouble::Trouble;
use crate::drift::Verdict;
use crate::syntax::Date;

pub(super) const HELP: &str = "\
A plan in JSON says what was last applied, what runs and what the code wants. From these three
follows who moved, and with the repo at hand also which line it is about. Nothing here plans or
applies, or needs a provider or credentials; only `drift run` starts anything.

Examples:
  terraform -chdir=stacks/dns show -json tfplan > plans/dns.json
  tautline drift report plans                      of each stack: dns.json, dns/tfplan.json
  tautline drift run                               plan every stack, and report that
  tautline drift predict                           what will drift, before anything is planned
  tautline drift state --stack dns --state s.json  a state against the code
  tautline drift inventory --kubectl live.json     what runs in a cluster against the code";

/// What can be done about drift.
#[derive(Debug, Subcommand)]
pub(super) enum DriftCommand {
    /// Say what plans show: what differs, who did it, whether an apply undoes it, and which line to write
    #[command(after_help = with_exits_of_plans(report::HELP))]
    Report(Box<report::ReportArgs>),
    /// Plan the stacks, several at once and each after those it depends on, and report what differs
    #[command(after_help = with_exits_of_plans(run::HELP))]
    Run(Box<run::RunArgs>),
    /// Put the parts together that several workers have measured, and report the whole
    #[command(after_help = with_exits_of_plans(merge::HELP))]
    Merge(Box<merge::MergeArgs>),
    /// Show, import and put right what is known from earlier runs: since when everything has been so
    #[command(after_help = history::HELP)]
    History {
        /// What to do with it.
        #[command(subcommand)]
        command: history::HistoryCommand,
    },
    /// Say what will drift, from the code alone: fields that something else changes and that are not ignored
    #[command(after_help = with_exits(predict::HELP))]
    Predict(predict::PredictArgs),
    /// Say what a state has that the code has not, and the other way round, without providers or credentials
    #[command(after_help = with_exits(state::HELP))]
    State(state::StateArgs),
    /// Hold the live objects of a cluster against the code: what is missing, unmanaged, other than declared, or not trusted
    #[command(after_help = with_exits(inventory::HELP))]
    Inventory(inventory::InventoryArgs),
    /// Hold what was listed on a host against the files that the repo has for it and no apply delivers
    #[command(after_help = with_exits(host::HELP))]
    Host(host::HostArgs),
}

/// Does what `command`, typed in the directory `here`, says, as of `today`.
pub(super) fn run(command: &DriftCommand, here: &Path, today: Date) -> Result<Exit, Trouble> {
    let verdict = match command {
        DriftCommand::Report(args) => report::run(args, here),
        DriftCommand::State(args) => state::run(args, here),
        DriftCommand::Inventory(args) => inventory::run(args, here),
        DriftCommand::Host(args) => host::run(args, here),
        DriftCommand::History { command } => history::run(command, here),
        DriftCommand::Run(args) => run::run(args, here, today),
        DriftCommand::Merge(args) => merge::run(args, here),
        DriftCommand::Predict(args) => predict::run(args, here),
    };
    verdict.map(Exit::Drift)
}

/// Says what went wrong inside of tautline, one line each.
fn complain(failures: &[String]) {
    for failure in failures {
        Trouble::new(failure).complain();
    }
}

/// Prints `text`; what a command comes to that would come to `verdict`.
fn printed(text: &str, verdict: Verdict) -> Verdict {
    if terminal::print_or_complain(text) { verdict } else { Verdict::Error }
}

/// What a command comes to that would come to `verdict`, where `failures` went wrong inside of tautline.
fn where_sound(verdict: Verdict, failures: &[String]) -> Verdict {
    if failures.is_empty() { verdict } else { Verdict::Error }
}

/// A command's `help`, with the codes that it ends with.
/// `help`, and the codes that every command of the group ends with.
fn with_exits(help: &str) -> String {
    ending(help, "wrong arguments, settings or packs")
}

/// The same of a command that makes or reads plans.
fn with_exits_of_plans(help: &str) -> String {
    ending(help, "a stack that could not be planned; wrong arguments, settings or packs too")
}

fn ending(help: &str, error: &str) -> String {
    format!(
        "{help}

Exit codes:
  0  clean: code, state and world agree, or what differs is acknowledged or of no consequence
  2  drift
  1  error: {error}
  3  incomplete: something could not be read, or was not measured"
    )
}
