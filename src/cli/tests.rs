//! What is written about the command line is what it understands: every `tautline …` in the documentation, the examples for
//! CI, the hooks and `--help` is parsed.

use clap::error::ErrorKind;
use clap::{CommandFactory, Parser};

use super::args::Cli;
use super::{Exit, ended};

/// Everything that tells somebody what to type, with how many commands it has at least.
const WRITTEN: [(&str, &str, usize); 22] = [
    ("README.md", include_str!("../../README.md"), 15),
    ("CONTRIBUTING.md", include_str!("../../CONTRIBUTING.md"), 3),
    ("docs/configuration.md", include_str!("../../docs/configuration.md"), 3),
    ("docs/editors.md", include_str!("../../docs/editors.md"), 5),
    ("docs/fixes.md", include_str!("../../docs/fixes.md"), 8),
    ("docs/install.md", include_str!("../../docs/install.md"), 6),
    ("docs/rule-language.md", include_str!("../../docs/rule-language.md"), 3),
    ("docs/terragrunt.md", include_str!("../../docs/terragrunt.md"), 9),
    ("docs/drift-history.md", include_str!("../../docs/drift-history.md"), 7),
    ("docs/drift-run.md", include_str!("../../docs/drift-run.md"), 4),
    ("docs/scaling.md", include_str!("../../docs/scaling.md"), 4),
    ("docs/ci/generic.sh", include_str!("../../docs/ci/generic.sh"), 3),
    ("docs/ci/github-actions.yml", include_str!("../../docs/ci/github-actions.yml"), 3),
    ("docs/ci/github-actions-drift.yml", include_str!("../../docs/ci/github-actions-drift.yml"), 2),
    ("docs/ci/kubernetes-drift.yaml", include_str!("../../docs/ci/kubernetes-drift.yaml"), 2),
    ("docs/ci/woodpecker-drift.yml", include_str!("../../docs/ci/woodpecker-drift.yml"), 1),
    ("docs/ci/gitlab-ci.yml", include_str!("../../docs/ci/gitlab-ci.yml"), 3),
    (".pre-commit-hooks.yaml", include_str!("../../.pre-commit-hooks.yaml"), 3),
    ("scripts/tg", include_str!("../../scripts/tg"), 1),
    ("src/cli/hook/git.rs", super::hook::INSTALLED, 1),
    ("src/cli/hook/git.rs", super::hook::INSTALLED_FOR_MESSAGES, 1),
    ("src/cli/hook/wrapper/mod.rs", super::hook::WRAPPER_LINES, 1),
];

#[test]
fn every_command_that_is_written_down_can_be_typed() {
    let mut wrong = Vec::new();
    for (path, text, least) in WRITTEN {
        let commands = commands(text, path.strip_suffix(".md").is_some());
        if commands.len() < least {
            wrong.push(format!("{path}: only {commands:#?}"));
        }
        for command in commands {
            if let Err(error) = parse(&command) {
                wrong.push(format!("{path}: {command}\n{error}"));
            }
        }
    }
    for (name, help) in helps(&Cli::command(), "tautline") {
        for command in commands(&help, false) {
            if let Err(error) = parse(&command) {
                wrong.push(format!("{name} --help: {command}\n{error}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_stands_below_help_is_broken_by_nobody_else() {
    let mut long = Vec::new();
    for (name, help) in helps(&Cli::command(), "tautline") {
        // What the help is broken at where no terminal says how wide it is.
        let lines = help.lines().filter(|line| line.chars().count() > 100);
        long.extend(lines.map(|line| format!("{name} --help: {line}")));
    }
    assert!(long.is_empty(), "{}", long.join("\n"));
}

/// The examples below the help of `command` and of those in it.
fn helps(command: &clap::Command, name: &str) -> Vec<(String, String)> {
    let own = command.get_after_help().map(|help| (name.to_owned(), help.to_string()));
    let mut all: Vec<_> = own.into_iter().collect();
    for inner in command.get_subcommands() {
        all.extend(helps(inner, &format!("{name} {}", inner.get_name())));
    }
    all
}

fn parse(command: &str) -> Result<(), String> {
    match Cli::try_parse_from(words(command)) {
        Ok(_) => Ok(()),
        Err(error)
            if matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) =>
        {
            Ok(())
        }
        Err(error) => Err(error.to_string()),
    }
}

/// The commands in `text`: lines of scripts and consoles, code in sentences, and lists of words. In `prose`, a line may begin with
/// the name and be a sentence.
fn commands(text: &str, prose: bool) -> Vec<String> {
    let mut commands = Vec::new();
    let text = text.replace("cargo run --release -- ", "cargo run -- ");
    let text = text.replace("cargo run -- ", "tautline ");
    // What a worker is told of itself is a number.
    let text = text.replace("${{ matrix.shard }}", "1").replace("$SHARD", "1");
    for line in text.lines() {
        let line = line.trim();
        if let Some((_, list)) = line.split_once("[\"tautline\", ") {
            let quoted = list.split('"').skip(1).step_by(2);
            commands.push(format!("tautline {}", quoted.collect::<Vec<_>>().join(" ")));
            continue;
        }
        let starts = ["$ ", "run: ", "entry: ", "exec ", "- run: ", "- ", ""];
        let starts = if prose { &starts[..4] } else { &starts };
        let starts = starts.iter().find_map(|start| line.strip_prefix(start).filter(is_call));
        let starts = starts.or_else(|| line.split_once("; then ").map(|it| it.1).filter(is_call));
        match starts {
            Some(command) => commands.push(up_to_the_end(command)),
            None => commands
                .extend(line.split('`').skip(1).step_by(2).filter(is_call).map(up_to_the_end)),
        }
    }
    commands
}

fn is_call(text: &&str) -> bool {
    text.starts_with("tautline ")
}

/// `command` without what another program does with it, and without what is said about it.
fn up_to_the_end(command: &str) -> String {
    let ends = ["  ", " | ", " > ", " < ", " >&2", " || ", " && ", " # ", "; "];
    let end = ends.iter().filter_map(|end| command.find(end)).min().unwrap_or(command.len());
    command[..end].to_owned()
}

/// The words of a line of shell, whose quotes are simple ones.
fn words(line: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quote = None;
    for c in line.chars() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (None, '"' | '\'') => quote = Some(c),
            (None, ' ') => words.push(String::new()),
            (_, c) => words.last_mut().unwrap().push(c),
        }
    }
    words
}

#[test]
fn commands_are_found_where_they_stand() {
    let text = "$ tautline check \"a b\" | head\n- `tautline man` prints, `--help` too\nrun: tautline check  # all\n\
                execute = [\"tautline\", \"hook\", \"run\", \"--\", f()]\ntautline reads a repo\n";
    let mut expected =
        vec!["tautline check \"a b\"", "tautline man", "tautline check", "tautline hook run --"];
    assert_eq!(commands(text, true), expected);
    expected.push("tautline reads a repo");
    assert_eq!(commands(text, false), expected);
    assert_eq!(words("a \"b c\" 'd e'"), ["a", "b c", "d e"]);
    assert!(parse("tautline chek").is_err());
}

#[test]
fn a_panic_ends_as_any_failure_does() {
    assert_eq!(ended(|| panic!("no luck"), Exit::Failed), Exit::Failed);
    assert_eq!(ended(|| Ok(Exit::Gated), Exit::Failed), Exit::Gated);
}
