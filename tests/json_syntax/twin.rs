//! The twin of a Terraform file in the JSON syntax: the same code and comments, as somebody would write them there.

use std::fmt::Write;

use tautline::syntax::hcl::{
    Attribute, Block, Body, Expr, ExprKind, Item, ObjectEntry, Template, TemplatePart, UnaryOp,
};
use tautline::syntax::{Comment, Format, SourceFile};
use tautline::text::{FileId, TextRange};

/// How a string is read.
#[derive(Clone, Copy, PartialEq)]
enum Reading {
    Template,
    Literal,
    Reference,
}

/// What is no template, by the type of the block that it stands in.
const READINGS: [(&str, &str, Reading); 22] = [
    ("variable", "type", Reading::Reference),
    ("variable", "default", Reading::Literal),
    ("variable", "description", Reading::Literal),
    ("output", "description", Reading::Literal),
    ("module", "source", Reading::Literal),
    ("module", "version", Reading::Literal),
    ("module", "providers", Reading::Reference),
    ("module", "depends_on", Reading::Reference),
    ("resource", "provider", Reading::Reference),
    ("resource", "depends_on", Reading::Reference),
    ("data", "provider", Reading::Reference),
    ("data", "depends_on", Reading::Reference),
    ("output", "depends_on", Reading::Reference),
    ("lifecycle", "ignore_changes", Reading::Reference),
    ("lifecycle", "replace_triggered_by", Reading::Reference),
    ("dynamic", "iterator", Reading::Reference),
    ("provisioner", "when", Reading::Reference),
    ("provisioner", "on_failure", Reading::Reference),
    ("moved", "from", Reading::Reference),
    ("moved", "to", Reading::Reference),
    ("removed", "from", Reading::Reference),
    ("import", "to", Reading::Reference),
];

/// How bodies of blocks are written.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Bodies {
    /// As objects.
    Alone,
    /// As lists with one object, as programs write them.
    InLists,
}

/// The twin of `text`, a file of the native syntax.
pub(crate) fn twin(text: &str, bodies: Bodies) -> String {
    let file = SourceFile::new(FileId(0), "main.tf".into(), text.into(), Format::of("main.tf"));
    let document = file.hcl.as_ref().unwrap();
    assert_eq!(document.errors, []);
    let mut writer = Writer { file: &file, out: String::new(), depth: 0, bodies };
    let header: Vec<&Comment> = document.comments.header(text).iter().collect();
    let first = document.body.items.first().map(Item::range);
    let is_of_first = first.is_some_and(|range| {
        file.leading(range).first().is_some_and(|it| header.first() == Some(&it))
    });
    writer.body(&document.body, "", if is_of_first { &[] } else { &header });
    writer.out.push('\n');
    writer.out
}

struct Writer<'f> {
    file: &'f SourceFile,
    out: String,
    depth: usize,
    bodies: Bodies,
}

impl Writer<'_> {
    fn line(&mut self) {
        self.out.push('\n');
        self.out.push_str(&"  ".repeat(self.depth));
    }

    fn key(&mut self, name: &str) {
        if !self.out.ends_with('{') {
            self.out.push(',');
        }
        self.line();
        let _ = write!(self.out, "{}: ", quoted(name));
    }

    fn said(&mut self, comments: &[&Comment]) {
        if comments.is_empty() {
            return;
        }
        self.key("//");
        let said: Vec<String> =
            comments.iter().map(|it| quoted(it.content(&self.file.text))).collect();
        match said.as_slice() {
            [only] => self.out.push_str(only),
            _ => {
                let _ = write!(self.out, "[{}]", said.join(", "));
            }
        }
    }

    fn body(&mut self, body: &Body, kind: &str, comments: &[&Comment]) {
        self.out.push('{');
        self.depth += 1;
        self.said(comments);
        for item in &body.items {
            match item {
                Item::Attribute(attribute) => self.attribute(attribute, kind),
                Item::Block(block) => self.block(block),
            }
        }
        self.depth -= 1;
        self.line();
        self.out.push('}');
    }

    fn attribute(&mut self, attribute: &Attribute, kind: &str) {
        let Attribute { key, value, range } = attribute;
        let mut comments: Vec<&Comment> = self.file.leading(*range).iter().collect();
        comments.extend(self.file.comments().inside(*range));
        comments.extend(self.file.trailing(*range));
        self.said(&comments);
        self.key(&key.name);
        let reading = READINGS.iter().find(|it| it.0 == kind && it.1 == key.name);
        self.value(value, reading.map_or(Reading::Template, |it| it.2));
    }

    fn block(&mut self, block: &Block) {
        let mut comments: Vec<&Comment> = self.file.leading(block.range).iter().collect();
        comments.extend(self.file.trailing(block.range));
        let own = self.file.comments().inside(block.body.range).iter();
        comments.extend(own.filter(|it| {
            block.body.items.iter().all(|item| {
                let range = item.range();
                let is_led = self.file.leading(range).contains(it);
                !range.contains(it.range) && !is_led && self.file.trailing(range) != Some(it)
            })
        }));
        self.key(&block.kind.name);
        for label in &block.labels {
            self.out.push('{');
            self.depth += 1;
            self.key(&label.name);
        }
        let (open, close) = if self.bodies == Bodies::Alone { ("", "") } else { ("[", "]") };
        self.out.push_str(open);
        self.body(&block.body, &block.kind.name, &comments);
        self.out.push_str(close);
        for _ in &block.labels {
            self.depth -= 1;
            self.line();
            self.out.push('}');
        }
    }

    fn value(&mut self, expr: &Expr, reading: Reading) {
        match &expr.kind {
            ExprKind::Null => self.out.push_str("null"),
            ExprKind::Bool(value) => self.out.push_str(&value.to_string()),
            ExprKind::Number(number) => self.out.push_str(number),
            ExprKind::Unary(UnaryOp::Negate, inner)
                if matches!(inner.kind, ExprKind::Number(_)) =>
            {
                self.out.push('-');
                self.value(inner, reading);
            }
            ExprKind::Template(template) => {
                let text = self.template(template, reading);
                self.out.push_str(&quoted(&text));
            }
            ExprKind::Tuple(items) => {
                self.out.push('[');
                for (at, item) in items.iter().enumerate() {
                    self.out.push_str(if at > 0 { ", " } else { "" });
                    self.value(item, reading);
                }
                self.out.push(']');
            }
            ExprKind::Object(entries) => {
                self.out.push('{');
                self.depth += 1;
                for entry in entries {
                    let key = self.entry_key(entry, reading);
                    self.key(&key);
                    self.value(&entry.value, reading);
                }
                self.depth -= 1;
                self.out.push('}');
            }
            _ => {
                let code = self.file.slice(expr.range);
                let text = match reading {
                    Reading::Reference => code.to_owned(),
                    _ => format!("${{{code}}}"),
                };
                self.out.push_str(&quoted(&text));
            }
        }
    }

    fn entry_key(&self, entry: &ObjectEntry, reading: Reading) -> String {
        if let Some(name) = entry.literal_key() {
            return escaped(&name, reading);
        }
        match &entry.key.kind {
            ExprKind::Template(template) => self.template(template, reading),
            _ if reading == Reading::Reference => self.file.slice(entry.key.range).to_owned(),
            _ => format!("${{{}}}", self.file.slice(entry.key.range)),
        }
    }

    fn template(&self, template: &Template, reading: Reading) -> String {
        let code = |range: TextRange| self.file.slice(range).to_owned();
        let part = |part: &TemplatePart| match part {
            TemplatePart::Literal(literal) => escaped(&literal.value, reading),
            TemplatePart::Interpolation(hole) => code(hole.range),
            TemplatePart::Directive(directive) => code(directive.range),
        };
        template.parts.iter().map(part).collect()
    }
}

fn escaped(text: &str, reading: Reading) -> String {
    match reading {
        Reading::Template => text.replace("${", "$${").replace("%{", "%%{"),
        Reading::Literal | Reading::Reference => text.to_owned(),
    }
}

fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap()
}
