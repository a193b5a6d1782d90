//! Sets of paths, as globs.

use globset::{Glob, GlobSet, GlobSetBuilder};
use smol_str::SmolStr;

use super::error::{ConfigError, ConfigSource};
use super::reader::Spanned;
use crate::text::{Globs, TextRange};

/// Paths relative to the root. A directory that is one of them stands for everything in it.
#[derive(Clone, Debug, Default)]
pub struct Paths {
    /// The globs as they are written.
    pub globs: Vec<SmolStr>,
    set: GlobSet,
}

impl Paths {
    /// Whether `path` is one of them, or lies in a directory that is.
    pub fn contains(&self, path: &str) -> bool {
        let directories = path.match_indices('/').map(|(end, _)| &path[..end]);
        directories.chain([path]).any(|path| self.set.is_match(path))
    }

    /// What one glob of a list names; nothing where it is none.
    pub fn of(glob: &str) -> Paths {
        let read = Globs::read(&meant(glob), true).ok();
        let set = read.and_then(|glob| GlobSetBuilder::new().add(glob).build().ok());
        Paths { globs: vec![glob.into()], set: set.unwrap_or_default() }
    }

    /// What `globs` name.
    pub(super) fn read(
        source: &ConfigSource,
        globs: &[Spanned<SmolStr>],
        errors: &mut Vec<ConfigError>,
    ) -> Paths {
        let set = set(source, globs, std::iter::empty(), errors);
        Paths { globs: globs.iter().map(|glob| glob.value.clone()).collect(), set }
    }
}

/// `glob` as paths are written: `vendor/` is how a git ignore file says it, and `./vendor` a shell.
fn meant(glob: &str) -> String {
    let parts: Vec<&str> =
        glob.split('/').filter(|part| !part.is_empty() && *part != ".").collect();
    parts.join("/")
}

/// Says so where no path can be one of `glob`, which means `meant`.
fn check(source: &ConfigSource, glob: &Spanned<SmolStr>, meant: &str) -> Option<ConfigError> {
    let (message, help) = if meant.is_empty() {
        let help = "write `**` for everything, or what is below it, as in `vendor/`";
        ("the root is no path below it", help.to_owned())
    } else if meant.split('/').any(|part| part == "..") {
        ("paths are below the root, without `..`", "write them relative to the root".to_owned())
    } else if glob.value.starts_with('/') {
        let message = "paths are relative to the root, without a `/` before them";
        (message, format!("write `{meant}`"))
    } else if glob.value.starts_with('!') {
        let help =
            "write what is meant, and no more; before a `!` that begins a name stands `\\\\`";
        ("no glob takes back what another one names", help.to_owned())
    } else {
        return None;
    };
    Some(source.error(glob.range, message).help(help))
}

/// What `glob` means, where it is one.
pub(super) fn glob(glob: &str) -> Option<Glob> {
    Globs::read(&meant(glob), true).ok()
}

/// The set of `globs` and of `more`, which are built already.
pub(super) fn set(
    source: &ConfigSource,
    globs: &[Spanned<SmolStr>],
    more: impl Iterator<Item = Glob>,
    errors: &mut Vec<ConfigError>,
) -> GlobSet {
    let mut set = GlobSetBuilder::new();
    for glob in more {
        set.add(glob);
    }
    for glob in globs {
        let meant = meant(&glob.value);
        if let Some(error) = check(source, glob, &meant) {
            errors.push(error);
            continue;
        }
        match Globs::read(&meant, true) {
            Ok(built) => {
                set.add(built);
            }
            Err(wrong) => {
                let message = format!("this is no glob: {wrong}");
                errors.push(source.error(glob.range, message));
            }
        }
    }
    set.build().unwrap_or_else(|wrong| {
        let place = globs.first().map_or(TextRange::empty(0), |glob| glob.range);
        errors.push(source.error(place, format!("these globs do not compile: {}", wrong.kind())));
        GlobSet::empty()
    })
}
