//! Commands that may start Terragrunt, and for which no check is made: whoever has the lines written in is told of them.

use std::ffi::OsString;

use super::is_call;
use crate::cli::hook::called::{PROGRAMS, is_other};
use crate::syntax::language::outline::{Command, Outline};

/// What runs a text as a program.
const EVALUATORS: [&str; 5] = ["eval", "sh", "bash", "dash", "zsh"];

/// The numbers of the lines with such commands, from 1.
pub(in crate::cli::hook) fn overlooked(text: &str) -> Vec<usize> {
    let Some(outline) = Outline::of(text) else { return Vec::new() };
    let commands = outline.commands().into_iter();
    let is_seen = |command: &Command<'_>| {
        let mut words = command.words.iter();
        let known =
            is_call(command) || words.any(|word| word.is_list) && names_program(command).is_some();
        !known && may_start(text, command)
    };
    let mut lines: Vec<usize> = commands.filter(is_seen).map(|command| command.line + 1).collect();
    lines.dedup();
    lines
}

/// Which of the command's words is Terragrunt.
fn names_program(command: &Command<'_>) -> Option<usize> {
    command.words.iter().position(|word| PROGRAMS.contains(&word.program()))
}

fn may_start(text: &str, command: &Command<'_>) -> bool {
    let words = &command.words;
    let Some(first) = words.first() else { return false };
    if EVALUATORS.contains(&first.program()) {
        return words[1..].iter().any(|word| mentions(word.source));
    }
    let is_variable = first.source.trim_matches('"').starts_with('$') && first.text.is_none();
    let is_program = PROGRAMS.contains(&first.program())
        || (is_variable && first.variables.iter().any(|name| holds_program(text, name)));
    // What only looks is none of tautline's business.
    let known: Vec<OsString> =
        words[1..].iter().map_while(|it| it.text.as_deref().map(Into::into)).collect();
    is_program && words.len() > 1 && !is_other(&known)
}

/// Whether some line of `text` gives the variable `name` the name of Terragrunt.
fn holds_program(text: &str, name: &str) -> bool {
    let given = |line: &str| {
        let (before, value) = line.split_once('=')?;
        (before.split_whitespace().last() == Some(name)).then(|| mentions(value))
    };
    text.lines().any(|line| given(line).unwrap_or_default())
}

/// Whether `source` has the name of Terragrunt as a word of its own, or at the end of a path.
fn mentions(source: &str) -> bool {
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    source.split(|c: char| !is_part(c)).any(|word| PROGRAMS.contains(&word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_start_terragrunt_is_told() {
        let text = "TG=/usr/bin/terragrunt\n$TG \"$@\"\neval \"terragrunt $*\"\nterragrunt apply \"$2\"\n\
                    sh -c 'terraform apply'\n\"$TG\" plan\n";
        assert_eq!(overlooked(text), [2, 3, 4, 5, 6]);
    }

    #[test]
    fn what_is_checked_or_only_looks_is_not() {
        let text = "terragrunt \"$@\"\nterragrunt --version\n$TG output -json\nTG=terragrunt\n$TG output x\necho terragrunt\n\
                    eval \"$(direnv export bash)\"\nterraform fmt -recursive\n";
        assert_eq!(overlooked(text), [0; 0]);
    }
}
