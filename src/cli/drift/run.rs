//! `tautline drift run`: plans the stacks and reports what differs.
//!
//! Invariant: whatever happens after a stack was measured (a signal, a full disk, a report that cannot be delivered), what was
//! measured is kept, and the exit code says what is missing.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use clap::Args;

use super::super::args::RepoArgs;
use super::super::ground::Ground;
use super::super::terminal;
use super::super::trouble::Trouble;
use super::after::AfterArgs;
use super::choose::{Choice, Manner};
use super::format::OutputArgs;
use super::present::present;
use super::progress::Progress;
use crate::analysis;
use crate::drift::Verdict;
use crate::report::plural;
use crate::runner::{
    self, Control, Event, Inits, Job, Kept, Loaded, Manifest, Outcome, Recipe, Renewed, Results,
    ResultsError, Unit, shown,
};
use crate::syntax::{Date, duration};

/// Where results go, below the root.
const RESULTS: &str = ".tautline/drift";

pub(super) const HELP: &str = "\
Each stack is planned into a file, and what `show -json` says of that file is kept, masked, in
the results; the plan itself is deleted. Nothing is ever applied, and every plan takes its lock.
A stack is planned after those it depends on. `drift` in tautline.hcl sets the same options, and
leaves stacks out, with a reason and for a time.

Press ^C once and Terraform is asked to stop; press it twice and it is killed. Either way what
was measured is kept, and `--resume` plans the rest.

Examples:
  tautline drift run                               every stack, one at a time for each core
  tautline drift run --stack dns,mail              these two
  tautline drift run --runner 'scripts/tg' --jobs 4 --timeout 10m
  tautline drift run --confirm                     what differs is planned twice
  tautline drift run --repo ~/infra                from anywhere
  tautline drift run --resume                      goes on where a run was stopped or killed
  tautline drift run --shard 2/5 --results out     the second of five workers; then `drift merge`
  tautline drift report .tautline/drift            the same report once more";

/// The arguments of `drift run`.
#[derive(Args, Debug)]
pub(in crate::cli) struct RunArgs {
    /// Plan only this stack; repeat it for more, or write commas
    #[arg(long = "stack", value_name = "NAME", value_delimiter = ',')]
    pub(super) stacks: Vec<String>,

    /// The command that plans, with the words it always gets; `{stack}` and `{dir}` in it are filled in. Without it, a program
    /// of the repo's that starts Terragrunt or Terraform, else what fits the stacks
    #[arg(long, value_name = "COMMAND")]
    pub(super) runner: Option<String>,

    /// How many stacks are planned at once; as many as there are cores without it
    #[arg(long, short, value_name = "N", value_parser = number(1))]
    pub(super) jobs: Option<usize>,

    /// How long a stack may take, with everything that is tried again [default: 15m]
    #[arg(long, value_name = "TIME", value_parser = length)]
    pub(super) timeout: Option<Duration>,

    /// How long a plan waits for the lock of its state [default: 2m]
    #[arg(long, value_name = "TIME", value_parser = length)]
    pub(super) lock_timeout: Option<Duration>,

    /// How often a plan is made again after an error that passes by itself: a lock, a server that does not answer
    /// [default: 2]
    #[arg(long, value_name = "N", value_parser = number(0))]
    pub(super) retries: Option<usize>,

    /// Where results go [default: .tautline/drift in the root of the repo]
    #[arg(long, value_name = "DIR")]
    pub(super) results: Option<PathBuf>,

    /// Go on with what a run has begun: plan what has no result yet
    #[arg(long, conflicts_with_all = ["stacks", "shard"])]
    pub(super) resume: bool,

    /// Plan what differs a second time, after moving the work tree forward to what the remote has (`git merge --ff-only`), and
    /// report only what still differs
    #[arg(long, value_name = "REMOTE/BRANCH", num_args = 0..=1, require_equals = true, default_missing_value = "")]
    pub(super) confirm: Option<String>,

    /// Plan only this part of the stacks, of so many that take about as long
    #[arg(long, value_name = "I/N")]
    pub(super) shard: Option<Shard>,

    /// Results of an earlier run, to know how long stacks take, if there are any yet; those that were in the directory of
    /// results without it
    #[arg(long, value_name = "DIR")]
    pub(super) durations: Option<PathBuf>,

    /// Do not wait for the stacks that a stack depends on
    #[arg(long)]
    pub(super) any_order: bool,

    /// Leave the plans in the results, readable for you alone: they are full of secrets
    #[arg(long)]
    pub(super) keep_plans: bool,

    /// Which repo.
    #[command(flatten)]
    pub(super) repo: RepoArgs,

    /// How the report is handed out.
    #[command(flatten)]
    pub(super) output: OutputArgs,

    /// What follows.
    #[command(flatten)]
    pub(super) after: AfterArgs,
}

/// `2/5`
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::cli) struct Shard {
    pub(super) part: u32,
    pub(super) parts: u32,
}

impl FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        const MOST: u32 = 1_000;
        let numbers = text.split_once('/');
        let numbers = numbers.and_then(|(a, b)| Some((a.parse().ok()?, b.parse().ok()?)));
        match numbers {
            Some((part, parts)) if (1..=parts).contains(&part) && parts <= MOST => {
                Ok(Shard { part, parts })
            }
            _ => Err(format!("write a part and the number of parts, from 1/1 to {MOST}/{MOST}")),
        }
    }
}

/// Reads a whole number that is at least `least`.
fn number(least: usize) -> impl Fn(&str) -> Result<usize, String> + Clone + Send + Sync + 'static {
    move |text| {
        let number = text.parse().ok().filter(|it| (least..=1_000).contains(it));
        number.ok_or_else(|| format!("write a whole number from {least} to 1000"))
    }
}

/// Reads a length of time.
fn length(text: &str) -> Result<Duration, String> {
    let seconds = duration::seconds(text).filter(|it| (0.0..=86_400.0).contains(it));
    seconds
        .map(Duration::from_secs_f64)
        .ok_or_else(|| "write a length of time up to a day, as in `90s` or `10m`".to_owned())
}

/// A run that is about to begin, or to go on.
struct Begun {
    results: Results,
    manifest: Manifest,
    jobs: Vec<Job>,
    /// What is known already.
    before: BTreeMap<String, Kept>,
    /// Whether it is known how long stacks take.
    has_durations: bool,
}

/// Plans what `args`, typed in the directory `here`, ask for, and reports it as of `today`.
pub(super) fn run(args: &RunArgs, here: &Path, today: Date) -> Result<Verdict, Trouble> {
    args.output.prepare()?;
    let after = args.after.prepare(here)?;
    let ground = args.repo.ground(here)?;
    let files = ground.workspace.load()?;
    let units = analysis::with_repo(files.clone(), runner::units).map_err(Trouble::new)?;
    let manner = Manner::of(args, &ground, &files, &units)?;
    drop(files);
    let dir = match &args.results {
        Some(dir) => here.join(dir),
        None => ground.workspace.root().join(RESULTS),
    };
    let mut begun = if args.resume {
        resume(args, &dir, &ground, &units, &manner)?
    } else {
        begin(args, &dir, &ground, &units, &manner, today)?
    };
    announce(&begun, &manner);
    let control = Control::default();
    runner::obey(&control)
        .map_err(|error| Trouble::new(format!("signals cannot be heeded: {error}")))?;
    let mut outcome = plan(args, &ground, &manner, &mut begun, &control);
    let is_saved = keep(&begun, &mut outcome, control.is_stopping());
    let kept = outcome.kept.into_values();
    let loaded = Loaded::new(begun.results.dir(), begun.manifest, kept);
    let verdict = present(&loaded, here, &args.repo, &args.output, &after)?;
    Ok(if is_saved { verdict } else { Verdict::Error })
}

/// Plans, and where it was asked for plans again what differs.
fn plan(
    args: &RunArgs,
    ground: &Ground,
    manner: &Manner,
    begun: &mut Begun,
    control: &Control,
) -> Outcome {
    let inits = Inits::of(manner.is_wrapper, |name| std::env::var_os(name));
    let root = ground.workspace.root();
    let Begun { results, manifest, jobs, before, has_durations } = begun;
    let mut recipe = Recipe {
        planner: &manner.planner,
        root,
        results,
        control,
        inits: &inits,
        commit: manifest.commit.clone(),
        timeout: manner.timeout,
        lock_timeout: manner.lock_timeout,
        retries: manner.retries,
        refusals: &manner.refusals,
        keep_plans: args.keep_plans,
    };
    let all = std::mem::take(before);
    let left: Vec<Job> = left(jobs, &all);
    control.watched(|| {
        let progress = Progress::new(&left, manner.workers, *has_durations);
        let watch = |event: Event<'_>| progress.told(event);
        let mut outcome =
            progress.during(|| runner::work(&recipe, &left, all, manner.workers, &watch));
        let again = runner::differing(jobs, &outcome);
        let Some(from) = args.confirm.as_deref() else { return outcome };
        if again.is_empty() || control.is_stopping() {
            return outcome;
        }
        terminal::note(&format!("{} again, to confirm it", plural(again.len(), "stack")));
        let from = Some(from).filter(|from| !from.is_empty());
        match runner::renew(root, from, control) {
            Renewed::Moved(commit) => {
                let text = format!("what differs was planned again on {}", runner::short(&commit));
                note(manifest, &text);
                manifest.commit = Some(commit.clone());
                recipe.commit = Some(commit);
                // Who goes on with this run stands on that commit.
                if let Err(error) = results.write_manifest(manifest) {
                    Trouble::of(&error, None).complain();
                }
            }
            Renewed::Same => {}
            Renewed::Stuck(why) => {
                note(
                    manifest,
                    &format!("what differs was planned again on the same commit: {why}"),
                );
            }
        }
        let progress = Progress::new(&again, manner.workers, true);
        let watch = |event: Event<'_>| progress.told(event);
        progress.during(|| {
            runner::confirm(&recipe, &again, &mut outcome, manner.workers, &watch);
        });
        outcome
    })
}

/// Those of `jobs` without a result, each waiting for those of them that it comes after.
fn left(jobs: &[Job], known: &BTreeMap<String, Kept>) -> Vec<Job> {
    let open: Vec<usize> =
        (0..jobs.len()).filter(|at| !known.contains_key(&jobs[*at].stack.name)).collect();
    let place = |before: &usize| open.binary_search(before).ok();
    let job = |at: &usize| Job {
        after: jobs[*at].after.iter().filter_map(place).collect(),
        ..jobs[*at].clone()
    };
    open.iter().map(job).collect()
}

/// Says how the run ended, on the disk too; whether everything is there.
fn keep(begun: &Begun, outcome: &mut Outcome, is_stopped: bool) -> bool {
    runner::save(&begun.results, outcome);
    let mut manifest = begun.manifest.clone();
    manifest.ended = (!is_stopped).then(runner::now);
    let written = begun.results.write_manifest(&manifest);
    if let Err(error) = &written {
        Trouble::of(error, None).complain();
    }
    if !outcome.unsaved.is_empty() {
        let names: Vec<&str> = outcome.unsaved.keys().map(String::as_str).collect();
        let names = names.join(", ");
        Trouble::new(format!("these results are in this report and not on the disk: {names}"))
            .help("make room, then `tautline drift run --resume` plans them again")
            .complain();
    }
    written.is_ok() && outcome.unsaved.is_empty()
}

fn note(manifest: &mut Manifest, text: &str) {
    terminal::note(text);
    manifest.notes.push(text.to_owned());
}

/// Takes the directory `dir` for a new run.
fn begin(
    args: &RunArgs,
    dir: &Path,
    ground: &Ground,
    units: &[Unit],
    manner: &Manner,
    today: Date,
) -> Result<Begun, Trouble> {
    let durations = durations(args, dir)?;
    let Choice { wanted, jobs, notes } =
        Choice::of(args, &ground.settings.drift, units, &durations, today)?;
    if wanted.is_empty() {
        return Err(Trouble::new("there is nothing to plan: no stack has Terraform files")
            .help("run it in the repo, or name that with `--repo DIR`; `tautline stacks` lists what it sees"));
    }
    let here = runner::checkout(ground.workspace.root());
    let manifest = Manifest {
        tautline: env!("CARGO_PKG_VERSION").to_owned(),
        runner: manner.planner.shown.clone(),
        is_dirty: here.as_ref().is_some_and(|it| it.is_dirty),
        commit: here.map(|it| it.commit),
        started: runner::now(),
        shard: args.shard.map(|shard| (shard.part, shard.parts)),
        is_partial: !args.stacks.is_empty(),
        stacks: wanted,
        notes,
        ..Manifest::default()
    };
    let results = Results::create(dir, &manifest).map_err(|error| refused(&error))?;
    let has_durations = !durations.is_empty();
    Ok(Begun { results, manifest, jobs, before: BTreeMap::new(), has_durations })
}

/// Takes the directory `dir` to go on with the run in it.
fn resume(
    args: &RunArgs,
    dir: &Path,
    ground: &Ground,
    units: &[Unit],
    manner: &Manner,
) -> Result<Begun, Trouble> {
    let (results, loaded) = Results::resume(dir).map_err(|error| refused(&error))?;
    let here = runner::checkout(ground.workspace.root()).map(|it| it.commit);
    let id = |commit: &Option<crate::drift::Commit>| commit.as_ref().map(|it| it.id.clone());
    if id(&here) != id(&loaded.manifest.commit) {
        let name = |commit: &Option<crate::drift::Commit>| {
            commit.as_ref().map_or("no commit".to_owned(), |it| runner::short(it).to_owned())
        };
        let (then, now) = (name(&loaded.manifest.commit), name(&here));
        return Err(Trouble::new(format!("the run began on {then}, and {now} is checked out"))
            .help("check that commit out, or begin anew without `--resume`"));
    }
    if loaded.manifest.runner != manner.planner.shown {
        let (then, now) = (&loaded.manifest.runner, &manner.planner.shown);
        return Err(Trouble::new(format!(
            "the run began with `{then}`, and would go on with `{now}`"
        ))
        .help(format!("`--runner '{then}'`, or begin anew without `--resume`")));
    }
    let durations = durations(args, dir)?;
    let part = loaded.manifest.shard.map(|(part, _)| part);
    let own =
        loaded.manifest.stacks.iter().filter(|wanted| {
            wanted.left_out.is_none() && part.is_none_or(|part| part == wanted.shard)
        });
    let own = own.map(|wanted| &wanted.stack);
    let jobs = super::choose::jobs_named(units, own, &durations, args.any_order);
    let has_durations = !durations.is_empty();
    let before = loaded.kept.into_iter().map(|it| (it.measured.stack.name.clone(), it)).collect();
    Ok(Begun { results, manifest: loaded.manifest, jobs, before, has_durations })
}

fn refused(error: &ResultsError) -> Trouble {
    let help = match error {
        ResultsError::Foreign(_) => Some("name an empty directory, or one that is not there yet"),
        ResultsError::None(_) => Some("begin one without `--resume`, or name it: `--results DIR`"),
        ResultsError::Busy(_) => Some("wait for it, or name another: `--results DIR`"),
        ResultsError::Broken { .. } => Some("begin anew, without `--resume`"),
        ResultsError::Io { verb: "read", .. } => None,
        ResultsError::Io { .. } => {
            Some("name a directory that this user may write to: `--results DIR`")
        }
    };
    Trouble::of(error, help.map(str::to_owned))
}

/// How long stacks took: where it was said to look, else in the results that are about to be replaced.
fn durations(args: &RunArgs, dir: &Path) -> Result<BTreeMap<String, u64>, Trouble> {
    if let Some(named) = &args.durations {
        if !runner::is_results(named) {
            // The first night has none, for no worker.
            let named = named.display();
            terminal::note(&format!("there are no results in {named}: every stack counts alike"));
            return Ok(BTreeMap::new());
        }
        return Ok(runner::load(named).map_err(|error| refused(&error))?.durations());
    }
    // Workers see different results in their own directories, and would divide the stacks differently.
    let own = args.shard.is_none().then(|| runner::load(dir).ok()).flatten();
    Ok(own.map(|loaded| loaded.durations()).unwrap_or_default())
}

/// Says what is about to be done.
fn announce(begun: &Begun, manner: &Manner) {
    let Manner { planner, why, workers, timeout, .. } = manner;
    let left = left(&begun.jobs, &begun.before).len();
    let part = begun
        .manifest
        .shard
        .map_or_else(String::new, |(part, parts)| format!(", shard {part} of {parts}"));
    let commit = begun.manifest.commit.as_ref().map_or_else(String::new, |commit| {
        let dirty = if begun.manifest.is_dirty { " with changes" } else { "" };
        format!(" on {}{dirty}", runner::short(commit))
    });
    terminal::note(&format!(
        "{}{part}{commit}, with `{}` ({why}), {workers} at once, each at most {}",
        plural(left, "stack"),
        planner.shown,
        shown(*timeout)
    ));
    terminal::note(&format!("results are in {}", begun.results.dir().display()));
    for note in &begun.manifest.notes {
        terminal::note(note);
    }
    // Half an apply looks like drift to whoever does not wait for its end.
    let variables = ["TF_CLI_ARGS", "TF_CLI_ARGS_plan"];
    let unlocked = variables.into_iter().find(|name| {
        std::env::var_os(name).is_some_and(|it| it.to_string_lossy().contains("-lock=false"))
    });
    if let Some(name) = unlocked {
        terminal::note(&format!(
            "`{name}` switches locks off: an apply under way will look like drift"
        ));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shard_is_one_of_some() {
        assert_eq!("2/5".parse(), Ok(Shard { part: 2, parts: 5 }));
        for text in ["0/5", "6/5", "1/0", "1", "a/b", "1/2000", "-1/2"] {
            assert!(text.parse::<Shard>().is_err(), "{text}");
        }
    }

    #[test]
    fn lengths_and_numbers_are_bounded() {
        assert_eq!(length("1h30m"), Ok(Duration::from_mins(90)));
        assert!(length("2d").is_err() && length("10").is_err());
        assert_eq!(number(1)("4"), Ok(4));
        assert!(number(1)("0").is_err() && number(0)("x").is_err());
    }
}
