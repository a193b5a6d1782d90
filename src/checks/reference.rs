//! What the blocks of a module refer to, and why a name may be declared where nobody can see it.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::config::nearest;
use crate::model::{ExprRef, Module, ModuleId, Reason, Repo, StringList, generated, resolve_path};
use crate::syntax::hcl::{Attribute, Block, Body, ExprKind, Item, Reference};
use crate::syntax::{FILLED_IN, Format, HclUse, SourceFile};
use crate::text::{TextRange, dir_of};
use crate::workspace::Link;

/// Blocks that refer to nothing: their contents are addresses, or read before there is anything to refer to.
const WITHOUT_REFERENCES: [&str; 3] = ["terraform", "moved", "removed"];

/// Attributes whose value is no expression, by the type of the block that they stand in.
const NO_EXPRESSION: [(&str, &str); 14] = [
    ("variable", "type"),
    ("resource", "provider"),
    ("data", "provider"),
    ("ephemeral", "provider"),
    ("import", "provider"),
    ("import", "to"),
    ("module", "providers"),
    ("provider", "alias"),
    ("lifecycle", "ignore_changes"),
    ("action_trigger", "events"),
    ("dynamic", "iterator"),
    ("provisioner", "when"),
    ("provisioner", "on_failure"),
    ("output", "type"),
];

/// Those of the blocks above of which Terraform knows every argument.
const ALL_KNOWN: [&str; 5] = ["variable", "output", "lifecycle", "action_trigger", "dynamic"];

/// Whether the argument around `range` is misspelt, and its value no expression, so that nothing in it has to be declared.
pub(super) fn is_misspelt(block: &Block, range: TextRange) -> bool {
    let kind = block.kind.name.as_str();
    block.body.items.iter().any(|item| match item {
        Item::Block(inner) => inner.range.contains(range) && is_misspelt(inner, range),
        Item::Attribute(Attribute { key, value, .. }) => {
            let known = NO_EXPRESSION.iter().filter(|(of, _)| *of == kind).map(|(_, name)| *name);
            value.range.contains(range)
                && ALL_KNOWN.contains(&kind)
                && nearest(&key.name, known).is_some()
        }
    })
}

/// Every reference in a top-level block. What a `dynamic` block calls its element is none.
pub(super) fn references_in(block: &Block) -> Vec<Reference<'_>> {
    let mut found = Vec::new();
    if !WITHOUT_REFERENCES.contains(&block.kind.name.as_str()) {
        gather(block, &mut Vec::new(), &mut found);
    }
    found
}

fn gather<'a>(block: &'a Block, bound: &mut Vec<&'a str>, found: &mut Vec<Reference<'a>>) {
    let kind = block.kind.name.as_str();
    let outside = bound.len();
    for item in &block.body.items {
        // The element has its name in the `content` and the `labels` of a `dynamic` block, not in its `for_each`.
        let is_inside = match item {
            Item::Attribute(attribute) => attribute.key.name == "labels",
            Item::Block(_) => true,
        };
        if kind == "dynamic" && is_inside {
            bound.extend(block.iterator());
        }
        match item {
            Item::Attribute(Attribute { key, value, .. }) => {
                if !NO_EXPRESSION.contains(&(kind, key.name.as_str())) {
                    found.extend(value.references(bound));
                }
            }
            Item::Block(inner) => gather(inner, bound, found),
        }
        bound.truncate(outside);
    }
}

/// So many steps are followed: a local may name itself.
const MAX_STEPS: usize = 16;

/// Where `expr` leads to step by step; itself where that does not end.
pub(super) fn followed<'s>(
    expr: ExprRef<'s>,
    step: impl Fn(ExprRef<'s>) -> Option<ExprRef<'s>>,
) -> ExprRef<'s> {
    let mut at = expr;
    for _ in 0..MAX_STEPS {
        match step(at) {
            Some(next) => at = next,
            None => return at,
        }
    }
    expr
}

/// What the local says that `expr` names, in the module of its file.
pub(super) fn local_named<'s>(repo: &Repo<'s>, expr: ExprRef<'s>) -> Option<ExprRef<'s>> {
    let ExprKind::Traversal(traversal) = &expr.expr.unparenthesised().kind else { return None };
    let module = repo.module_in(dir_of(&expr.file.path))?;
    repo.module(module).names.locals.get(traversal.local()?).copied()
}

/// What stands behind a help where one of the `known` names was meant with `name`; nothing where none is near.
pub(super) fn meant<'k>(name: &str, known: impl IntoIterator<Item = &'k str>) -> String {
    let mut known: Vec<&str> = known.into_iter().collect();
    // Of two that are as near, the same one is offered each time.
    known.sort_unstable();
    nearest(name, known).map_or_else(String::new, |it| format!("; did you mean `{it}`?"))
}

/// Why `module` may declare names that are not known.
pub(super) fn open(repo: &Repo<'_>, module: &Module<'_>) -> Option<Reason> {
    if let Some(reason) = &module.names.open {
        return Some(Reason::new(&**reason));
    }
    let broken =
        |file: &&&SourceFile| file.hcl.as_ref().is_some_and(|document| !document.errors.is_empty());
    if let Some(file) = module.files.iter().find(broken) {
        return Some(Reason::new(format!("`{}` is not valid HCL", file.path)));
    }
    let here = |path: &str| dir_of(path) == &*module.dir;
    let skipped = |path: &str| here(path) && Format::of(path).is_terraform();
    if let Some(file) = repo.skipped.iter().find(|file| skipped(&file.path)) {
        return Some(Reason::new(format!("`{}` cannot be read ({})", file.path, file.why)));
    }
    None
}

/// Whether the file at `path` tests or queries what is declared in the directory `dir`: it lies there, or in `tests` below.
pub(super) fn asks_about(path: &str, dir: &str) -> bool {
    const ENDINGS: [&str; 3] = [".tftest.hcl", ".tofutest.hcl", ".tfquery.hcl"];
    let lies = dir_of(path);
    let is_near =
        lies == dir || lies.strip_suffix("tests").is_some_and(|it| it.trim_end_matches('/') == dir);
    is_near && ENDINGS.iter().any(|ending| path.ends_with(ending))
}

/// Why what `module` declares may be used elsewhere: another one has a link to a file of it.
fn lent(repo: &Repo<'_>, module: &Module<'_>) -> Option<Reason> {
    let leads_here = |link: &&Link| {
        let target = resolve_path(dir_of(&link.path), &link.target);
        target.is_some_and(|it| dir_of(&it) == &*module.dir && Format::of(&it).is_terraform())
    };
    let link = repo.links.iter().find(leads_here)?;
    Some(Reason::new(format!("`{}` leads to a file here", link.path)))
}

/// The names that the code of `module` refers to (`var.x`, `local.y`, `data.z`), or why they are not all known. What a
/// variable's own block says of it is no use of it.
pub(super) fn used_names(repo: &Repo<'_>, id: ModuleId) -> Arc<StringList> {
    let module = repo.module(id);
    repo.list(&format!("names used in {}", module.dir), || {
        let mut names: BTreeSet<String> = match &*names_used_beside(repo, id) {
            Ok(names) => names.iter().cloned().collect(),
            Err(reason) => return Err(reason.clone()),
        };
        for file in &module.files {
            add_used(file.hcl.as_ref().map(|document| &document.body), &mut names);
        }
        Ok(names.into_iter().collect())
    })
}

/// The names of `module` that other files than its own refer to: tests, and what Terragrunt generates for it; or why not all that is
/// used is known.
pub(super) fn names_used_beside(repo: &Repo<'_>, id: ModuleId) -> Arc<StringList> {
    let module = repo.module(id);
    repo.list(&format!("names used beside {}", module.dir), || {
        if let Some(reason) = open(repo, module).or_else(|| lent(repo, module)) {
            return Err(reason);
        }
        let mut names = BTreeSet::new();
        for file in repo.sources.iter().filter(|file| asks_about(&file.path, &module.dir)) {
            add_used(file.hcl.as_ref().map(|document| &document.body), &mut names);
        }
        for file in repo.sources.iter().filter(|file| may_generate_for(file, module)) {
            for (_, says) in generated(repo.sources, file, &module.dir) {
                let (read, body) = says.map_err(|reason| Reason::new(&*reason))?;
                add_used(Some(body), &mut names);
                // Of a template that is read for it, no name tells what is filled in.
                if !std::ptr::eq(read, file) && read.text.contains("${") {
                    names.insert(FILLED_IN.to_owned());
                }
            }
        }
        if names.iter().any(|name| name.split('.').next() == Some(FILLED_IN)) {
            return Err(Reason::new(
                "what Terragrunt fills in where it generates a file is not followed",
            ));
        }
        Ok(names.into_iter().collect())
    })
}

/// Whether `file` may be the Terragrunt file of `module`, or one that it includes.
pub(super) fn may_generate_for(file: &SourceFile, module: &Module<'_>) -> bool {
    if file.format.is_other_hcl() || file.format == Format::Hcl(HclUse::Stack) {
        return true;
    }
    let dir = dir_of(&file.path);
    let above = dir.is_empty()
        || *dir == *module.dir
        || module.dir.strip_prefix(dir).is_some_and(|rest| rest.starts_with('/'));
    above && file.format.is_unit()
}

/// Every reference in a top-level block that is a use of what it names.
pub(super) fn uses_in(block: &Block) -> Vec<Reference<'_>> {
    let mut references = references_in(block);
    if block.kind.name == "terraform" {
        // Backends and encryption may take variables and locals, where nothing else of a module counts.
        gather(block, &mut Vec::new(), &mut references);
    }
    references
}

/// Adds the names that `body` refers to (`var.x`).
pub(super) fn add_used(body: Option<&Body>, names: &mut BTreeSet<String>) {
    for block in body.into_iter().flat_map(Body::blocks) {
        let own = (block.kind.name == "variable").then(|| block.label(0)).flatten();
        for reference in uses_in(block) {
            let Some(name) = reference.name(0) else { continue };
            if reference.root != "var" || own != Some(name) {
                names.insert(format!("{}.{name}", reference.root));
            }
        }
    }
}
