//! Several workers over many stacks: in the order of dependencies, each result on the disk as soon as it is there.
//!
//! Invariant: what was measured is never lost. It is in the results, or, where the disk refuses, in what a run returns.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::thread;

use super::measure::Recipe;
use super::queue::Queue;
use super::results::{Kept, Results, ResultsError};
use crate::drift::{Commit, Measured, StackRef, Status};

/// A stack to plan.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Job {
    /// Which.
    pub stack: StackRef,
    /// What is planned before it: indices into the list it is in.
    pub after: Vec<usize>,
    /// The names of the stacks whose outputs it reads.
    pub reads: Vec<String>,
    /// How long it took the last time, in milliseconds; where that is not known, a guess.
    pub weight: u64,
}

/// What happens, for whoever watches.
#[derive(Clone, Copy, Debug)]
pub enum Event<'a> {
    /// A stack is being planned.
    Began(&'a str),
    /// Something is tried again, and why.
    Again(&'a str, &'a str),
    /// A stack is done.
    Ended(&'a Kept),
    /// A result could not be written.
    Unsaved(&'a str, &'a ResultsError),
    /// The run is stopped before the stack was measured.
    Stopped(&'a str),
}

/// Who watches a run.
pub(super) type Watch<'a> = dyn Fn(Event<'_>) + Sync + 'a;

/// What came of it.
#[derive(Debug, Default)]
pub struct Outcome {
    /// What was measured, sorted by the name of the stack.
    pub kept: BTreeMap<String, Kept>,
    /// The results that are not on the disk, and why not.
    pub unsaved: BTreeMap<String, ResultsError>,
}

/// Plans `jobs`, so many `workers` at once. What is known already (`before`) is not planned again, and counts for what reads
/// its outputs.
pub fn work(
    recipe: &Recipe<'_>,
    jobs: &[Job],
    before: BTreeMap<String, Kept>,
    workers: usize,
    watch: &Watch<'_>,
) -> Outcome {
    let settle = |kept: Kept, outcome: &Outcome, job: &Job| Kept {
        measured: follow_on(kept.measured, job, outcome),
        ..kept
    };
    let mut outcome = Outcome { kept: before, unsaved: BTreeMap::new() };
    plan(recipe, jobs, &mut outcome, workers, watch, &settle);
    outcome
}

/// Those of `jobs` that differ, and were not planned a second time to see whether they still do.
pub fn differing(jobs: &[Job], outcome: &Outcome) -> Vec<Job> {
    let differs = |job: &&Job| {
        let kept = outcome.kept.get(&job.stack.name);
        kept.is_some_and(|kept| !kept.is_confirmed && is_difference(kept.measured.status))
    };
    // They were planned in order once; now each is on its own.
    jobs.iter().filter(differs).map(|job| Job { after: Vec::new(), ..job.clone() }).collect()
}

/// Plans `jobs`, which differ, once more. What does not differ any more is no drift.
pub fn confirm(
    recipe: &Recipe<'_>,
    jobs: &[Job],
    outcome: &mut Outcome,
    workers: usize,
    watch: &Watch<'_>,
) {
    let settle =
        |second: Kept, outcome: &Outcome, job: &Job| match outcome.kept.get(&job.stack.name) {
            Some(first) => settled(first, second),
            None => second,
        };
    plan(recipe, jobs, outcome, workers, watch, &settle);
}

/// What a result becomes in the light of what is known already.
type Settle<'a> = dyn Fn(Kept, &Outcome, &Job) -> Kept + Sync + 'a;

fn plan(
    recipe: &Recipe<'_>,
    jobs: &[Job],
    outcome: &mut Outcome,
    workers: usize,
    watch: &Watch<'_>,
    settle: &Settle<'_>,
) {
    let weights: Vec<u64> = jobs.iter().map(|job| job.weight).collect();
    let after: Vec<Vec<usize>> = jobs.iter().map(|job| job.after.clone()).collect();
    let queue = Queue::new(&after, &weights);
    let shared = Mutex::new(outcome);
    let is_stopping = || recipe.control.is_stopping();
    let one = || {
        while let Some(at) = queue.next(is_stopping) {
            let job = &jobs[at];
            let name = job.stack.name.as_str();
            watch(Event::Began(name));
            match recipe.measure(&job.stack, &|why| watch(Event::Again(name, why))) {
                Some(kept) => {
                    let mut outcome = shared.lock().unwrap_or_else(PoisonError::into_inner);
                    let kept = settle(kept, &outcome, job);
                    let saved = recipe.results.keep(&kept);
                    watch(Event::Ended(&kept));
                    outcome.kept.insert(name.to_owned(), kept);
                    if let Err(error) = saved {
                        watch(Event::Unsaved(name, &error));
                        outcome.unsaved.insert(name.to_owned(), error);
                    }
                }
                None => watch(Event::Stopped(name)),
            }
            queue.done(at);
        }
    };
    thread::scope(|scope| {
        for _ in 0..workers.clamp(1, jobs.len().max(1)) {
            scope.spawn(one);
        }
    });
}

/// Tries once more to write what could not be written.
pub fn save(results: &Results, outcome: &mut Outcome) {
    let kept = &outcome.kept;
    outcome.unsaved.retain(|name, error| {
        let Some(kept) = kept.get(name) else { return false };
        match results.keep(kept) {
            Ok(()) => false,
            Err(again) => {
                *error = again;
                true
            }
        }
    });
}

fn is_difference(status: Status) -> bool {
    matches!(status, Status::Drift | Status::Pending)
}

/// A stack that could not be planned, and reads outputs of one that could not either, has no error of its own: it waits for
/// the other. Whether the outputs can be read only the planner knows, so it was tried.
fn follow_on(mut measured: Measured, job: &Job, outcome: &Outcome) -> Measured {
    if measured.status != Status::Error {
        return measured;
    }
    let is_broken = |name: &&String| {
        let kept = outcome.kept.get(*name);
        kept.is_some_and(|kept| is_unknown(kept.measured.status))
    };
    if let Some(name) = job.reads.iter().find(is_broken) {
        measured.status = Status::NotMeasured;
        let why = format!("it reads outputs of `{name}`, which could not be planned either");
        measured.evidence.insert(0, why);
    }
    measured
}

/// Whether nothing is known of a stack although it was tried.
fn is_unknown(status: Status) -> bool {
    matches!(status, Status::Error | Status::Timeout | Status::NotMeasured)
}

/// What two measurements of one stack say together.
fn settled(first: &Kept, second: Kept) -> Kept {
    let on = |measured: &Measured| {
        measured.commit.as_ref().map_or_else(String::new, |it| format!(" on {}", short(it)))
    };
    let (one, two) = (on(&first.measured), on(&second.measured));
    let mut kept = match second.measured.status {
        status if is_difference(status) => {
            let mut kept = second;
            kept.measured.evidence.push(format!("it was planned twice, and still differs{two}"));
            kept
        }
        Status::Clean | Status::Masked => {
            let mut kept = second;
            let why = if one == two {
                format!("it differed when it was planned first{one}, and does not any more")
            } else {
                format!(
                    "it differed{one}, and does not{two}: the checkout was older than what runs"
                )
            };
            kept.measured.evidence.push(why);
            kept
        }
        status => {
            // What was measured counts more than what was not.
            let mut kept = first.clone();
            let why = second.measured.problems.iter().find(|it| it.is_error);
            let why = why.map(|it| it.summary.clone());
            let why = why.or_else(|| second.measured.evidence.first().cloned());
            let why = why.unwrap_or_else(|| format!("{status:?}"));
            kept.measured
                .evidence
                .push(format!("it could not be planned a second time{two}: {why}"));
            kept
        }
    };
    kept.is_confirmed = true;
    kept.took_ms = first.took_ms;
    kept
}

/// The beginning of a commit's hash.
pub fn short(commit: &Commit) -> &str {
    commit.id.get(..10).unwrap_or(&commit.id)
}

#[cfg(test)]
mod tests {
    use super::super::results::empty;
    use super::*;

    fn kept(name: &str, status: Status, commit: &str) -> Kept {
        let stack = StackRef { name: name.to_owned(), dir: None };
        let mut measured = empty(stack, "terraform", status, "why".to_owned());
        measured.commit = Some(Commit { id: commit.repeat(40), time: None });
        Kept::new(measured, 5)
    }

    #[test]
    fn only_what_still_differs_is_drift() {
        let first = kept("a", Status::Drift, "1");
        let told = |status, commit| {
            let kept = settled(&first, Kept { took_ms: 99, ..kept("a", status, commit) });
            assert!(kept.is_confirmed && kept.took_ms == 5);
            (kept.measured.status, kept.measured.evidence.last().cloned().unwrap())
        };
        assert_eq!(
            told(Status::Pending, "2"),
            (Status::Pending, "it was planned twice, and still differs on 2222222222".to_owned())
        );
        let (status, why) = told(Status::Clean, "2");
        assert_eq!(status, Status::Clean);
        assert!(why.ends_with("on 2222222222: the checkout was older than what runs"), "{why}");
        let (_, why) = told(Status::Clean, "1");
        assert!(why.ends_with("and does not any more"), "{why}");
        let (status, why) = told(Status::Error, "2");
        assert_eq!(status, Status::Drift);
        assert_eq!(why, "it could not be planned a second time on 2222222222: why");
    }

    #[test]
    fn one_error_is_one_error_and_not_those_of_all_who_wait_for_it() {
        let mut outcome = Outcome::default();
        for (name, status) in [("base", Status::Error), ("fine", Status::Drift)] {
            outcome.kept.insert(name.to_owned(), kept(name, status, "1"));
        }
        let judged = |reads: &str, status| {
            let job = Job {
                stack: StackRef { name: "x".to_owned(), dir: None },
                after: Vec::new(),
                reads: vec![reads.to_owned()],
                weight: 1,
            };
            follow_on(kept("x", status, "1").measured, &job, &outcome).status
        };
        assert_eq!(judged("base", Status::Error), Status::NotMeasured);
        assert_eq!(judged("fine", Status::Error), Status::Error);
        assert_eq!(judged("base", Status::Clean), Status::Clean, "its outputs could be read");
    }
}
