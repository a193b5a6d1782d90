//! What a rule is about: which things of the repo it is shown, and the environments it judges them in.

use std::collections::HashMap;

use globset::GlobSet;
use memchr::memmem;
use regex::Regex;
use smol_str::SmolStr;

use super::env::{Bound, Env};
use super::gather::Gathered;
use super::node::Place;
use super::operand::LazyRegex;
use super::subject::{
    block_envs, file_env, image_envs, module_envs, names, repo_env, row_env, stack_envs, zone_of,
};
use crate::model::{BlockRef, ImageRole, ObjectSite, Repo, Scope, Value, dir_of};
use crate::rule::{Interest, Subject};
use crate::syntax::hcl::Block;
use crate::syntax::{Format, HclUse, SourceFile};
use crate::text::TextRange;

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
            (Select::Object(_), Subject::Block(block)) => block_envs(repo, block),
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
    fn is_about(&self, block: &Block) -> bool {
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
        let env = |block: &'s Block| {
            let scope = Scope::unit(file, dir_of(&file.path).into());
            let name: SmolStr = block.label(0).unwrap_or_default().into();
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
