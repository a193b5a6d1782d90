//! Forms that Terraform keeps for old code: each means the same as a plainer one.
//!
//! Invariant: a fix changes how the code reads, and never what it means.

use std::ops::Range;

use rustc_hash::FxHashSet;

use crate::diagnostic::{Applicability, Edit};
use crate::rule::write::replace;
use crate::rule::{Check, CheckDef, Context, Finding, Findings, Interest, Outcome, Subject};
use crate::syntax::SourceFile;
use crate::syntax::hcl::{
    Call, Expr, ExprKind, Step, StepKind, Template, TemplateForm, TemplatePart, Traversal,
};
use crate::text::{Globs, TextRange};

pub(super) const FORM: CheckDef = CheckDef {
    name: "outdated_form",
    outcomes: &[
        Outcome { name: "wrapped", placeholders: &["wanted"] },
        Outcome { name: "index", placeholders: &["found", "wanted"] },
        Outcome { name: "splat", placeholders: &[] },
        Outcome { name: "lookup", placeholders: &[] },
    ],
    build: |options| Ok(Box::new(OutdatedForm { files: options.globs("files")? })),
};

pub(super) const COMMENT: CheckDef = CheckDef {
    name: "slash_comment",
    outcomes: &[Outcome { name: "slashes", placeholders: &[] }],
    build: |options| Ok(Box::new(SlashComment { files: options.globs("files")? })),
};

struct OutdatedForm {
    files: Globs,
}

struct SlashComment {
    files: Globs,
}

impl Check for SlashComment {
    fn interests(&self) -> Vec<Interest> {
        vec![Interest::Files(self.files.clone())]
    }

    fn judge(&self, _: &Context<'_>, subject: Subject<'_>, out: &mut Findings) {
        let Subject::File(file) = subject else { return };
        for comment in file.comments().all().iter().filter(|it| it.said.is_none()) {
            out.site();
            if file.text[comment.range.indices()].starts_with("//") {
                let marker = comment.range.slice(0, 2);
                let edit = vec![replace(file, marker, "#")];
                let finding = Finding::new("slashes", file.span(marker));
                out.report(finding.fix(Applicability::Safe, "write `#`", Some(edit)));
            }
        }
    }
}

impl Check for OutdatedForm {
    fn interests(&self) -> Vec<Interest> {
        vec![Interest::Files(self.files.clone())]
    }

    fn judge(&self, _: &Context<'_>, subject: Subject<'_>, out: &mut Findings) {
        let Subject::File(file) = subject else { return };
        let Some(document) = &file.hcl else { return };
        // Where an expression stands for itself: beside nothing that could take a part of it.
        let mut alone: FxHashSet<TextRange> = FxHashSet::default();
        let mut keys: FxHashSet<TextRange> = FxHashSet::default();
        for expr in document.body.expressions() {
            alone.insert(expr.range);
        }
        for expr in document.body.descendants() {
            match &expr.kind {
                ExprKind::Tuple(items) => alone.extend(items.iter().map(|it| it.range)),
                ExprKind::Paren(inner) => drop(alone.insert(inner.range)),
                ExprKind::Object(entries) => {
                    alone.extend(entries.iter().map(|it| it.value.range));
                    keys.extend(entries.iter().map(|it| it.key.range));
                }
                ExprKind::Call(call) => {
                    alone.extend(call.args.iter().map(|it| it.range));
                    lookup(file, expr, call, out);
                }
                ExprKind::Template(template) => {
                    let is_key = keys.contains(&expr.range);
                    wrapped(file, (expr, template), alone.contains(&expr.range), is_key, out);
                }
                ExprKind::Traversal(traversal) => steps(file, traversal, out),
                _ => {}
            }
        }
    }
}

/// `"${var.a}"` for `var.a`.
fn wrapped(
    file: &SourceFile,
    (expr, template): (&Expr, &Template),
    is_alone: bool,
    is_key: bool,
    out: &mut Findings,
) {
    let [TemplatePart::Interpolation(only)] = template.parts.as_slice() else { return };
    if template.form != TemplateForm::Quoted {
        return;
    }
    out.site();
    let inner = &only.expr;
    let written = &file.text[inner.range.indices()];
    let is_one = matches!(
        inner.kind,
        ExprKind::Traversal(_)
            | ExprKind::Call(_)
            | ExprKind::Variable(_)
            | ExprKind::Paren(_)
            | ExprKind::Tuple(_)
            | ExprKind::Object(_)
            | ExprKind::Number(_)
            | ExprKind::Bool(_)
            | ExprKind::Template(_)
            | ExprKind::For(_)
    );
    // A line may end only inside of brackets.
    let needs_parens = is_key || !(is_one || is_alone) || !is_one && written.contains('\n');
    let wanted = if needs_parens { format!("({written})") } else { written.to_owned() };
    // What is said between would be lost.
    let has_comment = !file.comments().inside(expr.range).is_empty()
        && file.comments().inside(expr.range).len() != file.comments().inside(inner.range).len();
    let edit = (!has_comment).then(|| vec![replace(file, expr.range, wanted.clone())]);
    let first = |text: &str| text.lines().next().unwrap_or_default().len();
    let shown = match first(&wanted) {
        length if length < wanted.len() => format!("{} …", &wanted[..length]),
        _ => wanted,
    };
    let here = expr.range.slice(0, first(&file.text[expr.range.indices()]));
    let finding = Finding::new("wrapped", file.span(here)).arg("wanted", shown);
    out.report(finding.fix(Applicability::Safe, "leave the quotes out", edit));
}

/// `a.0` for `a[0]`, and `a.*.b` for `a[*].b`.
fn steps(file: &SourceFile, traversal: &Traversal, out: &mut Findings) {
    for (at, Step { kind, range }) in traversal.steps.iter().enumerate() {
        match kind {
            StepKind::LegacyIndex(index) => {
                out.site();
                let wanted = format!("[{index}]");
                let edit: Edit = replace(file, *range, wanted.clone());
                let finding = Finding::new("index", file.span(*range))
                    .arg("found", &file.text[range.indices()])
                    .arg("wanted", wanted);
                out.report(finding.fix(Applicability::Safe, "write brackets", Some(vec![edit])));
            }
            StepKind::AttributeSplat => {
                out.site();
                // With `[*]`, an index behind it is asked of each element, and with `.*` of the list.
                let is_index = |step: &Step| !matches!(step.kind, StepKind::Attribute(_));
                let is_same = !traversal.steps[at + 1..].iter().any(is_index);
                let edit = is_same.then(|| vec![replace(file, *range, "[*]")]);
                let finding = Finding::new("splat", file.span(*range));
                out.report(finding.fix(Applicability::Safe, "write brackets", edit));
            }
            _ => {}
        }
    }
}

/// `lookup(a, b)` for `a[b]`.
fn lookup(file: &SourceFile, expr: &Expr, call: &Call, out: &mut Findings) {
    let ("lookup", [map, key], false) = (&*call.name.name, call.args.as_slice(), call.expand)
    else {
        return;
    };
    out.site();
    let written = |range: Range<usize>| &file.text[range];
    let is_plain =
        matches!(map.kind, ExprKind::Traversal(_)) && file.comments().inside(expr.range).is_empty();
    let edit = is_plain.then(|| {
        let wanted = format!("{}[{}]", written(map.range.indices()), written(key.range.indices()));
        vec![replace(file, expr.range, wanted)]
    });
    let finding = Finding::new("lookup", file.span(call.name.range));
    out.report(finding.fix(Applicability::Safe, "write brackets", edit));
}
