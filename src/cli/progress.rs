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
    let (end, ended) = mpsc::channel::<()>();
    thread::scope(|scope| {
        scope.spawn(move || {
            let begun = Instant::now();
            // The other end is dropped where the work is done, or has panicked.
            while ended.recv_timeout(PATIENCE) == Err(RecvTimeoutError::Timeout) {
                let seconds = begun.elapsed().as_secs();
                terminal::complain(&format!("\r{done} for {seconds} s\u{1b}[K"));
            }
            if begun.elapsed() >= PATIENCE {
                terminal::complain("\r\u{1b}[K");
            }
        });
        let result = work();
        drop(end);
        result
    })
}
