//! The model's parts.

use std::sync::Arc;

use crate::syntax::SourceFile;
use crate::syntax::hcl::Block;
use crate::text::Span;

use super::Value;

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
    /// Its name: the directory relative to `stacks/`, or to the root.
    pub name: Arc<str>,
    /// Its directory relative to the root, with `/`; empty for the root itself.
    pub dir: Arc<str>,
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
    /// Whether some stack reaches it: it is a stack's own directory, or called from one that is.
    pub called: bool,
}

/// A module called along one path from a stack. A module that nobody calls has one instance without a parent.
#[derive(Clone, Copy, Debug)]
pub struct Instance<'s> {
    /// Which module.
    pub module: ModuleId,
    /// The caller's instance and the `module` block that calls.
    pub parent: Option<(InstanceId, BlockRef<'s>)>,
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

impl BlockRef<'_> {
    /// Terraform's address relative to the module: `kubernetes_deployment.web`, `module.ingress`, `data.x.y`, `local`…
    pub fn address(&self) -> String {
        let labels =
            self.block.labels.iter().map(|label| label.name.as_str()).collect::<Vec<_>>().join(".");
        match self.block.kind.name.as_str() {
            "resource" => labels,
            "variable" => format!("var.{labels}"),
            kind if labels.is_empty() => kind.to_owned(),
            kind => format!("{kind}.{labels}"),
        }
    }

    /// The block's header: from its type to its last label.
    pub fn header(&self) -> Span {
        self.file.span(self.block.header)
    }
}

/// A container image where it stands.
#[derive(Clone, Debug)]
pub struct ImageSite {
    /// The image's value, evaluated.
    pub value: Value,
    /// The expression or text at the use.
    pub site: Span,
}

/// The immutable model.
#[derive(Debug, Default)]
pub struct Repo<'s> {
    /// Every source, sorted by path; a `FileId` is an index into it.
    pub sources: &'s [SourceFile],
    /// The stacks, sorted by directory.
    pub stacks: Vec<Stack>,
    /// The modules, sorted by directory.
    pub modules: Vec<Module<'s>>,
    /// The instances; parents come before children.
    pub instances: Vec<Instance<'s>>,
}

impl<'s> Repo<'s> {
    /// Builds the model of `sources`, which are sorted by path and numbered by position.
    pub fn build(sources: &'s [SourceFile]) -> Self {
        Self { sources, ..Self::default() }
    }

    /// The top-level blocks of every module, in the order of path and place.
    pub fn blocks(&self) -> impl Iterator<Item = BlockRef<'s>> + '_ {
        std::iter::empty()
    }

    /// Every container image found, in the order of path and place.
    pub fn images(&self) -> &[ImageSite] {
        &[]
    }

    /// The module that `file` belongs to, for an HCL file of a module.
    pub fn module_of(&self, file: &SourceFile) -> Option<ModuleId> {
        let _ = file;
        None
    }

    /// The stack that the file at `path` belongs to.
    pub fn stack_of(&self, path: &str) -> Option<StackId> {
        let _ = path;
        None
    }
}
