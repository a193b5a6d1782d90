//! Conditions whose two results have no type in common, which Terraform refuses whatever the condition says.

use crate::model::{BlockRef, ExprRef, Module, Repo, Scope};
use crate::rule::{
    Check, CheckDef, Context, Finding, Findings, Interest, OptionError, Options, Outcome, Subject,
};
use crate::syntax::hcl::{Conditional, Expr, ExprKind, ObjectEntry, Step, StepKind, Traversal};
use crate::text::Globs;

use super::certain::is_never_made;
use super::expression_type::{Led, Type, led, of};
use super::shape::{Clash, Shape, unified};
use super::tried::Tried;

pub(super) const CHECK: CheckDef = CheckDef {
    name: "unlike_results",
    outcomes: &[
        Outcome { name: "kinds", placeholders: &["one", "other"] },
        Outcome { name: "members", placeholders: &["one", "other"] },
    ],
    build,
};

struct UnlikeResults {
    files: Globs,
}

fn build(options: &mut Options<'_>) -> Result<Box<dyn Check>, OptionError> {
    Ok(Box::new(UnlikeResults { files: options.globs("files")? }))
}

impl Check for UnlikeResults {
    fn interests(&self) -> Vec<Interest> {
        vec![Interest::Files(self.files.clone())]
    }

    fn judge(&self, context: &Context<'_>, subject: Subject<'_>, out: &mut Findings) {
        let Subject::File(file) = subject else { return };
        let mut blocks = context.repo.blocks_in(file).peekable();
        if blocks.peek().is_some_and(|first| is_never_made(context.repo, first.module)) {
            return;
        }
        for block in blocks {
            let mut tried = Tried::default();
            for expr in block.block.body.descendants() {
                let may_fail = tried.may_fail(expr);
                let ExprKind::Conditional(conditional) = &expr.kind else { continue };
                if !may_fail && !are_plain(conditional) {
                    out.site();
                    judge(context.repo, &block, conditional, out);
                }
            }
        }
    }
}

/// Whether nothing can be wrong with the two: most conditions choose between two texts, or something and nothing.
fn are_plain(conditional: &Conditional) -> bool {
    let (yes, no) = (conditional.yes.unparenthesised(), conditional.no.unparenthesised());
    let is_null = |expr: &Expr| matches!(expr.kind, ExprKind::Null);
    let is_text = |expr: &Expr| expr.as_literal().is_some();
    let is_number = |expr: &Expr| matches!(expr.kind, ExprKind::Number(_));
    is_null(yes)
        || is_null(no)
        || (is_text(yes) && is_text(no))
        || (is_number(yes) && is_number(no))
}

fn judge<'s>(
    repo: &Repo<'s>,
    block: &BlockRef<'s>,
    conditional: &'s Conditional,
    out: &mut Findings,
) {
    let Some(scope) = repo.first_live_scope(block) else { return };
    let module = repo.module(block.module);
    let clash = |is_sure| {
        let eyes = Eyes { repo, module, block, scope: &scope, is_sure };
        let shape = |result| eyes.shape(result, MOST_LEVELS);
        let (yes, no) = (shape(&conditional.yes), shape(&conditional.no));
        unified(&[&yes, &no]).err()
    };
    // What stands behind names is asked for again where it matters, this time without what may be given otherwise.
    let Some(clash) = clash(false).and_then(|_| clash(true)) else { return };
    let span = block.file.span(conditional.no.range);
    let (outcome, one, other) = match clash {
        Clash::Kinds { one, other } => ("kinds", one.to_owned(), other.to_owned()),
        Clash::Members { one, other } => ("members", one, other),
    };
    let finding = Finding::new(outcome, span).arg("one", one).arg("other", other);
    out.report(finding.related(block.file.span(conditional.yes.range), "the other result"));
}

/// In whose eyes types are seen.
struct Eyes<'a, 's> {
    repo: &'a Repo<'s>,
    module: &'a Module<'s>,
    block: &'a BlockRef<'s>,
    scope: &'a Scope<'s>,
    /// Whether only that counts which no default decides.
    is_sure: bool,
}

/// Deeper than this nobody looks: far above anything written by hand.
const MOST_LEVELS: usize = 32;

impl<'s> Eyes<'_, 's> {
    fn shape(&self, expr: &'s Expr, levels: usize) -> Shape {
        let Some(levels) = levels.checked_sub(1) else { return Shape::Any };
        let inner = |expr| self.shape(expr, levels);
        let expr = expr.unparenthesised();
        match &expr.kind {
            // How many elements they have, and so which type, is known only where what they go through is.
            ExprKind::Null | ExprKind::For(_) | ExprKind::Error => Shape::Any,
            ExprKind::Tuple(items) => Shape::Tuple(items.iter().map(inner).collect()),
            ExprKind::Object(entries) => {
                let attribute = |it: &'s ObjectEntry| Some((it.literal_key()?, inner(&it.value)));
                entries
                    .iter()
                    .map(attribute)
                    .collect::<Option<Vec<_>>>()
                    .map_or(Shape::Any, Shape::object)
            }
            ExprKind::Conditional(it) => {
                let (yes, no) = (inner(&it.yes), inner(&it.no));
                unified(&[&yes, &no]).unwrap_or(Shape::Any)
            }
            // Of what there may be several, a plan knows no more than that.
            ExprKind::Traversal(traversal) if has_splat(traversal) => Shape::Any,
            ExprKind::Traversal(traversal) => match led(self.module, traversal) {
                Led::To(written) => Shape::of_type(written),
                Led::Nowhere { .. } | Led::Unknown => self.value(expr),
            },
            _ => match of(self.module, expr) {
                Some(Type::Text) => Shape::Text,
                Some(Type::Number) => Shape::Number,
                Some(Type::Bool) => Shape::Bool,
                Some(Type::List | Type::Set) => Shape::List(Box::new(Shape::Any)),
                Some(Type::Map) => Shape::Map(Box::new(Shape::Any)),
                Some(Type::Tuple | Type::Object) | None => self.value(expr),
            },
        }
    }

    fn value(&self, expr: &'s Expr) -> Shape {
        let expr = ExprRef { file: self.block.file, expr };
        let value = if self.is_sure {
            self.repo.eval_surely(expr, self.scope)
        } else {
            self.repo.eval(expr, self.scope)
        };
        Shape::of_value(&value)
    }
}

fn has_splat(traversal: &Traversal) -> bool {
    let is_splat =
        |step: &Step| matches!(step.kind, StepKind::AttributeSplat | StepKind::FullSplat);
    traversal.steps.iter().any(is_splat)
}
