//! What a rule compares with: a literal, a text with names in it, or another place of the subject.

use std::rc::Rc;
use std::sync::{Arc, Mutex, PoisonError};

use rustc_hash::FxHashMap;
use smallvec::{SmallVec, smallvec};
use smol_str::SmolStr;

use super::env::{Bound, Env, Filled};
use super::node::{Node, Place};
use super::path::{Path, Step};
use super::truth::Truth;
use super::walk::{Found, MOST_WORLDS, Places, World, Worlds, walk};
use crate::model::{Reason, Repo, Value};
use crate::rule::Template;
use crate::syntax::language::Language;
use crate::text::LazyRegex;

/// A path of a rule: written out, or made of names.
#[derive(Debug)]
pub(super) enum PathRef {
    /// As written.
    Fixed(Path),
    /// With holes: read once for each text that they give.
    Template(Template, Paths),
    /// All that any of these leads to.
    Several(Vec<PathRef>),
    /// No place, but a text.
    Text(Box<Operand>),
    /// What stands there, read as a language.
    Read(Box<PathRef>, Language),
}

/// The paths that a text with holes has given so far, or why one is none.
#[derive(Debug, Default)]
pub(super) struct Paths(Mutex<FxHashMap<SmolStr, Result<Arc<Path>, Reason>>>);

impl Paths {
    fn get(&self, text: &str) -> Result<Arc<Path>, Reason> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(path) = known.get(text) {
            return path.clone();
        }
        let path = Path::parse(text).map(Arc::new).map_err(Reason::new);
        known.insert(text.into(), path.clone());
        path
    }
}

/// One side of a comparison.
#[derive(Debug)]
pub(super) enum Operand {
    /// A literal, or a text with names in it.
    Text(Template),
    /// The value at another place of the subject.
    Path(PathRef),
}

/// A regex, with names in it or without.
#[derive(Debug)]
pub(super) enum Pattern {
    /// As it is written.
    Fixed(Box<LazyRegex>),
    /// With holes, each filled with an escaped text.
    Template(Template, Mutex<FxHashMap<String, Option<Arc<LazyRegex>>>>),
}

impl PathRef {
    /// The worlds that the path leads to. A path starts at the name it begins with, or else at the subject.
    pub(super) fn worlds<'s>(&self, repo: &Repo<'s>, env: &Env<'s>) -> Result<Found<'s>, Reason> {
        let owned;
        let path = match self {
            PathRef::Fixed(path) => path,
            PathRef::Template(template, paths) => match env.fill(template) {
                Filled::Text(text) => {
                    owned = paths.get(&text)?;
                    &*owned
                }
                Filled::Absent => return Err(Reason::new("a name in the path stands for nothing")),
                Filled::Unknown(reason) => return Err(reason),
            },
            PathRef::Several(paths) => return several(paths, repo, env),
            PathRef::Text(operand) => return text_world(operand, repo, env),
            PathRef::Read(path, language) => return read(path, *language, repo, env),
        };
        match path.head().and_then(|head| env.bound(head)) {
            None => Ok(env.root.walk(repo, path)),
            Some(Bound::Place(place)) => Ok(Found::Own(walk(repo, place, &path.steps[1..]))),
            Some(Bound::Text(text)) => {
                let place = text_place(text.clone(), env);
                Ok(Found::Own(walk(repo, &place, &path.steps[1..])))
            }
            Some(Bound::Absent) => {
                let anchor = Rc::clone(&env.root.subject);
                Ok(Found::Own(smallvec![World { places: Places::new(), unknown: None, anchor }]))
            }
            Some(Bound::Unknown(reason)) => Err(reason.clone()),
        }
    }

    /// The path as it is for this subject; none where it is several, no place, or goes on inside of a text.
    pub(super) fn fixed(&self, env: &Env<'_>) -> Option<Path> {
        match self {
            PathRef::Fixed(path) => Some(path.clone()),
            PathRef::Template(template, paths) => match env.fill(template) {
                Filled::Text(text) => paths.get(&text).ok().map(|path| Path::clone(&path)),
                Filled::Absent | Filled::Unknown(_) => None,
            },
            PathRef::Several(_) | PathRef::Text(_) | PathRef::Read(..) => None,
        }
    }

    /// Whether it ends in a name, so that what is there may be one thing or, in another carrier, a list of them. `[*]` says that
    /// each element is meant, and what is read as a language is one thing.
    pub(super) fn ends_in_name(&self, env: &Env<'_>) -> bool {
        match self {
            PathRef::Several(paths) => paths.iter().all(|path| path.ends_in_name(env)),
            PathRef::Read(..) | PathRef::Text(_) => false,
            PathRef::Fixed(path) => matches!(path.steps.last(), Some(Step::Name(_))),
            PathRef::Template(..) => {
                self.fixed(env).is_some_and(|path| matches!(path.steps.last(), Some(Step::Name(_))))
            }
        }
    }

    /// The first place that the path leads to in any world.
    pub(super) fn first<'s>(&self, repo: &Repo<'s>, env: &Env<'s>) -> Option<Rc<Place<'s>>> {
        let worlds = self.worlds(repo, env).ok()?;
        worlds.iter().find_map(|world| world.places.first().cloned())
    }

    /// The first place, or where it would be.
    pub(super) fn first_or_anchor<'s>(
        &self,
        repo: &Repo<'s>,
        env: &Env<'s>,
    ) -> Option<Rc<Place<'s>>> {
        let worlds = self.worlds(repo, env).ok()?;
        let found = worlds.iter().find_map(|world| world.places.first());
        found.or_else(|| worlds.first().map(|world| &world.anchor)).cloned()
    }
}

/// The place that stands for a text which is no place.
fn text_place<'s>(text: SmolStr, env: &Env<'s>) -> Rc<Place<'s>> {
    let value = Value::text(text, env.root.subject.site);
    Rc::new(env.root.subject.part(value, None))
}

fn text_world<'s>(operand: &Operand, repo: &Repo<'s>, env: &Env<'s>) -> Result<Found<'s>, Reason> {
    // It stands nowhere: what `each` has named last is shown in its place.
    let anchor = Rc::clone(env.innermost());
    let place =
        |text: &str| Rc::new(anchor.part(Value::text(SmolStr::new(text), anchor.site), None));
    let places = match operand.text(repo, env) {
        Filled::Text(text) => smallvec![place(&text)],
        Filled::Absent => Places::new(),
        Filled::Unknown(reason) => return Err(reason),
    };
    Ok(Found::Own(smallvec![World { places, unknown: None, anchor }]))
}

/// What `path` leads to, with its texts read.
fn read<'s>(
    path: &PathRef,
    language: Language,
    repo: &Repo<'s>,
    env: &Env<'s>,
) -> Result<Found<'s>, Reason> {
    let read = |place: &Rc<Place<'s>>| match place.value() {
        Some(value) => {
            let node = Node::Value(repo.read(value, language));
            Rc::new(Place { node, ..Place::clone(place) })
        }
        None => Rc::clone(place),
    };
    let world = |world: &World<'s>| World {
        places: world.places.iter().map(read).collect(),
        unknown: world.unknown.clone(),
        anchor: Rc::clone(&world.anchor),
    };
    Ok(Found::Own(path.worlds(repo, env)?.iter().map(world).collect()))
}

/// What all of `paths` lead to together.
fn several<'s>(paths: &[PathRef], repo: &Repo<'s>, env: &Env<'s>) -> Result<Found<'s>, Reason> {
    let mut all = Found::Own(Worlds::new());
    for path in paths {
        let worlds = path.worlds(repo, env)?;
        if all.is_empty() {
            all = worlds;
            continue;
        }
        let both = worlds.iter().flat_map(|more| all.iter().map(|so_far| so_far.with(more)));
        all = Found::Own(both.take(MOST_WORLDS).collect());
    }
    Ok(all)
}

impl Operand {
    /// Whether `ask` says yes of any of the texts it stands for, in every possible world: of a path to several places, each
    /// is one. It is told the value too, where one stands there. Of nothing it says `absent`.
    pub(super) fn any<'s>(
        &self,
        repo: &Repo<'s>,
        env: &Env<'s>,
        absent: impl Fn() -> Truth,
        ask: impl Fn(&str, Option<&Value>) -> Truth,
    ) -> Truth {
        let answer = |filled: Filled<'_>, value: Option<&Value>| match filled {
            Filled::Text(text) => ask(&text, value),
            Filled::Absent => absent(),
            Filled::Unknown(reason) => Truth::unknown(reason),
        };
        let path = match self {
            Operand::Text(template) => {
                return answer(env.fill(template), self.value(env).as_ref());
            }
            Operand::Path(path) => path,
        };
        let said = |place: &Rc<Place<'s>>| match place.value() {
            Some(value) => answer(super::env::text_of(value), Some(value)),
            None => Truth::unknown(super::node::is_block()),
        };
        let world = |world: &World<'s>| {
            let unknown = world.unknown.clone().filter(|more| !more.is_alike);
            let unknown = unknown.map(|more| Truth::unknown(more.reason));
            let none = (world.places.is_empty() && unknown.is_none()).then(&absent);
            Truth::any(world.places.iter().map(said).chain(unknown).chain(none))
        };
        match path.worlds(repo, env) {
            Err(reason) => Truth::unknown(reason),
            Ok(worlds) if worlds.is_empty() => absent(),
            Ok(worlds) => {
                worlds.iter().map(world).fold(Truth::default(), Truth::or_in_another_world)
            }
        }
    }

    /// The text it stands for.
    pub(super) fn text<'t, 's>(&'t self, repo: &Repo<'s>, env: &'t Env<'s>) -> Filled<'t> {
        match self {
            Operand::Text(template) => env.fill(template),
            Operand::Path(path) => match path.worlds(repo, env) {
                Err(reason) => Filled::Unknown(reason),
                Ok(worlds) => match worlds.first() {
                    None => Filled::Absent,
                    Some(world) => match (world.places.first(), &world.unknown) {
                        (Some(place), _) => match place.value().map(super::env::text_of) {
                            Some(Filled::Text(text)) => Filled::Text(text.into_owned().into()),
                            Some(Filled::Absent) => Filled::Absent,
                            Some(Filled::Unknown(reason)) => Filled::Unknown(reason),
                            None => Filled::Unknown(super::node::is_block()),
                        },
                        (None, Some(more)) if !more.is_alike => {
                            Filled::Unknown(more.reason.clone())
                        }
                        (None, _) => Filled::Absent,
                    },
                },
            },
        }
    }

    /// The value of the one name it is made of, which may be known in part.
    pub(super) fn value(&self, env: &Env<'_>) -> Option<Value> {
        let Operand::Text(template) = self else { return None };
        match env.bound(template.as_hole()?)? {
            Bound::Place(place) => place.value().cloned(),
            _ => None,
        }
    }

    /// The literal it is, for "did you mean".
    pub(super) fn as_plain(&self) -> Option<&str> {
        match self {
            Operand::Text(template) => template.as_plain(),
            Operand::Path(_) => None,
        }
    }
}

impl Pattern {
    /// Runs `use_it` with the regex for this subject, which is to search `haystack`. Of one that is too large nothing is known.
    pub(super) fn with<R>(
        &self,
        env: &Env<'_>,
        haystack: &str,
        use_it: impl FnOnce(&LazyRegex) -> R,
    ) -> Result<R, Reason> {
        let search = |regex: &LazyRegex| {
            let found = regex.can_search(haystack).then(|| use_it(regex));
            found.ok_or_else(|| Reason::new("the pattern does not compile"))
        };
        let (template, cache) = match self {
            Pattern::Fixed(regex) => return search(regex),
            Pattern::Template(template, cache) => (template, cache),
        };
        let mut args: SmallVec<[(&str, String); 2]> = SmallVec::new();
        for name in template.holes() {
            match env.text(name) {
                Filled::Text(text) => args.push((name, regex::escape(&text))),
                Filled::Absent => args.push((name, String::new())),
                Filled::Unknown(reason) => return Err(reason),
            }
        }
        let text = template.render(&args);
        let known = cache.lock().unwrap_or_else(PoisonError::into_inner).get(&text).cloned();
        let regex = known.unwrap_or_else(|| {
            let compiled = LazyRegex::parse(&text).ok().map(Arc::new);
            let mut cache = cache.lock().unwrap_or_else(PoisonError::into_inner);
            cache.entry(text).or_insert(compiled).clone()
        });
        match regex {
            Some(regex) => search(&regex),
            None => Err(Reason::new("what is filled in makes no regex")),
        }
    }
}
