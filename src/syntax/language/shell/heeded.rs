//! Which commands of a script may fail without ending it under `set -e`, and which tests ask what came of one.
//!
//! Invariant: a status that something may ask for is taken to be asked for; so is one that the shell keeps to itself.

use std::collections::{HashMap, HashSet};

use rustc_hash::FxHashSet;
use tree_sitter::Node as Syntax;

/// Whose status is asked for, while the nodes of a script are met in order.
#[derive(Default)]
pub(super) struct Heeded {
    /// Nodes to come whose status is asked for.
    marked: FxHashSet<usize>,
    /// The nodes around that decide it for all in them, innermost last, each with where it ends.
    around: Vec<(usize, bool)>,
    /// Each call that may be of a function: its name, the function it stands in, and whether its status is asked for.
    calls: Vec<(String, Option<String>, bool)>,
}

impl Heeded {
    /// Whether the status of `node` is asked for; it is the next that is met.
    pub(super) fn meet(&mut self, node: Syntax<'_>) -> bool {
        while self.around.last().is_some_and(|(end, _)| *end <= node.start_byte()) {
            self.around.pop();
        }
        match node.kind() {
            "function_definition" => self.around.push((node.end_byte(), false)),
            // bash takes `set -e` back in there.
            "command_substitution" | "process_substitution" => {
                self.marked.insert(node.id());
            }
            "list" => self.mark(node, |place, _| place == 0),
            "pipeline" => self.mark(node, |place, all| place + 1 < all),
            "negated_command" => self.mark(node, |_, _| true),
            "if_statement" | "elif_clause" | "while_statement" => self.mark_condition(node),
            _ => {}
        }
        if self.marked.remove(&node.id()) {
            self.around.push((node.end_byte(), true));
        }
        self.is_asked()
    }

    fn is_asked(&self) -> bool {
        self.around.last().is_some_and(|(_, asked)| *asked)
    }

    /// Reads trees that stand elsewhere, of commands whose status nobody hears of.
    pub(super) fn apart(&mut self) -> Vec<(usize, bool)> {
        std::mem::replace(&mut self.around, vec![(usize::MAX, true)])
    }

    /// Goes on where [`Heeded::apart`] was called.
    pub(super) fn back(&mut self, around: Vec<(usize, bool)>) {
        self.around = around;
    }

    pub(super) fn call(&mut self, name: &str, function: Option<&str>) {
        let asked = self.is_asked();
        self.calls.push((name.to_owned(), function.map(str::to_owned), asked));
    }

    fn mark(&mut self, node: Syntax<'_>, is_marked: fn(usize, usize) -> bool) {
        let mut cursor = node.walk();
        let children: Vec<_> =
            node.named_children(&mut cursor).filter(|it| it.kind() != "comment").collect();
        let all = children.len();
        let marked = children.into_iter().enumerate();
        let marked = marked.filter(|(place, _)| is_marked(*place, all));
        self.marked.extend(marked.map(|(_, child)| child.id()));
    }

    fn mark_condition(&mut self, node: Syntax<'_>) {
        let mut cursor = node.walk();
        let condition = node
            .children(&mut cursor)
            .take_while(|child| !matches!(child.kind(), "then" | "do_group"))
            .filter(Syntax::is_named);
        self.marked.extend(condition.map(|child| child.id()));
    }

    /// Those of `functions` that are called where their status is asked for, or nowhere.
    pub(super) fn functions<'f>(
        &self,
        functions: impl Iterator<Item = &'f str>,
    ) -> HashSet<&'f str> {
        let mut called: HashSet<&str> = HashSet::new();
        let mut inside: HashMap<&str, Vec<&str>> = HashMap::new();
        let mut open: Vec<&str> = Vec::new();
        for (name, function, asked) in &self.calls {
            called.insert(name);
            match function {
                _ if *asked => open.push(name),
                Some(function) => inside.entry(function).or_default().push(name),
                None => {}
            }
        }
        let functions: Vec<_> = functions.collect();
        open.extend(functions.iter().filter(|it| !called.contains(**it)));
        let mut asked = HashSet::new();
        while let Some(name) = open.pop() {
            if asked.insert(name) {
                open.extend(inside.get(name).into_iter().flatten());
            }
        }
        functions.into_iter().filter(|it| asked.contains(it)).collect()
    }
}

/// Whether the condition of an `if` around `node` ran `command` with success: `if command -v x; then X=$(command -v x); fi`.
pub(super) fn is_tried(text: &str, node: Syntax<'_>, command: Syntax<'_>) -> bool {
    let Some(command) = text.get(command.byte_range()) else { return false };
    let mut inner = node;
    while let Some(outer) = inner.parent() {
        // What is only defined here is run later.
        if outer.kind() == "function_definition" {
            return false;
        }
        let is_branch = matches!(outer.kind(), "if_statement" | "elif_clause")
            && !matches!(inner.kind(), "elif_clause" | "else_clause");
        if is_branch && succeeded(text, outer, inner.start_byte(), command) {
            return true;
        }
        inner = outer;
    }
    false
}

/// Whether `command` is the condition of `branch`, or one of several that all had to succeed. The condition ends before `body`.
fn succeeded(text: &str, branch: Syntax<'_>, body: usize, command: &str) -> bool {
    let mut cursor = branch.walk();
    let mut condition: Vec<_> = branch
        .children(&mut cursor)
        .take_while(|child| child.kind() != "then" && child.start_byte() < body)
        .filter(Syntax::is_named)
        .collect();
    while let Some(node) = condition.pop() {
        match node.kind() {
            "command" if text.get(node.byte_range()) == Some(command) => return true,
            "redirected_statement" => condition.extend(node.named_child(0)),
            "list" if node.child(1).is_some_and(|it| it.kind() == "&&") => {
                let mut cursor = node.walk();
                condition.extend(node.named_children(&mut cursor));
            }
            _ => {}
        }
    }
    false
}

/// Whether `test`, the text of one, asks if the variable `name` is empty.
pub(super) fn asks_if_empty(test: &str, name: &str) -> bool {
    test.match_indices(name).any(|(at, _)| {
        let (before, behind) = (&test[..at], &test[at + name.len()..]);
        let ends = !behind.starts_with(|it: char| it.is_ascii_alphanumeric() || it == '_');
        let dollar = before.strip_suffix('$').or_else(|| before.strip_suffix("${"));
        let asked = dollar.map(|it| it.trim_end_matches('"').trim_end());
        let behind = behind.trim_start_matches('}').trim_start_matches('"').trim_start();
        let compared = behind.strip_prefix("==").or_else(|| behind.strip_prefix(['=']));
        let is_nothing = compared.is_some_and(|it| it.trim_start().starts_with("\"\""));
        ends && asked.is_some_and(|it| it.ends_with("-z") || it.ends_with("-n") || is_nothing)
    })
}
