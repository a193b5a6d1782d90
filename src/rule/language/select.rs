//! What a rule is about: which things of the repo it is shown, and the environments it judges them in.

use std::rc::Rc;

use smol_str::SmolStr;

use super::env::{Bound, Env};
use super::gather::Gathered;
use super::node::Place;
use super::shown::Shown;
use super::subject::{
    block_envs, call_envs, change_env, commit_envs, file_envs, image_envs, left_out_env, names,
    object_env, repo_env, row_env, stack_envs, zone_of,
};
use super::surroundings::Surroundings;
use crate::model::{BlockRef, ImageRole, ObjectSite, Repo, Scope, Value};
use crate::rule::{Interest, Planned, Subject};
use crate::syntax::SourceFile;
use crate::syntax::hcl::Block;
use crate::syntax::language::Language;
use crate::text::{Captures, Globs, LazyRegex, TextRange, dir_of};

/// The subjects of a rule.
#[derive(Debug)]
pub(super) enum Select {
    /// Top-level blocks of Terraform.
    Block(BlockSelect),
    /// Calls of modules.
    Module {
        /// Globs on `source`.
        sources: Globs,
    },
    /// Kubernetes objects, whatever carries them.
    Object(ObjectSelect),
    /// Container images.
    Image {
        /// The roles meant.
        roles: Vec<ImageRole>,
    },
    /// Whole files.
    File {
        /// Globs on their paths.
        files: Globs,
        /// Words of which one occurs in every file meant; empty for any file.
        words: Vec<String>,
        /// What they are read as, where that is not what they are.
        reads: Option<Language>,
    },
    /// Stretches of text.
    Text(Box<TextSelect>),
    /// The rows of a gather.
    Row {
        /// Its number.
        gather: usize,
    },
    /// The commits that a comparison adds.
    Commit,
    /// What plans would change.
    Change(ChangeSelect),
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
    pub(super) globs: Option<Globs>,
    /// Globs on the paths of files; without them, the files of modules.
    pub(super) files: Option<Globs>,
    /// Whether it is about those too that `count` or `for_each` makes none of.
    pub(super) left_out: bool,
}

/// Kubernetes objects.
#[derive(Debug)]
pub(super) struct ObjectSelect {
    /// `Deployment`, …
    pub(super) kinds: Vec<SmolStr>,
    /// Globs on `apiVersion`; an object of a typed resource has none.
    pub(super) api: Option<Globs>,
    /// The types of the resources that declare such an object by their own attributes.
    pub(super) types: Vec<SmolStr>,
    /// Whether objects in manifests count.
    pub(super) manifests: bool,
    /// Whether objects in the values of charts do.
    pub(super) charts: bool,
}

/// What plans would change.
#[derive(Debug, Default)]
pub(super) struct ChangeSelect {
    /// What an apply would do; empty for anything.
    pub(super) actions: Vec<SmolStr>,
    /// What kinds of difference; empty for any.
    pub(super) classes: Vec<SmolStr>,
    /// Globs on the resource type.
    pub(super) types: Option<Globs>,
}

/// Stretches of text.
#[derive(Debug)]
pub(super) struct TextSelect {
    /// Globs on the paths of files.
    pub(super) files: Option<Globs>,
    /// Words of which one occurs in every file that has a match.
    pub(super) words: Vec<String>,
    /// What is looked for; its named groups are names.
    pub(super) pattern: LazyRegex,
    /// The names of its groups.
    pub(super) names: Vec<SmolStr>,
    /// Where it counts.
    pub(super) zones: Vec<TextZone>,
    /// What of what stands around it somebody asks for.
    pub(super) surroundings: Surroundings,
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
                vec![Interest::blocks("module")]
            }
            Select::Object(object) => {
                let mut interests = Vec::new();
                if !object.types.is_empty() {
                    let labels = strings(&object.types);
                    interests.push(Interest::Blocks { kind: "resource".into(), labels });
                }
                if object.manifests || object.charts {
                    interests.push(Interest::Objects(strings(&object.kinds)));
                }
                interests
            }
            Select::Image { .. } => vec![Interest::Images],
            Select::File { files, words, .. } if words.is_empty() => {
                vec![Interest::Files(files.clone())]
            }
            Select::File { files, words, .. } => {
                vec![Interest::Text(words.clone(), Some(files.clone()))]
            }
            Select::Text(text) => vec![Interest::Text(text.words.clone(), text.files.clone())],
            Select::Commit => vec![Interest::Commits],
            Select::Change(_) => vec![Interest::Changes],
            Select::Row { gather } => vec![Interest::Rows(*gather)],
            Select::Stack | Select::Repo => vec![Interest::Repo],
        }
    }

    /// The environments in which the subject that was shown is judged.
    pub(super) fn envs<'s>(
        &self,
        repo: &Repo<'s>,
        gathered: &Gathered,
        shown: &Shown<'s>,
    ) -> Rc<[Env<'s>]> {
        match (self, shown.subject) {
            (Select::Block(select), Subject::Block(block)) if select.is_about(block.block) => {
                let there = shown.plain(|| block_envs(repo, block));
                select.missed(repo, block, there.is_empty()).map_or(there, |env| Rc::new([env]))
            }
            (Select::Block(select), Subject::File(file)) => select.envs_in_file(repo, file).into(),
            (Select::Module { sources }, Subject::Block(block)) if calls(block, sources) => {
                shown.call(|| call_envs(repo, block))
            }
            (Select::Object(_), Subject::Block(block)) => shown.plain(|| block_envs(repo, block)),
            (Select::Object(select), Subject::Object(object)) if select.is_about(object) => {
                shown.plain(|| object_env(repo, object).into_iter().collect())
            }
            (Select::Image { roles }, Subject::Image(image)) if roles.contains(&image.role) => {
                shown.plain(|| image_envs(repo, image))
            }
            // Who looks for words is shown every file that has them.
            (Select::File { files, words, .. }, Subject::File(file))
                if !words.is_empty() && !files.is_match(&file.path) =>
            {
                Rc::default()
            }
            (Select::File { reads: None, .. }, Subject::File(file)) => {
                shown.plain(|| file_envs(repo, file, None))
            }
            (Select::File { reads, .. }, Subject::File(file)) => {
                file_envs(repo, file, *reads).into()
            }
            (Select::Text(select), Subject::File(file)) => select.envs(repo, file).into(),
            (Select::Row { gather }, Subject::Repo) => shown.rows(*gather, || {
                let rows = gathered.rows(*gather);
                rows.all.iter().map(|row| row_env(repo, row, rows.names())).collect()
            }),
            (Select::Commit, Subject::File(file)) => commit_envs(repo, file).into(),
            (Select::Change(select), Subject::Change(change)) if select.is_about(change) => {
                shown.plain(|| vec![change_env(repo, change)])
            }
            (Select::Stack, Subject::Repo) => stack_envs(repo).into(),
            (Select::Repo, Subject::Repo) => repo_env(repo).into_iter().collect(),
            _ => Rc::default(),
        }
    }
}

/// Whether the block calls a module from one of these sources.
fn calls(block: BlockRef<'_>, sources: &Globs) -> bool {
    let source = block.block.body.attribute("source").and_then(|source| source.value.as_literal());
    source.is_some_and(|source| sources.is_match(source.trim_end_matches('/')))
}

impl BlockSelect {
    fn is_about(&self, block: &Block) -> bool {
        let label = block.label(0).unwrap_or_default();
        let globs = self.globs.as_ref().is_some_and(|globs| globs.is_match(label));
        let any = self.labels.is_empty() && self.globs.is_none();
        block.kind.name == self.kind && (any || globs || self.labels.iter().any(|it| it == label))
    }

    /// The block that is nowhere there, where it is meant all the same.
    fn missed<'s>(
        &self,
        repo: &Repo<'s>,
        block: BlockRef<'s>,
        is_nowhere: bool,
    ) -> Option<Env<'s>> {
        if self.left_out && is_nowhere { left_out_env(repo, block) } else { None }
    }

    /// Blocks of files that are no part of a module, such as `terragrunt.hcl`.
    fn envs_in_file<'s>(&self, repo: &Repo<'s>, file: &'s SourceFile) -> Vec<Env<'s>> {
        if file.format.is_module_code() {
            let blocks = repo.blocks_in(file).filter(|block| self.is_about(block.block));
            let envs = |block| {
                let there = block_envs(repo, block);
                self.missed(repo, block, there.is_empty()).map_or(there, |env| vec![env])
            };
            return blocks.flat_map(envs).collect();
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
    /// Whether an object in a manifest is one of those meant.
    fn is_about(&self, object: ObjectSite<'_>) -> bool {
        let text = |key: &str| object.value.at(&[key]).and_then(Value::as_str);
        let of_kind = |kind: &str| self.kinds.is_empty() || self.kinds.iter().any(|it| it == kind);
        let is_carried = if object.is_in_chart() { self.charts } else { self.manifests };
        is_carried
            && text("kind").is_some_and(|kind| of_kind(&kind))
            && self
                .api
                .as_ref()
                .is_none_or(|api| text("apiVersion").is_some_and(|version| api.is_match(&version)))
    }
}

impl ChangeSelect {
    fn is_about(&self, change: &Planned) -> bool {
        let text = |key: &str| change.value.at(&[key]).and_then(Value::as_str);
        let is_one = |key: &str, of: &[SmolStr]| {
            of.is_empty() || text(key).is_some_and(|it| of.iter().any(|known| it == **known))
        };
        let types = self.types.as_ref();
        is_one("action", &self.actions)
            && is_one("class", &self.classes)
            && types.is_none_or(|types| text("type").is_some_and(|it| types.is_match(&it)))
    }
}

impl TextSelect {
    fn envs<'s>(&self, repo: &Repo<'s>, file: &'s SourceFile) -> Vec<Env<'s>> {
        if self.files.as_ref().is_some_and(|files| !files.is_match(&file.path)) {
            return Vec::new();
        }
        let found = self.pattern.captures_iter(&file.text);
        found.filter_map(|captures| self.env(repo, file, &captures)).collect()
    }

    fn env<'s>(
        &self,
        repo: &Repo<'s>,
        file: &'s SourceFile,
        captures: &Captures<'_>,
    ) -> Option<Env<'s>> {
        // The group `at` is what is underlined, where the pattern has one.
        let found = captures.name("at").unwrap_or_else(|| captures.whole());
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
        for (name, text) in self.surroundings.of(file, captures.whole().start(), range) {
            env = env.with(&name.into(), Bound::Text(text));
        }
        for name in &self.names {
            let bound =
                captures.name(name).map_or(Bound::Absent, |it| Bound::Text(it.as_str().into()));
            env = env.with(name, bound);
        }
        Some(env)
    }
}
