//! Where git looks for a repo's hooks.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use git2::{Repository, RepositoryOpenFlags};

use super::{WorkspaceError, paths, root::canonical};

/// The directory with the hooks of a repo. It may not exist.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct HooksDirectory {
    /// The directory.
    pub path: PathBuf,
    /// The top of the work tree.
    pub top: PathBuf,
    /// Whether it lies outside the repo, or leads there, so that others use it too.
    pub is_shared: bool,
}

impl HooksDirectory {
    /// Whether git ignores the hook `name`, as it does where a tool makes the directory anew whenever it likes.
    pub fn is_ignored(&self, name: &str) -> bool {
        let path = self.path.join(name);
        let path = path.strip_prefix(&self.top).ok().and_then(Path::to_str);
        path.is_some_and(|path| git(&self.top, &["check-ignore", "--", path]).is_some())
    }
}

/// What git says of a repo.
struct Said {
    top: PathBuf,
    /// What its work trees share.
    common: PathBuf,
    hooks: PathBuf,
}

/// Where git looks for the hooks of the repo around `start`: `core.hooksPath`, or `hooks` beside what the work trees of the
/// repo share.
///
/// Git itself is asked, because the environment may have settings that only it reads (`GIT_CONFIG_GLOBAL`,
/// `GIT_CONFIG_COUNT`); where there is none, or it refuses, its library says.
pub fn hooks_directory(start: &Path) -> Result<HooksDirectory, WorkspaceError> {
    let start = canonical(start)?;
    let Said { top, common, hooks } = match ask_git(&start) {
        Some(said) => said,
        None => ask_library(&start)?,
    };
    let (top, common) = (canonical(&top)?, canonical(&common)?);
    // Relative to where git runs hooks: the top of the work tree.
    let path = paths::normalised(&top.join(hooks));
    let existing = path.ancestors().find_map(|path| path.canonicalize().ok());
    let leads_out = existing.is_some_and(|it| !it.starts_with(&top) && !it.starts_with(&common));
    let is_shared = leads_out || !path.starts_with(&top) && !path.starts_with(&common);
    Ok(HooksDirectory { path, top, is_shared })
}

fn ask_git(start: &Path) -> Option<Said> {
    let said = git(start, &["rev-parse", "--show-toplevel", "--git-common-dir"])?;
    let (top, common) = said.split_once('\n')?;
    let top = PathBuf::from(top);
    // At the top, so that what is relative is so to where hooks are run.
    let hooks = git(&top, &["rev-parse", "--git-path", "hooks"])?;
    Some(Said { common: start.join(common), hooks: hooks.into(), top })
}

/// What git prints; `None` where it does not start, or fails.
#[expect(clippy::disallowed_methods, reason = "git is asked for what only it may know")]
pub(super) fn git(directory: &Path, words: &[&str]) -> Option<String> {
    let mut command = Command::new("git");
    command.args(words).current_dir(directory).stdin(Stdio::null());
    // The repo is the one around the directory, also in a hook of another.
    for variable in ["GIT_DIR", "GIT_WORK_TREE", "GIT_COMMON_DIR", "GIT_INDEX_FILE"] {
        command.env_remove(variable);
    }
    let output = command.output().ok().filter(|it| it.status.success())?;
    let text = String::from_utf8(output.stdout).ok()?;
    Some(text.strip_suffix('\n')?.to_owned()).filter(|text| !text.is_empty())
}

fn ask_library(start: &Path) -> Result<Said, WorkspaceError> {
    let unreachable = |reason| WorkspaceError::Unreachable { path: start.to_owned(), reason };
    let failed = |error: git2::Error| unreachable(error.message().to_ascii_lowercase());
    let none: [&Path; 0] = [];
    let opened = Repository::open_ext(start, RepositoryOpenFlags::empty(), none);
    let repo = opened.map_err(|error| match error.code() {
        git2::ErrorCode::NotFound => WorkspaceError::NoRepository { path: start.to_owned() },
        git2::ErrorCode::Owner => WorkspaceError::Owner { path: start.to_owned() },
        _ => failed(error),
    })?;
    let Some(top) = repo.workdir() else {
        return Err(unreachable("a bare repository has no commits made in it".to_owned()));
    };
    let common = repo.commondir().to_owned();
    let configured = repo.config().and_then(|config| config.get_path("core.hooksPath"));
    let hooks = match configured {
        Ok(path) if !path.as_os_str().is_empty() => path,
        Err(error) if error.code() != git2::ErrorCode::NotFound => return Err(failed(error)),
        _ => canonical(&common)?.join("hooks"),
    };
    Ok(Said { top: top.to_owned(), common, hooks })
}
