//! Going over a whole tree without recursion.
//!
//! Invariant: an operator chain is as deep as it is long, so whatever visits, copies or frees expressions walks such
//! chains in a loop; everything else nests at most as deep as the parser allows.

use super::{
    Binary, Body, Conditional, DirectiveKind, Expr, ExprKind, Item, StepKind, Template,
    TemplatePart,
};
use crate::syntax::Comments;
use crate::text::TextRange;

impl Expr {
    /// An expression that stands for nothing.
    fn placeholder() -> Expr {
        Expr { kind: ExprKind::Error, range: TextRange::default() }
    }

    /// The expressions directly inside, in source order.
    pub fn children(&self) -> Vec<&Expr> {
        match &self.kind {
            ExprKind::Null
            | ExprKind::Bool(_)
            | ExprKind::Number(_)
            | ExprKind::Variable(_)
            | ExprKind::Error => Vec::new(),
            ExprKind::Template(template) => template.exprs().collect(),
            ExprKind::Tuple(elements) => elements.iter().collect(),
            ExprKind::Object(entries) => {
                entries.iter().flat_map(|entry| [&entry.key, &entry.value]).collect()
            }
            ExprKind::Paren(inner) | ExprKind::Unary(_, inner) => vec![inner],
            ExprKind::Binary(binary) => vec![&binary.left, &binary.right],
            ExprKind::Conditional(conditional) => {
                vec![&conditional.condition, &conditional.yes, &conditional.no]
            }
            ExprKind::Call(call) => call.args.iter().collect(),
            ExprKind::For(for_expr) => {
                let condition = for_expr.condition.as_ref();
                [&for_expr.collection]
                    .into_iter()
                    .chain(&for_expr.key)
                    .chain([&for_expr.value])
                    .chain(condition)
                    .collect()
            }
            ExprKind::Traversal(traversal) => {
                let indices = traversal.steps.iter().filter_map(|step| match &step.kind {
                    StepKind::Index(index) => Some(&**index),
                    _ => None,
                });
                [&traversal.base].into_iter().chain(indices).collect()
            }
        }
    }

    /// This expression and every one inside it, each before those inside it, in source order.
    pub fn descendants(&self) -> impl Iterator<Item = &Expr> {
        let mut waiting = vec![self];
        std::iter::from_fn(move || {
            let expr = waiting.pop()?;
            waiting.extend(expr.children().into_iter().rev());
            Some(expr)
        })
    }

    /// Rewrites every range in the expression.
    pub fn map_ranges(&mut self, f: &impl Fn(TextRange) -> TextRange) {
        let mut waiting = vec![self];
        while let Some(expr) = waiting.pop() {
            expr.range = f(expr.range);
            match &mut expr.kind {
                ExprKind::Null
                | ExprKind::Bool(_)
                | ExprKind::Number(_)
                | ExprKind::Variable(_)
                | ExprKind::Error => {}
                ExprKind::Template(template) => template.map_ranges_into(f, &mut waiting),
                ExprKind::Tuple(elements) => waiting.extend(elements),
                ExprKind::Object(entries) => {
                    waiting.extend(
                        entries.iter_mut().flat_map(|entry| [&mut entry.key, &mut entry.value]),
                    );
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
                ExprKind::Call(call) => {
                    call.name.range = f(call.name.range);
                    waiting.extend(&mut call.args);
                }
                ExprKind::For(for_expr) => {
                    for name in [&mut for_expr.first].into_iter().chain(&mut for_expr.second) {
                        name.range = f(name.range);
                    }
                    waiting.extend([&mut for_expr.collection, &mut for_expr.value]);
                    waiting.extend(&mut for_expr.key);
                    waiting.extend(&mut for_expr.condition);
                }
                ExprKind::Traversal(traversal) => {
                    waiting.push(&mut traversal.base);
                    for step in &mut traversal.steps {
                        step.range = f(step.range);
                        if let StepKind::Index(index) = &mut step.kind {
                            waiting.push(index);
                        }
                    }
                }
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

    /// Rewrites every range in the template.
    pub fn map_ranges(&mut self, f: &impl Fn(TextRange) -> TextRange) {
        let mut waiting = Vec::new();
        self.map_ranges_into(f, &mut waiting);
        for expr in waiting {
            expr.map_ranges(f);
        }
    }

    /// Rewrites the template's own ranges; the expressions in its holes go to `waiting`.
    fn map_ranges_into<'a>(
        &'a mut self,
        f: &impl Fn(TextRange) -> TextRange,
        waiting: &mut Vec<&'a mut Expr>,
    ) {
        self.inner = f(self.inner);
        for part in &mut self.parts {
            match part {
                TemplatePart::Literal(literal) => literal.range = f(literal.range),
                TemplatePart::Interpolation(interpolation) => {
                    interpolation.range = f(interpolation.range);
                    waiting.push(&mut interpolation.expr);
                }
                TemplatePart::Directive(directive) => {
                    directive.range = f(directive.range);
                    match &mut directive.kind {
                        DirectiveKind::If(condition) => waiting.push(condition),
                        DirectiveKind::For { first, second, collection } => {
                            for name in [first].into_iter().chain(second) {
                                name.range = f(name.range);
                            }
                            waiting.push(collection);
                        }
                        DirectiveKind::Else | DirectiveKind::EndIf | DirectiveKind::EndFor => {}
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

impl super::Document {
    /// Rewrites every range in the tree, the comments and the errors.
    pub fn map_ranges(&mut self, f: &impl Fn(TextRange) -> TextRange) {
        self.body.map_ranges(f);
        let comments = self.comments.all().iter().cloned();
        self.comments = Comments::new(
            comments
                .map(|mut comment| {
                    comment.range = f(comment.range);
                    comment.text = f(comment.text);
                    comment
                })
                .collect(),
        );
        for error in &mut self.errors {
            error.range = f(error.range);
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
