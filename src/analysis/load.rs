//! Files as they were read → sources, and an account of every file.

use std::sync::{Arc, OnceLock};

use rayon::prelude::*;

use super::memory::Memory;
use crate::diagnostic::{Failure, FileCounts};
use crate::engine::guarded;
use crate::model::{KeptTexts, Overrides, Repo, SkippedFile};
use crate::syntax::{Format, Parsed, SourceFile};
use crate::text::{FileId, Span, TextRange};
use crate::workspace::{Content, FileSet, Ignores, Link, LoadedFile, Skip, UnreadableDirectory};

/// The files of a run, parsed and counted.
#[derive(Debug, Default)]
pub(super) struct Loaded {
    /// Sorted by path, numbered by position. A file in [`Loaded::not_text`] is among them, empty.
    pub(super) sources: Vec<SourceFile>,
    /// The overrides among them, once there is a model.
    overrides: OnceLock<Overrides>,
    /// The files without text.
    pub(super) skipped: Vec<SkippedFile>,
    /// The symbolic links.
    pub(super) links: Vec<Link>,
    /// What ignore files say that are not among them.
    pub(super) ignores: Ignores,
    /// Files that ought to be HCL and are no text, and why: their start.
    pub(super) not_text: Vec<(Span, Skip)>,
    /// Files and directories that could not be read although they should have been.
    pub(super) failures: Vec<Failure>,
    /// `seen = parsed + text + skipped`.
    pub(super) counts: FileCounts,
}

/// A file, parsed or passed over: all that runs need of it, whatever number it has in them.
#[derive(Clone, Debug)]
pub(super) enum Held {
    /// It is text.
    Text(Arc<Parsed>),
    /// It is text that the parser cannot bear: what it panicked with.
    Unparsed(Arc<Parsed>, Arc<str>),
    /// It is none.
    Skipped(Skip),
}

/// A file by its path.
pub(super) type HeldFile = (Box<str>, Held);

impl Held {
    /// Parses the file at `path`.
    pub(super) fn of(path: &str, content: Content) -> Held {
        let text = match content {
            Content::Text(text) => text,
            Content::Skipped(skip) => return Held::Skipped(skip),
        };
        let format = Format::of(path);
        match guarded(|| Parsed::tree(&text, format)) {
            Ok(tree) => Held::Text(Arc::new(Parsed::with_tree(path.into(), text, format, tree))),
            Err(panic) => {
                let plain = Parsed::new(path.into(), text, Format::Plain);
                Held::Unparsed(Arc::new(plain), panic.into())
            }
        }
    }

    /// Whether it is what is made of `content`.
    pub(super) fn says(&self, content: &Content) -> bool {
        match (self, content) {
            (Held::Text(parsed), Content::Text(text)) => parsed.text == *text,
            (Held::Skipped(known), Content::Skipped(skip)) => known == skip,
            _ => false,
        }
    }

    /// What its text could be understood as.
    pub(super) fn parsed(&self) -> Option<&Arc<Parsed>> {
        match self {
            Held::Text(parsed) | Held::Unparsed(parsed, _) => Some(parsed),
            Held::Skipped(_) => None,
        }
    }
}

/// `files`, with those that are to be Terraform code and are links which lead nowhere: Terraform reads all of a directory, and
/// fails on them. Sorted by path again.
fn with_dangling(files: impl IntoIterator<Item = HeldFile>, links: &[Link]) -> Vec<HeldFile> {
    let is_code = |link: &&Link| link.is_dangling && Format::of(&link.path).is_terraform();
    let dangling = links
        .iter()
        .filter(is_code)
        .map(|link| (link.path.clone(), Held::Skipped(Skip::Dangling(link.target.clone()))));
    let mut files: Vec<HeldFile> = files.into_iter().chain(dangling).collect();
    files.sort_by(|a, b| a.0.cmp(&b.0));
    files
}

/// What `look` sees in the repo that is made of `files`.
pub fn with_repo<T>(files: FileSet, look: impl FnOnce(&Repo<'_>) -> T) -> Result<T, String> {
    let loaded = Loaded::read(files);
    guarded(|| look(&loaded.repo()))
}

impl Loaded {
    pub(super) fn read(files: FileSet) -> Loaded {
        Loaded::read_with(files, None)
    }

    /// The same; what is in `memory` is not parsed again.
    pub(super) fn read_with(files: FileSet, memory: Option<&Memory>) -> Loaded {
        let held = |file: LoadedFile| {
            let path = file.path.clone();
            let held = match memory {
                Some(memory) => memory.held(file),
                None => Held::of(&path, file.content),
            };
            (path, held)
        };
        let held: Vec<HeldFile> = files.files.into_par_iter().map(held).collect();
        Loaded { ignores: files.ignores, ..Loaded::of(held, files.links, files.unreadable) }
    }

    /// The files of a run, of those that are known; `files` are sorted by path.
    pub(super) fn of(
        files: impl IntoIterator<Item = HeldFile>,
        links: Vec<Link>,
        unreadable: Vec<UnreadableDirectory>,
    ) -> Loaded {
        let files = with_dangling(files, &links);
        let mut loaded = Loaded { links, ..Loaded::default() };
        for UnreadableDirectory { path, reason } in unreadable {
            loaded.fail(&path, &format!("the directory cannot be listed: {reason}"));
            let path = format!("{path}/").into();
            loaded.skipped.push(SkippedFile { path, why: "unreadable", keys: Vec::new() });
        }
        for (path, held) in files {
            // A commit is no file of the tree.
            loaded.counts.seen += usize::from(Format::of(&path) != Format::Commit);
            let id = FileId(loaded.sources.len() as u32);
            let content = match held {
                Held::Text(parsed) => Some(parsed),
                Held::Unparsed(parsed, panic) => {
                    loaded.fail(&path, &format!("parsing panicked: {panic}"));
                    Some(parsed)
                }
                Held::Skipped(skip) => loaded.skip(id, path, &skip),
            };
            loaded.sources.extend(content.map(|content| SourceFile::of(id, content)));
        }
        loaded.skipped.sort_by(|a, b| a.path.cmp(&b.path));
        loaded.count_sources();
        loaded
    }

    /// The model of the files.
    pub(super) fn repo(&self) -> Repo<'_> {
        self.build(None)
    }

    /// The same, with what other models have read in texts.
    pub(super) fn repo_with(&self, kept: &Arc<KeptTexts>) -> Repo<'_> {
        kept.turn();
        self.build(Some(Arc::clone(kept)))
    }

    fn build(&self, kept: Option<Arc<KeptTexts>>) -> Repo<'_> {
        let overrides = self.overrides.get_or_init(|| Overrides::among(&self.sources));
        Repo::build_with(&self.sources, overrides, &self.skipped, &self.links, kept)
            .with_ignores(&self.ignores)
    }

    fn fail(&mut self, path: &str, message: &str) {
        self.failures.push(Failure { subject: Some(path.to_owned()), message: message.to_owned() });
    }

    /// Accounts for a file that has no text. HCL that no one sealed must be understood: where its bytes are no text, an
    /// empty file stands for it, so that a diagnostic has something to point to; where they cannot be had, the run fails.
    fn skip(&mut self, id: FileId, path: Box<str>, skip: &Skip) -> Option<Arc<Parsed>> {
        *self.counts.skipped.entry(skip.word()).or_default() += 1;
        let keys = if let Skip::Sops(keys) = skip { keys.clone() } else { Vec::new() };
        self.skipped.push(SkippedFile { path: path.clone(), why: skip.word(), keys });
        if !matches!(Format::of(&path), Format::Hcl(_)) {
            return None;
        }
        match skip {
            Skip::GitCrypt
            | Skip::Sops(_)
            | Skip::Age
            | Skip::LfsPointer
            | Skip::LeftOut
            | Skip::NotAFile(_) => None,
            Skip::Vanished => {
                self.fail(&path, "this file was taken away while it was to be read: run it again");
                None
            }
            Skip::Unreadable(_) | Skip::TooLarge => {
                self.fail(
                    &path,
                    &format!("this file has to be understood and is not read: {skip}"),
                );
                None
            }
            Skip::Binary | Skip::NotUtf8(_) | Skip::Dangling(_) => {
                self.not_text.push((TextRange::default().in_file(id), skip.clone()));
                Some(Arc::new(Parsed::new(path, Arc::default(), Format::Plain)))
            }
        }
    }

    fn count_sources(&mut self) {
        let parsed = self.sources.iter().filter(|source| source.hcl.is_some()).count();
        self.counts.parsed = parsed;
        let commits = self.sources.iter().filter(|it| it.format == Format::Commit).count();
        self.counts.text = self.sources.len() - self.not_text.len() - parsed - commits;
    }
}
