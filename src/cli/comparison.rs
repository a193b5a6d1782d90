//! `--since`, `--range` and `--staged` → what is compared with what.

use std::path::{Path, PathBuf};

use super::args::{CompareArgs, FactsArg};
use super::trouble::Trouble;
use crate::workspace::Compare;

/// What `args`, typed in the directory `here`, ask to compare.
pub(super) fn of(
    args: &CompareArgs,
    facts: FactsArg,
    here: &Path,
) -> Result<Option<Compare>, Trouble> {
    let compare = if let Some(name) = &args.since {
        Compare::Since(name.clone())
    } else if let Some(range) = &args.range {
        Compare::Range(range.clone())
    } else if args.staged {
        Compare::Staged { index: index_of_the_commit(here) }
    } else if args.changed_lines {
        return Err(Trouble::new("`--changed-lines` narrows a comparison, and there is none")
            .help("add `--since REF`, `--range A..B` or `--staged`"));
    } else {
        return Ok(None);
    };
    if facts == FactsArg::Stack {
        return Err(Trouble::new("a comparison is judged with what is known of the whole repo")
            .help("leave out `--facts stack`; `--stack NAME` still narrows what is reported"));
    }
    Ok(Some(compare))
}

/// The sides of `text`, a revision or a range of them.
pub(super) fn sides(text: &str) -> Compare {
    if text.contains("..") {
        Compare::Range(text.to_owned())
    } else {
        Compare::Since(text.to_owned())
    }
}

/// The index that git has made for the commit of the hook in which this runs, if it did: `git commit -a` and `git commit
/// PATH` leave the repository's own alone.
fn index_of_the_commit(here: &Path) -> Option<PathBuf> {
    let path = std::env::var_os("GIT_INDEX_FILE").filter(|path| !path.is_empty())?;
    Some(here.join(path))
}
