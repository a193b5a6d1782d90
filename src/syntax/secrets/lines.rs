//! Secrets in text, line by line: `name: value`, `name=value`, `"name": "value"`, and what shows itself.

use memchr::{memchr2_iter, memmem};

use super::name;
use crate::text::TextRange;

/// What a long flag begins with.
const DASHES: &str = "--";

/// What stands in front of the host of an address.
const SCHEME_ENDS: &str = "://";

/// How the line above a private key ends.
const KEY_OPENS: &str = "PRIVATE KEY-----";

/// Finds the values of secrets in `range`. In YAML a value goes on to the end of the line.
pub(super) fn find(text: &str, range: TextRange, yaml: bool, found: &mut Vec<TextRange>) {
    let mut start = range.start as usize;
    let mut named_secret = false;
    for line in text[range.indices()].split_inclusive('\n') {
        let names_pair = find_in_line(line.trim_end(), start, yaml, named_secret, found);
        named_secret = names_pair || (named_secret && line.trim().is_empty());
        start += line.len();
    }
}

/// Finds the secrets of one line that starts at `start`; whether it names a secret whose value the next line holds.
fn find_in_line(
    line: &str,
    start: usize,
    yaml: bool,
    named_secret: bool,
    found: &mut Vec<TextRange>,
) -> bool {
    let mut names_pair = false;
    for at in memchr2_iter(b':', b'=', line.as_bytes()) {
        let separator = &line[at..=at];
        let before = &line[..at];
        let after = &line[at + 1..];
        if before.ends_with(['=', '!', ':']) || after.starts_with(['=', '/', ':']) {
            continue;
        }
        let key = key_before(before);
        let Some(value) = value_after(line, at + 1, yaml && separator == ":") else { continue };
        names_pair |= key == "name" && name::is_secret(&line[value.indices()]);
        if name::is_secret(key) || (named_secret && key == "value") {
            found.push(TextRange::new(start + value.start as usize, start + value.end as usize));
        }
    }
    flags(line, start, found);
    names_pair
}

/// Finds the values of flags in the `line` that starts at `start`: `--token x`, `--token=x`.
pub(super) fn flags(line: &str, start: usize, found: &mut Vec<TextRange>) {
    // Most lines have none, which is sooner seen than where they are.
    if !line.contains(DASHES) {
        return;
    }
    for (at, dashes) in line.match_indices(DASHES) {
        let rest = &line[at + dashes.len()..];
        let name =
            rest.split(|c: char| !c.is_alphanumeric() && !matches!(c, '-' | '_' | '.')).next();
        let name = name.unwrap_or_default();
        let begins =
            at == 0 || line[..at].ends_with(|c: char| c.is_whitespace() || "\"'`(".contains(c));
        if !begins || !name::is_secret(name) || !rest[name.len()..].starts_with(['=', ' ']) {
            continue;
        }
        let from = at + dashes.len() + name.len() + 1;
        if let Some(value) =
            value_after(line, from, false).filter(|it| !line[it.indices()].starts_with('-'))
        {
            found.push(TextRange::new(start + value.start as usize, start + value.end as usize));
        }
    }
}

/// Whether `word` is a flag whose value, the next word, is a secret: `--token`.
pub(super) fn is_secret_flag(word: &str) -> bool {
    let is_flag = word.starts_with('-') && !word.contains(['=', ' ']);
    is_flag && name::is_secret(word.trim_start_matches('-'))
}

/// The name that ends the text, without quotes.
fn key_before(before: &str) -> &str {
    let before = before.trim_end().trim_end_matches(['"', '\'']);
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
    let start = before
        .rfind(|c| !is_part(c))
        .map_or(0, |at| at + before[at..].chars().next().map_or(1, char::len_utf8));
    &before[start..]
}

/// The value that starts at or after `from`, without quotes; `None` where it is empty, a reference or no text.
fn value_after(line: &str, from: usize, to_end: bool) -> Option<TextRange> {
    let rest = &line[from..];
    let start = from + (rest.len() - rest.trim_start().len());
    let rest = &line[start..];
    let (start, length) = match rest.chars().next()? {
        quote @ ('"' | '\'') => {
            let inner = &rest[1..];
            (start + 1, inner.find(quote).unwrap_or(inner.len()))
        }
        _ if to_end => (start, rest.find(" #").unwrap_or(rest.len())),
        _ => (
            start,
            rest.find(|c: char| c.is_whitespace() || ";&,)\"'`".contains(c)).unwrap_or(rest.len()),
        ),
    };
    let value = line[start..start + length].trim_end();
    let is_reference = value.starts_with(['$', '{', '[', '<', '>', '|', '*', '&', '!', '%']);
    let is_text = !matches!(value, "" | "true" | "false" | "null" | "none");
    (is_text && !is_reference).then(|| TextRange::new(start, start + value.len()))
}

/// Finds what needs no name: passwords in addresses, private keys.
pub(super) fn find_anywhere(text: &str, found: &mut Vec<TextRange>) {
    for at in memmem::find_iter(text.as_bytes(), SCHEME_ENDS) {
        let start = at + SCHEME_ENDS.len();
        let authority = &text[start..];
        let end = authority
            .find(|c: char| c.is_whitespace() || "/\"'`<>".contains(c))
            .unwrap_or(authority.len());
        let Some((user, _)) = authority[..end].rsplit_once('@') else { continue };
        if let Some((name, password)) = user.split_once(':')
            && !password.starts_with(['$', '{', '<'])
        {
            let from = start + name.len() + 1;
            found.push(TextRange::new(from, from + password.len()));
        }
    }
    for at in memmem::find_iter(text.as_bytes(), KEY_OPENS) {
        let start = at + KEY_OPENS.len();
        let line = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
        // On one line its end stands behind its beginning.
        let opens = text[line..at].rfind("-----BEGIN") > text[line..at].rfind("-----END");
        if opens {
            let length = text[start..].find("-----END").unwrap_or(text.len() - start);
            found.push(TextRange::new(start, start + length));
        }
    }
}
