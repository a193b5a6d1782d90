//! What keeps tautline from doing its work, told so that the reader knows what to type. Every one of these is exit code 2.

use std::fmt::Write;

use smol_str::SmolStr;

use super::terminal;
use crate::analysis::RequestError;
use crate::config::ConfigError;
use crate::diagnostic::{Failure, Severity};
use crate::report::{self, Place, Problem, Style};
use crate::text::LineIndex;
use crate::workspace::{CompareError, WorkspaceError};

/// Why nothing could be checked, listed or explained.
#[derive(Debug)]
pub(super) enum Trouble {
    /// Something in the arguments or the surroundings.
    Plain {
        /// What is wrong.
        message: String,
        /// What to type.
        help: Option<String>,
    },
    /// The settings or a pack, with the places.
    Config(Vec<ConfigError>),
}

impl Trouble {
    pub(super) fn new(message: impl Into<String>) -> Self {
        Trouble::Plain { message: message.into(), help: None }
    }

    #[must_use]
    pub(super) fn help(self, text: impl Into<String>) -> Self {
        match self {
            Trouble::Plain { message, .. } => Trouble::Plain { message, help: Some(text.into()) },
            config @ Trouble::Config(_) => config,
        }
    }

    /// Names `option` in what to type, where that names the options of `check` which say what is compared.
    #[must_use]
    pub(super) fn comparing_by(self, option: &str) -> Self {
        let name = |help: String| {
            help.replace("--range ", &format!("{option} "))
                .replace("--since ", &format!("{option} "))
        };
        match self {
            Trouble::Plain { message, help } => Trouble::Plain { message, help: help.map(name) },
            config @ Trouble::Config(_) => config,
        }
    }

    /// With what to type, where `error` knows that.
    pub(super) fn of(error: &impl ToString, help: Option<String>) -> Self {
        Trouble::Plain { message: error.to_string(), help }
    }

    /// Says it on stderr.
    pub(super) fn complain(&self) {
        terminal::complain(&self.render(terminal::stderr_style()));
    }

    /// As a report tells it.
    pub(super) fn failures(&self) -> Vec<Failure> {
        match self {
            Trouble::Plain { message, .. } => {
                vec![Failure { subject: None, message: message.clone() }]
            }
            Trouble::Config(errors) => {
                let mut lines = Lines::default();
                errors.iter().map(|error| config_failure(error, lines.of(error))).collect()
            }
        }
    }

    fn render(&self, style: Style) -> String {
        match self {
            Trouble::Plain { message, help } => {
                let mut out = format!("error: {}\n", report::harmless(message));
                if let Some(help) = help {
                    let _ = writeln!(out, "  help: {}", report::harmless(help));
                }
                out
            }
            Trouble::Config(errors) => {
                let mut lines = Lines::default();
                errors.iter().map(|error| render_config(error, lines.of(error), style)).collect()
            }
        }
    }
}

impl From<WorkspaceError> for Trouble {
    fn from(error: WorkspaceError) -> Self {
        Trouble::of(&error, error.help())
    }
}

impl From<CompareError> for Trouble {
    fn from(error: CompareError) -> Self {
        Trouble::of(&error, error.help())
    }
}

impl From<Vec<ConfigError>> for Trouble {
    fn from(errors: Vec<ConfigError>) -> Self {
        Trouble::Config(errors)
    }
}

impl From<RequestError> for Trouble {
    fn from(error: RequestError) -> Self {
        match error {
            RequestError::Settings(errors) => Trouble::Config(errors),
            other => Trouble::of(&other, other.help()),
        }
    }
}

/// The lines of the text that an error stands in, which are counted once for all errors of one file.
#[derive(Default)]
struct Lines(Option<(SmolStr, LineIndex)>);

impl Lines {
    fn of(&mut self, error: &ConfigError) -> &LineIndex {
        let known = self.0.take().filter(|(text, _)| *text == error.text);
        let new = || (error.text.clone(), LineIndex::new(&error.text));
        &self.0.insert(known.unwrap_or_else(new)).1
    }
}

fn config_failure(error: &ConfigError, lines: &LineIndex) -> Failure {
    let at = lines.position(&error.text, error.range.start);
    Failure {
        subject: Some(format!("{}:{}:{}", error.path, at.line, at.column)),
        message: error.message.clone(),
    }
}

fn render_config(error: &ConfigError, lines: &LineIndex, style: Style) -> String {
    let place = Place {
        path: &error.path,
        text: &error.text,
        lines,
        range: error.range,
        label: None,
        redacted: Vec::new(),
    };
    let problem = Problem {
        code: "error: configuration".to_owned(),
        severity: Severity::Error,
        message: &error.message,
        help: error.help.as_deref(),
        places: vec![place],
    };
    report::problem(&problem, style)
}
