//! The packs of a run: the built-in ones, and directories of packs with the fixtures beside them.

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};

use super::trouble::Trouble;
use crate::analysis::cases::Bases;
use crate::analysis::{has_pack, own_packs, pack_files, where_packs_are};
use crate::config::{BASES, Settings};
use crate::rule::{self, Home, Origin, PackFile};
use crate::workspace::Workspace;

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
        for (home, files) in own_packs(workspace, settings)? {
            if !home.is_document {
                self.dirs.push((home.clone(), workspace.root().join(&*home.dir)));
            }
            self.files.extend(files);
        }
        Ok(())
    }

    /// Puts the packs in `directory`, which somebody named on the command line, in the place of those of the same name.
    pub(super) fn stand_in(&mut self, directory: &Path) -> Result<(), Trouble> {
        let home = Home::directory(Origin::Arguments, shown(directory));
        if !directory.is_dir() {
            return Err(Trouble::new(format!("there is no directory `{}`", home.dir))
                .help("`tautline rules new PACK/NAME` makes one with a rule to start from, `tautline/rules`"));
        }
        let workspace = Workspace::open(directory.to_owned())?;
        let files = pack_files(&home, "", workspace.load()?).map_err(Trouble::new)?;
        if !has_pack(&files) {
            let help = where_packs_are(&home, &files);
            let help = help.unwrap_or("a pack is a directory in it that holds a `pack.hcl`".into());
            return Err(Trouble::new(format!("there is no pack in `{}`", home.dir)).help(help));
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

/// `./rules/` as people would say it: `rules`.
pub(super) fn shown(path: &Path) -> String {
    let words = path.components().filter(|part| *part != Component::CurDir);
    let shown = words.collect::<PathBuf>().display().to_string();
    if shown.is_empty() { ".".to_owned() } else { shown }
}
