//! Two states of the files, before and after fixes: how the one is made from the other, and what differs.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use rustc_hash::FxHasher;

use crate::engine::Texts;
use crate::syntax::SourceFile;
use crate::workspace::{Content, FileSet};

/// A file that was changed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FixedFile {
    /// Its path, relative to the root, with `/`.
    pub path: Box<str>,
    /// What it said.
    pub before: Arc<str>,
    /// What it says now.
    pub after: Arc<str>,
}

/// A symbolic link that was made or turned.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FixedLink {
    /// Its path, relative to the root, with `/`.
    pub path: Box<str>,
    /// Where it led; none if it was not there.
    pub before: Option<Box<str>>,
    /// Where it leads now.
    pub after: Box<str>,
}

/// `files`, with other texts for some of them: `sources` are what was read of them.
pub(super) fn with_texts(files: &FileSet, sources: &[SourceFile], texts: Texts) -> FileSet {
    let mut files = files.clone();
    for (file, text) in texts {
        files.set_text(&sources[file.index()].path, text);
    }
    files
}

/// The files that differ.
pub(super) fn changed_files(before: &FileSet, after: &FileSet) -> Vec<FixedFile> {
    let pairs = before.files.iter().zip(&after.files);
    let differing = pairs.filter_map(|(old, new)| match (&old.content, &new.content) {
        (Content::Text(before), Content::Text(after)) if before != after => {
            Some(FixedFile { path: old.path.clone(), before: before.clone(), after: after.clone() })
        }
        _ => None,
    });
    differing.collect()
}

/// The links that differ; a fix takes none away.
pub(super) fn changed_links(before: &FileSet, after: &FileSet) -> Vec<FixedLink> {
    let older = |path: &str| {
        let at = before.links.binary_search_by(|link| (*link.path).cmp(path)).ok()?;
        Some(before.links[at].target.clone())
    };
    let fixed = after.links.iter().map(|link| FixedLink {
        path: link.path.clone(),
        before: older(&link.path),
        after: link.target.clone(),
    });
    fixed.filter(|link| link.before.as_ref() != Some(&link.after)).collect()
}

/// What `files` say, in short.
pub(super) fn fingerprint(files: &FileSet) -> u64 {
    let mut hasher = FxHasher::default();
    for file in &files.files {
        file.content.text().hash(&mut hasher);
    }
    for link in &files.links {
        (&link.path, &link.target).hash(&mut hasher);
    }
    hasher.finish()
}
