//! What is made from the definition of the arguments: completions for shells, and pages of the manual.

use clap::{Command, CommandFactory};
use clap_complete::{Shell, generate};
use clap_mangen::Man;

use super::args::{Cli, ShellArg};
use super::trouble::Trouble;

/// The script that teaches `shell` to complete the arguments.
pub(super) fn completions(shell: ShellArg) -> String {
    let shell = match shell {
        ShellArg::Bash => Shell::Bash,
        ShellArg::Zsh => Shell::Zsh,
        ShellArg::Fish => Shell::Fish,
    };
    let mut script = Vec::new();
    generate(shell, &mut Cli::command(), env!("CARGO_PKG_NAME"), &mut script);
    String::from_utf8_lossy(&script).into_owned()
}

/// The page of the manual about the command that `words` spell.
pub(super) fn page(words: &[String]) -> Result<String, Trouble> {
    let mut whole = Cli::command();
    // Only now the commands know their full names: `tautline-rules-list`.
    whole.build();
    let mut command = &whole;
    for word in words {
        command = command.find_subcommand(word).ok_or_else(|| no_such(command, word))?;
    }
    let mut page = Vec::new();
    let title = format!("{} {}", env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"));
    // A version has no date. One that is left out has `man` read the source as the date.
    Man::new(command.clone())
        .date(" ")
        .source(title)
        .render(&mut page)
        .map_err(|error| Trouble::new(format!("the page cannot be written: {error}")))?;
    Ok(String::from_utf8_lossy(&page).into_owned())
}

fn no_such(command: &Command, word: &str) -> Trouble {
    let names: Vec<&str> = command.get_subcommands().map(Command::get_name).collect();
    let trouble = Trouble::new(format!("`{}` has no command `{word}`", command.get_name()));
    if names.is_empty() {
        return trouble.help(format!("`tautline man {}` is its page", command.get_name()));
    }
    trouble.help(format!("it has `{}`", names.join("`, `")))
}
