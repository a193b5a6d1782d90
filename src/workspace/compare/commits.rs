//! The commits that a comparison adds, each as a text.

use std::collections::BTreeSet;

use git2::{Commit, Oid, Repository, Signature};

use super::{CompareError, short};
use crate::syntax::Date;
use crate::syntax::language::commit::{COMMITS, Person, write};
use crate::workspace::LoadedFile;
use crate::workspace::content::Content;
use crate::workspace::disk;

/// The commits that only the newer side has.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Commits {
    /// Each as a text, sorted by path.
    pub texts: Vec<LoadedFile>,
    /// Whether there are more, or some of these are none: the clone ends before the two histories meet.
    pub is_cut: bool,
}

/// The commits that lead to `newer` and not to `named`.
pub(super) fn between(
    repository: &Repository,
    named: Option<Oid>,
    newer: Oid,
) -> Result<Commits, CompareError> {
    let wrong = |error: git2::Error| CompareError::git(&error);
    let mut walk = repository.revwalk().map_err(wrong)?;
    walk.push(newer).map_err(wrong)?;
    if let Some(named) = named {
        walk.hide(named).map_err(wrong)?;
    }
    let ends = ends(repository);
    let mut commits = Commits::default();
    for id in walk {
        let id = id.map_err(wrong)?;
        // Its parents are not in the clone: what lies beyond it, and whether the other side has it too, nobody knows.
        commits.is_cut |= ends.contains(&id);
        let text = text(id, &repository.find_commit(id).map_err(wrong)?);
        let path = format!("{COMMITS}{}", short(id)).into();
        commits.texts.push(LoadedFile { path, content: Content::Text(text.into()) });
    }
    commits.texts.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(commits)
}

/// The commits at which a shallow clone ends.
fn ends(repository: &Repository) -> BTreeSet<Oid> {
    let listed = disk::git_text(&repository.commondir().join("shallow")).unwrap_or_default();
    listed.lines().filter_map(|line| Oid::from_str(line.trim()).ok()).collect()
}

fn text(id: Oid, commit: &Commit<'_>) -> String {
    let words = |of: &Signature<'_>| {
        [of.name_bytes(), of.email_bytes()].map(|it| String::from_utf8_lossy(it).into_owned())
    };
    let (author, committer) = (words(&commit.author()), words(&commit.committer()));
    // The day that it was for the committer.
    let ahead = i64::from(commit.time().offset_minutes()) * 60;
    let day = Date::from_signed_unix_seconds(commit.time().seconds().saturating_add(ahead));
    let message = decoded(commit.message_bytes(), commit.message_encoding().ok().flatten());
    write(&id.to_string(), (person(&author), person(&committer)), &day.to_string(), &message)
}

fn person([name, email]: &[String; 2]) -> Person<'_> {
    Person { name, email }
}

/// The text of `bytes`, in Latin-1 where the commit says so; git has UTF-8 without that. Of any other encoding what is no UTF-8
/// is replaced.
fn decoded(bytes: &[u8], encoding: Option<&str>) -> String {
    let is_latin = |name: &str| {
        let name = name.to_ascii_lowercase();
        matches!(name.as_str(), "iso-8859-1" | "iso8859-1" | "latin1" | "latin-1" | "windows-1252")
    };
    match encoding {
        Some(name) if is_latin(name) => bytes.iter().map(|&byte| char::from(byte)).collect(),
        _ => String::from_utf8_lossy(bytes).into_owned(),
    }
}
