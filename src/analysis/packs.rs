//! The packs that a repo brings along, read from the directories that its settings name.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use smol_str::SmolStr;

use crate::config::{ConfigError, ConfigSource, Settings, Spanned};
use crate::model::Repo;
use crate::rule::{Findings, Home, Origin, PackFile, document_fences, document_packs};
use crate::text::{Span, path_in, typed};
use crate::workspace::{Content, FileSet, Skip, Workspace};

/// The files in the directories of packs that `settings` name, with the directories; everything wrong with these at once.
/// Nothing must be excluded from `workspace` yet.
pub fn own_packs(
    workspace: &Workspace,
    settings: &Settings,
) -> Result<Vec<(Home, Vec<PackFile>)>, Vec<ConfigError>> {
    let Some(source) = &settings.source else { return Ok(Vec::new()) };
    let mut own = Vec::with_capacity(settings.pack_dirs.len());
    let mut errors = Vec::new();
    for dir in &settings.pack_dirs {
        match own_files(workspace, source, dir) {
            Ok(found) => own.push(found),
            Err(error) => errors.push(error),
        }
    }
    for document in &settings.pack_documents {
        match document_files(workspace, source, document) {
            Ok(found) => own.push(found),
            Err(wrong) => errors.extend(wrong),
        }
    }
    if errors.is_empty() { Ok(own) } else { Err(errors) }
}

/// What brings `path` into a sparse checkout.
fn add_to_checkout(path: &str) -> String {
    format!("`git sparse-checkout add {}` brings it back", typed(path))
}

/// The packs in the document at `path` of a repo.
fn document_files(
    workspace: &Workspace,
    source: &ConfigSource,
    Spanned { value: path, range }: &Spanned<SmolStr>,
) -> Result<(Home, Vec<PackFile>), Vec<ConfigError>> {
    let shown = "a rule is a fence in it that opens with ```hcl rule=PACK/NAME";
    let told = |message: String, help: &str| vec![source.error(*range, message).help(help)];
    let wrong = |message: String| told(message, shown);
    let text = match workspace.read(path) {
        Some(Content::Text(text)) => text,
        Some(Content::Skipped(why)) => {
            let added = add_to_checkout(path);
            let help = match why {
                Skip::NotAFile(_) => "name the document itself, where no link is on the way to it",
                Skip::LeftOut => &added,
                _ => shown,
            };
            return Err(told(
                format!("`{path}` cannot be read for rules: it {}", why.clause()),
                help,
            ));
        }
        None => return Err(wrong(format!("`{path}` does not exist"))),
    };
    let home = Home::document(path.as_str());
    let files = document_packs(&home, &ConfigSource::new(path.as_str(), &*text))?;
    if files.is_empty() {
        return Err(wrong(format!("there is no rule in `{path}`")));
    }
    Ok((home, files))
}

/// The files in the directory of packs `dir` of a repo.
fn own_files(
    workspace: &Workspace,
    source: &ConfigSource,
    dir: &Spanned<SmolStr>,
) -> Result<(Home, Vec<PackFile>), ConfigError> {
    let Spanned { value: path, range } = dir;
    let make = format!(
        "`tautline rules new PACK/NAME --dir {}` makes a pack and its first rule",
        typed(path)
    );
    match workspace.read(path) {
        Some(_) if workspace.is_directory(path) => {}
        None if workspace.leaves_out(path) => {
            let message = format!("`{path}` is left out of this sparse checkout");
            return Err(source.error(*range, message).help(add_to_checkout(path)));
        }
        None => return Err(source.error(*range, format!("`{path}` does not exist")).help(make)),
        Some(Content::Skipped(Skip::NotAFile(what))) => {
            return Err(source.error(*range, format!("`{path}` is {what}, not a directory")));
        }
        Some(_) => return Err(source.error(*range, format!("`{path}` is not a directory"))),
    }
    let home = Home::directory(Origin::Repo, path.as_str());
    let files = workspace
        .load_below(path)
        .map_err(|error| error.to_string())
        .and_then(|files| pack_files(&home, path, files))
        .map_err(|message| source.error(*range, message))?;
    if has_pack(&files) {
        return Ok((home, files));
    }
    let help = match workspace.read(&format!("{path}/pack.hcl")) {
        Some(Content::Text(_)) => match path.rsplit_once('/') {
            Some((above, _)) => format!("it is a pack: write `{above}`, which holds it"),
            None => "it is a pack: move it into a directory of packs, and write that".to_owned(),
        },
        _ => where_packs_are(&home, &files).unwrap_or(make),
    };
    Err(source.error(*range, format!("there is no pack in `{path}`")).help(help))
}

/// The pack files among `files`, which are those below the directory `base`.
pub fn pack_files(home: &Home, base: &str, files: FileSet) -> Result<Vec<PackFile>, String> {
    if let Some(directory) = files.unreadable.first() {
        let (path, reason) = (&directory.path, &directory.reason);
        return Err(format!("the directory `{path}` cannot be listed: {reason}"));
    }
    let mut packs = Vec::new();
    for file in files.files {
        let name =
            file.path.strip_prefix(base).map_or(&*file.path, |name| name.trim_start_matches('/'));
        if !matches!(name.rsplit_once('.'), Some((_, "hcl" | "md"))) {
            continue;
        }
        let (name, dir) = (name.to_owned(), &home.dir);
        match file.content {
            Content::Text(text) => packs.push(PackFile {
                home: home.clone(),
                name: name.into(),
                text: text.to_string().into(),
                is_proven: false,
                document: None,
            }),
            Content::Skipped(why) => {
                return Err(format!(
                    "`{dir}/{name}` cannot be used as a file of a pack: it {}",
                    why.clause()
                ));
            }
        }
    }
    Ok(packs)
}

/// Whether there is a pack among `files`, or a table of mutators.
pub fn has_pack(files: &[PackFile]) -> bool {
    files.iter().any(|file| {
        let directory = file.name.strip_suffix("/pack.hcl");
        directory.is_some_and(|it| !it.contains('/')) || file.is_of_mutators()
    })
}

/// Where there is none: what to do, if directories below have packs.
pub fn where_packs_are(home: &Home, files: &[PackFile]) -> Option<String> {
    let packs = files.iter().filter_map(|file| file.name.strip_suffix("/pack.hcl"));
    let mut all: BTreeMap<&str, usize> = BTreeMap::new();
    for directory in packs.filter_map(|it| Some(it.rsplit_once('/')?.0)) {
        *all.entry(directory).or_default() += 1;
    }
    // The one with the most packs is the one that is meant.
    let (first, _) = all.iter().max_by_key(|(directory, packs)| (**packs, Reverse(**directory)))?;
    let first = path_in(&home.dir, first);
    let others =
        if all.len() > 1 { format!(", or one of {} more", all.len() - 1) } else { String::new() };
    Some(format!("packs are in `{first}`{others}: name that"))
}

/// Takes out what was found in the fences of documents that hold rules: they have the words that their rules look for, and
/// cases that are wrong on purpose. A fix would make another rule of them.
pub(super) fn pass_over_fences(repo: &Repo<'_>, settings: &Settings, found: &mut [Findings]) {
    let fences = Fences::of(repo, settings);
    if fences.0.is_empty() {
        return;
    }
    for findings in found {
        findings.found.retain(|finding| !fences.hold(finding.span));
        findings.unknown.retain(|it| !fences.hold(it.place));
    }
}

/// The fences of rules and cases in the documents that hold some.
pub(super) struct Fences(Vec<Span>);

impl Fences {
    /// Those in `repo`.
    pub(super) fn of(repo: &Repo<'_>, settings: &Settings) -> Fences {
        let documents = settings.pack_documents.iter();
        let sources = documents.filter_map(|document| repo.source(&document.value));
        let spans = sources.flat_map(|source| {
            document_fences(&source.text).into_iter().map(|fence| source.span(fence))
        });
        Fences(spans.collect())
    }

    /// Whether what is at `span` begins in one.
    pub(super) fn hold(&self, span: Span) -> bool {
        let holds = |it: &Span| it.file == span.file && it.range.contains_offset(span.range.start);
        self.0.iter().any(holds)
    }
}
