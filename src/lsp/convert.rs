//! Between tautline's words and the protocol's: places, files, diagnostics.
//!
//! Invariant: every place that leaves is counted in the unit that was agreed on, and every place that comes in lies in its
//! text, whatever the client has sent.

use std::path::{Path, PathBuf};
use std::str::FromStr as _;

use lsp_types::{
    DiagnosticRelatedInformation, DiagnosticSeverity, Location, NumberOrString, Position, Range,
    Uri,
};

use crate::analysis::session::Session;
use crate::config::ConfigError;
use crate::diagnostic::{Diagnostic, Severity};
use crate::report::uri;
use crate::text::{FileId, LineIndex, TextRange, Unit};

/// The name under which editors show what is found.
pub(super) const SOURCE: &str = "tautline";

/// The rule that stands for whatever is wrong with settings and packs.
const CONFIGURATION: &str = "tautline/configuration";

/// A text with its lines, and how the client counts in it.
#[derive(Clone, Copy)]
pub(super) struct Counted<'t> {
    pub(super) text: &'t str,
    pub(super) lines: &'t LineIndex,
    pub(super) unit: Unit,
}

impl Counted<'_> {
    pub(super) fn position(&self, offset: u32) -> Position {
        let (line, character) = self.lines.place(self.text, offset, self.unit);
        Position { line, character }
    }

    pub(super) fn range(&self, range: TextRange) -> Range {
        Range { start: self.position(range.start), end: self.position(range.end) }
    }

    pub(super) fn offset(&self, position: Position) -> u32 {
        self.lines.offset(self.text, (position.line, position.character), self.unit)
    }

    /// The bytes of `range`; one that ends before it starts is empty.
    pub(super) fn bytes(&self, range: Range) -> TextRange {
        TextRange::new(self.offset(range.start) as usize, self.offset(range.end) as usize)
    }
}

/// The path of a `file:` URI; `None` for others.
pub(super) fn path_of(uri: &Uri) -> Option<PathBuf> {
    if !uri.scheme()?.as_str().eq_ignore_ascii_case("file") {
        return None;
    }
    // A name that is no UTF-8 is none that a repo's file goes by here.
    let path = uri.path().as_estr().decode().into_string().ok()?;
    Some(PathBuf::from(path.into_owned()))
}

/// The `file:` URI of an absolute path.
pub(super) fn uri_of(path: &Path) -> Option<Uri> {
    Uri::from_str(&format!("file://{}", uri(path.to_str()?))).ok()
}

pub(super) fn severity(severity: Severity) -> DiagnosticSeverity {
    match severity {
        Severity::Error => DiagnosticSeverity::ERROR,
        Severity::Warning => DiagnosticSeverity::WARNING,
        Severity::Info => DiagnosticSeverity::INFORMATION,
    }
}

/// What is converted, and how.
pub(super) struct Converter<'s> {
    pub(super) session: &'s Session,
    pub(super) unit: Unit,
    /// The URI of a file by its path in the repo.
    pub(super) uri: &'s dyn Fn(&str) -> Option<Uri>,
}

impl Converter<'_> {
    /// The text of the file at `path`, as places in it are counted.
    pub(super) fn counted(&self, path: &str) -> Option<Counted<'_>> {
        let parsed = self.session.parsed(path)?;
        Some(Counted { text: &parsed.text, lines: parsed.lines(), unit: self.unit })
    }

    pub(super) fn location(&self, file: FileId, range: TextRange) -> Option<Location> {
        let path = self.session.path(file);
        let range = self.counted(path)?.range(range);
        Some(Location { uri: (self.uri)(path)?, range })
    }

    /// A diagnostic of the file that `counted` is the text of.
    pub(super) fn diagnostic(
        &self,
        counted: Counted<'_>,
        diagnostic: &Diagnostic,
    ) -> lsp_types::Diagnostic {
        let related = diagnostic.related.iter().filter_map(|label| {
            let location = self.location(label.span.file, label.span.range)?;
            Some(DiagnosticRelatedInformation { location, message: label.message.clone() })
        });
        let related: Vec<_> = related.collect();
        lsp_types::Diagnostic {
            range: counted.range(diagnostic.span.range),
            severity: Some(severity(diagnostic.severity)),
            code: Some(NumberOrString::String(diagnostic.rule.to_string())),
            source: Some(SOURCE.to_owned()),
            message: with_help(&diagnostic.message, diagnostic.help.as_deref()),
            related_information: (!related.is_empty()).then_some(related),
            ..lsp_types::Diagnostic::default()
        }
    }

    /// What is wrong in a file that configures tautline.
    pub(super) fn wrong(&self, error: &ConfigError) -> lsp_types::Diagnostic {
        let lines = LineIndex::new(&error.text);
        let counted = Counted { text: &error.text, lines: &lines, unit: self.unit };
        lsp_types::Diagnostic {
            range: counted.range(error.range),
            severity: Some(DiagnosticSeverity::ERROR),
            code: Some(NumberOrString::String(CONFIGURATION.to_owned())),
            source: Some(SOURCE.to_owned()),
            message: with_help(&error.message, error.help.as_deref()),
            ..lsp_types::Diagnostic::default()
        }
    }
}

fn with_help(message: &str, help: Option<&str>) -> String {
    match help {
        Some(help) => format!("{message}\nhelp: {help}"),
        None => message.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_comes_back_from_its_uri() {
        for path in ["/a/b.tf", "/a b/é%#?/ü:c.tf"] {
            let uri = uri_of(Path::new(path)).unwrap();
            assert_eq!(path_of(&uri).as_deref(), Some(Path::new(path)), "{}", uri.as_str());
        }
        assert_eq!(path_of(&Uri::from_str("untitled:Untitled-1").unwrap()), None);
        let encoded = Uri::from_str("file:///c%3A/x%20y.tf").unwrap();
        assert_eq!(path_of(&encoded).as_deref(), Some(Path::new("/c:/x y.tf")));
    }
}
