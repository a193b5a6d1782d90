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

/// How the line below one begins.
const KEY_ENDS: &str = "-----END";

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
    // Up to here everything is hidden, so that what follows a separator in it is not looked for: a line may be nothing but
    // names, and the value of each would be all that follows.
    let mut hidden = 0;
    for at in memchr2_iter(b':', b'=', line.as_bytes()) {
        if at + 1 < hidden {
            continue;
        }
        let separator = &line[at..=at];
        let before = &line[..at];
        let after = &line[at + 1..];
        if before.ends_with(['=', '!', ':']) || after.starts_with(['=', '/', ':']) {
            continue;
        }
        let key = key_before(before);
        let to_end = yaml && separator == ":";
        if key == "name" {
            // No name has a separator in it.
            let end = after.find([':', '=']).map_or(line.len(), |length| at + 1 + length);
            let name = value_after(&line[..end], at + 1, to_end);
            names_pair |= name.is_some_and(|it| name::is_secret(&line[it.indices()]));
        }
        let is_secret = name::is_secret(key) || (named_secret && key == "value");
        if !is_secret {
            continue;
        }
        let Some(value) = value_after(line, at + 1, to_end) else { continue };
        let TextRange { start: from, end } = value;
        found.push(TextRange { start: start as u32 + from, end: start as u32 + end });
        let is_bare = !line[..from as usize].ends_with(['"', '\'']);
        if is_bare && (!to_end || end as usize == line.len()) {
            hidden = end as usize;
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
        // Asked first: a run of dashes has no other beginning than its own.
        let begins =
            at == 0 || line[..at].ends_with(|c: char| c.is_whitespace() || "\"'`(".contains(c));
        if !begins {
            continue;
        }
        let rest = &line[at + dashes.len()..];
        let name = &rest[..rest.find(|c| !is_name_part(c)).unwrap_or(rest.len())];
        if !name::is_secret(name) || !rest[name.len()..].starts_with(['=', ' ']) {
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
    &before[before.trim_end_matches(is_name_part).len()..]
}

fn is_name_part(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '-' | '.')
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
    // Up to where the text was looked at, and what it said on that line: a file may name a thousand keys on one line.
    let (mut seen, mut opens, mut hidden) = (0, false, 0);
    for at in memmem::find_iter(text.as_bytes(), KEY_OPENS) {
        let start = at + KEY_OPENS.len();
        let between = &text[seen..at];
        seen = at;
        let line = match between.rsplit_once('\n') {
            Some((_, line)) => {
                opens = false;
                line
            }
            None => between,
        };
        // On one line its end stands behind its beginning.
        let (begins, ends) = (line.rfind("-----BEGIN"), line.rfind(KEY_ENDS));
        if begins.is_some() || ends.is_some() {
            opens = begins > ends;
        }
        if opens && start > hidden {
            let length = text[start..].find(KEY_ENDS).unwrap_or(text.len() - start);
            hidden = start + length;
            found.push(TextRange::new(start, hidden));
        }
    }
}
