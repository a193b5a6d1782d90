//! How a text stands between quotes.
//!
//! Invariant: what is written here, between quotes, is read back as the same text.

/// `text` as it stands between quotes.
pub fn escaped(text: &str) -> String {
    plain(text).replace("${", "$${").replace("%{", "%%{")
}

/// `text` with what a string cannot hold as it is written as an escape; `${` and `%{` stay.
pub(super) fn plain(text: &str) -> String {
    let escape = |c: char| match c {
        '\n' => "\\n".to_owned(),
        '\r' => "\\r".to_owned(),
        '\t' => "\\t".to_owned(),
        '"' | '\\' => format!("\\{c}"),
        _ if is_printable(c) => c.to_string(),
        _ => match u32::from(c) {
            code @ ..=0xffff => format!("\\u{code:04x}"),
            code => format!("\\U{code:08x}"),
        },
    };
    text.chars().map(escape).collect()
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
