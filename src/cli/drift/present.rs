//! Results of a run → the report, against the code as it is now.
//!
//! Invariant: a report of results and one made once more from the same results on the disk are the same.

use std::path::Path;

use super::super::args::RepoArgs;
use super::super::trouble::Trouble;
use super::after::After;
use super::complain;
use super::format::OutputArgs;
use crate::analysis::{self, Examined, Readings};
use crate::drift::naming::Arrival;
use crate::drift::{Unread, Verdict};
use crate::report::Code;
use crate::report::drift::DriftView;
use crate::runner::{self, Loaded};

/// Reports what was `loaded`, in the repo that `repo`, typed in the directory `here`, names.
pub(super) fn present(
    loaded: &Loaded,
    here: &Path,
    repo: &RepoArgs,
    output: &OutputArgs,
    after: &After<'_>,
) -> Result<Verdict, Trouble> {
    // The work tree may have moved since the run began.
    let ground = repo.ground(here)?;
    let files = ground.workspace.load()?;
    let head = ground.head();
    let mut drifted = analysis::drift(files, &ground.against(head.as_ref()), readings(loaded));
    let is_whole = loaded.manifest.shard.is_none() && !loaded.manifest.is_partial;
    let settled = after.settle(&mut drifted.report, &ground.settings, is_whole);
    let Examined { sources, report, redacted, failures } = &drifted;
    let prefix = ground.workspace.prefix();
    let view = DriftView::new(report, Code { sources, redacted, prefix });
    let verdict = settled.verdict(output.hand_out(&view));
    complain(failures);
    if !failures.is_empty() {
        // What is put together badly, or not at all, must not stand where the last good one stands.
        return Ok(Verdict::Error);
    }
    Ok(after.deliver(&view, &settled, verdict))
}

/// Adds what the results in `dir` say to `readings`.
pub(super) fn add(dir: &Path, readings: &mut Readings) {
    match runner::load(dir) {
        Ok(loaded) => {
            let Readings { arrivals, unread, shards } = self::readings(&loaded);
            readings.arrivals.extend(arrivals);
            readings.unread.extend(unread);
            readings.shards = readings.shards.take().or(shards);
        }
        Err(error) => readings.unread.push(Unread {
            file: dir.display().to_string(),
            why: error.to_string(),
            help: Some("`tautline drift run` measures it once more".to_owned()),
            is_missing: true,
        }),
    }
}

/// What results say, as a report takes it in.
fn readings(loaded: &Loaded) -> Readings {
    let arrival = |measured: crate::drift::Measured| Arrival {
        below: measured.stack.name.clone(),
        measured,
        given: None,
        inside: None,
        modified: None,
        instances: Vec::new(),
    };
    let arrivals = loaded.measured().into_iter().map(arrival).collect();
    Readings { arrivals, unread: loaded.unread(), shards: loaded.manifest.shards() }
}
