//! Commands and options that other tools have, and this one has by another name.
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

/// The same for options of `check`.
const OPTIONS_ELSEWHERE: [(&str, &str); 23] = [
    ("--autofix", "`--fix`"),
    ("--color", "`NO_COLOR=1` in front of the command where no colour is wanted"),
    ("--dir", "the directory itself: `tautline check DIR`"),
    ("--disable", "`rule \"pack/rule\" { severity = \"off\" }` in tautline.hcl"),
    ("--dry-run", "`--diff`"),
    ("--enable", "`--rule PACK`"),
    ("--exclude", "`exclude = [\"glob\"]` in tautline.hcl"),
    ("--file", "the file itself: `tautline check FILE`"),
    ("--ignore", "`exclude = [\"glob\"]` in tautline.hcl"),
    ("--json", "`--format json`"),
    ("--list-rules", "`tautline rules list`"),
    ("--no-color", "`NO_COLOR=1` in front of the command"),
    ("--only", "`--rule PACK`"),
    ("--output", "`--format FORMAT`, or `--output-file FORMAT=FILE`"),
    ("--pack", "`--rule PACK`"),
    ("--path", "the path itself: `tautline check PATH`"),
    ("--recursive", "nothing: directories are looked at with all that is in them"),
    ("--skip", "`exclude = [\"glob\"]` in tautline.hcl"),
    ("--strict", "`--fail-on warning`"),
    ("-C", "the directory itself: `tautline check DIR`"),
    ("-f", "`--format FORMAT`"),
    ("-o", "`--format FORMAT`, or `--output-file FORMAT=FILE`"),
    ("-r", "nothing: directories are looked at with all that is in them"),
];

/// Commands that take no bare word, and the option that one is hardly ever not meant for.
const TAKEN_BY: [(&str, &str); 10] = [
    ("baseline create", "--rule"),
    ("drift history prune", "--history"),
    ("drift history show", "--history"),
    ("drift host", "--listing"),
    ("drift inventory", "--kubectl"),
    ("drift predict", "--stack"),
    ("drift run", "--stack"),
    ("drift state", "--state"),
    ("hook tg", "--file"),
    ("stacks", "--affected-by"),
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
    if error.kind() == ErrorKind::UnknownArgument {
        let option = match error.get(ContextKind::InvalidArg) {
            Some(ContextValue::String(option)) => option.clone(),
            _ => String::new(),
        };
        let known = match typed.first() {
            Some(&"check") => elsewhere(&option).map(str::to_owned),
            Some(&"hook") if typed.get(1) == Some(&"run") => Some(
                "`--` in front of what Terragrunt gets: `tautline hook run -- plan`".to_owned(),
            ),
            Some(first) if first.starts_with('-') => of_a_command(&option),
            _ => option_for(&option, &typed),
        };
        // That it may be the value of something else is hardly ever meant, and no tip is the better one.
        error.remove(ContextKind::Suggested);
        if let Some(meant) = known.or_else(|| as_path(&option, &typed)) {
            let tip = StyledStr::from(format!("write {meant}"));
            error.remove(ContextKind::SuggestedArg);
            error.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec![tip]));
        }
    }
    error
}

fn elsewhere(option: &str) -> Option<&'static str> {
    OPTIONS_ELSEWHERE.iter().find(|(name, _)| *name == option).map(|(_, meant)| *meant)
}

/// The option that the bare `word` is meant for.
fn option_for(word: &str, typed: &[&str]) -> Option<String> {
    let is_bare = !word.starts_with('-');
    let line = typed.join(" ") + " ";
    let is_typed = |command: &str| line.starts_with(&format!("{command} "));
    let taken = TAKEN_BY.iter().find(|(command, _)| is_bare && is_typed(command));
    taken.map(|(_, option)| format!("`{option} {word}`"))
}

/// A path that begins like an option, as it has to be written.
fn as_path(option: &str, typed: &[&str]) -> Option<String> {
    if !option.starts_with('-') {
        return None;
    }
    let is_path = |word: &&&str| word.starts_with(option) && word.contains(['.', '/']);
    let path = typed.iter().find(is_path).filter(|word| !word.contains('='))?;
    Some(format!("`./{path}` where it is a path"))
}

/// What is meant by an option of `check` where no command stands.
fn of_a_command(option: &str) -> Option<String> {
    if option == "-v" {
        return Some("`tautline --version`".to_owned());
    }
    let all = Cli::command();
    let mut options = all.find_subcommand("check")?.get_arguments();
    let long = option.strip_prefix("--")?;
    options.any(|it| it.get_long() == Some(long)).then(|| format!("`tautline check {option}`"))
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
            ("tautline check --json", "tip: write `--format json`"),
            ("tautline check -f json stacks", "tip: write `--format FORMAT`"),
            ("tautline check --ignore=vendor", "tip: write `exclude = [\"glob\"]` in tautline.hcl"),
            ("tautline --fix stacks", "tip: write `tautline check --fix`"),
            ("tautline --format=json", "tip: write `tautline check --format`"),
            ("tautline -v", "tip: write `tautline --version`"),
            ("tautline check --fial-on error", "tip: a similar argument exists: '--fail-on'"),
            ("tautline hook run apply", "tip: write `--` in front of what Terragrunt gets"),
            ("tautline drift state dns.tfstate", "tip: write `--state dns.tfstate`"),
            ("tautline drift run dns", "tip: write `--stack dns`"),
            ("tautline hook tg scripts/tg", "tip: write `--file scripts/tg`"),
            ("tautline check -x.tf", "tip: write `./-x.tf` where it is a path"),
            ("tautline docs check --old/a.md", "tip: write `./--old/a.md` where it is a path"),
        ] {
            let said = said(line);
            assert!(said.contains(meant), "{line}: {said}");
            assert!(!said.contains("'init'"), "{line}: {said}");
        }
    }

    #[test]
    fn an_option_that_nothing_resembles_is_taken_for_no_value() {
        for line in [
            "tautline check --frobnicate",
            "tautline rules list --json",
            "tautline explain a/b c/d",
        ] {
            let said = said(line);
            assert!(said.contains("unexpected argument"), "{said}");
            assert!(!said.contains("as a value") && !said.contains("a path"), "{said}");
        }
    }

    #[test]
    fn options_that_are_offered_exist() {
        let all = Cli::command();
        let check = all.find_subcommand("check").unwrap();
        let has = |name: &str| check.get_arguments().any(|it| it.get_long() == Some(name));
        for (option, meant) in OPTIONS_ELSEWHERE {
            assert!(!option.strip_prefix("--").is_some_and(has), "{option}");
            let short = option.strip_prefix('-').and_then(|it| it.chars().next());
            assert!(!check.get_arguments().any(|it| it.get_short() == short), "{option}");
            let words = meant.split([' ', '`', ',']).filter_map(|word| word.strip_prefix("--"));
            words.for_each(|word| assert!(has(word), "{meant}"));
        }
    }

    #[test]
    fn what_is_offered_exists() {
        let all = Cli::command();
        for (command, option) in TAKEN_BY {
            let found = command.split(' ').try_fold(&all, |at, part| at.find_subcommand(part));
            let has = |it: &clap::Arg| it.get_long() == option.strip_prefix("--");
            assert!(found.is_some_and(|it| it.get_arguments().any(has)), "{command} {option}");
        }
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
