//! Explicit stacks of Terragrunt give what they make the `values` that it reads, and none that it never looks at.

use std::sync::Arc;

use rustc_hash::FxHashSet;
use smol_str::SmolStr;

use crate::model::{Data, Lookup, Made, Repo, Value, switched};
use crate::rule::{Check, CheckDef, Context, Finding, Findings, Interest, Outcome, Subject};
use crate::syntax::hcl::{
    Attribute, BinaryOp, Block, Expr, ExprKind, Item, StepKind, TemplatePart,
};
use crate::syntax::{Format, HclUse, SourceFile};
use crate::text::{Globs, Span, TextRange, dir_of, path_in};

use super::reference::meant;

pub(super) const MISSING: CheckDef = CheckDef {
    name: "missing_value",
    outcomes: &[
        Outcome { name: "missing", placeholders: &["maker", "value", "file"] },
        Outcome { name: "nowhere", placeholders: &["what", "value", "nearest"] },
    ],
    build: |options| Ok(Box::new(MissingValue { files: options.globs("files")? })),
};

pub(super) const UNREAD: CheckDef = CheckDef {
    name: "unread_value",
    outcomes: &[Outcome { name: "unread", placeholders: &["template", "value", "nearest"] }],
    build: |options| Ok(Box::new(UnreadValue { stacks: options.globs("stacks")? })),
};

struct MissingValue {
    /// Units of Terragrunt and its stack files.
    files: Globs,
}

struct UnreadValue {
    /// Stack files of Terragrunt.
    stacks: Globs,
}

/// Blocks of a unit whose contents are worked out whenever it is run.
const ALWAYS_READ: [&str; 7] =
    ["locals", "terraform", "include", "dependency", "dependencies", "generate", "remote_state"];

/// What is made of the template in `dir`, as far as it is sure that it is.
fn surely_made<'r, 's>(repo: &'r Repo<'s>, dir: &str) -> Vec<&'r Arc<Made<'s>>> {
    repo.made_of(dir).iter().filter(|made| is_sure(made)).collect()
}

/// Whether it is made whenever the stack is.
fn is_sure(made: &Made<'_>) -> bool {
    switched(made.block, "enabled", true) == Some(true)
        && made.block.body.block("expansion").is_none()
        && made.file.hcl.as_ref().is_some_and(|document| document.errors.is_empty())
        && made.by.as_ref().is_none_or(|by| is_sure(by))
}

/// `values.NAME` where it is read for certain.
struct Read<'s> {
    file: &'s SourceFile,
    name: SmolStr,
    range: TextRange,
}

/// What `file` reads whenever it is read, each name once.
fn surely_read(file: &SourceFile) -> Vec<Read<'_>> {
    let Some(document) = file.hcl.as_ref().filter(|_| file.text.contains("values")) else {
        return Vec::new();
    };
    let mut exprs = Vec::new();
    for item in &document.body.items {
        match item {
            Item::Attribute(inputs) if inputs.key.name == "inputs" => exprs.push(&inputs.value),
            Item::Block(block) if file.format == Format::Hcl(HclUse::Stack) => {
                add_of_stack(block, &mut exprs);
            }
            Item::Block(block) if ALWAYS_READ.contains(&&*block.kind.name) => {
                exprs.extend(block.body.expressions());
            }
            Item::Attribute(_) | Item::Block(_) => {}
        }
    }
    let mut found = Vec::new();
    for expr in exprs {
        add_read(expr, &mut found);
    }
    let mut seen = FxHashSet::default();
    let reads = found.into_iter().filter(|(name, _)| seen.insert(name.clone()));
    reads.map(|(name, range)| Read { file, name, range }).collect()
}

/// What is worked out whenever a stack file is read.
fn add_of_stack<'e>(block: &'e Block, exprs: &mut Vec<&'e Expr>) {
    let values = block.body.attributes().map(|attribute| &attribute.value);
    match &*block.kind.name {
        "locals" => exprs.extend(values),
        "unit" | "stack"
            if block.body.attribute("enabled").is_none()
                && block.body.block("expansion").is_none() =>
        {
            exprs.extend(values);
        }
        _ => {}
    }
}

/// The `values.NAME` in `expr` that are worked out whenever it is: not what may fail, nor what is one of two or for each of many.
fn add_read(expr: &Expr, found: &mut Vec<(SmolStr, TextRange)>) {
    let mut waiting = vec![expr];
    while let Some(expr) = waiting.pop() {
        match &expr.kind {
            ExprKind::Call(call) if matches!(&*call.name.name, "try" | "can") => {}
            ExprKind::Conditional(either) => waiting.push(&either.condition),
            ExprKind::Binary(binary) if matches!(binary.op, BinaryOp::And | BinaryOp::Or) => {
                waiting.push(&binary.left);
            }
            ExprKind::For(each) => waiting.push(&each.collection),
            ExprKind::Template(template) if template.parts.iter().any(is_directive) => {}
            _ => {
                found.extend(name_of(expr));
                waiting.extend(expr.children().into_iter().rev());
            }
        }
    }
}

fn is_directive(part: &TemplatePart) -> bool {
    matches!(part, TemplatePart::Directive(_))
}

/// The name in `values.NAME` and `values["NAME"]`, and where it stands.
pub(super) fn name_of(expr: &Expr) -> Option<(SmolStr, TextRange)> {
    let ExprKind::Traversal(traversal) = &expr.kind else { return None };
    let is_values = matches!(&traversal.base.kind, ExprKind::Variable(root) if root == "values");
    let step = traversal.steps.first().filter(|_| is_values)?;
    let name = match &step.kind {
        StepKind::Attribute(name) => name.clone(),
        StepKind::Index(index) => index.as_literal()?,
        _ => return None,
    };
    Some((name, traversal.base.range.cover(step.range)))
}

/// Whether what is `made` gets a value called `name`; or why that is not known.
fn gets(repo: &Repo<'_>, made: &Arc<Made<'_>>, name: &str) -> Result<bool, String> {
    match repo.values_of(made) {
        None => Ok(false),
        Some(values) => match values.get(name) {
            Lookup::Found(_) => Ok(true),
            Lookup::Absent => Ok(false),
            Lookup::Unknown(reason) => Err(reason.to_string()),
        },
    }
}

/// The file of the unit or stack in `dir`.
fn own_file<'s>(repo: &Repo<'s>, dir: &str, is_stack: bool) -> Option<&'s SourceFile> {
    if is_stack {
        return repo.source(&path_in(dir, "terragrunt.stack.hcl"));
    }
    repo.unit_in(dir)
}

impl Check for MissingValue {
    fn interests(&self) -> Vec<Interest> {
        vec![Interest::Files(self.files.clone())]
    }

    fn judge(&self, context: &Context<'_>, subject: Subject<'_>, out: &mut Findings) {
        let Subject::File(file) = subject else { return };
        let repo = context.repo;
        if repo.makers().is_empty() || file.hcl.as_ref().is_none_or(|it| !it.errors.is_empty()) {
            return;
        }
        judge_reads(repo, file, out);
        if file.format == Format::Hcl(HclUse::Stack) {
            judge_makers(repo, file, out);
        }
    }
}

/// Whether nothing that is made of the template in `dir` gets `name`, by several blocks: one alone is told of itself.
fn none_gets(repo: &Repo<'_>, dir: &str, name: &str) -> bool {
    let made = surely_made(repo, dir);
    let [first, others @ ..] = made.as_slice() else { return false };
    let is_several = others.iter().any(|it| !std::ptr::eq(it.block, first.block));
    is_several
        && made.len() == repo.made_of(dir).len()
        && made.into_iter().all(|made| gets(repo, made, name) == Ok(false))
}

/// What the template in `file` reads and no stack gives.
fn judge_reads(repo: &Repo<'_>, file: &SourceFile, out: &mut Findings) {
    let dir = dir_of(&file.path);
    let is_stack = file.format == Format::Hcl(HclUse::Stack);
    let Some(first) = repo.made_of(dir).iter().find(|it| it.is_stack() == is_stack) else { return };
    for Read { name, range, .. } in surely_read(file) {
        out.site();
        if !none_gets(repo, dir, &name) {
            continue;
        }
        let given: Vec<SmolStr> = repo.made_of(dir).iter().flat_map(|it| names(repo, it)).collect();
        out.report(
            Finding::new("nowhere", file.span(range))
                .arg("what", if is_stack { "stack" } else { "unit" })
                .arg("value", &*name)
                .arg("nearest", meant(&name, given.iter().map(SmolStr::as_str)))
                .related(first.file.span(first.block.header), "it is made here"),
        );
    }
}

/// The names of the values that what is `made` gets.
fn names(repo: &Repo<'_>, made: &Arc<Made<'_>>) -> Vec<SmolStr> {
    let values = repo.values_of(made);
    let maps = values.iter().flat_map(Value::possibilities).filter_map(|it| match &it.data {
        Data::Map(map) => Some(map),
        _ => None,
    });
    maps.flat_map(|map| map.entries.iter().map(|entry| entry.key.clone())).collect()
}

/// What the blocks of the stack `file` do not give, and what they make reads.
fn judge_makers(repo: &Repo<'_>, file: &SourceFile, out: &mut Findings) {
    let templates: FxHashSet<&str> = repo
        .makers()
        .iter()
        .filter(|it| it.file.id == file.id)
        .map(|it| it.source.as_str())
        .collect();
    let mut told = FxHashSet::default();
    let mut templates = Vec::from_iter(templates);
    templates.sort_unstable();
    for dir in templates {
        for made in surely_made(repo, dir).into_iter().filter(|it| it.file.id == file.id) {
            let Some(own) = own_file(repo, dir, made.is_stack()) else { continue };
            let mut files = if made.is_stack() { vec![own] } else { repo.unit_files(dir) };
            // What is given lies beside the unit, and not beside what that includes from elsewhere.
            files.retain(|it| dir_of(&it.path) == dir);
            for read in files.into_iter().flat_map(surely_read) {
                // Where nobody gives it, that is said where it is read.
                let is_own = read.file.id == own.id;
                if is_own && none_gets(repo, dir, &read.name) {
                    continue;
                }
                judge_maker(repo, made, &read, &mut told, out);
            }
        }
    }
}

/// Whether what is `made` gets what is `read`. What was `told` of the same block, seen another way, is not said again.
fn judge_maker(
    repo: &Repo<'_>,
    made: &Arc<Made<'_>>,
    read: &Read<'_>,
    told: &mut FxHashSet<(TextRange, SmolStr)>,
    out: &mut Findings,
) {
    out.site();
    let given = made.block.body.attribute("values").map(|it| it.key.range);
    let span = made.file.span(given.unwrap_or(made.block.header));
    match gets(repo, made, &read.name) {
        Err(reason) => out.unknown(span, reason),
        Ok(false) if told.insert((made.block.header, read.name.clone())) => out.report(
            Finding::new("missing", span)
                .arg("maker", maker(made.block))
                .arg("value", &*read.name)
                .arg("file", &*read.file.path)
                .related(read.file.span(read.range), "it is read here"),
        ),
        Ok(_) => {}
    }
}

/// `unit.NAME` or `stack.NAME`.
pub(super) fn maker(block: &Block) -> String {
    format!("{}.{}", block.kind.name, block.label(0).unwrap_or_default())
}

impl Check for UnreadValue {
    fn interests(&self) -> Vec<Interest> {
        vec![Interest::Files(self.stacks.clone())]
    }

    fn judge(&self, context: &Context<'_>, subject: Subject<'_>, out: &mut Findings) {
        let Subject::File(file) = subject else { return };
        let repo = context.repo;
        let mut seen = FxHashSet::default();
        for maker in repo.makers().iter().filter(|it| it.file.id == file.id) {
            let Some(values) = maker.block.body.attribute("values") else { continue };
            if !seen.insert(values.key.range) {
                continue;
            }
            let sources = repo.makers().iter().filter(|it| std::ptr::eq(it.block, maker.block));
            let dirs: FxHashSet<&str> = sources.map(|it| &*it.source).collect();
            // Seen another way, the same words may lead to another template.
            if let [dir] = Vec::from_iter(dirs).as_slice() {
                judge_values(repo, (file, maker.block, values), dir, out);
            }
        }
    }
}

/// What the `values` of `block` give that nothing of the template in `dir` reads.
fn judge_values(
    repo: &Repo<'_>,
    (file, block, values): (&SourceFile, &Block, &Attribute),
    dir: &str,
    out: &mut Findings,
) {
    let ExprKind::Object(entries) = &values.value.unparenthesised().kind else { return };
    let is_stack = block.kind.name == "stack";
    let Some(own) = own_file(repo, dir, is_stack) else { return };
    let read = readers(repo, own, is_stack).and_then(|files| names_read(&files));
    for entry in entries {
        let Some(name) = entry.literal_key() else { continue };
        out.site();
        let span: Span = file.span(entry.key.range);
        match &read {
            Err(reason) => out.unknown(span, reason.clone()),
            Ok(read) if read.contains(&name) => {}
            Ok(_) if is_read_as_a_file(repo) => {
                out.unknown(span, "a file of the repo reads what stacks give");
            }
            Ok(_) if let Some(other) = shared_reader(repo, &name) => {
                out.unknown(span, format!("`{}` reads it, and may be read along", other.path));
            }
            Ok(read) => out.report(
                Finding::new("unread", span)
                    .arg("template", dir)
                    .arg("value", &*name)
                    .arg("nearest", meant(&name, read.iter().map(SmolStr::as_str))),
            ),
        }
    }
}

/// A file that is neither unit nor stack, but is read by some, and reads the value `name`.
fn shared_reader<'s>(repo: &Repo<'s>, name: &str) -> Option<&'s SourceFile> {
    let words = format!("values.{name}");
    let mut shared = repo.sources.iter().filter(|file| file.format.is_other_hcl());
    shared.find(|file| file.text.contains(&words))
}

/// Whether a file of Terragrunt reads what a stack or a file of values says as the file that it is.
fn is_read_as_a_file(repo: &Repo<'_>) -> bool {
    let reads = repo.list("who reads files of explicit stacks", || {
        let is_one = |text: &str| {
            ["terragrunt.stack.hcl", "terragrunt.values.hcl"].iter().any(|name| text.contains(name))
        };
        let names = |expr: &Expr| match &expr.kind {
            ExprKind::Template(template) => template.parts.iter().any(|part| match part {
                TemplatePart::Literal(literal) => is_one(&literal.value),
                _ => false,
            }),
            _ => false,
        };
        let reads = |file: &&SourceFile| {
            let body = file.hcl.as_ref().map(|document| &document.body);
            is_one(&file.text) && body.is_some_and(|body| body.descendants().any(names))
        };
        Ok(repo.sources.iter().find(reads).map(|it| it.path.to_string()).into_iter().collect())
    });
    (*reads).as_ref().is_ok_and(|files| !files.is_empty())
}

/// The files that may read what is given to the unit or stack in `own`; or why these are not all known.
fn readers<'s>(
    repo: &Repo<'s>,
    own: &'s SourceFile,
    is_stack: bool,
) -> Result<Vec<&'s SourceFile>, String> {
    let dir = dir_of(&own.path);
    let includes = own.hcl.iter().flat_map(|it| it.body.blocks_of("include")).count();
    let mut files = if is_stack { vec![own] } else { repo.unit_reads(dir) };
    if files.len() != includes + 1 || !(is_stack || repo.knows_includes(dir)) {
        return Err("what is made of it includes configuration that is not known".to_owned());
    }
    let prefix = path_in(dir, "");
    let prefix = if dir.is_empty() { "" } else { &*prefix };
    let from = repo.sources.partition_point(|it| *it.path < *prefix);
    let beside = repo.sources[from..].iter().take_while(|it| it.path.starts_with(prefix));
    files.extend(beside.filter(|it| it.hcl.is_some() && !it.format.is_terraform()));
    if files.iter().any(|it| it.hcl.as_ref().is_none_or(|it| !it.errors.is_empty())) {
        return Err("a file of what is made of it is not valid HCL".to_owned());
    }
    if repo.links.iter().any(|it| it.path.starts_with(prefix))
        || repo.skipped.iter().any(|it| it.path.starts_with(prefix))
    {
        return Err("not all files of what is made of it can be read".to_owned());
    }
    Ok(files)
}

/// The names of the values that `files` read; or why they may read any.
fn names_read(files: &[&SourceFile]) -> Result<Vec<SmolStr>, String> {
    let mut names = Vec::new();
    for file in files {
        let body = file.hcl.iter().map(|document| &document.body);
        for expr in body.flat_map(|body| body.expressions()) {
            let references = expr.references(&[]);
            for reference in references.iter().filter(|it| it.root == "values") {
                let step = reference.steps.first().map(|step| &step.kind);
                names.push(match step {
                    Some(StepKind::Attribute(name)) => name.clone(),
                    Some(StepKind::Index(index)) if let Some(name) = index.as_literal() => name,
                    _ => return Err(format!("`{}` reads all that it is given", file.path)),
                });
            }
        }
    }
    Ok(names)
}
