//! The language server as an editor sees it: the binary, spoken to over stdin and stdout.

#![expect(clippy::disallowed_methods, reason = "the tests make repos and start the server")]
#![expect(clippy::unwrap_used, reason = "what a helper cannot make is a failed test")]

mod client;
mod hostile;
mod names;

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use client::{Client, Repo, applied, cron_job};
use serde_json::{Value, json};

fn rules(diagnostics: &[Value]) -> Vec<&str> {
    diagnostics.iter().map(|it| it["code"].as_str().unwrap()).collect()
}

fn titles(actions: &[Value]) -> Vec<&str> {
    actions.iter().map(|it| it["title"].as_str().unwrap()).collect()
}

const PATH: &str = "stacks/web/main.tf";

#[test]
fn open_type_fix_save() {
    let repo = Repo::new(&[(PATH, &cron_job(""))]);
    let mut client = Client::start(&repo, json!({}));
    let uri = repo.uri(PATH);
    // Before anything is opened, the workspace is checked.
    let found = client.await_published(&uri, |_| true);
    assert_eq!(rules(&found), ["jobs/replaced"]);
    assert_eq!(found[0]["range"]["start"], json!({ "line": 5, "character": 25 }));
    assert_eq!(found[0]["severity"], 1);
    assert!(found[0]["message"].as_str().unwrap().contains("help: write"), "{found:?}");
    let text = cron_job("");
    client.open(&uri, &text);
    client.await_version(&uri, 1);
    // A line above moves it down.
    client.type_at(&uri, 2, ((0, 0), (0, 0)), "# é\n");
    let found = client.await_version(&uri, 2);
    assert_eq!(found[0]["range"]["start"], json!({ "line": 6, "character": 25 }));
    let text = cron_job("# é\n");
    let actions = client.actions(&uri, (6, 27));
    let fix = actions.iter().find(|it| it["title"].as_str().unwrap().contains("unsafe")).unwrap();
    assert_ne!(fix["isPreferred"], true, "what is unsafe is nobody's default: {fix}");
    let fixed = applied(&text, fix, &uri);
    assert_eq!(fixed, text.replace("\"Allow\"", "\"Replace\""));
    client.type_at(&uri, 3, ((6, 26), (6, 31)), "Replace");
    assert_eq!(client.await_version(&uri, 3), Vec::<Value>::new());
    fs::write(repo.path().join(PATH), &fixed).unwrap();
    client.save(&uri);
    // Taken back, it is found again.
    client.type_at(&uri, 4, ((6, 26), (6, 33)), "Allow");
    assert_eq!(rules(&client.await_version(&uri, 4)), ["jobs/replaced"]);
    assert!(client.shut_down().success());
}

/// The check fails on it, so an editor must not show nothing.
#[test]
fn code_that_is_no_text_is_told_of() {
    let repo = Repo::new(&[(PATH, "locals {}\n")]);
    let binary = "stacks/web/binary.tf";
    fs::write(
        repo.path().join(binary),
        "locals {}\n".encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>(),
    )
    .unwrap();
    let mut client = Client::start(&repo, json!({}));
    let nowhere = json!({ "line": 0, "character": 0 });
    let found = client.await_published(&repo.uri(binary), |_| true);
    assert_eq!(
        (rules(&found), &found[0]["range"]["start"]),
        (vec!["tautline/syntax-error"], &nowhere)
    );
    let uri = repo.uri(PATH);
    client.open(&uri, "locals {}\n");
    assert_eq!(client.await_version(&uri, 1), Vec::<Value>::new());
    client.type_at(&uri, 2, ((0, 8), (0, 8)), "\0");
    let found = client.await_version(&uri, 2);
    assert_eq!(
        (rules(&found), &found[0]["range"]["end"]),
        (vec!["tautline/syntax-error"], &nowhere)
    );
    client.type_at(&uri, 3, ((0, 8), (0, 9)), "");
    assert_eq!(client.await_version(&uri, 3), Vec::<Value>::new());
    assert!(client.shut_down().success());
}

#[test]
fn of_a_file_that_is_left_out_nothing_is_said_even_at_first() {
    let left_out = "stacks/web/made/main.tf";
    let repo = Repo::new(&[
        ("tautline.hcl", "exclude = [\"**/made/**\"]\n"),
        (PATH, "locals {}\n"),
        (left_out, "locals {\n"),
    ]);
    let mut client = Client::start(&repo, json!({}));
    let uri = repo.uri(PATH);
    client.open(&uri, "locals {}\n");
    client.await_version(&uri, 1);
    client.open(&repo.uri(left_out), "locals {\n");
    // It was opened before this was typed, so it would have been looked at before.
    client.type_at(&uri, 2, ((0, 8), (0, 8)), "}");
    assert_ne!(client.await_version(&uri, 2), Vec::<Value>::new());
    let said = client.published.get(&repo.uri(left_out)).map(|it| it["diagnostics"].clone());
    assert!(said.is_none_or(|it| it == json!([])));
    assert!(client.shut_down().success());
}

/// Nothing can be looked at before there are settings; what is wrong with them is told all the same.
#[test]
fn settings_that_are_wrong_from_the_start_are_judged_while_they_are_written() {
    let repo = Repo::new(&[("tautline.hcl", "one = 1\n")]);
    let mut client = Client::start(&repo, json!({}));
    let uri = repo.uri("tautline.hcl");
    client.open(&uri, "one = 1\n");
    let said = |found: &[Value]| {
        found.iter().map(|it| it["message"].as_str().unwrap().to_owned()).collect::<String>()
    };
    let found = client.await_version(&uri, 1);
    assert!(said(&found).starts_with("unknown key `one`"), "{found:?}");
    client.type_at(&uri, 2, ((0, 0), (0, 3)), "# é\ntwo");
    let found = client.await_version(&uri, 2);
    assert!(said(&found).starts_with("unknown key `two`"), "{found:?}");
    assert_eq!(found[0]["range"]["start"], json!({ "line": 1, "character": 0 }));
    client.type_at(&uri, 3, ((1, 0), (1, 7)), "");
    assert_eq!(client.await_version(&uri, 3), Vec::<Value>::new());
    assert!(client.shut_down().success());
}

#[test]
fn a_suppression_asks_for_its_reason() {
    let repo = Repo::new(&[(PATH, &cron_job(""))]);
    let mut client = Client::start(&repo, json!({}));
    let uri = repo.uri(PATH);
    let text = cron_job("");
    client.open(&uri, &text);
    client.await_version(&uri, 1);
    let actions = client.actions(&uri, (5, 27));
    let suppress =
        actions.iter().find(|it| it["title"].as_str().unwrap().starts_with("Suppress")).unwrap();
    let suppressed = applied(&text, suppress, &uri);
    let line = "\n    concurrency_policy = \"Allow\" # tautline: ignore[jobs/replaced] -- \n";
    assert!(suppressed.contains(line), "{suppressed}");
    let change = |version: i64, text: &str| {
        json!({
            "textDocument": { "uri": uri, "version": version },
            "contentChanges": [{ "text": text }],
        })
    };
    client.notify("textDocument/didChange", change(2, &suppressed));
    let found = client.await_version(&uri, 2);
    assert!(rules(&found).contains(&"tautline/malformed-suppression"), "{found:?}");
    let reasoned = suppressed.replace("-- \n", "-- the runs share nothing\n");
    client.notify("textDocument/didChange", change(3, &reasoned));
    assert_eq!(client.await_version(&uri, 3), Vec::<Value>::new());
    // Inside the brackets, rules are offered.
    let offered = client.ask("completion", &uri, (5, 54));
    let labels: Vec<&str> =
        offered.as_array().unwrap().iter().map(|it| it["label"].as_str().unwrap()).collect();
    assert!(labels.contains(&"jobs/replaced"), "{labels:?}");
    let hover = client.ask("hover", &uri, (5, 60));
    let page = hover["contents"]["value"].as_str().unwrap();
    assert!(page.starts_with("# jobs/replaced"), "{page}");
    assert!(!page.contains("hidden from hovers"), "{page}");
    assert!(client.shut_down().success());
}

#[test]
fn all_of_a_rule_at_once() {
    let second = cron_job("").replace("\"backup\" {", "\"restore\" {");
    let text = cron_job("") + &second;
    let repo = Repo::new(&[(PATH, &text)]);
    let versions = json!({ "workspace": { "workspaceEdit": { "documentChanges": true } } });
    let mut client = Client::start(&repo, versions);
    let uri = repo.uri(PATH);
    client.open(&uri, &text);
    assert_eq!(client.await_version(&uri, 1).len(), 2);
    let actions = client.actions(&uri, (5, 27));
    let all = "Fix all 2 of `jobs/replaced` in this file (unsafe)";
    let all = actions.iter().find(|it| it["title"] == all);
    let all = all.unwrap_or_else(|| panic!("{:?}", titles(&actions)));
    assert_eq!(all["edit"]["documentChanges"][0]["textDocument"]["version"], 1);
    assert_eq!(applied(&text, all, &uri), text.replace("Allow", "Replace"));
    assert!(client.shut_down().success());
}

/// What `check --fix` refuses is not offered either.
#[test]
fn a_fix_after_which_a_file_is_none_is_not_offered() {
    let rule = |name: &str, text: &str| {
        format!(
            "summary = \"b is two\"\nseverity = \"error\"\nselect \"file\" {{ files = [\"*.json\"] }}\n\
             each \"m\" {{ path = \"l[*]\" }}\nforbid \"a\" {{\n  path   = \"m.b\"\n  equals = 2\n  \
             fix {{ after = {{ \"m.b\" = \"{text}\" }} }}\n}}\n\
             case \"a\" {{ message = \"{name} is two\" }}\n"
        )
    };
    let text = "{\"l\": [{\"b\": 2}, {\"b\": 2}]}\n";
    let repo = Repo::new(&[
        ("tautline/rules/jobs/breaks.hcl", &rule("breaks", "]")),
        ("tautline/rules/jobs/sound.hcl", &rule("sound", "3")),
        ("x.json", text),
        (PATH, "locals {}\n"),
    ]);
    let mut client = Client::start(&repo, json!({}));
    let uri = repo.uri("x.json");
    client.open(&uri, text);
    let found = client.await_version(&uri, 1);
    assert_eq!(found.len(), 4, "{found:?}");
    let actions = client.actions(&uri, (0, 13));
    let edits = actions.iter().filter(|it| it["edit"].is_object());
    let edits = edits.filter(|it| !it["title"].as_str().unwrap().starts_with("Suppress"));
    let after: Vec<String> = edits.map(|it| applied(text, it, &uri)).collect();
    assert!(after.iter().any(|it| it.contains('3')), "{:?}", titles(&actions));
    assert!(after.iter().all(|it| serde_json::from_str::<Value>(it).is_ok()), "{after:?}");
    assert!(client.shut_down().success());
}

#[test]
fn a_link_is_nothing_that_a_client_can_make() {
    let call = "module \"tls\" {\n  source = \"../../modules/setup_tls_secret\"\n}\n";
    let repo = Repo::new(&[
        ("tautline.hcl", "packs {\n  secrets = \"always\"\n}\n"),
        ("modules/setup_tls_secret/main.tf", "variable \"tls_crt\" {}\n"),
        (PATH, call),
    ]);
    let mut client = Client::start(&repo, json!({}));
    let uri = repo.uri(PATH);
    client.open(&uri, call);
    let found = client.await_published(&uri, |it| it["version"] == 1);
    assert!(rules(&found).contains(&"secrets/unlinked-certificates"), "{found:?}");
    assert!(found[0]["message"].as_str().unwrap().contains("type `ln -s"), "{found:?}");
    let actions = client.actions(&uri, (0, 2));
    let titles = titles(&actions);
    assert!(titles.iter().all(|it| !it.to_lowercase().contains("link `")), "{titles:?}");
    assert!(titles.iter().any(|it| it.contains("unlinked-certificates")), "{titles:?}");
    assert!(client.shut_down().success());
}

#[test]
fn columns_are_counted_as_the_client_counts() {
    let text = cron_job("").replace("\"Allow\"", "/* é😀 */ \"Allow\"");
    let repo = Repo::new(&[(PATH, &text)]);
    let offered = |encodings: Value| json!({ "general": { "positionEncodings": encodings } });
    for (capabilities, agreed, column) in [
        (json!({}), "utf-16", 35),
        (offered(json!(["utf-16"])), "utf-16", 35),
        (offered(json!(["utf-32", "utf-8", "utf-16"])), "utf-8", 38),
        (offered(json!(["utf-32"])), "utf-32", 34),
    ] {
        let mut client = Client::start(&repo, capabilities);
        assert_eq!(client.server["capabilities"]["positionEncoding"], agreed);
        let uri = repo.uri(PATH);
        client.open(&uri, &text);
        let found = client.await_version(&uri, 1);
        let start = json!({ "line": 5, "character": column });
        assert_eq!(found[0]["range"]["start"], start, "{agreed}");
        // A place that the client names is counted in the same way.
        client.type_at(&uri, 2, ((5, column + 1), (5, column + 6)), "Replace");
        assert_eq!(client.await_version(&uri, 2), Vec::<Value>::new(), "{agreed}");
        assert!(client.shut_down().success());
    }
}

#[test]
fn renamed_created_and_deleted_files() {
    let repo = Repo::new(&[(PATH, &cron_job(""))]);
    let mut client = Client::start(&repo, json!({}));
    let (old, new) = (repo.uri(PATH), repo.uri("stacks/web/backup.tf"));
    client.await_published(&old, |it| it["diagnostics"] != json!([]));
    fs::rename(repo.path().join(PATH), repo.path().join("stacks/web/backup.tf")).unwrap();
    let files = json!({ "files": [{ "oldUri": old, "newUri": new }] });
    client.notify("workspace/didRenameFiles", files);
    assert_eq!(rules(&client.await_published(&new, |_| true)), ["jobs/replaced"]);
    client.await_published(&old, |it| it["diagnostics"] == json!([]));
    repo.write("stacks/other/main.tf", &cron_job(""));
    let other = repo.uri("stacks/other/main.tf");
    let changes = json!({ "changes": [{ "uri": other, "type": 1 }] });
    client.notify("workspace/didChangeWatchedFiles", changes);
    client.await_published(&other, |it| it["diagnostics"] != json!([]));
    fs::remove_file(repo.path().join("stacks/other/main.tf")).unwrap();
    let changes = json!({ "changes": [{ "uri": other, "type": 3 }] });
    client.notify("workspace/didChangeWatchedFiles", changes);
    client.await_published(&other, |it| it["diagnostics"] == json!([]));
    assert!(client.shut_down().success());
}

#[test]
fn a_broken_file_is_judged_as_far_as_it_goes() {
    let text = cron_job("");
    let repo = Repo::new(&[(PATH, &text)]);
    let mut client = Client::start(&repo, json!({}));
    let uri = repo.uri(PATH);
    client.open(&uri, &text);
    client.await_version(&uri, 1);
    client.type_at(&uri, 2, ((0, 0), (0, 0)), "locals {\n  a = \n}\n");
    let found = client.await_version(&uri, 2);
    assert!(rules(&found).contains(&"tautline/syntax-error"), "{found:?}");
    assert!(rules(&found).contains(&"jobs/replaced"), "the rest is still judged: {found:?}");
    client.type_at(&uri, 3, ((1, 6), (1, 6)), "1");
    assert_eq!(rules(&client.await_version(&uri, 3)), ["jobs/replaced"]);
    assert!(client.shut_down().success());
}

#[test]
fn settings_and_packs_are_judged_and_reload() {
    let repo = Repo::new(&[(PATH, &cron_job(""))]);
    let mut client = Client::start(&repo, json!({}));
    let uri = repo.uri(PATH);
    client.await_published(&uri, |it| it["diagnostics"] != json!([]));
    // A word that no rule may say, in a pack that is being written.
    let entry = repo.uri("tautline/rules/jobs/replaced.hcl");
    let text = fs::read_to_string(repo.path().join("tautline/rules/jobs/replaced.hcl")).unwrap();
    client.open(&entry, &text.replace("severity", "severty"));
    let wrong = client.await_published(&entry, |it| it["diagnostics"] != json!([]));
    assert_eq!(rules(&wrong)[0], "tautline/configuration", "{wrong:?}");
    // Meanwhile the old rules hold.
    assert_ne!(client.published[&uri]["diagnostics"], json!([]));
    let whole = |version: i64, text: &str| {
        json!({
            "textDocument": { "uri": entry, "version": version },
            "contentChanges": [{ "text": text }],
        })
    };
    client.notify("textDocument/didChange", whole(2, &text.replace("\"error\"", "\"warning\"")));
    client.await_published(&entry, |it| it["diagnostics"] == json!([]));
    let milder = client.await_published(&uri, |it| it["diagnostics"][0]["severity"] == json!(2));
    assert_eq!(rules(&milder), ["jobs/replaced"]);
    // Settings that switch the pack off, on the disk.
    repo.write("tautline.hcl", "pack_dirs = [\"tautline/rules\"]\npacks {\n  jobs = false\n}\n");
    let settings = repo.uri("tautline.hcl");
    let changes = json!({ "changes": [{ "uri": settings, "type": 2 }] });
    client.notify("workspace/didChangeWatchedFiles", changes);
    client.await_published(&uri, |it| it["diagnostics"] == json!([]));
    repo.write("tautline.hcl", "pack_dirs = [\"tautline/rules\"]\npacks {\n  jbs = true\n}\n");
    let changes = json!({ "changes": [{ "uri": settings, "type": 2 }] });
    client.notify("workspace/didChangeWatchedFiles", changes);
    let wrong = client.await_published(&settings, |it| it["diagnostics"] != json!([]));
    assert!(wrong[0]["message"].as_str().unwrap().contains("jbs"), "{wrong:?}");
    assert_eq!(wrong[0]["range"]["start"], json!({ "line": 2, "character": 2 }));
    assert!(client.shut_down().success());
}

#[test]
fn values_markers_modules_symbols_and_lenses() {
    let workload = "locals {\n  tag = \"1.2.3\"\n}\n\nmodule \"db\" {\n  source = \"../../modules/db\"\n}\n\n\
        resource \"kubernetes_deployment_v1\" \"web\" {\n  metadata {\n    name = \"web\"\n  }\n  spec {\n    \
        template {\n      spec {\n        container {\n          image = \"ghcr.io/a/b:${local.tag}\"\n        \
        }\n        container {\n          image = \"ghcr.io/a/c:1\"\n        }\n      }\n    }\n  }\n  \
        lifecycle {\n    ignore_changes = [\n      spec[0].template[0].spec[0].container[0].image, # KEEL_IGNORE_IMAGE\n    \
        ]\n  }\n}\n";
    let repo = Repo::new(&[(PATH, workload), ("modules/db/main.tf", "variable \"size\" {}\n")]);
    let mut client = Client::start(&repo, json!({}));
    let uri = repo.uri(PATH);
    client.open(&uri, workload);
    client.await_version(&uri, 1);
    let hover = client.ask("hover", &uri, (16, 40));
    assert!(hover["contents"]["value"].as_str().unwrap().contains("\"1.2.3\""), "{hover}");
    assert!(hover["contents"]["value"].as_str().unwrap().contains(":2`"), "{hover}");
    let line = workload.lines().position(|it| it.contains("KEEL")).unwrap() as u32;
    let marker = client.ask("hover", &uri, (line, 65));
    let words = marker["contents"]["value"].as_str().unwrap();
    assert!(words.contains("Keel raises the tag") && words.contains("1 comment"), "{words}");
    let target = client.ask("definition", &uri, (5, 15));
    assert_eq!(target["uri"], repo.uri("modules/db/main.tf"));
    let local = client.ask("definition", &uri, (16, 40));
    assert_eq!(local["range"]["start"], json!({ "line": 1, "character": 2 }), "{local}");
    let document = json!({ "textDocument": { "uri": uri } });
    let symbols = client.request("textDocument/documentSymbol", document.clone()).unwrap();
    let names: Vec<&str> =
        symbols.as_array().unwrap().iter().map(|it| it["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["locals", "module.db", "kubernetes_deployment_v1.web"]);
    let lenses = client.request("textDocument/codeLens", document).unwrap();
    assert_eq!(lenses[0]["command"]["title"], "1/2 containers covered", "{lenses}");
    assert_eq!(lenses[0]["range"]["start"]["line"], 8);
    assert!(client.shut_down().success());
}

#[test]
fn a_file_of_two_thousand_lines() {
    let mut text = String::new();
    while text.lines().count() < 2000 {
        let number = text.len();
        write!(
            text,
            "# ünicode {number}\n{}\n",
            cron_job("").replace("backup", &format!("job{number}"))
        )
        .unwrap();
    }
    let repo = Repo::new(&[(PATH, &text)]);
    let mut client = Client::start(&repo, json!({}));
    let uri = repo.uri(PATH);
    client.open(&uri, &text);
    let all = client.await_version(&uri, 1).len();
    assert!(all > 150, "{all}");
    // Many keystrokes at once are answered with what the last of them makes.
    for version in 2..60 {
        client.type_at(&uri, version, ((0, 0), (0, 0)), "#");
    }
    let found = client.await_version(&uri, 59);
    assert_eq!(found.len(), all);
    assert!(client.shut_down().success());
}

#[test]
fn a_file_goes_by_the_name_that_the_client_gives_it() {
    let repo = Repo::new(&[(PATH, &cron_job(""))]);
    let elsewhere = tempfile::tempdir().unwrap();
    let link = elsewhere.path().join("link");
    std::os::unix::fs::symlink(repo.path(), &link).unwrap();
    let at = |root: &Path| format!("file://{}/{PATH}", root.display());
    let is_told = |client: &mut Client, uri: &str| {
        client.await_published(uri, |it| it["diagnostics"] != json!([]));
    };
    for folder in [link.clone(), link.join("stacks/web")] {
        let mut client = Client::start_in(&repo, &folder, json!({}));
        is_told(&mut client, &at(&link));
        assert!(!client.published.contains_key(&repo.uri(PATH)), "{:?}", client.published);
        assert!(client.shut_down().success());
    }
    // Opened under another name, and closed: what was said under the one before is taken back.
    let mut client = Client::start(&repo, json!({}));
    let (known, other) = (repo.uri(PATH), at(&link));
    is_told(&mut client, &known);
    client.open(&other, &cron_job(""));
    is_told(&mut client, &other);
    assert_eq!(client.published[&known]["diagnostics"], json!([]));
    client.notify("textDocument/didClose", json!({ "textDocument": { "uri": other } }));
    is_told(&mut client, &known);
    assert_eq!(client.published[&other]["diagnostics"], json!([]));
    assert!(client.shut_down().success());
}

#[test]
fn folders_of_other_repos_are_named() {
    let (first, second) = (Repo::new(&[(PATH, &cron_job(""))]), Repo::new(&[]));
    let told = |folders: &[String]| {
        let mut client = Client::spawn(&first);
        let folders: Vec<Value> =
            folders.iter().map(|uri| json!({ "uri": uri, "name": "one" })).collect();
        let params = json!({ "processId": null, "workspaceFolders": folders, "capabilities": {} });
        client.request("initialize", params).unwrap();
        client.notify("initialized", json!({}));
        client.await_published(&first.uri(PATH), |_| true);
        let shown = client.heard.iter().filter(|it| it["method"] == "window/showMessage");
        let shown: Vec<String> =
            shown.map(|it| it["params"]["message"].as_str().unwrap().to_owned()).collect();
        assert!(client.shut_down().success());
        shown
    };
    let top = |repo: &Repo| repo.uri("").trim_end_matches('/').to_owned();
    let both = told(&[top(&first), top(&second)]);
    let name = format!("open `{}` in a window of its own", second.path().display());
    assert!(both.len() == 1 && both[0].ends_with(&name), "{both:?}");
    assert_eq!(told(&[top(&first), first.uri("stacks")]), [""; 0]);
}

#[cfg(unix)]
#[test]
fn where_there_is_no_repo_it_says_so_once_and_looks_at_nothing() {
    if ["tautline.hcl", "stacks", "terragrunt.hcl", ".git"]
        .iter()
        .any(|it| Path::new("/").join(it).exists())
    {
        eprintln!("skipped: something marks `/` as a repo");
        return;
    }
    let repo = Repo::new(&[]);
    let mut client = Client::start_in(&repo, Path::new("/"), json!({}));
    let uri = repo.uri(PATH);
    client.open(&uri, &cron_job(""));
    client.save(&uri);
    // It answers, and has nothing to say.
    assert_eq!(client.ask("hover", &uri, (0, 0)), Value::Null);
    let shown = client.heard.iter().filter(|it| it["method"] == "window/showMessage");
    let shown: Vec<&str> = shown.map(|it| it["params"]["message"].as_str().unwrap()).collect();
    assert_eq!(shown, ["tautline: `/` is no repo, and nothing is checked; open the folder of one"]);
    assert!(client.published.is_empty(), "{:?}", client.published);
    assert!(client.shut_down().success());
}

#[test]
fn settings_under_a_hidden_name_are_named_once() {
    let repo = Repo::new(&[(".tautline.hcl", "exclude = []\n"), (PATH, &cron_job(""))]);
    let mut client = Client::start(&repo, json!({}));
    assert_eq!(client.ask("hover", &repo.uri(PATH), (0, 0)), Value::Null);
    let shown = client.heard.iter().filter(|it| it["method"] == "window/showMessage");
    let shown: Vec<&str> = shown.map(|it| it["params"]["message"].as_str().unwrap()).collect();
    let note = "tautline: `.tautline.hcl` is not read: the settings are `tautline.hcl`";
    assert_eq!(shown, [note]);
}
