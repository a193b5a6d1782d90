//! Where a name leads: the module that a call uses, the block of a variable, the line of a local.

use lsp_types::{GotoDefinitionResponse, Location, Range};

use super::convert::Converter;
use crate::model::call_target;
use crate::syntax::Format;
use crate::syntax::hcl::{Block, Body, Expr, ExprKind};
use crate::text::{TextRange, dir_of};

/// Where the thing at `offset` of the file at `path` is defined.
pub(super) fn definition(
    convert: &Converter<'_>,
    path: &str,
    offset: u32,
) -> Option<GotoDefinitionResponse> {
    let parsed = convert.session.parsed(path)?;
    let body = &parsed.hcl.as_ref()?.body;
    let block = body.blocks().find(|it| it.range.contains_offset(offset))?;
    let location = declared(convert, path, block, offset)
        .or_else(|| module(convert, dir_of(path), block, offset))?;
    Some(GotoDefinitionResponse::Scalar(location))
}

/// The file that a module is read from first: where the cursor is on the call's header or its source.
fn module(convert: &Converter<'_>, dir: &str, block: &Block, offset: u32) -> Option<Location> {
    if block.kind.name != "module" {
        return None;
    }
    let source = block.body.attribute("source")?;
    let is_meant = [block.header, source.range]
        .into_iter()
        .any(|range| range.contains_offset(offset) || range.end == offset);
    let target = is_meant.then(|| call_target(dir, block)).flatten()?;
    let files = convert.session.files_in(&target);
    let is_main = |path: &&String| path.ends_with("/main.tf") || *path == "main.tf";
    let path = files.iter().find(is_main).or_else(|| files.iter().find(|it| is_code(it)))?;
    Some(Location { uri: (convert.uri)(path)?, range: Range::default() })
}

fn is_code(path: &str) -> bool {
    Format::of(path).is_terraform()
}

/// Where the thing is declared whose name is at `offset`, or in the reference there.
fn declared(convert: &Converter<'_>, path: &str, block: &Block, offset: u32) -> Option<Location> {
    let code = convert.session.code();
    let named = code.at(path, offset).or_else(|| {
        let around = reference_at(block, offset)?;
        code.in_file(path).into_iter().find(|place| around.contains(place.range))
    })?;
    if named.is_declaration {
        return None;
    }
    let (path, place) = code.places(&named.of).into_iter().find(|(_, it)| it.is_declaration)?;
    let range = convert.counted(path)?.range(place.range);
    Some(Location { uri: (convert.uri)(path)?, range })
}

/// The reference at `offset`: `var.name`.
fn reference_at(block: &Block, offset: u32) -> Option<TextRange> {
    let mut found = None;
    let mut bodies: Vec<&Body> = vec![&block.body];
    while let Some(body) = bodies.pop() {
        bodies.extend(body.blocks().map(|block| &block.body));
        let around = |expr: &&Expr| expr.range.contains_offset(offset) || expr.range.end == offset;
        let exprs = body.attributes().flat_map(|it| it.value.descendants()).filter(around);
        let references = exprs.filter(|expr| matches!(expr.kind, ExprKind::Traversal(_)));
        found = references.map(|expr| expr.range).last().or(found);
    }
    found
}
