//! Where git looks for a repo's hooks.

use std::path::{Path, PathBuf};

use git2::{Repository, RepositoryOpenFlags};

use super::{WorkspaceError, paths, root::canonical};

/// The directory with the hooks of a repo. It may not exist.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct HooksDirectory {
    /// The directory.
    pub path: PathBuf,
    /// Whether it lies outside the repo, so that others use it too.
    pub is_shared: bool,
}

/// Where git looks for the hooks of the repo around `start`: `core.hooksPath`, or `hooks` beside what the work trees of the
/// repo share.
pub fn hooks_directory(start: &Path) -> Result<HooksDirectory, WorkspaceError> {
    let start = canonical(start)?;
    let unreachable = |reason: String| WorkspaceError::Unreachable { path: start.clone(), reason };
    let failed = |error: git2::Error| unreachable(error.message().to_ascii_lowercase());
    let none: [&Path; 0] = [];
    let repo =
        Repository::open_ext(&start, RepositoryOpenFlags::empty(), none).map_err(|error| {
            match error.code() {
                git2::ErrorCode::NotFound => WorkspaceError::NoRepository { path: start.clone() },
                git2::ErrorCode::Owner => WorkspaceError::Owner { path: start.clone() },
                _ => failed(error),
            }
        })?;
    let Some(top) = repo.workdir() else {
        return Err(unreachable("a bare repository has no commits made in it".to_owned()));
    };
    let top = canonical(top)?;
    let common = canonical(repo.commondir())?;
    let configured = repo.config().and_then(|config| config.get_path("core.hooksPath"));
    let path = match configured {
        // Relative to where git runs hooks: the top of the work tree.
        Ok(path) if !path.as_os_str().is_empty() => paths::normalised(&top.join(path)),
        Err(error) if error.code() != git2::ErrorCode::NotFound => return Err(failed(error)),
        _ => common.join("hooks"),
    };
    let is_shared = !path.starts_with(&top) && !path.starts_with(&common);
    Ok(HooksDirectory { path, is_shared })
}
