//! Results of a run → the report, against the code as it is now.
//!
//! Invariant: a report of results and one made once more from the same results on the disk are the same.

use std::path::{Path, PathBuf};

use super::super::exit::{DriftExit, Exit};
use super::super::ground::Ground;
use super::super::terminal;
use super::super::trouble::Trouble;
use super::after::After;
use super::format::OutputArgs;
use crate::analysis::{self, Drifted, Readings};
use crate::drift::naming::Arrival;
use crate::report::drift::DriftView;
use crate::report::{Code, harmless};
use crate::runner::Loaded;

/// Reports what was `loaded`, in the repo around `here`.
pub(super) fn present(
    loaded: &Loaded,
    here: &Path,
    config: Option<&Path>,
    packs: &[PathBuf],
    output: &OutputArgs,
    after: &After<'_>,
) -> Result<Exit, Trouble> {
    // The work tree may have moved since the run began.
    let ground = Ground::around(here, config, packs)?;
    let files = ground.workspace.load()?;
    let mut drifted = analysis::drift(files, &ground.settings, readings(loaded));
    let is_whole = loaded.manifest.shard.is_none() && !loaded.manifest.is_partial;
    let settled = after.settle(&mut drifted.report, &ground.settings, is_whole);
    let Drifted { sources, report, redacted, failures } = &drifted;
    let prefix = ground.workspace.prefix();
    let view = DriftView::new(report, Code { sources, redacted, prefix });
    let exit = settled.exit(output.hand_out(&view));
    for failure in failures {
        terminal::complain(&format!("error: {}\n", harmless(failure)));
    }
    if !failures.is_empty() {
        // What is put together badly, or not at all, must not stand where the last good one stands.
        return Ok(Exit::Drift(DriftExit::Error));
    }
    Ok(after.deliver(&view, &settled, exit))
}

/// What results say, as a report takes it in.
pub(super) fn readings(loaded: &Loaded) -> Readings {
    let arrival = |measured: crate::drift::Measured| Arrival {
        below: measured.stack.name.clone(),
        measured,
        given: None,
        inside: None,
        modified: None,
    };
    let arrivals = loaded.measured().into_iter().map(arrival).collect();
    Readings { arrivals, unread: loaded.unread() }
}
