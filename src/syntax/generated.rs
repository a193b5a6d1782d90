//! HCL that a Terragrunt file generates: the text of its `generate` blocks, parsed in place.

use std::sync::Arc;

use super::hcl::{Block, Document, ExprKind, Template, TemplatePart};
use super::{Format, HclUse, Parsed};
use crate::text::TextRange;

/// A generated file, placed in the file that generates it; or why its content is not known.
pub type Generated = Result<Document, Arc<str>>;

/// What stands for a value that Terragrunt fills in (`region = "${local.region}"`): a name that nobody can declare.
pub const FILLED_IN: &str = "terragrunt";

/// Why what a generated file declares is not known.
const OPEN: &str =
    "a file that Terragrunt generates has `${ … }` or `%{ … }` in it, and not as a value";

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

fn in_place(template: &Template, format: Format) -> Generated {
    let mut text = String::new();
    let mut pieces: Vec<Piece> = Vec::with_capacity(template.parts.len());
    for part in &template.parts {
        let start = text.len();
        let range = match part {
            TemplatePart::Literal(literal) => {
                text.push_str(&literal.value);
                literal.range
            }
            TemplatePart::Interpolation(filled) if format == Format::Hcl(HclUse::Terraform) => {
                text.push_str(&stand_in(&text).ok_or(OPEN)?);
                filled.range
            }
            _ => return Err(OPEN.into()),
        };
        pieces.push(Piece { start, range, is_filled: !matches!(part, TemplatePart::Literal(_)) });
    }
    let mut document = Parsed::tree(&text, format).unwrap_or_default();
    if !document.errors.is_empty() {
        return Err("a file that Terragrunt generates is not valid HCL".into());
    }
    let place = |range: TextRange| {
        let start = outer(&pieces, range.start).start;
        let end = if range.is_empty() { start } else { outer(&pieces, range.end - 1).end };
        TextRange::new(start as usize, end as usize)
    };
    document.body.map_ranges(&place);
    Ok(document)
}

/// A part of the inner text, and where it stands in the outer file.
struct Piece {
    start: usize,
    range: TextRange,
    /// Terragrunt fills it in: all of it stands in the same place.
    is_filled: bool,
}

/// What is written behind `before` for what Terragrunt fills in there, if that is a value, a part of one or of a comment: nothing
/// else of a generated file has quotes around it, or stands behind `=`, `?` or `:`. All of a list may be several.
fn stand_in(before: &str) -> Option<String> {
    let line = before.rsplit('\n').next().unwrap_or_default();
    let (mut is_quoted, mut is_escaped) = (false, false);
    for (at, byte) in line.bytes().enumerate() {
        if !is_quoted && (byte == b'#' || line.as_bytes()[at..].starts_with(b"//")) {
            return Some(FILLED_IN.to_owned());
        }
        is_quoted ^= byte == b'"' && !is_escaped;
        is_escaped = byte == b'\\' && !is_escaped;
    }
    if is_quoted {
        return Some(format!("${{{FILLED_IN}.value}}"));
    }
    match line.trim_end().chars().next_back()? {
        '=' | '?' | ':' => Some(format!("{FILLED_IN}.value")),
        '[' => Some(format!("for it in {FILLED_IN}.value : it")),
        _ => None,
    }
}

/// The place in the outer file of the byte at `at` of the inner text.
fn outer(pieces: &[Piece], at: u32) -> TextRange {
    let index = pieces.partition_point(|piece| piece.start <= at as usize).saturating_sub(1);
    let Some(piece) = pieces.get(index) else { return TextRange::new(0, 0) };
    if piece.is_filled {
        return piece.range;
    }
    let start = (piece.range.start + (at - piece.start as u32)).min(piece.range.end);
    TextRange::new(start as usize, (start + 1) as usize)
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
    fn what_is_filled_in_is_a_value() {
        let generate = |contents: &str| {
            let text = format!(
                "generate \"x\" {{\n  path = \"x.tf\"\n  contents = <<EOF\n{contents}\nEOF\n}}\n"
            );
            let (_, generated) = generated(&hcl::parse(&text)).pop().unwrap();
            generated.map(|document| {
                let value =
                    &document.body.blocks().next().unwrap().body.attribute("a").unwrap().value;
                text[value.range.indices()].to_owned()
            })
        };
        assert_eq!(generate("locals {\n  a = \"x-${local.a}\"\n}").unwrap(), "\"x-${local.a}\"");
        assert_eq!(
            generate("locals {\n  a = ${jsonencode([1])}\n}").unwrap(),
            "${jsonencode([1])}"
        );
        let commented =
            "# of ${local.a}, \"the\"\nlocals {\n  a = true ? ${local.a} : null // ${local.b}\n}";
        assert_eq!(generate(commented).unwrap(), "true ? ${local.a} : null");
        assert_eq!(
            generate("locals {\n  a = [${join(\",\", local.a)}]\n}").unwrap(),
            "[${join(\",\", local.a)}]"
        );
        assert!(generate("locals {\n  a = [1, ${local.a}]\n}").is_err());
        assert!(generate("${local.more}\nlocals {\n  a = 1\n}").is_err());
        assert!(generate("locals {\n  a = 1\n  ${local.more}\n}").is_err());
        assert!(generate("variable \"${local.name}\" {\n  a = 1\n}").is_err());
        assert!(generate("%{ if local.x }\nlocals {\n  a = 1\n}\n%{ endif }").is_err());
    }
}
