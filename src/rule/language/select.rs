//! What a rule is about: which things of the repo it is shown, and the environments it judges them in.

use std::collections::HashMap;
use std::sync::Arc;

use globset::GlobSet;
use memchr::memmem;
use regex::Regex;
use smol_str::SmolStr;

use super::env::{Bound, Env, Implicit};
use super::gather::{Cell, Gathered, Row};
use super::node::{BodyNode, Node, Place};
use super::operand::LazyRegex;
use crate::model::{BlockRef, ImageRole, ImageSite, ObjectSite, Repo, Scope, Value, dir_of};
use crate::rule::{Interest, Subject};
use crate::syntax::surface::Zone;
use crate::syntax::{Format, HclUse, SourceFile};
use crate::text::{Span, TextRange};

/// The subjects of a rule.
#[derive(Debug)]
pub(super) enum Select {
    /// Top-level blocks of Terraform.
    Block(BlockSelect),
    /// Calls of modules.
    Module {
        /// Globs on `source`.
        sources: GlobSet,
    },
    /// Kubernetes objects, whatever carries them.
    Object(ObjectSelect),
    /// Container images.
    Image {
        /// The roles meant.
        roles: Vec<ImageRole>,
    },
    /// Whole files, read as what they are.
    File {
        /// Globs on their paths.
        files: GlobSet,
    },
    /// Stretches of text.
    Text(TextSelect),
    /// The rows of a gather.
    Row {
        /// Its number.
        gather: usize,
    },
    /// The stacks.
    Stack,
    /// The repo as a whole.
    Repo,
}

/// Top-level blocks.
#[derive(Debug)]
pub(super) struct BlockSelect {
    /// The block's type.
    pub(super) kind: SmolStr,
    /// First labels; empty means any.
    pub(super) labels: Vec<SmolStr>,
    /// Globs on the first label, where some are no plain names.
    pub(super) globs: Option<GlobSet>,
    /// Globs on the paths of files; without them, the files of modules.
    pub(super) files: Option<GlobSet>,
}

/// Kubernetes objects.
#[derive(Debug)]
pub(super) struct ObjectSelect {
    /// `Deployment`, …
    pub(super) kinds: Vec<SmolStr>,
    /// Globs on `apiVersion`; an object of a typed resource has none.
    pub(super) api: Option<GlobSet>,
    /// The types of the resources that declare such an object by their own attributes.
    pub(super) types: Vec<SmolStr>,
    /// Whether objects in manifests count.
    pub(super) manifests: bool,
}

/// Stretches of text.
#[derive(Debug)]
pub(super) struct TextSelect {
    /// Globs on the paths of files.
    pub(super) files: Option<GlobSet>,
    /// Words of which one occurs in every file that has a match.
    pub(super) words: Vec<String>,
    /// What is looked for; its named groups are names.
    pub(super) pattern: LazyRegex,
    /// Where it counts.
    pub(super) zones: Vec<TextZone>,
}

/// What a stretch of text is part of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum TextZone {
    /// A comment.
    Comment,
    /// A string or heredoc of HCL.
    String,
    /// Anything else that a machine reads.
    Code,
    /// Prose of a document.
    Prose,
}

impl TextZone {
    /// The words for them in rules.
    pub(super) const WORDS: [&str; 4] = ["comment", "string", "code", "prose"];

    pub(super) fn parse(word: &str) -> Option<TextZone> {
        let zones = [TextZone::Comment, TextZone::String, TextZone::Code, TextZone::Prose];
        TextZone::WORDS.iter().position(|known| *known == word).map(|at| zones[at])
    }

    fn word(self) -> &'static str {
        match self {
            TextZone::Comment => "comment",
            TextZone::String => "string",
            TextZone::Code => "code",
            TextZone::Prose => "prose",
        }
    }
}

/// Blocks that say the same in every instance of their module: Terraform lets them refer to nothing.
const DECLARATIONS: [&str; 5] = ["import", "moved", "removed", "terraform", "variable"];

/// The blocks of a repo by type and first label: gathers look at few of them.
pub(super) struct Index<'s> {
    blocks: HashMap<&'s str, HashMap<&'s str, Vec<BlockRef<'s>>>>,
}

impl<'s> Index<'s> {
    pub(super) fn new(repo: &Repo<'s>) -> Self {
        let mut blocks: HashMap<&str, HashMap<&str, Vec<BlockRef<'s>>>> = HashMap::new();
        for block in repo.blocks() {
            let by_label = blocks.entry(block.block.kind.name.as_str()).or_default();
            by_label.entry(block.block.label(0).unwrap_or_default()).or_default().push(block);
        }
        Self { blocks }
    }

    fn of(&self, kind: &str, labels: &[SmolStr]) -> Vec<BlockRef<'s>> {
        let Some(by_label) = self.blocks.get(kind) else { return Vec::new() };
        let mut found: Vec<BlockRef<'s>> = if labels.is_empty() {
            by_label.values().flatten().copied().collect()
        } else {
            labels
                .iter()
                .filter_map(|label| by_label.get(label.as_str()))
                .flatten()
                .copied()
                .collect()
        };
        found.sort_by_key(|block| (block.file.id, block.block.range.start));
        found
    }
}

impl Select {
    /// What the engine has to show.
    pub(super) fn interests(&self) -> Vec<Interest> {
        let strings = |names: &[SmolStr]| names.iter().map(ToString::to_string).collect();
        match self {
            Select::Block(block) => match &block.files {
                Some(files) => vec![Interest::Files(files.clone())],
                None => vec![Interest::Blocks {
                    kind: block.kind.clone(),
                    labels: if block.globs.is_some() { Vec::new() } else { strings(&block.labels) },
                }],
            },
            Select::Module { .. } => {
                vec![Interest::Blocks { kind: "module".into(), labels: Vec::new() }]
            }
            Select::Object(object) => {
                let mut interests = Vec::new();
                if !object.types.is_empty() {
                    let labels = strings(&object.types);
                    interests.push(Interest::Blocks { kind: "resource".into(), labels });
                }
                if object.manifests {
                    interests.push(Interest::Objects(strings(&object.kinds)));
                }
                interests
            }
            Select::Image { .. } => vec![Interest::Images],
            Select::File { files } => vec![Interest::Files(files.clone())],
            Select::Text(text) => vec![Interest::Text(text.words.clone())],
            Select::Row { .. } | Select::Stack | Select::Repo => vec![Interest::Repo],
        }
    }

    /// The environments in which `subject`, which the engine has shown, is judged.
    pub(super) fn envs<'s>(
        &self,
        repo: &Repo<'s>,
        gathered: &Gathered,
        subject: Subject<'s>,
    ) -> Vec<Env<'s>> {
        match (self, subject) {
            (Select::Block(select), Subject::Block(block)) => select.envs(repo, block),
            (Select::Block(select), Subject::File(file)) => select.envs_in_file(repo, file),
            (Select::Module { sources }, Subject::Block(block)) => {
                module_envs(repo, block, sources)
            }
            (Select::Object(_), Subject::Block(block)) => typed_object_envs(repo, block),
            (Select::Object(select), Subject::Object(object)) => {
                select.env(repo, object).into_iter().collect()
            }
            (Select::Image { roles }, Subject::Image(image)) if roles.contains(&image.role) => {
                image_envs(repo, image)
            }
            (Select::File { .. }, Subject::File(file)) => {
                vec![file_env(repo, file)]
            }
            (Select::Text(select), Subject::File(file)) => select.envs(repo, file),
            (Select::Row { gather }, Subject::Repo) => {
                gathered.rows(*gather).all.iter().map(|row| row_env(repo, row)).collect()
            }
            (Select::Stack, Subject::Repo) => stack_envs(repo),
            (Select::Repo, Subject::Repo) => repo_env(repo).into_iter().collect(),
            _ => Vec::new(),
        }
    }

    /// The environments of every subject in the repo.
    pub(super) fn all<'s>(
        &self,
        repo: &Repo<'s>,
        index: &Index<'s>,
        gathered: &Gathered,
    ) -> Vec<Env<'s>> {
        let files = |wanted: &dyn Fn(&SourceFile) -> bool| {
            let found = repo.sources.iter().filter(|file| wanted(file));
            found.flat_map(|file| self.envs(repo, gathered, Subject::File(file))).collect()
        };
        let of_blocks = |blocks: Vec<BlockRef<'s>>| -> Vec<Env<'s>> {
            let each = blocks.into_iter();
            each.flat_map(|block| self.envs(repo, gathered, Subject::Block(block))).collect()
        };
        match self {
            Select::Block(BlockSelect { files: Some(globs), .. })
            | Select::File { files: globs } => files(&|file| globs.is_match(&*file.path)),
            Select::Block(select) => {
                let labels = if select.globs.is_some() { &[] } else { select.labels.as_slice() };
                of_blocks(index.of(&select.kind, labels))
            }
            Select::Module { .. } => of_blocks(index.of("module", &[])),
            Select::Object(select) => {
                let mut envs = if select.types.is_empty() {
                    Vec::new()
                } else {
                    of_blocks(index.of("resource", &select.types))
                };
                if select.manifests {
                    envs.extend(repo.objects().iter().filter_map(|it| select.env(repo, it)));
                }
                envs
            }
            Select::Image { roles } => {
                let images = repo.images().iter().filter(|image| roles.contains(&image.role));
                images.flat_map(|image| image_envs(repo, image)).collect()
            }
            Select::Text(select) => files(&|file| {
                let words = &select.words;
                select.files.as_ref().is_none_or(|files| files.is_match(&*file.path))
                    && words
                        .iter()
                        .any(|word| memmem::find(file.text.as_bytes(), word.as_bytes()).is_some())
            }),
            Select::Row { .. } | Select::Stack | Select::Repo => {
                self.envs(repo, gathered, Subject::Repo)
            }
        }
    }
}

impl BlockSelect {
    fn is_about(&self, block: &crate::syntax::hcl::Block) -> bool {
        let label = block.label(0).unwrap_or_default();
        let globs = self.globs.as_ref().is_some_and(|globs| globs.is_match(label));
        let any = self.labels.is_empty() && self.globs.is_none();
        block.kind.name == self.kind && (any || globs || self.labels.iter().any(|it| it == label))
    }

    fn envs<'s>(&self, repo: &Repo<'s>, block: BlockRef<'s>) -> Vec<Env<'s>> {
        if !self.is_about(block.block) {
            return Vec::new();
        }
        block_envs(repo, block)
    }

    /// Blocks of files that are no part of a module, such as `terragrunt.hcl`.
    fn envs_in_file<'s>(&self, repo: &Repo<'s>, file: &'s SourceFile) -> Vec<Env<'s>> {
        if file.format == Format::Hcl(HclUse::Terraform) {
            let blocks = repo.blocks_in(file).filter(|block| self.is_about(block.block));
            return blocks.flat_map(|block| block_envs(repo, block)).collect();
        }
        let Some(document) = &file.hcl else { return Vec::new() };
        let blocks = document.body.blocks().filter(|block| self.is_about(block));
        let env = |block| {
            let scope = Scope::unit(file, dir_of(&file.path).into());
            let name = label(block, 0);
            let names = names(repo, file, &name, &self.kind, &name);
            Env::new(Place::of_block(file, block, scope), None, names)
        };
        blocks.map(env).collect()
    }
}

impl ObjectSelect {
    /// The environment of an object in a manifest, if it is one of those meant.
    fn env<'s>(&self, repo: &Repo<'s>, object: &ObjectSite<'s>) -> Option<Env<'s>> {
        let text = |path: &[&str]| object.value.at(path).and_then(Value::as_str);
        let kind = text(&["kind"])?;
        if !self.kinds.is_empty() && !self.kinds.iter().any(|known| *known == *kind) {
            return None;
        }
        if let Some(api) = &self.api
            && !text(&["apiVersion"]).is_some_and(|version| api.is_match(&*version))
        {
            return None;
        }
        let block = object.block;
        let whole = block.file.span(block.block.range);
        let place = Place::of_value(object.value.clone(), block.header(), whole);
        let name = text(&["metadata", "name"]).unwrap_or_default();
        let names = names(repo, block.file, &block.address(), &kind, &name);
        Some(Env::new(place, Some(block), names))
    }
}

impl TextSelect {
    fn envs<'s>(&self, repo: &Repo<'s>, file: &'s SourceFile) -> Vec<Env<'s>> {
        if self.files.as_ref().is_some_and(|files| !files.is_match(&*file.path)) {
            return Vec::new();
        }
        let Some(pattern) = self.pattern.get() else { return Vec::new() };
        let found = pattern.captures_iter(&file.text);
        found.filter_map(|captures| self.env(repo, file, pattern, &captures)).collect()
    }

    fn env<'s>(
        &self,
        repo: &Repo<'s>,
        file: &'s SourceFile,
        pattern: &Regex,
        captures: &regex::Captures<'_>,
    ) -> Option<Env<'s>> {
        // The group `at` is what is underlined, where the pattern has one.
        let found = captures.name("at").or_else(|| captures.get(0))?;
        let range = TextRange::new(found.start(), found.end());
        let (zone, keys) = zone_of(file, range);
        if !self.zones.contains(&zone) {
            return None;
        }
        let site = file.span(range);
        let value = Value::text(found.as_str(), site);
        let place = Place::of_value(value, site, site);
        let block = repo.block_around(file, range);
        let address = block.map(|block| block.address()).unwrap_or_default();
        let mut env = Env::new(place, block, names(repo, file, &address, zone.word(), &file.path));
        let key = keys.last().cloned().unwrap_or_default();
        env = env.with(&"key".into(), Bound::Text(key));
        env = env.with(&"keys".into(), Bound::Text(keys.join(".").into()));
        for name in pattern.capture_names().flatten() {
            let bound =
                captures.name(name).map_or(Bound::Absent, |it| Bound::Text(it.as_str().into()));
            env = env.with(&name.into(), bound);
        }
        Some(env)
    }
}

/// What the bytes `range` of `file` are part of, and the keys around them.
fn zone_of(file: &SourceFile, range: TextRange) -> (TextZone, Vec<SmolStr>) {
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
fn names(repo: &Repo<'_>, file: &SourceFile, address: &str, kind: &str, name: &str) -> Implicit {
    let stack = repo.stack_of(&file.path).map(|stack| SmolStr::new(&*repo.stack(stack).name));
    let live = repo.module_of(&file.path).is_none_or(|module| repo.module(module).called);
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

fn block_envs<'s>(repo: &Repo<'s>, block: BlockRef<'s>) -> Vec<Env<'s>> {
    let names = Arc::new(block_names(repo, &block));
    let mut scopes = repo.live_scopes(&block);
    if DECLARATIONS.contains(&block.block.kind.name.as_str()) {
        scopes.truncate(1);
    }
    let place = |scope| Place::of_block(block.file, block.block, scope);
    let env = |scope| Env::shared(place(scope), Some(block), Arc::clone(&names));
    scopes.into_iter().map(env).collect()
}

fn module_envs<'s>(repo: &Repo<'s>, block: BlockRef<'s>, sources: &GlobSet) -> Vec<Env<'s>> {
    let source = block.block.body.attribute("source").and_then(|source| source.value.as_literal());
    if !source.is_some_and(|source| sources.is_match(source.trim_end_matches('/'))) {
        return Vec::new();
    }
    let mut envs = block_envs(repo, block);
    let label = label(block.block, 0);
    for env in &mut envs {
        if let Node::Body(BodyNode { scope, callee, .. }) = &mut env.subject.node {
            let caller = scope.instance_id().map(|id| repo.instance(id));
            *callee = caller.and_then(|caller| caller.children.get(&label).copied());
        }
    }
    envs
}

fn typed_object_envs<'s>(repo: &Repo<'s>, block: BlockRef<'s>) -> Vec<Env<'s>> {
    block_envs(repo, block)
}

fn image_envs<'s>(repo: &Repo<'s>, image: &ImageSite<'s>) -> Vec<Env<'s>> {
    let block = image.block;
    let whole = block.file.span(block.block.range);
    let uses = image.uses.iter();
    uses.map(|it| {
        let mut place = Place::of_value(it.image.clone(), image.site, whole);
        let defined = it.image.span;
        place.origin = (!image.site.contains(defined)).then_some(defined);
        let names = block_names(repo, &block);
        let namespace = match &it.namespace {
            Some(namespace) => Bound::Place(place.part(namespace.clone(), None)),
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

fn file_env<'s>(repo: &Repo<'s>, file: &'s SourceFile) -> Env<'s> {
    let whole = file.span(TextRange::new(0, file.text.len()));
    let first_line = file.text.find('\n').unwrap_or(file.text.len());
    let site = file.span(TextRange::new(0, first_line));
    let names = names(repo, file, "", "file", &file.path);
    let place = if let Some(document) = &file.hcl {
        let scope =
            match repo.module_of(&file.path).and_then(|id| repo.module(id).instances.first()) {
                Some(instance) => Scope::instance(*instance),
                None => Scope::unit(file, dir_of(&file.path).into()),
            };
        let node = BodyNode { file, body: &document.body, scope, callee: None };
        Place { node: Node::Body(node), ..Place::of_value(Value::text("", site), site, whole) }
    } else {
        let text = Value::text(SmolStr::new(&file.text), whole);
        Place::of_value(Repo::decode(&text), site, whole)
    };
    Env::new(place, None, names)
}

fn stack_envs<'s>(repo: &Repo<'s>) -> Vec<Env<'s>> {
    let mut envs = Vec::new();
    for stack in &repo.stacks {
        let prefix = format!("{}/", stack.dir);
        let first = repo.sources.iter().find(|file| file.path.starts_with(&prefix));
        let Some(file) = first else { continue };
        let site = file.span(TextRange::new(0, 0));
        let value = Value::text(SmolStr::new(&*stack.name), site);
        let place = Place::of_value(value, site, whole_file(repo, site));
        envs.push(Env::new(place, None, names(repo, file, "", "stack", &stack.name)));
    }
    envs
}

fn repo_env<'s>(repo: &Repo<'s>) -> Option<Env<'s>> {
    let file = repo.sources.first()?;
    let site = file.span(TextRange::new(0, 0));
    Some(env_at(repo, Place::of_value(Value::text("", site), site, site), "repo"))
}

/// The environment of a row: its columns are names.
fn row_env<'s>(repo: &Repo<'s>, row: &Row) -> Env<'s> {
    let place = Place::of_value(row.value(), row.site, whole_file(repo, row.site));
    let mut env = env_at(repo, place.clone(), "row");
    for (name, cell) in row.cells() {
        let bound = match cell {
            Cell::Known(value) => Bound::Place(place.part(value.clone(), None)),
            Cell::Absent => Bound::Absent,
            Cell::Unknown(reason) => Bound::Unknown(reason.clone()),
        };
        env = env.with(name, bound);
    }
    env
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

/// The resource types of the `kubernetes` provider that declare objects of `kind`.
pub(super) fn types_of_kind(kind: &str) -> Vec<SmolStr> {
    let mut snake = String::new();
    for (at, letter) in kind.chars().enumerate() {
        if letter.is_ascii_uppercase() && at > 0 {
            snake.push('_');
        }
        snake.push(letter.to_ascii_lowercase());
    }
    let versions = ["", "_v1", "_v2", "_v1beta1", "_v2beta2"];
    let mut types: Vec<SmolStr> =
        versions.iter().map(|version| format!("kubernetes_{snake}{version}").into()).collect();
    // The provider's old spelling.
    if kind == "DaemonSet" {
        types.push("kubernetes_daemonset".into());
    }
    types
}
