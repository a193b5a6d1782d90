//! `check --fix` and `--diff`: hands out what was fixed, to the disk, to stdout or as a patch.

mod args;
mod watch;

pub(super) use args::FixArgs;
pub(super) use watch::{Elsewhere, watch};

use super::progress::while_doing;
use super::terminal;
use super::trouble::Trouble;
use crate::analysis::{
    self, Fixed, FixedFile, FixedLink, History, Input, Request, RequestError, Wish,
};
use crate::diagnostic::Failure;
use crate::report;
use crate::text::link_patch;
use crate::workspace::Workspace;

/// What stdout gets in the place of a report.
pub(super) struct Instead {
    /// The text.
    pub(super) text: String,
    /// Whether anything would change, of a patch; none of a buffer.
    pub(super) changes: Option<bool>,
}

/// Fixes in memory what `wish` allows; a terminal is told that this goes on.
pub(super) fn try_out(
    input: Input,
    history: &History<'_>,
    request: &Request,
    wish: &Wish,
) -> Result<Fixed, RequestError> {
    while_doing("trying fixes", || analysis::fix(input, history, request, wish))
}

/// Writes what was fixed, or gives what is to be printed: of a `buffer`, a path and what was typed, the whole text. A file that cannot be written is a failure of the run.
pub(super) fn hand_out(
    args: &FixArgs,
    workspace: &Workspace,
    buffer: Option<&(String, String)>,
    fixed: &mut Fixed,
) -> Result<Option<Instead>, Trouble> {
    if args.diff {
        return Ok(Some(patch(workspace, fixed)));
    }
    if let Some((path, typed)) = buffer {
        if !fixed.outcome.sources.iter().any(|source| *source.path == **path) {
            terminal::print_bytes(typed.as_bytes());
            return Err(Trouble::new(format!("`{path}` is not among the files that are checked"))
                .help("it is excluded, ignored by git, or no text: there is nothing to fix"));
        }
        // What was not changed is what was typed, be it read or not: of a file that is skipped, the source has no text.
        let changed = fixed.files.iter().find(|file| *file.path == **path);
        let text = changed.map_or_else(|| typed.clone(), |file| file.after.to_string());
        return Ok(Some(Instead { text, changes: None }));
    }
    write(workspace, fixed);
    Ok(None)
}

/// The patch. A link that cannot be made is no part of it: it would stop `git apply` from all of the rest.
fn patch(workspace: &Workspace, fixed: &mut Fixed) -> Instead {
    let mut text = String::new();
    let mut hidden = Vec::new();
    for file in &fixed.files {
        let (patch, is_whole) = report::diff(&file.path, &file.before, &file.after);
        text.push_str(&patch);
        hidden.extend((!is_whole).then_some(&*file.path));
    }
    let mut lost = Vec::new();
    for FixedLink { path, before, after } in &fixed.links {
        match workspace.is_free(path, before.as_deref()) {
            Ok(()) => text.push_str(&link_patch(path, before.as_deref(), after)),
            Err(error) => {
                terminal::note(&format!("{path} is not in the patch: {error}"));
                lost.push(path.clone());
            }
        }
    }
    if !hidden.is_empty() {
        terminal::note(&format!(
            "values that look like secrets are not shown, so the patch only shows what changes in {}: `--fix` changes it",
            hidden.join(", ")
        ));
    }
    lose(fixed, &lost);
    let changes = Some(!text.is_empty());
    Instead { text, changes }
}

/// Writes the files and links; what cannot be written is a failure of the run.
fn write(workspace: &Workspace, fixed: &mut Fixed) {
    let files = fixed
        .files
        .iter()
        .map(|FixedFile { path, before, after }| (path, workspace.write_back(path, before, after)));
    let links = fixed.links.iter().map(|FixedLink { path, before, after }| {
        (path, workspace.link_back(path, before.as_deref(), after))
    });
    let (mut lost, mut failures) = (Vec::new(), Vec::new());
    for (path, error) in files.chain(links).filter_map(|(path, it)| Some((path, it.err()?))) {
        let help = error.help().map(|help| format!("; {help}")).unwrap_or_default();
        let message = format!("not fixed: {error}{help}");
        failures.push(Failure { subject: Some(path.to_string()), message });
        lost.push(path.clone());
    }
    lose(fixed, &lost);
    fixed.outcome.report.failures.append(&mut failures);
}

/// Takes what was to be changed at `paths` out of the account.
fn lose(fixed: &mut Fixed, paths: &[Box<str>]) {
    let Some(account) = fixed.outcome.report.summary.fixes.as_mut().filter(|_| !paths.is_empty())
    else {
        return;
    };
    let lost = fixed.done.iter().filter(|done| done.paths.iter().any(|it| paths.contains(it)));
    let lost: usize = lost.map(|done| done.diagnostics).sum();
    // What was mended twice counts once.
    let lost = lost.min(account.fixed);
    account.fixed -= lost;
    account.files -= paths.len();
    account.left.push(("in files that could not be written", lost));
}
