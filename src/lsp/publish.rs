//! What the client is told about a file, whenever that changes.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use lsp_types::PublishDiagnosticsParams;
use lsp_types::notification::PublishDiagnostics;

use super::convert::Counted;
use super::server::Server;
use crate::text::LineIndex;

impl Server {
    /// Tells the client what is found in the file at `path`, unless that is what it was told last.
    pub(super) fn publish(&mut self, path: &str) {
        let Some(uri) = self.uri(path) else { return };
        // A file that is no text has one place: its start.
        let no_lines = LineIndex::new("");
        let start = Counted { text: "", lines: &no_lines, unit: self.client.unit };
        let diagnostics = self.converting(|convert| {
            let found = self.session.diagnostics(path);
            let counted = convert.counted(path).unwrap_or(start);
            let found = found.iter().map(|it| convert.diagnostic(counted, it));
            let wrong = self.session.wrong().iter().filter(|error| *error.path == *path);
            found.chain(wrong.map(|error| convert.wrong(error))).collect::<Vec<_>>()
        });
        let version = self.documents.get(path).map(|document| document.version);
        let is_silent = diagnostics.is_empty() && !self.published.contains_key(path);
        if is_silent && version.is_none() {
            return;
        }
        let params = PublishDiagnosticsParams { uri, diagnostics, version };
        let mut hasher = DefaultHasher::new();
        // A version is a part of what is said: a client drops what is about another one.
        serde_json::to_string(&params).unwrap_or_default().hash(&mut hasher);
        let said = hasher.finish();
        if self.published.insert(path.to_owned(), said) != Some(said) {
            self.tell::<PublishDiagnostics>(params);
        }
    }
}
