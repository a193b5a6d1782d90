//! Modules: what their files declare, and who calls them along which paths.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};
use smol_str::SmolStr;

use super::overrides::Overrides;
use super::repo::{
    BlockRef, ExprRef, Instance, InstanceId, Module, ModuleId, Stack, StackId, resolve_path,
};
use super::stack::{self, Stacks};
use super::terragrunt::{Inputs, Units};
use crate::syntax::hcl::{Attribute, Block, Body};
use crate::syntax::{Format, HclUse, SourceFile};
use crate::text::{Span, dir_of};
use crate::workspace::Link;

/// At most this many paths of calls are followed: calls that fork at every level would fill any memory. Some thousand
/// stacks with some dozen calls each stay far below.
const MAX_INSTANCES: usize = 1 << 18;

/// At most this many paths from one stack to one module are told apart: where each of some modules calls the next one twice,
/// there are twice as many at every level. One more instance stands for the rest of them.
const MAX_PATHS: usize = 512;

/// The blocks of a module by the name that refers to them. Where a name is declared twice, the first one counts.
#[derive(Clone, Debug, Default)]
pub struct Names<'s> {
    /// `var.NAME`
    pub variables: FxHashMap<SmolStr, BlockRef<'s>>,
    /// `local.NAME`
    pub locals: FxHashMap<SmolStr, ExprRef<'s>>,
    /// `TYPE.NAME`
    pub resources: FxHashMap<(SmolStr, SmolStr), BlockRef<'s>>,
    /// `data.TYPE.NAME`
    pub data: FxHashMap<(SmolStr, SmolStr), BlockRef<'s>>,
    /// `module.NAME`
    pub calls: BTreeMap<SmolStr, BlockRef<'s>>,
    /// `output "NAME"`
    pub outputs: FxHashMap<SmolStr, BlockRef<'s>>,
    /// Why there may be names that are not listed (a generated file that cannot be read statically).
    pub open: Option<Arc<str>>,
}

impl<'s> Names<'s> {
    /// Adds what `body` (of `file`, in `module`) declares.
    pub(super) fn add(&mut self, file: &'s SourceFile, body: &'s Body, module: ModuleId) {
        for block in body.blocks() {
            let entry = BlockRef { file, block, module };
            let labels = (
                block.labels.first().map(|l| l.name.clone()),
                block.labels.get(1).map(|l| l.name.clone()),
            );
            match (block.kind.name.as_str(), labels) {
                ("locals", _) => {
                    for Attribute { key, value, .. } in block.body.attributes() {
                        self.locals
                            .entry(key.name.clone())
                            .or_insert(ExprRef { file, expr: value });
                    }
                }
                ("variable", (Some(name), _)) => {
                    self.variables.entry(name).or_insert(entry);
                }
                ("module", (Some(name), _)) => {
                    self.calls.entry(name).or_insert(entry);
                }
                ("output", (Some(name), _)) => {
                    self.outputs.entry(name).or_insert(entry);
                }
                ("resource", (Some(kind), Some(name))) => {
                    self.resources.entry((kind, name)).or_insert(entry);
                }
                ("data", (Some(kind), Some(name))) => {
                    self.data.entry((kind, name)).or_insert(entry);
                }
                _ => {}
            }
        }
    }

    /// The block that has the name which `block` declares: itself, or one that stands before it. None where it declares none.
    pub fn holder(&self, block: &Block) -> Option<&BlockRef<'s>> {
        let label = &block.labels.first()?.name;
        let pair = || Some((label.clone(), block.labels.get(1)?.name.clone()));
        match block.kind.name.as_str() {
            "variable" => self.variables.get(label),
            "output" => self.outputs.get(label),
            "module" => self.calls.get(label),
            "resource" => self.resources.get(&pair()?),
            "data" => self.data.get(&pair()?),
            _ => None,
        }
    }
}

impl Module<'_> {
    /// Whether it is only what somebody copies to begin a module.
    pub fn is_example(&self) -> bool {
        let is_example = |file: &&SourceFile| file.format == Format::Hcl(HclUse::Example);
        self.files.first().is_some_and(is_example)
    }

    /// Whether anything comes of it: some stack reaches it, and it is no example.
    pub fn runs(&self) -> bool {
        self.called && !self.is_example()
    }

    /// Whether Terraform finds something in its directory.
    pub fn has_code(&self) -> bool {
        !self.files.is_empty() && !self.is_example()
    }
}

/// The modules: every directory with Terraform files, and every stack's directory. An example is a module where nothing else
/// is one, and where it can be read as it stands.
pub(super) fn find<'s>(
    sources: &'s [SourceFile],
    overrides: &'s Overrides,
    stacks: &[Stack],
) -> Vec<Module<'s>> {
    let mut by_dir: BTreeMap<&str, Vec<&'s SourceFile>> = BTreeMap::new();
    for stack in stacks {
        by_dir.entry(&stack.dir).or_default();
    }
    for file in sources.iter().filter(|file| file.format.is_terraform()) {
        by_dir.entry(dir_of(&file.path)).or_default().push(overrides.merged(file));
    }
    for file in sources.iter().filter(|file| file.format == Format::Hcl(HclUse::Example)) {
        let files = by_dir.entry(dir_of(&file.path)).or_default();
        let is_alone = files.iter().all(|it| it.format == file.format);
        if is_alone && file.hcl.as_ref().is_some_and(|document| document.errors.is_empty()) {
            files.push(file);
        }
    }
    let by_dir: Vec<_> = by_dir.into_iter().collect();
    let module = |(id, (dir, files)): (usize, (&str, Vec<&'s SourceFile>))| {
        let mut names = Names::default();
        for &file in &files {
            if let Some(document) = &file.hcl {
                names.add(file, &document.body, ModuleId(id as u32));
            }
        }
        let stack = stack::holding(stacks, &format!("{dir}/x"));
        let dir = dir.into();
        let (called, in_pieces) = (false, false);
        Module { dir, stack, files, names, called, in_pieces, instances: Vec::new() }
    };
    by_dir.into_par_iter().enumerate().map(module).collect()
}

/// Says of the modules with a link to code that they may declare more: no link is followed.
pub(super) fn open_for_links(modules: &mut [Module<'_>], links: &[Link]) {
    let is_code = |path| Format::of(path).is_terraform_or_unit();
    for link in links.iter().filter(|link| is_code(&link.path)) {
        let dir = dir_of(&link.path);
        if let Ok(at) = modules.binary_search_by(|module| (*module.dir).cmp(dir)) {
            let reason =
                || format!("`{}` is a symbolic link, which is not followed", link.path).into();
            modules[at].names.open.get_or_insert_with(reason);
        }
    }
}

/// Whether the files of a module that is only taken for one may be pieces: examples, fixtures and snippets, each of which somebody
/// puts beside what it needs. No block says what runs them, they use variables that none declares, or they declare the same more
/// than once; beside a block that says it, in three files or more.
fn is_in_pieces(module: &Module<'_>) -> bool {
    let Module { files, names, .. } = module;
    let trees = || files.iter().filter_map(|file| Some((file, &file.hcl.as_ref()?.body)));
    let with = |kind| trees().filter(|(_, body)| body.blocks_of(kind).next().is_some()).count();
    let uses_variables = || files.iter().any(|file| file.text.contains("var."));
    let lacks_variables = || names.variables.is_empty() && uses_variables();
    let repeats =
        || trees().any(|(file, body)| declared_elsewhere(module, file, body).next().is_some());
    match with("terraform") {
        0 => with("provider") == 0 || lacks_variables() || repeats(),
        1 => says_thrice(module),
        _ => repeats(),
    }
}

/// Whether something is declared in three files of `module` or more: the steps of a lab lie side by side.
fn says_thrice(module: &Module<'_>) -> bool {
    let mut again = FxHashSet::default();
    let trees = module.files.iter().filter_map(|file| Some((file, &file.hcl.as_ref()?.body)));
    trees.into_iter().any(|(file, body)| {
        let firsts: FxHashSet<Span> = declared_elsewhere(module, file, body).collect();
        firsts.into_iter().any(|first| !again.insert(first))
    })
}

/// Where another file of `module` declares first what `body`, of `file`, declares too.
fn declared_elsewhere<'m>(
    module: &'m Module<'_>,
    file: &'m SourceFile,
    body: &'m Body,
) -> impl Iterator<Item = Span> + 'm {
    let holders = body.blocks().filter_map(|block| module.names.holder(block));
    holders.filter(|holder| holder.file.path != file.path).map(BlockRef::header)
}

/// Where a `module` block's `source` leads: a directory relative to the root, for a local source.
pub fn call_target(caller_dir: &str, call: &Block) -> Option<String> {
    let source = call.body.attribute("source")?.value.as_literal()?;
    let local = source.starts_with("./") || source.starts_with("../");
    local.then(|| resolve_path(caller_dir, &source)).flatten()
}

/// Every module along every path of calls; parents before children. Marks the modules that some stack reaches.
pub(super) fn instantiate<'s>(
    modules: &mut [Module<'s>],
    by_dir: &FxHashMap<Arc<str>, ModuleId>,
    stacks: &Stacks,
    units: &Units<'s>,
) -> Vec<Instance<'s>> {
    let mut tree = CallTree { instances: Vec::new(), targets: call_targets(modules, by_dir) };
    let called_somewhere: Vec<bool> = {
        let mut called = vec![false; modules.len()];
        tree.targets.iter().flatten().for_each(|(_, _, target)| called[target.0 as usize] = true);
        called
    };
    if stacks.every_directory {
        let uncalled = modules.iter_mut().zip(&called_somewhere).filter(|(_, called)| !**called);
        uncalled.for_each(|(module, _)| module.in_pieces = is_in_pieces(module));
    }
    for (stack, number) in stacks.list.iter().zip(0..) {
        for (dir, inputs) in units.runs(&stack.dir) {
            let Some(&module) = by_dir.get(dir) else { continue };
            let is_callee = stacks.every_directory && called_somewhere[module.0 as usize];
            if !is_callee {
                let (stack, inputs) = (Some(StackId(number)), Some(inputs));
                tree.grow(modules, module, Top { stack, inputs, called: true });
            }
        }
    }
    for index in 0..modules.len() {
        if modules[index].instances.is_empty() {
            modules[index].in_pieces |= !stacks.every_directory && says_thrice(&modules[index]);
            // Where every directory is a stack, such a module is reached only in a circle.
            let top = Top { stack: None, inputs: None, called: stacks.every_directory };
            tree.grow(modules, ModuleId(index as u32), top);
        }
    }
    tree.instances
}

type Targets<'s> = Vec<Vec<(SmolStr, BlockRef<'s>, ModuleId)>>;

fn call_targets<'s>(modules: &[Module<'s>], by_dir: &FxHashMap<Arc<str>, ModuleId>) -> Targets<'s> {
    let target = |module: &Module<'s>, name: &SmolStr, call: &BlockRef<'s>| {
        let dir = call_target(&module.dir, call.block)?;
        Some((name.clone(), *call, *by_dir.get(dir.as_str())?))
    };
    modules
        .iter()
        .map(|module| {
            module
                .names
                .calls
                .iter()
                .filter_map(|(name, call)| target(module, name, call))
                .collect()
        })
        .collect()
}

struct CallTree<'s> {
    instances: Vec<Instance<'s>>,
    targets: Targets<'s>,
}

/// What is known of an instance that nobody calls.
struct Top<'s> {
    /// The stack that runs it.
    stack: Option<StackId>,
    inputs: Option<Arc<Inputs<'s>>>,
    /// Whether some stack reaches it.
    called: bool,
}

impl<'s> CallTree<'s> {
    /// Adds the instance of `module` that nobody calls, and all it leads to.
    fn grow(&mut self, modules: &mut [Module<'s>], module: ModuleId, top: Top<'s>) {
        let Top { stack, inputs, called } = top;
        let is_example = modules[module.0 as usize].is_example();
        let root = InstanceId(self.instances.len() as u32);
        self.instances.push(Instance {
            module,
            root,
            stack,
            parent: None,
            children: FxHashMap::default(),
            inputs,
            is_rest: false,
        });
        let mut queue = VecDeque::from([root]);
        // How many paths lead to a module so far, and the last instance of it.
        let mut paths: FxHashMap<ModuleId, (usize, InstanceId)> = FxHashMap::default();
        while let Some(id) = queue.pop_front() {
            let module = self.instances[id.0 as usize].module;
            // What an example calls with `<your-namespace>` is nothing that a module is ever run with, nor is what is called from
            // where no stack comes, if stacks call the module as well.
            let runs_otherwise = !called && modules[module.0 as usize].called;
            if id == root || !(is_example || runs_otherwise) {
                modules[module.0 as usize].instances.push(id);
            }
            modules[module.0 as usize].called |= called;
            for index in 0..self.targets[module.0 as usize].len() {
                let (name, call, target) = self.targets[module.0 as usize][index].clone();
                if self.is_on_path(id, target) || self.instances.len() >= MAX_INSTANCES {
                    continue;
                }
                let child = InstanceId(self.instances.len() as u32);
                let (count, last) = paths.entry(target).or_insert((0, child));
                if *count > MAX_PATHS {
                    self.instances[id.0 as usize].children.insert(name, *last);
                    continue;
                }
                let is_rest = *count == MAX_PATHS;
                (*count, *last) = (*count + 1, child);
                self.instances.push(Instance {
                    module: target,
                    root,
                    stack,
                    parent: Some((id, call)),
                    children: FxHashMap::default(),
                    inputs: None,
                    is_rest,
                });
                self.instances[id.0 as usize].children.insert(name, child);
                queue.push_back(child);
            }
        }
    }

    /// Whether `module` is the module of `id` or of one of its callers: a circle, which Terraform refuses.
    fn is_on_path(&self, id: InstanceId, module: ModuleId) -> bool {
        let mut at = Some(id);
        while let Some(id) = at {
            let instance = &self.instances[id.0 as usize];
            if instance.module == module {
                return true;
            }
            at = instance.parent.map(|(caller, _)| caller);
        }
        false
    }
}
