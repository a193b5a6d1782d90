//! What of an edit that is meant for HCL can be made in Terraform's JSON syntax: that one text, number or truth value says
//! another.
//!
//! Invariant: what is let through leaves a file that can be read, in which nothing but that value differs. A name, a block, a
//! comment or an element of a list is written otherwise there, and is left to people.

use crate::diagnostic::{Edit, Fix};
use crate::syntax::hcl::{Body, Expr, ExprKind, Template, TemplatePart};
use crate::syntax::yaml::NodeKind;
use crate::syntax::{Format, HclUse, Parsed, SourceFile, json};
use crate::text::{Edited, FileId, TextEdit, TextRange};

/// Whether all that `fix` changes in files in the JSON syntax is right there.
pub fn fits(sources: &[SourceFile], fix: &Fix) -> bool {
    let is_json = |file: FileId| {
        let file = sources.get(file.index());
        file.filter(|file| file.format == Format::Hcl(HclUse::TerraformJson))
    };
    fix.edits.iter().all(|edit| {
        let Some(file) = is_json(edit.span.file) else { return true };
        let own = fix.edits.iter().filter(|other| other.span.file == edit.span.file);
        fits_in(file, edit) && keeps(file, own)
    })
}

/// Whether `file` can be read after `edits`.
fn keeps<'e>(file: &SourceFile, edits: impl Iterator<Item = &'e Edit>) -> bool {
    let edits: Vec<TextEdit> =
        edits.map(|edit| TextEdit { range: edit.span.range, text: edit.text.clone() }).collect();
    let Ok(edited) = Edited::new(&file.text, &edits) else { return false };
    Parsed::tree(&edited.text, file.format).is_some_and(|tree| tree.errors.is_empty())
}

fn fits_in(file: &SourceFile, edit: &Edit) -> bool {
    let (range, text) = (edit.span.range, edit.text.as_str());
    let Some(document) = file.hcl.as_ref().filter(|_| !range.is_empty() && !text.is_empty()) else {
        return false;
    };
    let around = document.body.surroundings(range.start).template;
    if let Some(template) = around.filter(|template| template.inner.contains(range)) {
        // A string in a hole of a string is written with escapes of its own.
        let is_outer = !file.text[..template.inner.start as usize].ends_with("\\\"");
        let is_plain = !text.contains(|c: char| matches!(c, '"' | '\\') || c.is_control());
        let is_string = || is_outer && is_scalar(&format!("\"{text}\""));
        return is_text_of(template, range) && (is_plain || is_string());
    }
    is_value(&document.body, range) && is_scalar(text)
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

/// Whether a text, a number or a truth value stands at `range`.
fn is_value(body: &Body, range: TextRange) -> bool {
    let is_it = |expr: &Expr| {
        let is_plain = match &expr.kind {
            ExprKind::Template(template) => {
                let has_quotes = template.inner.start == range.start + 1;
                has_quotes && template.as_literal().is_some()
            }
            ExprKind::Number(_) | ExprKind::Bool(_) => true,
            _ => false,
        };
        expr.range == range && is_plain
    };
    body.expressions()
        .into_iter()
        .any(|expr| expr.range.contains(range) && expr.descendants().any(is_it))
}

fn is_scalar(text: &str) -> bool {
    json::parse(text).is_ok_and(|node| matches!(node.kind, NodeKind::Scalar { .. }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Applicability;

    /// Whether `text` may take the place of `old`, the first time that it stands in the file.
    fn fits(old: &str, text: &str) -> bool {
        const FILE: &str = r#"{"resource":{"a_b":{"c":{"n":1,"b":true,"s":"old text","q":"${f(\"deep\")}-x","depends_on":["a_b.d"]}}}}"#;
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
        ] {
            assert!(fits(old, text), "{old} {text}");
        }
        for (old, text) in [
            ("\"old text\"", "var.x"),
            ("\"old text\"", "\"one\", \"s\": \"two\""),
            ("old text", "a\", \"s\": \"b"),
            ("old text", "line\nbreak"),
            ("old text", ""),
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
