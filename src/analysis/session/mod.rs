//! A repo that is open in an editor: checked again and again while it is edited.
//!
//! Two runs work together. A *look* at the file that was edited takes milliseconds: it loads what has to do with the file
//! from memory and runs the rules that need no more. A *job* checks the whole repo as a fresh process would, off the
//! editor's thread, when typing pauses. Between two jobs a file shows what its looks found, and what only a job can find
//! as the last one found it, moved along with the edits.
//!
//! Invariant: once a job is adopted that has seen every edit, the diagnostics are those of `tautline check`.

mod coverage;
mod files;
mod found;
mod job;
mod look;
mod marker;
mod moves;
mod setup;
mod value;
mod web;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

pub use job::{Done, Job};
pub use marker::Marker;
pub use setup::Setup;
pub use value::Evaluated;

use crate::analysis::load::Held;
use crate::analysis::naming::Code;
use crate::config::ConfigError;
use crate::diagnostic::Diagnostic;
use crate::rule::Stop;
use crate::syntax::{Date, Format, Parsed};
use crate::text::FileId;
use crate::workspace::Content;

use files::FileMap;
use found::{Found, Paths};
use job::State;
use moves::Replaced;

/// A repo that is being edited.
#[derive(Debug)]
pub struct Session {
    root: PathBuf,
    /// What the last job has seen; none before the first, and while nothing could ever be set up.
    state: Option<Arc<State>>,
    /// The files of the state, with the buffers over them.
    files: FileMap,
    buffers: BTreeMap<Box<str>, Buffer>,
    /// Counts the edits: what is newer has a higher number.
    revision: u64,
    /// The edits that the last job has not seen, in order.
    edits: Vec<Edited>,
    /// What the last job has seen: every edit up to this one,
    seen: u64,
    /// but of these files the text of this edit,
    seen_of: BTreeMap<Box<str>, u64>,
    /// and that these are none of the repo's files.
    foreign: BTreeSet<Box<str>>,
    paths: Paths,
    found: Found,
    wrong: Vec<ConfigError>,
}

/// A file that is open in the editor.
#[derive(Debug)]
struct Buffer {
    text: Arc<str>,
    held: Held,
    revision: u64,
    /// The text that others are judged by, and its revision: the last that could be parsed, or that was saved.
    facts: (Arc<str>, Held, u64),
}

/// An edit of a file.
#[derive(Debug)]
struct Edited {
    file: FileId,
    revision: u64,
    replaced: Replaced,
}

impl Session {
    /// A session for the repo at `root`. Nothing is known before the first [`Job`] is adopted.
    pub fn new(root: PathBuf) -> Session {
        Session {
            root,
            state: None,
            files: FileMap::default(),
            buffers: BTreeMap::new(),
            revision: 0,
            edits: Vec::new(),
            seen: 0,
            seen_of: BTreeMap::new(),
            foreign: BTreeSet::new(),
            paths: Paths::default(),
            found: Found::default(),
            wrong: Vec::new(),
        }
    }

    /// The root of the repo.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// A job that checks the whole repo as it is now.
    pub fn job(&self, today: Date) -> Job {
        let buffers = self.buffers.iter();
        let texts = buffers.clone().map(|(path, it)| (path.clone(), Arc::clone(&it.facts.0)));
        Job {
            root: self.root.clone(),
            buffers: texts.collect(),
            known: self.state.clone(),
            revision: self.revision,
            seen: buffers.map(|(path, it)| (path.clone(), it.facts.2)).collect(),
            today,
            stop: Stop::default(),
        }
    }

    /// Opens the file at `path`, which says `text`, as it is saved.
    pub fn open(&mut self, path: &str, text: &str) {
        self.edit(path, text);
        self.save(path);
    }

    /// Whether the file at `path` was there when all were looked at, or none were yet.
    pub fn knows(&self, path: &str) -> bool {
        self.state.as_ref().is_none_or(|state| state.files.get(path).is_some())
    }

    /// Says that the file at `path`, which will be opened, is none of the repo's, until the next job finds out.
    pub fn leave_out(&mut self, path: &str) {
        self.foreign.insert(path.into());
    }

    /// Says that the open file at `path` now says `text`.
    pub fn edit(&mut self, path: &str, text: &str) {
        self.revision += 1;
        let revision = self.revision;
        if let Some(replaced) = self.text(path).and_then(|old| Replaced::between(old, text)) {
            let file = self.paths.id(path);
            self.edits.push(Edited { file, revision, replaced });
            self.found.carry(file, replaced);
        }
        let known = self.buffers.remove(path);
        let held = match known.as_ref().filter(|known| *known.text == *text) {
            Some(known) => known.held.clone(),
            None => self.hold(path, text),
        };
        let text: Arc<str> = text.into();
        let now = (Arc::clone(&text), held.clone(), revision);
        let facts = match known {
            Some(known) if is_broken(&held) => known.facts,
            _ => now,
        };
        self.lay(path, facts.1.clone());
        self.buffers.insert(path.into(), Buffer { text, held, revision, facts });
    }

    /// Lays what an open file says over what is saved.
    fn lay(&mut self, path: &str, held: Held) {
        if !self.foreign.contains(path) {
            self.files.put(path, held);
        }
    }

    /// Says that the open file at `path` was saved as it is: whatever it says is what the repo says.
    pub fn save(&mut self, path: &str) {
        if let Some(buffer) = self.buffers.get_mut(path) {
            let held = buffer.held.clone();
            buffer.facts = (Arc::clone(&buffer.text), held.clone(), buffer.revision);
            self.lay(path, held);
        }
    }

    /// Closes the file at `path`: what is not saved is lost.
    pub fn close(&mut self, path: &str) {
        let Some(closed) = self.buffers.remove(path) else { return };
        self.revision += 1;
        let saved = self.state.as_ref().and_then(|state| state.files.get(path)).cloned();
        let text = saved.as_ref().and_then(Held::parsed).map(|parsed| &*parsed.text);
        if let Some(replaced) = text.and_then(|text| Replaced::between(&closed.text, text)) {
            let (file, revision) = (self.paths.id(path), self.revision);
            self.edits.push(Edited { file, revision, replaced });
            self.found.carry(file, replaced);
        }
        self.found.forget_look(self.paths.id(path));
        match saved {
            Some(held) => self.files.put(path, held),
            None => self.files.remove(path),
        }
    }

    /// Looks at the open file at `path` as it is now. Whether there was anything to look with.
    pub fn look(&mut self, path: &str, today: Date) -> bool {
        let (Some(state), Some(buffer)) = (&self.state, self.buffers.get(path)) else {
            return false;
        };
        if self.foreign.contains(path) {
            return false;
        }
        // The file itself is judged as it is; others see of it what could be understood.
        self.files.put(path, buffer.held.clone());
        let edited: Vec<Box<str>> = self.buffers.keys().cloned().collect();
        let outcome = look::look(state, &self.files, path, &edited, today);
        self.files.put(path, buffer.facts.1.clone());
        let Some(outcome) = outcome else { return false };
        let file = self.paths.id(path);
        let found = self.paths.adopt(outcome.report.diagnostics, &outcome.sources);
        self.found.looked(file, buffer.revision, found);
        true
    }

    /// Takes over what came of a job; the files of which something else is said now.
    pub fn adopt(&mut self, done: Done) -> BTreeSet<FileId> {
        let before = self.found.files();
        self.wrong = done.wrong;
        let (Some(state), Some(outcome)) = (done.state, done.outcome) else { return before };
        let found = self.paths.adopt(outcome.report.diagnostics, &outcome.sources);
        // Of what was opened since, the job does not know whose it is.
        let (buffers, seen) = (&self.buffers, &done.seen);
        self.foreign.retain(|path| buffers.contains_key(path) && !seen.contains_key(path));
        self.foreign.extend(done.foreign);
        self.seen = done.revision;
        self.seen_of = done.seen;
        let Self { paths, seen, seen_of, .. } = self;
        let seen_of = |file: FileId| seen_of.get(paths.path(file)).copied().unwrap_or(*seen);
        self.edits.retain(|edit| edit.revision > seen_of(edit.file));
        self.found.replace(found, seen_of);
        for edit in &self.edits {
            self.found.carry_of_job(edit.file, edit.replaced);
        }
        self.files = state.files.clone();
        let open = self.buffers.iter().filter(|(path, _)| !self.foreign.contains(*path));
        for (path, buffer) in open {
            self.files.put(path, buffer.facts.1.clone());
        }
        self.state = Some(state);
        before.into_iter().chain(self.found.files()).collect()
    }

    /// Whether the open file at `path` says something that neither the last job nor a look has seen, and a look could see.
    pub fn is_stale(&self, path: &str) -> bool {
        if self.state.is_none() || self.foreign.contains(path) {
            return false;
        }
        let seen = self.seen_of.get(path).copied().unwrap_or(self.seen);
        let looked = self.paths.known(path).and_then(|file| self.found.looked_at(file));
        self.buffers.get(path).is_some_and(|it| it.revision > seen && Some(it.revision) != looked)
    }

    /// The diagnostics of the file at `path`, in order.
    pub fn diagnostics(&self, path: &str) -> Vec<Diagnostic> {
        let (Some(file), Some(state)) = (self.paths.known(path), &self.state) else {
            return Vec::new();
        };
        let is_terraform = Format::of(path).is_module_code();
        self.found.of(file, is_terraform, &state.setup.rules)
    }

    /// The paths of the files in `dir`, but not in its directories.
    pub fn files_in(&self, dir: &str) -> Vec<String> {
        self.files.in_directory(dir).map(str::to_owned).collect()
    }

    /// What is wrong in the files that configure tautline.
    pub fn wrong(&self) -> &[ConfigError] {
        &self.wrong
    }

    /// The path of a file that a diagnostic speaks of.
    pub fn path(&self, file: FileId) -> &str {
        self.paths.path(file)
    }

    /// What the file at `path` says: in the editor, or else when the last job ran.
    pub fn text(&self, path: &str) -> Option<&str> {
        match self.buffers.get(path) {
            Some(buffer) => Some(&buffer.text),
            None => Some(&self.files.get(path)?.parsed()?.text),
        }
    }

    /// What the file at `path` is understood as.
    pub fn parsed(&self, path: &str) -> Option<&Arc<Parsed>> {
        match self.buffers.get(path) {
            Some(buffer) => buffer.held.parsed(),
            None => self.files.get(path)?.parsed(),
        }
    }

    /// The code as it is understood, with what is typed.
    pub fn code(&self) -> Code<'_> {
        let parsed = self.files.iter().filter_map(|(path, _)| self.parsed(path));
        Code::new(parsed.map(|it| &**it).collect())
    }

    /// The settings and rules that hold.
    pub fn setup(&self) -> Option<&Arc<Setup>> {
        self.state.as_ref().map(|state| &state.setup)
    }

    fn hold(&self, path: &str, text: &str) -> Held {
        let known = self.files.get(path);
        match known.and_then(Held::parsed).filter(|parsed| *parsed.text == *text) {
            Some(parsed) => Held::Text(Arc::clone(parsed)),
            None => Held::of(path, Content::of(path, text.as_bytes().to_vec())),
        }
    }
}

/// Whether the file is HCL that is only half written.
fn is_broken(held: &Held) -> bool {
    match held {
        Held::Text(parsed) => parsed.hcl.as_ref().is_some_and(|it| !it.errors.is_empty()),
        Held::Unparsed(..) => true,
        Held::Skipped(_) => false,
    }
}
