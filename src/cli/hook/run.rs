//! `tautline hook run -- ARGS`: what a wrapper around Terragrunt calls before it does its work.
//!
//! Invariant: nothing is let through by accident. What plans, applies, destroys or refreshes goes on after a check that found
//! nothing at the gate, or with a reason that was logged.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use super::args::RunArgs;
use super::called::{Called, called};
use crate::cli::args::CheckArgs;
use crate::cli::check;
use crate::cli::exit::Exit;
use crate::cli::output::word_of;
use crate::cli::terminal;
use crate::cli::trouble::Trouble;
use crate::cli::unit;
use crate::report::harmless;
use crate::runner::HOOK_REFUSES;
use crate::syntax::Date;

/// The variable whose value is the reason to go on without a check.
const SKIP: &str = "TAUTLINE_SKIP";

/// The variables in which Terragrunt takes its working directory.
pub(super) const DIRECTORIES: [&str; 2] = ["TG_WORKING_DIR", "TERRAGRUNT_WORKING_DIR"];

const RULE: &str =
    "================================================================================";

/// Checks what `args` are about to do, from the directory `here`.
pub(super) fn run(args: &RunArgs, here: &Path, today: Date) -> Result<Exit, Trouble> {
    let Some(Called { command, directory }) = called(&args.words) else { return Ok(Exit::Clean) };
    let given = directory.or_else(|| {
        let mut set = DIRECTORIES.iter().filter_map(std::env::var_os);
        set.find(|value| !value.is_empty()).map(PathBuf::from)
    });
    let place = given.map_or_else(|| here.to_owned(), |directory| here.join(directory));
    let place = unit::above_cache(&place).unwrap_or(&place);
    let shown = place.display().to_string();
    let what = format!("`{command}` in `{}`", harmless(&shown));
    if let Some(reason) = std::env::var_os(SKIP) {
        if let Some(reason) = said(&reason) {
            let reason = harmless(&reason);
            terminal::complain(&format!("tautline: skipped before {what}: {reason}\n"));
            return Ok(Exit::Clean);
        }
        terminal::complain(&format!("tautline: {SKIP} gives no reason, so nothing is skipped\n"));
    }
    let exit = match check::before_work(&arguments(args)?, place, today) {
        // A directory that is about to be planned and has nothing in it is the wrong one.
        Exit::NothingToCheck => Exit::Failed,
        exit => exit,
    };
    let way_out =
        format!("in an emergency, `{SKIP}=\"why\"` in front of the command goes on without");
    match exit {
        Exit::Clean => {}
        Exit::Gated => terminal::complain(&format!(
            "tautline: {what} {HOOK_REFUSES} by what is reported above\n  help: mend it; {way_out}\n"
        )),
        Exit::Failed | Exit::NothingToCheck | Exit::Drift(_) => terminal::complain(&format!(
            "{RULE}\ntautline: {what} {HOOK_REFUSES} because it COULD NOT BE CHECKED\n\
             That is no finding: whether it is sound is not known. The error above says what to do.\n  \
             help: {way_out}\n{RULE}\n"
        )),
    }
    Ok(exit)
}

/// The reason that the variable gives, if it gives one.
fn said(value: &OsStr) -> Option<String> {
    let reason = value.to_string_lossy().trim().to_owned();
    (!reason.is_empty()).then_some(reason)
}

/// The check that is made, as if it had been typed: whatever `tautline check` heeds without being told, this does too.
fn arguments(args: &RunArgs) -> Result<CheckArgs, Trouble> {
    let (facts, level) = (word_of(&args.facts), args.fail_on.word());
    let typed = ["--quiet", "--require-config", "--format", "text", "--facts", &facts];
    let levels = ["--fail-on", level, "--severity", level];
    CheckArgs::typed(typed.iter().chain(&levels).map(OsString::from).collect())
        .map_err(|error| Trouble::new(format!("`hook run` cannot check: {error}")))
}
