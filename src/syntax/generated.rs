//! HCL that a Terragrunt file generates: the text of its `generate` blocks, parsed in place.
//!
//! Invariant: what the file fills in (`${ … }`) is an expression of which nothing is known, whatever else stands there.

use std::sync::Arc;

use super::hcl::{Block, Body, Document, ExprKind, Item, Template, TemplatePart};
use super::{Format, HclUse, Parsed};
use crate::text::TextRange;

/// A generated file, placed in the file that generates it; or why its content is not known.
pub type Generated = Result<Document, Arc<str>>;

/// The Terraform files that the `generate` blocks of `document` write, each with the place of its block's header.
pub(super) fn generated(document: &Document) -> Vec<(TextRange, Generated)> {
    let blocks = document.body.blocks().filter(|block| block.kind.name == "generate");
    let file = |block: &Block| {
        let path = block.body.attribute("path").and_then(|path| path.value.as_literal());
        let format = path.map_or(Format::Hcl(HclUse::Terraform), |path| Format::of(&path));
        let contents = block.body.attribute("contents").filter(|_| format.is_terraform())?;
        let file = match &contents.value.unparenthesised().kind {
            ExprKind::Template(template) => in_place(template, format),
            _ => Err("a file that Terragrunt generates is computed".into()),
        };
        Some((block.header, file))
    };
    blocks.filter_map(file).collect()
}

/// What is written for a hole: in a string of the generated file it is one that is not known, and elsewhere no HCL.
const HOLE: &str = "${null}";

fn in_place(template: &Template, format: Format) -> Generated {
    let mut text = String::new();
    let mut pieces: Vec<(usize, TextRange)> = Vec::with_capacity(template.parts.len());
    let mut holes = Vec::new();
    for part in &template.parts {
        let (range, written) = match part {
            TemplatePart::Literal(literal) => (literal.range, literal.value.as_str()),
            TemplatePart::Interpolation(hole) if !format.is_hcl_in_json() => {
                holes.push(text.len() as u32);
                (hole.range, HOLE)
            }
            _ => return Err("a file that Terragrunt generates has `${ … }` in it".into()),
        };
        pieces.push((text.len(), range));
        text.push_str(written);
    }
    let mut document = Parsed::tree(&text, format).unwrap_or_default();
    if !document.errors.is_empty() {
        return Err("a file that Terragrunt generates is not valid HCL".into());
    }
    if !holes.is_empty() {
        open_holes(&mut document.body, &holes);
    }
    let place = |range: TextRange| {
        let start = outer(&pieces, range.start);
        let end = if range.is_empty() { start } else { outer(&pieces, range.end - 1) + 1 };
        TextRange::new(start as usize, end as usize)
    };
    document.body.map_ranges(&place);
    Ok(document)
}

/// Takes what stands at `holes` out of `body`, for something that is not known.
fn open_holes(body: &mut Body, holes: &[u32]) {
    for item in &mut body.items {
        match item {
            Item::Block(block) => open_holes(&mut block.body, holes),
            Item::Attribute(attribute) => attribute.value.each_template(&mut |template| {
                for part in &mut template.parts {
                    if let TemplatePart::Interpolation(hole) = part
                        && holes.binary_search(&hole.range.start).is_ok()
                    {
                        hole.expr.kind = ExprKind::Error;
                    }
                }
            }),
        }
    }
}

/// The place in the outer file of the byte at `at` of the inner text.
fn outer(pieces: &[(usize, TextRange)], at: u32) -> u32 {
    let index = pieces.partition_point(|(start, _)| *start <= at as usize).saturating_sub(1);
    match pieces.get(index) {
        Some((start, range)) => (range.start + (at - *start as u32)).min(range.end),
        None => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::hcl;

    #[test]
    fn what_is_generated_in_json_is_read_too() {
        let generate = |contents: &str| {
            let text =
                format!("generate \"x\" {{\n  path = \"x.tf.json\"\n  contents = {contents}\n}}\n");
            generated(&hcl::parse(&text)).pop().unwrap().1
        };
        let document = generate("<<EOF\n{\"locals\": {\"a\": 1}}\nEOF").unwrap();
        assert!(document.body.block("locals").unwrap().body.attribute("a").is_some());
        assert!(generate("jsonencode({})").is_err());
    }

    #[test]
    fn generated_blocks_stand_where_they_are_written() {
        let text = "# é\ngenerate \"tiers\" {\n  path = \"tiers.tf\"\n  contents = <<EOF\nlocals {\n  tier = \"aux\"\n}\nEOF\n}\n";
        let generated = generated(&hcl::parse(text));
        let [(_, Ok(document))] = generated.as_slice() else { panic!("one file") };
        let tier = document.body.blocks().next().unwrap().body.attribute("tier").unwrap();
        assert_eq!(&text[tier.range.indices()], "tier = \"aux\"");
        assert_eq!(&text[tier.value.range.indices()], "\"aux\"");
    }

    #[test]
    fn what_is_filled_in_is_not_known_and_the_rest_is() {
        let generate = |line: &str| {
            let text = format!(
                "generate \"x\" {{\n  path = \"x.tf\"\n  contents = <<EOF\nlocals {{\n  {line}\n}}\nEOF\n}}\n"
            );
            (generated(&hcl::parse(&text)).pop().unwrap().1, text)
        };
        let (document, text) = generate("a = \"é ${local.x} $${var.y}\"\n  b = 1");
        let document = document.unwrap();
        let locals = document.body.block("locals").unwrap();
        let a = &locals.body.attribute("a").unwrap().value;
        assert_eq!(&text[a.range.indices()], "\"é ${local.x} $${var.y}\"");
        let kinds: Vec<&ExprKind> = a.children().into_iter().map(|it| &it.kind).collect();
        assert!(matches!(kinds[..], [ExprKind::Error, ExprKind::Traversal(_)]), "{kinds:?}");
        let b = locals.body.attribute("b").unwrap();
        assert_eq!(&text[b.range.indices()], "b = 1");
        // Outside of a string it may be anything.
        assert!(generate("${local.x}").0.is_err());
        assert!(generate("a = ${local.x}").0.is_err());
    }
}
