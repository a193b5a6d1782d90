//! Expected against reported.

use super::{CaseFile, Expected, ExpectedKind, PageCase};
use crate::diagnostic::{Diagnostic, Label, Report, UnknownSite};
use crate::syntax::SourceFile;
use crate::text::{Span, TextRange};

/// How `report` differs from what `case` on the page of the rule `own` expects: one line each, starting with the page's
/// line. Empty means that it holds.
pub fn differences(
    own: &str,
    case: &PageCase,
    sources: &[SourceFile],
    report: &Report,
) -> Vec<String> {
    let reported = &report.diagnostics;
    let rules = case.rules(own);
    let mut left: Vec<&Diagnostic> =
        reported.iter().filter(|diagnostic| rules.contains(&&*diagnostic.rule)).collect();
    let unknown: Vec<&UnknownSite> =
        report.unknown.iter().filter(|site| *site.rule == *own).collect();
    let mut misses_unknown = false;
    let mut out = Vec::new();
    for (file, expected) in
        case.files.iter().flat_map(|file| file.expected.iter().map(move |it| (file, it)))
    {
        let missing = match &expected.kind {
            ExpectedKind::Diagnostic { .. } => {
                let found =
                    left.iter().position(|it| is_expected(own, file, expected, sources, it));
                found.map(|at| left.remove(at)).is_none()
            }
            ExpectedKind::Related => !reported
                .iter()
                .flat_map(|diagnostic| &diagnostic.related)
                .any(|label| is_related(file, expected, sources, label)),
            ExpectedKind::Unknown => {
                !unknown.iter().any(|site| is_unknown(file, expected, sources, site))
            }
        };
        misses_unknown |= missing && expected.kind == ExpectedKind::Unknown;
        if missing {
            out.push(format!("line {}: not reported: {}", expected.line, wanted(file, expected)));
        }
    }
    for diagnostic in left {
        out.push(format!("line {}: not expected: {}", case.line, shown(diagnostic, sources)));
    }
    // What is not known need not be expected, so it is told only where it may be what was meant.
    for site in unknown.into_iter().filter(|_| misses_unknown) {
        out.push(format!("line {}: not known: {}", case.line, not_known(site, sources)));
    }
    out
}

fn is_expected(
    own: &str,
    file: &CaseFile,
    expected: &Expected,
    sources: &[SourceFile],
    diagnostic: &Diagnostic,
) -> bool {
    let ExpectedKind::Diagnostic { severity, rule } = &expected.kind else { return false };
    let source = &sources[diagnostic.span.file.index()];
    *source.path == *file.path
        && covers(expected, source, diagnostic.span.range)
        && *diagnostic.rule == *rule.as_deref().unwrap_or(own)
        && severity.is_none_or(|severity| severity == diagnostic.severity)
        && diagnostic.message.contains(&expected.message)
}

fn is_related(file: &CaseFile, expected: &Expected, sources: &[SourceFile], label: &Label) -> bool {
    let source = &sources[label.span.file.index()];
    *source.path == *file.path
        && covers(expected, source, label.span.range)
        && label.message.contains(&expected.message)
}

fn is_unknown(
    file: &CaseFile,
    expected: &Expected,
    sources: &[SourceFile],
    site: &UnknownSite,
) -> bool {
    let source = &sources[site.span.file.index()];
    *source.path == *file.path
        && covers(expected, source, site.span.range)
        && site.reason.contains(&expected.message)
}

/// Whether `range` is the one expected; of a span over several lines only the start is written on the page.
fn covers(expected: &Expected, source: &SourceFile, range: TextRange) -> bool {
    if !expected.open {
        return range == expected.range;
    }
    let lines = source.lines();
    range.start == expected.range.start && lines.line_of(range.end) > lines.line_of(range.start)
}

/// What a caret line asks for, in words.
fn wanted(file: &CaseFile, expected: &Expected) -> String {
    let text = &file.text[expected.range.indices()];
    let kind = match &expected.kind {
        ExpectedKind::Related => "related".to_owned(),
        ExpectedKind::Unknown => "unknown".to_owned(),
        ExpectedKind::Diagnostic { severity, rule } => {
            let severity = severity.map_or("any severity", |severity| severity.word());
            rule.iter().fold(severity.to_owned(), |words, rule| format!("{words} {rule}"))
        }
    };
    format!("{}: `{text}` {kind}: {}", file.path, expected.message)
}

/// A diagnostic, in words.
fn shown(diagnostic: &Diagnostic, sources: &[SourceFile]) -> String {
    let Diagnostic { severity, rule, message, .. } = diagnostic;
    format!("{} {severity} {rule}: {message}", place(diagnostic.span, sources))
}

/// What could not be judged, in words.
fn not_known(site: &UnknownSite, sources: &[SourceFile]) -> String {
    format!("{} unknown: {}", place(site.span, sources), site.reason)
}

/// Where something is, and what stands there.
fn place(span: Span, sources: &[SourceFile]) -> String {
    let source = &sources[span.file.index()];
    let position = source.position(span.range.start);
    let text = source.slice(span.range).escape_debug();
    format!("{}:{}:{}: `{text}`", source.path, position.line, position.column)
}
