//! Which resource blocks may declare images and objects. What a block declares is worked out when somebody asks for it.
//!
//! Invariant: a block is looked at by itself, and either not at all or wholly: whoever asks for less sees no other answer.

use std::sync::OnceLock;

use rayon::prelude::*;
use rustc_hash::FxHashSet;
use smol_str::SmolStr;

use super::images::{CHART, Found, FoundImage, ImageSite, ObjectSite, collect, texts_of};
use super::repo::{BlockRef, Instance, Module, ModuleId, Repo};
use crate::syntax::SourceFile;
use crate::syntax::hcl::{Attribute, Block, Body, ExprKind};
use crate::text::Span;

/// The blocks of a repo that may declare something, in the order of path and place.
#[derive(Debug, Default)]
pub(super) struct Declarations<'s> {
    blocks: Vec<Declaring<'s>>,
    /// Where the texts are written that images are made of, sorted.
    image_texts: OnceLock<Vec<Span>>,
}

/// A block that may declare something, and what it does declare, once that was asked for.
#[derive(Debug)]
struct Declaring<'s> {
    block: BlockRef<'s>,
    form: Form<'s>,
    found: OnceLock<Box<Found>>,
}

/// Where in a resource block images and objects are declared.
#[derive(Clone, Copy, Debug)]
pub(super) enum Form<'s> {
    /// Objects, and the pods in them.
    Manifest(&'s Attribute),
    /// The values of a chart, where there are some besides single settings.
    Chart(Option<&'s Attribute>),
    /// The texts of a config map.
    Texts(&'s Attribute),
    /// Nested blocks.
    Containers,
}

impl<'s> Declarations<'s> {
    /// Those of `repo`.
    pub(super) fn of(repo: &Repo<'s>) -> Self {
        let blocks: Vec<BlockRef<'s>> = repo.blocks().collect();
        let declaring = |block: &BlockRef<'s>| {
            let form = Form::of(block.block)?;
            Some(Declaring { block: *block, form, found: OnceLock::new() })
        };
        let blocks = blocks.par_iter().with_min_len(256).filter_map(declaring).collect();
        Declarations { blocks, image_texts: OnceLock::new() }
    }

    /// What the blocks that are `wanted` declare: each worked out on the thread that is free.
    fn found(
        &self,
        repo: &Repo<'s>,
        wanted: impl Fn(&Declaring<'s>) -> bool + Sync,
    ) -> Vec<(BlockRef<'s>, &Found)> {
        let mut wanted: Vec<_> =
            self.blocks.iter().enumerate().filter(|(_, it)| wanted(it)).collect();
        // The values of one chart take as long as many blocks: begun last, they would keep one thread when the others are done.
        wanted.sort_by_key(|(_, it)| !matches!(it.form, Form::Chart(_)));
        let found = wanted.into_par_iter().with_max_len(1);
        let mut found: Vec<_> = found.map(|(at, it)| (at, it.block, it.found(repo))).collect();
        found.sort_unstable_by_key(|(at, ..)| *at);
        found.into_iter().map(|(_, block, found)| (block, found)).collect()
    }

    /// Lets go of it, on all threads.
    pub(super) fn release(self) {
        self.blocks.into_par_iter().with_min_len(16).for_each(drop);
    }
}

impl<'s> Declaring<'s> {
    // Nothing that runs in here waits for other threads: while it does, nobody else takes up the same block.
    fn found(&self, repo: &Repo<'s>) -> &Found {
        self.found.get_or_init(|| Box::new(collect(repo, self.block, self.form)))
    }
}

impl<'s> Repo<'s> {
    /// The container images, in the order of path and place, of the blocks that are `wanted`: each is asked about with
    /// whether its images are written where they are used. What a manifest or chart runs may be written anywhere.
    pub fn images(
        &self,
        wanted: impl Fn(BlockRef<'s>, bool) -> bool + Sync,
    ) -> impl Iterator<Item = ImageSite<'_>> {
        let wanted = |it: &Declaring<'s>| wanted(it.block, matches!(it.form, Form::Containers));
        self.declarations.found(self, wanted).into_iter().flat_map(|(block, found)| {
            let images = found.images.iter();
            images.map(move |FoundImage { site, role, uses }| ImageSite {
                site: *site,
                role: *role,
                block,
                uses,
            })
        })
    }

    /// The modules with values that may be written in one of `files`; `None` where it may be any.
    pub fn readers<'f>(
        &self,
        files: impl IntoIterator<Item = &'f SourceFile>,
    ) -> Option<FxHashSet<ModuleId>> {
        let mut readers = FxHashSet::default();
        for file in files {
            let id = self.module_of(&file.path)?;
            let Module { names, instances, .. } = self.module(id);
            // What has an output is read by those who call.
            if !names.outputs.is_empty() || names.open.is_some() {
                return None;
            }
            let mut below = instances.clone();
            // One that stands for many paths is called from many.
            let mut seen = FxHashSet::default();
            while let Some(instance) = below.pop() {
                if !seen.insert(instance) {
                    continue;
                }
                let Instance { module, children, .. } = self.instance(instance);
                readers.insert(*module);
                below.extend(children.values());
            }
        }
        Some(readers)
    }

    /// The Kubernetes objects that manifests and charts declare, in the order of path and place: those of blocks that are
    /// `wanted`, which are asked about with the kind of their object where it is plainly written.
    pub fn objects(
        &self,
        wanted: impl Fn(BlockRef<'s>, Option<&str>) -> bool + Sync,
    ) -> impl Iterator<Item = ObjectSite<'_>> {
        let wanted = |it: &Declaring<'s>| match it.form {
            Form::Manifest(manifest) => wanted(it.block, written_kind(manifest).as_deref()),
            Form::Chart(values) => values.is_some() && wanted(it.block, None),
            Form::Texts(_) | Form::Containers => false,
        };
        let found = self.declarations.found(self, wanted).into_iter();
        found.flat_map(|(block, it)| {
            let objects = it.objects.iter();
            objects.map(move |(value, which)| ObjectSite { block, value, which })
        })
    }

    /// Whether the text at `span` is part of a container image that is judged where it is used.
    pub fn is_image_text(&self, span: Span) -> bool {
        let texts = self.declarations.image_texts.get().unwrap_or_else(|| {
            let found = self.declarations.found(self, |_| true);
            self.declarations.image_texts.get_or_init(|| {
                let images = found.iter().flat_map(|(_, found)| &found.images);
                let mut texts: Vec<Span> =
                    images.flat_map(|site| &site.uses).flat_map(|it| texts_of(&it.image)).collect();
                texts.sort_unstable();
                texts.dedup();
                texts
            })
        });
        let after = texts
            .partition_point(|text| (text.file, text.range.start) <= (span.file, span.range.start));
        texts[..after]
            .iter()
            .rev()
            .take_while(|text| text.file == span.file)
            .take(4)
            .any(|text| text.contains(span))
    }
}

impl<'s> Form<'s> {
    /// `None` for a block that declares nothing.
    fn of(block: &'s Block) -> Option<Form<'s>> {
        if block.kind.name != "resource" {
            return None;
        }
        let body = &block.body;
        let mut manifests = ["manifest", "yaml_body", "object"].into_iter();
        if let Some(manifest) = manifests.find_map(|name| body.attribute(name)) {
            return Some(Form::Manifest(manifest));
        }
        match block.label(0) {
            Some(CHART) => Some(Form::Chart(body.attribute("values"))),
            Some("kubernetes_config_map" | "kubernetes_config_map_v1") => {
                body.attribute("data").map(Form::Texts)
            }
            _ => has_containers(body).then_some(Form::Containers),
        }
    }
}

fn has_containers(body: &Body) -> bool {
    body.blocks().any(|block| match block.kind.name.as_str() {
        "container" | "init_container" => true,
        "dynamic" => {
            matches!(block.label(0), Some("container" | "init_container"))
                || has_containers(&block.body)
        }
        _ => has_containers(&block.body),
    })
}

/// The kind of the object, where it is one and says so in so many words.
fn written_kind(manifest: &Attribute) -> Option<SmolStr> {
    let ExprKind::Object(entries) = &manifest.value.unparenthesised().kind else { return None };
    let mut kind = None;
    for entry in entries {
        if entry.literal_key()? == "kind" {
            kind = Some(entry.value.as_literal()?);
        }
    }
    kind
}
