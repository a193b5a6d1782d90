//! What there is to plan, and what is planned before what, as the model has it.
//!
//! Invariant: a dependency is one that the code writes down. One that cannot be told orders nothing.

use crate::drift::StackRef;
use crate::model::{ExprRef, Lookup, ModuleId, Repo, Scope, Stack, holding, resolve_path};
use crate::syntax::SourceFile;

/// A stack, as far as planning it goes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Unit {
    /// Which.
    pub stack: StackRef,
    /// Whether Terragrunt runs it.
    pub is_terragrunt: bool,
    /// Why there is nothing to plan; nothing where there are Terraform files of its own, or a source elsewhere.
    pub unplanned: Option<Unplanned>,
    /// What it says it comes after: indices into the list it is in, sorted.
    pub after: Vec<usize>,
    /// Those of [`Unit::after`] whose outputs it reads.
    pub reads: Vec<usize>,
}

/// Why a stack cannot be planned.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Unplanned {
    /// It has no Terraform files.
    Bare,
    /// Other code of the repo calls it as a module: where every directory is a stack, those that are none.
    Module,
    /// Terragrunt makes units of it, elsewhere.
    Template,
    /// Terragrunt makes its units when it runs.
    Explicit,
}

/// The stacks of `repo`, sorted by directory.
pub fn units(repo: &Repo<'_>) -> Vec<Unit> {
    repo.stacks.iter().map(|stack| unit(repo, stack)).collect()
}

fn unit(repo: &Repo<'_>, stack: &Stack) -> Unit {
    let module = repo.module_in(&stack.dir);
    let own = repo.unit_in(&stack.dir);
    let mut edges: Vec<(usize, bool)> = Vec::new();
    if let Some(file) = own {
        edges.extend(written_in(repo, file));
    }
    if let Some(module) = module {
        edges.extend(states_read(repo, module, &stack.dir).map(|at| (at, true)));
    }
    let is_other = |at: usize| repo.stacks[at].dir != stack.dir;
    let has_files = module.is_some_and(|id| repo.module(id).has_code());
    let mut after: Vec<usize> =
        edges.iter().map(|(at, _)| *at).filter(|at| is_other(*at)).collect();
    let mut reads: Vec<usize> =
        edges.iter().filter(|(at, reads)| *reads && is_other(*at)).map(|(at, _)| *at).collect();
    for list in [&mut after, &mut reads] {
        list.sort_unstable();
        list.dedup();
    }
    Unit {
        stack: StackRef { name: stack.name.to_string(), dir: Some(stack.dir.to_string()) },
        is_terragrunt: own.is_some(),
        unplanned: match () {
            () if repo.is_template(&stack.dir) => Some(Unplanned::Template),
            () if repo.is_only_called(&stack.dir) => Some(Unplanned::Module),
            () if has_files || own.is_some_and(|_| has_source(repo, &stack.dir)) => None,
            () if repo.is_explicit_stack(&stack.dir) => Some(Unplanned::Explicit),
            () => Some(Unplanned::Bare),
        },
        after,
        reads,
    }
}

/// What the unit in `file` depends on, and whether it reads its outputs.
fn written_in<'s>(repo: &Repo<'s>, file: &'s SourceFile) -> Vec<(usize, bool)> {
    let all = repo.dependencies(file).into_iter().filter_map(|dependency| {
        let target = dependency.target.ok()?;
        let at = repo.stacks.binary_search_by(|stack| (*stack.dir).cmp(&target)).ok()?;
        Some((at, dependency.is_read))
    });
    all.collect()
}

/// The stacks whose state files lie where the stack in `dir` reads a `terraform_remote_state`.
fn states_read<'a>(
    repo: &'a Repo<'_>,
    module: ModuleId,
    dir: &'a str,
) -> impl Iterator<Item = usize> + 'a {
    let scope = repo.module(module).instances.first().map(|id| Scope::instance(*id));
    let files = repo.module(module).files.iter();
    let blocks = files.flat_map(|file| repo.blocks_in(file)).filter(|it| {
        it.block.kind.name == "data"
            && it.block.labels.first().is_some_and(|label| label.name == "terraform_remote_state")
    });
    blocks.filter_map(move |it| {
        let config = it.block.body.attribute("config")?;
        let expr = ExprRef { file: it.file, expr: &config.value };
        let value = repo.eval(expr, scope.as_ref()?);
        let Lookup::Found(path) = value.get("path") else { return None };
        let path = path.value.as_str()?.into_owned();
        let holder = holding(&repo.stacks, &resolve_path(dir, &path)?)?;
        Some(holder.0 as usize)
    })
}

/// Whether the unit in `dir`, or what it includes, runs a source that lies elsewhere.
fn has_source(repo: &Repo<'_>, dir: &str) -> bool {
    repo.unit_files(dir).iter().filter_map(|file| file.hcl.as_ref()).any(|document| {
        let mut blocks = document.body.blocks_of("terraform");
        blocks.any(|block| block.body.attribute("source").is_some())
    })
}
