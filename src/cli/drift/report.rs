//! `tautline drift report`: files with plans → what they show, joined to the repo.
//!
//! Invariant: no file that was named, or found under a name that plans have, is passed over in silence.

use std::path::{Path, PathBuf};

use clap::Args;

use super::super::args::RepoArgs;
use super::super::trouble::Trouble;
use super::after::HistoryArg;
use super::format::OutputArgs;
use super::inputs;
use super::readings::{self, Asked};
use super::{complain, where_sound};
use crate::analysis::{self, Examined};
use crate::config::Settings;
use crate::drift::{Commit, DriftReport, Verdict};
use crate::report::drift::DriftView;
use crate::report::{Code, plural};
use crate::syntax::Format;
use crate::workspace::FileSet;

pub(super) const HELP: &str = "\
A file is about the stack that it, or its directory, is named after; else about the one whose
code declares what it is about. Give it `terraform show -json PLAN`, or what `terragrunt
run --all plan --json-out-dir DIR` wrote; a plan in binary shows less. Run it in the repo.

Examples:
  tautline drift report plans                      a directory: dns.json, or stacks/dns/tfplan.json
  tautline drift report --stack dns /tmp/p.json    one plan, whatever the file is called
  terraform show -json tfplan | tautline drift report --stack dns -
  tautline drift report plans --format json | jq '.causes[].title'
  tautline drift report plans --output-file html=drift.html --output-file openmetrics=drift.prom
  tautline drift report .tautline/drift            what `tautline drift run` has measured
  tautline drift report plans --class masked       only what Terraform itself does not mention
  tautline drift report plans --no-source          without the repo: no causes and no lines";

/// The arguments of `drift report`.
#[derive(Args, Debug)]
pub(in crate::cli) struct ReportArgs {
    /// Plans as JSON, and directories with such files; `-` for what is piped in
    #[arg(value_name = "DIR|FILE", required = true)]
    paths: Vec<PathBuf>,

    /// The stack that the one file is about: a single one
    #[arg(long, value_name = "NAME")]
    stack: Option<String>,

    /// The commit that was planned, for plans that do not say
    #[arg(long, value_name = "SHA")]
    commit: Option<String>,

    /// Which repo.
    #[command(flatten)]
    repo: RepoArgs,

    /// Do not look at any repo: no causes, no lines, and stacks are called as the files are
    #[arg(long, conflicts_with_all = ["repo", "config", "packs"])]
    no_source: bool,

    /// What earlier runs saw.
    #[command(flatten)]
    history: HistoryArg,

    /// How the report is handed out.
    #[command(flatten)]
    output: OutputArgs,
}

/// Reports what `args`, typed in the directory `here`, name.
pub(super) fn run(args: &ReportArgs, here: &Path) -> Result<Verdict, Trouble> {
    args.output.prepare()?;
    let commit = args.commit.as_deref().map(commit).transpose()?;
    let found = inputs::find(&args.paths, here, "plan")?;
    let asked = Asked { paths: &args.paths, stack: args.stack.as_deref(), commit: commit.as_ref() };
    if args.stack.is_some() && found.files.len() != 1 {
        let files = plural(found.files.len(), "file");
        return Err(Trouble::new(format!("`--stack` is about one file, and here are {files}"))
            .help("name one file, or call each after its stack: `plans/NAME.json`"));
    }
    if args.no_source {
        let readings = readings::read(&found, &asked, None);
        let mut drifted = analysis::drift_without_source(readings);
        let settled = args.history.look(&mut drifted.report, &Settings::default(), here);
        return Ok(settled.verdict(hand_out(args, &drifted, "")));
    }
    let ground = args.repo.ground(here)?;
    let workspace = &ground.workspace;
    let (files, readings) =
        rayon::join(|| workspace.load(), || readings::read(&found, &asked, Some(workspace)));
    let files = files?;
    if !has_stacks(&files) {
        let root = workspace.root().display();
        return Err(Trouble::new(format!(
            "there is no Terraform in `{root}` to hold plans against"
        ))
        .help("run it in the repo, name that with `--repo DIR`, or go without: `--no-source`"));
    }
    let head = ground.head();
    let mut drifted = analysis::drift(files, &ground.against(head.as_ref()), readings);
    let settled = args.history.look(&mut drifted.report, &ground.settings, here);
    Ok(settled.verdict(hand_out(args, &drifted, workspace.prefix())))
}

/// The commit that was typed.
fn commit(typed: &str) -> Result<Commit, Trouble> {
    let is_hash = (7..=64).contains(&typed.len()) && typed.bytes().all(|it| it.is_ascii_hexdigit());
    if !is_hash {
        return Err(Trouble::new(format!("`{typed}` is no hash of a commit"))
            .help("`--commit \"$(git rev-parse HEAD)\"`, where the plans were made"));
    }
    Ok(Commit { id: typed.to_ascii_lowercase(), time: None })
}

fn has_stacks(files: &FileSet) -> bool {
    files.files.iter().any(|file| matches!(Format::of(&file.path), Format::Hcl(_)))
}

/// Hands out the report; what the command comes to.
fn hand_out(args: &ReportArgs, drifted: &Examined<DriftReport>, prefix: &str) -> Verdict {
    let Examined { sources, report, redacted, failures } = drifted;
    let verdict = args.output.hand_out(&DriftView::new(report, Code { sources, redacted, prefix }));
    complain(failures);
    where_sound(verdict, failures)
}
