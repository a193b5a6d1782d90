//! A script by its commands and statements, for whoever adds lines to one.
//!
//! Invariant: a place is only given where a line of its own can stand and is run before the command, in the same shell.

mod changes;
mod status;
#[cfg(test)]
mod tests;
mod word;

use std::ops::RangeInclusive;

use tree_sitter::Node as Syntax;

use super::LONGEST;
pub(super) use super::parsed::each_below;
use super::parsed::{Parsed, first_error};
use super::prepared::Prepared;

pub use changes::{Change, Changed};
pub use status::Lost;
pub use word::Word;

/// What a script consists of.
pub struct Outline<'t> {
    pub(super) source: Prepared<'t>,
    parsed: Parsed,
}

/// A command: a program, or a function of the script, and its words.
pub struct Command<'o> {
    pub(super) syntax: Syntax<'o>,
    /// The number of the line that it begins on, counted from 0.
    pub line: usize,
    /// The program and its arguments; no redirections.
    pub words: Vec<Word<'o>>,
    /// The variables that are set for it alone.
    pub sets: Vec<&'o str>,
}

/// Where lines can be added so that they are run before a command.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Place {
    /// The number of the line in front of which they belong, counted from 0.
    pub line: usize,
    /// The byte that what stands behind them begins at.
    pub start: usize,
    /// Whether that is a statement of the script itself, in no loop, branch or function.
    pub is_outermost: bool,
    /// Whether the command is run only under a condition, when what is added is run in any case.
    pub is_conditional: bool,
}

impl<'t> Outline<'t> {
    /// Reads a script; `None` where that would be too much work.
    pub fn of(text: &'t str) -> Option<Self> {
        if text.len() > LONGEST {
            return None;
        }
        let source = Prepared::script(text);
        let parsed = Parsed::of(&source.text)?;
        Some(Self { source, parsed })
    }

    pub(super) fn root(&self) -> Syntax<'_> {
        self.parsed.tree.root_node()
    }

    /// The line of the first thing that was not understood, counted from 0.
    pub fn first_error(&self) -> Option<usize> {
        let error = first_error(self.root()).map(|error| error.start_byte());
        let refused = self.parsed.refused.as_ref().map(|refused| refused.range.start);
        let at = error.into_iter().chain(refused).min()?;
        Some(self.line_of(at))
    }

    /// The commands, in the order in which they begin.
    pub fn commands(&self) -> Vec<Command<'_>> {
        let mut found = Vec::new();
        each_below(self.root(), &mut |node| {
            if node.kind() == "command" {
                found.push(self.command(node));
            }
            true
        });
        found
    }

    /// Whether `command` is run where a function is called.
    pub fn is_in_function(&self, command: &Command<'_>) -> bool {
        ancestors(command.syntax).any(|it| it.kind() == "function_definition")
    }

    /// The lines of the statement of the script itself that `command` is part of, counted from 0.
    pub fn lines_around(&self, command: &Command<'_>) -> RangeInclusive<usize> {
        let node = outermost(command.syntax).unwrap_or_else(|| self.root());
        let end = self.line_end(node.end_byte());
        node.start_position().row..=end.map_or(node.end_position().row, |end| self.line_of(end))
    }

    pub(super) fn command<'o>(&'o self, syntax: Syntax<'o>) -> Command<'o> {
        let mut words = Vec::new();
        let mut sets = Vec::new();
        let mut cursor = syntax.walk();
        for child in syntax.children(&mut cursor) {
            match child.kind() {
                "variable_assignment" => sets.extend(self.assigned_name(child)),
                kind if kind.ends_with("redirect") => self.behind_redirect(child, &mut words),
                _ if child.is_named() => words.push(Word::of(self, child)),
                _ => {}
            }
        }
        // Words may follow a redirection: `terragrunt >log "$@"`.
        if let Some(parent) = syntax.parent().filter(|it| it.kind() == "redirected_statement") {
            let mut cursor = parent.walk();
            let redirects = parent.children_by_field_name("redirect", &mut cursor);
            redirects.for_each(|redirect| self.behind_redirect(redirect, &mut words));
        }
        Command { syntax, line: syntax.start_position().row, words, sets }
    }

    /// The words that stand behind the target of a redirection.
    fn behind_redirect<'o>(&'o self, redirect: Syntax<'o>, words: &mut Vec<Word<'o>>) {
        let mut cursor = redirect.walk();
        let targets = redirect.children_by_field_name("destination", &mut cursor);
        words.extend(targets.skip(1).map(|word| Word::of(self, word)));
    }

    /// The variable that an assignment sets, of an array the whole.
    pub(super) fn assigned_name(&self, assignment: Syntax<'_>) -> Option<&str> {
        let name = assignment.child_by_field_name("name")?;
        let name = name.child_by_field_name("name").unwrap_or(name);
        Some(self.text(name))
    }

    pub(super) fn text(&self, node: Syntax<'_>) -> &str {
        self.source.original.get(node.byte_range()).unwrap_or_default()
    }

    /// The nearest place in front of `command`. `None` where there is none: it shares its line with what must come before it,
    /// or with the head of its function.
    pub fn place_before(&self, command: &Command<'_>) -> Option<Place> {
        let mut is_conditional = false;
        let mut node = command.syntax;
        loop {
            let parent = node.parent()?;
            if parent.kind() == "function_definition" {
                return None;
            }
            if is_statement(parent, node) && self.opens_line(node) && is_plain(parent) {
                return Some(Place {
                    line: node.start_position().row,
                    start: node.start_byte(),
                    is_outermost: parent.kind() == "program",
                    is_conditional,
                });
            }
            is_conditional |= is_branch(parent, node);
            node = parent;
        }
    }

    /// The number of the line behind the statement of the script itself that `command` is part of, and the byte that the
    /// line begins at. `None` where that is a function, or ends the script.
    pub fn behind_outermost(&self, command: &Command<'_>) -> Option<(usize, usize)> {
        let outermost = outermost(command.syntax)?;
        if outermost.kind() == "function_definition" {
            return None;
        }
        let mut end = outermost.end_byte();
        let mut cursor = self.root().walk();
        // Others may begin on the same line and go on below it.
        for statement in self.root().children(&mut cursor) {
            let line_end = self.line_end(end)?;
            if statement.start_byte() < line_end && statement.end_byte() > end {
                end = statement.end_byte();
            }
        }
        let at = self.line_end(end)? + 1;
        (at < self.source.original.len()).then(|| (self.line_of(at), at))
    }

    /// The end of the line of the byte `at`, with the here-documents that begin on it.
    fn line_end(&self, at: usize) -> Option<usize> {
        let mut end = at + self.source.original.get(at..)?.find('\n')?;
        for read in &self.parsed.documents {
            if read.document.body.start == end + 1 {
                end = read.document.end.checked_sub(1)?;
            }
        }
        self.source.original.as_bytes().get(end).is_some_and(|byte| *byte == b'\n').then_some(end)
    }

    fn line_of(&self, at: usize) -> usize {
        self.source.original.get(..at).unwrap_or_default().matches('\n').count()
    }

    /// Whether nothing stands before `node` on its line, and the line before does not go on.
    fn opens_line(&self, node: Syntax<'_>) -> bool {
        let before = self.source.original.get(..node.start_byte()).unwrap_or_default();
        let (above, indent) = before.rsplit_once('\n').unwrap_or(("", before));
        indent.trim().is_empty() && !above.ends_with('\\')
    }
}

fn ancestors(node: Syntax<'_>) -> impl Iterator<Item = Syntax<'_>> {
    std::iter::successors(Some(node), Syntax::parent)
}

/// The statement of the script itself that holds `node`.
pub(super) fn outermost(node: Syntax<'_>) -> Option<Syntax<'_>> {
    ancestors(node).find(|it| it.parent().is_some_and(|parent| parent.kind() == "program"))
}

/// Whether `node` stands behind the first `word` of `parent`.
fn is_behind(parent: Syntax<'_>, word: &str, node: Syntax<'_>) -> bool {
    let mut cursor = parent.walk();
    let found = parent.children(&mut cursor).find(|child| child.kind() == word);
    found.is_some_and(|found| found.end_byte() <= node.start_byte())
}

/// Whether `node` is one of the statements that `parent` runs one after the other.
fn is_statement(parent: Syntax<'_>, node: Syntax<'_>) -> bool {
    match parent.kind() {
        "program" | "do_group" => node.is_named(),
        "compound_statement" => is_behind(parent, "{", node),
        // The body of a function; other ones have variables and a directory of their own.
        "subshell" => {
            node.is_named() && parent.parent().is_some_and(|it| it.kind() == "function_definition")
        }
        "if_statement" => {
            !matches!(node.kind(), "elif_clause" | "else_clause") && is_behind(parent, "then", node)
        }
        "elif_clause" => is_behind(parent, "then", node),
        "else_clause" => is_behind(parent, "else", node),
        "case_item" => is_behind(parent, ")", node),
        _ => false,
    }
}

/// Whether `parent` runs `node` only where something else comes out as it should.
fn is_branch(parent: Syntax<'_>, node: Syntax<'_>) -> bool {
    match parent.kind() {
        "if_statement" => is_behind(parent, "then", node),
        "elif_clause" | "else_clause" | "case_item" | "do_group" => true,
        "list" => node.prev_sibling().is_some(),
        _ => false,
    }
}

/// Whether the statements in `list` are run by the shell that runs the script or the function, and not to see how they end.
fn is_plain(list: Syntax<'_>) -> bool {
    let mut node = list;
    loop {
        let Some(parent) = node.parent() else { return true };
        let passes = match parent.kind() {
            "function_definition" => return true,
            "program" | "for_statement" | "c_style_for_statement" | "case_statement" => true,
            "while_statement" => node.kind() == "do_group",
            "redirected_statement" => !node.kind().ends_with("redirect"),
            "if_statement" if matches!(node.kind(), "elif_clause" | "else_clause") => true,
            _ => is_statement(parent, node),
        };
        if !passes {
            return false;
        }
        node = parent;
    }
}
