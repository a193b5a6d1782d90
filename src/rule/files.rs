//! The files that packs are made of, wherever they come from: the binary, directories of a repo, the command line.
//!
//! Invariant: a file is known by its path below its directory of packs (`image/pack.hcl`) and shown by its whole path.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use smol_str::SmolStr;

use super::builtin::builtin_files;
use crate::config::{ConfigError, ConfigSource, Document};
use crate::text::TextRange;

/// The folder of the tables of who changes what; every other folder is a pack.
pub(super) const MUTATORS: &str = "mutators";

/// Where a pack comes from.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Origin {
    /// It is part of the binary.
    Builtin,
    /// The repo brings it along: `pack_dirs` or `pack_documents` in its settings.
    Repo,
    /// Named on the command line: it may stand in for a built-in one.
    Arguments,
}

/// A directory of packs, or a document that holds some.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Home {
    /// Where it comes from.
    pub origin: Origin,
    /// Its path as shown to people: `rules`.
    pub dir: Arc<str>,
    /// Whether it is a document.
    pub is_document: bool,
}

impl Home {
    /// That of the built-in packs: in tautline's own sources.
    pub fn builtin() -> Home {
        Home::directory(Origin::Builtin, "rules")
    }

    /// The directory `dir`.
    pub fn directory(origin: Origin, dir: impl Into<Arc<str>>) -> Home {
        Home { origin, dir: dir.into(), is_document: false }
    }

    /// The document at `path`, which a repo brings along.
    pub fn document(path: impl Into<Arc<str>>) -> Home {
        Home { origin: Origin::Repo, dir: path.into(), is_document: true }
    }
}

/// A file of a pack: an entry, a page, a `pack.hcl`, or a file of mutators.
#[derive(Clone, Debug)]
pub struct PackFile {
    /// Its directory of packs.
    pub home: Home,
    /// Its path below that directory: `image/pack.hcl`.
    pub name: Cow<'static, str>,
    /// Its text.
    pub text: Cow<'static, str>,
    /// Whether it is the file that is part of the binary.
    pub is_proven: bool,
    /// Where it is a part of a document, that.
    pub document: Option<Arc<Document>>,
}

impl PackFile {
    /// The files of the built-in packs, sorted by name.
    pub fn builtin() -> Vec<PackFile> {
        let home = Home::builtin();
        let file = |(name, text): &(&'static str, &'static str)| PackFile {
            home: home.clone(),
            name: Cow::Borrowed(name),
            text: Cow::Borrowed(text),
            is_proven: true,
            document: None,
        };
        builtin_files().iter().map(file).collect()
    }

    /// What is read of it.
    pub(super) fn source(&self) -> ConfigSource {
        let is_proven = self.is_proven;
        let text = match &self.text {
            Cow::Borrowed(text) => SmolStr::new_static(text),
            Cow::Owned(text) => text.into(),
        };
        let document = self.document.clone();
        ConfigSource { is_proven, document, ..ConfigSource::new(self.path(), text) }
    }

    /// Its path as shown to people.
    pub fn path(&self) -> String {
        let Home { dir, is_document, .. } = &self.home;
        if *is_document { dir.to_string() } else { format!("{dir}/{}", self.name) }
    }

    /// The folder that it lies in: its pack, or `mutators`.
    pub fn folder(&self) -> &str {
        self.name.split_once('/').map_or("", |(folder, _)| folder)
    }

    /// The rule whose entry or page it is.
    pub fn rule(&self) -> Option<&str> {
        let id = self.name.strip_suffix(".hcl").or_else(|| self.name.strip_suffix(".md"))?;
        let (folder, stem) = id.split_once('/')?;
        (folder != MUTATORS && stem != "pack" && !stem.contains('/')).then_some(id)
    }

    /// Whether it is a page.
    pub fn is_page(&self) -> bool {
        self.name.ends_with(".md") && self.rule().is_some()
    }

    /// Whether it is a file of mutators.
    pub fn is_of_mutators(&self) -> bool {
        self.folder() == MUTATORS && self.name.ends_with(".hcl")
    }

    /// Whether it belongs to the rule or pack `name`.
    pub fn is_of(&self, name: &str) -> bool {
        self.rule() == Some(name) || (self.folder() == name && name != MUTATORS)
    }
}

/// The page of the rule `id`.
pub fn find_page<'a>(files: &'a [PackFile], id: &str) -> Option<&'a PackFile> {
    files.iter().find(|file| file.is_page() && file.rule() == Some(id))
}

/// What `page` tells before its cases, which are run as tests.
pub fn explanation(page: &str) -> &str {
    // Of a document that begins with a rule nothing stands above it.
    let told = page.split_once("\n## Cases\n").map(|(told, _)| told);
    told.unwrap_or(if page.starts_with("## Cases\n") { "" } else { page }).trim()
}

/// `files` with the packs in `others` in the place of those of the same name, and its files of mutators in the place of
/// those of the same name.
#[must_use]
pub fn replace(files: Vec<PackFile>, others: Vec<PackFile>) -> Vec<PackFile> {
    let names: BTreeSet<&str> = others.iter().map(|other| &*other.name).collect();
    let folders: BTreeSet<&str> = others.iter().map(PackFile::folder).collect();
    let is_replaced = |file: &PackFile| {
        let folder = file.folder();
        names.contains(&*file.name) || (folder != MUTATORS && folders.contains(folder))
    };
    let mut kept: Vec<PackFile> = files.into_iter().filter(|file| !is_replaced(file)).collect();
    kept.extend(others);
    kept
}

/// `files` sorted by name, without those of packs whose name another directory has taken; each such pack is an error.
pub(super) fn distinct<'a>(
    files: &'a [PackFile],
    errors: &mut Vec<ConfigError>,
) -> Vec<&'a PackFile> {
    let mut owners: BTreeMap<&str, &PackFile> = BTreeMap::new();
    let mut refused: BTreeMap<(&Home, &str), &PackFile> = BTreeMap::new();
    let mut kept = Vec::with_capacity(files.len());
    for file in files {
        let folder = file.folder();
        let owner = *owners.entry(folder).or_insert(file);
        if folder == MUTATORS || owner.home == file.home {
            kept.push(file);
            continue;
        }
        let place = refused.entry((&file.home, folder)).or_insert(file);
        if file.name.ends_with("/pack.hcl") {
            *place = file;
        }
    }
    for ((_, folder), file) in refused {
        errors.push(taken(file, folder, owners[folder]));
    }
    kept.sort_by(|a, b| (&a.name, &a.home).cmp(&(&b.name, &b.home)));
    kept
}

fn taken(file: &PackFile, folder: &str, owner: &PackFile) -> ConfigError {
    let source = file.source();
    let this = if file.home.is_document { "the pack" } else { "this folder" };
    let (message, help) = match owner.home.origin {
        Origin::Builtin => (
            format!("a pack `{folder}` comes with tautline"),
            format!(
                "give {this} another name; `params \"{folder}\"` and `rule` in tautline.hcl \
                 change the built-in pack"
            ),
        ),
        Origin::Repo | Origin::Arguments => (
            format!("there is a pack `{folder}` in `{}` already", owner.home.dir),
            format!("give {this} another name"),
        ),
    };
    source.error(TextRange::empty(0), message).help(help)
}
