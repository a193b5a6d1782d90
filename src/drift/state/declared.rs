//! What the code of a stack declares: each resource once, with the instances that there are to be of it.

use std::collections::BTreeMap;

use smol_str::SmolStr;

use crate::drift::address::{Address, Key, ModuleStep};
use crate::model::{BlockRef, Data, ExprRef, InstanceId, Repo, Scope};

/// More instances than this are not told apart.
const MOST_INSTANCES: usize = 1024;

/// A resource of the code.
#[derive(Clone, Debug)]
pub(super) struct Declared<'s> {
    /// Its block.
    pub(super) block: BlockRef<'s>,
    /// The addresses of its instances; or why they are not known.
    pub(super) expected: Result<Vec<Address>, String>,
    /// The keys that its own block gives.
    pub(super) keys: Keys,
}

/// How often a block is there.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Keys {
    /// Once, without a key.
    Once,
    /// Once for each of these.
    Known(Vec<Key>),
    /// Nobody knows.
    Unknown(String),
}

/// A module of the stack.
#[derive(Clone, Debug)]
pub(super) struct Part {
    /// The labels of the calls that lead to it.
    pub(super) labels: Vec<SmolStr>,
    /// Which instance of its module it is.
    pub(super) instance: InstanceId,
}

/// What the code of a stack declares.
#[derive(Debug, Default)]
pub(super) struct Code<'s> {
    /// The managed resources, by the address of their block.
    pub(super) resources: BTreeMap<Address, Declared<'s>>,
    /// The modules, callers first.
    pub(super) parts: Vec<Part>,
    /// The labels of the calls of which nothing is known, each with the reason.
    pub(super) dark: Vec<(Vec<SmolStr>, String)>,
}

/// The addresses of a module, as far as they are known.
type Bases = Result<Vec<Vec<ModuleStep>>, String>;

impl<'s> Code<'s> {
    /// What the modules from `root` on declare.
    pub(super) fn of(repo: &Repo<'s>, root: InstanceId) -> Self {
        let mut code = Code::default();
        let mut waiting: Vec<(Part, Bases)> =
            vec![(Part { labels: Vec::new(), instance: root }, Ok(vec![Vec::new()]))];
        while let Some((part, bases)) = waiting.pop() {
            let instance = repo.instance(part.instance);
            let names = &repo.module(instance.module).names;
            if let Some(reason) = &names.open {
                code.dark.push((part.labels.clone(), reason.to_string()));
            }
            #[expect(clippy::iter_over_hash_type, reason = "what they go into is sorted")]
            for ((kind, name), block) in &names.resources {
                let declared = declared(repo, *block, part.instance, &bases, (kind, name));
                code.resources.insert(block_address(&part.labels, kind, name), declared);
            }
            for (label, call) in &names.calls {
                let labels = [part.labels.as_slice(), std::slice::from_ref(label)].concat();
                let Some(&child) = instance.children.get(label) else {
                    code.dark.push((labels, format!("`module.{label}` is not in this repo")));
                    continue;
                };
                let bases = stepped(&bases, label, &keys(repo, call, part.instance));
                waiting.push((Part { labels, instance: child }, bases));
            }
            code.parts.push(part);
        }
        code.parts.sort_by(|a, b| a.labels.cmp(&b.labels));
        code.dark.sort();
        code
    }

    /// Why something may be declared at `address` though nothing is known of it.
    pub(super) fn dark(&self, address: &Address) -> Option<&str> {
        let leads = |labels: &[SmolStr]| {
            address.modules.len() >= labels.len()
                && address.modules.iter().zip(labels).all(|(step, label)| step.name == *label)
        };
        // A generated file is part of its own module alone.
        let is_it = |labels: &[SmolStr]| {
            let is_own = labels.len() == address.modules.len();
            leads(labels) && (is_own || !self.parts.iter().any(|part| part.labels == labels))
        };
        self.dark.iter().find(|(labels, _)| is_it(labels)).map(|(_, reason)| reason.as_str())
    }
}

fn block_address(labels: &[SmolStr], kind: &SmolStr, name: &SmolStr) -> Address {
    let step = |label: &SmolStr| ModuleStep { name: label.clone(), key: None };
    Address {
        modules: labels.iter().map(step).collect(),
        is_data: false,
        kind: kind.clone(),
        name: name.clone(),
        key: None,
    }
}

fn declared<'s>(
    repo: &Repo<'s>,
    block: BlockRef<'s>,
    instance: InstanceId,
    bases: &Bases,
    (kind, name): (&SmolStr, &SmolStr),
) -> Declared<'s> {
    let keys = keys(repo, &block, instance);
    let own: Result<Vec<Option<Key>>, String> = match &keys {
        Keys::Once => Ok(vec![None]),
        Keys::Known(keys) => Ok(keys.iter().cloned().map(Some).collect()),
        Keys::Unknown(reason) => Err(reason.clone()),
    };
    let address = |modules: &Vec<ModuleStep>, key: Option<Key>| Address {
        modules: modules.clone(),
        is_data: false,
        kind: kind.clone(),
        name: name.clone(),
        key,
    };
    let expected = match (bases, own) {
        (Ok(bases), Ok(own)) if bases.len().saturating_mul(own.len()) > MOST_INSTANCES => {
            Err("there are too many instances".to_owned())
        }
        (Ok(bases), Ok(own)) => Ok(bases
            .iter()
            .flat_map(|base| own.iter().map(move |key| address(base, key.clone())))
            .collect()),
        // A module that is not there has nothing in it, whatever it says.
        (Ok(bases), Err(_)) if bases.is_empty() => Ok(Vec::new()),
        (Err(reason), _) => Err(reason.clone()),
        (_, Err(reason)) => Err(reason),
    };
    Declared { block, expected, keys }
}

/// `bases` with one more step.
fn stepped(bases: &Bases, label: &SmolStr, keys: &Keys) -> Bases {
    let keys: Vec<Option<Key>> = match keys {
        Keys::Once => vec![None],
        Keys::Known(keys) => keys.iter().cloned().map(Some).collect(),
        Keys::Unknown(reason) => return Err(reason.clone()),
    };
    let bases = bases.as_ref().map_err(Clone::clone)?;
    if bases.len().saturating_mul(keys.len()) > MOST_INSTANCES {
        return Err("there are too many instances".to_owned());
    }
    let step = |key: &Option<Key>| ModuleStep { name: label.clone(), key: key.clone() };
    let further = |base: &Vec<ModuleStep>, key: &Option<Key>| {
        base.iter().cloned().chain([step(key)]).collect::<Vec<_>>()
    };
    Ok(bases.iter().flat_map(|base| keys.iter().map(move |key| further(base, key))).collect())
}

/// How often `block` is there, in one instance of its module.
pub(super) fn keys<'s>(repo: &Repo<'s>, block: &BlockRef<'s>, instance: InstanceId) -> Keys {
    let body = &block.block.body;
    let (name, attribute) = match (body.attribute("count"), body.attribute("for_each")) {
        (Some(count), _) => ("count", count),
        (None, Some(for_each)) => ("for_each", for_each),
        (None, None) => return Keys::Once,
    };
    let expr = ExprRef { file: block.file, expr: &attribute.value };
    let value = repo.eval(expr, &Scope::instance(instance));
    let why = || {
        let reason = value.first_unknown().map(|reason| reason.to_string());
        Keys::Unknown(reason.unwrap_or_else(|| format!("`{name}` depends on a condition")))
    };
    let known = match &value.data {
        Data::Number(number) if name == "count" => {
            let count = number.parse::<u64>().ok().filter(|count| *count <= MOST_INSTANCES as u64);
            count.map(|count| (0..count).map(Key::Number).collect())
        }
        Data::Map(map) if map.open.is_none() => {
            Some(map.sorted().iter().map(|entry| Key::Text(entry.key.clone())).collect())
        }
        Data::List(list) if list.open.is_none() => {
            let texts = list.items.iter().map(|item| Some(Key::Text(item.as_str()?.into())));
            let texts: Option<Vec<Key>> = texts.collect();
            texts.map(|mut texts| {
                texts.sort();
                texts.dedup();
                texts
            })
        }
        _ => None,
    };
    known.map_or_else(why, Keys::Known)
}
