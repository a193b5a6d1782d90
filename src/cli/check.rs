//! `tautline check`: arguments → what to load and report → output and exit code.

use std::fmt::Write as _;
use std::mem;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::args::{CheckArgs, FactsArg};
use super::exit::Exit;
use super::fix::{self, Instead};
use super::format::{self, CheckFormat};
use super::ground::{self, Ground, Scope};
use super::nothing::Nothing;
use super::output;
use super::packs::Packs;
use super::progress::while_doing;
use super::terminal;
use super::trouble::Trouble;
use super::{comparison, drift, environment, unlisted, verbose};
use crate::analysis::{
    self, Closure, History, Input, Judged, Outcome, Outline, Reach, Reached, Request, Timings,
};
use crate::config::Settings;
use crate::diagnostic::{Failure, Report};
use crate::engine::Baseline;
use crate::report::{self, Code, Style, View};
use crate::rule::Facts;
use crate::syntax::Date;
use crate::workspace::{Content, FileSet, Workspace, WorkspaceError};

/// Checks what `args`, typed in the directory `here`, ask for, as of `today`.
pub(super) fn run(args: &CheckArgs, here: &Path, today: Date) -> Exit {
    run_where(args, here, today, false)
}

/// The same before Terraform works in `here`, where without a file of it there is nothing to check.
pub(super) fn before_work(args: &CheckArgs, here: &Path, today: Date) -> Exit {
    run_where(args, here, today, true)
}

fn run_where(args: &CheckArgs, here: &Path, today: Date, needs_code: bool) -> Exit {
    let started = Instant::now();
    let files: Vec<CheckFormat> = args.output_files.iter().map(|file| file.format).collect();
    let (format, note) = format::choose(args.format, &files, environment::surroundings());
    if let Some(note) = note {
        terminal::note(&note);
    }
    if let Err(trouble) = output::prepare(&args.output_files) {
        trouble.complain();
        return Exit::Failed;
    }
    // The thread that everybody works on with: a third one would have caches of its own, of memory and of regexes.
    match rayon::scope(|_| check_and_fix(args, here, today, needs_code)) {
        Ok(checked) => {
            let exit = checked.finish(args, format, started.elapsed());
            if !args.fixing.watch {
                // The process ends here: giving the trees back node by node would take a tenth of the run.
                mem::forget(checked);
            }
            exit
        }
        Err(trouble) => {
            trouble.complain();
            // Whoever reads JSON gets JSON, also when there is nothing to tell but this.
            let report = Report { failures: trouble.failures(), ..Report::default() };
            let outcome = Outcome { report, ..Outcome::default() };
            Checked { outcome, ..Checked::default() }.deliver(args, format, false);
            Exit::Failed
        }
    }
}

/// A run and what came of it.
#[derive(Default)]
struct Checked {
    outcome: Outcome,
    /// The packs, for the pages of their rules.
    packs: Packs,
    /// The root as seen from the top of its work tree.
    prefix: String,
    /// What stdout gets in the place of the report.
    instead: Option<Instead>,
    /// Whether a fix could not be written.
    is_unwritten: bool,
    /// Whether it did its work.
    is_done: bool,
    /// Why there was nothing to judge.
    nothing: Option<Trouble>,
}

/// Checks, and fixes where that is asked for. What is reported is what the disk says: where a fix could not be written, that
/// is not what was found in memory.
fn check_and_fix(
    args: &CheckArgs,
    here: &Path,
    today: Date,
    needs_code: bool,
) -> Result<Checked, Trouble> {
    args.fixing.refuse(args.format)?;
    let checked = check(args, here, today, needs_code, true)?;
    if !checked.is_unwritten {
        return Ok(checked);
    }
    let Report { summary, failures, .. } = checked.outcome.report;
    let mut checked = check(args, here, today, needs_code, false)?;
    let report = &mut checked.outcome.report;
    report.summary.fixes = summary.fixes;
    for failure in failures {
        if !report.failures.contains(&failure) {
            report.failures.push(failure);
        }
    }
    Ok(checked)
}

/// Notes that settings are not read because of their name, where others were not named.
fn tell_hidden_settings(args: &CheckArgs, workspace: &Workspace, start: &Path) {
    if args.ground.config.is_none()
        && !args.quiet
        && let Some(hidden) = analysis::hidden_settings(workspace, start)
    {
        terminal::note(&hidden);
    }
}

/// Checks; with `fixes`, also fixes what `args` want fixed.
fn check(
    args: &CheckArgs,
    here: &Path,
    today: Date,
    needs_code: bool,
    fixes: bool,
) -> Result<Checked, Trouble> {
    let scope = Scope::of(args, here)?;
    let compare = comparison::of(&args.compare, args.facts, here)?;
    let facts = match args.facts {
        FactsArg::Stack => Facts::Stack,
        FactsArg::Repo => Facts::Repo,
    };
    let compare = compare.as_ref();
    let outline = Outline { rules: &args.rules, facts, compares: compare.is_some() };
    // Where plans are given, what is said about them names the packs that judge some.
    let outline = args.plans.is_empty().then_some(outline);
    let (mut ground, early) =
        Ground::asked(&scope.start, &args.ground, compare, outline, |workspace| match facts {
            // A buffer belongs over the files before they are read.
            _ if args.stdin => Early::Nothing,
            Facts::Repo => Early::Files(workspace.load()),
            Facts::Stack => reached(workspace, args, &scope).map_or(Early::Nothing, Early::Stacks),
        })?;
    if args.require_config {
        names_packs(&ground)?;
    }
    unlisted::check(&args.rules, ground.workspace.root(), &ground.rules)?;
    // Once: what could not be written is checked a second time, without fixes.
    if fixes {
        tell_hidden_settings(args, &ground.workspace, &scope.start);
    }
    let paths = report_paths(&ground.workspace, &scope)?;
    let (saved, typed) = match paths.first().filter(|_| args.stdin) {
        Some(path) => lay_over(args, &mut ground.workspace, path)?,
        None => (Vec::new(), None),
    };
    let baseline = if args.no_baseline { None } else { ground.baseline.read()?.map(Arc::new) };
    let request = Request { saved, ..request(args, paths, facts, baseline) };
    let Closure { mut files, why } = load(&ground, &request, early)?;
    leave_out_reports(&mut files, args, &ground);
    if args.verbose && fixes {
        let why = (!why.is_empty()).then_some(&why);
        terminal::complain(&verbose::loaded(files.files.len(), why));
    }
    let doing = if compare.is_some() { "comparing" } else { "checking" };
    let mut base = while_doing(doing, || ground.workspace.base(&files))?;
    if let (Some(file), Some(base)) = (&args.compare.message, &mut base) {
        comparison::take_message(base, file, here, today)?;
    }
    if args.compare.staged && !args.quiet {
        base.as_ref().and_then(comparison::nothing_staged).map(terminal::note);
    }
    // Nothing that matters may be staged; and what is compared may be where there was something.
    let paths = if args.stdin || compare.is_some() { &[][..] } else { &request.paths };
    let nothing = Nothing::of(&ground.workspace, &files, paths, needs_code);
    let nothing = nothing.filter(|_| !args.compare.staged && args.compare.message.is_none());
    let wanted = analysis::wanted_past(&ground.rules, &files);
    let Ground { workspace, settings, rules, packs, .. } = ground;
    let prefix = workspace.prefix().to_owned();
    let plans = match args.plans.as_slice() {
        [] => None,
        paths => Some(drift::plans(paths, &request.stacks, here, &workspace)?),
    };
    let input = Input { files, settings, rules, today };
    let past = || workspace.past(&wanted);
    let history = History { past: &past, base: base.as_ref(), plans: plans.as_ref() };
    let reach = match (args.stdin, request.paths.is_empty() && request.stacks.is_empty()) {
        (true, _) => Reach::File,
        (false, true) => Reach::Repo,
        (false, false) => Reach::Beside,
    };
    let mut is_unwritten = false;
    let (outcome, instead) = match args.fixing.wish(reach).filter(|_| fixes) {
        None => {
            let check = || analysis::check_with_history(input, &history, &request);
            (while_doing(doing, check)?, None)
        }
        Some(wish) => {
            let mut fixed = fix::try_out(input, &history, &request, &wish)?;
            let before = fixed.outcome.report.failures.len();
            let instead = fix::hand_out(&args.fixing, &workspace, typed.as_ref(), &mut fixed)?;
            is_unwritten = fixed.outcome.report.failures.len() > before;
            (fixed.outcome, instead)
        }
    };
    let looked = || outcome.report.summary.rules.iter().any(|rule| rule.sites > 0);
    let nothing = nothing.filter(|it| it.is_sure || !looked()).map(|it| it.trouble);
    Ok(Checked { outcome, packs, prefix, instead, is_unwritten, is_done: true, nothing })
}

/// What the file under a buffer says on the disk, if it can be read, and what was typed over it, with its path.
type Overlaid = (Vec<(Box<str>, Arc<str>)>, Option<(String, String)>);

/// Lays the text on stdin over the file at `path`.
fn lay_over(args: &CheckArgs, workspace: &mut Workspace, path: &str) -> Result<Overlaid, Trouble> {
    let saved = match workspace.read(path) {
        Some(Content::Text(text)) => vec![(path.into(), text)],
        _ => Vec::new(),
    };
    let text = buffer(args.fixing.fix)?;
    workspace.overlay(path, text.clone());
    Ok((saved, Some((path.to_owned(), text))))
}

/// What `args` ask of a run, about `paths`.
fn request(
    args: &CheckArgs,
    mut paths: Vec<String>,
    facts: Facts,
    baseline: Option<Arc<Baseline>>,
) -> Request {
    let is_message = args.compare.message.is_some();
    if is_message {
        // A commit lies in no directory: where it is typed, and what is named, only says whose rules are meant.
        paths.clear();
    }
    Request {
        stacks: args.stacks.clone(),
        paths,
        rules: args.rules.clone(),
        facts,
        changed_lines: args.compare.changed_lines,
        baseline,
        suppressions: !args.no_suppressions,
        judged: if is_message { Judged::Commits } else { Judged::All },
        is_last: !args.fixing.watch,
        saved: Vec::new(),
    }
}

/// Takes out of `files` what the run will write: the report of the last one would be judged, and quoted in its own report.
fn leave_out_reports(files: &mut FileSet, args: &CheckArgs, ground: &Ground) {
    let paths = args
        .output_files
        .iter()
        .filter_map(|file| ground::relative(&ground.workspace, &file.path).ok());
    let paths: Vec<String> = paths.collect();
    files.files.retain(|file| paths.iter().all(|path| *path != *file.path));
}

/// The paths to report on, relative to the root; none for everything.
fn report_paths(workspace: &Workspace, scope: &Scope) -> Result<Vec<String>, Trouble> {
    let mut paths = Vec::with_capacity(scope.paths.len());
    for path in &scope.paths {
        paths.push(ground::relative(workspace, path)?);
    }
    if scope.is_here {
        // Anywhere in a stack means the stack.
        paths.retain(|path| !path.is_empty());
        for path in &mut paths {
            if let Some(stack) = ground::stack_around(workspace, path) {
                *path = stack;
            }
        }
    }
    Ok(paths)
}

/// The text on stdin. With `is_fixed`, whoever reads stdout gets it back, also where it is no text: nothing is lost.
fn buffer(is_fixed: bool) -> Result<String, Trouble> {
    let bytes = terminal::read_stdin()
        .map_err(|error| Trouble::new(format!("stdin cannot be read: {error}")))?;
    String::from_utf8(bytes).map_err(|error| {
        if is_fixed {
            terminal::print_bytes(error.as_bytes());
        }
        Trouble::new("the text on stdin is not UTF-8")
    })
}

/// Fails where nothing says which packs are on, or none is.
fn names_packs(ground: &Ground) -> Result<(), Trouble> {
    let root = ground.workspace.root().display();
    if ground::names_packs(&ground.settings) {
        return Ok(());
    }
    let message = if ground.settings.packs.is_none() {
        format!("no `packs` block in a tautline.hcl says which packs are on in `{root}`")
    } else {
        format!(
            "the `packs` block names no packs that are on in `{root}`, so nothing would be checked"
        )
    };
    // What is there is never written over.
    let writes = match ground.workspace.read(Settings::FILE) {
        None => "`tautline init` writes one; ",
        Some(_) => "",
    };
    Err(Trouble::new(message).help(format!(
        "{writes}`packs {{ ingress = \"always\" }}` switches one pack on, and all others off"
    )))
}

/// What is read of a repo while its rules are.
enum Early {
    Nothing,
    /// All files.
    Files(Result<FileSet, WorkspaceError>),
    /// What the stacks asked for reach.
    Stacks(Result<Reached, WorkspaceError>),
}

/// What the stacks that `args` ask for reach; none where [`load`] has to say what is wrong with them.
fn reached(
    workspace: &Workspace,
    args: &CheckArgs,
    scope: &Scope,
) -> Option<Result<Reached, WorkspaceError>> {
    let paths = report_paths(workspace, scope).ok()?;
    let stacks = ground::stack_directories(workspace, &args.stacks, &paths)?;
    (!stacks.is_empty()).then(|| Reached::of(workspace, &stacks))
}

/// The files of a run, of which some were read `early`, and why each is there where they are not all.
fn load(ground: &Ground, request: &Request, early: Early) -> Result<Closure, Trouble> {
    let Ground { workspace, settings, rules, .. } = ground;
    let all = |files| Ok(Closure { files, ..Closure::default() });
    let reached = match early {
        Early::Files(files) => return all(files?),
        Early::Stacks(reached) => reached?,
        Early::Nothing if request.facts == Facts::Repo => return all(workspace.load()?),
        Early::Nothing => {
            let stacks = ground::stack_directories(workspace, &request.stacks, &request.paths);
            // A stack that is not there: with the whole repo at hand, the answer can say what is.
            let Some(stacks) = stacks else { return all(workspace.load()?) };
            if stacks.is_empty() {
                return Err(Trouble::new(
                    "`--facts stack` loads the stacks asked for, and none is",
                )
                .help("add `--stack NAME`, or go into the stack's directory"));
            }
            Reached::of(workspace, &stacks)?
        }
    };
    Ok(reached.closure(workspace, settings, rules, request))
}

impl Checked {
    /// Hands out the report and says how the run ends.
    fn finish(&self, args: &CheckArgs, format: CheckFormat, elapsed: Duration) -> Exit {
        let report = &self.outcome.report;
        let found_at_gate =
            || report.diagnostics.iter().any(|found| found.severity >= args.fail_on);
        let instead = self.instead.as_ref();
        let gates = instead.and_then(|it| it.changes).unwrap_or_else(found_at_gate);
        let is_quiet = args.quiet && !gates && report.failures.is_empty() && instead.is_none();
        let delivered = self.deliver(args, format, is_quiet);
        complain_failures(&report.failures);
        if let (Some(account), None) = (&report.summary.fixes, instead)
            && format != CheckFormat::Text
        {
            // Only the text report has it.
            terminal::complain(&report::fixes(account));
        }
        if !delivered || !report.failures.is_empty() {
            return Exit::Failed;
        }
        if let Some(trouble) = &self.nothing {
            trouble.complain();
            return Exit::NothingToCheck;
        }
        let needs_plans = &report.summary.needs_plans;
        if !(args.rules.is_empty() || needs_plans.is_empty() || args.quiet) {
            // Who asks for them by name must not take silence for an answer.
            terminal::note(&format!(
                "not run, they need plans (`--plan DIR`): {}",
                needs_plans.join(", ")
            ));
        }
        if args.timings {
            terminal::complain(&timings(&self.outcome.timings));
        }
        if args.verbose {
            terminal::complain(&verbose::packs(&report.summary.packs));
            terminal::complain(&verbose::not_run(&report.summary));
        }
        if format == CheckFormat::Text && !args.quiet {
            terminal::complain(&format!("checked in {} ms\n", elapsed.as_millis()));
        }
        if gates { Exit::Gated } else { Exit::Clean }
    }

    /// Prints the report in `format` and writes the files that were asked for; whether that worked.
    fn deliver(&self, args: &CheckArgs, format: CheckFormat, is_quiet: bool) -> bool {
        let view = View {
            report: &self.outcome.report,
            code: Code {
                sources: &self.outcome.sources,
                redacted: &self.outcome.redacted,
                prefix: &self.prefix,
            },
            severity: args.severity,
            fail_on: args.fail_on,
            show_unknown: args.show_unknown,
            statistics: args.statistics,
            packs: &self.packs.files,
        };
        let brief =
            (args.quiet && format == CheckFormat::Text).then(|| self.outcome.report.brief());
        let printed = View { report: brief.as_ref().unwrap_or(view.report), ..view };
        let style = terminal::stdout_style();
        let mut delivered = match &self.instead {
            Some(instead) => self.deliver_instead(instead, &view),
            None => is_quiet || terminal::print_or_complain(&self.render(&printed, format, style)),
        };
        for file in &args.output_files {
            let text = self.render(&view, file.format, Style::default());
            if let Err(trouble) = output::write(&file.path, &text) {
                trouble.complain();
                delivered = false;
            }
        }
        if format == CheckFormat::Github
            && let Some(path) = environment::step_summary()
            && let Err(trouble) = output::append(&path, &report::step_summary(&view))
        {
            // What it says stands in the log too, so the run is none the worse.
            trouble.complain();
        }
        delivered
    }

    /// Prints what stdout gets in the place of a report, which goes to stderr: of a patch, what it would do; of a buffer,
    /// what is left in it.
    fn deliver_instead(&self, instead: &Instead, view: &View<'_>) -> bool {
        if instead.changes.is_none() {
            terminal::complain(&report::concise(view));
        }
        if let Some(account) = &self.outcome.report.summary.fixes {
            terminal::complain(&match instead.changes {
                Some(_) => report::fixes_of_patch(account),
                None => report::fixes(account),
            });
        }
        terminal::print_or_complain(&instead.text)
    }

    /// The report in `format`. A format for people has nothing to say about a run that did not take place: stderr has.
    fn render(&self, view: &View<'_>, format: CheckFormat, style: Style) -> String {
        let is_wanted = match format {
            CheckFormat::Text => self.is_done && self.nothing.is_none(),
            _ => self.is_done || format.is_for_programs(),
        };
        if is_wanted { format.render(view, style) } else { String::new() }
    }
}

/// The cost of each rule, and of each gather that rules share, dearest first: processor time, over all threads.
fn timings(timings: &Timings) -> String {
    let rules = timings.rules.iter().map(|(id, spent, calls)| (&**id, *spent, Some(*calls)));
    let gathers = timings.gathers.iter().map(|(name, spent)| (name.as_str(), *spent, None));
    let mut all: Vec<(&str, Duration, Option<usize>)> = rules.chain(gathers).collect();
    all.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    let widest = all.iter().map(|(name, ..)| name.len()).max().unwrap_or(0);
    let ms = |spent: Duration| spent.as_secs_f64() * 1e3;
    let mut out = format!("{:widest$}      ms   calls\n", "rule or gather");
    for (name, spent, calls) in &all {
        let calls = calls.map_or_else(|| "gather".to_owned(), |calls| calls.to_string());
        let _ = writeln!(out, "{name:widest$}  {:6.2}  {calls:>6}", ms(*spent));
    }
    let total: Duration = all.iter().map(|(_, spent, _)| *spent).sum();
    let _ = writeln!(out, "{:widest$}  {:6.2}", "all", ms(total));
    out
}

/// Failures go to stderr in every format: they are no findings.
fn complain_failures(failures: &[Failure]) {
    for failure in failures {
        Trouble::new(failure.to_string()).complain();
    }
}
