//! The files that a command of `drift` was pointed at: named, or found in directories.
//!
//! Invariant: sorted, each once, and bounded; what was found and not taken is counted.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use ignore::WalkBuilder;

use super::super::trouble::Trouble;
use crate::drift::naming::ENDINGS;
use crate::runner;
use crate::text::name_of;
use crate::workspace::{CACHES, Workspace};

/// More files in one directory are no directory of plans.
const MOST_FILES: usize = 20_000;
/// How deep a directory is searched: the paths of Terragrunt's units are its subdirectories.
const MOST_DEPTH: usize = 24;

/// The names without an ending of files that are looked at in a directory, as those are that end with one of `ENDINGS`; what is
/// named on the command line always is. Plain text is among them because it may be the output of a plan, and then the user
/// is told what to type.
const NAMES: [&str; 2] = ["tfplan", "plan"];

/// A file to read.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct InputFile {
    /// The path as the user gave it, and as it goes on below the directory that was given.
    pub(super) shown: String,
    /// Where it is; `-` for what is piped in.
    pub(super) path: PathBuf,
    /// Its path below the directory that was given, with `/`; its own name where it was given. What is piped in has none.
    pub(super) below: String,
}

/// What stands for stdin among paths.
const STDIN: &str = "-";

/// What was found.
#[derive(Debug, Default)]
pub(super) struct Inputs {
    /// Sorted by where they are.
    pub(super) files: Vec<InputFile>,
    /// How many files in directories were not looked at, for their names.
    pub(super) others: usize,
    /// Directories with the results of a run.
    pub(super) runs: Vec<PathBuf>,
}

impl InputFile {
    /// The file, open.
    pub(super) fn open(&self) -> io::Result<Box<dyn Read>> {
        if self.is_stdin() {
            return Ok(Box::new(io::stdin()));
        }
        Ok(Box::new(File::open(&self.path)?))
    }

    /// Its path from the root of `workspace`, where it lies in it.
    pub(super) fn inside(&self, workspace: &Workspace) -> Option<String> {
        if self.is_stdin() { None } else { workspace.relative(&self.path) }
    }

    fn is_stdin(&self) -> bool {
        self.path == Path::new(STDIN)
    }

    /// When it was last written, in seconds since 1970.
    pub(super) fn modified(&self) -> Option<u64> {
        let written = fs::metadata(&self.path).and_then(|it| it.modified()).ok()?;
        Some(written.duration_since(UNIX_EPOCH).ok()?.as_secs())
    }
}

/// The files that `paths`, typed in the directory `here`, name; `-` is what is piped in. Each is to be a `sought`, as people
/// are told who named one that is not there.
pub(super) fn find(paths: &[PathBuf], here: &Path, sought: &str) -> Result<Inputs, Trouble> {
    let mut found = Inputs::default();
    let mut seen: BTreeSet<PathBuf> = BTreeSet::new();
    for given in paths {
        let path = here.join(given);
        let shown = given.display().to_string();
        if given == Path::new(STDIN) {
            found.files.push(InputFile { shown, path: given.clone(), below: String::new() });
        } else if runner::is_results(&path) {
            found.runs.push(path);
        } else if path.is_dir() {
            walk(&path, &shown, &mut found)?;
        } else if path.exists() {
            let below = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            found.files.push(InputFile { shown, path, below });
        } else {
            return Err(Trouble::new(format!("`{shown}` does not exist"))
                .help(format!("name a file with a {sought}, or a directory of them")));
        }
    }
    found.files.sort_by(|a, b| a.path.cmp(&b.path));
    found
        .files
        .retain(|file| seen.insert(file.path.canonicalize().unwrap_or_else(|_| file.path.clone())));
    Ok(found)
}

fn walk(directory: &Path, shown: &str, found: &mut Inputs) -> Result<(), Trouble> {
    let mut walk = WalkBuilder::new(directory);
    walk.standard_filters(false).max_depth(Some(MOST_DEPTH)).filter_entry(|entry| {
        let is_directory = entry.file_type().is_some_and(|kind| kind.is_dir());
        !(is_directory && CACHES.iter().any(|name| entry.file_name() == *name))
    });
    for entry in walk.build() {
        let entry = entry.map_err(|error| {
            Trouble::new(format!("`{shown}` cannot be searched: {error}"))
                .help("make it readable, or name the files in it that are")
        })?;
        // A link is followed where it leads to a file: CI systems hand over artifacts so.
        let is_file = entry
            .file_type()
            .is_some_and(|kind| kind.is_file() || (kind.is_symlink() && entry.path().is_file()));
        if !is_file {
            continue;
        }
        let Ok(below) = entry.path().strip_prefix(directory) else { continue };
        let below = slashed(below);
        if !is_input(&below) {
            found.others += 1;
            continue;
        }
        if found.files.len() == MOST_FILES {
            return Err(Trouble::new(format!(
                "there are more than {MOST_FILES} files in `{shown}`"
            ))
            .help("name the directory that holds nothing but plans"));
        }
        let shown = format!("{}/{below}", shown.trim_end_matches('/'));
        found.files.push(InputFile { shown, path: entry.into_path(), below });
    }
    Ok(())
}

fn is_input(below: &str) -> bool {
    let name = name_of(below);
    match name.rsplit_once('.') {
        Some((_, ending)) => ENDINGS.contains(&ending),
        None => NAMES.contains(&name),
    }
}

/// `path` with `/` between its parts.
fn slashed(path: &Path) -> String {
    let parts = path.components().map(|part| part.as_os_str().to_string_lossy());
    parts.collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_directory_gives_its_plans_sorted_and_each_once() {
        let top = tempfile::tempdir().unwrap();
        for path in ["b/tfplan.json", "a.json", "b/README.md", ".terraform/x.json", "c/plan"] {
            let path = top.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            File::create(path).unwrap();
        }
        let paths = [PathBuf::from("."), PathBuf::from("a.json"), PathBuf::from("b/README.md")];
        let found = find(&paths, top.path(), "plan").unwrap();
        let below: Vec<_> = found.files.iter().map(|file| file.below.as_str()).collect();
        assert_eq!(below, ["a.json", "README.md", "b/tfplan.json", "c/plan"]);
        assert_eq!(found.files[2].shown, "./b/tfplan.json");
        assert_eq!(found.others, 1);
    }

    #[test]
    fn what_is_not_there_is_said() {
        let top = tempfile::tempdir().unwrap();
        let trouble = find(&[PathBuf::from("nowhere")], top.path(), "plan").unwrap_err();
        assert!(format!("{trouble:?}").contains("a file with a plan"), "{trouble:?}");
    }

    #[test]
    fn what_is_piped_in_is_no_file() {
        let top = tempfile::tempdir().unwrap();
        let paths = [PathBuf::from("-"), PathBuf::from("-")];
        let found = find(&paths, top.path(), "plan").unwrap();
        assert_eq!((found.files.len(), &*found.files[0].below), (1, ""));
        assert_eq!(found.files[0].modified(), None);
    }
}
