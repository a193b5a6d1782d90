//! What of the sources and of edits may be shown.
//!
//! Invariant: nothing that this gives out holds a secret.

use super::Code;
use super::excerpt::REDACTED;
use crate::diagnostic::{Applicability, Fix};
use crate::text::{Span, TextRange};

/// A longer text than this is not shown: who wants it has the file.
const LONGEST: usize = 2000;

/// The text at `span` with secrets replaced; `None` if it is long.
pub(super) fn snippet(code: Code<'_>, span: Span) -> Option<String> {
    (span.range.len() <= LONGEST).then(|| whole(code, span))
}

/// [`snippet`], however long.
pub(super) fn whole(code: Code<'_>, span: Span) -> String {
    let text = &code.source(span).text;
    let mut out = String::with_capacity(span.range.len());
    let mut at = span.range.start;
    for hidden in code.redacted_in(span.file) {
        // Of two neighbours the second starts where the first ends, at the earliest.
        if hidden.overlaps(TextRange { start: at, end: span.range.end }) {
            out.push_str(between(text, at, hidden.start));
            out.push_str(REDACTED);
            at = hidden.end;
        }
    }
    out.push_str(between(text, at, span.range.end));
    out
}

/// The bytes from `start` to `end`, or none where that is no text.
fn between(text: &str, start: u32, end: u32) -> &str {
    text.get(start as usize..end as usize).unwrap_or_default()
}

/// `fix`, if its edits may be handed to a program: see [`offered`]. No format has words for a link.
pub(super) fn fix<'a>(code: Code<'_>, fix: Option<&'a Fix>) -> Option<&'a Fix> {
    offered(code, fix).filter(|fix| fix.links.is_empty())
}

/// `fix`, if a program may apply it when somebody asks for it: one with a hole for people to fill is none, nor is one that
/// writes or replaces a secret, for its text cannot be shown.
pub(super) fn offered<'a>(code: Code<'_>, fix: Option<&'a Fix>) -> Option<&'a Fix> {
    let fix = fix?;
    let has_hole = fix.applicability == Applicability::DisplayOnly || fix.is_empty();
    (!has_hole && !fix.edits.iter().any(|edit| is_secret(code, edit.span, &edit.text)))
        .then_some(fix)
}

/// Whether an edit that puts `text` in the place of `span` would say a secret of that file.
fn is_secret(code: Code<'_>, span: Span, text: &str) -> bool {
    let source = &code.source(span).text;
    code.redacted_in(span.file).iter().any(|hidden| {
        let secret = between(source, hidden.start, hidden.end);
        !text.is_empty()
            && (hidden.overlaps(span.range) || (!secret.is_empty() && text.contains(secret)))
    })
}
