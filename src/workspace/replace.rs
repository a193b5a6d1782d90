//! Puts a file in the place of another: the only way in which a file is written over.
//!
//! Invariant: whoever looks at the path finds the old file or the new one, whole, also after a crash; its owner and mode stay.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process;

/// What to do where a file is read-only.
pub(super) const MAKE_WRITABLE: &str = "`chmod u+w` makes it writable";

/// How many names are tried for the new file: those of killed processes with the same number stay taken.
const MOST_NAMES: u32 = 100;

/// Puts a file with `bytes` at `path`. Where that is a link, what it leads to is replaced. Nothing happens where the file
/// that is there is read-only.
pub fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let target = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    replace_if(&target, bytes, || Ok(()))
}

/// Puts a file with `bytes` at `target`, if that `may` be done when everything is written. Of a link, the link is replaced.
pub(super) fn replace_if<E: From<io::Error>>(
    target: &Path,
    bytes: &[u8],
    may: impl FnOnce() -> Result<(), E>,
) -> Result<(), E> {
    let old = match fs::metadata(target) {
        Ok(old) if old.permissions().readonly() => {
            let reason = format!("it is read-only ({MAKE_WRITABLE})");
            return Err(io::Error::new(io::ErrorKind::PermissionDenied, reason).into());
        }
        Ok(old) => Some(old),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => return Err(error.into()),
    };
    let new = |path: &Path| OpenOptions::new().write(true).create_new(true).open(path);
    let (file, beside) = beside(target, new)?;
    let written = fill(file, old.as_ref(), bytes).map_err(E::from).and_then(|()| {
        may()?;
        Ok(fs::rename(&beside, target)?)
    });
    if written.is_err() {
        // What went wrong is told; that a file is left behind would be no news worth more.
        let _ = fs::remove_file(&beside);
    }
    written?;
    sync_directory(target);
    Ok(())
}

/// What is made `new` beside `target`, and its path. The name says who left it, should we be killed.
pub(super) fn beside<T>(
    target: &Path,
    new: impl Fn(&Path) -> io::Result<T>,
) -> io::Result<(T, PathBuf)> {
    let mut number = 0;
    loop {
        let path = target.with_file_name(format!(".tautline-{}-{number}.tmp", process::id()));
        match new(&path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && number < MOST_NAMES => {
                number += 1;
            }
            made => return Ok((made?, path)),
        }
    }
}

/// Gives the new file the owner and mode of the old one, and then what it is to say.
fn fill(mut file: File, old: Option<&fs::Metadata>, bytes: &[u8]) -> io::Result<()> {
    if let Some(old) = old {
        #[cfg(unix)]
        {
            use std::os::unix::fs::{MetadataExt as _, fchown};
            // Only root can do that, and only root needs to.
            let _ = fchown(&file, Some(old.uid()), Some(old.gid()));
        }
        file.set_permissions(old.permissions())?;
    }
    file.write_all(bytes)?;
    file.sync_all()
}

/// So that the name of a new file survives what its bytes survive. Not every system can; then it does by itself.
pub fn sync_directory(path: &Path) {
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    if let Ok(directory) = File::open(parent.unwrap_or(Path::new("."))) {
        let _ = directory.sync_all();
    }
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    use super::*;

    fn text(path: &Path) -> String {
        io::read_to_string(File::open(path).unwrap()).unwrap()
    }

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn links_and_modes_stay() {
        let place = tempfile::tempdir().unwrap();
        let (file, link) = (place.path().join("file"), place.path().join("link"));
        symlink("file", &link).unwrap();
        replace(&file, b"old").unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).unwrap();
        replace(&link, b"new").unwrap();
        assert!(link.is_symlink());
        assert_eq!((text(&file).as_str(), mode(&file)), ("new", 0o640));
        assert_eq!(place.path().read_dir().unwrap().count(), 2);
    }

    #[test]
    fn what_is_read_only_stays() {
        let place = tempfile::tempdir().unwrap();
        let file = place.path().join("file");
        replace(&file, b"old").unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o444)).unwrap();
        let refused = replace(&file, b"new").unwrap_err();
        assert_eq!(refused.to_string(), "it is read-only (`chmod u+w` makes it writable)");
        assert_eq!(text(&file), "old");
    }

    #[test]
    fn names_that_killed_processes_left_are_passed_over() {
        let place = tempfile::tempdir().unwrap();
        let file = place.path().join("file");
        let left = place.path().join(format!(".tautline-{}-0.tmp", process::id()));
        File::create(&left).unwrap();
        replace(&file, b"new").unwrap();
        assert_eq!((text(&file).as_str(), text(&left).as_str()), ("new", ""));
    }
}
