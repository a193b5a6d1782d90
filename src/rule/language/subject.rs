//! The environments in which subjects of each kind are judged.

use std::rc::Rc;
use std::sync::Arc;

use smol_str::SmolStr;

use super::env::{Bound, Env, IMPLICIT, Implicit, Root};
use super::node::{BodyNode, Node, Place};
use super::rows::Row;
use super::select::TextZone;
use crate::model::{BlockRef, Data, ImageRole, ImageSite, ObjectSite, Repo, Scope, Value};
use crate::rule::Planned;
use crate::syntax::SourceFile;
use crate::syntax::language::Language;
use crate::syntax::surface::Zone;
use crate::text::{Span, TextRange, dir_of};

/// Blocks that say the same in every instance of their module: Terraform lets them refer to nothing.
const DECLARATIONS: [&str; 5] = ["import", "moved", "removed", "terraform", "variable"];

/// What a stack is written in, by convention of Terraform and Terragrunt.
const FACES: [&str; 2] = ["main.tf", "terragrunt.hcl"];

/// What the bytes `range` of `file` are part of, and the keys around them.
pub(super) fn zone_of(file: &SourceFile, range: TextRange) -> (TextZone, Vec<SmolStr>) {
    let Some(document) = &file.hcl else {
        let zone = match file.surface().zone(range) {
            Zone::Comment => TextZone::Comment,
            Zone::Prose | Zone::InlineCode => TextZone::Prose,
            _ => TextZone::Code,
        };
        return (zone, Vec::new());
    };
    if document.comments.at(range.start).is_some() {
        return (TextZone::Comment, Vec::new());
    }
    let around = document.body.surroundings(range.start);
    let zone = if around.template.is_some() { TextZone::String } else { TextZone::Code };
    (zone, around.keys)
}

/// The values of the implicit names for something in `file`.
pub(super) fn names(
    repo: &Repo<'_>,
    file: &SourceFile,
    address: &str,
    kind: &str,
    name: &str,
) -> Implicit {
    let stack = repo.stack_of(&file.path).map(|stack| SmolStr::new(&*repo.stack(stack).name));
    let live = repo.module_of(&file.path).is_none_or(|module| repo.module(module).runs());
    [
        address.into(),
        (&*file.path).into(),
        kind.into(),
        if live { "true" } else { "false" }.into(),
        dir_of(&file.path).into(),
        name.into(),
        stack.unwrap_or_default(),
    ]
}

fn label(block: &crate::syntax::hcl::Block, at: usize) -> SmolStr {
    block.label(at).unwrap_or_default().into()
}

fn block_names(repo: &Repo<'_>, block: &BlockRef<'_>) -> Implicit {
    let (kind, name) = match block.block.kind.name.as_str() {
        "resource" | "data" => (label(block.block, 0), label(block.block, 1)),
        kind => (kind.into(), label(block.block, 0)),
    };
    names(repo, block.file, &block.address(), &kind, &name)
}

/// The values of the implicit names for a block, by the instance of its module: what lies in no stack belongs to the one
/// that calls it.
struct BlockNames<'r, 's> {
    repo: &'r Repo<'s>,
    own: Arc<Implicit>,
    is_shared: bool,
}

impl<'r, 's> BlockNames<'r, 's> {
    fn of(repo: &'r Repo<'s>, block: &BlockRef<'s>) -> Self {
        let is_shared = repo.stack_of(&block.file.path).is_none();
        BlockNames { repo, own: Arc::new(block_names(repo, block)), is_shared }
    }

    fn seen_from(&self, scope: &Scope<'s>) -> Arc<Implicit> {
        let caller = || self.repo.instance(scope.instance_id()?).stack;
        match self.is_shared.then(caller).flatten() {
            None => Arc::clone(&self.own),
            Some(stack) => {
                let mut names = Implicit::clone(&self.own);
                set_stack(&mut names, &self.repo.stack(stack).name);
                Arc::new(names)
            }
        }
    }
}

fn set_stack(names: &mut Implicit, stack: &str) {
    for (name, value) in IMPLICIT.iter().zip(names) {
        if *name == "stack" {
            *value = stack.into();
        }
    }
}

pub(super) fn block_envs<'s>(repo: &Repo<'s>, block: BlockRef<'s>) -> Vec<Env<'s>> {
    let names = BlockNames::of(repo, &block);
    let scopes = if DECLARATIONS.contains(&block.block.kind.name.as_str()) {
        repo.first_live_scope(&block).into_iter().collect()
    } else {
        repo.live_scopes(&block)
    };
    let place = |scope| Place::of_block(block.file, block.block, scope);
    let env = |scope| {
        let names = names.seen_from(&scope);
        Env::shared(place(scope), Some(block), names)
    };
    scopes.into_iter().map(env).collect()
}

/// The environment of a block that is nowhere there today: as its module has it.
pub(super) fn left_out_env<'s>(repo: &Repo<'s>, block: BlockRef<'s>) -> Option<Env<'s>> {
    let scope = repo.scopes(&block).into_iter().next()?;
    let names = BlockNames::of(repo, &block).seen_from(&scope);
    Some(Env::shared(Place::of_block(block.file, block.block, scope), Some(block), names))
}

/// The environments of a module call: it knows what its inputs default to.
pub(super) fn call_envs<'s>(repo: &Repo<'s>, block: BlockRef<'s>) -> Vec<Env<'s>> {
    let names = BlockNames::of(repo, &block);
    let label = label(block.block, 0);
    let env = |scope: Scope<'s>| {
        let names = names.seen_from(&scope);
        let child = scope
            .instance_id()
            .and_then(|caller| repo.instance(caller).children.get(&label).copied());
        let mut place = Place::of_block(block.file, block.block, scope);
        if let Node::Body(node) = &mut place.node {
            node.callee = child.map(|id| Rc::new(node.scope.callee(id)));
        }
        Env::shared(place, Some(block), names)
    };
    repo.live_scopes(&block).into_iter().map(env).collect()
}

pub(super) fn image_envs<'s>(repo: &Repo<'s>, image: ImageSite<'s>) -> Vec<Env<'s>> {
    let block = image.block;
    let whole = block.file.span(block.block.range);
    let uses = image.uses.iter();
    uses.map(|it| {
        let mut place = Place::of_value(it.image.clone(), image.site, whole);
        let defined = it.image.span;
        place.origin = (!image.site.contains(defined)).then_some(defined);
        let names = block_names(repo, &block);
        let namespace = match &it.namespace {
            Some(namespace) => Bound::Place(Rc::new(place.part(namespace.clone(), None))),
            None => Bound::Text("default".into()),
        };
        let role = match image.role {
            ImageRole::Container => "container",
            ImageRole::InitContainer => "init_container",
            ImageRole::HelmValues => "helm_values",
        };
        Env::new(place, Some(block), names)
            .with(&"role".into(), Bound::Text(role.into()))
            .with(&"namespace".into(), namespace)
    })
    .collect()
}

/// The environment of an object in a manifest.
pub(super) fn object_env<'s>(repo: &Repo<'s>, object: ObjectSite<'s>) -> Option<Env<'s>> {
    let text = |path: &[&str]| object.value.at(path).and_then(Value::as_str);
    let kind = text(&["kind"])?;
    let block = object.block;
    let whole = block.file.span(block.block.range);
    let place = Place::of_value(object.value.clone(), block.header(), whole);
    let name = text(&["metadata", "name"]).unwrap_or_default();
    let names = names(repo, block.file, &block.address(), &kind, &name);
    let root = Root::new(place, Some(block), Arc::new(names));
    Some(Env::of(root.of_instance(object.which)))
}

/// The environments of a file: one for each document in it, where it is read as `reads` or is no HCL.
pub(super) fn file_envs<'s>(
    repo: &Repo<'s>,
    file: &'s SourceFile,
    reads: Option<Language>,
) -> Vec<Env<'s>> {
    let names = Arc::new(names(repo, file, "", "file", &file.path));
    let whole = file.span(TextRange::new(0, file.text.len()));
    let site = line_at(file, 0);
    if reads.is_none()
        && let Some(document) = &file.hcl
    {
        let scope =
            match repo.module_of(&file.path).and_then(|id| repo.module(id).instances.first()) {
                Some(instance) => Scope::instance(*instance),
                None => Scope::unit(file, dir_of(&file.path).into()),
            };
        let node = BodyNode { file, body: &document.body, scope, callee: None, is_repeated: false };
        let value = Place::of_value(Value::text("", site), site, whole);
        return vec![Env::shared(Place { node: Node::Body(Box::new(node)), ..value }, None, names)];
    }
    let documents = repo.read_file(file, reads.unwrap_or_else(|| Language::of(file.format)));
    let env = |value: &Value, site| {
        Env::shared(Place::of_value(value.clone(), site, whole), None, Arc::clone(&names))
    };
    if let [only] = &*documents {
        return vec![env(only, site)];
    }
    // Nothing between two separators is no document.
    let documents = documents.iter().filter(|document| !matches!(document.data, Data::Null));
    documents.map(|it| env(it, line_at(file, it.span.range.start))).collect()
}

/// From the byte `start` of `file` to the end of its line.
fn line_at(file: &SourceFile, start: u32) -> Span {
    let rest = &file.text[start as usize..];
    let length = rest.find(['\r', '\n']).unwrap_or(rest.len());
    file.span(TextRange::new(start as usize, start as usize + length))
}

/// The file in the directory `dir` that stands for a stack: one that people look into first.
fn face_of<'s>(repo: &Repo<'s>, dir: &str) -> Option<&'s SourceFile> {
    let prefix = if dir.is_empty() { String::new() } else { format!("{dir}/") };
    let known = FACES.iter().find_map(|name| repo.source(&format!("{prefix}{name}")));
    let first = || repo.sources.iter().find(|file| file.path.starts_with(&prefix));
    known.or_else(first)
}

pub(super) fn stack_envs<'s>(repo: &Repo<'s>) -> Vec<Env<'s>> {
    let mut envs = Vec::new();
    for stack in &repo.stacks {
        let Some(file) = face_of(repo, &stack.dir) else { continue };
        let site = file.span(TextRange::new(0, 0));
        let value = Value::text(SmolStr::new(&*stack.name), site);
        let place = Place::of_value(value, site, whole_file(repo, site));
        envs.push(Env::new(place, None, names(repo, file, "", "stack", &stack.name)));
    }
    envs
}

pub(super) fn repo_env<'s>(repo: &Repo<'s>) -> Option<Env<'s>> {
    let file = repo.face()?;
    let site = file.span(TextRange::new(0, 0));
    Some(env_at(repo, Place::of_value(Value::text("", site), site, site), "repo"))
}

/// The environment of a commit.
pub(super) fn commit_envs<'s>(repo: &Repo<'s>, file: &'s SourceFile) -> Vec<Env<'s>> {
    let names = names(repo, file, "", "commit", &file.path);
    let whole = file.span(TextRange::new(0, file.text.len()));
    let commits = repo.read_file(file, Language::Commit);
    let place = |commit: &Value| Place::of_value(commit.clone(), line_at(file, 0), whole);
    commits.iter().map(|commit| Env::new(place(commit), None, names.clone())).collect()
}

/// The environment of a row: its `columns` are names.
pub(super) fn row_env<'s>(repo: &Repo<'s>, row: &Row, columns: &[SmolStr]) -> Env<'s> {
    let place = Place::of_value(row.value(columns), row.site, whole_file(repo, row.site));
    let file = &repo.sources[row.site.file.index()];
    let block = repo.block_around(file, row.site.range);
    let implicit = Arc::clone(&row.implicit);
    let mut root = Root::new(place, block, implicit).of_instance(&row.which);
    root.is_row = true;
    let mut env = Env::of(root);
    env.doubt.clone_from(&row.doubt);
    env
}

/// The environment of what a plan would change: it is named as the plan names it.
pub(super) fn change_env<'s>(repo: &Repo<'s>, change: &Planned) -> Env<'s> {
    let place = Place::of_value(change.value.clone(), change.site, change.bounds);
    let file = &repo.sources[change.site.file.index()];
    let block = repo.block_around(file, change.site.range);
    let text = |key: &str| change.value.at(&[key]).and_then(Value::as_str).unwrap_or_default();
    let mut implicit = names(repo, file, &change.address, &text("type"), &text("name"));
    set_stack(&mut implicit, &change.stack);
    Env::new(place, block, implicit)
}

/// The environment of something at a place, with the block around it.
fn env_at<'s>(repo: &Repo<'s>, place: Place<'s>, kind: &str) -> Env<'s> {
    let file = &repo.sources[place.site.file.index()];
    let block = repo.block_around(file, place.site.range);
    let names = match block {
        Some(block) => block_names(repo, &block),
        None => names(repo, file, "", kind, &file.path),
    };
    Env::new(place, block, names)
}

fn whole_file(repo: &Repo<'_>, site: Span) -> Span {
    let length = repo.sources.get(site.file.index()).map_or(0, |file| file.text.len());
    Span { file: site.file, range: TextRange::new(0, length) }
}
