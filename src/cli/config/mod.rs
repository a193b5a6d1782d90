//! `tautline config show`: the settings as they are resolved.

mod origin;
mod show;

use std::path::Path;

use clap::Subcommand;

use super::args::{GroundArgs, ListFormat};
use super::ground::Ground;
use super::trouble::Trouble;

pub(super) const HELP: &str = "\
Every value is shown with where it comes from: a default, a line of the settings, or the command
line. docs/configuration.md says what each key means.

Examples:
  tautline config show                     the packs, and whatever differs from the defaults
  tautline config show --all               every param and every rule's severity too
  tautline config show --format json | jq '.settings[] | select(.source == \"file\")'";

/// What can be done with the settings.
#[derive(Debug, Subcommand)]
pub(super) enum ConfigCommand {
    /// Show every setting: its value, and whether a default, a line of a file or the command line says so
    #[command(after_help = HELP)]
    Show {
        /// Show the params of all packs and the severities of all rules, also those that nobody set
        #[arg(long)]
        all: bool,
        /// How to print them
        #[arg(long, value_enum, default_value = "text", value_name = "FORMAT")]
        format: ListFormat,
        /// Where settings and packs come from.
        #[command(flatten)]
        ground: GroundArgs,
    },
}

/// Does what `command`, typed in the directory `here`, says; gives what there is to print.
pub(super) fn run(command: &ConfigCommand, here: &Path) -> Result<String, Trouble> {
    let ConfigCommand::Show { all, format, ground: typed } = command;
    let settings = origin::settings(&Ground::of(here, typed)?, here, typed)?;
    Ok(match format {
        ListFormat::Text => show::text(&settings, *all),
        ListFormat::Json => show::json(&settings),
    })
}
