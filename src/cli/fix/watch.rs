//! `check --watch`: waits until a file of the repo says something else.
//!
//! Invariant: what the operating system reports is a reason to look, and nothing more: whether something has changed is told
//! from the files that git lets us see. So neither a build directory nor a provider's cache makes a check run.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, SystemTime};

use notify::{Event, RecommendedWatcher, RecursiveMode, Watcher as _};

use crate::cli::exit::Exit;
use crate::cli::terminal;
use crate::cli::trouble::Trouble;
use crate::workspace::{Workspace, find_root};

/// An editor writes a file in several steps, and several files at once: they are waited for.
const QUIET: Duration = Duration::from_millis(80);

/// What is known of the files: when each was written, and how long it is.
type Stamps = BTreeMap<PathBuf, (Option<SystemTime>, u64)>;

/// Runs `check`, and again each time that a file below the root around `start`, or in one of the directories `others`, has
/// changed.
pub(in crate::cli) fn watch(start: &Path, others: &[PathBuf], check: impl Fn() -> Exit) -> Exit {
    match follow(start, others, check) {
        Ok(exit) => exit,
        Err(trouble) => {
            trouble.complain();
            Exit::Failed
        }
    }
}

fn follow(start: &Path, others: &[PathBuf], check: impl Fn() -> Exit) -> Result<Exit, Trouble> {
    let root = find_root(start)?;
    let (sender, events) = channel();
    let watcher = notify::recommended_watcher(move |event| {
        // Nobody listens any more where the process ends.
        let _ = sender.send(event);
    });
    let watcher = watcher.map_err(|error| no_watch(&root, &error))?;
    let mut eye = Eye { watcher, watched: BTreeSet::new() };
    let mut seen = look(&root, others)?;
    eye.turn_to(&root, &seen)?;
    loop {
        let exit = check();
        terminal::note("waiting for a change, Ctrl-C ends");
        loop {
            let Some(made) = wait(&events) else { return Ok(exit) };
            for directory in made.into_iter().filter(|path| path.is_dir() && is_open(path)) {
                // It may be empty yet, and so may be what is in it: nothing that is listed tells of it.
                let _ = eye.watcher.watch(&directory, RecursiveMode::Recursive);
            }
            let now = look(&root, others)?;
            eye.turn_to(&root, &now)?;
            if now != seen {
                seen = now;
                break;
            }
        }
    }
}

/// Whether people keep code in a directory of such a name.
fn is_open(directory: &Path) -> bool {
    let name = directory.file_name().unwrap_or_default().to_string_lossy();
    !name.starts_with('.') && name != "node_modules"
}

/// Waits for something to happen, and then until nothing does; gives what was made meanwhile. None where nothing can happen
/// any more.
fn wait(events: &Receiver<notify::Result<Event>>) -> Option<Vec<PathBuf>> {
    let mut made = Vec::new();
    let mut note = |event: notify::Result<Event>| match event {
        Ok(event) if event.kind.is_create() => made.extend(event.paths),
        _ => {}
    };
    note(events.recv().ok()?);
    loop {
        match events.recv_timeout(QUIET) {
            Ok(event) => note(event),
            Err(RecvTimeoutError::Timeout) => return Some(made),
            Err(RecvTimeoutError::Disconnected) => return None,
        }
    }
}

/// The files as they are now.
fn look(root: &Path, others: &[PathBuf]) -> Result<Stamps, Trouble> {
    let mut stamps = Stamps::new();
    let mut add = |path: PathBuf| {
        let (written, length) = match path.metadata() {
            Ok(metadata) => (metadata.modified().ok(), metadata.len()),
            Err(_) => (None, 0),
        };
        stamps.insert(path, (written, length));
    };
    // Each time anew: what git tracks may have changed too.
    let workspace = Workspace::open(root.to_owned())?;
    for path in workspace.list()?.files {
        add(workspace.root().join(&*path));
    }
    for directory in others {
        let other = Workspace::open(directory.clone())?;
        for path in other.list()?.files {
            add(other.root().join(&*path));
        }
    }
    Ok(stamps)
}

/// Watches the directories that hold files which count, and those on the way to them.
struct Eye {
    watcher: RecommendedWatcher,
    watched: BTreeSet<PathBuf>,
}

impl Eye {
    fn turn_to(&mut self, root: &Path, stamps: &Stamps) -> Result<(), Trouble> {
        let mut wanted: BTreeSet<PathBuf> = BTreeSet::from([root.to_owned()]);
        for path in stamps.keys() {
            for directory in path.ancestors().skip(1) {
                if !wanted.insert(directory.to_owned()) || directory == root {
                    break;
                }
            }
        }
        for gone in self.watched.difference(&wanted) {
            // It may be gone for good, and then nobody watches it.
            let _ = self.watcher.unwatch(gone);
        }
        for new in wanted.difference(&self.watched) {
            match self.watcher.watch(new, RecursiveMode::NonRecursive) {
                Err(error) if new.is_dir() => return Err(no_watch(new, &error)),
                _ => {}
            }
        }
        self.watched = wanted;
        Ok(())
    }
}

fn no_watch(path: &Path, error: &notify::Error) -> Trouble {
    Trouble::new(format!("`{}` cannot be watched: {error}", path.display())).help(
        "on Linux, `sysctl fs.inotify.max_user_watches` says how many directories may be watched",
    )
}
