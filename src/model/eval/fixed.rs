//! The calls in a `for` that say the same of every element, evaluated once for all of them:
//! `{ for key in keys(jsondecode(x)) : key => jsondecode(x)[key] }` would read the text as often as it has keys.
//!
//! Invariant: a value is kept as long as the `for` goes on in which nothing that its call mentions changes.

use super::{Evaluator, Scope};
use crate::model::value::Value;
use crate::syntax::SourceFile;
use crate::syntax::hcl::{Call, Expr, ExprKind, ForExpr};
use crate::text::Span;

impl<'s> Evaluator<'_, 's> {
    /// What `walk` makes of the elements of `it`.
    pub(super) fn with_fixed_calls<T>(
        &mut self,
        it: &ForExpr,
        walk: impl FnOnce(&mut Self) -> T,
    ) -> T {
        // What is called around it may go through the same `for` with other elements: its values are put back afterwards.
        let calls = fixed_calls(it).into_iter();
        let outer: Vec<_> = calls.map(|call| (call, self.fixed.insert(call, None))).collect();
        let walked = walk(self);
        for (call, before) in outer {
            match before {
                Some(known) => self.fixed.insert(call, known),
                None => self.fixed.remove(&call),
            };
        }
        walked
    }

    /// The value of `call`; that of the element before, where it says the same of all.
    pub(super) fn call_of_element(
        &mut self,
        file: &'s SourceFile,
        call: &'s Call,
        scope: &Scope<'s>,
        span: Span,
    ) -> Value {
        if self.fixed.is_empty() {
            return self.call(file, call, scope, span);
        }
        let address = address(call);
        if let Some(Some(known)) = self.fixed.get(&address) {
            return known.clone();
        }
        let value = self.call(file, call, scope, span);
        if let Some(slot) = self.fixed.get_mut(&address) {
            *slot = Some(value.clone());
        }
        value
    }
}

/// What tells a call from all others.
fn address(call: &Call) -> usize {
    std::ptr::from_ref(call) as usize
}

/// The calls in what `it` says of an element that do not mention it. What another `for` or a template says is left out: there
/// other names change.
fn fixed_calls(it: &ForExpr) -> Vec<usize> {
    let names = [Some(&it.first), it.second.as_ref()];
    let is_of_element = |expr: &Expr| match &expr.kind {
        ExprKind::Variable(name) => names.iter().flatten().any(|it| it.name == *name),
        _ => false,
    };
    let mut found = Vec::new();
    let mut waiting = vec![&it.value];
    waiting.extend(it.key.iter().chain(&it.condition));
    while let Some(expr) = waiting.pop() {
        match &expr.kind {
            ExprKind::For(_) | ExprKind::Template(_) => {}
            ExprKind::Call(call) if !expr.descendants().any(is_of_element) => {
                found.push(address(call));
            }
            _ => waiting.extend(expr.children()),
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::hcl::parse;

    /// How many calls of `code`, a `for`, say the same of all elements.
    fn count(code: &str) -> usize {
        let document = parse(&format!("x = {code}\n"));
        assert!(document.errors.is_empty(), "{code}");
        match &document.body.attributes().next().unwrap().value.kind {
            ExprKind::For(it) => fixed_calls(it).len(),
            _ => panic!("{code} is no `for`"),
        }
    }

    #[test]
    fn a_call_is_fixed_where_it_mentions_no_element() {
        for (code, calls) in [
            ("{ for k in keys(f(x)) : k => f(x)[k] }", 1),
            ("{ for k, v in y : f(k) => f(v) }", 0),
            ("[for v in y : g(f(local.x), v.a)]", 1),
            ("[for v in y : g(f(local.x), 1)]", 1),
            ("[for v in y : v if contains(f(), v)]", 1),
            ("[for v in y : { v = f(local.v) }]", 1),
            ("[for v in y : f(x[v.a])]", 0),
            ("[for v in y : [for w in f(x) : g(w)]]", 0),
            ("[for v in y : f([for w in x : g(w)])]", 1),
            ("[for v in y : \"${f(x)}\"]", 0),
        ] {
            assert_eq!(count(code), calls, "{code}");
        }
    }
}
