//! `tautline rules coverage`: how far the conventions hold, now and before.

use std::path::Path;
use std::sync::Arc;

use clap::{Args, ValueEnum};

use crate::analysis::{self, Coverage, History, Input, Request};
use crate::cli::args::GroundArgs;
use crate::cli::comparison;
use crate::cli::exit::Exit;
use crate::cli::ground::Ground;
use crate::cli::progress::while_doing;
use crate::cli::trouble::Trouble;
use crate::cli::{terminal, unlisted};
use crate::report::coverage::{self as render, CoverageView};
use crate::syntax::Date;
use crate::workspace::{Base, CompareError, FileSet};

/// The arguments of `rules coverage`.
#[derive(Args, Debug)]
pub(in crate::cli) struct CoverageArgs {
    /// Only these rules, or the rules of these packs
    #[arg(value_name = "PACK|RULE")]
    rules: Vec<String>,
    /// Also say what was open before: where this branch, tag or commit and HEAD parted
    #[arg(long, value_name = "REF")]
    since: Option<String>,
    /// Also show the rules that are kept everywhere
    #[arg(long)]
    all: bool,
    /// How to print it
    #[arg(long, value_enum, default_value = "text", value_name = "FORMAT")]
    format: CoverageFormat,
    /// Where settings and packs come from.
    #[command(flatten)]
    ground: GroundArgs,
}

/// The formats of `rules coverage`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
enum CoverageFormat {
    /// For people
    Text,
    /// The same table, for a page or the summary of a job
    Markdown,
    /// For programs: every rule that ran
    Json,
    /// For Prometheus, by a Pushgateway or a file that an exporter reads: every rule that ran, as it is now
    Openmetrics,
    /// For a badge in a README that a service draws: the share that is kept
    Badge,
}

/// Says how far the conventions hold in the repo around `start`. What could not be read or judged is missing from the numbers, so
/// they are printed and the run fails.
pub(in crate::cli) fn coverage(
    args: &CoverageArgs,
    start: &Path,
    today: Date,
) -> Result<Exit, Trouble> {
    let compare = args.since.as_deref().map(comparison::sides);
    let ground = Ground::comparing(start, &args.ground, compare.as_ref())?;
    unlisted::check(&args.rules, ground.workspace.root(), &ground.rules)?;
    let files = ground.workspace.load()?;
    let base = match while_doing("comparing", || ground.workspace.base(&files)) {
        // What did not change holds as far as it did.
        Err(CompareError::NothingNew { name }) => Some(Base { name, ..Base::default() }),
        base => base?,
    };
    let baseline = ground.baseline.read()?.map(Arc::new);
    let request = Request { rules: args.rules.clone(), baseline, ..Request::default() };
    let coverage = measure(ground, files, base.as_ref(), &request, today)?;
    let view = CoverageView { coverage: &coverage, all: args.all };
    let text = match args.format {
        CoverageFormat::Text => render::text(&view),
        CoverageFormat::Markdown => render::markdown(&view),
        CoverageFormat::Json => render::json(&view),
        CoverageFormat::Openmetrics => render::openmetrics(&view),
        CoverageFormat::Badge => render::badge(&view),
    };
    let is_printed = terminal::print_or_complain(&text);
    for failure in &coverage.failures {
        Trouble::new(failure.to_string()).complain();
    }
    Ok(if is_printed && coverage.failures.is_empty() { Exit::Clean } else { Exit::Failed })
}

/// What the rules that `request` asks for say of `files`, and of `base`.
pub(super) fn measure(
    ground: Ground,
    files: FileSet,
    base: Option<&Base>,
    request: &Request,
    today: Date,
) -> Result<Coverage, Trouble> {
    let wanted = analysis::wanted_past(&ground.rules, &files);
    let Ground { workspace, settings, rules, .. } = ground;
    let past = || workspace.past(&wanted);
    let history = History { past: &past, base, plans: None };
    let input = Input { files, settings, rules, today };
    Ok(while_doing("checking", || analysis::coverage(input, &history, request))?)
}
