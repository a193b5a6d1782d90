//! Files that diagnostics may point into and that no rule sees: the baseline, and settings that lie elsewhere.
//!
//! Invariant: to the model such a file is empty, and it is not counted. What is known of the debt must not change what is
//! found: a file that is mentioned nowhere but in the baseline is mentioned nowhere.

use std::sync::Arc;

use super::Request;
use super::load::{Held, HeldFile, Loaded};
use crate::config::{ConfigSource, Settings};
use crate::syntax::{Format, SourceFile};
use crate::workspace::{Content, FileSet, LoadedFile};

/// Takes the baseline out of `files`, whether or not the run honours it.
pub(super) fn leave_out(files: &mut FileSet, settings: &Settings) {
    let baseline = settings.baseline_path();
    files.files.retain(|file| &*file.path != baseline);
}

/// A file of a run, read or parsed.
pub(super) trait Place {
    /// Its path.
    fn path(&self) -> &str;
    /// A file without text.
    fn empty(path: &str) -> Self;
}

impl Place for LoadedFile {
    fn path(&self) -> &str {
        &self.path
    }

    fn empty(path: &str) -> Self {
        LoadedFile { path: path.into(), content: Content::Text(Arc::default()) }
    }
}

impl Place for HeldFile {
    fn path(&self) -> &str {
        &self.0
    }

    fn empty(path: &str) -> Self {
        (path.into(), Held::of(path, Content::Text(Arc::default())))
    }
}

/// The files that were put among those of the repo.
#[derive(Default)]
pub(super) struct StandIns<'a> {
    sources: Vec<&'a ConfigSource>,
}

impl<'a> StandIns<'a> {
    /// Puts empty files among `files` where settings with waivers, and the baseline, are none of the repo's.
    pub(super) fn among(
        files: &mut Vec<impl Place>,
        settings: &'a Settings,
        request: &'a Request,
    ) -> StandIns<'a> {
        let mut stand_ins = StandIns::default();
        if let Some(source) = settings.source.as_ref().filter(|_| !settings.waivers.is_empty()) {
            stand_ins.add(files, source);
        }
        if let Some(baseline) = &request.baseline {
            stand_ins.add(files, &baseline.source);
        }
        stand_ins
    }

    /// Puts an empty file in the place of `source`, unless the repo has a file there.
    fn add(&mut self, files: &mut Vec<impl Place>, source: &'a ConfigSource) {
        let place = files.binary_search_by(|file| file.path().cmp(&source.path));
        if let Err(at) = place {
            files.insert(at, Place::empty(&source.path));
            self.sources.push(source);
        }
    }

    /// Takes them out of the account of files.
    pub(super) fn discount(&self, loaded: &mut Loaded) {
        let is_parsed = |it: &&&ConfigSource| matches!(Format::of(&it.path), Format::Hcl(_));
        let parsed = self.sources.iter().filter(is_parsed).count();
        loaded.counts.seen -= self.sources.len();
        loaded.counts.parsed -= parsed;
        loaded.counts.text -= self.sources.len() - parsed;
    }

    /// Gives them their texts, for whoever prints a part of one.
    pub(super) fn restore(&self, sources: &mut [SourceFile]) {
        for stand_in in &self.sources {
            let place = sources.binary_search_by(|source| (*source.path).cmp(&stand_in.path));
            if let Some(source) = place.ok().and_then(|at| sources.get_mut(at)) {
                let (path, text) = (source.path.clone(), (&*stand_in.text).into());
                *source = SourceFile::new(source.id, path, text, Format::Plain);
            }
        }
    }
}
