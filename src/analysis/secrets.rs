//! The secrets in the files that a report speaks of: renderers get their places, and no sentence of the report says one.
//!
//! Invariant: edits are left as they are, so that applying one does not lose a value. Whoever shows one looks out himself.

use std::collections::BTreeSet;

use aho_corasick::{AhoCorasick, MatchKind};
use rayon::prelude::*;

use crate::diagnostic::{Diagnostic, Report};
use crate::syntax::{SourceFile, secret_ranges};
use crate::text::{FileId, Span};

/// Stands for a secret.
const HIDDEN: &str = "(redacted)";
/// A secret that is shorter may well be a part of a common word.
const SHORTEST: usize = 6;
/// A longer one is in no message.
const LONGEST: usize = 4096;

/// Takes the secrets out of what `report` says, and gives their places, sorted.
pub(super) fn hide(sources: &[SourceFile], report: &mut Report) -> Vec<Span> {
    let files: Vec<&SourceFile> =
        files(report).into_iter().filter_map(|file| sources.get(file.index())).collect();
    let redacted: Vec<Span> = files
        .into_par_iter()
        .flat_map_iter(|source| secret_ranges(source).into_iter().map(|range| source.span(range)))
        .collect();
    let secrets = Secrets::new(sources, &redacted);
    let suppressed = report.suppressed.iter_mut().map(|silenced| &mut silenced.diagnostic);
    for diagnostic in report.diagnostics.iter_mut().chain(suppressed) {
        secrets.leave(diagnostic);
    }
    for site in &mut report.unknown {
        secrets.leave_text(&mut site.reason, &[site.span]);
    }
    redacted
}

/// The files that `report` points into.
fn files(report: &Report) -> BTreeSet<FileId> {
    let suppressed = report.suppressed.iter().map(|silenced| &silenced.diagnostic);
    let mut files = BTreeSet::new();
    for diagnostic in report.diagnostics.iter().chain(suppressed) {
        files.extend(spans(diagnostic).iter().map(|span| span.file));
    }
    files.extend(report.unknown.iter().map(|site| site.span.file));
    files
}

/// Every place that `diagnostic` names.
fn spans(diagnostic: &Diagnostic) -> Vec<Span> {
    let mut spans = vec![diagnostic.span];
    spans.extend(diagnostic.related.iter().map(|label| label.span));
    spans.extend(diagnostic.fix.iter().flat_map(|fix| &fix.edits).map(|edit| edit.span));
    spans
}

/// What must not be said.
struct Secrets<'a> {
    sources: &'a [SourceFile],
    redacted: &'a [Span],
    /// Those that can be told from a common word; `None` where there are none.
    long: Option<AhoCorasick>,
}

impl<'a> Secrets<'a> {
    fn new(sources: &'a [SourceFile], redacted: &'a [Span]) -> Self {
        let texts = redacted.iter().map(|span| text(sources, *span));
        let long: BTreeSet<&str> =
            texts.filter(|text| (SHORTEST..=LONGEST).contains(&text.len())).collect();
        let mut builder = AhoCorasick::builder();
        builder.match_kind(MatchKind::LeftmostLongest);
        let long = if long.is_empty() { None } else { builder.build(long).ok() };
        Secrets { sources, redacted, long }
    }

    fn leave(&self, diagnostic: &mut Diagnostic) {
        let spans = spans(diagnostic);
        self.leave_text(&mut diagnostic.message, &spans);
        if let Some(help) = &mut diagnostic.help {
            self.leave_text(help, &spans);
        }
        for label in &mut diagnostic.related {
            self.leave_text(&mut label.message, &spans);
        }
        if let Some(fix) = &mut diagnostic.fix {
            self.leave_text(&mut fix.title, &spans);
        }
    }

    /// Takes the secrets out of `words`, which are about `spans`. A short one is taken out where it is quoted, if it
    /// stands at one of them.
    fn leave_text(&self, words: &mut String, spans: &[Span]) {
        if let Some(long) = &self.long
            && long.is_match(words.as_str())
        {
            let mut left = String::with_capacity(words.len());
            long.replace_all_with(words, &mut left, |_, _, out| {
                out.push_str(HIDDEN);
                true
            });
            *words = left;
        }
        for secret in self.redacted {
            let is_here =
                |span: &Span| span.file == secret.file && span.range.overlaps(secret.range);
            let short = text(self.sources, *secret);
            if short.len() >= SHORTEST || !spans.iter().any(is_here) {
                continue;
            }
            for quote in ['`', '"', '\''] {
                let quoted = format!("{quote}{short}{quote}");
                if words.contains(&quoted) {
                    *words = words.replace(&quoted, &format!("{quote}{HIDDEN}{quote}"));
                }
            }
        }
    }
}

fn text(sources: &[SourceFile], span: Span) -> &str {
    let source = sources.get(span.file.index());
    source.and_then(|source| source.text.get(span.range.indices())).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::diagnostic::{Applicability, Edit, Fix, Label, Severity, UnknownSite};
    use crate::syntax::Format;
    use crate::text::TextRange;

    fn report(text: &str, at: &str, message: &str) -> (Vec<SourceFile>, Report) {
        let path = "stacks/a/main.tf";
        let source = SourceFile::new(FileId(0), path.into(), text.into(), Format::of(path));
        let start = text.find(at).unwrap();
        let span = source.span(TextRange::new(start, start + at.len()));
        let edit = Edit { span, text: message.to_owned() };
        let diagnostic = Diagnostic {
            rule: Arc::from("a/b"),
            convention: None,
            severity: Severity::Error,
            message: message.to_owned(),
            help: Some(message.to_owned()),
            span,
            related: vec![Label { span, message: message.to_owned() }],
            stack: None,
            address: None,
            fix: Some(Fix {
                title: message.to_owned(),
                applicability: Applicability::Safe,
                edits: vec![edit],
            }),
        };
        let site = UnknownSite { span, rule: Arc::from("a/b"), reason: message.to_owned() };
        let report =
            Report { diagnostics: vec![diagnostic], unknown: vec![site], ..Report::default() };
        (vec![source], report)
    }

    #[test]
    fn nothing_that_is_said_says_a_secret() {
        let text = "password = \"hunter2!\"\nhost = \"x\"\n";
        let (sources, mut report) = report(text, "host", "the url is `https://u:hunter2!@x`");
        assert_eq!(hide(&sources, &mut report).len(), 1);
        let hidden = "the url is `https://u:(redacted)@x`";
        let diagnostic = &report.diagnostics[0];
        let fix = diagnostic.fix.as_ref().unwrap();
        for said in [
            &diagnostic.message,
            diagnostic.help.as_ref().unwrap(),
            &diagnostic.related[0].message,
            &fix.title,
            &report.unknown[0].reason,
        ] {
            assert_eq!(said, hidden);
        }
        assert!(fix.edits[0].text.contains("hunter2!"), "an edit keeps what it writes");
    }

    #[test]
    fn a_short_secret_is_hidden_where_it_is_meant() {
        let text = "password = \"app\"\nhost = \"x\"\n";
        let message = "the app says `app`";
        let (sources, mut at_secret) = report(text, "\"app\"", message);
        hide(&sources, &mut at_secret);
        assert_eq!(at_secret.diagnostics[0].message, "the app says `(redacted)`");
        let (sources, mut elsewhere) = report(text, "host", message);
        hide(&sources, &mut elsewhere);
        assert_eq!(elsewhere.diagnostics[0].message, message);
    }
}
