//! Writes files back that were read: the only place that changes a repo's files.
//!
//! Invariant: whoever looks at a file sees what it said or what it is to say, whole; and what somebody else has written
//! since it was read is never lost.

use std::fs;
use std::io;
use std::path::Path;

use super::disk::{self, Kind};
use super::replace::{MAKE_WRITABLE, beside, replace_if};
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

impl From<io::Error> for WriteError {
    fn from(error: io::Error) -> Self {
        WriteError::Refused(disk::reason(&error))
    }
}

impl WriteError {
    /// What to do about it, where that is clear.
    pub fn help(&self) -> Option<&'static str> {
        match self {
            WriteError::Changed | WriteError::Gone => Some("run it again"),
            WriteError::ReadOnly => Some(MAKE_WRITABLE),
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
        if before.is_none() {
            // It fails where anything has come to be there.
            return Ok(symlink(after, &link)?);
        }
        let ((), beside) = beside(&link, |path| symlink(after, path))?;
        let turned = fs::rename(&beside, &link);
        if turned.is_err() {
            let _ = fs::remove_file(&beside);
        }
        Ok(turned?)
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
    if fs::metadata(target)?.permissions().readonly() {
        return Err(WriteError::ReadOnly);
    }
    // As late as can be: who writes after this has seen the new text.
    replace_if(target, after.as_bytes(), || is_still(target, before))
}

fn is_still(target: &Path, before: &str) -> Result<(), WriteError> {
    match disk::bytes(target) {
        Ok(Some(bytes)) if bytes == before.as_bytes() => Ok(()),
        Ok(_) => Err(WriteError::Changed),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Err(WriteError::Gone),
        Err(error) => Err(error.into()),
    }
}
