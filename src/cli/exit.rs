//! How a run ends: the exit codes, and what is said when it could not do its work.

use std::process::ExitCode;

/// The exit codes of `check`; `hook run` knows the first three, the other commands `Clean` and `Failed`.
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
}

impl Exit {
    /// The number that the process returns.
    pub fn code(self) -> u8 {
        match self {
            Exit::Clean => 0,
            Exit::Gated => 1,
            Exit::Failed => 2,
            Exit::NothingToCheck => 3,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        ExitCode::from(exit.code())
    }
}
