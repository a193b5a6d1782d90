//! What is made from the definition of the arguments: completions for shells, and pages of the manual.

use clap::builder::PossibleValue;
use clap::{Arg, Command, CommandFactory, Id};
use clap_complete::{Shell, generate};
use clap_mangen::Man;

use super::args::{Cli, ShellArg};
use super::trouble::Trouble;
use crate::checks;
use crate::config::Settings;
use crate::rule::{PackFile, builtin_files, load_files};

/// What a script says for the names of the stacks until the way to ask for them stands there.
const STACKS: &str = "the-stacks";
/// Lists them, one a line.
const LIST_STACKS: &str = concat!(env!("CARGO_PKG_NAME"), " stacks 2>/dev/null");

/// The script that teaches `shell` to complete the arguments.
pub(super) fn completions(shell: ShellArg) -> String {
    // Which stacks there are is asked for while somebody types: each shell has its own words for that.
    let (shell, written, asked) = match shell {
        ShellArg::Bash => (Shell::Bash, STACKS.to_owned(), format!("$({LIST_STACKS})")),
        ShellArg::Zsh => (
            Shell::Zsh,
            format!("({STACKS})"),
            format!("{{compadd -- ${{(f)\"$({LIST_STACKS})\"}}}}"),
        ),
        ShellArg::Fish => (Shell::Fish, format!("{STACKS}\\t''"), format!("({LIST_STACKS})")),
    };
    let mut script = Vec::new();
    let mut command = with_names(Cli::command(), &rules());
    generate(shell, &mut command, env!("CARGO_PKG_NAME"), &mut script);
    String::from_utf8_lossy(&script).replace(&written, &asked)
}

/// The rules that come with tautline, and their packs, each with what shells show beside it.
fn rules() -> Vec<PossibleValue> {
    let known = load_files(&PackFile::builtin(), checks::ALL, &Settings::default());
    let known = known.unwrap_or_default();
    let summary = |name: &str| {
        let pack = known.packs.iter().find(|it| *it.name == *name).map(|it| &it.summary);
        pack.or_else(|| known.rules.iter().find(|it| *it.id == *name).map(|it| &it.summary))
    };
    let files = builtin_files().iter().filter_map(|(path, _)| path.strip_suffix(".hcl"));
    let names = files.map(|path| path.strip_suffix("/pack").unwrap_or(path));
    let value = |name: &'static str| {
        let summary = summary(name)?;
        let value = PossibleValue::new(name);
        // The script for fish would have a dollar filled in.
        Some(if summary.contains('$') { value } else { value.help(summary) })
    };
    names.filter_map(value).collect()
}

/// `command`, which completes `rules` and stacks wherever one is typed. That is for scripts alone: a repo has rules of its own.
fn with_names(command: Command, rules: &[PossibleValue]) -> Command {
    let values = |arg: &Arg| {
        let names = arg.get_value_names().unwrap_or_default();
        if names.iter().any(|name| name.contains("RULE")) {
            return Some(rules.to_vec());
        }
        (arg.get_long() == Some("stack")).then(|| vec![PossibleValue::new(STACKS)])
    };
    let named: Vec<(Id, Vec<PossibleValue>)> = command
        .get_arguments()
        .filter_map(|arg| Some((arg.get_id().clone(), values(arg)?)))
        .collect();
    let command = named
        .into_iter()
        .fold(command, |command, (id, values)| command.mut_arg(id, |arg| arg.value_parser(values)));
    command.mut_subcommands(|below| with_names(below, rules))
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
    let below = command.get_after_help().map(|help| below(&help.to_string()));
    let mut page = Vec::new();
    let title = format!("{} {}", env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"));
    // A version has no date. One that is left out has `man` read the source as the date.
    Man::new(command.clone().after_help(None::<&str>))
        .date(" ")
        .source(title)
        .render(&mut page)
        .map_err(|error| Trouble::new(format!("the page cannot be written: {error}")))?;
    Ok(String::from_utf8_lossy(&page).into_owned() + &below.unwrap_or_default())
}

/// What stands below the help of a command, as parts of its page. Lists and code keep their lines, which `man` would fill.
fn below(help: &str) -> String {
    let mut parts = String::new();
    for paragraph in help.split("\n\n") {
        let lines: Vec<String> = paragraph.lines().map(literal).collect();
        let is_kept = |line: &String| line.starts_with(' ');
        let text = match lines.as_slice() {
            [title, list @ ..]
                if title.ends_with(':') && !list.is_empty() && list.iter().all(is_kept) =>
            {
                let title = title.trim_end_matches(':').to_uppercase();
                format!(".SH {title}\n.nf\n{}\n.fi\n", list.join("\n"))
            }
            lines => {
                let start = if parts.is_empty() { ".SH NOTES\n" } else { ".PP\n" };
                let text = lines.join("\n");
                let is_kept = lines.first().is_some_and(is_kept);
                let text = if is_kept { format!(".nf\n{text}\n.fi") } else { text };
                format!("{start}{text}\n")
            }
        };
        parts.push_str(&text);
    }
    parts
}

/// A line as the source of a page says it.
fn literal(line: &str) -> String {
    let line = line.replace('\\', "\\(rs").replace('-', "\\-");
    // Else a command of the language that pages are written in.
    if line.starts_with(['.', '\'']) { format!("\\&{line}") } else { line }
}

fn no_such(command: &Command, word: &str) -> Trouble {
    let names: Vec<&str> = command.get_subcommands().map(Command::get_name).collect();
    let trouble = Trouble::new(format!("`{}` has no command `{word}`", command.get_name()));
    if names.is_empty() {
        return trouble.help(format!("`tautline man {}` is its page", command.get_name()));
    }
    trouble.help(format!("it has `{}`", names.join("`, `")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn examples_and_exit_codes_keep_their_lines() {
        let page = page(&["check".to_owned()]).unwrap();
        assert!(!page.contains(".SH EXTRA"), "{page}");
        let (_, examples) = page.split_once("\n.SH EXAMPLES\n.nf\n").unwrap();
        let (examples, codes) = examples.split_once("\n.fi\n.SH EXIT CODES\n.nf\n").unwrap();
        assert!(examples.starts_with("  tautline check   "), "{examples}");
        assert!(examples.contains("\n  tautline check \\-\\-staged   "), "{examples}");
        assert!(codes.starts_with("  0  clean\n") && codes.ends_with("\n.fi\n"), "{codes}");
    }

    #[test]
    fn prose_is_filled_and_code_is_not() {
        let help = "One\n'two'.\n\n  a \\ {\n  }\n\nExamples:\n  x\n\nThree.";
        let page = "\
.SH NOTES\nOne\n\\&'two'.\n.PP\n.nf\n  a \\(rs {\n  }\n.fi\n.SH EXAMPLES\n.nf\n  x\n.fi\n.PP\nThree.\n";
        assert_eq!(below(help), page);
    }
}
