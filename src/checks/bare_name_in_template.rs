//! `${NAME}` in a template is Terraform's to resolve, not a shell's: a name alone resolves to nothing.
//!
//! In a template file the names are those that `templatefile` passes.

use std::collections::BTreeSet;

use crate::diagnostic::{Applicability, Edit};
use crate::model::{BlockRef, Data, ExprRef, Reason, Repo, Scope, resolve_path};
use crate::rule::write;
use crate::rule::{Check, CheckDef, Context, Finding, Findings, Interest, Outcome, Subject};
use crate::syntax::SourceFile;
use crate::syntax::hcl::{self, Call, Expr, ExprKind, TemplatePart};
use crate::text::TextRange;

use super::reference::references_in;

pub(super) const CHECK: CheckDef = CheckDef {
    name: "bare_name_in_template",
    outcomes: &[
        Outcome { name: "name", placeholders: &["found", "name"] },
        Outcome { name: "not_passed", placeholders: &["found", "name"] },
        Outcome { name: "invalid_file", placeholders: &["problem", "advice"] },
    ],
    build: |_| Ok(Box::new(BareName)),
};

/// The blocks whose templates are looked at.
const KINDS: [&str; 8] =
    ["resource", "data", "module", "locals", "output", "provider", "variable", "ephemeral"];

/// The function that renders a template file.
const RENDERS: &str = "templatefile";

struct BareName;

impl Check for BareName {
    fn interests(&self) -> Vec<Interest> {
        let blocks = KINDS.into_iter().map(Interest::blocks);
        blocks.chain([Interest::Repo]).collect()
    }

    fn judge(&self, context: &Context<'_>, subject: Subject<'_>, out: &mut Findings) {
        match subject {
            Subject::Block(block) => judge_block(context.repo, &block, out),
            Subject::Repo => judge_files(context, out),
            _ => {}
        }
    }
}

/// The holes in the templates that stand in a block.
fn judge_block(repo: &Repo<'_>, block: &BlockRef<'_>, out: &mut Findings) {
    for reference in references_in(block.block) {
        let Some(hole) = reference.hole else { continue };
        out.site();
        // `${arr[0]}` is a shell's array; `${x.y}` refers to something.
        if reference.name(0).is_none() {
            let name = reference.root.as_str();
            let (title, edits) = match meant(repo, block, name) {
                Some(meant) => (format!("write `{meant}`"), qualified(block, hole, &meant)),
                None => ("leave it to the shell, with `$$`".to_owned(), escaped(block, hole, name)),
            };
            out.report(
                Finding::new("name", block.file.span(hole))
                    .arg("found", block.file.slice(hole))
                    .arg("name", name)
                    .fix(Applicability::Unsafe, &title, edits),
            );
        }
    }
}

/// What of the module is called `name`: somebody left out what it is.
fn meant(repo: &Repo<'_>, block: &BlockRef<'_>, name: &str) -> Option<String> {
    // Not that: a variable's default refers to nothing.
    if block.block.kind.name == "variable" {
        return None;
    }
    let names = &repo.module(block.module).names;
    let variable = names.variables.contains_key(name).then(|| format!("var.{name}"));
    variable.or_else(|| names.locals.contains_key(name).then(|| format!("local.{name}")))
}

/// The edit that refers to `meant` in `hole`, where that is a name and nothing else.
fn qualified(block: &BlockRef<'_>, hole: TextRange, meant: &str) -> Option<Vec<Edit>> {
    let name = meant.split_once('.')?.1;
    let at =
        block.file.slice(hole).strip_prefix("${").filter(|it| it.trim() == format!("{name}}}"));
    at.map(|_| vec![write::replace(block.file, hole, format!("${{{meant}}}"))])
}

/// The edit that has Terraform pass what stands in `hole` on as it is: where a shell may be meant, in a text of several lines, or
/// by a name such as `HOME`.
fn escaped(block: &BlockRef<'_>, hole: TextRange, name: &str) -> Option<Vec<Edit>> {
    let is_hole = block.file.slice(hole).starts_with("${");
    let around = block.file.hcl.as_ref()?.body.surroundings(hole.start).template?;
    let is_script = block.file.code(around.inner).contains('\n');
    let is_loud = !name.contains(|c: char| c.is_ascii_lowercase());
    (is_hole && (is_script || is_loud)).then(|| vec![write::insert(block.file, hole.start, "$")])
}

/// The template files, each in the eyes of whoever renders it.
fn judge_files(context: &Context<'_>, out: &mut Findings) {
    let repo = context.repo;
    let mut judged = BTreeSet::new();
    each_rendered(context, |it| {
        let passed = passed_by(repo, it.variables, it.scope);
        if !judged.insert(format!("{:?} {} {passed:?}", it.path.span(), it.file.path)) {
            return;
        }
        out.site();
        match passed {
            Ok(passed) => judge_file(it.file, &passed, it.path, out),
            Err(reason) => out.unknown(it.path.span(), reason.to_string()),
        }
    });
}

/// A template file as somebody renders it.
pub(super) struct Rendered<'a, 's> {
    pub(super) file: &'s SourceFile,
    /// What the call says of its path, and what it passes.
    pub(super) path: ExprRef<'s>,
    pub(super) variables: ExprRef<'s>,
    pub(super) scope: &'a Scope<'s>,
}

/// Goes through the template files that are wanted, in the eyes of everybody who renders one.
pub(super) fn each_rendered<'s>(context: &Context<'s>, mut judge: impl FnMut(&Rendered<'_, 's>)) {
    let repo = context.repo;
    // Going through every expression of a repo takes longer than looking for the word.
    let renders = |file: &&&SourceFile| file.text.contains(RENDERS);
    let files = repo.modules.iter().flat_map(|module| &module.files).filter(renders);
    for block in files.flat_map(|file| repo.blocks_in(file)) {
        let calls = block.block.body.descendants().filter_map(template_file);
        let calls: Vec<&Call> = calls.filter(|call| may_render(context, call)).collect();
        if calls.is_empty() {
            continue;
        }
        let scopes = repo.scopes(&block);
        for call in calls {
            let [path, variables] = call.args.as_slice() else { continue };
            let place = |expr| ExprRef { file: block.file, expr };
            for scope in &scopes {
                for file in rendered_by(context, place(path), scope) {
                    let (path, variables) = (place(path), place(variables));
                    judge(&Rendered { file, path, variables, scope });
                }
            }
        }
    }
}

/// Whether `call` may render a file that is wanted: its path ends as the file's does. A keystroke in one file is not to
/// evaluate the calls of all stacks.
fn may_render(context: &Context<'_>, call: &Call) -> bool {
    let Some(path) = call.args.first() else { return false };
    let end = match &path.unparenthesised().kind {
        ExprKind::Template(template) => match template.parts.last() {
            Some(TemplatePart::Literal(literal)) => literal.value.rsplit('/').next(),
            _ => None,
        },
        _ => None,
    };
    context.wanted_files().any(|file| file.path.ends_with(end.unwrap_or_default()))
}

/// The files that are wanted, and that a call of `templatefile` with this `path` renders.
fn rendered_by<'s>(
    context: &Context<'s>,
    path: ExprRef<'s>,
    scope: &Scope<'s>,
) -> Vec<&'s SourceFile> {
    let repo = context.repo;
    let Some(instance) = scope.instance_id().map(|id| repo.instance(id)) else { return Vec::new() };
    let run_in = &repo.module(repo.instance(instance.root).module).dir;
    let paths = repo.eval(path, scope);
    let rendered = paths.possibilities().iter().filter_map(|path| {
        let file = repo.source(&resolve_path(run_in, &path.as_str()?)?)?;
        (context.is_wanted)(file.id).then_some(file)
    });
    rendered.collect()
}

/// The names that a call of `templatefile` passes.
fn passed_by<'s>(
    repo: &Repo<'s>,
    variables: ExprRef<'s>,
    scope: &Scope<'s>,
) -> Result<BTreeSet<String>, Reason> {
    let value = repo.eval(variables, scope);
    let unclear = || Reason::new("the variables of a template are not known");
    match &value.data {
        Data::Map(map) => match &map.open {
            None => Ok(map.entries.iter().map(|entry| entry.key.to_string()).collect()),
            Some(reason) => Err(reason.clone()),
        },
        Data::Unknown(reason) => Err(reason.clone()),
        _ => Err(unclear()),
    }
}

fn judge_file(
    file: &SourceFile,
    passed: &BTreeSet<String>,
    rendered: ExprRef<'_>,
    out: &mut Findings,
) {
    let Some(template) = file.template() else {
        if let Err(error) = hcl::parse_template(&file.text) {
            let advice = error.help.unwrap_or_else(|| "mend the template".to_owned());
            out.report(
                Finding::new("invalid_file", file.span(error.range))
                    .arg("problem", error.message)
                    .arg("advice", advice)
                    .related(rendered.span(), "it is rendered here"),
            );
        }
        return;
    };
    for reference in template.references() {
        if passed.contains(reference.root.as_str()) {
            continue;
        }
        let range = reference.hole.unwrap_or_else(|| reference.range(0));
        out.report(
            Finding::new("not_passed", file.span(range))
                .arg("found", file.slice(range))
                .arg("name", reference.root.as_str())
                .related(rendered.span(), "it is rendered here"),
        );
    }
}

fn template_file(expr: &Expr) -> Option<&Call> {
    match &expr.kind {
        ExprKind::Call(call) if call.name.name == RENDERS => Some(call),
        _ => None,
    }
}
