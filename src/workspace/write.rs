//! Writes files back that were read: the only place that changes a repo's files.
//!
//! Invariant: whoever looks at a file sees what it said or what it is to say, whole; and what somebody else has written
//! since it was read is never lost.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process;

use super::disk::{self, Kind};
use super::{Content, Workspace};

/// Why a file was left as it is.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum WriteError {
    /// It says something else than when it was read.
    #[error("it changed since it was read")]
    Changed,
    /// It is gone.
    #[error("it is gone since it was read")]
    Gone,
    /// It is no file of its own any more.
    #[error("it is {0}")]
    NotAFile(String),
    /// There is something where a link was to be made.
    #[error("something else is there")]
    Taken,
    /// Nobody may write to it.
    #[error("it is read-only")]
    ReadOnly,
    /// The files that were read are not those on the disk.
    #[error("what was checked is a commit or the index, and not the work tree")]
    NotOnDisk,
    /// The operating system refuses.
    #[error("it cannot be written: {0}")]
    Refused(String),
}

impl WriteError {
    /// What to do about it, where that is clear.
    pub fn help(&self) -> Option<&'static str> {
        match self {
            WriteError::Changed | WriteError::Gone => Some("run it again"),
            WriteError::ReadOnly => Some("`chmod u+w` makes it writable"),
            _ => None,
        }
    }
}

impl Workspace {
    /// Puts `after` in the place of `before`, which was read from the file at `path`. Its mode stays.
    pub fn write_back(&self, path: &str, before: &str, after: &str) -> Result<(), WriteError> {
        if self.snapshot.is_some() || self.overlays.contains_key(path) {
            return Err(WriteError::NotOnDisk);
        }
        match self.read(path) {
            None => return Err(WriteError::Gone),
            Some(Content::Skipped(why))
                if disk::kind(&self.root.join(path)) != Some(Kind::File) =>
            {
                return Err(WriteError::NotAFile(why.to_string()));
            }
            Some(_) => {}
        }
        replace(&self.root.join(path), before, after)
    }
}

impl Workspace {
    /// Lets the symbolic link at `path`, which said `before` or was not there, lead to `after`.
    pub fn link_back(
        &self,
        path: &str,
        before: Option<&str>,
        after: &str,
    ) -> Result<(), WriteError> {
        if self.snapshot.is_some() {
            return Err(WriteError::NotOnDisk);
        }
        self.is_free(path, before)?;
        let link = self.root.join(path);
        let refused = |error: &io::Error| WriteError::Refused(disk::reason(error));
        if before.is_none() {
            // It fails where anything has come to be there.
            return symlink(after, &link).map_err(|error| refused(&error));
        }
        let beside = beside(&link);
        symlink(after, &beside).map_err(|error| refused(&error))?;
        let turned = fs::rename(&beside, &link).map_err(|error| refused(&error));
        if turned.is_err() {
            let _ = fs::remove_file(&beside);
        }
        turned
    }
}

impl Workspace {
    /// Whether a link can come to be at `path` in the work tree: there is the one that said `before`, or nothing.
    pub fn is_free(&self, path: &str, before: Option<&str>) -> Result<(), WriteError> {
        let link = self.root.join(path);
        match (disk::kind(&link), before) {
            (None, None) => Ok(()),
            (Some(Kind::Symlink), before) if disk::link_target(&link).as_deref() == before => {
                Ok(())
            }
            (Some(Kind::Symlink) | None, _) => Err(WriteError::Changed),
            (Some(_), _) => Err(WriteError::Taken),
        }
    }
}

#[cfg(unix)]
fn symlink(target: &str, link: &Path) -> io::Result<()> {
    std::os::unix::fs::symlink(target, link)
}

#[cfg(not(unix))]
fn symlink(_: &str, _: &Path) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

fn replace(target: &Path, before: &str, after: &str) -> Result<(), WriteError> {
    let refused = |error: &io::Error| WriteError::Refused(disk::reason(error));
    let old = fs::metadata(target).map_err(|error| refused(&error))?;
    if old.permissions().readonly() {
        return Err(WriteError::ReadOnly);
    }
    let beside = beside(target);
    let file = OpenOptions::new().write(true).create_new(true).open(&beside);
    let file = file.map_err(|error| refused(&error))?;
    let written = fill(file, &old, after).map_err(|error| refused(&error)).and_then(|()| {
        // As late as can be: who writes after this has seen the new text.
        is_still(target, before)?;
        fs::rename(&beside, target).map_err(|error| refused(&error))
    });
    if written.is_err() {
        // What went wrong is told; that a file is left behind would be no news worth more.
        let _ = fs::remove_file(&beside);
    }
    written
}

fn beside(target: &Path) -> PathBuf {
    let name = target.file_name().unwrap_or_default().to_string_lossy();
    target.with_file_name(format!(".{name}.{}.tmp", process::id()))
}

/// Gives the new file the owner and mode of the old one, and its text.
fn fill(mut file: File, old: &fs::Metadata, text: &str) -> io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::{MetadataExt as _, fchown};
        // Only root can do that, and only root needs to.
        let _ = fchown(&file, Some(old.uid()), Some(old.gid()));
    }
    file.set_permissions(old.permissions())?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

fn is_still(target: &Path, before: &str) -> Result<(), WriteError> {
    match disk::bytes(target) {
        Ok(Some(bytes)) if bytes == before.as_bytes() => Ok(()),
        Ok(_) => Err(WriteError::Changed),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Err(WriteError::Gone),
        Err(error) => Err(WriteError::Refused(disk::reason(&error))),
    }
}
