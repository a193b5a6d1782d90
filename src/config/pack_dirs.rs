//! The directories and documents that a repo keeps packs of its own in.

use globset::{Glob, GlobBuilder};
use smol_str::SmolStr;

use super::error::{ConfigError, ConfigSource};
use super::reader::Spanned;
use crate::text::{dir_of, path_in};

/// Where the fixtures of a directory of packs are, from the directory that holds it.
pub const BASES: &str = "fixtures/bases";

/// What is wrong where the root stands in the place of a directory or document, and what to write.
pub(super) type NotRoot = (&'static str, &'static str);

/// Of a directory.
pub(super) const DIRECTORY: NotRoot = (
    "the root is no directory of packs",
    "write the directory that holds the packs, e.g. `tautline/rules`",
);

/// Of a document.
pub(super) const DOCUMENT: NotRoot =
    ("the root is no document", "write the document with rules in it, e.g. `AGENTS.md`");

/// Checks the paths in `written`: each is below the root, and there once. What is on the disk is not looked at.
pub(super) fn check(
    source: &ConfigSource,
    written: &[Spanned<SmolStr>],
    (not_root, help): NotRoot,
    errors: &mut Vec<ConfigError>,
) -> Vec<Spanned<SmolStr>> {
    let mut dirs: Vec<Spanned<SmolStr>> = Vec::with_capacity(written.len());
    for path in written {
        let Some(Spanned { value: dir, range }) = below_root(source, path, errors) else {
            continue;
        };
        if dir.is_empty() {
            errors.push(source.error(range, not_root).help(help));
            continue;
        }
        if dirs.iter().any(|known| known.value == dir) {
            errors.push(source.error(range, format!("`{dir}` is listed twice")));
            continue;
        }
        dirs.push(Spanned { value: dir, range });
    }
    dirs
}

/// `path` without dots and doubled slashes, if it is relative to the root and stays below it; an error where not.
pub(super) fn below_root(
    source: &ConfigSource,
    path: &Spanned<SmolStr>,
    errors: &mut Vec<ConfigError>,
) -> Option<Spanned<SmolStr>> {
    let Spanned { value, range } = path;
    let parts: Vec<&str> =
        value.split('/').filter(|part| !part.is_empty() && *part != ".").collect();
    if value.starts_with('/') || value.contains('\\') || parts.contains(&"..") {
        let message = format!("`{value}` is not below the root");
        let help = "write a path relative to the root, with `/` and without `..`";
        errors.push(source.error(*range, message).help(help));
        return None;
    }
    Some(Spanned { value: SmolStr::from(parts.join("/")), range: *range })
}

/// What is not judged because of the directory of packs `dir`: the packs, whose pages show what is wrong, and the
/// fixtures that their cases start from.
pub(super) fn excluded(dir: &str) -> impl Iterator<Item = Glob> {
    let beside = path_in(dir_of(dir), BASES);
    let glob =
        |path: &str| GlobBuilder::new(&globset::escape(path)).literal_separator(true).build().ok();
    [glob(dir), glob(&beside)].into_iter().flatten()
}
