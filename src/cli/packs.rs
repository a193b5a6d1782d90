//! The packs of a run: the built-in ones, and directories of packs with the fixtures beside them.

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};

use smol_str::SmolStr;

use super::trouble::Trouble;
use crate::analysis::cases::Bases;
use crate::config::{BASES, ConfigError, ConfigSource, Settings, Spanned};
use crate::rule::{self, Home, Origin, PackFile};
use crate::workspace::{Content, FileSet, Skip, Workspace};

/// The packs.
#[derive(Default)]
pub(super) struct Packs {
    /// Their files.
    pub(super) files: Vec<PackFile>,
    /// The directories that were read, and where they are on the disk.
    dirs: Vec<(Home, PathBuf)>,
}

impl Packs {
    /// Those that come with tautline.
    pub(super) fn builtin() -> Packs {
        Packs { files: PackFile::builtin(), dirs: Vec::new() }
    }

    /// Adds those that the repo in `workspace` brings along. Nothing must be excluded from it yet.
    pub(super) fn add_own(
        &mut self,
        workspace: &Workspace,
        settings: &Settings,
    ) -> Result<(), Trouble> {
        let Some(source) = &settings.source else { return Ok(()) };
        let mut errors = Vec::new();
        for dir in &settings.pack_dirs {
            match own_files(workspace, source, dir) {
                Ok((home, files)) => {
                    self.files.extend(files);
                    self.dirs.push((home, workspace.root().join(&*dir.value)));
                }
                Err(error) => errors.push(error),
            }
        }
        if errors.is_empty() { Ok(()) } else { Err(Trouble::Config(errors)) }
    }

    /// Puts the packs in `directory`, which somebody named on the command line, in the place of those of the same name.
    pub(super) fn stand_in(&mut self, directory: &Path) -> Result<(), Trouble> {
        let home = Home { origin: Origin::Arguments, dir: shown(directory).into() };
        let workspace = Workspace::open(directory.to_owned())?;
        let files = pack_files(&home, "", workspace.load()?).map_err(Trouble::new)?;
        if !has_pack(&files) {
            return Err(Trouble::new(format!("there is no pack in `{}`", home.dir))
                .help("a pack is a directory in it that holds a `pack.hcl`"));
        }
        self.files = rule::replace(std::mem::take(&mut self.files), files);
        self.dirs.push((home, workspace.root().to_owned()));
        Ok(())
    }

    /// The fixtures that cases may start from.
    pub(super) fn bases(&self) -> Result<BTreeMap<Home, Bases>, Trouble> {
        let mut bases = BTreeMap::from([(Home::builtin(), Bases::builtin())]);
        for (home, path) in &self.dirs {
            let beside = path.parent().unwrap_or(path).join(BASES);
            if beside.is_dir() {
                bases.insert(home.clone(), Bases::of(Workspace::open(beside)?.load()?));
            }
        }
        Ok(bases)
    }
}

/// The files in the directory of packs `dir` of a repo.
fn own_files(
    workspace: &Workspace,
    source: &ConfigSource,
    dir: &Spanned<SmolStr>,
) -> Result<(Home, Vec<PackFile>), ConfigError> {
    let Spanned { value: path, range } = dir;
    let make =
        format!("`tautline rules new PACK/NAME --dir {path}` makes a pack and its first rule");
    match workspace.read(path) {
        Some(_) if workspace.is_directory(path) => {}
        None => return Err(source.error(*range, format!("`{path}` does not exist")).help(make)),
        Some(Content::Skipped(Skip::NotAFile(what))) => {
            return Err(source.error(*range, format!("`{path}` is {what}, not a directory")));
        }
        Some(_) => return Err(source.error(*range, format!("`{path}` is not a directory"))),
    }
    let home = Home { origin: Origin::Repo, dir: path.as_str().into() };
    let files = workspace
        .load_below(path)
        .map_err(|error| error.to_string())
        .and_then(|files| pack_files(&home, path, files))
        .map_err(|message| source.error(*range, message))?;
    if has_pack(&files) {
        return Ok((home, files));
    }
    Err(source.error(*range, format!("there is no pack in `{path}`")).help(make))
}

/// The pack files among `files`, which are those below the directory `base`.
fn pack_files(home: &Home, base: &str, files: FileSet) -> Result<Vec<PackFile>, String> {
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
                text: String::from(text).into(),
            }),
            Content::Skipped(why) => {
                return Err(format!(
                    "`{dir}/{name}` cannot be used as a file of a pack: it is {why}"
                ));
            }
        }
    }
    Ok(packs)
}

fn has_pack(files: &[PackFile]) -> bool {
    files.iter().any(|file| file.name.ends_with("/pack.hcl"))
}

/// `./rules/` as people would say it: `rules`.
pub(super) fn shown(path: &Path) -> String {
    let words = path.components().filter(|part| *part != Component::CurDir);
    let shown = words.collect::<PathBuf>().display().to_string();
    if shown.is_empty() { ".".to_owned() } else { shown }
}
