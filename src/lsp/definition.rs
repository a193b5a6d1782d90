//! Where a name leads: the module that a call uses, the block of a variable, the line of a local.

use lsp_types::{GotoDefinitionResponse, Location, Range};

use super::convert::Converter;
use crate::model::call_target;
use crate::syntax::Format;
use crate::syntax::hcl::{Block, Body, Expr, ExprKind, Step, StepKind};
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
    let location = reference_at(block, offset)
        .and_then(|(root, name)| declared(convert, dir_of(path), &root, &name))
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

/// The root and first name of the reference at `offset`: `var`, `name`.
fn reference_at(block: &Block, offset: u32) -> Option<(String, String)> {
    let mut found = None;
    let mut bodies: Vec<&Body> = vec![&block.body];
    while let Some(body) = bodies.pop() {
        bodies.extend(body.blocks().map(|block| &block.body));
        let around = |expr: &&Expr| expr.range.contains_offset(offset) || expr.range.end == offset;
        let exprs = body.attributes().flat_map(|it| it.value.descendants()).filter(around);
        for expr in exprs {
            if let ExprKind::Traversal(traversal) = &expr.kind
                && let ExprKind::Variable(root) = &traversal.base.kind
                && let Some(Step { kind: StepKind::Attribute(name), .. }) = traversal.steps.first()
            {
                found = Some((root.to_string(), name.to_string()));
            }
        }
    }
    found
}

/// Where `var.NAME`, `local.NAME` or `module.NAME` is declared in the module in `dir`.
fn declared(convert: &Converter<'_>, dir: &str, root: &str, name: &str) -> Option<Location> {
    let place = |body: &Body| -> Option<TextRange> {
        let labelled = |kind: &str| {
            let block = body.blocks().find(|it| it.kind.name == kind && it.label(0) == Some(name));
            block.map(|block| block.header)
        };
        match root {
            "var" => labelled("variable"),
            "module" => labelled("module"),
            "local" => {
                let locals = body.blocks().filter(|block| block.kind.name == "locals");
                let mut found = locals.filter_map(|locals| locals.body.attribute(name));
                found.next().map(|it| it.range)
            }
            _ => {
                let is_it = |it: &&Block| {
                    it.kind.name == "resource"
                        && it.label(0) == Some(root)
                        && it.label(1) == Some(name)
                };
                body.blocks().find(is_it).map(|block| block.header)
            }
        }
    };
    convert.session.files_in(dir).iter().filter(|path| is_code(path)).find_map(|path| {
        let parsed = convert.session.parsed(path)?;
        let range = place(&parsed.hcl.as_ref()?.body)?;
        let range = convert.counted(path)?.range(range);
        Some(Location { uri: (convert.uri)(path)?, range })
    })
}
