//! The commits that a comparison adds, each as a text.

use git2::{Commit, Oid, Repository, Signature};

use super::short;
use crate::syntax::Date;
use crate::syntax::language::commit::{COMMITS, Person, write};
use crate::workspace::LoadedFile;
use crate::workspace::content::Content;

/// The commits that lead to `newer` and not to `base`, by the path of each.
pub(super) fn between(
    repository: &Repository,
    base: Option<Oid>,
    newer: Oid,
) -> Result<Vec<LoadedFile>, git2::Error> {
    let mut walk = repository.revwalk()?;
    walk.push(newer)?;
    if let Some(base) = base {
        walk.hide(base)?;
    }
    let mut found = Vec::new();
    for id in walk {
        let id = id?;
        let text = text(id, &repository.find_commit(id)?);
        let path = format!("{COMMITS}{}", short(id)).into();
        found.push(LoadedFile { path, content: Content::Text(text.into()) });
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(found)
}

fn text(id: Oid, commit: &Commit<'_>) -> String {
    let words = |of: &Signature<'_>| {
        [of.name_bytes(), of.email_bytes()].map(|it| String::from_utf8_lossy(it).into_owned())
    };
    let (author, committer) = (words(&commit.author()), words(&commit.committer()));
    // The day that it was for the committer.
    let when = commit.time().seconds() + i64::from(commit.time().offset_minutes()) * 60;
    let day = Date::from_unix_seconds(u64::try_from(when).unwrap_or_default());
    let message = String::from_utf8_lossy(commit.message_bytes());
    write(&id.to_string(), (person(&author), person(&committer)), &day.to_string(), &message)
}

fn person([name, email]: &[String; 2]) -> Person<'_> {
    Person { name, email }
}
