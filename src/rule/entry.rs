//! One entry, as written → [`Rule`]: fills its check's options, builds the check, checks its cases against it.

use std::sync::Arc;

use globset::Glob;
use smol_str::SmolStr;

use super::check::{Check, CheckDef, Facts};
use super::language::{Compiled, Compiler, Shared, Situation};
use super::options::Options;
use super::overrides;
use super::pack::{Case, Pack, Rule};
use super::raw::{Attributes, RawCase, RawCheck, RawEntry, Wording};
use super::template::{Template, TemplateErrorKind, of_hole};
use crate::config::{
    ConfigError, ConfigSource, Level, Literal, LiteralKind, Settings, Spanned, meant,
};
use crate::diagnostic::Severity;
use crate::syntax::hcl::Body;
use crate::text::{Globs, TextRange};

/// What entries stand on.
pub(super) struct Ground<'a> {
    pub(super) pack: &'a Pack,
    pub(super) params: Params<'a>,
    pub(super) checks: &'a [CheckDef],
    pub(super) language: Shared<'a>,
    pub(super) settings: &'a Settings,
}

/// What a rule can find: an outcome, and the placeholders its wording may use.
struct Known {
    outcome: SmolStr,
    placeholders: Vec<SmolStr>,
}

/// The params that an entry may use: its pack's, and those of every pack by their qualified names.
#[derive(Clone, Copy)]
pub(super) struct Params<'a> {
    pub(super) own: &'a [Param],
    pub(super) shared: &'a [Param],
}

impl<'a> Params<'a> {
    pub(super) fn iter(self) -> impl Iterator<Item = &'a Param> {
        self.own.iter().chain(self.shared)
    }
}

/// A param with its provenance.
#[derive(Clone)]
pub(super) struct Param {
    pub(super) name: SmolStr,
    pub(super) value: Literal,
    /// Where the settings set it, if they do.
    pub(super) set_at: Option<SetAt>,
}

/// Where the settings say something.
#[derive(Clone)]
pub(super) struct SetAt {
    pub(super) source: Arc<ConfigSource>,
    pub(super) range: TextRange,
}

/// Loads the rule `id` from its entry `raw`, which was read from `source`.
pub(super) fn load(
    raw: RawEntry,
    id: Arc<str>,
    source: &ConfigSource,
    ground: &Ground<'_>,
    errors: &mut Vec<ConfigError>,
) -> Option<Rule> {
    let mut entry = Entry { source, ground, errors };
    let names = entry.case_names(&raw);
    let (check, known) = match &raw.body {
        Some(body) => entry.compile(body, &raw, &names),
        None => entry.native(&raw),
    };
    let cases = match &known {
        Some(known) => {
            let cases = raw.cases.iter().zip(names);
            cases.filter_map(|(case, name)| entry.case(case, &name, known)).collect()
        }
        None => Vec::new(),
    };
    entry.complete(&raw, known.as_deref());
    let severity = entry.severity(&raw.severity);
    let added = raw.added.as_ref().and_then(|word| entry.severity(word));
    let joins = check.as_ref().is_some_and(|check| !check.needs().is_empty());
    let facts = entry.facts(raw.facts.as_ref(), joins && raw.reads.is_empty());
    entry.convention(raw.convention.as_ref());
    let reads = entry.reads(&raw.reads);
    let severity = severity?;
    let (enabled, override_severity) = match ground.settings.rule(&id).map(|set| set.level.value) {
        None => (severity != Severity::Info, None),
        Some(Level::Off) => (false, None),
        Some(Level::At(level)) => (true, Some(level)),
    };
    let in_paths = overrides::in_paths(&id, ground.settings);
    let only_in_paths = !enabled && in_paths.iter().any(|(_, level)| *level != Level::Off);
    let enabled = enabled || only_in_paths;
    Some(Rule {
        id,
        pack: Arc::clone(&ground.pack.name),
        convention: raw.convention.map(|code| code.value.as_str().into()),
        summary: raw.summary.value.to_string(),
        severity,
        override_severity,
        enabled,
        in_paths,
        only_in_paths,
        added,
        facts,
        reads,
        locked: raw.locked || ground.pack.locked,
        yields_to: raw.yields_to.iter().map(|id| id.value.as_str().into()).collect(),
        cases,
        check,
    })
}

struct Entry<'a, 'e> {
    source: &'a ConfigSource,
    ground: &'a Ground<'a>,
    errors: &'e mut Vec<ConfigError>,
}

impl<'a> Entry<'a, '_> {
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

    /// A name for each case: of several for one outcome, those for a situation are numbered.
    fn case_names(&mut self, raw: &RawEntry) -> Vec<SmolStr> {
        let name = |(at, case): (usize, &RawCase)| match &case.when {
            Some(_) => format!("{}/{at}", case.outcome.value).into(),
            None => case.outcome.value.clone(),
        };
        if raw.body.is_none() {
            for when in raw.cases.iter().filter_map(|case| case.when.as_ref()) {
                self.error(when.header, "only a rule that selects and requires can ask in a case");
            }
        }
        raw.cases.iter().enumerate().map(name).collect()
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

    /// Builds the native check that the entry calls.
    fn native(&mut self, raw: &RawEntry) -> (Option<Box<dyn Check>>, Option<Vec<Known>>) {
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
        let filled = self.fill(check);
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
                let error = match self.set_elsewhere(check, wrong.range) {
                    Some(SetAt { source, range }) => source.error(*range, wrong.message),
                    None => self.source.error(wrong.range, wrong.message),
                };
                self.errors.push(error);
                None
            }
        }
    }

    /// The options of `check` with its mutator's attributes added and params replaced by their values. Every range
    /// stays in this entry: what comes from elsewhere has the range of the name that brought it.
    fn fill(&mut self, check: &RawCheck) -> Attributes {
        let mut filled = Attributes::new();
        for (name, range, value) in &check.options {
            if let Some(value) = self.resolve(value) {
                filled.push((name.clone(), *range, value));
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

    /// `literal` with its params replaced.
    fn resolve(&mut self, literal: &Literal) -> Option<Literal> {
        let range = literal.range;
        let kind = match &literal.kind {
            LiteralKind::Param(name) => {
                let params = self.ground.params;
                let Some(param) = params.iter().find(|param| param.name == *name) else {
                    let known = params.iter().map(|param| param.name.as_str());
                    self.offer("param", name, range, known);
                    return None;
                };
                return Some(param.value.placed_at(range));
            }
            LiteralKind::List(items) => LiteralKind::List(
                items.iter().map(|item| self.resolve(item)).collect::<Option<_>>()?,
            ),
            LiteralKind::Object(entries) => {
                let mut object = Vec::with_capacity(entries.len());
                for (key, key_range, value) in entries {
                    object.push((key.clone(), *key_range, self.resolve(value)?));
                }
                LiteralKind::Object(object)
            }
            LiteralKind::Joined(parts) => {
                let parts: Vec<_> =
                    parts.iter().map(|part| self.resolve(part)).collect::<Option<_>>()?;
                match Literal::joined(&parts) {
                    Ok(text) => text,
                    Err(part) => {
                        self.error(part.range, part.kind.inside_a_string());
                        return None;
                    }
                }
            }
            other => other.clone(),
        };
        Some(Literal { kind, range })
    }

    /// Where the settings set the param that is used at `range`, if they do: an error about its value belongs there.
    fn set_elsewhere(&self, check: &RawCheck, range: TextRange) -> Option<&'a SetAt> {
        let name = check.options.iter().find_map(|(_, _, value)| param_at(value, range))?;
        self.ground.params.iter().find(|param| param.name == *name)?.set_at.as_ref()
    }

    fn case(&mut self, raw: &RawCase, name: &str, all: &[Known]) -> Option<Case> {
        let severity = match &raw.severity {
            None => None,
            Some(word) => Some(self.severity(word)?),
        };
        let outcome = raw.outcome.value.as_str();
        let Some(known) = all.iter().find(|known| known.outcome == outcome) else {
            let names = all.iter().map(|known| known.outcome.as_str());
            self.offer("outcome", outcome, raw.outcome.range, names);
            return None;
        };
        let placeholders: Vec<&str> = known.placeholders.iter().map(SmolStr::as_str).collect();
        // A help may hold what is to be typed.
        if raw.message.text.contains('\n') {
            self.error(raw.message.range, "write one line here");
            return None;
        }
        let message = self.template(&raw.message, &placeholders);
        let help = raw.help.as_ref().map(|help| self.template(help, &placeholders));
        let help = match help {
            None => None,
            Some(read) => Some(read?),
        };
        Some(Case { outcome: name.to_owned(), severity, message: message?, help })
    }

    fn template(&mut self, wording: &Wording, known: &[&str]) -> Option<Template> {
        if wording.text.is_empty() {
            self.error(wording.range, "write something here");
            return None;
        }
        match Template::parse(&wording.text, known) {
            Ok(template) => Some(template),
            Err(wrong) => {
                let range = wording.place(&wrong.range);
                match wrong.kind {
                    TemplateErrorKind::UnknownPlaceholder(name) => {
                        let message = format!("unknown placeholder `{name}`");
                        let error = self.source.error(range, message);
                        self.errors.push(of_hole(error, &name, known.iter().copied()));
                    }
                    TemplateErrorKind::LoneBrace => {
                        let error = self.source.error(range, "a brace without its counterpart");
                        self.errors.push(error.help("write `{{` or `}}` for a brace in the text"));
                    }
                }
                None
            }
        }
    }

    /// Every outcome of the check has exactly one case, and cases there are only for a check.
    fn complete(&mut self, raw: &RawEntry, known: Option<&[Known]>) {
        let mut seen: Vec<&str> = Vec::new();
        for case in &raw.cases {
            let outcome = case.outcome.value.as_str();
            if case.when.is_some() {
                continue;
            }
            if raw.check.is_none() && raw.body.is_none() {
                self.error(case.outcome.range, "a case without a check");
            } else if seen.contains(&outcome) {
                self.error(case.outcome.range, format!("a second case for `{outcome}`"));
            }
            seen.push(outcome);
        }
        let Some(known) = known else { return };
        let place = match (&raw.check, &raw.body) {
            (Some(check), _) => Some(check.header),
            (None, Some(body)) => body.blocks_of("select").next().map(|select| select.header),
            (None, None) => None,
        };
        let place = place.unwrap_or_default();
        let outcomes = || known.iter().map(|it| it.outcome.as_str());
        // Of another word it was said already which one is meant.
        let meant =
            |case: &&str| outcomes().find(|it| it == case).or_else(|| meant(case, outcomes()));
        let cased: Vec<&str> = seen.iter().filter_map(meant).collect();
        for outcome in outcomes().filter(|it| !cased.contains(it)) {
            // Of a case with a mistake nothing more is said.
            let is_written =
                |body: &Body| body.blocks_of("case").any(|it| it.label(0) == Some(outcome));
            if raw.body.as_ref().is_some_and(is_written) {
                continue;
            }
            let asks = raw.body.as_ref().and_then(|body| {
                let mut asking = body.blocks().filter(|it| is_asking(&it.kind.name));
                Some(asking.find(|it| it.label(0) == Some(outcome))?.header)
            });
            let message = format!("outcome `{outcome}` has no case");
            let help = format!("add `case \"{outcome}\" {{ message = \"…\" }}`");
            self.errors.push(self.source.error(asks.unwrap_or(place), message).help(help));
        }
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
        match word.map(|word| (word.value.as_str(), word.range)) {
            None if joins => Facts::Repo,
            None | Some(("stack", _)) => Facts::Stack,
            Some(("repo", _)) => Facts::Repo,
            Some((other, range)) => {
                self.offer("facts", other, range, ["stack", "repo"]);
                Facts::Stack
            }
        }
    }

    fn convention(&mut self, code: Option<&Spanned<SmolStr>>) {
        let Some(code) = code else { return };
        let is_code = matches!(code.value.as_bytes(), [b'A'..=b'Z', b'0'..=b'9', b'0'..=b'9']);
        if !is_code {
            self.error(code.range, "a convention is a letter and two digits, e.g. `A01`");
        }
    }
}

/// The option that brings a mutator's attributes into a check's options.
const MUTATOR: &str = "mutator";

/// The param that stands at `range` in `literal`.
fn param_at(literal: &Literal, range: TextRange) -> Option<&SmolStr> {
    match &literal.kind {
        LiteralKind::Param(name) if literal.range == range => Some(name),
        // What is wrong with the whole of a string is so because of its param.
        LiteralKind::Joined(parts) if literal.range == range => {
            parts.iter().find_map(|part| param_at(part, part.range))
        }
        LiteralKind::List(items) => items.iter().find_map(|item| param_at(item, range)),
        LiteralKind::Object(entries) => {
            entries.iter().find_map(|(_, _, value)| param_at(value, range))
        }
        _ => None,
    }
}

/// Whether blocks of this type say which outcome there is.
fn is_asking(kind: &str) -> bool {
    matches!(kind, "require" | "forbid")
}
