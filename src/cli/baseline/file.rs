//! Where the baseline is, and how it is read and written.
//!
//! Invariant: the file is replaced as a whole or stays as it is.

use std::fs;
use std::path::Path;

use crate::cli::trouble::Trouble;
use crate::config::{ConfigSource, Settings};
use crate::engine::Baseline;
use crate::workspace::{Content, Workspace, replace};

/// The file of the baseline, there or not.
#[derive(Clone, Debug)]
pub(in crate::cli) struct BaselineFile {
    /// Relative to the root.
    pub(in crate::cli) path: String,
    /// The line of the settings that names it.
    pub(in crate::cli) set_at: Option<String>,
    content: Option<Content>,
}

impl BaselineFile {
    /// The one that `settings` name, or that is where it usually is. Nothing must be excluded from `workspace` yet.
    pub(in crate::cli) fn of(workspace: &Workspace, settings: &Settings) -> BaselineFile {
        let path = settings.baseline_path().to_owned();
        let set_at = settings.baseline.as_ref().map(|set| settings.place(set.range));
        let content = workspace.read(&path);
        BaselineFile { path, set_at, content }
    }

    /// Whether something is at its path.
    pub(in crate::cli) fn exists(&self) -> bool {
        self.content.is_some()
    }

    /// What it says; `None` where there is none and nobody said there was.
    pub(in crate::cli) fn read(&self) -> Result<Option<Baseline>, Trouble> {
        let path = &self.path;
        match (&self.content, &self.set_at) {
            (Some(Content::Text(text)), _) => {
                let source = ConfigSource::new(path.as_str(), &**text);
                Baseline::parse(source).map(Some).map_err(|error| Trouble::Config(vec![error]))
            }
            (Some(Content::Skipped(why)), _) => {
                let why = why.clause();
                Err(Trouble::new(format!("`{path}` cannot be used as a baseline: it {why}")))
            }
            (None, Some(place)) => Err(Trouble::new(format!(
                "the baseline `{path}` that {place} names does not exist"
            ))
            .help("`tautline baseline create` makes it; without a baseline, remove the setting")),
            (None, None) => Ok(None),
        }
    }

    /// Puts `text` in its place, below `root`.
    pub(in crate::cli) fn write(&self, root: &Path, text: &str) -> Result<(), Trouble> {
        let path = &self.path;
        if let Some(Content::Skipped(why)) = &self.content {
            let why = why.clause();
            return Err(Trouble::new(format!("`{path}` is not overwritten: it {why}")));
        }
        let file = root.join(path);
        let made = file.parent().map_or(Ok(()), fs::create_dir_all);
        made.and_then(|()| replace(&file, text.as_bytes())).map_err(|error| {
            Trouble::new(format!("`{path}` cannot be written: {error}"))
                .help("run this in a checkout that can be written to; nothing was changed")
        })
    }
}
