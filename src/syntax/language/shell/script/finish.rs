//! What only the whole script tells of its parts: whether a status is asked for, and the test behind an assignment.
//!
//! Invariant: adds to what was met, and takes nothing away.

use std::collections::HashMap;

use tree_sitter::Node as Syntax;

use super::super::heeded;
use super::Reader;
use crate::syntax::language::build::{self, Object};
use crate::syntax::yaml::Node;
use crate::text::TextRange;

/// How many tests behind an assignment are looked at.
const TESTS_BEHIND: usize = 4;

impl<'s> Reader<'_, '_, 's> {
    pub(super) fn finish(mut self, whole: TextRange) -> Node {
        let names = self.functions.iter().filter_map(|it| it.name.as_str());
        let asked = self.heeded.functions(names);
        let is_asked = |function: Option<&String>| {
            function.is_some_and(|function| asked.contains(function.as_str()))
        };
        let said = |is_asked: bool, range: TextRange| is_asked.then(|| build::text("true", range));

        let pipelines = self.pipelines.iter().map(|it| {
            Object::new(it.range)
                .with("commands", self.commands_of(&it.parts, it.range))
                .with_some("asked", said(it.is_asked || is_asked(it.function.as_ref()), it.range))
                .finish()
        });
        let pipelines = build::list(pipelines.collect(), whole);
        let functions = self.functions.iter().map(|it| {
            let range = it.name.range;
            let commands = self.commands_of(&it.parts, range);
            Object::new(range)
                .with("name", it.name.clone())
                .with_some("last", commands.items().last().cloned())
                .with_some("commands", (!it.parts.is_empty()).then_some(commands))
                .finish()
        });
        let functions = build::list(functions.collect(), whole);
        let tests = self.tested();
        let fates = self.assignments.iter().zip(tests).map(|(it, test)| {
            let range = self.range(it.syntax);
            let commands = self.commands_of(&it.parts, range);
            let is_tried = match it.parts.as_slice() {
                [only] => heeded::is_tried(&self.source.text, it.syntax, *only),
                _ => false,
            };
            let is_asked = it.is_asked || is_tried || is_asked(it.function.as_ref());
            let has_status = !it.parts.is_empty();
            let test = test.map(|test| build::verbatim(self.source.original, self.range(test)));
            let asked = said(has_status && is_asked, range);
            (has_status.then_some(commands), asked, test.filter(|_| has_status))
        });
        let fates: Vec<_> = fates.collect();
        let assignments = std::mem::take(&mut self.assignments);
        let assignments = assignments.into_iter().zip(fates);
        let assignments = assignments.map(|(it, (commands, asked, test))| {
            let last = commands.as_ref().and_then(|all| all.items().last()).cloned();
            let object = it.object.with_some("last", last).with_some("commands", commands);
            object.with_some("asked", asked).with_some("test", test).finish()
        });
        Object::new(whole)
            .with("commands", build::list(self.commands, whole))
            .with("assignments", build::list(assignments.collect(), whole))
            .with("loops", build::list(self.loops, whole))
            .with("heredocs", build::list(self.heredocs, whole))
            .with("functions", functions)
            .with("pipelines", pipelines)
            .finish()
    }

    fn commands_of(&self, parts: &[Syntax<'s>], range: TextRange) -> Node {
        let commands = parts.iter().map(|part| match self.places.get(&part.id()) {
            Some(place) => self.commands[*place].clone(),
            None => Object::new(self.range(*part)).finish(),
        });
        build::list(commands.collect(), range)
    }

    /// For each assignment, the first test behind it that asks whether the variable is empty: in the same function, and before
    /// the variable is set again.
    fn tested(&self) -> Vec<Option<Syntax<'s>>> {
        let mut again: HashMap<&str, usize> = HashMap::new();
        let mut tested = Vec::with_capacity(self.assignments.len());
        for it in self.assignments.iter().rev() {
            let until = again.insert(&it.name, it.syntax.start_byte()).unwrap_or(usize::MAX);
            let from =
                self.tests.partition_point(|(test, _)| test.start_byte() < it.syntax.end_byte());
            let behind = self.tests[from..].iter().take(TESTS_BEHIND);
            let mut behind = behind.take_while(|(test, _)| test.start_byte() < until);
            let found = behind.find(|(test, function)| {
                let text = self.source.text.get(test.byte_range());
                *function == it.function
                    && text.is_some_and(|text| heeded::asks_if_empty(text, &it.name))
            });
            tested.push(found.map(|(test, _)| *test));
        }
        tested.reverse();
        tested
    }
}
