//! What a client can do, and what the server tells it about itself.

use lsp_types::{
    CodeActionKind, CodeActionOptions, CodeActionProviderCapability, CodeLensOptions,
    CompletionOptions, FileOperationFilter, FileOperationPattern, FileOperationRegistrationOptions,
    HoverProviderCapability, InitializeParams, OneOf, PositionEncodingKind, RenameOptions,
    SaveOptions, ServerCapabilities, TextDocumentSyncCapability, TextDocumentSyncKind,
    TextDocumentSyncOptions, TextDocumentSyncSaveOptions, WorkDoneProgressOptions,
    WorkspaceFileOperationsServerCapabilities, WorkspaceServerCapabilities,
};

use crate::text::Unit;

/// A client, as far as the server minds.
#[expect(clippy::struct_excessive_bools, reason = "each is something that a client can do or not")]
#[derive(Clone, Copy, Debug)]
pub(super) struct Client {
    /// What it counts columns in.
    pub(super) unit: Unit,
    /// Whether it tells of changes on the disk where it is asked to.
    pub(super) watches: bool,
    /// Whether an edit may name the version of the document that it is for.
    pub(super) takes_versions: bool,
    /// Whether it shows why an action cannot be taken.
    pub(super) shows_disabled: bool,
    /// Whether it asks for code lenses again where it is told to.
    pub(super) refreshes_lenses: bool,
}

impl Client {
    pub(super) fn of(params: &InitializeParams) -> Client {
        let capabilities = &params.capabilities;
        let encodings = capabilities.general.as_ref().and_then(|it| it.position_encodings.as_ref());
        let offers = |kind: &PositionEncodingKind| encodings.is_some_and(|it| it.contains(kind));
        let unit = if offers(&PositionEncodingKind::UTF8) {
            Unit::Utf8
        } else if !offers(&PositionEncodingKind::UTF16) && offers(&PositionEncodingKind::UTF32) {
            Unit::Utf32
        } else {
            Unit::Utf16
        };
        let workspace = capabilities.workspace.as_ref();
        let watched = workspace.and_then(|it| it.did_change_watched_files.as_ref());
        let edits = workspace.and_then(|it| it.workspace_edit.as_ref());
        let lenses = workspace.and_then(|it| it.code_lens.as_ref());
        let actions = capabilities.text_document.as_ref().and_then(|it| it.code_action.as_ref());
        Client {
            unit,
            watches: watched.and_then(|it| it.dynamic_registration).unwrap_or_default(),
            takes_versions: edits.and_then(|it| it.document_changes).unwrap_or_default(),
            shows_disabled: actions.and_then(|it| it.disabled_support).unwrap_or_default(),
            refreshes_lenses: lenses.and_then(|it| it.refresh_support).unwrap_or_default(),
        }
    }

    /// What the server can do for it.
    pub(super) fn server(self) -> ServerCapabilities {
        let encoding = match self.unit {
            Unit::Utf8 => PositionEncodingKind::UTF8,
            Unit::Utf16 => PositionEncodingKind::UTF16,
            Unit::Utf32 => PositionEncodingKind::UTF32,
        };
        let sync = TextDocumentSyncOptions {
            open_close: Some(true),
            change: Some(TextDocumentSyncKind::INCREMENTAL),
            save: Some(TextDocumentSyncSaveOptions::SaveOptions(SaveOptions::default())),
            ..TextDocumentSyncOptions::default()
        };
        let kinds = vec![CodeActionKind::QUICKFIX, CodeActionKind::SOURCE_FIX_ALL];
        let actions =
            CodeActionOptions { code_action_kinds: Some(kinds), ..CodeActionOptions::default() };
        let every_file = FileOperationRegistrationOptions {
            filters: vec![FileOperationFilter {
                scheme: Some("file".to_owned()),
                pattern: FileOperationPattern {
                    glob: "**/*".to_owned(),
                    ..FileOperationPattern::default()
                },
            }],
        };
        let operations = WorkspaceFileOperationsServerCapabilities {
            did_create: Some(every_file.clone()),
            did_rename: Some(every_file.clone()),
            did_delete: Some(every_file),
            ..WorkspaceFileOperationsServerCapabilities::default()
        };
        let triggers = ["[", ",", "/"].map(str::to_owned).to_vec();
        ServerCapabilities {
            position_encoding: Some(encoding),
            text_document_sync: Some(TextDocumentSyncCapability::Options(sync)),
            code_action_provider: Some(CodeActionProviderCapability::Options(actions)),
            hover_provider: Some(HoverProviderCapability::Simple(true)),
            definition_provider: Some(OneOf::Left(true)),
            references_provider: Some(OneOf::Left(true)),
            document_highlight_provider: Some(OneOf::Left(true)),
            rename_provider: Some(OneOf::Right(RenameOptions {
                prepare_provider: Some(true),
                work_done_progress_options: WorkDoneProgressOptions::default(),
            })),
            document_symbol_provider: Some(OneOf::Left(true)),
            code_lens_provider: Some(CodeLensOptions { resolve_provider: Some(false) }),
            completion_provider: Some(CompletionOptions {
                trigger_characters: Some(triggers),
                ..CompletionOptions::default()
            }),
            workspace: Some(WorkspaceServerCapabilities {
                file_operations: Some(operations),
                ..WorkspaceServerCapabilities::default()
            }),
            ..ServerCapabilities::default()
        }
    }
}
