//! The message of a commit that is being made, as the commit will have it.
//!
//! Invariant: git itself is asked what it will do, because its settings may be where only it reads them (`git -c`). Without git
//! its defaults hold.

use std::fs;
use std::io;
use std::path::Path;

use super::content::Content;
use super::hooks::git;
use super::{Base, Commits, LoadedFile};
use crate::syntax::Date;
use crate::syntax::language::commit::{COMMITS, Person, write};
use crate::syntax::language::message::{Cleanup, cleaned};

/// How git names what is no commit.
const NO_COMMIT: &str = "0000000000000000000000000000000000000000";
/// The name that the commit has until it has one.
const NAME: &str = "message";

/// Somebody, and when it was for them.
struct Ident {
    name: String,
    email: String,
    day: Option<Date>,
}

impl Base {
    /// Makes the commit with the message in `file` the one that there is to judge, in the repo around `top`. Where the message says
    /// nothing, there is none: git makes no such commit. If it `is_edited`, somebody saw it in an editor.
    #[expect(
        clippy::disallowed_methods,
        reason = "git gives its hook a file that is none of the repo's"
    )]
    pub fn with_message(
        &mut self,
        file: &Path,
        top: &Path,
        is_edited: bool,
        today: Date,
    ) -> io::Result<()> {
        let written = fs::read(file)?;
        let ask = |words: &[&str]| git(top, words);
        let setting = |name: &str| ask(&["config", "--get", name]);
        let mark = setting("core.commentString").or_else(|| setting("core.commentChar"));
        let cleanup = Cleanup::of(&setting("commit.cleanup").unwrap_or_default(), is_edited);
        let mark = mark.unwrap_or_else(|| "#".to_owned());
        let message = cleaned(&String::from_utf8_lossy(&written), &mark, cleanup, is_edited);
        self.is_uncommitted = false;
        self.commits = Commits::default();
        if message.trim().is_empty() {
            return Ok(());
        }
        let who = |word: &str| ident(&ask(&["var", word]).unwrap_or_default());
        let (author, committer) = (who("GIT_AUTHOR_IDENT"), who("GIT_COMMITTER_IDENT"));
        let day = committer.day.unwrap_or(today).to_string();
        let text = write(NO_COMMIT, (person(&author), person(&committer)), &day, &message);
        let content = Content::Text(text.into());
        self.commits.texts.push(LoadedFile { path: format!("{COMMITS}{NAME}").into(), content });
        Ok(())
    }
}

fn person(ident: &Ident) -> Person<'_> {
    Person { name: &ident.name, email: &ident.email }
}

/// Reads `A U Thor <author@example.org> 1700000000 +0100`.
fn ident(text: &str) -> Ident {
    let (who, when) = text.rsplit_once('>').unwrap_or((text, ""));
    let (name, email) = who.split_once('<').unwrap_or((who, ""));
    Ident { name: name.trim().to_owned(), email: email.to_owned(), day: day(when) }
}

fn day(when: &str) -> Option<Date> {
    let (seconds, zone) = when.trim().split_once(' ')?;
    let zone: i64 = zone.parse().ok()?;
    let minutes = zone / 100 * 60 + zone % 100;
    let seconds: i64 = seconds.parse().ok()?;
    Some(Date::from_signed_unix_seconds(seconds.saturating_add(minutes * 60)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_commits_is_read_with_the_day() {
        let ann = ident("Ann B <a@b.c> 1767225599 +0100");
        assert_eq!((&*ann.name, &*ann.email), ("Ann B", "a@b.c"));
        assert_eq!(ann.day, Date::parse("2026-01-01"));
        assert_eq!(ident("A <> 1767225600 -0030").day, Date::parse("2025-12-31"));
        assert!(ident("").day.is_none());
    }
}
