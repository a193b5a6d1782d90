//! Locals, resources and data sources that need themselves, be it by way of others.
//!
//! Invariant: as Terraform's graph has it, what is multiplied is one. What a module call needs for which of its outputs is not
//! looked into, and neither is what provisioners and lifecycles refer to.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::model::Module;
use crate::rule::{Check, CheckDef, Context, Finding, Findings, Interest, Outcome, Subject};
use crate::syntax::hcl::{Body, Expr, ExprKind, Item, Step, StepKind, Traversal};
use crate::text::Span;

pub(super) const CHECK: CheckDef = CheckDef {
    name: "cycle",
    outcomes: &[
        Outcome { name: "itself", placeholders: &["address"] },
        Outcome { name: "circle", placeholders: &["address", "path"] },
    ],
    build: |_| Ok(Box::new(Cycle)),
};

struct Cycle;

/// What is declared, by its address: where, and what it needs, each with the place that says so.
type Needs = BTreeMap<String, (Span, BTreeMap<String, Span>)>;

impl Check for Cycle {
    fn interests(&self) -> Vec<Interest> {
        vec![Interest::Repo]
    }

    fn judge(&self, context: &Context<'_>, _: Subject<'_>, out: &mut Findings) {
        for module in context.repo.modules.iter().filter(|module| module.has_code()) {
            let needs = needs(module);
            for (span, _) in needs.values() {
                out.site_at(context, *span);
            }
            report(&needs, out);
        }
    }
}

fn needs(module: &Module<'_>) -> Needs {
    let mut needs = Needs::new();
    for &file in &module.files {
        let Some(document) = &file.hcl else { continue };
        for block in document.body.blocks() {
            let label = |at: usize| block.label(at).unwrap_or_default();
            let mut found = BTreeMap::new();
            let mut add = |exprs: Vec<&Expr>| {
                for expr in exprs.into_iter().flat_map(Expr::descendants) {
                    if let ExprKind::Traversal(traversal) = &expr.kind
                        && let Some(address) = address(traversal)
                    {
                        found.entry(address).or_insert(file.span(expr.range));
                    }
                }
                std::mem::take(&mut found)
            };
            match block.kind.name.as_str() {
                "locals" => {
                    for local in block.body.attributes() {
                        let needed = add(vec![&local.value]);
                        let span = file.span(local.key.range);
                        needs.entry(format!("local.{}", local.key.name)).or_insert((span, needed));
                    }
                }
                kind @ ("resource" | "data") => {
                    let before = if kind == "data" { "data." } else { "" };
                    let address = format!("{before}{}.{}", label(0), label(1));
                    let needed = add(expressions(&block.body));
                    needs.entry(address).or_insert((file.span(block.header), needed));
                }
                _ => {}
            }
        }
    }
    // What nothing here declares is no part of it.
    let known: BTreeSet<String> = needs.keys().cloned().collect();
    for (_, needed) in needs.values_mut() {
        needed.retain(|address, _| known.contains(address));
    }
    needs
}

fn expressions(body: &Body) -> Vec<&Expr> {
    let mut found = Vec::new();
    for item in &body.items {
        match item {
            Item::Attribute(attribute) => found.push(&attribute.value),
            Item::Block(block) => match block.kind.name.as_str() {
                "lifecycle" | "provisioner" | "connection" => {}
                _ => found.extend(expressions(&block.body)),
            },
        }
    }
    found
}

/// The address of what `traversal` refers to.
fn address(traversal: &Traversal) -> Option<String> {
    let ExprKind::Variable(root) = &traversal.base.kind else { return None };
    let name = |at: usize| match traversal.steps.get(at).map(|Step { kind, .. }| kind) {
        Some(StepKind::Attribute(name)) => Some(name),
        _ => None,
    };
    Some(match root.as_str() {
        "data" => format!("data.{}.{}", name(0)?, name(1)?),
        _ => format!("{root}.{}", name(0)?),
    })
}

fn report(needs: &Needs, out: &mut Findings) {
    let mut told: BTreeSet<&str> = BTreeSet::new();
    for address in in_circles(needs) {
        if told.contains(address) {
            continue;
        }
        let Some(path) = way_back(needs, address) else { continue };
        told.extend(&path);
        let (span, needed) = &needs[address];
        let next = path.get(1).copied().unwrap_or(address);
        let place = needed.get(next).copied().unwrap_or(*span);
        let outcome = if path.len() == 1 { "itself" } else { "circle" };
        let mut finding = Finding::new(outcome, place).arg("address", address);
        if path.len() > 1 {
            let shown: Vec<&str> = path.iter().copied().chain([address]).collect();
            finding = finding.arg("path", shown.join("` → `"));
        }
        for (at, other) in path.iter().enumerate().skip(1) {
            let after = path.get(at + 1).copied().unwrap_or(address);
            if let Some(place) = needs[*other].1.get(after) {
                finding = finding.related(*place, format!("`{other}` needs `{after}` here"));
            }
        }
        out.report(finding);
    }
}

/// What may be in a circle: what is left when all are taken away that nothing left needs, or that need nothing left.
fn in_circles(needs: &Needs) -> BTreeSet<&str> {
    let mut left: BTreeSet<&str> = needs.keys().map(String::as_str).collect();
    loop {
        let needed: BTreeSet<&str> = left
            .iter()
            .flat_map(|address| needs[*address].1.keys().map(String::as_str))
            .filter(|address| left.contains(address))
            .collect();
        let goes_on = |address: &&str| {
            needed.contains(address)
                && needs[*address].1.keys().any(|other| left.contains(other.as_str()))
        };
        let next: BTreeSet<&str> = left.iter().copied().filter(goes_on).collect();
        if next.len() == left.len() {
            return left;
        }
        left = next;
    }
}

/// The shortest way from `start` back to it, without its end.
fn way_back<'n>(needs: &'n Needs, start: &'n str) -> Option<Vec<&'n str>> {
    let mut from: BTreeMap<&str, &str> = BTreeMap::new();
    let mut waiting = VecDeque::from([start]);
    while let Some(address) = waiting.pop_front() {
        for next in needs[address].1.keys() {
            if next == start {
                let mut path = vec![address];
                while let Some(before) = path.last().and_then(|last| from.get(last)) {
                    path.push(before);
                }
                path.reverse();
                return Some(path);
            }
            if !from.contains_key(next.as_str()) {
                from.insert(next, address);
                waiting.push_back(next);
            }
        }
    }
    None
}
