//! Commands that other tools have, and this one has by another name.
//!
//! Invariant: what is offered is a command line that exists.

use std::ffi::OsString;

use clap::builder::StyledStr;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Command, CommandFactory, Error};

use super::args::Cli;

/// What somebody types who knows other tools, and what it is here.
const CALLED_ELSEWHERE: [(&str, &str); 18] = [
    ("analyse", "check"),
    ("analyze", "check"),
    ("autofix", "check --fix"),
    ("diff", "check --diff"),
    ("fix", "check --fix"),
    ("lint", "check"),
    ("list", "rules list"),
    ("plan", "drift run"),
    ("rules check", "rules test"),
    ("rules explain", "explain"),
    ("rules lint", "rules test"),
    ("rules validate", "rules test"),
    ("run", "check"),
    ("scan", "check"),
    ("test", "rules test"),
    ("validate", "check"),
    ("verify", "check"),
    ("version", "--version"),
];

/// `error`, with what is meant in the place of what only looks like it (`init` for `lint`).
pub(super) fn tip(mut error: Error, arguments: &[OsString]) -> Error {
    let typed: Vec<&str> = arguments.iter().skip(1).filter_map(|it| it.to_str()).collect();
    if error.kind() == ErrorKind::InvalidSubcommand
        && let Some(meant) = meant(&typed)
    {
        let tip = StyledStr::from(format!("write `tautline {meant}`"));
        error.remove(ContextKind::SuggestedSubcommand);
        error.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec![tip]));
    }
    error
}

fn meant(typed: &[&str]) -> Option<String> {
    let (first, rest) = typed.split_first()?;
    if *first == "help" {
        return Some(help_on(rest));
    }
    let line = typed.join(" ");
    let is_typed = |words: &str| {
        line.strip_prefix(words).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
    };
    let known = CALLED_ELSEWHERE.iter().find(|(words, _)| is_typed(words));
    known.map(|(_, meant)| (*meant).to_owned())
}

/// `help baseline create` as it is written here: as far as there are such commands.
fn help_on(words: &[&str]) -> String {
    let all = Cli::command();
    let mut at: &Command = &all;
    let mut line = String::new();
    for word in words {
        let Some(below) = at.find_subcommand(word) else { break };
        line += word;
        line.push(' ');
        at = below;
    }
    line + "--help"
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    fn said(line: &str) -> String {
        let arguments: Vec<OsString> = line.split(' ').map(OsString::from).collect();
        tip(Cli::try_parse_from(&arguments).unwrap_err(), &arguments).to_string()
    }

    #[test]
    fn what_is_called_otherwise_elsewhere_is_told_by_its_name_here() {
        for (line, meant) in [
            ("tautline lint", "tip: write `tautline check`"),
            ("tautline fix stacks/dns", "tip: write `tautline check --fix`"),
            ("tautline help baseline create", "tip: write `tautline baseline create --help`"),
            ("tautline help lint", "tip: write `tautline --help`"),
            ("tautline chek", "tip: a similar subcommand exists: 'check'"),
            ("tautline rules lint ./rules", "tip: write `tautline rules test`"),
            ("tautline rules lisst", "tip: a similar subcommand exists: 'list'"),
        ] {
            let said = said(line);
            assert!(said.contains(meant), "{line}: {said}");
            assert!(!said.contains("'init'"), "{line}: {said}");
        }
    }

    #[test]
    fn what_is_offered_exists() {
        let all = Cli::command();
        for (word, meant) in CALLED_ELSEWHERE {
            let known = word.split(' ').try_fold(&all, |at, part| at.find_subcommand(part));
            assert!(known.is_none(), "{word}");
            let mut parts = meant.split(' ').filter(|part| !part.starts_with("--"));
            let found = parts.try_fold(&all, |at, part| at.find_subcommand(part));
            assert!(found.is_some(), "{meant}");
            let option = meant.split(' ').find_map(|part| part.strip_prefix("--"));
            let has = |option| {
                found.is_some_and(|it| it.get_arguments().any(|it| it.get_long() == Some(option)))
            };
            assert!(option.is_none_or(|option| option == "version" || has(option)), "{meant}");
        }
    }
}
