//! `tautline hook install` and `uninstall`: git's pre-commit hook.
//!
//! Invariant: a hook that somebody else wrote is neither changed nor taken away.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use crate::cli::packs::shown;
use crate::cli::trouble::Trouble;
use crate::workspace::{
    Content, HooksDirectory, RootBy, Workspace, hooks_directory, root_and_reason,
};

const NAME: &str = "pre-commit";

/// The hook where the root is the top of the work tree.
pub(in crate::cli) const HOOK: &str = "\
#!/bin/sh
# Written by `tautline hook install`; `tautline hook uninstall` takes it away.
exec tautline check --staged --quiet
";

/// The second line of every version of the hook.
const MARK: &str = "# Written by `tautline hook install`; `tautline hook uninstall` takes it away.";

/// What the hook calls; a hook of the repo's own that calls it needs no other.
const CALL: &str = "tautline check --staged";

/// What is at the place of the hook.
enum Found {
    /// Nothing.
    Nothing,
    /// What this version writes.
    Same,
    /// What another version wrote.
    Ours,
    /// What was written for another root: how it is called there.
    Elsewhere(String),
    /// A hook of the repo's own that calls tautline.
    Calls,
    /// Something else.
    Other,
}

/// Writes the hook of the repo around `here`; says what was done.
pub(super) fn install(here: &Path) -> Result<String, Trouble> {
    let hooks = hooks_directory(here)?;
    let path = hooks.path.join(NAME);
    let hook = hook(&root_in(&hooks, here)?);
    let call = call(&hook);
    let add = format!("add this line to it: `{call} || exit $?`");
    match found(&hooks, &hook) {
        Found::Same => return Ok(format!("{} is in place already\n", shown(&path))),
        Found::Calls => return Ok(format!("{} calls tautline already\n", shown(&path))),
        Found::Other => {
            return Err(Trouble::new(format!(
                "`{}` is there already, nothing was written",
                shown(&path)
            ))
            .help(add));
        }
        Found::Elsewhere(other) => {
            return Err(Trouble::new(format!(
                "`{}` checks another directory of this repo already, nothing was written",
                shown(&path)
            ))
            .help(format!("let its last lines be `{other} || exit $?` and `{call}`")));
        }
        Found::Nothing | Found::Ours if hooks.is_shared => {
            let real = path_of(&hooks);
            return Err(Trouble::new(format!(
                "git looks for hooks in `{real}`, which other repos use too: nothing was written"
            ))
            .help(format!("if they all want it, write `{}`: {add}", shown(&path))));
        }
        Found::Nothing | Found::Ours => {}
    }
    fs::create_dir_all(&hooks.path)
        .and_then(|()| write(&path, &hook))
        .map_err(|error| Trouble::new(format!("`{}` cannot be written: {error}", shown(&path))))?;
    Ok(format!("wrote {}: `{}` before every commit\n", shown(&path), call.replace(" --quiet", "")))
}

/// The root that a check in `here` has, as seen from the top of the work tree.
fn root_in(hooks: &HooksDirectory, here: &Path) -> Result<String, Trouble> {
    let (root, by) = root_and_reason(here)?;
    if by == RootBy::Git {
        let listed = Workspace::open(root.clone())?.list()?;
        let mut directories = listed.files.iter().filter_map(|it| it.strip_suffix("/tautline.hcl"));
        if let Some(directory) = directories.next() {
            return Err(Trouble::new(format!(
                "a check here would not go by `{directory}/tautline.hcl`: nothing was written"
            ))
            .help(format!("`cd {directory}`, and run `tautline hook install` there")));
        }
    }
    let below = root.strip_prefix(&hooks.top).unwrap_or(Path::new(""));
    Ok(below.to_string_lossy().into_owned())
}

/// The hook for the root at `below`, seen from the top of the work tree, where git runs it. It is named, and not gone to:
/// git says relative to the top which index it is about to commit.
fn hook(below: &str) -> String {
    if below.is_empty() {
        return HOOK.to_owned();
    }
    let quoted = below.replace('\'', "'\\''");
    format!("{} './{quoted}'\n", HOOK.trim_end())
}

/// What `hook` calls.
fn call(hook: &str) -> String {
    let last = hook.lines().last().unwrap_or_default();
    last.strip_prefix("exec ").unwrap_or(last).to_owned()
}

/// The directory of hooks, without links.
fn path_of(hooks: &HooksDirectory) -> String {
    shown(&hooks.path.canonicalize().unwrap_or_else(|_| hooks.path.clone()))
}

/// Takes the hook away; says what was done.
pub(super) fn uninstall(here: &Path) -> Result<String, Trouble> {
    let hooks = hooks_directory(here)?;
    let path = hooks.path.join(NAME);
    match found(&hooks, HOOK) {
        Found::Nothing => Ok(format!("there is no {}\n", shown(&path))),
        Found::Calls | Found::Other => {
            Err(Trouble::new(format!("`{}` is not tautline's, it was left alone", shown(&path)))
                .help(format!("take out the line that calls `{CALL}`, if there is one")))
        }
        Found::Same | Found::Ours | Found::Elsewhere(_) => {
            fs::remove_file(&path).map_err(|error| {
                Trouble::new(format!("`{}` cannot be removed: {error}", shown(&path)))
            })?;
            Ok(format!("removed {}\n", shown(&path)))
        }
    }
}

/// What is where `hook` belongs.
fn found(hooks: &HooksDirectory, hook: &str) -> Found {
    if fs::symlink_metadata(hooks.path.join(NAME)).is_err() {
        return Found::Nothing;
    }
    match Workspace::open(hooks.path.clone()).ok().and_then(|it| it.read(NAME)) {
        Some(Content::Text(text)) if *text == *hook => Found::Same,
        Some(Content::Text(text)) if text.lines().nth(1) == Some(MARK) => {
            let root = |hook: &str| call(hook).split_once(" './").map(|it| it.1.to_owned());
            if root(&text) == root(hook) { Found::Ours } else { Found::Elsewhere(call(&text)) }
        }
        Some(Content::Text(text)) if has_call(&text) => Found::Calls,
        _ => Found::Other,
    }
}

fn has_call(text: &str) -> bool {
    text.lines().any(|line| !line.trim_start().starts_with('#') && line.contains(CALL))
}

/// Writes `hook` at `path`, executable, in the place of another version of it.
fn write(path: &PathBuf, hook: &str) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o755);
    options.open(path)?.write_all(hook.as_bytes())
}
