//! A list that is written again and again beside a local that holds the same one.

use std::collections::BTreeSet;

use crate::diagnostic::{Applicability, Edit};
use crate::model::{BlockRef, ExprRef, Repo};
use crate::rule::write;
use crate::rule::{
    Check, CheckDef, Context, Finding, Findings, Interest, OptionError, Options, Outcome, Subject,
};
use crate::syntax::hcl::{Expr, ExprKind};
use crate::text::Span;

pub(super) const CHECK: CheckDef = CheckDef {
    name: "repeated_list",
    outcomes: &[Outcome { name: "repeated", placeholders: &["local", "times"] }],
    build,
};

struct RepeatedList {
    /// A list this short may be equal by chance.
    min_items: f64,
    /// So many copies besides the local are meant to be one list.
    min_copies: f64,
}

fn build(options: &mut Options<'_>) -> Result<Box<dyn Check>, OptionError> {
    let (min_items, min_copies) = (options.number("min_items")?, options.number("min_copies")?);
    Ok(Box::new(RepeatedList { min_items, min_copies }))
}

impl Check for RepeatedList {
    fn interests(&self) -> Vec<Interest> {
        vec![Interest::blocks("locals")]
    }

    fn judge(&self, context: &Context<'_>, subject: Subject<'_>, out: &mut Findings) {
        let Subject::Block(block) = subject else { return };
        for local in block.block.body.attributes() {
            let Some(wanted) = strings(&local.value) else { continue };
            if count(wanted.len()) < self.min_items {
                continue;
            }
            out.site();
            let held = ExprRef { file: block.file, expr: &local.value }.span();
            let copies = copies(context.repo, &block, &wanted, held);
            if count(copies.len()) < self.min_copies {
                continue;
            }
            for copy in &copies {
                let finding = Finding::new("repeated", copy.span())
                    .arg("local", local.key.name.as_str())
                    .arg("times", copies.len().to_string());
                let name = format!("local.{}", local.key.name);
                let edit = Edit { span: copy.span(), text: name.clone() };
                let finding = finding.related(held, "the same list");
                let title = format!("write `{name}`");
                let edits = is_replaceable(copy, &local.value).then(|| vec![edit]);
                out.report(finding.fix(Applicability::Unsafe, &title, edits));
            }
        }
    }
}

/// Whether the local that is `held` can stand in the place of `copy`. In another order it is another list; and of two locals that
/// hold the same, which one is to go is for people to say.
fn is_replaceable(copy: &ExprRef<'_>, held: &Expr) -> bool {
    let Some(document) = &copy.file.hcl else { return false };
    let range = copy.expr.range;
    let mut locals = document.body.blocks_of("locals").flat_map(|block| block.body.attributes());
    let is_local = locals.any(|local| local.value.unparenthesised().range == range);
    in_order(copy.expr) == in_order(held) && !is_local && write::may_refer(&document.body, range)
}

/// The lists of the local's module with the same strings.
fn copies<'s>(
    repo: &Repo<'s>,
    local: &BlockRef<'s>,
    wanted: &BTreeSet<String>,
    held: Span,
) -> Vec<ExprRef<'s>> {
    let mut found = Vec::new();
    for file in &repo.module(local.module).files {
        let Some(document) = &file.hcl else { continue };
        let same =
            document.body.descendants().filter(|expr| strings(expr).as_ref() == Some(wanted));
        found.extend(same.map(|expr| ExprRef { file, expr }).filter(|it| it.span() != held));
    }
    found
}

fn count(length: usize) -> f64 {
    f64::from(length as u32)
}

/// The strings of a list that holds nothing else.
fn strings(expr: &Expr) -> Option<BTreeSet<String>> {
    let strings: BTreeSet<String> = in_order(expr)?.into_iter().collect();
    (!strings.is_empty()).then_some(strings)
}

/// The same, one after the other.
fn in_order(expr: &Expr) -> Option<Vec<String>> {
    let ExprKind::Tuple(items) = &expr.kind else { return None };
    items.iter().map(|item| item.as_literal().map(String::from)).collect()
}
