//! Paths as text: relative to the root (or to the top of the work tree), with `/`, empty for the directory itself.

use std::path::{Component, Path, PathBuf};

pub(super) use crate::text::below;

/// A relative path with `/`, whatever the system uses.
pub(super) fn slashed(path: &Path) -> String {
    let parts: Vec<_> = path.components().map(|part| part.as_os_str().to_string_lossy()).collect();
    parts.join("/")
}

/// The directories on the way to `path`, from the outermost: `a` and `a/b` for `a/b/c`.
pub(super) fn parents(path: &str) -> impl Iterator<Item = &str> {
    path.match_indices('/').map(|(end, _)| &path[..end])
}

/// [`parents`] and then `path` itself; nothing for the empty path.
pub(super) fn way(path: &str) -> impl Iterator<Item = &str> {
    parents(path).chain((!path.is_empty()).then_some(path))
}

/// `path` without `.` and `..`, by its words alone.
pub(super) fn normalised(path: &Path) -> PathBuf {
    let mut normalised = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                normalised.pop();
            }
            part => normalised.push(part),
        }
    }
    normalised
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_to_a_path() {
        assert_eq!(way("a/b/c").collect::<Vec<_>>(), ["a", "a/b", "a/b/c"]);
        assert_eq!(way("").count(), 0);
        assert_eq!(parents("a").count(), 0);
    }

    #[test]
    fn below_is_by_whole_names() {
        assert_eq!(below("a/b", "a"), Some("b"));
        assert_eq!(below("ab/c", "a"), None);
        assert_eq!(below("a", ""), Some("a"));
    }
}
