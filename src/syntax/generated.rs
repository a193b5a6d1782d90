//! HCL that a Terragrunt file generates: the text of its `generate` blocks, parsed in place.

use std::sync::Arc;

use super::hcl::{Block, Document, ExprKind, Template, TemplatePart};
use super::{Format, HclUse, Parsed};
use crate::text::TextRange;

/// A generated file, placed in the file that generates it; or why its content is not known.
pub type Generated = Result<Document, Arc<str>>;

/// The Terraform files that the `generate` blocks of `document` write.
pub(super) fn generated(document: &Document) -> Vec<Generated> {
    let blocks = document.body.blocks().filter(|block| block.kind.name == "generate");
    let file = |block: &Block| {
        let path = block.body.attribute("path").and_then(|path| path.value.as_literal());
        let format = path.map_or(Format::Hcl(HclUse::Terraform), |path| Format::of(&path));
        let contents = block.body.attribute("contents").filter(|_| format.is_terraform())?;
        Some(match &contents.value.unparenthesised().kind {
            ExprKind::Template(template) => in_place(template, format),
            _ => Err("a file that Terragrunt generates is computed".into()),
        })
    };
    blocks.filter_map(file).collect()
}

fn in_place(template: &Template, format: Format) -> Generated {
    let mut text = String::new();
    let mut pieces: Vec<(usize, TextRange)> = Vec::with_capacity(template.parts.len());
    for part in &template.parts {
        let TemplatePart::Literal(literal) = part else {
            return Err("a file that Terragrunt generates has `${ … }` in it".into());
        };
        pieces.push((text.len(), literal.range));
        text.push_str(&literal.value);
    }
    let mut document = Parsed::tree(&text, format).unwrap_or_default();
    if !document.errors.is_empty() {
        return Err("a file that Terragrunt generates is not valid HCL".into());
    }
    let place = |range: TextRange| {
        let start = outer(&pieces, range.start);
        let end = if range.is_empty() { start } else { outer(&pieces, range.end - 1) + 1 };
        TextRange::new(start as usize, end as usize)
    };
    document.body.map_ranges(&place);
    Ok(document)
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
            generated(&hcl::parse(&text)).pop().unwrap()
        };
        let document = generate("<<EOF\n{\"locals\": {\"a\": 1}}\nEOF").unwrap();
        assert!(document.body.block("locals").unwrap().body.attribute("a").is_some());
        assert!(generate("jsonencode({})").is_err());
    }

    #[test]
    fn generated_blocks_stand_where_they_are_written() {
        let text = "# é\ngenerate \"tiers\" {\n  path = \"tiers.tf\"\n  contents = <<EOF\nlocals {\n  tier = \"aux\"\n}\nEOF\n}\n";
        let generated = generated(&hcl::parse(text));
        let [Ok(document)] = generated.as_slice() else { panic!("one file") };
        let tier = document.body.blocks().next().unwrap().body.attribute("tier").unwrap();
        assert_eq!(&text[tier.range.indices()], "tier = \"aux\"");
        assert_eq!(&text[tier.value.range.indices()], "\"aux\"");
    }
}
