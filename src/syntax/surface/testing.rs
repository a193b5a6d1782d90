//! Helper of the languages' tests: carets under the bytes that are expected to be something.

use super::surface;
use crate::syntax::Format;
use crate::text::TextRange;

/// Reads `marked`, in which a line of carets under a line says what stands there, as `format`, and compares.
///
/// `^^^^ Command` expects an image reference of that role, `^^^^ Command?` one with a hole, `^^^^ comment` a comment, and
/// `^^^^ Fence` a byte of that zone. Further carets on the line expect the same again. All images and comments must be
/// named. Columns are characters; a line break at the very beginning is left out.
pub(super) fn check(format: Format, marked: &str) {
    let mut text = String::new();
    let mut expected = Vec::new();
    let mut line_start = 0;
    for line in marked.strip_prefix('\n').unwrap_or(marked).split_inclusive('\n') {
        if line.trim_start().starts_with('^') {
            let label: String = line.chars().filter(|c| *c != '^').collect();
            let label = label.trim().to_owned();
            let above: Vec<(usize, char)> = text[line_start..].char_indices().collect();
            let carets: Vec<usize> =
                line.chars().enumerate().filter(|(_, c)| *c == '^').map(|(at, _)| at).collect();
            for run in carets.chunk_by(|a, b| a + 1 == *b) {
                let byte = |column: usize| line_start + above[column].0;
                let last = run[run.len() - 1];
                let end = byte(last) + above[last].1.len_utf8();
                expected.push((byte(run[0]), end, label.clone()));
            }
        } else {
            line_start = text.len();
            text.push_str(line);
        }
    }
    let surface = surface(format, &text);
    let mut found = Vec::new();
    for image in &surface.images {
        let hole = if image.has_hole { "?" } else { "" };
        found.push((image.range, format!("{:?}{hole}", image.role)));
    }
    for comment in surface.comments().all() {
        found.push((comment.range, "comment".to_owned()));
    }
    for (start, end, label) in expected {
        let range = TextRange::new(start, end);
        if let Some(zone) =
            ["Fence", "InlineCode", "Prose", "Code"].iter().find(|zone| **zone == label)
        {
            assert_eq!(format!("{:?}", surface.zone(range)), *zone, "`{}`", &text[start..end]);
            continue;
        }
        let at = found.iter().position(|(found, what)| *found == range && *what == label);
        assert!(
            at.is_some(),
            "no {label} at `{}`; found {}",
            &text[start..end],
            show(&text, &found)
        );
        at.map(|at| found.remove(at));
    }
    assert!(found.is_empty(), "not expected: {}", show(&text, &found));
}

fn show(text: &str, found: &[(TextRange, String)]) -> String {
    let shown: Vec<_> =
        found.iter().map(|(range, what)| format!("{what} `{}`", &text[range.indices()])).collect();
    shown.join(", ")
}
