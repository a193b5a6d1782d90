//! A look at one file: what the rules that need no more than its stack say about it, on every keystroke.

use super::files::FileMap;
use super::job::{State, held_files};
use crate::analysis::load::Loaded;
use crate::analysis::request::{Present, Selection};
use crate::analysis::{Outcome, Request, Run, Timings, secrets};
use crate::engine::guarded;
use crate::rule::{Facts, Stop};
use crate::syntax::Date;

/// What the rules say about the file at `path`, of `files`, of which those in `edited` differ from what `state` has seen.
/// `None` where a panic left nothing: the whole run reports it.
pub(super) fn look(
    state: &State,
    files: &FileMap,
    path: &str,
    edited: &[Box<str>],
    today: Date,
) -> Option<Outcome> {
    let State { setup, packs, past, .. } = state;
    let loaded = load(state, files, path, edited);
    let request = Request {
        paths: vec![path.to_owned()],
        facts: Facts::Stack,
        baseline: setup.baseline.clone(),
        ..Request::default()
    };
    let selection =
        Selection::of(&request, &setup.rules, &setup.settings, packs, Present::default()).ok()?;
    let repo = guarded(|| loaded.repo_with(&setup.kept)).ok()?;
    let scope = request.scope(&repo).ok()?;
    let run = Run {
        repo: &repo,
        past,
        planned: &[],
        settings: &setup.settings,
        rules: &setup.rules,
        request: &request,
        selection: &selection,
        scope: &scope,
        today,
        compared: None,
        stop: &Stop::default(),
    };
    let mut timings = Timings::default();
    let verdicts = run.judge(&mut timings);
    let mut debt = None;
    let mut report = run.report(&loaded, packs.clone(), verdicts, &mut debt);
    let ((), redacted) =
        rayon::join(|| repo.release(), || secrets::hide(&loaded.sources, &mut report));
    Some(Outcome { sources: loaded.sources, report, redacted, timings, debt })
}

/// The files that have to do with the one at `path`.
pub(super) fn load(state: &State, files: &FileMap, path: &str, edited: &[Box<str>]) -> Loaded {
    let around = state.web.around(files, path, edited.iter().map(|path| &**path));
    let is_wanted = |path: &str| around.as_ref().is_none_or(|around| around.contains(path));
    let held = held_files(files, &state.setup, is_wanted);
    Loaded::of(held, files.links.to_vec(), files.unreadable.to_vec())
}
