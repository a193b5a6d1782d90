//! `tautline hook tg`: the lines that put the check into a wrapper around Terragrunt.

use std::path::{Path, PathBuf};

use super::diff;
use super::wrapper::{self, Plan};
use crate::cli::ground;
use crate::cli::packs::shown;
use crate::cli::terminal;
use crate::cli::trouble::Trouble;
use crate::workspace::{Content, Workspace, find_root, replace};

/// The lines; with a `file`, the patch that puts them into it, or, if it is to `write`, what was done.
pub(super) fn tg(file: Option<&Path>, write: bool) -> Result<String, Trouble> {
    let Some(file) = file else {
        terminal::complain(
            "Put these lines behind the wrapper's own checks, in front of what takes locks:\n",
        );
        return Ok(wrapper::LINES.to_owned());
    };
    let text = read(file)?;
    let shown_file = shown(file);
    let plan = wrapper::plan(&text).map_err(|refusal| {
        Trouble::new(format!("`{shown_file}` {}", refusal.message)).help(refusal.help)
    })?;
    let insertions = match plan {
        Plan::Nothing(dropped) => {
            for (line, how) in dropped {
                terminal::complain(&format!(
                    "{shown_file}:{line} calls tautline, and goes on whatever that finds: {how}\n"
                ));
            }
            terminal::complain(&format!(
                "{shown_file} calls tautline already, and is left as it is: that every start is behind a call which stops it is \
                 for whoever wrote it to see\n"
            ));
            return Ok(String::new());
        }
        Plan::Add(insertions) => insertions,
    };
    warn_without_settings(file);
    for line in wrapper::overlooked(&text) {
        terminal::complain(&format!(
            "{shown_file}:{line} may start terragrunt too, in a way that no check is made for: if it plans or applies, write \
             `tautline hook run -- ARGS… >&2 || exit $?` in front of it\n"
        ));
    }
    if !write {
        terminal::complain(&format!("{shown_file} is as it was: `--write` changes it like this\n"));
        return Ok(diff::patch(&insertions, &path_from_top(file), &text));
    }
    replace(file, diff::apply(&insertions, &text).as_bytes()).map_err(|error| {
        Trouble::new(format!("`{shown_file}` cannot be written: {error}"))
            .help("it is as it was; `tautline hook tg --file FILE` prints the patch")
    })?;
    let lines: Vec<String> = insertions.iter().map(|it| (it.at + 1).to_string()).collect();
    Ok(format!("{shown_file} checks the stack before what was in line {}\n", lines.join(" and ")))
}

/// The wrapper's text. A symbolic link is not followed: what it leads to may be someone else's.
fn read(file: &Path) -> Result<String, Trouble> {
    let (directory, name) = located(file)?;
    let content = Workspace::open(directory)?.read(&name);
    let text = match content {
        None => {
            return Err(Trouble::new(format!("`{}` does not exist", shown(file)))
                .help("name the script that starts Terragrunt; `tautline hook tg` prints the lines for a new one"));
        }
        Some(Content::Skipped(reason)) => {
            return Err(Trouble::new(format!("`{}` is {reason}", shown(file))));
        }
        Some(Content::Text(text)) => text,
    };
    // Of a Makefile, every line has a shell of its own.
    let lower = name.to_ascii_lowercase();
    let is_make =
        lower.ends_with("makefile") || lower.rsplit_once('.').is_some_and(|it| it.1 == "mk");
    if is_make || !wrapper::is_shell(&text) {
        return Err(Trouble::new(format!("`{}` is no shell script", shown(file))).help(
            "let it run `tautline hook run -- ARGS…`, and stop where that ends with another code than 0",
        ));
    }
    Ok(text.to_string())
}

/// The directory and the name of `file`.
fn located(file: &Path) -> Result<(PathBuf, String), Trouble> {
    let absolute = std::path::absolute(file).ok();
    let parts = absolute.as_deref().and_then(|path| Some((path.parent()?, path.file_name()?)));
    let (directory, name) =
        parts.ok_or_else(|| Trouble::new(format!("`{}` is no file", shown(file))))?;
    Ok((directory.to_owned(), name.to_string_lossy().into_owned()))
}

/// The path that a patch names: from the top of the work tree, so that `git apply` finds it.
fn path_from_top(file: &Path) -> String {
    let from_top = || {
        let (directory, name) = located(file).ok()?;
        let beside = Workspace::open(directory.clone()).ok()?;
        if beside.is_in_git().ok()? {
            let prefix = beside.prefix();
            let lead = if prefix.is_empty() { "" } else { "/" };
            return Some(format!("{prefix}{lead}{name}"));
        }
        Workspace::open(find_root(&directory).ok()?).ok()?.relative(file)
    };
    from_top().unwrap_or_else(|| shown(file))
}

/// Says so where the lines would stop every plan.
fn warn_without_settings(file: &Path) {
    let settings = located(file).and_then(|(directory, _)| ground::settings_around(&directory));
    if settings.is_ok_and(|(_, settings)| !ground::names_packs(&settings)) {
        terminal::complain(
            "note: every plan will stop until a tautline.hcl says which packs are on; `tautline check --require-config` \
             says what to write\n",
        );
    }
}
