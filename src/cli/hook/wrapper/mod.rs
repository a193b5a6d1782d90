//! Where in a wrapper around Terragrunt the check belongs.
//!
//! Invariant: lines are only added, only once, and only where the wrapper still is what it was with them. Text in,
//! insertions out.

mod dropped;
mod overlooked;

use std::ffi::OsString;

use super::called::{PROGRAMS, is_other};
use super::diff::{Insertion, apply};
use super::guard::{self, Guard};
use crate::syntax::language::outline::{Command, Outline, Word};

/// The arguments of a wrapper, as shells write them.
pub(super) const ARGUMENTS: &str = "\"$@\"";

/// The lines. What they do is done by `tautline hook run`, so that they need not change; all they decide is that an
/// emergency does not depend on whether tautline is there.
pub(in crate::cli) const LINES: &str = "\
# tautline hook tg: checks the stack before plan, apply, destroy and refresh; TAUTLINE_SKIP=\"why\" goes on without
if command -v tautline >/dev/null || [ -z \"${TAUTLINE_SKIP:-}\" ]; then tautline hook run -- \"$@\" >&2 || exit $?
else echo \"tautline: is not installed; skipped: $TAUTLINE_SKIP\" >&2; fi
";

pub(super) use overlooked::overlooked;

/// What runs the program that it is given.
const PREFIXES: [&str; 13] = [
    "builtin",
    "caffeinate",
    "command",
    "doas",
    "env",
    "exec",
    "ionice",
    "nice",
    "nohup",
    "setsid",
    "sudo",
    "time",
    "timeout",
];

/// What to do with a wrapper.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Plan {
    /// It calls tautline already. Calls whose exit code is lost are named: the line, counted from 1, and how.
    Nothing(Vec<(usize, String)>),
    /// Add these lines.
    Add(Vec<Insertion>),
}

/// Why nothing is added to a wrapper.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Refusal {
    /// What stands in the way, said of the wrapper.
    pub(super) message: String,
    /// What to type.
    pub(super) help: String,
}

/// A command that starts Terragrunt with what the wrapper was called with.
pub(super) struct Start<'o> {
    pub(super) command: Command<'o>,
    /// Which of the command's words is Terragrunt.
    program: usize,
}

impl<'o> Start<'o> {
    fn of(command: Command<'o>) -> Option<Start<'o>> {
        let words = &command.words;
        let first = words.first()?.program();
        let is_program = |at: &usize| {
            let is_run = *at == 0
                || PREFIXES.contains(&first)
                || words[*at - 1].text.as_deref() == Some("--");
            is_run && PROGRAMS.contains(&words[*at].program())
        };
        let program = (0..words.len()).find(is_program)?;
        let hands_on = words[program + 1..].iter().any(|word| word.is_list);
        hands_on.then_some(Start { command, program })
    }

    /// What Terragrunt is started with.
    pub(super) fn words(&self) -> &[Word<'o>] {
        &self.command.words[self.program + 1..]
    }

    /// What stands in front of Terragrunt.
    pub(super) fn prefix(&self) -> &[Word<'o>] {
        &self.command.words[..self.program]
    }

    /// The first of the words, as far as they are the same in every run.
    pub(super) fn known(&self) -> Vec<OsString> {
        self.words().iter().map_while(|it| it.text.as_deref().map(Into::into)).collect()
    }

    /// The words as they are written.
    pub(super) fn source(&self) -> String {
        self.words().iter().map(|word| word.source).collect::<Vec<_>>().join(" ")
    }
}

/// What to do with the wrapper `text`.
pub(super) fn plan(text: &str) -> Result<Plan, Refusal> {
    let outline = Outline::of(text).ok_or_else(|| Refusal {
        message: "is too long to be understood".to_owned(),
        help: by_hand(ARGUMENTS),
    })?;
    let calls: Vec<_> = outline.commands().into_iter().filter(is_call).collect();
    if !calls.is_empty() {
        return dropped::called(&outline, &calls).map(Plan::Nothing);
    }
    // What only looks is none of tautline's business, whatever else it is given.
    let starts: Vec<_> = starts(&outline).into_iter().filter(|it| !is_other(&it.known())).collect();
    let Some(last) = starts.last() else {
        return Err(Refusal {
            message: "has no line that starts terragrunt with its own arguments".to_owned(),
            help: "put the lines that `tautline hook tg` prints in front of what does".to_owned(),
        });
    };
    let end = *outline.lines_around(&last.command).end();
    if let Some(line) = outline.first_error().filter(|line| *line <= end) {
        return Err(Refusal {
            message: format!("has in line {} what is not understood as shell", line + 1),
            help: by_hand(&last.source()),
        });
    }
    let mut guards = Vec::new();
    for start in &starts {
        let guard = guard::guard(&outline, start)?;
        if !guards.contains(&guard) {
            guards.push(guard);
        }
    }
    guards.sort_by_key(|guard| guard.line);
    let insertions: Vec<_> = guards.iter().map(|guard| insertion(guard, text)).collect();
    if !holds(&outline, &guards, &apply(&insertions, text)) {
        return Err(Refusal {
            message: "would be another program with the lines in it".to_owned(),
            help: by_hand(&last.source()),
        });
    }
    Ok(Plan::Add(insertions))
}

/// Whether the program in `text` is a wrapper around Terragrunt or Terraform: a shell script that hands its arguments on to one.
pub(in crate::cli) fn is_wrapper(text: &str) -> bool {
    is_shell(text) && Outline::of(text).is_some_and(|outline| !starts(&outline).is_empty())
}

/// Whether the program in `text` is run by a shell.
pub(super) fn is_shell(text: &str) -> bool {
    let interpreter = text.lines().next().and_then(|line| line.strip_prefix("#!"));
    interpreter.is_none_or(|line| {
        let mut words = line.split(|c: char| c == '/' || c.is_whitespace());
        words.any(|word| matches!(word, "sh" | "bash" | "dash" | "ash" | "ksh" | "zsh"))
    })
}

/// What to write where tautline does not, for a start with `words`.
pub(super) fn by_hand(words: &str) -> String {
    let words = words.replace('\n', " ");
    format!(
        "write in front of what starts terragrunt: `tautline hook run -- {words} >&2 || exit $?`"
    )
}

fn starts<'o>(outline: &'o Outline<'_>) -> Vec<Start<'o>> {
    outline.commands().into_iter().filter_map(Start::of).collect()
}

/// Whether a command is `tautline hook run`, however tautline is called there.
fn is_call(command: &Command<'_>) -> bool {
    let words: Vec<_> = command.words.iter().map(|word| word.text.as_deref()).collect();
    words.windows(2).any(|pair| pair == [Some("hook"), Some("run")])
}

fn insertion(guard: &Guard, text: &str) -> Insertion {
    let line = text.lines().nth(guard.line).unwrap_or_default();
    let indent = if guard.is_apart { "" } else { &line[..line.len() - line.trim_start().len()] };
    let lines = LINES.replace(ARGUMENTS, &guard.words);
    let mut added: Vec<_> = lines.lines().map(|line| format!("{indent}{line}")).collect();
    if guard.is_apart {
        added.insert(0, String::new());
    }
    Insertion { at: guard.line, added }
}

/// Whether `patched` is the script in `outline` with `guards`, and nothing in it has become something else.
fn holds(outline: &Outline<'_>, guards: &[Guard], patched: &str) -> bool {
    let Some(after) = Outline::of(patched) else { return false };
    let sources = |outline: &Outline<'_>| -> Vec<String> {
        starts(outline).iter().map(Start::source).collect()
    };
    let commands = after.commands();
    let calls: Vec<_> = commands.iter().filter(|it| is_call(it)).collect();
    let are_called = calls.len() == guards.len()
        && calls.iter().zip(guards).all(|(call, guard)| {
            let words = call.words.iter().skip_while(|word| word.source != "--").skip(1);
            let words: Vec<_> = words.map(|word| word.source).collect();
            let place = after.place_before(call);
            words.join(" ") == guard.words && place.is_some_and(|it| it.line == call.line)
        });
    let grew = outline.commands().len() + guards.len() * COMMANDS == commands.len();
    are_called
        && grew
        && sources(outline) == sources(&after)
        && outline.first_error().is_none() == after.first_error().is_none()
}

/// How many commands there are in [`LINES`].
const COMMANDS: usize = 4;

#[cfg(test)]
mod tests;
