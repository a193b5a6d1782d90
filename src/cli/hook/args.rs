//! What can be typed after `tautline hook`.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, Subcommand};

use crate::cli::args::{FactsArg, severity};
use crate::diagnostic::Severity;

pub(in crate::cli) const HELP: &str = "\
Examples:
  tautline hook tg                          the three lines that a wrapper needs
  tautline hook tg --file scripts/tg        where they go, as a patch
  tautline hook tg --file scripts/tg --write
  tautline hook run -- \"$@\"                 what the lines call
  tautline hook install                     `tautline check --staged` before every commit
  tautline hook install --commit-msg        `tautline check --message` for every commit";

const RUN_HELP: &str = "\
Checks what `tautline check` would check in the same place, if ARGS plan, apply, destroy or refresh;
anything else (init, output, state list, …) is let through without a look. `-chdir`,
`--working-dir`, `run --all` and `run-all` are understood. There must be a tautline.hcl that says
which packs are on, and a file of Terraform or Terragrunt that is read. What may plan or apply is
checked in doubt.

TAUTLINE_SKIP=\"reason\" in the environment goes on without a check and logs the reason; an empty
one does not.

Examples:
  tautline hook run -- \"$@\" >&2 || exit $?
  tautline hook run --facts stack -- --working-dir stacks/dns plan
  TAUTLINE_SKIP=\"nightly drift run\" scripts/tg plan

Exit codes:
  0  go on
  1  the check found something at or above --fail-on
  2  the check could not be made: nothing is known about the stack";

const TG_HELP: &str = "\
The lines go behind the checkers (`…check….py`) that the wrapper calls, or else in front of the
statement that starts Terragrunt with the wrapper's arguments, with the words that it gets. Every
such start has its check; what may start it otherwise is named. Nothing else of the wrapper
changes, one that has the lines is left as it is, and where no line can be added soundly, the error
says what to write by hand.

Examples:
  tautline hook tg --file scripts/tg                show it
  tautline hook tg --file scripts/tg | git apply    do it, at the top of the work tree
  tautline hook tg --file scripts/tg --write        or like this";

const INSTALL_HELP: &str = "\
Written where git looks for it: `core.hooksPath` counts, and the work trees of a repo share it. A
hook that is there already is never touched; the error says which line to add to it. Where the root
of the directory it is typed in lies below the top of the work tree, the hook names it.

With --commit-msg it is git's hook commit-msg: before the commit is made, its message is judged by
the rules about commits, and by no others. Comments and what stands below the scissors are left out
as git leaves them out (core.commentChar, commit.cleanup). Exit codes are those of `check`: 1 stops
the commit for what is found at --fail-on, 2 because it could not be judged.

Examples:
  tautline hook install
  tautline hook install --commit-msg
  git commit --no-verify                            goes on without, as with every hook";

const UNINSTALL_HELP: &str = "\
A hook that is not of `tautline hook install` is left as it is.

Examples:
  tautline hook uninstall                           the hooks that `install` wrote
  tautline hook uninstall --commit-msg              only the one for messages";

/// What can be done with hooks.
#[derive(Debug, Subcommand)]
pub(in crate::cli) enum HookCommand {
    /// Check before Terragrunt plans, applies, destroys or refreshes: for wrappers and Terragrunt's `before_hook`
    #[command(after_help = RUN_HELP)]
    Run(RunArgs),
    /// Print the lines that put the check into a wrapper around Terragrunt, or write them into it
    #[command(after_help = TG_HELP)]
    Tg {
        /// The wrapper: print a patch for it
        #[arg(long, value_name = "FILE")]
        file: Option<PathBuf>,
        /// Write the lines into the wrapper
        #[arg(long, requires = "file")]
        write: bool,
    },
    /// Write git's pre-commit hook, which checks what is about to be committed; or commit-msg, which checks the message
    #[command(after_help = INSTALL_HELP)]
    Install {
        /// Write the hook that checks the message of a commit
        #[arg(long)]
        commit_msg: bool,
    },
    /// Take away what `install` wrote
    #[command(after_help = UNINSTALL_HELP)]
    Uninstall {
        /// Only the hook that checks messages
        #[arg(long)]
        commit_msg: bool,
    },
}

/// The arguments of `hook run`.
#[derive(Args, Debug)]
pub(in crate::cli) struct RunArgs {
    /// What to load: the whole repo, or only the stack and what it calls, without the rules that need more
    #[arg(long, value_enum, default_value = "repo", value_name = "FACTS")]
    pub(super) facts: FactsArg,

    /// Stop at anything this bad or worse
    #[arg(long, default_value = "error", value_name = "LEVEL", value_parser = severity())]
    pub(super) fail_on: Severity,

    /// What the wrapper was called with
    #[arg(last = true, value_name = "ARGS")]
    pub(super) words: Vec<OsString>,
}
