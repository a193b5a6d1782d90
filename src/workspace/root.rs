//! Where a repo starts: the root that paths, stacks and configuration are relative to.

use std::{
    io,
    path::{Path, PathBuf},
};

use super::{
    WorkspaceError,
    disk::{self, Kind},
    git,
};
use crate::syntax::UNIT_FILES;

/// Why a directory is the root.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum RootBy {
    /// It has settings.
    Settings,
    /// It has stacks.
    Stacks,
    /// It is the outermost with a `terragrunt.hcl` that includes nothing.
    Terragrunt,
    /// It is the top of the git work tree.
    Git,
    /// Nothing upwards marks another.
    Start,
}

impl RootBy {
    /// The reason, for people.
    pub fn words(self) -> &'static str {
        match self {
            RootBy::Settings => "the nearest directory upwards with `tautline.hcl`",
            RootBy::Stacks => "the nearest directory upwards with `stacks/`",
            RootBy::Terragrunt => "the outermost with a `terragrunt.hcl` that includes nothing",
            RootBy::Git => "the top of the git work tree",
            RootBy::Start => "nothing marks another directory",
        }
    }
}

/// The root for a start path; see [`root_and_reason`].
pub fn find_root(start: &Path) -> Result<PathBuf, WorkspaceError> {
    Ok(root_and_reason(start)?.0)
}

/// Finds the root for a start path, and says why it is the one.
///
/// From the start upwards, but never out of its git repository: the nearest directory with `tautline.hcl` (of whatever kind:
/// one that is a symbolic link must be refused, not overlooked); else the nearest with `stacks/`; else the outermost with a root `terragrunt.hcl` or `terragrunt.hcl.json` (one without an `include` block; the outermost, because
/// a unit may do without an include); else the git root; else the start itself.
pub fn root_and_reason(start: &Path) -> Result<(PathBuf, RootBy), WorkspaceError> {
    let start = canonical(start)?;
    let start = if disk::kind(&start) == Some(Kind::Directory) {
        &start
    } else {
        start.parent().unwrap_or(&start)
    };
    let top = git::top(start);
    let within = || {
        start.ancestors().take_while(|directory| top.is_none_or(|top| directory.starts_with(top)))
    };
    let by = |found: Option<&Path>, reason| found.map(|path| (path.to_owned(), reason));
    let with_settings =
        || within().find(|directory| disk::kind(&directory.join("tautline.hcl")).is_some());
    let with_stacks = || {
        within().find(|directory| disk::kind(&directory.join("stacks")) == Some(Kind::Directory))
    };
    let terragrunt = || within().filter(|directory| has_root_terragrunt(directory)).last();
    let found = by(with_settings(), RootBy::Settings)
        .or_else(|| by(with_stacks(), RootBy::Stacks))
        .or_else(|| by(terragrunt(), RootBy::Terragrunt))
        .or_else(|| by(top, RootBy::Git))
        .unwrap_or_else(|| (start.to_owned(), RootBy::Start));
    Ok(found)
}

/// Whether the `root` is no repo: nothing marks one, and below it are all files of the machine, or of the person whose
/// `home` it is.
pub fn is_nowhere(root: &Path, by: RootBy, home: Option<&Path>) -> bool {
    let is_home = |home| canonical(home).is_ok_and(|home| home.starts_with(root));
    by == RootBy::Start && (root.parent().is_none() || home.is_some_and(is_home))
}

/// `path` without symbolic links and dots.
pub(super) fn canonical(path: &Path) -> Result<PathBuf, WorkspaceError> {
    path.canonicalize().map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => WorkspaceError::NotFound { path: path.to_owned() },
        _ => WorkspaceError::Unreachable { path: path.to_owned(), reason: disk::reason(&error) },
    })
}

fn has_root_terragrunt(directory: &Path) -> bool {
    let mut paths = UNIT_FILES.iter().map(|name| directory.join(name));
    let Some(path) = paths.find(|path| disk::kind(path) == Some(Kind::File)) else { return false };
    let Ok(Some(bytes)) = disk::bytes(&path) else { return false };
    let text = String::from_utf8_lossy(&bytes);
    match path.extension() {
        Some(extension) if extension == "json" => !text.contains("\"include\""),
        _ => !has_include(&text),
    }
}

/// Whether the text has an `include` block: told line by line, outside comments and heredocs, because a file that does
/// not parse has a root as well.
fn has_include(text: &str) -> bool {
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let line = line.trim_start();
        if line.starts_with("/*") && !line.contains("*/") {
            lines.by_ref().find(|line| line.contains("*/"));
        } else if line
            .strip_prefix("include")
            .is_some_and(|rest| rest.trim_start().starts_with(['"', '{']))
        {
            return true;
        } else if let Some(end) = heredoc_end(line) {
            lines.by_ref().find(|line| line.trim() == end);
        }
    }
    false
}

/// The word that ends the heredoc which starts on the line.
fn heredoc_end(line: &str) -> Option<&str> {
    if line.starts_with(['#', '/']) {
        return None;
    }
    let word = line.rsplit_once("<<")?.1.trim_start_matches('-').trim();
    let is_word =
        !word.is_empty() && word.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '-');
    is_word.then_some(word)
}

#[cfg(test)]
mod tests {
    use super::has_include;

    #[test]
    fn an_include_block_is_told_from_talk_about_one() {
        assert!(has_include("include \"root\" {\n  path = find_in_parent_folders()\n}\n"));
        assert!(has_include("# a unit\ninclude {\n}\n"));
        assert!(has_include("locals {}\ninclude\"root\"{}\n"));
        assert!(has_include("a = <<-EOT\n  x\n  EOT\n\ninclude {}\n"));
        assert!(!has_include("# include \"root\" {\n// include {\n/*\ninclude {\n*/\n"));
        assert!(!has_include(
            "generate \"nginx\" {\n  contents = <<EOF\ninclude \"mime.types\";\nEOF\n}\n"
        ));
        assert!(!has_include("included = 1\ninclude_all = {}\ninclude = 1\n"));
    }
}
