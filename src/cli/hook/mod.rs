//! `tautline hook …`: checks where work is done, in the wrapper around Terragrunt and in git's hooks.
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
pub(super) use git::{HOOK as INSTALLED, MESSAGE_HOOK as INSTALLED_FOR_MESSAGES};
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
        HookCommand::Install { commit_msg: false } => git::install(git::PRE_COMMIT, here)?,
        HookCommand::Install { commit_msg: true } => git::install(git::COMMIT_MSG, here)?,
        HookCommand::Uninstall { commit_msg: true } => git::uninstall(&[git::COMMIT_MSG], here)?,
        HookCommand::Uninstall { commit_msg: false } => {
            git::uninstall(&[git::PRE_COMMIT, git::COMMIT_MSG], here)?
        }
    };
    Ok(if terminal::print_or_complain(&text) { Exit::Clean } else { Exit::Failed })
}
