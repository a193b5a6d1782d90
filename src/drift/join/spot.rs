//! The smallest thing of a block that says what stands at a path.

use crate::drift::path::{Path, Step};
use crate::model::{BlockRef, Repo, Scope, is_set_of_blocks};
use crate::syntax::SourceFile;
use crate::syntax::hcl::{Block, Body, Expr, ExprKind, ObjectEntry};
use crate::text::TextRange;

/// The attributes of the Kubernetes provider that are sets: the order of a plan is not that of the code.
const SETS: &[&str] = &[
    "access_modes",
    "api_groups",
    "ceph_monitors",
    "external_ips",
    "load_balancer_source_ranges",
    "match_label_keys",
    "monitors",
    "mount_options",
    "namespaces",
    "resource_names",
    "resources",
    "scopes",
    "supplemental_groups",
    "target_ww_ns",
    "usages",
    "values",
    "verbs",
];

/// A place inside a block.
#[derive(Clone, Debug)]
pub(super) struct Spot<'s> {
    /// The file of the block.
    pub(super) file: &'s SourceFile,
    /// The bytes.
    pub(super) range: TextRange,
    /// The expression that says it, and the steps that lead on from what it says.
    pub(super) value: Option<(&'s Expr, Vec<Step>)>,
    /// In whose eyes.
    pub(super) scope: Scope<'s>,
    /// Whether the code says something there.
    pub(super) is_declared: bool,
    /// Why it may be another place.
    pub(super) caveat: Option<String>,
    /// Whether a `dynamic` block makes it, with others.
    pub(super) is_made: bool,
}

/// What `block` says at `path`. Where it `is_extra`, the code has no such element, and another one may have its position: then
/// what it would be an element of.
pub(super) fn spot<'s>(
    repo: &Repo<'s>,
    block: BlockRef<'s>,
    path: &Path,
    is_extra: bool,
    scope: Scope<'s>,
) -> Spot<'s> {
    let mut spot = Spot {
        file: block.file,
        range: block.block.header,
        value: None,
        scope,
        is_declared: true,
        caveat: None,
        is_made: false,
    };
    let kind = block.block.label(0).unwrap_or_default();
    let mut body = &block.block.body;
    let is_extra = is_extra && matches!(path.0.last(), Some(Step::Index(_)));
    let mut steps = path.0.as_slice();
    while let Some((step, rest)) = steps.split_first() {
        let Step::Name(name) = step else {
            spot.is_declared = false;
            break;
        };
        if let Some(attribute) = body.attribute(name) {
            spot.range = attribute.range;
            let rest = if is_extra { &rest[..rest.len().saturating_sub(1)] } else { rest };
            let is_set = kind.starts_with("kubernetes_") && SETS.contains(&name.as_str());
            if !(is_set && matches!(rest.first(), Some(Step::Index(_)))) {
                spot.in_value(&attribute.value, rest);
            }
            break;
        }
        let (position, rest) = match rest.split_first() {
            Some((Step::Index(position), rest)) => (*position as usize, rest),
            _ => (0, rest),
        };
        if std::ptr::eq(body, &raw const block.block.body)
            && is_set_of_blocks(kind, name)
            && body.blocks_of(name).nth(1).is_some()
        {
            spot.range = body.block(name).map_or(spot.range, |first| first.header);
            spot.caveat = Some(format!("which `{name}` it is cannot be told: they are a set"));
            break;
        }
        if is_extra && rest.is_empty() {
            spot.is_declared = false;
            break;
        }
        match nth(repo, &spot, body, name, position) {
            Nth::Written(block) => {
                spot.range = block.header;
                body = &block.body;
            }
            Nth::Made { content, scope, of } => {
                spot.range = content.header;
                spot.scope = scope;
                spot.is_made |= of > 1;
                body = &content.body;
            }
            Nth::Unclear(dynamic) => {
                spot.range = dynamic.header;
                spot.caveat = Some(format!(
                    "cannot be placed exactly: this makes a number of `{name}` blocks that the code alone does not tell"
                ));
                break;
            }
            Nth::Absent => {
                spot.is_declared = false;
                break;
            }
        }
        steps = rest;
    }
    if spot.is_made && spot.caveat.is_none() {
        spot.caveat = Some("the `dynamic` block around it makes others like it".to_owned());
    }
    spot
}

/// The block of a kind at a position.
enum Nth<'s> {
    /// It is there.
    Written(&'s Block),
    /// It is one of so many that a `dynamic` block makes.
    Made { content: &'s Block, scope: Scope<'s>, of: usize },
    /// It is this `dynamic` block's, or stands behind it.
    Unclear(&'s Block),
    /// There are not so many.
    Absent,
}

/// The blocks that are written and those that are made stand in the order of the source.
fn nth<'s>(
    repo: &Repo<'s>,
    spot: &Spot<'s>,
    body: &'s Body,
    name: &str,
    position: usize,
) -> Nth<'s> {
    let mut before = 0;
    for block in body.blocks() {
        if block.kind.name == name {
            if before == position {
                return Nth::Written(block);
            }
            before += 1;
        } else if block.kind.name == "dynamic" && block.label(0) == Some(name) {
            let (Some(content), Some(scopes)) = (
                block.body.block("content"),
                repo.scopes_of_dynamic(&spot.scope, spot.file, block),
            ) else {
                return Nth::Unclear(block);
            };
            if let Some(scope) = position.checked_sub(before).and_then(|at| scopes.get(at)) {
                return Nth::Made { content, scope: scope.clone(), of: scopes.len() };
            }
            before += scopes.len();
        }
    }
    Nth::Absent
}

impl<'s> Spot<'s> {
    /// Goes into `expr` as far as it is written out.
    fn in_value(&mut self, expr: &'s Expr, steps: &[Step]) {
        let mut expr = expr;
        let mut steps = steps;
        while let Some((step, rest)) = steps.split_first() {
            match part(expr, step) {
                Part::Entry(entry) => {
                    self.range = entry.range();
                    expr = &entry.value;
                }
                Part::Item(item) => {
                    self.range = item.range;
                    expr = item;
                }
                Part::Absent => {
                    self.is_declared = false;
                    return;
                }
                Part::Elsewhere => break,
            }
            steps = rest;
        }
        self.value = Some((expr, steps.to_vec()));
    }
}

/// What one step into an expression leads to.
pub(super) enum Part<'s> {
    /// An entry of an object.
    Entry(&'s ObjectEntry),
    /// An element of a list.
    Item(&'s Expr),
    /// What is written has no such part.
    Absent,
    /// It is not written here.
    Elsewhere,
}

/// What `step` leads to in `expr`.
pub(super) fn part<'s>(expr: &'s Expr, step: &Step) -> Part<'s> {
    match (&expr.unparenthesised().kind, step) {
        (ExprKind::Object(entries), Step::Name(key) | Step::Key(key)) => entry(entries, key),
        (ExprKind::Tuple(items), Step::Index(position)) => {
            items.get(*position as usize).map_or(Part::Absent, Part::Item)
        }
        // The last object counts; before one that is not written here, nothing is certain.
        (ExprKind::Call(call), Step::Name(key) | Step::Key(key)) if call.name.name == "merge" => {
            for argument in call.args.iter().rev() {
                let ExprKind::Object(entries) = &argument.unparenthesised().kind else { break };
                match entry(entries, key) {
                    Part::Absent => {}
                    found => return found,
                }
            }
            Part::Elsewhere
        }
        _ => Part::Elsewhere,
    }
}

fn entry<'s>(entries: &'s [ObjectEntry], key: &str) -> Part<'s> {
    let is_it = |entry: &&ObjectEntry| entry.literal_key().is_some_and(|it| it == key);
    match entries.iter().rev().find(is_it) {
        Some(entry) => Part::Entry(entry),
        None if entries.iter().all(|entry| entry.literal_key().is_some()) => Part::Absent,
        None => Part::Elsewhere,
    }
}
