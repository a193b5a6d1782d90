//! Variables of which a script certainly knows what they say: `K="kubectl -n x"; $K get pods` gets pods.
//!
//! Invariant: certain is what is assigned once, as a constant, by a statement of the script itself that stands before the use, and
//! that nothing else in the script could change. Everything else stays open.

use std::collections::{HashMap, HashSet};

use tree_sitter::Node as Syntax;

use super::parsed::{Parsed, each_below};
use super::prepared::Prepared;
use super::words;
use crate::syntax::language::build;
use crate::syntax::yaml::{Node, NodeKind};

/// Commands that set variables whose names they are given.
const SETTERS: [&str; 7] = ["read", "mapfile", "readarray", "getopts", "printf", "let", "wait"];
/// Commands after which nobody can tell what is set.
const OPAQUE: [&str; 3] = ["eval", "source", "."];

/// The constants of a script.
#[derive(Default)]
pub(super) struct Constants {
    /// What each says, and where its assignment ends.
    known: HashMap<String, (String, usize)>,
}

impl Constants {
    /// Those of a script.
    pub(super) fn of(source: &Prepared<'_>, parsed: &Parsed) -> Self {
        let mut found = Found { source, known: HashMap::new(), changed: HashSet::new() };
        let in_documents = parsed.documents.iter().flat_map(|read| &read.trees);
        for tree in std::iter::once(&parsed.tree).chain(in_documents) {
            let mut is_clear = true;
            each_below(tree.root_node(), &mut |node| {
                is_clear = is_clear && (!node.is_named() || found.visit(node));
                is_clear
            });
            if !is_clear {
                return Self::default();
            }
        }
        for expanded in parsed.documents.iter().flat_map(|read| &read.expanded) {
            found.expanded(&source.text[expanded.clone()]);
        }
        let Found { mut known, changed, .. } = found;
        // Words are split where it says so.
        if known.contains_key("IFS") || changed.contains("IFS") {
            return Self::default();
        }
        known.retain(|name, _| !changed.contains(name));
        Self { known }
    }

    /// The words that the first word of a command becomes, where it is a constant and nothing else. What a command is given stays as
    /// it is written: there a variable has a meaning of its own.
    pub(super) fn words(&self, source: &Prepared<'_>, syntax: Syntax<'_>) -> Option<Vec<Node>> {
        if self.known.is_empty() {
            return None;
        }
        let mut inner = only_child(syntax).filter(|_| syntax.kind() == "command_name")?;
        let is_quoted = inner.kind() == "string";
        if is_quoted {
            let range = inner.start_byte() + 1..inner.end_byte().saturating_sub(1);
            inner = only_child(inner).filter(|only| only.byte_range() == range)?;
        }
        let name = match inner.kind() {
            "simple_expansion" => &source.text[inner.start_byte() + 1..inner.end_byte()],
            "expansion" => source.text[inner.byte_range()].strip_prefix("${")?.strip_suffix('}')?,
            _ => return None,
        };
        let (value, end) = self.known.get(name)?;
        if inner.start_byte() < *end || !is_quoted && value.contains(['*', '?', '[']) {
            return None;
        }
        let range = source.outer(inner.byte_range());
        let word = |word: &str| {
            // What is written there is the name of it, and no part of its text.
            let is_as_long = usize::from(word.len() == range.len());
            build::text(word, range.slice(is_as_long, range.len() - is_as_long))
        };
        if is_quoted {
            return Some(vec![word(value)]);
        }
        Some(value.split_ascii_whitespace().map(word).collect())
    }
}

struct Found<'p, 't> {
    source: &'p Prepared<'t>,
    known: HashMap<String, (String, usize)>,
    /// What is set in other ways.
    changed: HashSet<String>,
}

impl<'p> Found<'p, '_> {
    /// Whether there may be constants still.
    fn visit(&mut self, syntax: Syntax<'_>) -> bool {
        match syntax.kind() {
            "variable_assignment" => self.assignment(syntax),
            "for_statement" | "c_style_for_statement" => {
                let variable = syntax.child_by_field_name("variable");
                self.changed.extend(variable.map(|it| self.text(it).to_owned()));
            }
            "unset_command" => self.all_names(self.text(syntax)),
            // `export K` leaves it as it is; `local K` makes another of it.
            "declaration_command" => {
                let word = syntax.child(0).map_or("", |it| self.text(it));
                if !matches!(word, "export" | "readonly") {
                    self.all_names(self.text(syntax));
                }
            }
            "command" => {
                let name = syntax.child_by_field_name("name").map_or("", |it| self.text(it));
                if OPAQUE.contains(&name) {
                    return false;
                }
                if SETTERS.contains(&name) {
                    self.all_names(self.text(syntax));
                }
            }
            // `${K:=x}`, `$((K = 1))`, `((K++))`
            "expansion" | "arithmetic_expansion" | "compound_statement" => {
                self.expanded(self.text(syntax));
            }
            _ => {}
        }
        true
    }

    /// `${…}` and `((…))` may set what is named there.
    fn expanded(&mut self, text: &str) {
        let computes = ["${", "$((", "(("].iter().any(|opening| text.starts_with(opening));
        if computes && ["=", "++", "--"].iter().any(|operator| text.contains(operator)) {
            self.all_names(text);
        }
    }

    fn assignment(&mut self, syntax: Syntax<'_>) {
        let Some(name) = syntax.child_by_field_name("name") else { return };
        let name = self.text(name).split('[').next().unwrap_or_default().to_owned();
        let constant = syntax
            .child_by_field_name("value")
            .filter(|_| self.is_statement(syntax))
            .and_then(|value| self.constant(value));
        match constant {
            Some(value) if !self.known.contains_key(&name) => {
                self.known.insert(name, (value, syntax.end_byte()));
            }
            _ => drop(self.changed.insert(name)),
        }
    }

    /// Whether it is a statement of the script: in no function, condition or loop, nor for one command alone.
    fn is_statement(&self, syntax: Syntax<'_>) -> bool {
        let mut statement = syntax;
        while let Some(parent) = statement.parent().filter(|it| it.kind() != "program") {
            let is_export = parent.kind() == "declaration_command"
                && parent.child(0).is_some_and(|it| matches!(self.text(it), "export" | "readonly"));
            if parent.kind() != "variable_assignments" && !is_export {
                return false;
            }
            statement = parent;
        }
        let mut cursor = syntax.walk();
        let appends = syntax.children(&mut cursor).any(|child| child.kind() == "+=");
        // In the background it is another shell's.
        !appends && statement.next_sibling().is_none_or(|next| next.kind() != "&")
    }

    /// The text that `value` says whatever happens.
    fn constant(&self, value: Syntax<'_>) -> Option<String> {
        // A `~` is expanded.
        let is_plain = matches!(value.kind(), "word" | "number") && !self.text(value).contains('~');
        if !is_plain && !matches!(value.kind(), "string" | "raw_string") {
            return None;
        }
        match words::word(self.source, value).kind {
            NodeKind::Scalar { value, .. } => Some(value.into()),
            _ => None,
        }
    }

    /// Takes every name in `text` for one that is set.
    fn all_names(&mut self, text: &str) {
        let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let names = text.split(|c| !is_part(c)).filter(|word| !word.is_empty());
        self.changed.extend(names.map(str::to_owned));
    }

    fn text(&self, syntax: Syntax<'_>) -> &'p str {
        &self.source.text[syntax.byte_range()]
    }
}

fn only_child(syntax: Syntax<'_>) -> Option<Syntax<'_>> {
    syntax.named_child(0).filter(|_| syntax.named_child_count() == 1)
}
