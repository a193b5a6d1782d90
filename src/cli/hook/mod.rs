//! `tautline hook …`: checks where work is done, in the wrapper around Terragrunt and in git's pre-commit.
//!
//! Invariant: what belongs to someone else is never replaced. A wrapper gets three lines more, and a hook of git's that is
//! there already is left alone.

mod args;
mod called;
mod derived;
mod diff;
mod git;
mod guard;
mod run;
mod tg;
mod wrapper;

use std::path::Path;

pub(super) use args::{HELP, HookCommand};
pub(super) use wrapper::is_wrapper;

#[cfg(test)]
pub(super) use git::HOOK as INSTALLED;
#[cfg(test)]
pub(super) use wrapper::LINES as WRAPPER_LINES;

use super::exit::Exit;
use super::terminal;
use super::trouble::Trouble;
use crate::syntax::Date;

/// Runs `command`, typed in the directory `here`.
pub(super) fn run(command: &HookCommand, here: &Path, today: Date) -> Result<Exit, Trouble> {
    let text = match command {
        HookCommand::Run(args) => return run::run(args, here, today),
        HookCommand::Tg { file, write } => tg::tg(file.as_deref(), *write)?,
        HookCommand::Install => git::install(here)?,
        HookCommand::Uninstall => git::uninstall(here)?,
    };
    Ok(if terminal::print_or_complain(&text) { Exit::Clean } else { Exit::Failed })
}
