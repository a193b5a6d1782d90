//! What the code says in constants, against what the state has.
//!
//! Invariant: what is not certain on either side is not compared. Secrets are compared as they are, and never shown.

use std::borrow::Cow;

use crate::drift::path::{Path, Step, holds_object};
use crate::drift::read::{equivalent, is_empty, same_members};
use crate::drift::shown::{Json, Shown, has_mask};
use crate::model::{Calls, Data, ExprRef, META_ARGUMENTS, Repo, Scope, Value, is_set_of_blocks};
use crate::syntax::hcl::{Block, Body};
use crate::syntax::{SourceFile, names_a_secret};

/// A block that tells Terraform how long to wait. Providers read it, and states hold it.
const TIMEOUTS: &str = "timeouts";

/// Nested values deeper than this are not compared.
const MAX_DEPTH: usize = 64;

/// A value that is not the same on both sides.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Literal {
    pub(super) path: Path,
    pub(super) state: Shown,
    pub(super) code: Shown,
}

impl Literal {
    /// The same, hidden where `masked`, the attributes without their secrets, hides it.
    pub(super) fn masked_as(self, masked: &Json) -> Literal {
        if !hides(masked, &self.path.0) {
            return self;
        }
        let hidden = |side: Shown| if side == Shown::Absent { side } else { Shown::Hidden };
        Literal { state: hidden(self.state), code: hidden(self.code), path: self.path }
    }
}

/// Whether something is hidden in what stands at `path` in `masked`. Elements may stand elsewhere in the code: a secret in any of
/// them is one in all.
fn hides(masked: &Json, path: &[Step]) -> bool {
    let masked = unwrapped(masked);
    match (path.split_first(), masked) {
        (Some((Step::Index(_), rest)), Json::Array(items)) => {
            items.iter().any(|item| hides(item, rest))
        }
        (Some((step, rest)), Json::Object(object)) => {
            let member = step.text().and_then(|name| object.get(name));
            member.is_some_and(|member| hides(member, rest))
        }
        _ => has_mask(masked),
    }
}

/// Compares constants with a state.
pub(super) struct Comparing<'r, 's> {
    pub(super) repo: &'r Repo<'s>,
    pub(super) file: &'s SourceFile,
    pub(super) scope: &'r Scope<'s>,
    /// In which way its modules are called.
    pub(super) calls: &'r Calls<'s>,
    /// The type of the resource.
    pub(super) kind: &'r str,
}

impl<'s> Comparing<'_, 's> {
    /// The constants of `body`, which stands at `path`, that differ from `state`.
    pub(super) fn body(&self, body: &'s Body, state: &Json, path: &Path) -> Vec<Literal> {
        let Json::Object(state) = state else { return Vec::new() };
        let mut found = Vec::new();
        if path.0.len() > MAX_DEPTH {
            return found;
        }
        for attribute in body.attributes() {
            let name = attribute.key.name.as_str();
            let Some(state) = state.get(name).filter(|_| !is_meta(name)) else { continue };
            let expr = ExprRef { file: self.file, expr: &attribute.value };
            let value = self.repo.eval_called(expr, self.scope, self.calls);
            let at = then(path, Step::Name(name.into()));
            self.value(&value, unwrapped(state), &at, &mut found);
        }
        let mut seen: Vec<&str> = [META_ARGUMENTS, &[TIMEOUTS]].concat();
        seen.extend(body.blocks_of("dynamic").filter_map(|block| block.label(0)));
        for block in body.blocks() {
            let name = block.kind.name.as_str();
            if seen.contains(&name) {
                continue;
            }
            seen.push(name);
            let blocks: Vec<&'s Block> =
                body.blocks().filter(|block| block.kind.name == name).collect();
            let at = then(path, Step::Name(name.into()));
            match state.get(name) {
                Some(Json::Array(items)) => self.blocks(&blocks, items, &at, &mut found),
                Some(item @ Json::Object(_)) if blocks.len() == 1 => {
                    found.extend(self.body(&blocks[0].body, item, &at));
                }
                _ => {}
            }
        }
        found
    }

    /// The blocks of one kind. Some kinds are sets, which is a fact of their provider: so a block that is the same as some
    /// element is that one, and only the others are held against what is left, in order.
    fn blocks(&self, blocks: &[&'s Block], items: &[Json], path: &Path, found: &mut Vec<Literal>) {
        if blocks.len() != items.len() {
            let count = |count: usize| Shown::Value(Json::String(count_of(count)));
            let (state, code) = (count(items.len()), count(blocks.len()));
            found.push(Literal { path: path.clone(), state, code });
            return;
        }
        let differs = |at: usize, item: usize| {
            let path = then(path, Step::Index(at as u32));
            self.body(&blocks[at].body, &items[item], &path)
        };
        let mut left: Vec<usize> = Vec::new();
        let mut free = vec![true; items.len()];
        for at in 0..blocks.len() {
            // Its own position first: of two that are alike, each is itself.
            let order = std::iter::once(at).chain(0..items.len());
            match order.into_iter().find(|&item| free[item] && differs(at, item).is_empty()) {
                Some(item) => free[item] = false,
                None => left.push(at),
            }
        }
        let is_set = match path.0.as_slice() {
            [Step::Name(name)] => is_set_of_blocks(self.kind, name),
            _ => false,
        };
        if is_set && left.len() > 1 {
            return;
        }
        let rest = (0..items.len()).filter(|&item| free[item]);
        for (at, item) in left.into_iter().zip(rest) {
            found.extend(differs(at, item));
        }
    }

    fn value(&self, value: &Value, state: &Json, path: &Path, found: &mut Vec<Literal>) {
        if path.0.len() > MAX_DEPTH {
            return;
        }
        match (&value.data, state) {
            (Data::Map(map), Json::Object(object)) => {
                let is_object = matches!(path.0.last(), Some(Step::Index(_)));
                let is_anything =
                    path.0[0].text().is_some_and(|name| holds_object(self.kind, name));
                let step = |key: &str| {
                    if is_object || is_anything {
                        Step::Name(key.into())
                    } else {
                        Step::Key(key.into())
                    }
                };
                for entry in map.sorted() {
                    let at = then(path, step(&entry.key));
                    match object.get(entry.key.as_str()) {
                        Some(state) => self.value(&entry.value, state, &at, found),
                        None => Self::push(json(&entry.value), None, at, found),
                    }
                }
                if map.open.is_some() {
                    return;
                }
                let known: Vec<&str> = map.sorted().iter().map(|it| it.key.as_str()).collect();
                for (key, state) in object.iter().filter(|(key, _)| !known.contains(&key.as_str()))
                {
                    if !is_empty(state) {
                        let path = then(path, step(key));
                        let state = Shown::Value(state.clone());
                        found.push(Literal { path, state, code: Shown::Absent });
                    }
                }
            }
            (Data::List(list), Json::Array(items)) => {
                let all: Option<Vec<Json>> = list.items.iter().map(json).collect();
                let Some(all) = all.filter(|_| list.open.is_none()) else { return };
                let same =
                    all.len() == items.len() && all.iter().zip(items).all(|(a, b)| is_same(a, b));
                if !same && !same_members(&all, items) {
                    Self::push(Some(Json::Array(all)), Some(state), path.clone(), found);
                }
            }
            (Data::Encoded(inner), Json::String(text)) => {
                let read = serde_json::from_str::<Json>(text);
                if let (Some(inner), Ok(read)) = (json(inner), read)
                    && !equivalent(Some(&inner), Some(&read))
                {
                    let code = Json::String(inner.to_string());
                    Self::push(Some(code), Some(state), path.clone(), found);
                }
            }
            (Data::Null | Data::Unknown(_) | Data::OneOf(_) | Data::Encoded(_), _) => {}
            _ => Self::push(json(value), Some(state), path.clone(), found),
        }
    }

    /// Adds the difference between `code` and `state`, if there is one.
    fn push(code: Option<Json>, state: Option<&Json>, path: Path, found: &mut Vec<Literal>) {
        let Some(code) = code else { return };
        let same = match state {
            Some(state) => is_same(&code, state),
            None => is_empty(&code),
        };
        if !same {
            let is_secret = path.0.iter().any(|step| step.text().is_some_and(names_a_secret));
            let shown = |value: Json| if is_secret { Shown::Hidden } else { Shown::Value(value) };
            let state = state.cloned().map_or(Shown::Absent, shown);
            found.push(Literal { path, state, code: shown(code) });
        }
    }
}

fn then(path: &Path, step: Step) -> Path {
    Path(path.0.iter().cloned().chain([step]).collect())
}

fn count_of(count: usize) -> String {
    if count == 1 { "1 block".to_owned() } else { format!("{count} blocks") }
}

/// What a state has of a value of any type: its type stands beside it.
fn unwrapped(state: &Json) -> &Json {
    match state {
        Json::Object(object) if object.len() == 2 && object.contains_key("type") => {
            object.get("value").unwrap_or(state)
        }
        _ => state,
    }
}

fn is_same(code: &Json, state: &Json) -> bool {
    equivalent(Some(code), Some(state))
        || match (code, state) {
            (Json::String(a), Json::String(b)) => {
                quantity(a).is_some_and(|a| quantity(b) == Some(a)) || a.trim_end() == b.trim_end()
            }
            _ => false,
        }
}

/// The amount that a quantity of Kubernetes stands for, in thousandths: `1500m` is `1.5`.
fn quantity(text: &str) -> Option<u128> {
    let at = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (number, unit) = text.split_at(at);
    let (base, power) = match unit {
        "m" => (1, 0),
        "" => (1000, 0),
        "k" => (1000, 1),
        "M" => (1000, 2),
        "G" => (1000, 3),
        "T" => (1000, 4),
        "P" => (1000, 5),
        "Ki" => (1024, 1),
        "Mi" => (1024, 2),
        "Gi" => (1024, 3),
        "Ti" => (1024, 4),
        "Pi" => (1024, 5),
        _ => return None,
    };
    let scale: u128 = match unit {
        "m" => 1,
        _ => 1000u128.checked_mul(u128::checked_pow(base, power)?)?,
    };
    let (whole, part) = number.split_once('.').unwrap_or((number, ""));
    let digits = part.len().min(9);
    let divisor = 10u128.checked_pow(digits as u32)?;
    let part: u128 = if digits == 0 { 0 } else { part.get(..digits)?.parse().ok()? };
    let whole: u128 = whole.parse().ok()?;
    Some(whole.checked_mul(scale)? + part.checked_mul(scale)? / divisor)
}

/// A value that is wholly known, as JSON.
fn json(value: &Value) -> Option<Json> {
    Some(match &value.data {
        Data::Null => Json::Null,
        Data::Bool(value) => Json::Bool(*value),
        Data::Number(number) => match serde_json::from_str(number) {
            Ok(number) => Json::Number(number),
            Err(_) => return None,
        },
        Data::Text(text) => Json::String(text.as_str().map(Cow::into_owned)?),
        Data::List(list) if list.open.is_none() => {
            Json::Array(list.items.iter().map(json).collect::<Option<Vec<Json>>>()?)
        }
        Data::Map(map) if map.open.is_none() => {
            let entry =
                |entry: &crate::model::Entry| Some((entry.key.to_string(), json(&entry.value)?));
            Json::Object(map.sorted().into_iter().map(entry).collect::<Option<_>>()?)
        }
        Data::List(_) | Data::Map(_) | Data::Encoded(_) | Data::OneOf(_) | Data::Unknown(_) => {
            return None;
        }
    })
}

/// Whether it tells Terraform what to do, and is no part of the object.
fn is_meta(name: &str) -> bool {
    name == TIMEOUTS || META_ARGUMENTS.contains(&name)
}
