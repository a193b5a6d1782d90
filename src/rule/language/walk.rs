//! Follows a path from a place to the places below it.

use std::borrow::Cow;
use std::ops::Deref;
use std::rc::Rc;

use rustc_hash::FxHashMap;
use smallvec::{SmallVec, smallvec};

use super::node::{Blocks, BodyNode, Node, Place};
use super::path::{Name, Step};
use crate::model::{Data, Entry, Lookup, Reason, Repo, Value};

/// What a path leads to, in one of the worlds that are possible: a value may be one of several.
#[derive(Clone, Debug)]
pub(super) struct World<'s> {
    /// The places.
    pub(super) places: Places<'s>,
    /// Why there may be more.
    pub(super) unknown: Option<More>,
    /// The innermost place on the way: where something that is missing is missed.
    pub(super) anchor: Rc<Place<'s>>,
}

/// Why there may be more places.
#[derive(Clone, Debug)]
pub(super) struct More {
    pub(super) reason: Reason,
    /// Whether all that is not known is how often one of the places is there: what `dynamic` makes of an unknown collection
    /// says the same as that one, but for what is unknown there too.
    pub(super) is_alike: bool,
}

impl More {
    fn of(reason: Reason) -> More {
        More { reason, is_alike: false }
    }

    /// What is not known where `first` is not and `second` is not either.
    fn both(first: Option<More>, second: Option<More>) -> Option<More> {
        match (first, second) {
            (Some(first), Some(second)) if first.is_alike && !second.is_alike => Some(second),
            (first, second) => first.or(second),
        }
    }
}

/// The places of one world: mostly one. Two take no more room.
pub(super) type Places<'s> = SmallVec<[Rc<Place<'s>>; 2]>;

/// The worlds that are possible: mostly one.
pub(super) type Worlds<'s> = SmallVec<[World<'s>; 1]>;

/// What a path leads to.
pub(super) enum Found<'s> {
    /// Worlds that nobody else looks at.
    Own(Worlds<'s>),
    /// Those that are kept for others.
    Shared(Rc<[World<'s>]>),
}

/// What a path leads to, as it is kept for others. What is mostly so takes no more room than a place.
#[derive(Debug)]
pub(super) enum Kept<'s> {
    /// One place.
    Place(Rc<Place<'s>>),
    /// Nothing, which is missed here.
    Nothing(Rc<Place<'s>>),
    /// Anything else.
    Worlds(Rc<[World<'s>]>),
}

impl<'s> Kept<'s> {
    pub(super) fn of(worlds: Worlds<'s>) -> Self {
        if let [World { places, unknown: None, anchor }] = worlds.as_slice() {
            match places.as_slice() {
                [] => return Kept::Nothing(Rc::clone(anchor)),
                [only] if Rc::ptr_eq(only, anchor) => return Kept::Place(Rc::clone(only)),
                _ => {}
            }
        }
        Kept::Worlds(worlds.into_vec().into())
    }

    pub(super) fn found(&self) -> Found<'s> {
        let only = |places, anchor| {
            Found::Own(smallvec![World { places, unknown: None, anchor: Rc::clone(anchor) }])
        };
        match self {
            Kept::Place(place) => only(smallvec![Rc::clone(place)], place),
            Kept::Nothing(anchor) => only(Places::new(), anchor),
            Kept::Worlds(worlds) => Found::Shared(Rc::clone(worlds)),
        }
    }
}

impl<'s> Deref for Found<'s> {
    type Target = [World<'s>];

    fn deref(&self) -> &Self::Target {
        match self {
            Found::Own(worlds) => worlds,
            Found::Shared(worlds) => worlds,
        }
    }
}

/// At most so many worlds are told apart.
pub(super) const MOST_WORLDS: usize = 24;

impl<'s> World<'s> {
    /// This and what another path leads to in `more`.
    pub(super) fn with(&self, more: &World<'s>) -> World<'s> {
        let places = self.places.iter().chain(&more.places).cloned().collect();
        // Something is missing where it nearly was.
        let anchor = if more.places.is_empty() { &self.anchor } else { &more.anchor };
        World {
            places,
            unknown: More::both(self.unknown.clone(), more.unknown.clone()),
            anchor: Rc::clone(anchor),
        }
    }
}

/// What `steps` lead to from `start`.
pub(super) fn walk<'s>(repo: &Repo<'s>, start: &Rc<Place<'s>>, steps: &[Step]) -> Worlds<'s> {
    let Some((step, rest)) = steps.split_first() else {
        return smallvec![World {
            places: if start.is_null() { Places::new() } else { smallvec![Rc::clone(start)] },
            unknown: None,
            anchor: Rc::clone(start),
        }];
    };
    match &start.node {
        Node::Body(node) => into_body(repo, start, node, step, rest),
        Node::Value(value) => into_value(repo, start, value, step, rest),
    }
}

/// What `steps` lead to from where a walk has paused.
pub(super) fn go_on<'s>(repo: &Repo<'s>, worlds: &[World<'s>], steps: &[Step]) -> Worlds<'s> {
    let mut found = Worlds::new();
    for World { places, unknown, anchor } in worlds {
        if places.is_empty() {
            found.push(World {
                places: Places::new(),
                unknown: unknown.clone(),
                anchor: Rc::clone(anchor),
            });
        } else {
            found.extend(merged(repo, anchor, places, unknown.clone(), steps));
        }
    }
    found.truncate(MOST_WORLDS);
    found
}

fn nothing<'s>(anchor: &Rc<Place<'s>>, unknown: Option<Reason>) -> Worlds<'s> {
    let unknown = unknown.map(More::of);
    smallvec![World { places: Places::new(), unknown, anchor: Rc::clone(anchor) }]
}

fn into_body<'s>(
    repo: &Repo<'s>,
    start: &Rc<Place<'s>>,
    node: &BodyNode<'s>,
    step: &Step,
    rest: &[Step],
) -> Worlds<'s> {
    match step {
        // The one block of its type: Terraform writes `spec[0]`.
        Step::Index(0) => walk(repo, start, rest),
        Step::Index(_) => nothing(start, None),
        Step::Every => {
            let parts = children(repo, start, node);
            merged(repo, start, &parts, None, rest)
        }
        Step::Deep => deep(repo, start, rest),
        Step::Name(name) => named(repo, start, node, name, rest),
    }
}

fn named<'s>(
    repo: &Repo<'s>,
    start: &Rc<Place<'s>>,
    node: &BodyNode<'s>,
    name: &Name,
    rest: &[Step],
) -> Worlds<'s> {
    if let Some(attribute) = node.attribute(name) {
        return walk(repo, &Rc::new(Place::attribute(repo, node, attribute)), rest);
    }
    if let Some(kind) = node.block_name(name) {
        let Blocks { all: mut blocks, open } = node.blocks(repo, kind);
        let rest = match rest.split_first() {
            Some((Step::Index(index), after)) => {
                if let (Some(reason), true) = (&open, *index + 1 >= blocks.len()) {
                    return nothing(start, Some(reason.clone()));
                }
                let only = (*index < blocks.len()).then(|| blocks.swap_remove(*index));
                blocks = only.into_iter().collect();
                after
            }
            Some((Step::Every, after)) => after,
            _ => rest,
        };
        let parts: Places<'s> =
            blocks.into_iter().map(|(node, block)| Rc::new(start.inner(node, block))).collect();
        let open = open.map(|reason| More { reason, is_alike: true });
        return merged(repo, start, &parts, open, rest);
    }
    if node.callee.is_some() {
        let found = match (name.text.as_str(), rest.split_first()) {
            // What the module makes of its inputs.
            ("callee", Some((Step::Name(local), after))) => {
                node.callee_local(repo, &local.text).map(|value| (value, after, true))
            }
            _ => node.input_default(repo, &name.text).map(|value| (value, rest, false)),
        };
        if let Some((value, rest, is_written)) = found {
            let mut place = start.part(value, None);
            place.is_written = is_written;
            return walk(repo, &Rc::new(place), rest);
        }
    }
    nothing(start, None)
}

fn into_value<'s>(
    repo: &Repo<'s>,
    start: &Rc<Place<'s>>,
    value: &Value,
    step: &Step,
    rest: &[Step],
) -> Worlds<'s> {
    match &value.data {
        Data::OneOf(options) => {
            let each = options.iter().flat_map(|option| {
                let place = Rc::new(start.part(option.clone(), None));
                into_value(repo, &place, option, step, rest)
            });
            each.take(MOST_WORLDS).collect()
        }
        Data::Unknown(reason) => nothing(start, Some(reason.clone())),
        Data::Text(_) if value.as_str().is_some_and(|text| is_one_scalar(&text)) => {
            nothing(start, None)
        }
        Data::Text(_) | Data::Encoded(_) => {
            let decoded = repo.decoded(value);
            match decoded.data {
                // A plain string has no parts.
                Data::Text(_) | Data::Encoded(_) => nothing(start, None),
                Data::Unknown(ref reason) => nothing(start, Some(reason.clone())),
                _ => into_value(repo, start, &decoded, step, rest),
            }
        }
        Data::Map(_) | Data::List(_) => into_collection(repo, start, value, step, rest),
        // Terraform writes `[0]` where the value is not a list in other carriers.
        Data::Null | Data::Bool(_) | Data::Number(_) => nothing(start, None),
    }
}

/// Whether `text` has no parts, be it YAML or not: `>= 1.0` and `*.example.org` are none.
fn is_one_scalar(text: &str) -> bool {
    !text.contains(['\n', ':', '{', '[']) && !text.trim_start().starts_with(['-', '?'])
}

fn into_collection<'s>(
    repo: &Repo<'s>,
    start: &Rc<Place<'s>>,
    value: &Value,
    step: &Step,
    rest: &[Step],
) -> Worlds<'s> {
    match (&value.data, step) {
        (Data::Map(_), Step::Name(name)) => match value.get(&name.text) {
            Lookup::Found(entry) => walk(repo, &Rc::new(start.entry(entry)), rest),
            Lookup::Absent => nothing(start, None),
            Lookup::Unknown(reason) => nothing(start, Some(reason)),
        },
        (Data::Map(_), Step::Index(0)) => walk(repo, start, rest),
        (Data::Map(map), Step::Every) => {
            let part = |entry: &Entry| Rc::new(start.entry(entry));
            let parts: Places<'s> = map.sorted().into_iter().map(part).collect();
            merged(repo, start, &parts, map.open.clone().map(More::of), rest)
        }
        (Data::List(list), Step::Index(index)) => match (list.items.get(*index), &list.open) {
            (Some(_), None) => walk(repo, &Rc::new(start.element(repo, value, *index)), rest),
            (_, Some(reason)) => nothing(start, Some(reason.clone())),
            (None, None) => nothing(start, None),
        },
        (Data::List(list), Step::Every) => {
            let parts = start.elements(repo, value);
            merged(repo, start, &parts, list.open.clone().map(More::of), rest)
        }
        // A name after a list is looked for in each element, as after several blocks.
        (Data::List(list), Step::Name(_)) => {
            let mut steps = vec![step.clone()];
            steps.extend_from_slice(rest);
            let parts = start.elements(repo, value);
            merged(repo, start, &parts, list.open.clone().map(More::of), &steps)
        }
        (_, Step::Deep) => deep(repo, start, rest),
        _ => nothing(start, None),
    }
}

/// The places of `world`, each thing on its own: a list of objects is what repeated blocks are in another carrier, where
/// `is_meant` says that the path asks for what either may be.
pub(super) fn single<'a, 's>(
    repo: &Repo<'s>,
    world: &'a World<'s>,
    is_meant: impl FnOnce() -> bool,
) -> Cow<'a, World<'s>> {
    let is_repeated = |place: &Rc<Place<'s>>| match place.value().map(|value| &value.data) {
        // Of an empty list there is no element to judge.
        Some(Data::List(list)) if list.items.is_empty() => true,
        Some(Data::List(list)) => list.items.iter().any(|item| matches!(item.data, Data::Map(_))),
        _ => false,
    };
    if !world.places.iter().any(is_repeated) || !is_meant() {
        return Cow::Borrowed(world);
    }
    let mut all = World { places: Places::new(), ..world.clone() };
    for place in &world.places {
        if !is_repeated(place) {
            all.places.push(Rc::clone(place));
            continue;
        }
        for elements in walk(repo, place, &[Step::Every]) {
            all.places.extend(elements.places);
            all.unknown = More::both(all.unknown.take(), elements.unknown);
        }
    }
    Cow::Owned(all)
}

/// What `rest` leads to from the place and everything below it. A text is a leaf: what it encodes is below it already, as is
/// each of several values that one may be, and of a list each element that may have the name.
fn deep<'s>(repo: &Repo<'s>, start: &Rc<Place<'s>>, rest: &[Step]) -> Worlds<'s> {
    let mut parts = descendants(repo, start);
    if let Some(next) = rest.first() {
        let is_named = matches!(next, Step::Name(_));
        parts.retain(|part| match part.value().map(|value| &value.data) {
            Some(Data::Text(_) | Data::Encoded(_) | Data::OneOf(_)) => false,
            Some(Data::List(list)) => !is_named || list.open.is_some(),
            _ => true,
        });
    }
    merged(repo, start, &parts, None, rest)
}

/// What `rest` leads to from each of `parts`, all in one world: unless one of them alone is one of several.
fn merged<'s>(
    repo: &Repo<'s>,
    start: &Rc<Place<'s>>,
    parts: &[Rc<Place<'s>>],
    open: Option<More>,
    rest: &[Step],
) -> Worlds<'s> {
    if let ([part], None) = (parts, &open) {
        return walk(repo, part, rest);
    }
    let mut all = World { places: Places::new(), unknown: open, anchor: Rc::clone(start) };
    let mut is_first = true;
    for part in parts {
        for world in walk(repo, part, rest) {
            all.places.extend(world.places);
            all.unknown = More::both(all.unknown.take(), world.unknown);
            if std::mem::take(&mut is_first) {
                all.anchor = world.anchor;
            }
        }
    }
    smallvec![all]
}

/// The attributes and blocks of a block.
fn children<'s>(repo: &Repo<'s>, start: &Rc<Place<'s>>, node: &BodyNode<'s>) -> Places<'s> {
    use crate::syntax::hcl::Item;
    let mut found = Places::new();
    for item in &node.body.items {
        match item {
            Item::Attribute(attribute) => {
                found.push(Rc::new(Place::attribute(repo, node, attribute)));
            }
            Item::Block(block) => {
                let inner = BodyNode { body: &block.body, callee: None, ..node.clone() };
                found.push(Rc::new(start.inner(inner, block)));
            }
        }
    }
    found
}

/// The place and everything below it, outermost first.
fn descendants<'s>(repo: &Repo<'s>, start: &Rc<Place<'s>>) -> Vec<Rc<Place<'s>>> {
    let mut found = vec![Rc::clone(start)];
    let mut at = 0;
    while at < found.len() {
        let place = Rc::clone(&found[at]);
        match &place.node {
            Node::Body(node) => found.extend(children(repo, &place, node)),
            Node::Value(value) => below(repo, &place, value, &mut found),
        }
        at += 1;
    }
    found
}

/// The entries of the objects at `start` and below whose keys these have had already, each behind the first one with its key:
/// as they are written, and not in texts below that are something else than what is around them.
pub(super) fn said_twice<'s>(
    repo: &Repo<'s>,
    start: &Rc<Place<'s>>,
) -> Vec<(Rc<Place<'s>>, Rc<Place<'s>>)> {
    let mut found = Vec::new();
    let mut waiting = vec![(Rc::clone(start), start.value().map(|value| repo.decoded(value)))];
    while let Some((place, value)) = waiting.pop() {
        let mut add = |inner: Rc<Place<'s>>| {
            let value = inner.value().cloned();
            waiting.push((inner, value));
        };
        match (&place.node, value.as_ref().map(|value| &value.data)) {
            (Node::Body(node), _) => children(repo, &place, node).into_iter().for_each(add),
            (_, Some(Data::Map(map))) => {
                let mut seen: FxHashMap<&str, &Entry> = FxHashMap::default();
                for entry in &map.entries {
                    add(Rc::new(place.entry(entry)));
                    let first = *seen.entry(&entry.key).or_insert(entry);
                    let (one, other) = (first.key_span, entry.key_span);
                    // What a `for` makes of one key is one.
                    if one.file == other.file && one.range.end <= other.range.start {
                        found.push((Rc::new(place.entry(first)), Rc::new(place.entry(entry))));
                    }
                }
            }
            (_, Some(Data::List(_))) => {
                if let Some(value) = &value {
                    place.elements(repo, value).into_iter().for_each(add);
                }
            }
            (_, Some(Data::OneOf(options))) => {
                options.iter().for_each(|it| add(Rc::new(place.part(it.clone(), None))));
            }
            _ => {}
        }
    }
    found
}

fn below<'s>(
    repo: &Repo<'s>,
    place: &Rc<Place<'s>>,
    value: &Value,
    found: &mut Vec<Rc<Place<'s>>>,
) {
    match &value.data {
        Data::Map(map) => {
            found.extend(map.entries.iter().map(|entry| Rc::new(place.entry(entry))));
        }
        Data::List(_) => found.extend(place.elements(repo, value)),
        Data::OneOf(options) => {
            found.extend(options.iter().map(|option| Rc::new(place.part(option.clone(), None))));
        }
        Data::Text(_) if value.as_str().is_some_and(|text| is_one_scalar(&text)) => {}
        Data::Text(_) | Data::Encoded(_) => {
            let decoded = repo.decoded(value);
            if matches!(decoded.data, Data::Map(_) | Data::List(_)) {
                below(repo, place, &decoded, found);
            }
        }
        _ => {}
    }
}
