//! What is reported. Facts come from all files; the scope only says whose diagnostics are wanted, and whose are noted.

use crate::model::{Repo, StackId};
use crate::text::FileId;

/// The files whose diagnostics are reported.
#[derive(Clone, Debug, Default)]
pub struct Scope {
    /// By [`FileId`]; `None` is every file.
    files: Option<Vec<bool>>,
    /// Files that are not judged.
    left_out: Vec<FileId>,
    /// Files that are judged too, and of which only a note is made: sorted.
    noted: Vec<FileId>,
    /// The paths of the files in it that were not read: sorted. Nobody looks where it is the whole repo.
    unread: Vec<Box<str>>,
}

impl Scope {
    /// Every file.
    pub fn everything() -> Scope {
        Scope::default()
    }

    /// The files of `stacks`, with the modules below them, and those at or below `paths` (relative to the root, with
    /// `/`; empty means the root). Where both are empty, every file.
    pub fn of(repo: &Repo<'_>, stacks: &[StackId], paths: &[String]) -> Scope {
        if stacks.is_empty() && paths.is_empty() {
            return Scope::everything();
        }
        let is_wanted = |path: &str| {
            paths.iter().any(|wanted| is_at_or_below(path, wanted))
                || repo.stack_of(path).is_some_and(|stack| stacks.contains(&stack))
        };
        let files = repo.sources.iter().map(|source| is_wanted(&source.path)).collect();
        let unread = repo.skipped.iter().map(|file| &file.path).filter(|path| is_wanted(path));
        let unread = unread.cloned().collect();
        Scope { files: Some(files), unread, ..Scope::default() }
    }

    /// Leaves `file` out: it is none of the repo's code.
    pub fn leave_out(&mut self, file: FileId) {
        self.left_out.push(file);
    }

    /// Whether it is the whole repo.
    pub fn is_everything(&self) -> bool {
        self.files.is_none()
    }

    /// The same, with `files` (sorted) judged too, and noted where they are not reported.
    #[must_use]
    pub fn noting(self, files: &[FileId]) -> Scope {
        let noted = files.iter().copied().filter(|file| !self.reports(*file)).collect();
        Scope { noted, ..self }
    }

    /// Whether what stands in `file` is judged.
    pub fn includes(&self, file: FileId) -> bool {
        self.reports(file) || self.notes(file)
    }

    /// Whether what is found in `file` is only noted.
    pub fn notes(&self, file: FileId) -> bool {
        self.noted.binary_search(&file).is_ok()
    }

    /// Whether the file at `path`, which was not read, is one of those that are judged.
    pub fn reports_unread(&self, path: &str) -> bool {
        self.is_everything() || self.unread.binary_search_by(|it| (**it).cmp(path)).is_ok()
    }

    fn reports(&self, file: FileId) -> bool {
        let files = self.files.as_ref();
        !self.left_out.contains(&file)
            && files.is_none_or(|files| files.get(file.index()).is_some_and(|&wanted| wanted))
    }
}

/// Whether `path` is `wanted` or lies in it.
pub(super) fn is_at_or_below(path: &str, wanted: &str) -> bool {
    wanted.is_empty()
        || path.strip_prefix(wanted).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_directory_is_no_prefix_of_its_neighbours_name() {
        assert!(is_at_or_below("stacks/web/main.tf", "stacks/web"));
        assert!(is_at_or_below("stacks/web", "stacks/web"));
        assert!(is_at_or_below("a", ""));
        assert!(!is_at_or_below("stacks/webhook/main.tf", "stacks/web"));
    }
}
