//! Files as they were read → sources, and an account of every file.

use rayon::prelude::*;

use crate::diagnostic::{Failure, FileCounts};
use crate::engine::guarded;
use crate::model::{Repo, SkippedFile};
use crate::syntax::{Format, SourceFile};
use crate::text::{FileId, Span, TextRange};
use crate::workspace::{Content, FileSet, Link, LoadedFile, Skip};

/// The files of a run, parsed and counted.
#[derive(Debug, Default)]
pub(super) struct Loaded {
    /// Sorted by path, numbered by position. A file in [`Loaded::not_text`] is among them, empty.
    pub(super) sources: Vec<SourceFile>,
    /// The files without text.
    pub(super) skipped: Vec<SkippedFile>,
    /// The symbolic links.
    pub(super) links: Vec<Link>,
    /// Files that ought to be HCL and are no text, and why: their start.
    pub(super) not_text: Vec<(Span, String)>,
    /// Files and directories that could not be read although they should have been.
    pub(super) failures: Vec<Failure>,
    /// `seen = parsed + text + skipped`.
    pub(super) counts: FileCounts,
}

/// A file to parse.
struct Job {
    id: FileId,
    path: Box<str>,
    text: Box<str>,
    format: Format,
}

impl Loaded {
    pub(super) fn read(files: FileSet) -> Loaded {
        let mut loaded = Loaded::default();
        loaded.counts.seen = files.files.len();
        loaded.links = files.links;
        for directory in files.unreadable {
            loaded.fail(
                &directory.path,
                &format!("the directory cannot be listed: {}", directory.reason),
            );
        }
        let mut jobs = Vec::with_capacity(files.files.len());
        for LoadedFile { path, content } in files.files {
            let id = FileId(jobs.len() as u32);
            match content {
                Content::Text(text) => {
                    let format = Format::of(&path);
                    jobs.push(Job { id, path, text, format });
                }
                Content::Skipped(skip) => jobs.extend(loaded.skip(id, path, &skip)),
            }
        }
        let parsed: Vec<Result<SourceFile, (Job, String)>> =
            jobs.into_par_iter().map(parse).collect();
        for result in parsed {
            let source = result.unwrap_or_else(|(job, panic)| {
                loaded.fail(
                    &job.path,
                    &format!("parsing panicked: {panic}; this is a bug in tautline"),
                );
                SourceFile::new(job.id, job.path, job.text, Format::Plain)
            });
            loaded.sources.push(source);
        }
        loaded.count_sources();
        loaded
    }

    /// The model of the files.
    pub(super) fn repo(&self) -> Repo<'_> {
        Repo::build(&self.sources, &self.skipped).with_links(&self.links)
    }

    fn fail(&mut self, path: &str, message: &str) {
        self.failures.push(Failure { subject: Some(path.to_owned()), message: message.to_owned() });
    }

    /// Accounts for a file that has no text. HCL that no one sealed must be understood: where its bytes are no text, an
    /// empty file stands for it, so that a diagnostic has something to point to; where they cannot be had, the run fails.
    fn skip(&mut self, id: FileId, path: Box<str>, skip: &Skip) -> Option<Job> {
        *self.counts.skipped.entry(skip.word()).or_default() += 1;
        let keys = if let Skip::Sops(keys) = skip { keys.clone() } else { Vec::new() };
        self.skipped.push(SkippedFile { path: path.clone(), why: skip.word(), keys });
        if !matches!(Format::of(&path), Format::Hcl(_)) {
            return None;
        }
        match skip {
            Skip::GitCrypt | Skip::Sops(_) | Skip::Age | Skip::LfsPointer | Skip::NotAFile(_) => {
                None
            }
            Skip::Unreadable(_) | Skip::TooLarge | Skip::Vanished => {
                self.fail(
                    &path,
                    &format!("this file has to be understood and is not read: {skip}"),
                );
                None
            }
            Skip::Binary | Skip::NotUtf8(_) => {
                self.not_text.push((TextRange::default().in_file(id), skip.to_string()));
                Some(Job { id, path, text: Box::default(), format: Format::Plain })
            }
        }
    }

    fn count_sources(&mut self) {
        let parsed = self.sources.iter().filter(|source| source.hcl.is_some()).count();
        self.counts.parsed = parsed;
        self.counts.text = self.sources.len() - self.not_text.len() - parsed;
    }
}

/// Parses a file; where that panics, gives it back with the panic's message.
fn parse(job: Job) -> Result<SourceFile, (Job, String)> {
    match guarded(|| SourceFile::tree(&job.text, job.format)) {
        Ok(tree) => Ok(SourceFile::with_tree(job.id, job.path, job.text, job.format, tree)),
        Err(panic) => Err((job, panic)),
    }
}
