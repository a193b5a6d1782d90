//! `tautline check`: arguments → what to load and report → output and exit code.

use std::fmt::Write as _;
use std::mem;
use std::path::Path;
use std::time::{Duration, Instant};

use super::args::{CheckArgs, CheckFormat, FactsArg};
use super::exit::Exit;
use super::ground::{Ground, Scope};
use super::terminal;
use super::trouble::Trouble;
use crate::analysis::{self, Input, Outcome, Request, Timings};
use crate::diagnostic::{Failure, Report};
use crate::report::{self, View};
use crate::rule::Facts;
use crate::syntax::{Date, Format, HclUse};
use crate::workspace::FileSet;

/// Checks what `args`, typed in the directory `here`, ask for, as of `today`.
pub(super) fn run(args: &CheckArgs, here: &Path, today: Date) -> Exit {
    let started = Instant::now();
    match check(args, here, today) {
        Ok(checked) => {
            let exit = checked.finish(args, started.elapsed());
            // The process ends here: giving the trees back node by node would take a tenth of the run.
            mem::forget(checked);
            exit
        }
        Err(trouble) => {
            trouble.complain();
            if args.format == CheckFormat::Json {
                // Whoever reads JSON gets JSON, also when there is nothing to tell but this.
                let report = Report { failures: trouble.failures(), ..Report::default() };
                Checked { outcome: Outcome { report, ..Outcome::default() }, is_empty: false }
                    .print(args);
            }
            Exit::Failed
        }
    }
}

/// A run that did its work.
struct Checked {
    outcome: Outcome,
    /// Whether there was no file that a rule could look at, whatever the scope.
    is_empty: bool,
}

fn check(args: &CheckArgs, here: &Path, today: Date) -> Result<Checked, Trouble> {
    let scope = Scope::of(args, here)?;
    let facts = match args.facts {
        FactsArg::Stack => Facts::Stack,
        FactsArg::Repo => Facts::Repo,
    };
    // A buffer belongs over the files before they are read, and rules tell what else a stack needs.
    let is_whole = facts == Facts::Repo && !args.stdin;
    let (config, others) = (args.config.as_deref(), &args.packs.dirs);
    let (mut ground, files) = Ground::around_while(&scope.start, config, others, |workspace| {
        is_whole.then(|| workspace.load())
    })?;

    let paths = report_paths(&ground, &scope)?;
    if let (true, Some(path)) = (args.stdin, paths.first()) {
        ground.workspace.overlay(path, buffer()?);
    }
    let request = Request {
        stacks: args.stacks.clone(),
        paths,
        rules: args.rules.clone(),
        facts,
        is_last: true,
    };
    let files = match files {
        Some(files) => files?,
        None => load(&ground, &request)?,
    };

    let is_empty = !files.files.iter().any(|file| is_subject(&file.path));

    let wanted = analysis::wanted_past(&ground.rules, &files);
    let Ground { workspace, settings, rules, .. } = ground;
    let input = Input { files, settings, rules, today };
    let outcome = analysis::check_with_past(input, || workspace.past(&wanted), &request)?;
    Ok(Checked { outcome, is_empty })
}

/// The paths to report on, relative to the root; none for everything.
fn report_paths(ground: &Ground, scope: &Scope) -> Result<Vec<String>, Trouble> {
    let mut paths = Vec::with_capacity(scope.paths.len());
    for path in &scope.paths {
        paths.push(ground.relative(path)?);
    }
    if scope.is_here {
        // Anywhere in a stack means the stack.
        paths.retain(|path| !path.is_empty());
        for path in &mut paths {
            if let Some(stack) = ground.stack_around(path) {
                *path = stack;
            }
        }
    }
    Ok(paths)
}

fn buffer() -> Result<String, Trouble> {
    let bytes = terminal::read_stdin()
        .map_err(|error| Trouble::new(format!("stdin cannot be read: {error}")))?;
    String::from_utf8(bytes).map_err(|_| Trouble::new("the text on stdin is not UTF-8"))
}

fn load(ground: &Ground, request: &Request) -> Result<FileSet, Trouble> {
    let Ground { workspace, settings, rules, .. } = ground;
    if request.facts == Facts::Repo {
        return Ok(workspace.load()?);
    }
    let Some(stacks) = ground.stack_directories(&request.stacks, &request.paths) else {
        // A stack that is not there: with the whole repo at hand, the answer can say what is.
        return Ok(workspace.load()?);
    };
    if stacks.is_empty() {
        return Err(Trouble::new("`--facts stack` loads the stacks asked for, and none is")
            .help("add `--stack NAME`, or go into the stack's directory"));
    }
    Ok(analysis::closure(workspace, settings, rules, &stacks)?)
}

/// Whether the file at `path` is of a kind that makes a repo worth checking.
fn is_subject(path: &str) -> bool {
    match Format::of(path) {
        Format::Hcl(HclUse::Other) => !path.ends_with("tautline.hcl"),
        Format::Hcl(_) | Format::Yaml | Format::Dockerfile => true,
        _ => false,
    }
}

impl Checked {
    /// Prints the outcome and says how the run ends.
    fn finish(&self, args: &CheckArgs, elapsed: Duration) -> Exit {
        let report = &self.outcome.report;

        let printed = self.print(args);

        complain_failures(&report.failures);
        if !printed || !report.failures.is_empty() {
            return Exit::Failed;
        }
        if self.is_empty {
            Trouble::new(
                "there is nothing to check here: no Terraform, Terragrunt, YAML file or Dockerfile",
            )
            .help("go to a repo's directory, or name one: `tautline check PATH`")
            .complain();
            return Exit::NothingToCheck;
        }
        if args.timings {
            terminal::complain(&timings(&self.outcome.timings));
        }
        if args.format == CheckFormat::Text {
            terminal::complain(&format!("checked in {} ms\n", elapsed.as_millis()));
        }
        if report.diagnostics.iter().any(|found| found.severity >= args.fail_on) {
            Exit::Gated
        } else {
            Exit::Clean
        }
    }

    /// Prints the report; whether that worked.
    fn print(&self, args: &CheckArgs) -> bool {
        let view = View {
            report: &self.outcome.report,
            sources: &self.outcome.sources,
            redacted: &self.outcome.redacted,
            severity: args.severity,
            show_unknown: args.show_unknown,
            statistics: args.statistics,
        };
        terminal::print_or_complain(&match args.format {
            CheckFormat::Text if self.is_empty => String::new(),
            CheckFormat::Text => report::text(&view, terminal::stdout_style()),
            CheckFormat::Concise => report::concise(&view),
            CheckFormat::Json => report::json(&view),
        })
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
        let message = match &failure.subject {
            Some(subject) => format!("{subject}: {}", failure.message),
            None => failure.message.clone(),
        };
        Trouble::new(message).complain();
    }
}
