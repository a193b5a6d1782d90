//! Which steps of a path are keys of maps.

use crate::drift::path::{Path, Step, holds_object};
use crate::rule::write;
use crate::syntax::hcl::{Block, Body};

/// `path` with its keys told from its names. Plans write both alike; but lists of blocks have positions, so what follows a
/// name is a key, unless the code has a block there.
pub(super) fn told(block: &Block, path: &Path) -> Path {
    let kind = block.label(0).unwrap_or_default();
    if let Some(Step::Name(first)) = path.0.first()
        && holds_object(kind, first)
    {
        return path.clone();
    }
    let mut body = Some(&block.body);
    // Whether the step before was a name, and of no block of the code.
    let mut in_map = false;
    let mut steps = Vec::with_capacity(path.0.len());
    for (at, step) in path.0.iter().enumerate() {
        let Some(text) = step.text() else {
            in_map = false;
            steps.push(step.clone());
            continue;
        };
        // In a block of the code, what can be a name is one.
        let is_name = matches!(step, Step::Name(_)) || (body.is_some() && write::is_name(text));
        if in_map || !is_name {
            (body, in_map) = (None, true);
            steps.push(Step::Key(text.into()));
            continue;
        }
        let position = match path.0.get(at + 1) {
            Some(Step::Index(position)) => *position as usize,
            _ => 0,
        };
        body = body.and_then(|body| inside(body, text, position));
        in_map = body.is_none();
        steps.push(Step::Name(text.into()));
    }
    Path(steps)
}

fn inside<'b>(body: &'b Body, name: &str, position: usize) -> Option<&'b Body> {
    let blocks = || body.blocks().filter(|block| block.kind.name == name);
    let block = blocks().nth(position).or_else(|| blocks().next())?;
    Some(&block.body)
}
