//! A repo on disk, and the binary run in it.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

/// The variables that choose a format.
const SURROUNDINGS: [&str; 9] = [
    "AI_AGENT",
    "CLAUDECODE",
    "CODEX_SANDBOX",
    "CURSOR_AGENT",
    "GEMINI_CLI",
    "OPENCODE",
    "GITHUB_ACTIONS",
    "GITHUB_STEP_SUMMARY",
    "GITLAB_CI",
];

pub(crate) struct Repo(TempDir);

/// How a run ended.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Repo {
    pub(crate) fn new(files: &[(&str, &str)]) -> Repo {
        let repo = Repo(tempfile::tempdir().unwrap());
        for (path, text) in files {
            repo.write(path, text);
        }
        repo
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    pub(crate) fn write(&self, path: &str, content: impl AsRef<[u8]>) {
        let path = self.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }

    pub(crate) fn check(&self, arguments: &[&str]) -> Run {
        self.check_in("", arguments)
    }

    /// Runs `check` in a directory of the repo.
    pub(crate) fn check_in(&self, directory: &str, arguments: &[&str]) -> Run {
        self.run_in(directory, &[&["check"], arguments].concat())
    }

    pub(crate) fn run_in(&self, directory: &str, arguments: &[&str]) -> Run {
        self.command(directory, arguments).output().unwrap().into()
    }

    /// Runs `check` with `text` on stdin.
    pub(crate) fn check_stdin(&self, arguments: &[&str], text: &[u8]) -> Run {
        self.piped(&[&["check", "--stdin"], arguments].concat(), text)
    }

    /// Runs the binary with `text` on stdin.
    pub(crate) fn piped(&self, arguments: &[&str], text: &[u8]) -> Run {
        let mut command = self.command("", arguments);
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // A run that fails before it reads closes the pipe: that is for the test to judge.
        let _ = child.stdin.take().unwrap().write_all(text);
        child.wait_with_output().unwrap().into()
    }

    /// Runs `check` with a stdout that nobody reads.
    pub(crate) fn check_unread(&self, arguments: &[&str]) -> Run {
        let mut command = self.command("", &[&["check"], arguments].concat());
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        child.wait_with_output().unwrap().into()
    }

    /// Runs `check` with these variables set.
    pub(crate) fn check_with(&self, variables: &[(&str, &str)], arguments: &[&str]) -> Run {
        let mut command = self.command("", &[&["check"], arguments].concat());
        command.envs(variables.iter().copied()).output().unwrap().into()
    }

    pub(crate) fn command(&self, directory: &str, arguments: &[&str]) -> Command {
        command(&self.path().join(directory), arguments)
    }
}

/// Runs the binary in `directory`.
pub(crate) fn run_at(directory: &Path, arguments: &[&str]) -> Run {
    command(directory, arguments).output().unwrap().into()
}

fn command(directory: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tautline"));
    command.args(arguments).current_dir(directory).env("LC_ALL", "C");
    // The tests may themselves run in a CI system, or for an AI agent.
    for variable in SURROUNDINGS {
        command.env_remove(variable);
    }
    command
}

impl From<Output> for Run {
    fn from(output: Output) -> Run {
        Run {
            code: output.status.code().unwrap_or(-1),
            // A buffer that is no text comes back as it is.
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }
}
