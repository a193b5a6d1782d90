//! What the names of elements mean in a block, by the types of variables: `v` in a `for`, `each.value`, the name of a `dynamic` block.

use crate::model::Module;
use crate::syntax::hcl::{Block, Expr, ExprKind, StepKind, Traversal};
use crate::text::TextRange;

use super::expression_type::{Led, element_of, led_from};

/// The names of elements in a block.
pub(super) struct Elements<'e> {
    all: Vec<Element<'e>>,
}

/// The name of an element of something.
struct Element<'e> {
    name: &'e str,
    /// Whether the element is the name's `value`.
    by_value: bool,
    /// Its type; nothing where that cannot be told.
    kind: Option<&'e Expr>,
    /// Where the name means it.
    within: TextRange,
}

impl<'e> Elements<'e> {
    /// Those in `block` of `module`, whose expressions are `exprs`.
    pub(super) fn of(module: &'e Module<'_>, block: &'e Block, exprs: &[&'e Expr]) -> Self {
        let mut all = Vec::new();
        let is_repeated = matches!(block.kind.name.as_str(), "resource" | "data" | "module");
        if let Some(each) = block.body.attribute("for_each").filter(|_| is_repeated) {
            let kind = element_of(module, &each.value);
            all.push(Element { name: "each", by_value: true, kind, within: block.range });
        }
        add_dynamic(module, block, &mut all);
        for expr in exprs {
            let ExprKind::For(each) = &expr.kind else { continue };
            let name = each.second.as_ref().unwrap_or(&each.first);
            let within = TextRange { start: each.collection.range.end, ..expr.range };
            let kind = element_of(module, &each.collection);
            all.push(Element { name: &name.name, by_value: false, kind, within });
            if each.second.is_some() {
                let name = &each.first.name;
                all.push(Element { name, by_value: false, kind: None, within });
            }
        }
        Elements { all }
    }

    /// Where `traversal` leads from an element.
    pub(super) fn led(&self, traversal: &Traversal) -> Option<Led<'e>> {
        let ExprKind::Variable(root) = &traversal.base.kind else { return None };
        let named = self.all.iter().filter(|it| it.name == root);
        let around = named.filter(|it| it.within.contains(traversal.base.range));
        let element = around.min_by_key(|it| it.within.end - it.within.start)?;
        let value = |kind: &StepKind| matches!(kind, StepKind::Attribute(name) if name == "value");
        if element.by_value && !value(&traversal.steps.first()?.kind) {
            return None;
        }
        led_from(element.kind?, &traversal.steps, usize::from(element.by_value))
    }
}

/// Adds the names that the `dynamic` blocks in `block` give, at any depth.
fn add_dynamic<'e>(module: &'e Module<'_>, block: &'e Block, all: &mut Vec<Element<'e>>) {
    for inner in block.body.blocks() {
        if inner.kind.name == "dynamic"
            && let (Some(label), Some(each)) = (inner.label(0), inner.body.attribute("for_each"))
        {
            let iterator = inner.body.attribute("iterator").map(|it| &it.value.kind);
            let name = match iterator {
                Some(ExprKind::Variable(name)) => name.as_str(),
                _ => label,
            };
            let kind = element_of(module, &each.value);
            for content in inner.body.blocks_of("content") {
                all.push(Element { name, by_value: true, kind, within: content.range });
            }
        }
        add_dynamic(module, inner, all);
    }
}
