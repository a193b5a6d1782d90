//! What a `let` gives a name to.

use std::collections::BTreeSet;
use std::rc::Rc;
use std::sync::Arc;

use smallvec::{SmallVec, smallvec};
use smol_str::SmolStr;

use super::addressed::addresses;
use super::env::{Bound, Env, Filled};
use super::matcher::{Around, expression_of};
use super::node::{Node, Place};
use super::operand::{Operand, PathRef, Pattern};
use super::relation::Exists;
use super::units::Unit;
use super::walk::World;
use crate::model::{Data, Piece, Reason, Repo, Text, Value};

/// What a name stands for in each possible world: mostly in one.
pub(super) type Bounds<'s> = SmallVec<[Bound<'s>; 1]>;

/// What a `let` names.
#[derive(Debug)]
pub(super) enum LetSource {
    /// The place a path leads to.
    Path(PathRef),
    /// A text.
    Text(Operand),
    /// A column of the first row that matches.
    Lookup { rows: Exists, column: SmolStr },
    /// The address that the expression a path leads to refers to first.
    Address(PathRef),
    /// What a regex finds in the text a path leads to: its group `value`, or all of it.
    Capture { path: PathRef, pattern: Pattern },
    /// All that a path leads to, with this between.
    Joined { path: PathRef, between: SmolStr },
}

/// `bounds` told apart, with what stands for nothing, and as amounts where they are to be.
pub(super) fn finished<'s>(
    repo: &Repo<'s>,
    env: &Env<'s>,
    bounds: Bounds<'s>,
    default: Option<&Operand>,
    unit: Option<(Unit, f64)>,
) -> Bounds<'s> {
    let or_default = |bound| match (bound, default) {
        (Bound::Absent, Some(default)) => filled(default.text(repo, env)),
        (bound, _) => bound,
    };
    let bounds = bounds.into_iter().flat_map(alternatives).map(or_default);
    match unit {
        Some((unit, times)) => bounds.map(|bound| measured(bound, unit, times)).collect(),
        None => bounds.collect(),
    }
}

impl LetSource {
    /// What it names, in each possible world.
    pub(super) fn bounds<'s>(&self, around: &Around<'_, 's>) -> Bounds<'s> {
        let Around { repo, env, .. } = *around;
        match self {
            LetSource::Path(path) => match path.worlds(repo, env) {
                Err(reason) => smallvec![Bound::Unknown(reason)],
                Ok(worlds) => worlds.iter().map(first_of).collect(),
            },
            LetSource::Text(operand) => smallvec![filled(operand.text(repo, env))],
            LetSource::Lookup { rows, column } => smallvec![rows.lookup(around, column)],
            LetSource::Address(path) => of_places(around, path, |place| addressed(around, place)),
            LetSource::Capture { path, pattern } => {
                of_places(around, path, |place| smallvec![captured(env, place, pattern)])
            }
            LetSource::Joined { path, between } => match path.worlds(repo, env) {
                Err(reason) => smallvec![Bound::Unknown(reason)],
                Ok(worlds) => worlds.iter().map(|world| joined(world, between)).collect(),
            },
        }
    }
}

/// What `make` makes of what `path` leads to, in each possible world.
fn of_places<'s>(
    around: &Around<'_, 's>,
    path: &PathRef,
    make: impl Fn(&Place<'s>) -> Bounds<'s>,
) -> Bounds<'s> {
    match path.worlds(around.repo, around.env) {
        Err(reason) => smallvec![Bound::Unknown(reason)],
        Ok(worlds) => {
            let made = |world: &World<'s>| match first_of(world) {
                Bound::Place(place) => make(&place),
                other => smallvec![other],
            };
            worlds.iter().flat_map(made).collect()
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

fn first_of<'s>(world: &World<'s>) -> Bound<'s> {
    match (world.places.first(), &world.unknown) {
        (Some(place), _) => Bound::Place(Rc::clone(place)),
        (None, Some(more)) if !more.is_alike => Bound::Unknown(more.reason.clone()),
        (None, _) => Bound::Absent,
    }
}

/// The texts that `world` has, and those in its lists, as one. What is not known stays so where it stands.
fn joined<'s>(world: &World<'s>, between: &SmolStr) -> Bound<'s> {
    let Some(first) = world.places.first() else { return first_of(world) };
    let mut pieces: Vec<Piece> = Vec::new();
    let mut add = |value: &Value| {
        let span = value.span;
        if !pieces.is_empty() {
            pieces.push(Piece { text: Ok(between.clone()), span });
        }
        match &value.data {
            Data::Text(text) => pieces.extend(text.pieces.iter().cloned()),
            _ => pieces.push(match super::env::text_of(value) {
                Filled::Text(text) => Piece { text: Ok(SmolStr::new(text)), span },
                Filled::Unknown(reason) => Piece { text: Err(reason), span },
                Filled::Absent => Piece { text: Ok(SmolStr::default()), span },
            }),
        }
    };
    for place in &world.places {
        match place.value() {
            Some(Value { data: Data::List(list), span }) => {
                list.items.iter().for_each(&mut add);
                if let Some(reason) = &list.open {
                    add(&Value { data: Data::Unknown(reason.clone()), span: *span });
                }
            }
            Some(value) => add(value),
            None => {}
        }
    }
    if let Some(more) = &world.unknown {
        add(&Value { data: Data::Unknown(more.reason.clone()), span: first.site });
    }
    let data = Data::Text(Arc::new(Text { pieces: pieces.into_iter().collect() }));
    Bound::Place(Rc::new(first.part(Value { data, span: first.site }, first.key)))
}

/// One binding for each value that a place may have.
fn alternatives(bound: Bound<'_>) -> Bounds<'_> {
    let Bound::Place(place) = &bound else { return smallvec![bound] };
    let Node::Value(Value { data: Data::OneOf(options), .. }) = &place.node else {
        return smallvec![bound];
    };
    let one = |option: &Value| {
        let node = Node::Value(option.clone());
        Bound::Place(Rc::new(Place { node, ..Place::clone(place) }))
    };
    options.iter().map(one).collect()
}

/// What `bound` comes to, read as `unit`.
fn measured(bound: Bound<'_>, unit: Unit, times: f64) -> Bound<'_> {
    let measure = |text: &str| Some(SmolStr::from(unit.text(unit.amount(text)? * times)));
    let amount = match &bound {
        Bound::Text(text) => measure(text).map(Bound::Text),
        Bound::Place(place) => match place.value().map(super::env::text_of) {
            Some(Filled::Text(text)) => measure(&text).map(|text| {
                let value = Value::text(text, place.site);
                Bound::Place(Rc::new(Place { node: Node::Value(value), ..Place::clone(place) }))
            }),
            Some(Filled::Absent) => Some(Bound::Absent),
            Some(Filled::Unknown(reason)) => Some(Bound::Unknown(reason)),
            None => None,
        },
        Bound::Absent | Bound::Unknown(_) => return bound,
    };
    amount.unwrap_or_else(|| Bound::Unknown(Reason::new("it cannot be read as an amount")))
}

/// The addresses that the expression at `place` may refer to, in the eyes of each instance of its module.
fn addressed<'s>(around: &Around<'_, 's>, place: &Place<'s>) -> Bounds<'s> {
    let Around { repo, env, .. } = *around;
    let Some(expr) = expression_of(env, place) else { return smallvec![Bound::Absent] };
    let Some(block) = env.root.block else { return smallvec![Bound::Absent] };
    let mut bounds = Bounds::new();
    let mut seen = BTreeSet::new();
    for scope in env.scopes(repo) {
        match addresses(repo, scope, block, expr) {
            Err(reason) => return smallvec![Bound::Unknown(reason)],
            Ok(found) if found.is_empty() => return smallvec![Bound::Absent],
            Ok(found) => seen.extend(found),
        }
    }
    bounds.extend(seen.into_iter().map(|address| {
        Bound::Place(Rc::new(place.part(Value::text(address, place.site), place.key)))
    }));
    bounds
}

fn captured<'s>(env: &Env<'s>, place: &Place<'s>, pattern: &Pattern) -> Bound<'s> {
    let Some(value) = place.value() else { return Bound::Absent };
    let Some(text) = value.as_str() else {
        let reason = value.first_unknown();
        return reason.map_or(Bound::Absent, Bound::Unknown);
    };
    let found = pattern.with(env, &text, |regex| {
        let captures = regex.captures(&text)?;
        let found = captures.name("value").unwrap_or_else(|| captures.whole());
        let span = match &value.data {
            Data::Text(whole) => whole.source_of(found.start(), found.end()),
            _ => None,
        };
        Some(Value::text(found.as_str(), span.unwrap_or(place.site)))
    });
    match found {
        Ok(Some(value)) => Bound::Place(Rc::new(place.part(value, place.key))),
        Ok(None) => Bound::Absent,
        Err(reason) => Bound::Unknown(reason),
    }
}
