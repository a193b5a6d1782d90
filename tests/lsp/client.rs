//! A client: the binary as an editor starts it, and a repo to edit.

#![expect(clippy::needless_pass_by_value, reason = "values are written where they are sent")]

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;

/// Nothing takes as long as this but a server that hangs.
const PATIENCE: Duration = Duration::from_mins(2);

/// The pack of the repo that is edited: with a fix for what it asks.
const PACK: [(&str, &str); 4] = [
    (
        "tautline.hcl",
        "pack_dirs = [\"tautline/rules\"]\n\npacks {\n  jobs  = true\n  image = false\n}\n",
    ),
    ("tautline/rules/jobs/pack.hcl", "summary = \"how jobs are written\"\n"),
    (
        "tautline/rules/jobs/replaced.hcl",
        "summary  = \"job does not replace a run that is still going\"\nseverity = \"error\"\n\n\
         select \"object\" {\n  kinds = [\"CronJob\"]\n}\n\n\
         require \"kept\" {\n  path   = \"spec.concurrencyPolicy\"\n  one_of = [\"Replace\"]\n}\n\n\
         case \"kept\" {\n  message = \"`{name}` lets two runs overlap\"\n  \
         help    = \"write `concurrency_policy = \\\"Replace\\\"`\"\n}\n",
    ),
    (
        "tautline/rules/jobs/replaced.md",
        "# jobs/replaced\n\n## What it does\n\nLooks at cron jobs.\n\n## Why\n\nOverlaps hurt.\n\n\
         ## Exceptions\n\nNone.\n\n## Fix safety\n\nUnsafe.\n\n## Cases\n\n### hidden from hovers\n",
    ),
];

/// A repo on the disk.
pub(crate) struct Repo(TempDir);

impl Repo {
    /// A repo with the pack, and `files`.
    pub(crate) fn new(files: &[(&str, &str)]) -> Repo {
        let repo = Repo(tempfile::tempdir().unwrap());
        for (path, text) in PACK.iter().chain(files) {
            repo.write(path, text);
        }
        repo
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    pub(crate) fn write(&self, path: &str, text: &str) {
        let path = self.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub(crate) fn uri(&self, path: &str) -> String {
        format!("file://{}/{path}", self.path().display())
    }
}

/// A cron job that lets runs overlap, after `before`.
pub(crate) fn cron_job(before: &str) -> String {
    format!(
        "{before}resource \"kubernetes_cron_job_v1\" \"backup\" {{\n  metadata {{\n    name = \"backup\"\n  \
         }}\n  spec {{\n    concurrency_policy = \"Allow\"\n    schedule = \"0 3 * * *\"\n  }}\n}}\n"
    )
}

/// A running server.
pub(crate) struct Client {
    child: Child,
    stdin: Option<ChildStdin>,
    messages: Receiver<Value>,
    next_id: i64,
    /// What was published last about each document.
    pub(crate) published: BTreeMap<String, Value>,
    /// The requests and notifications of the server, but what it publishes.
    pub(crate) heard: Vec<Value>,
    pub(crate) server: Value,
}

impl Client {
    /// Starts a server for `repo`, with a client of these capabilities.
    pub(crate) fn start(repo: &Repo, capabilities: Value) -> Client {
        Client::start_in(repo, repo.path(), capabilities)
    }

    /// The same, with the folder that is opened.
    pub(crate) fn start_in(repo: &Repo, folder: &Path, capabilities: Value) -> Client {
        let mut client = Client::spawn(repo);
        let folder = json!({ "uri": format!("file://{}", folder.display()), "name": "repo" });
        let params = json!({
            "processId": null,
            "rootUri": null,
            "workspaceFolders": [folder],
            "capabilities": capabilities,
        });
        client.server = client.request("initialize", params).unwrap();
        client.notify("initialized", json!({}));
        client
    }

    /// A server that nobody has said a word to.
    pub(crate) fn spawn(repo: &Repo) -> Client {
        let mut child = Command::new(env!("CARGO_BIN_EXE_tautline"))
            .arg("lsp")
            .current_dir(repo.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let (sender, messages) = channel();
        thread::spawn(move || {
            while let Some(message) = read(&mut stdout) {
                if sender.send(message).is_err() {
                    return;
                }
            }
        });
        let stdin = child.stdin.take();
        Client {
            child,
            stdin,
            messages,
            next_id: 0,
            published: BTreeMap::new(),
            heard: Vec::new(),
            server: Value::Null,
        }
    }

    /// Sends bytes as they are.
    pub(crate) fn send_raw(&mut self, bytes: &[u8]) {
        // A server that is gone is for the test to judge.
        let _ = self.stdin.as_mut().unwrap().write_all(bytes);
    }

    fn send(&mut self, message: &Value) {
        let text = message.to_string();
        self.send_raw(format!("Content-Length: {}\r\n\r\n{text}", text.len()).as_bytes());
    }

    pub(crate) fn notify(&mut self, method: &str, params: Value) {
        self.send(&json!({ "jsonrpc": "2.0", "method": method, "params": params }));
    }

    /// The result of a request, or its error.
    pub(crate) fn request(&mut self, method: &str, params: Value) -> Result<Value, Value> {
        self.next_id += 1;
        let id = self.next_id;
        self.send(&json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }));
        loop {
            let message = self.hear();
            if message["id"] == json!(id) && message.get("method").is_none() {
                return match message.get("error") {
                    Some(error) => Err(error.clone()),
                    None => Ok(message["result"].clone()),
                };
            }
        }
    }

    /// The next message.
    fn hear(&mut self) -> Value {
        let message = self.messages.recv_timeout(PATIENCE).expect("the server says nothing");
        match message["method"].as_str() {
            Some("textDocument/publishDiagnostics") => {
                let params = message["params"].clone();
                self.published.insert(params["uri"].as_str().unwrap().to_owned(), params);
            }
            Some(_) => self.heard.push(message.clone()),
            None => {}
        }
        message
    }

    /// What is published about the document, as soon as `holds` of it.
    pub(crate) fn await_published(
        &mut self,
        uri: &str,
        holds: impl Fn(&Value) -> bool,
    ) -> Vec<Value> {
        loop {
            if let Some(published) = self.published.get(uri).filter(|it| holds(it)) {
                return published["diagnostics"].as_array().unwrap().clone();
            }
            self.hear();
        }
    }

    /// What is published about this version of the document.
    pub(crate) fn await_version(&mut self, uri: &str, version: i64) -> Vec<Value> {
        self.await_published(uri, |it| it["version"] == json!(version))
    }

    pub(crate) fn open(&mut self, uri: &str, text: &str) {
        let document = json!({ "uri": uri, "languageId": "terraform", "version": 1, "text": text });
        self.notify("textDocument/didOpen", json!({ "textDocument": document }));
    }

    /// Replaces what stands between two places.
    pub(crate) fn type_at(
        &mut self,
        uri: &str,
        version: i64,
        (from, to): ((u32, u32), (u32, u32)),
        text: &str,
    ) {
        let place = |(line, character)| json!({ "line": line, "character": character });
        let range = json!({ "start": place(from), "end": place(to) });
        let params = json!({
            "textDocument": { "uri": uri, "version": version },
            "contentChanges": [{ "range": range, "text": text }],
        });
        self.notify("textDocument/didChange", params);
    }

    pub(crate) fn save(&mut self, uri: &str) {
        self.notify("textDocument/didSave", json!({ "textDocument": { "uri": uri } }));
    }

    /// What can be done at a place.
    pub(crate) fn actions(&mut self, uri: &str, (line, character): (u32, u32)) -> Vec<Value> {
        let place = json!({ "line": line, "character": character });
        let params = json!({
            "textDocument": { "uri": uri },
            "range": { "start": place, "end": place },
            "context": { "diagnostics": [] },
        });
        self.request("textDocument/codeAction", params).unwrap().as_array().unwrap().clone()
    }

    /// The answer to a question about a place.
    pub(crate) fn ask(&mut self, what: &str, uri: &str, (line, character): (u32, u32)) -> Value {
        let params = json!({
            "textDocument": { "uri": uri },
            "position": { "line": line, "character": character },
        });
        self.request(&format!("textDocument/{what}"), params).unwrap()
    }

    /// Shuts the server down as an editor does.
    pub(crate) fn shut_down(mut self) -> ExitStatus {
        assert_eq!(self.request("shutdown", Value::Null), Ok(Value::Null));
        self.notify("exit", Value::Null);
        self.end().0
    }

    /// Goes away; how the server ends, and what it says on stderr.
    pub(crate) fn end(mut self) -> (ExitStatus, String) {
        drop(self.stdin.take());
        let status = self.child.wait().unwrap();
        let mut stderr = String::new();
        self.child.stderr.take().unwrap().read_to_string(&mut stderr).unwrap();
        assert!(!stderr.contains("panicked"), "{stderr}");
        (status, stderr)
    }

    /// Kills the server.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

fn read(stdout: &mut impl BufRead) -> Option<Value> {
    let mut length = None;
    loop {
        let mut line = String::new();
        if stdout.read_line(&mut line).ok()? == 0 {
            return None;
        }
        let line = line.trim_end();
        if line.is_empty() {
            break;
        }
        if let Some(number) = line.strip_prefix("Content-Length: ") {
            length = number.parse().ok();
        }
    }
    let mut bytes = vec![0; length?];
    stdout.read_exact(&mut bytes).ok()?;
    serde_json::from_slice(&bytes).ok()
}

/// `text` with the edits that an action makes in the document `uri`.
pub(crate) fn applied(text: &str, action: &Value, uri: &str) -> String {
    let edits: Vec<Value> = match action["edit"].get("changes") {
        Some(changes) => changes[uri].as_array().unwrap().clone(),
        None => action["edit"]["documentChanges"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|it| it["textDocument"]["uri"] == json!(uri))
            .flat_map(|it| it["edits"].as_array().unwrap().clone())
            .collect(),
    };
    assert!(!edits.is_empty(), "{action}");
    let offset = |place: &Value| {
        let line = usize::try_from(place["line"].as_u64().unwrap()).unwrap();
        let character = usize::try_from(place["character"].as_u64().unwrap()).unwrap();
        let start: usize = text.split_inclusive('\n').take(line).map(str::len).sum();
        // The clients of these tests count in UTF-16 unless they say otherwise.
        let mut left = character;
        let rest = text[start..].char_indices();
        let mut at = text.len();
        for (index, character) in rest {
            if left == 0 {
                at = start + index;
                break;
            }
            left = left.saturating_sub(character.len_utf16());
        }
        at
    };
    let mut places: Vec<(usize, usize, String)> = edits
        .iter()
        .map(|edit| {
            let range = &edit["range"];
            let text = edit["newText"].as_str().unwrap().to_owned();
            (offset(&range["start"]), offset(&range["end"]), text)
        })
        .collect();
    places.sort();
    let mut result = text.to_owned();
    for (start, end, new) in places.into_iter().rev() {
        result.replace_range(start..end, &new);
    }
    result
}
