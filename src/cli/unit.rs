//! Where a Terragrunt unit is written, seen from where Terragrunt runs it.
//!
//! With a `source`, Terragrunt copies a unit to `UNIT/.terragrunt-cache/HASH/HASH` and runs hooks there. The units that a
//! `terragrunt.stack.hcl` makes are copies in `.terragrunt-stack` beside it. Nobody edits these.
//!
//! Invariant: a path that is given out lies in no such copy.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

/// What Terragrunt calls the directories of its copies, unless it is told to put them elsewhere.
const COPIES: [&str; 2] = [".terragrunt-cache", ".terragrunt-stack"];

/// The variable in which Terragrunt tells a hook the directory of the unit.
pub(super) const CONTEXT: &str = "TG_CTX_TERRAGRUNT_DIR";

/// `here`, or the directory of the unit whose copy it is. `context` is the value of [`CONTEXT`]: where copies lie outside
/// the unit, only that tells.
pub(super) fn source_of(here: PathBuf, context: Option<OsString>) -> PathBuf {
    if let Some(unit) = above_cache(&here) {
        return unit.to_owned();
    }
    let told = context.map(PathBuf::from).filter(|unit| unit.is_absolute() && unit.is_dir());
    match told {
        Some(unit) if !here.starts_with(&unit) => above_cache(&unit).unwrap_or(&unit).to_owned(),
        _ => here,
    }
}

/// The unit or stack whose copy holds `path`; `None` outside copies. A copy in a copy is one of the outermost.
pub(super) fn above_cache(path: &Path) -> Option<&Path> {
    let is_copies = |it: &OsStr| COPIES.iter().any(|name| it == *name);
    let outermost = path.ancestors().filter(|it| it.file_name().is_some_and(is_copies)).last();
    outermost?.parent()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_stands_for_its_unit() {
        let unit = |path| above_cache(Path::new(path)).map(|it| it.display().to_string());
        assert_eq!(unit("/r/stacks/a/.terragrunt-cache/x/y/m").as_deref(), Some("/r/stacks/a"));
        assert_eq!(unit("/r/stacks/a/.terragrunt-cache").as_deref(), Some("/r/stacks/a"));
        let nested = "/r/a/.terragrunt-cache/x/y/b/.terragrunt-cache/z";
        assert_eq!(unit(nested).as_deref(), Some("/r/a"));
        let made = "/r/live/.terragrunt-stack/vpc/.terragrunt-cache/x/y";
        assert_eq!(unit(made).as_deref(), Some("/r/live"));
        assert_eq!(unit("/r/stacks/a.terragrunt-cache/x"), None);
    }

    #[test]
    fn what_terragrunt_says_counts_outside_the_unit() {
        let unit = tempfile::tempdir().unwrap();
        let told = || Some(unit.path().as_os_str().to_owned());
        let elsewhere = PathBuf::from("/somewhere/else");
        assert_eq!(source_of(elsewhere.clone(), told()), unit.path());
        assert_eq!(source_of(elsewhere.clone(), None), elsewhere);
        assert_eq!(source_of(elsewhere.clone(), Some("no/where".into())), elsewhere);
        let below = unit.path().join("below");
        assert_eq!(source_of(below.clone(), told()), below);
    }
}
