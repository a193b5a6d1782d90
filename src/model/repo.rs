//! The model's parts and how to get from one to another.

use std::iter::successors;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use rayon::prelude::*;
use rustc_hash::FxHashMap;
use smallvec::SmallVec;
use smol_str::SmolStr;

use super::Reason;
use super::declarations::Declarations;
use super::dependency::UnitIds;
use super::eval::{Asked, KeptTexts, Memo, Trees};
use super::overrides::{Overrides, Site};
use super::template::Templates;
use super::{module, stack, terragrunt};
use crate::syntax::hcl::{Block, Expr, Item};
use crate::syntax::language::commit::COMMITS;
use crate::syntax::{Format, SourceFile};
use crate::text::{Span, TextRange, dir_of, plain_dir};
use crate::workspace::{Ignores, Link, SealKey};

/// A stack: an index into [`Repo::stacks`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct StackId(pub u32);

/// A module: an index into [`Repo::modules`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct ModuleId(pub u32);

/// A module as called along one path: an index into [`Repo::instances`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct InstanceId(pub u32);

/// A directory that Terraform or Terragrunt runs.
#[derive(Clone, Debug)]
pub struct Stack {
    /// Its name: its directory below `stacks/`, or relative to the root.
    pub name: Arc<str>,
    /// Its directory relative to the root, with `/`; empty for the root itself.
    pub dir: Arc<str>,
}

impl Stack {
    /// Whether whoever types `name` means it: that is its name, or its directory.
    pub fn is_called(&self, name: &str) -> bool {
        let name = plain_dir(name);
        !name.is_empty() && (*self.name == *name || *self.dir == *name)
    }
}

/// A directory with Terraform files.
#[derive(Clone, Debug)]
pub struct Module<'s> {
    /// Its directory relative to the root.
    pub dir: Arc<str>,
    /// The stack it belongs to: the one whose directory it is or lies in.
    pub stack: Option<StackId>,
    /// Its files.
    pub files: Vec<&'s SourceFile>,
    /// Its blocks by what refers to them.
    pub names: module::Names<'s>,
    /// Whether some stack reaches it: it is a stack's own directory, or called from one that is.
    pub called: bool,
    /// Whether its files may be meant to stand beside others, and not all at once.
    pub in_pieces: bool,
    /// Its instances, one for each path of calls that leads here.
    pub instances: Vec<InstanceId>,
}

/// A module called along one path from a stack. A module that nobody calls has one instance without a parent.
#[derive(Clone, Debug)]
pub struct Instance<'s> {
    /// Which module.
    pub module: ModuleId,
    /// The instance at the top of the path: Terraform's root module.
    pub root: InstanceId,
    /// The stack that runs the root module; `None` where no stack does.
    pub stack: Option<StackId>,
    /// The caller's instance and the `module` block that calls.
    pub parent: Option<(InstanceId, BlockRef<'s>)>,
    /// The instances called from here, by the `module` block's label.
    pub children: FxHashMap<SmolStr, InstanceId>,
    /// What Terragrunt and variable files pass in, for an instance without a parent.
    pub inputs: Option<Arc<terragrunt::Inputs<'s>>>,
    /// Whether it stands for all further paths of calls to its module: what they pass is not known.
    pub is_rest: bool,
}

/// A top-level block with its place in the model.
#[derive(Clone, Copy, Debug)]
pub struct BlockRef<'s> {
    /// The file it stands in.
    pub file: &'s SourceFile,
    /// The block.
    pub block: &'s Block,
    /// The module it belongs to.
    pub module: ModuleId,
}

/// An expression and the file it stands in.
#[derive(Clone, Copy, Debug)]
pub struct ExprRef<'s> {
    /// The file.
    pub file: &'s SourceFile,
    /// The expression.
    pub expr: &'s Expr,
}

impl ExprRef<'_> {
    /// Where it is written.
    pub fn span(&self) -> Span {
        self.file.span(self.expr.range)
    }
}

impl BlockRef<'_> {
    /// Terraform's address relative to the module: `kubernetes_deployment.web`, `module.ingress`, `data.x.y`.
    pub fn address(&self) -> String {
        address_of(self.block)
    }

    /// The block's header: from its type to its last label.
    pub fn header(&self) -> Span {
        self.file.span(self.block.header)
    }
}

/// See [`BlockRef::address`].
pub fn address_of(block: &Block) -> String {
    let labels: SmallVec<[&str; 2]> = block.labels.iter().map(|it| it.name.as_str()).collect();
    let labels = labels.join(".");
    match block.kind.name.as_str() {
        "resource" => labels,
        "variable" => format!("var.{labels}"),
        kind if labels.is_empty() => kind.to_owned(),
        kind => format!("{kind}.{labels}"),
    }
}

/// A file that is there and was not read, or a directory that could not be listed.
#[derive(Clone, Debug)]
pub struct SkippedFile {
    /// Its path relative to the root; of a directory with `/` at its end.
    pub path: Box<str>,
    /// Why: `git-crypt`, `sops`, …
    pub why: &'static str,
    /// With which keys it can be decrypted, where it says so itself.
    pub keys: Vec<SealKey>,
}

/// The immutable model.
#[derive(Debug)]
pub struct Repo<'s> {
    /// Every source, sorted by path; a `FileId` is an index into it.
    pub sources: &'s [SourceFile],
    overrides: &'s Overrides,
    /// The files that were not read, sorted by path.
    pub skipped: &'s [SkippedFile],
    /// The symbolic links, sorted by path.
    pub links: &'s [Link],
    /// What ignore files say that are no sources: they lie above the root, or in git's own directory.
    pub ignores: Option<&'s Ignores>,
    /// The stacks, sorted by directory.
    pub stacks: Vec<Stack>,
    /// The modules, sorted by directory.
    pub modules: Vec<Module<'s>>,
    /// The instances; parents come before children.
    pub instances: Vec<Instance<'s>>,
    pub(super) memo: Memo,
    pub(super) asked: Asked,
    pub(super) trees: Trees,
    /// What other models have read in texts; none where there are no others.
    pub(super) kept: Option<Arc<KeptTexts>>,
    pub(super) declarations: Declarations<'s>,
    pub(super) templates: Templates<'s>,
    module_by_dir: FxHashMap<Arc<str>, ModuleId>,
    /// Where each source belongs: this is asked of every subject.
    homes: FxHashMap<&'s str, Home>,
    lists: Mutex<FxHashMap<String, Arc<StringList>>>,
    /// What units are made of, by directory, as far as somebody has asked: many rules ask it of every unit.
    pub(super) units: Mutex<FxHashMap<String, Arc<UnitIds>>>,
}

/// Where a file belongs.
#[derive(Clone, Copy, Debug)]
struct Home {
    stack: Option<StackId>,
    module: Option<ModuleId>,
}

/// A list that rules read somewhere in the repo; or why it is not known.
pub type StringList = Result<Vec<String>, Reason>;

impl<'s> Repo<'s> {
    /// Builds the model of `sources`, which are sorted by path and numbered by position; `skipped` is sorted too.
    pub fn build(sources: &'s [SourceFile], skipped: &'s [SkippedFile]) -> Self {
        static NONE: LazyLock<Overrides> = LazyLock::new(Overrides::default);
        Repo::build_with(sources, &NONE, skipped, &[], None)
    }

    /// The same, with the overrides that are among the sources, with the symbolic links that stand between the files, sorted by
    /// path, and with what other models have read in texts.
    pub fn build_with(
        sources: &'s [SourceFile],
        overrides: &'s Overrides,
        skipped: &'s [SkippedFile],
        links: &'s [Link],
        kept: Option<Arc<KeptTexts>>,
    ) -> Self {
        let stacks = stack::find(sources);
        let templates = Templates::find(sources, &|path| is_there(sources, skipped, links, path));
        let (mut modules, terragrunt) = rayon::join(
            || module::find(sources, overrides, &stacks.list),
            || terragrunt::Units::read(sources, skipped, links, &templates, &stacks.list),
        );
        let module_by_dir = modules
            .iter()
            .zip(0..)
            .map(|(module, id)| (Arc::clone(&module.dir), ModuleId(id)))
            .collect();
        terragrunt.add_generated(&mut modules, &stacks.list);
        module::open_for_links(&mut modules, links);
        let instances = module::instantiate(&mut modules, &module_by_dir, &stacks, &terragrunt);
        let memo = Memo::new(instances.len());
        let mut repo = Self {
            sources,
            overrides,
            skipped,
            links,
            ignores: None,
            stacks: stacks.list,
            modules,
            instances,
            memo,
            asked: Asked::default(),
            trees: Trees::default(),
            kept,
            declarations: Declarations::default(),
            templates,
            module_by_dir,
            homes: FxHashMap::default(),
            lists: Mutex::default(),
            units: Mutex::default(),
        };
        let home = |source: &'s SourceFile| (&*source.path, repo.find_home(&source.path));
        let homes: Vec<(&str, Home)> = sources.par_iter().map(home).collect();
        repo.homes = homes.into_iter().collect();
        repo.declarations = Declarations::of(&repo);
        repo
    }

    /// The same, with what ignore files say that are no sources.
    #[must_use]
    pub fn with_ignores(self, ignores: &'s Ignores) -> Self {
        Self { ignores: Some(ignores), ..self }
    }

    /// Lets go of it, on all threads: what was evaluated consists of many parts.
    pub fn release(self) {
        let Repo { declarations, memo, asked, .. } = self;
        rayon::join(|| declarations.release(), || drop((memo, asked)));
    }

    /// What the symbolic link at `path` says; `None` where there is none.
    pub fn link(&self, path: &str) -> Option<&'s str> {
        let at = self.links.binary_search_by(|link| (*link.path).cmp(path)).ok()?;
        Some(&self.links[at].target)
    }

    /// Whether a symbolic link stands at `path`, or at a directory on the way there: none is followed.
    pub fn has_link_on_way(&self, path: &str) -> bool {
        let mut way = successors(Some(path), |path| Some(path.rsplit_once('/')?.0));
        way.any(|path| self.link(path).is_some())
    }

    /// Whether there are files in the directory `path` or below it, read or not.
    pub fn has_files_below(&self, path: &str) -> bool {
        has_files_below(self.sources, self.skipped, path)
    }

    /// Whether there is a file, a directory with files or a symbolic link at `path`.
    pub fn is_there(&self, path: &str) -> bool {
        is_there(self.sources, self.skipped, self.links, path)
    }

    /// The list that `read` finds, read once for each `key`: many subjects of a rule ask for the same one.
    pub fn list(&self, key: &str, read: impl FnOnce() -> StringList) -> Arc<StringList> {
        let known = self.lists.lock().unwrap_or_else(PoisonError::into_inner).get(key).cloned();
        known.unwrap_or_else(|| {
            let list = Arc::new(read());
            let mut lists = self.lists.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(lists.entry(key.to_owned()).or_insert(list))
        })
    }

    /// The top-level blocks of every module, in the order of path and place.
    pub fn blocks(&self) -> impl Iterator<Item = BlockRef<'s>> + '_ {
        self.modules.iter().zip(0..).flat_map(|(module, id)| {
            module.files.iter().flat_map(move |&file| blocks_of(file, ModuleId(id)))
        })
    }

    /// The top-level blocks of one file, if it belongs to a module.
    pub fn blocks_in(&self, file: &'s SourceFile) -> impl Iterator<Item = BlockRef<'s>> + use<'s> {
        let module = self.module_of(&file.path);
        let file = self.overrides.merged(file);
        module.into_iter().flat_map(move |module| blocks_of(file, module))
    }

    /// The top-level block of the Terraform file `file` that holds the bytes `range`: of an override file, the one that these
    /// were merged into.
    pub fn block_around(&self, file: &'s SourceFile, range: TextRange) -> Option<BlockRef<'s>> {
        let module = self.module_of(&file.path)?;
        let span = file.span(range);
        if let Some(Site { file, start }) = self.overrides.target(span) {
            return self
                .blocks_in(&self.sources[file.index()])
                .find(|it| it.block.range.start == start);
        }
        let file = self.overrides.merged(file);
        let items = &file.hcl.as_ref()?.body.items;
        let after = items.partition_point(|item| item.range().start <= span.range.start);
        match items.get(after.checked_sub(1)?)? {
            Item::Block(block) if block.range.contains(span.range) => {
                Some(BlockRef { file, block, module })
            }
            _ => None,
        }
    }

    /// The module.
    pub fn module(&self, id: ModuleId) -> &Module<'s> {
        &self.modules[id.0 as usize]
    }

    /// The instance.
    pub fn instance(&self, id: InstanceId) -> &Instance<'s> {
        &self.instances[id.0 as usize]
    }

    /// The stack.
    pub fn stack(&self, id: StackId) -> &Stack {
        &self.stacks[id.0 as usize]
    }

    /// The stack that whoever types `name` means.
    pub fn stack_called(&self, name: &str) -> Option<StackId> {
        let at = self.stacks.iter().position(|stack| stack.is_called(name))?;
        Some(StackId(at as u32))
    }

    /// The source at `path`, relative to the root.
    pub fn source(&self, path: &str) -> Option<&'s SourceFile> {
        source_at(self.sources, path)
    }

    /// The module in the directory `dir`.
    pub fn module_in(&self, dir: &str) -> Option<ModuleId> {
        self.module_by_dir.get(dir).copied()
    }

    /// The module that the Terraform file at `path` is part of. Other files beside it belong to no module.
    pub fn module_of(&self, path: &str) -> Option<ModuleId> {
        self.home(path).module
    }

    /// The file in which something is said of the repo as a whole: where it is configured, or introduced.
    pub fn face(&self) -> Option<&'s SourceFile> {
        let known = ["tautline.hcl", "README.md"].into_iter().find_map(|path| self.source(path));
        known.or_else(|| self.sources.first())
    }

    /// The stack whose directory holds the file at `path`; a commit lies in none.
    pub fn stack_of(&self, path: &str) -> Option<StackId> {
        self.home(path).stack
    }

    fn home(&self, path: &str) -> Home {
        // A path need not be that of a source: a comparison asks of files that are gone.
        self.homes.get(path).copied().unwrap_or_else(|| self.find_home(path))
    }

    fn find_home(&self, path: &str) -> Home {
        let format = Format::of(path);
        let in_dir = format.is_module_code().then(|| self.module_in(dir_of(path))).flatten();
        let is_part = |id: &ModuleId| {
            format.is_terraform() || self.module(*id).files.iter().any(|file| *file.path == *path)
        };
        Home {
            stack: stack::holding(&self.stacks, path).filter(|_| !path.starts_with(COMMITS)),
            module: in_dir.filter(is_part),
        }
    }
}

fn blocks_of(file: &SourceFile, module: ModuleId) -> impl Iterator<Item = BlockRef<'_>> {
    let document = file.hcl.as_ref();
    document.into_iter().flat_map(|document| document.body.blocks()).map(move |block| BlockRef {
        file,
        block,
        module,
    })
}

/// The source at `path`, among `sources` that are sorted by path.
pub fn source_at<'s>(sources: &'s [SourceFile], path: &str) -> Option<&'s SourceFile> {
    let at = sources.binary_search_by(|source| (*source.path).cmp(path)).ok()?;
    Some(&sources[at])
}

fn has_files_below(sources: &[SourceFile], skipped: &[SkippedFile], path: &str) -> bool {
    let below = format!("{path}/");
    let source = sources.partition_point(|file| *file.path < *below);
    let unread = skipped.partition_point(|file| *file.path < *below);
    sources.get(source).is_some_and(|file| file.path.starts_with(&below))
        || skipped.get(unread).is_some_and(|file| file.path.starts_with(&below))
}

/// Whether there is a file, a directory with files or a symbolic link at `path`; all are sorted by path.
pub(super) fn is_there(
    sources: &[SourceFile],
    skipped: &[SkippedFile],
    links: &[Link],
    path: &str,
) -> bool {
    source_at(sources, path).is_some()
        || skipped.binary_search_by(|file| (*file.path).cmp(path)).is_ok()
        || links.binary_search_by(|link| (*link.path).cmp(path)).is_ok()
        || has_files_below(sources, skipped, path)
}

/// `path` (with `.` and `..`) seen from the directory `base`, relative to the root; `None` where it leaves the root. A
/// leading `/` means the root.
pub fn resolve_path(base: &str, path: &str) -> Option<String> {
    resolved_parts(base, path).map(|parts| parts.join("/"))
}

/// See [`resolve_path`]: the names on the way from the root.
pub fn resolved_parts<'p>(base: &'p str, path: &'p str) -> Option<SmallVec<[&'p str; 12]>> {
    let mut parts = SmallVec::new();
    let from_root = path.starts_with('/');
    let base_parts = base.split('/').filter(|_| !from_root);
    for part in base_parts.chain(path.split('/')) {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            name => parts.push(name),
        }
    }
    Some(parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_stay_inside_the_root() {
        assert_eq!(resolve_path("stacks/a", "../../modules/x").as_deref(), Some("modules/x"));
        assert_eq!(resolve_path("stacks/a", "./factory").as_deref(), Some("stacks/a/factory"));
        assert_eq!(resolve_path("stacks/a", "/config.tfvars").as_deref(), Some("config.tfvars"));
        assert_eq!(resolve_path("a", "../../x"), None);
    }
}
