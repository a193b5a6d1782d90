//! `check --fix` and `--diff`: hands out what was fixed, to the disk, to stdout or as a patch.

mod args;
mod watch;

pub(super) use args::FixArgs;
pub(super) use watch::watch;

use super::trouble::Trouble;
use crate::analysis::{Fixed, FixedFile, FixedLink};
use crate::diagnostic::Failure;
use crate::report;
use crate::text::link_patch;
use crate::workspace::{Workspace, WriteError};

/// What stdout gets in the place of a report.
pub(super) struct Instead {
    /// The text.
    pub(super) text: String,
    /// Whether anything would change, of a patch; none of a buffer.
    pub(super) changes: Option<bool>,
}

/// Writes what was fixed, or gives what is to be printed. A file that cannot be written is a failure of the run.
pub(super) fn hand_out(
    args: &FixArgs,
    workspace: &Workspace,
    buffer: Option<&str>,
    fixed: &mut Fixed,
) -> Result<Option<Instead>, Trouble> {
    if args.diff {
        let mut text = String::new();
        let mut hidden = Vec::new();
        for file in &fixed.files {
            let (patch, is_whole) = report::diff(&file.path, &file.before, &file.after);
            text.push_str(&patch);
            hidden.extend((!is_whole).then_some(&*file.path));
        }
        for FixedLink { path, before, after } in &fixed.links {
            // One that cannot be made would stop `git apply` from all of the patch.
            match workspace.is_free(path, before.as_deref()) {
                Ok(()) => text.push_str(&link_patch(path, before.as_deref(), after)),
                Err(error) => {
                    super::terminal::note(&format!("{path} is not in the patch: {error}"));
                }
            }
        }
        if !hidden.is_empty() {
            super::terminal::note(&format!(
                "values that look like secrets are not shown, so the patch only shows what changes in {}: `--fix` changes it",
                hidden.join(", ")
            ));
        }
        let changes = Some(!text.is_empty());
        return Ok(Some(Instead { text, changes }));
    }
    if let Some(path) = buffer {
        let source = fixed.outcome.sources.iter().find(|source| &*source.path == path);
        let text = source.map(|source| source.text.to_string()).ok_or_else(|| {
            Trouble::new(format!("`{path}` is not among the files that are checked"))
                .help("it is excluded, ignored by git, or no text: there is nothing to fix")
        })?;
        return Ok(Some(Instead { text, changes: None }));
    }
    let mut unwritten = Vec::new();
    let mut note = |path: &str, written: Result<(), WriteError>| {
        if let Err(error) = written {
            let help = error.help().map(|help| format!("; {help}")).unwrap_or_default();
            let message = format!("not fixed: {error}{help}");
            unwritten.push(Failure { subject: Some(path.to_owned()), message });
        }
    };
    for FixedFile { path, before, after } in &fixed.files {
        note(path, workspace.write_back(path, before, after));
    }
    for FixedLink { path, before, after } in &fixed.links {
        note(path, workspace.link_back(path, before.as_deref(), after));
    }
    if !unwritten.is_empty() {
        let is_unwritten =
            |path: &str| unwritten.iter().any(|it| it.subject.as_deref() == Some(path));
        let lost = fixed.done.iter().filter(|done| done.paths.iter().any(|it| is_unwritten(it)));
        let lost: usize = lost.map(|done| done.diagnostics).sum();
        if let Some(account) = &mut fixed.outcome.report.summary.fixes {
            account.fixed -= lost;
            account.files -= unwritten.len();
            account.left.push(("in files that could not be written", lost));
        }
        fixed.outcome.report.failures.append(&mut unwritten);
    }
    Ok(None)
}
