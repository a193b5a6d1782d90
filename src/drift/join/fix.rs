//! The edits that settle a difference: to ignore a field that somebody else owns, or to write what runs.
//!
//! Invariant: an edit never reaches further than its title says, and none is offered for what is hidden.

use super::told::told;
use super::{Found, Joiner, Placed};
use crate::diagnostic::{Applicability, Edit, Fix};
use crate::drift::path::{Path, Step, holds_object};
use crate::drift::read::means_the_same;
use crate::drift::shown::{Json, Shown};
use crate::model::AttributePath;
use crate::rule::write::{self, Ignored};
use crate::syntax::SourceFile;
use crate::syntax::hcl::{Expr, ExprKind, TemplateForm};

/// A text that is longer is no value that somebody wants to read in a title.
const LONGEST: usize = 200;

impl<'s> Joiner<'_, 's> {
    /// Has Terraform ignore the fields at `paths` of a resource, each with its marker behind it. None where it ignores
    /// them already, where it cannot, or where the code is not a file of this repo.
    ///
    /// Who calls this knows that somebody else owns the fields, and that nobody said that they are never to be ignored.
    pub fn ignore(&self, found: &Found<'s>, paths: &[(&Path, Option<&str>)]) -> Option<Fix> {
        let kind = found.block.block.label(0).unwrap_or_default();
        if found.outside.is_some() || found.block.block.kind.name != "resource" {
            return None;
        }
        self.repo.module_of(&found.block.file.path)?;
        let mut fields = Vec::with_capacity(paths.len());
        for (path, note) in paths {
            let path = told(found.block.block, path);
            let Some(Step::Name(first)) = path.0.first() else { return None };
            // What a manifest is to become is compared by the provider itself.
            if kind == "kubernetes_manifest" && holds_object(kind, first) {
                return None;
            }
            fields.push((AttributePath::parse(&path.to_string())?, *note));
        }
        let fields: Vec<Ignored<'_>> =
            fields.iter().map(|(path, note)| Ignored { path, note: *note }).collect();
        let (what, edits) = write::ignore(&found.block, &fields)?;
        let title = match self.users(found.block.module) {
            0 | 1 => what,
            stacks => format!("{what}, in all {stacks} stacks that have its module"),
        };
        let fix = Fix::of_edits(title, Applicability::Unsafe, edits);
        write::fits(self.repo.sources, &fix).then_some(fix)
    }

    /// Writes `live` where the code has another literal, which says what is `want`ed: the code follows the world. None where
    /// that would change anything else too: other instances, other stacks, or what else refers to the same line.
    pub fn follow(
        &self,
        found: &Found<'s>,
        placed: &Placed<'s>,
        want: &Shown,
        live: &Shown,
    ) -> Option<Fix> {
        let (Shown::Value(want), Shown::Value(live)) = (want, live) else { return None };
        if found.is_repeated || found.outside.is_some() || placed.spot.is_made {
            return None;
        }
        let (expr, rest) = placed.spot.value.as_ref()?;
        if !rest.is_empty() || placed.place.caveat.is_some() {
            return None;
        }
        let source = super::source::source(self.repo, found, &placed.spot);
        let (file, expr, holder) = match source {
            Some(source) => {
                let (file, expr) = source.argument?;
                (file, expr, format!(" as {}", source.what))
            }
            None => (placed.spot.file, *expr, String::new()),
        };
        if self.users_of(file) != 1 {
            return None;
        }
        let (text, edit) = literal(file, expr, want, live)?;
        let title = format!("write `{text}`{holder}, which is what runs");
        let fix = Fix::of_edits(title, Applicability::Unsafe, vec![edit]);
        write::fits(self.repo.sources, &fix).then_some(fix)
    }
}

/// `live` in the place of the literal `expr`, in its type. What says something else than `want` is another place: the order
/// of a set is not that of the code, and whoever planned may have set the variable.
fn literal(file: &SourceFile, expr: &Expr, want: &Json, live: &Json) -> Option<(String, Edit)> {
    let text = match live {
        Json::String(text) => text.clone(),
        Json::Bool(value) => value.to_string(),
        Json::Number(number) => number.to_string(),
        Json::Null | Json::Array(_) | Json::Object(_) => return None,
    };
    if text.contains(Shown::MASK) || text.contains('\n') || text.chars().count() > LONGEST {
        return None;
    }
    let expr = expr.unparenthesised();
    let said = match &expr.kind {
        ExprKind::Template(template) => Json::from(template.as_literal()?.as_str()),
        ExprKind::Number(number) => serde_json::from_str(number).ok()?,
        ExprKind::Bool(value) => Json::Bool(*value),
        _ => return None,
    };
    if !means_the_same(&said, want) {
        return None;
    }
    match &expr.kind {
        ExprKind::Template(template) if template.form == TemplateForm::Quoted => {
            let old = template.as_literal()?;
            let edit = write::replace(file, expr.range, write::quoted(&text));
            (old != text).then_some((text, edit))
        }
        ExprKind::Number(old) => {
            let is_number = serde_json::from_str::<serde_json::Number>(&text).is_ok();
            let edit = write::replace(file, expr.range, text.as_str());
            (is_number && *old != text).then_some((text, edit))
        }
        ExprKind::Bool(old) => {
            let is_other = text == (!old).to_string();
            let edit = write::replace(file, expr.range, text.as_str());
            is_other.then_some((text, edit))
        }
        _ => None,
    }
}
