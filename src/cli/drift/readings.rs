//! The plans that a command was pointed at, read.
//!
//! Invariant: what could not be read is in the readings too, with what to type.

use std::io::BufReader;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::super::progress::Progress;
use super::super::trouble::Trouble;
use super::inputs::{self, InputFile, Inputs};
use super::present;
use crate::analysis::Readings;
use crate::drift::naming::Arrival;
use crate::drift::read::Input;
use crate::drift::{self, Address, Commit, Measured, Unread};
use crate::report::plural;
use crate::workspace::Workspace;

/// What is asked for.
#[derive(Clone, Copy, Default)]
pub(super) struct Asked<'a> {
    /// What was typed.
    pub(super) paths: &'a [PathBuf],
    /// The stack that the one file is about.
    pub(super) stack: Option<&'a str>,
    /// The commit that was planned, for plans that do not say.
    pub(super) commit: Option<&'a Commit>,
}

/// The plans that `paths`, typed in the directory `here`, name, for a check of `stacks`, or of all of them.
pub(in crate::cli) fn plans(
    paths: &[PathBuf],
    stacks: &[String],
    here: &Path,
    workspace: &Workspace,
) -> Result<Readings, Trouble> {
    // One file and one stack belong together, whatever the file is called.
    let stack = match (paths, stacks) {
        ([path], [stack]) if !here.join(path).is_dir() => Some(stack.as_str()),
        _ => None,
    };
    let asked = Asked { paths, stack, ..Asked::default() };
    Ok(read(&inputs::find(paths, here, "plan")?, &asked, Some(workspace)))
}

/// Where the plans are that `paths`, typed in the directory `here`, name: what was typed, and what is found there now.
pub(in crate::cli) fn plan_files(paths: &[PathBuf], here: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = paths.iter().map(|path| here.join(path)).collect();
    // What cannot be found is for those to report who read it.
    if let Ok(found) = inputs::find(paths, here, "plan") {
        files.extend(found.files.into_iter().map(|file| file.path));
    }
    files
}

/// Reads what was `found`, with all cores.
pub(super) fn read(found: &Inputs, asked: &Asked<'_>, workspace: Option<&Workspace>) -> Readings {
    let progress = Progress::new("read", found.files.len(), "files");
    let read = |file: &InputFile| {
        let read = read_one(file, asked, workspace);
        progress.step();
        read
    };
    let all: Vec<Result<One, Unread>> = found.files.par_iter().map(read).collect();
    let mut readings = Readings::default();
    for one in all {
        match one {
            Ok((arrival, rest)) => {
                readings.arrivals.push(arrival);
                readings.unread.extend(rest);
            }
            Err(unread) => readings.unread.push(unread),
        }
    }
    for dir in &found.runs {
        present::add(dir, &mut readings);
    }
    readings.unread.extend(nothing(found, asked.paths));
    readings
}

/// A file that tells of a stack, and what of it was not read.
type One = (Arrival, Option<Unread>);

fn read_one(
    file: &InputFile,
    asked: &Asked<'_>,
    workspace: Option<&Workspace>,
) -> Result<One, Unread> {
    let unread = |why: String, help: &str, is_missing| Unread {
        file: file.shown.clone(),
        why,
        help: Some(help.to_owned()),
        is_missing,
    };
    let open = file.open().map_err(|error| {
        unread(format!("it cannot be opened: {error}"), "make it readable for this user", true)
    })?;
    let arrival = |measured: Measured, instances: Vec<Address>| Arrival {
        measured,
        given: asked.stack.map(str::to_owned),
        below: file.below.clone(),
        inside: workspace.and_then(|it| file.inside(it)),
        modified: file.modified(),
        instances,
    };
    let (input, rest) = drift::read::read_whole(&file.shown, BufReader::new(open));
    match input {
        Input::Measured(mut measured) => {
            if measured.commit.is_none() {
                measured.commit = asked.commit.cloned();
            }
            Ok((arrival(*measured, Vec::new()), rest))
        }
        Input::State(state) => {
            let measured = Measured::of_state(&state);
            let instances = state.instances.into_iter().map(|it| it.address);
            Ok((arrival(measured, instances.collect()), rest))
        }
        Input::Inventory => Err(unread(
            "live objects, and no plan".to_owned(),
            "`tautline drift inventory --kubectl FILE` holds them against the code",
            false,
        )),
        Input::Unread(unread) => Err(unread),
    }
}

/// What to say where there is no file to read at all.
fn nothing(found: &Inputs, paths: &[PathBuf]) -> Option<Unread> {
    if !(found.files.is_empty() && found.runs.is_empty()) {
        return None;
    }
    let named: Vec<String> = paths.iter().map(|path| path.display().to_string()).collect();
    let why = match found.others {
        0 => "no file in it".to_owned(),
        others => format!("no plan in it, only {} with other names", plural(others, "file")),
    };
    let help = "`terraform show -json PLAN > DIR/NAME.json` in each stack, or \
                `terragrunt run --all plan --json-out-dir DIR`";
    Some(Unread { file: named.join(", "), why, help: Some(help.to_owned()), is_missing: true })
}
