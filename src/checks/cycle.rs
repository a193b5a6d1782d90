//! Locals, resources, data sources and modules that need themselves, be it by way of others.
//!
//! Invariant: as Terraform's graph has it, what is multiplied is one. What a module call needs for which of its outputs is not
//! looked into, and neither is what provisioners and lifecycles refer to.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use crate::model::{Module, Repo};
use crate::rule::{Check, CheckDef, Context, Finding, Findings, Interest, Outcome, Subject};
use crate::syntax::SourceFile;
use crate::syntax::hcl::{Block, Expr, Reference};
use crate::text::Span;

use super::module_inputs::callee;

pub(super) const CHECK: CheckDef = CheckDef {
    name: "cycle",
    outcomes: &[
        Outcome { name: "itself", placeholders: &["address"] },
        Outcome { name: "circle", placeholders: &["address", "path"] },
        Outcome { name: "module", placeholders: &["address"] },
        Outcome { name: "modules", placeholders: &["address", "path"] },
    ],
    build: |_| Ok(Box::new(Cycle)),
};

struct Cycle;

/// What is declared, and what of that it needs.
struct Node<'s> {
    address: Address<'s>,
    span: Span,
    /// The values that may need something.
    values: Vec<&'s Expr>,
    file: &'s SourceFile,
    /// By its place among the nodes; with the place in the text that says so.
    needs: BTreeMap<usize, Span>,
}

/// `local.NAME`, `TYPE.NAME`, `data.TYPE.NAME`; of a module its directory alone, as a name.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Address<'s> {
    is_data: bool,
    kind: &'s str,
    name: &'s str,
}

impl Check for Cycle {
    fn interests(&self) -> Vec<Interest> {
        vec![Interest::Repo]
    }

    fn judge(&self, context: &Context<'_>, _: Subject<'_>, out: &mut Findings) {
        for module in context.repo.modules.iter().filter(|module| module.has_code()) {
            let nodes = nodes(module);
            for node in &nodes {
                out.site_at(context, node.span);
            }
            report(&nodes, ["itself", "circle"], out);
        }
        let modules = modules(context.repo);
        for node in &modules {
            out.site_at(context, node.span);
        }
        report(&modules, ["module", "modules"], out);
    }
}

/// The modules that call others of the repo, each with these.
fn modules<'m>(repo: &'m Repo<'_>) -> Vec<Node<'m>> {
    let called = |module: &'m Module<'_>| {
        let calls = module.names.calls.values();
        calls.filter_map(|call| Some((callee(repo, call)?, call.header())))
    };
    let is_one = |module: &&Module<'_>| module.has_code() && !module.in_pieces;
    let all: Vec<&Module<'_>> =
        repo.modules.iter().filter(is_one).filter(|it| called(it).next().is_some()).collect();
    let places: FxHashMap<&str, usize> =
        all.iter().enumerate().map(|(at, module)| (&*module.dir, at)).collect();
    let node = |module: &&'m Module<'_>| {
        let calls = called(module);
        let needs = calls.filter_map(|(it, header)| Some((*places.get(&*it.dir)?, header)));
        let (dir, needs) = (&*module.dir, needs.collect());
        let address =
            Address { is_data: false, kind: "", name: if dir.is_empty() { "." } else { dir } };
        let (file, span) = called_at(module)?;
        Some(Node { address, span, values: Vec::new(), file, needs })
    };
    all.iter().filter_map(node).collect()
}

/// The first call of the module.
fn called_at<'m>(module: &'m Module<'_>) -> Option<(&'m SourceFile, Span)> {
    let call = module.names.calls.values().next()?;
    Some((call.file, call.header()))
}

fn nodes<'s>(module: &Module<'s>) -> Vec<Node<'s>> {
    let mut nodes: Vec<Node<'s>> = Vec::new();
    for &file in &module.files {
        let Some(document) = &file.hcl else { continue };
        for block in document.body.blocks() {
            add(&mut nodes, file, block);
        }
    }
    let mut places = FxHashMap::default();
    for (at, node) in nodes.iter().enumerate() {
        // Where something is declared twice, the first one counts.
        places.entry(node.address).or_insert(at);
    }
    for node in &mut nodes {
        for reference in node.values.iter().flat_map(|value| value.references(&[])) {
            let Some(&at) = address(&reference).and_then(|address| places.get(&address)) else {
                continue;
            };
            let range = reference.range(reference.steps.len());
            node.needs.entry(at).or_insert(node.file.span(range));
        }
    }
    nodes
}

fn add<'s>(nodes: &mut Vec<Node<'s>>, file: &'s SourceFile, block: &'s Block) {
    let mut push = |address, span, values| {
        nodes.push(Node { address, span, values, file, needs: BTreeMap::new() });
    };
    match (block.kind.name.as_str(), block.label(0), block.label(1)) {
        ("locals", ..) => {
            for local in block.body.attributes() {
                let address = Address { is_data: false, kind: "local", name: &local.key.name };
                push(address, file.span(local.key.range), vec![&local.value]);
            }
        }
        (word @ ("resource" | "data"), Some(kind), Some(name)) => {
            let address = Address { is_data: word == "data", kind, name };
            let values =
                block.body.expressions_without(&["lifecycle", "provisioner", "connection"]);
            push(address, file.span(block.header), values);
        }
        _ => {}
    }
}

/// The address of what is referred to.
fn address<'e>(reference: &Reference<'e>) -> Option<Address<'e>> {
    let name = |at| reference.name(at).map(SmolStr::as_str);
    match reference.root.as_str() {
        "var" | "module" | "each" | "count" | "path" | "self" | "terraform" => None,
        "data" => Some(Address { is_data: true, kind: name(0)?, name: name(1)? }),
        kind => Some(Address { is_data: false, kind, name: name(0)? }),
    }
}

/// Reports each circle once: with the first outcome what needs itself at once, with the second what does by way of others.
fn report(nodes: &[Node<'_>], [at_once, by_others]: [&str; 2], out: &mut Findings) {
    let mut told: BTreeSet<usize> = BTreeSet::new();
    for start in in_circles(nodes) {
        if told.contains(&start) {
            continue;
        }
        let Some(path) = way_back(nodes, start) else { continue };
        told.extend(&path);
        let after = |at: usize| path.get(at + 1).copied().unwrap_or(start);
        let place = |at: usize| nodes[path[at]].needs.get(&after(at)).copied();
        let address = nodes[start].address.to_string();
        let outcome = if path.len() == 1 { at_once } else { by_others };
        let mut finding = Finding::new(outcome, place(0).unwrap_or(nodes[start].span));
        if path.len() > 1 {
            let steps = path.iter().chain([&start]);
            let shown: Vec<String> = steps.map(|at| nodes[*at].address.to_string()).collect();
            finding = finding.arg("path", shown.join("` → `"));
        }
        for (at, step) in path.iter().enumerate().skip(1) {
            if let Some(place) = place(at) {
                let [needs, needed] = [*step, after(at)].map(|it| nodes[it].address);
                finding = finding.related(place, format!("`{needs}` needs `{needed}` here"));
            }
        }
        out.report(finding.arg("address", address));
    }
}

/// What may be in a circle: what is left when all are taken away that need nothing left.
fn in_circles(nodes: &[Node<'_>]) -> BTreeSet<usize> {
    let mut users: Vec<Vec<usize>> = vec![Vec::new(); nodes.len()];
    let mut open: Vec<usize> = Vec::with_capacity(nodes.len());
    for (at, node) in nodes.iter().enumerate() {
        open.push(node.needs.len());
        node.needs.keys().for_each(|needed| users[*needed].push(at));
    }
    let mut done: Vec<usize> = (0..nodes.len()).filter(|at| open[*at] == 0).collect();
    while let Some(at) = done.pop() {
        for user in &users[at] {
            open[*user] -= 1;
            if open[*user] == 0 {
                done.push(*user);
            }
        }
    }
    (0..nodes.len()).filter(|at| open[*at] > 0).collect()
}

/// The shortest way from `start` back to it, without its end.
fn way_back(nodes: &[Node<'_>], start: usize) -> Option<Vec<usize>> {
    let mut from: BTreeMap<usize, usize> = BTreeMap::new();
    let mut waiting = VecDeque::from([start]);
    while let Some(at) = waiting.pop_front() {
        for &next in nodes[at].needs.keys() {
            if next == start {
                let mut path = vec![at];
                while let Some(before) = path.last().and_then(|last| from.get(last)) {
                    path.push(*before);
                }
                path.reverse();
                return Some(path);
            }
            if let Entry::Vacant(unseen) = from.entry(next) {
                unseen.insert(at);
                waiting.push_back(next);
            }
        }
    }
    None
}

impl std::fmt::Display for Address<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.kind.is_empty() {
            return f.write_str(self.name);
        }
        let before = if self.is_data { "data." } else { "" };
        write!(f, "{before}{}.{}", self.kind, self.name)
    }
}
