//! The tree of a script.
//!
//! Invariant: nodes are met in the order in which they begin; what only the whole script tells is added at the end.

mod finish;

use rustc_hash::{FxHashMap, FxHashSet};
use tree_sitter::Node as Syntax;

use super::constants::Constants;
use super::heeded::Heeded;
use super::known;
use super::parsed::{Parsed, Read, each_below};
use super::parts::{last, last_of, parts_of, pipeline_parts, substituted};
use super::prepared::Prepared;
use super::words;
use crate::syntax::language::build::{self, Object};
use crate::syntax::yaml::Node;
use crate::text::TextRange;

/// The tree of a script.
pub(super) fn script(source: &Prepared<'_>, parsed: &Parsed, whole: TextRange) -> Node {
    let mut reader = Reader::new(source, parsed);
    reader.walk(parsed.tree.root_node());
    reader.finish(whole)
}

struct Reader<'p, 't, 's> {
    source: &'p Prepared<'t>,
    constants: Constants,
    /// The here-documents that were not met yet, by where their operator stands.
    documents: FxHashMap<usize, &'s Read>,
    /// The functions around, innermost last, each with where it ends.
    around: Vec<(usize, Node)>,
    /// What a redirection is attached to, by the command.
    redirected: FxHashMap<usize, Syntax<'s>>,
    /// Pipelines that are a part of another.
    inner: FxHashSet<usize>,
    /// Where in `commands` each is.
    places: FxHashMap<usize, usize>,
    heeded: Heeded,
    commands: Vec<Node>,
    assignments: Vec<Assignment<'s>>,
    /// The tests, each with the function that it is in.
    tests: Vec<(Syntax<'s>, Option<String>)>,
    loops: Vec<Node>,
    heredocs: Vec<Node>,
    functions: Vec<Function<'s>>,
    pipelines: Vec<Pipeline<'s>>,
}

struct Assignment<'s> {
    object: Object,
    syntax: Syntax<'s>,
    name: String,
    function: Option<String>,
    is_asked: bool,
    /// The commands that its status is of.
    parts: Vec<Syntax<'s>>,
}

struct Function<'s> {
    name: Node,
    /// The commands that it does last.
    parts: Vec<Syntax<'s>>,
}

struct Pipeline<'s> {
    parts: Vec<Syntax<'s>>,
    range: TextRange,
    function: Option<String>,
    is_asked: bool,
}

impl<'p, 't, 's> Reader<'p, 't, 's> {
    fn new(source: &'p Prepared<'t>, parsed: &'s Parsed) -> Self {
        let by_operator = |read: &'s Read| (read.document.operator.start, read);
        Self {
            source,
            constants: Constants::of(source, parsed),
            documents: parsed.documents.iter().map(by_operator).collect(),
            around: Vec::new(),
            redirected: FxHashMap::default(),
            inner: FxHashSet::default(),
            places: FxHashMap::default(),
            heeded: Heeded::default(),
            commands: Vec::new(),
            assignments: Vec::new(),
            tests: Vec::new(),
            loops: Vec::new(),
            heredocs: Vec::new(),
            functions: Vec::new(),
            pipelines: Vec::new(),
        }
    }

    fn walk(&mut self, root: Syntax<'s>) {
        each_below(root, &mut |node| {
            // Of the brackets and words of the syntax nothing hangs.
            if node.is_named() {
                self.visit(node);
            }
            true
        });
    }

    fn visit(&mut self, syntax: Syntax<'s>) {
        while self.around.last().is_some_and(|(end, _)| *end <= syntax.start_byte()) {
            self.around.pop();
        }
        let is_asked = self.heeded.meet(syntax);
        match syntax.kind() {
            "redirected_statement" => self.redirected_statement(syntax),
            "command" => self.command(syntax),
            "test_command" => self.test(syntax),
            "variable_assignment" => self.assignment(syntax, is_asked),
            "for_statement" => self.for_statement(syntax),
            "function_definition" => self.function(syntax),
            "pipeline" => self.pipeline(syntax, is_asked),
            "file_redirect" => self.file_redirect(syntax),
            _ => {}
        }
    }

    fn range(&self, syntax: Syntax<'_>) -> TextRange {
        self.source.outer(syntax.byte_range())
    }

    fn word(&self, syntax: Syntax<'_>) -> Node {
        words::word(self.source, syntax)
    }

    /// The words that one word of a command becomes.
    fn words(&self, syntax: Syntax<'_>) -> Vec<Node> {
        let known = self.constants.words(self.source, syntax);
        known.unwrap_or_else(|| vec![self.word(syntax)])
    }

    fn here(&self) -> Option<Node> {
        self.around.last().map(|(_, name)| name.clone())
    }

    fn function_here(&self) -> Option<String> {
        Some(self.around.last()?.1.as_str()?.to_owned())
    }

    fn test(&mut self, syntax: Syntax<'s>) {
        self.tests.push((syntax, self.function_here()));
    }

    fn redirected_statement(&mut self, syntax: Syntax<'s>) {
        let body = syntax.child_by_field_name("body");
        // `a | b > c`: the parser redirects all of it, and a shell the last command.
        if let Some(body) = body {
            let command = last(body, &["list", "pipeline", "negated_command"]);
            self.redirected.insert(command.id(), syntax);
        }
    }

    /// Reads the here-document that stands where the parser has seen a file.
    fn file_redirect(&mut self, syntax: Syntax<'s>) {
        let Some(read) = self.document(syntax) else { return };
        let document = &read.document;
        self.documents.remove(&document.operator.start);
        let command = syntax.parent().and_then(|parent| match parent.kind() {
            "command" => Some(parent),
            _ => Some(last(
                parent.child_by_field_name("body")?,
                &["list", "pipeline", "negated_command"],
            )),
        });
        let place = command.and_then(|command| self.places.get(&command.id()));
        let words = place.and_then(|place| self.commands[*place].get("words")).cloned();
        let delimiter = self.source.outer(document.delimiter.clone());
        let body = words::body(self.source, read);
        let object = Object::new(body.range)
            .with("delimiter", build::text(document.last_line.as_str(), delimiter))
            .with("body", body)
            .with_some("words", words)
            .with_some("function", self.here());
        self.heredocs.push(object.finish());
        let around = self.heeded.apart();
        for tree in &read.trees {
            self.walk(tree.root_node());
        }
        self.heeded.back(around);
    }

    /// The here-document in whose place the parser has seen the file that `syntax` reads.
    fn document(&self, syntax: Syntax<'_>) -> Option<&'s Read> {
        let mut cursor = syntax.walk();
        let operator = syntax.children(&mut cursor).find(|child| !child.is_named())?;
        self.documents.get(&operator.start_byte()).copied()
    }

    fn command(&mut self, syntax: Syntax<'s>) {
        let mut assignments = Vec::new();
        let mut redirects = Vec::new();
        let mut words = Vec::new();
        let mut cursor = syntax.walk();
        for child in syntax.children(&mut cursor) {
            match child.kind() {
                "variable_assignment" => assignments.push(self.assigned(child, None).finish()),
                "file_redirect" | "herestring_redirect" => {
                    self.redirect(child, &mut redirects, &mut words);
                }
                "subshell" => {}
                // `$"…"`: the parser takes the dollar for a word of its own.
                "$" if child
                    .next_sibling()
                    .is_some_and(|next| next.start_byte() == child.end_byte()) => {}
                _ => words.extend(self.words(child)),
            }
        }
        if let Some(outer) = self.redirected.get(&syntax.id()).copied() {
            let mut cursor = outer.walk();
            for child in outer.children_by_field_name("redirect", &mut cursor) {
                self.redirect(child, &mut redirects, &mut words);
            }
        }
        if let Some(name) = words.first().and_then(Node::as_str) {
            let function = self.function_here();
            self.heeded.call(name, function.as_deref());
            if name == "test" {
                self.test(syntax);
            }
        }
        let range = self.range(syntax);
        let command = Object::new(range)
            .with_some("name", words.first().cloned())
            .with("words", build::list(words, range))
            .with_some("assignments", some_list(assignments, range))
            .with_some("redirects", some_list(redirects, range))
            .with_some("function", self.here());
        self.places.insert(syntax.id(), self.commands.len());
        self.commands.push(command.finish());
    }

    /// What `syntax` redirects. The parser takes the words after a redirection for more targets; they are the command's.
    fn redirect(&self, syntax: Syntax<'_>, redirects: &mut Vec<Node>, words: &mut Vec<Node>) {
        let is_document = self.document(syntax).is_some();
        let mut cursor = syntax.walk();
        let mut operator = None;
        let mut target = None;
        for child in syntax.children(&mut cursor) {
            match child.kind() {
                "file_descriptor" => {}
                _ if !child.is_named() => operator = operator.or(Some(child)),
                _ if target.is_some() => words.extend(self.words(child)),
                _ => target = Some(self.word(child)),
            }
        }
        if let (Some(operator), Some(target), false) = (operator, target, is_document) {
            let mut operator = self.range(operator);
            let behind = &self.source.original[operator.end as usize..];
            operator.end += known::more_of(operator.len(), behind);
            let redirect = Object::new(self.range(syntax))
                .with("operator", build::verbatim(self.source.original, operator))
                .with("target", target);
            redirects.push(redirect.finish());
        }
    }

    fn assignment(&mut self, syntax: Syntax<'s>, is_asked: bool) {
        let Some(parent) = syntax.parent().filter(|it| it.kind() != "command") else { return };
        // What `local` and the like say of a status, they say of themselves.
        let is_statement = !matches!(parent.kind(), "declaration_command" | "variable_assignments");
        let name = syntax.child_by_field_name("name");
        let name = name.and_then(|name| self.source.text.get(name.byte_range()));
        let parts = substituted(syntax).map(parts_of);
        let assignment = Assignment {
            object: self.assigned(syntax, self.here()),
            syntax,
            name: name.unwrap_or_default().to_owned(),
            function: self.function_here(),
            is_asked,
            parts: parts.filter(|_| is_statement).unwrap_or_default(),
        };
        self.assignments.push(assignment);
    }

    fn assigned(&self, syntax: Syntax<'_>, function: Option<Node>) -> Object {
        let range = self.range(syntax);
        let end = TextRange::empty(range.end as usize);
        let name = syntax
            .child_by_field_name("name")
            .map(|name| build::verbatim(self.source.original, self.range(name)));
        let (key, value) = match syntax.child_by_field_name("value") {
            Some(value) if value.kind() == "array" => ("values", self.elements(value)),
            Some(value) => ("value", self.word(value)),
            None => ("value", build::text("", end)),
        };
        let mut cursor = syntax.walk();
        let appends = syntax.children(&mut cursor).any(|child| child.kind() == "+=");
        Object::new(range)
            .with_some("name", name)
            .with(key, value)
            .with("operator", build::text(if appends { "+=" } else { "=" }, range))
            .with_some("function", function)
    }

    fn elements(&self, syntax: Syntax<'_>) -> Node {
        let mut cursor = syntax.walk();
        let elements = syntax.named_children(&mut cursor).filter(|it| it.kind() != "comment");
        build::list(elements.map(|element| self.word(element)).collect(), self.range(syntax))
    }

    fn for_statement(&mut self, syntax: Syntax<'s>) {
        let Some(variable) = syntax.child_by_field_name("variable") else {
            return;
        };
        let mut cursor = syntax.walk();
        let words = syntax.children_by_field_name("value", &mut cursor);
        let words: Vec<_> = words.map(|word| self.word(word)).collect();
        let variable = build::verbatim(self.source.original, self.range(variable));
        let range = words.iter().fold(variable.range, |range, word| range.cover(word.range));
        let object = Object::new(range)
            .with("variable", variable)
            .with("words", build::list(words, range))
            .with_some("function", self.here());
        self.loops.push(object.finish());
    }

    fn function(&mut self, syntax: Syntax<'s>) {
        let Some(name) = syntax.child_by_field_name("name") else {
            return;
        };
        let name = build::verbatim(self.source.original, self.range(name));
        let body = syntax.child_by_field_name("body");
        let body = body.filter(|it| matches!(it.kind(), "compound_statement" | "subshell"));
        let parts = body.and_then(last_of).map(parts_of);
        self.functions.push(Function { name: name.clone(), parts: parts.unwrap_or_default() });
        self.around.push((syntax.end_byte(), name));
    }

    fn pipeline(&mut self, syntax: Syntax<'s>, is_asked: bool) {
        if self.inner.contains(&syntax.id()) {
            return;
        }
        let mut parts: Vec<Syntax<'s>> = Vec::new();
        self.parts(syntax, &mut parts);
        let (range, function) = (self.range(syntax), self.function_here());
        self.pipelines.push(Pipeline { parts, range, function, is_asked });
    }

    /// The parts of a pipeline, those of pipelines in it too.
    fn parts(&mut self, syntax: Syntax<'s>, parts: &mut Vec<Syntax<'s>>) {
        pipeline_parts(syntax, parts, &mut |inner| {
            self.inner.insert(inner);
        });
    }
}

fn some_list(items: Vec<Node>, range: TextRange) -> Option<Node> {
    (!items.is_empty()).then(|| build::list(items, range))
}
