//! How a text stands between quotes.
//!
//! Invariant: what is written here, between quotes, is read back as the same text.

use std::fmt::Write as _;

/// `text` as it stands between quotes.
pub fn escaped(text: &str) -> String {
    plain(text).replace("${", "$${").replace("%{", "%%{")
}

/// `text` with what a string cannot hold as it is written as an escape; `${` and `%{` stay.
pub(super) fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '"' | '\\' => out.extend(['\\', c]),
            _ if is_printable(c) => out.push(c),
            _ => {
                let _ = match u32::from(c) {
                    code @ ..=0xffff => write!(out, "\\u{code:04x}"),
                    code => write!(out, "\\U{code:08x}"),
                };
            }
        }
    }
    out
}

/// Whether it has a shape of its own: letters, marks, digits, signs and the plain space.
fn is_printable(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_graphic() || c == ' ';
    }
    // What `escape_debug` leaves as it is. At the start of a text it escapes marks too.
    let text = String::from_iter(['a', c]);
    text.escape_debug().eq(text.chars())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_back() {
        for text in
            ["", "a/b", "q\"\\", "${x} %{y} $${z}", "\n\r\t\u{7}", "é — ü", "\u{1f600}\u{200b}"]
        {
            let quoted = format!("\"{}\"", escaped(text));
            let read = super::super::parse_expression(&quoted).unwrap().as_literal();
            assert_eq!(read.as_deref(), Some(text), "{quoted}");
        }
    }
}
