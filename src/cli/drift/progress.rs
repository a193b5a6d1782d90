//! What is said on stderr while stacks are planned: on a terminal a bar that is redrawn, elsewhere a line for each stack.
//!
//! Invariant: it says what happens and decides nothing; times come from how long stacks took before.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use super::super::terminal;
use crate::drift::Status;
use crate::report::drift::status_word;
use crate::report::harmless;
use crate::runner::{Event, Job, Kept, OnDrop, shown};

/// How often the bar is redrawn.
const TICK: Duration = Duration::from_millis(200);

/// How much of a line is used: no line must be broken in two.
const WIDTH: usize = 79;

/// The cells of the bar.
const CELLS: usize = 20;

/// Says how far a run is.
pub(super) struct Progress {
    /// Whether there is a terminal that a bar can be redrawn on, and how wide it is.
    width: Option<usize>,
    state: Mutex<State>,
    is_over: AtomicBool,
}

struct State {
    total: usize,
    ended: usize,
    workers: usize,
    /// What runs, and since when.
    running: BTreeMap<String, Instant>,
    /// How long each stack that is not done yet is thought to take, in milliseconds.
    left: BTreeMap<String, u64>,
    /// Whether that is more than a guess.
    is_known: bool,
    is_drawn: bool,
}

impl Progress {
    /// For `jobs`, planned by so many `workers`. `is_known` says whether it is known how long they take.
    pub(super) fn new(jobs: &[Job], workers: usize, is_known: bool) -> Progress {
        let left = jobs.iter().map(|job| (job.stack.name.clone(), job.weight));
        let state = State {
            total: jobs.len(),
            ended: 0,
            workers,
            running: BTreeMap::new(),
            left: left.collect(),
            is_known,
            is_drawn: false,
        };
        let width = terminal::has_watcher().then_some(WIDTH);
        Progress { width, state: Mutex::new(state), is_over: AtomicBool::new(false) }
    }

    /// Does `work`, and redraws the bar meanwhile.
    pub(super) fn during<T>(&self, work: impl FnOnce() -> T) -> T {
        let Some(width) = self.width else { return work() };
        thread::scope(|scope| {
            scope.spawn(|| {
                while !self.is_over.load(Ordering::SeqCst) {
                    self.state().draw(width);
                    thread::sleep(TICK);
                }
                self.state().wipe();
            });
            let _end = OnDrop(&self.is_over);
            work()
        })
    }

    /// Takes in what happens.
    pub(super) fn told(&self, event: Event<'_>) {
        let mut state = self.state();
        match event {
            Event::Began(name) => {
                state.running.insert(name.to_owned(), Instant::now());
            }
            Event::Again(name, why) => {
                let (name, why) = (harmless(name), harmless(why));
                state.say(&format!("{name}: once more, because: {why}\n"));
            }
            Event::Ended(kept) => {
                let name = &kept.measured.stack.name;
                state.running.remove(name);
                state.left.remove(name);
                state.ended += 1;
                if self.width.is_none() || kept.measured.status != Status::Clean {
                    let line = line(kept, state.ended, state.total);
                    state.say(&line);
                }
            }
            Event::Unsaved(name, error) => {
                let text = format!("error: the result of `{name}` is not on the disk: {error}");
                state.say(&format!("{}\n", harmless(&text)));
            }
            Event::Stopped(name) => {
                state.running.remove(name);
                state.say(&format!("{}: stopped\n", harmless(name)));
            }
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// `[12/40] dns: drift (3 differences, 14s)`
fn line(kept: &Kept, ended: usize, total: usize) -> String {
    let measured = &kept.measured;
    let took = Duration::from_millis(kept.took_ms);
    let took = if took < Duration::from_secs(10) {
        format!("{:.1}s", took.as_secs_f64())
    } else {
        shown(took)
    };
    let what = match (measured.changes.len(), measured.problems.iter().find(|it| it.is_error)) {
        (_, Some(problem)) => format!("{}, {took}", problem.summary),
        (0, None) => took,
        (count, None) => format!("{}, {took}", crate::report::plural(count, "change")),
    };
    let status = status_word(measured.status);
    format!(
        "[{ended}/{total}] {}: {status} ({})\n",
        harmless(&measured.stack.name),
        harmless(&what)
    )
}

impl State {
    /// Says something above the bar.
    fn say(&mut self, line: &str) {
        self.wipe();
        terminal::complain(line);
    }

    fn wipe(&mut self) {
        if self.is_drawn {
            terminal::complain("\r\x1b[K");
            self.is_drawn = false;
        }
    }

    fn draw(&mut self, width: usize) {
        let mut text = format!("{}/{}", self.ended, self.total);
        if let Some(rest) = self.rest() {
            let _ = write!(text, ", about {} left", shown(rest));
        }
        let names: Vec<_> = self.running.keys().map(|name| harmless(name)).collect();
        if !names.is_empty() {
            let _ = write!(text, ": {}", names.join(", "));
        }
        let full = CELLS * self.ended / self.total.max(1);
        let bar = format!("{}{}", "#".repeat(full), ".".repeat(CELLS - full));
        let line: String =
            format!("[{bar}] {text}").chars().take(width.saturating_sub(1)).collect();
        terminal::complain(&format!("\r\x1b[K{line}"));
        self.is_drawn = true;
    }

    /// How long it still takes, as far as is known.
    fn rest(&self) -> Option<Duration> {
        if !self.is_known || self.left.is_empty() {
            return None;
        }
        let left = |(name, weight): (&String, &u64)| {
            let since = self.running.get(name).map_or(0, |at| at.elapsed().as_millis() as u64);
            weight.saturating_sub(since)
        };
        let (sum, longest) = self
            .left
            .iter()
            .map(left)
            .fold((0_u64, 0_u64), |(sum, most), it| (sum.saturating_add(it), most.max(it)));
        let shared = sum / self.workers.clamp(1, self.left.len()) as u64;
        Some(Duration::from_millis(shared.max(longest)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::drift::StackRef;

    #[test]
    fn the_rest_is_what_workers_share_and_at_least_the_longest() {
        let jobs: Vec<Job> = [("a", 60_000), ("b", 10_000), ("c", 10_000)]
            .into_iter()
            .map(|(name, weight)| Job {
                stack: StackRef { name: name.to_owned(), dir: None },
                after: Vec::new(),
                reads: Vec::new(),
                weight,
            })
            .collect();
        let rest = |workers, is_known| Progress::new(&jobs, workers, is_known).state().rest();
        assert_eq!(rest(1, true), Some(Duration::from_secs(80)));
        assert_eq!(rest(3, true), Some(Duration::from_mins(1)));
        assert_eq!(rest(2, false), None);
    }
}
