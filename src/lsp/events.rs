//! What happens to a server, one thing after the other: messages, runs that are done, and nothing for a while.

use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, TryRecvError, channel};
use std::thread;
use std::time::Instant;

use lsp_server::Message;

use crate::analysis::session::{Done, Job};
use crate::rule::guarded;
use crate::workspace::WorkspaceError;

/// Something that happened.
pub(super) enum Event {
    /// The client has sent a message.
    Message(Message),
    /// A run came to its end, or why it did not; nothing comes of one that was stopped.
    Done(Box<Result<Option<Done>, JobError>>),
    /// The client is gone.
    Gone,
    /// Nothing, until it was time.
    Due,
}

/// Why a run came to nothing.
pub(super) enum JobError {
    /// The root cannot be looked into.
    Workspace(WorkspaceError),
    /// A panic.
    Panic(String),
}

/// Everything that happens, in order.
pub(super) struct Events {
    sender: Sender<Event>,
    receiver: Receiver<Event>,
    /// Where runs take place, so that they leave the other cores to the client.
    pool: Option<rayon::ThreadPool>,
}

impl Events {
    /// The client's messages, which `receiver` gives.
    pub(super) fn new(messages: impl IntoIterator<Item = Message> + Send + 'static) -> Events {
        let (sender, receiver) = channel();
        let of_client = sender.clone();
        thread::spawn(move || {
            for message in messages {
                if of_client.send(Event::Message(message)).is_err() {
                    return;
                }
            }
            let _ = of_client.send(Event::Gone);
        });
        let cores = thread::available_parallelism().map_or(1, usize::from);
        let pool = rayon::ThreadPoolBuilder::new().num_threads((cores / 2).max(1)).build().ok();
        Events { sender, receiver, pool }
    }

    /// The next event; where nothing happens, [`Event::Due`] at the time `due`.
    pub(super) fn next(&self, due: Option<Instant>) -> Event {
        let Some(due) = due else { return self.receiver.recv().unwrap_or(Event::Gone) };
        match self.receiver.recv_timeout(due.saturating_duration_since(Instant::now())) {
            Ok(event) => event,
            Err(RecvTimeoutError::Timeout) => Event::Due,
            Err(RecvTimeoutError::Disconnected) => Event::Gone,
        }
    }

    /// What has happened by now.
    pub(super) fn pending(&self) -> Option<Event> {
        match self.receiver.try_recv() {
            Ok(event) => Some(event),
            Err(TryRecvError::Empty) => None,
            Err(TryRecvError::Disconnected) => Some(Event::Gone),
        }
    }

    /// Starts a run, which will be an event.
    pub(super) fn start(&self, job: Job) {
        let sender = self.sender.clone();
        let run = move || {
            let done = match guarded(|| job.run()) {
                Ok(Ok(done)) => Ok(done),
                Ok(Err(error)) => Err(JobError::Workspace(error)),
                Err(panic) => Err(JobError::Panic(panic)),
            };
            // The server may be gone by then.
            let _ = sender.send(Event::Done(Box::new(done)));
        };
        match &self.pool {
            Some(pool) => pool.spawn(run),
            None => rayon::spawn(run),
        }
    }
}
