//! The command line: arguments → a run → output and an exit code.
//!
//! Invariant: the process's arguments, working directory, clock and environment are read in this layer and handed down;
//! nothing below it asks for them.

mod args;
mod baseline;
mod check;
mod comparison;
mod config;
mod docs;
mod doctor;
mod drift;
mod environment;
mod exit;
mod explain;
mod explain_at;
mod fix;
mod format;
mod ground;
mod help;
mod hook;
mod init;
mod manual;
mod nothing;
mod output;
mod packs;
mod progress;
mod rules;
mod slip;
mod stacks;
mod suppressions;
mod terminal;
#[cfg(test)]
mod tests;
mod trouble;
mod unit;
mod unlisted;
mod verbose;

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::{SystemTime, UNIX_EPOCH};

use crate::analysis::learn::Least;
use clap::Parser;

use args::{Cli, Command, RulesCommand};
pub use exit::Exit;
use ground::{Ground, Scope};
use trouble::Trouble;

use crate::rule::guarded;
use crate::syntax::Date;

/// Runs the command that `arguments` (the program's name first) spell.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> Exit {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    let failure = Exit::failure(&arguments);
    let cli = match Cli::try_parse_from(&arguments) {
        Ok(cli) => cli,
        // `--help` and `--version` are errors in clap's eyes; it prints them where they belong.
        Err(error) => {
            let error = slip::tip(error, &arguments);
            let printed = error.print();
            return if error.use_stderr() || printed.is_err_and(|e| !terminal::is_gone(&e)) {
                failure
            } else {
                Exit::Clean
            };
        }
    };
    ended(|| dispatch(&cli.command), failure)
}

/// How `work` ends; with `failure` where it says why it cannot be done, or panics.
fn ended(work: impl FnOnce() -> Result<Exit, Trouble>, failure: Exit) -> Exit {
    guarded(work).map_err(Trouble::new).flatten().unwrap_or_else(|trouble| {
        trouble.complain();
        failure
    })
}

fn dispatch(command: &Command) -> Result<Exit, Trouble> {
    let text = match command {
        Command::Check(args) if args.fixing.watch => {
            let here = here()?;
            let start = Scope::of(args, &here)?.start;
            let config = args.ground.config.iter().map(|file| here.join(file));
            let files = || config.clone().chain(drift::plan_files(&args.plans, &here)).collect();
            let compare = comparison::of(&args.compare, args.facts, &here)?;
            let directories: Vec<_> = args.ground.packs.iter().map(|it| here.join(it)).collect();
            let elsewhere = fix::Elsewhere { directories: &directories, files: &files, compare };
            return Ok(fix::watch(&start, &elsewhere, || check::run(args, &here, today())));
        }
        Command::Check(args) => return Ok(check::run(args, &here()?, today())),
        Command::Config { command } => config::run(command, &here()?)?,
        Command::Init => init::run(&here()?)?,
        Command::Docs { command } => return docs::run(command, &here()?, today()),
        Command::Drift { command } => return drift::run(command, &here()?, today()),
        Command::Doctor => doctor::run(&here()?),
        Command::Suppressions { command } => suppressions::run(command, &here()?, today())?,
        Command::Baseline { command } => baseline::run(command, &here()?, today())?,
        Command::Explain { rule, at: Some(at), ground, .. } => {
            explain_at::run(at, rule.as_deref(), &here()?, ground, today())?
        }
        Command::Explain { rule, at: None, cases, ground } => {
            explain::run(rule.as_deref().unwrap_or_default(), here, ground, *cases)?
        }
        Command::Stacks { affected_by, format } => {
            stacks::run(affected_by.as_deref(), *format, &here()?)?
        }
        Command::Rules { command } => match command {
            RulesCommand::List { wanted, path: Some(path), format, ground } => {
                rules::like(path, wanted.as_deref(), *format, &here()?, ground, today())?
            }
            RulesCommand::List { wanted, path: None, format, ground } => {
                rules::list(&Ground::of(&here()?, ground)?, wanted.as_deref(), *format)?
            }
            RulesCommand::Coverage(args) => return rules::coverage(args, &here()?, today()),
            RulesCommand::Learn { about, share, sites, all, write, pack, dir, format, ground } => {
                let least = Least { sites: *sites as usize, percent: usize::from(*share) };
                let ask = rules::Ask {
                    start: &here()?,
                    least,
                    about: about.as_deref(),
                    all: *all,
                    format: *format,
                    write,
                    pack,
                    dir: dir.as_deref(),
                    ground,
                };
                rules::learn(&ask, today())?
            }
            RulesCommand::New { rule, dir } => rules::new(rule, dir.as_deref(), &here()?)?,
            RulesCommand::Show { rule, format, ground } => {
                rules::show(&Ground::of(&here()?, ground)?, rule, *format)?
            }
            RulesCommand::Mutate { path, rules, verbose, ground } => {
                rules::mutate(&here()?.join(path), rules, ground, *verbose, today())?
            }
            RulesCommand::Test { targets } => return rules::test(targets, &here()?),
        },
        Command::Hook { command } => return hook::run(command, &here()?, today()),
        Command::Lsp => return serve(),
        Command::Completions { shell } => manual::completions(*shell),
        Command::Man { command } => manual::page(command)?,
    };
    Ok(if terminal::print_or_complain(&text) { Exit::Clean } else { Exit::Failed })
}

/// Serves an editor until it has enough.
fn serve() -> Result<Exit, Trouble> {
    let served = crate::lsp::run(&here()?, environment::home().as_deref(), today);
    served
        .map(|()| Exit::Clean)
        .map_err(|error| Trouble::new(format!("the language server ended: {error}")))
}

/// Where the user stands. In a directory that Terragrunt made, that is the unit it was made for.
#[expect(clippy::disallowed_methods, reason = "this is where the working directory is read")]
fn here() -> Result<PathBuf, Trouble> {
    let here = std::env::current_dir()
        .map_err(|error| Trouble::new(format!("the working directory cannot be read: {error}")))?;
    Ok(unit::source_of(here, std::env::var_os(unit::CONTEXT)))
}

/// The day in UTC. A clock before 1970 counts as 1970.
#[expect(clippy::disallowed_methods, reason = "this is where the clock is read")]
fn today() -> Date {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Date::from_unix_seconds(since.as_secs())
}
