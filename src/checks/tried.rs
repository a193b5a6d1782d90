//! Expressions that may fail: whatever stands in `try` and `can`, and what is only worked out where something was found to be there.

use rustc_hash::FxHashSet;

use crate::syntax::hcl::{Expr, ExprKind};
use crate::text::TextRange;

/// What may fail of the expressions that were met so far, and what may lack something.
#[derive(Default)]
pub(super) struct Tried {
    tried: FxHashSet<TextRange>,
    guarded: FxHashSet<TextRange>,
}

impl Tried {
    /// Whether `expr` may fail. Asked of each expression before those inside it.
    pub(super) fn may_fail(&mut self, expr: &Expr) -> bool {
        let inside = || expr.children().into_iter().map(|it| it.range);
        let is_tried = self.tried.contains(&expr.range);
        if is_tried || calls(expr, &["try", "can"]) {
            self.tried.extend(inside());
        }
        if self.guarded.contains(&expr.range) {
            self.guarded.extend(inside());
        }
        // `contains(keys(it), "name") ? it.name : null`
        if let ExprKind::Conditional(conditional) = &expr.kind
            && conditional.condition.descendants().any(|it| calls(it, &["can", "keys"]))
        {
            self.guarded.extend([conditional.yes.range, conditional.no.range]);
        }
        is_tried
    }

    /// Whether what `expr` asks for need not be there, because a condition has asked before; of one that was asked whether it
    /// may fail.
    pub(super) fn may_lack(&self, expr: &Expr) -> bool {
        self.guarded.contains(&expr.range)
    }
}

fn calls(expr: &Expr, functions: &[&str]) -> bool {
    matches!(&expr.kind, ExprKind::Call(call) if functions.contains(&call.name.name.as_str()))
}
