//! The comparison of one state with the code of its stack.

use std::collections::{BTreeMap, BTreeSet};

use super::declared::{Code, Declared, Keys};
use super::literal::{Comparing, Literal};
use super::moves::Blocks;
use super::{ComparedState, StateDifference, StateKind, provider};
use crate::drift::address::{Address, Key};
use crate::drift::join::{Found, Joiner};
use crate::drift::path::Path;
use crate::drift::report::Place;
use crate::drift::state_file::{StateFile, StateInstance};
use crate::model::{AttributePath, IgnoreChanges, StackId};
use crate::text::typed;

/// Compares `state` with the code of `stack`.
pub fn compare(joiner: &Joiner<'_, '_>, stack: StackId, state: &StateFile) -> ComparedState {
    let mut compared = ComparedState {
        stack: joiner.stack_ref(stack),
        file: state.file.clone(),
        terraform: state.terraform.clone(),
        serial: state.serial,
        instances: 0,
        matched: 0,
        unknown: 0,
        differences: Vec::new(),
    };
    let code = match joiner.root(stack) {
        Some(root) => Code::of(joiner.repo(), root),
        None => Code::default(),
    };
    let blocks = Blocks::of(joiner.repo(), &code);
    let (found, replacing) = (Vec::new(), BTreeSet::new());
    let mut comparison =
        Comparison { joiner, stack, code: &code, blocks: &blocks, found, replacing };
    comparison.run(state, &mut compared);
    compared.differences = comparison.found;
    compared.differences.sort_by(|a, b| {
        b.kind.cmp(&a.kind).then_with(|| (&a.address, &a.path).cmp(&(&b.address, &b.path)))
    });
    compared
}

struct Comparison<'c, 'r, 's> {
    joiner: &'c Joiner<'r, 's>,
    stack: StackId,
    code: &'c Code<'s>,
    blocks: &'c Blocks<'s>,
    found: Vec<StateDifference>,
    /// The blocks that take the place of something of another type, which is told there.
    replacing: BTreeSet<Address>,
}

/// An instance of the state, and where it is once an apply has moved it.
struct Placed<'a> {
    address: Address,
    instance: &'a StateInstance,
}

impl<'s> Comparison<'_, '_, 's> {
    fn run(&mut self, state: &StateFile, compared: &mut ComparedState) {
        let is_managed = |it: &&StateInstance| !it.address.is_data;
        let (current, leftovers): (Vec<_>, Vec<_>) =
            state.instances.iter().filter(is_managed).partition(|it| it.deposed.is_none());
        compared.instances = current.len();
        for instance in leftovers {
            let key = instance.deposed.as_deref().unwrap_or_default();
            let message = format!("a replacement left `{key}` behind: an apply destroys it");
            let place = self.place(&instance.address);
            self.push(StateKind::Deposed, &instance.address, message, place);
        }
        for instance in current.iter().filter(|it| it.is_tainted) {
            let message = "it is tainted: an apply destroys it and creates it again".to_owned();
            let place = self.place(&instance.address);
            let address = instance.address.to_string();
            self.push(StateKind::Tainted, &instance.address, message, place).help =
                Some(format!("if it is sound: `terraform untaint {}`", typed(&address)));
        }
        let placed = self.moved(&current);
        let mut by_block: BTreeMap<Address, Vec<Placed<'_>>> = BTreeMap::new();
        for placed in placed {
            by_block.entry(placed.address.of_block()).or_default().push(placed);
        }
        let removed = self.removed(&mut by_block);
        self.finished_removals(&removed);
        let taken: BTreeSet<Address> =
            by_block.values().flatten().map(|it| it.address.clone()).collect();
        let imports = self.imports(&taken);

        for (block, instances) in &by_block {
            match self.code.resources.get(block) {
                Some(declared) => {
                    compared.matched += self.declared(declared, instances, &imports);
                }
                None => match self.code.dark(block) {
                    Some(_) => compared.unknown += instances.len(),
                    None => self.undeclared(block, instances, &by_block),
                },
            }
        }
        for (block, declared) in &self.code.resources {
            if !by_block.contains_key(block) {
                self.missing(block, declared, &imports);
            }
        }
    }

    /// The instances where `moved` blocks, and the keys that come and go with `count`, put them.
    fn moved<'a>(&mut self, current: &[&'a StateInstance]) -> Vec<Placed<'a>> {
        let taken: BTreeSet<&Address> = current.iter().map(|it| &it.address).collect();
        let mut used = vec![Vec::new(); self.blocks.moved.len()];
        let mut placed = Vec::with_capacity(current.len());
        for &instance in current {
            let moved = self.blocks.moved(&instance.address, |to| taken.contains(to));
            let address = match moved {
                Some((to, at)) => {
                    used[at].push((instance.address.clone(), to.clone()));
                    to
                }
                None => self.rekeyed(&instance.address, &taken),
            };
            placed.push(Placed { address, instance });
        }
        for (moved, used) in self.blocks.moved.iter().zip(used) {
            let place = Some(self.joiner.place_of(&moved.block));
            let text = |name: &str| {
                let attribute = moved.block.block.body.attribute(name);
                attribute
                    .map(|it| moved.block.file.code(it.value.range).trim().to_owned())
                    .unwrap_or_default()
            };
            let Some((from, to)) = used.first() else {
                let message = format!("nothing is left to move to `{}`", text("to"));
                let help = "once every state that needs it has moved, the block can go";
                self.finished(StateKind::FinishedMove, &text("from"), message, place, help);
                continue;
            };
            let others = match used.len() {
                1 => String::new(),
                count => format!(", and {} more with it", count - 1),
            };
            let message = format!("an apply moves it to `{to}`{others}");
            self.push(StateKind::Moved, from, message, place);
        }
        placed
    }

    /// Terraform itself moves an instance without a key to the first of a `count`, and back.
    fn rekeyed(&self, address: &Address, taken: &BTreeSet<&Address>) -> Address {
        let Some(declared) = self.code.resources.get(&address.of_block()) else {
            return address.clone();
        };
        let key = match (&address.key, &declared.keys) {
            (None, Keys::Known(keys)) if keys.first() == Some(&Key::Number(0)) => {
                Some(Key::Number(0))
            }
            (Some(Key::Number(0)), Keys::Once) => None,
            _ => return address.clone(),
        };
        let to = Address { key, ..address.clone() };
        if taken.contains(&to) { address.clone() } else { to }
    }

    /// Takes what `removed` blocks name out; which of them named something.
    fn removed(&mut self, by_block: &mut BTreeMap<Address, Vec<Placed<'_>>>) -> BTreeSet<usize> {
        let mut used: BTreeMap<usize, Vec<Address>> = BTreeMap::new();
        for instances in by_block.values_mut() {
            instances.retain(|placed| match self.blocks.removed(&placed.address) {
                Some(at) => {
                    used.entry(at).or_default().push(placed.instance.address.clone());
                    false
                }
                None => true,
            });
        }
        by_block.retain(|_, instances| !instances.is_empty());
        for (at, addresses) in &used {
            let (Some(removed), Some(first)) = (self.blocks.removed.get(*at), addresses.first())
            else {
                continue;
            };
            let place = Some(self.joiner.place_of(&removed.block));
            let (kind, does) = if removed.destroys {
                (StateKind::Undeclared, "destroys it")
            } else {
                (StateKind::Forgotten, "takes it out of the state and leaves it running")
            };
            let message = format!("a `removed` block names it: an apply {does}");
            self.push(kind, first, message, place).several(addresses.clone());
        }
        used.into_keys().collect()
    }

    fn finished_removals(&mut self, used: &BTreeSet<usize>) {
        for (at, removed) in self.blocks.removed.iter().enumerate() {
            if used.contains(&at) {
                continue;
            }
            let attribute = removed.block.block.body.attribute("from");
            let from = attribute.map(|it| removed.block.file.code(it.value.range));
            let from = from.as_deref().unwrap_or_default().trim();
            let place = Some(self.joiner.place_of(&removed.block));
            let message = "nothing is left to remove".to_owned();
            let help = "once every state that needs it has let go, the block can go";
            self.finished(StateKind::FinishedRemoval, from, message, place, help);
        }
    }

    /// Says of each `import` block whether it has done its work; the addresses that are yet to be imported.
    fn imports(&mut self, taken: &BTreeSet<Address>) -> BTreeSet<Address> {
        let mut pending = BTreeSet::new();
        for import in &self.blocks.imports {
            let Some(to) = &import.to else { continue };
            let missing: Vec<Address> =
                to.iter().filter(|address| !taken.contains(*address)).cloned().collect();
            let place = Some(self.joiner.place_of(&import.block));
            match (missing.first(), to.first()) {
                (Some(first), _) => {
                    let message = "an apply imports it".to_owned();
                    self.push(StateKind::Imported, first, message, place).several(missing.clone());
                    pending.extend(missing);
                }
                (None, Some(first)) => {
                    let message = "it is in the state already".to_owned();
                    let help = "the block has done its work and can go";
                    let first = first.to_string();
                    self.finished(StateKind::FinishedImport, &first, message, place, help);
                }
                (None, None) => {}
            }
        }
        pending
    }

    /// Compares the instances of a resource that the code declares; how many of them it has.
    fn declared(
        &mut self,
        declared: &Declared<'s>,
        instances: &[Placed<'_>],
        imports: &BTreeSet<Address>,
    ) -> usize {
        let mut matched = 0;
        let expected = declared.expected.as_ref().ok();
        let expected: Option<BTreeSet<&Address>> = expected.map(|it| it.iter().collect());
        let mut extra = Vec::new();
        for placed in instances {
            if expected.as_ref().is_some_and(|expected| !expected.contains(&placed.address)) {
                extra.push(placed.address.clone());
                continue;
            }
            matched += 1;
            self.provider(declared, placed);
            self.literals(placed);
        }
        if let Some(first) = extra.first().cloned() {
            let place = Some(self.joiner.place_of(&declared.block));
            // Where the call of the module makes no such instance, nothing in it is there.
            let mut expected = expected.iter().flatten();
            let is_called = expected.any(|it| it.modules == first.modules);
            let why = match &declared.keys {
                Keys::Once if is_called => "the code has it once, without a key",
                _ => "the code has no such instance",
            };
            let message = format!("{why}: an apply destroys it");
            self.push(StateKind::Undeclared, &first, message, place).several(extra);
        }
        let has: BTreeSet<&Address> = instances.iter().map(|it| &it.address).collect();
        let is_missing = |it: &&Address| !has.contains(it) && !imports.contains(*it);
        let missing = expected.into_iter().flatten().filter(is_missing).cloned().collect();
        self.absent(declared, missing);
        matched
    }

    /// What the state has and no block declares.
    fn undeclared(
        &mut self,
        block: &Address,
        instances: &[Placed<'_>],
        by_block: &BTreeMap<Address, Vec<Placed<'_>>>,
    ) {
        let all = instances.iter().map(|it| it.instance.address.clone()).collect();
        // One that is in the state too is another resource of the same name.
        let is_other = |other: &&Address| {
            (&other.modules, &other.name) == (&block.modules, &block.name)
                && provider::of_type(&other.kind) == provider::of_type(&block.kind)
                && !by_block.contains_key(*other)
        };
        let other = self.code.resources.keys().find(is_other);
        if let Some(other) = other.cloned() {
            let declared = self.code.resources.get(&other);
            let place = declared.map(|declared| self.joiner.place_of(&declared.block));
            let message =
                format!("the code has `{other}`: an apply destroys the one and creates the other");
            let found = self.push(StateKind::OtherType, block, message, place);
            found.several(all);
            found.help = Some(
                "to keep what runs: a `moved` block where the provider can, else `removed` and `import`"
                    .to_owned(),
            );
            self.replacing.insert(other);
        } else {
            let message = "no file declares it: an apply destroys it".to_owned();
            self.push(StateKind::Undeclared, block, message, None).several(all);
        }
    }

    /// What a block declares and the state has nothing of.
    fn missing(&mut self, block: &Address, declared: &Declared<'s>, imports: &BTreeSet<Address>) {
        if self.replacing.contains(block) {
            return;
        }
        match &declared.expected {
            Ok(expected) => {
                let missing = expected.iter().filter(|it| !imports.contains(*it)).cloned();
                self.absent(declared, missing.collect());
            }
            Err(reason) => {
                if imports.iter().any(|address| address.of_block() == *block) {
                    return;
                }
                let message = format!(
                    "nothing of it is in the state; how many there are to be is not known: {reason}"
                );
                let place = Some(self.joiner.place_of(&declared.block));
                self.push(StateKind::Missing, block, message, place).is_certain = false;
            }
        }
    }

    /// What of a resource is in the code and not in the state, if there is any.
    fn absent(&mut self, declared: &Declared<'s>, missing: Vec<Address>) {
        let Some(first) = missing.first() else { return };
        let place = Some(self.joiner.place_of(&declared.block));
        let message = "it is not in the state: an apply creates it".to_owned();
        self.push(StateKind::Missing, first, message, place).several(missing);
    }

    /// Whether the state has the resource from another provider than the code says.
    fn provider(&mut self, declared: &Declared<'s>, placed: &Placed<'_>) {
        let Some(wanted) = provider::wanted(self.joiner.repo(), &declared.block) else { return };
        let has = provider::short(&placed.instance.provider);
        if has.is_empty() || has == wanted {
            return;
        }
        let message =
            format!("the state has it from the provider `{has}`, the code from `{wanted}`");
        let place = Some(self.joiner.place_of(&declared.block));
        let from = &placed.instance.provider;
        let host = from.split('/').next().unwrap_or_default();
        self.push(StateKind::OtherProvider, &placed.address, message, place).help =
            Some(format!("`terraform state replace-provider {from} {host}/{wanted}`"));
    }

    /// The constants that the state has otherwise.
    fn literals(&mut self, placed: &Placed<'_>) {
        let Ok(found) = self.joiner.find(self.stack, &placed.address) else { return };
        let (scope, calls) = self.joiner.seen_at(&found, &placed.address);
        let block = found.block;
        let comparing = Comparing {
            repo: self.joiner.repo(),
            file: block.file,
            scope: &scope,
            calls: &calls,
            kind: &placed.address.kind,
        };
        let attributes = &placed.instance.plain.0;
        let masked = &placed.instance.attributes;
        let ignored = IgnoreChanges::of(block.block);
        for literal in comparing.body(&block.block.body, attributes, &Path::default()) {
            let literal = literal.masked_as(masked);
            let path = AttributePath::parse(&literal.path.to_string());
            let is_ignored = path
                .zip(ignored.as_ref())
                .is_some_and(|(path, ignored)| ignored.covering(&path).is_some());
            self.literal(&found, placed, literal, is_ignored);
        }
    }

    fn literal(
        &mut self,
        found: &Found<'s>,
        placed: &Placed<'_>,
        literal: Literal,
        is_ignored: bool,
    ) {
        let Literal { path, state, code } = literal;
        let place = Some(self.joiner.place(found, &path).place);
        let (kind, message) = if is_ignored {
            (StateKind::Ignored, "the code says something else, which Terraform ignores")
        } else {
            (StateKind::Literal, "the code says something else: an apply changes it")
        };
        let found = self.push(kind, &placed.address, message.to_owned(), place);
        (found.path, found.state, found.code) = (Some(path), state, code);
    }

    fn place(&self, address: &Address) -> Option<Place> {
        let found = self.joiner.find(self.stack, address).ok()?;
        Some(self.joiner.place(&found, &Path::default()).place)
    }

    fn push(
        &mut self,
        kind: StateKind,
        address: &Address,
        message: String,
        place: Option<Place>,
    ) -> &mut StateDifference {
        self.found.push(StateDifference::new(kind, address.to_string(), message, place));
        let last = self.found.len() - 1;
        &mut self.found[last]
    }

    /// A block that has done its work.
    fn finished(
        &mut self,
        kind: StateKind,
        address: &str,
        message: String,
        place: Option<Place>,
        help: &str,
    ) {
        let help = Some(help.to_owned());
        let finished = StateDifference::new(kind, address.to_owned(), message, place);
        self.found.push(StateDifference { help, ..finished });
    }
}
