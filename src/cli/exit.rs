//! How a run ends: the exit codes, and what is said when it could not do its work.

use std::ffi::OsString;
use std::process::ExitCode;

use crate::drift::Verdict;

/// The exit codes of `check`; `hook run` knows the first three, `drift` has its own, the other commands know `Clean` and
/// `Failed`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Exit {
    /// Nothing at the gate.
    Clean,
    /// Diagnostics at the gate.
    Gated,
    /// The tool, its configuration, a pack or I/O failed.
    Failed,
    /// There was nothing to check.
    NothingToCheck,
    /// How a command of `drift` ended, told by the codes of `terraform plan -detailed-exitcode` and one more.
    Drift(Verdict),
}

impl Exit {
    /// The number that the process returns.
    pub fn code(self) -> u8 {
        match self {
            Exit::Clean | Exit::Drift(Verdict::Clean) => 0,
            Exit::Gated | Exit::Drift(Verdict::Error) => 1,
            Exit::Failed | Exit::Drift(Verdict::Drift) => 2,
            Exit::NothingToCheck | Exit::Drift(Verdict::Incomplete) => 3,
        }
    }

    /// How a run fails that was started with `arguments`, the program's name first: each group of commands has its own
    /// code for that.
    pub(super) fn failure(arguments: &[OsString]) -> Exit {
        match arguments.get(1) {
            Some(command) if command == "drift" => Exit::Drift(Verdict::Error),
            _ => Exit::Failed,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        ExitCode::from(exit.code())
    }
}
