//! Terragrunt's dependencies between stacks: they exist, form no circle, and lead from the stacks that must come up first
//! only to others of those.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Dependency, Repo};
use crate::rule::{
    Check, CheckDef, Context, Finding, Findings, Interest, OptionError, Options, Outcome, Subject,
};
use crate::syntax::SourceFile;
use crate::text::{FileId, dir_of, path_in};

use super::written_list::WrittenList;

pub(super) const CHECK: CheckDef = CheckDef {
    name: "stack_dependency",
    outcomes: &[
        Outcome { name: "missing", placeholders: &["stack", "target"] },
        Outcome { name: "circle", placeholders: &["stack", "circle"] },
    ],
    build: |_| Ok(Box::new(StackDependency)),
};

pub(super) const LATE: CheckDef = CheckDef {
    name: "late_dependency",
    outcomes: &[Outcome { name: "late", placeholders: &["stack", "target", "list"] }],
    build: build_late,
};

pub(super) const FORBIDDEN: CheckDef = CheckDef {
    name: "forbidden_dependency",
    outcomes: &[Outcome { name: "forbidden", placeholders: &["stack", "target", "reason"] }],
    build: build_forbidden,
};

struct StackDependency;

struct LateDependency {
    /// The stacks that must come up before all others, where the repo lists them.
    first_tier: Option<WrittenList>,
}

struct ForbiddenDependency {
    edges: Vec<Edge>,
}

struct Edge {
    from: String,
    to: String,
    reason: String,
}

fn build_late(options: &mut Options<'_>) -> Result<Box<dyn Check>, OptionError> {
    Ok(Box::new(LateDependency { first_tier: WrittenList::read(options, "first_tier")? }))
}

fn build_forbidden(options: &mut Options<'_>) -> Result<Box<dyn Check>, OptionError> {
    let edges = options.each_object("edges", |edge| {
        Ok(Edge {
            from: edge.string("from")?,
            to: edge.string("to")?,
            reason: edge.string("reason")?,
        })
    })?;
    Ok(Box::new(ForbiddenDependency { edges }))
}

/// A unit's dependencies that lead somewhere.
struct Unit<'s> {
    file: &'s SourceFile,
    dependencies: Vec<(Dependency, String)>,
}

type Graph<'s> = BTreeMap<&'s str, Unit<'s>>;

impl Check for StackDependency {
    fn interests(&self) -> Vec<Interest> {
        vec![Interest::Repo]
    }

    fn judge(&self, context: &Context<'_>, _: Subject<'_>, out: &mut Findings) {
        let repo = context.repo;
        // Circles lead through stacks that nobody asked about.
        let graph = graph(context, &|_| true, out);
        let circular = circular(&graph);
        for (dir, unit) in &graph {
            let stack = name(repo, dir);
            for (dependency, target) in &unit.dependencies {
                let span = dependency.span;
                let finding = |outcome| Finding::new(outcome, span).arg("stack", stack.clone());
                if !graph.contains_key(target.as_str()) {
                    if !repo.has_link_on_way(&path_in(target, "terragrunt.hcl")) {
                        // No link is followed: what it leads to may depend on anything.
                        out.report(finding("missing").arg("target", target.clone()));
                    }
                    continue;
                }
                let may_return = circular.contains(dir) && circular.contains(target.as_str());
                if let Some(circle) = may_return.then(|| circle(&graph, dir, target)).flatten() {
                    let shown: Vec<String> = circle.iter().map(|dir| name(repo, dir)).collect();
                    out.report(finding("circle").arg("circle", shown.join(" → ")));
                }
            }
        }
    }
}

impl Check for LateDependency {
    fn interests(&self) -> Vec<Interest> {
        vec![Interest::Repo]
    }

    fn judge(&self, context: &Context<'_>, _: Subject<'_>, out: &mut Findings) {
        let repo = context.repo;
        let Some(list) = &self.first_tier else { return };
        let Some(Ok(first)) = list.find(repo) else { return };
        let is_first = |file: FileId| {
            let dir = dir_of(&repo.sources[file.index()].path);
            (context.is_wanted)(file) && first.words.contains(&name(repo, dir))
        };
        for (dir, unit) in graph(context, &is_first, out) {
            let stack = name(repo, dir);
            for (dependency, target) in unit.dependencies {
                let later = name(repo, &target);
                if repo.unit_in(&target).is_some() && !first.words.contains(&later) {
                    out.report(
                        Finding::new("late", dependency.span)
                            .arg("stack", stack.clone())
                            .arg("target", later)
                            .arg("list", list.file())
                            .related(first.span, "the stacks that come first"),
                    );
                }
            }
        }
    }
}

impl Check for ForbiddenDependency {
    fn interests(&self) -> Vec<Interest> {
        vec![Interest::Repo]
    }

    fn judge(&self, context: &Context<'_>, _: Subject<'_>, out: &mut Findings) {
        let repo = context.repo;
        for (dir, unit) in graph(context, context.is_wanted, out) {
            let stack = name(repo, dir);
            for (dependency, target) in unit.dependencies {
                let target = name(repo, &target);
                for edge in self.edges.iter().filter(|it| it.from == stack && it.to == target) {
                    out.report(
                        Finding::new("forbidden", dependency.span)
                            .arg("stack", stack.clone())
                            .arg("target", target.clone())
                            .arg("reason", edge.reason.clone()),
                    );
                }
            }
        }
    }
}

/// The units by directory, of those in files that are wanted. Each dependency is a site; one whose target is not known is in
/// no graph.
fn graph<'s>(
    context: &Context<'s>,
    is_wanted: &dyn Fn(FileId) -> bool,
    out: &mut Findings,
) -> Graph<'s> {
    let repo = context.repo;
    let mut graph = BTreeMap::new();
    for file in repo.units().filter(|file| is_wanted(file.id)) {
        let mut unit = Unit { file, dependencies: Vec::new() };
        for dependency in repo.dependencies(file) {
            out.site_at(context, dependency.span);
            match dependency.target.clone() {
                Ok(target) => unit.dependencies.push((dependency, target)),
                Err(reason) => out.unknown(dependency.span, reason.to_string()),
            }
        }
        graph.insert(dir_of(&unit.file.path), unit);
    }
    graph
}

/// The directories of the units that may lie on a circle: one that depends on none of these does not, nor one on which none
/// of these depends. Mostly there are none, however many units there are.
fn circular<'g>(graph: &'g Graph<'_>) -> BTreeSet<&'g str> {
    let mut left: BTreeSet<&str> = graph.keys().copied().collect();
    loop {
        let targets = |dir: &str| graph[dir].dependencies.iter().map(|(_, target)| target.as_str());
        let wanted: BTreeSet<&str> = left.iter().flat_map(|dir| targets(dir)).collect();
        let before = left.len();
        let leads_on = |dir: &str| targets(dir).any(|target| left.contains(target));
        left = left.iter().copied().filter(|dir| wanted.contains(dir) && leads_on(dir)).collect();
        if left.len() == before {
            return left;
        }
    }
}

/// The shortest way from `target` back to `start`, with `start` before it.
fn circle<'g>(graph: &'g Graph<'_>, start: &'g str, target: &'g str) -> Option<Vec<&'g str>> {
    let mut ways: Vec<Vec<&str>> = vec![vec![start, target]];
    let mut seen = BTreeSet::from([target]);
    let mut next = 0;
    while let Some(way) = ways.get(next).cloned() {
        next += 1;
        let last = way.last().copied()?;
        if last == start {
            return Some(way);
        }
        let targets = graph.get(last).map(|unit| unit.dependencies.as_slice());
        for (_, target) in targets.unwrap_or_default() {
            if seen.insert(target) {
                ways.push(way.iter().copied().chain([target.as_str()]).collect());
            }
        }
    }
    None
}

/// The name of the stack in `dir`, whether it is there or not.
fn name(repo: &Repo<'_>, dir: &str) -> String {
    let stack = repo.stacks.iter().find(|stack| *stack.dir == *dir);
    let otherwise = dir.strip_prefix("stacks/").unwrap_or(dir);
    stack.map_or(otherwise, |stack| &stack.name).to_owned()
}
