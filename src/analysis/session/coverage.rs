//! How a workload stands with the conventions: which of its containers are covered, and what is missing.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::Session;
use crate::diagnostic::Diagnostic;
use crate::model::{AttributePath, Declared, IgnoreChanges, declared};
use crate::rule::Mutator;
use crate::syntax::hcl::Block;
use crate::text::TextRange;

/// How a workload stands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Coverage {
    /// The header of its block.
    pub header: TextRange,
    /// How many containers it has, where somebody updates what runs in them.
    pub containers: Option<Containers>,
    /// The conventions that it does not keep: their codes, or the rules where they have none.
    pub missing: Vec<Arc<str>>,
}

/// The containers of a workload.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Containers {
    /// All of them.
    pub all: usize,
    /// Those of which Terraform ignores what somebody else updates.
    pub covered: usize,
}

impl Session {
    /// How the workloads in the file at `path` stand, in order.
    pub fn coverage(&self, path: &str) -> Vec<Coverage> {
        let (Some(parsed), Some(setup)) = (self.parsed(path), self.setup()) else {
            return Vec::new();
        };
        let Some(document) = &parsed.hcl else { return Vec::new() };
        let diagnostics = self.diagnostics(path);
        let blocks = document.body.blocks_of("resource");
        let workloads = blocks.filter_map(|block| {
            let lists = container_lists(&setup.rules.mutators, block.label(0)?);
            let inside = || diagnostics.iter().filter(|it| block.range.contains(it.span.range));
            let name =
                |it: &Diagnostic| it.convention.clone().unwrap_or_else(|| Arc::clone(&it.rule));
            // What is wrong with a control comment is no convention of the workload's.
            let is_kept = |id: &str| setup.rules.rule(id).is_none_or(|rule| rule.locked);
            let missing: BTreeSet<Arc<str>> =
                inside().filter(|it| !is_kept(&it.rule)).map(name).collect();
            let marked = lists.iter().filter(|list| list.is_marked);
            let found: Vec<(&Block, bool)> =
                marked.flat_map(|list| containers(block, list)).collect();
            let covered = found.iter().filter(|(_, is_covered)| *is_covered).count();
            let is_asked_for = covered > 0
                || found.iter().any(|(it, _)| inside().any(|at| it.range.contains(at.span.range)));
            (!lists.is_empty()).then(|| Coverage {
                header: block.header,
                containers: is_asked_for.then_some(Containers { all: found.len(), covered }),
                missing: missing.into_iter().collect(),
            })
        });
        workloads.collect()
    }
}

/// A field in each block of a list, which somebody else writes: `spec[0].template[0].spec[0]`, `container`, `image`.
struct ListField {
    parent: String,
    block: String,
    field: String,
    /// Whether a marker says that it is ignored: what has none may be set anew by every apply.
    is_marked: bool,
}

/// The lists of containers in a resource of the type `kind`.
fn container_lists(mutators: &[Mutator], kind: &str) -> Vec<ListField> {
    let paths = mutators.iter().flat_map(|mutator| {
        mutator.fields(kind).iter().map(|path| (path, mutator.marker.is_some()))
    });
    let mut marked: BTreeMap<String, bool> = BTreeMap::new();
    for (path, is_marked) in paths {
        *marked.entry(path.to_string()).or_default() |= is_marked;
    }
    let lists = marked.into_iter().filter_map(|(path, is_marked)| {
        let (list, field) = path.split_once("[*].")?;
        let (parent, block) = list.rsplit_once('.')?;
        Some(ListField {
            parent: parent.to_owned(),
            block: block.to_owned(),
            field: field.to_owned(),
            is_marked,
        })
    });
    lists.collect()
}

/// The blocks of the list, and whether Terraform ignores the field in each.
fn containers<'b>(resource: &'b Block, list: &ListField) -> Vec<(&'b Block, bool)> {
    let parent = AttributePath::parse(&list.parent);
    let Some(Declared::Block(parent)) = parent.map(|it| declared(&resource.body, &it)) else {
        return Vec::new();
    };
    let ignored = IgnoreChanges::of(resource);
    let blocks = parent.body.blocks().filter(|block| block.kind.name == list.block).enumerate();
    let covers = |index: usize| {
        let path = format!("{}.{}[{index}].{}", list.parent, list.block, list.field);
        let path = AttributePath::parse(&path);
        path.zip(ignored.as_ref()).is_some_and(|(path, ignored)| ignored.covering(&path).is_some())
    };
    blocks.map(|(index, block)| (block, covers(index))).collect()
}
