//! HCL that a Terragrunt file generates: the text of its `generate` blocks, parsed in place.

use std::sync::Arc;

use super::hcl::{self, Document, ExprKind, Template, TemplatePart};
use crate::text::TextRange;

/// A generated file, placed in the file that generates it; or why its content is not known.
pub type Generated = Result<Document, Arc<str>>;

/// The Terraform files that the `generate` blocks of `document` write.
pub(super) fn generated(document: &Document) -> Vec<Generated> {
    let blocks = document.body.blocks().filter(|block| block.kind.name == "generate");
    blocks
        .filter(|block| {
            let path = block.body.attribute("path").and_then(|path| path.value.as_literal());
            path.is_none_or(|path| path.ends_with(".tf") || path.ends_with(".tofu"))
        })
        .filter_map(|block| block.body.attribute("contents"))
        .map(|contents| match &contents.value.unparenthesised().kind {
            ExprKind::Template(template) => in_place(template),
            _ => Err("a file that Terragrunt generates is computed".into()),
        })
        .collect()
}

fn in_place(template: &Template) -> Generated {
    let mut text = String::new();
    let mut pieces: Vec<(usize, TextRange)> = Vec::with_capacity(template.parts.len());
    for part in &template.parts {
        let TemplatePart::Literal(literal) = part else {
            return Err("a file that Terragrunt generates has `${ … }` in it".into());
        };
        pieces.push((text.len(), literal.range));
        text.push_str(&literal.value);
    }
    let mut document = hcl::parse(&text);
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
