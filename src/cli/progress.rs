//! How far a command has come, for whoever waits at a terminal.
//!
//! Invariant: nothing is shown within the first second, nor where stderr is no terminal; at the end nothing of it is left.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use super::terminal;

/// For so long nobody wonders.
const PATIENCE: Duration = Duration::from_secs(1);
/// How often what is shown changes at most.
const PACE: Duration = Duration::from_millis(100);

/// How much of some work is done. Any thread may say that a step is.
pub(super) struct Progress {
    /// What is done to how many: `read 3 of 150 files`.
    verb: &'static str,
    noun: &'static str,
    all: usize,
    done: AtomicUsize,
    /// When it may next be shown; `None` where it never is.
    next: Option<Mutex<Instant>>,
}

impl Progress {
    /// The beginning of doing `verb` to `all` `noun`.
    pub(super) fn new(verb: &'static str, all: usize, noun: &'static str) -> Progress {
        let next = terminal::has_watcher().then(|| Mutex::new(Instant::now() + PATIENCE));
        Progress { verb, noun, all, done: AtomicUsize::new(0), next }
    }

    /// One more is done.
    pub(super) fn step(&self) {
        let done = self.done.fetch_add(1, Ordering::Relaxed) + 1;
        // Whoever finds it locked need not say it: another is about to.
        let Some(Ok(mut next)) = self.next.as_ref().map(Mutex::try_lock) else { return };
        let now = Instant::now();
        if now >= *next {
            *next = now + PACE;
            let Progress { verb, noun, all, .. } = self;
            terminal::complain(&format!("\r{verb} {done} of {all} {noun}\u{1b}[K"));
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if self.next.is_some() {
            terminal::complain("\r\u{1b}[K");
        }
    }
}

/// Does `work`, of which nobody knows how much it is. Meanwhile is shown what is being `done`, and for how long.
pub(super) fn while_doing<T>(done: &str, work: impl FnOnce() -> T) -> T {
    if !terminal::has_watcher() {
        return work();
    }
    telling(done, PATIENCE, &terminal::complain, work)
}

/// Does `work`, and meanwhile has `say` told what is being `done`: after each `pace` once, and at the end that it is over.
fn telling<T>(
    done: &str,
    pace: Duration,
    say: &(dyn Fn(&str) + Sync),
    work: impl FnOnce() -> T,
) -> T {
    let (end, ended) = mpsc::channel::<()>();
    thread::scope(|scope| {
        scope.spawn(move || {
            let begun = Instant::now();
            let mut is_said = false;
            // The other end is dropped where the work is done, or has panicked.
            while ended.recv_timeout(pace) == Err(RecvTimeoutError::Timeout) {
                let seconds = begun.elapsed().as_secs();
                say(&format!("\r{done} for {seconds} s\u{1b}[K"));
                is_said = true;
            }
            if is_said {
                say("\r\u{1b}[K");
            }
        });
        let result = work();
        drop(end);
        result
    })
}

#[cfg(test)]
mod tests {
    use std::sync::PoisonError;

    use super::*;

    #[test]
    fn what_takes_long_is_told_until_it_is_done() {
        let told = Mutex::new(Vec::new());
        let told = || told.lock().unwrap_or_else(PoisonError::into_inner);
        let say = |text: &str| told().push(text.to_owned());
        let result = telling("trying fixes", Duration::from_millis(1), &say, || {
            while told().len() < 2 {
                thread::yield_now();
            }
            7
        });
        assert_eq!(result, 7);
        let told = told();
        let (last, before) = told.split_last().unwrap();
        assert_eq!(last, "\r\u{1b}[K");
        for text in before {
            let shown = text.strip_prefix("\rtrying fixes for ").unwrap();
            let seconds = shown.strip_suffix(" s\u{1b}[K").unwrap();
            assert!(seconds.parse::<u64>().is_ok(), "{text:?}");
        }
    }

    #[test]
    fn what_is_done_at_once_is_not_told() {
        let say = |text: &str| panic!("{text:?}");
        assert_eq!(telling("trying fixes", Duration::from_hours(1), &say, || 7), 7);
    }

    #[test]
    fn who_panics_leaves_nobody_waiting() {
        let work = || telling("trying fixes", Duration::from_hours(1), &|_| {}, || panic!("it"));
        let result: thread::Result<()> = std::panic::catch_unwind(work);
        assert!(result.is_err());
    }
}
