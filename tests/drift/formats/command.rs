//! `tautline drift report` end to end: which file is which stack, what could not be read, and how the run ends.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use std::{env, fs};

use serde_json::Value;

/// Recorded from real runs.
const CLEAN: &str = include_str!("../../../fixtures/drift/golden/exits/clean.json");
const DESTROY: &str = include_str!("../../../fixtures/drift/golden/exits/destroy.json");
const REASONS: &str = include_str!("../../../fixtures/drift/golden/regressions/reasons.json");
const ERRORED: &str = include_str!("../../../fixtures/drift/golden/exits/read-error-in-part.json");
const MASKED: &str = include_str!("../../../fixtures/drift/golden/truth/masked-ignored.json");
const MOVED_LIVE: &str = include_str!("../../../fixtures/drift/golden/truth/out-of-band.json");
const SECRET: &str = include_str!("../../../fixtures/drift/golden/truth/secret.json");
const UNAPPLIED: &str = include_str!("../../../fixtures/drift/golden/truth/unapplied.json");

const SHOP: &str = "\
resource \"kubernetes_config_map\" \"settings\" {
  metadata {
    name      = \"settings\"
    namespace = \"shop\"
  }
  data = {
    mode = \"slow\"
  }
}

resource \"kubernetes_secret\" \"key\" {
  metadata {
    name      = \"key\"
    namespace = \"shop\"
  }
  data = {
    password = \"canary-base\"
  }
}
";

const NOTE: &str = "resource \"terraform_data\" \"note\" {\n  input = \"one\"\n}\n";

/// The state of the stack `note`.
const STATE: &str = r#"{"version":4,"terraform_version":"1.11.4","serial":1,"lineage":"x","outputs":{},"resources":[
    {"mode":"managed","type":"terraform_data","name":"note","provider":"provider[\"terraform.io/builtin/terraform\"]",
    "instances":[{"schema_version":0,"attributes":{"id":"1","input":{"value":"one","type":"string"}}}]}]}"#;

/// A repo with the stacks `shop` and `note`, and a directory for plans beside it.
struct House {
    top: tempfile::TempDir,
}

#[derive(Debug)]
struct Run {
    code: i32,
    stdout: String,
    stderr: String,
}

impl From<Output> for Run {
    fn from(output: Output) -> Run {
        Run {
            code: output.status.code().unwrap(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

impl House {
    fn new(plans: &[(&str, &str)]) -> House {
        let house = House { top: tempfile::tempdir().unwrap() };
        house.write("repo/stacks/shop/main.tf", SHOP);
        house.write("repo/stacks/note/main.tf", NOTE);
        fs::create_dir_all(house.path("plans")).unwrap();
        for (path, text) in plans {
            house.write(&format!("plans/{path}"), text);
        }
        house
    }

    fn path(&self, path: &str) -> PathBuf {
        self.top.path().join(path)
    }

    fn write(&self, path: &str, text: impl AsRef<[u8]>) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn report(&self, arguments: &[&str]) -> Run {
        self.report_in("repo", arguments)
    }

    fn report_in(&self, directory: &str, arguments: &[&str]) -> Run {
        self.command(directory, arguments).output().unwrap().into()
    }

    fn command(&self, directory: &str, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tautline"));
        command
            .args(["drift", "report"])
            .args(arguments)
            .current_dir(self.path(directory))
            .env_remove("TG_CTX_TERRAGRUNT_DIR")
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// Reports with `text` on stdin.
    fn piped(&self, arguments: &[&str], text: &str) -> Run {
        let mut child = self.command("repo", arguments).stdin(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
        child.wait_with_output().unwrap().into()
    }

    fn json(&self, arguments: &[&str]) -> (i32, Value) {
        let run = self.report(&[arguments, &["--format", "json"]].concat());
        (run.code, serde_json::from_str(&run.stdout).unwrap_or_else(|_| panic!("{run:?}")))
    }

    /// The stacks in a report about the plans.
    fn stacks(&self) -> Vec<String> {
        let (_, value) = self.json(&["../plans"]);
        let stacks = value["stacks"].as_array().unwrap().iter();
        stacks.map(|stack| stack["stack"].as_str().unwrap().to_owned()).collect()
    }
}

#[test]
fn a_change_that_was_made_outside_is_shown_on_its_line() {
    let house = House::new(&[("shop.json", MOVED_LIVE)]);
    let run = house.report(&["../plans"]);
    assert_eq!(run.code, 2, "{run:?}");
    for text in ["out-of-band", "stacks/shop/main.tf:7", "\"fast\"", "\"slow\"", "drift: 1 stack"] {
        assert!(run.stdout.contains(text), "{text}: {}", run.stdout);
    }
    assert_eq!(run.stderr, "");
}

#[test]
fn from_how_many_stacks_on_a_change_is_a_wave_is_a_setting() {
    let house = House::new(&[("shop.json", MOVED_LIVE), ("annex.json", MOVED_LIVE)]);
    house.write("repo/stacks/annex/main.tf", SHOP);
    let is_wave = || house.report(&["../plans"]).stdout.contains("a wave: ");
    assert!(!is_wave());
    house.write("repo/tautline.hcl", "drift {\n  wave_from = 2\n}\n");
    assert!(is_wave());
}

#[test]
fn what_is_only_read_is_counted_and_shown_where_it_is_asked_for() {
    let plan = r#"{"format_version":"1.2","terraform_version":"1.11.4","complete":true,"applyable":true,
        "errored":false,"planned_values":{"root_module":{}},"configuration":{"root_module":{}},
        "resource_changes":[{"address":"data.dns_a_record_set.www","mode":"data","type":"dns_a_record_set",
        "name":"www","provider_name":"p","change":{"actions":["read"],"before":null,"after":{"host":"a"},
        "after_unknown":{},"before_sensitive":false,"after_sensitive":{}}}]}"#;
    let house = House::new(&[("note.json", plan)]);
    let line = "read: `data.dns_a_record_set.www`: it is read during an apply";
    let counted = house.report(&["../plans"]);
    assert_eq!(counted.code, 0, "{counted:?}");
    assert!(counted.stdout.contains("1 difference not shown"), "{counted:?}");
    assert!(!counted.stdout.contains(line), "{counted:?}");
    let shown = house.report(&["../plans", "--show-noise"]);
    assert_eq!(shown.code, 0, "{shown:?}");
    assert!(shown.stdout.contains(line) && !shown.stdout.contains("not shown"), "{shown:?}");
}

#[test]
fn the_code_is_the_verdict() {
    for (stack, plan, code) in [
        ("note", CLEAN, 0),
        ("note", ERRORED, 1),
        ("shop", MASKED, 0),
        ("shop", MOVED_LIVE, 2),
        ("shop", UNAPPLIED, 2),
    ] {
        let house = House::new(&[(&format!("{stack}.json"), plan)]);
        let run = house.report(&["../plans"]);
        assert_eq!(run.code, code, "{run:?}");
    }
}

#[test]
fn the_worst_counts() {
    let mut plans = vec![("shop.json", MOVED_LIVE), ("note.json", CLEAN)];
    assert_eq!(House::new(&plans).report(&["../plans"]).code, 2);
    plans.push(("broken.json", "{\"format_version\": \"1.2\", \"resource_changes\": [{"));
    assert_eq!(House::new(&plans).report(&["../plans"]).code, 3);
    plans[1] = ("note.json", ERRORED);
    assert_eq!(House::new(&plans).report(&["../plans"]).code, 1);
}

#[test]
fn a_file_or_its_directory_is_named_after_the_stack() {
    for path in [
        "shop.json",
        "shop.tfplan.json",
        "shop/tfplan.json",
        "stacks/shop/tfplan.json",
        "night/shop/plan.json",
        "whatever.json",
    ] {
        assert_eq!(House::new(&[(path, MOVED_LIVE)]).stacks(), ["shop"], "{path}");
    }
    let inside = House::new(&[]);
    inside.write("repo/stacks/shop/plan.json", MOVED_LIVE);
    let (code, value) = inside.json(&["stacks"]);
    assert_eq!((code, &value["stacks"][0]["stack"]), (2, &Value::from("shop")));
}

#[test]
fn one_file_can_be_told_its_stack() {
    let house = House::new(&[("note.json", MOVED_LIVE)]);
    let (code, value) = house.json(&["--stack", "shop", "../plans/note.json"]);
    assert_eq!((code, &value["stacks"][0]["stack"]), (2, &Value::from("shop")));
    let unknown = house.report(&["--stack", "shp", "../plans/note.json"]);
    assert_eq!(unknown.code, 3, "{unknown:?}");
    assert!(unknown.stdout.contains("there is no stack `shp`"), "{unknown:?}");
    house.write("plans/other.json", CLEAN);
    let two = house.report(&["--stack", "shop", "../plans"]);
    assert_eq!(two.code, 1, "{two:?}");
    assert!(two.stderr.contains("`--stack` is about one file"), "{two:?}");
}

#[test]
fn a_plan_is_read_from_stdin() {
    let house = House::new(&[]);
    for (arguments, code, text) in [
        (&["--stack", "shop", "-"][..], 2, "out-of-band"),
        // What is in it tells.
        (&["-"], 2, "  shop: kubernetes_config_map.settings"),
        (&["--no-source", "--stack", "mine", "-"], 2, "mine: kubernetes_config_map.settings"),
        (&["--no-source", "-"], 3, "not read: -: nothing tells which stack it is about"),
    ] {
        let run = house.piped(arguments, MOVED_LIVE);
        assert_eq!(run.code, code, "{arguments:?}: {run:?}");
        assert!(run.stdout.contains(text), "{arguments:?}: {}", run.stdout);
    }
}

#[test]
fn slack_says_what_would_happen_to_an_instance() {
    let house = House::new(&[("note.json", REASONS)]);
    let run = house.report(&["../plans", "--format", "slack"]);
    for text in [
        "`terraform_data.keyed[\\\"left out\\\"]`: an apply would destroy it",
        "`terraform_data.rebuilt[0]`: an apply would create it",
    ] {
        assert!(run.stdout.contains(text), "{text}: {}", run.stdout);
    }
}

#[test]
fn what_a_restart_leaves_behind_is_settled_and_not_ignored() {
    let values = |stamp: &str| {
        format!(
            r#"{{"metadata":[{{"name":"web","namespace":"shop"}}],"spec":[{{"template":[{{"metadata":[{{"annotations":{stamp}}}]}}]}}]}}"#
        )
    };
    let (base, live) =
        (values("null"), values(r#"{"kubectl.kubernetes.io/restartedAt":"2026-11-20T10:00:00Z"}"#));
    let element = |before: &str, after: &str| {
        format!(
            r#"{{"address":"kubernetes_deployment.web","mode":"managed","type":"kubernetes_deployment","name":"web",
            "change":{{"actions":["update"],"before":{before},"after":{after},"after_unknown":{{}},"before_sensitive":{{}},"after_sensitive":{{}}}}}}"#
        )
    };
    let plan = format!(
        r#"{{"format_version":"1.2","terraform_version":"1.11.4","planned_values":{{}},"resource_drift":[{}],"resource_changes":[{}],
        "configuration":{{"root_module":{{}}}},"timestamp":"2026-11-26T00:00:00Z","applyable":true,"complete":true,"errored":false}}"#,
        element(&base, &live),
        element(&live, &base)
    );
    let house = House::new(&[("web.json", &plan)]);
    house.write(
        "repo/stacks/web/main.tf",
        "resource \"kubernetes_deployment\" \"web\" {\n  metadata {\n    name      = \"web\"\n    namespace = \"shop\"\n  }\n  \
         spec {\n    template {\n      metadata {}\n    }\n  }\n}\n",
    );
    let (code, value) = house.json(&["../plans"]);
    let finding = &value["findings"][0];
    assert_eq!((code, &finding["cause"]["actor"]), (2, &Value::from("kubectl-restart")), "{value}");
    assert!(finding["advice"].as_str().unwrap().starts_with("apply when a restart"), "{value}");
    assert_eq!(finding["fix"], Value::Null, "{value}");
}

#[test]
fn what_cannot_be_read_is_listed_with_what_to_type() {
    let utf16: Vec<u8> = [0xff, 0xfe]
        .into_iter()
        .chain(MOVED_LIVE.encode_utf16().flat_map(u16::to_le_bytes))
        .collect();
    let house = House::new(&[
        ("truncated.json", &MOVED_LIVE[..MOVED_LIVE.len() / 2]),
        ("coloured.log", "\u{1b}[1mPlan:\u{1b}[0m 1 to add, 0 to change, 0 to destroy.\n"),
        ("empty.json", ""),
        ("README.md", "what is here"),
    ]);
    house.write("plans/shop.json", utf16);
    let run = house.report(&["../plans"]);
    assert_eq!(run.code, 3, "{run:?}");
    for file in ["truncated.json", "coloured.log", "empty.json"] {
        assert!(run.stdout.contains(&format!("not read: ../plans/{file}")), "{file}: {run:?}");
    }
    assert!(run.stdout.contains("help: "), "{run:?}");
    assert!(run.stdout.contains("show -json"), "{run:?}");
    // The one that could be read is there.
    assert!(run.stdout.contains("out-of-band"), "{run:?}");
    assert!(run.stdout.contains("3 files not read"), "{run:?}");
}

#[test]
fn an_empty_directory_is_no_clean_night() {
    let house = House::new(&[]);
    let run = house.report(&["../plans"]);
    assert_eq!(run.code, 3, "{run:?}");
    assert!(run.stdout.contains("not read: ../plans: no file in it"), "{run:?}");
    house.write("plans/notes.txt", "none");
    assert!(house.report(&["../plans"]).stdout.contains("only 1 file with other names"));
}

#[test]
fn a_state_alone_measures_nothing() {
    let house = House::new(&[("note.tfstate", STATE)]);
    let run = house.report(&["../plans"]);
    assert_eq!(run.code, 3, "{run:?}");
    for text in ["not-measured: note", "there is a state and no plan", "tautline drift state"] {
        assert!(run.stdout.contains(text), "{text}: {run:?}");
    }
    let bare = house.report(&["../plans", "--no-source"]);
    assert_eq!(bare.code, 3, "{bare:?}");
    // One with another name, in a directory with a plan of the other stack.
    let house = House::new(&[("shop.json", MASKED), ("whatever.tfstate", STATE)]);
    let (code, value) = house.json(&["../plans"]);
    assert_eq!((code, &value["verdict"]), (3, &Value::from("incomplete")), "{value}");
    assert_eq!(value["stacks"][0]["stack"], "note");
    assert_eq!(value["stacks"][0]["kind"], "state");
    // Beside its plan it says nothing more, and one of another repo is nothing that is missing.
    let house = House::new(&[("note.json", CLEAN), ("note/terraform.tfstate", STATE)]);
    assert_eq!(house.report(&["../plans"]).code, 0);
    let other = STATE.replace("\"name\":\"note\"", "\"name\":\"other\"");
    let house = House::new(&[("note.json", CLEAN), ("x.tfstate", &other)]);
    assert_eq!(house.report(&["../plans"]).code, 0);
    // Where there is nothing else, nothing was measured all the same.
    let house = House::new(&[("x.tfstate", &other)]);
    let run = house.report(&["../plans"]);
    assert_eq!(run.code, 3, "{run:?}");
    assert!(run.stdout.contains("incomplete: 0 stacks"), "{run:?}");
    let slack = house.report(&["../plans", "--format", "slack"]).stdout;
    assert!(slack.contains("nothing was measured") && !slack.contains("No drift"), "{slack}");
}

#[test]
fn a_part_is_not_taken_for_the_whole() {
    let part = MOVED_LIVE.replace("\"complete\":true", "\"complete\":false");
    let part = part.replace("\"complete\": true", "\"complete\": false");
    assert_ne!(part, MOVED_LIVE);
    let house = House::new(&[("shop.json", &part)]);
    for format in ["text", "markdown", "html", "slack", "json"] {
        let run = house.report(&["../plans", "--format", format]);
        assert_eq!(run.code, 3, "{format}: {run:?}");
        for text in ["covers only a part", "out-of-band"] {
            assert!(run.stdout.contains(text), "{format}: {text}: {}", run.stdout);
        }
    }
}

#[test]
fn what_stands_behind_a_plan_is_not_dropped() {
    let two = format!("{}\n{}", CLEAN.trim_end(), MOVED_LIVE);
    let house = House::new(&[("note.json", &two)]);
    let run = house.report(&["../plans"]);
    assert_eq!(run.code, 3, "{run:?}");
    assert!(run.stdout.contains("what stands behind the plan"), "{run:?}");
    assert!(run.stdout.contains("1 stack (1 clean)"), "{run:?}");
}

#[test]
fn what_somebody_asked_a_plan_for_is_no_code() {
    for (plan, cause, advice) in [
        (DESTROY, "the plan was asked to destroy it", "without `-destroy`"),
        (REASONS, "it is tainted", "terraform untaint terraform_data.tainted`"),
        (REASONS, "the plan was asked to replace it", "without `-replace`"),
    ] {
        let house = House::new(&[("note.json", plan)]);
        let run = house.report(&["../plans/note.json"]);
        for text in [cause, advice] {
            assert!(run.stdout.contains(text), "{text}: {}", run.stdout);
        }
        let is_destroy = plan == DESTROY;
        assert_eq!(run.code, if is_destroy { 3 } else { 2 }, "{run:?}");
        let asks_to_apply = run.stdout.contains("help: apply");
        assert!(!(is_destroy && asks_to_apply), "{}", run.stdout);
    }
}

#[test]
fn a_plan_that_is_named_after_another_stack_is_noticed() {
    let house = House::new(&[("note.json", MOVED_LIVE)]);
    let (_, value) = house.json(&["../plans"]);
    let note = &value["notes"][0];
    assert_eq!((&note["kind"], &note["stacks"][0]), (&"other-stack".into(), &"note".into()));
    assert!(note["help"].as_str().unwrap().contains("`--stack shop`"), "{value}");
    let house = House::new(&[("shop.json", MOVED_LIVE)]);
    assert_eq!(house.json(&["../plans"]).1["notes"], serde_json::json!([]));
}

#[test]
fn of_several_plans_the_newest_counts() {
    let older = MOVED_LIVE.replace("2026-11-26T00:00:00Z", "2026-11-25T00:00:00Z");
    let house = House::new(&[("a/shop.json", UNAPPLIED), ("b/shop.json", &older)]);
    let (code, value) = house.json(&["../plans"]);
    assert_eq!(code, 2);
    assert_eq!(value["stacks"].as_array().unwrap().len(), 1);
    assert_eq!(value["stacks"][0]["file"], "../plans/a/shop.json");
    let mut notes = value["notes"].as_array().unwrap().iter();
    let several = notes.find(|note| note["kind"] == "several-plans").unwrap();
    assert!(several["evidence"].to_string().contains("b/shop.json"), "{value}");
}

#[test]
fn a_plan_of_another_repo_is_not_taken_for_one_of_this() {
    let other = MOVED_LIVE.replace("kubernetes_config_map.settings", "aws_instance.web");
    let house = House::new(&[("web.json", &other.replace("\"settings\"", "\"web\""))]);
    let run = house.report(&["../plans"]);
    assert_eq!(run.code, 3, "{run:?}");
    assert!(run.stdout.contains("it is about no stack of this repo"), "{run:?}");
    let bare = house.report(&["../plans", "--no-source"]);
    assert_eq!(bare.code, 2, "{bare:?}");
}

#[test]
fn an_address_in_no_file_is_reported_without_a_line() {
    let gone = MOVED_LIVE.replace("kubernetes_config_map.settings", "kubernetes_config_map.gone");
    let house =
        House::new(&[("shop.json", &gone.replace("\"name\": \"settings\"", "\"name\": \"gone\""))]);
    let (code, value) = house.json(&["../plans"]);
    assert_eq!(code, 2, "{value}");
    assert_eq!(value["findings"][0]["place"], Value::Null, "{value}");
}

#[test]
fn ten_thousand_resources_are_counted_and_the_list_is_cut() {
    let one = |at: usize, action: &str| {
        format!(
            r#"{{"address":"terraform_data.note[{at}]","mode":"managed","type":"terraform_data","name":"note","index":{at},
            "provider_name":"terraform.io/builtin/terraform","change":{{"actions":["{action}"],"before":{{"input":"one"}},
            "after":{{"input":"two"}},"after_unknown":{{}},"before_sensitive":{{}},"after_sensitive":{{}}}}}}"#
        )
    };
    let changes: Vec<String> =
        (0..10_000).map(|at| one(at, if at < 1000 { "update" } else { "no-op" })).collect();
    let plan = format!(
        r#"{{"format_version":"1.2","terraform_version":"1.11.4","planned_values":{{}},"resource_changes":[{}],
        "configuration":{{"root_module":{{}}}},"timestamp":"2026-11-26T00:00:00Z","applyable":true,"complete":true,"errored":false}}"#,
        changes.join(",")
    );
    let house = House::new(&[("note.json", &plan)]);
    let run = house.report(&["../plans"]);
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.stdout.contains("1000 differences"), "{}", run.stdout);
    assert!(run.stdout.lines().count() < 100, "{}", run.stdout);
}

#[test]
fn every_format_goes_to_a_file_and_none_has_the_secret() {
    let formats = ["text", "json", "markdown", "slack", "sarif", "openmetrics", "html"];
    let house = House::new(&[("shop.json", SECRET)]);
    let files: Vec<String> =
        formats.iter().map(|it| format!("--output-file={it}=out.{it}")).collect();
    let mut arguments = vec!["../plans"];
    arguments.extend(files.iter().map(String::as_str));
    let run = house.report(&arguments);
    assert_eq!(run.code, 2, "{run:?}");
    for format in formats {
        let text = fs::read_to_string(house.path(&format!("repo/out.{format}"))).unwrap();
        assert!(!text.is_empty(), "{format}");
        assert!(!text.contains("canary"), "{format}: {text}");
    }
    assert!(!run.stdout.contains("canary"), "{run:?}");
    assert!(run.stdout.contains("(sensitive)"), "{run:?}");
}

#[test]
fn wrong_arguments_are_an_error() {
    let house = House::new(&[("shop.json", CLEAN)]);
    for (arguments, text) in [
        (vec![], "required"),
        (vec!["../nowhere"], "`../nowhere` does not exist"),
        (vec!["../plans", "--format", "xml"], "invalid value"),
        (vec!["../plans", "--class", "nothing"], "invalid value"),
        (vec!["../plans", "--commit", "main"], "is no hash of a commit"),
        (vec!["../plans", "--output-file", "htm=x"], "did you mean `html`?"),
        (vec!["../plans", "--config", "nowhere.hcl"], "does not exist"),
    ] {
        let run = house.report(&arguments);
        assert_eq!(run.code, 1, "{run:?}");
        assert!(run.stderr.contains(text), "{text}: {run:?}");
    }
    let outside = house.report_in("plans", &["shop.json"]);
    assert_eq!(outside.code, 1, "{outside:?}");
    assert!(outside.stderr.contains("--no-source"), "{outside:?}");
}

#[test]
fn the_help_teaches() {
    let run = House::new(&[]).report(&["--help"]);
    assert_eq!(run.code, 0);
    for text in ["Examples:", "Exit codes:", "  3  incomplete", "out-of-band"] {
        assert!(run.stdout.contains(text), "{text}: {}", run.stdout);
    }
}
