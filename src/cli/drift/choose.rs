//! What a run is to do: which stacks, in which order, by which command, for how long.
//!
//! Invariant: nothing is left out in silence. A stack that is not planned is named with the reason, or was not asked for.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::path::Path;
use std::time::Duration;

use super::super::ground::Ground;
use super::super::hook::is_wrapper;
use super::super::trouble::Trouble;
use super::run::RunArgs;
use crate::config::{DriftSettings, which_stack};
use crate::drift::StackRef;
use crate::report::plural;
use crate::runner::{self, Job, LeftOut, Planner, PlannerError, Unit, Unplanned, Wanted};
use crate::syntax::Date;
use crate::text::{name_of, plain_dir};
use crate::workspace::FileSet;

/// How long a stack may take, where nobody says: three times what the slowest usually need.
const TIMEOUT: Duration = Duration::from_mins(15);
/// How long a plan waits for a lock: an apply that is under way is usually through by then.
const LOCK_TIMEOUT: Duration = Duration::from_mins(2);
/// How often something is tried again.
const RETRIES: usize = 2;
/// What a stack is thought to take, in milliseconds, where nothing is known.
const GUESS: u64 = 10_000;

/// The programs that plan, the most usual first.
const PROGRAMS: [&str; 2] = ["terraform", "tofu"];

/// How stacks are planned.
pub(super) struct Manner {
    pub(super) planner: Planner,
    /// Why it is this command.
    pub(super) why: String,
    /// Whether the command is a program of the repo's.
    pub(super) is_wrapper: bool,
    pub(super) workers: usize,
    pub(super) timeout: Duration,
    pub(super) lock_timeout: Duration,
    pub(super) retries: usize,
    pub(super) refusals: Vec<String>,
}

/// Which stacks are planned.
pub(super) struct Choice {
    /// All that the run knows of.
    pub(super) wanted: Vec<Wanted>,
    /// Those that it plans.
    pub(super) jobs: Vec<Job>,
    /// What is to be said about that.
    pub(super) notes: Vec<String>,
}

impl Manner {
    /// As `args` and the settings have it, for `units` of the repo in `ground`.
    pub(super) fn of(
        args: &RunArgs,
        ground: &Ground,
        files: &FileSet,
        units: &[Unit],
    ) -> Result<Manner, Trouble> {
        let settings = &ground.settings.drift;
        let root = ground.workspace.root();
        let path = std::env::var_os("PATH");
        let (text, why) = command(args, ground, files, units, path.as_ref())?;
        let planner = Planner::new(&text, root, path.as_deref()).map_err(|error| {
            let help = match &error {
                PlannerError::Missing(_) => "install it, or name another: `--runner COMMAND`",
                _ => "write a command, as in `--runner 'scripts/tg'`",
            };
            Trouble::new(error.to_string()).help(help)
        })?;
        let program = text.split_whitespace().next().unwrap_or_default();
        let name = name_of(program);
        let is_known = PROGRAMS.contains(&name) || name == "terragrunt";
        let set = |set: Option<Duration>, default| set.unwrap_or(default);
        Ok(Manner {
            planner,
            why,
            is_wrapper: !is_known,
            workers: args.jobs.or(settings.jobs.as_ref().map(|it| it.value)).unwrap_or_else(cores),
            timeout: set(args.timeout.or(settings.timeout.as_ref().map(|it| it.value)), TIMEOUT),
            lock_timeout: set(
                args.lock_timeout.or(settings.lock_timeout.as_ref().map(|it| it.value)),
                LOCK_TIMEOUT,
            ),
            retries: args
                .retries
                .or(settings.retries.as_ref().map(|it| it.value))
                .unwrap_or(RETRIES),
            refusals: settings.refusals.iter().map(|it| it.value.to_string()).collect(),
        })
    }
}

/// One worker for each core: a plan mostly waits, but a provider with all its schemas is no small program.
fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// The command that plans, and why it is that one.
fn command(
    args: &RunArgs,
    ground: &Ground,
    files: &FileSet,
    units: &[Unit],
    path: Option<&OsString>,
) -> Result<(String, String), Trouble> {
    if let Some(text) = &args.runner {
        return Ok((text.clone(), "--runner".to_owned()));
    }
    if let Some(set) = &ground.settings.drift.runner {
        return Ok((set.value.to_string(), ground.settings.place(set.range)));
    }
    let root = ground.workspace.root();
    match wrappers(files, root).as_slice() {
        [] => {}
        [one] => return Ok((one.clone(), "it starts Terragrunt or Terraform here".to_owned())),
        several => {
            let names = several.join("`, `");
            let message = format!("several programs here start Terraform: `{names}`");
            let help = "say which one plans: `--runner COMMAND`, or `runner` in the `drift` block";
            return Err(Trouble::new(message).help(help));
        }
    }
    if let Some(unit) = units.iter().find(|unit| unit.is_terragrunt) {
        let why = format!("`{}` has a terragrunt.hcl", unit.stack.name);
        return Ok(("terragrunt".to_owned(), why));
    }
    let path = path.map(OsString::as_os_str);
    let found = PROGRAMS.into_iter().find(|name| runner::find(name, root, path).is_some());
    let found = found.ok_or_else(|| {
        Trouble::new("neither `terraform` nor `tofu` is on the PATH")
            .help("install one, or say what plans: `--runner COMMAND`")
    })?;
    Ok((found.to_owned(), "it is on the PATH".to_owned()))
}

/// The programs of the repo that hand their arguments on to Terragrunt or Terraform: short paths, so that an example somewhere
/// deep is none.
fn wrappers(files: &FileSet, root: &Path) -> Vec<String> {
    let candidates = files.files.iter().filter(|file| file.path.matches('/').count() < 2);
    let found = candidates.filter(|file| {
        let text = file.content.text().unwrap_or_default();
        text.starts_with("#!") && runner::is_program(&root.join(&*file.path)) && is_wrapper(text)
    });
    // A word with a slash is a path.
    let named = found.map(|file| {
        let lead = if file.path.contains('/') { "" } else { "./" };
        format!("{lead}{}", file.path)
    });
    named.collect()
}

impl Choice {
    /// Which of `units` are planned, as `args` and `settings` have it on the day `today`, knowing how long stacks took.
    pub(super) fn of(
        args: &RunArgs,
        settings: &DriftSettings,
        units: &[Unit],
        durations: &BTreeMap<String, u64>,
        today: Date,
    ) -> Result<Choice, Trouble> {
        let chosen = chosen(&args.stacks, units)?;
        let mut notes = skips(settings, units, today);
        // Who names a template, or a module, wants its plan.
        let is_planned = |at: &usize| match units[*at].unplanned {
            Some(Unplanned::Template | Unplanned::Module) => !args.stacks.is_empty(),
            Some(Unplanned::Bare | Unplanned::Explicit) => false,
            None => true,
        };
        let (chosen, others): (Vec<usize>, Vec<usize>) = chosen.into_iter().partition(is_planned);
        notes.extend(unplanned(units, &others));
        let skip = |name: &str| {
            // Who names a stack wants it.
            let mut skips = settings.skips.iter().filter(|_| args.stacks.is_empty());
            let skip = skips.find(|it| it.covers(name) && it.until.value >= today)?;
            let until = Some(skip.until.value.to_string());
            Some(LeftOut { reason: skip.reason.clone(), until })
        };
        let left_out: Vec<Option<LeftOut>> =
            chosen.iter().map(|at| skip(&units[*at].stack.name)).collect();
        let planned: Vec<usize> = (0..chosen.len()).filter(|at| left_out[*at].is_none()).collect();
        let names: Vec<&str> =
            planned.iter().map(|at| units[chosen[*at]].stack.name.as_str()).collect();
        let (part, parts) = args.shard.map_or((1, 1), |shard| (shard.part, shard.parts));
        let division = runner::divide(&names, durations, parts);
        let shard_of: BTreeMap<usize, u32> =
            planned.iter().copied().zip(division.iter().copied()).collect();
        let mut wanted: Vec<Wanted> = chosen
            .iter()
            .enumerate()
            .map(|(at, unit)| Wanted {
                stack: units[*unit].stack.clone(),
                shard: shard_of.get(&at).copied().unwrap_or(1),
                left_out: left_out[at].clone(),
                missing: None,
            })
            .collect();
        let own: Vec<usize> = planned
            .iter()
            .filter(|at| shard_of.get(at) == Some(&part))
            .map(|at| chosen[*at])
            .collect();
        wanted.sort_by(|a, b| a.stack.cmp(&b.stack));
        let jobs = jobs(units, &own, durations, args.any_order);
        Ok(Choice { wanted, jobs, notes })
    }
}

/// The units that were asked for, all of them where none was: indices.
fn chosen(names: &[String], units: &[Unit]) -> Result<Vec<usize>, Trouble> {
    if names.is_empty() {
        return Ok((0..units.len()).collect());
    }
    let mut chosen = BTreeSet::new();
    for name in names {
        let name = plain_dir(name);
        let is_named =
            |unit: &Unit| unit.stack.name == name || unit.stack.dir.as_deref() == Some(name);
        let Some(at) = units.iter().position(is_named) else {
            let known = units.iter().map(|unit| unit.stack.name.as_str());
            let help = which_stack(name, known);
            return Err(Trouble::new(format!("there is no stack `{name}`")).help(help));
        };
        chosen.insert(at);
    }
    Ok(chosen.into_iter().collect())
}

/// What is to be said about `those` that are not planned.
fn unplanned(units: &[Unit], those: &[usize]) -> Vec<String> {
    let mut names: BTreeMap<Unplanned, Vec<&str>> = BTreeMap::new();
    for unit in those.iter().map(|at| &units[*at]) {
        if let Some(why) = unit.unplanned {
            names.entry(why).or_default().push(&unit.stack.name);
        }
    }
    let note = |(why, names): (Unplanned, Vec<&str>)| {
        let why = match why {
            Unplanned::Bare => "there are no Terraform files in",
            Unplanned::Module => "not planned, other code here calls them as modules",
            Unplanned::Template => "not planned, Terragrunt makes units of them elsewhere",
            Unplanned::Explicit => "not planned, Terragrunt makes their units when it runs",
        };
        format!("{why}: {}", names.join(", "))
    };
    names.into_iter().map(note).collect()
}

/// What is to be said about skips: those that are over, and those that name nothing.
fn skips(settings: &DriftSettings, units: &[Unit], today: Date) -> Vec<String> {
    let mut notes = Vec::new();
    for skip in &settings.skips {
        let label = &skip.stack.value;
        let count = units.iter().filter(|unit| skip.covers(&unit.stack.name)).count();
        if count == 0 {
            notes.push(format!("`skip \"{label}\"` leaves nothing out: no stack is called so"));
        } else if skip.until.value < today {
            let until = skip.until.value;
            let what = plural(count, "stack");
            notes.push(format!("`skip \"{label}\"` ended on {until}: {what} planned again"));
        }
    }
    notes
}

/// The jobs for the units `own`, in their order.
fn jobs(
    units: &[Unit],
    own: &[usize],
    durations: &BTreeMap<String, u64>,
    any_order: bool,
) -> Vec<Job> {
    let place: BTreeMap<usize, usize> =
        own.iter().enumerate().map(|(at, unit)| (*unit, at)).collect();
    let mut known: Vec<u64> = durations.values().copied().collect();
    known.sort_unstable();
    let usual = known.get(known.len() / 2).copied().unwrap_or(GUESS);
    let job = |at: &usize| {
        let unit = &units[*at];
        let after = unit.after.iter().filter_map(|before| place.get(before).copied());
        let reads = unit.reads.iter().map(|before| units[*before].stack.name.clone());
        Job {
            stack: unit.stack.clone(),
            after: if any_order { Vec::new() } else { after.collect() },
            reads: reads.collect(),
            weight: durations.get(&unit.stack.name).copied().unwrap_or(usual),
        }
    };
    own.iter().map(job).collect()
}

/// The jobs for the stacks `named`, in the order of `units`; those that are no stacks any more come last.
pub(super) fn jobs_named<'a>(
    units: &[Unit],
    named: impl Iterator<Item = &'a StackRef>,
    durations: &BTreeMap<String, u64>,
    any_order: bool,
) -> Vec<Job> {
    let (mut own, mut gone) = (Vec::new(), Vec::new());
    for stack in named {
        match units.iter().position(|unit| unit.stack == *stack) {
            Some(at) => own.push(at),
            None => gone.push(stack.clone()),
        }
    }
    own.sort_unstable();
    let mut jobs = jobs(units, &own, durations, any_order);
    let gone = gone.into_iter();
    jobs.extend(gone.map(|stack| Job { stack, after: Vec::new(), reads: Vec::new(), weight: 1 }));
    jobs
}
