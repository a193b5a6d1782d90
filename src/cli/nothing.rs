//! Where a check finds nothing to look at, and why.
//!
//! Invariant: that nothing is wrong is only said of what was looked at.

use super::trouble::Trouble;
use crate::syntax::{Format, HclUse};
use crate::text::{name_of, typed};
use crate::workspace::{Content, FileSet, Skip, Unseen, Workspace};

/// A check that has nothing to judge.
pub(super) struct Nothing {
    /// What is said instead.
    pub(super) trouble: Trouble,
    /// Whether it is so whatever rules there are: some look at files of any kind.
    pub(super) is_sure: bool,
}

impl Nothing {
    /// Of a check of `paths`, relative to the root (none for all of it), that has read `files`. With `needs_code`, only
    /// Terraform and Terragrunt count.
    pub(super) fn of(
        workspace: &Workspace,
        files: &FileSet,
        paths: &[String],
        needs_code: bool,
    ) -> Option<Nothing> {
        let all = || files.files.iter().map(|file| &*file.path);
        let counts = |path: &str| if needs_code { is_code(path) } else { is_subject(path) };
        if !all().any(counts) {
            if let Some(bare) = workspace.bare() {
                return Some(Nothing { trouble: bare.into(), is_sure: true });
            }
            let is_sure = needs_code || files.files.is_empty();
            return Some(Nothing { trouble: everywhere(needs_code), is_sure });
        }
        let is_judged = |path: &String| {
            all().any(|file| match file.strip_prefix(path.as_str()) {
                // A file that is named may be of any kind.
                Some("") => true,
                Some(rest) => (path.is_empty() || rest.starts_with('/')) && counts(file),
                None => false,
            })
        };
        if paths.is_empty() || paths.iter().any(is_judged) {
            return None;
        }
        let links = || files.links.iter().map(|link| &*link.path);
        let is_bare = |path: &str| {
            let below = format!("{path}/");
            !all().chain(links()).any(|file| file.starts_with(&below))
        };
        let path = paths.first()?;
        let (why, help) = reason(workspace, path, is_bare(path), needs_code);
        let trouble = Trouble::new(format!("nothing is judged in `{path}`: {why}")).help(help);
        Some(Nothing { trouble, is_sure: needs_code || paths.iter().all(|path| is_bare(path)) })
    }
}

fn everywhere(needs_code: bool) -> Trouble {
    Trouble::new(format!("there is nothing to check here: no {}", kinds(needs_code)))
        .help("go to a repo's directory, or name one: `tautline check PATH`")
}

fn kinds(needs_code: bool) -> &'static str {
    if needs_code {
        "Terraform or Terragrunt file"
    } else {
        "Terraform, Terragrunt, YAML file or Dockerfile"
    }
}

/// Why nothing is judged in `path`, and what to do. It `is_bare` where no file at all is read there.
fn reason(workspace: &Workspace, path: &str, is_bare: bool, needs_code: bool) -> (String, String) {
    let other = "go to a stack's directory, or name one".to_owned();
    if let Some(Content::Skipped(Skip::NotAFile(what))) = workspace.read(path)
        && !workspace.is_directory(path)
    {
        return (format!("it is {what}"), "name what it leads to".to_owned());
    }
    match workspace.unseen(path) {
        Some(Unseen::Excluded) => (
            "`exclude` in tautline.hcl leaves it out".to_owned(),
            "take it out of `exclude`, or check another directory".to_owned(),
        ),
        Some(Unseen::Ignored) => (
            "git ignores it, and tracks nothing there".to_owned(),
            format!(
                "`git check-ignore -v {}` says by which line; `git add -f` tracks it all the same",
                typed(path)
            ),
        ),
        Some(Unseen::Copy) => {
            ("it is a directory that tools keep for themselves".to_owned(), other)
        }
        None if is_bare => ("no file in it is read".to_owned(), other),
        None => (format!("no {} is in it", kinds(needs_code)), other),
    }
}

/// Whether the file at `path` is of a kind that makes a repo worth checking.
fn is_subject(path: &str) -> bool {
    match Format::of(path) {
        Format::Hcl(HclUse::Other | HclUse::OtherJson) => !path.ends_with("tautline.hcl"),
        Format::Hcl(_) | Format::Yaml | Format::Dockerfile => true,
        _ => false,
    }
}

/// Whether the file at `path` is one that Terraform or Terragrunt works with: a unit may be called otherwise.
fn is_code(path: &str) -> bool {
    let name = name_of(path);
    match Format::of(path) {
        Format::Hcl(HclUse::Other | HclUse::OtherJson) => {
            name != "tautline.hcl" && !name.starts_with('.')
        }
        format => format.is_terraform_or_unit(),
    }
}
