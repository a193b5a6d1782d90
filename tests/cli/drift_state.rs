//! `tautline drift state`: states held against code, with the exit codes of the group.

use std::fs;

use serde_json::{Value, json};

use crate::repo::{Repo, Run};

const DNS: &str =
    "resource \"cloudflare_record\" \"www\" {\n  name    = \"www\"\n  content = \"192.0.2.1\"\n}\n";
const WEB: &str = "resource \"terraform_data\" \"web\" {\n  count = 2\n}\n";

/// A state with one instance for each of `resources`: type, name, attributes.
fn state(resources: &[(&str, &str, Value)]) -> String {
    let resources = resources.iter().map(|(kind, name, attributes)| {
        json!({
            "mode": "managed", "type": kind, "name": name,
            "provider": "provider[\"registry.terraform.io/cloudflare/cloudflare\"]",
            "instances": [{ "schema_version": 0, "attributes": attributes }]
        })
    });
    let resources: Vec<Value> = resources.collect();
    json!({
        "version": 4, "terraform_version": "1.11.4", "serial": 3, "lineage": "l", "outputs": {},
        "resources": resources
    })
    .to_string()
}

fn record(content: &str) -> (&'static str, &'static str, Value) {
    let password = "canary-9d2f";
    ("cloudflare_record", "www", json!({ "name": "www", "content": content, "password": password }))
}

fn repo() -> Repo {
    Repo::new(&[("stacks/dns/main.tf", DNS), ("stacks/web/main.tf", WEB)])
}

fn run(repo: &Repo, arguments: &[&str]) -> Run {
    repo.run_in("", &[&["drift", "state"], arguments].concat())
}

#[test]
fn a_state_that_names_an_instance_twice_is_not_clean() {
    let repo = repo();
    repo.write("dns.tfstate", state(&[record("192.0.2.1"), record("192.0.2.1")]));
    let run = run(&repo, &["--stack", "dns", "--state", "dns.tfstate"]);
    assert_eq!(run.code, 3, "{run:?}");
    assert!(
        run.stdout.contains("several instances of one address: `cloudflare_record.www`"),
        "{run:?}"
    );
}

#[test]
fn a_state_that_agrees_is_clean_and_one_that_does_not_is_drift() {
    let repo = repo();
    repo.write("dns.tfstate", state(&[record("192.0.2.1")]));
    let clean = run(&repo, &["--stack", "dns", "--state", "dns.tfstate"]);
    assert_eq!(clean.code, 0, "{clean:?}");
    assert!(
        clean.stdout.starts_with("dns: dns.tfstate, serial 3: 1 instance, 1 of them in the code\n")
    );
    assert!(clean.stdout.ends_with("clean: 0 differences in 1 state\n"), "{clean:?}");

    let old = ("cloudflare_record", "old", json!({}));
    repo.write("dns.tfstate", state(&[record("192.0.2.9"), old]));
    let drift = run(&repo, &["--state", "dns.tfstate"]);
    assert_eq!(drift.code, 2, "{drift:?}");
    for line in [
        "  in the state and not in the code: an apply destroys it (1)\n",
        "    cloudflare_record.old: no file declares it: an apply destroys it\n",
        "      content: state \"192.0.2.9\", code \"192.0.2.1\"\n",
        "      at stacks/dns/main.tf:3:3\n",
        "drift: 2 differences in 1 state\n",
    ] {
        assert!(drift.stdout.contains(line), "{line}{}", drift.stdout);
    }
}

#[test]
fn states_of_a_directory_are_those_of_the_stacks_they_are_named_after() {
    let repo = repo();
    repo.write("states/stacks/dns/terraform.tfstate", state(&[record("192.0.2.1")]));
    repo.write("states/web.tfstate", state(&[("terraform_data", "web", json!({}))]));
    repo.write("states/README.md", "no state");
    let json = run(&repo, &["--state", "states", "--format", "json"]);
    assert_eq!(json.code, 2, "{json:?}");
    assert!(!json.stdout.contains("canary"), "{json:?}");
    let document: Value = serde_json::from_str(&json.stdout).unwrap();
    let states = document["states"].as_array().unwrap();
    let stacks: Vec<&str> = states.iter().map(|it| it["stack"].as_str().unwrap()).collect();
    assert_eq!(stacks, ["dns", "web"]);
    // Terraform moves the one without a key to the first of the count.
    let missing = &states[1]["differences"];
    assert_eq!(missing.as_array().unwrap().len(), 1, "{missing}");
    assert_eq!(missing[0]["kind"], "missing");
    assert_eq!(missing[0]["address"], "terraform_data.web[1]");
    assert_eq!(missing[0]["place"]["file"], "stacks/web/main.tf");
}

#[test]
fn an_older_version_of_a_state_is_left_alone() {
    let repo = repo();
    repo.write("states/dns.tfstate", state(&[record("192.0.2.1")]));
    let older = state(&[]).replace("\"serial\":3", "\"serial\":2");
    repo.write("states/old/dns.tfstate", older);
    let run = run(&repo, &["--stack", "dns", "--state", "states"]);
    assert_eq!(run.code, 0, "{run:?}");
    let said = "left alone: states/old/dns.tfstate: `states/dns.tfstate` is the same state, and written later\n";
    assert!(run.stdout.contains(said), "{run:?}");
}

#[test]
fn what_cannot_be_read_is_said() {
    let repo = repo();
    let sops = json!({
        "version": "ENC[AES256_GCM,data:AA==,iv:AA==,tag:AA==,type:float]",
        "resources": [{ "type": "ENC[AES256_GCM,data:AA==,iv:AA==,tag:AA==,type:str]" }],
        "sops": { "lastmodified": "2026-11-20T00:00:00Z", "mac": "x", "version": "3.12.1", "age": [] }
    });
    repo.write("dns.tfstate.enc", sops.to_string());
    let alone = run(&repo, &["--stack", "dns", "--state", "dns.tfstate.enc"]);
    assert_eq!(alone.code, 3, "nothing was compared: {alone:?}");
    assert!(alone.stdout.contains("left alone: dns.tfstate.enc: "), "{alone:?}");
    repo.write("dns.tfstate", state(&[record("192.0.2.1")]));
    let both = ["--stack", "dns", "--state", "dns.tfstate.enc", "--state", "dns.tfstate"];
    assert_eq!(run(&repo, &both).code, 0);
    assert_eq!(run(&repo, &[&both[..], &["--strict"]].concat()).code, 3);

    repo.write("cut.tfstate", &state(&[record("192.0.2.1")])[..150]);
    let cut = run(&repo, &["--stack", "dns", "--state", "cut.tfstate"]);
    assert_eq!(cut.code, 3, "{cut:?}");
    assert!(cut.stdout.contains("not read: cut.tfstate: "), "{cut:?}");

    let foreign = state(&[("a_b", "c", json!({}))]);
    repo.write("whose.json", foreign);
    let foreign = run(&repo, &["--state", "whose.json"]);
    assert_eq!(foreign.code, 3, "{foreign:?}");
    assert!(
        foreign.stdout.contains("help: `--stack NAME` says which stack it is of\n"),
        "{foreign:?}"
    );
}

#[test]
fn a_directory_without_a_state_is_said_to_have_none() {
    let repo = repo();
    fs::create_dir(repo.path().join("empty")).unwrap();
    repo.write("plans/dns.json", "{\"format_version\":\"1.2\",\"resource_changes\":[]}");
    for (directory, said) in [
        ("empty", "not read: empty: no file in it\n"),
        ("plans", "not read: plans: no state in it, only 1 other file\n"),
    ] {
        let run = run(&repo, &["--state", directory]);
        assert_eq!(run.code, 3, "{run:?}");
        assert!(run.stdout.contains(said), "{run:?}");
    }
}

#[test]
fn what_terraform_ignores_is_counted_and_listed_where_it_is_asked_for() {
    let ignores = "  lifecycle {\n    ignore_changes = [content]\n  }\n}\n";
    let code = DNS.strip_suffix("}\n").unwrap().to_owned() + ignores;
    let repo = Repo::new(&[("stacks/dns/main.tf", &code)]);
    repo.write("dns.tfstate", state(&[record("192.0.2.9")]));
    let arguments = ["--stack", "dns", "--state", "dns.tfstate"];
    let line = "      content: state \"192.0.2.9\", code \"192.0.2.1\"\n";
    let counted = run(&repo, &arguments);
    assert_eq!(counted.code, 0, "{counted:?}");
    assert!(counted.stdout.contains("    `--show-ignored` lists them\n"), "{counted:?}");
    assert!(!counted.stdout.contains(line), "{counted:?}");
    let listed = run(&repo, &[&arguments[..], &["--show-ignored"]].concat());
    assert_eq!(listed.code, 0, "{listed:?}");
    assert!(listed.stdout.contains(line), "{listed:?}");
}

#[test]
fn wrong_arguments_are_an_error() {
    let repo = repo();
    repo.write("dns.tfstate", state(&[]));
    let unknown = run(&repo, &["--stack", "dsn", "--state", "dns.tfstate"]);
    assert_eq!(unknown.code, 1, "{unknown:?}");
    let lines = "there is no stack `dsn`\n  help: did you mean `dns`?";
    assert!(unknown.stderr.contains(lines), "{unknown:?}");
    // A directory in which nothing of Terraform's lies is none either, as for `check` and `drift predict`.
    let directory = run(&repo, &["--stack", "stacks", "--state", "dns.tfstate"]);
    assert_eq!((directory.code, &*directory.stdout), (1, ""), "{directory:?}");
    assert!(directory.stderr.contains("there is no stack `stacks`"), "{directory:?}");
    let by_path = run(&repo, &["--stack", "stacks/dns/", "--state", "dns.tfstate"]);
    assert_eq!(by_path.code, 2, "{by_path:?}");
    let nowhere = run(&repo, &["--state", "nowhere"]);
    assert_eq!(nowhere.code, 1);
    assert!(nowhere.stderr.contains("name a file with a state, or a directory"), "{nowhere:?}");
    assert_eq!(run(&repo, &[]).code, 1);
}

#[test]
fn each_instance_of_a_repeated_call_has_its_own_constants() {
    let call = "module \"m\" {\n  source   = \"./m\"\n  for_each = { x = \"9\", y = \"2\" }\n  v        = each.value\n}\n";
    let module = "variable \"v\" {}\nlocals {\n  w = \"v-${var.v}\"\n}\nresource \"terraform_data\" \"d\" {\n  input = local.w\n}\n";
    let repo = Repo::new(&[("stacks/a/main.tf", call), ("stacks/a/m/main.tf", module)]);
    let resource = |key: &str, input: &str| {
        json!({
            "module": format!("module.m[\"{key}\"]"), "mode": "managed", "type": "terraform_data",
            "name": "d", "provider": "provider[\"terraform.io/builtin/terraform\"]",
            "instances": [{ "schema_version": 0, "attributes": { "input": { "value": input, "type": "string" } } }]
        })
    };
    let state = json!({
        "version": 4, "terraform_version": "1.11.4", "serial": 3, "lineage": "l", "outputs": {},
        "resources": [resource("x", "v-1"), resource("y", "v-2")]
    });
    repo.write("a.tfstate", state.to_string());
    let drift = run(&repo, &["--stack", "a", "--state", "a.tfstate"]);
    assert_eq!(drift.code, 2, "{drift:?}");
    assert!(drift.stdout.contains("      input: state \"v-1\", code \"v-9\"\n"), "{drift:?}");
    assert!(drift.stdout.contains("drift: 1 difference in 1 state"), "{drift:?}");
}

#[test]
fn what_a_plan_hides_is_not_shown_where_the_code_says_it() {
    let main = "variable \"conn\" {\n  type      = string\n  sensitive = true\n}\nresource \"terraform_data\" \"s\" {\n  input = var.conn\n}\n";
    let repo = Repo::new(&[
        ("stacks/a/main.tf", main),
        ("stacks/a/terraform.tfvars", "conn = \"canary-9d2f-new\"\n"),
    ]);
    let change = json!({
        "actions": ["update"], "after_unknown": {},
        "before": { "input": "canary-9d2f-old" }, "before_sensitive": { "input": true },
        "after": { "input": "canary-9d2f-new" }, "after_sensitive": { "input": true },
    });
    let resource = json!({
        "address": "terraform_data.s", "mode": "managed", "type": "terraform_data", "name": "s",
        "provider_name": "terraform.io/builtin/terraform", "change": change,
    });
    let plan = json!({
        "format_version": "1.2", "terraform_version": "1.11.4", "resource_changes": [resource],
        "complete": true, "errored": false, "applyable": true, "configuration": { "root_module": {} },
    });
    repo.write("plans/a.json", plan.to_string());
    for format in ["text", "json", "markdown", "html", "sarif"] {
        let run = repo.run_in("", &["drift", "report", "plans", "--format", format]);
        assert_eq!(run.code, 2, "{run:?}");
        let said = format!("{}{}", run.stdout, run.stderr);
        assert!(said.contains("data.s"), "{format}: {said}");
        assert!(!said.contains("canary"), "{format}: {said}");
    }
}

#[test]
fn a_state_is_read_from_stdin() {
    let repo = repo();
    let text = state(&[record("192.0.2.1")]);
    for arguments in [&["--stack", "dns", "--state", "-"][..], &["--state", "-"]] {
        let run = repo.piped(&[&["drift", "state"], arguments].concat(), text.as_bytes());
        assert_eq!(run.code, 0, "{run:?}");
        assert!(run.stdout.starts_with("dns: -, serial 3: 1 instance"), "{run:?}");
    }
    // Nothing in it tells whose it is.
    let whose = state(&[("a_b", "c", json!({}))]);
    let run = repo.piped(&["drift", "state", "--state", "-"], whose.as_bytes());
    assert_eq!(run.code, 3, "{run:?}");
    assert!(run.stdout.contains("`--stack NAME` says which stack it is of"), "{run:?}");
}

#[test]
fn a_stack_has_what_its_moved_and_removed_blocks_name() {
    let moved = "moved {\n  from = cloudflare_record.old\n  to   = cloudflare_record.www\n}\n";
    let removed =
        "removed {\n  from = cloudflare_record.past\n  lifecycle {\n    destroy = false\n  }\n}\n";
    let repo = Repo::new(&[
        ("stacks/dns/main.tf", &[DNS, moved, removed].concat()),
        ("stacks/web/main.tf", WEB),
    ]);
    for (name, says) in [("old", "moved"), ("past", "forgotten")] {
        repo.write("x.tfstate", state(&[("cloudflare_record", name, json!({}))]));
        let run = run(&repo, &["--state", "x.tfstate", "--format", "json"]);
        let document: Value = serde_json::from_str(&run.stdout).unwrap();
        assert_eq!(document["states"][0]["stack"], "dns", "{name}: {run:?}");
        let differences = document["states"][0]["differences"].as_array().unwrap();
        assert!(differences.iter().any(|it| it["kind"] == says), "{name}: {run:?}");
    }
}
