//! Names → commits.

use git2::{ErrorCode, ObjectType, Oid, Repository};

use super::{CompareError, Newer, Sides, short};
use crate::config::nearest;

/// The names that a repository knows.
pub(super) struct Revisions<'r> {
    pub(super) repository: &'r Repository,
}

impl Revisions<'_> {
    /// The commit that is checked out; none before the first one.
    pub(super) fn head(&self) -> Result<Option<Oid>, CompareError> {
        match self.repository.head().and_then(|head| head.peel_to_commit()) {
            Ok(commit) => Ok(Some(commit.id())),
            Err(error) if error.code() == ErrorCode::UnbornBranch => Ok(None),
            Err(error) => Err(CompareError::git(&error)),
        }
    }

    /// The commit that `name` means: a branch, a tag, whatever leads to one.
    pub(super) fn commit(&self, name: &str) -> Result<Oid, CompareError> {
        if name.trim().is_empty() {
            return Err(CompareError::NoName);
        }
        if name == "HEAD" && self.head()?.is_none() {
            return Err(CompareError::NoCommits);
        }
        let object = self.repository.revparse_single(name).map_err(|error| match error.code() {
            ErrorCode::NotFound | ErrorCode::InvalidSpec => self.no_such(name),
            _ => CompareError::git(&error),
        })?;
        let commit = object.peel(ObjectType::Commit).map_err(|error| {
            match object.peel(ObjectType::Any).unwrap_or_else(|_| object.clone()).kind() {
                Some(ObjectType::Tree) => not_a_commit(name, "directory tree"),
                Some(ObjectType::Blob) => not_a_commit(name, "file"),
                Some(ObjectType::Tag) => not_a_commit(name, "tag of something else"),
                _ => CompareError::git(&error),
            }
        })?;
        Ok(commit.id())
    }

    /// The best commit that both `one` and `other` come from; they are called so.
    pub(super) fn merge_base(
        &self,
        one: Oid,
        other: Oid,
        called: &str,
        other_called: &str,
    ) -> Result<Oid, CompareError> {
        // A shallow history may end before the two meet, and its end looks like a missing object.
        self.repository.merge_base(one, other).map_err(|_| CompareError::NoMergeBase {
            one: called.to_owned(),
            other: other_called.to_owned(),
            shallow: self.repository.is_shallow(),
        })
    }

    /// The sides of `A..B` or `A...B`.
    pub(super) fn range(&self, range: &str) -> Result<Sides, CompareError> {
        let (three, split) = match range.split_once("...") {
            Some(split) => (true, Some(split)),
            None => (false, range.split_once("..")),
        };
        let (from, to) = split
            .filter(|(from, to)| !from.is_empty() && !to.is_empty())
            .ok_or_else(|| CompareError::NoRange { range: range.to_owned() })?;
        if is_zero(from) || is_zero(to) {
            return Err(CompareError::ZeroCommit { range: range.to_owned() });
        }
        let (named, newer) = (self.commit(from)?, self.commit(to)?);
        let base = if three { self.merge_base(named, newer, from, to)? } else { named };
        if base == newer {
            let commit = short(base);
            return Err(CompareError::SameCommit { range: range.to_owned(), commit });
        }
        let found = if base == named { "" } else { "merge base " };
        let name = format!("`{from}` ({found}{})", short(base));
        Ok(Sides { name, base: Some(base), named: Some(named), newer: Newer::Commit(newer) })
    }

    fn no_such(&self, name: &str) -> CompareError {
        let mut known: Vec<String> = Vec::new();
        if let Ok(references) = self.repository.references() {
            for reference in references.flatten() {
                known.extend(reference.shorthand().ok().map(str::to_owned));
            }
        }
        let near = nearest(name, known.iter().map(String::as_str)).map(str::to_owned);
        CompareError::NoSuch { name: name.to_owned(), near, shallow: self.repository.is_shallow() }
    }
}

fn not_a_commit(name: &str, kind: &'static str) -> CompareError {
    CompareError::NotACommit { name: name.to_owned(), kind }
}

/// Whether `name` is what git writes where there is no commit.
fn is_zero(name: &str) -> bool {
    name.len() >= 7 && name.bytes().all(|byte| byte == b'0')
}
