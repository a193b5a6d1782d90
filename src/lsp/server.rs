//! The state of a server, and what notifications and finished runs do to it.
//!
//! Invariant: edits are looked at once nothing else waits, so that of many keystrokes the last one counts; what is dear to
//! look at waits for a pause. A run over the whole repo follows when typing pauses, one at a time.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use lsp_server::{Connection, ErrorCode, Message, Notification, Request, RequestId, Response};
use lsp_types::notification::{self as notice, Notification as _};
use lsp_types::{
    DidChangeTextDocumentParams, DidChangeWatchedFilesParams, DidCloseTextDocumentParams,
    DidOpenTextDocumentParams, DidSaveTextDocumentParams, InitializeParams, LogMessageParams,
    MessageType, PublishDiagnosticsParams, Uri,
};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::client::Client;
use super::convert::{self, Converter};
use super::documents::{Document, Documents};
use super::events::{Event, Events, JobError};
use super::requests;
use crate::analysis::session::{Done, Session};
use crate::rule::{Stop, guarded};
use crate::syntax::Date;
use crate::workspace::{CACHES, RootBy, Workspace, find_root, is_nowhere, root_and_reason};

/// How long typing must pause before the whole repo is checked.
const PAUSE: Duration = Duration::from_millis(400);
/// How long to wait after a save or a change on the disk: others may follow at once.
const SOON: Duration = Duration::from_millis(60);

/// So many runs in a row may be stopped.
const PATIENCE: usize = 4;

/// A look that takes less time than this is taken after every keystroke.
const CHEAP: Duration = Duration::from_millis(40);

/// A server for one repo.
pub(super) struct Server {
    pub(super) client: Client,
    pub(super) session: Session,
    pub(super) documents: Documents,
    pub(super) today: fn() -> Date,
    /// What was said about each file last.
    pub(super) published: BTreeMap<String, u64>,
    /// The root as the client writes it, which may be by way of a link.
    top: PathBuf,
    /// Tells which paths lie in the root, whichever way leads there; none where the root cannot be opened, or is no repo.
    pub(super) workspace: Option<Workspace>,
    /// Whether there is no repo to serve: nobody has opened a folder, and the editor was started nowhere.
    pub(super) is_nowhere: bool,
    connection: Connection,
    events: Events,
    /// The files that were edited and not looked at since, and when each is to be looked at.
    unseen: BTreeMap<String, Instant>,
    /// How long the last look at a file took.
    costs: BTreeMap<String, Duration>,
    /// When the whole repo is to be checked.
    due: Option<Instant>,
    /// Stops the run over everything that is under way.
    running: Option<Stop>,
    /// How many runs in a row came to nothing because something was typed.
    stopped: usize,
    /// The failures that were shown: each is shown once.
    complaints: BTreeSet<String>,
    /// The folders that were opened, and lie in another repo than the one that is served.
    pub(super) others: Vec<PathBuf>,
    is_shut_down: bool,
    next_id: i32,
}

impl Server {
    /// A server for the first folder that the client has opened, or for the repo around `here`; `home` is none.
    pub(super) fn new(
        params: &InitializeParams,
        here: &Path,
        home: Option<&Path>,
        client: Client,
        connection: Connection,
        today: fn() -> Date,
    ) -> Server {
        let folder = opened(params).unwrap_or_else(|| here.to_owned());
        let (root, by) =
            root_and_reason(&folder).unwrap_or_else(|_| (folder.clone(), RootBy::Start));
        let is_nowhere = is_nowhere(&root, by, home);
        let folders = params.workspace_folders.iter().flatten().skip(1);
        let folders = folders.filter_map(|folder| convert::path_of(&folder.uri));
        let others = folders.filter(|it| find_root(it).is_ok_and(|it| it != root)).collect();
        let workspace = Workspace::open(root.clone()).ok().filter(|_| !is_nowhere);
        let root = workspace.as_ref().map_or(root, |it| it.root().to_owned());
        let leads_there = |it: &&Path| it.canonicalize().is_ok_and(|it| it == root);
        let top = folder.ancestors().find(leads_there).unwrap_or(&root).to_owned();
        let events = Events::new(connection.receiver.clone());
        Server {
            client,
            session: Session::new(root),
            documents: Documents::default(),
            today,
            published: BTreeMap::new(),
            top,
            workspace,
            is_nowhere,
            connection,
            events,
            unseen: BTreeMap::new(),
            costs: BTreeMap::new(),
            due: Some(Instant::now()),
            running: None,
            stopped: 0,
            complaints: BTreeSet::new(),
            others,
            is_shut_down: false,
            next_id: 0,
        }
    }

    /// Serves until the client has enough; whether it said so, as it should.
    pub(super) fn serve(mut self) -> bool {
        loop {
            let event = match self.events.pending() {
                Some(event) => event,
                // What was typed is looked at when nothing else waits.
                None => match self.next_look() {
                    Some((path, due)) if due <= Instant::now() => {
                        self.catch_up(&path);
                        continue;
                    }
                    next => {
                        let of_all = self.due.filter(|_| self.running.is_none());
                        let of_look = next.map(|(_, due)| due);
                        self.events.next(of_all.into_iter().chain(of_look).min())
                    }
                },
            };
            match event {
                Event::Message(Message::Request(request)) => self.answer(request),
                Event::Message(Message::Notification(it)) if it.method == notice::Exit::METHOD => {
                    return self.is_shut_down;
                }
                Event::Message(Message::Notification(it)) => self.notice(it),
                Event::Done(done) => self.finish(*done),
                Event::Due if self.due.is_some_and(|due| due <= Instant::now()) => self.check_all(),
                Event::Due | Event::Message(Message::Response(_)) => {}
                Event::Gone => return false,
            }
        }
    }

    fn notice(&mut self, notification: Notification) {
        let Notification { method, params } = notification;
        // What cannot be understood cannot be answered either: a notification has no answer.
        let handled = match method.as_str() {
            notice::Initialized::METHOD => {
                self.watch();
                self.greet();
                Ok(())
            }
            notice::DidOpenTextDocument::METHOD => read(params).map(|it| self.open(it)),
            notice::DidChangeTextDocument::METHOD => read(params).map(|it| self.change(it)),
            notice::DidSaveTextDocument::METHOD => read(params).map(|it| self.save(&it)),
            notice::DidCloseTextDocument::METHOD => read(params).map(|it| self.close(&it)),
            notice::DidChangeWatchedFiles::METHOD => read(params).map(|it| self.changed(&it)),
            notice::DidCreateFiles::METHOD
            | notice::DidRenameFiles::METHOD
            | notice::DidDeleteFiles::METHOD => {
                self.order(SOON);
                Ok(())
            }
            _ => Ok(()),
        };
        if let Err(error) = handled {
            self.log(&format!("`{method}` cannot be understood: {error}"));
        }
    }

    fn open(&mut self, params: DidOpenTextDocumentParams) {
        let document = params.text_document;
        let Some(path) = self.path(&document.uri) else { return };
        // What was there and was not looked at is ignored or excluded, if it is not new: nothing is said of it meanwhile.
        let is_saved = self.workspace.as_ref().is_some_and(|it| it.read(&path).is_some());
        if is_saved && !self.session.knows(&path) {
            self.session.leave_out(&path);
        }
        self.session.open(&path, &document.text);
        let known_as = self.uri(&path);
        let (uri, version, text) = (document.uri, document.version, document.text);
        self.documents.open(&path, Document { uri, version, text });
        self.order(PAUSE);
        self.renamed(&path, known_as);
        // What was said before was said of another version.
        self.published.remove(&path);
        self.unseen.insert(path, Instant::now());
    }

    fn change(&mut self, params: DidChangeTextDocumentParams) {
        let Some(path) = self.path(&params.text_document.uri) else { return };
        let (version, changes) = (params.text_document.version, params.content_changes);
        let unit = self.client.unit;
        let Some(text) = self.documents.change(&path, version, changes, unit) else { return };
        self.session.edit(&path, text);
        self.interrupt();
        self.order(PAUSE);
        // What takes long to look at waits for a pause in typing, lest every keystroke keeps all cores busy.
        let cost = self.costs.get(&path).copied().unwrap_or_default();
        let wait = if cost < CHEAP { Duration::ZERO } else { cost.min(PAUSE) };
        self.unseen.insert(path, Instant::now() + wait);
    }

    fn save(&mut self, params: &DidSaveTextDocumentParams) {
        let Some(path) = self.path(&params.text_document.uri) else { return };
        self.session.save(&path);
        self.due = None;
        self.order(SOON);
    }

    fn close(&mut self, params: &DidCloseTextDocumentParams) {
        let Some(path) = self.path(&params.text_document.uri) else { return };
        self.session.close(&path);
        let known_as = self.uri(&path);
        self.documents.close(&path);
        self.renamed(&path, known_as);
        self.unseen.remove(&path);
        self.publish(&path);
        self.order(SOON);
    }

    fn changed(&mut self, params: &DidChangeWatchedFilesParams) {
        // What tools do there is no reason to check anything.
        let is_noise = |path: &str| path.split('/').any(|part| CACHES.contains(&part));
        let mut paths = params.changes.iter().filter_map(|it| self.path(&it.uri));
        if paths.any(|path| !is_noise(&path)) {
            self.order(SOON);
        }
    }

    /// The file to look at next, and when.
    fn next_look(&self) -> Option<(String, Instant)> {
        let next = self.unseen.iter().min_by_key(|(_, due)| **due);
        next.map(|(path, due)| (path.clone(), *due))
    }

    /// Looks at one file that was edited.
    fn look(&mut self, path: &str) {
        let today = (self.today)();
        let started = Instant::now();
        let looked = guarded(|| self.session.look(path, today));
        self.costs.insert(path.to_owned(), started.elapsed());
        match looked {
            Ok(true) => self.publish(path),
            // The first run over everything is still to come.
            Ok(false) => {}
            Err(panic) => self.complain(format!("looking at `{path}` panicked: {panic}")),
        }
    }

    /// Looks at the file at `path` if that was not done since it was edited: whoever asks about it wants to know of now.
    pub(super) fn catch_up(&mut self, path: &str) {
        if self.unseen.remove(path).is_some() {
            self.look(path);
        }
    }

    /// Orders a run over everything, `wait` from now; one that was ordered for later is put off no further than that.
    fn order(&mut self, wait: Duration) {
        let due = Instant::now() + wait;
        self.due = Some(match self.due {
            Some(earlier) if wait == SOON => earlier.min(due),
            _ => due,
        });
    }

    /// Stops a run over everything: what was typed since would have it made again, and looks at that need the cores. In
    /// the end one is let through, for whoever types in a rhythm just slower than the pause.
    fn interrupt(&mut self) {
        if self.stopped < PATIENCE
            && let Some(running) = &self.running
            && !running.is_stopped()
        {
            running.stop();
            self.stopped += 1;
        }
    }

    fn check_all(&mut self) {
        self.due = None;
        if self.is_nowhere {
            return;
        }
        let job = self.session.job((self.today)());
        self.running = Some(job.stop());
        self.events.start(job);
    }

    /// Takes over what came of a run.
    fn finish(&mut self, done: Result<Option<Done>, JobError>) {
        self.running = None;
        let done = match done {
            // One that follows is ordered already.
            Ok(None) => return,
            Ok(Some(done)) => done,
            Err(JobError::Workspace(error)) => return self.complain(error.to_string()),
            Err(JobError::Panic(panic)) => {
                return self.complain(format!("the check panicked: {panic}"));
            }
        };
        self.stopped = 0;
        let failures = done.outcome.as_ref().map_or(&[][..], |it| &it.report.failures);
        let failures: Vec<String> = failures.iter().map(ToString::to_string).collect();
        for failure in failures {
            self.complain(failure);
        }
        let wrong = |session: &Session| {
            session.wrong().iter().map(|it| it.path.to_string()).collect::<BTreeSet<_>>()
        };
        let mut paths = wrong(&self.session);
        let changed = self.session.adopt(done);
        paths.extend(changed.into_iter().map(|file| self.session.path(file).to_owned()));
        paths.extend(wrong(&self.session));
        // A client wants to be told of what it has opened, also that there is nothing.
        paths.extend(self.documents.paths().map(str::to_owned));
        let stale = self.documents.paths().filter(|path| self.session.is_stale(path));
        let now = Instant::now();
        let stale: Vec<_> = stale.map(|path| (path.to_owned(), now)).collect();
        for (path, now) in stale {
            self.unseen.entry(path).or_insert(now);
        }
        for path in paths {
            if !self.unseen.contains_key(&path) {
                self.publish(&path);
            }
        }
        if self.client.refreshes_lenses {
            self.ask::<lsp_types::request::CodeLensRefresh>(());
        }
    }

    fn answer(&mut self, request: Request) {
        let Request { id, method, params } = request;
        if self.is_shut_down {
            return self.refuse(
                id,
                ErrorCode::InvalidRequest,
                "the server is shut down".to_owned(),
            );
        }
        if method == <lsp_types::request::Shutdown as lsp_types::request::Request>::METHOD {
            self.is_shut_down = true;
            return self.send(Response::new_ok(id, serde_json::Value::Null).into());
        }
        match guarded(|| requests::answer(self, &method, params)) {
            Ok(Ok(result)) => self.send(Response::new_ok(id, result).into()),
            Ok(Err((code, message))) => self.refuse(id, code, message),
            Err(panic) => {
                let message = format!("`{method}` panicked: {panic}");
                self.refuse(id, ErrorCode::InternalError, message);
            }
        }
    }

    fn refuse(&self, id: RequestId, code: ErrorCode, message: String) {
        self.send(Response::new_err(id, code as i32, message).into());
    }

    /// The path of a document in the repo; `None` for one that lies elsewhere, and for what is no file.
    pub(super) fn path(&self, uri: &Uri) -> Option<String> {
        let path = self.workspace.as_ref()?.relative(&convert::path_of(uri)?)?;
        (!path.is_empty()).then_some(path)
    }

    /// The URI of a file of the repo: as the client writes it, where it has it open.
    pub(super) fn uri(&self, path: &str) -> Option<Uri> {
        match self.documents.get(path) {
            Some(document) => Some(document.uri.clone()),
            None => convert::uri_of(&self.top.join(path)),
        }
    }

    /// Takes back what was said about a file that the client was told of as `known_as`, where it goes by another name now: to
    /// the client these are two files.
    fn renamed(&mut self, path: &str, known_as: Option<Uri>) {
        if known_as == self.uri(path) {
            return;
        }
        if let (Some(uri), Some(_)) = (known_as, self.published.remove(path)) {
            let params = PublishDiagnosticsParams { uri, diagnostics: Vec::new(), version: None };
            self.tell::<notice::PublishDiagnostics>(params);
        }
    }

    /// Converts what the session says with `convert`.
    pub(super) fn converting<T>(&self, convert: impl FnOnce(&Converter<'_>) -> T) -> T {
        let uri = |path: &str| self.uri(path);
        convert(&Converter { session: &self.session, unit: self.client.unit, uri: &uri })
    }

    /// Asks the client to tell of changes on the disk, where it can.
    fn watch(&mut self) {
        if self.client.watches {
            self.ask::<lsp_types::request::RegisterCapability>(requests::watching());
        }
    }

    /// Shows a failure, the first time that it happens.
    fn complain(&mut self, message: String) {
        if !self.complaints.contains(&message) {
            self.show(MessageType::ERROR, &message);
            self.complaints.insert(message);
        }
    }

    fn log(&self, message: &str) {
        let message = message.to_owned();
        self.tell::<notice::LogMessage>(LogMessageParams { typ: MessageType::WARNING, message });
    }

    fn ask<R: lsp_types::request::Request>(&mut self, params: R::Params)
    where
        R::Params: Serialize,
    {
        self.next_id += 1;
        let id = RequestId::from(self.next_id);
        self.send(Request::new(id, R::METHOD.to_owned(), params).into());
    }

    pub(super) fn tell<N: notice::Notification>(&self, params: N::Params)
    where
        N::Params: Serialize,
    {
        self.send(Notification::new(N::METHOD.to_owned(), params).into());
    }

    /// Where the client is gone, its end of the input says so too.
    fn send(&self, message: Message) {
        let _ = self.connection.sender.send(message);
    }
}

fn read<T: DeserializeOwned>(params: serde_json::Value) -> Result<T, serde_json::Error> {
    serde_json::from_value(params)
}

/// The first folder that the client has opened.
fn opened(params: &InitializeParams) -> Option<PathBuf> {
    let folder = params.workspace_folders.as_ref().and_then(|it| it.first());
    if let Some(folder) = folder {
        return convert::path_of(&folder.uri);
    }
    #[expect(deprecated, reason = "clients that know no folders say it so")]
    let root = params.root_uri.as_ref();
    convert::path_of(root?)
}
