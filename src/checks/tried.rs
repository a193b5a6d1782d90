//! Expressions that may fail: whatever stands in `try` and `can`.

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
        let tries = matches!(&expr.kind, ExprKind::Call(call) if matches!(call.name.name.as_str(), "try" | "can"));
        if is_tried || tries {
            self.0.extend(expr.children().into_iter().map(|it| it.range));
        }
        is_tried
    }
}
