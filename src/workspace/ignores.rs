//! What git's ignore files say about paths that git does not track.
//!
//! Only files of the repository are asked (`.gitignore`, `.git/info/exclude`), never the user's own excludes: what is
//! seen must not depend on who looks. Nothing is read or compiled until an untracked path asks for it, which in a clean
//! checkout is never.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, OnceLock},
};

use ignore::{
    Match,
    gitignore::{Gitignore, GitignoreBuilder},
};

use super::{disk, paths};
use crate::text::path_in;

/// One directory's ignore rules, and by its parents all that apply in it.
#[derive(Debug)]
pub(super) struct Level {
    parent: Option<Arc<Level>>,
    /// The directory, relative to the top of the work tree, with `/`; empty for the top.
    directory: String,
    rules_file: PathBuf,
    rules: OnceLock<Gitignore>,
    /// See [`Level::is_shut`].
    shut: OnceLock<bool>,
}

impl Level {
    /// The level below all others: `.git/info/exclude`.
    pub(super) fn repository(exclude_file: PathBuf) -> Arc<Level> {
        Arc::new(Level {
            parent: None,
            directory: String::new(),
            rules_file: exclude_file,
            rules: OnceLock::new(),
            shut: OnceLock::from(false),
        })
    }

    /// The level of a directory below `self`: `path` relative to the top, `at` on disk. A repository of its own is
    /// `foreign`: git does not look for untracked files in it.
    pub(super) fn enter(self: &Arc<Self>, path: &str, at: &Path, foreign: bool) -> Arc<Level> {
        Arc::new(Level {
            parent: Some(Arc::clone(self)),
            directory: path.to_owned(),
            rules_file: at.join(".gitignore"),
            rules: OnceLock::new(),
            shut: if foreign { OnceLock::from(true) } else { OnceLock::new() },
        })
    }

    /// Whether git would leave the untracked `path` (relative to the top, inside this level's directory) alone.
    pub(super) fn ignores(&self, path: &str, is_directory: bool) -> bool {
        self.is_shut() || self.verdict(path, is_directory)
    }

    /// Whether everything untracked in the directory is ignored, because it is: no rule further down can bring it back.
    pub(super) fn is_shut(&self) -> bool {
        *self.shut.get_or_init(|| {
            self.parent.as_ref().is_some_and(|parent| {
                parent.is_shut()
                    || !self.directory.is_empty() && parent.verdict(&self.directory, true)
            })
        })
    }

    /// The nearest rules file that has something to say decides.
    fn verdict(&self, path: &str, is_directory: bool) -> bool {
        let inside = path[self.directory.len()..].trim_start_matches('/');
        match self.rules().matched(inside, is_directory) {
            Match::Ignore(_) => true,
            Match::Whitelist(_) => false,
            Match::None => {
                self.parent.as_ref().is_some_and(|parent| parent.verdict(path, is_directory))
            }
        }
    }

    fn rules(&self) -> &Gitignore {
        self.rules.get_or_init(|| {
            let Some(text) = disk::git_text(&self.rules_file) else { return Gitignore::empty() };
            compiled(text.trim_start_matches('\u{feff}').lines())
        })
    }

    /// What the levels above this one say: of all that lies in its directory.
    pub(super) fn above(&self) -> Ignores {
        let mut rules = Vec::new();
        let mut at = self.parent.as_deref();
        while let Some(level) = at {
            if let Some(text) = disk::git_text(&level.rules_file) {
                rules.push((level.directory.clone(), text));
            }
            at = level.parent.as_deref();
        }
        Ignores { directory: self.directory.clone(), rules }
    }
}

/// A pattern that git cannot understand matches nothing; the other lines still count.
fn compiled<'l>(lines: impl IntoIterator<Item = &'l str>) -> Gitignore {
    let mut builder = GitignoreBuilder::new("");
    for line in lines {
        let _ = builder.add_line(None, line);
    }
    builder.build().unwrap_or_else(|_| Gitignore::empty())
}

/// Whether the `lines` of an ignore file at the root leave out what lies at `path`.
pub fn leave_out<'l>(
    lines: impl IntoIterator<Item = &'l str>,
    path: &str,
    is_directory: bool,
) -> bool {
    compiled(lines).matched_path_or_any_parents(path, is_directory).is_ignore()
}

/// What ignore files say that are no files below the root: `.git/info/exclude`, and those in the directories above.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Ignores {
    /// The root, relative to the top of the work tree.
    directory: String,
    /// Of each of them the directory and the text, the nearest first.
    rules: Vec<(String, String)>,
}

impl Ignores {
    /// Whether they leave the directory at `path` (relative to the root) out. What a file below the root says otherwise does not
    /// count.
    pub fn leave_out(&self, path: &str) -> bool {
        let path = path_in(&self.directory, path);
        let rules: Vec<(&str, Gitignore)> = self
            .rules
            .iter()
            .map(|(directory, text)| (directory.as_str(), compiled(text.lines())))
            .collect();
        let is_out = |path: &str| {
            let mut says = rules.iter().filter_map(|(directory, rules)| {
                match rules.matched(paths::below(path, directory)?, true) {
                    Match::Ignore(_) => Some(true),
                    Match::Whitelist(_) => Some(false),
                    Match::None => None,
                }
            });
            says.next().unwrap_or_default()
        };
        paths::way(&path).any(is_out)
    }
}
