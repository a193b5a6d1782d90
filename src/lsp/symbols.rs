//! The blocks of a file, for outlines.

use lsp_types::{DocumentSymbol, DocumentSymbolResponse, SymbolKind};

use super::convert::{Converter, Counted};
use crate::model::address_of;
use crate::syntax::hcl::{Attribute, Block, Body};

/// The symbols of the file at `path`: its blocks with what is in them, and what its `locals` name.
pub(super) fn symbols(convert: &Converter<'_>, path: &str) -> Option<DocumentSymbolResponse> {
    let parsed = convert.session.parsed(path)?;
    let counted = convert.counted(path)?;
    let body = &parsed.hcl.as_ref()?.body;
    let mut symbols: Vec<DocumentSymbol> =
        body.blocks().map(|block| top_level(counted, block)).collect();
    // A file of variables, or of Terragrunt's, says much at the top.
    symbols.extend(body.attributes().map(|it| attribute(counted, it)));
    symbols.sort_by_key(|symbol| (symbol.range.start.line, symbol.range.start.character));
    Some(DocumentSymbolResponse::Nested(symbols))
}

fn top_level(counted: Counted<'_>, block: &Block) -> DocumentSymbol {
    let kind = match block.kind.name.as_str() {
        "variable" | "locals" => SymbolKind::VARIABLE,
        "module" => SymbolKind::MODULE,
        "output" => SymbolKind::PROPERTY,
        "provider" | "terraform" | "include" => SymbolKind::NAMESPACE,
        _ => SymbolKind::CLASS,
    };
    let children = if block.kind.name == "locals" {
        block.body.attributes().map(|it| attribute(counted, it)).collect()
    } else {
        inner(counted, &block.body)
    };
    symbol(counted, (address_of(block), kind), (block.range, block.header), children)
}

fn inner(counted: Counted<'_>, body: &Body) -> Vec<DocumentSymbol> {
    let blocks = body.blocks().map(|block| {
        let labels = block.labels.iter().map(|label| format!(" {}", label.name));
        let name = std::iter::once(block.kind.name.to_string()).chain(labels).collect();
        let children = inner(counted, &block.body);
        symbol(counted, (name, SymbolKind::STRUCT), (block.range, block.header), children)
    });
    blocks.collect()
}

fn attribute(counted: Counted<'_>, attribute: &Attribute) -> DocumentSymbol {
    let what = (attribute.key.name.to_string(), SymbolKind::CONSTANT);
    symbol(counted, what, (attribute.range, attribute.key.range), Vec::new())
}

fn symbol(
    counted: Counted<'_>,
    (name, kind): (String, SymbolKind),
    (range, selection): (crate::text::TextRange, crate::text::TextRange),
    children: Vec<DocumentSymbol>,
) -> DocumentSymbol {
    #[expect(deprecated, reason = "the type has no other way to be made")]
    DocumentSymbol {
        name,
        detail: None,
        kind,
        tags: None,
        deprecated: None,
        range: counted.range(range),
        selection_range: counted.range(selection),
        children: (!children.is_empty()).then_some(children),
    }
}
