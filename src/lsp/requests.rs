//! Requests: method and params → an answer.

use lsp_server::ErrorCode;
use lsp_types::request::{self as ask, Request as _};
use lsp_types::{
    DidChangeWatchedFilesRegistrationOptions, FileSystemWatcher, GlobPattern, Registration,
    RegistrationParams, TextDocumentIdentifier, TextDocumentPositionParams,
};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::server::Server;
use super::{actions, completion, definition, hover, lens, names, symbols};

/// An answer, or why there is none.
type Answer = Result<Value, (ErrorCode, String)>;

/// Answers the request `method`.
pub(super) fn answer(server: &mut Server, method: &str, params: Value) -> Answer {
    match method {
        ask::CodeActionRequest::METHOD => respond::<ask::CodeActionRequest>(params, |it| {
            let path = in_document(server, &it.text_document)?;
            server.converting(|convert| actions::actions(server, convert, &path, &it))
        }),
        ask::HoverRequest::METHOD => respond::<ask::HoverRequest>(params, |it| {
            let (path, offset) = at(server, &it.text_document_position_params)?;
            server.converting(|convert| hover::hover(server, convert, &path, offset))
        }),
        ask::GotoDefinition::METHOD => respond::<ask::GotoDefinition>(params, |it| {
            let (path, offset) = at(server, &it.text_document_position_params)?;
            server.converting(|convert| definition::definition(convert, &path, offset))
        }),
        ask::References::METHOD => respond::<ask::References>(params, |it| {
            let (path, offset) = at(server, &it.text_document_position)?;
            let with_declaration = it.context.include_declaration;
            server.converting(|convert| names::references(convert, &path, offset, with_declaration))
        }),
        ask::DocumentHighlightRequest::METHOD => {
            respond::<ask::DocumentHighlightRequest>(params, |it| {
                let (path, offset) = at(server, &it.text_document_position_params)?;
                server.converting(|convert| names::highlights(convert, &path, offset))
            })
        }
        ask::PrepareRenameRequest::METHOD => respond::<ask::PrepareRenameRequest>(params, |it| {
            let (path, offset) = at(server, &it)?;
            server.converting(|convert| names::renamable(convert, &path, offset))
        }),
        ask::Rename::METHOD => try_to::<ask::Rename>(params, |it| {
            let Some((path, offset)) = at(server, &it.text_document_position) else {
                return Ok(None);
            };
            let new = it.new_name.as_str();
            server.converting(|convert| names::rename(server, convert, (&path, offset), new))
        }),
        ask::DocumentSymbolRequest::METHOD => respond::<ask::DocumentSymbolRequest>(params, |it| {
            let path = in_document(server, &it.text_document)?;
            server.converting(|convert| symbols::symbols(convert, &path))
        }),
        ask::CodeLensRequest::METHOD => respond::<ask::CodeLensRequest>(params, |it| {
            let path = in_document(server, &it.text_document)?;
            server.converting(|convert| lens::lenses(convert, &path))
        }),
        ask::Completion::METHOD => respond::<ask::Completion>(params, |it| {
            let (path, offset) = at(server, &it.text_document_position)?;
            server.converting(|convert| completion::completion(convert, &path, offset))
        }),
        _ => Err((ErrorCode::MethodNotFound, format!("`{method}` is no method of this server"))),
    }
}

/// The path of a document in the repo, looked at as it is now.
fn in_document(server: &mut Server, document: &TextDocumentIdentifier) -> Option<String> {
    let path = server.path(&document.uri)?;
    server.catch_up(&path);
    Some(path)
}

/// A place in a document.
fn at(server: &mut Server, place: &TextDocumentPositionParams) -> Option<(String, u32)> {
    let path = in_document(server, &place.text_document)?;
    let offset = server.converting(|it| Some(it.counted(&path)?.offset(place.position)))?;
    Some((path, offset))
}

/// Reads the params of a request and writes its answer.
fn respond<R: ask::Request>(params: Value, answer: impl FnOnce(R::Params) -> R::Result) -> Answer
where
    R::Params: DeserializeOwned,
{
    try_to::<R>(params, |params| Ok(answer(params)))
}

/// The same of a request that may be refused: whoever asks is told why.
fn try_to<R: ask::Request>(
    params: Value,
    answer: impl FnOnce(R::Params) -> Result<R::Result, String>,
) -> Answer
where
    R::Params: DeserializeOwned,
{
    let params = serde_json::from_value(params).map_err(|error| {
        (ErrorCode::InvalidParams, format!("`{}` cannot be understood: {error}", R::METHOD))
    })?;
    let answer = answer(params).map_err(|why| (ErrorCode::RequestFailed, why))?;
    serde_json::to_value(answer).map_err(|error| (ErrorCode::InternalError, error.to_string()))
}

/// What the client is asked to tell of: all that happens to files, because packs and rules read any of them.
pub(super) fn watching() -> RegistrationParams {
    let watchers = vec![FileSystemWatcher {
        glob_pattern: GlobPattern::String("**/*".to_owned()),
        kind: None,
    }];
    let options = DidChangeWatchedFilesRegistrationOptions { watchers };
    RegistrationParams {
        registrations: vec![Registration {
            id: "tautline-files".to_owned(),
            method: "workspace/didChangeWatchedFiles".to_owned(),
            register_options: serde_json::to_value(options).ok(),
        }],
    }
}
