//! The secrets in the files that a report speaks of: renderers get their places, and no sentence of the report says one.
//!
//! Invariant: edits are left as they are, so that applying one does not lose a value. Whoever shows one looks out himself.

use std::collections::BTreeSet;

use aho_corasick::{AhoCorasick, MatchKind};
use rayon::prelude::*;

use crate::diagnostic::{Diagnostic, Report};
use crate::syntax::{SourceFile, literal_ranges, secret_ranges};
use crate::text::{FileId, Span};

/// Stands for a secret.
const HIDDEN: &str = "(redacted)";
/// A secret that is shorter may well be a part of a common word.
const SHORTEST: usize = 6;
/// What stands around a value that is quoted, and around a password in an address.
const QUOTES: [(char, char); 4] = [('`', '`'), ('"', '"'), ('\'', '\''), (':', '@')];
/// A longer one is in no message.
const LONGEST: usize = 4096;

/// Takes the secrets out of what `report` says, and gives their places, sorted.
pub(super) fn hide(sources: &[SourceFile], report: &mut Report) -> Vec<Span> {
    let redacted = in_files(sources, &files(report));
    let secrets = Secrets::new(sources, &redacted);
    let suppressed = report.suppressed.iter_mut().map(|silenced| &mut silenced.diagnostic);
    for diagnostic in report.diagnostics.iter_mut().chain(suppressed) {
        secrets.leave(diagnostic);
    }
    for site in &mut report.unknown {
        let words = secrets.words_at(&[site.span]);
        secrets.leave_text(&mut site.reason, &words);
    }
    redacted
}

/// The places of the secrets in `files`, sorted.
pub(super) fn in_files(sources: &[SourceFile], files: &BTreeSet<FileId>) -> Vec<Span> {
    let files: Vec<&SourceFile> =
        files.iter().filter_map(|file| sources.get(file.index())).collect();
    files
        .into_par_iter()
        .flat_map_iter(|source| secret_ranges(source).into_iter().map(|range| source.span(range)))
        .collect()
}

/// The literals in the code at `spans`, which stand for something that is hidden: sorted, with what was `redacted`.
pub(super) fn with_hidden(
    sources: &[SourceFile],
    redacted: Vec<Span>,
    spans: impl IntoIterator<Item = Span>,
) -> Vec<Span> {
    let mut all = redacted;
    for span in spans {
        if let Some(source) = sources.get(span.file.index()) {
            all.extend(literal_ranges(source, span.range).into_iter().map(|it| source.span(it)));
        }
    }
    all.sort_unstable();
    // Those that meet are one: whoever prints around them goes from one to the next.
    all.dedup_by(|later, first| {
        let meet = later.file == first.file && later.range.start <= first.range.end;
        if meet {
            first.range = first.range.cover(later.range);
        }
        meet
    });
    all
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
pub(super) struct Secrets<'a> {
    sources: &'a [SourceFile],
    redacted: &'a [Span],
    /// Those that are no words; `None` where there are none.
    unlike_words: Option<AhoCorasick>,
}

impl<'a> Secrets<'a> {
    pub(super) fn new(sources: &'a [SourceFile], redacted: &'a [Span]) -> Self {
        let texts = redacted.iter().map(|span| text(sources, *span));
        let unlike_words: BTreeSet<&str> =
            texts.filter(|text| text.len() <= LONGEST && !is_like_a_word(text)).collect();
        let mut builder = AhoCorasick::builder();
        builder.match_kind(MatchKind::LeftmostLongest);
        let unlike_words =
            if unlike_words.is_empty() { None } else { builder.build(unlike_words).ok() };
        Secrets { sources, redacted, unlike_words }
    }

    fn leave(&self, diagnostic: &mut Diagnostic) {
        let words = self.words_at(&spans(diagnostic));
        self.leave_text(&mut diagnostic.message, &words);
        if let Some(help) = &mut diagnostic.help {
            self.leave_text(help, &words);
        }
        for label in &mut diagnostic.related {
            self.leave_text(&mut label.message, &words);
        }
        if let Some(fix) = &mut diagnostic.fix {
            self.leave_text(&mut fix.title, &words);
        }
    }

    /// The secrets at `spans` that are like words.
    pub(super) fn words_at(&self, spans: &[Span]) -> BTreeSet<&'a str> {
        let mut words = BTreeSet::new();
        for span in spans {
            let is_before =
                |secret: &Span| (secret.file, secret.range.end) <= (span.file, span.range.start);
            let at = &self.redacted[self.redacted.partition_point(is_before)..];
            let here = at.iter().take_while(|secret| {
                secret.file == span.file && secret.range.start < span.range.end
            });
            words.extend(here.map(|secret| text(self.sources, *secret)));
        }
        words.retain(|word| is_like_a_word(word));
        words
    }

    /// Takes the secrets out of `said`. Of those that are like words, `words` are taken out, where they are quoted: a
    /// sentence about a password may say `password`.
    pub(super) fn leave_text(&self, said: &mut String, words: &BTreeSet<&str>) {
        if let Some(secrets) = &self.unlike_words
            && secrets.is_match(said.as_str())
        {
            let mut left = String::with_capacity(said.len());
            secrets.replace_all_with(said, &mut left, |_, _, out| {
                out.push_str(HIDDEN);
                true
            });
            *said = left;
        }
        for word in words {
            for (before, after) in QUOTES {
                let quoted = format!("{before}{word}{after}");
                if said.contains(&quoted) {
                    *said = said.replace(&quoted, &format!("{before}{HIDDEN}{after}"));
                }
            }
        }
    }
}

/// Whether a sentence may hold `secret` without a thought of it: it is short, or a word or name.
fn is_like_a_word(secret: &str) -> bool {
    let is_part = |c: char| c.is_ascii_lowercase() || matches!(c, '-' | '_' | '.' | '/' | ' ');
    // It may begin a sentence, or be a name.
    let rest = secret.strip_prefix(|c: char| c.is_ascii_uppercase()).unwrap_or(secret);
    secret.len() < SHORTEST || rest.chars().all(is_part)
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
            outcome: "x".into(),
            convention: None,
            severity: Severity::Error,
            message: message.to_owned(),
            help: Some(message.to_owned()),
            span,
            related: vec![Label { span, message: message.to_owned() }],
            stack: None,
            address: None,
            fix: Some(Fix::of_edits(message, Applicability::Safe, vec![edit])),
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
    fn a_word_is_hidden_where_it_is_meant() {
        let text = "password = \"password\"\nhost = \"x\"\n";
        let message = "the password says `password`";
        let (sources, mut at_secret) = report(text, "\"password\"", message);
        hide(&sources, &mut at_secret);
        assert_eq!(at_secret.diagnostics[0].message, "the password says `(redacted)`");
        let (sources, mut elsewhere) = report(text, "host", message);
        hide(&sources, &mut elsewhere);
        assert_eq!(elsewhere.diagnostics[0].message, message);
    }
}
