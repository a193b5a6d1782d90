//! Text in a page.
//!
//! Invariant: what comes from the report goes into the page through these functions only, and is text there.

use super::super::super::{harmless_lines, one_line};

/// `text` between tags or in the quotes of an attribute, on one line.
pub(super) fn esc(text: &str) -> String {
    references(&one_line(text))
}

/// `text` between tags, with its lines.
pub(super) fn lines(text: &str) -> String {
    references(&harmless_lines(text))
}

/// A sentence: text, with what stands between backticks as code.
pub(super) fn sentence(text: &str) -> String {
    let text = one_line(text);
    let parts: Vec<&str> = text.split('`').collect();
    // Backticks that come in no pairs are text.
    if parts.len().is_multiple_of(2) {
        return references(&text);
    }
    let told = parts.iter().enumerate().map(|(at, part)| match at % 2 {
        1 => format!("<code>{}</code>", references(part)),
        _ => references(part),
    });
    told.collect()
}

fn references(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_stays_text() {
        assert_eq!(
            esc("<a href='x'>\n&\"</a>"),
            "&lt;a href=&#39;x&#39;&gt; &amp;&quot;&lt;/a&gt;"
        );
        assert_eq!(sentence("write `a<b` now"), "write <code>a&lt;b</code> now");
        assert_eq!(sentence("one ` tick"), "one ` tick");
        assert_eq!(lines("a\n\u{1b}b"), "a\n\u{fffd}b");
    }
}
