//! The address that an expression refers to, through the names that it goes through.

use super::reach::{Reference, references, repeats_over};
use crate::model::{InstanceId, Reason, Repo};
use crate::syntax::hcl::{Body, Expr, ExprKind};

/// As many names as are followed: one that leads to itself leads nowhere.
const MAX_NAMES: usize = 16;

/// The addresses of what `expr`, in the block `body` of one module instance, refers to first, in each possible world:
/// `TYPE.NAME`, `data.TYPE.NAME`, `module.NAME`. None where it refers to nothing.
///
/// # Errors
///
/// Why it is not known: a name that it goes through leads out of the code, or to several addresses.
pub(super) fn addresses(
    repo: &Repo<'_>,
    instance: InstanceId,
    body: Option<&Body>,
    expr: &Expr,
) -> Result<Vec<String>, Reason> {
    Follow { repo, instance, body, left: MAX_NAMES }.first(expr)
}

struct Follow<'a, 's> {
    repo: &'a Repo<'s>,
    instance: InstanceId,
    /// The block whose `each` is meant.
    body: Option<&'a Body>,
    left: usize,
}

impl Follow<'_, '_> {
    fn first(&self, expr: &Expr) -> Result<Vec<String>, Reason> {
        let mut found = Vec::new();
        let mut waiting = vec![expr];
        while let Some(expr) = waiting.pop() {
            // What decides between two is not what comes of it.
            if let ExprKind::Conditional(conditional) = &expr.unparenthesised().kind {
                waiting.extend([&conditional.yes, &conditional.no]);
            } else if let Some(addresses) = references(expr).find_map(|it| self.address(&it)) {
                found.extend(addresses?);
            }
        }
        Ok(distinct(found))
    }

    /// `None` where it is no reference: the variable of a `for` expression alone.
    fn address(&self, reference: &Reference<'_>) -> Option<Result<Vec<String>, Reason>> {
        let [root, name, rest @ ..] = reference.parts.as_slice() else { return None };
        let names = &self.repo.module(self.repo.instance(self.instance).module).names;
        let key = reference.key.as_deref().or(rest.first().copied());
        Some(match *root {
            "data" => Ok(vec![format!("data.{name}.{}", rest.first()?)]),
            "local" => match names.locals.get(*name) {
                Some(local) => self.within(None, local.expr, key),
                None => Err(leads_out(reference)),
            },
            "var" => self.argument(reference, name, key),
            _ if matches!(*name, "key" | "value") => {
                let repetition = self.body.and_then(|body| repeats_over(body, root));
                match repetition {
                    Some(for_each) => {
                        self.within(self.body.filter(|_| *root != "each"), for_each, None)
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
        let parent = self.repo.instance(self.instance).parent;
        let given = parent.and_then(|(caller, call)| {
            let body = &call.block.body;
            Some((caller, body, &body.attribute(name)?.value))
        });
        let Some((caller, body, value)) = given else { return Err(leads_out(reference)) };
        Follow { repo: self.repo, instance: caller, ..*self }.within(Some(body), value, key)
    }

    /// What all of `expr` refers to, each in a world of its own, or what its entry `key` does.
    fn within(
        &self,
        body: Option<&Body>,
        expr: &Expr,
        key: Option<&str>,
    ) -> Result<Vec<String>, Reason> {
        let left = self.left.checked_sub(1);
        let left = left.ok_or_else(|| Reason::new("it goes through too many names"))?;
        let inner = Follow { repo: self.repo, instance: self.instance, body, left };
        let entry = key.and_then(|key| match &expr.unparenthesised().kind {
            ExprKind::Object(entries) => {
                entries.iter().find(|it| it.literal_key().is_some_and(|it| it == key))
            }
            _ => None,
        });
        if let Some(entry) = entry {
            return inner.first(&entry.value);
        }
        let mut found = Vec::new();
        for reference in references(expr) {
            found.extend(inner.address(&reference).unwrap_or(Ok(Vec::new()))?);
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
