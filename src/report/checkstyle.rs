//! The XML of Checkstyle, which Jenkins and many review tools read: the diagnostics of each file.

use std::borrow::Cow;

use super::xml::Xml;
use super::{View, sentence};
use crate::diagnostic::Diagnostic;

/// The version of the format, not of the tool: readers look for it.
const VERSION: &str = "4.3";

/// Renders `view`.
pub fn render(view: &View<'_>) -> String {
    let mut xml = Xml::new();
    xml.start("checkstyle", &[("version", VERSION.into())]);
    let shown: Vec<&Diagnostic> = view.diagnostics().collect();
    for of_file in shown.chunk_by(|a, b| a.span.file == b.span.file) {
        let path = view.code.path_from_top(of_file[0].span);
        xml.start("file", &[("name", path)]);
        for diagnostic in of_file {
            let (start, _) = view.code.positions(diagnostic.span);
            let attributes: [(&str, Cow<'_, str>); 5] = [
                ("line", start.line.to_string().into()),
                ("column", start.column.to_string().into()),
                ("severity", diagnostic.severity.word().into()),
                ("message", sentence(diagnostic).into()),
                ("source", (&*diagnostic.rule).into()),
            ];
            xml.empty("error", &attributes);
        }
        xml.end();
    }
    if !view.report.failures.is_empty() {
        // A file of its own: the format knows failures only in files.
        xml.start("file", &[("name", "tautline".into())]);
        for failure in &view.report.failures {
            xml.text("exception", &[], &failure.to_string());
        }
        xml.end();
    }
    xml.finish()
}
