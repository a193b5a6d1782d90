//! `tautline drift report`: files with plans → what they show, joined to the repo.
//!
//! Invariant: no file that was named, or found under a name that plans have, is passed over in silence.

use std::path::{Path, PathBuf};

use clap::Args;

use super::super::exit::Exit;
use super::super::trouble::Trouble;
use super::format::OutputArgs;
use crate::syntax::Date;

pub(super) const HELP: &str = "\
A file is about the stack that it, or its directory, is named after; else about the one whose
code declares what it is about. Give it `terraform show -json PLAN`, or what `terragrunt
run --all plan --json-out-dir DIR` wrote; a plan in binary shows less. Run it in the repo.

Examples:
  tautline drift report plans                      a directory: dns.json, or stacks/dns/tfplan.json
  tautline drift report --stack dns /tmp/p.json    one plan, whatever the file is called
  tautline drift report plans --format json | jq '.causes[].title'
  tautline drift report plans --output-file html=drift.html --output-file openmetrics=drift.prom
  tautline drift report plans --class masked       only what Terraform itself does not mention
  tautline drift report plans --no-source          without the repo: no causes and no lines";

/// The arguments of `drift report`.
#[derive(Args, Debug)]
pub(in crate::cli) struct ReportArgs {
    /// Plans as JSON, and directories with such files
    #[arg(value_name = "DIR|FILE", required = true)]
    paths: Vec<PathBuf>,

    /// The stack that the one file is about
    #[arg(long, value_name = "NAME")]
    stack: Option<String>,

    /// The commit that was planned, for plans that do not say
    #[arg(long, value_name = "SHA")]
    commit: Option<String>,

    /// The repo; the one around the working directory without it
    #[arg(long, value_name = "DIR")]
    repo: Option<PathBuf>,

    /// Do not look at any repo: no causes, no lines, and stacks are called as the files are
    #[arg(long, conflicts_with_all = ["repo", "config", "packs"])]
    no_source: bool,

    /// Read this file instead of the root's tautline.hcl
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,

    /// Read packs from this directory too, in the place of those of the same name; repeat it for more
    #[arg(long = "packs", value_name = "DIR")]
    packs: Vec<PathBuf>,

    /// How the report is handed out.
    #[command(flatten)]
    output: OutputArgs,
}

/// Reports what `args`, typed in the directory `here`, name, as of `today`.
pub(super) fn run(args: &ReportArgs, here: &Path, today: Date) -> Result<Exit, Trouble> {
    args.output.prepare()?;
    let found = super::inputs::find(&args.paths, here)?;
    let _ = (today, found);
    Err(Trouble::new("reading plans is being built"))
}
