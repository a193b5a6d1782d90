//! Going over a whole tree without recursion.
//!
//! Invariant: an operator chain is as deep as it is long, so whatever visits, copies or frees expressions walks such
//! chains in a loop; everything else nests at most as deep as the parser allows.

use smallvec::SmallVec;

use super::{
    Binary, Body, Conditional, DirectiveKind, Expr, ExprKind, Item, StepKind, Template,
    TemplatePart,
};
use crate::text::TextRange;

/// Expressions inside of one: few have more.
pub type Inside<'e> = SmallVec<[&'e Expr; 8]>;

impl Expr {
    /// An expression that stands for nothing.
    fn placeholder() -> Expr {
        Expr { kind: ExprKind::Error, range: TextRange::default() }
    }

    /// The expressions directly inside, in source order.
    pub fn children(&self) -> Inside<'_> {
        let mut found = Inside::new();
        self.add_inside(&mut found);
        found
    }

    /// Adds the expressions directly inside to `found`, in source order.
    fn add_inside<'e>(&'e self, found: &mut Inside<'e>) {
        match &self.kind {
            ExprKind::Null
            | ExprKind::Bool(_)
            | ExprKind::Number(_)
            | ExprKind::Variable(_)
            | ExprKind::Error => {}
            ExprKind::Template(template) => found.extend(template.exprs()),
            ExprKind::Tuple(elements) => found.extend(elements),
            ExprKind::Object(entries) => {
                found.extend(entries.iter().flat_map(|entry| [&entry.key, &entry.value]));
            }
            ExprKind::Paren(inner) | ExprKind::Unary(_, inner) => found.push(inner),
            ExprKind::Binary(binary) => found.extend([&binary.left, &binary.right]),
            ExprKind::Conditional(conditional) => {
                found.extend([&conditional.condition, &conditional.yes, &conditional.no]);
            }
            ExprKind::Call(call) => found.extend(&call.args),
            ExprKind::For(for_expr) => {
                found.push(&for_expr.collection);
                found.extend(&for_expr.key);
                found.push(&for_expr.value);
                found.extend(&for_expr.condition);
            }
            ExprKind::Traversal(traversal) => {
                found.push(&traversal.base);
                found.extend(traversal.steps.iter().filter_map(|step| match &step.kind {
                    StepKind::Index(index) => Some(&**index),
                    _ => None,
                }));
            }
        }
    }

    /// This expression and every one inside it, each before those inside it, in source order.
    pub fn descendants(&self) -> impl Iterator<Item = &Expr> {
        let mut waiting = Inside::new();
        waiting.push(self);
        std::iter::from_fn(move || {
            let expr = waiting.pop()?;
            let at = waiting.len();
            expr.add_inside(&mut waiting);
            // What comes first is taken first.
            waiting[at..].reverse();
            Some(expr)
        })
    }

    /// Rewrites every range in the expression.
    pub fn map_ranges(&mut self, f: &impl Fn(TextRange) -> TextRange) {
        let mut waiting = vec![self];
        while let Some(expr) = waiting.pop() {
            expr.map_own_ranges(f);
            expr.add_children_to(&mut waiting);
        }
    }

    /// Hands every string in the expression to `change`, each before those inside it.
    pub(super) fn each_template(&mut self, change: &mut impl FnMut(&mut Template)) {
        let mut waiting = vec![self];
        while let Some(expr) = waiting.pop() {
            if let ExprKind::Template(template) = &mut expr.kind {
                change(template);
            }
            expr.add_children_to(&mut waiting);
        }
    }

    fn map_own_ranges(&mut self, f: &impl Fn(TextRange) -> TextRange) {
        self.range = f(self.range);
        match &mut self.kind {
            ExprKind::Template(template) => template.map_own_ranges(f),
            ExprKind::Call(call) => call.name.range = f(call.name.range),
            ExprKind::For(for_expr) => {
                for name in [&mut for_expr.first].into_iter().chain(&mut for_expr.second) {
                    name.range = f(name.range);
                }
            }
            ExprKind::Traversal(traversal) => {
                traversal.steps.iter_mut().for_each(|step| step.range = f(step.range));
            }
            _ => {}
        }
    }

    fn add_children_to<'a>(&'a mut self, waiting: &mut Vec<&'a mut Expr>) {
        match &mut self.kind {
            ExprKind::Null
            | ExprKind::Bool(_)
            | ExprKind::Number(_)
            | ExprKind::Variable(_)
            | ExprKind::Error => {}
            ExprKind::Template(template) => waiting.extend(template.exprs_mut()),
            ExprKind::Tuple(elements) => waiting.extend(elements),
            ExprKind::Object(entries) => {
                let parts = entries.iter_mut();
                waiting.extend(parts.flat_map(|entry| [&mut entry.key, &mut entry.value]));
            }
            ExprKind::Paren(inner) | ExprKind::Unary(_, inner) => waiting.push(inner),
            ExprKind::Binary(binary) => {
                let Binary { left, right, .. } = &mut **binary;
                waiting.extend([left, right]);
            }
            ExprKind::Conditional(conditional) => {
                let Conditional { condition, yes, no } = &mut **conditional;
                waiting.extend([condition, yes, no]);
            }
            ExprKind::Call(call) => waiting.extend(&mut call.args),
            ExprKind::For(for_expr) => {
                waiting.extend([&mut for_expr.collection, &mut for_expr.value]);
                waiting.extend(&mut for_expr.key);
                waiting.extend(&mut for_expr.condition);
            }
            ExprKind::Traversal(traversal) => {
                waiting.push(&mut traversal.base);
                waiting.extend(traversal.steps.iter_mut().filter_map(
                    |step| match &mut step.kind {
                        StepKind::Index(index) => Some(&mut **index),
                        _ => None,
                    },
                ));
            }
        }
    }
}

impl Template {
    /// The expressions in its holes, in source order.
    pub fn exprs(&self) -> impl Iterator<Item = &Expr> {
        self.parts.iter().filter_map(|part| match part {
            TemplatePart::Literal(_) => None,
            TemplatePart::Interpolation(interpolation) => Some(&interpolation.expr),
            TemplatePart::Directive(directive) => match &directive.kind {
                DirectiveKind::If(condition) => Some(condition),
                DirectiveKind::For { collection, .. } => Some(collection),
                DirectiveKind::Else | DirectiveKind::EndIf | DirectiveKind::EndFor => None,
            },
        })
    }

    fn exprs_mut(&mut self) -> impl Iterator<Item = &mut Expr> {
        self.parts.iter_mut().filter_map(|part| match part {
            TemplatePart::Literal(_) => None,
            TemplatePart::Interpolation(interpolation) => Some(&mut interpolation.expr),
            TemplatePart::Directive(directive) => match &mut directive.kind {
                DirectiveKind::If(condition) => Some(condition),
                DirectiveKind::For { collection, .. } => Some(collection),
                DirectiveKind::Else | DirectiveKind::EndIf | DirectiveKind::EndFor => None,
            },
        })
    }

    /// Rewrites the ranges that are not those of the expressions in its holes.
    fn map_own_ranges(&mut self, f: &impl Fn(TextRange) -> TextRange) {
        self.inner = f(self.inner);
        for part in &mut self.parts {
            match part {
                TemplatePart::Literal(literal) => literal.range = f(literal.range),
                TemplatePart::Interpolation(interpolation) => {
                    interpolation.range = f(interpolation.range);
                }
                TemplatePart::Directive(directive) => {
                    directive.range = f(directive.range);
                    if let DirectiveKind::For { first, second, .. } = &mut directive.kind {
                        for name in [first].into_iter().chain(second) {
                            name.range = f(name.range);
                        }
                    }
                }
            }
        }
    }
}

impl Body {
    /// Rewrites every range in the tree: for HCL that was parsed out of a part of another file.
    pub fn map_ranges(&mut self, f: &impl Fn(TextRange) -> TextRange) {
        self.range = f(self.range);
        for item in &mut self.items {
            match item {
                Item::Attribute(attribute) => {
                    attribute.key.range = f(attribute.key.range);
                    attribute.range = f(attribute.range);
                    attribute.value.map_ranges(f);
                }
                Item::Block(block) => {
                    for name in [&mut block.kind].into_iter().chain(&mut block.labels) {
                        name.range = f(name.range);
                    }
                    block.header = f(block.header);
                    block.range = f(block.range);
                    block.body.map_ranges(f);
                }
            }
        }
    }
}

impl Drop for Binary {
    fn drop(&mut self) {
        let mut left = std::mem::replace(&mut self.left, Expr::placeholder());
        while let ExprKind::Binary(binary) = &mut left.kind {
            left = std::mem::replace(&mut binary.left, Expr::placeholder());
        }
    }
}

impl Drop for Conditional {
    fn drop(&mut self) {
        let mut no = std::mem::replace(&mut self.no, Expr::placeholder());
        while let ExprKind::Conditional(conditional) = &mut no.kind {
            no = std::mem::replace(&mut conditional.no, Expr::placeholder());
        }
    }
}

impl Clone for Binary {
    fn clone(&self) -> Self {
        let mut chain = vec![(self, TextRange::default())];
        while let Some((Binary { left: Expr { kind: ExprKind::Binary(binary), range }, .. }, _)) =
            chain.last()
        {
            chain.push((binary, *range));
        }
        let mut left =
            chain.last().map_or_else(Expr::placeholder, |(innermost, _)| innermost.left.clone());
        for &(binary, range) in chain[1..].iter().rev() {
            let copy = Binary { left, op: binary.op, right: binary.right.clone() };
            left = Expr { kind: ExprKind::Binary(Box::new(copy)), range };
        }
        Binary { left, op: self.op, right: self.right.clone() }
    }
}

impl Clone for Conditional {
    fn clone(&self) -> Self {
        let mut chain = vec![(self, TextRange::default())];
        while let Some((
            Conditional { no: Expr { kind: ExprKind::Conditional(inner), range }, .. },
            _,
        )) = chain.last()
        {
            chain.push((inner, *range));
        }
        let mut no =
            chain.last().map_or_else(Expr::placeholder, |(innermost, _)| innermost.no.clone());
        for &(inner, range) in chain[1..].iter().rev() {
            let copy =
                Conditional { condition: inner.condition.clone(), yes: inner.yes.clone(), no };
            no = Expr { kind: ExprKind::Conditional(Box::new(copy)), range };
        }
        Conditional { condition: self.condition.clone(), yes: self.yes.clone(), no }
    }
}
