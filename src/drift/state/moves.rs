//! `moved`, `removed` and `import` blocks: what they make of a state, and which of them have done their work.

use smol_str::SmolStr;

use super::declared::{Code, Keys, keys};
use crate::drift::address::{Address, Key, ModuleStep};
use crate::model::{BlockRef, InstanceId, Repo};
use crate::syntax::hcl::{Block, ExprKind};

/// So many moves are followed one after the other.
const MOST_MOVES: usize = 16;

/// What a block names: relative to its module.
#[derive(Clone, PartialEq, Eq, Debug)]
enum Target {
    Resource(Address),
    Module(Vec<ModuleStep>),
}

impl Target {
    fn parse(text: &str) -> Option<Target> {
        let module = || Address::parse_modules(text).filter(|steps| !steps.is_empty());
        Address::parse(text).map(Target::Resource).or_else(|| module().map(Target::Module))
    }

    /// The block's argument `name`.
    fn of(block: &BlockRef<'_>, name: &str) -> Option<Target> {
        Target::parse(block.file.code(block.block.body.attribute(name)?.value.range).trim())
    }
}

/// A `moved` block.
#[derive(Clone, Debug)]
pub(super) struct Moved<'s> {
    pub(super) block: BlockRef<'s>,
    /// The labels of the calls that lead to its module.
    base: Vec<SmolStr>,
    from: Target,
    to: Target,
}

/// A `removed` block.
#[derive(Clone, Debug)]
pub(super) struct Removed<'s> {
    pub(super) block: BlockRef<'s>,
    base: Vec<SmolStr>,
    from: Target,
    /// Whether an apply destroys what it names, and does not only forget it.
    pub(super) destroys: bool,
}

/// An `import` block.
#[derive(Clone, Debug)]
pub(super) struct Import<'s> {
    pub(super) block: BlockRef<'s>,
    /// The instances that it names, where that is known.
    pub(super) to: Option<Vec<Address>>,
}

/// The blocks of a stack.
#[derive(Debug, Default)]
pub(super) struct Blocks<'s> {
    pub(super) moved: Vec<Moved<'s>>,
    pub(super) removed: Vec<Removed<'s>>,
    pub(super) imports: Vec<Import<'s>>,
}

impl<'s> Blocks<'s> {
    /// Those of the modules of `code`, in the order of modules, files and places.
    pub(super) fn of(repo: &Repo<'s>, code: &Code<'s>) -> Self {
        let mut found = Blocks::default();
        for part in &code.parts {
            let module = repo.instance(part.instance).module;
            let files = repo.module(module).files.iter().copied();
            let blocks = files.flat_map(|file| repo.blocks_in(file));
            for block in blocks {
                found.add(repo, block, &part.labels, part.instance);
            }
        }
        found
    }

    fn add(
        &mut self,
        repo: &Repo<'s>,
        block: BlockRef<'s>,
        labels: &[SmolStr],
        instance: InstanceId,
    ) {
        let base = labels.to_vec();
        match block.block.kind.name.as_str() {
            "moved" => {
                let (from, to) = (Target::of(&block, "from"), Target::of(&block, "to"));
                if let (Some(from), Some(to)) = (from, to) {
                    self.moved.push(Moved { block, base, from, to });
                }
            }
            "removed" => {
                if let Some(from) = Target::of(&block, "from") {
                    let destroys = destroys(block.block);
                    self.removed.push(Removed { block, base, from, destroys });
                }
            }
            "import" if labels.is_empty() => {
                let to = imported(repo, &block, instance);
                self.imports.push(Import { block, to });
            }
            _ => {}
        }
    }

    /// Where `address` of a state is once an apply has moved it, and the position of the first `moved` block that does it.
    /// What is there already is not moved upon.
    pub(super) fn moved(
        &self,
        address: &Address,
        is_taken: impl Fn(&Address) -> bool,
    ) -> Option<(Address, usize)> {
        let mut now = address.clone();
        let mut first = None;
        for _ in 0..MOST_MOVES {
            let next = self.moved.iter().enumerate().find_map(|(at, moved)| {
                let to = moved.apply(&now).filter(|to| *to != now && !is_taken(to))?;
                Some((to, at))
            });
            let Some((to, at)) = next else { break };
            now = to;
            first.get_or_insert(at);
        }
        first.map(|at| (now, at))
    }

    /// The `removed` block that names `address`.
    pub(super) fn removed(&self, address: &Address) -> Option<usize> {
        self.removed.iter().position(|removed| {
            behind(&removed.base, address).is_some_and(|rest| match &removed.from {
                Target::Resource(from) => is_resource(from, rest, address),
                Target::Module(from) => leads(from, rest),
            })
        })
    }
}

impl Moved<'_> {
    /// Where it puts `address`, if it does.
    fn apply(&self, address: &Address) -> Option<Address> {
        let depth = self.base.len();
        let rest = behind(&self.base, address)?;
        let mut moved = address.clone();
        moved.modules.truncate(depth);
        match (&self.from, &self.to) {
            (Target::Resource(from), Target::Resource(to)) => {
                if !is_resource(from, rest, address) || to.is_data != from.is_data {
                    return None;
                }
                moved.modules.extend(steps(&from.modules, &to.modules, rest));
                (moved.kind, moved.name) = (to.kind.clone(), to.name.clone());
                moved.key = match (&from.key, &to.key) {
                    // Without keys all instances are moved, and keep theirs.
                    (None, None) => address.key.clone(),
                    (None, Some(_)) if address.key.is_some() => return None,
                    (_, to) => to.clone(),
                };
            }
            (Target::Module(from), Target::Module(to)) if leads(from, rest) => {
                moved.modules.extend(steps(from, to, rest));
                moved.modules.extend(rest[from.len()..].iter().cloned());
            }
            _ => return None,
        }
        Some(moved)
    }
}

/// The modules of `address` behind those that lead to `base`.
fn behind<'a>(base: &[SmolStr], address: &'a Address) -> Option<&'a [ModuleStep]> {
    let (front, rest) = address.modules.split_at_checked(base.len())?;
    front.iter().zip(base).all(|(step, label)| step.name == *label).then_some(rest)
}

/// Whether `address`, with the modules `rest` behind those of the block, is an instance of `from`.
fn is_resource(from: &Address, rest: &[ModuleStep], address: &Address) -> bool {
    let same_key = from.key.is_none() || from.key == address.key;
    let same = (from.is_data, &from.kind, &from.name);
    same == (address.is_data, &address.kind, &address.name)
        && same_key
        && rest.len() == from.modules.len()
        && leads(&from.modules, rest)
}

/// Whether `from` leads to `rest`; a step without a key stands for all instances.
fn leads(from: &[ModuleStep], rest: &[ModuleStep]) -> bool {
    let same = |(from, step): (&ModuleStep, &ModuleStep)| {
        from.name == step.name && (from.key.is_none() || from.key == step.key)
    };
    rest.len() >= from.len() && from.iter().zip(rest).all(same)
}

/// `to`, with the keys that a step without one keeps.
fn steps(from: &[ModuleStep], to: &[ModuleStep], rest: &[ModuleStep]) -> Vec<ModuleStep> {
    let step = |(at, to): (usize, &ModuleStep)| {
        let is_open = from.get(at).is_some_and(|from| from.key.is_none());
        let kept = rest.get(at).filter(|_| is_open).and_then(|step| step.key.clone());
        ModuleStep { name: to.name.clone(), key: to.key.clone().or(kept) }
    };
    to.iter().enumerate().map(step).collect()
}

/// `lifecycle { destroy = false }` keeps what is removed.
fn destroys(block: &Block) -> bool {
    let lifecycle = block.body.block("lifecycle");
    let destroy = lifecycle.and_then(|lifecycle| lifecycle.body.attribute("destroy"));
    !destroy.is_some_and(|it| matches!(it.value.unparenthesised().kind, ExprKind::Bool(false)))
}

/// The instances that an `import` block names: one, or one for each key of its `for_each`.
fn imported<'s>(
    repo: &Repo<'s>,
    block: &BlockRef<'s>,
    instance: InstanceId,
) -> Option<Vec<Address>> {
    let to = block.block.body.attribute("to")?;
    let text = block.file.code(to.value.range);
    let text = text.trim();
    let each = ["[each.key]", "[each.value]"].into_iter().find(|each| text.contains(each));
    let Some(each) = each else { return Some(vec![Address::parse(text)?]) };
    let Keys::Known(keys) = keys(repo, block, instance) else { return None };
    // What `each.value` of a map is would have to be evaluated; of a set it is the key.
    if each == "[each.value]" && !is_set(block.block) {
        return None;
    }
    let address = |key: &Key| Address::parse(&text.replace(each, &key.to_string()));
    keys.iter().map(address).collect()
}

fn is_set(block: &Block) -> bool {
    let for_each = block.body.attribute("for_each").map(|it| &it.value.unparenthesised().kind);
    matches!(for_each, Some(ExprKind::Call(call)) if call.name.name == "toset")
}
