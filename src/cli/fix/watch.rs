//! `check --watch`: waits until a file of the repo says something else, or is compared with another commit.
//!
//! Invariant: what the operating system reports is a reason to look, and nothing more: whether something has changed is told
//! from the files that git lets us see. So neither a build directory nor a provider's cache makes a check run.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant, SystemTime};

use notify::event::{AccessKind, AccessMode, EventKind, ModifyKind};
use notify::{Event, RecommendedWatcher, RecursiveMode, Watcher as _};

use crate::cli::exit::Exit;
use crate::cli::terminal;
use crate::cli::trouble::Trouble;
use crate::workspace::{CACHES, Compare, Workspace, WorkspaceError, find_root};

/// An editor writes a file in several steps, and several files at once: they are waited for.
const QUIET: Duration = Duration::from_millis(80);

/// Where it is never quiet, as beside a log that is being written, nobody waits longer than this.
const LONGEST: Duration = Duration::from_secs(1);

/// When a file was written, and how long it is.
type Stamp = (Option<SystemTime>, u64);

/// What a check reads that need not lie below the root, or is no file.
pub(in crate::cli) struct Elsewhere<'a> {
    /// Directories of packs.
    pub(in crate::cli) directories: &'a [PathBuf],
    /// What else is named, and lies in directories that are; each time anew. What is not there may come.
    pub(in crate::cli) files: &'a dyn Fn() -> Vec<PathBuf>,
    /// What is compared with what.
    pub(in crate::cli) compare: Option<Compare>,
}

/// Runs `check`, and again each time that a file below the root around `start`, or one `elsewhere`, has changed.
pub(in crate::cli) fn watch(start: &Path, elsewhere: &Elsewhere, check: impl Fn() -> Exit) -> Exit {
    match follow(start, elsewhere, check) {
        Ok(exit) => exit,
        Err(trouble) => {
            trouble.complain();
            Exit::Failed
        }
    }
}

fn follow(start: &Path, elsewhere: &Elsewhere, check: impl Fn() -> Exit) -> Result<Exit, Trouble> {
    let root = find_root(start)?;
    let (sender, events) = channel();
    let watcher = notify::recommended_watcher(move |event: notify::Result<Event>| {
        if event.as_ref().map_or(true, may_change) {
            // Nobody listens any more where the process ends.
            let _ = sender.send(event);
        }
    });
    let watcher = watcher.map_err(|error| no_watch(&root, &error))?;
    let mut eye = Eye { watcher, watched: BTreeSet::new() };
    let mut seen = Sight::of(&root, elsewhere)?;
    eye.turn_to(&seen)?;
    loop {
        let exit = check();
        if terminal::is_unread() {
            return Ok(exit);
        }
        terminal::note("waiting for a change, Ctrl-C ends");
        loop {
            let Some(happened) = wait(&events) else { return Ok(exit) };
            for event in &happened {
                eye.notice(event);
            }
            let now = Sight::of(&root, elsewhere)?;
            eye.turn_to(&now)?;
            if now.stamps != seen.stamps || now.commits != seen.commits {
                seen = now;
                break;
            }
        }
    }
}

/// Whether a file may say something else after that. Somebody reads all the time, the search for changes itself too, and
/// would wake itself up for ever.
fn may_change(event: &Event) -> bool {
    match event.kind {
        EventKind::Access(kind) => kind == AccessKind::Close(AccessMode::Write),
        _ => true,
    }
}

/// Waits for something to happen, and then until nothing does; gives what happened meanwhile. None where nothing can happen
/// any more.
fn wait(events: &Receiver<notify::Result<Event>>) -> Option<Vec<Event>> {
    let mut happened = Vec::from_iter(events.recv().ok()?.ok());
    let began = Instant::now();
    while began.elapsed() < LONGEST {
        match events.recv_timeout(QUIET) {
            Ok(event) => happened.extend(event.ok()),
            Err(RecvTimeoutError::Timeout) => break,
            Err(RecvTimeoutError::Disconnected) => return None,
        }
    }
    Some(happened)
}

/// The files as they are, and the directories in which they are looked for.
#[derive(Default)]
struct Sight {
    stamps: BTreeMap<PathBuf, Stamp>,
    /// The commits that are compared.
    commits: Vec<String>,
    directories: BTreeSet<PathBuf>,
}

impl Sight {
    fn of(root: &Path, elsewhere: &Elsewhere) -> Result<Sight, WorkspaceError> {
        let mut sight = Sight::default();
        sight.add_all(root)?;
        for directory in elsewhere.directories {
            // Where it cannot be listed, the check says why.
            if sight.add_all(directory).is_err() {
                sight.expect(directory);
            }
        }
        if let Some(compare) = &elsewhere.compare
            && let Some(tips) = Workspace::open(root.to_owned())?.tips(compare)
        {
            sight.commits = tips.commits;
            sight.directories.extend(tips.directories);
        }
        for file in (elsewhere.files)() {
            if file.is_dir() {
                sight.directories.insert(file.clone());
            }
            let directory = file.parent().map(Path::to_owned);
            sight.add(file, &directory.unwrap_or_default());
        }
        Ok(sight)
    }

    /// Adds what git lets us see in the directory `top`. Each time anew: what git tracks may have changed too.
    fn add_all(&mut self, top: &Path) -> Result<(), WorkspaceError> {
        let workspace = Workspace::open(top.to_owned())?;
        let listing = workspace.list()?;
        let links = listing.links.iter().map(|link| &link.path);
        for path in listing.files.iter().chain(links) {
            self.add(workspace.root().join(&**path), workspace.root());
        }
        self.directories.insert(workspace.root().to_owned());
        Ok(())
    }

    /// Adds the directory in which something changes where `directory`, which is not there, comes to be.
    fn expect(&mut self, directory: &Path) {
        let path = std::path::absolute(directory).unwrap_or_default();
        self.directories
            .extend(path.ancestors().skip(1).find(|it| it.is_dir()).map(Path::to_owned));
    }

    /// Adds a file, and the directories on the way to it from `top`.
    fn add(&mut self, path: PathBuf, top: &Path) {
        for directory in path.ancestors().skip(1) {
            if !self.directories.insert(directory.to_owned()) || directory == top {
                break;
            }
        }
        // A link that leads to nothing is something itself.
        let stamp = match path.metadata().or_else(|_| path.symlink_metadata()) {
            Ok(metadata) => (metadata.modified().ok(), metadata.len()),
            Err(_) => (None, 0),
        };
        self.stamps.insert(path, stamp);
    }
}

/// Watches the directories that hold files which count, or held some, and those on the way to them.
struct Eye {
    watcher: RecommendedWatcher,
    watched: BTreeSet<PathBuf>,
}

impl Eye {
    /// Heeds what happened to directories: what is watched is what lay there, not what bears the name now.
    fn notice(&mut self, event: &Event) {
        if event.need_rescan() {
            self.watched.clear();
        }
        if !matches!(
            event.kind,
            EventKind::Create(_) | EventKind::Remove(_) | EventKind::Modify(ModifyKind::Name(_))
        ) {
            return;
        }
        for path in &event.paths {
            if self.watched.contains(path) {
                self.watched.retain(|it| !it.starts_with(path));
            }
            let is_cache = path.file_name().is_some_and(|name| CACHES.iter().any(|it| name == *it));
            if path.is_dir() && !is_cache {
                // It may be empty yet, and so may be what is in it: nothing that is listed tells of it.
                let _ = self.watcher.watch(path, RecursiveMode::Recursive);
            }
        }
    }

    fn turn_to(&mut self, sight: &Sight) -> Result<(), Trouble> {
        // Where the last file is gone, the next one may come: nothing above says so.
        let (left, gone): (BTreeSet<_>, BTreeSet<_>) =
            self.watched.difference(&sight.directories).cloned().partition(|it| it.is_dir());
        for gone in gone {
            // It may be gone for good, and then nobody watches it.
            let _ = self.watcher.unwatch(&gone);
        }
        for new in sight.directories.difference(&self.watched) {
            match self.watcher.watch(new, RecursiveMode::NonRecursive) {
                Err(error) if new.is_dir() => return Err(no_watch(new, &error)),
                _ => {}
            }
        }
        self.watched = sight.directories.union(&left).cloned().collect();
        Ok(())
    }
}

fn no_watch(path: &Path, error: &notify::Error) -> Trouble {
    Trouble::new(format!("`{}` cannot be watched: {error}", path.display())).help(
        "on Linux, `sysctl fs.inotify.max_user_watches` says how many directories may be watched",
    )
}
