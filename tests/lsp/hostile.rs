//! Clients that break off, lie and guess: nothing is lost and nothing panics.

use serde_json::{Value, json};

use crate::client::{Client, Repo, cron_job};
use crate::{PATH, rules};

#[test]
fn unknown_methods_and_nonsense_are_answered() {
    let repo = Repo::new(&[(PATH, &cron_job(""))]);
    let mut client = Client::start(&repo, json!({}));
    let code = |answer: Result<Value, Value>| answer.unwrap_err()["code"].as_i64().unwrap();
    assert_eq!(code(client.request("textDocument/brew", json!({}))), -32601);
    assert_eq!(code(client.request("textDocument/hover", json!({ "x": 1 }))), -32602);
    assert_eq!(code(client.request("textDocument/codeAction", json!([1, 2]))), -32602);
    client.notify("textDocument/didChange", json!("nonsense"));
    client.notify("$/brew", json!({}));
    client.notify("textDocument/didClose", json!({ "textDocument": { "uri": "file:///x" } }));
    // It still works.
    let uri = repo.uri(PATH);
    client.open(&uri, &cron_job(""));
    assert_eq!(rules(&client.await_version(&uri, 1)), ["jobs/replaced"]);
    assert!(client.shut_down().success());
}

#[test]
fn edits_out_of_range_and_of_files_that_are_not_open() {
    let repo = Repo::new(&[(PATH, &cron_job(""))]);
    let mut client = Client::start(&repo, json!({}));
    let uri = repo.uri(PATH);
    client.type_at(&uri, 7, ((0, 0), (0, 0)), "never opened");
    client.open(&uri, &cron_job(""));
    client.await_version(&uri, 1);
    client.type_at(&uri, 2, ((900, 5), (7000, 9)), "# at the end\n");
    assert_eq!(rules(&client.await_version(&uri, 2)), ["jobs/replaced"]);
    client.type_at(&uri, 3, ((0, 4_000_000_000), (0, 4_294_967_295)), " ");
    assert_eq!(rules(&client.await_version(&uri, 3)), ["jobs/replaced"]);
    client.type_at(&uri, 4, ((5, 9), (2, 0)), "");
    client.await_version(&uri, 4);
    for what in ["hover", "definition", "completion"] {
        client.ask(what, &uri, (4_000_000, 4_000_000));
    }
    client.actions(&uri, (4_000_000, 0));
    assert!(client.shut_down().success());
}

#[test]
fn files_outside_the_root_and_no_files_at_all() {
    let repo = Repo::new(&[(PATH, &cron_job(""))]);
    let outside = tempfile::tempdir().unwrap();
    let mut client = Client::start(&repo, json!({}));
    let strangers = [
        format!("file://{}/main.tf", outside.path().display()),
        "untitled:Untitled-1".to_owned(),
        "file:///".to_owned(),
        "git:/x/y?z".to_owned(),
        format!("{}/../../etc/passwd", repo.uri("stacks")),
        repo.uri("%00%ff"),
    ];
    for (uri, version) in strangers.iter().zip(1..) {
        client.open(uri, &cron_job(""));
        client.type_at(uri, version + 1, ((0, 0), (0, 0)), "x");
        assert_eq!(client.ask("hover", uri, (0, 0)), Value::Null, "{uri}");
        client.save(uri);
        client.notify("textDocument/didClose", json!({ "textDocument": { "uri": uri } }));
    }
    let uri = repo.uri(PATH);
    client.open(&uri, &cron_job(""));
    assert_eq!(rules(&client.await_version(&uri, 1)), ["jobs/replaced"]);
    for stranger in &strangers {
        assert!(!client.published.contains_key(stranger), "{stranger}");
    }
    assert!(client.shut_down().success());
}

#[test]
fn a_client_that_breaks_off() {
    let repo = Repo::new(&[(PATH, &cron_job(""))]);
    for words in [
        "",
        "Content-Le",
        "Content-Length: 500\r\n\r\n{\"jsonrpc\"",
        "Content-Length: nothing\r\n\r\n",
        "Content-Length: 3\r\n\r\nabc",
        "GET / HTTP/1.1\r\n\r\n",
    ] {
        // Before it has introduced itself, and in the middle of the work.
        let mut stranger = Client::spawn(&repo);
        stranger.send_raw(words.as_bytes());
        stranger.end();
        let mut client = Client::start(&repo, json!({}));
        let uri = repo.uri(PATH);
        client.open(&uri, &cron_job(""));
        client.type_at(&uri, 2, ((0, 0), (0, 0)), "#");
        client.send_raw(words.as_bytes());
        client.end();
    }
}

#[test]
fn killed_and_started_again() {
    let repo = Repo::new(&[(PATH, &cron_job(""))]);
    let uri = repo.uri(PATH);
    let mut client = Client::start(&repo, json!({}));
    client.open(&uri, &cron_job("# unsaved\n"));
    client.await_version(&uri, 1);
    client.kill();
    let mut client = Client::start(&repo, json!({}));
    client.open(&uri, &cron_job("# unsaved\n"));
    let found = client.await_version(&uri, 1);
    assert_eq!(found[0]["range"]["start"]["line"], 6, "what is not saved is the client's to tell");
    assert!(client.shut_down().success());
}

#[test]
fn a_request_before_the_introduction_and_after_the_end() {
    let repo = Repo::new(&[(PATH, &cron_job(""))]);
    let mut client = Client::spawn(&repo);
    let early = client.request("textDocument/hover", json!({})).unwrap_err();
    assert_eq!(early["code"], -32002, "{early}");
    client.request("initialize", json!({ "capabilities": {} })).unwrap();
    assert_eq!(client.request("shutdown", Value::Null), Ok(Value::Null));
    let late = client.request("textDocument/hover", json!({})).unwrap_err();
    assert_eq!(late["code"], -32600, "{late}");
    client.notify("exit", Value::Null);
    assert!(client.end().0.success());
}

#[test]
fn the_root_goes_away() {
    let repo = Repo::new(&[(PATH, &cron_job(""))]);
    let mut client = Client::start(&repo, json!({}));
    let uri = repo.uri(PATH);
    client.open(&uri, &cron_job(""));
    client.await_version(&uri, 1);
    std::fs::remove_dir_all(repo.path()).unwrap();
    client.save(&uri);
    client.type_at(&uri, 2, ((0, 0), (0, 0)), "# still here\n");
    client.await_version(&uri, 2);
    assert!(client.shut_down().success());
}
