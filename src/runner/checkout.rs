//! The commit that is planned, and a newer one where the remote has moved.
//!
//! Invariant: a work tree only ever moves forward, on the way that git itself finds safe. Files that git does not track
//! (states, credentials, initialised directories) stay where they are: a plan in another tree would miss them, and call
//! everything new.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use super::process::Control;
use super::said::last_lines;
use crate::drift::Commit;

/// How long git may take to fetch.
const PATIENCE: Duration = Duration::from_mins(2);

/// What is checked out.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Checkout {
    /// The commit.
    pub commit: Commit,
    /// Whether files that git tracks differ from it.
    pub is_dirty: bool,
}

/// What came of looking for a newer commit.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Renewed {
    /// The work tree is at it.
    Moved(Commit),
    /// There is none.
    Same,
    /// The work tree could not be moved: why.
    Stuck(String),
}

/// What is checked out in `root`; none outside git.
pub fn checkout(root: &Path) -> Option<Checkout> {
    let said = ask(root, &["log", "-1", "--no-show-signature", "--format=%H %cI"])?;
    let (id, time) = said.split_once(' ')?;
    let commit = Commit { id: id.to_owned(), time: Some(time.to_owned()) };
    let changed = ask(root, &["status", "--porcelain", "--untracked-files=no"])?;
    Some(Checkout { commit, is_dirty: !changed.is_empty() })
}

/// Moves the work tree in `root` to what the remote has now: `from` as `remote/branch`, or else what its branch follows.
pub fn renew(root: &Path, from: Option<&str>, control: &Control) -> Renewed {
    let Some(before) = checkout(root) else {
        return Renewed::Stuck("there is no git work tree".to_owned());
    };
    let named = from.map(str::to_owned).or_else(|| followed(root));
    let Some((remote, branch)) = named.as_deref().and_then(|it| it.split_once('/')) else {
        let why = "no branch of a remote is followed here: name it, as in `--confirm=origin/main`";
        return Renewed::Stuck(why.to_owned());
    };
    let moved = run(root, &["fetch", "--quiet", "--no-tags", remote, branch], control)
        .and_then(|()| run(root, &["merge", "--quiet", "--ff-only", "FETCH_HEAD"], control));
    if let Err(why) = moved {
        return Renewed::Stuck(why);
    }
    match checkout(root) {
        Some(after) if after.commit != before.commit => Renewed::Moved(after.commit),
        _ => Renewed::Same,
    }
}

/// The branch that the one here follows; without one, the branch of the same name at `origin`.
fn followed(root: &Path) -> Option<String> {
    let upstream = ["rev-parse", "--abbrev-ref", "--symbolic-full-name", "@{upstream}"];
    ask(root, &upstream).or_else(|| {
        let branch = ask(root, &["symbolic-ref", "--quiet", "--short", "HEAD"])?;
        ask(root, &["remote", "get-url", "origin"])?;
        Some(format!("origin/{branch}"))
    })
}

/// What git answers; none where it fails.
fn ask(root: &Path, words: &[&str]) -> Option<String> {
    let output = git(root, words).output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    output.status.success().then_some(text)
}

/// Lets git do something; the last of what it said where it fails.
fn run(root: &Path, words: &[&str], control: &Control) -> Result<(), String> {
    let what = format!("`git {}`", words.join(" "));
    let ended = control
        .run(git(root, words), Instant::now() + PATIENCE, |_| ())
        .map_err(|error| format!("{what} does not start: {error}"))?
        .ok_or_else(|| "the run was stopped".to_owned())?;
    if ended.stopped.is_some() {
        return Err(format!("{what} took too long"));
    }
    if ended.status.success() {
        return Ok(());
    }
    let said = last_lines(&ended.stderr, 1).pop();
    Err(said.map_or_else(|| format!("{what} fails"), |said| format!("{what} fails: {said}")))
}

#[expect(clippy::disallowed_methods, reason = "git is asked which commit is planned")]
fn git(root: &Path, words: &[&str]) -> Command {
    let mut command = Command::new("git");
    // No hook of the repo's is run, nobody is asked for a password, and looking takes no lock.
    command.args(["-c", "core.hooksPath=/dev/null"]).args(words).current_dir(root);
    command.env("GIT_TERMINAL_PROMPT", "0").env("GIT_OPTIONAL_LOCKS", "0").env("LC_ALL", "C");
    command
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn must(root: &Path, words: &[&str]) {
        let output = git(root, words)
            .envs([("GIT_AUTHOR_NAME", "a"), ("GIT_AUTHOR_EMAIL", "a@example.com")])
            .envs([("GIT_COMMITTER_NAME", "a"), ("GIT_COMMITTER_EMAIL", "a@example.com")])
            .output()
            .unwrap();
        assert!(output.status.success(), "{words:?}: {output:?}");
    }

    fn commit(root: &Path, text: &str) {
        fs::File::create(root.join(text)).unwrap();
        must(root, &["add", "-A"]);
        must(root, &["commit", "-qm", text]);
    }

    #[test]
    fn the_work_tree_moves_forward_and_never_over_what_was_written() {
        let place = tempfile::tempdir().unwrap();
        let (origin, clone) = (place.path().join("origin"), place.path().join("clone"));
        fs::create_dir(&origin).unwrap();
        must(&origin, &["init", "-q", "-b", "main"]);
        commit(&origin, "one");
        commit(&origin, "two");
        let url = format!("file://{}", origin.display());
        // As CI systems clone: without history.
        must(place.path(), &["clone", "-q", "--depth=1", &url, "clone"]);
        let control = Control::default();
        let work = || {
            assert_eq!(renew(&clone, None, &control), Renewed::Same);
            fs::File::create(clone.join("terraform.tfstate")).unwrap();
            commit(&origin, "three");
            let Renewed::Moved(moved) = renew(&clone, None, &control) else { panic!() };
            assert_eq!(Some(moved), checkout(&origin).map(|it| it.commit));
            assert!(clone.join("terraform.tfstate").exists() && clone.join("three").exists());
            commit(&origin, "four");
            fs::File::create(clone.join("four")).unwrap();
            let Renewed::Stuck(why) = renew(&clone, Some("origin/main"), &control) else {
                panic!()
            };
            assert!(why.starts_with("`git merge --quiet --ff-only FETCH_HEAD` fails: "), "{why}");
            fs::remove_file(clone.join("four")).unwrap();
            must(&clone, &["checkout", "-q", "--detach"]);
            let Renewed::Stuck(why) = renew(&clone, None, &control) else { panic!() };
            assert!(why.contains("`--confirm=origin/main`"), "{why}");
            let named = renew(&clone, Some("origin/main"), &control);
            assert!(matches!(named, Renewed::Moved(_)), "{named:?}");
        };
        control.watched(work);
        assert_eq!(checkout(place.path()), None);
    }
}
