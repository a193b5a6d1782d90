//! The address that an expression refers to, through the names that it goes through.

use super::reach::{Reference, references, repeats_over};
use crate::model::{BlockRef, ExprRef, Reason, Repo, Scope};
use crate::syntax::hcl::{Body, Expr, ExprKind};

/// As many names as are followed: one that leads to itself leads nowhere.
const MAX_NAMES: usize = 16;

/// The addresses of what `expr`, in `block` as it is seen in `scope`, refers to first, in each possible world: `TYPE.NAME`,
/// `data.TYPE.NAME`, `module.NAME`. None where it refers to nothing.
///
/// # Errors
///
/// Why it is not known: a name that it goes through leads out of the code, or to several addresses.
pub(super) fn addresses<'s>(
    repo: &Repo<'s>,
    scope: Scope<'s>,
    block: BlockRef<'s>,
    expr: &'s Expr,
) -> Result<Vec<String>, Reason> {
    let body = Some(&block.block.body);
    let expr = ExprRef { file: block.file, expr };
    Follow { repo, scope, body, left: MAX_NAMES }.first(expr)
}

struct Follow<'a, 's> {
    repo: &'a Repo<'s>,
    /// In whose eyes it is seen.
    scope: Scope<'s>,
    /// The block whose `each` is meant.
    body: Option<&'s Body>,
    left: usize,
}

impl<'s> Follow<'_, 's> {
    fn first(&self, expr: ExprRef<'s>) -> Result<Vec<String>, Reason> {
        let mut found = Vec::new();
        let mut waiting = vec![expr.expr];
        while let Some(part) = waiting.pop() {
            // What decides between two is not what comes of it.
            if let ExprKind::Conditional(conditional) = &part.unparenthesised().kind {
                let condition = ExprRef { expr: &conditional.condition, ..expr };
                let taken = self.repo.holds(condition, &self.scope);
                let arms = [(&conditional.yes, true), (&conditional.no, false)];
                waiting.extend(
                    arms.iter().filter(|arm| taken.is_none_or(|it| it == arm.1)).map(|arm| arm.0),
                );
            } else {
                let mut all = references(self.repo, &self.scope, ExprRef { expr: part, ..expr });
                if let Some(addresses) = all.find_map(|it| self.address(expr, &it)) {
                    found.extend(addresses?);
                }
            }
        }
        Ok(distinct(found))
    }

    /// What `reference` in `expr` leads to. `None` where it is no reference: the variable of a `for` expression alone.
    fn address(
        &self,
        expr: ExprRef<'s>,
        reference: &Reference<'_>,
    ) -> Option<Result<Vec<String>, Reason>> {
        let [root, name, rest @ ..] = reference.parts.as_slice() else { return None };
        let instance = self.scope.instance_id()?;
        let names = &self.repo.module(self.repo.instance(instance).module).names;
        let key = reference.key.as_deref().or(rest.first().copied());
        Some(match *root {
            "data" => Ok(vec![format!("data.{name}.{}", rest.first()?)]),
            "local" => match names.locals.get(*name) {
                Some(local) => self.within((self.scope.outside(), None), *local, key),
                None => Err(leads_out(reference)),
            },
            "var" => self.argument(reference, name, key),
            _ if matches!(*name, "key" | "value") => {
                let repetition = self.body.and_then(|body| repeats_over(body, root));
                match repetition {
                    Some(for_each) => {
                        let for_each = ExprRef { expr: for_each, ..expr };
                        let at = match *root {
                            "each" => (self.scope.outside(), None),
                            _ => (self.scope.clone(), self.body),
                        };
                        self.within(at, for_each, None)
                    }
                    None => Err(leads_out(reference)),
                }
            }
            _ => Ok(vec![format!("{root}.{name}")]),
        })
    }

    /// What the caller gives for the variable `name`.
    fn argument(
        &self,
        reference: &Reference<'_>,
        name: &str,
        key: Option<&str>,
    ) -> Result<Vec<String>, Reason> {
        let Some((call, scope)) = self.repo.caller(&self.scope) else {
            return Err(leads_out(reference));
        };
        let body = &call.block.body;
        let Some(argument) = body.attribute(name) else { return Err(leads_out(reference)) };
        let value = ExprRef { file: call.file, expr: &argument.value };
        self.within((scope, Some(body)), value, key)
    }

    /// What all of `expr` refers to, each in a world of its own, or what its entry `key` does.
    fn within(
        &self,
        (scope, body): (Scope<'s>, Option<&'s Body>),
        expr: ExprRef<'s>,
        key: Option<&str>,
    ) -> Result<Vec<String>, Reason> {
        let left = self.left.checked_sub(1);
        let left = left.ok_or_else(|| Reason::new("it goes through too many names"))?;
        let inner = Follow { repo: self.repo, scope, body, left };
        let entry = key.and_then(|key| match &expr.expr.unparenthesised().kind {
            ExprKind::Object(entries) => {
                entries.iter().find(|it| it.literal_key().is_some_and(|it| it == key))
            }
            _ => None,
        });
        if let Some(entry) = entry {
            return inner.first(ExprRef { expr: &entry.value, ..expr });
        }
        let mut found = Vec::new();
        for reference in references(self.repo, &inner.scope, expr) {
            found.extend(inner.address(expr, &reference).unwrap_or(Ok(Vec::new()))?);
        }
        Ok(distinct(found))
    }
}

fn distinct(mut addresses: Vec<String>) -> Vec<String> {
    addresses.sort_unstable();
    addresses.dedup();
    addresses
}

fn leads_out(reference: &Reference<'_>) -> Reason {
    let name = reference.parts.join(".");
    Reason::new(format!("`{name}` does not say what it refers to"))
}
