//! What override files (`override.tf`, `*_override.tf`) say, merged into the blocks that they override, as Terraform does it.
//!
//! Invariant: a merged block stands in the file of the block that is overridden, and whatever of it an override file says
//! keeps its place there ([`Joining`]). A block of an override file that overrides nothing stays where it is.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use super::backend::BACKENDS;
use crate::syntax::hcl::{Attribute, Block, Body, Item};
use crate::syntax::{Joining, SourceFile};
use crate::text::{FileId, Span, TextRange, dir_of, name_of};

/// Blocks that are merged argument by argument; of all others, those of an override replace those of their type.
const MERGED: [&str; 2] = ["lifecycle", "required_providers"];

/// What Terraform refuses to override: what is written first stays.
const REFUSED: [&str; 4] = ["depends_on", "validation", "precondition", "postcondition"];

/// The files of modules with override files, as they are once these are merged.
#[derive(Debug, Default)]
pub struct Overrides {
    merged: FxHashMap<FileId, SourceFile>,
    /// What of an override file was merged, and into which block.
    moved: FxHashMap<FileId, Vec<(TextRange, Site)>>,
}

/// A block by its file and where it begins.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Site {
    pub(super) file: FileId,
    pub(super) start: u32,
}

impl Overrides {
    /// Those among `sources`.
    pub fn among(sources: &[SourceFile]) -> Self {
        let mut overrides = Overrides::default();
        let mut modules: BTreeMap<&str, Vec<&SourceFile>> = BTreeMap::new();
        for file in sources.iter().filter(|file| is_override(file)) {
            modules.entry(dir_of(&file.path)).or_default().push(file);
        }
        if modules.is_empty() {
            return overrides;
        }
        let mut primary: FxHashMap<&str, Vec<&SourceFile>> = FxHashMap::default();
        for file in sources.iter().filter(|file| is_code(file) && !is_override(file)) {
            let dir = dir_of(&file.path);
            if modules.contains_key(dir) {
                primary.entry(dir).or_default().push(file);
            }
        }
        for (dir, files) in modules {
            let mut merge = Merge::of(primary.remove(dir).unwrap_or_default());
            for file in files {
                merge.add(file, &mut overrides);
            }
            merge.finish(&mut overrides);
        }
        overrides
    }

    /// `file` as it is once its overrides are merged.
    pub(super) fn merged<'s>(&'s self, file: &'s SourceFile) -> &'s SourceFile {
        self.merged.get(&file.id).unwrap_or(file)
    }

    /// The block that what is written at `span` of an override file was merged into.
    pub(super) fn target(&self, span: Span) -> Option<Site> {
        let moved = self.moved.get(&span.file)?;
        moved.iter().find(|(range, _)| range.contains(span.range)).map(|(_, site)| *site)
    }
}

fn is_code(file: &SourceFile) -> bool {
    file.format.is_terraform()
}

/// Whether Terraform reads `file` after the others, to override them.
pub fn is_override(file: &SourceFile) -> bool {
    let name = name_of(&file.path);
    let name = name.strip_suffix(".json").unwrap_or(name);
    // Whatever stands before it may hold points too: `main.network_override.tf`.
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    is_code(file) && (stem == "override" || stem.ends_with("_override"))
}

/// What makes two blocks the same one: the type, and the names (of a provider its alias too).
type Identity = (SmolStr, Vec<SmolStr>);

fn identity(block: &Block) -> Option<Identity> {
    let names = match block.kind.name.as_str() {
        "resource" | "data" | "ephemeral" => 2,
        "module" | "variable" | "output" | "provider" => 1,
        "terraform" => 0,
        _ => return None,
    };
    let mut labels: Vec<SmolStr> = block.labels.iter().map(|label| label.name.clone()).collect();
    if labels.len() != names {
        return None;
    }
    if block.kind.name == "provider" {
        labels.extend(block.body.attribute("alias").and_then(|alias| alias.value.as_literal()));
    }
    Some((block.kind.name.clone(), labels))
}

/// A file that is being merged into.
struct Draft<'s> {
    joining: Joining<'s>,
    body: Body,
    is_changed: bool,
}

/// A block of a draft: the number of the draft, and of the item in it.
type Place = (usize, usize);

/// The files of one module that are overridden.
struct Merge<'s> {
    files: Vec<&'s SourceFile>,
    drafts: Vec<Draft<'s>>,
    /// Blocks with an identity. Of `terraform` there may be several, of others the first one counts.
    blocks: FxHashMap<Identity, Vec<Place>>,
    /// The `locals` blocks that declare a name.
    locals: FxHashMap<SmolStr, Place>,
}

impl<'s> Merge<'s> {
    fn of(files: Vec<&'s SourceFile>) -> Self {
        let mut merge = Merge {
            drafts: Vec::with_capacity(files.len()),
            files,
            blocks: FxHashMap::default(),
            locals: FxHashMap::default(),
        };
        for (draft, file) in merge.files.iter().enumerate() {
            let body = file.hcl.as_ref().map(|document| document.body.clone()).unwrap_or_default();
            for (item, block) in body.items.iter().enumerate() {
                let Item::Block(block) = block else { continue };
                if let Some(identity) = identity(block) {
                    merge.blocks.entry(identity).or_default().push((draft, item));
                } else if block.kind.name == "locals" {
                    for local in block.body.attributes() {
                        merge.locals.entry(local.key.name.clone()).or_insert((draft, item));
                    }
                }
            }
            merge.drafts.push(Draft { joining: Joining::new(file), body, is_changed: false });
        }
        merge
    }

    /// Merges what the override file `file` says.
    fn add(&mut self, file: &'s SourceFile, overrides: &mut Overrides) {
        let Some(document) = &file.hcl else { return };
        let mut moved = Vec::new();
        let mut rest = document.body.clone();
        rest.items.retain_mut(|item| {
            let Item::Block(block) = item else { return true };
            if block.kind.name == "locals" {
                block.body.items.retain(|item| {
                    let Item::Attribute(local) = item else { return true };
                    let site = self.local(file, local);
                    moved.extend(site.map(|site| (item.range(), site)));
                    site.is_none()
                });
                return !block.body.items.is_empty();
            }
            let site = self.block(file, block);
            moved.extend(site.map(|site| (block.range, site)));
            site.is_none()
        });
        if !moved.is_empty() {
            overrides.moved.insert(file.id, moved);
            overrides.merged.insert(file.id, Joining::new(file).finish(rest));
        }
    }

    fn local(&mut self, file: &SourceFile, local: &Attribute) -> Option<Site> {
        let place = *self.locals.get(&local.key.name)?;
        let items = vec![Item::Attribute(local.clone())];
        self.merge(place, file, Body { items, range: local.range })
    }

    fn block(&mut self, file: &SourceFile, block: &Block) -> Option<Site> {
        let places = self.blocks.get(&identity(block)?)?.clone();
        let (first, is_module_wide) = (*places.first()?, block.kind.name == "terraform");
        let mut target = first;
        if is_module_wide {
            // What several blocks say together is overridden in all of them.
            let says_some = |(draft, item): &&Place| match &self.drafts[*draft].body.items[*item] {
                Item::Block(own) => shares(&own.body, &block.body),
                Item::Attribute(_) => false,
            };
            target = places.iter().find(says_some).copied().unwrap_or(first);
            for &(draft, item) in places.iter().filter(|place| **place != target) {
                let Draft { body, is_changed, .. } = &mut self.drafts[draft];
                if let Item::Block(own) = &mut body.items[item] {
                    take_out(&mut own.body, &block.body);
                    *is_changed = true;
                }
            }
        }
        self.merge(target, file, block.body.clone())
    }

    /// Merges `body` of `file` into the block at `place`.
    fn merge(&mut self, (draft, item): Place, file: &SourceFile, body: Body) -> Option<Site> {
        let own = self.files[draft].id;
        let Draft { joining, body: items, is_changed } = &mut self.drafts[draft];
        let Item::Block(block) = &mut items.items[item] else { return None };
        merge_body(&mut block.body, joining.part(file, body));
        *is_changed = true;
        Some(Site { file: own, start: block.range.start })
    }

    fn finish(self, overrides: &mut Overrides) {
        for (file, draft) in self.files.iter().zip(self.drafts) {
            if draft.is_changed {
                overrides.merged.insert(file.id, draft.joining.finish(draft.body));
            }
        }
    }
}

/// Merges `over` into `own`: what it says comes last, so that items stay in the order of their ranges.
fn merge_body(own: &mut Body, over: Body) {
    take_out(own, &over);
    for item in over.items {
        match item {
            item if is_refused(&item) => {}
            Item::Block(block) if is_merged(&block) => {
                let same = own.items.iter_mut().find_map(|item| match item {
                    Item::Block(own) if own.kind.name == block.kind.name => Some(own),
                    _ => None,
                });
                match same {
                    Some(same) => merge_body(&mut same.body, block.body),
                    None => own.items.push(Item::Block(block)),
                }
            }
            item => own.items.push(item),
        }
    }
}

/// Takes what `over` replaces out of `own`.
fn take_out(own: &mut Body, over: &Body) {
    own.items.retain(|item| !is_replaced(item, over));
}

/// Whether `over` says something that `own` says too.
fn shares(own: &Body, over: &Body) -> bool {
    let is_shared = |block: &Block| is_merged(block) && over.block(&block.kind.name).is_some();
    own.items.iter().any(|item| is_replaced(item, over)) || own.blocks().any(is_shared)
}

fn is_refused(item: &Item) -> bool {
    let name = match item {
        Item::Attribute(attribute) => &attribute.key.name,
        Item::Block(block) => &block.kind.name,
    };
    REFUSED.contains(&name.as_str())
}

fn is_replaced(item: &Item, over: &Body) -> bool {
    match item {
        item if is_refused(item) => false,
        // What is a block in one of them and an argument in the other is so by the look of it alone.
        Item::Attribute(attribute) => {
            let name = &attribute.key.name;
            over.attribute(name).is_some() || over.blocks().any(|other| made(other) == name)
        }
        Item::Block(block) if is_merged(block) => false,
        Item::Block(block) => {
            over.blocks().any(|other| is_same_type(block, other))
                || over.attribute(made(block)).is_some()
        }
    }
}

fn is_merged(block: &Block) -> bool {
    MERGED.contains(&block.kind.name.as_str())
}

/// Whether the two make blocks of one type, by themselves or with `dynamic`.
fn is_same_type(block: &Block, other: &Block) -> bool {
    let (block, other) = (made(block), made(other));
    block == other || (BACKENDS.contains(&block) && BACKENDS.contains(&other))
}

fn made(block: &Block) -> &str {
    match block.kind.name.as_str() {
        "dynamic" => block.label(0).unwrap_or_default(),
        kind => kind,
    }
}
