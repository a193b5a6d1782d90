//! The only calls that read the disk. Nothing here follows a symbolic link on purpose: callers ask [`kind`] first.

use std::{fs, io, path::Path};

/// A file over this size is not read; offsets are 32 bit and nobody writes such a file by hand.
pub(super) const MAX_SIZE: u64 = 64 << 20;

/// What a directory entry is, itself: a link is a link, whatever it points to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    File,
    Directory,
    Symlink,
    /// A socket, pipe or device.
    Special,
}

impl From<fs::FileType> for Kind {
    fn from(file_type: fs::FileType) -> Self {
        if file_type.is_file() {
            Kind::File
        } else if file_type.is_dir() {
            Kind::Directory
        } else if file_type.is_symlink() {
            Kind::Symlink
        } else {
            Kind::Special
        }
    }
}

/// What is at `path`; `None` where there is nothing, or nothing we may see.
pub(super) fn kind(path: &Path) -> Option<Kind> {
    fs::symlink_metadata(path).ok().map(|metadata| metadata.file_type().into())
}

/// What the symbolic link at `path` says, not what is there; bytes that are not UTF-8 are replaced.
pub(super) fn link_target(path: &Path) -> Option<String> {
    let target = fs::read_link(path).ok()?;
    Some(target.to_string_lossy().replace('\\', "/"))
}

/// Whether nothing is where the symbolic link at `path` leads. What we may not see may be there.
pub(super) fn leads_nowhere(path: &Path) -> bool {
    fs::metadata(path).is_err_and(|error| error.kind() != io::ErrorKind::PermissionDenied)
}

/// The names in a directory, in no particular order. A name that is not UTF-8 has replacement characters in it.
#[expect(clippy::disallowed_methods, reason = "this is where `workspace` lists a directory")]
pub(super) fn entries(directory: &Path) -> io::Result<Vec<(String, Kind)>> {
    fs::read_dir(directory)?
        .map(|entry| {
            let entry = entry?;
            let name = entry
                .file_name()
                .into_string()
                .unwrap_or_else(|name| name.to_string_lossy().into_owned());
            Ok((name, entry.file_type()?.into()))
        })
        .collect()
}

/// The bytes of a file; `None` if it is larger than [`MAX_SIZE`]. What has come to be a link or a pipe since somebody asked
/// its [`kind`] is neither followed nor waited for.
pub(super) fn bytes(path: &Path) -> io::Result<Option<Vec<u8>>> {
    use io::Read as _;

    let mut options = fs::OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    {
        use rustix::fs::OFlags;
        let flags = (OFlags::NOFOLLOW | OFlags::NONBLOCK).bits();
        std::os::unix::fs::OpenOptionsExt::custom_flags(&mut options, flags.cast_signed());
    }
    let mut file = options.open(path)?;
    let metadata = file.metadata()?;
    if !metadata.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "no file"));
    }
    let size = metadata.len();
    if size > MAX_SIZE {
        return Ok(None);
    }
    // One byte more than the file has, so that the read that finds its end needs no larger buffer.
    let mut bytes = Vec::with_capacity(size as usize + 1);
    file.read_to_end(&mut bytes)?;
    Ok(Some(bytes))
}

/// The text of a small file of git's; bytes that are not UTF-8 are replaced. `None` where there is no such file.
pub(super) fn git_text(path: &Path) -> Option<String> {
    if kind(path)? != Kind::File {
        return None;
    }
    let bytes = bytes(path).ok()??;
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

/// The first bytes of the file at `path`; `None` where it is none, or has not so many.
pub(super) fn first_bytes<const N: usize>(path: &Path) -> Option<[u8; N]> {
    use io::Read as _;

    let mut bytes = [0; N];
    let is_file = kind(path)? == Kind::File;
    is_file.then(|| fs::File::open(path))?.ok()?.read_exact(&mut bytes).ok()?;
    Some(bytes)
}

/// The words for an I/O error that do not differ between machines.
pub(super) fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::Other => error.to_string(),
        kind => kind.to_string(),
    }
}
