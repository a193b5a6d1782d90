//! The place of one check, and what it is called with.
//!
//! Invariant: at the place, the words mean what they will mean where Terragrunt is started, and the directory is the same.

use super::called::called;
use super::derived::{is_all, is_from_arguments};
use super::run::DIRECTORIES;
use super::wrapper::{ARGUMENTS, Refusal, Start, by_hand};
use crate::syntax::language::outline::{Change, Changed, Command, Outline, Word};

/// A check to add.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Guard {
    /// The number of the line in front of which it comes, counted from 0.
    pub(super) line: usize,
    /// What `tautline hook run` is given.
    pub(super) words: String,
    /// Whether it stands apart from that line: it belongs to what is above.
    pub(super) is_apart: bool,
}

/// The check before `start`: behind the last checker that the wrapper calls, else in front of the start.
pub(super) fn guard(outline: &Outline<'_>, start: &Start<'_>) -> Result<Guard, Refusal> {
    let line = start.command.line + 1;
    let refuse = |message: String, help: String| Err(Refusal { message, help });
    for word in start.words() {
        let many_lines = || word.source.contains('\n').then_some("a word of several lines");
        if let Some(what) = word.computes.or_else(many_lines) {
            let what = what.lines().next().unwrap_or_default();
            let message = format!(
                "starts terragrunt in line {line} with `{what}`, which a check would have to repeat"
            );
            let help = "give it a name first: `value=…`, and then `terragrunt … \"$value\"`";
            return refuse(message, help.to_owned());
        }
    }
    if let Some(what) = moves(start) {
        let message = format!("starts terragrunt in line {line} in another directory, by `{what}`");
        return refuse(message, "go there first, by a line of its own: `cd DIRECTORY`".to_owned());
    }
    if let Some(guard) = behind_checkers(outline, start) {
        return Ok(guard);
    }
    let Some(place) = outline.place_before(&start.command) else {
        let message = format!("has no room in front of terragrunt in line {line}");
        return refuse(
            message,
            "let the statement begin a line of its own, and run this again".to_owned(),
        );
    };
    let changes = outline.changes_before(place.start, &start.command);
    if let Some(change) = changes.iter().find(|change| matters(change, start)) {
        let source = change.source;
        let message = format!(
            "has no room between `{source}` in line {} and terragrunt in line {line}, which goes by it",
            change.line + 1
        );
        return refuse(message, by_hand(&start.source()));
    }
    // Where it is not run, it must not stop anything: `plan) terragrunt plan "$@" ;;`.
    if place.is_conditional && called(&start.known()).is_some() {
        let message =
            format!("has no room in front of terragrunt in line {line}, behind what decides on it");
        let help =
            "let terragrunt begin a line of its own, between `then` and `fi`, and run this again";
        return refuse(message, help.to_owned());
    }
    Ok(Guard { line: place.line, words: start.source(), is_apart: false })
}

/// The check behind the last checker that is called before `start`, if what it needs is known there.
fn behind_checkers(outline: &Outline<'_>, start: &Start<'_>) -> Option<Guard> {
    if outline.is_in_function(&start.command) {
        return None;
    }
    let is_outermost = outline.place_before(&start.command).is_some_and(|it| it.is_outermost);
    let first = *outline.lines_around(&start.command).start();
    let checkers = outline.commands().into_iter().filter(|it| it.line < first && calls_checker(it));
    let behind = checkers.filter_map(|it| outline.behind_outermost(&it));
    let (line, at) = behind.filter(|(line, _)| *line <= first).last()?;
    let changes = outline.changes_before(at, &start.command);
    let is_given = matches!(start.words(), [word] if is_all(word));
    let words = if (is_outermost || is_given) && !changes.iter().any(|it| matters(it, start)) {
        start.source()
    } else if is_from_arguments(start.words(), &changes) {
        ARGUMENTS.to_owned()
    } else {
        return None;
    };
    Some(Guard { line, words, is_apart: true })
}

/// Whether the words of `start` may not be what they are where terragrunt is started, or the directory.
fn matters(change: &Change<'_>, start: &Start<'_>) -> bool {
    let names = |name: &str| start.words().iter().any(|word| word.variables.contains(&name));
    match &change.what {
        Changed::Value { name, .. } | Changed::Variable(name) => {
            names(name) || DIRECTORIES.contains(name)
        }
        Changed::Arguments => start.words().iter().any(Word::names_arguments),
        Changed::Directory | Changed::Anything => true,
    }
}

/// What in front of terragrunt has it work in another directory.
fn moves<'o>(start: &Start<'o>) -> Option<&'o str> {
    let is_variable =
        |word: &str| word.split_once('=').is_some_and(|(name, _)| DIRECTORIES.contains(&name));
    let is_option = |word: &str| {
        word.starts_with("-C") || word.starts_with("--chdir") || word.starts_with("-D")
    };
    let set = start.command.sets.iter().copied().find(|name| DIRECTORIES.contains(name));
    let words = || start.prefix().iter().map(|word| word.source);
    set.or_else(|| words().find(|word| is_variable(word) || is_option(word)))
}

/// Whether a command calls a checker: one of its words is like `scripts/check-ingress.py`.
fn calls_checker(command: &Command<'_>) -> bool {
    let is_shown = command.words.first().is_some_and(|it| matches!(it.source, "echo" | "printf"));
    let is_checker = |name: &str| {
        name.strip_suffix(".py")
            .is_some_and(|name| ["check", "lint", "validate"].iter().any(|it| name.contains(it)))
    };
    !is_shown && command.words.iter().any(|word| is_checker(word.program()))
}
