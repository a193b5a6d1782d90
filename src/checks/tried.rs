//! Expressions that may fail: whatever stands in `try` and `can`, and what is only worked out where something was found to be there.

use rustc_hash::FxHashSet;

use crate::syntax::hcl::{Expr, ExprKind};
use crate::text::TextRange;

/// What may fail of the expressions that were met so far.
#[derive(Default)]
pub(super) struct Tried(FxHashSet<TextRange>);

impl Tried {
    /// Whether `expr` may fail. Asked of each expression before those inside it.
    pub(super) fn may_fail(&mut self, expr: &Expr) -> bool {
        let is_tried = self.0.contains(&expr.range);
        if is_tried || calls(expr, &["try", "can"]) {
            self.0.extend(expr.children().into_iter().map(|it| it.range));
        }
        // `contains(keys(it), "name") ? it.name : null`
        if let ExprKind::Conditional(conditional) = &expr.kind
            && conditional.condition.descendants().any(|it| calls(it, &["can", "keys"]))
        {
            self.0.extend([conditional.yes.range, conditional.no.range]);
        }
        is_tried
    }
}

fn calls(expr: &Expr, functions: &[&str]) -> bool {
    matches!(&expr.kind, ExprKind::Call(call) if functions.contains(&call.name.name.as_str()))
}
