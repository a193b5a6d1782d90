//! `tautline hook install` and `uninstall`: git's pre-commit hook.
//!
//! Invariant: a hook that somebody else wrote is neither changed nor taken away.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use crate::cli::packs::shown;
use crate::cli::trouble::Trouble;
use crate::workspace::{Content, HooksDirectory, Workspace, hooks_directory};

const NAME: &str = "pre-commit";

/// The hook.
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
    /// A hook of the repo's own that calls tautline.
    Calls,
    /// Something else.
    Other,
}

/// Writes the hook of the repo around `here`; says what was done.
pub(super) fn install(here: &Path) -> Result<String, Trouble> {
    let hooks = hooks_directory(here)?;
    let path = hooks.path.join(NAME);
    let add = format!("add this line to it: `{CALL} --quiet || exit $?`");
    match found(&hooks) {
        Found::Same => return Ok(format!("{} is in place already\n", shown(&path))),
        Found::Calls => return Ok(format!("{} calls tautline already\n", shown(&path))),
        Found::Other => {
            return Err(Trouble::new(format!(
                "`{}` is there already, nothing was written",
                shown(&path)
            ))
            .help(add));
        }
        Found::Nothing | Found::Ours if hooks.is_shared => {
            return Err(Trouble::new(format!(
                "`core.hooksPath` is `{}`, which other repos use too: nothing was written",
                shown(&hooks.path)
            ))
            .help(format!("if they all want it, write `{}`: {add}", shown(&path))));
        }
        Found::Nothing | Found::Ours => {}
    }
    fs::create_dir_all(&hooks.path)
        .and_then(|()| write(&path))
        .map_err(|error| Trouble::new(format!("`{}` cannot be written: {error}", shown(&path))))?;
    Ok(format!("wrote {}: `{CALL}` before every commit\n", shown(&path)))
}

/// Takes the hook away; says what was done.
pub(super) fn uninstall(here: &Path) -> Result<String, Trouble> {
    let hooks = hooks_directory(here)?;
    let path = hooks.path.join(NAME);
    match found(&hooks) {
        Found::Nothing => Ok(format!("there is no {}\n", shown(&path))),
        Found::Calls | Found::Other => {
            Err(Trouble::new(format!("`{}` is not tautline's, it was left alone", shown(&path)))
                .help(format!("take out the line that calls `{CALL}`, if there is one")))
        }
        Found::Same | Found::Ours => {
            fs::remove_file(&path).map_err(|error| {
                Trouble::new(format!("`{}` cannot be removed: {error}", shown(&path)))
            })?;
            Ok(format!("removed {}\n", shown(&path)))
        }
    }
}

fn found(hooks: &HooksDirectory) -> Found {
    if fs::symlink_metadata(hooks.path.join(NAME)).is_err() {
        return Found::Nothing;
    }
    match Workspace::open(hooks.path.clone()).ok().and_then(|it| it.read(NAME)) {
        Some(Content::Text(text)) if *text == *HOOK => Found::Same,
        Some(Content::Text(text)) if text.lines().nth(1) == Some(MARK) => Found::Ours,
        Some(Content::Text(text)) if has_call(&text) => Found::Calls,
        _ => Found::Other,
    }
}

fn has_call(text: &str) -> bool {
    text.lines().any(|line| !line.trim_start().starts_with('#') && line.contains(CALL))
}

/// Writes the hook at `path`, executable, in the place of another version of it.
fn write(path: &PathBuf) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o755);
    options.open(path)?.write_all(HOOK.as_bytes())
}
