//! Where in the code a difference stands: from a stack, an address and a path to a file and its bytes, and to the edits
//! that settle it.
//!
//! Invariant: what is in no file has no place but a reason; what cannot be placed exactly says so.

mod find;
mod fix;
#[cfg(test)]
mod json_tests;
mod named;
mod source;
mod spot;
#[cfg(test)]
mod tests;
mod told;

use std::cell::LazyCell;
use std::collections::BTreeSet;

use super::address::{Address, Key};
use super::measured::{ModuleCall, StackRef};
use super::path::Path;
use super::report::Place;
use crate::model::{BlockRef, Calls, InstanceId, ModuleId, Repo, Scope, StackId};
use crate::syntax::SourceFile;
use crate::text::{Span, plain_dir};
use named::Named;
use spot::Spot;

/// The source, asked where things stand.
#[derive(Debug)]
pub struct Joiner<'r, 's> {
    repo: &'r Repo<'s>,
    /// By stack: the instance of its root module.
    roots: Vec<Option<InstanceId>>,
    /// By module: how many stacks have it.
    users: Vec<usize>,
}

/// A resource as the code has it.
#[derive(Clone, Debug)]
pub struct Found<'s> {
    /// Its block; where its module is not in the repo, the block that calls that module.
    pub block: BlockRef<'s>,
    /// In which instance of its module.
    pub instance: InstanceId,
    /// Why the block is a call and not the resource itself.
    pub outside: Option<String>,
    /// Which of the resource's own instances.
    key: Option<Key>,
    /// Whether there may be several of it: it or a call on the way to it has `count` or `for_each`.
    is_repeated: bool,
}

/// A difference in the code.
#[derive(Clone, Debug)]
pub struct Placed<'s> {
    /// Where.
    pub place: Place,
    /// Its path as Terraform takes it: what is a key of a map is one.
    pub path: Path,
    /// Whether the code says something there; else the place is the block that says nothing.
    pub is_declared: bool,
    spot: Spot<'s>,
}

impl<'r, 's> Joiner<'r, 's> {
    /// Asks `repo`.
    pub fn new(repo: &'r Repo<'s>) -> Self {
        let mut roots = vec![None; repo.stacks.len()];
        let mut users: Vec<BTreeSet<StackId>> = vec![BTreeSet::new(); repo.modules.len()];
        for (instance, number) in repo.instances.iter().zip(0..) {
            let Some(stack) = instance.stack else { continue };
            if repo.module(repo.instance(instance.root).module).is_example() {
                continue;
            }
            users[instance.module.0 as usize].insert(stack);
            if instance.parent.is_none() {
                roots[stack.0 as usize].get_or_insert(InstanceId(number));
            }
        }
        Self { repo, roots, users: users.iter().map(BTreeSet::len).collect() }
    }

    /// The stack that is meant: by its directory, its name, or the last part of its directory where no other ends so.
    pub fn stack(&self, wanted: &StackRef) -> Option<StackId> {
        let stacks = || self.repo.stacks.iter().zip((0..).map(StackId));
        if let Some(dir) = wanted.dir.as_deref().map(plain_dir)
            && let Some((_, id)) = stacks().find(|(stack, _)| *stack.dir == *dir)
        {
            return Some(id);
        }
        let name = plain_dir(&wanted.name);
        let is_named = |stack: &str| stack == name;
        let named = stacks().find(|(stack, _)| is_named(&stack.name) || is_named(&stack.dir));
        named.map(|(_, id)| id).or_else(|| {
            let last = |dir: &str| dir.rsplit('/').next().is_some_and(is_named);
            only(stacks().filter(|(stack, _)| last(&stack.dir)).map(|(_, id)| id))
        })
    }

    /// The one stack that has most of `addresses` and `calls`, and more of them than any other. What its `moved` and `removed`
    /// blocks name it has too: it answers for that.
    pub fn stack_with(&self, addresses: &[&Address], calls: &[ModuleCall]) -> Option<StackId> {
        let all = addresses.len() + calls.len();
        let score = |id: StackId| {
            let named = LazyCell::new(|| Named::of(self, id));
            let is_known = |it: &&&Address| self.find(id, it).is_ok() || named.has(it);
            let known = addresses.iter().filter(is_known).count();
            known + calls.iter().filter(|call| self.has_call(id, call)).count()
        };
        let ids = (0..self.repo.stacks.len() as u32).map(StackId);
        let scores: Vec<(usize, StackId)> = ids.map(|id| (score(id), id)).collect();
        let best = scores.iter().map(|(score, _)| *score).max()?;
        let is_enough = best > 0 && best * 2 > all;
        only(scores.into_iter().filter(|(score, _)| is_enough && *score == best).map(|(_, id)| id))
    }

    /// The stack `id` as reports name it.
    pub fn stack_ref(&self, id: StackId) -> StackRef {
        let stack = self.repo.stack(id);
        StackRef { name: stack.name.to_string(), dir: Some(stack.dir.to_string()) }
    }

    /// Where the value at `path` of a resource stands; the resource as a whole where the path is empty.
    pub fn place(&self, found: &Found<'s>, path: &Path) -> Placed<'s> {
        self.placed(found, path, false)
    }

    /// The same of what the code does not have: an element of a list stands beside those that the code has.
    pub fn place_of_extra(&self, found: &Found<'s>, path: &Path) -> Placed<'s> {
        self.placed(found, path, true)
    }

    fn placed(&self, found: &Found<'s>, path: &Path, is_extra: bool) -> Placed<'s> {
        let block = found.block;
        let path = told::told(block.block, path);
        let scope = self.scope(found);
        let outside = found.outside.is_some();
        let wanted = if outside { &Path::default() } else { &path };
        let mut spot = spot::spot(self.repo, block, wanted, is_extra, scope);
        let source = source::source(self.repo, found, &spot);
        let stacks = self.users(block.module);
        let place = Place {
            span: block.file.span(spot.range),
            block: block.header(),
            is_shared: stacks > 1,
            stacks,
            // What is no code may be a key or certificate: its text is not for reports.
            source: source.as_ref().map(source::Source::label).filter(|it| self.is_code(it.span)),
            caveat: spot.caveat.take().or_else(|| found.outside.clone()),
        };
        Placed { place, path, is_declared: spot.is_declared && !outside, spot }
    }

    /// A block of the code as a whole.
    pub fn place_of(&self, block: &BlockRef<'s>) -> Place {
        let stacks = self.users(block.module);
        let span = block.header();
        Place { span, block: span, is_shared: stacks > 1, stacks, source: None, caveat: None }
    }

    /// The model that is asked.
    pub fn repo(&self) -> &'r Repo<'s> {
        self.repo
    }

    /// The instance of the root module of a stack; `None` where it has no files of Terraform.
    pub fn root(&self, stack: StackId) -> Option<InstanceId> {
        self.roots.get(stack.0 as usize).copied().flatten()
    }

    fn is_code(&self, span: Span) -> bool {
        self.repo.sources.get(span.file.index()).is_some_and(|file| file.hcl.is_some())
    }

    /// How many stacks have the module.
    fn users(&self, module: ModuleId) -> usize {
        self.users.get(module.0 as usize).copied().unwrap_or(0)
    }

    /// How many stacks have what stands in `file`.
    fn users_of(&self, file: &SourceFile) -> usize {
        self.repo.module_of(&file.path).map_or(0, |module| self.users(module))
    }

    /// In whose eyes the resource's expressions are evaluated.
    fn scope(&self, found: &Found<'s>) -> Scope<'s> {
        find::scope(self.repo, &found.block, found.instance, found.key.as_ref(), &Calls::default())
    }

    /// The same for the instance at `address`, and in which way the modules on the way there are called.
    pub(super) fn seen_at(&self, found: &Found<'s>, address: &Address) -> (Scope<'s>, Calls<'s>) {
        let calls = find::calls(self.repo, found, address);
        let key = found.key.as_ref();
        (find::scope(self.repo, &found.block, found.instance, key, &calls), calls)
    }
}

/// The one item that there is.
fn only<T>(mut items: impl Iterator<Item = T>) -> Option<T> {
    let first = items.next()?;
    items.next().is_none().then_some(first)
}
