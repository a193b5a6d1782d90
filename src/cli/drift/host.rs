//! `tautline drift host`: what was listed on a host, held against the files that the repo has for it.
//!
//! Invariant: nothing is started and no host is spoken to; the listing is all that is known of one.

use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;

use super::super::args::{ListFormat, RepoArgs};
use super::super::terminal;
use super::super::trouble::Trouble;
use super::printed;
use crate::analysis::{self, HostError, Listed};
use crate::drift::Verdict;
use crate::drift::host::Listing;
use crate::report::host;

pub(super) const HELP: &str = "\
Scripts, units and exports that lie in the repo and are copied to hosts by hand: no apply delivers
them. A listing says what a host has; history says whether that is an older version or was edited
there. Lines are what sha256sum prints, `SIZE PATH`, or paths alone. Where files belong say the
files themselves, as far as a pack knows how to read them, and tautline.hcl:

  params \"inventory\" {
    host_files = [
      { host = \"pve\", files = [\"scripts/*.service\"], path = \"/etc/systemd/system/{file}\" },
      { host = \"pve\", files = [\"scripts/*.sh\"], path = \"/usr/local/bin/{stem}\" },
    ]
  }

Examples:
  ssh pve 'find /usr/local/bin /etc/exports -type f -exec sha256sum {} +' > pve.txt
  tautline drift host --listing pve.txt --host pve
  ssh pve sha256sum /etc/exports | tautline drift host --listing - --host pve";

/// The arguments of `drift host`.
#[derive(Args, Debug)]
pub(in crate::cli) struct HostArgs {
    /// What was listed on the host; `-` for what is piped in
    #[arg(long, value_name = "FILE")]
    listing: PathBuf,

    /// The host, as the settings call it; the only one they know without it
    #[arg(long, value_name = "NAME")]
    host: Option<String>,

    /// How to print the result
    #[arg(long, value_enum, default_value = "text", value_name = "FORMAT")]
    format: ListFormat,

    /// Which repo.
    #[command(flatten)]
    repo: RepoArgs,
}

/// Judges the host that `args`, typed in the directory `here`, name.
#[expect(clippy::disallowed_methods, reason = "a listing is named, and may lie anywhere")]
pub(super) fn run(args: &HostArgs, here: &Path) -> Result<Verdict, Trouble> {
    let name = args.listing.display().to_string();
    let bytes =
        if name == "-" { terminal::read_stdin() } else { fs::read(here.join(&args.listing)) };
    let bytes = bytes.map_err(|error| {
        Trouble::new(format!("`{name}` cannot be read: {error}"))
            .help("make it with `find DIR… -type f -exec sha256sum {} +` on the host")
    })?;
    let listing = Listing::of_bytes(&bytes);
    if listing.files() == 0 {
        return Err(Trouble::new(format!("`{name}` lists no file"))
            .help("make it with `find DIR… -type f -exec sha256sum {} +` on the host"));
    }
    let ground = args.repo.ground(here)?;
    let files = ground.workspace.load()?;
    let listed = Listed { host: args.host.as_deref(), name: &name, listing: &listing };
    let history = |paths: &[String]| ground.workspace.revisions(paths);
    let report = analysis::host(files, &ground.settings, &ground.rules, listed, history)
        .map_err(|error| trouble(error, args.host.as_deref()))?;
    let text = match args.format {
        ListFormat::Text => host::text(&report, terminal::stdout_style()),
        ListFormat::Json => host::json(&report),
    };
    Ok(printed(&text, report.verdict()))
}

fn trouble(error: HostError, named: Option<&str>) -> Trouble {
    match error {
        HostError::Settings(errors) => errors.into(),
        HostError::Panic(panic) => {
            Trouble::new(format!("the host cannot be judged: {panic}"))
        }
        HostError::WhichHost(known) if known.is_empty() => {
            Trouble::new("nothing says which files of the repo belong on a host").help(
                "write `params \"inventory\" { host_files = [{ host = \"NAME\", files = [\"…\"], path = \"/…/{file}\" }] }` in tautline.hcl",
            )
        }
        HostError::WhichHost(known) => {
            let message = match named {
                Some(named) => format!("no file of the repo belongs on a host `{named}`"),
                None => "the repo has files for several hosts".to_owned(),
            };
            Trouble::new(message).help(format!("say which it is: `--host {}`", known.join("`, `--host ")))
        }
    }
}
