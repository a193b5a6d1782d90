//! The names that an expression refers to and does not bind itself.
//!
//! Invariant: a name that a `for` binds, in an expression or in a template, is no reference inside that `for`, and is
//! one outside of it.

use smallvec::SmallVec;
use smol_str::SmolStr;

use super::{DirectiveKind, Expr, ExprKind, ObjectEntry, Step, StepKind, Template, TemplatePart};
use crate::text::TextRange;

/// `var.x`, `kubernetes_namespace.x.metadata[0].name`, or a name alone.
#[derive(Clone, Debug)]
pub struct Reference<'a> {
    /// The first name.
    pub root: &'a SmolStr,
    /// What follows it; nothing where a name stands alone.
    pub steps: &'a [Step],
    /// The `${ … }` around it, where the reference is all that stands in it.
    pub hole: Option<TextRange>,
    root_range: TextRange,
}

impl<'a> Reference<'a> {
    /// The name that the step at `index` asks for, where it is a `.name`.
    pub fn name(&self, index: usize) -> Option<&'a SmolStr> {
        match &self.steps.get(index)?.kind {
            StepKind::Attribute(name) => Some(name),
            _ => None,
        }
    }

    /// From the first name to the end of the first `steps` steps.
    pub fn range(&self, steps: usize) -> TextRange {
        let last = self.steps.iter().take(steps).next_back();
        last.map_or(self.root_range, |step| self.root_range.cover(step.range))
    }
}

impl Expr {
    /// Every reference in the expression that is not to one of the names in `bound`.
    pub fn references<'a>(&'a self, bound: &[&'a str]) -> Vec<Reference<'a>> {
        let mut walk = Walk::new(bound);
        let outside = walk.outside();
        walk.waiting.push((self, outside, None));
        walk.run()
    }
}

impl Template {
    /// Every reference in the text of a template file.
    pub fn references(&self) -> Vec<Reference<'_>> {
        let mut walk = Walk::new(&[]);
        walk.template(self, None);
        walk.run()
    }
}

/// A list of bound names, each with the list around it: an index into [`Walk::bindings`].
type Bound = Option<usize>;

struct Walk<'a> {
    bindings: Vec<(Bound, &'a str)>,
    /// Expressions to look at, the names bound around them, and the hole that they fill.
    waiting: SmallVec<[(&'a Expr, Bound, Option<TextRange>); 8]>,
    found: Vec<Reference<'a>>,
}

impl<'a> Walk<'a> {
    fn new(bound: &[&'a str]) -> Self {
        let mut walk = Walk { bindings: Vec::new(), waiting: SmallVec::new(), found: Vec::new() };
        for &name in bound {
            walk.bind(walk.outside(), name);
        }
        walk
    }

    /// The names that are bound outside the expression.
    fn outside(&self) -> Bound {
        self.bindings.len().checked_sub(1)
    }

    fn bind(&mut self, around: Bound, name: &'a str) -> Bound {
        self.bindings.push((around, name));
        self.outside()
    }

    fn is_bound(&self, mut bound: Bound, name: &str) -> bool {
        while let Some((around, known)) = bound.and_then(|at| self.bindings.get(at)) {
            if *known == name {
                return true;
            }
            bound = *around;
        }
        false
    }

    fn run(mut self) -> Vec<Reference<'a>> {
        while let Some((expr, bound, hole)) = self.waiting.pop() {
            self.visit(expr, bound, hole);
        }
        self.found.sort_by_key(|reference| reference.root_range.start);
        self.found
    }

    fn visit(&mut self, expr: &'a Expr, bound: Bound, hole: Option<TextRange>) {
        match &expr.kind {
            ExprKind::Variable(name) => self.reference(name, &[], expr.range, bound, hole),
            ExprKind::Traversal(traversal) => {
                let base = &traversal.base;
                match &base.kind {
                    ExprKind::Variable(root) => {
                        self.reference(root, &traversal.steps, base.range, bound, hole);
                    }
                    _ => self.waiting.push((base, bound, None)),
                }
                let indices = traversal.steps.iter().filter_map(|step| match &step.kind {
                    StepKind::Index(index) => Some((&**index, bound, None)),
                    _ => None,
                });
                self.waiting.extend(indices);
            }
            ExprKind::Object(entries) => {
                for ObjectEntry { key, value } in entries {
                    // A bare name as a key is a string.
                    if !matches!(key.kind, ExprKind::Variable(_)) {
                        self.waiting.push((key, bound, None));
                    }
                    self.waiting.push((value, bound, None));
                }
            }
            ExprKind::For(it) => {
                self.waiting.push((&it.collection, bound, None));
                let mut inner = self.bind(bound, &it.first.name);
                if let Some(second) = &it.second {
                    inner = self.bind(inner, &second.name);
                }
                let inside = it.key.iter().chain([&it.value]).chain(&it.condition);
                self.waiting.extend(inside.map(|expr| (expr, inner, None)));
            }
            ExprKind::Template(template) => self.template(template, bound),
            _ => self.waiting.extend(expr.children().into_iter().map(|it| (it, bound, None))),
        }
    }

    fn template(&mut self, template: &'a Template, around: Bound) {
        let mut bound = around;
        let mut outer = Vec::new();
        for part in &template.parts {
            match part {
                TemplatePart::Literal(_) => {}
                TemplatePart::Interpolation(it) => {
                    self.waiting.push((&it.expr, bound, Some(it.range)));
                }
                TemplatePart::Directive(directive) => match &directive.kind {
                    DirectiveKind::If(condition) => self.waiting.push((condition, bound, None)),
                    DirectiveKind::For { first, second, collection } => {
                        self.waiting.push((collection, bound, None));
                        outer.push(bound);
                        bound = self.bind(bound, &first.name);
                        if let Some(second) = second {
                            bound = self.bind(bound, &second.name);
                        }
                    }
                    DirectiveKind::EndFor => bound = outer.pop().unwrap_or(around),
                    DirectiveKind::Else | DirectiveKind::EndIf => {}
                },
            }
        }
    }

    fn reference(
        &mut self,
        root: &'a SmolStr,
        steps: &'a [Step],
        root_range: TextRange,
        bound: Bound,
        hole: Option<TextRange>,
    ) {
        if !self.is_bound(bound, root) {
            self.found.push(Reference { root, steps, hole, root_range });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::hcl::{parse_expression, parse_template};

    fn roots(references: &[Reference<'_>]) -> Vec<String> {
        references
            .iter()
            .map(|it| match it.name(0) {
                Some(name) => format!("{}.{name}", it.root),
                None => it.root.to_string(),
            })
            .collect()
    }

    #[test]
    fn a_for_binds_its_names_and_not_in_its_collection() {
        let text = "[for x in x.list : { name = x.name, (key) = y[x.at] } if x != z]";
        let expr = parse_expression(text).unwrap();
        assert_eq!(roots(&expr.references(&[])), ["x.list", "key", "y", "z"]);
        assert_eq!(roots(&expr.references(&["x", "z"])), ["key", "y"]);
    }

    #[test]
    fn a_template_binds_names_between_for_and_endfor() {
        let text = "%{ for a in var.list }${a}${b}%{ endfor }${a}";
        let template = parse_template(text).unwrap();
        let references = template.references();
        assert_eq!(roots(&references), ["var.list", "b", "a"]);
        assert_eq!(references[2].hole.map(|hole| &text[hole.indices()]), Some("${a}"));
        assert_eq!(&text[references[0].range(1).indices()], "var.list");
    }

    #[test]
    fn a_long_chain_is_walked_in_a_loop() {
        let text = vec!["var.a"; 50_000].join(" + ");
        assert_eq!(parse_expression(&text).unwrap().references(&[]).len(), 50_000);
    }
}
