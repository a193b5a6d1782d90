//! Names: every place of one, and another one in all of them.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::client::{Client, Repo, applied};

const MAIN: &str = "stacks/web/main.tf";

const STACK: &[(&str, &str)] = &[
    (
        MAIN,
        "variable \"size\" {\n  default = 1\n}\n\nlocals {\n  name = \"größe-${var.size}\" # size\n}\n\n\
         module \"db\" {\n  source = \"../../modules/db\"\n  size   = var.size\n}\n\n\
         data \"local_file\" \"web\" {\n  filename = \"a\"\n}\n\n\
         resource \"terraform_data\" \"web\" {\n  input = \"${local.name} ${module.db.address}\"\n} # the web\n\n\
         resource \"terraform_data\" \"all\" {\n  input      = [for size in [1] : size + var.size]\n  \
         depends_on = [terraform_data.web, data.local_file.web]\n}\n",
    ),
    ("stacks/web/out.tf", "output \"address\" {\n  value = terraform_data.web[*].id\n}\n"),
    ("stacks/web/terraform.tfvars", "size = 2\n"),
    ("stacks/web/terragrunt.hcl", "inputs = {\n  size = 3\n}\n"),
    (
        "modules/db/main.tf",
        "variable \"size\" {}\n\noutput \"address\" {\n  value = \"${var.size}.db\"\n}\n",
    ),
    (
        "stacks/other/main.tf",
        "variable \"size\" {}\n\nlocals {\n  x = [var.size, \"var.size\"]\n}\n",
    ),
];

/// What files say after the name at the end of the first `at` in the file at `path` has become `new`; or why it has not.
fn renamed(
    files: &[(&str, &str)],
    (path, at): (&str, &str),
    new: &str,
) -> Result<BTreeMap<String, String>, String> {
    let repo = Repo::new(files);
    let mut client = Client::start(&repo, json!({}));
    let (uri, text) = opened(&repo, &mut client, files, path);
    let params = json!({
        "textDocument": { "uri": uri },
        "position": place(&text, at),
        "newName": new,
    });
    let answer = client.request("textDocument/rename", params);
    assert!(client.shut_down().success());
    let edit = answer.map_err(|error| error["message"].as_str().unwrap().to_owned())?;
    let action = json!({ "edit": edit });
    let changes = edit["changes"].as_object().unwrap();
    let after = files.iter().filter(|(path, _)| changes.contains_key(&repo.uri(path)));
    Ok(after
        .map(|(path, text)| ((*path).to_owned(), applied(text, &action, &repo.uri(path))))
        .collect())
}

fn opened(
    repo: &Repo,
    client: &mut Client,
    files: &[(&str, &str)],
    path: &str,
) -> (String, String) {
    let uri = repo.uri(path);
    let text = files.iter().find(|(known, _)| *known == path).unwrap().1.to_owned();
    client.open(&uri, &text);
    client.await_version(&uri, 1);
    (uri, text)
}

/// The place at the end of the first `at` in `text`.
fn place(text: &str, at: &str) -> Value {
    let before = &text[..text.find(at).unwrap() + at.len()];
    let line = before.matches('\n').count();
    let character = before.rsplit('\n').next().unwrap().encode_utf16().count();
    json!({ "line": line, "character": character })
}

/// `files` after `changes`, of those that have changed.
fn with(files: &[(&str, &str)], changes: &[(&str, &[(&str, &str)])]) -> BTreeMap<String, String> {
    let change = |(path, changes): &(&str, &[(&str, &str)])| {
        let text = files.iter().find(|(known, _)| known == path).unwrap().1;
        let changed = changes.iter().fold(text.to_owned(), |text, (old, new)| {
            assert!(text.contains(old), "no {old:?} in {text}");
            text.replace(old, new)
        });
        ((*path).to_owned(), changed)
    };
    changes.iter().map(change).collect()
}

#[test]
fn a_variable_is_renamed_where_it_is_used_and_where_it_is_set() {
    let after = with(
        STACK,
        &[
            (MAIN, &[("variable \"size\"", "variable \"amount\""), ("var.size", "var.amount")]),
            ("stacks/web/terraform.tfvars", &[("size", "amount")]),
            ("stacks/web/terragrunt.hcl", &[("size", "amount")]),
        ],
    );
    for at in ["variable \"size", "größe-${var.size", "size + var.size"] {
        assert_eq!(renamed(STACK, (MAIN, at), "amount").as_ref(), Ok(&after), "{at}");
    }
    assert_eq!(renamed(STACK, ("stacks/web/terraform.tfvars", "size"), "amount"), Ok(after));
    // Of a module its calls give it.
    let of_module = with(
        STACK,
        &[
            (MAIN, &[("size   = var", "amount   = var")]),
            ("modules/db/main.tf", &[("\"size\"", "\"amount\""), ("var.size", "var.amount")]),
        ],
    );
    assert_eq!(renamed(STACK, (MAIN, "\n  size"), "amount"), Ok(of_module));
}

#[test]
fn a_resource_and_a_call_take_their_state_along() {
    let moved = |kind: &str| {
        format!(
            "\n\nmoved {{\n  from = {kind}.{}\n  to   = {kind}.site\n}}",
            match kind {
                "module" => "db",
                _ => "web",
            }
        )
    };
    let resource = with(
        STACK,
        &[
            (
                MAIN,
                &[
                    ("\"terraform_data\" \"web\"", "\"terraform_data\" \"site\""),
                    ("[terraform_data.web", "[terraform_data.site"),
                    ("} # the web", &format!("}} # the web{}", moved("terraform_data"))),
                ],
            ),
            ("stacks/web/out.tf", &[("terraform_data.web", "terraform_data.site")]),
        ],
    );
    assert_eq!(renamed(STACK, (MAIN, "[terraform_data.web"), "site"), Ok(resource));
    let call = with(
        STACK,
        &[(
            MAIN,
            &[
                ("module \"db\"", "module \"site\""),
                ("module.db.", "module.site."),
                ("= var.size\n}", &format!("= var.size\n}}{}", moved("module"))),
            ],
        )],
    );
    assert_eq!(renamed(STACK, (MAIN, "module \"db"), "site"), Ok(call));
    // What is only read has no state to take along.
    let data = with(
        STACK,
        &[(
            MAIN,
            &[
                ("\"local_file\" \"web\"", "\"local_file\" \"site\""),
                ("data.local_file.web", "data.local_file.site"),
            ],
        )],
    );
    assert_eq!(renamed(STACK, (MAIN, "data.local_file.web"), "site"), Ok(data));
}

#[test]
fn an_output_is_renamed_where_calls_and_units_ask_for_it() {
    let after = with(
        STACK,
        &[(MAIN, &[("db.address", "db.host")]), ("modules/db/main.tf", &[("address", "host")])],
    );
    assert_eq!(renamed(STACK, (MAIN, "module.db.address"), "host"), Ok(after));
    let unit = "dependency \"web\" {\n  config_path = \"../web\"\n}\n\ninputs = {\n  \
        size = dependency.web.outputs.address\n}\n";
    let files = [STACK, &[("stacks/other/terragrunt.hcl", unit)]].concat();
    let after = with(
        &files,
        &[
            ("stacks/web/out.tf", &[("\"address\"", "\"host\"")]),
            ("stacks/other/terragrunt.hcl", &[("outputs.address", "outputs.host")]),
        ],
    );
    assert_eq!(renamed(&files, ("stacks/web/out.tf", "output \"address"), "host"), Ok(after));
    let state = "locals {\n  y = data.terraform_remote_state.web.outputs.address\n}\n";
    let files = [STACK, &[("stacks/other/state.tf", state)]].concat();
    let refused = renamed(&files, ("stacks/web/out.tf", "output \"address"), "host");
    assert_eq!(
        refused,
        Err("`stacks/other/state.tf` uses `address` too: change it there first".to_owned())
    );
}

#[test]
fn what_cannot_be_followed_is_not_renamed() {
    let variable = (MAIN, "variable \"size");
    let refused = |more: &[(&str, &str)], at, new: &str| {
        renamed(&[STACK, more].concat(), at, new).unwrap_err()
    };
    for (path, text) in [
        ("scripts/plan.sh", "TF_VAR_size=4 terragrunt plan\n"),
        ("common.tfvars", "size = 4\n"),
        ("root.hcl", "inputs = merge(local.all, { size = 4 })\n"),
        ("stacks/web/tests/a.tftest.hcl", "variables {\n  size = 4\n}\n"),
    ] {
        let said = format!("`{path}` uses `size` too: change it there first");
        assert_eq!(refused(&[(path, text)], variable, "amount"), said);
    }
    // What is called something like that is something else.
    for (path, text) in [
        ("scripts/plan.sh", "TF_VAR_size_max=4 terragrunt plan\n"),
        ("stacks/other/common.tfvars", "size = 4\n"),
        ("root.hcl", "inputs = { max_size = 4 }\n"),
        ("stacks/other/tests/a.tftest.hcl", "variables {\n  size = 4\n}\n"),
    ] {
        assert!(renamed(&[STACK, &[(path, text)]].concat(), variable, "amount").is_ok(), "{path}");
    }
    let broken = refused(&[("stacks/web/broken.tf", "locals {\n  a = \n}\n")], variable, "amount");
    assert_eq!(broken, "`stacks/web/broken.tf` has a syntax error: mend it first");
    assert!(refused(&[], variable, "1a").starts_with("`1a` is no name"));
    let taken = refused(&[], (MAIN, "[terraform_data.web"), "all");
    assert_eq!(taken, "there is `terraform_data.all` in this module already");
    let back = "moved {\n  from = terraform_data.site\n  to   = terraform_data.web\n}\n";
    let said = refused(&[("stacks/web/moved.tf", back)], (MAIN, "[terraform_data.web"), "site");
    assert!(said.contains("`stacks/web/moved.tf` says that `terraform_data.site` has"), "{said}");
    let json =
        "{ \"resource\": { \"terraform_data\": { \"old\": { \"input\": \"${var.size}\" } } } }\n";
    let json = [STACK, &[("stacks/web/old.tf.json", json)]].concat();
    let said = renamed(&json, ("stacks/web/old.tf.json", "\"old"), "new").unwrap_err();
    assert!(said.starts_with("`stacks/web/old.tf.json` cannot hold the `moved` block"), "{said}");
    let in_json = renamed(&json, variable, "amount").unwrap();
    assert!(in_json["stacks/web/old.tf.json"].contains("\"${var.amount}\""), "{in_json:?}");
    let nothing = refused(&[], (MAIN, "filename ="), "x");
    assert_eq!(nothing, "nothing with a name that could be another one stands here");
}

#[test]
fn a_name_leads_to_where_it_is_given() {
    let repo = Repo::new(STACK);
    let mut client = Client::start(&repo, json!({}));
    let (uri, text) = opened(&repo, &mut client, STACK, MAIN);
    for (at, path, line) in [
        ("module.db.address", "modules/db/main.tf", 2),
        ("module.db", MAIN, 8),
        ("\n  size", "modules/db/main.tf", 0),
        ("data.local_file.web", MAIN, 13),
        ("${loc", MAIN, 5),
    ] {
        let params = json!({ "textDocument": { "uri": uri }, "position": place(&text, at) });
        let found = client.request("textDocument/definition", params).unwrap();
        let found = (&found["uri"], &found["range"]["start"]["line"]);
        assert_eq!(found, (&json!(repo.uri(path)), &json!(line)), "{at}");
    }
    assert!(client.shut_down().success());
}

#[test]
fn every_place_of_a_name_is_found() {
    let repo = Repo::new(STACK);
    let mut client = Client::start(&repo, json!({}));
    let (uri, text) = opened(&repo, &mut client, STACK, MAIN);
    let mut places = |with_declaration: bool| {
        let params = json!({
            "textDocument": { "uri": uri },
            "position": place(&text, "[terraform_data.web"),
            "context": { "includeDeclaration": with_declaration },
        });
        let found = client.request("textDocument/references", params).unwrap();
        let found = found.as_array().unwrap().iter().map(|it| {
            let uri = it["uri"].as_str().unwrap().rsplit('/').next().unwrap().to_owned();
            (uri, it["range"]["start"]["line"].as_u64().unwrap())
        });
        found.collect::<Vec<_>>()
    };
    let uses = [("main.tf".to_owned(), 23), ("out.tf".to_owned(), 1)];
    assert_eq!(places(false), uses);
    assert_eq!(places(true), [&[("main.tf".to_owned(), 17)][..], &uses].concat());
    let at = place(&text, "variable \"size");
    let params = json!({ "textDocument": { "uri": uri }, "position": at });
    let lit = client.request("textDocument/documentHighlight", params.clone()).unwrap();
    assert_eq!(lit.as_array().unwrap().len(), 4, "{lit}");
    assert_eq!(lit[0]["kind"], 3, "{lit}");
    let prepared = client.request("textDocument/prepareRename", params).unwrap();
    assert_eq!(prepared["placeholder"], "size");
    assert_eq!(prepared["range"]["start"], json!({ "line": 0, "character": 10 }));
    let params =
        json!({ "textDocument": { "uri": uri }, "position": { "line": 3, "character": 0 } });
    assert_eq!(client.request("textDocument/prepareRename", params), Ok(Value::Null));
    assert!(client.shut_down().success());
}
