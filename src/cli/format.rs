//! The formats of `check`, and which of them a run is printed in.

use clap::ValueEnum;

use super::environment::Surroundings;
use super::output::word_of;
use crate::report::{self, Style, View};

/// The formats of `check`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(super) enum CheckFormat {
    /// For people: code frames and a summary
    Text,
    /// One line per diagnostic
    Concise,
    /// For programs: docs/json.md
    Json,
    /// The same, one line per diagnostic
    Jsonl,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// Annotations and a step summary of GitHub Actions
    Github,
    /// GitLab Code Quality
    Gitlab,
    /// Test results in XML, for the tests tab of CI systems
    Junit,
    /// Checkstyle XML
    Checkstyle,
    /// Reviewdog's diagnostic format
    Rdjson,
    /// A table for comments
    Markdown,
    /// For AI agents: what to do, in as few words as will do
    Agent,
}

impl CheckFormat {
    /// Whether a program reads it, so that it is wanted whatever came of the run.
    pub(super) fn is_for_programs(self) -> bool {
        !matches!(self, CheckFormat::Text | CheckFormat::Concise)
    }

    /// Renders `view`; `style` is for people only.
    pub(super) fn render(self, view: &View<'_>, style: Style) -> String {
        match self {
            CheckFormat::Text => report::text(view, style),
            CheckFormat::Concise => report::concise(view),
            CheckFormat::Json => report::json(view),
            CheckFormat::Jsonl => report::jsonl(view),
            CheckFormat::Sarif => report::sarif(view),
            CheckFormat::Github => report::github(view),
            CheckFormat::Gitlab => report::gitlab(view),
            CheckFormat::Junit => report::junit(view),
            CheckFormat::Checkstyle => report::checkstyle(view),
            CheckFormat::Rdjson => report::rdjson(view),
            CheckFormat::Markdown => report::markdown(view),
            CheckFormat::Agent => report::agent(view),
        }
    }
}

/// The format that was asked for, or else the one that suits `surroundings`; and what is to be said about that.
pub(super) fn choose(
    asked: Option<CheckFormat>,
    files: &[CheckFormat],
    surroundings: Option<Surroundings>,
) -> (CheckFormat, Option<String>) {
    if let Some(format) = asked {
        return (format, None);
    }
    let Some(Surroundings { place, variable }) = surroundings else {
        return (CheckFormat::Text, None);
    };
    let Some(format) = place.format() else {
        let hint = "`--output-file gitlab=gl-code-quality-report.json` writes a report for merge \
                    requests"
            .to_owned();
        return (CheckFormat::Text, (!files.contains(&CheckFormat::Gitlab)).then_some(hint));
    };
    let word = word_of(&format);
    let note =
        format!("`--format {word}`, because {variable} is set; `--format text` is for people");
    (format, Some(note))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::environment::Place;

    fn at(place: Place) -> Surroundings {
        Surroundings { place, variable: "X" }
    }

    #[test]
    fn what_is_asked_for_wins() {
        for place in [Place::GitHub, Place::GitLab, Place::Agent] {
            let chosen = choose(Some(CheckFormat::Json), &[], Some(at(place)));
            assert_eq!(chosen, (CheckFormat::Json, None));
        }
    }

    #[test]
    fn surroundings_decide_and_that_is_said() {
        assert_eq!(choose(None, &[], None), (CheckFormat::Text, None));
        let (format, note) = choose(None, &[], Some(at(Place::GitHub)));
        assert_eq!(format, CheckFormat::Github);
        assert!(note.unwrap().starts_with("`--format github`, because X is set"));
        assert_eq!(choose(None, &[], Some(at(Place::Agent))).0, CheckFormat::Agent);
    }

    #[test]
    fn gitlab_reads_the_log_as_text_and_the_report_from_a_file() {
        let (format, note) = choose(None, &[], Some(at(Place::GitLab)));
        assert_eq!(format, CheckFormat::Text);
        assert!(note.unwrap().contains("--output-file gitlab="));
        assert_eq!(choose(None, &[CheckFormat::Gitlab], Some(at(Place::GitLab))).1, None);
    }
}
