//! A declarative rule as a check: names what it looks at, narrows it down, asks its questions.

use std::collections::BTreeSet;

use smol_str::SmolStr;

use super::env::{Bound, Env, Filled};
use super::gather::Gathered;
use super::matcher::Around;
use super::node::{Node, Place};
use super::operand::{Operand, PathRef};
use super::select::Select;
use super::test::Test;
use super::truth::Evidence;
use super::walk::World;
use crate::config::ConfigSource;
use crate::model::{Data, Reason, Repo, Value};
use crate::rule::{Check, Context, Explanation, Finding, Findings, Interest, Subject};
use crate::text::{Span, TextRange};

/// What names and narrows the subject, in the order written.
pub(super) type Clauses = Vec<(TextRange, Clause)>;

/// One step from a subject to what is judged.
#[derive(Debug)]
pub(super) enum Clause {
    /// Names what a path leads to, or a text.
    Let { name: SmolStr, source: LetSource, default: Option<Operand> },
    /// Judges each thing that a path leads to on its own.
    Each { name: SmolStr, path: PathRef },
    /// Judges each possible value of an expression on its own.
    Possible { name: SmolStr, path: PathRef },
    /// Judges each element of a list of texts on its own: the paths of a mutator, a param.
    Texts { name: SmolStr, texts: Vec<(SmolStr, SmolStr)> },
    /// Judges each field on its own that a mutator changes in resources of the subject's type.
    Fields { name: SmolStr, marker: SmolStr, fields: Vec<(SmolStr, Vec<SmolStr>)> },
    /// Judges each part of a text on its own.
    Split { name: SmolStr, path: PathRef, separator: SmolStr },
    /// Goes on only where this holds.
    Where(Test),
}

/// What a `let` names.
#[derive(Debug)]
pub(super) enum LetSource {
    /// The place a path leads to.
    Path(PathRef),
    /// A text.
    Text(Operand),
    /// A column of the first row that matches.
    Lookup { rows: super::relation::Exists, column: SmolStr },
    /// What a regex finds in the text a path leads to: its group `value`, or all of it.
    Capture { path: PathRef, pattern: super::operand::Pattern },
}

/// At most so many combinations of possible values are followed.
const MOST_ENVS: usize = 512;

/// What becomes of a subject of which it is not known whether it belongs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Doubtful {
    /// It is not judged.
    Out,
    /// It goes on with its doubt: a row that is perhaps there.
    Kept,
}

/// `env` and its names after all of `clauses`: none where it is narrowed out, several where `each` splits it. And the
/// sites of which it is not known whether they belong.
pub(super) fn expand<'s>(
    repo: &Repo<'s>,
    gathered: &Gathered,
    clauses: &Clauses,
    env: Env<'s>,
    doubtful: Doubtful,
) -> (Vec<Env<'s>>, Vec<(Span, Reason)>) {
    let mut envs = vec![env];
    let mut unknown = Vec::new();
    for (_, clause) in clauses {
        let mut next = Vec::with_capacity(envs.len());
        for env in envs {
            let before = unknown.len();
            let kept = (doubtful == Doubtful::Kept).then(|| env.clone());
            clause.apply(repo, gathered, env, &mut next, &mut unknown);
            if let (Some(mut env), Some((_, reason))) = (kept, unknown.get(before)) {
                env.doubt = env.doubt.or_else(|| Some(reason.clone()));
                let env = match clause.name() {
                    Some(name) => env.with(name, Bound::Unknown(reason.clone())),
                    None => env,
                };
                next.push(env);
                unknown.truncate(before);
            }
        }
        next.truncate(MOST_ENVS);
        envs = next;
    }
    (envs, unknown)
}

impl Clause {
    /// The name that it gives, if it gives one.
    pub(super) fn name(&self) -> Option<&SmolStr> {
        match self {
            Clause::Let { name, .. }
            | Clause::Each { name, .. }
            | Clause::Possible { name, .. }
            | Clause::Texts { name, .. }
            | Clause::Fields { name, .. }
            | Clause::Split { name, .. } => Some(name),
            Clause::Where(_) => None,
        }
    }

    /// Adds to `next` what becomes of `env`.
    pub(super) fn apply<'s>(
        &self,
        repo: &Repo<'s>,
        gathered: &Gathered,
        env: Env<'s>,
        next: &mut Vec<Env<'s>>,
        unknown: &mut Vec<(Span, Reason)>,
    ) {
        let site = env.innermost().site;
        match self {
            Clause::Where(test) => {
                let truth = test.ask(&Around { repo, gathered, env: &env });
                match (truth.yes, truth.unknown) {
                    (Some(_), _) => next.push(env),
                    (None, Some(reason)) => unknown.push((site, reason)),
                    (None, None) => {}
                }
            }
            Clause::Each { name, path } => match path.worlds(repo, &env) {
                Err(reason) => unknown.push((site, reason)),
                Ok(worlds) => {
                    for world in worlds {
                        unknown.extend(world.unknown.map(|reason| (world.anchor.site, reason)));
                        for (at, place) in world.places.into_iter().enumerate() {
                            next.push(element(repo, env.clone(), name, at, place));
                        }
                    }
                }
            },
            Clause::Possible { name, path } => match path.worlds(repo, &env) {
                Err(reason) => unknown.push((site, reason)),
                Ok(worlds) => {
                    for world in worlds {
                        unknown.extend(world.unknown.map(|reason| (world.anchor.site, reason)));
                        for place in world.places {
                            possible(&env, name, &place, next, unknown);
                        }
                    }
                }
            },
            Clause::Texts { name, texts } => {
                let second: SmolStr = format!("{name}_value").into();
                next.extend(texts.iter().map(|(text, value)| {
                    env.clone()
                        .with(&second, Bound::Text(value.clone()))
                        .with(name, Bound::Text(text.clone()))
                }));
            }
            Clause::Fields { name, marker, fields } => {
                let Filled::Text(kind) = env.text("kind") else { return };
                let own = fields.iter().find(|(known, _)| *known == *kind);
                let marker_name: SmolStr = format!("{name}_marker").into();
                next.extend(own.into_iter().flat_map(|(_, paths)| paths).map(|path| {
                    env.clone()
                        .with(&marker_name, Bound::Text(marker.clone()))
                        .with(name, Bound::Text(path.clone()))
                }));
            }
            Clause::Split { name, path, separator } => match path.worlds(repo, &env) {
                Err(reason) => unknown.push((site, reason)),
                Ok(worlds) => {
                    for place in worlds.into_iter().flat_map(|world| world.places) {
                        parts(&env, name, &place, separator, next);
                    }
                }
            },
            Clause::Let { name, source, default } => {
                let around = Around { repo, gathered, env: &env };
                for bound in source.bounds(&around).into_iter().flat_map(alternatives) {
                    let bound = match (bound, default) {
                        (Bound::Absent, Some(default)) => filled(default.text(repo, &env)),
                        (bound, _) => bound,
                    };
                    next.push(env.clone().with(name, bound));
                }
            }
        }
    }
}

/// `env` with the element `place`, its position and its key named.
fn element<'s>(
    repo: &Repo<'s>,
    env: Env<'s>,
    name: &SmolStr,
    at: usize,
    place: Place<'s>,
) -> Env<'s> {
    let index: SmolStr = at.to_string().into();
    let key = place.key.and_then(|key| {
        let file = repo.sources.get(key.file.index())?;
        Some(SmolStr::new(file.slice(key.range).trim_matches(['"', '\''])))
    });
    env.with(&format!("{name}_index").into(), Bound::Text(index))
        .with(&format!("{name}_key").into(), key.map_or(Bound::Absent, Bound::Text))
        .with_element(name, place)
}

fn possible<'s>(
    env: &Env<'s>,
    name: &SmolStr,
    place: &Place<'s>,
    next: &mut Vec<Env<'s>>,
    unknown: &mut Vec<(Span, Reason)>,
) {
    let Node::Value(value) = &place.node else { return };
    let mut reason = None;
    for option in value.possibilities() {
        if let Data::Unknown(why) = &option.data {
            reason = Some(why.clone());
            continue;
        }
        let mut chosen = place.clone();
        chosen.node = Node::Value(option.clone());
        next.push(env.clone().with_element(name, chosen));
    }
    unknown.extend(reason.map(|reason| (place.site, reason)));
}

fn parts<'s>(
    env: &Env<'s>,
    name: &SmolStr,
    place: &Place<'s>,
    separator: &str,
    next: &mut Vec<Env<'s>>,
) {
    let Some(value) = place.value() else { return };
    let Some(text) = value.as_str() else { return };
    let mut at = 0;
    for part in text.split(separator) {
        let (start, trimmed) = (at + part.len() - part.trim_start().len(), part.trim());
        at += part.len() + separator.len();
        if trimmed.is_empty() {
            continue;
        }
        let span = match &value.data {
            Data::Text(whole) => whole.source_of(start, start + trimmed.len()),
            _ => None,
        };
        let part = Value::text(trimmed, span.unwrap_or(place.site));
        next.push(env.clone().with_element(name, place.part(part, place.key)));
    }
}

impl LetSource {
    /// What it names, in each possible world.
    fn bounds<'s>(&self, around: &Around<'_, 's>) -> Vec<Bound<'s>> {
        let Around { repo, env, .. } = *around;
        match self {
            LetSource::Path(path) => match path.worlds(repo, env) {
                Err(reason) => vec![Bound::Unknown(reason)],
                Ok(worlds) => worlds.into_iter().map(first_of).collect(),
            },
            LetSource::Text(operand) => vec![filled(operand.text(repo, env))],
            LetSource::Lookup { rows, column } => vec![rows.lookup(around, column)],
            LetSource::Capture { path, pattern } => match path.worlds(repo, env) {
                Err(reason) => vec![Bound::Unknown(reason)],
                Ok(worlds) => {
                    let capture = |world: World<'s>| match first_of(world) {
                        Bound::Place(place) => captured(env, &place, pattern),
                        other => other,
                    };
                    worlds.into_iter().map(capture).collect()
                }
            },
        }
    }
}

fn filled<'s>(filled: Filled<'_>) -> Bound<'s> {
    match filled {
        Filled::Text(text) => Bound::Text(SmolStr::new(text)),
        Filled::Absent => Bound::Absent,
        Filled::Unknown(reason) => Bound::Unknown(reason),
    }
}

fn first_of(world: World<'_>) -> Bound<'_> {
    match (world.places.into_iter().next(), world.unknown) {
        (Some(place), _) => Bound::Place(place),
        (None, Some(reason)) => Bound::Unknown(reason),
        (None, None) => Bound::Absent,
    }
}

/// One binding for each value that a place may have.
fn alternatives(bound: Bound<'_>) -> Vec<Bound<'_>> {
    let Bound::Place(place) = &bound else { return vec![bound] };
    let Node::Value(Value { data: Data::OneOf(options), .. }) = &place.node else {
        return vec![bound];
    };
    let one = |option: &Value| {
        let mut chosen = place.clone();
        chosen.node = Node::Value(option.clone());
        Bound::Place(chosen)
    };
    options.iter().map(one).collect()
}

fn captured<'s>(env: &Env<'s>, place: &Place<'s>, pattern: &super::operand::Pattern) -> Bound<'s> {
    let Some(value) = place.value() else { return Bound::Absent };
    let Some(text) = value.as_str() else {
        let reason = value.first_unknown();
        return reason.map_or(Bound::Absent, Bound::Unknown);
    };
    let found = pattern.with(env, |regex| {
        let captures = regex.captures(&text)?;
        let found = captures.name("value").or_else(|| captures.get(0))?;
        let span = match &value.data {
            Data::Text(whole) => whole.source_of(found.start(), found.end()),
            _ => None,
        };
        Some(Value::text(found.as_str(), span.unwrap_or(place.site)))
    });
    match found {
        Ok(Some(value)) => Bound::Place(place.part(value, place.key)),
        Ok(None) => Bound::Absent,
        Err(reason) => Bound::Unknown(reason),
    }
}

/// A rule in the declarative language.
#[derive(Debug)]
pub(super) struct Declarative {
    /// What it is about.
    pub(super) select: Select,
    /// What names and narrows the subject.
    pub(super) clauses: Clauses,
    /// What is asked.
    pub(super) requirements: Vec<Requirement>,
    /// The gathers that its questions need.
    pub(super) needs: Vec<usize>,
    /// The entry, for explanations.
    pub(super) source: ConfigSource,
}

/// A question, and what it means if the answer is wrong.
#[derive(Debug)]
pub(super) struct Requirement {
    /// Where it stands in the entry.
    pub(super) range: TextRange,
    /// The outcome that words it.
    pub(super) outcome: SmolStr,
    /// Whether it is a `forbid`: wrong where the answer may be yes.
    pub(super) forbidden: bool,
    /// Asked only where this holds.
    pub(super) when: Option<Test>,
    /// The question.
    pub(super) test: Test,
    /// What to underline, where that is not what the answer rests on.
    pub(super) at: Option<PathRef>,
    /// Which part of that.
    pub(super) part: Part,
    /// Later situations win over the outcome's name: the first that holds gives the case.
    pub(super) situations: Vec<(Test, SmolStr)>,
    /// What else to show.
    pub(super) related: Vec<(PathRef, String)>,
}

/// Which part of a place is underlined.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Part {
    /// The value, or a block's header.
    Value,
    /// The key or name.
    Key,
    /// The subject's header.
    Subject,
}

impl Check for Declarative {
    fn interests(&self) -> Vec<Interest> {
        self.select.interests()
    }

    fn needs(&self) -> &[usize] {
        &self.needs
    }

    fn explain(&self, context: &Context<'_>, subject: Subject<'_>) -> Vec<Explanation> {
        self.retrace(context, subject)
    }

    fn judge(&self, context: &Context<'_>, subject: Subject<'_>, out: &mut Findings) {
        let Context { repo, gathered } = *context;
        let mut sites = BTreeSet::new();
        for env in self.select.envs(repo, gathered, subject) {
            let (envs, unknown) = expand(repo, gathered, &self.clauses, env, Doubtful::Out);
            for (site, reason) in unknown {
                if sites.insert(site) {
                    out.site();
                }
                out.unknown(site, reason.0.to_string());
            }
            for env in envs {
                if sites.insert(env.innermost().site) {
                    out.site();
                }
                for requirement in &self.requirements {
                    requirement.judge(&Around { repo, gathered, env: &env }, out);
                }
            }
        }
    }
}

impl Requirement {
    fn judge(&self, around: &Around<'_, '_>, out: &mut Findings) {
        let site = around.env.innermost().site;
        if let Some(when) = &self.when {
            let truth = when.ask(around);
            if truth.yes.is_none() {
                if let Some(reason) = truth.unknown {
                    out.unknown(site, reason.0.to_string());
                }
                return;
            }
        }
        let truth = self.test.ask(around);
        let wrong = if self.forbidden { truth.yes } else { truth.no };
        match (wrong, truth.unknown) {
            (Some(evidence), _) => out.report(self.finding(around, evidence)),
            (None, Some(reason)) => out.unknown(site, reason.0.to_string()),
            (None, None) => {}
        }
    }

    fn finding(&self, around: &Around<'_, '_>, evidence: Evidence) -> Finding {
        let env = around.env;
        let at = self.at.as_ref().and_then(|at| at.first_or_anchor(around.repo, env));
        let (site, key) = match &at {
            Some(place) => (Some(place.site), place.key),
            None => (evidence.site, evidence.key),
        };
        let innermost = env.innermost().site;
        let span = match self.part {
            Part::Subject => env.subject.site,
            Part::Key => key.or(site).unwrap_or(innermost),
            Part::Value => site.unwrap_or(innermost),
        };
        let situation = self.situations.iter().find(|(test, _)| test.ask(around).yes.is_some());
        let outcome = situation.map_or(&self.outcome, |(_, outcome)| outcome);
        let mut finding = Finding::new(outcome.clone(), span);
        finding.args = env.args();
        let value = evidence.value.unwrap_or_default();
        finding = finding.arg("value", value).arg("near", evidence.near.unwrap_or_default());
        finding.address = env.block.map(|block| block.address());
        for (path, message) in &self.related {
            if let Some(place) = path.first(around.repo, env) {
                finding = finding.related(place.origin.unwrap_or(place.site), message.clone());
            }
        }
        for (span, message) in evidence.related {
            finding = finding.related(span, message);
        }
        finding
    }
}
