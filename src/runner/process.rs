//! Programs that are started, and how they end: by themselves, because their time is up, or because the run was stopped.
//!
//! Invariant: every program has a process group of its own, and none outlives the call that started it. Who sent a signal is
//! remembered: a plan that was interrupted while it waited for a lock says the same as one that did not get the lock.

use std::collections::VecDeque;
use std::io::{self, Read};
use std::process::{Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};
use std::sync::mpsc::{self, Receiver};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process_group, waitid};

/// How long a program may take to stop after it was asked to.
const GRACE: Duration = Duration::from_secs(10);

/// How often the clock is looked at.
const TICK: Duration = Duration::from_millis(50);

/// How long output may still come after a program has ended: from what it left running.
const LEFTOVER: Duration = Duration::from_secs(2);

/// What is kept of the beginning and of the end of an output.
const HEAD: usize = 16 << 10;
const TAIL: usize = 48 << 10;

/// Why a program was made to stop.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Stopped {
    /// Its time was up.
    TimedOut,
    /// The run was stopped.
    Asked,
}

/// How a program ended.
#[derive(Debug)]
pub(super) struct Ended<T> {
    /// Its own word.
    pub(super) status: ExitStatus,
    /// Whether we made it stop.
    pub(super) stopped: Option<Stopped>,
    /// What its output was made into; none where it did not end with the program.
    pub(super) out: Option<T>,
    /// The beginning and the end of what it said on stderr.
    pub(super) stderr: String,
}

/// What runs, and whether it still may.
#[derive(Clone, Debug, Default)]
pub struct Control(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    /// How often the run was asked to stop.
    asked: AtomicU8,
    is_over: AtomicBool,
    live: Mutex<Vec<Live>>,
}

#[derive(Debug)]
struct Live {
    group: Pid,
    deadline: Instant,
    stopped: Option<Stopped>,
    /// From when on it is killed.
    killed_at: Option<Instant>,
}

impl Control {
    /// Stops the run: the first time, programs are asked to stop; the second time, they are killed.
    pub fn stop(&self) {
        let before = self.0.asked.fetch_add(1, Ordering::SeqCst);
        for live in self.live().iter_mut() {
            live.stopped.get_or_insert(Stopped::Asked);
            if before == 0 && live.killed_at.is_none() {
                live.interrupt();
            } else if before > 0 {
                live.killed_at = Some(Instant::now());
                signal(live.group, Signal::KILL);
            }
        }
    }

    /// Whether the run was asked to stop.
    pub fn is_stopping(&self) -> bool {
        self.0.asked.load(Ordering::SeqCst) > 0
    }

    /// Does `work`, during which programs whose time is up are ended.
    pub fn watched<T>(&self, work: impl FnOnce() -> T) -> T {
        thread::scope(|scope| {
            scope.spawn(|| self.watch());
            let _end = OnDrop(&self.0.is_over);
            work()
        })
    }

    fn watch(&self) {
        while !self.is_over() {
            let now = Instant::now();
            for live in self.live().iter_mut() {
                if live.killed_at.is_some_and(|at| at <= now) {
                    signal(live.group, Signal::KILL);
                } else if live.killed_at.is_none() && live.deadline <= now {
                    live.stopped = Some(Stopped::TimedOut);
                    live.interrupt();
                }
            }
            thread::sleep(TICK);
        }
    }

    /// Whether there is nothing to watch any more.
    pub(super) fn is_over(&self) -> bool {
        self.0.is_over.load(Ordering::SeqCst)
    }

    fn live(&self) -> MutexGuard<'_, Vec<Live>> {
        self.0.live.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs `command` until `deadline` and makes its output into something with `consume`. `None` where the run is stopping
    /// already.
    pub(super) fn run<T: Send + 'static>(
        &self,
        mut command: Command,
        deadline: Instant,
        consume: impl FnOnce(Output) -> T + Send + 'static,
    ) -> io::Result<Option<Ended<T>>> {
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = {
            // Whoever stops the run from now on finds it in the list.
            let mut live = self.live();
            if self.is_stopping() {
                return Ok(None);
            }
            let child = command.spawn()?;
            let group = Pid::from_child(&child);
            live.push(Live { group, deadline, stopped: None, killed_at: None });
            child
        };
        let out = Reading::start(child.stdout.take(), consume);
        let stderr = Reading::start(child.stderr.take(), both_ends);
        let group = Pid::from_child(&child);
        // It is not reaped before its output has ended: until then nobody else can have its number.
        wait_for_end(group);
        if !(out.ends_soon() && stderr.ends_soon()) {
            signal(group, Signal::KILL);
        }
        let (out, stderr) = (out.made(), stderr.made());
        let stopped = {
            let mut live = self.live();
            let at = live.iter().position(|live| live.group == group);
            at.and_then(|at| live.swap_remove(at).stopped)
        };
        let status = child.wait()?;
        Ok(Some(Ended { status, stopped, out, stderr: stderr.unwrap_or_default() }))
    }
}

impl Live {
    fn interrupt(&mut self) {
        self.killed_at = Some(Instant::now() + GRACE);
        signal(self.group, Signal::INT);
    }
}

/// Says that something is over, also where it ends with a panic: the other thread would wait for ever.
pub struct OnDrop<'a>(pub &'a AtomicBool);

impl Drop for OnDrop<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::SeqCst);
    }
}

/// Sends `signal` to all programs of a group. That there are none any more is no error.
fn signal(group: Pid, signal: Signal) {
    let _ = kill_process_group(group, signal);
}

/// Waits until the process has ended, and leaves it to be reaped.
fn wait_for_end(process: Pid) {
    let ended = WaitIdOptions::EXITED | WaitIdOptions::NOWAIT;
    while matches!(waitid(WaitId::Pid(process), ended), Err(rustix::io::Errno::INTR)) {}
}

/// The output of a program, which somebody reads.
pub(super) struct Output {
    pipe: Box<dyn Read + Send>,
    is_over: Arc<AtomicBool>,
}

impl Read for Output {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.pipe.read(buffer)?;
        if read == 0 && !buffer.is_empty() {
            self.is_over.store(true, Ordering::SeqCst);
        }
        Ok(read)
    }
}

impl Drop for Output {
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::SeqCst);
    }
}

/// An output that is read on a thread of its own: who only reads one of two may wait for the other for ever.
struct Reading<T> {
    made: Receiver<T>,
    is_over: Arc<AtomicBool>,
}

impl<T: Send + 'static> Reading<T> {
    fn start(
        pipe: Option<impl Read + Send + 'static>,
        consume: impl FnOnce(Output) -> T + Send + 'static,
    ) -> Self {
        let (sender, made) = mpsc::sync_channel(1);
        let is_over = Arc::new(AtomicBool::new(pipe.is_none()));
        if let Some(pipe) = pipe {
            let output = Output { pipe: Box::new(pipe), is_over: Arc::clone(&is_over) };
            thread::spawn(move || sender.send(consume(output)));
        }
        Self { made, is_over }
    }

    /// Whether the output ends in a moment: what a program left running may hold it open.
    fn ends_soon(&self) -> bool {
        let limit = Instant::now() + LEFTOVER;
        let mut pause = Duration::from_micros(100);
        while !self.is_over.load(Ordering::SeqCst) && Instant::now() < limit {
            thread::sleep(pause);
            pause = (pause * 2).min(TICK);
        }
        self.is_over.load(Ordering::SeqCst)
    }

    /// What the output was made into, however long that takes; none where it does not end.
    fn made(self) -> Option<T> {
        if self.ends_soon() { self.made.recv().ok() } else { self.made.try_recv().ok() }
    }
}

fn both_ends(mut errors: Output) -> String {
    let mut ends = Ends::default();
    let mut buffer = [0; 8 << 10];
    loop {
        match errors.read(&mut buffer) {
            Ok(0) => break,
            Ok(read) => ends.add(&buffer[..read]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(_) => break,
        }
    }
    ends.text()
}

/// The beginning and the end of a long text.
#[derive(Debug, Default)]
pub(super) struct Ends {
    head: Vec<u8>,
    tail: VecDeque<u8>,
    is_cut: bool,
}

impl Ends {
    pub(super) fn add(&mut self, bytes: &[u8]) {
        let free = HEAD.saturating_sub(self.head.len()).min(bytes.len());
        self.head.extend(&bytes[..free]);
        self.tail.extend(&bytes[free..]);
        let over = self.tail.len().saturating_sub(TAIL);
        self.is_cut |= over > 0;
        self.tail.drain(..over);
    }

    pub(super) fn text(self) -> String {
        let mut bytes = self.head;
        if self.is_cut {
            bytes.extend(b"\n(...)\n");
        }
        bytes.extend(self.tail);
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[expect(clippy::disallowed_methods, reason = "programs are what this is about")]
    fn shell(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    }

    fn text(mut output: Output) -> String {
        let mut text = String::new();
        output.read_to_string(&mut text).unwrap();
        text
    }

    fn watched<T>(work: impl FnOnce(&Control) -> T) -> T {
        let control = Control::default();
        control.watched(|| work(&control))
    }

    #[test]
    fn both_outputs_are_read_to_the_end() {
        let ended = watched(|control| {
            let script = "head -c 300000 /dev/zero >&2; echo out; echo last >&2; exit 3";
            let deadline = Instant::now() + Duration::from_secs(30);
            control.run(shell(script), deadline, text).unwrap().unwrap()
        });
        assert_eq!((ended.status.code(), ended.stopped), (Some(3), None));
        assert_eq!(ended.out.as_deref(), Some("out\n"));
        assert!(ended.stderr.ends_with("last\n") && ended.stderr.len() < 70_000);
    }

    #[test]
    fn what_takes_too_long_is_stopped_with_all_that_it_started() {
        let started = Instant::now();
        let ended = watched(|control| {
            let deadline = Instant::now() + Duration::from_millis(100);
            control.run(shell("sleep 60 & sleep 60; echo never"), deadline, text).unwrap().unwrap()
        });
        assert_eq!(ended.stopped, Some(Stopped::TimedOut));
        assert!(started.elapsed() < Duration::from_secs(50), "{:?}", started.elapsed());
    }

    #[test]
    fn what_is_left_running_does_not_hold_up_the_run() {
        let started = Instant::now();
        let ended = watched(|control| {
            let deadline = Instant::now() + Duration::from_secs(30);
            control.run(shell("sleep 60 & echo done"), deadline, text).unwrap().unwrap()
        });
        assert!(ended.status.success() && ended.stopped.is_none());
        assert_eq!(ended.out.as_deref(), Some("done\n"));
        assert!(started.elapsed() < Duration::from_secs(25), "{:?}", started.elapsed());
    }

    #[test]
    fn the_second_time_it_is_killed_and_nothing_starts_any_more() {
        let place = tempfile::tempdir().unwrap();
        let control = Control::default();
        let deadline = Instant::now() + Duration::from_mins(1);
        let ended = thread::scope(|scope| {
            let up = place.path().join("up");
            let deaf = "trap '' INT; touch \"$UP\"; while :; do sleep 1; done";
            let mut command = shell(deaf);
            command.env("UP", &up);
            let running = scope.spawn(|| control.run(command, deadline, text));
            while !up.exists() && !running.is_finished() {
                thread::sleep(TICK);
            }
            control.stop();
            thread::sleep(Duration::from_millis(200));
            assert!(!running.is_finished());
            control.stop();
            running.join().unwrap().unwrap().unwrap()
        });
        assert_eq!(ended.stopped, Some(Stopped::Asked));
        assert!(ended.status.code().is_none());
        assert!(control.run(shell("true"), deadline, text).unwrap().is_none());
    }

    #[test]
    fn of_a_long_text_both_ends_are_kept() {
        let mut ends = Ends::default();
        for at in 0..20_000 {
            ends.add(format!("{at}\n").as_bytes());
        }
        let text = ends.text();
        assert!(text.starts_with("0\n1\n") && text.ends_with("\n19999\n"));
        assert!(text.contains("\n(...)\n") && text.len() < HEAD + TAIL + 10);
    }
}
