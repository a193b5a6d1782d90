//! What a planner says while it works: the lines of `plan -json`, and whatever wrappers print in between.
//!
//! Invariant: this says what went wrong, and never how a stack stands. What stands in addresses of servers as a password is
//! taken out.

use std::io::{BufRead, BufReader, Read};
use std::sync::LazyLock;

use regex::Regex;
use serde::Deserialize;

use super::process::Ends;
use crate::drift::{Problem, Shown, read};
use crate::syntax::names_a_secret;

/// No line is longer; the rest of one that is is passed over.
const LONGEST_LINE: u64 = 1 << 20;
/// No planner complains of more, or says more about it.
const MOST_PROBLEMS: usize = 50;
const LONGEST_DETAIL: usize = 4 << 10;

/// What was said.
#[derive(Debug, Default)]
pub(super) struct Said {
    /// Whether Terraform itself was started.
    pub(super) started: bool,
    /// What it complained of.
    pub(super) problems: Vec<Problem>,
    /// The lines that are no messages of Terraform's.
    pub(super) others: String,
}

#[derive(Deserialize)]
struct Line<'a> {
    #[serde(rename = "type")]
    kind: &'a str,
    diagnostic: Option<Diagnostic>,
}

#[derive(Deserialize)]
struct Diagnostic {
    severity: String,
    #[serde(default)]
    summary: String,
    #[serde(default)]
    detail: String,
    address: Option<String>,
    range: Option<Range>,
}

#[derive(Deserialize)]
struct Range {
    filename: String,
    start: Start,
}

#[derive(Deserialize)]
struct Start {
    line: u32,
}

impl Said {
    /// Listens to `output` until it ends.
    pub(super) fn listen(output: impl Read) -> Said {
        let mut said = Said::default();
        let mut others = Ends::default();
        let mut output = BufReader::new(output);
        let mut line = Vec::new();
        loop {
            line.clear();
            match output.by_ref().take(LONGEST_LINE).read_until(b'\n', &mut line) {
                Ok(0) | Err(_) => break,
                Ok(_) => {}
            }
            if said.message(&line).is_none() {
                others.add(&line);
            }
        }
        said.others = others.text();
        said
    }

    /// Takes in a message; none where the line is something else. Terragrunt may have put something in front of it.
    fn message(&mut self, line: &[u8]) -> Option<()> {
        let at = line.windows(MARK.len()).position(|window| window == MARK)?;
        let line: Line<'_> = serde_json::from_slice(line[at..].trim_ascii_end()).ok()?;
        self.started |= line.kind == "version";
        if let Some(diagnostic) = line.diagnostic
            && self.problems.len() < MOST_PROBLEMS
        {
            self.problems.push(diagnostic.into());
        }
        Some(())
    }

    /// The errors among what it complained of.
    pub(super) fn errors(&self) -> impl Iterator<Item = &Problem> {
        self.problems.iter().filter(|problem| problem.is_error)
    }
}

/// What every message begins with.
const MARK: &[u8] = b"{\"@level\"";

impl From<Diagnostic> for Problem {
    fn from(it: Diagnostic) -> Problem {
        Problem {
            kind: read::problem_kind(&it.summary, &it.detail),
            is_error: it.severity == "error",
            summary: without_secrets(it.summary.lines().next().unwrap_or_default()),
            detail: without_secrets(cut(&it.detail, LONGEST_DETAIL)),
            address: it.address,
            place: it.range.map(|range| (range.filename, range.start.line)),
        }
    }
}

/// The beginning of `text`, at most `most` bytes long.
fn cut(text: &str, most: usize) -> &str {
    let end = (0..=most.min(text.len())).rev().find(|at| text.is_char_boundary(*at));
    &text[..end.unwrap_or(0)]
}

/// `text` with a mask in the place of what looks like a secret: what stands between `://` and `@`, and what follows a name
/// that says so (`password=…`, `token: …`, `"token":"…"`). In doubt it is one.
fn without_secrets(text: &str) -> String {
    // Behind a name, the quote that JSON puts there, also inside of a text; and of credentials, their kind.
    static NAME: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r#"([\w.-]+)\\?["']?\s*[=:]\s*(?i:(?:bearer|basic)\s+)?"#).ok()
    });
    let text = without_passwords(text);
    let Some(name) = &*NAME else { return Shown::MASK.to_owned() };
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while let Some(found) = name.captures_at(&text, at) {
        let (whole, name) = (found.get_match(), &found[1]);
        out.push_str(&text[at..whole.end()]);
        at = whole.end();
        let is_secret = names_a_secret(name) || name.eq_ignore_ascii_case("authorization");
        if is_secret && !text[at..].starts_with("//") {
            let rest = &text[at..];
            let end = quoted(rest).or_else(|| rest.find(char::is_whitespace));
            out.push_str(Shown::MASK);
            at += end.unwrap_or(rest.len());
        }
    }
    out.push_str(&text[at..]);
    out
}

/// How long the text in quotes is that `text` begins with, if it does.
fn quoted(text: &str) -> Option<usize> {
    let mark = text.chars().next().filter(|it| matches!(it, '"' | '\''))?;
    let mut is_escaped = false;
    let end = text.char_indices().skip(1).find(|(_, letter)| {
        let ends = *letter == mark && !is_escaped;
        is_escaped = *letter == '\\' && !is_escaped;
        ends
    });
    end.map(|(at, _)| at + 1)
}

/// `text` with a mask in the place of what stands between `://` and `@`.
fn without_passwords(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("://") {
        let (before, after) = rest.split_at(at + "://".len());
        out.push_str(before);
        let stops = |c: char| c.is_whitespace() || matches!(c, '/' | '"' | '\'' | '`');
        let authority = &after[..after.find(stops).unwrap_or(after.len())];
        match authority.rsplit_once('@') {
            Some((user, _)) => {
                out.push_str(Shown::MASK);
                rest = &after[user.len()..];
            }
            None => rest = after,
        }
    }
    out.push_str(rest);
    out
}

/// What is told of an output where there is nothing better: its last lines that are not empty, without colours.
pub(super) fn last_lines(text: &str, most: usize) -> Vec<String> {
    let plain = without_colours(text);
    let lines: Vec<&str> =
        plain.lines().map(str::trim_end).filter(|line| !line.trim().is_empty()).collect();
    let from = lines.len().saturating_sub(most);
    lines[from..].iter().map(|line| without_secrets(cut(line, 400))).collect()
}

/// `text` without escape sequences and other control characters.
fn without_colours(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        if letter == '\u{1b}' {
            if letters.next_if_eq(&'[').is_some() {
                // A sequence ends with the first byte from `@` to `~`.
                for letter in letters.by_ref() {
                    if ('@'..='~').contains(&letter) {
                        break;
                    }
                }
            }
        } else if !letter.is_control() || letter == '\n' {
            out.push(letter);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const VERSION: &str = r#"{"@level":"info","@message":"Terraform 1.11.4","@module":"terraform.ui","terraform":"1.11.4","type":"version","ui":"1.2"}"#;
    const BROKEN: &str = r#"{"@level":"error","@message":"Error: no","diagnostic":{"severity":"error","summary":"Failed to \"read\"","detail":"dial postgres://me:canary@db:5432/x failed\nmore","address":"a.b","range":{"filename":"main.tf","start":{"line":3,"column":1,"byte":0},"end":{"line":3,"column":13,"byte":12}},"snippet":{"values":[{"traversal":"var.x","statement":"is \"canary\""}]}},"type":"diagnostic"}"#;

    #[test]
    fn messages_are_told_from_what_wrappers_print() {
        let text = format!("checking x\n{VERSION}\n12:00:00.000 STDOUT terraform: {BROKEN}\nbye\n");
        let said = Said::listen(text.as_bytes());
        assert!(said.started);
        assert_eq!(said.others, "checking x\nbye\n");
        let [problem] = said.problems.as_slice() else { panic!("{:?}", said.problems) };
        assert_eq!(problem.summary, "Failed to \"read\"");
        assert_eq!(problem.detail, "dial postgres://(sensitive)@db:5432/x failed\nmore");
        assert_eq!(problem.place, Some(("main.tf".to_owned(), 3)));
        assert!(!format!("{problem:?}").contains("canary"));
    }

    #[test]
    fn a_message_that_is_cut_off_is_none() {
        let said = Said::listen(&VERSION.as_bytes()[..60]);
        assert!(!said.started && said.others.starts_with("{\"@level\""));
    }

    #[test]
    fn the_last_lines_are_plain() {
        let text = "a\n\n\u{1b}[31mred\u{1b}[0m line  \n\u{7}https://u:p@h/x y@z\n \n";
        assert_eq!(last_lines(text, 2), ["red line", "https://(sensitive)@h/x y@z"]);
        assert_eq!(without_passwords("see http://a/b@c"), "see http://a/b@c");
    }

    #[test]
    fn what_a_name_says_is_secret_is_hidden() {
        for (text, expected) in [
            ("Error: password=hunter2 for db", "Error: password=(sensitive) for db"),
            ("api_token : \"a b\", next", "api_token : (sensitive), next"),
            ("VAULT_TOKEN=x host=y", "VAULT_TOKEN=(sensitive) host=y"),
            ("host: 10.0.0.1:5432 user=me", "host: 10.0.0.1:5432 user=me"),
            ("password:", "password:(sensitive)"),
            (
                r#"{"password": "hunter2", "user": "me"}"#,
                r#"{"password": (sensitive), "user": "me"}"#,
            ),
            (r#"{\"token\":\"hunter2\"} x"#, r#"{\"token\":(sensitive) x"#),
            (r"password='hunter 2' x", "password=(sensitive) x"),
            (r#"password="hunter\"2" x"#, "password=(sensitive) x"),
            ("Authorization: Bearer hunter2 x", "Authorization: Bearer (sensitive) x"),
        ] {
            assert_eq!(without_secrets(text), expected);
        }
    }
}
