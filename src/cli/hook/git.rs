//! `tautline hook install` and `uninstall`: git's hooks `pre-commit` and `commit-msg`.
//!
//! Invariant: a hook that somebody else wrote is neither changed nor taken away.

use std::fmt::Write as _;
use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use crate::cli::packs::shown;
use crate::cli::trouble::Trouble;
use crate::text::typed;
use crate::workspace::{
    Content, HooksDirectory, RootBy, Workspace, hooks_directory, root_and_reason,
};

/// One of git's hooks.
#[derive(Clone, Copy)]
pub(super) struct Hook {
    /// Its name for git.
    name: &'static str,
    /// What is written where the root is the top of the work tree.
    text: &'static str,
    /// What a hook of the repo's own has in a line that does the same.
    call: [&'static str; 2],
    /// What installs it.
    installed_by: &'static str,
    /// When git runs it.
    when: &'static str,
}

/// What is about to be committed.
pub(super) const PRE_COMMIT: Hook = Hook {
    name: "pre-commit",
    text: HOOK,
    call: ["tautline check", "--staged"],
    installed_by: "tautline hook install",
    when: "before every commit",
};

/// What its message says.
pub(super) const COMMIT_MSG: Hook = Hook {
    name: "commit-msg",
    text: MESSAGE_HOOK,
    call: ["tautline check", "--message"],
    installed_by: "tautline hook install --commit-msg",
    when: "for the message of every commit",
};

/// The hook where the root is the top of the work tree.
pub(in crate::cli) const HOOK: &str = "\
#!/bin/sh
# Written by `tautline hook install`; `tautline hook uninstall` takes it away.
exec tautline check --staged --quiet
";

/// The same for the message.
pub(in crate::cli) const MESSAGE_HOOK: &str = "\
#!/bin/sh
# Written by `tautline hook install`; `tautline hook uninstall` takes it away.
exec tautline check --quiet --message \"$1\"
";

/// The second line of every version of the hooks.
const MARK: &str = "# Written by `tautline hook install`; `tautline hook uninstall` takes it away.";

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

/// Writes the hook `kind` of the repo around `here`; says what was done.
pub(super) fn install(kind: Hook, here: &Path) -> Result<String, Trouble> {
    let hooks = hooks_directory(here)?;
    let path = hooks.path.join(kind.name);
    if hooks.path.exists() && !hooks.path.is_dir() {
        let switched_off = format!("`core.hooksPath` is `{}`, no directory", shown(&hooks.path));
        return Err(Trouble::new(format!("{switched_off}: git runs no hooks here"))
            .help("`git config --show-origin core.hooksPath` names the file that says so"));
    }
    let hook = hook(kind, &root_in(kind, &hooks, here)?);
    let call = call(&hook);
    let is_made = hooks.is_ignored(kind.name);
    let place = if is_made {
        "the hook that it calls, for git ignores this one, and a tool may write it anew"
    } else {
        "it"
    };
    let add = format!("add this line to {place}: `{call} || exit $?`");
    match found(kind, &hooks, &hook) {
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
    let short = call.replace(" --quiet", "");
    let mut told = format!("wrote {}: `{short}` {}\n", shown(&path), kind.when);
    if is_made {
        let _ = writeln!(
            told,
            "git ignores it: if a tool makes that directory, it takes the hook away again. Then put `{call} || exit $?` \
             where that tool looks"
        );
    }
    Ok(told)
}

/// The root that a check in `here` has, as seen from the top of the work tree.
fn root_in(kind: Hook, hooks: &HooksDirectory, here: &Path) -> Result<String, Trouble> {
    let (root, by) = root_and_reason(here)?;
    if by == RootBy::Git {
        let listed = Workspace::open(root.clone())?.list()?;
        let mut directories = listed.files.iter().filter_map(|it| it.strip_suffix("/tautline.hcl"));
        if let Some(directory) = directories.next() {
            return Err(Trouble::new(format!(
                "a check here would not go by `{directory}/tautline.hcl`: nothing was written"
            ))
            .help(format!(
                "`cd {}`, and run `{}` there",
                typed(directory),
                kind.installed_by
            )));
        }
    }
    let below = root.strip_prefix(&hooks.top).unwrap_or(Path::new(""));
    Ok(below.to_string_lossy().into_owned())
}

/// The hook for the root at `below`, seen from the top of the work tree, where git runs it. It is named, and not gone to:
/// git says relative to the top which index it is about to commit.
fn hook(kind: Hook, below: &str) -> String {
    if below.is_empty() {
        return kind.text.to_owned();
    }
    let quoted = below.replace('\'', "'\\''");
    format!("{} './{quoted}'\n", kind.text.trim_end())
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

/// Takes away what is tautline's among `kinds`; says what was done.
pub(super) fn uninstall(kinds: &[Hook], here: &Path) -> Result<String, Trouble> {
    let hooks = hooks_directory(here)?;
    let (mut removed, mut absent) = (String::new(), String::new());
    let mut other = None;
    for kind in kinds {
        let path = hooks.path.join(kind.name);
        match found(*kind, &hooks, kind.text) {
            Found::Nothing => {
                let _ = writeln!(absent, "there is no {}", shown(&path));
            }
            Found::Calls | Found::Other => other = other.or(Some((path, kind))),
            Found::Same | Found::Ours | Found::Elsewhere(_) => {
                fs::remove_file(&path).map_err(|error| {
                    Trouble::new(format!("`{}` cannot be removed: {error}", shown(&path)))
                })?;
                let _ = writeln!(removed, "removed {}", shown(&path));
            }
        }
    }
    match other {
        // Whoever has only one of them from tautline wants to be rid of that one.
        Some((path, kind)) if removed.is_empty() => {
            let [program, option] = kind.call;
            Err(Trouble::new(format!("`{}` is not tautline's, it was left alone", shown(&path)))
                .help(format!(
                    "take out the line that calls `{program} {option}`, if there is one"
                )))
        }
        _ if removed.is_empty() => Ok(absent),
        _ => Ok(removed),
    }
}

/// What is where `hook` belongs.
fn found(kind: Hook, hooks: &HooksDirectory, hook: &str) -> Found {
    if fs::symlink_metadata(hooks.path.join(kind.name)).is_err() {
        return Found::Nothing;
    }
    match Workspace::open(hooks.path.clone()).ok().and_then(|it| it.read(kind.name)) {
        Some(Content::Text(text)) if *text == *hook => Found::Same,
        Some(Content::Text(text)) if is_untouched(&text) => {
            let root = |hook: &str| call(hook).split_once(" './").map(|it| it.1.to_owned());
            if root(&text) == root(hook) { Found::Ours } else { Found::Elsewhere(call(&text)) }
        }
        Some(Content::Text(text)) if has_call(kind, &text) => Found::Calls,
        _ => Found::Other,
    }
}

/// Whether `text` is what some version of tautline has written, and nothing that somebody has added since.
fn is_untouched(text: &str) -> bool {
    let mut lines = text.lines();
    lines.next() == Some("#!/bin/sh")
        && lines.next() == Some(MARK)
        && lines.next().is_some_and(|line| line.starts_with("exec tautline check "))
        && lines.next().is_none()
}

fn has_call(kind: Hook, text: &str) -> bool {
    let calls = |line: &str| kind.call.iter().all(|part| line.contains(part));
    text.lines().any(|line| !line.trim_start().starts_with('#') && calls(line))
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
