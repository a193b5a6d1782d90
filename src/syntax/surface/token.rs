//! Words: the whole of what a hit in the middle of it belongs to.
//!
//! Invariant: a word never crosses a line, and always contains the range it was asked for.

use crate::text::TextRange;

/// How far a word may reach to either side of a hit.
const REACH: usize = 512;
/// What stands between `<` and `>` in Markdown without being a placeholder.
const HTML_TAGS: [&str; 13] =
    ["br", "b", "i", "p", "code", "em", "strong", "li", "td", "tr", "kbd", "sub", "sup"];
/// How long a hole such as `${…}` may be.
const LONGEST_HOLE: usize = 160;

/// The word, address or reference around `at`: bounded by white space, quotes, commas, brackets, backticks and the `=` of
/// an assignment, but with the holes in it (`${VAR}`, `{{ name }}`, `<name>`) kept whole.
pub fn token_at(text: &str, at: TextRange) -> TextRange {
    let (hit_start, hit_end) = (at.start as usize, at.end as usize);
    if text.get(hit_start..hit_end).is_none() {
        return at;
    }
    let start = backward(text, hit_start);
    let end = forward(text, start, hit_end);
    trim(text, TextRange::new(start, end), at)
}

/// Where the hole that starts at `at` ends: `$NAME`, `${…}`, `$(…)`, `{…}`, `{{ … }}`, `${{ … }}`, `<name>`. One with a
/// dollar may be kept from an outer shell by a backslash, from Compose or Terraform by a second dollar.
pub(super) fn hole_end(text: &str, at: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let is_kept = matches!(bytes.get(at..at + 2), Some(b"\\$" | b"$$"));
    let at = at + usize::from(is_kept);
    match bytes.get(at)? {
        b'$' => match bytes.get(at + 1)? {
            b'{' => balanced(text, at + 1, b'{', b'}'),
            b'(' => balanced(text, at + 1, b'(', b')'),
            first if first.is_ascii_alphanumeric() || *first == b'_' => {
                let rest = &text[at + 1..];
                let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
                Some(at + 1 + rest.find(|c| !is_name(c)).unwrap_or(rest.len()))
            }
            _ => None,
        },
        b'{' => balanced(text, at, b'{', b'}'),
        b'<' => {
            let rest = &text[at + 1..];
            let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | ' ');
            let length = rest.find(|c| !is_name(c))?;
            let name = &rest[..length];
            let is_placeholder = name.starts_with(|c: char| c.is_ascii_alphabetic())
                && !name.ends_with(' ')
                && length <= LONGEST_HOLE
                && !HTML_TAGS.contains(&name);
            (is_placeholder && rest.as_bytes()[length] == b'>').then_some(at + length + 2)
        }
        _ => None,
    }
}

/// The end of the brackets that open at `at`, on one line.
fn balanced(text: &str, at: usize, open: u8, close: u8) -> Option<usize> {
    let mut depth = 0;
    for (offset, &byte) in text.as_bytes()[at..].iter().take(LONGEST_HOLE).enumerate() {
        match byte {
            b'\n' => return None,
            _ if byte == open => depth += 1,
            _ if byte == close => {
                depth -= 1;
                if depth == 0 {
                    return Some(at + offset + 1);
                }
            }
            _ => {}
        }
    }
    None
}

fn is_boundary(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || matches!(
            c,
            '"' | '\''
                | '`'
                | ','
                | ';'
                | '|'
                | '('
                | ')'
                | '['
                | ']'
                | '{'
                | '}'
                | '<'
                | '>'
                | '\\'
        )
        || matches!(c, '“' | '”' | '‘' | '’' | '…' | '→' | '—' | '–')
}

fn backward(text: &str, from: usize) -> usize {
    let mut floor = from.saturating_sub(REACH);
    while !text.is_char_boundary(floor) {
        floor += 1;
    }
    let mut start = from;
    while let Some(c) = text[floor..start].chars().next_back() {
        if matches!(c, '}' | ')' | '>') {
            let Some(open) = hole_start(text, floor, start) else {
                break;
            };
            start = open;
        } else if is_boundary(c) {
            // The letter of an escape (`\n`) belongs to no word.
            let escapes =
                c == '\\' && start < from && matches!(text.as_bytes()[start], b'n' | b't' | b'r');
            return start + usize::from(escapes);
        } else if matches!(c, '=' | '&') {
            break;
        } else {
            start -= c.len_utf8();
        }
    }
    start
}

/// Where the hole that ends just before `end` starts.
fn hole_start(text: &str, floor: usize, end: usize) -> Option<usize> {
    let before = &text[floor..end];
    let window = before.rfind('\n').map_or(floor, |newline| floor + newline + 1);
    let openings = text[window..end].char_indices().rev().take(LONGEST_HOLE);
    let mut found = None;
    for (offset, c) in openings {
        let at = window + offset;
        match c {
            '$' | '{' | '<' if hole_end(text, at) == Some(end) => {
                found = Some(at);
                if c == '$' {
                    break;
                }
            }
            _ if found.is_some() => break,
            _ => {}
        }
    }
    found
}

fn forward(text: &str, start: usize, from: usize) -> usize {
    let mut ceiling = (from + REACH).min(text.len());
    while !text.is_char_boundary(ceiling) {
        ceiling -= 1;
    }
    let is_url = text[start..from].contains("://");
    let mut end = from;
    while let Some(c) = text[end..ceiling].chars().next() {
        if let Some(after) = hole_end(text, end).filter(|_| matches!(c, '$' | '{' | '<' | '\\')) {
            end = after;
        } else if is_boundary(c) || (matches!(c, '=' | '&') && !is_url) {
            break;
        } else {
            end += c.len_utf8();
        }
    }
    end
}

/// Cuts off punctuation of the sentence and Markdown's emphasis, but nothing of `hit`.
fn trim(text: &str, word: TextRange, hit: TextRange) -> TextRange {
    let (mut start, mut end) = (word.start as usize, word.end as usize);
    while start < hit.start as usize
        && matches!(text.as_bytes()[start], b'*' | b'_' | b':' | b'-' | b'!')
    {
        start += 1;
    }
    // The default of an expansion: `${VAR:-https://…`.
    let name = &text[start..hit.start as usize];
    if let Some((variable, _)) = name.split_once(":-")
        && text[..start].ends_with("${")
        && !variable.contains('/')
    {
        start += variable.len() + 2;
    }
    while end > hit.end as usize {
        let inside = &text[start..end];
        let is_emphasis = inside.ends_with("**") && !inside.ends_with("/**");
        if !is_emphasis && !inside.ends_with(['.', ':', '!', '?', '$']) {
            break;
        }
        end -= 1 + usize::from(is_emphasis);
    }
    TextRange::new(start, end.max(hit.end as usize))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_keep_their_holes() {
        let host = "reg.example.com";
        for (text, expected) in [
            ("a \"reg.example.com/x:1\", b", "reg.example.com/x:1"),
            ("REG=reg.example.com:5050 # c", "reg.example.com:5050"),
            ("push reg.example.com/x:${SHA}\"", "reg.example.com/x:${SHA}"),
            ("`reg.example.com/x/<name>:<tag>`.", "reg.example.com/x/<name>:<tag>"),
            (
                "(https://u:${T}@reg.example.com/{{ NAME }}.git)",
                "https://u:${T}@reg.example.com/{{ NAME }}.git",
            ),
            ("${A}/reg.example.com", "${A}/reg.example.com"),
            ("${A:-reg.example.com/x}", "reg.example.com/x"),
            ("reg.example.com/x:$${A}-$$B-\\$C", "reg.example.com/x:$${A}-$$B-\\$C"),
            ("reg.example.com/x:1<br>reg", "reg.example.com/x:1"),
            ("see **reg.example.com/a**.", "reg.example.com/a"),
            ("'reg.example.com/*'", "reg.example.com/*"),
            ("x\\nreg.example.com\\n", "reg.example.com"),
            ("https://reg.example.com/?type=a&b=c é", "https://reg.example.com/?type=a&b=c"),
            ("reg.example.com: y", "reg.example.com"),
            ("→reg.example.com…", "reg.example.com"),
        ] {
            let at = text.find(host).unwrap();
            let token = token_at(text, TextRange::new(at, at + host.len()));
            assert_eq!(&text[token.indices()], expected, "{text}");
        }
    }
}
