//! An inventory → text for people, JSON for programs, or the code that adopts what is in none.
//!
//! Invariant: as in the rest of this layer, a renderer decides nothing and does no I/O; the same view gives the same bytes.

mod json;
mod text;

pub use json::render as json;
pub use text::render as text;

use std::fmt::Write as _;

use super::{Code, one_line};
use crate::drift::Verdict;
use crate::drift::inventory::{InventoryReport, ObjectName};

/// What a renderer sees.
#[derive(Clone, Copy)]
pub struct InventoryView<'a> {
    /// The result.
    pub report: &'a InventoryReport,
    /// The code that it speaks of.
    pub code: Code<'a>,
}

impl InventoryView<'_> {
    /// How the inventory ends: what could not be read leaves it incomplete, whatever else was found, and so do dumps that have
    /// nothing of what the code is about.
    pub fn verdict(&self) -> Verdict {
        let is_missing = self.report.unread.iter().any(|unread| unread.is_missing);
        if is_missing || self.report.is_blind() {
            Verdict::Incomplete
        } else if self.report.has_drift() {
            Verdict::Drift
        } else {
            Verdict::Clean
        }
    }
}

/// `Deployment blog/web`
fn named(object: &ObjectName) -> String {
    let ObjectName { kind, namespace, name } = object;
    one_line(&match namespace {
        Some(namespace) => format!("{kind} {namespace}/{name}"),
        None => format!("{kind} {name}"),
    })
}

/// The `import` blocks and resources for everything that is in no code, by the stack that they may belong to.
pub fn hcl(view: &InventoryView<'_>) -> String {
    let mut out = String::new();
    for unmanaged in &view.report.unmanaged {
        if !out.is_empty() {
            out.push('\n');
        }
        let home = match &unmanaged.stack {
            Some(stack) => format!("the stack `{}` has the rest of its namespace", one_line(stack)),
            None => "no stack has anything in its namespace".to_owned(),
        };
        let _ = writeln!(out, "# {}: {home}.", named(&unmanaged.object));
        if let Some(place) = &unmanaged.may_be {
            let (address, at) = (one_line(&place.address), view.code.position(place.span));
            let _ = writeln!(
                out,
                "# It may be what `{address}` ({at}) declares, whose name is not known."
            );
        }
        out.push_str(&unmanaged.adoption);
    }
    out
}
