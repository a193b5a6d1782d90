//! Whether a script goes on whatever the exit code of a command is.
//!
//! Invariant: it is lost only where nothing in the script can stop for it. What may look at it is taken to do so.

use tree_sitter::Node as Syntax;

use super::{Command, Outline, each_below, is_behind, is_statement};

/// How the exit code of a command comes to nothing.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Lost<'o> {
    /// What is run where it fails only says so, if that.
    Swallowed(&'o str),
    /// The script goes on with the next statement.
    Unread,
    /// A pipe ends as its last command does.
    Piped,
    /// It is not waited for.
    Background,
    /// All that an `if` decides on goes on.
    Undecided,
    /// `!` turns it around, and nobody looks.
    Negated,
}

/// Commands after which a script goes on.
const HARMLESS: [&str; 4] = ["true", ":", "echo", "printf"];
/// Commands by which a script may look at exit codes, or have the shell do so, in a way that is not followed here.
const READERS: [&str; 5] = ["wait", "eval", "source", ".", "shopt"];

/// What happens with an exit code on the way out of the statements around a command.
enum Step<'o> {
    Lost(Lost<'o>),
    /// Something may stop for it.
    Heeded,
    /// It is that of the node.
    Of(Syntax<'o>),
}

impl Outline<'_> {
    /// How the exit code of `command` comes to nothing; `None` where something may stop for it.
    pub fn lost_status<'o>(&'o self, command: &Command<'o>) -> Option<Lost<'o>> {
        if self.source.original.contains("PIPESTATUS") || self.commands().iter().any(may_read) {
            return None;
        }
        let mut node = command.syntax;
        let mut tests = false;
        loop {
            match self.step(node, &mut tests) {
                Step::Lost(lost) => return Some(lost),
                Step::Heeded => return None,
                Step::Of(around) => node = around,
            }
        }
    }

    /// One step out of `node`; whether its failure `tests` something, so that `set -e` does not stop for it.
    fn step<'o>(&'o self, node: Syntax<'o>, tests: &mut bool) -> Step<'o> {
        let Some(parent) = node.parent() else { return Step::Heeded };
        match parent.kind() {
            "list" if node.prev_sibling().is_none() => self.in_list(parent, node, tests),
            "redirected_statement" | "list" | "case_statement" => Step::Of(parent),
            "pipeline" => {
                let is_last = node.next_named_sibling().is_none();
                let passes = is_last || self.sets_option(node, "pipefail", None);
                if passes { Step::Of(parent) } else { Step::Lost(Lost::Piped) }
            }
            "negated_command" => self.negated(parent),
            "if_statement" if !is_behind(parent, "then", node) => self.in_condition(parent, node),
            "elif_clause" if !is_behind(parent, "then", node) => Step::Heeded,
            "program" | "do_group" | "compound_statement" | "subshell" | "case_item"
            | "if_statement" | "elif_clause" | "else_clause" => {
                self.statement(parent, node, *tests)
            }
            _ => Step::Heeded,
        }
    }

    /// The left side of `&&` or `||`.
    fn in_list<'o>(&'o self, list: Syntax<'o>, node: Syntax<'o>, tests: &mut bool) -> Step<'o> {
        *tests = true;
        let Some(right) = node.next_named_sibling().filter(|it| self.is_harmless(*it)) else {
            return Step::Heeded;
        };
        match node.next_sibling() {
            Some(operator) if operator.kind() == "&&" => Step::Of(list),
            _ => Step::Lost(Lost::Swallowed(self.first_line(right))),
        }
    }

    /// Behind `!`: lost where that is a statement of its own.
    fn negated<'o>(&'o self, negated: Syntax<'o>) -> Step<'o> {
        let Some(parent) = negated.parent() else { return Step::Heeded };
        if parent.kind() == "if_statement" && !is_behind(parent, "then", negated) {
            return self.in_condition(parent, negated);
        }
        let is_read = negated.next_named_sibling().is_none_or(|it| self.reads_status(it));
        let is_lost = is_statement(parent, negated) && !is_read;
        if is_lost { Step::Lost(Lost::Negated) } else { Step::Heeded }
    }

    /// In the condition of an `if`: lost where all that it decides on goes on.
    fn in_condition<'o>(&'o self, statement: Syntax<'o>, node: Syntax<'o>) -> Step<'o> {
        let mut cursor = statement.walk();
        let mut behind = statement
            .named_children(&mut cursor)
            .filter(|it| it.start_byte() >= node.end_byte() && it.kind() != "comment");
        if behind.all(|it| self.is_harmless(it)) {
            return Step::Lost(Lost::Undecided);
        }
        Step::Heeded
    }

    /// One of the statements that `list` runs one after the other.
    fn statement<'o>(&'o self, list: Syntax<'o>, node: Syntax<'o>, tests: bool) -> Step<'o> {
        if node.next_sibling().is_some_and(|it| it.kind() == "&") {
            return Step::Lost(Lost::Background);
        }
        let mut next = node.next_named_sibling();
        while let Some(comment) = next.filter(|it| it.kind() == "comment") {
            next = comment.next_named_sibling();
        }
        let is_last = next.is_none_or(|it| matches!(it.kind(), "elif_clause" | "else_clause"));
        if is_last {
            return if list.kind() == "program" { Step::Heeded } else { Step::Of(list) };
        }
        if next.is_some_and(|it| self.reads_status(it)) {
            return Step::Heeded;
        }
        let stops = !tests && self.sets_option(node, "errexit", Some('e'));
        if stops { Step::Heeded } else { Step::Lost(Lost::Unread) }
    }

    /// Whether nothing below `node` ends the script, or keeps what it may end by.
    fn is_harmless(&self, node: Syntax<'_>) -> bool {
        let mut is_harmless = true;
        each_below(node, &mut |below| {
            match below.kind() {
                "command" => {
                    let words = self.command(below).words;
                    let program = words.first().and_then(|it| it.text.as_deref());
                    is_harmless &= program.is_some_and(|it| HARMLESS.contains(&it));
                }
                "variable_assignment" | "declaration_command" | "negated_command" => {
                    is_harmless = false;
                }
                _ => {}
            }
            is_harmless
        });
        is_harmless
    }

    fn reads_status(&self, node: Syntax<'_>) -> bool {
        self.text(node).contains("$?") || self.text(node).contains("${?}")
    }

    /// Whether a command in front of `node` may set the option `name` of the shell, or `letter` for short; so may the first line.
    fn sets_option(&self, node: Syntax<'_>, name: &str, letter: Option<char>) -> bool {
        let has_letter = |word: &str| {
            let letters = word.strip_prefix('-').filter(|it| !it.starts_with('-'));
            letter.is_some_and(|it| letters.is_some_and(|letters| letters.contains(it)))
        };
        let first = self.source.original.lines().next().filter(|it| it.starts_with("#!"));
        first.is_some_and(|it| it.split_whitespace().skip(1).any(has_letter))
            || self.commands().iter().any(|command| {
                let words = &command.words;
                let is_set = words.first().is_some_and(|it| it.source == "set");
                let sets = |it: &str| it == name || has_letter(it);
                let is_before =
                    command.syntax.start_byte() < node.start_byte() || self.is_in_function(command);
                is_set && is_before && words.iter().any(|word| sets(word.source))
            })
    }

    fn first_line(&self, node: Syntax<'_>) -> &str {
        self.text(node).lines().next().unwrap_or_default()
    }
}

/// Whether `command` may do something for an exit code that is not followed.
fn may_read(command: &Command<'_>) -> bool {
    let Some(first) = command.words.first() else { return false };
    let is_trap =
        first.source == "trap" && command.words.iter().any(|it| it.source.contains("ERR"));
    is_trap || READERS.contains(&first.source)
}
