//! What is certain of an expression even where nobody in the repo says what its module is given.

use rustc_hash::FxHashMap;

use super::{Called, Calls, Evaluator, Scope};
use crate::model::repo::{ExprRef, Repo};
use crate::model::value::Value;
use crate::text::Span;

/// Why an expression has no value.
#[derive(Clone, Debug)]
pub struct Refusal {
    /// The part of it that Terraform refuses, which may stand elsewhere: behind the name of a local.
    pub span: Span,
    /// What is wrong with it, as one phrase.
    pub why: String,
}

impl<'s> Repo<'s> {
    /// The value of `expr` in `scope`, with the defaults taken for unknown of the variables of a module that nobody calls: they
    /// may be given something else. Nothing is remembered, so it is for what was found with [`Repo::eval`] and has to be certain.
    pub fn eval_surely(&self, expr: ExprRef<'s>, scope: &Scope<'s>) -> Value {
        let none = Calls::default();
        let calls = scope.calls().unwrap_or(&none);
        let mut evaluator = Evaluator::new(self);
        evaluator.called = Some(Called { calls, memo: FxHashMap::default() });
        evaluator.doubts_defaults = true;
        evaluator.expr(expr.file, expr.expr, scope)
    }

    /// Why Terraform refuses `expr` in `scope`, where it certainly does.
    pub fn refusal(&self, expr: ExprRef<'s>, scope: &Scope<'s>) -> Option<Refusal> {
        // Of each expression this is asked once: there is nothing to remember.
        Evaluator::seen_in(self, scope).expr(expr.file, expr.expr, scope).refusal()?;
        let reason = self.eval_surely(expr, scope).refusal()?;
        Some(Refusal { span: reason.refused()?, why: reason.as_str().to_owned() })
    }
}
