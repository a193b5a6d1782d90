//! From a subject to what is judged: names given, things told apart, cases narrowed down.

use std::borrow::Cow;
use std::rc::Rc;

use rustc_hash::FxHashMap;
use smallvec::{SmallVec, smallvec};
use smol_str::{SmolStr, format_smolstr};

use super::binding::{LetSource, finished};
use super::env::{Bound, Env, Filled};
use super::gather::Gathered;
use super::matcher::Around;
use super::node::{Node, Place};
use super::operand::{Operand, PathRef};
use super::path::Path;
use super::relation::Exists;
use super::test::Test;
use super::truth::Truth;
use super::units::Unit;
use super::walk::{World, said_twice, single, walk};
use crate::model::{Data, Reason, Repo, Value};
use crate::rule::Template;
use crate::text::{Span, TextRange};

/// What becomes of one environment: mostly one other.
pub(super) type Envs<'s> = SmallVec<[Env<'s>; 1]>;

/// What names and narrows the subject, in the order written.
pub(super) type Clauses = Vec<(TextRange, Clause)>;

/// One step from a subject to what is judged.
#[derive(Debug)]
pub(super) enum Clause {
    /// Names what a path leads to, or a text.
    Let { name: SmolStr, source: LetSource, default: Option<Operand>, unit: Option<(Unit, f64)> },
    /// Judges each thing that a path leads to on its own. Its position and its key are named where somebody asks for them.
    Each {
        name: SmolStr,
        index: Option<SmolStr>,
        key: Option<SmolStr>,
        path: PathRef,
        /// Only what one before it said already.
        again: Option<Again>,
    },
    /// Judges each entry on its own whose key its object has had already, in what a path leads to or below.
    Twice { name: SmolStr, path: PathRef },
    /// Judges each possible value of an expression on its own.
    Possible { name: SmolStr, path: PathRef },
    /// Judges what each matching row of a gather says in a column on its own.
    Rows { name: SmolStr, rows: Exists, column: SmolStr },
    /// Judges each element of a list of texts on its own: the paths of a mutator, a param.
    Texts { name: SmolStr, texts: Vec<(SmolStr, SmolStr)> },
    /// Judges each field on its own that mutators change in resources of the subject's type.
    Fields { name: SmolStr, marker_name: SmolStr, fields: Vec<(SmolStr, Vec<Field>)> },
    /// Judges each entry of `ignore_changes` on its own.
    Ignored { name: SmolStr },
    /// Judges each part of a text on its own.
    Split { name: SmolStr, path: PathRef, separator: SmolStr },
    /// Goes on only where this holds.
    Where(Test),
    /// Goes on only where this does not hold: there, what is asked cannot be known.
    Unknown { test: Test, because: Template },
}

/// Where things say what tells them apart, and the name for the first one that said it.
#[derive(Debug)]
pub(super) struct Again {
    pub(super) path: Path,
    pub(super) before: SmolStr,
}

/// A field that a mutator changes.
#[derive(Debug)]
pub(super) struct Field {
    /// Its path, as Terraform writes it.
    pub(super) path: SmolStr,
    /// The marker of an entry that ignores it; empty where it has none.
    pub(super) marker: SmolStr,
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
    clauses: &[(TextRange, Clause)],
    env: Env<'s>,
    doubtful: Doubtful,
) -> (Envs<'s>, Vec<(Span, Reason)>) {
    let mut envs: Envs<'s> = smallvec![env];
    let mut unknown = Vec::new();
    for (_, clause) in clauses {
        let mut next = Envs::with_capacity(envs.len());
        let mut cut = None;
        for env in envs {
            if next.len() >= MOST_ENVS {
                cut = Some(env.innermost().site);
                break;
            }
            let before = unknown.len();
            let kept = (doubtful == Doubtful::Kept).then(|| env.clone());
            clause.apply(repo, gathered, (env, doubtful), &mut next, &mut unknown);
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
        if next.len() > MOST_ENVS {
            cut = Some(next[MOST_ENVS].innermost().site);
            next.truncate(MOST_ENVS);
        }
        if let Some(site) = cut {
            let reason = format!("only the first {MOST_ENVS} of them are judged");
            unknown.push((site, Reason::new(reason)));
        }
        envs = next;
    }
    (envs, unknown)
}

/// The names of positions and keys.
pub(super) fn optional_names(clauses: &Clauses) -> impl Iterator<Item = &SmolStr> {
    clauses
        .iter()
        .flat_map(|(_, clause)| match clause {
            Clause::Each { index, key, .. } => [index.as_ref(), key.as_ref()],
            _ => [None, None],
        })
        .flatten()
}

/// Gives no names to the positions and keys that nobody asks for.
pub(super) fn forget_unasked(clauses: &mut Clauses, is_asked: impl Fn(&str) -> bool) {
    for (_, clause) in clauses {
        if let Clause::Each { index, key, .. } = clause {
            index.take_if(|name| !is_asked(name));
            key.take_if(|name| !is_asked(name));
        }
    }
}

impl Clause {
    /// The name that it gives, if it gives one.
    pub(super) fn name(&self) -> Option<&SmolStr> {
        match self {
            Clause::Let { name, .. }
            | Clause::Each { name, .. }
            | Clause::Twice { name, .. }
            | Clause::Possible { name, .. }
            | Clause::Rows { name, .. }
            | Clause::Texts { name, .. }
            | Clause::Fields { name, .. }
            | Clause::Ignored { name }
            | Clause::Split { name, .. } => Some(name),
            Clause::Where(_) | Clause::Unknown { .. } => None,
        }
    }

    /// Whether `env` is judged where its test says this; or why that is not known.
    fn judged(&self, truth: Truth, env: &Env<'_>) -> Result<bool, Reason> {
        match (truth.yes, truth.unknown, self) {
            (Some(_), _, Clause::Unknown { because, .. }) => {
                Err(Reason::new(because.render(&env.args())))
            }
            (Some(_), _, _) | (None, None, Clause::Unknown { .. }) => Ok(true),
            (None, Some(doubt), _) => Err(doubt.reason),
            (None, None, _) => Ok(false),
        }
    }

    /// Adds to `next` what becomes of `env`.
    pub(super) fn apply<'s>(
        &self,
        repo: &Repo<'s>,
        gathered: &Gathered,
        (env, doubtful): (Env<'s>, Doubtful),
        next: &mut Envs<'s>,
        unknown: &mut Vec<(Span, Reason)>,
    ) {
        let site = env.innermost().site;
        match self {
            Clause::Where(test) | Clause::Unknown { test, .. } => {
                let truth = test.ask(&Around { repo, gathered, env: &env, is_told: false });
                match self.judged(truth, &env) {
                    Ok(true) => next.push(env),
                    Ok(false) => {}
                    Err(reason) => unknown.push((site, reason)),
                }
            }
            Clause::Each { name, index, key, path, again } => match path.worlds(repo, &env) {
                Err(reason) => unknown.push((site, reason)),
                Ok(worlds) => {
                    for world in &*worlds {
                        let world = single(repo, world, || path.ends_in_name(&env));
                        // Of those that say the same, one is judged for all. How many rows they are is not known, nor
                        // whether two of them say something twice.
                        let is_for_all = doubtful == Doubtful::Out && again.is_none();
                        let more = world.unknown.clone().filter(|it| !(is_for_all && it.is_alike));
                        unknown.extend(more.map(|more| (world.anchor.site, more.reason)));
                        let names = (name, index.as_ref(), key.as_ref());
                        elements(repo, &env, names, again.as_ref(), &world.places, next);
                    }
                }
            },
            Clause::Possible { name, path } => match path.worlds(repo, &env) {
                Err(reason) => unknown.push((site, reason)),
                Ok(worlds) => {
                    for world in &*worlds {
                        let more = world.unknown.clone();
                        unknown.extend(more.map(|more| (world.anchor.site, more.reason)));
                        for place in &world.places {
                            possible(&env, name, place, next, unknown);
                        }
                    }
                }
            },
            Clause::Rows { name, rows, column } => {
                let around = Around { repo, gathered, env: &env, is_told: false };
                match rows.each(&around, column) {
                    Err(reason) => unknown.push((site, reason)),
                    Ok((bounds, open)) => {
                        unknown.extend(open.map(|reason| (site, reason)));
                        next.extend(bounds.into_iter().map(|bound| env.clone().with(name, bound)));
                    }
                }
            }
            Clause::Texts { name, texts } => {
                let second = format_smolstr!("{name}_value");
                next.extend(texts.iter().map(|(text, value)| {
                    env.clone()
                        .with(&second, Bound::Text(value.clone()))
                        .with(name, Bound::Text(text.clone()))
                }));
            }
            Clause::Fields { name, marker_name, fields } => {
                let Filled::Text(kind) = env.text("kind") else { return };
                let own = fields.iter().find(|(known, _)| *known == *kind);
                next.extend(own.into_iter().flat_map(|(_, fields)| fields).map(|field| {
                    env.clone()
                        .with(marker_name, Bound::Text(field.marker.clone()))
                        .with(name, Bound::Text(field.path.clone()))
                }));
            }
            Clause::Ignored { name } => entries(&env, name, next),
            Clause::Split { name, path, separator } => {
                let add = |place: &Rc<Place<'s>>| parts(&env, name, place, separator, next);
                unknown.extend(each_place(repo, &env, path, add).map(|reason| (site, reason)));
            }
            Clause::Twice { name, path } => {
                let add = |place: &Rc<Place<'s>>| twice(repo, &env, name, place, next);
                unknown.extend(each_place(repo, &env, path, add).map(|reason| (site, reason)));
            }
            Clause::Let { name, source, default, unit } => {
                let bounds = source.bounds(&Around { repo, gathered, env: &env, is_told: false });
                let mut bounds = finished(repo, &env, bounds, default.as_ref(), *unit);
                let last = bounds.pop();
                next.extend(bounds.into_iter().map(|bound| env.clone().with(name, bound)));
                next.extend(last.map(|bound| env.with(name, bound)));
            }
        }
    }
}

/// Hands `f` each place that `path` leads to; why that is not known, where it is not.
fn each_place<'s>(
    repo: &Repo<'s>,
    env: &Env<'s>,
    path: &PathRef,
    f: impl FnMut(&Rc<Place<'s>>),
) -> Option<Reason> {
    match path.worlds(repo, env) {
        Err(reason) => Some(reason),
        Ok(worlds) => {
            worlds.iter().flat_map(|world| &world.places).for_each(f);
            None
        }
    }
}

/// Adds `env` for each entry, at `place` or below, whose key its object has had already.
fn twice<'s>(
    repo: &Repo<'s>,
    env: &Env<'s>,
    name: &SmolStr,
    place: &Rc<Place<'s>>,
    next: &mut Envs<'s>,
) {
    let (key, before) = (format_smolstr!("{name}_key"), format_smolstr!("{name}_before"));
    for (first, second) in said_twice(repo, place) {
        let said = second.entry.as_ref().map(|(key, _)| Bound::Text(key.clone()));
        let env = env.clone().with(&key, said.unwrap_or(Bound::Absent));
        next.push(env.with(&before, Bound::Place(first)).with_element(name, second));
    }
}

/// Adds `env` for each entry of the block's `ignore_changes`.
fn entries<'s>(env: &Env<'s>, name: &SmolStr, next: &mut Envs<'s>) {
    let parent_name = format_smolstr!("{name}_parent");
    next.extend(env.root.ignored().iter().map(|(entry, parent)| {
        env.clone()
            .with(&parent_name, Bound::Text(parent.clone()))
            .with_element(name, Rc::clone(entry))
    }));
}

/// Adds `env` for each of `places`.
fn elements<'s>(
    repo: &Repo<'s>,
    env: &Env<'s>,
    names: (&SmolStr, Option<&SmolStr>, Option<&SmolStr>),
    again: Option<&Again>,
    places: &[Rc<Place<'s>>],
    next: &mut Envs<'s>,
) {
    // Behind what is there an unknown number of times, nobody knows the position.
    let uncounted = places.iter().position(|it| it.is_repeated());
    let mut said: FxHashMap<String, &Rc<Place<'s>>> = FxHashMap::default();
    next.reserve(places.len());
    for (at, place) in places.iter().enumerate() {
        let mut env = Cow::Borrowed(env);
        if let Some(Again { path, before }) = again {
            let Some(text) = text_at(repo, place, path) else { continue };
            let Some(first) = said.get(&text) else {
                said.insert(text, place);
                continue;
            };
            env = Cow::Owned(env.into_owned().with(before, Bound::Place(Rc::clone(first))));
        }
        let at = uncounted.is_none_or(|from| at < from).then_some(at);
        next.push(element(repo, env.into_owned(), names, at, place));
    }
}

/// What stands at `path` below `place`, where that is one known text.
fn text_at<'s>(repo: &Repo<'s>, place: &Rc<Place<'s>>, path: &Path) -> Option<String> {
    let worlds = walk(repo, place, &path.steps);
    let [World { places, unknown: None, .. }] = worlds.as_slice() else { return None };
    let [only] = places.as_slice() else { return None };
    only.value()?.as_str().map(Cow::into_owned)
}

/// `env` with the element `place`, its position and its key named.
fn element<'s>(
    repo: &Repo<'s>,
    env: Env<'s>,
    (name, index_name, key_name): (&SmolStr, Option<&SmolStr>, Option<&SmolStr>),
    at: Option<usize>,
    place: &Rc<Place<'s>>,
) -> Env<'s> {
    let mut env = env;
    if let Some(index_name) = index_name {
        let reason = || Reason::new("a `dynamic` block makes some of them, nobody knows how many");
        let at = at.map(|at| Bound::Text(format_smolstr!("{at}")));
        env = env.with(index_name, at.unwrap_or_else(|| Bound::Unknown(reason())));
    }
    if let Some(key_name) = key_name {
        env = env.with(key_name, key_of(repo, place).unwrap_or(Bound::Absent));
    }
    env.with_element(name, Rc::clone(place))
}

/// The key that `place` stands under.
fn key_of<'s>(repo: &Repo<'s>, place: &Place<'s>) -> Option<Bound<'s>> {
    // A name that the reader of a language gives is written nowhere: it is shown where its value stands.
    let is_written = |key: &Span| *key != place.site || place.origin.is_some();
    if let Some((key, span)) = &place.entry {
        let name = || Bound::Place(Rc::new(place.part(Value::text(key.clone(), *span), None)));
        return is_written(span).then(name);
    }
    let key = place.key.filter(is_written)?;
    let file = repo.sources.get(key.file.index())?;
    let text = file.slice(key.range).trim_matches(['"', '\'']);
    let value = Value::text(text, key);
    let place = Place { site: key, expr: key, origin: None, ..place.part(value, None) };
    Some(Bound::Place(Rc::new(place)))
}

fn possible<'s>(
    env: &Env<'s>,
    name: &SmolStr,
    place: &Rc<Place<'s>>,
    next: &mut Envs<'s>,
    unknown: &mut Vec<(Span, Reason)>,
) {
    let Node::Value(value) = &place.node else { return };
    let mut reason = None;
    for option in value.possibilities() {
        if let Data::Unknown(why) = &option.data {
            reason = Some(why.clone());
            continue;
        }
        let node = Node::Value(option.clone());
        let chosen = Rc::new(Place { node, ..Place::clone(place) });
        next.push(env.clone().with_element(name, chosen));
    }
    unknown.extend(reason.map(|reason| (place.site, reason)));
}

fn parts<'s>(
    env: &Env<'s>,
    name: &SmolStr,
    place: &Place<'s>,
    separator: &str,
    next: &mut Envs<'s>,
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
        next.push(env.clone().with_element(name, Rc::new(place.part(part, place.key))));
    }
}
