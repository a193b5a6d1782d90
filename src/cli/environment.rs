//! Where tautline runs, as far as the environment tells: in which CI system, or for an AI agent.

use std::ffi::OsString;
use std::path::PathBuf;

use super::format::CheckFormat;

/// What reads the output.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Place {
    /// GitHub Actions, and those that read the same commands.
    GitHub,
    /// GitLab CI.
    GitLab,
    /// The shell of an AI agent.
    Agent,
}

impl Place {
    /// The format for stdout there; `None` where people read it.
    pub(super) fn format(self) -> Option<CheckFormat> {
        match self {
            Place::GitHub => Some(CheckFormat::Github),
            Place::GitLab => None,
            Place::Agent => Some(CheckFormat::Agent),
        }
    }
}

/// Where tautline runs, and which variable says so.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Surroundings {
    pub(super) place: Place,
    pub(super) variable: &'static str,
}

/// What tells a place, in the order of who reads the output: an agent in a CI job reads what its own shell prints.
const VARIABLES: [(&str, Place); 8] = [
    // What agents are asked to set, whoever made them.
    ("AI_AGENT", Place::Agent),
    ("CLAUDECODE", Place::Agent),
    ("CODEX_SANDBOX", Place::Agent),
    ("CURSOR_AGENT", Place::Agent),
    ("GEMINI_CLI", Place::Agent),
    ("OPENCODE", Place::Agent),
    ("GITHUB_ACTIONS", Place::GitHub),
    ("GITLAB_CI", Place::GitLab),
];

/// Where this process runs; `None` where nothing says that it is no terminal of a person.
pub(super) fn surroundings() -> Option<Surroundings> {
    among(|name| std::env::var_os(name))
}

/// The file that GitHub Actions shows as the summary of the step.
pub(super) fn step_summary() -> Option<PathBuf> {
    std::env::var_os("GITHUB_STEP_SUMMARY").filter(|path| !path.is_empty()).map(PathBuf::from)
}

/// The directory of whoever runs this.
pub(super) fn home() -> Option<PathBuf> {
    std::env::home_dir().filter(|path| path.is_absolute())
}

fn among(variable: impl Fn(&str) -> Option<OsString>) -> Option<Surroundings> {
    let is_set = |name: &str| {
        variable(name).is_some_and(|value| !value.is_empty() && value != "false" && value != "0")
    };
    let (variable, place) = VARIABLES.into_iter().find(|(name, _)| is_set(name))?;
    Some(Surroundings { place, variable })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(set: &[(&str, &str)]) -> Option<Surroundings> {
        among(|name| {
            set.iter().find(|(known, _)| *known == name).map(|(_, value)| OsString::from(value))
        })
    }

    #[test]
    fn a_variable_tells_the_place() {
        let found = with(&[("CI", "true"), ("GITHUB_ACTIONS", "true")]);
        let expected = Surroundings { place: Place::GitHub, variable: "GITHUB_ACTIONS" };
        assert_eq!(found, Some(expected));
        assert_eq!(with(&[("GITLAB_CI", "true")]).map(|it| it.place), Some(Place::GitLab));
    }

    #[test]
    fn an_agent_in_a_job_reads_for_itself() {
        let found = with(&[("GITHUB_ACTIONS", "true"), ("AI_AGENT", "x")]);
        assert_eq!(found.map(|it| it.place), Some(Place::Agent));
    }

    #[test]
    fn what_is_switched_off_is_not_set() {
        let off = [("AI_AGENT", ""), ("GITHUB_ACTIONS", "false"), ("CLAUDECODE", "0")];
        assert_eq!(with(&off), None);
        assert_eq!(with(&[("CI", "true")]), None);
    }
}
