//! `tautline rules new PACK/NAME`: writes a rule to start from. The only command that writes files, and never over one.

use std::fmt::Write as _;
use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use super::scaffold;
use crate::cli::ground;
use crate::cli::packs::shown;
use crate::cli::trouble::Trouble;
use crate::cli::unlisted::USUAL_DIR;
use crate::config::Settings;
use crate::rule::{PackFile, is_name};
use crate::workspace::Workspace;

/// A rule to be written.
pub(super) struct Texts {
    /// `<pack>/<rule>`
    pub(super) id: String,
    /// `<rule>.hcl`
    pub(super) entry: String,
    /// `<rule>.md`
    pub(super) page: String,
}

/// Writes the rule `id` to start from and, where it is new, its pack into the directory of packs `dir`, or that of the repo
/// around `here`; says what was written and what to do next.
pub(in crate::cli) fn new(id: &str, dir: Option<&Path>, here: &Path) -> Result<String, Trouble> {
    let page = scaffold::PAGE.replace("{{id}}", id);
    write(&[Texts { id: id.to_owned(), entry: scaffold::ENTRY.to_owned(), page }], dir, here)
}

/// The same for other `rules`: all of them, or none.
pub(super) fn write(rules: &[Texts], dir: Option<&Path>, here: &Path) -> Result<String, Trouble> {
    let (workspace, settings) = ground::settings_around(here)?;
    let dir = dir.map_or_else(|| own_dir(&workspace, &settings), Path::to_owned);
    let mut files: Vec<(PathBuf, String)> = Vec::new();
    for rule in rules {
        let more = planned(rule, &dir)?;
        // Rules of one new pack have it in common.
        files.extend(
            more.into_iter()
                .filter(|(path, _)| files.iter().all(|(known, _)| known != path))
                .collect::<Vec<_>>(),
        );
    }
    let mut out = String::new();
    for (path, text) in &files {
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).map_err(|error| cannot(parent, &error))?;
        }
        create(path, text).map_err(|error| cannot(path, &error))?;
        let _ = writeln!(out, "wrote {}", shown(path));
    }
    if let Some(rule) = rules.first() {
        out.push_str(&next_steps(&rule.id, &dir, &workspace, &settings));
    }
    Ok(out)
}

/// The pack and the name in `id`.
fn names(id: &str) -> Result<(&str, &str), Trouble> {
    let help = "write `PACK/NAME`, both in kebab-case; the name says what is wrong: \
                `alerts/missing-severity`";
    match id.split_once('/') {
        Some((pack, name)) if is_name(pack) && is_name(name) => {
            let reserved = [pack == "mutators", name == "pack"].contains(&true);
            let message =
                "a folder `mutators` and a file `pack.hcl` are something else than a rule";
            if reserved { Err(Trouble::new(message).help(help)) } else { Ok((pack, name)) }
        }
        _ => Err(Trouble::new(format!("`{id}` is no rule's id")).help(help)),
    }
}

/// The first directory of packs that the settings list, from the working directory.
fn own_dir(workspace: &Workspace, settings: &Settings) -> PathBuf {
    let dir = settings.pack_dirs.first().map_or(USUAL_DIR, |dir| &*dir.value);
    let is_here = Path::new(".").canonicalize().is_ok_and(|here| here == workspace.root());
    if is_here { dir.into() } else { workspace.root().join(dir) }
}

/// The files of `rule` to write and their texts; an error where one of them is there already.
fn planned(rule: &Texts, dir: &Path) -> Result<Vec<(PathBuf, String)>, Trouble> {
    let id = &rule.id;
    let (pack, _) = names(id)?;
    let pack_file = dir.join(pack).join("pack.hcl");
    let mut files = Vec::new();
    if !pack_file.exists() {
        if PackFile::builtin().iter().any(|file| file.folder() == pack) {
            return Err(Trouble::new(format!("a pack `{pack}` comes with tautline"))
                .help("choose another name for the pack, or name the directory of the built-in one: `--dir`"));
        }
        files.push((pack_file, scaffold::PACK.to_owned()));
    }
    for (text, kind) in [(&rule.entry, "hcl"), (&rule.page, "md")] {
        let path = dir.join(format!("{id}.{kind}"));
        if path.symlink_metadata().is_ok() {
            return Err(Trouble::new(format!(
                "`{}` is there already, nothing was written",
                shown(&path)
            ))
            .help("choose another name for the rule"));
        }
        files.push((path, text.clone()));
    }
    Ok(files)
}

/// Writes a file that must not be there yet.
fn create(path: &Path, text: &str) -> io::Result<()> {
    OpenOptions::new().write(true).create_new(true).open(path)?.write_all(text.as_bytes())
}

fn cannot(path: &Path, error: &io::Error) -> Trouble {
    Trouble::new(format!("`{}` cannot be written: {error}", shown(path)))
        .help("name a directory that can be written to: `--dir DIR`")
}

fn next_steps(id: &str, dir: &Path, workspace: &Workspace, settings: &Settings) -> String {
    let page = shown(&dir.join(format!("{id}.md")));
    let entry = shown(&dir.join(format!("{id}.hcl")));
    let shown_dir = shown(dir);
    let typed = if dir.is_absolute() || shown_dir.starts_with('.') {
        shown_dir
    } else {
        format!("./{shown_dir}")
    };
    let typed = crate::text::typed(&typed);
    let mut steps = vec![
        format!(
            "say in {page} what must be reported and what must not: the cases are run as tests"
        ),
        format!("say in {entry} how that is judged and what is said about it"),
        format!("tautline rules test {typed} {id}"),
    ];
    let own = workspace.relative(dir);
    let is_listed = |own: &String| settings.pack_dirs.iter().any(|dir| dir.value == *own);
    let pack = id.split_once('/').map_or(id, |(pack, _)| pack);
    // With a `packs` block, evidence switches nothing on.
    let is_off =
        settings.packs.as_ref().is_some_and(|packs| packs.iter().all(|it| *it.name != *pack));
    let switch = format!("`{pack} = true` in the block `packs`");
    match own {
        Some(own) if is_listed(&own) => {
            steps.push(format!("tautline check --rule {id}"));
            if is_off {
                steps.push(format!("to check this repo by it: {switch} in tautline.hcl"));
            }
        }
        Some(own) => {
            steps.push(format!("tautline check --packs {typed} --rule {id}"));
            let list = format!("`pack_dirs = [\"{own}\"]`");
            let also = if is_off { format!(" and {switch},") } else { String::new() };
            steps.push(format!("to check this repo by it: {list}{also} in tautline.hcl"));
        }
        None => steps.push(format!("tautline check --packs {typed} --rule {id}")),
    }
    let mut out = String::from("\nIt is valid as it stands. Next:\n");
    for (number, step) in (1..).zip(&steps) {
        let _ = writeln!(out, "  {number}. {step}");
    }
    out
}
