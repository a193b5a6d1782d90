//! What explicit stacks of Terragrunt make of the units and stacks in the repo: each of them once for every way of stack files that
//! leads to it, as the paths of calls that lead to a module make its instances.
//!
//! Invariant: what is made is told only where its source is written out and lies in the repo. Where it is put is known or left open.

use std::collections::VecDeque;
use std::iter::successors;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::eval::Scope;
use super::repo::{resolve_path, source_at};
use super::stack::is_below;
use super::template::{
    GENERATED, MAX_LOCALS, STACK_FILE, above, asks_for_values, is_fixed, with_locals,
};
use super::terragrunt::unit_in;
use super::unit::{Above, IsThere};
use super::unit_path::unit_path;
use crate::syntax::SourceFile;
use crate::syntax::hcl::{Attribute, Block, Expr, ExprKind};
use crate::text::{dir_of, path_in};

/// At most so many are followed: stacks that make stacks could be as many as anybody likes. Past this, none is.
const MAX_MADE: usize = 1 << 13;

/// A unit or a stack that a stack makes of a template.
#[derive(Clone, Debug)]
pub struct Made<'s> {
    /// The stack file that says so.
    pub file: &'s SourceFile,
    /// The `unit` or `stack` block in it.
    pub block: &'s Block,
    /// As what the stack file itself is made, where it is one of a template.
    pub by: Option<Arc<Made<'s>>>,
    /// The directory of which it is made.
    pub template: Arc<str>,
    /// The directory into which it is put, where that is known.
    pub dir: Option<Arc<str>>,
}

/// A `unit` or `stack` block of a stack file, seen along one way to that file.
#[derive(Clone, Debug)]
pub struct Maker<'s> {
    /// The stack file.
    pub file: &'s SourceFile,
    /// The block in it.
    pub block: &'s Block,
    /// As what the stack file itself is made, where it is one of a template.
    pub by: Option<Arc<Made<'s>>>,
    /// The directory that its `source` names.
    pub source: String,
}

/// All that is made of each template, by its directory.
pub(super) type ByTemplate<'s> = FxHashMap<Arc<str>, Vec<Arc<Made<'s>>>>;

impl<'s> Made<'s> {
    /// Whether a stack makes it, and no unit.
    pub fn is_stack(&self) -> bool {
        is_stack(self.block)
    }

    /// The scope of the stack file that says so.
    pub fn above(&self) -> Scope<'s> {
        Scope::made(self.file, dir_of(&self.file.path).into(), self.by.clone())
    }

    /// It, or the nearest of the stacks that lead to it, of whose template `file` is a part that lies beside its values.
    pub fn that_has(&self, file: &SourceFile) -> Option<&Made<'s>> {
        self.way().find(|made| *made.template == *dir_of(&file.path))
    }

    /// It, then the stacks that lead to it, the nearest first.
    fn way(&self) -> impl Iterator<Item = &Made<'s>> {
        successors(Some(self), |made| made.by.as_deref())
    }

    /// Where in the repo the file or directory lies that is found at `path` once everything is made: what a stack makes is a copy.
    pub(super) fn home(&self, path: String) -> String {
        let rest = |made: &Made<'s>| {
            let dir = made.dir.as_deref()?;
            let rest = path.strip_prefix(dir)?;
            (rest.is_empty() || rest.starts_with('/'))
                .then(|| path_in(&made.template, rest.trim_start_matches('/')))
        };
        let home = self.way().find_map(rest);
        home.map_or(path, |home| home.trim_end_matches('/').to_owned())
    }
}

fn is_stack(block: &Block) -> bool {
    block.kind.name == "stack"
}

/// The `unit` and `stack` blocks of a stack file.
pub fn makers(file: &SourceFile) -> impl Iterator<Item = &Block> {
    let blocks = file.hcl.iter().flat_map(|document| document.body.blocks());
    blocks.filter(|block| matches!(block.kind.name.as_str(), "unit" | "stack"))
}

/// Whether `block` switches `name` on, which is so or not where it says nothing; `None` where that is not written out.
pub fn switched(block: &Block, name: &str, unset: bool) -> Option<bool> {
    match block.body.attribute(name).map(|it| &it.value.unparenthesised().kind) {
        None => Some(unset),
        Some(ExprKind::Bool(value)) => Some(*value),
        Some(_) => None,
    }
}

/// What is made where there are the stack files `stacks`, of which those in `templates` are made themselves.
pub(super) fn made<'s>(
    sources: &'s [SourceFile],
    stacks: &[&'s SourceFile],
    templates: &FxHashSet<String>,
    is_there: &IsThere<'_>,
) -> (ByTemplate<'s>, Vec<Maker<'s>>) {
    let mut finder = Finder { sources, is_there, found: FxHashMap::default(), makers: Vec::new() };
    let mut seen = FxHashSet::default();
    // All of a template's directory is copied with it.
    let is_copied =
        |dir: &str| templates.contains(dir) || above(dir).any(|it| templates.contains(it));
    for top in stacks.iter().filter(|file| !is_copied(dir_of(&file.path))) {
        let place = (!asks_for_values(top)).then(|| dir_of(&top.path).into());
        finder.follow(top, place, &mut seen);
    }
    // What nobody in the repo is seen to make is made from elsewhere.
    for rest in stacks {
        if !seen.contains(dir_of(&rest.path)) {
            finder.follow(rest, None, &mut seen);
        }
    }
    (finder.found, finder.makers)
}

/// A stack file that is read in a directory, where that is known: its own, or the one into which it is put.
#[derive(Clone)]
struct Placed<'s> {
    file: &'s SourceFile,
    by: Option<Arc<Made<'s>>>,
    place: Option<Arc<str>>,
}

struct Finder<'s, 'f> {
    sources: &'s [SourceFile],
    is_there: &'f IsThere<'f>,
    found: ByTemplate<'s>,
    makers: Vec<Maker<'s>>,
}

impl<'s> Finder<'s, '_> {
    /// Adds what the stack file `top`, read in `place`, makes, and what is made of that.
    fn follow(
        &mut self,
        top: &'s SourceFile,
        place: Option<Arc<str>>,
        seen: &mut FxHashSet<&'s str>,
    ) {
        let mut waiting = VecDeque::from([Placed { file: top, by: None, place }]);
        while let Some(stack) = waiting.pop_front() {
            let Placed { file, by, .. } = &stack;
            seen.insert(dir_of(&file.path));
            for block in makers(file) {
                if switched(block, "enabled", true) == Some(false)
                    || is_replaced(block, by.as_ref())
                {
                    continue;
                }
                let Some(source) = self.source(&stack, block) else { continue };
                if self.makers.len() >= MAX_MADE {
                    // Who knows what else makes it.
                    self.found.clear();
                    return;
                }
                let by = by.clone();
                self.makers.push(Maker { file, block, by, source: source.clone() });
                let Some(made) = self.made(&stack, block, &source) else { continue };
                if is_stack(block)
                    && let Some(file) = source_at(self.sources, &path_in(&source, STACK_FILE))
                {
                    let (by, place) = (Some(Arc::clone(&made)), made.dir.clone());
                    waiting.push_back(Placed { file, by, place });
                }
                self.found.entry(Arc::clone(&made.template)).or_default().push(made);
            }
        }
    }

    /// What `block` of the `stack` makes of the directory `source`, where that is what it says.
    fn made(&self, stack: &Placed<'s>, block: &'s Block, source: &str) -> Option<Arc<Made<'s>>> {
        let Placed { file, by, place } = stack;
        let is_one = if is_stack(block) {
            source_at(self.sources, &path_in(source, STACK_FILE)).is_some()
        } else {
            unit_in(self.sources, source).is_some()
        };
        let is_circle = by.as_ref().is_some_and(|by| by.way().any(|it| *it.template == *source));
        if !is_one || is_circle || *source == *dir_of(&file.path) {
            return None;
        }
        let dir = place.as_ref().and_then(|base| {
            let is_beside = switched(block, "no_dot_terragrunt_stack", false)?;
            let base = if is_beside { base.to_string() } else { path_in(base, GENERATED) };
            let mut left = MAX_LOCALS;
            let path = with_locals(&block.body.attribute("path")?.value, file, &mut left);
            let path = path.as_literal().filter(|path| !path.starts_with('/'))?;
            // Terragrunt puts nothing outside of it.
            resolve_path(&base, &path).filter(|dir| *dir == base || is_below(&base, dir))
        });
        let (dir, by) = (dir.map(Arc::from), by.clone());
        Some(Arc::new(Made { file, block, by, template: source.into(), dir }))
    }

    /// The directory in the repo that the `source` of `block` in the `stack` names.
    fn source(&self, stack: &Placed<'s>, block: &Block) -> Option<String> {
        let Placed { file, by, place } = stack;
        let mut left = MAX_LOCALS;
        let source = with_locals(&block.body.attribute("source")?.value, file, &mut left);
        if is_fixed(&source) {
            return unit_path(&source, "");
        }
        let home = |path: String| match by {
            Some(by) => by.home(path),
            None => path,
        };
        let is_there = |path: &str| (self.is_there)(&home(path.to_owned()));
        // With this, Terragrunt reads the way where it is written, wherever the file is put.
        let base = match switched(block, "update_source_with_cas", false) {
            Some(false) => place.clone()?,
            _ => dir_of(&file.path).into(),
        };
        if let Some(above) = Above::of(&source) {
            return above.found(&base, &is_there).map(home);
        }
        unit_path(&source, &base).map(home).or_else(|| {
            // What is there is local, and all else is somewhere in the world.
            let dir = beside(&source, &base).map(home)?;
            (self.is_there)(&dir).then_some(dir)
        })
    }
}

/// `units/app`, as seen from `base`.
fn beside(source: &Expr, base: &str) -> Option<String> {
    let path = source.as_literal().filter(|path| !path.contains([':', '?']))?;
    resolve_path(base, &path).filter(|_| !path.starts_with('/'))
}

/// Whether whoever makes the stack file puts another block in the place of `block`.
fn is_replaced(block: &Block, by: Option<&Arc<Made<'_>>>) -> bool {
    let Some(autoinclude) = by.and_then(|by| by.block.body.block("autoinclude")) else {
        return false;
    };
    let mut others = autoinclude.body.blocks_of(&block.kind.name);
    others.any(|other| other.label(0) == block.label(0))
}

/// What the stack that makes it adds to the `inputs` of a unit.
pub(super) fn added_inputs<'s>(made: &Made<'s>) -> Option<&'s Attribute> {
    made.block.body.block("autoinclude")?.body.attribute("inputs")
}

/// Whether the stack that makes it adds more to a unit than inputs, and what has nothing to do with these.
pub(super) fn adds_more(made: &Made<'_>) -> bool {
    const APART: [&str; 5] = ["dependency", "dependencies", "errors", "exclude", "remote_state"];
    let Some(autoinclude) = made.block.body.block("autoinclude") else { return false };
    autoinclude.body.blocks().any(|it| !APART.contains(&it.kind.name.as_str()))
}
#[cfg(test)]
mod tests {
    use super::super::{ExprRef, Repo, Scope};
    use crate::syntax::{Format, SourceFile};
    use crate::text::FileId;

    const OUT: &str = "variable \"v\" {}\nlocals { out = var.v }\n";

    /// What `local.out` is in the module in `dir`, in each of its instances; or why it is not known.
    fn outs(files: &[(&str, &str)], dir: &str) -> Vec<String> {
        let mut files = files.to_vec();
        files.sort_unstable();
        let source = |(at, (path, text)): (usize, (&str, &str))| {
            SourceFile::new(FileId(at as u32), path.into(), text.into(), Format::of(path))
        };
        let sources: Vec<SourceFile> = files.into_iter().enumerate().map(source).collect();
        let repo = Repo::build(&sources, &[]);
        let module = repo.module(repo.module_in(dir).unwrap());
        let local = module.names.locals["out"];
        let out = |instance| {
            let place = ExprRef { file: local.file, expr: local.expr };
            let value = repo.eval(place, &Scope::instance(instance));
            match value.as_str() {
                Some(text) => text.into_owned(),
                None => format!("?{}", value.first_unknown().unwrap()),
            }
        };
        module.instances.iter().copied().map(out).collect()
    }

    fn unit(name: &str, source: &str, more: &str) -> String {
        format!("unit \"{name}\" {{\n  source = {source}\n  path = \"{name}\"\n  {more}\n}}\n")
    }

    #[test]
    fn each_stack_that_makes_a_unit_gives_it_its_values() {
        let unit_text = "locals {\n  v = values.v\n}\ninputs = { v = \"${local.v}-${try(values.w, \"none\")}\" }\n";
        let [dev, prod] = [("dev", ", w = local.w"), ("prod", "")].map(|(name, more)| {
            let values = format!("values = {{ v = \"{name}\"{more} }}");
            format!("locals {{\n  w = \"more\"\n}}\n{}", unit("a", "\"../../units/a\"", &values))
        });
        let files = [
            ("live/dev/terragrunt.stack.hcl", dev.as_str()),
            ("live/prod/terragrunt.stack.hcl", prod.as_str()),
            ("units/a/terragrunt.hcl", unit_text),
            ("units/a/main.tf", OUT),
        ];
        assert_eq!(outs(&files, "units/a"), ["dev-more", "prod-none"]);
    }

    /// The module of a unit is seen from where the unit is put, and so is what it includes.
    #[test]
    fn a_unit_is_read_where_it_is_put() {
        let stack = |more: &str| unit("a", "\"../units/a\"", more);
        let text = "include \"root\" {\n  path = find_in_parent_folders(\"root.hcl\")\n}\n\
                    include \"own\" {\n  path = \"own.hcl\"\n}\n\
                    terraform {\n  source = \"../../../modules/a\"\n}\n";
        let run_with = |stack: &str, root: &str, own: &str| {
            let files = [
                ("live/terragrunt.stack.hcl", stack),
                ("live/root.hcl", root),
                ("root.hcl", "inputs = { v = \"far\" }\n"),
                ("units/a/terragrunt.hcl", text),
                ("units/a/own.hcl", own),
                ("modules/a/main.tf", OUT),
            ];
            outs(&files, "modules/a")
        };
        let run = |stack: &str, root: &str| run_with(stack, root, "");
        let near = "inputs = { v = values.v }\n";
        let given = stack("values = { v = \"given\" }");
        assert_eq!(run_with(&given, "", near), ["given"]);
        // What is given lies beside the unit, and not beside what that includes from elsewhere.
        assert_eq!(run(&given, near), ["?`values.v` is known to Terragrunt only"]);
        let whole = "inputs = merge({ v = \"default\" }, try(values, {}))\n";
        assert_eq!(run_with(&given, "", whole), ["given"]);
        assert_eq!(run_with(&stack(""), "", whole), ["default"]);
        let path = "inputs = { v = path_relative_to_include() }\n";
        assert_eq!(run(&stack(""), path), [".terragrunt-stack/a"]);
        // One directory less, and its module is elsewhere.
        let beside = stack("no_dot_terragrunt_stack = true");
        assert_eq!(run(&beside, path), ["?`var.v` has no default and nothing in the repo sets it"]);
        let added = stack("autoinclude {\n  inputs = { v = \"added\" }\n  }");
        assert_eq!(run(&added, near), ["added"]);
        let off = stack("enabled = false");
        assert_eq!(run(&off, near), ["?`var.v` has no default and nothing in the repo sets it"]);
    }

    #[test]
    fn a_stack_hands_on_what_it_is_given() {
        let stack = |name: &str, values: &str| {
            unit(name, "\"${get_repo_root()}/stacks/s\"", values).replace("unit", "stack")
        };
        let inner = unit("a", "\"./units/a\"", "values = { v = \"${values.env}/${values.name}\" }");
        let live = format!(
            "{}{}",
            stack("one", "values = { env = \"one\", name = \"x\" }"),
            stack("two", "values = { env = \"two\", name = \"y\" }")
        );
        let files = |stack: &'static str| {
            let given = [("stacks/s/units/a/terragrunt.hcl", "inputs = { v = values.v }\n")];
            [("stacks/s/units/a/main.tf", OUT), ("stacks/s/terragrunt.stack.hcl", stack)]
                .into_iter()
                .chain(given)
        };
        let inner: &'static str = Box::leak(inner.into_boxed_str());
        let mut all: Vec<(&str, &str)> = files(inner).collect();
        // Nobody is seen to make it.
        assert_eq!(outs(&all, "stacks/s/units/a"), ["?`values.v` is known to Terragrunt only"]);
        all.push(("live/terragrunt.stack.hcl", &live));
        assert_eq!(outs(&all, "stacks/s/units/a"), ["one/x", "two/y"]);
        // A stack that makes itself makes nothing.
        let circle = stack("s", "").replace("${get_repo_root()}/stacks/s", "./.");
        let circle = [("stacks/s/terragrunt.stack.hcl", circle.as_str()), all[0], all[2]];
        assert_eq!(outs(&circle, "stacks/s/units/a").len(), 1);
    }

    #[test]
    fn values_may_lie_beside_the_unit() {
        let text = "inputs = { v = values.v }\n";
        let marked = "# Auto-generated by the terragrunt.stack.hcl file\nv = \"kept\"\n";
        let files = |values: &'static str| {
            [
                ("live/a/terragrunt.hcl", text),
                ("live/a/terragrunt.values.hcl", values),
                ("live/a/main.tf", OUT),
            ]
        };
        assert_eq!(outs(&files(marked), "live/a"), ["kept"]);
        assert_eq!(outs(&files("v = \"default\"\n"), "live/a"), ["default"]);
        let stack = |more: &str| unit("a", "\"./a\"", more);
        let (given, left) = (stack("values = { v = \"given\" }"), stack("values = null"));
        for (stack, value) in [(&given, "given"), (&left, "default")] {
            let mut files = files("v = \"default\"\n").to_vec();
            files.push(("live/terragrunt.stack.hcl", stack));
            assert_eq!(outs(&files, "live/a"), [value]);
        }
    }
}
