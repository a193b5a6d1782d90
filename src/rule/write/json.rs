//! What of an edit that is meant for HCL can be made in Terraform's JSON syntax: that one text, number or truth value says
//! another.
//!
//! Invariant: what is let through leaves a file that can be read, in which nothing but that value differs. A name, a block, a
//! comment or an element of a list is written otherwise there, and is left to people.

use smol_str::SmolStr;

use crate::diagnostic::{Edit, Fix};
use crate::syntax::hcl::{Body, Expr, ExprKind, Item, Template, TemplatePart, parse_template};
use crate::syntax::yaml::NodeKind;
use crate::syntax::{SourceFile, json};
use crate::text::TextRange;

/// Whether all that `fix` changes in files in the JSON syntax is right there.
pub fn fits(sources: &[SourceFile], fix: &Fix) -> bool {
    fix.edits.iter().all(|edit| match sources.get(edit.span.file.index()) {
        Some(file) if file.format.is_hcl_in_json() => fits_in(file, edit),
        _ => true,
    })
}

fn fits_in(file: &SourceFile, edit: &Edit) -> bool {
    let (range, text) = (edit.span.range, edit.text.as_str());
    let Some(document) = file.hcl.as_ref().filter(|_| !range.is_empty() && !text.is_empty()) else {
        return false;
    };
    let around = document.body.surroundings(range.start).template;
    let Some(template) = around.filter(|template| template.inner.contains(range)) else {
        return is_value(file, &document.body, range) && scalar(text).is_some();
    };
    let inner = template.inner;
    // A string in a hole of a string is written with escapes of its own, and ends where they say.
    let is_outer = !file.text[..inner.start as usize].ends_with("\\\"");
    let is_plain = !text.contains(|c: char| matches!(c, '"' | '\\') || c.is_control());
    let after = || {
        let before = &file.text[inner.start as usize..range.start as usize];
        format!("\"{before}{text}{}\"", &file.text[range.end as usize..inner.end as usize])
    };
    is_text_of(template, range)
        && (is_plain || is_outer)
        && (!is_outer || scalar(&after()).is_some_and(|text| parse_template(&text).is_ok()))
}

/// Whether nothing but text stands at `range` of `template`.
fn is_text_of(template: &Template, range: TextRange) -> bool {
    let is_around = |part: &TemplatePart| match part {
        TemplatePart::Literal(literal) => literal.range.contains(range),
        _ => false,
    };
    let is_all = range == template.inner && template.as_literal().is_some();
    is_all || template.parts.iter().any(is_around)
}

/// Whether a text, a number or a truth value of JSON stands at `range`: none in a hole.
fn is_value(file: &SourceFile, body: &Body, range: TextRange) -> bool {
    let after = body.items.partition_point(|item| item.range().start <= range.start);
    let attribute = match after.checked_sub(1).map(|at| &body.items[at]) {
        Some(Item::Block(block)) => return is_value(file, &block.body, range),
        Some(Item::Attribute(attribute)) => attribute,
        None => return false,
    };
    // What is unwrapped from a string ends before its quote.
    if attribute.value.range.end != attribute.range.end {
        return false;
    }
    let mut expr = &attribute.value;
    while expr.range != range {
        let inside = match &expr.kind {
            ExprKind::Tuple(items) => items.iter().find(|item| item.range.contains(range)),
            ExprKind::Object(entries) => {
                entries.iter().map(|entry| &entry.value).find(|value| value.range.contains(range))
            }
            _ => None,
        };
        match inside {
            Some(inside) if !is_in_hole(file, inside) => expr = inside,
            _ => return false,
        }
    }
    match &expr.kind {
        ExprKind::Template(template) => template.as_literal().is_some(),
        ExprKind::Number(_) | ExprKind::Bool(_) => true,
        _ => false,
    }
}

/// Whether `element` is what a string in a list is a hole around.
fn is_in_hole(file: &SourceFile, element: &Expr) -> bool {
    let before = file.text[..element.range.start as usize].trim_end();
    before.ends_with(['{', '~'])
}

/// What `text` says as a value of JSON, if it is one that holds no others.
fn scalar(text: &str) -> Option<SmolStr> {
    match json::parse(text).ok()?.kind {
        NodeKind::Scalar { value, .. } => Some(value),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Applicability;
    use crate::syntax::Format;
    use crate::text::FileId;

    /// Whether `text` may take the place of `old`, the first time that it stands in the file.
    fn fits(old: &str, text: &str) -> bool {
        const FILE: &str = r#"{"resource":{"a_b":{"c":{"n":1,"b":true,"s":"old text","q":"${f(\"deep\")}-x","depends_on":["a_b.d"],"h":"${9}","l":[7,"${8}",{"K":"${6}"}]}}}}"#;
        let path = "main.tf.json";
        let file = SourceFile::new(FileId(0), path.into(), FILE.into(), Format::of(path));
        assert_eq!(file.hcl.as_ref().map(|it| it.errors.len()), Some(0));
        let start = FILE.find(old).unwrap();
        let span = file.span(TextRange::new(start, start + old.len()));
        let edits = vec![Edit { span, text: text.to_owned() }];
        super::fits(&[file], &Fix::of_edits("", Applicability::Safe, edits))
    }

    #[test]
    fn a_value_may_say_another_and_nothing_else_changes() {
        for (old, text) in [
            ("\"old text\"", "\"new \\\"text\\\"\""),
            ("old text", "new \\u00e9"),
            ("old", "${var.x}"),
            ("deep", "deeper"),
            ("true", "false"),
            ("1", "\"two\""),
            ("7", "77"),
        ] {
            assert!(fits(old, text), "{old} {text}");
        }
        for (old, text) in [
            ("\"old text\"", "var.x"),
            ("\"old text\"", "\"one\", \"s\": \"two\""),
            ("old text", "a\", \"s\": \"b"),
            ("old text", "line\nbreak"),
            ("old text", ""),
            ("old", "${"),
            ("9", "10"),
            ("8", "10"),
            ("6", "10"),
            ("deep", "a\\\"b"),
            ("\\\"deep\\\"", "var.x"),
            ("\"s\"", "\"t\""),
            ("a_b.d", "a_b.e"),
            ("\"c\"", "\"e\""),
        ] {
            assert!(!fits(old, text), "{old} {text}");
        }
    }
}
