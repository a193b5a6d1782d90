//! `tautline suppressions list`: what is silenced in a repo, why, by whom and until when; or what a change adds to that.

mod delta;
mod inventory;
mod print;

use std::path::Path;

use clap::Subcommand;

use super::args::{GroundArgs, ListFormat};
use super::comparison;
use super::ground::Ground;
use super::progress::while_doing;
use super::trouble::Trouble;
use crate::analysis::{self, Input, Request};
use crate::syntax::Date;

pub(super) const HELP: &str = "\
Control comments stand in the code (docs/configuration.md has their grammar), waivers in
tautline.hcl. A baseline is neither: `tautline baseline show`.

Examples:
  tautline suppressions list                       all of them, by rule, with what became of each
  tautline suppressions list --since origin/main   what a branch adds and takes away
  tautline suppressions list --format json | jq '.suppressions[] | select(.state != \"used\")'
  tautline check --no-suppressions                 everything that they silence";

/// What can be done with suppressions.
#[derive(Debug, Subcommand)]
pub(super) enum SuppressionsCommand {
    /// List every control comment and waiver: rule, place, reason, owner, last day, and whether it silences anything
    #[command(after_help = HELP)]
    List {
        /// Only what differs from where the work tree parted from this branch, tag or commit; or of a range
        /// A..B
        #[arg(long, value_name = "REF")]
        since: Option<String>,
        /// How to print the list
        #[arg(long, value_enum, default_value = "text", value_name = "FORMAT")]
        format: ListFormat,
        /// Where settings and packs come from.
        #[command(flatten)]
        ground: GroundArgs,
    },
}

/// Does what `command`, typed in the directory `here`, says; gives what there is to print.
pub(super) fn run(
    command: &SuppressionsCommand,
    here: &Path,
    today: Date,
) -> Result<String, Trouble> {
    let SuppressionsCommand::List { since, format, ground } = command;
    let compare = since.as_deref().map(comparison::sides);
    let named = |trouble: Trouble| trouble.comparing_by("--since");
    let ground = Ground::comparing(here, ground, compare.as_ref()).map_err(named)?;
    let files = ground.workspace.load()?;
    let base = while_doing("comparing", || ground.workspace.base(&files));
    let base = base.map_err(|error| named(error.into()))?;
    let wanted = analysis::wanted_past(&ground.rules, &files);
    let Ground { workspace, settings, rules, .. } = ground;
    let past = || workspace.past(&wanted);
    let waivers = (settings.source.clone(), settings.waivers.clone());
    let input = Input { files, settings, rules, today };
    let outcome = analysis::check_with_past(input, past, &Request::default())?;
    let mut items = inventory::comments(&outcome);
    if let (Some(source), waivers) = &waivers {
        items.extend(inventory::waivers(&outcome, source, waivers));
    }
    items.sort();
    let delta = base.map(|base| delta::between(&base, &items, &outcome.sources));
    Ok(match format {
        ListFormat::Text => print::text(&items, delta.as_ref()),
        ListFormat::Json => print::json(&items, delta.as_ref()),
    })
}
