//! A run over the whole repo, off the thread that answers an editor.
//!
//! Invariant: what comes of it is what a fresh check of the same files would say. What is known from the run before only
//! saves time: the root is listed and every file read again.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

use super::files::FileMap;
use super::setup::Setup;
use super::web::Web;
use crate::analysis::load::{Held, HeldFile, Loaded};
use crate::analysis::past::{self, Wanted};
use crate::analysis::stand_in::StandIns;
use crate::analysis::{Files, Outcome, Request, RequestError, check_loaded};
use crate::config::ConfigError;
use crate::diagnostic::PackRun;
use crate::rule::{Rule, Stop};
use crate::syntax::Date;
use crate::workspace::{Content, Past, Workspace, WorkspaceError};

/// A run to be made.
#[derive(Debug)]
pub struct Job {
    pub(super) root: PathBuf,
    /// The buffers that lie over files, by path, as far as they can be understood.
    pub(super) buffers: BTreeMap<Box<str>, Arc<str>>,
    /// What is known from the run before.
    pub(super) known: Option<Arc<State>>,
    /// The state of the buffers that it is about: see [`super::Session`].
    pub(super) revision: u64,
    /// For each buffer, the revision of its text that is looked at.
    pub(super) seen: BTreeMap<Box<str>, u64>,
    pub(super) today: Date,
    pub(super) stop: Stop,
}

/// The repo as one run has seen it.
#[derive(Debug)]
pub(super) struct State {
    pub(super) setup: Arc<Setup>,
    pub(super) files: FileMap,
    pub(super) packs: Vec<PackRun>,
    pub(super) web: Web,
    pub(super) past: Arc<Past>,
    /// What `past` was asked for, and when the commit was made before which it is.
    asked: (Wanted, Option<i64>),
}

/// What came of a run.
#[derive(Debug)]
pub struct Done {
    /// What it found; nothing where there is something wrong with the setup.
    pub outcome: Option<Outcome>,
    /// What is wrong in the files that configure tautline.
    pub wrong: Vec<ConfigError>,
    pub(super) state: Option<Arc<State>>,
    pub(super) revision: u64,
    pub(super) seen: BTreeMap<Box<str>, u64>,
    /// The buffers that lie over none of the repo's files: git ignores them, or the settings exclude them.
    pub(super) foreign: BTreeSet<Box<str>>,
}

impl Job {
    /// Stops the run, wherever it is.
    pub fn stop(&self) -> Stop {
        self.stop.clone()
    }

    /// Makes the run; nothing comes of one that is stopped. Fails only where the root itself cannot be looked into.
    pub fn run(self) -> Result<Option<Done>, WorkspaceError> {
        let mut workspace = Workspace::open(self.root.clone())?;
        let mut ignored = BTreeSet::new();
        let mut saved = Vec::new();
        for (path, text) in &self.buffers {
            let on_disk = workspace.read(path);
            if on_disk.is_some() && !workspace.lists(path)? {
                ignored.insert(path.clone());
                continue;
            }
            if let Some(Content::Text(on_disk)) = on_disk {
                saved.push((path.clone(), on_disk));
            }
            workspace.overlay(path, text.to_string());
        }
        let known = self.known.as_deref();
        let setup = match Setup::read(&workspace, known.map(|known| &known.setup)) {
            Ok(setup) => setup,
            Err(wrong) => return Ok(Some(self.failed(wrong))),
        };
        workspace.exclude(setup.settings.exclude.clone());
        let nothing = FileMap::default();
        let files = FileMap::read(&workspace, known.map_or(&nothing, |known| &known.files))?;
        let texts: Vec<(&str, &str)> = files.texts().collect();
        let asked = (past::wanted(&setup.rules, &texts), workspace.commit_time());
        let past = match known.filter(|known| known.asked == asked) {
            Some(known) => Arc::clone(&known.past),
            None => Arc::new(workspace.past(&asked.0)),
        };
        // The baseline, and what is excluded, is evidence of nothing.
        saved.retain(|(path, _)| {
            **path != *setup.settings.baseline_path() && files.get(path).is_some()
        });
        let request = Request { baseline: setup.baseline.clone(), saved, ..Request::default() };
        let found = whole(&setup, &files, &past, &self.stop, &request, self.today);
        if self.stop.is_stopped() {
            return Ok(None);
        }
        match found {
            Ok((outcome, web)) => {
                let packs = outcome.report.summary.packs.clone();
                let excluded = self.buffers.keys().filter(|path| files.get(path).is_none());
                let foreign = excluded.cloned().chain(ignored).collect();
                let state = Some(Arc::new(State { setup, files, packs, web, past, asked }));
                let Job { revision, seen, .. } = self;
                let (outcome, wrong) = (Some(outcome), Vec::new());
                Ok(Some(Done { outcome, wrong, state, revision, seen, foreign }))
            }
            Err(RequestError::Settings(wrong)) => Ok(Some(self.failed(wrong))),
            // Nothing is asked for by name.
            Err(
                RequestError::Unknown { .. }
                | RequestError::LeftOut { .. }
                | RequestError::Convention { .. },
            ) => Ok(Some(self.failed(Vec::new()))),
        }
    }

    /// What comes of it where something is `wrong` with the setup.
    fn failed(self, wrong: Vec<ConfigError>) -> Done {
        let Job { revision, seen, .. } = self;
        Done { outcome: None, wrong, state: None, revision, seen, foreign: BTreeSet::new() }
    }
}

/// Checks all of `files`, and sees how they hang together.
fn whole(
    setup: &Setup,
    files: &FileMap,
    past: &Past,
    stop: &Stop,
    request: &Request,
    today: Date,
) -> Result<(Outcome, Web), RequestError> {
    let mut held = held_files(files, setup, |_| true);
    let stand_ins = StandIns::among(&mut held, &setup.settings, request);
    let mut loaded = Loaded::of(held, files.links.to_vec(), files.unreadable.to_vec());
    loaded.ignores = (*files.ignores).clone();
    let wants = |rule: &&Rule| request.wants(rule, &setup.settings, &|_| true);
    let running: Vec<&Rule> = setup.rules.rules.iter().filter(wants).collect();
    let web = Web::new(files, &loaded.sources, &running, &setup.rules.gathers);
    let of_run = Files {
        loaded,
        older: None,
        past: past.clone(),
        stand_ins,
        base: None,
        plans: None,
        kept: None,
        stop: stop.clone(),
    };
    let outcome = check_loaded(of_run, &setup.settings, &setup.rules, today, request)?;
    Ok((outcome, web))
}

/// The files that are `wanted`, as a run takes them: without the baseline, whose text is none of the repo's code.
pub(super) fn held_files(
    files: &FileMap,
    setup: &Setup,
    wanted: impl Fn(&str) -> bool,
) -> Vec<HeldFile> {
    let baseline = setup.settings.baseline_path();
    let files = files.iter().filter(|(path, _)| *path != baseline && wanted(path));
    files.map(|(path, held): (&str, &Held)| (path.into(), held.clone())).collect()
}
