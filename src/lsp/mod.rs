//! The language server: what an editor says on stdin → diagnostics, edits and answers on stdout.
//!
//! Invariant: whatever a client sends, the server goes on until it is told to exit or its input ends. What it cannot
//! understand is answered with an error, and a panic costs the one answer.

mod actions;
mod client;
mod completion;
mod convert;
mod definition;
mod documents;
mod events;
mod greeting;
mod hover;
mod lens;
mod names;
mod publish;
mod requests;
mod server;
mod symbols;

use std::path::Path;

use lsp_server::{Connection, ErrorCode, Response};
use lsp_types::{InitializeParams, InitializeResult, ServerInfo};

use crate::syntax::Date;
use client::Client;
use server::Server;

/// Serves the client on stdin and stdout. Where it opens no folder, the repo is the one around `here`; all that is in `home` is
/// none. `today` is asked whenever something is checked. The error says why the server cannot go on.
pub fn run(here: &Path, home: Option<&Path>, today: fn() -> Date) -> Result<(), String> {
    let (connection, threads) = Connection::stdio();
    let (id, params) = match connection.initialize_start() {
        Ok(start) => start,
        Err(error) if error.channel_is_disconnected() => return Ok(()),
        Err(error) => return Err(error.to_string()),
    };
    let params: InitializeParams = match serde_json::from_value(params) {
        Ok(params) => params,
        Err(error) => {
            let message = format!("the client's `initialize` cannot be understood: {error}");
            let code = ErrorCode::InvalidParams as i32;
            let _ = connection.sender.send(Response::new_err(id, code, message.clone()).into());
            return Err(message);
        }
    };
    let client = Client::of(&params);
    let result = InitializeResult {
        capabilities: client.server(),
        server_info: Some(ServerInfo {
            name: "tautline".to_owned(),
            version: Some(env!("CARGO_PKG_VERSION").to_owned()),
        }),
    };
    // Whoever is gone by now needs no answer.
    if connection.sender.send(Response::new_ok(id, result).into()).is_err() {
        return Ok(());
    }
    let was_shut_down = Server::new(&params, here, home, client, connection, today).serve();
    if !was_shut_down {
        // The client is gone: its end of the pipes too, and nobody waits for what is still to be written.
        return Ok(());
    }
    threads.join().map_err(|error| format!("the client cannot be reached: {error}"))
}
