//! Secrets in HCL.

use super::{lines, name};
use crate::syntax::Parsed;
use crate::syntax::hcl::{
    Attribute, Block, Body, Document, Expr, ExprKind, Item, Template, TemplateForm, TemplatePart,
};
use crate::text::TextRange;

pub(super) fn find(file: &Parsed, document: &Document, found: &mut Vec<TextRange>) {
    Finder { file, found }.body(&document.body, None);
}

/// The literal texts and numbers of the expressions that meet `range`.
pub(super) fn literals(document: &Document, range: TextRange) -> Vec<TextRange> {
    let mut found = Vec::new();
    let mut bodies = vec![&document.body];
    while let Some(body) = bodies.pop() {
        for item in body.items.iter().filter(|item| item.range().overlaps(range)) {
            match item {
                Item::Block(block) => bodies.push(&block.body),
                Item::Attribute(attribute) => {
                    for expr in attribute.value.descendants() {
                        match &expr.kind {
                            ExprKind::Template(template) => found.extend(literal_parts(template)),
                            ExprKind::Number(_) => found.push(expr.range),
                            _ => {}
                        }
                    }
                }
            }
        }
    }
    // What a part of an attribute says is not said of the others.
    found.retain(|it| it.overlaps(range) && !it.is_empty());
    found
}

fn literal_parts(template: &Template) -> impl Iterator<Item = TextRange> + '_ {
    template.parts.iter().filter_map(|part| match part {
        TemplatePart::Literal(literal) => Some(literal.range),
        TemplatePart::Interpolation(_) | TemplatePart::Directive(_) => None,
    })
}

struct Finder<'a> {
    file: &'a Parsed,
    found: &'a mut Vec<TextRange>,
}

impl Finder<'_> {
    fn body(&mut self, body: &Body, block: Option<&Block>) {
        let is_pair = names_a_secret(body.attribute("name").map(|name| &name.value));
        for item in &body.items {
            match item {
                Item::Block(inner) => self.body(&inner.body, Some(inner)),
                Item::Attribute(attribute) => {
                    let key = attribute.key.name.as_str();
                    let secret = name::is_secret(key)
                        || (is_pair && key == "value")
                        || block.is_some_and(|block| holds_secret(block, attribute));
                    self.value(&attribute.value, secret);
                }
            }
        }
    }

    /// Looks through a value; where it belongs to a `secret`, its literal text is hidden.
    fn value(&mut self, expr: &Expr, secret: bool) {
        let mut expr = expr;
        // A chain of operators is as deep as it is long.
        loop {
            expr = match &expr.kind {
                ExprKind::Binary(binary) => {
                    self.value(&binary.right, secret);
                    &binary.left
                }
                ExprKind::Conditional(conditional) => {
                    self.value(&conditional.yes, secret);
                    &conditional.no
                }
                _ => break,
            };
        }
        match &expr.kind {
            ExprKind::Template(template) => self.template(template, secret),
            ExprKind::Object(entries) => {
                let named = entries
                    .iter()
                    .find(|entry| entry.literal_key().is_some_and(|key| key == "name"));
                let is_pair = names_a_secret(named.map(|entry| &entry.value));
                for entry in entries {
                    let key = entry.literal_key().unwrap_or_default();
                    let inherits = secret && !name::is_about(&key);
                    let secret = inherits || name::is_secret(&key) || (is_pair && key == "value");
                    self.value(&entry.value, secret);
                }
            }
            ExprKind::Call(call) if call.name.name == "sensitive" => {
                call.args.iter().for_each(|it| self.value(it, true));
            }
            ExprKind::Tuple(elements) => {
                let mut is_next = false;
                for element in elements {
                    self.value(element, secret || is_next);
                    is_next = element.as_literal().is_some_and(|it| lines::is_secret_flag(&it));
                }
            }
            // What selects a value is not the value.
            ExprKind::Traversal(_) => {}
            _ => expr.children().into_iter().for_each(|child| self.value(child, secret)),
        }
    }

    fn template(&mut self, template: &Template, secret: bool) {
        if secret {
            self.found.extend(literal_parts(template));
        } else if let Some(text) = self.file.lines_within(template.inner) {
            let mut found = Vec::new();
            lines::find(&text, TextRange::new(0, text.len()), true, &mut found);
            let start = template.inner.start;
            let outer = |it: TextRange| TextRange { start: it.start + start, end: it.end + start };
            self.found.extend(found.into_iter().map(outer));
        } else if template.form == TemplateForm::Quoted {
            let text = self.file.slice(template.inner);
            lines::flags(text, template.inner.start as usize, self.found);
        } else {
            lines::find(&self.file.text, template.inner, true, self.found);
        }
        template.exprs().for_each(|expr| self.value(expr, false));
    }
}

/// Whether the expression is a literal that is the name of a secret.
fn names_a_secret(expr: Option<&Expr>) -> bool {
    expr.and_then(Expr::as_literal).is_some_and(|name| name::is_secret(&name))
}

/// Whether a variable or output says that it is a secret.
fn is_sensitive(body: &Body) -> bool {
    let said = body.attribute("sensitive").map(|it| &it.value.unparenthesised().kind);
    matches!(said, Some(ExprKind::Bool(true)))
}

/// Whether the block makes its attribute's value a secret: the default of a secret variable, the data of a secret.
fn holds_secret(block: &Block, attribute: &Attribute) -> bool {
    let label = block.label(0).unwrap_or_default();
    match (block.kind.name.as_str(), attribute.key.name.as_str()) {
        ("variable", "default") => name::is_secret(label) || is_sensitive(&block.body),
        ("output", "value") => is_sensitive(&block.body),
        ("resource", "data" | "string_data" | "binary_data") => name::is_secret(label),
        _ => false,
    }
}
