//! An entry that calls a native check: its options are filled, and the check is built.

use smol_str::SmolStr;

use super::wording::Known;
use super::{Entry, Ground, Param, SetAt};
use crate::config::LiteralKind;
use crate::rule::check::{Check, CheckDef};
use crate::rule::language::Compiler;
use crate::rule::options::Options;
use crate::rule::raw::{Attributes, RawCheck, RawEntry};
use crate::text::TextRange;

impl<'a> Entry<'a, '_> {
    /// Builds the native check that the entry calls.
    pub(super) fn native(
        &mut self,
        raw: &RawEntry,
    ) -> (Option<Box<dyn Check>>, Option<Vec<Known>>) {
        let Some(definition) = self.definition(raw) else { return (None, None) };
        let check = raw.check.as_ref().and_then(|check| self.build(check, definition));
        let check = self.conditioned(check, raw);
        let known = definition.outcomes.iter().map(|outcome| Known {
            outcome: outcome.name.into(),
            placeholders: outcome
                .placeholders
                .iter()
                .map(|name| SmolStr::new_static(name))
                .collect(),
        });
        (check, Some(known.collect()))
    }

    /// `check`, asked only where the conditions of its entry hold.
    fn conditioned(
        &mut self,
        check: Option<Box<dyn Check>>,
        raw: &RawEntry,
    ) -> Option<Box<dyn Check>> {
        let Some(body) = &raw.conditions else { return check };
        let Ground { pack, params, language, .. } = *self.ground;
        let compiler = Compiler::new(self.source, &pack.name, params, language, self.errors);
        let condition = compiler.condition(body);
        check.map(|check| match condition {
            Some(condition) => condition.guard(check),
            None => check,
        })
    }

    /// The native check that the entry calls. Only the tool's own rules have none.
    fn definition(&mut self, raw: &RawEntry) -> Option<&'a CheckDef> {
        let Some(check) = &raw.check else {
            if !self.ground.pack.locked {
                self.error(TextRange::empty(0), "`check` is missing");
            }
            return None;
        };
        let name = check.name.value.as_str();
        let found = self.ground.checks.iter().find(|definition| definition.name == name);
        if found.is_none() {
            let known = self.ground.checks.iter().map(|definition| definition.name);
            self.offer("check", name, check.name.range, known);
        }
        found
    }

    fn build(&mut self, check: &RawCheck, definition: &CheckDef) -> Option<Box<dyn Check>> {
        let before = self.errors.len();
        let mut set = Vec::new();
        let filled = self.fill(check, &mut set);
        if self.errors.len() > before {
            return None;
        }
        let mut options = Options::new(&filled, check.header);
        match (definition.build)(&mut options) {
            Ok(built) => {
                let written = |key: &str| check.options.iter().any(|(name, _, _)| name == key);
                // What a mutator says on top of what the check asks for is for others.
                let unknown: Vec<_> =
                    options.leftover().filter(|(key, _)| written(key) && *key != MUTATOR).collect();
                for (key, range) in unknown {
                    self.offer("option", key, range, options.known());
                }
                Some(built)
            }
            Err(wrong) => {
                // An error about a value that the settings set belongs there.
                let error = match set.iter().find(|(range, _)| *range == wrong.range) {
                    Some((_, SetAt { source, range })) => source.error(*range, wrong.message),
                    None => self.source.error(wrong.range, wrong.message),
                };
                self.errors.push(error);
                None
            }
        }
    }

    /// The options of `check` with its mutator's attributes added and params replaced by their values. Every range
    /// stays in this entry: what comes from elsewhere has the range of the name that brought it. `set` gets those that the
    /// settings brought.
    fn fill(&mut self, check: &RawCheck, set: &mut Vec<(TextRange, &'a SetAt)>) -> Attributes {
        let params = self.ground.params;
        let mut filled = Attributes::new();
        for (name, range, value) in &check.options {
            let used = &mut |param: &'a Param, range| {
                set.extend(param.set_at.as_ref().map(|set_at| (range, set_at)));
            };
            match params.fill(value, used) {
                Ok(value) => filled.push((name.clone(), *range, value)),
                Err(unfilled) => self.errors.push(unfilled.error(self.source, params)),
            }
        }
        let Some((_, range, value)) = filled.iter().find(|(name, _, _)| name == MUTATOR) else {
            return filled;
        };
        let (name_range, value) = (*range, value.clone());
        let LiteralKind::String(wanted) = &value.kind else {
            self.error(value.range, "`mutator` must be the name of one");
            return filled;
        };
        let mutators = self.ground.language.mutators;
        let Some(mutator) = mutators.iter().find(|mutator| mutator.name == *wanted) else {
            let known = mutators.iter().map(|mutator| mutator.name.as_str());
            self.offer("mutator", wanted, value.range, known);
            return filled;
        };
        for (name, _, attribute) in &mutator.options {
            if !filled.iter().any(|(written, _, _)| written == name) {
                filled.push((name.clone(), name_range, attribute.placed_at(value.range)));
            }
        }
        filled
    }
}

/// The option that brings a mutator's attributes into a check's options.
const MUTATOR: &str = "mutator";
