//! A commit as a text: who made it, and what its message says. `select "commit"` reads what [`write`] writes.

use std::fmt::Write as _;

use super::build::{self, Object};
use crate::syntax::SyntaxError;
use crate::syntax::yaml::Node;
use crate::text::TextRange;

/// Where commits stand among the files of a repo: no file of the tree can be there.
pub const COMMITS: &str = ".git/commits/";

/// Whoever made a commit.
#[derive(Clone, Copy, Debug)]
pub struct Person<'a> {
    /// The name.
    pub name: &'a str,
    /// The address.
    pub email: &'a str,
}

/// The text of the commit with the full name `id`, made on the day `date`.
pub fn write(
    id: &str,
    (author, committer): (Person<'_>, Person<'_>),
    date: &str,
    message: &str,
) -> String {
    let mut text = format!("commit {id}\n");
    for (word, person) in [("Author", author), ("Committer", committer)] {
        // A line break in a name would begin another line.
        let [name, email] = [person.name, person.email].map(|it| it.replace(['\n', '\r'], " "));
        let _ = writeln!(text, "{word}: {name} <{email}>");
    }
    let _ = write!(text, "Date: {date}\n\n{}\n", message.trim_end());
    text
}

/// Reads such a text.
pub(super) fn parse(text: &str) -> Result<Node, SyntaxError> {
    let whole = TextRange::new(0, text.len());
    let end = text.find("\n\n").map_or(text.len(), |at| at + 1);
    let mut commit = Object::new(whole);
    let mut at = 0;
    for line in text[..end].split_inclusive('\n') {
        let range = TextRange::new(at, at + line.trim_end().len());
        at += line.len();
        let rest = |word: &str| {
            let value = text[range.indices()].strip_prefix(word)?.trim_start();
            Some(TextRange::new(range.end as usize - value.len(), range.end as usize))
        };
        commit = if let Some(id) = rest("commit ") {
            commit.with("id", build::verbatim(text, id))
        } else if let Some(person) = rest("Author:") {
            commit.with("author", read_person(text, person))
        } else if let Some(person) = rest("Committer:") {
            commit.with("committer", read_person(text, person))
        } else if let Some(date) = rest("Date:") {
            commit.with("date", build::verbatim(text, date))
        } else {
            let message = "a commit begins with `commit`, `Author:`, `Committer:` and `Date:`, and an empty line ends that";
            return Err(SyntaxError { message: message.to_owned(), help: None, range });
        };
    }
    let body = &text[end..];
    let start = end + (body.len() - body.trim_start().len());
    let message = TextRange::new(start, start.max(text.trim_end().len()));
    let subject = text[message.indices()].lines().next().unwrap_or_default();
    Ok(commit
        .with("subject", build::verbatim(text, message.slice(0, subject.len())))
        .with("message", build::verbatim(text, message))
        .finish())
}

fn read_person(text: &str, range: TextRange) -> Node {
    let written = &text[range.indices()];
    let open = written.rfind('<').unwrap_or(written.len());
    let email = written[open..].trim_matches(['<', '>']);
    let name = written[..open].trim_end();
    Object::new(range)
        .with("name", build::verbatim(text, range.slice(0, name.len())))
        .with(
            "email",
            build::verbatim(text, range.slice((open + 1).min(written.len()), email.len())),
        )
        .finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::language::testing::show;

    #[test]
    fn what_is_written_can_be_read() {
        let (ann, ci) = (Person { name: "Ann", email: "a@b.c" }, Person { name: "", email: "" });
        let text = write("1a2b", (ann, ci), "2026-01-02", "one: two\n\nthree\n\n");
        assert_eq!(
            show(&text, &parse(&text).unwrap()),
            "{id: 1a2b, author: {name: Ann, email: a@b.c}, committer: {name: , email: }, date: 2026-01-02, \
             subject: one: two, message: one: two\n\nthree}"
        );
        let empty = write("1a2b", (ann, ann), "2026-01-02", "");
        assert!(show(&empty, &parse(&empty).unwrap()).ends_with("subject: , message: }"));
        let odd = Person { name: "A\nDate: x", email: "<>" };
        assert!(parse(&write("1", (odd, odd), "", "x")).is_ok());
    }

    #[test]
    fn what_is_none_is_an_error() {
        assert!(parse("hello\n\nworld\n").is_err());
    }
}
