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

/// What begins no text, but a reference or the like.
const REFERENCES: [char; 10] = ['$', '{', '[', '<', '>', '|', '*', '&', '!', '%'];

/// Where the values end that go on to the end of their line: before its next comment. It is kept for those that follow,
/// because a line may be nothing but names, all with the same end.
#[derive(Default)]
struct LineEnd {
    /// Where the comment stands, or the line ends; none before the first value.
    comment: Option<usize>,
    /// The same without the spaces before it.
    end: usize,
}

impl LineEnd {
    /// Where the value that starts at `start` ends. Of one line, they come in their order.
    fn of(&mut self, line: &str, start: usize) -> usize {
        if self.comment.is_none_or(|comment| comment < start) {
            let rest = &line[start..];
            let length = rest.find(" #").unwrap_or(rest.len());
            looked_at(length);
            self.comment = Some(start + length);
            self.end = start + rest[..length].trim_end().len();
        }
        self.end
    }
}

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
    let mut line_end = LineEnd::default();
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
            let mut name_end = LineEnd::default();
            let name = value_after(&line[..end], at + 1, to_end.then_some(&mut name_end));
            names_pair |= name.is_some_and(|it| name::is_secret(&line[it.indices()]));
        }
        let is_secret = name::is_secret(key) || (named_secret && key == "value");
        if !is_secret {
            continue;
        }
        let value = value_after(line, at + 1, to_end.then_some(&mut line_end));
        let Some(value) = value else { continue };
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
            value_after(line, from, None).filter(|it| !line[it.indices()].starts_with('-'))
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

/// The value that starts at or after `from`, without quotes; `None` where it is empty, a reference or no text. Without quotes
/// it goes on to the end of the line, where there is one, else to the end of the word.
fn value_after(line: &str, from: usize, line_end: Option<&mut LineEnd>) -> Option<TextRange> {
    let rest = &line[from..];
    let start = from + (rest.len() - rest.trim_start().len());
    let quote = line[start..].chars().next().filter(|first| matches!(first, '"' | '\''));
    let start = start + usize::from(quote.is_some());
    let rest = &line[start..];
    // Asked before its end is looked for: that of each of many may be far away.
    if rest.starts_with(REFERENCES) {
        return None;
    }
    let end_of_word = || {
        let ends = |c: char| match quote {
            Some(quote) => c == quote,
            None => c.is_whitespace() || ";&,)\"'`".contains(c),
        };
        let length = rest.find(ends).unwrap_or(rest.len());
        looked_at(length);
        start + rest[..length].trim_end().len()
    };
    let end = match line_end.filter(|_| quote.is_none()) {
        Some(line_end) => line_end.of(line, start),
        None => end_of_word(),
    };
    let is_text = !matches!(&line[start..end], "" | "true" | "false" | "null" | "none");
    is_text.then(|| TextRange::new(start, end))
}

/// Counts the bytes in which the end of a value is looked for.
#[cfg(not(test))]
fn looked_at(_: usize) {}

#[cfg(test)]
use tests::looked_at;

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

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    thread_local! {
        static LOOKED_AT: Cell<usize> = const { Cell::new(0) };
    }

    pub(super) fn looked_at(bytes: usize) {
        LOOKED_AT.set(LOOKED_AT.get() + bytes);
    }

    #[test]
    fn each_byte_of_a_line_is_looked_at_a_few_times_alone() {
        for (piece, end) in [
            ("{\"password\":", ""),
            ("{\"password\":\"", ""),
            ("{\"password\":'", ""),
            ("token:", " #"),
            ("token:", "    \t #"),
            ("token: ", ""),
            ("password=${", ""),
            ("password=", ""),
            ("name:", ""),
            ("--token $", ""),
            ("--token ", " #"),
            ("--token '", ""),
        ] {
            let line = piece.repeat(2_000) + end;
            for yaml in [false, true] {
                LOOKED_AT.set(0);
                find(&line, TextRange::new(0, line.len()), yaml, &mut Vec::new());
                let looked_at = LOOKED_AT.get();
                assert!(looked_at <= 3 * line.len(), "{piece} {end} {yaml}: {looked_at}");
            }
        }
    }

    #[test]
    fn a_value_ends_at_the_comment_behind_it() {
        let line = "a: {token: q1 , password: q2} # secret: q3  # b";
        let mut found = Vec::new();
        find(line, TextRange::new(0, line.len()), true, &mut found);
        let found: Vec<&str> = found.into_iter().map(|it| &line[it.indices()]).collect();
        assert_eq!(found, ["q1 , password: q2}", "q2}", "q3"]);
    }
}
