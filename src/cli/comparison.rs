//! `--since`, `--range`, `--staged` and `--message` → what is compared with what.

use std::path::{Path, PathBuf};

use clap::Args;

use super::args::FactsArg;
use super::trouble::Trouble;
use crate::syntax::Date;
use crate::workspace::{Base, Compare};

/// What to compare, so that only what changed is reported.
#[derive(Args, Debug)]
#[group(skip)]
pub(super) struct CompareArgs {
    /// Report only what the work tree brings since it parted from this branch, tag or commit
    #[arg(long, value_name = "REF", conflicts_with_all = ["range", "staged", "stdin"])]
    pub since: Option<String>,

    /// Report only what the files of commit B bring over those of commit A; with three dots, since B parted from A
    #[arg(long, value_name = "A..B", conflicts_with_all = ["staged", "stdin"])]
    pub range: Option<String>,

    /// Report only what is staged, as it is staged: what the next commit would bring
    #[arg(long, conflicts_with = "stdin")]
    pub staged: bool,

    /// Judge the message in this file, of a commit that is being made, by the rules about commits and by no others
    #[arg(
        long,
        value_name = "FILE",
        conflicts_with_all = ["since", "range", "stdin", "fix", "diff", "watch", "changed_lines", "stacks"]
    )]
    pub message: Option<PathBuf>,

    /// Of what changed, report only what stands on a line that is new
    #[arg(long)]
    pub changed_lines: bool,
}

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
    } else if args.staged || args.message.is_some() {
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

/// What is told where `--staged` finds nothing to judge in `base`, beside that nothing is wrong with it.
pub(super) fn nothing_staged(base: &Base) -> Option<&'static str> {
    match (base.differing().next(), base.has_unseen) {
        (Some(_), _) => None,
        (None, true) => Some(
            "nothing that is staged is judged: packs, excluded files and what lies outside of the root are not",
        ),
        (None, false) => Some(
            "nothing is staged, so nothing was judged: `git add` stages what the next commit is to bring",
        ),
    }
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

/// Puts the message in `file`, typed in the directory `here`, into `base` as that of the commit to judge.
pub(super) fn take_message(
    base: &mut Base,
    file: &Path,
    here: &Path,
    today: Date,
) -> Result<(), Trouble> {
    // To hooks of a commit that nobody edits, git gives an editor that does nothing.
    let is_edited = std::env::var_os("GIT_EDITOR").is_none_or(|editor| editor != ":");
    base.with_message(&here.join(file), here, is_edited, today).map_err(|error| {
        let shown = file.display();
        Trouble::new(format!("the message in `{shown}` cannot be read: {error}"))
            .help("git gives the file to its hook `commit-msg`: `tautline check --message \"$1\"`")
    })
}
