//! The formats as the binary prints them.

use crate::repo::Repo;

fn repo() -> Repo {
    Repo::new(&[
        ("stacks/a/main.tf", "locals {\n  é = \"ü\" b\n}\n"),
        ("stacks/a/notes.md", "# a\n"),
        ("stacks/b/main.tf", "locals {}\n"),
    ])
}

fn schema() -> jsonschema::Validator {
    let schema = include_str!("../../docs/report.schema.json");
    jsonschema::validator_for(&serde_json::from_str(schema).unwrap()).unwrap()
}

#[track_caller]
pub(crate) fn valid(json: &str) -> serde_json::Value {
    let value = serde_json::from_str(json).unwrap();
    let errors: Vec<_> = schema().iter_errors(&value).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:#?}");
    value
}

#[test]
fn json_is_valid_complete_and_the_same_every_time() {
    let repo = repo();
    let run = repo.check(&["--format", "json"]);
    assert_eq!((run.code, &*run.stderr), (1, ""), "{run:?}");
    let value = valid(&run.stdout);
    let files = &value["summary"]["files"];
    assert_eq!(files["seen"], 3);
    assert_eq!(files["parsed"], 2);
    assert_eq!(files["text"], 1);
    let found = &value["diagnostics"][0];
    assert_eq!(found["path"], "stacks/a/main.tf");
    assert_eq!(found["stack"], "a");
    assert_eq!(found["convention"], serde_json::Value::Null);
    assert_eq!(found["start"], serde_json::json!({ "line": 2, "column": 11, "byte": 21 }));
    for _ in 0..3 {
        assert_eq!(repo.check(&["--format", "json"]).stdout, run.stdout);
    }
}

#[test]
fn a_run_that_failed_is_json_too() {
    let repo = repo();
    repo.write("tautline.hcl", "exlude = []\n");
    let run = repo.check(&["--format", "json"]);
    assert_eq!(run.code, 2, "{run:?}");
    let value = valid(&run.stdout);
    assert_eq!(value["failures"][0]["subject"], "tautline.hcl:1:1");
    assert_eq!(value["diagnostics"], serde_json::json!([]));
    assert!(run.stderr.contains("did you mean `exclude`?"), "{run:?}");
}

#[test]
fn nothing_to_check_is_json_too() {
    let run = Repo::new(&[]).check(&["--format", "json"]);
    assert_eq!(run.code, 3, "{run:?}");
    assert_eq!(valid(&run.stdout)["summary"]["files"]["seen"], 0);
}

#[test]
fn text_frames_the_bytes() {
    let run = repo().check(&["--stack", "a"]);
    let frame = [
        "   ,-[stacks/a/main.tf:2:11]",
        " 1 | locals {",
        " 2 |   é = \"ü\" b",
        "   :           ^",
        " 3 | }",
        "   `----",
    ];
    assert!(run.stdout.contains(&frame.join("\n")), "{}", run.stdout);
}

#[test]
fn timings_are_told_on_stderr_and_change_no_report() {
    let repo = repo();
    let plain = repo.check(&["--format", "concise"]);
    let timed = repo.check(&["--format", "concise", "--timings"]);
    assert_eq!((timed.code, &timed.stdout), (plain.code, &plain.stdout));
    let table = timed.stderr.lines().map(|line| line.split_whitespace().collect::<Vec<_>>());
    let table: Vec<_> = table.collect();
    assert!(table.contains(&vec!["rule", "or", "gather", "ms", "calls"]), "{timed:?}");
    assert!(table.iter().any(|row| row[0] == "all" && row.len() == 2), "{timed:?}");
}

#[test]
fn statistics_name_every_rule_that_did_something() {
    let run = repo().check(&["--statistics", "--format", "concise"]);
    assert!(run.stdout.contains("diagnostics unknown suppressed"), "{run:?}");
    assert!(run.stdout.contains("\ntautline/syntax-error "), "{run:?}");
}
