//! One entry, as written → [`Rule`]: how it judges is compiled, or the check that it calls is built, and its cases are held
//! against that.

mod native;
mod params;
mod wording;

use std::sync::Arc;

use globset::Glob;
use smol_str::SmolStr;

use super::check::{Check, CheckDef, Context, Facts, Findings, Interest, Subject};
use super::language::{Compiled, Compiler, Shared, Situation};
use super::overrides;
use super::pack::{Pack, Rule};
use super::raw::{RawEntry, RawHead};
use crate::config::{ConfigError, ConfigSource, Level, Settings, Spanned};
use crate::diagnostic::Severity;
use crate::syntax::hcl::Body;
use crate::text::{Globs, TextRange};

pub(super) use params::{Param, Params, SetAt};
use wording::Known;

/// What entries stand on.
pub(super) struct Ground<'a> {
    pub(super) pack: &'a Pack,
    pub(super) params: Params<'a>,
    pub(super) checks: &'a [CheckDef],
    pub(super) language: Shared<'a>,
    pub(super) settings: &'a Settings,
}

/// Loads the rule `id` from its entry `raw`, which was read from `source`.
pub(super) fn load(
    raw: &RawEntry,
    id: Arc<str>,
    source: &ConfigSource,
    ground: &Ground<'_>,
    errors: &mut Vec<ConfigError>,
) -> Option<Rule> {
    let mut entry = Entry { source, ground, errors };
    let names = entry.case_names(raw);
    let (check, known) = match &raw.body {
        Some(body) => entry.compile(body, raw, &names),
        None => entry.native(raw),
    };
    let cases = match &known {
        Some(known) => {
            let cases = raw.cases.iter().zip(names);
            cases.filter_map(|(case, name)| entry.case(case, &name, known)).collect()
        }
        None => Vec::new(),
    };
    entry.complete(raw, known.as_deref());
    let joins = check.as_ref().is_some_and(|check| !check.needs().is_empty());
    let rule = entry.head(&raw.head, id, joins)?;
    Some(Rule { cases, check, ..rule })
}

/// What the head of an entry says of the rule `id`. It judges nothing.
pub(super) fn load_head(
    head: &RawHead,
    id: Arc<str>,
    source: &ConfigSource,
    ground: &Ground<'_>,
) -> Option<Rule> {
    let mut errors = Vec::new();
    let rule = Entry { source, ground, errors: &mut errors }.head(head, id, false)?;
    Some(Rule { check: Some(Box::new(Unread)), ..rule })
}

/// Stands for a check that nobody asks.
struct Unread;

impl Check for Unread {
    fn interests(&self) -> Vec<Interest> {
        Vec::new()
    }

    fn judge(&self, _: &Context<'_>, _: Subject<'_>, _: &mut Findings) {}
}

struct Entry<'a, 'e> {
    source: &'a ConfigSource,
    ground: &'a Ground<'a>,
    errors: &'e mut Vec<ConfigError>,
}

impl Entry<'_, '_> {
    /// The rule `id` as its `head` has it, without how it judges and what it says; `joins` is whether it looks at what was
    /// gathered.
    fn head(&mut self, head: &RawHead, id: Arc<str>, joins: bool) -> Option<Rule> {
        let Ground { pack, settings, .. } = *self.ground;
        let severity = self.severity(&head.severity);
        let added = head.added.as_ref().and_then(|word| self.severity(word));
        let facts = self.facts(head.facts.as_ref(), joins && head.reads.is_empty());
        self.convention(head.convention.as_ref());
        let reads = self.reads(&head.reads);
        let severity = severity?;
        let (enabled, override_severity) = match settings.rule(&id).map(|set| set.level.value) {
            None => (severity != Severity::Info, None),
            Some(Level::Off) => (false, None),
            Some(Level::At(level)) => (true, Some(level)),
        };
        let in_paths = overrides::in_paths(&id, settings);
        let only_in_paths = !enabled && in_paths.iter().any(|(_, level)| *level != Level::Off);
        let enabled = enabled || only_in_paths;
        Some(Rule {
            id,
            pack: Arc::clone(&pack.name),
            convention: head.convention.as_ref().map(|code| code.value.as_str().into()),
            summary: head.summary.value.to_string(),
            severity,
            override_severity,
            enabled,
            in_paths,
            only_in_paths,
            added,
            facts,
            reads,
            locked: head.locked || pack.locked,
            yields_to: head.yields_to.iter().map(|id| id.value.as_str().into()).collect(),
            cases: Vec::new(),
            check: None,
        })
    }

    fn error(&mut self, range: TextRange, message: impl Into<String>) {
        self.errors.push(self.source.error(range, message));
    }

    fn offer<'k>(
        &mut self,
        noun: &str,
        word: &str,
        range: TextRange,
        known: impl IntoIterator<Item = &'k str>,
    ) {
        let message = format!("unknown {noun} `{word}`");
        self.errors.push(self.source.error(range, message).offer(word, known));
    }

    fn reads(&mut self, globs: &[Spanned<SmolStr>]) -> Vec<Glob> {
        let mut reads = Vec::with_capacity(globs.len());
        for glob in globs {
            match Globs::read(&glob.value, true) {
                Ok(built) => reads.push(built),
                Err(wrong) => self.error(glob.range, format!("this is no glob: {wrong}")),
            }
        }
        reads
    }

    /// Compiles what the entry says in the declarative language.
    fn compile(
        &mut self,
        body: &Body,
        raw: &RawEntry,
        names: &[SmolStr],
    ) -> (Option<Box<dyn Check>>, Option<Vec<Known>>) {
        let situations: Vec<Situation<'_>> = raw
            .cases
            .iter()
            .zip(names)
            .filter_map(|(case, name)| {
                let when = case.when.as_ref()?;
                Some(Situation { outcome: &case.outcome.value, when, case: name.clone() })
            })
            .collect();
        let Ground { pack, params, language, .. } = *self.ground;
        let compiler = Compiler::new(self.source, &pack.name, params, language, self.errors);
        let Some(compiled) = compiler.rule(body, &situations) else { return (None, None) };
        let Compiled { check, outcomes, names } = compiled;
        let known = |(outcome, evidence): (SmolStr, &[&'static str])| {
            let evidence = evidence.iter().map(|name| SmolStr::new_static(name));
            Known { outcome, placeholders: names.iter().cloned().chain(evidence).collect() }
        };
        (Some(check), Some(outcomes.into_iter().map(known).collect()))
    }

    fn severity(&mut self, word: &Spanned<SmolStr>) -> Option<Severity> {
        let severity = Severity::parse(&word.value);
        if severity.is_none() {
            self.offer("severity", &word.value, word.range, Severity::ALL.map(Severity::word));
        }
        severity
    }

    /// What is written; else what the rule looks like it needs.
    fn facts(&mut self, word: Option<&Spanned<SmolStr>>, joins: bool) -> Facts {
        let Some(word) = word else { return if joins { Facts::Repo } else { Facts::Stack } };
        let facts = Facts::ALL.into_iter().find(|facts| facts.word() == word.value);
        facts.unwrap_or_else(|| {
            self.offer("facts", &word.value, word.range, Facts::ALL.map(Facts::word));
            Facts::Stack
        })
    }

    fn convention(&mut self, code: Option<&Spanned<SmolStr>>) {
        let Some(code) = code else { return };
        let is_code = matches!(code.value.as_bytes(), [b'A'..=b'Z', b'0'..=b'9', b'0'..=b'9']);
        if !is_code {
            self.error(code.range, "a convention is a letter and two digits, e.g. `A01`");
        }
    }
}
