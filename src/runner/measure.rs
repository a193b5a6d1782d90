//! How one stack is measured: `init` where it is due, `plan` into a file, `show -json` of that file, and a digest of what that
//! says.
//!
//! Invariant: how a stack stands is read from its plan, never from words or an exit code; and a plan, which is full of
//! secrets, is only as long on the disk as it takes to read it.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use super::clock;
use super::digest::{self, Digest};
use super::fault::{self, Fault};
use super::inits::Inits;
use super::planner::Planner;
use super::process::{Control, Ended, Stopped};
use super::results::{Kept, Results, empty};
use super::said::Said;
use crate::drift::{Commit, Measured, Problem, StackRef, Status, read};

/// How long to wait before a server is asked again; twice as long the next time.
const PAUSE: Duration = Duration::from_secs(2);

/// What Terragrunt says when it makes up outputs that a dependency does not have yet.
const MADE_UP: &str = "mock outputs provided and returning those";

/// How every stack is measured.
#[derive(Debug)]
pub struct Recipe<'a> {
    /// The command that plans.
    pub planner: &'a Planner,
    /// The root of the repo.
    pub root: &'a Path,
    /// Where results go.
    pub results: &'a Results,
    /// What may stop the run.
    pub control: &'a Control,
    /// Whose turn it is to run `init`.
    pub inits: &'a Inits,
    /// The commit that is planned.
    pub commit: Option<Commit>,
    /// How long a stack may take, with everything that is tried again, but without waiting for a turn.
    pub timeout: Duration,
    /// How long a plan waits for the lock of its state.
    pub lock_timeout: Duration,
    /// How often a plan is made again after an error that passes by itself.
    pub retries: usize,
    /// What the planning command says when a check of its own refuses.
    pub refusals: &'a [String],
    /// Whether plans stay on the disk.
    pub keep_plans: bool,
}

/// Why there is no plan.
struct Failure {
    fault: Fault,
    is_late: bool,
    problems: Vec<Problem>,
}

/// Why a step was not done.
enum Halt {
    Failed(Failure),
    /// The run is stopped; nothing is known of the stack.
    Stopped,
}

impl From<Failure> for Halt {
    fn from(failure: Failure) -> Self {
        Halt::Failed(failure)
    }
}

/// One stack that is being measured.
struct Course<'a> {
    recipe: &'a Recipe<'a>,
    stack: &'a StackRef,
    dir: PathBuf,
    plan: PathBuf,
    deadline: Instant,
    is_ready: bool,
}

impl Recipe<'_> {
    /// Measures `stack`, saying why whenever something is tried again; none where the run is stopped before it is done.
    pub(super) fn measure(&self, stack: &StackRef, again: &dyn Fn(&str)) -> Option<Kept> {
        let began = Instant::now();
        let planned_at = clock::now();
        let mut course = Course {
            recipe: self,
            stack,
            dir: self.root.join(stack.dir.as_deref().unwrap_or_default()),
            plan: self.results.plan_file(&stack.name),
            deadline: began + self.timeout,
            is_ready: false,
        };
        course.is_ready = is_initialised(&course.dir);
        let outcome = course.run(again);
        if !self.keep_plans {
            let _ = fs::remove_file(&course.plan);
        }
        let is_gone = !course.dir.is_dir();
        let mut measured = match outcome {
            Err(Halt::Stopped) => return None,
            Ok(measured) => measured,
            // What was deleted under way fails in any of a dozen ways.
            Err(Halt::Failed(_)) if is_gone => self.gone(stack),
            Err(Halt::Failed(failure)) => self.failed(stack, failure),
        };
        measured.planned_at = Some(planned_at);
        measured.commit.clone_from(&self.commit);
        Some(Kept::new(measured, began.elapsed().as_millis() as u64))
    }

    fn gone(&self, stack: &StackRef) -> Measured {
        let why = "its directory is gone".to_owned();
        empty(stack.clone(), &self.planner.shown, Status::NotMeasured, why)
    }

    fn failed(&self, stack: &StackRef, failure: Failure) -> Measured {
        let (status, why) = match failure.fault {
            _ if failure.is_late => {
                let after = shown(self.timeout);
                (Status::Timeout, format!("it was stopped after {after}, the time it may take"))
            }
            Fault::Lock => (Status::Locked, "somebody else holds the lock of its state".to_owned()),
            Fault::Refused => {
                (Status::BlockedByLint, "the planning command checks first, and refused".to_owned())
            }
            Fault::Connection => {
                (Status::Error, format!("a server did not answer, {} times", self.retries + 1))
            }
            Fault::NeedsInit | Fault::Other => {
                (Status::Error, "it could not be planned".to_owned())
            }
        };
        let measured = empty(stack.clone(), &self.planner.shown, status, why);
        Measured { problems: failure.problems, ..measured }
    }
}

impl Course<'_> {
    /// Everything, with what is tried again.
    fn run(&mut self, again: &dyn Fn(&str)) -> Result<Measured, Halt> {
        let mut retries = 0;
        let mut was_due = false;
        loop {
            if !self.dir.is_dir() {
                return Err(Failure::other("its directory is gone").into());
            }
            let failure = match self.attempt() {
                Err(Halt::Failed(failure)) if !failure.is_late => failure,
                other => return other,
            };
            if failure.fault == Fault::NeedsInit && !was_due {
                was_due = true;
                self.is_ready = false;
                again("`init` is due");
            } else if failure.fault.passes() && retries < self.recipe.retries {
                let summary = failure.problems.iter().find(|it| it.is_error);
                again(summary.map_or("it failed", |it| it.summary.as_str()));
                // The lock was waited for already, by the plan itself.
                if failure.fault == Fault::Connection && !self.pause(PAUSE * (1 << retries.min(4)))
                {
                    return Err(Halt::Stopped);
                }
                retries += 1;
            } else {
                return Err(failure.into());
            }
        }
    }

    fn attempt(&mut self) -> Result<Measured, Halt> {
        if !self.is_ready {
            self.init()?;
            self.is_ready = true;
        }
        // What an attempt before this one left.
        let _ = fs::remove_file(&self.plan);
        let lock = self.recipe.lock_timeout.as_secs();
        let mut out = OsString::from("-out=");
        out.push(&self.plan);
        let arguments: [OsString; 6] = [
            "plan".into(),
            "-json".into(),
            "-input=false".into(),
            "-detailed-exitcode".into(),
            format!("-lock-timeout={lock}s").into(),
            out,
        ];
        let ended = self.start(&arguments, Said::listen)?;
        if self.plan.is_file() {
            return self.read(ended);
        }
        let exit = match ended.status {
            status if status.success() => "it ended well, and wrote no plan".to_owned(),
            status => status.to_string(),
        };
        Err(self.no_plan(ended, &exit).into())
    }

    /// Runs `init`, in turn.
    fn init(&mut self) -> Result<(), Halt> {
        let waiting = Instant::now();
        let turn = self.recipe.inits.turn(self.recipe.control);
        let _turn = turn.ok_or(Halt::Stopped)?;
        self.deadline += waiting.elapsed();
        let arguments = ["init".into(), "-input=false".into(), "-no-color".into()];
        let ended = self.start(&arguments, Said::listen)?;
        if ended.status.success() {
            return Ok(());
        }
        let exit = format!("`init` ended with {}", ended.status);
        Err(self.no_plan(ended, &exit).into())
    }

    /// Reads the plan that there is.
    fn read(&self, planned: Ended<Said>) -> Result<Measured, Halt> {
        let arguments = ["show".into(), "-json".into(), self.plan.clone().into()];
        let stack = self.stack.clone();
        let ended = self.start(&arguments, move |output| digest::digest(&stack, output))?;
        if self.recipe.keep_plans {
            keep_to_ourselves(&self.plan);
        }
        let (why, said) = match ended.out {
            Some(Digest::Measured(measured)) => {
                return Ok(judged(*measured, planned, &self.recipe.planner.shown));
            }
            Some(Digest::Unread { why, said }) => (why, said),
            None => ("it does not end".to_owned(), String::new()),
        };
        let out = Some(Said { others: said, ..Said::default() });
        let Ended { status, stopped, stderr, .. } = ended;
        let exit = status.to_string();
        let mut failure = self.no_plan(Ended { status, stopped, out, stderr }, &exit);
        failure.problems.insert(0, problem(&format!("the plan cannot be read: {why}")));
        Err(failure.into())
    }

    /// What a program that ended by itself tells of why there is no plan; `exit`, where it said nothing.
    fn no_plan(&self, ended: Ended<Said>, exit: &str) -> Failure {
        let said = ended.out.unwrap_or_default();
        let refusals = self.recipe.refusals.iter().map(String::as_str);
        Failure {
            fault: Fault::of(&said, &ended.stderr, refusals),
            is_late: false,
            problems: fault::problems(said, &ended.stderr, exit),
        }
    }

    /// Runs the planner to its end. One that was made to stop has told nothing.
    fn start<T: Send + 'static>(
        &self,
        arguments: &[OsString],
        consume: impl FnOnce(super::process::Output) -> T + Send + 'static,
    ) -> Result<Ended<T>, Halt> {
        let Planner { shown, .. } = self.recipe.planner;
        let command: Command = self.recipe.planner.command(&self.stack.name, &self.dir, arguments);
        let ended = self.recipe.control.run(command, self.deadline, consume);
        let ended = ended
            .map_err(|error| Failure::other(&format!("`{shown}` does not start: {error}")))?
            .ok_or(Halt::Stopped)?;
        match ended.stopped {
            None => Ok(ended),
            Some(Stopped::Asked) => Err(Halt::Stopped),
            Some(Stopped::TimedOut) => {
                let late = Failure { fault: Fault::Other, is_late: true, problems: Vec::new() };
                Err(late.into())
            }
        }
    }

    /// Waits, but not longer than the stack may take; whether the run still goes on.
    fn pause(&self, length: Duration) -> bool {
        let end = (Instant::now() + length).min(self.deadline);
        while Instant::now() < end && !self.recipe.control.is_stopping() {
            thread::sleep(Duration::from_millis(50));
        }
        !self.recipe.control.is_stopping()
    }
}

impl Failure {
    fn other(why: &str) -> Failure {
        Failure { fault: Fault::Other, is_late: false, problems: vec![problem(why)] }
    }
}

fn problem(summary: &str) -> Problem {
    Problem {
        kind: read::problem_kind(summary, ""),
        is_error: true,
        summary: summary.to_owned(),
        detail: String::new(),
        address: None,
        place: None,
    }
}

/// What the plan says, held against what was said while it was made.
fn judged(mut measured: Measured, planned: Ended<Said>, planner: &str) -> Measured {
    planner.clone_into(&mut measured.file);
    let said = planned.out.unwrap_or_default();
    if planned.stderr.contains(MADE_UP) || said.others.contains(MADE_UP) {
        let why = "Terragrunt planned it with mock outputs: what it depends on was never applied";
        return empty(measured.stack, planner, Status::NotMeasured, why.to_owned());
    }
    let exit = planned.status.code();
    let has_errors = said.errors().next().is_some();
    if has_errors && measured.status != Status::Error {
        // Half a plan looks like one that leaves out the other half.
        measured.status = Status::Error;
        measured.evidence.push("the planner reported errors beside its plan".to_owned());
        measured.changes.clear();
        measured.outputs.clear();
    }
    let has_targets = said.problems.iter().any(read::is_about_targets);
    if has_targets && !matches!(measured.status, Status::Error | Status::NotMeasured) {
        measured.status = Status::NotMeasured;
        let part = "the plan covers only a part: it was made with targets";
        measured.evidence.insert(0, part.to_owned());
    }
    if measured.status == Status::Error {
        let new = said.problems.into_iter().filter(|it| !measured.problems.contains(it));
        let new: Vec<Problem> = new.collect();
        measured.problems.extend(new);
    } else if !matches!(exit, Some(0 | 2)) {
        let status = planned.status;
        let why = format!("the planner ended with {status}, and its plan is whole all the same");
        measured.evidence.push(why);
    }
    measured
}

/// Whether `init` was run in `dir`, by Terraform or by Terragrunt.
fn is_initialised(dir: &Path) -> bool {
    [".terraform", ".terragrunt-cache"].iter().any(|name| dir.join(name).is_dir())
}

#[cfg_attr(not(unix), expect(unused_variables, reason = "there are no modes"))]
fn keep_to_ourselves(plan: &Path) {
    #[cfg(unix)]
    {
        let mode = std::os::unix::fs::PermissionsExt::from_mode(0o600);
        let _ = fs::set_permissions(plan, mode);
    }
}

/// A length of time as people write it: `1h30m`, `90s`.
pub fn shown(length: Duration) -> String {
    let seconds = length.as_secs();
    let (hours, minutes, rest) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    match (hours, minutes, rest) {
        (0, 0, rest) => format!("{rest}s"),
        (0, minutes, 0) => format!("{minutes}m"),
        (0, minutes, rest) => format!("{minutes}m{rest}s"),
        (hours, 0, 0) => format!("{hours}h"),
        (hours, minutes, _) => format!("{hours}h{minutes}m"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_of_time_are_short() {
        let cases =
            [(0, "0s"), (59, "59s"), (60, "1m"), (90, "1m30s"), (7200, "2h"), (5400, "1h30m")];
        for (seconds, expected) in cases {
            assert_eq!(shown(Duration::from_secs(seconds)), expected);
        }
    }
}
