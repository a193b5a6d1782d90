//! What the files that differ said before.

use std::collections::{BTreeMap, BTreeSet};

use git2::{Delta, DiffFile, DiffOptions, FileMode, Oid, Repository, Tree};

use super::snapshot::blob;
use super::{Commits, CompareError, Newer, Sides, commits, index, open, short};
use crate::workspace::content::Content;
use crate::workspace::git::{FILE_TYPE, Git, REGULAR, SYMLINK, is_left_out};
use crate::workspace::walk::is_cached;
use crate::workspace::{FileSet, Link, LoadedFile, paths};

/// The older side of a comparison, as far as it differs from the newer one.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Base {
    /// How it is called in a report: `` `origin/main` (merge base 1a2b3c4d5e) ``.
    pub name: String,
    /// The full name of its commit; none before the first one.
    pub commit: Option<String>,
    /// By path relative to the root: what each file that differs said; `None` where it was not there. Of one that was sealed,
    /// and is opened in the work tree, nobody knows what it said: it counts as changed, with the same text.
    pub files: BTreeMap<Box<str>, Option<Content>>,
    /// By path, what each symbolic link that differs said; `None` where there was none.
    pub links: BTreeMap<Box<str>, Option<Box<str>>>,
    /// The submodules that are at another commit, by path: what is in them is not looked at.
    pub submodules: BTreeSet<Box<str>>,
    /// The commits that only the newer side has, each as a text, by path: below
    /// [`COMMITS`](crate::syntax::language::commit::COMMITS), where no file can be.
    pub commits: Commits,
    /// Whether the newer side is no commit yet, so that there is none of which rules could judge anything.
    pub is_uncommitted: bool,
    /// Whether something else differs, which is not looked at: packs, what settings exclude, what lies outside of the root.
    pub has_unseen: bool,
}

impl Base {
    /// The paths of all that differs; also of links, which are not followed, and of submodules.
    pub fn differing(&self) -> impl Iterator<Item = &str> {
        self.files.keys().chain(self.links.keys()).chain(&self.submodules).map(AsRef::as_ref)
    }

    /// The files of the older side, where the newer one has `files`.
    pub fn over(&self, files: &FileSet) -> FileSet {
        let same = files.files.iter().filter(|file| !self.files.contains_key(&file.path)).cloned();
        let older = self.files.iter().filter_map(|(path, content)| {
            Some(LoadedFile { path: path.clone(), content: content.clone()? })
        });
        let mut all: Vec<LoadedFile> = same.chain(older).collect();
        all.sort_by(|a, b| a.path.cmp(&b.path));
        let same = files.links.iter().filter(|link| !self.links.contains_key(&link.path)).cloned();
        let older = self
            .links
            .iter()
            .filter_map(|(path, target)| Some(Link::new(path.clone(), target.clone()?)));
        let mut links: Vec<Link> = same.chain(older).collect();
        links.sort_unstable();
        let (unreadable, ignores) = (files.unreadable.clone(), files.ignores.clone());
        FileSet { files: all, links, unreadable, ignores }
    }
}

impl Sides {
    /// What the older side says where it differs from the newer one, whose files are `files`. Of those that only the older
    /// side has, the ones that `sees` a path of.
    pub(in crate::workspace) fn base(
        &self,
        git: &Git,
        files: &FileSet,
        sees: &dyn Fn(&str) -> bool,
    ) -> Result<Base, CompareError> {
        let repository = open(git.top())?;
        let wrong = |error: git2::Error| CompareError::git(&error);
        let newer = match self.newer {
            Newer::WorkTree { head: newer } | Newer::Commit(newer) => Some(newer),
            Newer::Index(_) => None,
        };
        let commits = newer.map(|newer| commits::between(&repository, self.named, newer));
        let mut base = Base {
            name: self.name.clone(),
            commit: self.base.map(|commit| commit.to_string()),
            is_uncommitted: commits.is_none(),
            commits: commits.transpose()?.unwrap_or_default(),
            ..Base::default()
        };
        let mut sealed = BTreeMap::new();
        let tree = match self.base {
            Some(commit) => {
                Some(repository.find_commit(commit).and_then(|it| it.tree()).map_err(wrong)?)
            }
            None => None,
        };
        let own = repository.index().map_err(wrong)?;
        for path in self.differing(&repository, git, tree.as_ref(), files)? {
            let inside = paths::below(&path, &git.prefix).filter(|inside| sees(inside));
            let Some(inside) = inside else {
                base.has_unseen = true;
                continue;
            };
            if is_cached(inside) {
                continue;
            }
            let older = tree.as_ref().and_then(|tree| tree.get_path(path.as_ref()).ok());
            let state = self.base.map(short).unwrap_or_default();
            let link = older.as_ref().filter(|entry| is_link(entry.filemode()));
            let link =
                link.map(|entry| blob(&repository, inside, entry.id(), &state)).transpose()?;
            let target = link.and_then(|link| link.text().map(Box::from));
            let newer = files.links.iter().find(|link| &*link.path == inside);
            if target.as_ref() != newer.map(|link| &link.target) {
                base.links.insert(inside.into(), target);
            }
            let older = older.filter(|entry| is_file(entry.filemode()));
            let id = older.map(|entry| entry.id());
            let content = id.map(|id| blob(&repository, inside, id, &state)).transpose()?;
            match (&content, content_in(files, inside)) {
                // It was opened in the work tree. Whether it changed is known, and not what it said.
                (Some(Content::Skipped(skip)), Some(opened @ Content::Text(_)))
                    if skip.is_sealed() =>
                {
                    if own.get_path(path.as_ref(), 0).map(|entry| entry.id) != id {
                        sealed.insert(inside.into(), Some(opened.clone()));
                    }
                }
                _ => {
                    base.files.insert(inside.into(), content);
                }
            }
        }
        drop_what_is_equal(&mut base, files);
        base.files.append(&mut sealed);
        let moved = self.submodules(&repository, tree.as_ref())?;
        let inside = moved.iter().filter_map(|path| paths::below(path, &git.prefix));
        base.submodules = inside.filter(|path| sees(path)).map(Box::from).collect();
        match &self.newer {
            Newer::WorkTree { head }
                if Some(*head) == self.base
                    && base.differing().next().is_none()
                    && !base.has_unseen =>
            {
                Err(CompareError::NothingNew { name: self.name.clone() })
            }
            _ => Ok(base),
        }
    }

    /// The paths, from the top of the work tree, of the submodules that are at another commit.
    fn submodules(
        &self,
        repository: &Repository,
        tree: Option<&Tree<'_>>,
    ) -> Result<BTreeSet<String>, CompareError> {
        let wrong = |error: git2::Error| CompareError::git(&error);
        let diff = match &self.newer {
            Newer::Commit(commit) => {
                let newer = repository.find_commit(*commit).and_then(|it| it.tree());
                repository.diff_tree_to_tree(tree, Some(&newer.map_err(wrong)?), None)
            }
            Newer::Index(path) => repository.diff_tree_to_index(tree, Some(&index(path)?), None),
            Newer::WorkTree { .. } => repository.diff_tree_to_index(tree, None, None),
        };
        let diff = diff.map_err(wrong)?;
        let is_one = |delta: &git2::DiffDelta<'_>| {
            [delta.old_file().mode(), delta.new_file().mode()].contains(&FileMode::Commit)
        };
        let moved = diff.deltas().filter(is_one);
        let mut moved: BTreeSet<String> = moved.filter_map(|it| path_of(&it.new_file())).collect();
        if let Newer::WorkTree { .. } = self.newer {
            for (path, commit) in checked_out(repository).map_err(wrong)? {
                let older = tree.and_then(|tree| tree.get_path(path.as_ref()).ok());
                if older.is_some_and(|older| older.id() == commit) {
                    moved.remove(&path);
                } else {
                    moved.insert(path);
                }
            }
        }
        Ok(moved)
    }

    /// The paths, from the top of the work tree, of the files that may differ.
    fn differing(
        &self,
        repository: &Repository,
        git: &Git,
        tree: Option<&Tree<'_>>,
        files: &FileSet,
    ) -> Result<Vec<String>, CompareError> {
        let mut options = DiffOptions::new();
        options.ignore_submodules(true).include_typechange(true);
        let mut untracked = Vec::new();
        let wrong = |error: git2::Error| CompareError::git(&error);
        let diff = match &self.newer {
            Newer::Commit(commit) => {
                let newer =
                    repository.find_commit(*commit).and_then(|it| it.tree()).map_err(wrong)?;
                repository.diff_tree_to_tree(tree, Some(&newer), Some(&mut options))
            }
            Newer::Index(path) => {
                repository.diff_tree_to_index(tree, Some(&index(path)?), Some(&mut options))
            }
            Newer::WorkTree { .. } => {
                let not_tracked = files.files.iter().filter(|it| !git.tracked.contains(&it.path));
                untracked.extend(not_tracked.map(|file| git.path_from_top(&file.path)));
                repository.diff_tree_to_workdir_with_index(tree, Some(&mut options))
            }
        };
        let diff = diff.map_err(wrong)?;
        let own = repository.index().map_err(wrong)?;
        let is_left_out =
            |path: &str| own.get_path(path.as_ref(), 0).is_some_and(|entry| is_left_out(&entry));
        let mut paths = untracked;
        for delta in diff.deltas() {
            let older = path_of(&delta.old_file());
            let newer = path_of(&delta.new_file());
            if delta.status() == Delta::Deleted
                && matches!(self.newer, Newer::WorkTree { .. })
                && older.as_deref().is_some_and(is_left_out)
            {
                continue;
            }
            paths.extend(older);
            paths.extend(newer);
        }
        paths.sort_unstable();
        paths.dedup();
        Ok(paths)
    }
}

/// The submodules of the work tree, by path from its top, with the commit that is checked out there: it need not be staged.
fn checked_out(repository: &Repository) -> Result<Vec<(String, Oid)>, git2::Error> {
    let Some(top) = repository.workdir() else { return Ok(Vec::new()) };
    let index = repository.index()?;
    let submodules = index.iter().filter(|it| it.mode & FILE_TYPE == u32::from(FileMode::Commit));
    let found = submodules.filter_map(|entry| {
        let path = String::from_utf8_lossy(&entry.path).into_owned();
        let head = Repository::open(top.join(&path)).ok()?.head().ok()?.target()?;
        Some((path, head))
    });
    Ok(found.collect())
}

/// What git's library says differs may only be written differently, by line ends for example, or not be a file on either side.
fn drop_what_is_equal(base: &mut Base, files: &FileSet) {
    base.files.retain(|path, older| {
        let newer = content_in(files, path);
        match (&*older, newer) {
            (None, None) => false,
            (Some(Content::Text(older)), Some(Content::Text(newer))) => older != newer,
            _ => true,
        }
    });
}

fn content_in<'f>(files: &'f FileSet, path: &str) -> Option<&'f Content> {
    let at = files.files.binary_search_by(|file| (*file.path).cmp(path)).ok()?;
    Some(&files.files[at].content)
}

fn path_of(file: &DiffFile<'_>) -> Option<String> {
    file.path_bytes().map(|path| String::from_utf8_lossy(path).into_owned())
}

fn is_link(mode: i32) -> bool {
    mode.cast_unsigned() & FILE_TYPE == SYMLINK
}

fn is_file(mode: i32) -> bool {
    mode.cast_unsigned() & FILE_TYPE == REGULAR
}
