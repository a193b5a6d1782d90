//! Settings under a name that nothing reads.

use std::path::Path;

use crate::config::Settings;
use crate::text::{dir_of, path_in, typed};
use crate::workspace::{Content, Workspace};

/// How other tools would call them.
const HIDDEN: &str = ".tautline.hcl";
/// How they would be called in the other syntax that HCL has.
const JSON: &str = "tautline.hcl.json";

/// What to say where settings lie hidden in the directory `start`, or above it below the root: nothing reads them.
pub fn hidden_settings(workspace: &Workspace, start: &Path) -> Option<String> {
    let start = workspace.relative(start)?;
    let directories =
        std::iter::successors(Some(start.as_str()), |it| (!it.is_empty()).then(|| dir_of(it)));
    let is_text = |path: &String| matches!(workspace.read(path), Some(Content::Text(_)));
    let mut paths = directories.flat_map(|directory| {
        [HIDDEN, JSON].map(|name| (path_in(directory, name), name, directory))
    });
    let (path, name, directory) = paths.find(|(path, name, directory)| {
        // What somebody converts them to may lie beside them.
        let is_copy = || *name == JSON && is_text(&path_in(directory, Settings::FILE));
        is_text(path) && !is_copy()
    })?;
    let meant = path_in(directory, Settings::FILE);
    Some(if is_text(&meant) {
        format!("`{path}` is not read: the settings are `{meant}`")
    } else if name == JSON {
        format!("`{path}` is not read: write the settings as HCL, into `{meant}`")
    } else {
        let (path_typed, meant) = (typed(&path), typed(&meant));
        format!("`{path}` is not read: `mv {path_typed} {meant}` makes it the settings")
    })
}
