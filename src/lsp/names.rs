//! Names: where one stands, and another one for it.

use std::collections::BTreeMap;

use lsp_types::{
    DocumentHighlight, DocumentHighlightKind, Location, PrepareRenameResponse, TextEdit,
    WorkspaceEdit,
};

use super::actions::workspace_edit;
use super::convert::Converter;
use super::server::Server;
use crate::analysis::naming;

/// Every place that says what the name at `offset` of the file at `path` is of.
pub(super) fn references(
    convert: &Converter<'_>,
    path: &str,
    offset: u32,
    with_declaration: bool,
) -> Option<Vec<Location>> {
    let code = convert.session.code();
    let named = code.at(path, offset)?.of;
    let wanted = code.places(&named).into_iter();
    let wanted = wanted.filter(|(_, place)| with_declaration || !place.is_declaration);
    let location = |(path, place): (&str, naming::Place)| {
        let range = convert.counted(path)?.range(place.range);
        Some(Location { uri: (convert.uri)(path)?, range })
    };
    Some(wanted.filter_map(location).collect())
}

/// The places of the same in the file itself.
pub(super) fn highlights(
    convert: &Converter<'_>,
    path: &str,
    offset: u32,
) -> Option<Vec<DocumentHighlight>> {
    let code = convert.session.code();
    let named = code.at(path, offset)?.of;
    let counted = convert.counted(path)?;
    let places = code.in_file(path).into_iter().filter(|place| place.of == named);
    let highlight = |place: naming::Place| DocumentHighlight {
        range: counted.range(place.range),
        kind: Some(if place.is_declaration {
            DocumentHighlightKind::WRITE
        } else {
            DocumentHighlightKind::READ
        }),
    };
    Some(places.map(highlight).collect())
}

/// The name at `offset` of the file at `path`, if another one can be given there.
pub(super) fn renamable(
    convert: &Converter<'_>,
    path: &str,
    offset: u32,
) -> Option<PrepareRenameResponse> {
    let place = convert.session.code().at(path, offset)?;
    let range = convert.counted(path)?.range(place.range);
    Some(PrepareRenameResponse::RangeWithPlaceholder { range, placeholder: place.of.name.into() })
}

/// The edits that give what is named at `at` the name `new`; or why that cannot be.
pub(super) fn rename(
    server: &Server,
    convert: &Converter<'_>,
    (path, offset): (&str, u32),
    new: &str,
) -> Result<Option<WorkspaceEdit>, String> {
    let code = convert.session.code();
    let Some(place) = code.at(path, offset) else {
        return Err("nothing with a name that could be another one stands here".to_owned());
    };
    let mut by_path: BTreeMap<&str, Vec<TextEdit>> = BTreeMap::new();
    for (path, range, new_text) in naming::rename(&code, &place.of, new)? {
        let Some(counted) = convert.counted(path) else { continue };
        let edit = TextEdit { range: counted.range(range), new_text };
        by_path.entry(path).or_default().push(edit);
    }
    Ok(workspace_edit(server, convert, by_path))
}
