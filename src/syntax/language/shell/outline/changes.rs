//! What a part of a script changes that words of a later command rest on.
//!
//! Invariant: in doubt it is a change. What only a run could tell (`eval`, a file that is sourced) may change anything.

use std::collections::BTreeSet;

use tree_sitter::Node as Syntax;

use super::{Command, Outline, Word, ancestors, each_below};

/// What is changed.
pub enum Changed<'o> {
    /// A variable gets words.
    Value {
        /// The variable.
        name: &'o str,
        /// The words: one, or those in an array, or each of them in turn.
        words: Vec<Word<'o>>,
        /// Whether it keeps what it had.
        keeps: bool,
    },
    /// A variable, in another way.
    Variable(&'o str),
    /// The script's own arguments.
    Arguments,
    /// The working directory.
    Directory,
    /// That is not known.
    Anything,
}

/// A change and its place.
pub struct Change<'o> {
    /// What is changed.
    pub what: Changed<'o>,
    /// The number of the line, counted from 0.
    pub line: usize,
    /// As it is written.
    pub source: &'o str,
}

/// Commands that set the variables that they are given.
const SETTERS: [&str; 7] = ["read", "mapfile", "readarray", "getopts", "printf", "let", "unset"];

impl Outline<'_> {
    /// What changes from the byte `from` on, at which a statement begins, until `command` is run; where the statement is a
    /// loop around the command, until it is run for the last time.
    pub fn changes_before<'o>(&'o self, from: usize, command: &Command<'o>) -> Vec<Change<'o>> {
        let loops =
            ancestors(command.syntax).take_while(|node| node.start_byte() >= from).filter(|node| {
                node.kind().ends_with("for_statement") || node.kind() == "while_statement"
            });
        let to = loops.last().map_or(command.syntax.start_byte(), |it| it.end_byte());
        let mut changes = Vec::new();
        let mut reader = Reader { outline: self, known: BTreeSet::new(), changes: &mut changes };
        each_below(self.root(), &mut |node| {
            if node.end_byte() <= from || node.start_byte() >= to {
                return false;
            }
            let holds = node.start_byte() <= command.syntax.start_byte()
                && node.end_byte() >= command.syntax.end_byte();
            if node.start_byte() < from {
                return true;
            }
            reader.look(node, holds)
        });
        changes
    }
}

struct Reader<'o, 'c> {
    outline: &'o Outline<'o>,
    /// The functions that were looked into.
    known: BTreeSet<&'o str>,
    changes: &'c mut Vec<Change<'o>>,
}

impl<'o> Reader<'o, '_> {
    /// Notes what `node` changes; whether what is below it counts. It `holds` the command that all is about.
    fn look(&mut self, node: Syntax<'o>, holds: bool) -> bool {
        match node.kind() {
            // What is changed there is not changed outside.
            "function_definition"
            | "subshell"
            | "command_substitution"
            | "process_substitution" => {
                return holds;
            }
            "command" => self.command(node),
            "variable_assignment" => self.assignment(node),
            "for_statement" => {
                let mut cursor = node.walk();
                let values = node.children_by_field_name("value", &mut cursor);
                let words: Vec<_> = values.map(|it| Word::of(self.outline, it)).collect();
                let name = node.child_by_field_name("variable").map(|it| self.outline.text(it));
                if let Some(name) = name {
                    // Without `in …` it goes through the arguments; that is not said by a word.
                    self.note(
                        node,
                        if words.is_empty() {
                            Changed::Variable(name)
                        } else {
                            Changed::Value { name, words, keeps: false }
                        },
                    );
                }
            }
            "declaration_command" | "unset_command" => {
                let mut cursor = node.walk();
                let words = node.named_children(&mut cursor);
                for word in words.filter(|it| it.kind() != "variable_assignment") {
                    self.named(node, &Word::of(self.outline, word));
                }
            }
            "postfix_expression" | "unary_expression" | "binary_expression" => {
                let name = name_in(self.outline.text(node));
                let sets = node.child_by_field_name("operator").map(|it| self.outline.text(it));
                let sets = sets.is_some_and(|it| it == "++" || it == "--" || it.ends_with('='));
                if sets && !name.is_empty() {
                    self.note(node, Changed::Variable(name));
                }
            }
            // `${NAME:=value}`
            "expansion" if self.outline.text(node).contains('=') => {
                let name = node.named_child(0).map(|it| self.outline.text(it));
                self.note(node, Changed::Variable(name_in(name.unwrap_or_default())));
            }
            _ => {}
        }
        true
    }

    fn note(&mut self, node: Syntax<'o>, what: Changed<'o>) {
        let source = self.outline.text(node);
        let source = source.lines().next().unwrap_or(source);
        self.changes.push(Change { what, line: node.start_position().row, source });
    }

    /// Notes that the variable is changed which `word` names; which one that is, only a run may tell.
    fn named(&mut self, node: Syntax<'o>, word: &Word<'o>) {
        let name = name_in(word.source);
        let is_element = word.source.trim_matches(['"', '\'']).get(name.len()..);
        let is_element = !name.is_empty() && is_element.is_some_and(|it| it.starts_with('['));
        let is_known = is_element || word.text.is_some();
        self.note(node, if is_known { Changed::Variable(name) } else { Changed::Anything });
    }

    fn assignment(&mut self, node: Syntax<'o>) {
        let is_for_one_command = node.parent().is_some_and(|it| it.kind() == "command");
        let Some(name) = self.outline.assigned_name(node).filter(|_| !is_for_one_command) else {
            return;
        };
        let is_element =
            node.child_by_field_name("name").is_some_and(|it| it.kind() == "subscript");
        if is_element {
            return self.note(node, Changed::Variable(name));
        }
        let mut words = Vec::new();
        match node.child_by_field_name("value") {
            Some(array) if array.kind() == "array" => {
                let mut cursor = array.walk();
                let elements =
                    array.named_children(&mut cursor).filter(|it| it.kind() != "comment");
                words.extend(elements.map(|it| Word::of(self.outline, it)));
            }
            Some(value) => words.push(Word::of(self.outline, value)),
            None => {}
        }
        let mut cursor = node.walk();
        let keeps = node.children(&mut cursor).any(|it| it.kind() == "+=");
        self.note(node, Changed::Value { name, words, keeps });
    }

    fn command(&mut self, node: Syntax<'o>) {
        let command = self.outline.command(node);
        let mut words = command
            .words
            .iter()
            .skip_while(|word| matches!(word.text.as_deref(), Some("command" | "builtin")));
        let Some(program) = words.next().and_then(|it| it.text.clone()) else { return };
        let rest: Vec<&Word<'_>> = words.collect();
        match program.as_str() {
            "shift" => self.note(node, Changed::Arguments),
            "set" => {
                let is_option = |word: &&&Word<'_>| {
                    word.text.as_deref().is_some_and(|it| it.starts_with(['-', '+']) && it != "--")
                };
                // `set -o pipefail`: the word behind `-o` is the name of an option.
                let has_name = rest.first().and_then(|it| it.text.as_deref());
                let has_name = has_name.is_some_and(|it| it.ends_with('o') && it != "--");
                let names = if has_name { 2 } else { 0 };
                if rest.iter().skip(names).any(|word| !is_option(&word)) {
                    self.note(node, Changed::Arguments);
                }
            }
            "cd" | "pushd" | "popd" => self.note(node, Changed::Directory),
            "eval" | "source" | "." => self.note(node, Changed::Anything),
            name if SETTERS.contains(&name) => {
                for word in rest {
                    self.note(node, Changed::Variable(name_in(word.source)));
                }
            }
            name => self.call(name),
        }
    }

    /// What the function `name` of the script changes. Its arguments are its own.
    fn call(&mut self, name: &str) {
        let mut found = None;
        each_below(self.outline.root(), &mut |node| {
            let own = node.child_by_field_name("name").map(|it| self.outline.text(it));
            if node.kind() == "function_definition" && own == Some(name) {
                found = own.zip(node.child_by_field_name("body"));
            }
            true
        });
        let Some((_, body)) = found.filter(|(name, _)| self.known.insert(name)) else { return };
        let before = self.changes.len();
        each_below(body, &mut |node| {
            self.look(node, node.id() == body.id() && node.kind() != "subshell")
        });
        let mut at = 0;
        self.changes.retain(|change| {
            at += 1;
            at <= before || !matches!(change.what, Changed::Arguments)
        });
    }
}

/// The variable that `word` names: of `'args[0]'` it is `args`.
fn name_in(word: &str) -> &str {
    let word = word.trim_matches(['"', '\'']);
    let end = word.find(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    &word[..end.unwrap_or(word.len())]
}
